"""Scott (1955), Reliability of Content Analysis: pi.

The worked example is the table of three answers and 45 items that reference works print for pi.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement.measures.alpha import alpha_nominal
from annotator.agreement.measures.kappa import fleiss, scott
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE
from tests.annotator.agreement.measures import naive
from tests.annotator.agreement.measures.tables import units, value

ANSWERS = units([[1, 2, 3], [4, 5, 6], [7, 8, 9]], ("yes", "no", "maybe"))


def test_the_table_of_45_items() -> None:
    measure = scott(ANSWERS)
    assert measure.observed == pytest.approx(15 / 45)
    expected = 0.2**2 + (30 / 90) ** 2 + (42 / 90) ** 2
    assert expected == pytest.approx(0.369, abs=0.0005)
    assert value(measure) == pytest.approx((15 / 45 - expected) / (1 - expected))
    assert value(measure) == pytest.approx(-0.057, abs=0.001)


def test_six_digits_against_the_definition() -> None:
    chance = random.Random(1955)
    for _ in range(20):
        codes = [(chance.choice("abc"), chance.choice("aabc")) for _ in range(40)]
        assert value(scott(codes)) == pytest.approx(naive.pi(codes), abs=1e-9)


def test_pi_is_fleiss_kappa_of_two_coders() -> None:
    assert scott(ANSWERS) == fleiss(ANSWERS)


def test_pi_and_alpha_meet_as_the_data_grow() -> None:
    gaps = [value(alpha_nominal(ANSWERS * times)) - value(scott(ANSWERS * times)) for times in (1, 10, 100)]
    assert gaps[0] > gaps[1] > gaps[2] > 0
    assert gaps[2] < 1e-3


def test_perfect_agreement_is_exactly_one_and_perfect_disagreement_minus_one() -> None:
    assert scott(units([[3, 0, 0], [0, 5, 0], [0, 0, 7]], "abc")).value == 1.0
    assert scott(units([[0, 4], [4, 0]], "ab")).value == -1.0


def test_chance_is_about_zero() -> None:
    chance = random.Random(3)
    codes = [(chance.choice("aab"), chance.choice("aab")) for _ in range(10_000)]
    assert abs(value(scott(codes))) < 0.03


def test_undefined_outcomes_have_their_reason() -> None:
    assert scott([]).reason == NOTHING_CODED_TWICE
    assert scott([("a", None)]).reason == NOTHING_CODED_TWICE
    assert scott([("a", "a")] * 3).reason == NO_VARIATION
    assert scott([("a", "a")] * 3).observed == 1.0


def test_pi_of_three_coders_is_refused() -> None:
    with pytest.raises(ValueError, match="two coders"):
        scott([("a", "a", "b")])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=15))
def test_pi_is_the_same_from_both_sides_and_stays_between_minus_one_and_one(
    codes: list[tuple[str, str]],
) -> None:
    one, other = scott(codes), scott([(second, first) for first, second in codes])
    assert one.value == other.value
    assert one.value is None or -1 <= one.value <= 1
