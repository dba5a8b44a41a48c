"""What a gesture asks of the database, however much is on the text."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.annotation.models import Relation, Span
from tests.annotator.annotation.verbs import Desk, desk_on, place_of
from tests.builders import Cast


def _fill(desk: Desk, count: int) -> None:
    """Some spans and relations, written past the actions to save time."""
    spans = [
        Span(annotation_set=desk.set, start=place, end=place + 1 + length, label="CLAIM", version=1)
        for length in range(5) for place in range(100)
    ][:count]  # fmt: skip
    Span.objects.bulk_create(spans)
    Relation.objects.bulk_create(
        Relation(annotation_set=desk.set, type="supports", source=one, target=other, version=1)
        for one, other in zip(spans[:-1:2], spans[1::2], strict=False)
    )


@pytest.mark.parametrize("verb", ["add_span", "change_span", "remove_span", "relate", "undo"])
def test_the_cost_of_a_gesture_does_not_grow_with_the_set(cast: Cast, verb: str) -> None:
    counts = []
    for filling in (10, 500):
        desk = desk_on(cast)
        _fill(desk, filling)
        actor, claim = desk.mark("minister rejected", "ACTOR"), desk.mark("union called")
        calls: dict[str, Callable[[], object]] = {
            "add_span": lambda: desk.add("The union called", "ACTOR"),
            "change_span": lambda: desk.change_span(id=actor.pk, version=actor.version, label="STANCE"),
            "remove_span": lambda: desk.remove_span(id=actor.pk, version=actor.version),
            "relate": lambda: desk.relate(id=uuid.uuid4(), type="made_by", source=claim.pk, target=actor.pk),
            "undo": desk.undo,
        }
        with CaptureQueriesContext(connection) as queries:
            calls[verb]()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


@pytest.mark.parametrize("steps", [("undo",), ("undo", "redo")], ids=["undo", "redo"])
def test_the_cost_of_taking_back_does_not_grow_with_the_gesture(cast: Cast, steps: tuple[str, ...]) -> None:
    counts = []
    for many in (2, 200):
        desk = desk_on(cast, " ".join(f"word{number}" for number in range(many)))
        desk.add_spans(places=[place_of(desk, f"word{number}", 0) for number in range(many)], label="CLAIM")
        for step in steps:
            with CaptureQueriesContext(connection) as queries:
                getattr(desk, step)()
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 10
