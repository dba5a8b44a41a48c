"""What the actions refuse once a set was handed in, and what the database refuses by itself."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from annotator.annotation.models import Relation, Span
from tests.annotator.annotation.verbs import Desk, refused
from tests.builders import TEXT, Cast, started_set, submitted


def test_a_set_that_was_handed_in_takes_no_more(desk: Desk) -> None:
    actor, claim = desk.mark("The minister", "ACTOR"), desk.mark("rejected the plan")
    relation = desk.link("made_by", claim, actor)
    submitted(desk.set, desk.by)
    for call in (
        lambda: desk.add("The union"),
        lambda: desk.change_span(id=claim.pk, version=claim.version, label="ACTOR"),
        lambda: desk.remove_span(id=claim.pk, version=claim.version),
        lambda: desk.unrelate(id=relation.pk, version=relation.version),
        lambda: desk.comment(id=uuid.uuid4(), text="Late."),
        desk.undo,
        desk.redo,
    ):
        refused(desk, "set_closed", call)


@pytest.mark.parametrize(
    "write",
    [
        lambda span: Span.objects.filter(pk=span.pk).update(label="CLAIM"),
        lambda span: Span.objects.filter(pk=span.pk).delete(),
        lambda span: Span.objects.create(
            annotation_set_id=span.annotation_set_id, start=0, end=3, label="CLAIM", version=9
        ),
        lambda span: Relation.objects.update(type="toward"),
        lambda span: Relation.objects.all().delete(),
    ],
    ids=["change", "remove", "add", "change a relation", "remove a relation"],
)  # fmt: skip
def test_the_database_itself_keeps_a_closed_set_as_it_is(desk: Desk, write: Callable[[Span], Any]) -> None:
    actor, claim = desk.mark("The minister", "ACTOR"), desk.mark("rejected the plan")
    desk.link("made_by", claim, actor)
    lonely = desk.mark("The union", "ACTOR")
    submitted(desk.set, desk.by)
    with pytest.raises(DatabaseError, match="is not open"), transaction.atomic():
        write(lonely)


def test_the_database_itself_refuses_a_span_past_the_text(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    with pytest.raises(DatabaseError, match="ends after the text"), transaction.atomic():
        Span.objects.filter(pk=span.pk).update(end=len(TEXT) + 1)


def test_the_database_itself_refuses_a_relation_into_another_set(desk: Desk, cast: Cast) -> None:
    claim = desk.mark("The minister")
    other = Desk(cast.ben, started_set(desk.set.project, cast.ben))
    actor = other.mark("The minister", "ACTOR")
    with pytest.raises(DatabaseError, match="of its own set"), transaction.atomic():
        Relation.objects.create(annotation_set=desk.set, type="made_by", source=claim, target=actor, version=9)
