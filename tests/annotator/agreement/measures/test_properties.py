"""What must hold of every measure alike, whatever paper it is from; each paper's own test has the rest.

Chance is simulated: readers who answer, mark or draw without looking at the text.
"""

import random
from collections.abc import Callable, Sequence

import pytest

from annotator.agreement.measures.alpha import alpha_interval, alpha_nominal, alpha_ordinal, alpha_per_value
from annotator.agreement.measures.kappa import cohen, fleiss, observed_agreement, scott
from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.matching import Pair
from annotator.agreement.measures.relation_f1 import Link, Linked, relation_f1
from annotator.agreement.measures.result import NO_RELATIONS, NO_SPANS, NO_VARIATION, NOTHING_CODED_TWICE, Measure
from annotator.agreement.measures.span_f1 import span_f1, tally
from annotator.agreement.measures.unitizing import (
    alpha_cu,
    alpha_found,
    alpha_ku,
    alpha_per_label,
    alpha_u,
    unitized,
)

Codes = Sequence[Sequence[int | None]]

OF_TWO: dict[str, Callable[[Codes], Measure]] = {"cohen": cohen, "scott": scott}
OF_MANY: dict[str, Callable[[Codes], Measure]] = {
    "alpha nominal": alpha_nominal,
    "alpha ordinal": alpha_ordinal,
    "alpha interval": alpha_interval,
    "alpha of a value": lambda codes: alpha_per_value(codes).get(1, alpha_nominal(codes)),
    "fleiss": fleiss,
    "percent": observed_agreement,
}
OF_CODES = {**OF_TWO, **OF_MANY}

OF_MARKS: dict[str, Callable[[list[ReadArticle]], Measure]] = {
    "u": lambda articles: alpha_u(unitized(articles)),
    "|u": lambda articles: alpha_found(unitized(articles)),
    "cu": lambda articles: alpha_cu(unitized(articles)).measure,
    "(k)u": lambda articles: alpha_ku(unitized(articles))["A"].measure,
    "u of a label": lambda articles: alpha_per_label(unitized(articles))["A"],
    "f1 exact": lambda articles: span_f1([tally(each) for each in articles]).exact.mean,
    "f1 half": lambda articles: span_f1([tally(each) for each in articles]).half.mean,
    "f1 touching": lambda articles: span_f1([tally(each) for each in articles]).touching.mean,
    "f1 of a label": lambda articles: span_f1([tally(each) for each in articles], label="A").half.mean,
}
NOT_CORRECTED = ("percent", "f1 exact", "f1 half", "f1 touching", "f1 of a label")
"""Shares of 1, which chance does not bring to 0."""


def codes_of(chance: random.Random, *, units: int, coders: int, values: int = 3) -> list[list[int | None]]:
    """Without looking."""
    return [[chance.randint(1, values) for _ in range(coders)] for _ in range(units)]


def marks_of(chance: random.Random, length: int) -> list[Mark]:
    """Without looking: units of a label, gaps between them."""
    marks, place = [], chance.randint(0, 9)
    while place + 12 < length:
        end = place + chance.randint(2, 12)
        marks.append((place, end, chance.choice("AB")))
        place = end + chance.randint(0, 12)
    return marks


def articles_of(chance: random.Random, *, articles: int, length: int, coders: str = "abc") -> list[ReadArticle]:
    return [ReadArticle(length, {coder: marks_of(chance, length) for coder in coders}) for _ in range(articles)]


# Who is called what, and what comes first, does not matter


@pytest.mark.parametrize("name", OF_CODES)
def test_the_order_of_coders_and_of_units_does_not_matter(name: str) -> None:
    chance, measure = random.Random(1), OF_CODES[name]
    for _ in range(20):
        codes = codes_of(chance, units=12, coders=2 if name in OF_TWO else 4)
        order = chance.sample(range(len(codes[0])), len(codes[0]))
        turned = [[unit[place] for place in order] for unit in chance.sample(codes, len(codes))]
        assert measure(turned).value == pytest.approx(measure(codes).value, abs=1e-12)


@pytest.mark.parametrize("name", OF_MARKS)
def test_the_order_of_readers_of_articles_and_of_marks_does_not_matter(name: str) -> None:
    chance, measure = random.Random(2), OF_MARKS[name]
    for _ in range(6):
        articles = articles_of(chance, articles=3, length=80)
        names = dict(zip("abc", chance.sample("abc", 3), strict=True))
        turned = [
            ReadArticle(
                80, {names[coder]: chance.sample(list(marks), len(marks)) for coder, marks in each.marks.items()}
            )
            for each in reversed(articles)
        ]
        assert measure(turned).value == pytest.approx(measure(articles).value, abs=1e-12)


def test_the_order_of_readers_does_not_matter_for_relations() -> None:
    chance = random.Random(3)
    for _ in range(20):
        linked = [_linked(chance) for _ in range(3)]
        turned = [Linked(each.second, each.first, each.matches) for each in linked]
        assert relation_f1(turned).value == relation_f1(linked).value


@pytest.mark.parametrize("name", [name for name in OF_CODES if name not in ("alpha ordinal", "alpha interval")])
def test_what_the_answers_are_called_does_not_matter(name: str) -> None:
    chance, measure = random.Random(4), OF_CODES[name]
    codes = codes_of(chance, units=30, coders=2)
    renamed = [[code and {1: 1, 2: 30, 3: 20}[code] for code in unit] for unit in codes]
    assert measure(renamed).value == pytest.approx(measure(codes).value, abs=1e-12)


# Perfect is one, chance is nought


@pytest.mark.parametrize("name", OF_CODES)
def test_perfect_codes_are_exactly_one(name: str) -> None:
    for coders in (2,) if name in OF_TWO else (2, 3, 5):
        assert OF_CODES[name]([[code] * coders for code in (1, 2, 2, 3, 1)]).value == 1


