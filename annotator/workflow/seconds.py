"""Settling a share of the articles twice: who does it, and what keeps them blind to the first.

The second adjudicator is chosen when the first settling begins, so that nobody gets an article whose settling they
have seen. Lots decide which articles, fewest waiting decides who.
"""

import json
import uuid
from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet
from annotator.errors import Conflict, Problem
from annotator.log.actions import Gesture, gesture
from annotator.log.models import Event
from annotator.projects.actions import shuffled
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.allotment import readers_wanted
from annotator.workflow.models import Assignment, SecondSettling
from annotator.workflow.states import COUNTING
from corpus.queries import listed


def is_settled_twice(project: Project, position: int) -> bool:
    """Whether the share falls on the article at this position."""
    if project.second_share is None:
        return False
    seed = shuffled(project.pk, "second settling")
    return readers_wanted(position, redundancy=2, share=project.second_share, seed=seed) == 2


def choose_second(project: Project, row: ProjectArticle, *, by: User) -> None:
    """Choose who settles the article again, if it falls among the share and there is somebody."""
    with gesture(project.chain, by=by, action="choose_second") as current:
        project.refresh_from_db(fields=["second_share"])
        known = SecondSettling.objects.filter(project=project, article=row.article_id)
        if is_settled_twice(project, row.position) and not known.exists():
            _choose(current, project, row.article_id, but={by.pk})


def _choose(current: Gesture, project: Project, article: uuid.UUID, *, but: Collection[uuid.UUID]) -> None:
    found = able(project, article).exclude(pk__in=but)
    load = Count("second_settlings", filter=Q(second_settlings__project=project, second_settlings__state="waiting"))
    people = sorted(
        found.annotate(load=load),
        key=lambda user: (user.load, shuffled(project.pk, f"{article}:{user.pk}")),
    )
    if people:
        current.add(
            SecondSettling(project=project, article_id=article, adjudicator=people[0], changed_at=timezone.now())
        )


def able(project: Project, article: uuid.UUID) -> QuerySet[User]:
    """Adjudicators who have no place among the article's readers."""
    held = Membership.objects.filter(project=project, role="adjudicator", user=OuterRef("pk"))
    reads = Assignment.objects.filter(project=project, article=article, reviewer=OuterRef("pk"), state__in=COUNTING)
    return User.objects.filter(Exists(held), ~Exists(reads), is_active=True)


def first_settlers(project: Project, article: uuid.UUID) -> set[uuid.UUID]:
    """Whoever wrote anything into the first gold."""
    events = Event.objects.filter(
        chain__annotation_set__project=project, chain__annotation_set__article=article,
        chain__annotation_set__voice=GOLD, chain__annotation_set__round=1,
    )  # fmt: skip
    written = (json.loads(body)["by"] for body in events.values_list("body", flat=True))
    return {uuid.UUID(person) for person in written if person}


def second_of(user: User, project: Project, article: uuid.UUID) -> SecondSettling | None:
    """The person's own second settling of the article that is not handed in yet."""
    found = SecondSettling.objects.filter(project=project, article=article, adjudicator=user, state="waiting")
    return found.first()


def seconds_waiting(user: User, project: Project) -> list[SecondSettling]:
    """What the person is to settle a second time, as far as the first is done."""
    first = AnnotationSet.objects.filter(
        project=OuterRef("project"), article=OuterRef("article"), voice=GOLD, round=1, submissions__isnull=False
    )
    found = SecondSettling.objects.filter(Exists(first), project=project, adjudicator=user, state="waiting")
    found = found.filter(article__withdrawn_at=None).prefetch_related(Prefetch("article", listed()))
    return list(found.order_by("changed_at", "pk"))


def reopening_of(project: Project, article: uuid.UUID) -> SecondSettling | None:
    """The second settling over which the first was reopened, with the `reason`."""
    found = SecondSettling.objects.filter(project=project, article=article, reason__isnull=False)
    return found.select_related("reason").first()


def check_first_is_done(second: SecondSettling) -> None:
    """Raises Conflict before the first settling was ever published."""
    published = AnnotationSet.objects.filter(
        project=second.project_id, article=second.article_id, voice=GOLD, round=1, submissions__isnull=False
    )
    if not published.exists():
        raise Conflict(
            "Another adjudicator settles this article first; it comes to you for a second settling after that.",
            code="first_not_done",
        )


def begin_second(second: SecondSettling, gold_set: AnnotationSet, *, by: User) -> None:
    with gesture(second.project.chain, by=by, action="begin_second") as current:
        current.change(second, gold_set=gold_set, changed_at=timezone.now())


def hand_in_second(second: SecondSettling, *, by: User) -> None:
    """It is done: from now on the adjudicator sees the first gold like the others."""
    with gesture(second.project.chain, by=by, action="hand_in_second") as current:
        second.refresh_from_db(fields=["state"])
        if second.state != "waiting":
            raise Conflict("This second settling has ended in the meantime.", code="second_ended")
        current.change(second, state="done", changed_at=timezone.now())


def end_second(second: SecondSettling, *, by: User) -> None:
    """A manager does without it. Raises Conflict when it is handed in."""
    with gesture(second.project.chain, by=by, action="end_second") as current:
        _end(current, second)


def _end(current: Gesture, second: SecondSettling) -> None:
    second.refresh_from_db(fields=["state"])
    if second.state != "waiting":
        raise Conflict("This second settling is not under way any more.", code="second_ended")
    current.change(second, state="ended", changed_at=timezone.now())


def hand_over(user: User, *, by: User, project: Project | None = None) -> None:
    """Second settlings of somebody who leaves go to others who had no part in the first; they begin anew."""
    held = SecondSettling.objects.filter(adjudicator=user, state="waiting").select_related("project__chain")
    for second in held if project is None else held.filter(project=project):
        with gesture(second.project.chain, by=by, action="hand_over") as current:
            _end(current, second)
            part = first_settlers(second.project, second.article_id)
            _choose(current, second.project, second.article_id, but={*part, user.pk})


def note_reopening(second: SecondSettling, *, by: User, reason: str) -> None:
    """Keep why the first settling was reopened over what the second one showed."""
    if not reason.strip():
        raise Problem("Say why, so that whoever settles it again knows.", code="reason_missing", field="reason")
    with gesture(second.project.chain, by=by, action="reopen_after_second") as current:
        current.change(second, reason=current.remark(reason.strip()), changed_at=timezone.now())
