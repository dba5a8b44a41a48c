import random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement.measures.marks import Mark
from annotator.agreement.measures.matching import Pair, aligned, left_over, match, overlap
from tests.annotator.agreement.measures import naive


def pairs(found: tuple[Pair, ...]) -> list[tuple[int, int]]:
    return [(pair.first, pair.second) for pair in found]


def test_overlap_is_intersection_over_union() -> None:
    assert overlap((0, 10, "A"), (5, 20, "B")) == pytest.approx(5 / 20)
    assert overlap((0, 10, "A"), (0, 10, "B")) == 1.0
    assert overlap((0, 10, "A"), (10, 20, "A")) == 0.0
    assert overlap((0, 10, "A"), (30, 40, "A")) == 0.0


def test_marks_of_one_place_and_label_match() -> None:
    assert match([(3, 9, "A")], [(3, 9, "A")]) == (Pair(0, 0, 1.0),)


def test_one_shared_character_is_enough_and_a_shared_edge_is_not() -> None:
    assert pairs(match([(0, 5, "A")], [(4, 9, "A")])) == [(0, 0)]
    assert match([(0, 5, "A")], [(5, 9, "A")]) == ()


def test_another_label_matches_only_when_labels_are_left_aside() -> None:
    assert match([(0, 5, "A")], [(0, 5, "B")]) == ()
    assert pairs(match([(0, 5, "A")], [(0, 5, "B")], same_label=False)) == [(0, 0)]


def test_each_mark_is_matched_once() -> None:
    assert pairs(match([(0, 20, "A")], [(0, 8, "A"), (8, 20, "A")])) == [(0, 1)]


def test_the_sum_of_overlaps_counts_not_the_best_single_pair() -> None:
    first, second = [(0, 10, "A"), (6, 18, "A")], [(4, 14, "A"), (14, 30, "A")]
    chosen = match(first, second)
    assert pairs(chosen) == [(0, 0), (1, 1)]
    assert overlap(first[1], second[0]) > overlap(first[0], second[0])


def test_nested_marks_find_their_own_partners() -> None:
    first = [(0, 100, "A"), (10, 50, "A"), (12, 20, "A")]
    second = [(12, 21, "A"), (0, 90, "A"), (11, 50, "A")]
    assert pairs(match(first, second)) == [(0, 1), (1, 2), (2, 0)]


def test_stacked_labels_are_told_apart_even_when_labels_are_left_aside() -> None:
    first, second = [(0, 10, "A"), (0, 10, "B")], [(0, 10, "B"), (0, 10, "A")]
    assert pairs(match(first, second, same_label=False)) == [(0, 1), (1, 0)]


def test_a_mark_given_twice_counts_once() -> None:
    twice = [(0, 5, "A"), (0, 5, "A")]
    assert pairs(match(twice, twice)) == [(0, 0)]
    assert left_over(twice, ()) == [0]


def test_between_equal_overlaps_the_label_decides_even_when_labels_are_left_aside() -> None:
    first, second = [(0, 10, "A")], [(0, 9, "B"), (1, 10, "A")]
    assert overlap(first[0], second[0]) == overlap(first[0], second[1])
    assert pairs(match(first, second, same_label=False)) == [(0, 1)]


def test_of_equal_sums_early_starts_go_together() -> None:
    first, second = [(3, 4, "A"), (5, 7, "A")], [(1, 7, "A"), (3, 9, "A")]
    assert overlap(first[0], second[1]) == overlap(first[0], second[0])
    assert overlap(first[1], second[0]) == overlap(first[1], second[1])
    assert pairs(match(first, second)) == [(0, 0), (1, 1)]
    assert pairs(match([(0, 10, "A")], [(0, 5, "A"), (5, 10, "A")])) == [(0, 0)]
    assert pairs(match([(0, 4, "A"), (6, 10, "A")], [(0, 10, "A")])) == [(0, 0)]


