"""The rules of annotation: what is refused at once, and what is missing before a text is handed in."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from annotator.annotation import gaps as gaps_module
from annotator.annotation import rules
from annotator.annotation.edges import quotation_marks, stray_edges
from annotator.schema.codebook import CHECKS, Codebook, parse
from annotator.standoff import AnnotatedText, Relation, Span, Value

SEEDS = Path(__file__).parents[3] / "seeds"
FAMILY = "👨‍👩‍👧"
FLAGS = "🇫🇮🇸🇪"


@cache
def codebook(slug: str = "news-positions") -> Codebook:
    return parse(data(slug))


def data(slug: str = "news-positions") -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SEEDS / "codebooks" / f"{slug}.json").read_text("utf-8"))
    return read


def with_retired(group: str, key: str) -> Codebook:
    """The codebook with one of its labels or relations retired."""
    changes = data()
    next(one for one in changes[group] if one["key"] == key)["retired"] = True
    return parse(changes)


def with_status(concept: str, status: str) -> Codebook:
    changes = data()
    next(one for one in changes["lists"]["concepts"] if one["key"] == concept)["status"] = status
    return parse(changes)


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


# Gaps of a whole text

TEXT = "The minister said the council would like a bridge. Share this page"
CLAIM = Span(
    "claim", TEXT.index("a bridge"), TEXT.index(". Share"), "CLAIM",
    {"kind": "proposal", "voice": "named", "wording": "indirect", "certainty": "asserted",
     "concept": "CEASEFIRE", "direction": "same"},
)  # fmt: skip
STANCE = Span(
    "stance", TEXT.index("would"), TEXT.index(" a bridge"), "STANCE",
    {"polarity": "support", "conditional": False, "expression": "explicit"},
)  # fmt: skip
MINISTER = Span("minister", 4, 12, "ACTOR", {"entity": "israel", "mention": "description"})
COUNCIL = Span(
    "council", TEXT.index("council"), TEXT.index(" would"), "ACTOR", {"entity": "knesset", "mention": "name"}
)  # fmt: skip
HELD_BY = Relation("r1", "held_by", "stance", "council")
TOWARD = Relation("r2", "toward", "stance", "claim")
REPORTED_BY = Relation("r3", "reported_by", "stance", "minister", {"order": 1})
COMPLETE = AnnotatedText(TEXT, (CLAIM, STANCE, MINISTER, COUNCIL), (HELD_BY, TOWARD, REPORTED_BY))


def changed(span: Span, **attributes: Any) -> AnnotatedText:
    """The complete text with attributes of one span set, or taken away by None."""
    kept = {key: value for key, value in {**span.attributes, **attributes}.items() if value is not None}
    return with_span(replace(span, attributes=kept))


def with_span(span: Span) -> AnnotatedText:
    spans = [other for other in COMPLETE.spans if other.id != span.id]
    return replace(COMPLETE, spans=(*spans, span))


def without(*ids: str) -> AnnotatedText:
    spans = tuple(span for span in COMPLETE.spans if span.id not in ids)
    relations = tuple(
        relation
        for relation in COMPLETE.relations
        if relation.id not in ids and relation.source not in ids and relation.target not in ids
    )
    return AnnotatedText(TEXT, spans, relations)


def keys(found: list[rules.Gap]) -> list[tuple[str, str, str, str]]:
    return [(gap.severity, gap.check, gap.span, gap.name) for gap in found]


def test_a_complete_text_has_no_gaps() -> None:
    assert rules.gaps(codebook(), COMPLETE, [(TEXT.index("Share"), len(TEXT))]) == []


def test_every_check_of_a_codebook_is_looked_for() -> None:
    assert set(gaps_module._FINDERS) == set(CHECKS)
    assert {check.key for check in codebook().checks} == set(CHECKS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (changed(STANCE, polarity=None), [("error", "missing_required", "stance", "polarity")]),
        (changed(STANCE, conditional=None), [("error", "missing_required", "stance", "conditional")]),
        (changed(CLAIM, direction=None), [("error", "missing_required", "claim", "direction")]),
        (changed(MINISTER, entity=None), [("error", "missing_required", "minister", "entity")]),
        (
            changed(CLAIM, kind="figure", figure_value=2),
            [
                ("error", "missing_required", "claim", "figure_comparator"),
                ("error", "missing_required", "claim", "figure_unit"),
                ("error", "missing_required", "claim", "figure_measure"),
            ],
        ),
        (
            replace(COMPLETE, relations=(HELD_BY, TOWARD, replace(REPORTED_BY, attributes={}))),
            [("error", "missing_required", "stance", "reported_by.order")],
        ),
        (
            without("council"),
            [("error", "missing_relation", "stance", "held_by")],
        ),
        (
            without("r2"),
            [
                ("error", "missing_relation", "stance", "toward"),
                # Nothing is about the claim any more, so it needs a source of its own.
                ("warning", "voice_without_source", "claim", "made_by"),
            ],
        ),
        (
            replace(COMPLETE, relations=(*COMPLETE.relations, Relation("r4", "made_by", "stance", "claim"))),
            [
                ("error", "relation_not_allowed", "stance", "made_by"),
                ("error", "relation_not_allowed", "claim", "made_by"),
            ],
        ),
        (
            replace(COMPLETE, relations=(*COMPLETE.relations, Relation("r4", "owns", "council", "minister"))),
            [
                ("error", "relation_not_allowed", "minister", "owns"),
                ("error", "relation_not_allowed", "council", "owns"),
            ],
        ),
        (with_span(replace(CLAIM, end=len(TEXT) + 5)), [("error", "span_outside", "claim", "")]),
        (
            changed(CLAIM, concept=None, direction=None),
            [("warning", "proposal_without_concept", "claim", "concept")],
        ),
        (without("r3"), [("warning", "actor_without_relation", "minister", "")]),
        (with_span(replace(CLAIM, end=CLAIM.end + 1)), [("warning", "edge_punctuation", "claim", "")]),
    ],
)  # fmt: skip
def test_a_gap_is_named_with_its_span(text: AnnotatedText, found: list[tuple[str, str, str, str]]) -> None:
    assert keys(rules.gaps(codebook(), text)) == found


def test_gaps_come_in_reading_order_and_say_what_to_do() -> None:
    found = rules.gaps(codebook(), replace(COMPLETE, relations=()))

    assert [gap.span for gap in found] == ["minister", "council", "stance", "stance", "claim"]
    assert found[2].message == "“held by” is missing: link it to the Actor."
    assert found[3].message == "“toward” is missing: link it to the Claim or Actor."
    assert found[4].message == "The voice is named, but no source is linked: link it, or say “not in the text”."


def test_a_missing_answer_says_what_it_belongs_to() -> None:
    text = changed(CLAIM, kind="figure", direction=None, figure_value=3, figure_unit="bridge")
    found = rules.gaps(codebook(), text)

    assert [gap.message for gap in found] == [
        "Direction is missing, which goes with Concept: answer it.",
        "Comparator is missing for this Kind: answer it.",
        "Measure is missing for this Kind: answer it, or say “not in the text”.",
    ]


@pytest.mark.parametrize("voice", ["named", "unnamed"])
def test_a_voice_needs_a_source_unless_it_is_not_in_the_text(voice: str) -> None:
    alone = replace(CLAIM, attributes={**CLAIM.attributes, "voice": voice})

    assert keys(rules.gaps(codebook(), AnnotatedText(TEXT, (alone,)))) == [
        ("warning", "voice_without_source", "claim", "made_by")
    ]
    assert rules.gaps(codebook(), AnnotatedText(TEXT, (replace(alone, absent=("made_by",)),))) == []


@pytest.mark.parametrize("voice", ["author", "media"])
def test_the_author_and_other_media_need_no_source(voice: str) -> None:
    alone = replace(CLAIM, attributes={**CLAIM.attributes, "voice": voice})

    assert rules.gaps(codebook(), AnnotatedText(TEXT, (alone,))) == []


def test_an_answer_not_in_the_text_fills_a_gap_only_where_the_codebook_allows_it() -> None:
    figure: dict[str, Value] = {
        "kind": "figure", "figure_value": 3, "figure_comparator": "exact", "figure_unit": "bridge",
    }  # fmt: skip
    allowed = replace(CLAIM, attributes={**CLAIM.attributes, **figure}, absent=("figure_measure",))
    forbidden = replace(STANCE, absent=("held_by", "polarity"), attributes={"conditional": False})

    assert rules.gaps(codebook(), with_span(allowed)) == []
    assert {gap.name for gap in rules.gaps_of(codebook(), forbidden, "would like", [TOWARD], [], False)} == {
        "polarity", "expression", "held_by",
    }  # fmt: skip


def test_a_proposal_may_say_that_no_concept_fits() -> None:
    attributes = {key: value for key, value in CLAIM.attributes.items() if key not in ("concept", "direction")}

    assert rules.gaps(codebook(), with_span(replace(CLAIM, attributes=attributes, absent=("concept",)))) == []


def test_a_retired_concept_blocks_and_a_merged_one_says_where_it_went() -> None:
    (retired,) = rules.gaps(with_status("CEASEFIRE", "retired"), COMPLETE)
    (merged,) = rules.gaps(with_status("CEASEFIRE", "merged_into:PROGRESS"), COMPLETE)

    assert keys([retired]) == [("error", "retired_entry", "claim", "concept")]
    assert merged.message == "Concept CEASEFIRE was merged into PROGRESS: choose that one."


def test_an_entry_that_only_the_project_knows_is_no_gap() -> None:
    assert rules.gaps(codebook(), changed(MINISTER, entity="proposed-by-a-reader")) == []


def test_a_retired_relation_is_no_longer_asked_for() -> None:
    text = replace(without("council"), spans=(CLAIM, STANCE, MINISTER))

    assert rules.gaps(with_retired("relations", "held_by"), text) == []


def test_a_relation_without_direction_counts_at_both_ends() -> None:
    changes = data()
    next(one for one in changes["relations"] if one["key"] == "contradicts")["minimum"] = 1
    other = replace(CLAIM, id="other", end=CLAIM.end - 1, absent=("made_by",))
    one = replace(CLAIM, absent=("made_by",))
    link = Relation("r1", "contradicts", "claim", "other")

    assert rules.gaps(parse(changes), AnnotatedText(TEXT, (one, other), (link,))) == []
    assert len(rules.gaps(parse(changes), AnnotatedText(TEXT, (one, other)))) == 2


def test_a_span_is_long_from_401_code_points() -> None:
    text = "🙂" * 500
    span = replace(CLAIM, start=0, end=400, absent=("made_by",))

    assert rules.gaps(codebook(), AnnotatedText(text, (span,))) == []
    assert keys(rules.gaps(codebook(), AnnotatedText(text, (replace(span, end=401),)))) == [
        ("warning", "long_span", "claim", "")
    ]


@pytest.mark.parametrize(
    ("furniture", "is_touched"),
    [
        ([], False),
        ([(0, 41)], False),
        ([(0, 42)], True),
        ([(49, 60)], False),
        ([(48, 60)], True),
        ([(60, 67), (0, 5), (43, 44)], True),
        ([(0, 48), (1, 2)], True),
        ([(50, 67), (0, 3)], False),
    ],
)
def test_a_span_that_touches_page_furniture_is_named(furniture: list[tuple[int, int]], is_touched: bool) -> None:
    assert (CLAIM.start, CLAIM.end) == (41, 49)
    found = rules.gaps(codebook(), AnnotatedText(TEXT, (replace(CLAIM, absent=("made_by",)),)), furniture)

    assert keys(found) == [("warning", "page_furniture", "claim", "")] * is_touched


def test_the_gaps_of_one_span_are_those_of_the_whole_text() -> None:
    wrong = Relation("r4", "made_by", "stance", "claim")
    text = replace(without("r2"), relations=(*without("r2").relations, wrong))
    one_by_one: list[rules.Gap] = []
    for span in (MINISTER, COUNCIL, STANCE, CLAIM):
        outgoing = [relation for relation in text.relations if relation.source == span.id]
        incoming = [relation for relation in text.relations if relation.target == span.id]
        one_by_one += rules.gaps_of(codebook(), span, text.quote(span), outgoing, incoming, False)

    assert one_by_one == rules.gaps(codebook(), text)
    assert len(one_by_one) == 4


def test_a_codebook_finds_only_what_it_asks_for() -> None:
    bare = tuple(replace(span, attributes={"polarity": "support"}) for span in COMPLETE.spans)

    assert rules.gaps(codebook("claims-actors-stances"), AnnotatedText(TEXT, bare)) == []


# Edges


@pytest.mark.parametrize(
    ("quote", "alone"),
    [
        ("no marks", ""),
        ("“substantive and constructive,”", ""),
        ("“substantive and constructive", "“"),
        ("substantive and constructive,”", "”"),
        ("Israel “prefers the Americans", "“"),
        ('enough for a "long war"', ""),
        ('enough for a "long war', '"'),
        ("it’s Israel’s", ""),
        ("the residents’ return", ""),
        ("the 'TESTING' phase", ""),
        ("the residents' return", ""),
        ("“he said ‘no’ twice”", ""),
        ("“he said ‘no twice”", "‘"),
        ("„nein“ sagte er", ""),
        ("»nej« och ”ja”", ""),
        ("«oui»", ""),
        ("「はい」と", ""),
        ("はい」と", "」"),
        ('צה"ל', ""),
        ("good” and “bad", "”“"),
    ],
)
def test_quotation_marks_are_paired(quote: str, alone: str) -> None:
    assert "".join(quote[index] for index in sorted(quotation_marks(quote).alone)) == alone


@pytest.mark.parametrize(
    ("quote", "stray"),
    [
        ("", []),
        ("a bridge", []),
        (" a bridge", ["start"]),
        ("a bridge\n", ["end"]),
        ("a bridge,", ["end"]),
        ("(a bridge)", ["start", "end"]),
        ("a bridge\u200b", ["end"]),
        ("“a bridge,”", []),
        ("“a bridge", []),
        ("Netanyahu’", ["end"]),
        ("about 5%", []),
        ("the U.S.", []),
        ("#bridge", []),
        ("a bridge.", ["end"]),
        ("…", ["start", "end"]),
        ("👍🏽", []),
        ("جسر؟", ["end"]),
    ],
)
def test_spaces_and_punctuation_at_an_edge_are_named(quote: str, stray: list[str]) -> None:
    assert stray_edges(quote) == stray


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
