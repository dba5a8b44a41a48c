"""What suggestions change: readings that had them beside readings that had none. For managers."""

import math
import statistics
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from annotator.accounts.models import User
from annotator.annotation.models import Rejection
from annotator.projects.models import Project
from annotator.workflow.history import work_for
from annotator.workflow.states import FINISHED

MOST = 2_000
"""Readings that are compared, those handed in last."""
NORMAL_95 = 1.96
"""Standard deviations on each side that hold 95 per cent of a normal distribution."""


@dataclass
class Reading:
    """A reading that was handed in; `spans`: how many, by what was seen of suggestions.

    seconds: in which its reader was active; none where no browser told of any.
    """

    suggested: bool
    seconds: int | None = None
    spans: dict[str, int] = field(default_factory=dict)
    rejected: int = 0

    @property
    def count(self) -> int:
        return sum(self.spans.values())


@dataclass(frozen=True)
class Side:
    """The readings with suggestions, or those without."""

    readings: Sequence[Reading]

    @property
    def spans_each(self) -> float | None:
        return _mean([one.count for one in self.readings])

    @property
    def minutes_each(self) -> float | None:
        return _mean(self.minutes)

    @property
    def minutes(self) -> list[float]:
        """Active minutes of the readings of which they are known."""
        return [one.seconds / 60 for one in self.readings if one.seconds]

    @property
    def rejected_each(self) -> float | None:
        return _mean([one.rejected for one in self.readings])

    def share(self, seen: str) -> float | None:
        """Per cent of the spans that were drawn so; None where there are none."""
        total = sum(one.count for one in self.readings)
        return 100 * sum(one.spans.get(seen, 0) for one in self.readings) / total if total else None

    @property
    def accepted(self) -> float | None:
        return self.share("accepted")

    @property
    def changed(self) -> float | None:
        return self.share("changed")

    @property
    def shown(self) -> float | None:
        return self.share("shown")


@dataclass(frozen=True)
class Difference:
    """Mean with suggestions less the mean without, and the 95 % interval around it."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Effect:
    offered: Side
    without: Side
    is_cut: bool
    """Whether there are more readings than are compared."""

    @property
    def spans(self) -> Difference | None:
        return difference(*([one.count for one in side.readings] for side in (self.offered, self.without)))

    @property
    def minutes(self) -> Difference | None:
        return difference(self.offered.minutes, self.without.minutes)


def effect_for(user: User, project: Project) -> Effect:
    """The readings that are handed in, without those of articles that the person reads. Three queries."""
    work = work_for(user, project)
    handed_in = work.places().filter(state__in=FINISHED, annotation_set__isnull=False).order_by("-changed_at")
    columns = ("annotation_set", "annotation_set__suggested", "annotation_set__time__seconds")
    chosen = list(handed_in.values_list(*columns)[: MOST + 1])
    found: dict[uuid.UUID, Reading] = {pk: Reading(suggested, seconds) for pk, suggested, seconds in chosen[:MOST]}
    spans = work.spans().filter(annotation_set__in=found).order_by()
    for pk, seen, count in spans.values_list("annotation_set", "suggestion").annotate(Count("pk")):
        found[pk].spans[seen] = count
    rejections = Rejection.objects.filter(annotation_set__in=found).order_by()
    for pk, count in rejections.values_list("annotation_set").annotate(Count("pk")):
        found[pk].rejected = count
    sides: defaultdict[bool, list[Reading]] = defaultdict(list)
    for reading in found.values():
        sides[reading.suggested].append(reading)
    return Effect(Side(sides[True]), Side(sides[False]), is_cut=len(chosen) > MOST)


def difference(one: Sequence[float], other: Sequence[float]) -> Difference | None:
    """Of two means, the samples being large or nearly normal; None where one has fewer than two values.

    Source: Welch (1947), The generalization of “Student’s” problem; with the normal distribution for the t.
    """
    if min(len(one), len(other)) < 2:
        return None
    mean = statistics.fmean(one) - statistics.fmean(other)
    error = math.sqrt(sum(statistics.variance(values) / len(values) for values in (one, other)))
    return Difference(mean, mean - NORMAL_95 * error, mean + NORMAL_95 * error)


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None
