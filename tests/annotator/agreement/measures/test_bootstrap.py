import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from annotator.agreement.measures.against_gold import against_gold
from annotator.agreement.measures.alpha import alpha_interval, alpha_nominal, alpha_ordinal, alpha_per_value
from annotator.agreement.measures.bootstrap import Resampling, interval
from annotator.agreement.measures.kappa import cohen, fleiss, observed_agreement, scott
from annotator.agreement.measures.marks import ReadArticle
from annotator.agreement.measures.result import Interval, Measure
from annotator.agreement.measures.span_f1 import span_f1, tally
from annotator.agreement.measures.unitizing import (
    alpha_cu,
    alpha_found,
    alpha_ku,
    alpha_per_label,
    alpha_u,
    unitized,
)
from tests.annotator.agreement.measures import naive

FEW = Resampling(draws=60, seed=9)
CHANCE = random.Random(12)


def some_units(coders: int) -> list[list[int | None]]:
    numbers = [[CHANCE.randint(1, 3) for _ in range(coders)] for _ in range(CHANCE.randint(2, 6))]
    return [[None if coders > 2 and CHANCE.random() < 0.2 else code for code in unit] for unit in numbers]


def some_article() -> ReadArticle:
    marks = {}
    for coder in ("Ada", "Ben", "Cleo"):
        starts = sorted(CHANCE.sample(range(0, 90, 10), 4))
        marks[coder] = [(start, start + CHANCE.randint(4, 10), CHANCE.choice("AB")) for start in starts]
    return ReadArticle(100, marks)


TWO = [some_units(2) for _ in range(12)]
THREE = [some_units(3) for _ in range(12)]
READ = [some_article() for _ in range(12)]

UNITIZED: dict[str, Callable[..., Measure]] = {
    "u": alpha_u,
    "found": alpha_found,
    "cu": lambda work, **options: alpha_cu(work, **options).measure,
    "ku": lambda work, **options: alpha_ku(work, **options)["A"].measure,
    "per label": lambda work, **options: alpha_per_label(work, **options)["B"],
}


@pytest.mark.parametrize(
    ("measure", "data"),
    [
        (alpha_nominal, THREE),
        (alpha_ordinal, THREE),
        (alpha_interval, THREE),
        (lambda codes, **options: alpha_per_value(codes, **options)[2], THREE),
        (cohen, TWO),
        (scott, TWO),
        (fleiss, TWO),
        (observed_agreement, THREE),
    ],
)
def test_intervals_of_codes_are_those_of_computing_anew(
    measure: Callable[..., Measure], data: list[list[list[int | None]]]
) -> None:
    codes = [unit for article in data for unit in article]
    articles = [number for number, article in enumerate(data) for _ in article]
    found = measure(codes, articles=articles, resampling=FEW).interval

    def anew(drawn: Sequence[Any]) -> float | None:
        return measure([unit for article in drawn for unit in article], resampling=None).value

    assert found is not None
    assert (found.low, found.high) == pytest.approx(naive.interval_of(data, anew, draws=60, seed=9), abs=1e-9)
    assert (found.draws, found.seed, found.articles, found.undefined) == (60, 9, 12, 0)


@pytest.mark.parametrize("name", UNITIZED)
def test_intervals_of_units_are_those_of_computing_anew(name: str) -> None:
    measure = UNITIZED[name]
    found = measure(unitized(READ), resampling=FEW).interval

    def anew(drawn: Sequence[Any]) -> float | None:
        return measure(unitized(drawn), resampling=None).value

    assert found is not None
    assert (found.low, found.high) == pytest.approx(naive.interval_of(READ, anew, draws=60, seed=9), abs=1e-9)


def test_intervals_of_f1_are_those_of_computing_anew() -> None:
    found = span_f1([tally(article) for article in READ], resampling=FEW)
    pair = ("Ada", "Cleo")

    def mean(drawn: Sequence[Any]) -> float | None:
        return span_f1([tally(article) for article in drawn], resampling=None).half.mean.value

    def of_pair(drawn: Sequence[Any]) -> float | None:
        return span_f1([tally(article) for article in drawn], resampling=None).half.pairs[pair].value

    for measure, anew in ((found.half.mean, mean), (found.half.pairs[pair], of_pair)):
        assert measure.interval is not None
        expected = naive.interval_of(READ, anew, draws=60, seed=9)
        assert (measure.interval.low, measure.interval.high) == pytest.approx(expected, abs=1e-9)


