"""Writing to the log: rows and event together, each gesture once, all chains dense."""

import json
import uuid

import pytest

from annotator.errors import Conflict
from annotator.log.actions import AlreadyDone, gesture, new_chain, site_chain
from annotator.log.chain import event_hash, genesis
from annotator.log.models import Chain, Event, Remark
from tests.builders import at_once, make_user
from tests.databases import Database


@pytest.fixture
def chain(db: None) -> Chain:
    return new_chain("project")


def test_rows_and_event_come_together(chain: Chain) -> None:
    user = make_user("ada")
    with gesture(chain, by=user, action="note") as current:
        remark = current.remark("A word.")
    event = Event.objects.get(chain=chain)
    body = json.loads(event.body)
    assert (body["seq"], body["by"], body["action"], body["v"]) == (1, str(user.pk), "note", 1)
    assert [change["id"] for change in body["changes"]] == [str(remark.pk)]
    assert (event.previous, event.hash) == (genesis(str(chain.pk)), event_hash(event.previous, event.body))
    chain.refresh_from_db()
    assert (chain.length, chain.head) == (1, event.hash)


def test_a_gesture_that_fails_leaves_neither(chain: Chain) -> None:
    with pytest.raises(RuntimeError), gesture(chain, by=None, action="note") as current:
        current.remark("A word.")
        raise RuntimeError
    assert not Remark.objects.exists()
    assert not Event.objects.filter(chain=chain).exists()


def test_a_gesture_that_changes_nothing_is_no_event(chain: Chain) -> None:
    with gesture(chain, by=None, action="note"):
        pass
    assert not Event.objects.filter(chain=chain).exists()


def test_a_repeated_gesture_points_to_what_was_done(chain: Chain) -> None:
    id = uuid.uuid4()
    with gesture(chain, by=None, action="note", id=id, asked={"text": "A word."}) as current:
        current.remark("A word.")
    with pytest.raises(AlreadyDone) as done, gesture(chain, by=None, action="note", id=id, asked={"text": "A word."}):
        pytest.fail("carried out again")
    assert done.value.event == Event.objects.get(chain=chain)


@pytest.mark.parametrize(("action", "text"), [("note", "Another."), ("other", "A word.")])
def test_a_gestures_id_is_for_one_request(chain: Chain, action: str, text: str) -> None:
    id = uuid.uuid4()
    with gesture(chain, by=None, action="note", id=id, asked={"text": "A word."}) as current:
        current.remark("A word.")
    with pytest.raises(Conflict, match="new id"), gesture(chain, by=None, action=action, id=id, asked={"text": text}):
        pytest.fail("carried out")


def test_the_same_id_may_serve_in_another_chain(chain: Chain) -> None:
    id = uuid.uuid4()
    for one in (chain, new_chain("project")):
        with gesture(one, by=None, action="note", id=id) as current:
            current.remark("A word.")
    assert Event.objects.filter(gesture=id).count() == 2


def test_a_row_that_is_gone_is_not_removed_twice(chain: Chain) -> None:
    with gesture(chain, by=None, action="note") as current:
        remark = current.remark("A word.")
    Remark.objects.filter(pk=remark.pk).delete()
    with pytest.raises(Conflict, match="meantime"), gesture(chain, by=None, action="forget") as current:
        current.remove(remark)
    assert Event.objects.filter(chain=chain).count() == 1


def test_a_chain_held_by_an_old_copy_is_read_anew_under_its_lock(chain: Chain) -> None:
    old = Chain.objects.get(pk=chain.pk)
    with gesture(chain, by=None, action="note") as current:
        current.remark("A word.")
    with gesture(old, by=None, action="note") as current:
        current.remark("Another.")
    assert list(Event.objects.filter(chain=chain).order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_events_written_at_once_make_one_dense_chain(live_database: Database) -> None:
    chain = new_chain("project")

    def write() -> None:
        with gesture(chain, by=None, action="note") as current:
            current.remark("A word.")

    assert at_once(*[write] * 8) == [None] * 8
    events = list(Event.objects.filter(chain=chain).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, 9))
    assert [event.previous for event in events] == [genesis(str(chain.pk)), *(event.hash for event in events[:-1])]


def test_the_site_has_one_chain_even_when_all_begin_at_once(live_database: Database) -> None:
    chains = at_once(*[site_chain] * 8)
    assert len({chain.pk for chain in chains}) == 1
    assert chains[0].head == genesis(str(chains[0].pk))
