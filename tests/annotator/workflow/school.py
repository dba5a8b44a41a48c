"""A project that trains its readers: two articles with gold of an older project, and one article in the pool."""

from typing import Any

from django.test import Client

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.annotation.queries import annotation_set_for
from annotator.projects.models import Project
from annotator.workflow.actions import claim_next
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.exercises import train_with
from annotator.workflow.models import Assignment
from tests.builders import Cast, link, make_article, make_project, make_user, mark, settled, started_set, submitted

GOLD = ("The minister rejected the plan.", "The union rejected the offer.")


def read_well(reading: AnnotationSet, by: User) -> AnnotationSet:
    """As gold has it."""
    mark_well(reading, by)
    return submitted(reading, by)


def mark_well(reading: AnnotationSet, by: User) -> None:
    text = reading.article.text
    who = text[: text.index(" rejected")]
    stance = mark(reading, by, text[len(who) + 1 : -1], "STANCE", polarity="oppose")
    link(reading, by, "held_by", stance, mark(reading, by, who, "ACTOR"))


def read_badly(reading: AnnotationSet, by: User) -> AnnotationSet:
    mark(reading, by, "rejected", "ACTOR")
    return submitted(reading, by)


class School:
    """Two training articles with gold of an older project, and one article in the pool."""

    def __init__(self, cast: Cast, *, marks: bool = True) -> None:
        self.cast = cast
        self.texts = [make_article(text) for text in GOLD]
        self.older = make_project(cast, *self.texts)
        for _ in GOLD:
            for reader in (cast.ada, cast.ben):
                read_well(started_set(self.older, reader), reader)
        for text in self.texts:
            settled(self.older, text, cast.cleo)
        self.zoe, self.yan = make_user("zoe"), make_user("yan")
        self.pool = make_article("The talks ended.")
        people = [(self.zoe, "reviewer"), (self.yan, "reviewer"), (cast.cleo, "adjudicator"), (cast.dora, "manager")]
        self.project = make_project(cast, *self.texts, self.pool, members=people)
        if marks:
            set_marks(self.project, cast.dora, pass_spans=80, pass_answers=50)
        self.count = train_with(self.project, [text.pk for text in self.texts], by=cast.dora)

    def next(self, reader: User) -> Assignment | None:
        return claim_next(Project.objects.get(pk=self.project.pk), by=reader)

    def begin(self, reader: User) -> AnnotationSet:
        assignment = self.next(reader)
        assert assignment is not None and assignment.annotation_set_id is not None
        return annotation_set_for(reader, assignment.annotation_set_id)

    def pass_all(self, reader: User) -> None:
        for _ in GOLD:
            read_well(self.begin(reader), reader)


def set_marks(project: Project, by: User, **values: Any) -> None:
    project.refresh_from_db()
    change_conditions(project, by=by, seen=conditions_seen(project), values=values)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
