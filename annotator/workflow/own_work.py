"""A reviewer's own articles in a project, part by part, as the page of them shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from annotator.accounts.models import User
from annotator.annotation.queries import in_sight
from annotator.projects.models import Project
from annotator.workflow.models import Assignment
from annotator.workflow.queries import queue_for
from annotator.workflow.states import FINISHED, WRITING

SHOWN = 20
"""Rows of a part; the rest is counted."""
PARTS = {
    "at_hand": (WRITING, "-changed_at"),
    "offered": (("offered",), "changed_at"),  # in the order in which they come
    "handed_in": (FINISHED, "-changed_at"),
    "lapsed": (("lapsed",), "-changed_at"),
    "given_back": (("declined",), "-changed_at"),
}


@dataclass(frozen=True)
class Part:
    """Some of a reviewer's articles: the first rows, and how many there are."""

    rows: Sequence[Assignment]
    count: int

    @property
    def left(self) -> int:
        return self.count - len(self.rows)


def own_work(user: User, project: Project) -> dict[str, Part]:
    """By part, without what is for training. Eleven queries at most, however many articles there are."""
    own = queue_for(user, project).filter(in_sight("annotation_set")).exclude(purpose="training")
    counts = dict(own.order_by().values_list("state").annotate(Count("pk")))
    parts = {}
    for name, (states, order) in PARTS.items():
        count = sum(counts.get(state, 0) for state in states)
        rows = list(own.filter(state__in=states).order_by(order, "pk")[:SHOWN]) if count else []
        parts[name] = Part(rows, count)
    return parts
