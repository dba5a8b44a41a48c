"""How a project came from one version of its codebook to another: what was said is read over the same steps."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator.projects.models import CodebookMove
from annotator.schema.mapping import Step, asked_along, from_json


@dataclass(frozen=True)
class Moves:
    """`lines`: the moves of each of some projects, in order."""

    lines: Sequence[Sequence[tuple[uuid.UUID, uuid.UUID, Step]]] = ()
    _paths: dict[tuple[uuid.UUID, uuid.UUID], tuple[Step, ...]] = field(default_factory=dict)
    _asked: dict[tuple[uuid.UUID, uuid.UUID, str, str], frozenset[str]] = field(default_factory=dict)

    def path(self, before: uuid.UUID, after: uuid.UUID) -> tuple[Step, ...]:
        """The steps from one version to another, of the first project that went there; none where no moves lead."""
        key = (before, after)
        if key not in self._paths:
            found = (_path(line, before, after) for line in self.lines)
            self._paths[key] = next(filter(None, found), ())
        return self._paths[key]

    def asked(self, before: uuid.UUID, after: uuid.UUID, kind: str, key: str) -> frozenset[str]:
        """What could be answered about a label or type of relation under a version, by the names of a later one."""
        place = (before, after, kind, key)
        if place not in self._asked:
            self._asked[place] = asked_along(self.path(before, after), kind, key)
        return self._asked[place]


def _path(line: Sequence[tuple[uuid.UUID, uuid.UUID, Step]], before: uuid.UUID, after: uuid.UUID) -> tuple[Step, ...]:
    found, at = [], before
    for begin, end, step in line:
        if begin == at and at != after:
            found.append(step)
            at = end
    return tuple(found) if at == after else ()


def moves_of(*projects: uuid.UUID) -> Moves:
    """One query, and one more for each codebook that this process has not read yet."""
    rows = CodebookMove.objects.filter(project__in=projects).select_related("before", "after")
    lines: dict[uuid.UUID, list[tuple[uuid.UUID, uuid.UUID, Step]]] = {project: [] for project in projects}
    for row in rows.defer("before__body", "after__body").order_by("number"):
        step = Step(row.before.codebook, row.after.codebook, from_json(row.mapping))
        lines[row.project_id].append((row.before_id, row.after_id, step))
    return Moves(list(lines.values()))


def last_move(project_id: uuid.UUID, label_set_id: uuid.UUID) -> CodebookMove | None:
    """The move by which the project came to a version. One query."""
    rows = CodebookMove.objects.filter(project=project_id, after=label_set_id)
    return rows.select_related("before", "after").defer("before__body", "after__body").order_by("-number").first()
