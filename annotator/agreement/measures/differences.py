"""How two coders differ on the spans they share: where the edges lie, and which labels they gave."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.matching import HALF, aligned, left_over, match

Cell: TypeAlias = tuple[str | None, str | None]
"""The label of the first and that of the second coder; None for no span on that side."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Histograms of the differences between edges of matched spans: second coder minus first, in code points.

    matched: pairs of one label that share a character; identical: those of them with both edges the same.
    """

    starts: Mapping[int, int]
    ends: Mapping[int, int]
    matched: int
    identical: int


@dataclass(frozen=True, slots=True)
class Place:
    """Indexes of the article, and of the span of each coder in what was given; None for no span."""

    article: int
    first: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """The places behind each cell. labels: those that occur, in alphabetical order."""

    labels: tuple[str, ...]
    cells: Mapping[Cell, tuple[Place, ...]]

    def count(self, first: str | None, second: str | None) -> int:
        return len(self.cells.get((first, second), ()))


def boundary_differences(
    articles: Sequence[ReadArticle], *, first: str, second: str, label: str | None = None
) -> Boundaries:
    """Compare edges of spans of one label, or of all, that two coders matched from one character on."""
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    identical = 0
    for ours, theirs in _pairs_of_marks(articles, first, second, label):
        starts[theirs[0] - ours[0]] += 1
        ends[theirs[1] - ours[1]] += 1
        identical += ours == theirs
    return Boundaries(
        starts=dict(sorted(starts.items())),
        ends=dict(sorted(ends.items())),
        matched=starts.total(),
        identical=identical,
    )


def confusion(articles: Sequence[ReadArticle], *, first: str, second: str, least: float = HALF) -> Confusion:
    """Which label one coder gave where the other gave which, or none.

    least: the intersection over union from which two spans are the same place; 0 takes one character.
    """
    cells: dict[Cell, list[Place]] = defaultdict(list)
    for index, article in enumerate(articles):
        if {first, second} <= article.marks.keys():
            _place(cells, index, article.marks[first], article.marks[second], least)
    labels = {label for cell in cells for label in cell if label is not None}
    return Confusion(tuple(sorted(labels)), {cell: tuple(places) for cell, places in cells.items()})


def _pairs_of_marks(
    articles: Sequence[ReadArticle], first: str, second: str, label: str | None
) -> list[tuple[Mark, Mark]]:
    found: list[tuple[Mark, Mark]] = []
    for article in articles:
        if {first, second} <= article.marks.keys():
            ours, theirs = article.marks[first], article.marks[second]
            found.extend((ours[pair.first], theirs[pair.second]) for pair in match(ours, theirs))
    return [(mine, other) for mine, other in found if label in (None, mine[2])]


def _place(
    cells: dict[Cell, list[Place]], article: int, ours: Sequence[Mark], theirs: Sequence[Mark], least: float
) -> None:
    pairs = [pair for pair in aligned(ours, theirs) if pair.overlap >= least]
    for pair in pairs:
        cell = ours[pair.first][2], theirs[pair.second][2]
        cells[cell].append(Place(article, pair.first, pair.second))
    for index in left_over(ours, {pair.first for pair in pairs}):
        cells[ours[index][2], None].append(Place(article, index, None))
    for index in left_over(theirs, {pair.second for pair in pairs}):
        cells[None, theirs[index][2]].append(Place(article, None, index))
