"""The verbs of annotation: each leaves its rows and one event, or nothing at all."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.annotation import actions, rules
from annotator.annotation.editing import Done
from annotator.annotation.models import AnnotationSet, Comment, Relation, Span
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Conflict, Problem, Stale, Unknown, VersionMissing
from annotator.log.models import Event, Remark
from annotator.log.records import snapshot
from tests.builders import (
    LARGE,
    TEXT,
    TEXT_MIXED,
    Cast,
    at_once,
    last_event,
    link,
    make_article,
    make_project,
    mark,
    place,
    started_set,
    submitted,
)
from tests.databases import Database

FAMILY = "👩‍👩‍👧‍👦"


@dataclass
class Desk:
    """Ada at work on one article: the verbs with her, her set and a new gesture filled in."""

    by: User
    set: AnnotationSet

    def __getattr__(self, verb: str) -> Callable[..., Done]:
        def do(*, gesture: uuid.UUID | None = None, **asked: Any) -> Done:
            done: Done = getattr(actions, verb)(self.set.pk, by=self.by, gesture=gesture or uuid.uuid4(), **asked)
            return done

        return do

    def add(self, words: str, label: str = "CLAIM", **asked: Any) -> Done:
        start, end = place(self.set, words)
        here = {"id": uuid.uuid4(), "start": start, "end": end, "quote": words, "label": label}
        return self.add_span(**{**here, **asked})

    def mark(self, quote: str, label: str = "CLAIM", **attributes: Any) -> Span:
        return mark(self.set, self.by, quote, label, **attributes)

    def link(self, type: str, source: Span, target: Span, **attributes: Any) -> Relation:
        return link(self.set, self.by, type, source, target, **attributes)

    def state(self) -> dict[str, Any]:
        """All that the set says, without the versions."""
        rows = [*self.set.spans.all(), *self.set.relations.all(), *self.set.comments.all()]
        return {str(row.pk): snapshot(row) for row in rows}

    def events(self) -> int:
        return Event.objects.filter(chain=self.set.chain_id).count()


def desk_on(cast: Cast, text: str = TEXT, codebook: str = "claims-actors-stances") -> Desk:
    project = make_project(cast, make_article(text), codebook=codebook)
    return Desk(cast.ada, started_set(project, cast.ada))


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return desk_on(cast)


@pytest.fixture
def large_desk(cast: Cast) -> Desk:
    return desk_on(cast, codebook=LARGE)


def refused(desk: Desk, code: str, call: Callable[[], Any]) -> Exception:
    """The call is refused under this code, and has left neither a row nor an event."""
    before, events = desk.state(), desk.events()
    with pytest.raises((Problem, rules.RuleError)) as caught:
        call()
    assert getattr(caught.value, "code", None) == code
    assert (desk.state(), desk.events()) == (before, events)
    return caught.value


# Adding


def test_adding_a_span_leaves_its_row_and_one_event(desk: Desk) -> None:
    version = desk.set.chain.length
    done = desk.add("The minister", "ACTOR")
    span = desk.set.spans.get()
    assert (span.start, span.end, span.label, span.version) == (0, 12, "ACTOR", version + 1)
    assert (done.version, done.repeated) == (version + 1, False)
    event = last_event(desk.set)
    assert event["by"] == str(desk.by.pk)
    assert event["changes"] == [{"kind": "span", "id": str(span.pk), "before": None, "after": snapshot(span)}]


def test_the_words_themselves_are_not_in_the_log(large_desk: Desk) -> None:
    large_desk.mark("The minister", "ACTOR", note="Is this the foreign minister?")
    bodies = " ".join(Event.objects.values_list("body", flat=True))
    assert "minister" not in bodies
    assert Remark.objects.get().text == "Is this the foreign minister?"


def test_defaults_of_the_codebook_are_stored_with_the_span(large_desk: Desk) -> None:
    span = large_desk.mark("rejected the plan")
    assert span.attributes["kind"] == "fact"
    assert last_event(large_desk.set)["changes"][0]["after"]["attributes"]["kind"] == "fact"


def test_what_was_answered_goes_before_the_default(large_desk: Desk) -> None:
    assert large_desk.mark("rejected the plan", kind="figure").attributes["kind"] == "figure"


def test_spans_may_nest_and_overlap(desk: Desk) -> None:
    for quote in ("rejected the plan", "the plan", "the plan.\n“It costs"):
        desk.mark(quote)
    assert desk.set.spans.count() == 3


def test_a_span_over_a_line_break_is_marked_as_such(desk: Desk) -> None:
    assert desk.mark("the plan.\n“It costs").multiline
    assert not desk.mark("the plan").multiline


def test_other_words_than_those_of_the_text_are_refused(desk: Desk) -> None:
    refused(desk, "wrong_quote", lambda: desk.add("The minister", quote="The Minister"))


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 3), (5, 5), (7, 3), (len(TEXT), len(TEXT) + 1), (0, len(TEXT) + 1), (10**12, 10**12 + 4)]
)
def test_a_span_outside_the_text_is_refused(desk: Desk, start: int, end: int) -> None:
    refused(desk, "bad_bounds", lambda: desk.add("The minister", start=start, end=end))


def test_the_whole_text_can_be_one_span(desk: Desk) -> None:
    assert desk.mark(TEXT).end == len(TEXT)


@pytest.mark.parametrize("quote", ["👩", FAMILY[1:], "🇨", "🇭 now", "Cafe", "\u0301 owners", "👍", "🏽."], ids=ascii)
def test_a_span_that_cuts_what_is_read_as_one_character_is_refused(cast: Cast, quote: str) -> None:
    desk = desk_on(cast, TEXT_MIXED)
    refused(desk, "split_grapheme", lambda: desk.add(quote, "ACTOR"))


@pytest.mark.parametrize(
    "quote",
    [FAMILY, "🇨🇭", "Cafe\u0301", "a\u0308", "قال الوزير", "المحادثات انتهت، and", "𝒩ews", "👍🏽", "👍🏽.", TEXT_MIXED],
)
def test_offsets_count_code_points_in_any_script(cast: Cast, quote: str) -> None:
    span = desk_on(cast, TEXT_MIXED).mark(quote, "ACTOR")
    assert TEXT_MIXED[span.start : span.end] == quote
    assert span.end - span.start == len(quote)


def test_an_unknown_label_is_refused(desk: Desk) -> None:
    refused(desk, "unknown_label", lambda: desk.add("The minister", "PERSON"))


def test_an_unknown_attribute_is_refused(desk: Desk) -> None:
    refused(desk, "unknown_attribute", lambda: desk.add("rejected", "STANCE", attributes={"strength": 3}))


def test_an_unknown_value_is_refused(desk: Desk) -> None:
    refused(desk, "off_the_list", lambda: desk.add("rejected", "STANCE", attributes={"polarity": "angry"}))


def test_what_cannot_be_absent_is_not_answered_so(desk: Desk) -> None:
    refused(desk, "cannot_be_absent", lambda: desk.add("The minister", "ACTOR", absent=["polarity"]))


def test_the_same_words_carry_a_label_only_once(desk: Desk) -> None:
    desk.add("The minister", "ACTOR")
    refused(desk, "span_exists", lambda: desk.add("The minister", "ACTOR"))
    desk.add("The minister", "CLAIM")


def test_the_id_of_another_span_is_refused(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    refused(desk, "id_reused", lambda: desk.add("The union", "ACTOR", id=span.pk))


def test_another_persons_set_is_not_there(desk: Desk, cast: Cast) -> None:
    for stranger in (cast.ben, cast.cleo, cast.dora, cast.otto, cast.root):
        with pytest.raises(Unknown):
            Desk(stranger, desk.set).add("The minister")
    assert desk.events() == 1


def test_many_spans_are_one_gesture(desk: Desk) -> None:
    places = [_place_of(desk, "the plan", nth) for nth in range(3)]
    desk.add_spans(places=places, label="CLAIM")
    assert desk.set.spans.count() == 3
    assert len(last_event(desk.set)["changes"]) == 3
    desk.undo()
    assert not desk.set.spans.exists()


def test_of_many_spans_all_are_added_or_none(desk: Desk) -> None:
    places = [_place_of(desk, "the plan", 0), {**_place_of(desk, "the plan", 1), "quote": "The plan"}]
    refused(desk, "wrong_quote", lambda: desk.add_spans(places=places, label="CLAIM"))


def _place_of(desk: Desk, quote: str, nth: int) -> dict[str, Any]:
    start, end = place(desk.set, quote, nth)
    return {"id": uuid.uuid4(), "start": start, "end": end, "quote": quote}


# Changing


def test_changing_a_label_keeps_before_and_after(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    before = snapshot(span)
    desk.change_span(id=span.pk, version=span.version, label="CLAIM")
    span.refresh_from_db()
    assert (span.label, span.version) == ("CLAIM", desk.events())
    assert last_event(desk.set)["changes"] == [
        {"kind": "span", "id": str(span.pk), "before": before, "after": snapshot(span)}
    ]


@pytest.mark.parametrize(
    "asked", [{"start": 33, "end": 100}, {"end": 100}, {"end": 45}, {"start": 0}, {"start": 60}], ids=str
)
def test_an_edge_moves_alone_or_with_the_other(desk: Desk, asked: dict[str, int]) -> None:
    span = desk.mark(TEXT[37:])
    start, end = asked.get("start", span.start), asked.get("end", span.end)
    desk.change_span(id=span.pk, version=span.version, quote=TEXT[start:end], **asked)
    span.refresh_from_db()
    assert (span.start, span.end, span.multiline) == (start, end, "\n" in TEXT[start:end])


def test_a_moved_span_needs_the_words_at_its_new_place(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    asked = {"id": span.pk, "version": span.version, "start": 4, "end": 12}
    refused(desk, "wrong_quote", lambda: desk.change_span(**asked, quote="The minister"))
    refused(desk, "quote_missing", lambda: desk.change_span(**asked))


def test_a_span_does_not_move_onto_its_like(desk: Desk) -> None:
    desk.mark("The minister")
    span = desk.mark("minister")
    asked = {"id": span.pk, "version": span.version, "start": 0, "quote": "The minister"}
    refused(desk, "span_exists", lambda: desk.change_span(**asked))


def test_a_change_needs_the_version_it_was_made_to(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    error = refused(desk, "version_missing", lambda: desk.change_span(id=span.pk, version=None, label="CLAIM"))
    assert isinstance(error, VersionMissing)


def test_a_change_to_an_older_version_shows_what_stands(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    desk.change_span(id=span.pk, version=span.version, label="CLAIM")
    error = refused(desk, "stale", lambda: desk.change_span(id=span.pk, version=span.version, label="STANCE"))
    assert isinstance(error, Stale)
    assert error.state is not None
    assert (error.state["label"], error.state["version"]) == ("CLAIM", span.version + 1)


def test_work_on_one_span_does_not_make_another_stale(desk: Desk) -> None:
    first, second = desk.mark("The minister", "ACTOR"), desk.mark("The union", "ACTOR")
    desk.change_span(id=second.pk, version=second.version, label="CLAIM")
    desk.change_span(id=first.pk, version=first.version, label="CLAIM")


def test_a_change_to_the_same_leaves_no_event(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    events = desk.events()
    done = desk.change_span(id=span.pk, version=span.version, label="ACTOR")
    assert (desk.events(), done.changes) == (events, [])
    span.refresh_from_db()
    assert span.version == events


def test_a_removed_span_is_gone_for_a_change(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    desk.remove_span(id=span.pk, version=span.version)
    refused(desk, "not_found", lambda: desk.change_span(id=span.pk, version=span.version, label="CLAIM"))


def test_attributes_of_another_label_are_left_behind(desk: Desk) -> None:
    span = desk.mark("rejected", "STANCE", polarity="oppose")
    desk.change_span(id=span.pk, version=span.version, label="CLAIM")
    span.refresh_from_db()
    assert span.attributes == {}


def test_none_takes_an_attribute_away_and_the_others_stay(large_desk: Desk) -> None:
    span = large_desk.mark("rejected", "STANCE", polarity="oppose", note="strong")
    large_desk.change_span(id=span.pk, version=span.version, attributes={"polarity": None})
    after = Span.objects.get(pk=span.pk).attributes
    assert after == {name: value for name, value in span.attributes.items() if name != "polarity"}
    assert Remark.objects.get(pk=after["note"]).text == "strong"


def test_another_wording_of_a_note_is_another_remark(large_desk: Desk) -> None:
    span = large_desk.mark("rejected", "STANCE", note="strong")
    large_desk.change_span(id=span.pk, version=span.version, attributes={"note": "mild"})
    after = Span.objects.get(pk=span.pk)
    assert Remark.objects.get(pk=after.attributes["note"]).text == "mild"
    large_desk.undo()
    before = Span.objects.get(pk=span.pk)
    assert Remark.objects.get(pk=before.attributes["note"]).text == "strong"


def test_a_label_that_its_relations_do_not_allow_is_refused(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    desk.link("held_by", stance, actor)
    for span in (stance, actor):
        call = lambda: desk.change_span(id=span.pk, version=span.version, label="CLAIM")
        refused(desk, "relation_not_allowed", call)


# Removing


def test_removing_a_span_takes_its_relations_along_in_one_event(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    claim = desk.mark("the plan stands")
    relations = [desk.link("held_by", stance, actor), desk.link("made_by", claim, actor)]
    kept = desk.link("toward", stance, claim)
    desk.remove_span(id=actor.pk, version=actor.version)
    assert list(desk.set.relations.all()) == [kept]
    assert desk.set.spans.count() == 2
    removed = [change["id"] for change in last_event(desk.set)["changes"]]
    assert removed == [*(str(relation.pk) for relation in relations), str(actor.pk)]


def test_removing_needs_the_newest_version(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    refused(desk, "version_missing", lambda: desk.remove_span(id=span.pk, version=None))
    refused(desk, "stale", lambda: desk.remove_span(id=span.pk, version=span.version - 1))


def test_the_words_can_be_marked_anew_after_removal(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    desk.remove_span(id=span.pk, version=span.version)
    assert desk.mark("The minister", "ACTOR").pk != span.pk


# Relating


def test_relating_two_spans_leaves_its_row_and_one_event(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    relation = desk.link("held_by", stance, actor)
    assert (relation.source, relation.target, relation.version) == (stance, actor, desk.events())
    assert [change["kind"] for change in last_event(desk.set)["changes"]] == ["relation"]


def test_a_relation_between_labels_that_it_does_not_join_is_refused(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    refused(desk, "relation_not_allowed", lambda: desk.link("held_by", actor, stance))
    refused(desk, "relation_not_allowed", lambda: desk.link("made_by", stance, actor))
    refused(desk, "unknown_relation", lambda: desk.link("married_to", stance, actor))


def test_two_spans_are_linked_alike_only_once(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    desk.link("held_by", stance, actor)
    refused(desk, "relation_exists", lambda: desk.link("held_by", stance, actor))
    desk.link("toward", stance, actor)


def test_a_span_is_not_related_to_itself(large_desk: Desk) -> None:
    claim = large_desk.mark("rejected the plan")
    refused(large_desk, "same_ends", lambda: large_desk.link("supports", claim, claim))


def test_a_span_of_another_set_is_not_there_to_be_related(desk: Desk, cast: Cast) -> None:
    actor = desk.mark("The minister", "ACTOR")
    other = Desk(cast.ben, started_set(desk.set.project, cast.ben))
    claim = other.mark("The minister")
    refused(other, "not_found", lambda: other.link("made_by", claim, actor))


def test_a_relation_has_attributes_and_a_version(large_desk: Desk) -> None:
    claim, actor = large_desk.mark("rejected the plan"), large_desk.mark("The minister", "ACTOR")
    relation = large_desk.link("reported_by", claim, actor, order=1)
    asked = {"id": relation.pk, "version": relation.version, "attributes": {"order": 2}}
    large_desk.change_relation(**asked)
    assert Relation.objects.get().attributes == {"order": 2}
    refused(large_desk, "stale", lambda: large_desk.change_relation(**asked))


def test_a_relation_can_be_taken_away_alone(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    relation = desk.link("held_by", stance, actor)
    refused(desk, "stale", lambda: desk.unrelate(id=relation.pk, version=1))
    desk.unrelate(id=relation.pk, version=relation.version)
    assert (desk.set.relations.count(), desk.set.spans.count()) == (0, 2)
    refused(desk, "not_found", lambda: desk.unrelate(id=relation.pk, version=relation.version))


# Commenting


def test_a_comment_keeps_its_words_out_of_the_log(desk: Desk) -> None:
    span = desk.mark("The minister", "ACTOR")
    desk.comment(id=uuid.uuid4(), text="  Which minister? ", flag="unsure", span=span.pk)
    comment = Comment.objects.select_related("remark").get()
    assert comment.remark is not None
    assert (comment.span_id, comment.flag, comment.remark.text) == (span.pk, "unsure", "Which minister?")
    assert "Which" not in json.dumps(last_event(desk.set))


def test_a_comment_says_something(desk: Desk) -> None:
    refused(desk, "empty_comment", lambda: desk.comment(id=uuid.uuid4(), text=" "))
    refused(desk, "unknown_flag", lambda: desk.comment(id=uuid.uuid4(), flag="boring"))
    refused(desk, "not_found", lambda: desk.comment(id=uuid.uuid4(), text="?", span=uuid.uuid4()))


def test_a_comment_can_be_taken_away_and_brought_back(desk: Desk) -> None:
    id = uuid.uuid4()
    desk.comment(id=id, text="Odd.")
    desk.remove_comment(id=id)
    assert not Comment.objects.exists()
    desk.undo()
    comment = Comment.objects.select_related("remark").get()
    assert comment.remark is not None
    assert (comment.pk, comment.remark.text) == (id, "Odd.")


# Undoing and redoing


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
    then(desk.add_spans(places=[_place_of(desk, "the plan", nth) for nth in range(3)], label="CLAIM"))
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


# The same gesture again


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


# A set that was handed in


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


# Cost


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
        desk.add_spans(places=[_place_of(desk, f"word{number}", 0) for number in range(many)], label="CLAIM")
        for step in steps:
            with CaptureQueriesContext(connection) as queries:
                getattr(desk, step)()
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 10
