"""Krippendorff, Mathet, Bouvry and Widlöcher (2016), On the Reliability of Unitizing Textual Continua.

The example with three observers and a continuum of 60 is the one that Krippendorff (2019), Content Analysis, 4th
ed., Figure 12.11, prints. Its data and results are taken from published checks of other programs that cite the
figure; there |u is given as 0.413, where the figures make 0.4136, all else agrees to the digits given.
"""

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE, Measure
from annotator.agreement.measures.unitizing import (
    alpha_cu,
    alpha_found,
    alpha_ku,
    alpha_per_label,
    alpha_u,
    unitized,
)
from tests.annotator.agreement.measures import naive

FIRST = [(0, 7, "1"), (7, 13, "2"), (30, 32, "5"), (32, 37, "6"), (37, 44, "6"), (44, 60, "7")]
SECOND = [(0, 7, "1"), (7, 13, "3"), (13, 21, "5"), (32, 44, "6")]
THIRD = [(0, 7, "1"), (7, 13, "4"), (13, 21, "5"), (32, 37, "6"), (37, 41, "6"), (41, 44, "6")]
PRINTED = [ReadArticle(60, {"Ada": FIRST, "Ben": SECOND, "Cleo": THIRD})]


def value(measure: Measure) -> float:
    assert measure.value is not None, measure.reason
    return measure.value


def article(length: int, *coders: list[Mark]) -> ReadArticle:
    return ReadArticle(length, {f"coder {number}": marks for number, marks in enumerate(coders)})


def test_u_of_the_printed_example() -> None:
    measure = alpha_u(unitized(PRINTED))
    assert round(value(measure), 3) == 0.510
    assert (measure.units, measure.coders, measure.left_out, measure.notes) == (16, 3, 0, ())


def test_found_or_not_of_the_printed_example() -> None:
    assert value(alpha_found(unitized(PRINTED))) == pytest.approx(0.413, abs=0.001)


def test_cu_of_the_printed_example() -> None:
    assert round(value(alpha_cu(unitized(PRINTED)).measure), 3) == 0.724


def test_the_values_of_the_printed_example_and_their_coverage() -> None:
    values = alpha_ku(unitized(PRINTED))
    assert {name: values[name].measure.value for name in "123456"} == {
        "1": 1.0, "2": 0.0, "3": 0.0, "4": 0.0, "5": 1.0, "6": 1.0
    }  # fmt: skip
    assert values["5"].coverage == pytest.approx(8 / 18)
    assert (values["7"].coverage, values["7"].measure.reason) == (0.0, NOTHING_CODED_TWICE)


def test_six_digits_against_every_pair_of_characters() -> None:
    chance = random.Random(2016)
    for _ in range(12):
        articles = some_articles(chance, articles=chance.randint(1, 3), length=25)
        work = unitized(articles)
        assert value(alpha_u(work)) == pytest.approx(naive.alpha_u(articles), abs=1e-9)
        assert value(alpha_found(work)) == pytest.approx(naive.alpha_found(articles), abs=1e-9)
        assert value(alpha_cu(work).measure) == pytest.approx(naive.alpha_cu(articles), abs=1e-9)
        for label, measure in alpha_per_label(work).items():
            assert value(measure) == pytest.approx(naive.alpha_of_label(articles, label), abs=1e-9)
        for label, covered in alpha_ku(work).items():
            expected, coverage = naive.alpha_ku(articles, label)
            assert value(covered.measure) == pytest.approx(expected, abs=1e-9)
            assert covered.coverage == pytest.approx(coverage)


def test_the_order_of_coders_and_articles_does_not_matter() -> None:
    chance = random.Random(7)
    articles = some_articles(chance, articles=3, length=30)
    turned = [ReadArticle(each.length, dict(reversed(list(each.marks.items())))) for each in reversed(articles)]
    for coders in permutations(PRINTED[0].marks.items()):
        assert alpha_u(unitized([ReadArticle(60, dict(coders))])) == alpha_u(unitized(PRINTED))
    assert value(alpha_u(unitized(turned))) == pytest.approx(value(alpha_u(unitized(articles))), abs=1e-12)
    cu, uc = alpha_cu(unitized(articles)).measure, alpha_cu(unitized(turned)).measure
    assert value(cu) == pytest.approx(value(uc), abs=1e-12)


def test_perfect_agreement_is_exactly_one() -> None:
    for coders in (2, 3, 4):
        work = unitized([article(40, *[[(0, 7, "A"), (7, 9, "B"), (20, 33, "A")]] * coders)])
        assert (alpha_u(work).value, alpha_found(work).value, alpha_cu(work).measure.value) == (1.0, 1.0, 1.0)
        assert [each.value for each in alpha_per_label(work).values()] == [1.0, 1.0]
        assert [each.measure.value for each in alpha_ku(work).values()] == [1.0, 1.0]


