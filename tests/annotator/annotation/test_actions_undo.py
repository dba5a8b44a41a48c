"""Undoing and redoing: every verb backwards and forwards, a gesture at a time."""

import uuid
from typing import Any

from annotator.annotation.models import Span
from annotator.annotation.queries import annotation_set_for
from tests.annotator.annotation.verbs import Desk, place_of, refused
from tests.builders import last_event


def _a_bit_of_everything(desk: Desk) -> list[dict[str, Any]]:
    """Work with every verb; returns the state before the first gesture and after each."""
    states = [desk.state()]

    def then(done: object) -> None:
        states.append(desk.state())

    stance = desk.mark("rejected", "STANCE", polarity="oppose")
    then(stance)
    actor = desk.mark("The minister", "ACTOR")
    then(actor)
    relation = desk.link("held_by", stance, actor)
    then(relation)
    then(desk.change_span(id=stance.pk, version=stance.version, attributes={"polarity": "mixed"}))
    then(desk.change_span(id=actor.pk, version=actor.version, start=4, end=12, quote="minister"))
    then(desk.comment(id=uuid.uuid4(), text="Odd.", span=stance.pk))
    then(desk.add_spans(places=[place_of(desk, "the plan", nth) for nth in range(3)], label="CLAIM"))
    then(desk.unrelate(id=relation.pk, version=relation.version))
    then(desk.link("toward", stance, actor))
    then(desk.link("held_by", stance, actor))
    then(desk.remove_span(id=stance.pk, version=Span.objects.get(pk=stance.pk).version))
    return states


def test_undo_takes_everything_back_and_redo_brings_it_again(desk: Desk) -> None:
    states = _a_bit_of_everything(desk)
    for _ in range(2):
        for state in reversed(states[:-1]):
            desk.undo()
            assert desk.state() == state
        refused(desk, "nothing_to_undo", desk.undo)
        for state in states[1:]:
            desk.redo()
            assert desk.state() == state
        refused(desk, "nothing_to_undo", desk.redo)


def test_back_and_forth_in_between_ends_where_it_should(desk: Desk) -> None:
    states, at = _a_bit_of_everything(desk), 11
    for step in "uuuruurrruuuuurruurrrruuuuuuuuurrrr":
        at += 1 if step == "r" else -1
        desk.redo() if step == "r" else desk.undo()
        assert desk.state() == states[at]


def test_undo_says_in_the_log_which_event_it_undoes(desk: Desk) -> None:
    desk.mark("The minister", "ACTOR")
    added = desk.events()
    desk.undo()
    assert (last_event(desk.set)["action"], last_event(desk.set)["undoes"]) == ("undo", added)


def test_undo_works_in_another_window(desk: Desk) -> None:
    desk.mark("The minister", "ACTOR")
    Desk(desk.by, annotation_set_for(desk.by, desk.set.pk)).undo()
    assert not desk.set.spans.exists()


def test_a_new_gesture_ends_redo(desk: Desk) -> None:
    desk.mark("The minister", "ACTOR")
    desk.undo()
    desk.mark("The union", "ACTOR")
    refused(desk, "nothing_to_undo", desk.redo)
    desk.undo()
    refused(desk, "nothing_to_undo", desk.undo)


def test_a_change_to_the_same_does_not_end_redo(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    desk.mark("The union", "ACTOR")
    desk.undo()
    desk.change_span(id=span.pk, version=span.version, label="ACTOR")
    desk.redo()
    assert desk.set.spans.count() == 2


def test_an_undone_change_makes_the_row_newer_not_older(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    desk.change_span(id=span.pk, version=span.version, label="CLAIM")
    desk.undo()
    span.refresh_from_db()
    assert (span.label, span.version) == ("ACTOR", desk.events())


def test_there_is_nothing_to_undo_in_a_new_set(desk: Desk) -> None:
    refused(desk, "nothing_to_undo", desk.undo)
    refused(desk, "nothing_to_undo", desk.redo)
