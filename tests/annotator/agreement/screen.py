"""The pages of agreement as somebody sees them, and projects to look at."""

import json
import re

from django.test import Client

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.projects.models import Project
from annotator.workflow.actions import assign, start
from corpus.models import Article
from tests.builders import Cast, make_project, mark, submitted

TEXT = "The minister rejected the plan.\nThe union called the plan a first step, and the plan stands."
ADA = (("The minister", "ACTOR"), ("rejected", "CLAIM"), ("The union", "ACTOR"))
BEN = (("The minister", "ACTOR"), ("rejected the plan", "CLAIM"))
NAME = re.compile(r"\b(ada|ben)\b")


def page(project: Project, rest: str = "/") -> str:
    return f"/projects/{project.slug}/agreement{rest}"


def seen_by(user: User, address: str, **headers: str) -> str:
    client = Client(headers=headers)
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def status(user: User, address: str) -> int:
    client = Client()
    client.force_login(user)
    return int(client.get(address).status_code)


def data(user: User, project: Project, query: str = "") -> dict[str, object]:
    found: dict[str, object] = json.loads(seen_by(user, page(project, ".json") + query))
    return found


def estimate(user: User, project: Project, coefficient: str, of: str = "", query: str = "") -> object:
    figures = data(user, project, query)["figures"]
    assert isinstance(figures, list)
    return next(one["estimate"] for one in figures if (one["coefficient"], one["of"]) == (coefficient, of))


def begun(project: Project, article: Article, reader: User) -> AnnotationSet:
    reading = start(assign(project, article, by=None, reviewer=reader), by=reader).annotation_set
    assert reading is not None
    return reading


def read(project: Project, article: Article, reader: User, *marks: tuple[str, str]) -> AnnotationSet:
    reading = begun(project, article, reader)
    for quote, label in marks:
        attributes = {"polarity": "oppose"} if label == "STANCE" else {}
        mark(reading, reader, quote, label, **attributes)
    return submitted(reading, reader)


def read_twice(cast: Cast, *articles: Article) -> Project:
    project = make_project(cast, *articles)
    for article in articles:
        read(project, article, cast.ada, *ADA)
        read(project, article, cast.ben, *BEN)
    return project
