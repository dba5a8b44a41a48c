"""Moving a project to a later version of its codebook.

Open sets are carried over, each in a gesture of its own that says so; what was handed in stays as it was judged, and is
read over the mapping. Nothing that was said is lost: what a mapping cannot carry stays as it stands and is flagged.
"""

import time
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.errors import Conflict, Problem
from annotator.log.actions import Gesture, gesture, lock
from annotator.projects.models import CodebookMove, Project
from annotator.projects.moves import moves_of
from annotator.schema.actions import freeze
from annotator.schema.mapping import Carried, Mapped, Step, as_json, carry_along, faults
from annotator.schema.models import LabelSet
from annotator.workflow.queries import open_to

AT_ONCE = 40
"""Sets carried over at once, so that a page can show how far it is."""


def move_codebook(project: Project, *, by: User, to: LabelSet, mapped: Mapped) -> CodebookMove:
    """Let the project go on under a later version, as one recorded act; `carry_some` then takes the open sets along.

    Raises Conflict for a version that is not later, Problem for a mapping that cannot be used.
    """
    with transaction.atomic():
        freeze(to, by=by)
        with gesture(project.chain, by=by, action="move_codebook") as current:
            fresh = Project.objects.select_related("chain", "label_set").get(pk=project.pk)
            before = fresh.label_set
            if to.slug != before.slug or to.number <= before.number:
                raise Conflict(f"The project works with version {before.number} already.", code="not_later")
            wrong = faults(before.codebook, to.codebook, mapped)
            if wrong:
                raise Problem(" ".join(fault.words for fault in wrong), code="bad_mapping", field="mapping")
            number = fresh.moves.count() + 1
            move = CodebookMove(project=fresh, number=number, before=before, after=to, mapping=as_json(mapped))
            current.add(move)
            current.change(fresh, label_set=to)
    project.label_set = to
    return move


def carry_some(project: Project, *, by: User, at_most: int = AT_ONCE) -> int:
    """Carry some open sets over, each in a transaction of its own. Returns how many; 0 when none is left behind."""
    count = 0
    for pk in left_behind(project).order_by("pk").values_list("pk", flat=True)[:at_most]:
        with transaction.atomic():
            annotation_set = AnnotationSet.objects.select_related("chain").get(pk=pk)
            lock(annotation_set.chain)
            count += bring_up_to_date(annotation_set, by=by)
    return count


def carry_for(project: Project, *, by: User, seconds: float = 4) -> None:
    """Carry open sets over for a while. What is then left can be taken up again at any time."""
    end = time.monotonic() + seconds
    while carry_some(project, by=by, at_most=AT_ONCE) and time.monotonic() < end:
        pass


def left_behind(project: Project) -> QuerySet[AnnotationSet]:
    """Open sets under another version than the project's."""
    return AnnotationSet.objects.filter(project=project, state="open").exclude(label_set=project.label_set_id)


def left_behind_for(user: User, project: Project) -> int:
    """How many there are, as far as the person may know: not on articles that they read."""
    return left_behind(project).filter(open_to(user)).count()


def bring_up_to_date(annotation_set: AnnotationSet, *, by: User) -> bool:
    """Carry an open set to its project's version. Returns whether it was: not when it is there or no move leads there.

    The set's chain is locked by now. What can be undone ends here: the gestures before belong to another codebook.
    """
    fresh = AnnotationSet.objects.select_related("project__label_set").get(pk=annotation_set.pk)
    target = fresh.project.label_set
    steps = moves_of(fresh.project_id).path(fresh.label_set_id, target.pk) if fresh.label_set_id != target.pk else ()
    if not steps or not fresh.is_open:
        return False
    spans, relations = list(fresh.spans.all()), list(fresh.relations.all())
    found = carried(steps, spans, relations)
    with gesture(annotation_set.chain, by=by, action="carry_over", locked=True) as current:
        current.change(fresh, label_set=target, carried=current.seq)
        _write(current, found, spans, relations)
    annotation_set.label_set, annotation_set.carried = target, fresh.carried
    return True


def carried(steps: Sequence[Step], spans: Sequence[Span], relations: Sequence[Relation]) -> Carried:
    """What becomes of stored rows."""
    return carry_along(steps, [row.as_standoff() for row in spans], [row.as_standoff() for row in relations])


def _write(current: Gesture, found: Carried, spans: Sequence[Span], relations: Sequence[Relation]) -> None:
    for row, span in zip(spans, found.spans, strict=True):
        values = {"label": span.label, "attributes": dict(span.attributes), "absent": sorted(span.absent)}
        if values != {"label": row.label, "attributes": row.attributes, "absent": sorted(row.absent)}:
            current.change(row, **values)
    for line, relation in zip(relations, found.relations, strict=True):
        answers = {"type": relation.type, "attributes": dict(relation.attributes)}
        if answers != {"type": line.type, "attributes": line.attributes}:
            current.change(line, **answers)


def later_versions(project: Project) -> list[LabelSet]:
    """Versions that the project can move to, the newest first."""
    found = LabelSet.objects.filter(slug=project.label_set.slug, number__gt=project.label_set.number)
    return list(found.defer("body").order_by("-number"))