def test_chance_is_about_zero() -> None:
    chance = random.Random(5)
    articles = [article(4_000, *[scattered(chance, length=4_000, labels="AB") for _ in range(3)]) for _ in range(40)]
    work = unitized(articles)
    for measure in (alpha_u(work), alpha_found(work), alpha_cu(work).measure):
        assert abs(value(measure)) < 0.03


def test_nobody_marked_anything() -> None:
    work = unitized([article(50, [], []), article(20, [], [], [])])
    measure = alpha_u(work)
    assert (measure.reason, measure.observed, measure.units) == (NO_VARIATION, 1.0, 0)
    assert alpha_found(work).reason == NO_VARIATION
    assert alpha_cu(work).measure.reason == NOTHING_CODED_TWICE
    assert (alpha_cu(work).coverage, alpha_ku(work), alpha_per_label(work)) == (None, {}, {})


def test_the_whole_text_is_one_unit_for_everyone() -> None:
    work = unitized([article(50, [(0, 50, "A")], [(0, 50, "A")])])
    assert alpha_u(work).reason == alpha_found(work).reason == NO_VARIATION
    assert alpha_cu(work).measure.reason == alpha_ku(work)["A"].measure.reason == NO_VARIATION


@pytest.mark.parametrize("articles", [[], [article(50)], [article(50, [(0, 5, "A")])], [article(0, [], [])]])
def test_nothing_read_twice_is_undefined(articles: list[ReadArticle]) -> None:
    work = unitized(articles)
    for measure in (alpha_u(work), alpha_found(work), alpha_cu(work).measure):
        assert (measure.value, measure.reason) == (None, NOTHING_CODED_TWICE)
    assert alpha_u(work).left_out == sum(len(each.marks) < 2 for each in articles)


def test_one_marked_and_the_other_finished_without_marks() -> None:
    work = unitized([article(100, [(10, 20, "A"), (50, 70, "A")], [])])
    for measure in (alpha_u(work), alpha_found(work), alpha_per_label(work)["A"]):
        assert -0.2 < value(measure) < 0
    assert alpha_cu(work).measure.reason == NOTHING_CODED_TWICE
    assert alpha_cu(work).coverage == 0


def test_systematic_disagreement_is_negative() -> None:
    work = unitized([article(40, [(0, 20, "A"), (20, 40, "B")], [(0, 20, "B"), (20, 40, "A")])])
    assert value(alpha_u(work)) < -0.3
    assert value(alpha_cu(work).measure) < -0.3


def test_a_coder_who_did_not_read_an_article_is_missing_there_not_silent() -> None:
    marks = [(3, 9, "A"), (12, 20, "B")]
    read = [article(40, marks, marks), article(40, [(5, 30, "A")])]
    silent = [article(40, marks, marks), article(40, [(5, 30, "A")], [])]
    measure = alpha_u(unitized(read))
    assert (measure.value, measure.left_out, measure.units) == (1.0, 1, 4)
    assert value(alpha_u(unitized(silent))) < 1


def test_coders_may_differ_from_article_to_article() -> None:
    marks = [(3, 9, "A"), (12, 20, "B")]
    articles = [ReadArticle(40, {"Ada": marks, "Ben": marks}), ReadArticle(30, {"Cleo": marks, "Ada": marks})]
    measure = alpha_u(unitized(articles))
    assert (measure.value, measure.coders, measure.units) == (1.0, 3, 8)


def test_a_unit_cut_in_two_against_the_whole_one_gives_one() -> None:
    whole = [(0, 20, "A"), (30, 34, "A")]
    halves = [(0, 8, "A"), (8, 20, "A"), (30, 34, "A")]
    work = unitized([article(50, whole, halves)])
    assert (alpha_u(work).value, alpha_u(work).units) == (1.0, 5)


def test_overlaps_of_one_label_are_joined_first_and_counted() -> None:
    other = [(2, 10, "A"), (20, 26, "A")]
    joined = [(0, 12, "A"), (20, 25, "A")]
    pieces = [(5, 12, "A"), (0, 9, "A"), (3, 4, "A"), (20, 25, "A"), (20, 25, "A")]
    work, plain = unitized([article(40, pieces, other)]), unitized([article(40, joined, other)])
    for measure, expected in (
        (alpha_u(work), alpha_u(plain)),
        (alpha_found(work), alpha_found(plain)),
        (alpha_cu(work).measure, alpha_cu(plain).measure),
        (alpha_per_label(work)["A"], alpha_per_label(plain)["A"]),
        (alpha_ku(work)["A"].measure, alpha_ku(plain)["A"].measure),
    ):
        assert (measure.value, measure.units) == (expected.value, expected.units)
        assert measure.notes == ("Spans that overlapped another of the same reader and were joined with it: 3.",)
        assert expected.notes == ()


