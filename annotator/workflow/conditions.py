"""What a manager sets for a whole project, and for one reader: how many read what, how much, until when."""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet
from annotator.errors import Problem, Stale
from annotator.log.actions import gesture, lock
from annotator.log.chain import canonical
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.progress import blinded_among
from annotator.workflow.slots import Fitted, fit_all

CONDITIONS = (
    "redundancy", "share", "another_below", "readers_most", "release_after", "single_is_gold", "pass_spans",
    "pass_answers", "suggestions", "suggestions_share", "repeat_share", "repeat_days", "repeat_articles",
    "second_share", "names_shown",
)  # fmt: skip
READERS_MOST = 9
BATCH = 500
"""Articles whose places are fitted by one gesture, so that no single event grows without end."""


def conditions_of(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in CONDITIONS}


def conditions_seen(project: Project) -> str:
    """Stands for the settings as somebody saw them, so that two managers do not overwrite each other."""
    seen = {**conditions_of(project), "settling": project.settling}
    return hashlib.sha256(canonical(seen).encode()).hexdigest()[:16]


def change_conditions(project: Project, *, by: User, seen: str, values: Mapping[str, Any]) -> Fitted:
    """Set conditions, as one recorded act, and open or close the places that follow from them.

    `values`: some of CONDITIONS. Articles whose settling has begun keep the readers they have; nobody at work is
    sent away. What is returned leaves out articles that the person reads, since it would tell of their other readers.
    Raises Problem for values that make no sense together, Stale when others have changed them since.
    """
    with transaction.atomic():
        lock(project.chain)
        project.refresh_from_db(fields=[*CONDITIONS, "settling"])
        if seen != conditions_seen(project):
            raise Stale("Someone else changed these settings since you opened the page. Reload it and look again.")
        check_conditions({**conditions_of(project), **values})
        with gesture(project.chain, by=by, action="change_conditions", locked=True) as current:
            current.change(project, **values)
        return sum((_fit_batch(project, rows, by) for rows in _batches(project)), Fitted())


def check_conditions(wanted: Mapping[str, Any]) -> None:
    """`wanted`: all of CONDITIONS. Raises Problem with the field that is wrong."""
    _check_range(wanted, "redundancy", 1, READERS_MOST, "An article has {} to {} readers.")
    _check_range(wanted, "share", 1, 100, "A share is {} to {} per cent.")
    _check_range(wanted, "another_below", 1, 100, "Agreement is given in per cent, {} to {}.")
    _check_range(wanted, "readers_most", 2, READERS_MOST, "One more reader makes {} to {} in all.")
    _check_range(wanted, "suggestions_share", 1, 100, "A share is {} to {} per cent.")
    _check_range(wanted, "release_after", 1, 3650, "Give a reader {} to {} days.")
    _check_range(wanted, "pass_spans", 1, 100, "A mark is {} to {} per cent.")
    _check_range(wanted, "pass_answers", 1, 100, "A mark is {} to {} per cent.")
    _check_range(wanted, "repeat_share", 1, 100, "A share is {} to {} per cent.")
    _check_range(wanted, "repeat_days", 1, 3650, "Give it {} to {} days.")
    _check_range(wanted, "repeat_articles", 1, 10_000, "Give it {} to {} articles.")
    _check_range(wanted, "second_share", 1, 100, "A share is {} to {} per cent.")
    if wanted["repeat_share"] is not None and wanted["repeat_days"] is None and wanted["repeat_articles"] is None:
        raise Problem("Say after how many days, or after how many articles, they come again.", field="repeat_days")
    below, most = wanted["another_below"], wanted["readers_most"]
    if (below is None) != (most is None):
        field = "readers_most" if most is None else "another_below"
        raise Problem("One more reader needs both: below which agreement, and at most how many.", field=field)
    if most is not None and most <= wanted["redundancy"]:
        raise Problem("This must be more than the readers each article has at first.", field="readers_most")


def _check_range(wanted: Mapping[str, Any], name: str, least: int, most: int, sentence: str) -> None:
    value = wanted[name]
    if value is not None and not least <= value <= most:
        raise Problem(sentence.format(least, most), code="out_of_range", field=name)


def _batches(project: Project) -> Iterator[list[ProjectArticle]]:
    """Articles to which readers may still be given, in their order, some at a time."""
    begun = AnnotationSet.objects.filter(project=OuterRef("project"), article=OuterRef("article"), voice=GOLD)
    rows = ProjectArticle.objects.filter(
        ~Exists(begun), project=project, stage__in=("reading", "settling"), article__withdrawn_at=None
    ).order_by("position")
    last = 0
    while batch := list(rows.filter(position__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].position


def _fit_batch(project: Project, rows: list[ProjectArticle], by: User) -> Fitted:
    with gesture(project.chain, by=by, action="fit_places", locked=True) as current:
        fitted = fit_all(current, project, rows)
    own = blinded_among(by, project, fitted)
    return sum((found for article, found in fitted.items() if article not in own), Fitted())


def set_allowances(
    project: Project, *, by: User, values: Mapping[Membership, tuple[int | None, datetime.date | None]]
) -> int:
    """Set quota and due date of reviewers, as one recorded act. Returns for how many something changed."""
    changed = 0
    with gesture(project.chain, by=by, action="set_allowances") as current:
        for membership, (quota, due_on) in values.items():
            membership.refresh_from_db()
            if membership.role != "reviewer" or membership.project_id != project.pk:
                raise Problem("Quotas are for reviewers of this project.", code="not_a_reviewer")
            if (membership.quota, membership.due_on) != (quota, due_on):
                current.change(membership, quota=quota, due_on=due_on)
                changed += 1
    return changed
