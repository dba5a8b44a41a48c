"""Where things stand in the pictures of the agreement page, in units of their SVG view boxes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from annotator.agreement.figures import CHANCE, Figure
from annotator.agreement.measures.result import RELIABLE, TENTATIVE

LEFT, WIDTH, WHOLE = 6, 188, 200
"""The scale from 0 to 1 inside a view box."""


@dataclass(frozen=True)
class Band:
    """A stretch of the scale; name: low, middle or high, for coefficients that are judged by bands."""

    name: str
    x: float
    width: float


@dataclass(frozen=True)
class Scale:
    """One number between 0 and 1 with its interval; `below`: it is less than 0 and stands at the left edge."""

    bands: tuple[Band, ...]
    at: float | None
    low: float | None
    high: float | None
    below: bool


def scale(figure: Figure) -> Scale:
    value, interval = figure.measure.value, figure.measure.interval
    return Scale(
        bands=BANDS if figure.scale == CHANCE else (Band("low", 0, WHOLE),),
        at=None if value is None else place(value),
        low=place(interval.low) if interval else None,
        high=place(interval.high) if interval else None,
        below=value is not None and value < 0,
    )


def place(value: float) -> float:
    return round(LEFT + WIDTH * min(1.0, max(0.0, value)), 1)


def _bands() -> tuple[Band, ...]:
    edges = [0.0, place(TENTATIVE), place(RELIABLE), WHOLE]
    names = ("low", "middle", "high")
    return tuple(Band(name, x, round(end - x, 1)) for name, x, end in zip(names, edges, edges[1:], strict=False))


BANDS: Final = _bands()
AXIS: Final = tuple(
    (place(value), text) for value, text in ((0, "0"), (TENTATIVE, ".667"), (RELIABLE, ".800"), (1, "1"))
)
"""Where the words under a scale stand."""

NEAR: Final = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, 10_000_000))
"""Distances that are shown together, in code points: a letter, a sign or two, a word, several words."""

STEP, BAR, TOP, HEIGHT, FOOT = 64, 22, 18, 110, 22
"""Of the histogram: a bin, a bar, room for numbers above, the greatest bar, room for words below."""


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, from `y` down by `height`."""

    count: int
    x: int
    y: float
    height: float
    width: int = BAR

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def above(self) -> float:
        """Where the number stands."""
        return round(self.y - 5, 1)


@dataclass(frozen=True)
class Bin:
    """Distances from low to high, in words, with how many starts and ends lie so far apart."""

    low: int
    high: int
    name: str
    x: int
    starts: Bar
    ends: Bar

    @property
    def middle(self) -> float:
        return self.x + STEP / 2


def histogram(starts: Mapping[int, int], ends: Mapping[int, int], *, signed: bool) -> list[Bin]:
    """How far apart edges are that differ. signed: earlier and later apart, else both together."""
    bins = [*((-high, -low) for low, high in reversed(NEAR)), *NEAR] if signed else list(NEAR)
    counts = [(_within(starts, *each, signed=signed), _within(ends, *each, signed=signed)) for each in bins]
    most = max((count for pair in counts for count in pair), default=0)
    return [
        Bin(low, high, in_words(low, high), at * STEP, _bar(of_starts, at, 0, most), _bar(of_ends, at, 1, most))
        for at, ((low, high), (of_starts, of_ends)) in enumerate(zip(bins, counts, strict=True))
    ]


def _within(edges: Mapping[int, int], low: int, high: int, *, signed: bool) -> int:
    return sum(count for apart, count in edges.items() if low <= (apart if signed else abs(apart)) <= high)


def in_words(low: int, high: int) -> str:
    """A range of distances, as a person would say it."""
    if abs(high) == NEAR[-1][1]:
        return f"over {low - 1}"
    if abs(low) == NEAR[-1][1]:
        return f"under −{-high - 1}"
    words = [str(one).replace("-", "−") for one in dict.fromkeys((low, high))]
    return " to ".join(words)


def _bar(count: int, at: int, side: int, most: int) -> Bar:
    height = max(round(HEIGHT * count / most, 1), 1.5) if count else 0.0
    x = at * STEP + (STEP - 2 * BAR - 2) // 2 + side * (BAR + 2)
    return Bar(count, x, round(TOP + HEIGHT - height, 1), height)


STEPS: Final = 6


def shade(count: int, most: int) -> int:
    """From 0 for none to 6 for the most, in steps that a class can name."""
    return 0 if not count else max(1, round(STEPS * count / most))
