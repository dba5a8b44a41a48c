import random
from collections.abc import Sequence
from typing import Any

import pytest

from annotator.agreement.figures import Figure, printed
from annotator.agreement.measures.result import NO_RELATIONS, NO_SPANS, NO_VARIATION, NOTHING_CODED_TWICE
from annotator.agreement.paper import paper
from annotator.agreement.parts import Part, Question, Reading, worked
from annotator.agreement.questions import detail
from annotator.agreement.report import NOTHING_MATCHED, Report, brief, report
from tests.annotator.agreement.readings import BOOK, SCHEME, by_chance, line, part, span


def told(*parts: Part) -> Report:
    return report(parts, SCHEME)


def figure(found: Report, aspect: str, key: str, of: str = "", value: str = "") -> Figure:
    (one,) = [
        each for each in found.figures if (each.aspect, each.key, each.of, each.value) == (aspect, key, of, value)
    ]
    return one


TWO_LABELS = [span(0, 20, kind="fact"), span(40, 60, "ACTOR")]


def test_alike_readings_agree_on_everything() -> None:
    found = told(part(TWO_LABELS, TWO_LABELS))
    for aspect, key in [
        ("found", "f1_exact"), ("found", "f1_half"), ("found", "alpha_u"), ("found", "alpha_found"),
        ("found", "alpha_cu"), ("boundary", "same_edges"), ("label", "alpha_nominal"), ("label", "cohen"),
        ("label", "percent"),
    ]:  # fmt: skip
        assert figure(found, aspect, key).measure.value == 1, key


def test_found_is_told_apart_from_label() -> None:
    missed = told(part([*TWO_LABELS, span(100, 120)], TWO_LABELS))
    assert figure(missed, "found", "f1_exact").measure.value == pytest.approx(0.8)
    assert figure(missed, "label", "alpha_nominal").measure.value == 1
    renamed = told(part([*TWO_LABELS, span(100, 120)], [*TWO_LABELS, span(100, 120, "STANCE")]))
    assert figure(renamed, "found", "alpha_found").measure.value == 1
    assert figure(renamed, "label", "percent").measure.value == pytest.approx(2 / 3)


def test_boundary_is_told_apart_from_found() -> None:
    found = told(part([span(0, 20), span(40, 60)], [span(0, 20), span(44, 60)]))
    assert figure(found, "found", "f1_half").measure.value == 1
    assert figure(found, "boundary", "same_edges").measure.value == 0.5
    assert figure(found, "boundary", "same_end").measure.value == 1
    assert found.edges.starts == {0: 1, 4: 1}


def test_edges_of_spans_under_two_labels_are_left_out_and_counted() -> None:
    measure = figure(told(part([span(0, 20)], [span(0, 20, "STANCE")])), "boundary", "same_edges").measure
    assert (measure.value, measure.reason, measure.left_out) == (None, NOTHING_MATCHED, 1)


def test_the_order_of_polarity_is_minded_beside_its_plain_alpha() -> None:
    near = [span(at, at + 10, "STANCE", polarity="oppose" if at < 80 else "support") for at in range(0, 160, 20)]
    far = [
        dict(one, attributes={"polarity": "neutral" if one["start"] == 0 else one["attributes"]["polarity"]})
        for one in near
    ]
    found = told(part(near, far))
    ordinal = figure(found, "attributes", "alpha_ordinal", "STANCE.polarity").measure.value
    nominal = figure(found, "attributes", "alpha_nominal", "STANCE.polarity").measure.value
    assert ordinal is not None and nominal is not None and ordinal > nominal


def test_figures_are_compared_by_their_distance_and_dates_too() -> None:
    ours = [span(at, at + 10, figure_value=at, figure_as_of=f"2024-11-{at + 1:02}") for at in (0, 14, 28)]
    theirs = [dict(one, attributes={"figure_value": one["start"] + 1, "figure_as_of": "2024-11-02"}) for one in ours]
    found = told(part(ours, theirs))
    assert (figure(found, "attributes", "alpha_interval", "CLAIM.figure_value").measure.value or 0) > 0.9
    assert (figure(found, "attributes", "alpha_interval", "CLAIM.figure_as_of").measure.value or 0) < 0


def test_relations_between_spans_that_one_reader_lacks_are_left_out() -> None:
    claim, actor, other = span(0, 20), span(40, 50, "ACTOR"), span(60, 70, "ACTOR")
    drawn = [line("made_by", claim, actor), line("made_by", claim, other)]
    measure = figure(
        told(part([claim, actor, other], [claim, actor], lines=[drawn, drawn[:1]])), "relations", "f1_relations"
    )
    assert (measure.measure.value, measure.measure.units, measure.measure.left_out) == (1, 2, 1)


