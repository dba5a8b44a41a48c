"""Counts by day as a picture and a forecast."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.workflow.pace import HEIGHT, RECENT, WIDTH, forecast, picture

TODAY = datetime.date(2026, 3, 31)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def test_the_pace_is_that_of_the_last_days() -> None:
    found = forecast({ago(100): 500, ago(13): 14, ago(0): 14}, left=20, today=TODAY)
    assert (found.rate, found.days) == (2.0, RECENT)
    assert found.end == TODAY + datetime.timedelta(days=10)
    assert found.in_words == (
        "At the pace of the last 14 days, 2.0 readings a day, the last of 20 readings still wanted will be in around "
        "10 April 2026."
    )


def test_young_work_is_counted_from_its_first_day() -> None:
    found = forecast({ago(1): 3, ago(0): 3}, left=1, today=TODAY)
    assert (found.rate, found.days, found.end) == (3.0, 2, TODAY + datetime.timedelta(days=1))
    assert "the one reading still wanted" in found.in_words
    assert "the last day, 5.0 readings" in forecast({TODAY: 5}, left=9, today=TODAY).in_words


@pytest.mark.parametrize(
    ("counts", "left", "words"),
    [
        ({ago(40): 9}, 5, "There is no forecast, for nothing was handed in during the last 14 days."),
        ({}, 5, "There is no forecast, for nothing was handed in during the last day."),
        ({ago(0): 9}, 0, "All readings that are wanted are handed in."),
        (
            {ago(13): 1},
            10_000,
            "At the pace of the last 14 days, 0.1 readings a day, it would take more than ten years.",
        ),
    ],
)
def test_where_nobody_can_say_it_says_so(counts: dict[datetime.date, int], left: int, words: str) -> None:
    found = forecast(counts, left=left, today=TODAY)
    assert (found.end, found.in_words) == (None, words)


def test_nothing_counted_is_no_picture() -> None:
    assert picture({}, goal=9, today=TODAY) is None


def test_the_picture_adds_up_to_what_was_counted() -> None:
    found = picture({ago(10): 2, ago(5): 3}, goal=10, today=TODAY)
    assert found is not None
    assert [(step.count, step.total, step.x, step.y) for step in found.steps] == [
        (2, 2, 0.0, HEIGHT * 0.8), (3, 5, WIDTH / 2, HEIGHT / 2),
    ]  # fmt: skip
    assert (found.first, found.last, found.total, found.ahead) == (ago(10), TODAY, 5, "")
    assert found.line == f"0,{HEIGHT} 0.0,144.0 360.0,90.0 720.0,90.0"
    assert [step.day for step in found.latest] == [ago(5), ago(10)]


def test_a_forecast_leads_to_the_goal_or_out_of_the_picture() -> None:
    near = picture({ago(10): 5}, goal=10, today=TODAY, end=ago(-10))
    assert near is not None and near.ahead == "360.0,90.0 720.0,0.0"
    far = picture({ago(10): 5}, goal=10, today=TODAY, end=ago(-1000))
    assert far is not None and far.last == ago(-34)
    assert far.ahead.endswith(f",{round(HEIGHT * (1 - (5 + 5 * 34 / 1000) / 10), 1)}")


DAYS = st.dictionaries(st.integers(0, 2000).map(ago), st.integers(1, 50), min_size=1, max_size=40)


@given(DAYS, st.integers(0, 3000))
def test_every_point_lies_inside_and_the_curve_never_falls(counts: dict[datetime.date, int], goal: int) -> None:
    left = max(0, goal - sum(counts.values()))
    found = picture(counts, goal=goal, today=TODAY, end=forecast(counts, left=left, today=TODAY).end)
    assert found is not None and found.total == sum(counts.values())
    points = [tuple(map(float, pair.split(","))) for pair in f"{found.line} {found.ahead}".split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert points == sorted(points, key=lambda point: (point[0], -point[1]))
