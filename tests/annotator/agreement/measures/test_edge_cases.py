"""The table of cases in the design page on agreement, row by row, for every measure that can meet the case."""

from collections.abc import Callable, Sequence

import pytest

from annotator.agreement.measures.against_gold import against_gold
from annotator.agreement.measures.alpha import alpha_interval, alpha_nominal, alpha_ordinal
from annotator.agreement.measures.kappa import cohen, fleiss, scott
from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.result import NEARLY_ALIKE, NO_SPANS, NO_VARIATION, NOTHING_CODED_TWICE, Measure
from annotator.agreement.measures.span_f1 import span_f1, tally
from annotator.agreement.measures.unitizing import (
    alpha_cu,
    alpha_found,
    alpha_ku,
    alpha_per_label,
    alpha_u,
    unitized,
)

Codes = Sequence[tuple[int | None, int | None]]
Articles = list[ReadArticle]

OF_CODES: dict[str, Callable[[Codes], Measure]] = {
    "alpha nominal": alpha_nominal,
    "alpha ordinal": alpha_ordinal,
    "alpha interval": alpha_interval,
    "kappa": cohen,
    "pi": scott,
    "fleiss": fleiss,
}
UNITIZING: dict[str, Callable[[Articles], Measure]] = {
    "u": lambda articles: alpha_u(unitized(articles)),
    "|u": lambda articles: alpha_found(unitized(articles)),
}
OF_LABELS: dict[str, Callable[[Articles], Measure]] = {
    "cu": lambda articles: alpha_cu(unitized(articles)).measure,
}
F1: dict[str, Callable[[Articles], Measure]] = {
    "exact": lambda articles: span_f1([tally(each) for each in articles]).exact.mean,
    "half": lambda articles: span_f1([tally(each) for each in articles]).half.mean,
    "touching": lambda articles: span_f1([tally(each) for each in articles]).touching.mean,
    "gold": lambda articles: against_gold(articles, coder="Ada", gold="Ben")["partial"].f1,
}
ALL_OF_MARKS = {**UNITIZING, **OF_LABELS, **F1}

SOME: list[Mark] = [(0, 10, "A"), (20, 26, "B"), (50, 70, "A")]


def read(ada: Sequence[Mark], ben: Sequence[Mark]) -> Articles:
    return [ReadArticle(100, {"Ada": ada, "Ben": ben})]


@pytest.mark.parametrize("name", OF_CODES)
@pytest.mark.parametrize("codes", [[], [(1, None)], [(1, None), (None, 2)], [(None, None)]])
def test_codes_of_fewer_than_two_coders_or_no_unit_in_common(name: str, codes: Codes) -> None:
    measure = OF_CODES[name](codes)
    assert (measure.value, measure.reason) == (None, "undefined: nothing was coded twice")
    assert (measure.units, measure.left_out, measure.interval) == (0, len(codes), None)


@pytest.mark.parametrize("name", ALL_OF_MARKS)
@pytest.mark.parametrize(
    "articles",
    [
        [],
        [ReadArticle(100, {"Ada": SOME})],
        [ReadArticle(100, {"Ada": SOME}), ReadArticle(100, {"Ben": SOME})],
        [ReadArticle(100, {})],
    ],
)
def test_marks_of_fewer_than_two_coders_or_no_article_in_common(name: str, articles: Articles) -> None:
    measure = ALL_OF_MARKS[name](articles)
    assert (measure.value, measure.reason) == (None, "undefined: nothing was coded twice")
    assert measure.left_out == len(articles)


@pytest.mark.parametrize("name", OF_CODES)
@pytest.mark.parametrize("times", [1, 2, 50])
def test_all_codes_alike_although_all_agree(name: str, times: int) -> None:
    measure = OF_CODES[name]([(1, 1)] * times)
    assert (measure.value, measure.reason) == (None, "undefined: no variation")
    assert (measure.observed, measure.units) == (1.0, times)


