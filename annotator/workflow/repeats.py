"""Repeats: some of a reader's finished articles come to them again, unannounced, to see how far they agree with
themselves.

Lots decide which: the same for the same project, reader and article, whatever others do. Only readings whose gold
the reader has not seen come again.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from annotator.accounts.models import User
from annotator.projects.actions import shuffled
from annotator.projects.models import Project
from annotator.workflow.allotment import is_drawn
from annotator.workflow.models import Assignment
from annotator.workflow.states import FINISHED


@dataclass(frozen=True)
class Finished:
    """One reading that somebody handed in. `may_come_again`: it did not yet, and its gold was not shown to them."""

    reader: uuid.UUID
    article: uuid.UUID
    at: datetime.datetime
    may_come_again: bool


def next_repeat(project: Project, *, by: User) -> uuid.UUID | None:
    """The article that it is time for the reader to read again, the oldest first. One query; none where it is off."""
    if project.repeat_share is None:
        return None
    done = finished(project, [by.pk])
    return next((one.article for one in done if is_due(project, one, done)), None)


def finished(project: Project, readers: Sequence[uuid.UUID]) -> list[Finished]:
    """What the readers handed in for the project, oldest first. One query."""
    again = Assignment.objects.filter(
        project=OuterRef("project"), article=OuterRef("article"), reviewer=OuterRef("reviewer"), purpose="repeat"
    )
    rows = Assignment.objects.filter(project=project, reviewer__in=readers, purpose="reading", state__in=FINISHED)
    rows = rows.annotate(at=Max("annotation_set__submissions__submitted_at"), was_repeated=Exists(again))
    found = rows.order_by("at", "pk").values_list(
        "reviewer", "article", "at", "state", "was_repeated", "article__withdrawn_at"
    )
    return [
        Finished(reader, article, at, state == "submitted" and not was_repeated and withdrawn is None)
        for reader, article, at, state, was_repeated, withdrawn in found
    ]


def is_in_lot(project: Project, one: Finished) -> bool:
    """Whether the lot of this reader and article falls among the share that is read twice."""
    return is_drawn(shuffled(project.pk, f"repeat:{one.reader}:{one.article}"), share=project.repeat_share or 0)


def is_due(project: Project, one: Finished, done: Sequence[Finished]) -> bool:
    """Whether it was drawn and enough days have gone by, or enough other articles."""
    if not one.may_come_again or not is_in_lot(project, one):
        return False
    days, articles = project.repeat_days, project.repeat_articles
    if days is not None and one.at <= timezone.now() - datetime.timedelta(days=days):
        return True
    since = sum(other.at > one.at for other in done if other.reader == one.reader)
    return articles is not None and since >= articles
