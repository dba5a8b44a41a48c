"""Gestures that come again, late or at the same moment: each is carried out once."""

import uuid

from annotator.annotation.models import Span
from annotator.errors import Conflict
from annotator.log.models import Event
from tests.annotator.annotation.verbs import Desk, desk_on, refused
from tests.builders import TEXT, Cast, at_once, submitted
from tests.databases import Database


def test_a_repeated_gesture_is_answered_like_the_first(desk: Desk) -> None:
    gesture, id = uuid.uuid4(), uuid.uuid4()
    first = desk.add("The minister", gesture=gesture, id=id)
    again = desk.add("The minister", gesture=gesture, id=id)
    assert (again.repeated, again.changes, again.seq) == (True, first.changes, first.seq)
    assert (desk.set.spans.count(), desk.events()) == (1, 2)


def test_a_late_repeat_does_not_bring_a_removed_span_back(desk: Desk) -> None:
    gesture, id = uuid.uuid4(), uuid.uuid4()
    desk.add("The minister", gesture=gesture, id=id)
    desk.remove_span(id=id, version=Span.objects.get().version)
    assert desk.add("The minister", gesture=gesture, id=id).repeated
    assert not desk.set.spans.exists()


def test_a_gestures_id_serves_one_request_only(desk: Desk) -> None:
    gesture, id = uuid.uuid4(), uuid.uuid4()
    desk.add("The minister", gesture=gesture, id=id)
    for call in (
        lambda: desk.add("The minister", "ACTOR", gesture=gesture, id=id),
        lambda: desk.add("The union", gesture=gesture, id=id),
        lambda: desk.remove_span(id=id, version=2, gesture=gesture),
        lambda: desk.undo(gesture=gesture),
    ):
        assert isinstance(refused(desk, "id_reused", call), Conflict)


def test_a_repeated_undo_undoes_once(desk: Desk) -> None:
    desk.mark("The minister", "ACTOR")
    desk.mark("The union", "ACTOR")
    gesture = uuid.uuid4()
    desk.undo(gesture=gesture)
    assert desk.undo(gesture=gesture).repeated
    assert desk.set.spans.count() == 1


def test_a_repeat_is_recognised_after_submission(desk: Desk) -> None:
    gesture, id = uuid.uuid4(), uuid.uuid4()
    desk.add("The minister", gesture=gesture, id=id)
    submitted(desk.set, desk.by)
    assert desk.add("The minister", gesture=gesture, id=id).repeated


def test_a_gesture_sent_five_times_at_once_is_carried_out_once(live_database: Database, cast: Cast) -> None:
    desk = desk_on(cast)
    gesture, id = uuid.uuid4(), uuid.uuid4()
    answers = at_once(*[lambda: desk.add("The minister", gesture=gesture, id=id)] * 5)
    assert sorted(answer.repeated for answer in answers) == [False, True, True, True, True]
    assert (desk.set.spans.count(), desk.events()) == (1, 2)


def test_gestures_at_the_same_moment_are_all_kept_in_one_chain(live_database: Database, cast: Cast) -> None:
    desk = desk_on(cast)
    quotes = TEXT.split()[:8]
    at_once(*[lambda quote=quote: desk.add(quote) for quote in quotes])
    events = list(Event.objects.filter(chain=desk.set.chain_id).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, 10))
    assert [event.previous for event in events[1:]] == [event.hash for event in events[:-1]]
    assert desk.set.spans.count() == 8


def test_of_two_changes_to_one_version_one_is_told_so(live_database: Database, cast: Cast) -> None:
    desk = desk_on(cast)
    span = desk.mark("The minister", "ACTOR")
    answers = at_once(
        *[
            lambda label=label: desk.change_span(id=span.pk, version=span.version, label=label)
            for label in ("CLAIM", "STANCE")
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "Stale"]
