"""Cohen (1960), A Coefficient of Agreement for Nominal Scales: its two tables, and what must hold of kappa."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement.measures.kappa import cohen, cohen_pairs
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE
from tests.annotator.agreement.measures import naive
from tests.annotator.agreement.measures.tables import units, value

DIAGNOSES = ("schizophrenia", "neurosis", "brain damage")
PAGE_37 = units([[25, 13, 12], [12, 2, 16], [3, 15, 2]], DIAGNOSES)
PAGE_45 = units([[88, 14, 18], [10, 40, 10], [2, 6, 12]], DIAGNOSES)


def test_the_table_on_page_37() -> None:
    measure = cohen(PAGE_37)
    assert measure.observed == pytest.approx(0.29)
    assert value(measure) == pytest.approx((0.29 - 0.35) / (1 - 0.35))


def test_the_table_on_page_45() -> None:
    measure = cohen(PAGE_45)
    assert measure.observed == pytest.approx(0.70)
    assert round(value(measure), 3) == 0.492
    assert (measure.units, measure.coders, measure.left_out) == (200, 2, 0)


def test_six_digits_against_the_definition() -> None:
    chance = random.Random(1960)
    for _ in range(20):
        codes = [tuple(chance.choice("abc.") for _ in range(2)) for _ in range(40)]
        missing = [tuple(None if code == "." else code for code in unit) for unit in codes]
        assert value(cohen(missing)) == pytest.approx(naive.cohen(missing), abs=1e-9)


def test_kappa_rises_when_coders_differ_about_how_frequent_a_label_is() -> None:
    alike = units([[20, 20], [20, 40]], "ab")
    apart = units([[20, 40], [0, 40]], "ab")
    assert cohen(alike).observed == cohen(apart).observed == pytest.approx(0.6)
    assert value(cohen(apart)) > value(cohen(alike))


def test_a_unit_that_one_did_not_code_is_left_out() -> None:
    measure = cohen([*PAGE_45, ("neurosis", None), (None, None)])
    assert (measure.value, measure.left_out) == (cohen(PAGE_45).value, 2)


def test_perfect_agreement_is_exactly_one_and_perfect_disagreement_minus_one() -> None:
    assert cohen(units([[3, 0, 0], [0, 5, 0], [0, 0, 7]], "abc")).value == 1.0
    assert cohen(units([[0, 4], [4, 0]], "ab")).value == -1.0


def test_chance_is_about_zero() -> None:
    chance = random.Random(3)
    codes = [(chance.choice("aab"), chance.choice("abbb")) for _ in range(10_000)]
    assert abs(value(cohen(codes))) < 0.03


@pytest.mark.parametrize("codes", [[], [("a", None)], [(None, None), (None, "b")]])
def test_nothing_coded_twice_is_undefined(codes: list[tuple[str | None, str | None]]) -> None:
    measure = cohen(codes)
    assert (measure.value, measure.reason, measure.left_out) == (None, NOTHING_CODED_TWICE, len(codes))


def test_no_variation_is_undefined_and_tells_the_observed_agreement() -> None:
    measure = cohen([("a", "a")] * 9)
    assert (measure.value, measure.reason, measure.observed) == (None, NO_VARIATION, 1.0)


def test_one_value_each_and_never_the_same_is_no_better_than_chance() -> None:
    assert cohen([("a", "b")] * 9).value == 0.0


def test_more_coders_are_compared_two_by_two_and_never_averaged() -> None:
    codes = [("a", "a", "b"), ("b", "b", "b"), ("a", "b", None), ("b", "b", "a")]
    table = cohen_pairs(codes, ["Ada", "Ben", "Cleo"])
    assert list(table) == [("Ada", "Ben"), ("Ada", "Cleo"), ("Ben", "Cleo")]
    assert table["Ada", "Cleo"] == cohen([(first, third) for first, _, third in codes])
    assert table["Ada", "Cleo"].left_out == 1


def test_kappa_of_three_coders_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="two coders"):
        cohen([("a", "a", "b")])
    with pytest.raises(ValueError, match="one for each coder"):
        cohen_pairs([("a", "a")], ["Ada", "Ben", "Cleo"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=15))
def test_kappa_is_the_same_from_both_sides_and_stays_between_minus_one_and_one(
    codes: list[tuple[str, str]],
) -> None:
    one, other = cohen(codes), cohen([(second, first) for first, second in codes])
    assert one.value == pytest.approx(other.value)
    assert one.value is None or -1 <= one.value <= 1