@pytest.mark.parametrize(
    ("ours", "theirs", "aspect", "key", "reason"),
    [
        ([], [], "found", "f1_exact", NO_SPANS),
        ([], [], "found", "alpha_u", NO_VARIATION),
        ([span(0, 200)], [span(0, 200)], "found", "alpha_u", NO_VARIATION),
        ([span(0, 9)], [span(50, 60)], "label", "alpha_nominal", NOTHING_CODED_TWICE),
        ([span(0, 9)], [span(0, 9)], "label", "alpha_nominal", NO_VARIATION),
        ([span(0, 9)], [span(0, 9)], "label", "cohen", NO_VARIATION),
        ([span(0, 9)], [], "boundary", "same_edges", NOTHING_MATCHED),
        ([], [], "relations", "f1_relations", NO_RELATIONS),
    ],
)
def test_what_has_no_number_says_why(
    ours: list[dict[str, object]], theirs: list[dict[str, object]], aspect: str, key: str, reason: str
) -> None:
    one = figure(told(part(ours, theirs)), aspect, key)
    assert (one.measure.value, one.measure.reason) == (None, reason)
    assert (one.shown, one.how) == ("–", f"{reason.capitalize()}.")


def test_one_reader_who_found_nothing_beside_one_who_did_is_no_agreement() -> None:
    found = told(part([span(0, 20)], []))
    assert figure(found, "found", "f1_touching").measure.value == 0
    assert (figure(found, "found", "alpha_u").measure.value or 1) < 0


def test_intervals_begin_with_ten_articles() -> None:
    nine, ten = ([by_chance(random.Random(seed)) for seed in range(count)] for count in (9, 10))
    assert not [each for each in told(*nine).figures if each.measure.interval]
    with_numbers = [
        each for each in told(*ten).figures if each.measure.value is not None and each.aspect != "attributes"
    ]
    assert with_numbers and all(each.measure.interval for each in with_numbers)


def test_it_does_not_matter_who_is_called_what() -> None:
    readings = [[span(0, 20), span(30, 40, "ACTOR")], [span(2, 20), span(30, 40, "STANCE")], [span(0, 20)]]
    one, other = told(part(*readings)), told(part(*readings[::-1]))
    assert [printed(each.measure.value) for each in one.figures if each.measure.value is not None] == [
        printed(each.measure.value) for each in other.figures if each.measure.value is not None
    ]


def test_coders_are_people_not_places_at_the_table() -> None:
    """Three people in twos: two slots an article, three coders in all."""
    spans = [span(0, 20, kind="fact"), span(40, 50, "ACTOR")]
    parts = [part(spans, spans, spans).between(*pair) for pair in ((0, 1), (0, 2), (1, 2))]
    found = report(parts, SCHEME)
    assert found.coders == figure(found, "label", "alpha_nominal").measure.coders == 3
    assert [each.key for each in found.label] == ["alpha_nominal", "fleiss", "percent"]


def test_with_just_two_readers_cohen_and_scott_stand_beside_alpha() -> None:
    assert [each.key for each in told(part(TWO_LABELS, TWO_LABELS)).label] == [
        "alpha_nominal",
        "cohen",
        "scott",
        "percent",
    ]


def test_each_answer_is_told_against_the_others_in_the_order_of_the_codebook() -> None:
    ours = [span(0, 9, kind="figure"), span(20, 29, kind="fact"), span(40, 49, kind="fact")]
    theirs = [span(0, 9, kind="figure"), span(20, 29, kind="proposal"), span(40, 49, kind="fact")]
    found = detail([part(ours, theirs)], Question("CLAIM", "kind"), SCHEME)
    assert [each.value for each in found.values] == ["fact", "figure", "proposal"]
    assert found.met == {("figure", "figure"): 1, ("fact", "proposal"): 1, ("fact", "fact"): 1}


def test_a_number_from_few_units_is_told_to_be() -> None:
    found = figure(told(part(TWO_LABELS, TWO_LABELS)), "label", "alpha_nominal")
    assert found.how == "Reliable. But only 2 were compared."


def test_a_line_of_a_breakdown_has_a_figure_of_each_aspect() -> None:
    parts = [by_chance(random.Random(seed)) for seed in range(3)]
    whole = told(*parts)
    asked = [answers.figures[0] for answers in whole.attributes]
    expected = [whole.found[3], whole.found[1], whole.boundary[0], whole.label[0], *asked, whole.relations[0]]
    assert brief(parts, SCHEME) == tuple(expected)


