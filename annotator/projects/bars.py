"""Counts as the parts of one stacked bar. Pure: the picture itself is drawn by `projects/_bar.html`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

WIDTH = 1000


@dataclass(frozen=True)
class Part:
    """One colour of the bar. `x` and `width` are in thousandths of the whole, `share` in whole per cent."""

    key: str
    name: str
    colour: str
    count: int
    x: float
    width: float
    share: int


@dataclass(frozen=True)
class Bar:
    title: str
    total: int
    parts: tuple[Part, ...]

    @property
    def in_words(self) -> str:
        """The picture for those who do not see it."""
        named = [f"{part.count} {part.name}" for part in self.parts if part.count]
        return f"{self.title}: {', '.join(named) or 'nothing yet'}"


def stacked(title: str, kinds: Iterable[tuple[str, str, str]], counts: Mapping[str, int]) -> Bar:
    """kinds: (key, name, colour) from left to right; counts by key, 0 where one is missing."""
    kinds = list(kinds)
    numbers = [counts.get(key, 0) for key, _, _ in kinds]
    total = sum(numbers)
    starts = [0, *accumulate(numbers)]
    parts = [
        Part(key, name, colour, number, *_place(start, number, total), round(100 * number / total) if total else 0)
        for (key, name, colour), number, start in zip(kinds, numbers, starts, strict=False)
    ]
    return Bar(title, total, tuple(parts))


def _place(start: int, number: int, total: int) -> tuple[float, float]:
    if not total:
        return 0, 0
    return round(WIDTH * start / total, 2), round(WIDTH * number / total, 2)
