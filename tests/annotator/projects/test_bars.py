"""Counts as parts of a bar."""

import pytest

from annotator.projects.bars import WIDTH, stacked

KINDS = [("gold", "gold", "green"), ("reading", "being read", "slate")]


@pytest.mark.parametrize(
    ("counts", "places", "shares"),
    [
        ({"gold": 1, "reading": 3}, [(0, 250), (250, 750)], [25, 75]),
        ({"reading": 2}, [(0, 0), (0, 1000)], [0, 100]),
        ({}, [(0, 0), (0, 0)], [0, 0]),
        ({"gold": 5, "other": 7}, [(0, 1000), (1000, 0)], [100, 0]),
    ],
)
def test_parts_stand_side_by_side(counts: dict[str, int], places: list[tuple[float, float]], shares: list[int]) -> None:
    bar = stacked("Articles", KINDS, counts)
    assert [(part.x, part.width) for part in bar.parts] == places
    assert [part.share for part in bar.parts] == shares


def test_the_parts_fill_the_bar() -> None:
    bar = stacked("Articles", KINDS, {"gold": 1, "reading": 2})
    assert abs(sum(part.width for part in bar.parts) - WIDTH) < 0.02


def test_the_bar_in_words_leaves_out_what_is_not_there() -> None:
    assert stacked("Articles", KINDS, {"gold": 2}).in_words == "Articles: 2 gold"
    assert stacked("Articles", KINDS, {}).in_words == "Articles: nothing yet"
