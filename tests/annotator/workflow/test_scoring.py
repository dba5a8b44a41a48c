"""A training reading against gold: counts that a person can check by hand."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.standoff import Span
from annotator.workflow.comparison import Voice
from annotator.workflow.scoring import Score, score


def compared(label: str) -> Collection[str]:
    return ("polarity", "kind")


def measured(own: list[Span], gold: list[Span]) -> Score:
    return score(Voice("own", own), Voice("gold", gold), compared)


def span(id: str, start: int, end: int, label: str = "STANCE", **attributes: str) -> Span:
    return Span(id, start, end, label, attributes)


def test_what_gold_has_and_nothing_else_is_all_right() -> None:
    found = measured([span("a", 0, 10, polarity="oppose")], [span("g", 0, 10, polarity="oppose")])
    assert found == Score(marked=1, wanted=1, exact=1, shared=1, asked=1, alike=1)
    assert (found.exact_f1, found.shared_f1, found.answers) == (100, 100, 100)


def test_other_edges_are_found_but_not_exact() -> None:
    found = measured([span("a", 0, 8)], [span("g", 0, 10)])
    assert (found.exact_f1, found.shared_f1) == (0, 100)


def test_another_label_is_not_found() -> None:
    found = measured([span("a", 0, 10, "CLAIM")], [span("g", 0, 10)])
    assert (found.shared, found.asked, found.shared_f1) == (0, 0, 0)


def test_f1_weighs_what_is_missing_and_what_is_too_much() -> None:
    own = [span("a", 0, 10), span("b", 20, 30), span("c", 40, 50)]
    gold = [span("g", 0, 10), *(span(f"g{place}", place, place + 5) for place in range(60, 130, 10))]
    assert measured(own, gold).shared_f1 == round(200 * 1 / (3 + 8))


def test_an_answer_that_one_of_the_two_leaves_out_is_not_alike() -> None:
    found = measured([span("a", 0, 10, polarity="oppose")], [span("g", 0, 10, polarity="oppose", kind="vote")])
    assert (found.asked, found.alike, found.answers) == (2, 1, 50)


def test_where_neither_has_a_span_nothing_can_be_measured_and_nobody_is_held_up() -> None:
    found = measured([], [])
    assert (found.exact_f1, found.shared_f1, found.answers) == (None, None, None)
    assert found.passes(spans=100, answers=100)


def test_marking_what_gold_leaves_empty_is_not_passed() -> None:
    assert not measured([span("a", 0, 10)], []).passes(spans=1, answers=None)


@pytest.mark.parametrize(
    ("spans", "answers", "passes"), [(80, None, True), (81, None, False), (80, 67, True), (80, 68, False)]
)
def test_a_mark_is_reached_at_the_number_that_is_shown(spans: int, answers: int | None, passes: bool) -> None:
    found = Score(marked=5, wanted=5, exact=3, shared=4, asked=3, alike=2)
    assert (found.shared_f1, found.answers) == (80, 67)
    assert found.passes(spans=spans, answers=answers) is passes


starts = st.lists(st.integers(0, 200), max_size=8, unique=True)


@given(starts, starts)
def test_no_rate_leaves_its_bounds_and_exact_never_beats_shared(own: list[int], gold: list[int]) -> None:
    found = measured(
        [span(f"a{start}", start, start + 7) for start in own], [span(f"g{start}", start, start + 7) for start in gold]
    )
    assert 0 <= found.exact <= found.shared <= min(found.marked, found.wanted)
    assert found.alike <= found.asked
    assert found.exact == len(set(own) & set(gold))
