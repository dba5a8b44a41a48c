"""The pictures of the progress page, made of what `history` counts."""

import datetime
from dataclasses import dataclass

from annotator.projects.models import Membership
from annotator.workflow.history import Work, by_day, by_label, by_stage
from annotator.workflow.pace import Forecast, Picture, forecast, picture
from annotator.workflow.progress import STAGES
from annotator.workflow.stages import Stacked, stacked_days


@dataclass(frozen=True)
class Chart:
    """Where the articles stood from day to day; readings handed in, with a forecast.

    There are no articles in it for those who see their own work alone, and no forecast where nobody says how many
    readings are wanted: for a reviewer without a quota.
    """

    articles: Stacked | None
    readings: Picture | None
    forecast: Forecast | None


@dataclass(frozen=True)
class LabelCount:
    """How often a label was given, in readings and in gold. `width`: of its bar, in thousandths of the longest."""

    key: str
    name: str
    colour: str
    count: int
    gold: int
    width: float


def chart_for(work: Work, today: datetime.date) -> Chart:
    """Three queries at most, however many articles."""
    handed_in, wanted = by_day(work.first_submissions()), _wanted(work)
    left = max(0, wanted - sum(handed_in.values()))
    ahead = forecast(handed_in, left=left, today=today) if wanted else None
    return Chart(
        articles=stacked_days(by_stage(work.stage_changes()), STAGES, today),
        readings=picture(handed_in, goal=wanted, today=today, end=ahead.end if ahead else None),
        forecast=ahead,
    )


def _wanted(work: Work) -> int:
    """How many readings it will be: all places of the project, or a reviewer's quota; 0 when nobody says."""
    if work.all:
        return work.places().count()
    own = Membership.objects.filter(project=work.project, user=work.user, role="reviewer")
    return own.values_list("quota", flat=True).first() or 0


def labels_for(work: Work) -> list[LabelCount]:
    """The codebook's labels in its order, then those that only earlier versions have. Three queries."""
    readings, gold = by_label(work.spans()), by_label(work.gold_spans())
    most = max([1, *readings.values(), *gold.values()])
    known = {label.key: label for label in work.project.label_set.codebook.labels}
    keys = [key for key, label in known.items() if not label.retired or key in readings]
    keys += sorted((readings.keys() | gold.keys()) - known.keys())
    return [
        LabelCount(
            key, known[key].name if key in known else key, known[key].colour if key in known else "slate",
            readings.get(key, 0), gold.get(key, 0), round(1000 * readings.get(key, 0) / most, 1),
        )
        for key in keys
    ]  # fmt: skip
