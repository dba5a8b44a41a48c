"""Artstein and Poesio (2008), Inter-Coder Agreement for Computational Linguistics: examples, and the edge cases."""

import pytest

from annotator.agreement.measures.alpha import alpha_nominal
from annotator.agreement.measures.kappa import cohen, fleiss, observed_agreement, scott
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE
from tests.annotator.agreement.measures.tables import units, value

PAGE_558 = units([[20, 20], [10, 50]], ("statement", "request"))
PAGE_568 = units([[46, 6, 0], [0, 32, 0], [0, 6, 10]], ("statement", "request", "check"))


def test_two_dialogue_acts() -> None:
    assert observed_agreement(PAGE_558).value == pytest.approx(0.7)
    assert round(value(scott(PAGE_558)), 3) == 0.341
    assert round(value(cohen(PAGE_558)), 3) == 0.348


def test_three_dialogue_acts() -> None:
    assert observed_agreement(PAGE_568).value == pytest.approx(0.88)
    assert value(scott(PAGE_568)) == pytest.approx(0.7995, abs=0.0001)
    assert value(cohen(PAGE_568)) == pytest.approx(0.8013, abs=0.0001)
    assert value(alpha_nominal(PAGE_568)) == pytest.approx(0.8005, abs=0.0001)


def test_observed_agreement_weighs_a_unit_by_its_pairs() -> None:
    measure = observed_agreement([("a", "a", "b"), ("a", "a", None), ("a", None, None)])
    assert measure.value == pytest.approx(2 / 4)
    assert (measure.units, measure.coders, measure.left_out) == (2, 3, 1)


def test_observed_agreement_of_equal_codes_is_one() -> None:
    assert observed_agreement([("a", "a")] * 3).value == 1.0
    assert observed_agreement([]).reason == NOTHING_CODED_TWICE


@pytest.mark.parametrize("measure", [alpha_nominal, cohen, scott, fleiss])
def test_where_libraries_differ_no_variation_is_neither_one_nor_zero(measure) -> None:  # type: ignore[no-untyped-def]
    outcome = measure([("a", "a")] * 5)
    assert (outcome.value, outcome.reason, outcome.observed) == (None, NO_VARIATION, 1.0)
    assert outcome.interval is None


@pytest.mark.parametrize("measure", [alpha_nominal, cohen, scott, fleiss, observed_agreement])
@pytest.mark.parametrize("codes", [[], [("a", None)], [(None, None)], [("a", None), (None, "a")]])
def test_where_libraries_differ_nothing_coded_twice_is_no_number(measure, codes) -> None:  # type: ignore[no-untyped-def]
    outcome = measure(codes)
    assert (outcome.value, outcome.reason) == (None, NOTHING_CODED_TWICE)
    assert (outcome.units, outcome.left_out) == (0, len(codes))


@pytest.mark.parametrize("measure", [alpha_nominal, cohen, scott, fleiss])
def test_one_deviating_code_among_many_is_near_zero(measure) -> None:  # type: ignore[no-untyped-def]
    outcome = measure([("a", "a")] * 99 + [("a", "b")])
    assert abs(outcome.value) < 0.01
    assert outcome.observed == pytest.approx(0.99)
