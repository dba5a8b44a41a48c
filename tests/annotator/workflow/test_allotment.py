"""Who gets which article, as plain values."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.workflow.allotment import deal, exact_agreement, readers_wanted

SEEDS = st.integers(0, 2**63 - 1)


def shared(number: int, share: int, seed: int) -> list[int]:
    """Positions of the articles among the first `number` that get two readers."""
    return [n for n in range(1, number + 1) if readers_wanted(n, redundancy=2, share=share, seed=seed) == 2]


@given(SEEDS, st.integers(1, 400), st.integers(0, 100))
def test_a_share_is_kept_however_many_articles_there_are(seed: int, number: int, share: int) -> None:
    assert abs(len(shared(number, share, seed)) - number * share / 100) < 3


@given(SEEDS, st.integers(0, 99))
def test_a_larger_share_only_adds(seed: int, share: int) -> None:
    assert set(shared(200, share, seed)) <= set(shared(200, share + 1, seed))


@given(SEEDS)
def test_the_share_is_spread_and_not_bunched(seed: int) -> None:
    chosen = shared(500, 20, seed)
    assert max(after - before for before, after in pairwise(chosen)) <= 13


@given(SEEDS, st.integers(1, 10_000))
def test_all_or_none_are_all_or_none(seed: int, position: int) -> None:
    assert readers_wanted(position, redundancy=3, share=100, seed=seed) == 3
    assert readers_wanted(position, redundancy=3, share=0, seed=seed) == 1


def test_projects_differ_in_the_articles_they_choose() -> None:
    assert len({tuple(shared(60, 30, seed << 58)) for seed in range(1, 30)}) > 20


A, B, C = (0, 4, "ACTOR"), (5, 9, "CLAIM"), (5, 9, "STANCE")


@pytest.mark.parametrize(
    ("readings", "rate"),
    [
        ([[A, B], [B, A]], 1.0),
        ([[A, B], [A, C]], 0.5),
        ([[A], [A, B]], 2 / 3),
        ([[A], [B]], 0.0),
        ([[A], []], 0.0),
        ([[A], [A], [B]], 1 / 3),
        ([[A], [], []], 0.0),
        ([[], []], None),
        ([[A, B]], None),
        ([], None),
    ],
)
def test_agreement_is_the_mean_of_the_pairs(readings: list[list[tuple[int, int, str]]], rate: float | None) -> None:
    assert exact_agreement(readings) == pytest.approx(rate)


def test_a_shifted_edge_is_no_agreement() -> None:
    assert exact_agreement([[(0, 4, "ACTOR")], [(0, 5, "ACTOR")]]) == 0.0


NAMES = st.text("abcdef", min_size=1, max_size=3)
PLACES = st.dictionaries(NAMES, st.integers(0, 3), max_size=12)
ROOM = st.dictionaries(NAMES, st.none() | st.integers(0, 5), max_size=5)
HAD = st.sets(st.tuples(NAMES, NAMES), max_size=20)


@given(PLACES, ROOM, HAD)
def test_nobody_gets_an_article_twice_or_more_than_they_have_room_for(
    places: dict[str, int], room: dict[str, int | None], had: set[tuple[str, str]]
) -> None:
    dealt = deal(places, room, had)
    assert len(set(dealt)) == len(dealt)
    assert not had & set(dealt)
    assert all(number <= places[article] for article, number in Counter(article for article, _ in dealt).items())
    for reader, number in Counter(reader for _, reader in dealt).items():
        most = room[reader]
        assert most is None or number <= most


@given(PLACES, ROOM, HAD)
def test_no_article_is_left_that_somebody_could_still_take(
    places: dict[str, int], room: dict[str, int | None], had: set[tuple[str, str]]
) -> None:
    dealt = deal(places, room, had)
    load, readers = Counter(reader for _, reader in dealt), Counter(article for article, _ in dealt)
    for article, wanted in places.items():
        if readers[article] < wanted:
            for reader, most in room.items():
                assert (article, reader) in {*had, *dealt} or (most is not None and load[reader] >= most)


def test_work_is_dealt_evenly_and_everybody_meets_everybody() -> None:
    places = {f"article {number}": 2 for number in range(90)}
    dealt = deal(places, dict.fromkeys("abc"), set())
    assert Counter(reader for _, reader in dealt) == {"a": 60, "b": 60, "c": 60}
    by_article: dict[str, set[str]] = {}
    for article, reader in dealt:
        by_article.setdefault(article, set()).add(reader)
    together = Counter(frozenset(readers) for readers in by_article.values())
    assert len(together) == 3 and min(together.values()) >= 15


def test_an_article_that_only_one_can_take_is_dealt_first() -> None:
    places, room = {"first": 1, "second": 1}, {"a": 1, "b": 1}
    assert sorted(deal(places, room, {("second", "b")})) == [("first", "b"), ("second", "a")]


@given(PLACES, ROOM, HAD)
def test_the_same_question_has_the_same_answer(
    places: dict[str, int], room: dict[str, int | None], had: set[tuple[str, str]]
) -> None:
    assert deal(places, room, had) == deal(dict(reversed(places.items())), dict(reversed(room.items())), had)