def test_intervals_against_gold_are_those_of_computing_anew() -> None:
    found = against_gold(READ, coder="Ada", gold="Ben", resampling=FEW)["partial"].f1.interval

    def anew(drawn: Sequence[Any]) -> float | None:
        return against_gold(drawn, coder="Ada", gold="Ben", resampling=None)["partial"].f1.value

    assert found is not None
    assert (found.low, found.high) == pytest.approx(naive.interval_of(READ, anew, draws=60, seed=9), abs=1e-9)


def test_from_fewer_than_ten_articles_there_is_no_interval() -> None:
    for count, has_one in ((9, False), (10, True)):
        codes = [unit for article in THREE[:count] for unit in article]
        articles = [number for number, article in enumerate(THREE[:count]) for _ in article]
        assert (alpha_nominal(codes, articles=articles).interval is not None) == has_one
        assert (alpha_u(unitized(READ[:count])).interval is not None) == has_one
        assert (span_f1([tally(each) for each in READ[:count]]).exact.mean.interval is not None) == has_one
        scheme = against_gold(READ[:count], coder="Ada", gold="Ben")["strict"]
        assert (scheme.recall.interval is not None) == has_one


def test_articles_that_fewer_than_two_read_do_not_count_towards_ten() -> None:
    alone = ReadArticle(100, {"Ada": []})
    assert alpha_u(unitized([*READ[:9], alone, alone])).interval is None
    assert span_f1([tally(each) for each in [*READ[:9], alone]]).exact.mean.interval is None


def test_a_pair_of_coders_needs_ten_articles_of_its_own() -> None:
    together = [ReadArticle(100, {name: each.marks[name] for name in ("Ada", "Ben")}) for each in READ[:4]]
    found = span_f1([tally(each) for each in [*READ[:9], *together]])
    assert found.exact.pairs["Ada", "Ben"].interval is not None
    assert found.exact.pairs["Ada", "Cleo"].interval is None


def test_without_articles_or_resampling_there_is_no_interval() -> None:
    codes = [unit for article in THREE for unit in article]
    assert alpha_nominal(codes).interval is None
    assert alpha_nominal(codes, articles=list(range(len(codes))), resampling=None).interval is None
    assert alpha_u(unitized(READ), resampling=None).interval is None


def test_two_thousand_draws_are_taken_and_the_same_seed_gives_the_same_interval() -> None:
    first, again = alpha_u(unitized(READ)).interval, alpha_u(unitized(READ)).interval
    other = alpha_u(unitized(READ), resampling=Resampling(seed=2)).interval
    assert first is not None and other is not None
    assert first == again
    assert (first.draws, first.seed, other.seed) == (2_000, 1, 2)
    assert first.low != other.low
    assert first.low == pytest.approx(other.low, abs=0.05)


def test_the_interval_holds_the_value_and_narrows_with_more_articles() -> None:
    few, many = alpha_u(unitized(READ)), alpha_u(unitized(READ * 9))
    assert few.interval is not None and many.interval is not None and few.value is not None
    assert few.interval.low < few.value < few.interval.high
    assert many.interval.high - many.interval.low < (few.interval.high - few.interval.low) / 2


def test_draws_without_a_value_are_left_out_and_counted() -> None:
    def only_with_the_first(sums: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, Any]:
        return np.where(sums[:, 0] > 0, 1.0, np.nan)

    statistics = np.eye(10)[:, :1]
    found = interval(statistics, only_with_the_first, Resampling(draws=400, seed=3))
    assert found is not None
    assert (found.low, found.high) == (1.0, 1.0)
    assert found.undefined == pytest.approx(400 * 0.9**10, abs=40)
    assert interval(np.zeros((10, 1)), only_with_the_first, Resampling(draws=50)) is None


@pytest.mark.parametrize(
    ("small", "large"), [(0.1, 0.7), (0.3, 1e6 + 0.1), (1 / 3, 2 / 7), (738_000_000.1, 738_000_000.7)]
)
def test_a_draw_of_equal_numbers_has_no_value_whatever_rounding_leaves(small: float, large: float) -> None:
    codes = [(small, small)] * 5 + [(large, large)] * 5 + [(small, large)]
    articles = [*range(10), 9]
    nominal = alpha_nominal(codes, articles=articles, resampling=Resampling(draws=6_000, seed=5)).interval
    numbers = alpha_interval(codes, articles=articles, resampling=Resampling(draws=6_000, seed=5)).interval
    assert nominal is not None and numbers is not None
    assert numbers.undefined == nominal.undefined > 0


def test_a_perfect_score_has_an_interval_of_no_width() -> None:
    codes = [[number % 3, number % 3] for number in range(60)]
    found = alpha_nominal(codes, articles=[number // 3 for number in range(60)]).interval
    assert found == Interval(1.0, 1.0, draws=2_000, seed=1, articles=20)
