"""The rules of annotation: what is refused at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.annotation import rules
from annotator.standoff import AnnotatedText, Relation, Span
from tests.annotator.annotation.books import codebook, with_retired

SEEDS = Path(__file__).parents[3] / "seeds"
FAMILY = "👨‍👩‍👧"
FLAGS = "🇫🇮🇸🇪"


# Bounds


@pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 10), (9, 10)])
def test_a_span_inside_the_text_is_accepted(start: int, end: int) -> None:
    rules.check_bounds(start, end, 10)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(-1, 3, "start"), (3, 3, "end"), (4, 3, "end"), (3, 11, "end"), (11, 12, "end"), ("0", 3, "start"),
     (True, 3, "start"), (0, 2.0, "end"), (0, None, "end")],
)  # fmt: skip
def test_a_span_past_the_text_or_without_extent_is_refused(start: Any, end: Any, field: str) -> None:
    with pytest.raises(rules.BadBounds) as refusal:
        rules.check_bounds(start, end, 10)

    assert (refusal.value.code, refusal.value.field) == ("bad_bounds", field)


# Quotes


def test_a_quote_equal_to_the_text_is_accepted() -> None:
    rules.check_quote("café", "café")


@pytest.mark.parametrize("quote", ["cafe", "café ", "", "cafe\u0301"])
def test_a_quote_that_is_not_the_text_is_refused_with_both(quote: str) -> None:
    with pytest.raises(rules.WrongQuote) as refusal:
        rules.check_quote("café", quote)

    assert (refusal.value.code, refusal.value.field) == ("wrong_quote", "quote")
    assert f"“café” here, not “{quote}”" in refusal.value.message


def test_a_refusal_repeats_only_the_beginning_of_a_long_quote() -> None:
    with pytest.raises(rules.WrongQuote) as refusal:
        rules.check_quote("a" * 10_000, "b" * 10_000)

    assert len(str(refusal.value)) < 300


# Grapheme clusters


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("plain words", []),
        ("a\nb", []),
        (f"a{FAMILY}b", [2, 3, 4, 5]),
        (FLAGS, [1, 3]),
        ("cafe\u0301s", [4]),
        ("👍🏽!", [1]),
        ("नमस्ते", [3, 4, 5]),
        ("각", []),
        ("\u1100\u1161\u11a8", [1, 2]),
        ("שָׁלוֹם", [1, 2, 5]),
        ("❤️ ok", [1]),
    ],
)
def test_an_edge_may_stand_only_between_whole_characters(text: str, cuts: list[int]) -> None:
    for edge in set(range(len(text) + 1)).difference(cuts):
        rules.check_graphemes(text, edge, len(text))
    for edge in cuts:
        with pytest.raises(rules.SplitGrapheme) as refusal:
            rules.check_graphemes(text, edge, len(text))
        assert (refusal.value.code, refusal.value.field) == ("split_grapheme", "start")


def test_a_cut_character_is_named_whole() -> None:
    with pytest.raises(rules.SplitGrapheme) as refusal:
        rules.check_graphemes(f"we are {FAMILY}.", 7, 9)

    assert refusal.value.field == "end"
    assert FAMILY in refusal.value.message


def test_an_edge_after_many_marks_is_found_in_a_window_that_begins_anywhere() -> None:
    text = "e\u0301" * 200

    rules.check_graphemes(text[101:], 99, 101)
    with pytest.raises(rules.SplitGrapheme):
        rules.check_graphemes(text[101:], 100, 101)


# Labels


def test_a_label_of_the_codebook_is_accepted() -> None:
    rules.check_label(codebook(), "CLAIM")


def test_an_unknown_label_is_refused_with_those_there_are() -> None:
    with pytest.raises(rules.UnknownLabel, match="choose one of CLAIM, ACTOR, STANCE") as refusal:
        rules.check_label(codebook(), "claim")

    assert (refusal.value.code, refusal.value.field) == ("unknown_label", "label")


def test_a_retired_label_is_refused() -> None:
    with pytest.raises(rules.RetiredLabel) as refusal:
        rules.check_label(with_retired("labels", "STANCE"), "STANCE")

    assert refusal.value.code == "retired_label"


# Attributes


@pytest.mark.parametrize(
    ("label", "given", "cleaned"),
    [
        ("CLAIM", {}, {}),
        ("CLAIM", {"certainty": "open", "kind": "fact"}, {"kind": "fact", "certainty": "open"}),
        ("CLAIM", {"kind": None, "concept": "RU-UN"}, {"concept": "RU-UN"}),
        ("CLAIM", {"figure_value": 2800.0}, {"figure_value": 2800}),
        ("CLAIM", {"figure_value": -0.0}, {"figure_value": 0}),
        ("CLAIM", {"figure_value": 0.5}, {"figure_value": 0.5}),
        ("CLAIM", {"figure_as_of": "2024-02-29"}, {"figure_as_of": "2024-02-29"}),
        ("CLAIM", {"note": "  two\nlines\t🙂 "}, {"note": "two\nlines\t🙂"}),
        ("CLAIM", {"note": "   "}, {}),
        ("STANCE", {"conditional": False}, {"conditional": False}),
        ("ACTOR", {"entity": "channel-12"}, {"entity": "channel-12"}),
        ("ACTOR", {"entity": "mine"}, {"entity": "mine"}),
    ],
)
def test_fitting_answers_are_cleaned(label: str, given: dict[str, Any], cleaned: dict[str, Any]) -> None:
    found = rules.clean_attributes(codebook(), label, given, extra_keys={"actors": {"mine"}})

    assert found == cleaned
    assert list(found) == list(cleaned)
    assert [type(value) for value in found.values()] == [type(value) for value in cleaned.values()]


@pytest.mark.parametrize(
    ("label", "key", "value", "code"),
    [
        ("CLAIM", "kind", "facts", "off_the_list"),
        ("CLAIM", "kind", "", "off_the_list"),
        ("CLAIM", "kind", ["fact"], "off_the_list"),
        ("CLAIM", "kind", True, "off_the_list"),
        ("CLAIM", "concept", "RU-NONE", "off_the_list"),
        ("CLAIM", "concept", "", "off_the_list"),
        ("CLAIM", "concept", {"key": "RU-UN"}, "wrong_type"),
        ("CLAIM", "concept", "mine", "off_the_list"),
        ("CLAIM", "figure_value", "2800", "wrong_type"),
        ("CLAIM", "figure_value", True, "wrong_type"),
        ("CLAIM", "figure_value", float("nan"), "not_finite"),
        ("CLAIM", "figure_value", float("-inf"), "not_finite"),
        ("CLAIM", "figure_value", 10**400, "too_large"),
        ("CLAIM", "figure_value", 1e300, "too_large"),
        ("CLAIM", "figure_as_of", "2024-02-30", "not_a_date"),
        ("CLAIM", "figure_as_of", "20240229", "not_a_date"),
        ("CLAIM", "figure_as_of", "2024-W09-4", "not_a_date"),
        ("CLAIM", "figure_as_of", "२०२४-०२-२९", "not_a_date"),
        ("CLAIM", "figure_as_of", 2024, "wrong_type"),
        ("CLAIM", "note", 5, "wrong_type"),
        ("CLAIM", "note", "a\0b", "unwritable"),
        ("CLAIM", "note", "\ud83d", "unwritable"),
        ("CLAIM", "note", "a" * 2_001, "too_long"),
        ("STANCE", "conditional", "true", "wrong_type"),
        ("STANCE", "conditional", 1, "wrong_type"),
        ("ACTOR", "entity", "nobody", "off_the_list"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(label: str, key: str, value: object, code: str) -> None:
    with pytest.raises(rules.BadAnswer) as refusal:
        rules.clean_attributes(codebook(), label, {key: value}, extra_keys={"actors": {"mine"}})

    assert (refusal.value.code, refusal.value.field) == (code, f"attributes.{key}")
    assert "is no answer to" in refusal.value.message


def test_an_attribute_of_another_label_is_refused_even_without_a_value() -> None:
    for value in ("support", None):
        with pytest.raises(rules.UnknownAttribute) as refusal:
            rules.clean_attributes(codebook(), "CLAIM", {"polarity": value})
        assert (refusal.value.code, refusal.value.field) == ("unknown_attribute", "attributes.polarity")


def test_attributes_of_an_unknown_label_are_refused() -> None:
    with pytest.raises(rules.UnknownLabel):
        rules.clean_attributes(codebook(), "PLACE", {})
    with pytest.raises(rules.UnknownLabel):
        rules.clean_absent(codebook(), "PLACE", [])


# "Not in the text"


def test_what_may_be_absent_is_kept_once_and_sorted() -> None:
    assert rules.clean_absent(codebook(), "CLAIM", ["made_by", "concept", "made_by"]) == [
        "concept",
        "made_by",
    ]
    assert rules.clean_absent(codebook(), "STANCE", []) == []


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("CLAIM", "kind"),
        ("CLAIM", "nothing"),
        ("STANCE", "held_by"),
        ("STANCE", "made_by"),
        ("ACTOR", "made_by"),
    ],
)
def test_what_may_not_be_absent_is_refused(label: str, name: str) -> None:
    with pytest.raises(rules.BadAbsence) as refusal:
        rules.clean_absent(codebook(), label, [name])

    assert (refusal.value.code, refusal.value.field) == ("cannot_be_absent", "absent")


# Relations


@pytest.mark.parametrize(
    ("type", "source", "target"),
    [
        ("held_by", "STANCE", "ACTOR"),
        ("toward", "STANCE", "CLAIM"),
        ("toward", "STANCE", "ACTOR"),
        ("made_by", "CLAIM", "ACTOR"),
        ("reported_by", "STANCE", "ACTOR"),
        ("contradicts", "CLAIM", "CLAIM"),
    ],
)
def test_a_relation_between_the_labels_it_allows_is_accepted(type: str, source: str, target: str) -> None:
    rules.check_relation(codebook(), type, source, target)


@pytest.mark.parametrize(
    ("type", "source", "target", "field"),
    [
        ("held_by", "CLAIM", "ACTOR", "source"),
        ("held_by", "ACTOR", "STANCE", "source"),
        ("held_by", "STANCE", "CLAIM", "target"),
        ("toward", "STANCE", "STANCE", "target"),
        ("updates", "CLAIM", "ACTOR", "target"),
    ],
)
def test_a_relation_between_other_labels_is_refused(type: str, source: str, target: str, field: str) -> None:
    with pytest.raises(rules.RelationNotAllowed) as refusal:
        rules.check_relation(codebook(), type, source, target)

    assert (refusal.value.code, refusal.value.field) == ("relation_not_allowed", field)


def test_unknown_and_retired_relations_are_refused() -> None:
    with pytest.raises(rules.UnknownRelation):
        rules.check_relation(codebook(), "owns", "ACTOR", "ACTOR")
    with pytest.raises(rules.RetiredRelation):
        rules.check_relation(with_retired("relations", "held_by"), "held_by", "STANCE", "ACTOR")


def test_attributes_of_a_relation_are_cleaned_like_those_of_a_span() -> None:
    assert rules.clean_relation_attributes(codebook(), "reported_by", {"order": 2.0}) == {"order": 2}
    assert rules.clean_relation_attributes(codebook(), "reported_by", {"order": None}) == {}
    with pytest.raises(rules.BadAnswer):
        rules.clean_relation_attributes(codebook(), "reported_by", {"order": "first"})
    with pytest.raises(rules.UnknownAttribute):
        rules.clean_relation_attributes(codebook(), "made_by", {"order": 1})
    with pytest.raises(rules.UnknownRelation):
        rules.clean_relation_attributes(codebook(), "owns", {})


# The demo readings


@pytest.mark.parametrize("name", ["reviewer-a", "reviewer-b"])
def test_a_demo_reading_fits_its_text_and_could_be_handed_in(name: str) -> None:
    reading = json.loads((SEEDS / "readings" / f"{name}.json").read_text("utf-8"))
    for article in reading["articles"]:
        text = (SEEDS / article["source"]).read_bytes().decode("utf-8")[article["start"] :]
        labels = {span["id"]: span["label"] for span in article["spans"]}
        for span in article["spans"]:
            rules.check_bounds(span["start"], span["end"], len(text))
            rules.check_quote(text[span["start"] : span["end"]], span["quote"])
            rules.check_graphemes(text, span["start"], span["end"])
            rules.check_label(codebook(), span["label"])
            assert rules.clean_attributes(codebook(), span["label"], span["attributes"]) == span["attributes"]
            rules.clean_absent(codebook(), span["label"], span["absent"])
        for relation in article["relations"]:
            ends = labels[relation["from"]], labels[relation["to"]]
            rules.check_relation(codebook(), relation["type"], *ends)
            rules.clean_relation_attributes(codebook(), relation["type"], relation["attributes"])
        spans = tuple(
            Span(one["id"], one["start"], one["end"], one["label"], one["attributes"], one["absent"])
            for one in article["spans"]
        )
        relations = tuple(
            Relation(one["id"], one["type"], one["from"], one["to"], one["attributes"]) for one in article["relations"]
        )
        found = rules.gaps(codebook(), AnnotatedText(text, spans, relations))
        assert [gap for gap in found if gap.severity == "error"] == []