def test_of_equal_sums_more_pairs_are_better() -> None:
    first, second = [(0, 12, "A"), (8, 16, "A")], [(4, 12, "A"), (0, 4, "A")]
    two = overlap(first[0], second[1]) + overlap(first[1], second[0])
    assert two == pytest.approx(overlap(first[0], second[0]))
    assert pairs(match(first, second)) == [(0, 1), (1, 0)]
    others = [(start, end, "B") for start, end, _ in second]
    assert pairs(match(first, others, same_label=False)) == [(0, 1), (1, 0)]


def test_what_no_rule_decides_is_decided_the_same_way_from_both_sides() -> None:
    first = [(5, 11, "B"), (5, 8, "B"), (2, 5, "B"), (6, 12, "B")]
    second = [(6, 8, "A"), (6, 11, "A"), (5, 7, "B"), (1, 5, "A"), (2, 6, "B")]
    there, back = match(first, second, same_label=False), match(second, first, same_label=False)
    assert sorted(pairs(there)) == sorted((pair.second, pair.first) for pair in back)


def test_a_mark_both_have_goes_with_itself_before_anything_else() -> None:
    first, second = [(0, 10, "A"), (0, 5, "A")], [(0, 10, "A"), (5, 10, "A")]
    assert pairs(match(first, second)) == [(0, 0)]


def test_alignment_keeps_labels_together_although_the_crossed_ranges_fit_better() -> None:
    first, second = [(0, 10, "A"), (0, 9, "B")], [(0, 9, "A"), (0, 10, "B")]
    assert pairs(match(first, second, same_label=False)) == [(0, 1), (1, 0)]
    assert pairs(aligned(first, second)) == [(0, 0), (1, 1)]


def test_alignment_gives_what_is_left_to_the_place_it_overlaps_most() -> None:
    first = [(0, 10, "A"), (20, 30, "A")]
    second = [(0, 9, "B"), (8, 19, "A"), (21, 30, "A")]
    assert pairs(aligned(first, second)) == [(0, 0), (1, 2)]


def test_nothing_matches_nothing() -> None:
    assert match([], []) == match([], [(0, 3, "A")]) == aligned([(0, 3, "A")], []) == ()


def test_a_long_chain_of_overlaps_is_matched_in_good_time() -> None:
    first = [(10 * place, 10 * place + 12, "A") for place in range(1_000)]
    second = [(10 * place + 5, 10 * place + 17, "A") for place in range(1_000)]
    begun = perf_counter()
    assert len(match(first, second)) == 1_000
    assert perf_counter() - begun < 10


marks = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 8), st.sampled_from("AB")).map(
        lambda mark: (mark[0], mark[0] + mark[1], mark[2])
    ),
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(marks, marks, st.booleans())
def test_no_other_matching_has_a_greater_sum(first: list[Mark], second: list[Mark], same_label: bool) -> None:
    found = match(first, second, same_label=same_label)
    best = naive.best_overlap(first, second, same_label=same_label)
    assert sum(pair.overlap for pair in found) == pytest.approx(best, abs=1e-5)
    assert len({pair.first for pair in found}) == len({pair.second for pair in found}) == len(found)
    for pair in found:
        assert pair.overlap == overlap(first[pair.first], second[pair.second]) > 0
        assert not same_label or first[pair.first][2] == second[pair.second][2]


@settings(max_examples=100, deadline=None)
@given(marks, marks, st.randoms(use_true_random=False))
def test_neither_side_nor_order_matters(first: list[Mark], second: list[Mark], chance: random.Random) -> None:
    shuffled = chance.sample(first, k=len(first))
    for function in (match, aligned):
        there = {(first[pair.first], second[pair.second]) for pair in function(first, second)}
        back = {(first[pair.second], second[pair.first]) for pair in function(second, first)}
        mixed = {(shuffled[pair.first], second[pair.second]) for pair in function(shuffled, second)}
        assert there == back == mixed


@settings(max_examples=50, deadline=None)
@given(marks)
def test_a_set_matches_itself_place_by_place(given_marks: list[Mark]) -> None:
    assert [pair.overlap for pair in match(given_marks, given_marks)] == [1.0] * len(set(given_marks))
    assert all(pair.first == pair.second for pair in aligned(given_marks, given_marks))
