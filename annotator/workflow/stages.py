"""How many articles stood at each stage from day to day: a stacked picture, and the same as a table. Pure."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 720, 200
"""Of the picture, in the units of its view box."""
TIES = 40
"""Width of the ties that lead from the bands on the last day to their names."""
FEWEST = 7
"""Days that the picture shows at least: work that began today is no wall of colour."""
MOST = 360
"""Columns of the picture at most; more days share them."""
LISTED = 30
"""Days in the table beside the picture."""

Day = datetime.date
Change = tuple[Day, str, str, int]
"""On this day so many articles went from one stage ("" when they were new) to another."""
Kind = tuple[str, str, str]
"""Key, name and colour of a stage."""


@dataclass(frozen=True)
class Band:
    """One stage in the picture. `count`: of articles that are there now; `points`: its outline; `tie`: a path from
    its end to the row of its name, empty when nothing is there now.
    """

    key: str
    name: str
    colour: str
    count: int
    points: str
    tie: str


@dataclass(frozen=True)
class Line:
    """What stood where when a day ended, in the order of the bands, and the same in words. `x`, `width`: of the days
    in the picture on which it stood so.
    """

    day: Day
    counts: tuple[int, ...]
    words: str
    x: float
    width: float


@dataclass(frozen=True)
class Stacked:
    """Bands from top to bottom. `first` and `last`: days at the edges of the picture; `begun`: when the first article
    came; `most`: articles at its full height; `latest`: days on which something changed, and the last, newest first.
    """

    bands: tuple[Band, ...]
    first: Day
    begun: Day
    last: Day
    most: int
    latest: tuple[Line, ...]

    @property
    def in_words(self) -> str:
        """The picture for those who do not see it."""
        return f"Articles by stage since {self.begun.day} {self.begun:%B %Y}; now {self.latest[0].words}"


def stacked_days(changes: Iterable[Change], kinds: Sequence[Kind], today: Day) -> Stacked | None:
    """kinds: from the bottom of the picture to its top; those where no article ever was are left out.

    None when there is no article.
    """
    standings = _standings(changes, [key for key, _, _ in kinds])
    if not standings:
        return None
    begun, last = min(standings), max(today, *standings)
    ever = [kind for kind in kinds if any(counts[kind[0]] for counts in standings.values())]
    frame = _Frame(begun, last, max(counts.total() for counts in standings.values()))
    return Stacked(
        bands=tuple(_bands(standings, ever, frame)),
        first=frame.first,
        begun=begun,
        last=last,
        most=frame.most,
        latest=tuple(_lines(standings, ever, frame)),
    )


def _standings(changes: Iterable[Change], keys: Sequence[str]) -> dict[Day, Counter[str]]:
    """By day on which something changed, what stood where when it ended: the days in order, each with all keys."""
    moved: dict[Day, Counter[str]] = {}
    for day, before, after, count in changes:
        on_day = moved.setdefault(day, Counter())
        on_day[before] -= count
        on_day[after] += count
    counts = Counter(dict.fromkeys(keys, 0))
    found = {}
    for day in sorted(moved):
        counts = Counter({key: counts[key] + moved[day][key] for key in keys})
        found[day] = counts
    return found


def _bands(standings: Mapping[Day, Counter[str]], ever: Sequence[Kind], frame: "_Frame") -> Iterator[Band]:
    """From top to bottom: each lies between the edge below it and its own."""
    columns = frame.columns(standings)
    keys = [key for key, _, _ in ever]
    tops = [[sum(counts[key] for key in keys[: place + 1]) for counts in columns] for place in range(len(keys))]
    edges = [[0] * len(columns), *tops]
    for row, place in enumerate(reversed(range(len(ever)))):
        key, name, colour = ever[place]
        below, above = edges[place], edges[place + 1]
        points = [*frame.edge(above), *reversed(frame.edge(below))]
        count = above[-1] - below[-1]
        tie = frame.tie(above[-1] - count / 2, row, len(ever)) if count else ""
        yield Band(key, name, colour, count, " ".join(points), tie)


def _lines(standings: Mapping[Day, Counter[str]], ever: Sequence[Kind], frame: "_Frame") -> Iterator[Line]:
    """Newest first; the last day stands there though nothing changed on it."""
    newest = list(standings)[::-1]
    days = [frame.last, *newest][: LISTED + 1] if newest[0] != frame.last else newest[:LISTED]
    end = float(WIDTH)
    for day in days:
        counts, x = standings.get(day, standings[newest[0]]), frame.x(day)
        known = [(counts[key], name) for key, name, _ in reversed(ever)]
        yield Line(day, tuple(count for count, _ in known), _told(known), x, round(end - x, 1))
        end = x


def _told(counts: Iterable[tuple[int, str]]) -> str:
    return ", ".join(f"{count} {name}" for count, name in counts if count)


class _Frame:
    """Where days and counts stand in the picture: each day is a step as wide as the next."""

    def __init__(self, begun: Day, last: Day, most: int) -> None:
        days = max(FEWEST, (last - begun).days + 1)
        self.first, self.last, self.most = last - datetime.timedelta(days=days - 1), last, most
        self.days = days
        self.each = -(-days // MOST)

    def columns(self, standings: Mapping[Day, Counter[str]]) -> list[Counter[str]]:
        """What stood where at the end of each column; the last one ends with the last day."""
        ends = range((self.days - 1) % self.each, self.days, self.each)
        found, days, counts = [], list(standings), Counter[str]()
        place = 0
        for end in ends:
            day = self.first + datetime.timedelta(days=end)
            while place < len(days) and days[place] <= day:
                counts = standings[days[place]]
                place += 1
            found.append(counts)
        return found

    def edge(self, levels: Sequence[int]) -> list[str]:
        """Corners of a line that steps from level to level."""
        corners = [f"0,{self.y(levels[0])}"]
        for place, (before, level) in enumerate(pairwise(levels), start=1):
            if level != before:
                x = round(WIDTH * place / len(levels), 1)
                corners += [f"{x},{self.y(before)}", f"{x},{self.y(level)}"]
        return [*corners, f"{WIDTH},{self.y(levels[-1])}"]

    def tie(self, middle: float, row: int, rows: int) -> str:
        """A curve from the middle of a band to that of its row: the rows are equally high, from top to bottom."""
        y, half = round(HEIGHT * (row + 0.5) / rows, 1), TIES / 2
        return f"M0 {self.y(middle)}C{half:g} {self.y(middle)} {half:g} {y} {TIES} {y}"

    def x(self, day: Day) -> float:
        return round(WIDTH * (day - self.first).days / self.days, 1)

    def y(self, level: float) -> float:
        return round(HEIGHT * (1 - level / max(1, self.most)), 1)
