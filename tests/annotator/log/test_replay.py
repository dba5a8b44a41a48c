"""A chain of three events, and what each way of spoiling it is called."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from annotator.log.chain import canonical, event_hash, genesis
from annotator.log.replay import Body, Broken, Replay, Standing, StoredEvent, alike

CHAIN = "11111111-1111-4111-8111-111111111111"
ROW = "22222222-2222-4222-8222-222222222222"
FIELDS = {"span": frozenset(("start", "end")), "remark": frozenset(("digest",))}

Bodies = list[Body]


def body(seq: int, before: Any, after: Any, **parts: Any) -> Body:
    return {
        "v": 1, "chain": CHAIN, "seq": seq, "at": "2026-01-01T00:00:00.000000+00:00", "by": None, "action": "a verb",
        "gesture": f"{seq:08}-0000-4000-8000-000000000000", "asked": "0" * 16, "undoes": None, "undo_top": None,
        "redo_top": None, "changes": [{"kind": "span", "id": ROW, "before": before, "after": after}], **parts,
    }  # fmt: skip


def story() -> Bodies:
    """Added, moved, removed."""
    one, two = {"start": 0, "end": 5}, {"start": 1, "end": 5}
    return [body(1, None, one), body(2, one, two), body(3, two, None)]


def columns_of(body: Body) -> dict[str, Any]:
    same = ("seq", "gesture", "undo_top", "redo_top", "by", "action")
    return {**{name: body[name] for name in same}, "day": body["at"][:10]}


def stored(bodies: Bodies) -> list[StoredEvent]:
    events: list[StoredEvent] = []
    previous = genesis(CHAIN)
    for each in bodies:
        text = canonical(each)
        hash = event_hash(previous, text)
        events.append(StoredEvent(**columns_of(each), previous=previous, hash=hash, body=text))
        previous = hash
    return events


def replayed(events: list[StoredEvent]) -> Replay:
    replay = Replay(CHAIN, FIELDS)
    for event in events:
        replay.carry_out(replay.read(event))
    return replay


def broken(events: list[StoredEvent]) -> tuple[int, str]:
    with pytest.raises(Broken) as found:
        replayed(events)
    return found.value.seq, found.value.why


def test_a_whole_chain_leaves_its_rows() -> None:
    assert replayed(stored(story())[:2]).rows["span"] == {ROW: Standing(2, '{"end":5,"start":1}')}
    assert replayed(stored(story())).rows["span"] == {}


def test_the_end_of_a_chain_is_known_by_number_and_hash() -> None:
    events = stored(story())
    replay = replayed(events)
    assert (replay.seq, replay.head, replay.previous) == (3, events[2].hash, events[1].hash)


def without(number: int) -> Callable[[list[StoredEvent]], None]:
    return lambda events: events.pop(number - 1) and None


def with_column(number: int, **columns: Any) -> Callable[[list[StoredEvent]], None]:
    def spoil(events: list[StoredEvent]) -> None:
        events[number - 1] = replace(events[number - 1], **columns)

    return spoil


def swapped(events: list[StoredEvent]) -> None:
    events[1], events[2] = replace(events[1], body=events[2].body), replace(events[2], body=events[1].body)


STORED = {
    "the first is gone": (without(1), 1, "the first one is 2"),
    "one in the middle is gone": (without(2), 2, "event 3 comes after event 1"),
    "two have swapped their contents": (swapped, 2, "hash does not fit"),
    "a content is another": (with_column(2, body="{}"), 2, "hash does not fit"),
    "a hash is another": (with_column(2, hash="0" * 64), 2, "hash does not fit"),
    "a link is another": (with_column(2, previous="0" * 64), 2, "does not follow"),
    "a content cannot be encoded": (with_column(2, body="\ud800"), 2, "hash does not fit"),
    "a gesture is another": (with_column(2, gesture=ROW), 2, "column `gesture`"),
    "undo would take back something else": (with_column(2, undo_top=1), 2, "column `undo_top`"),
}


@pytest.mark.parametrize("case", STORED)
def test_a_chain_spoiled_after_it_was_hashed_is_broken_at_the_first_wrong_event(case: str) -> None:
    spoil, seq, why = STORED[case]
    events = stored(story())
    spoil(events)
    found = broken(events)
    assert found[0] == seq and why in found[1]


def say(number: int, **parts: Any) -> Callable[[Bodies], None]:
    return lambda bodies: bodies[number - 1].update(parts)


def say_of_change(number: int, **parts: Any) -> Callable[[Bodies], None]:
    return lambda bodies: bodies[number - 1]["changes"][0].update(parts)


HASHED = {
    "of another chain": (say(2, chain=ROW), 2, "column `chain`"),
    "of another place": (say(2, v=2), 2, "not that of an event"),
    "with a part too many": (say(2, more=1), 2, "not that of an event"),
    "without a list": (say(2, changes={}), 2, "not that of an event"),
    "with a change without form": (say(2, changes=[1]), 2, "not well formed"),
    "with an id that is none": (say_of_change(2, id="x"), 2, "not well formed"),
    "of an unknown kind": (say_of_change(2, kind="spam"), 2, "knows nothing"),
    "of a kind that is no word": (say_of_change(2, kind=["span"]), 2, "knows nothing"),
    "of no change at all": (say_of_change(2, before=None, after=None), 2, "knows nothing"),
    "with a field too few": (say_of_change(2, after={"start": 1}), 2, "does not say all"),
    "of another state before": (say_of_change(2, before={"start": 9, "end": 5}), 2, "was not before"),
    "of a row that stands already": (say_of_change(2, before=None), 2, "was not before"),
    "of a row that is gone": (say_of_change(1, id=CHAIN), 2, "was not before"),
    "of an undo of nothing": (say(2, undoes=1), 2, "not the next to be taken back"),
    "of a top that is no top": (say(2, undo_top=1), 2, "undo and redo"),
}


@pytest.mark.parametrize("case", HASHED)
def test_events_that_do_not_follow_are_found_even_when_every_hash_fits(case: str) -> None:
    change, seq, why = HASHED[case]
    bodies = story()
    change(bodies)
    found = broken(stored(bodies))
    assert found[0] == seq and why in found[1]


def test_a_content_that_is_not_canonical_is_broken() -> None:
    text = json.dumps(story()[0])
    hash = event_hash(genesis(CHAIN), text)
    event = StoredEvent(**columns_of(story()[0]), previous=genesis(CHAIN), hash=hash, body=text)
    assert broken([event]) == (1, "its content is not canonical JSON")


def test_a_content_nested_beyond_measure_is_broken() -> None:
    text = "[" * 100_000 + "]" * 100_000
    hash = event_hash(genesis(CHAIN), text)
    event = StoredEvent(**columns_of(story()[0]), previous=genesis(CHAIN), hash=hash, body=text)
    assert broken([event]) == (1, "its content is not canonical JSON")


def steps(*tops: tuple[int | None, int | None, int | None]) -> list[StoredEvent]:
    """Events without changes: what each takes back, then the tops after it."""
    return stored(
        [
            body(seq, None, None, changes=[], undoes=undoes, undo_top=undo, redo_top=redo)
            for seq, (undoes, undo, redo) in enumerate(tops, 1)
        ]
    )


DO_1, DO_2 = (None, 1, None), (None, 2, None)
UNDONE = {
    "do, undo": (DO_1, (1, None, 2)),
    "do, undo, redo": (DO_1, (1, None, 2), (2, 3, None)),
    "do twice, undo twice, redo twice": (DO_1, DO_2, (2, 1, 3), (1, None, 4), (4, 5, 3), (3, 6, None)),
    "do, undo, do": (DO_1, (1, None, 2), (None, 3, None)),
    "do, hand in": (DO_1, (None, None, None)),
    "do, undo, redo, undo": (DO_1, (1, None, 2), (2, 3, None), (3, None, 4)),
}


@pytest.mark.parametrize("case", UNDONE)
def test_what_undo_and_redo_take_back_next_follows_from_the_events(case: str) -> None:
    assert replayed(steps(*UNDONE[case])).seq == len(UNDONE[case])


WRONG = {
    "redo stays after something new": (DO_1, (1, None, 2), (None, 3, 2)),
    "undo skips one": (DO_1, DO_2, (1, None, 3)),
    "redo after something new": (DO_1, (1, None, 2), (None, 3, None), (2, 4, None)),
    "undo leaves itself to be undone": (DO_1, (1, 2, None)),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_undo_out_of_turn_is_broken(case: str) -> None:
    assert "take" in broken(steps(*WRONG[case]))[1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True), (10**16, 1e16, True), (15 * 10**299, 1.5e300, True), (0.0, -0.0, True), (0.1, 0.2, False),
        (1, True, False), (True, True, True), (10**400, 1.0, False), (10**16, 10**16 + 1, False), ("1", 1, False),
        ([1, {"a": None}], [1.0, {"a": None}], True), ([1], [1, 2], False), ({"a": 1}, {"b": 1}, False),
        (None, False, False), (None, None, True),
    ],
)  # fmt: skip
def test_values_are_alike_when_they_are_worth_the_same(one: Any, other: Any, same: bool) -> None:
    assert alike(one, other) is alike(other, one) is same
