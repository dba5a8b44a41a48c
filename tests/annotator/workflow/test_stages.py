"""How many articles stood at each stage from day to day, as a picture."""

import datetime
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.workflow.stages import FEWEST, HEIGHT, LISTED, MOST, TIES, WIDTH, Band, Change, stacked_days

TODAY = datetime.date(2026, 3, 31)
KINDS = [("gold", "gold", "green"), ("settling", "to be settled", "ochre"), ("reading", "being read", "slate")]


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def corners(band: Band) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in band.points.split())]


def edges(outline: list[tuple[float, float]]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The upper and the lower edge of a band, each from left to right."""
    right = [x for x, _ in outline].index(WIDTH) + 1
    return outline[:right], outline[right:][::-1]


def test_without_articles_there_is_no_picture() -> None:
    assert stacked_days([], KINDS, TODAY) is None


def test_bands_are_as_high_as_their_counts_and_step_when_these_change() -> None:
    changes = [(ago(7), "", "reading", 10), (ago(3), "reading", "settling", 4), (ago(1), "settling", "gold", 1)]
    found = stacked_days(changes, KINDS, TODAY)
    assert found is not None
    assert (found.begun, found.last, found.first, found.most) == (ago(7), TODAY, ago(7), 10)
    assert [(band.name, band.count, band.colour) for band in found.bands] == [
        ("being read", 6, "slate"), ("to be settled", 3, "ochre"), ("gold", 1, "green"),
    ]  # fmt: skip
    reading, settling, gold = map(corners, found.bands)
    assert gold == [(0, 200), (540, 200), (540, 180), (720, 180), (720, 200), (0, 200)]
    assert settling[:4] == [(0, 200), (360, 200), (360, 120), (720, 120)]
    assert reading == [(0, 0), (720, 0), (720, 120), (360, 120), (360, 200), (0, 200)]


def test_an_article_that_goes_back_is_counted_where_it_stands() -> None:
    changes = [
        (ago(9), "", "reading", 2), (ago(8), "reading", "settling", 2), (ago(6), "settling", "gold", 2),
        (ago(4), "gold", "settling", 1), (ago(4), "settling", "reading", 1),
    ]  # fmt: skip
    found = stacked_days(changes, KINDS, TODAY)
    assert found is not None
    assert [(line.day, line.counts) for line in found.latest] == [
        (TODAY, (1, 0, 1)), (ago(4), (1, 0, 1)), (ago(6), (0, 0, 2)), (ago(8), (0, 2, 0)), (ago(9), (2, 0, 0)),
    ]  # fmt: skip
    assert found.in_words == "Articles by stage since 22 March 2026; now 1 being read, 1 gold"


def test_a_stage_where_no_article_ever_was_is_left_out_and_one_that_is_empty_now_stays_untied() -> None:
    found = stacked_days([(ago(2), "", "reading", 3), (ago(1), "reading", "settling", 3)], KINDS, TODAY)
    assert found is not None
    assert [(band.key, band.count, bool(band.tie)) for band in found.bands] == [
        ("reading", 0, False), ("settling", 3, True),
    ]  # fmt: skip


def test_a_tie_leads_from_the_middle_of_a_band_to_the_row_of_its_name() -> None:
    found = stacked_days([(TODAY, "", "reading", 3), (TODAY, "reading", "gold", 1)], KINDS, TODAY)
    assert found is not None
    assert [band.tie.split("C")[0] for band in found.bands] == [f"M0 {HEIGHT / 3:.1f}", f"M0 {HEIGHT * 5 / 6:.1f}"]
    assert [band.tie.split()[-2:] for band in found.bands] == [[f"{TIES}", "50.0"], [f"{TIES}", "150.0"]]


def test_what_changed_twice_on_a_day_is_shown_as_the_day_ended() -> None:
    changes = [(ago(8), "", "reading", 5), (ago(2), "reading", "settling", 5), (ago(2), "settling", "reading", 5)]
    found = stacked_days(changes, KINDS, TODAY)
    assert found is not None and [line.counts for line in found.latest] == [(5,), (5,), (5,)]


def test_the_first_day_is_one_of_a_week() -> None:
    found = stacked_days([(TODAY, "", "reading", 5)], KINDS, TODAY)
    assert found is not None
    assert (found.begun, found.first, found.last) == (TODAY, ago(FEWEST - 1), TODAY)
    (line,) = found.latest
    assert (line.day, line.words, round(line.x + line.width)) == (TODAY, "5 being read", WIDTH)


def test_a_clock_that_went_back_hides_nothing() -> None:
    found = stacked_days([(ago(-1), "", "reading", 5)], KINDS, TODAY)
    assert found is not None and (found.last, found.bands[0].count) == (ago(-1), 5)


KEYS = ["reading", "settling", "gold"]
MOVES = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 40), st.permutations(KEYS)), max_size=60)


def lived(moves: list[tuple[int, int, list[str]]]) -> list[Change]:
    """Changes of articles that begin in being read and go where they can: never more than there are."""
    changes: list[Change] = [(ago(2001), "", "reading", 40)]
    standing = Counter(reading=40)
    for days, count, (before, after, _) in sorted(moves, key=lambda move: -move[0]):
        moved = min(count, standing[before])
        standing[before] -= moved
        standing[after] += moved
        changes.append((ago(days), before, after, moved))
    return changes


@given(MOVES)
def test_every_corner_lies_inside_and_bands_lie_on_one_another(moves: list[tuple[int, int, list[str]]]) -> None:
    changes = lived(moves)
    found = stacked_days(changes, KINDS, TODAY)
    assert found is not None
    bands = [corners(band) for band in found.bands]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for band in bands for x, y in band)
    now = Counter[str]()
    for _, before, after, count in changes:
        now[before] -= count
        now[after] += count
    assert {band.key: band.count for band in found.bands if band.count} == {key: now[key] for key in KEYS if now[key]}
    for upper, lower in pairwise(bands):
        assert edges(upper)[1] == edges(lower)[0]
    assert all(sum(line.counts) == found.most == 40 for line in found.latest)
    assert len(found.latest) <= LISTED + 1


def test_years_share_columns_and_the_last_one_is_today() -> None:
    changes = [(ago(3000), "", "reading", 3000), *((ago(days), "reading", "gold", 1) for days in range(2999))]
    found = stacked_days(changes, KINDS, TODAY)
    assert found is not None
    steps = {x for x, _ in corners(found.bands[0])}
    assert 100 < len(steps) <= MOST + 1
    assert {band.key: band.count for band in found.bands} == {"reading": 1, "gold": 2999}