@pytest.mark.parametrize("name", OF_MARKS)
def test_perfect_marks_are_exactly_one(name: str) -> None:
    chance = random.Random(5)
    for coders in ("ab", "abcd"):
        same = [ReadArticle(90, dict.fromkeys(coders, marks_of(chance, 90))) for _ in range(4)]
        assert OF_MARKS[name](same).value == 1


def test_perfect_relations_are_exactly_one() -> None:
    links = [("made_by", 0, 1), ("held_by", 2, 1)]
    assert relation_f1([Linked(links, links, [Pair(place, place, 1.0) for place in range(3)])]).value == 1


@pytest.mark.parametrize("name", [name for name in OF_CODES if name not in NOT_CORRECTED])
def test_codes_by_chance_are_about_nought(name: str) -> None:
    chance = random.Random(6)
    found = [OF_CODES[name](codes_of(chance, units=400, coders=2)).value or 0 for _ in range(30)]
    assert abs(sum(found) / len(found)) < 0.02


@pytest.mark.parametrize("name", [name for name in OF_MARKS if name not in NOT_CORRECTED])
def test_marks_by_chance_are_about_nought(name: str) -> None:
    chance = random.Random(7)
    found = [OF_MARKS[name](articles_of(chance, articles=20, length=2_000, coders="ab")).value or 0 for _ in range(6)]
    assert abs(sum(found) / len(found)) < 0.02


def test_shares_by_chance_are_not_nought_and_are_not_said_to_be_corrected() -> None:
    chance = random.Random(8)
    assert observed_agreement(codes_of(chance, units=3_000, coders=2)).value == pytest.approx(1 / 3, abs=0.03)
    articles = articles_of(chance, articles=10, length=2_000, coders="ab")
    values = [OF_MARKS[name](articles).value or 0 for name in ("f1 exact", "f1 half", "f1 touching")]
    assert values == sorted(values) and 0 < values[0] < values[2]


# Each case in which there is nothing to say, for each measure

ONE_CODER: list[list[int | None]] = [[1, None], [2, None]]
ALL_MISSING: list[list[int | None]] = [[None, None], [None, None]]
APART: list[list[int | None]] = [[1, None], [None, 2]]


@pytest.mark.parametrize("codes", [[], ONE_CODER, ALL_MISSING, APART], ids=["none", "one coder", "missing", "apart"])
@pytest.mark.parametrize("name", OF_CODES)
def test_nothing_coded_twice_has_a_reason_and_no_number(name: str, codes: Codes) -> None:
    measure = OF_CODES[name](codes)
    assert (measure.value, measure.reason, measure.interval) == (None, NOTHING_CODED_TWICE, None)
    assert (measure.units, measure.left_out) == (0, len(codes))


@pytest.mark.parametrize("name", [name for name in OF_CODES if name != "percent"])
def test_one_answer_alone_is_no_variation_however_many_agree_on_it(name: str) -> None:
    for times in (1, 2, 40):
        measure = OF_CODES[name]([[1, 1]] * times)
        assert (measure.value, measure.reason, measure.observed) == (None, NO_VARIATION, 1)


WITHOUT_A: dict[str, str | None] = {
    "u": NO_VARIATION, "|u": NO_VARIATION, "cu": NOTHING_CODED_TWICE, "f1 exact": NO_SPANS, "f1 half": NO_SPANS,
    "f1 touching": NO_SPANS, "f1 of a label": NO_SPANS,
}  # fmt: skip
"""Why there is no number where nobody marked anything; the label itself is not among what is told then."""


@pytest.mark.parametrize("name", WITHOUT_A)
def test_no_marks_have_a_reason_and_no_number(name: str) -> None:
    measure = OF_MARKS[name]([ReadArticle(50, {"a": [], "b": []})])
    assert (measure.value, measure.reason) == (None, WITHOUT_A[name])


@pytest.mark.parametrize("name", OF_MARKS)
@pytest.mark.parametrize("coders", ["", "a"])
def test_an_article_that_fewer_than_two_read_is_left_out(name: str, coders: str) -> None:
    chance = random.Random(9)
    read = articles_of(chance, articles=2, length=90)
    lonely = ReadArticle(90, {coder: marks_of(chance, 90) for coder in coders})
    alone, together = OF_MARKS[name](read), OF_MARKS[name]([*read, lonely])
    assert (together.value, together.left_out) == (alone.value, alone.left_out + 1)


@pytest.mark.parametrize("name", ["cu", "(k)u"])
def test_one_label_alone_is_no_variation_where_both_marked(name: str) -> None:
    marks: list[Mark] = [(0, 9, "A"), (20, 30, "A")]
    assert OF_MARKS[name]([ReadArticle(60, {"a": marks, "b": marks})]).reason == NO_VARIATION


@pytest.mark.parametrize(
    ("linked", "reason", "left_out"),
    [
        ([], NOTHING_CODED_TWICE, 0),
        ([Linked([], [], [])], NO_RELATIONS, 0),
        ([Linked([("made_by", 0, 1)], [], [])], NO_RELATIONS, 1),
    ],
)
def test_no_relations_that_can_be_compared_have_a_reason(linked: list[Linked], reason: str, left_out: int) -> None:
    measure = relation_f1(linked)
    assert (measure.value, measure.reason, measure.left_out) == (None, reason, left_out)


def _linked(chance: random.Random) -> Linked:
    def links() -> list[Link]:
        ends = [chance.sample(range(5), 2) for _ in range(4)]
        return [(chance.choice(["made_by", "held_by"]), source, target) for source, target in ends]

    return Linked(links(), links(), [Pair(place, place, 1.0) for place in range(4)])
