import pytest

from annotator.agreement.measures.matching import Pair
from annotator.agreement.measures.relation_f1 import Link, Linked, relation_f1
from annotator.agreement.measures.result import NO_RELATIONS, NOTHING_CODED_TWICE

MATCHES = (Pair(0, 1, 1.0), Pair(1, 0, 0.7), Pair(2, 2, 0.6))
FIRST: list[Link] = [("made_by", 0, 1), ("held_by", 2, 1), ("toward", 2, 0), ("made_by", 3, 1), ("toward", 2, 3)]
SECOND: list[Link] = [("made_by", 1, 0), ("held_by", 2, 1), ("toward", 1, 2)]


def test_a_relation_is_the_same_when_type_and_matched_ends_are() -> None:
    measure = relation_f1([Linked(FIRST, SECOND, MATCHES)])
    assert measure.value == pytest.approx(2 * 1 / 6)
    assert (measure.units, measure.left_out) == (6, 2)


def test_one_type_alone() -> None:
    measure = relation_f1([Linked(FIRST, SECOND, MATCHES)], kind="made_by")
    assert (measure.value, measure.units, measure.left_out) == (1.0, 2, 1)


def test_the_direction_matters_unless_the_type_is_symmetric() -> None:
    article = Linked([("contradicts", 0, 2)], [("contradicts", 2, 1)], MATCHES)
    assert relation_f1([article]).value == 0.0
    assert relation_f1([article], symmetric={"contradicts"}).value == 1.0


def test_it_is_the_same_from_both_sides() -> None:
    turned = Linked(SECOND, FIRST, [Pair(pair.second, pair.first, pair.overlap) for pair in MATCHES])
    assert relation_f1([turned]).value == relation_f1([Linked(FIRST, SECOND, MATCHES)]).value


def test_a_relation_given_twice_counts_once() -> None:
    measure = relation_f1([Linked(FIRST[:1] * 2, SECOND[:1], MATCHES)])
    assert (measure.value, measure.units) == (1.0, 2)


def test_articles_are_added_up() -> None:
    same, none = Linked(FIRST[:1], SECOND[:1], MATCHES), Linked(FIRST[:1], [], MATCHES)
    assert relation_f1([same, none]).value == pytest.approx(2 / 3)


def test_undefined_outcomes_have_their_reason() -> None:
    assert relation_f1([]).reason == NOTHING_CODED_TWICE
    assert relation_f1([Linked([], [], MATCHES)]).reason == NO_RELATIONS
    unmatched = relation_f1([Linked(FIRST, SECOND, [])])
    assert (unmatched.reason, unmatched.left_out) == (NO_RELATIONS, 8)
