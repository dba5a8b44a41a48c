import json
import uuid

import pytest

from annotator.annotation.actions import comment, redo, undo
from annotator.annotation.queries import remarks_of
from annotator.log.erasure import erase_remark
from annotator.log.models import Event, Remark
from annotator.workflow.verification import verification
from tests.builders import LARGE, Cast, last_event, make_project, mark, started_set

WORDS = "My neighbour told me so."


@pytest.fixture
def remark(cast: Cast) -> Remark:
    """A comment's words in a set of Ada's."""
    reading = started_set(make_project(cast), cast.ada)
    comment(reading.pk, by=cast.ada, gesture=uuid.uuid4(), id=uuid.uuid4(), text=WORDS)
    return Remark.objects.get(text=WORDS)


def findings() -> list[str]:
    return list(verification().findings())


def test_an_erased_remark_has_neither_text_nor_salt(cast: Cast, remark: Remark) -> None:
    erase_remark(remark, by=cast.root)
    remark.refresh_from_db()
    assert (remark.text, remark.salt) == ("", "")
    assert remark.erased_at is not None


def test_erasing_is_an_event_that_says_who_and_when_and_not_what(cast: Cast, remark: Remark) -> None:
    erase_remark(remark, by=cast.root)
    event = Event.objects.filter(chain=remark.chain_id).latest("seq")
    body = json.loads(event.body)
    assert (body["action"], body["by"]) == ("erase_remark", str(cast.root.pk))
    assert body["changes"][0]["after"]["digest"] == remark.digest
    assert WORDS not in event.body


def test_no_event_ever_held_the_words(cast: Cast, remark: Remark) -> None:
    assert not Event.objects.filter(body__contains=WORDS).exists()


def test_a_log_with_an_erased_remark_is_in_order(cast: Cast, remark: Remark) -> None:
    erase_remark(remark, by=cast.root)
    assert findings() == []


def test_erasing_twice_changes_nothing_the_second_time(cast: Cast, remark: Remark) -> None:
    erased = erase_remark(remark, by=cast.root)
    before = Event.objects.count()
    assert erase_remark(remark, by=cast.root).erased_at == erased.erased_at
    assert Event.objects.count() == before


def test_a_note_in_an_attribute_reads_as_an_empty_text_once_erased(cast: Cast) -> None:
    reading = started_set(make_project(cast, codebook=LARGE), cast.ada)
    span = mark(reading, cast.ada, "The minister", "ACTOR", note=WORDS)
    erase_remark(Remark.objects.get(text=WORDS), by=cast.root)
    assert remarks_of(reading) == {span.attributes["note"]: ""}
    assert findings() == []


def test_what_the_reader_does_next_goes_on_from_there(cast: Cast) -> None:
    reading = started_set(make_project(cast, codebook=LARGE), cast.ada)
    mark(reading, cast.ada, "The minister", "ACTOR", note=WORDS)
    erase_remark(Remark.objects.get(text=WORDS), by=cast.root)
    mark(reading, cast.ada, "The union", "ACTOR")
    undo(reading.pk, by=cast.ada, gesture=uuid.uuid4())
    redo(reading.pk, by=cast.ada, gesture=uuid.uuid4())
    assert last_event(reading)["action"] == "redo"
    assert findings() == []
