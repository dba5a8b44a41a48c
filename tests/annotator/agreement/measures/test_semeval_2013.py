"""Segura-Bedmar, Martínez and Herrero-Zazo (2013), SemEval-2013 task 9.1: the four schemes and their outcomes.

The scenarios and the totals are those of the table that goes with the task's evaluation metrics, of six golden
and six found names: one missed, one spurious, two right, one wrong label, one wrong edge, one with both wrong.
"""

import pytest

from annotator.agreement.measures.against_gold import SCHEMES, Scheme, against_gold
from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.result import NO_SPANS, NOTHING_CODED_TWICE

GOLD = [
    (0, 7, "BRAND"),
    (23, 31, "DRUG"),
    (40, 47, "DRUG"),
    (50, 59, "DRUG"),
    (60, 72, "DRUG"),
    (85, 99, "GROUP"),
]
FOUND = [
    (10, 17, "DRUG"),
    (20, 31, "DRUG"),
    (40, 47, "BRAND"),
    (50, 59, "DRUG"),
    (60, 72, "DRUG"),
    (80, 99, "DRUG"),
]


def scored(found: list[Mark], gold: list[Mark]) -> dict[str, Scheme]:
    article = ReadArticle(100, {"Ada": found, "gold": gold})
    return dict(against_gold([article], coder="Ada", gold="gold"))


def outcome(scheme: Scheme) -> tuple[int, int, int, int, int]:
    return scheme.correct, scheme.incorrect, scheme.partial, scheme.missed, scheme.spurious


def test_the_printed_totals() -> None:
    schemes = scored(FOUND, GOLD)
    assert outcome(schemes["type"]) == (3, 2, 0, 1, 1)
    assert outcome(schemes["partial"]) == (3, 0, 2, 1, 1)
    assert outcome(schemes["exact"]) == (3, 2, 0, 1, 1)
    assert outcome(schemes["strict"]) == (2, 3, 0, 1, 1)


def test_the_printed_precision_and_recall() -> None:
    printed = {"type": 3 / 6, "partial": 4 / 6, "exact": 3 / 6, "strict": 2 / 6}
    for name, scheme in scored(FOUND, GOLD).items():
        for measure in (scheme.precision, scheme.recall, scheme.f1):
            assert measure.value == pytest.approx(printed[name])
        assert (scheme.precision.units, scheme.recall.units, scheme.f1.units) == (6, 6, 12)


@pytest.mark.parametrize(
    ("found", "gold", "strict", "exact", "partial", "label"),
    [
        ((5, 9, "A"), (5, 9, "A"), "COR", "COR", "COR", "COR"),
        ((5, 9, "A"), None, "SPU", "SPU", "SPU", "SPU"),
        (None, (5, 9, "A"), "MIS", "MIS", "MIS", "MIS"),
        ((5, 9, "B"), (5, 9, "A"), "INC", "COR", "COR", "INC"),
        ((3, 9, "A"), (5, 9, "A"), "INC", "INC", "PAR", "COR"),
        ((3, 9, "B"), (5, 9, "A"), "INC", "INC", "PAR", "INC"),
    ],
)
def test_each_scenario(
    found: Mark | None, gold: Mark | None, strict: str, exact: str, partial: str, label: str
) -> None:
    schemes = scored([found] if found else [], [gold] if gold else [])
    for name, expected in zip(SCHEMES, (strict, exact, partial, label), strict=True):
        counts = dict(zip(("COR", "INC", "PAR", "MIS", "SPU"), outcome(schemes[name]), strict=True))
        assert counts == {**dict.fromkeys(counts, 0), expected: 1}


def test_a_span_answers_one_golden_span_only() -> None:
    whole, halves = [(0, 20, "A")], [(0, 9, "A"), (9, 20, "A")]
    assert outcome(scored(whole, halves)["partial"]) == (0, 0, 1, 1, 0)
    assert outcome(scored(halves, whole)["partial"]) == (0, 0, 1, 0, 1)


def test_the_right_label_is_answered_before_the_better_fitting_wrong_one() -> None:
    schemes = scored([(0, 10, "B"), (0, 8, "A")], [(0, 10, "A")])
    assert outcome(schemes["type"]) == (1, 0, 0, 0, 1)


def test_perfect_is_one_and_the_same_span_twice_counts_once() -> None:
    for scheme in scored([*GOLD, GOLD[0]], GOLD).values():
        assert (scheme.precision.value, scheme.recall.value, scheme.f1.value) == (1.0, 1.0, 1.0)


def test_nothing_found_and_nothing_golden() -> None:
    missed, spurious, nothing = scored([], GOLD)["strict"], scored(GOLD, [])["strict"], scored([], [])["strict"]
    assert (missed.precision.reason, missed.recall.value, missed.f1.value) == (NO_SPANS, 0.0, 0.0)
    assert (spurious.precision.value, spurious.recall.reason, spurious.f1.value) == (0.0, NO_SPANS, 0.0)
    assert nothing.precision.reason == nothing.recall.reason == nothing.f1.reason == NO_SPANS


def test_articles_that_either_lacks_are_left_out_and_counted() -> None:
    lonely = [ReadArticle(100, {"Ada": FOUND}), ReadArticle(100, {"gold": GOLD, "Ben": GOLD})]
    scheme = against_gold(lonely, coder="Ada", gold="gold")["strict"]
    assert (scheme.f1.reason, scheme.f1.left_out) == (NOTHING_CODED_TWICE, 2)
    both = [*lonely, ReadArticle(100, {"Ada": FOUND, "gold": GOLD, "Ben": GOLD})]
    scheme = against_gold(both, coder="Ada", gold="gold")["strict"]
    assert scheme.f1.value == pytest.approx(1 / 3)
    assert scheme.f1.left_out == 2
