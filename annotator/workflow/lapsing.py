"""Unfinished work that nobody touches goes back to the others after the project's time. No clock runs for this:
it is looked after whenever somebody asks for an article, and by command.
"""

import datetime
import json

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from annotator.accounts.models import User
from annotator.log.models import Chain, Event
from annotator.projects.models import Project
from annotator.workflow.models import Assignment
from annotator.workflow.slots import end
from annotator.workflow.states import UNFINISHED


def release_stale(project: Project, *, but: User | None = None) -> int:
    """Give work back to the pool that lay untouched for the project's time; returns how much.

    `but`: a person whose own work is left alone, since they have just come back to it.
    """
    if project.release_after is None:
        return 0
    before = timezone.now() - datetime.timedelta(days=project.release_after)
    if not _stale(project, before, but):
        return 0
    with transaction.atomic():
        _lock(project, before, but)
        found = _stale(project, before, but)
        for assignment in found:
            end(assignment, "lapsed", by=None)
    return len(found)


def _old(project: Project, before: datetime.datetime, but: User | None) -> QuerySet[Assignment]:
    """Unfinished work that was taken up, offered or sent back before that moment."""
    found = Assignment.objects.filter(project=project, purpose="reading", state__in=UNFINISHED, changed_at__lt=before)
    return found if but is None else found.exclude(reviewer=but)


def _stale(project: Project, before: datetime.datetime, but: User | None) -> list[Assignment]:
    """The old ones in whose sets nothing was written since, either."""
    chain = OuterRef("annotation_set__chain")
    last = Event.objects.filter(chain=chain, seq=OuterRef("annotation_set__chain__length")).values("body")
    old = _old(project, before, but).annotate(last=Subquery(last)).select_related("project__chain").order_by("pk")
    return [one for one in old if not (one.last and _moment(one.last) >= before)]


def _moment(body: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(json.loads(body)["at"])


def _lock(project: Project, before: datetime.datetime, but: User | None) -> None:
    """Sets before the project, as everywhere, and all at once: nobody who is just submitting waits for us."""
    old = _old(project, before, but).exclude(annotation_set=None)
    _hold(Chain.objects.filter(annotation_set__in=old.values("annotation_set")))
    _hold(Chain.objects.filter(pk=project.chain_id))


def _hold(chains: QuerySet[Chain]) -> None:
    list(chains.select_for_update().order_by("pk"))