def test_all_labels_alike_where_both_marked() -> None:
    marks: list[Mark] = [(0, 10, "A"), (50, 70, "A")]
    assert OF_LABELS["cu"](read(marks, marks)).reason == "undefined: no variation"
    assert alpha_ku(unitized(read(marks, marks)))["A"].measure.reason == "undefined: no variation"
    assert UNITIZING["u"](read(marks, marks)).value == 1.0


@pytest.mark.parametrize("name", ALL_OF_MARKS)
def test_nobody_marked_anything(name: str) -> None:
    measure = ALL_OF_MARKS[name](read([], []))
    expected = {**dict.fromkeys(UNITIZING, NO_VARIATION), **dict.fromkeys(F1, NO_SPANS), "cu": NOTHING_CODED_TWICE}
    assert (measure.value, measure.reason) == (None, expected[name])
    assert expected["exact"] == "no spans"


@pytest.mark.parametrize("name", [*UNITIZING, *OF_LABELS])
def test_the_whole_text_is_one_unit_for_everyone(name: str) -> None:
    measure = {**UNITIZING, **OF_LABELS}[name](read([(0, 100, "A")], [(0, 100, "A")]))
    assert (measure.value, measure.reason, measure.observed) == (None, NO_VARIATION, 1.0)


def test_the_whole_text_is_one_span_for_everyone_and_that_is_a_match() -> None:
    for measure in F1.values():
        assert measure(read([(0, 100, "A")], [(0, 100, "A")])).value == 1.0


def test_one_marked_and_the_other_finished_without_marks() -> None:
    articles = read(SOME, [])
    for measure in (*(each(articles) for each in UNITIZING.values()), *alpha_per_label(unitized(articles)).values()):
        assert measure.value is not None and -0.3 < measure.value < 0
    assert [each(articles).value for each in F1.values()] == [0.0] * 4


@pytest.mark.parametrize("name", OF_CODES)
def test_perfect_codes_with_two_values(name: str) -> None:
    assert OF_CODES[name]([(1, 1), (2, 2)]).value == 1.0


@pytest.mark.parametrize("name", ALL_OF_MARKS)
def test_perfect_marks_with_two_labels(name: str) -> None:
    assert ALL_OF_MARKS[name](read(SOME, SOME)).value == 1.0


@pytest.mark.parametrize("name", OF_CODES)
def test_systematic_disagreement_of_codes(name: str) -> None:
    measure = OF_CODES[name]([(1, 2), (2, 1)] * 20)
    assert measure.value is not None and -1 <= measure.value < -0.9
    assert measure.observed == 0


def test_systematic_disagreement_of_marks() -> None:
    articles = read([(0, 50, "A"), (50, 100, "B")], [(0, 50, "B"), (50, 100, "A")])
    for measure in (UNITIZING["u"](articles), OF_LABELS["cu"](articles)):
        assert measure.value is not None and -1 <= measure.value < -0.3


@pytest.mark.parametrize("name", OF_CODES)
def test_one_deviating_code_among_many_equal_ones(name: str) -> None:
    measure = OF_CODES[name]([(1, 1)] * 199 + [(1, 2)])
    assert measure.value is not None and abs(measure.value) < 0.01
    assert measure.observed == pytest.approx(0.995)
    assert measure.notes == (NEARLY_ALIKE,)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (7, 3)])
def test_a_span_of_no_length_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        read([(start, end, "A")], [])


@pytest.mark.parametrize("name", [*UNITIZING, *OF_LABELS])
def test_overlapping_units_of_one_coder_are_joined_before_counting_and_counted(name: str) -> None:
    measure = {**UNITIZING, **OF_LABELS}[name](read([*SOME, (5, 10, "A")], SOME))
    assert measure.value == 1.0
    assert measure.notes == ("Spans that overlapped another of the same reader and were joined with it: 1.",)
