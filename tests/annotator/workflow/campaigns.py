"""Articles, places and allowances of a project in a few words: what the tests of campaigns are told with."""

import datetime
from collections import Counter
from typing import Any

from annotator.accounts.models import User
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.conditions import change_conditions, conditions_seen, set_allowances
from annotator.workflow.models import Assignment
from annotator.workflow.slots import Fitted
from corpus.models import Article
from tests.builders import make_article

MINISTER, UNION = ("The minister", "ACTOR"), ("The union", "ACTOR")


def texts(number: int, **facts: str) -> list[Article]:
    return [
        make_article(f"The minister spoke {place} times.", title=f"Number {place}", **facts) for place in range(number)
    ]


def places(project: Project, article: Article | None = None) -> Counter[str]:
    found = Assignment.objects.filter(project=project)
    return Counter((found if article is None else found.filter(article=article)).values_list("state", flat=True))


def stage(project: Project, article: Article) -> str:
    return ProjectArticle.objects.get(project=project, article=article).stage


def change(project: Project, by: User, **values: Any) -> Fitted:
    return change_conditions(project, by=by, seen=conditions_seen(project), values=values)


def membership(project: Project, user: User) -> Membership:
    return Membership.objects.get(project=project, user=user, role="reviewer")


def allow(project: Project, by: User, user: User, quota: int | None, due: datetime.date | None = None) -> int:
    return set_allowances(project, by=by, values={membership(project, user): (quota, due)})
