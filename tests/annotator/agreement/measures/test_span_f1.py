import random
from collections.abc import Sequence

import pytest

from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.result import NO_SPANS, NOTHING_CODED_TWICE, Measure
from annotator.agreement.measures.span_f1 import Counts, SpanF1, span_f1, tally
from tests.annotator.agreement.measures.tables import value

ADA = [(0, 10, "CLAIM"), (20, 30, "CLAIM"), (40, 50, "ACTOR"), (60, 70, "ACTOR")]
BEN = [(0, 10, "CLAIM"), (20, 28, "CLAIM"), (49, 60, "ACTOR"), (60, 70, "STANCE")]


def f1(*articles: ReadArticle, label: str | None = None) -> SpanF1:
    return span_f1([tally(article) for article in articles], label=label)


def read(**marks: Sequence[Mark]) -> ReadArticle:
    return ReadArticle(100, marks)


def test_exact_half_and_touching_count_ever_more() -> None:
    found = f1(read(Ada=ADA, Ben=BEN))
    assert found.exact.mean.value == pytest.approx(2 * 1 / 8)
    assert found.half.mean.value == pytest.approx(2 * 2 / 8)
    assert found.touching.mean.value == pytest.approx(2 * 3 / 8)
    assert (found.exact.mean.units, found.exact.mean.coders) == (8, 2)


def test_a_half_is_enough_and_less_is_not() -> None:
    half, less = read(Ada=[(0, 10, "A")], Ben=[(0, 5, "A")]), read(Ada=[(0, 11, "A")], Ben=[(0, 5, "A")])
    assert (f1(half).half.mean.value, f1(less).half.mean.value) == (1.0, 0.0)


def test_counts_are_kept_by_label() -> None:
    counts = tally(read(Ada=ADA, Ben=BEN))["Ada", "Ben"]
    assert counts["CLAIM"] == Counts(first=2, second=2, exact=1, half=2, touching=2)
    assert counts["ACTOR"] == Counts(first=2, second=1, exact=0, half=0, touching=1)
    assert counts["STANCE"] == Counts(first=0, second=1)
    assert f1(read(Ada=ADA, Ben=BEN), label="CLAIM").exact.mean.value == pytest.approx(0.5)
    assert f1(read(Ada=ADA, Ben=BEN), label="STANCE").exact.mean.value == 0.0


def test_labels_add_up_to_the_whole() -> None:
    whole = f1(read(Ada=ADA, Ben=BEN)).touching.mean
    parts = [f1(read(Ada=ADA, Ben=BEN), label=label).touching.mean for label in ("CLAIM", "ACTOR", "STANCE")]
    assert whole.units == sum(part.units for part in parts)
    assert value(whole) * whole.units == pytest.approx(sum(value(part) * part.units for part in parts))


def test_articles_are_added_up_before_the_ratio_is_taken() -> None:
    many, one = read(Ada=ADA, Ben=ADA), read(Ada=[(0, 1, "A")], Ben=[])
    assert f1(many, one).exact.mean.value == pytest.approx(2 * 4 / 9)


def test_the_mean_over_pairs_with_the_least_and_the_greatest() -> None:
    found = f1(read(Ada=ADA, Ben=BEN, Cleo=ADA)).exact
    assert {pair: measure.value for pair, measure in found.pairs.items()} == {
        ("Ada", "Ben"): 0.25,
        ("Ada", "Cleo"): 1.0,
        ("Ben", "Cleo"): 0.25,
    }
    assert found.mean.value == pytest.approx(0.5)
    assert (found.least.value, found.greatest.value) == (0.25, 1.0)
    assert (found.mean.units, found.mean.coders) == (12, 3)
    assert found.mean.notes == ("Mean of 3 pairs of readers.",)


def test_coders_who_never_met_are_no_pair() -> None:
    found = f1(read(Ada=ADA, Ben=ADA), read(Ben=BEN, Cleo=BEN), read(Ada=ADA)).exact
    assert list(found.pairs) == [("Ada", "Ben"), ("Ben", "Cleo")]
    assert (found.mean.value, found.mean.left_out) == (1.0, 1)
    assert found.pairs["Ada", "Ben"].left_out == 2


def test_pairs_without_spans_are_left_out_of_the_mean_and_told() -> None:
    found = f1(read(Ada=[], Ben=[], Cleo=ADA, Dora=ADA)).exact
    assert found.pairs["Ada", "Ben"].reason == NO_SPANS
    assert found.mean.value == pytest.approx(1 / 5)
    assert (found.least.value, found.greatest.value) == (0.0, 1.0)
    assert found.mean.notes == ("Mean of 5 pairs of readers; pairs without spans: 1.",)


def test_the_same_span_twice_counts_once_and_nested_spans_all_count() -> None:
    nested = [(0, 30, "A"), (5, 20, "A"), (6, 9, "A")]
    assert f1(read(Ada=[*nested, *nested], Ben=nested)).exact.mean.value == 1.0
    assert f1(read(Ada=[*nested, *nested], Ben=nested)).exact.mean.units == 6


def test_it_is_the_same_from_both_sides() -> None:
    chance = random.Random(1)
    for _ in range(30):
        ours, theirs = some_marks(chance), some_marks(chance)
        there, back = f1(read(Ada=ours, Ben=theirs)), f1(read(Ada=theirs, Ben=ours))
        for one, other in zip(measures(there), measures(back), strict=True):
            assert (one.value, one.reason) == (other.value, other.reason)


def test_stricter_never_counts_more() -> None:
    chance = random.Random(2)
    for _ in range(30):
        exact, half, touching = (
            value(each) for each in measures(f1(read(Ada=[(0, 1, "A"), *some_marks(chance)], Ben=some_marks(chance))))
        )
        assert 0 <= exact <= half <= touching <= 1


def test_perfect_is_one() -> None:
    assert [each.value for each in measures(f1(read(Ada=ADA, Ben=ADA, Cleo=list(reversed(ADA)))))] == [1.0] * 3


def test_one_marked_and_the_other_finished_without_marks() -> None:
    assert [each.value for each in measures(f1(read(Ada=ADA, Ben=[])))] == [0.0] * 3


def test_nobody_marked_anything() -> None:
    for measure in measures(f1(read(Ada=[], Ben=[]), read(Ada=[], Ben=[]))):
        assert (measure.value, measure.reason, measure.coders) == (None, NO_SPANS, 2)


@pytest.mark.parametrize("articles", [[], [read()], [read(Ada=ADA)], [read(Ada=ADA), read(Ben=ADA)]])
def test_nothing_read_twice_is_undefined(articles: list[ReadArticle]) -> None:
    for measure in measures(f1(*articles)):
        assert (measure.value, measure.reason) == (None, NOTHING_CODED_TWICE)
        assert measure.left_out == len(articles)


def measures(found: SpanF1) -> list[Measure]:
    return [found.exact.mean, found.half.mean, found.touching.mean]


def some_marks(chance: random.Random) -> list[Mark]:
    starts = [chance.randrange(80) for _ in range(chance.randint(1, 9))]
    return [(start, start + chance.randint(1, 15), chance.choice("AB")) for start in starts]
