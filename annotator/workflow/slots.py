"""Places for readers: how many an article wants, opening and closing them, and the moves of one.

Whoever calls holds the lock of the project's chain, so that what is counted here stays so.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.errors import Conflict
from annotator.log.actions import Gesture, gesture
from annotator.projects.actions import set_stage, shuffled
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.allotment import readers_wanted
from annotator.workflow.models import Assignment, Decision, SecondSettling
from annotator.workflow.states import FINISHED, PLACED, UNFINISHED, may_move


@dataclass(frozen=True)
class Fitted:
    """How many places were opened and closed."""

    opened: int = 0
    closed: int = 0

    def __add__(self, other: "Fitted") -> "Fitted":
        return Fitted(self.opened + other.opened, self.closed + other.closed)


def open_slots(project: Project, rows: Sequence[ProjectArticle], *, by: User | None) -> None:
    """Make the slots of newly added articles: as many as the project wants readers."""
    with gesture(project.chain, by=by, action="open_slots") as current:
        project.refresh_from_db(fields=["redundancy", "share"])
        current.add_all([slot_of(row, number) for row in rows for number in range(1, wanted(project, row) + 1)])


def wanted(project: Project, row: ProjectArticle) -> int:
    """How many readers the article is to have."""
    seed = shuffled(project.pk, "share")
    rule = readers_wanted(row.position, redundancy=project.redundancy, share=project.share, seed=seed)
    return max(rule, row.readers)


def slot_of(row: ProjectArticle, number: int) -> Assignment:
    return Assignment(
        project_id=row.project_id, article_id=row.article_id, slot=number, shuffle=row.shuffle,
        changed_at=timezone.now(),
    )  # fmt: skip


def slots_of(project: Project, articles: Iterable[uuid.UUID]) -> defaultdict[uuid.UUID, list[Assignment]]:
    """All places of the articles, ended ones too, by article in order of their numbers. One query."""
    found: defaultdict[uuid.UUID, list[Assignment]] = defaultdict(list)
    for slot in Assignment.objects.filter(project=project, article__in=articles, purpose="reading").order_by("slot"):
        found[slot.article_id].append(slot)
    return found


def fit(current: Gesture, project: Project, row: ProjectArticle) -> None:
    """Open and close free places until the article has as many as it wants, and bring its stage up to date.

    It waits for the adjudicator when the last of its readers is done, and is read again when one more is wanted.
    """
    project.refresh_from_db(fields=["redundancy", "share"])
    fit_all(current, project, [row])


def fit_all(current: Gesture, project: Project, rows: Sequence[ProjectArticle]) -> dict[uuid.UUID, Fitted]:
    """The same for many articles, with the project as it is now; by article. Published ones stay as they are."""
    rows = [row for row in rows if row.stage in ("reading", "settling")]
    slots = slots_of(project, [row.article_id for row in rows])
    opened: list[Assignment] = []
    closed: list[Assignment] = []
    found = {}
    for row in rows:
        more, fewer = _change_of(project, row, slots[row.article_id])
        opened += more
        closed += fewer
        found[row.article_id] = Fitted(len(more), len(fewer))
        _bring_stage_up_to_date(current, row, [*slots[row.article_id], *more], fewer)
    current.add_all(opened)
    current.remove_all(closed)
    return found


def _change_of(
    project: Project, row: ProjectArticle, slots: Sequence[Assignment]
) -> tuple[list[Assignment], list[Assignment]]:
    """The places to open, and the free ones to close, those that came last first."""
    free = [slot for slot in slots if slot.state == "free"]
    missing = max(0, wanted(project, row) - sum(slot.state in PLACED for slot in slots)) - len(free)
    last = max((slot.slot for slot in slots), default=0)
    if missing < 0:
        return [], free[missing:]
    return [slot_of(row, last + number) for number in range(1, missing + 1)], []


def _bring_stage_up_to_date(
    current: Gesture, row: ProjectArticle, slots: Sequence[Assignment], closed: Sequence[Assignment]
) -> None:
    left = [slot.state for slot in slots if slot not in closed]
    if any(state in ("free", *UNFINISHED) for state in left):
        set_stage(current, row, "reading")
    elif row.stage == "reading" and any(state in FINISHED for state in left):
        set_stage(current, row, "settling")


def one_more_place(current: Gesture, project: Project, row: ProjectArticle) -> Assignment:
    """A free place beyond those that the article had; it keeps wanting so many readers."""
    slots = slots_of(project, [row.article_id])[row.article_id]
    taken = sum(slot.state in PLACED or slot.state == "free" for slot in slots)
    current.change(row, readers=taken + 1)
    return current.add(slot_of(row, max((slot.slot for slot in slots), default=0) + 1))


def end(assignment: Assignment, state: str, *, by: User | None, reason: str = "", refill: bool = True) -> None:
    """Close the reader's set and end the assignment; its place opens again if the article still wants it."""
    with transaction.atomic():
        if assignment.annotation_set_id:
            annotation_set = AnnotationSet.objects.select_related("chain").get(pk=assignment.annotation_set_id)
            with gesture(annotation_set.chain, by=by, action="close") as current:
                annotation_set.refresh_from_db(fields=["state"])
                current.change(annotation_set, state="closed")
        with gesture(assignment.project.chain, by=by, action=state) as current:
            assignment.refresh_from_db()
            remark = current.remark(reason.strip()) if reason.strip() else None
            move(current, assignment, state, reason=remark)
            if refill:
                fit(current, assignment.project, row_of(assignment))


def has_settled(person: Any, project: Any, article: Any) -> Q:
    """A condition: the person decided something about the article, or is to settle it a second time.

    They have seen its readings, or will: they are not among its readers. Ids, or references to an outer query.
    """
    decided = Decision.objects.filter(by=person, gold_set__project=project, gold_set__article=article)
    again = SecondSettling.objects.filter(adjudicator=person, project=project, article=article).exclude(state="ended")
    return Q(Exists(decided)) | Q(Exists(again))


def has_room(membership: Membership) -> bool:
    """Whether the reviewer's quota lets them take one more from the pool."""
    if membership.quota is None:
        return True
    taken = Assignment.objects.filter(
        project=membership.project_id, reviewer=membership.user_id, state__in=PLACED, purpose="reading"
    )
    return taken.count() < membership.quota


def row_of(assignment: Assignment) -> ProjectArticle:
    return ProjectArticle.objects.get(project=assignment.project_id, article=assignment.article_id)


def back_to_reading(current: Gesture, row: ProjectArticle) -> None:
    """The article waits for a reading again. Raises Conflict when gold was made from those there are."""
    if row.stage in ("gold", "released"):
        raise Conflict("The gold of this article is published; reopen it first.", code="published")
    set_stage(current, row, "reading")


def move(current: Gesture, assignment: Assignment, state: str, **values: object) -> None:
    """Raises Conflict when the assignment does not stand where this move begins."""
    if not may_move(assignment.state, state):
        raise Conflict(
            f"This cannot be done while the assignment is {assignment.state.replace('_', ' ')}.", code="wrong_state"
        )
    current.change(assignment, state=state, changed_at=timezone.now(), **values)
