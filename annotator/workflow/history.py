"""What was done when, by whom, on what: the figures of the progress page and the lists behind each of them.

A manager sees everybody's work but on articles they read themselves; a reviewer sees their own and nothing else.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Model, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Least, Substr, TruncDate

from annotator.accounts.models import User
from annotator.annotation.models import Span, Submission
from annotator.annotation.queries import in_sight
from annotator.projects.access import roles_in
from annotator.projects.models import Membership, Project, StageChange
from annotator.workflow.models import Assignment
from annotator.workflow.progress import PLACE_WORDS
from annotator.workflow.queries import open_to, published_gold
from annotator.workflow.stages import Change
from annotator.workflow.states import FINISHED, PLACED, UNFINISHED
from corpus.queries import listed

Row = TypeVar("Row", bound=Model)
PAGE = 50
QUOTE = 300
"""Code points of a span that a list shows."""


@dataclass(frozen=True)
class Work:
    """What somebody may look at of a project's work. `all`: everybody's, else their own alone."""

    user: User
    project: Project
    all: bool

    def places(self) -> QuerySet[Assignment]:
        """Places of readers, free ones too; not those that ended."""
        found = Assignment.objects.filter(project=self.project, purpose="reading", state__in=("free", *PLACED))
        if self.all:
            return found.filter(open_to(self.user))
        return found.filter(in_sight("annotation_set"), reviewer=self.user)

    def first_submissions(self) -> QuerySet[Submission]:
        """The first submission of every reading that is handed in now."""
        return Submission.objects.filter(number=1, annotation_set__in=self._sets(FINISHED))

    def spans(self) -> QuerySet[Span]:
        """Spans of readings that are handed in now."""
        return Span.objects.filter(in_sight("annotation_set"), annotation_set__in=self._sets(FINISHED))

    def gold_spans(self) -> QuerySet[Span]:
        """Spans of published gold; none for those who see their own work alone."""
        if not self.all:
            return Span.objects.none()
        return Span.objects.filter(annotation_set__in=published_gold(self.project).filter(open_to(self.user)))

    def stage_changes(self) -> QuerySet[StageChange]:
        """Of articles; none for those who see their own work alone."""
        if not self.all:
            return StageChange.objects.none()
        return StageChange.objects.filter(open_to(self.user), project=self.project)

    def is_settled(self) -> Exists:
        """A condition on spans: the person may see what became of them."""
        if self.all:
            return Exists(published_gold(self.project).filter(article=OuterRef("annotation_set__article")))
        return Exists(self.places().filter(annotation_set=OuterRef("annotation_set"), state="released"))

    def _sets(self, states: Sequence[str]) -> QuerySet[Assignment, Any]:
        return self.places().filter(state__in=states).values("annotation_set")


def work_for(user: User, project: Project) -> Work:
    return Work(user, project, "manager" in roles_in(user, project))


def by_day(submissions: QuerySet[Submission]) -> dict[datetime.date, int]:
    """How many were handed in on each day (UTC). One query."""
    days = submissions.annotate(day=TruncDate("submitted_at")).order_by().values_list("day")
    return dict(days.annotate(Count("pk")))


def by_stage(changes: QuerySet[StageChange]) -> list[Change]:
    """How many articles went from which stage to which on each day (UTC). One query."""
    return list(changes.order_by().values_list("day", "before", "after").annotate(Count("pk")))


def by_label(spans: QuerySet[Span]) -> dict[str, int]:
    return dict(spans.order_by().values_list("label").annotate(Count("pk")))


@dataclass(frozen=True)
class Filter:
    """Which places or spans a list shows; empty for all."""

    state: str = ""
    reader: uuid.UUID | None = None
    day: datetime.date | None = None
    label: str = ""
    gold: bool = False
    after: str = ""


def places_page(work: Work, chosen: Filter) -> tuple[Sequence[Assignment], str]:
    """Places in the order of their articles, and where the next page begins, if there is one. Two queries."""
    position = F("article__project_articles__position")
    found = work.places().filter(_wanted(work, chosen), article__project_articles__project=work.project)
    found = found.annotate(position=position).select_related("reviewer", "annotation_set__time")
    found = found.order_by("position", "slot")
    place, _, slot = chosen.after.partition(":")
    if place.isdecimal() and slot.isdecimal():
        found = found.filter(Q(position__gt=int(place)) | Q(position=int(place), slot__gt=int(slot)))
    rows, more = _page(found.prefetch_related(Prefetch("article", listed())))
    return rows, f"{rows[-1].position}:{rows[-1].slot}" if more else ""  # type: ignore[attr-defined]


def places_title(work: Work, chosen: Filter) -> str:
    """What a list of places shows, in words."""
    words = PLACE_WORDS | {"in_hand": "in hand", "handed_in": "handed in"}
    parts = ["Places for readers" if work.all else "Your articles", words.get(chosen.state, "")]
    if chosen.day:
        parts.append(f"handed in on {chosen.day.day} {chosen.day:%B %Y}")
    return ": ".join(filter(None, [parts[0], ", ".join(filter(None, [_name(work, chosen), *parts[1:]]))]))


def spans_title(work: Work, chosen: Filter) -> str:
    """What a list of spans shows, in words."""
    codebook = work.project.label_set.codebook
    label = codebook.label(chosen.label).name if codebook.has_label(chosen.label) else chosen.label
    where = "in gold" if chosen.gold else "in readings" if work.all else "that you gave"
    return " ".join(filter(None, [label or "All spans", where, _name(work, chosen)]))


def _name(work: Work, chosen: Filter) -> str:
    """Whose they are, as far as the person asking may know the name."""
    if not chosen.reader or not work.all:
        return ""
    member = Membership.objects.filter(project=work.project, user=chosen.reader).select_related("user").first()
    return member.user.username if member else ""


def _wanted(work: Work, chosen: Filter) -> Q:
    states = {"handed_in": FINISHED, "in_hand": UNFINISHED}.get(chosen.state, (chosen.state,))
    wanted = Q(state__in=states) if chosen.state else Q()
    if chosen.reader:
        wanted &= Q(reviewer=chosen.reader)
    if chosen.day:
        on_day = work.first_submissions().filter(submitted_at__date=chosen.day)
        wanted &= Q(annotation_set__in=on_day.values("annotation_set"))
    return wanted


def spans_page(work: Work, chosen: Filter) -> tuple[Sequence[Span], str]:
    """Spans reading by reading, each with its `quote` and whether what became of it may be seen (`is_settled`),
    and where the next page begins, if there is one."""
    found = work.gold_spans() if chosen.gold else work.spans()
    if chosen.label:
        found = found.filter(label=chosen.label)
    if chosen.reader:
        found = found.filter(annotation_set__owner=chosen.reader)
    found = found.select_related("annotation_set__owner").annotate(
        is_settled=work.is_settled(),
        quote=Substr("annotation_set__article__text", F("start") + 1, Least(F("end") - F("start"), QUOTE)),
    )
    if (id := read_id(chosen.after)) and (last := Span.objects.filter(pk=id).first()):
        found = found.filter(_after(last))
    found = found.prefetch_related(Prefetch("annotation_set__article", listed()))
    rows, more = _page(found.order_by("annotation_set", "start", "id"))
    return rows, str(rows[-1].pk) if more else ""


def _after(last: Span) -> Q:
    same = Q(annotation_set=last.annotation_set_id)
    later = Q(start__gt=last.start) | Q(start=last.start, id__gt=last.pk)
    return Q(annotation_set__gt=last.annotation_set_id) | same & later


def read_id(text: str) -> uuid.UUID | None:
    """The id in an address, None when it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _page(found: QuerySet[Row]) -> tuple[list[Row], bool]:
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE
