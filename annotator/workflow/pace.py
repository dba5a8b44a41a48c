"""How fast a project goes on: counts by day as a picture, and when the rest will be done. Pure."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

WIDTH, HEIGHT = 720, 180
"""Of the picture, in the units of its view box."""
RECENT = 14
"""Days that a forecast goes by."""
LISTED = 30
"""Days in the table beside the picture."""
FARTHEST = 3650
"""Days ahead beyond which a forecast says nothing."""

Day = datetime.date


@dataclass(frozen=True)
class Step:
    """One day on which something was counted. `x` and `y`: its point in the picture."""

    day: Day
    count: int
    total: int
    x: float
    y: float


@dataclass(frozen=True)
class Forecast:
    """`left`: how many readings are still to come; `rate`: how many a day in the last `days`; `end`: when it is the
    last one's turn, None when nobody can say.
    """

    left: int
    rate: float
    days: int
    end: Day | None

    @property
    def in_words(self) -> str:
        if not self.left:
            return "All readings that are wanted are handed in."
        days = "the last day" if self.days == 1 else f"the last {self.days} days"
        if not self.rate:
            return f"There is no forecast, for nothing was handed in during {days}."
        pace = f"At the pace of {days}, {self.rate:.1f} readings a day,"
        if self.end is None:
            return f"{pace} it would take more than ten years."
        what = "the one reading" if self.left == 1 else f"the last of {self.left} readings"
        return f"{pace} {what} still wanted will be in around {self.end.day} {self.end:%B %Y}."


@dataclass(frozen=True)
class Picture:
    """What was counted from day to day, from `first` to `last`, up to `goal`.

    `line` and `area`: points of the curve; `ahead`: those of the forecast, empty when there is none.
    """

    steps: tuple[Step, ...]
    first: Day
    last: Day
    goal: int
    line: str
    area: str
    ahead: str

    @property
    def total(self) -> int:
        return self.steps[-1].total

    @property
    def latest(self) -> Sequence[Step]:
        """The last days on which something was done, newest first."""
        return self.steps[: -LISTED - 1 : -1]


def forecast(counts: Mapping[Day, int], *, left: int, today: Day) -> Forecast:
    """When `left` more will be done at the pace of the last days; no end when nothing was done in them.

    The pace is counted from the first day on where the work is younger than RECENT days.
    """
    since = max(today - datetime.timedelta(days=RECENT - 1), min(counts, default=today))
    days = max(1, (today - since).days + 1)
    rate = sum(count for day, count in counts.items() if since <= day <= today) / days
    ahead = ceil(left / rate) if rate else FARTHEST + 1
    end = today + datetime.timedelta(days=ahead) if left and ahead <= FARTHEST else None
    return Forecast(left, rate, days, end)


def picture(counts: Mapping[Day, int], *, goal: int, today: Day, end: Day | None = None) -> Picture | None:
    """counts: by day; goal: how many it will be in all; end: of a forecast. None when nothing was counted.

    A forecast is drawn up to twice the time that went by, so that the past does not shrink to nothing.
    """
    if not counts:
        return None
    first = min(counts)
    farthest = today + datetime.timedelta(days=2 * (today - first).days + RECENT)
    last = max(today, *counts, min(end or today, farthest))
    frame = _Frame(first, last, max(goal, sum(counts.values())))
    days = sorted(counts)
    totals = list(accumulate(counts[day] for day in days))
    steps = tuple(frame.step(day, counts[day], total) for day, total in zip(days, totals, strict=True))
    now = frame.point(today, totals[-1])
    line = " ".join([f"0,{HEIGHT}", *(f"{step.x},{step.y}" for step in steps), now])
    area = f"{line} {frame.x(today)},{HEIGHT}"
    return Picture(steps, first, last, goal, line, area, f"{now} {frame.ahead(totals[-1], today, end)}" if end else "")


@dataclass(frozen=True)
class _Frame:
    first: Day
    last: Day
    top: int

    def step(self, day: Day, count: int, total: int) -> Step:
        return Step(day, count, total, self.x(day), self.y(total))

    def point(self, day: Day, total: float) -> str:
        return f"{self.x(day)},{self.y(total)}"

    def x(self, day: Day) -> float:
        return round(WIDTH * (day - self.first).days / max(1, (self.last - self.first).days), 1)

    def y(self, total: float) -> float:
        return round(HEIGHT * (1 - total / max(1, self.top)), 1)

    def ahead(self, total: int, today: Day, end: Day) -> str:
        """Where the forecast leaves the picture, or ends."""
        days = (end - today).days
        shown = min(days, (self.last - today).days)
        reached = total + (self.top - total) * shown / days
        return self.point(today + datetime.timedelta(days=shown), reached)
