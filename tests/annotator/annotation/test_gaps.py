"""What is missing before a text is handed in, and what is worth a second look."""

from dataclasses import replace
from typing import Any

import pytest

from annotator.annotation import gaps as gaps_module
from annotator.annotation import rules
from annotator.schema.codebook import CHECKS, Codebook, parse
from annotator.standoff import AnnotatedText, Relation, Span, Value
from tests.annotator.annotation.books import codebook, with_retired
from tests.annotator.schema.books import seed

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


def with_status(concept: str, status: str) -> Codebook:
    changes = seed("news-positions")
    next(one for one in changes["lists"]["concepts"] if one["key"] == concept)["status"] = status
    return parse(changes)


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
    changes = seed("news-positions")
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
