"""How a project came from one version of its codebook to another: what was said is read over the same steps."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator.projects.models import CodebookMove
from annotator.schema.mapping import Step, from_json


@dataclass(frozen=True)
class Moves:
    """The moves of a project, in order."""

    steps: Sequence[tuple[uuid.UUID, uuid.UUID, Step]] = ()
    _paths: dict[tuple[uuid.UUID, uuid.UUID], tuple[Step, ...]] = field(default_factory=dict)

    def path(self, before: uuid.UUID, after: uuid.UUID) -> tuple[Step, ...]:
        """The steps from one version to another, none where no moves lead there."""
        key = (before, after)
        if key not in self._paths:
            self._paths[key] = self._find(before, after)
        return self._paths[key]

    def _find(self, before: uuid.UUID, after: uuid.UUID) -> tuple[Step, ...]:
        found, at = [], before
        for begin, end, step in self.steps:
            if begin == at and at != after:
                found.append(step)
                at = end
        return tuple(found) if at == after else ()


def moves_of(project_id: uuid.UUID) -> Moves:
    """One query, and one more for each codebook that this process has not read yet."""
    rows = CodebookMove.objects.filter(project=project_id).select_related("before", "after")
    rows = rows.defer("before__body", "after__body").order_by("number")
    return Moves(
        [
            (row.before_id, row.after_id, Step(row.before.codebook, row.after.codebook, from_json(row.mapping)))
            for row in rows
        ]
    )


def last_move(project_id: uuid.UUID, label_set_id: uuid.UUID) -> CodebookMove | None:
    """The move by which the project came to a version. One query."""
    rows = CodebookMove.objects.filter(project=project_id, after=label_set_id)
    return rows.select_related("before", "after").defer("before__body", "after__body").order_by("-number").first()
