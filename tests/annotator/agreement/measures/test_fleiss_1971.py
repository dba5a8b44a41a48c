"""Fleiss (1971), Measuring Nominal Scale Agreement among Many Raters: the paper's table, and a well-known other."""

import random
from collections.abc import Sequence

import pytest

from annotator.agreement.measures.kappa import fleiss
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE
from tests.annotator.agreement.measures import naive
from tests.annotator.agreement.measures.tables import value

PATIENTS = (
    "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 "
    "144444 124444 222333 144444 224445 333335 111455 111112 224444 133555 "
    "555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"
).split()

FOURTEEN_RATERS = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip


def spelled_out(counts: Sequence[int]) -> list[int]:
    return [category for category, count in enumerate(counts) for _ in range(count)]


def test_thirty_patients_and_six_psychiatrists() -> None:
    measure = fleiss([list(patient) for patient in PATIENTS])
    assert round(value(measure), 3) == 0.430
    assert measure.observed == pytest.approx(0.5556, abs=0.0001)
    assert (measure.units, measure.left_out, measure.notes) == (30, 0, ())


def test_ten_subjects_and_fourteen_raters() -> None:
    measure = fleiss([spelled_out(counts) for counts in FOURTEEN_RATERS])
    assert round(value(measure), 3) == 0.210
    assert (measure.units, measure.coders) == (10, 14)


def test_six_digits_against_the_definition() -> None:
    chance = random.Random(1971)
    for _ in range(10):
        coders = chance.randint(2, 5)
        codes = [[chance.choice("aabc") for _ in range(coders)] for _ in range(20)]
        assert value(fleiss(codes)) == pytest.approx(naive.pi(codes), abs=1e-9)


def test_who_coded_a_unit_does_not_matter() -> None:
    chance = random.Random(6)
    codes = [chance.sample(patient, k=6) for patient in PATIENTS]
    assert fleiss(codes).value == fleiss([list(patient) for patient in PATIENTS]).value


def test_two_of_three_coders_per_unit_are_two_codes_per_unit() -> None:
    three = [("a", "a", None), (None, "b", "a"), ("b", None, "b"), ("a", "a", None)]
    measure = fleiss(three)
    assert measure.value == fleiss([[code for code in unit if code] for unit in three]).value
    assert (measure.units, measure.coders, measure.left_out) == (4, 3, 0)


def test_units_with_another_number_of_codes_are_left_out_and_counted() -> None:
    codes: list[list[str | None]] = [list(patient) for patient in PATIENTS]
    codes += [["1", "1", None, None, None, None], ["2", None, None, None, None, None]]
    measure = fleiss(codes)
    assert (round(value(measure), 3), measure.left_out) == (0.430, 2)
    assert measure.notes == ("Left out because they do not have 6 answers: 1.",)


def test_of_two_equally_frequent_numbers_of_codes_the_larger_is_taken() -> None:
    measure = fleiss([("a", "a", "b"), ("b", "b", None)])
    assert (measure.units, measure.left_out) == (1, 1)
    assert measure.observed == pytest.approx(1 / 3)


def test_perfect_agreement_is_exactly_one() -> None:
    for coders in (2, 3, 6):
        assert fleiss([[code] * coders for code in "aabc"]).value == 1.0


def test_chance_is_about_zero() -> None:
    chance = random.Random(8)
    assert abs(value(fleiss([[chance.choice("aab") for _ in range(4)] for _ in range(4_000)]))) < 0.03


def test_undefined_outcomes_have_their_reason() -> None:
    assert fleiss([]).reason == NOTHING_CODED_TWICE
    assert fleiss([("a", None, None)]).reason == NOTHING_CODED_TWICE
    assert (fleiss([tuple("aaa")] * 3).reason, fleiss([tuple("aaa")] * 3).observed) == (NO_VARIATION, 1.0)
