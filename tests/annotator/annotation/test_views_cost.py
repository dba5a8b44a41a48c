"""What the reading desk costs: questions to the database, and the size of what is sent, however long the text."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.annotation.models import AnnotationSet, Relation, Span
from tests.annotator.annotation.screen import Desk
from tests.builders import Cast, make_article, make_project, mark, place, started_set


@pytest.mark.parametrize("verb", ["add", "answer", "undo"])
def test_an_answer_weighs_the_same_however_long_the_text_and_however_many_its_spans(
    client: Client, cast: Cast, verb: str
) -> None:
    """The line that was touched and its rows travel, not the document: no more than the digits of offsets differ."""
    client.force_login(cast.ada)
    line = "The minister rejected the plan, and nobody spoke."
    weights = []
    for lines in (3, 300):
        article = make_article("\n".join(f"{number:04} {line}" for number in range(lines)))
        reading = started_set(make_project(cast, article), cast.ada)
        for number in range(0, lines, 2):
            mark(reading, cast.ada, f"{number:04} The minister", "ACTOR")
        found = Desk(client, cast.ada, reading)
        span = mark(reading, cast.ada, "0002 The minister rejected", "STANCE")
        body = {"id": span.pk, "version": span.version, "attributes": {"polarity": "oppose"}}
        sent = {"add": lambda: found.add("0002"), "answer": lambda: found.send("change_span", body),
                "undo": lambda: found.send("undo")}  # fmt: skip
        weights.append(len(sent[verb]().content))
        assert weights[-1] < 4000
    assert abs(weights[1] - weights[0]) < 20


def long_reading(cast: Cast, spans: int) -> AnnotationSet:
    """A text of 200 lines with so many spans and half as many relations, and always the same words to label."""
    lines = [f"Line {number} says that the union called the plan a first step." for number in range(200)]
    reading = started_set(make_project(cast, make_article("\n".join(lines))), cast.ada)
    made = Span.objects.bulk_create(
        Span(
            annotation_set=reading, start=start, end=start + 3 + number // 200, label=label, version=1,
        )
        for number in range(spans)
        for label in ["CLAIM" if number % 2 else "ACTOR"]
        for start in [sum(len(line) + 1 for line in lines[: number % 200]) + 2]
    )  # fmt: skip
    Relation.objects.bulk_create(
        Relation(annotation_set=reading, type="made_by", source=claim, target=actor, version=1)
        for actor, claim in zip(made[::2], made[1::2], strict=False)
    )
    return reading


def queries_of(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == 200
    return len(captured)


def costs(client: Client, cast: Cast, spans: int) -> dict[str, int]:
    reading = long_reading(cast, spans)
    desk = Desk(client, cast.ada, reading)
    add = place(reading, "the union called", 3)
    body = {"id": uuid.uuid4(), "start": add[0], "end": add[1], "quote": "the union called", "label": "CLAIM"}
    found = {"page": queries_of(desk.page), "add": queries_of(lambda: desk.send("add_span", body))}
    span = Span.objects.get(pk=body["id"])
    actor = reading.spans.filter(label="ACTOR").order_by("start").first()
    assert actor is not None
    tie = {"id": uuid.uuid4(), "type": "made_by", "source": span.pk, "target": actor.pk}
    found["relate"] = queries_of(lambda: desk.send("relate", tie))
    move = {"id": span.pk, "version": span.version, "start": add[0], "end": add[1] - 7, "quote": "the union"}
    found["move"] = queries_of(lambda: desk.send("change_span", move))
    version = Span.objects.get(pk=span.pk).version
    found["remove"] = queries_of(lambda: desk.send("remove_span", {"id": span.pk, "version": version}))
    found["undo"] = queries_of(lambda: desk.send("undo"))
    return found


def test_no_page_and_no_gesture_asks_the_database_more_often_when_there_is_more_on_the_text(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.ada)
    costs(client, cast, 10)
    assert costs(client, cast, 10) == costs(client, cast, 500)


def test_an_answer_is_no_longer_for_a_longer_text(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    sizes = []
    for spans in (10, 500):
        desk = Desk(client, cast.ada, long_reading(cast, spans))
        sizes.append(len(desk.add("Line 150 says", "CLAIM").content))
    assert sizes[1] < sizes[0] + 1500