def test_a_minus_is_a_minus_and_nought_has_none() -> None:
    assert [printed(value) for value in (-0.25, -0.0001, 1.0)] == ["−0.250", "0.000", "1.000"]


def test_the_paragraph_for_a_paper_says_what_was_done_and_what_is_undefined() -> None:
    words = paper(told(part(TWO_LABELS, TWO_LABELS)), SCHEME).paragraph
    assert words.startswith("Two readers annotated 1 article with the codebook “News positions” (version 1).")
    assert "uα = 1.000" in words and "no relations" not in words
    assert "The F1 of relations between spans that both readers marked was undefined" in words
    assert "No intervals are given, because fewer than ten articles were compared." in words


def test_the_tables_for_a_paper_leave_out_what_nobody_answered_twice() -> None:
    labels, attributes, relations = paper(told(part(TWO_LABELS, TWO_LABELS)), SCHEME).tables
    assert relations.rows == ()
    assert [row[0] for row in labels.rows] == ["Claim", "Actor"]
    asked = [row[0] for row in attributes.rows]
    assert "Claim: Kind" in asked
    assert not {"Claim: Value", "Stance: Polarity"} & set(asked)


OURS = [span(0, 20, kind="fact"), span(40, 60, "ACTOR"), span(80, 90, "STANCE", polarity="oppose")]
THEIRS = [span(0, 18, kind="fact"), span(44, 60, "STANCE", polarity="oppose"), span(80, 90, "STANCE", polarity="mixed")]
LINES = [[line("held_by", OURS[2], OURS[1])], [line("held_by", THEIRS[2], THEIRS[1])]]


def values(found: Report) -> dict[tuple[str, str, str], float | None]:
    return {(each.of, each.key, each.value): each.measure.value for each in found.figures}


def moved_by(distance: int, spans: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "start": each["start"] + distance, "end": each["end"] + distance} for each in spans]


def readings_in(length: int, at: int = 0, furniture: Sequence[tuple[int, int]] = ()) -> Report:
    """Ours and theirs, beginning somewhere in a text."""
    spans = (moved_by(at, OURS), moved_by(at, THEIRS))
    readings = [
        Reading(name, each, lines, BOOK) for name, each, lines in zip(("ada", "ben"), spans, LINES, strict=True)
    ]
    return told(worked(length, furniture, readings))


def test_a_table_for_a_paper_has_a_line_for_each_relation() -> None:
    drawn = paper(readings_in(200), SCHEME).tables[2]
    assert drawn.rows == (("held by", "2", "1.000"),)


def test_boilerplate_however_long_changes_no_figure() -> None:
    plain = readings_in(200)
    for length in (1_000, 100_000):
        folded = readings_in(length + 200, at=length, furniture=[(0, length)])
        assert values(folded) == values(plain)


def test_text_that_nobody_labelled_changes_no_figure_but_those_that_count_gaps_and_these_hardly() -> None:
    plain, long, longer = (values(readings_in(length)) for length in (200, 20_000, 2_000_000))
    counts_gaps = {"alpha_u", "alpha_found"}
    for key, value in plain.items():
        if key[1] not in counts_gaps:
            assert long[key] == longer[key] == value, key
        elif value is not None:
            assert abs((longer[key] or 0) - (long[key] or 0)) < 0.005, key
            assert (longer[key] or 0) < 0.95, key


def test_spans_of_one_reader_that_overlap_are_compared_each_on_its_own() -> None:
    """Nested, stacked and crossing: a claim with an actor in it, a stance on the same words, one that crosses both."""
    stack = [span(0, 40), span(0, 12, "ACTOR"), span(0, 40, "STANCE"), span(30, 60), span(80, 90, "ACTOR")]
    same = told(part(stack, stack))
    for key, value in values(same).items():
        assert value in (1, None), key
    assert figure(same, "found", "f1_exact").measure.units == 10
    assert figure(same, "label", "percent").measure.units == 5
    without_the_nested = told(part(stack, [each for each in stack if each["end"] != 12]))
    assert figure(without_the_nested, "found", "f1_exact").measure.value == pytest.approx(2 * 4 / 9)
    assert without_the_nested.met[("ACTOR", None)] == 1
    assert (figure(without_the_nested, "found", "alpha_u", "ACTOR").measure.value or 1) < 1
    assert figure(without_the_nested, "found", "alpha_u", "STANCE").measure.value == 1