def test_labels_that_overlap_each_other_do_not_disturb_each_others_alpha() -> None:
    claims = [[(0, 20, "CLAIM"), (30, 44, "CLAIM")], [(0, 18, "CLAIM")]]
    actors = [[(5, 9, "ACTOR")], [(5, 9, "ACTOR"), (10, 12, "ACTOR")]]
    together = unitized([article(60, *[[*claim, *actor] for claim, actor in zip(claims, actors, strict=True)])])
    alone = unitized([article(60, *claims)])
    assert alpha_per_label(together)["CLAIM"] == alpha_u(alone)
    assert alpha_found(together).value == alpha_found(alone).value
    assert alpha_found(together).notes == (
        "Spans that overlapped another of the same reader and were joined with it: 3.",
    )


def test_several_labels_of_one_coder_on_one_place_are_compared_as_a_set() -> None:
    nested = [(0, 20, "CLAIM"), (5, 9, "ACTOR")]
    agreed = unitized([article(40, nested, nested)])
    assert alpha_u(agreed).value == alpha_cu(agreed).measure.value == 1.0
    assert alpha_u(agreed).notes == ("Characters under several labels of one reader, compared as sets of labels: 8.",)
    sets = [(0, 5, "CLAIM"), (5, 9, "ACTOR and CLAIM"), (9, 20, "CLAIM")]
    plain = [(0, 22, "CLAIM")]
    work, spelled_out = unitized([article(40, nested, plain)]), unitized([article(40, sets, plain)])
    assert alpha_u(work).value == alpha_u(spelled_out).value
    assert alpha_cu(work).measure.value == alpha_cu(spelled_out).measure.value


def test_a_label_inside_another_is_a_value_of_its_own() -> None:
    first = [(0, 20, "CLAIM"), (5, 9, "ACTOR"), (25, 30, "ACTOR")]
    second = [(0, 20, "CLAIM"), (25, 30, "ACTOR")]
    values = alpha_ku(unitized([article(40, first, second)]))
    assert values["CLAIM"].measure.value == 1.0
    assert values["CLAIM"].coverage == values["ACTOR"].coverage == 1.0
    assert 0 < value(values["ACTOR"].measure) < 1


def test_more_labels_than_a_number_has_bits() -> None:
    labels = [f"label {number}" for number in range(150)]
    first = [(4 * place, 4 * place + 3, label) for place, label in enumerate(labels)]
    second = [(4 * place, 4 * place + 3, label) for place, label in enumerate(reversed(labels))]
    assert alpha_u(unitized([article(600, first, first)])).value == 1.0
    same_place_only = unitized([article(600, first, second)])
    assert alpha_found(same_place_only).value == 1.0
    assert value(alpha_cu(same_place_only).measure) < 0.01
    turned = [(start, end, labels[(place + 62) % 150]) for place, (start, end, _) in enumerate(first)]
    assert value(alpha_cu(unitized([article(600, first, turned)])).measure) < 0.01
    work = unitized([article(600, [*first, (0, 600, "all")], [*first, (0, 600, "all")])])
    assert alpha_u(work).value == 1.0


def test_a_long_gap_does_not_raise_agreement_without_bound() -> None:
    first, second = [(0, 10, "A"), (20, 30, "A")], [(0, 10, "A"), (24, 34, "A")]
    values = [value(alpha_u(unitized([article(length, first, second)]))) for length in (100, 10_000, 10**7)]
    assert values[0] < values[1] < values[2] < 0.81
    assert values[2] - values[1] < 0.002


def test_a_mark_that_does_not_fit_the_text_is_refused() -> None:
    for start, end in ((5, 5), (9, 5), (-1, 5), (0, 11)):
        with pytest.raises(ValueError, match="does not fit"):
            article(10, [(start, end, "A")], [])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_two_coders_never_rise_above_one_and_agree_with_themselves(seed: int) -> None:
    chance = random.Random(seed)
    ours, theirs = (scattered(chance, length=60, labels="AB") for _ in range(2))
    work, same = unitized([article(60, ours, theirs)]), unitized([article(60, ours, ours)])
    for measure in (alpha_u(work), alpha_found(work), alpha_cu(work).measure):
        assert measure.value is None or measure.value <= 1
    assert alpha_u(same).value in (1.0, None)
    assert (alpha_u(same).value is None) == (not ours)


def some_articles(chance: random.Random, *, articles: int, length: int) -> list[ReadArticle]:
    """Articles with two to four coders each, whose units never overlap, and all of whom mark something."""
    return [
        article(length, *[scattered(chance, length=length, labels="ABC") for _ in range(chance.randint(2, 4))])
        for _ in range(articles)
    ]


def scattered(chance: random.Random, *, length: int, labels: str) -> list[Mark]:
    marks, place = [], chance.randint(0, 5)
    while place < length:
        end = min(length, place + chance.randint(1, 9))
        marks.append((place, end, chance.choice(labels)))
        place = end + chance.choice((0, 0, 1, 3, 8))
    return marks
