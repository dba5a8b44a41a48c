"""What somebody who reads an article may learn of it, and whether it stays the same whatever the others do there."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from random import Random
from typing import Any

from django.db import transaction

from annotator.accounts.models import User
from annotator.annotation.models import GOLD
from annotator.annotation.queries import own_sets
from annotator.errors import Problem
from annotator.projects.models import Project
from annotator.workflow.adjudication import case_for
from annotator.workflow.queries import gold_for, gold_of, is_blinded, queue_for, settling_for, submissions_for
from annotator.workflow.seconds import seconds_waiting
from annotator.workflow.states import BLINDING
from tests.addresses import API, SCREENS, names_in, path_of
from tests.annotator.workflow.walk.sight import Sight
from tests.annotator.workflow.walk.walk import Walk
from tests.test_blindness import Eyes, ask, eyes_of, standing_still

OTHERS = (
    "label", "relabel", "unlabel", "relate", "step_back", "hand_in", "decline", "send_back", "open", "decide",
    "undecide", "publish", "reopen",
)  # fmt: skip
"""What others do to an article; claiming is not among it, since what is left to claim tells of claims by design."""

FIRST = ("decide", "undecide", "redecide", "publish", "reopen", "reopen", "open")
"""What is done to the first gold while the second is settled."""
FIRST_DONE = (GOLD, 1, "closed")

Doors = Callable[[User, Project, set[uuid.UUID]], dict[str, Any]]

PAGES = [
    one for one in (*SCREENS, *API) if set(names_in(one)) == {"slug"} and not one.path and "GET" in one.cells
]  # fmt: skip
"""What there is to see of a whole project."""


def check_blindness(walk: Walk, *, steps: int, pages: bool) -> None:
    """Somebody stands by and looks, before the others act on what they read too, and after. Nothing of it stays.

    pages: look at pages and answers to programs too, not only through the doors behind them.
    """
    reading = [
        (place.reader, place.article)
        for place in walk.sight.places
        if place.state in BLINDING and place.purpose != "training"
    ]
    if not reading:
        return
    others = _apart(walk)
    reader = others.person(others.random.choice(reading)[0])
    field = {article for id, article in reading if id == reader.pk}
    _check_nothing_is_learned(others, reader, field, OTHERS, through_the_doors, steps=steps, pages=pages)


def check_second_blindness(walk: Walk, *, steps: int, pages: bool) -> None:
    """Whoever settles an article a second time looks, while the others settle the first anew."""
    done = {one.article_id for one in walk.sight.sets.values() if (one.voice, one.round, one.state) == FIRST_DONE}
    waiting = [one for one in walk.sight.waiting if one.article in done]
    if not waiting:
        return
    others = _apart(walk)
    second = others.random.choice(waiting)
    adjudicator = others.person(second.adjudicator)
    _check_nothing_is_learned(
        others, adjudicator, {second.article}, FIRST, at_the_second_desk, steps=steps, pages=pages
    )


def _check_nothing_is_learned(
    others: Walk, person: User, field: set[uuid.UUID], deeds: Sequence[str], doors: Doors, *, steps: int, pages: bool
) -> None:
    others.bystander, others.field = person, field
    others.cases = {article: case for article, case in others.cases.items() if article in field}
    with undone():
        eyes = eyes_of(person, others.project) if pages else None
        before = _seen(doors, person, others.project, field, eyes)
        for _ in range(steps):
            others.sight = Sight(others.project)
            others.step(deeds)
        after = _seen(doors, person, others.project, field, eyes)
    told = [what for what in before if before[what] != after[what]]
    assert not told, f"{person.username} learns of {others.trail} from {told}"


def _apart(walk: Walk) -> Walk:
    """The same people at the same place, whose steps leave the walk as it is."""
    others = copy(walk)
    others.random = Random(len(walk.trail))
    others.trail, others.done = [], Counter()
    others.quotes = dict(walk.quotes)
    others.again = dict(walk.again)
    others.said = {article: list(said) for article, said in walk.said.items()}
    return others


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _seen(doors: Doors, user: User, project: Project, field: set[uuid.UUID], eyes: Eyes | None) -> dict[str, Any]:
    found = doors(user, project, field)
    if eyes is not None:
        with standing_still():
            for one in PAGES:
                path = path_of(one, {"slug": project.slug})
                found[path] = ask(eyes, one, "GET", path)
    return found


def through_the_doors(user: User, project: Project, field: set[uuid.UUID]) -> dict[str, Any]:
    """What the queries give that every screen and every answer to a program is made from."""
    others = submissions_for(user, project).exclude(annotation_set__owner=user).filter(article__in=field)
    assert not others.exists(), "another's reading"
    assert not gold_for(user, project).filter(article__in=field).exists(), "gold"
    assert not field & {row.article_id for row in settling_for(user, project, "")[0]}, "a place on the desk"
    assert all(is_blinded(user, project, article) for article in field)
    own = own_sets(user).filter(project=project).order_by("pk")
    return {
        "own places": list(queue_for(user, project).order_by("pk").values_list("pk", "state", "reason", "version")),
        "own readings": list(own.values_list("pk", "state", "chain__head")),
        "cases": [_refusal(case_for, user, project, article) for article in sorted(field)],
        "gold": [_refusal(gold_of, user, project, article) for article in sorted(field)],
    }


def at_the_second_desk(user: User, project: Project, field: set[uuid.UUID]) -> dict[str, Any]:
    """Their own desk, or that it waits for them; and nothing of the first gold."""
    (article,) = field
    assert not gold_for(user, project).filter(article=article).exists(), "the first gold"
    assert is_blinded(user, project, article)
    own = {one.article_id: one.gold_set_id for one in seconds_waiting(user, project)}
    case = case_for(user, project, article) if own[article] else None
    return {
        "gold": _refusal(gold_of, user, project, article),
        "list": article in {row.article_id for row in settling_for(user, project, "")[0]},
        "desk": case and (case.gold_set.pk, sorted(case.decisions), [one.key for one in case.open_differences]),
    }


def _refusal(door: Any, *asked: Any) -> tuple[int, str, str]:
    try:
        door(*asked)
    except Problem as problem:
        return problem.status, problem.code, problem.detail
    raise AssertionError(f"{door.__name__} let {asked[0]} in")
