"""Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: its printed examples, and what must hold."""

import random
from collections.abc import Hashable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement.measures.alpha import (
    alpha_interval,
    alpha_nominal,
    alpha_of_coincidences,
    alpha_ordinal,
    alpha_per_value,
    coincidences,
)
from annotator.agreement.measures.result import NEARLY_ALIKE, NO_VARIATION, NOTHING_CODED_TWICE, Measure
from tests.annotator.agreement.measures import naive

Table = list[list[int | None]]


def columns(*coders: str) -> list[tuple[str | None, ...]]:
    """Units × coders from one string per coder; a full stop is a missing code."""
    return [tuple(None if code == "." else code for code in unit) for unit in zip(*coders, strict=True)]


TWO_CODERS_BINARY = columns("0100000010", "1110010000")
TWO_CODERS_NOMINAL = columns("aabbdcccedda", "babbbccceddd")
FOUR_CODERS = [
    [None if code is None else int(code) for code in unit]
    for unit in columns("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
]

COINCIDENCES: list[list[float]] = [
    [7, 4 / 3, 1 / 3, 1 / 3, 0],
    [4 / 3, 10, 4 / 3, 1 / 3, 0],
    [1 / 3, 4 / 3, 8, 1 / 3, 0],
    [1 / 3, 1 / 3, 1 / 3, 4, 0],
    [0, 0, 0, 0, 3],
]


def value(measure: Measure) -> float:
    assert measure.value is not None, measure.reason
    return measure.value


def test_binary_data_of_two_coders() -> None:
    measure = alpha_nominal(TWO_CODERS_BINARY)
    assert round(value(measure), 3) == 0.095
    assert (measure.units, measure.coders, measure.left_out) == (10, 2, 0)
    assert measure.observed == pytest.approx(0.6)


def test_nominal_data_of_two_coders() -> None:
    assert round(value(alpha_nominal(TWO_CODERS_NOMINAL)), 3) == 0.692


def test_nominal_data_of_four_coders_with_missing_codes() -> None:
    measure = alpha_nominal(FOUR_CODERS)
    assert round(value(measure), 3) == 0.743
    assert (measure.units, measure.coders, measure.left_out) == (11, 4, 1)


def test_ordinal_data_of_four_coders_with_missing_codes() -> None:
    assert round(value(alpha_ordinal(FOUR_CODERS)), 3) == 0.815


def test_interval_data_of_four_coders_with_missing_codes() -> None:
    assert round(value(alpha_interval(FOUR_CODERS)), 3) == 0.849


def test_the_three_coders_of_reference_works() -> None:
    """Fifteen units, more than half of the codes missing: the example that encyclopaedias print for alpha."""
    codes = columns(".....34121133.3", "1.213343.......", "..21344.21133.4")
    numbers = [[None if code is None else int(code) for code in unit] for unit in codes]
    measure = alpha_nominal(numbers)
    assert round(value(measure), 3) == 0.691
    assert round(value(alpha_interval(numbers)), 3) == 0.811
    assert (measure.units, measure.coders, measure.left_out) == (12, 3, 3)


def test_the_printed_coincidence_matrix() -> None:
    values, matrix = coincidences(FOUR_CODERS)
    order = [values.index(number) for number in (1, 2, 3, 4, 5)]
    assert matrix[order][:, order] == pytest.approx(np.array(COINCIDENCES), abs=1e-12)


def test_alpha_from_the_coincidence_matrix_is_alpha_from_the_codes() -> None:
    numbers = [1, 2, 3, 4, 5]
    assert round(value(alpha_of_coincidences(COINCIDENCES)), 3) == 0.743
    assert round(value(alpha_of_coincidences(COINCIDENCES, "ordinal")), 3) == 0.815
    assert round(value(alpha_of_coincidences(COINCIDENCES, "interval", numbers=numbers)), 3) == 0.849


def test_alpha_per_value_collapses_to_one_value_against_the_rest() -> None:
    measures = alpha_per_value(FOUR_CODERS)
    assert set(measures) == {1, 2, 3, 4, 5}
    for kept, measure in measures.items():
        collapsed = [[code if code is None else code == kept for code in unit] for unit in FOUR_CODERS]
        assert value(measure) == pytest.approx(value(alpha_nominal(collapsed)), abs=1e-12)
        assert measure.units == sum(kept in unit for unit in naive.pairable(FOUR_CODERS))


def test_six_digits_against_the_definition() -> None:
    chance = random.Random(2011)
    for _ in range(20):
        codes = some_codes(chance, units=30, coders=chance.randint(2, 5), values=4, missing=0.3)
        nominal, ordinal = naive.alpha(codes, naive.nominal), naive.alpha(codes, naive.ordinal(codes))
        assert value(alpha_nominal(codes)) == pytest.approx(nominal, abs=1e-9)
        assert value(alpha_ordinal(codes)) == pytest.approx(ordinal, abs=1e-9)
        assert value(alpha_interval(codes)) == pytest.approx(naive.alpha(codes, naive.squared), abs=1e-9)
        for kept, measure in alpha_per_value(codes).items():
            collapsed = [[code if code is None else code == kept for code in unit] for unit in codes]
            assert value(measure) == pytest.approx(naive.alpha(collapsed, naive.nominal), abs=1e-9)


def test_a_unit_coded_by_fewer_than_two_is_left_out_of_every_sum() -> None:
    lonely: Table = [[9, None, None, None], [None] * 4, [None, None, 1, None]]
    with_them, without = alpha_nominal(FOUR_CODERS + lonely), alpha_nominal(FOUR_CODERS)
    assert with_them.value == without.value
    assert with_them.left_out == without.left_out + 3
    assert alpha_interval(FOUR_CODERS + lonely).value == alpha_interval(FOUR_CODERS).value


def test_ranks_put_an_order_on_names_and_may_tie() -> None:
    ranks = {"oppose": 0, "neutral": 1, "mixed": 1, "support": 2}
    names = {1: "oppose", 2: "neutral", 3: "support"}
    numbers = [[1, 2], [3, 3], [2, 2], [1, 1], [3, 2]]
    named = [[names[code] for code in unit] for unit in numbers]
    tied = [["mixed" if code == "neutral" else code for code in unit] for unit in named]
    assert value(alpha_ordinal(named, ranks)) == pytest.approx(value(alpha_ordinal(numbers)))
    assert value(alpha_ordinal(tied, ranks)) == pytest.approx(value(alpha_ordinal(numbers)))
    assert alpha_ordinal([["mixed", "neutral"], ["mixed", "mixed"]], ranks).reason == NO_VARIATION


def test_large_numbers_keep_their_small_differences() -> None:
    small = [[1, 2], [3, 3], [7, 8], [4, 4]]
    days = [[738_000_000 + day for day in unit] for unit in small]
    assert value(alpha_interval(days)) == pytest.approx(value(alpha_interval(small)), abs=1e-12)


def test_perfect_agreement_is_exactly_one() -> None:
    for coders in (2, 3, 4, 7):
        codes = [[code] * coders for code in (1, 1, 2, 3)]
        measures = [alpha_nominal(codes), alpha_ordinal(codes), alpha_interval(codes)]
        assert [measure.value for measure in measures] == [1.0, 1.0, 1.0]
        assert all(measure.value == 1.0 for measure in alpha_per_value(codes).values())


def test_systematic_disagreement_is_negative_and_shown_as_it_is() -> None:
    measure = alpha_nominal([[1, 2], [2, 1]] * 50)
    assert measure.value == pytest.approx(-0.99)
    assert measure.observed == 0


def test_one_deviating_code_among_many_equal_ones_is_explained() -> None:
    measure = alpha_nominal([[1, 1]] * 99 + [[1, 2]])
    assert abs(value(measure)) < 0.01
    assert measure.observed == pytest.approx(0.99)
    assert measure.notes == (NEARLY_ALIKE,)


def test_chance_is_about_zero() -> None:
    chance = random.Random(4)
    codes = some_codes(chance, units=4_000, coders=3, values=4, missing=0.2)
    for measure in (alpha_nominal(codes), alpha_ordinal(codes), alpha_interval(codes)):
        assert abs(value(measure)) < 0.03


@pytest.mark.parametrize("codes", [[], [[]], [[1]], [[1, None]], [[None, None]], [[1, None], [None, 1]]])
def test_nothing_coded_twice_is_undefined(codes: Table) -> None:
    for measure in (alpha_nominal(codes), alpha_ordinal(codes), alpha_interval(codes)):
        assert (measure.value, measure.reason) == (None, NOTHING_CODED_TWICE)
        assert (measure.units, measure.left_out, measure.interval) == (0, len(codes), None)
    assert alpha_per_value(codes) == {}
    assert alpha_of_coincidences(coincidences(codes)[1]).reason == NOTHING_CODED_TWICE


def test_no_variation_is_undefined_and_tells_the_observed_agreement() -> None:
    codes = [[0.1, 0.1, 0.1]] * 3
    for measure in (alpha_nominal(codes), alpha_ordinal(codes), alpha_interval(codes)):
        assert (measure.value, measure.reason, measure.observed) == (None, NO_VARIATION, 1.0)
    assert [measure.reason for measure in alpha_per_value(codes).values()] == [NO_VARIATION]
    assert alpha_of_coincidences(coincidences(codes)[1]).reason == NO_VARIATION


def test_variation_only_among_units_that_nobody_else_coded_is_none() -> None:
    assert alpha_nominal([[1, 1], [2, None], [None, 3]]).reason == NO_VARIATION


@pytest.mark.parametrize(
    ("codes", "words"),
    [([[1, 2], [1]], "as many codes"), ([[1, float("nan")]], "NaN")],
)
def test_malformed_codes_are_refused(codes: Table, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        alpha_nominal(codes)


@pytest.mark.parametrize("code", ["3", True, float("inf")])
def test_what_is_no_number_has_no_interval_metric(code: Hashable) -> None:
    with pytest.raises(ValueError, match="not a number"):
        alpha_interval([[1, code]])


def test_a_code_without_a_rank_is_refused() -> None:
    with pytest.raises(ValueError, match="has no rank"):
        alpha_ordinal([["low", "high"]], {"low": 1})


def test_articles_must_be_one_for_each_unit() -> None:
    with pytest.raises(ValueError, match="articles"):
        alpha_nominal([[1, 1], [2, 2]], articles=["first"])


@pytest.mark.parametrize("matrix", [[[1, 2]], [[1, 2], [3, 1]], [[1, -1], [-1, 1]], [[float("nan")]], [1, 2]])
def test_what_is_no_coincidence_matrix_is_refused(matrix: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="coincidence matrix"):
        alpha_of_coincidences(matrix)


def test_the_interval_metric_needs_a_number_for_each_row() -> None:
    with pytest.raises(ValueError, match="one number for each row"):
        alpha_of_coincidences([[1, 1], [1, 1]], "interval")


code = st.one_of(st.none(), st.integers(min_value=1, max_value=4))
tables = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(code, min_size=coders, max_size=coders), max_size=12)
)


@settings(max_examples=60, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_neither_the_order_of_coders_nor_of_units_matters(table: Table, chance: random.Random) -> None:
    order = list(range(len(table[0]) if table else 0))
    chance.shuffle(order)
    shuffled = [[unit[index] for index in order] for unit in table]
    chance.shuffle(shuffled)
    for coefficient in (alpha_nominal, alpha_ordinal, alpha_interval):
        one, other = coefficient(table), coefficient(shuffled)
        assert one.reason == other.reason
        assert one.value == pytest.approx(other.value, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=15))
def test_two_coders_never_fall_below_minus_one_nor_rise_above_one(table: Sequence[tuple[int, int]]) -> None:
    for measure in (alpha_nominal(table), alpha_ordinal(table), alpha_interval(table)):
        assert measure.value is None or -1 - 1e-12 <= measure.value <= 1


def some_codes(chance: random.Random, *, units: int, coders: int, values: int, missing: float) -> Table:
    return [
        [None if chance.random() < missing else chance.randint(1, values) for _ in range(coders)] for _ in range(units)
    ]
