"""The verbs of annotation: each leaves its rows and one event, or nothing at all."""

import json
import uuid

import pytest

from annotator.annotation.models import Comment, Span
from annotator.errors import Stale, Unknown, VersionMissing
from annotator.log.models import Event, Remark
from annotator.log.records import snapshot
from tests.annotator.annotation.verbs import Desk, desk_on, place_of, refused
from tests.builders import TEXT, TEXT_MIXED, Cast, last_event

FAMILY = "👩‍👩‍👧‍👦"


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
    places = [place_of(desk, "the plan", nth) for nth in range(3)]
    desk.add_spans(places=places, label="CLAIM")
    assert desk.set.spans.count() == 3
    assert len(last_event(desk.set)["changes"]) == 3
    desk.undo()
    assert not desk.set.spans.exists()


def test_of_many_spans_all_are_added_or_none(desk: Desk) -> None:
    places = [place_of(desk, "the plan", 0), {**place_of(desk, "the plan", 1), "quote": "The plan"}]
    refused(desk, "wrong_quote", lambda: desk.add_spans(places=places, label="CLAIM"))


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
