"""What the picture of the stages says of its last day, and what the bars say now."""

from django.utils import timezone

from annotator.accounts.models import User
from annotator.projects.models import Project
from annotator.workflow.charts import chart_for
from annotator.workflow.history import work_for
from annotator.workflow.progress import progress_for
from annotator.workflow.stages import Stacked


def picture_for(user: User, project: Project) -> Stacked | None:
    return chart_for(work_for(user, project), timezone.localdate()).articles


def shown_last(user: User, project: Project) -> dict[str, int]:
    found = picture_for(user, project)
    return {band.key: band.count for band in found.bands if band.count} if found else {}


def standing_now(user: User, project: Project) -> dict[str, int]:
    return {part.key: part.count for part in progress_for(user, project).articles.parts if part.count}
