"""The verbs of annotation. Each writes rows and one event in one transaction; nothing else writes them.

A verb takes the acting person, the set's id, the gesture's id made by the client, and what is asked. A
repeated gesture is recognised and answered as the first was (`Done.repeated`).
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation import rules
from annotator.annotation.editing import (
    Done,
    Edit,
    Values,
    carry_out,
    check_relabelling,
    check_suggested,
    check_version,
    checked_place,
    is_elsewhere,
    last_event,
    merged_answers,
    place_relation,
    place_span,
    step_back,
    step_forward,
    take_away,
)
from annotator.annotation.models import Comment, Rejection
from annotator.errors import Problem, Unknown
from annotator.registers import actions as registers


def add_span(
    set_id: uuid.UUID,
    *,
    by: User,
    gesture: uuid.UUID,
    id: uuid.UUID,
    start: int,
    end: int,
    quote: str,
    label: str,
    attributes: Values | None = None,
    absent: list[str] | None = None,
    suggestion: str = "",
) -> Done:
    """Add `[start, end)` under a label. `quote` must equal the text there, else Conflict (409).

    `suggestion`: what the reader saw of one there, of `Span.EXPOSURES`.
    """
    asked = {
        "id": id, "start": start, "end": end, "quote": quote, "label": label,
        "attributes": attributes, "absent": absent, "suggestion": suggestion,
    }  # fmt: skip

    def write(edit: Edit) -> None:
        rules.check_label(edit.codebook, label)
        values = {**edit.codebook.defaults(label, attributes), **(attributes or {})}
        place_span(
            edit, id=id, start=start, end=end, quote=quote, label=label, attributes=values, absent=absent or [],
            suggestion=suggestion,
        )  # fmt: skip

    return carry_out(set_id, by, gesture, "add_span", asked, write)


def add_spans(
    set_id: uuid.UUID,
    *,
    by: User,
    gesture: uuid.UUID,
    places: Sequence[Values],
    label: str,
    attributes: Values | None = None,
) -> Done:
    """Add one label at many places `{id, start, end, quote}`, as one gesture that one undo takes back.

    A place may also say `suggestion`, as in `add_span`.
    """
    plain = [{**place, "id": str(place["id"])} for place in places]

    def write(edit: Edit) -> None:
        rules.check_label(edit.codebook, label)
        values = {**edit.codebook.defaults(label, attributes), **(attributes or {})}
        with edit.gesture.batched():
            for place in places:
                place_span(edit, **place, label=label, attributes=values, absent=[])

    asked = {"places": plain, "label": label, "attributes": attributes}
    return carry_out(set_id, by, gesture, "add_spans", asked, write)


def change_span(
    set_id: uuid.UUID,
    *,
    by: User,
    gesture: uuid.UUID,
    id: uuid.UUID,
    version: int | None,
    start: int | None = None,
    end: int | None = None,
    quote: str | None = None,
    label: str | None = None,
    attributes: Values | None = None,
    absent: list[str] | None = None,
) -> Done:
    """Move an edge, change the label or set attributes (None takes one away). Needs the row's version.

    Raises VersionMissing, or Stale with the row as it stands.
    """
    asked = {
        "id": id, "version": version, "start": start, "end": end, "quote": quote, "label": label,
        "attributes": attributes, "absent": absent,
    }  # fmt: skip

    def write(edit: Edit) -> None:
        span = edit.span(id)
        check_version(span, version)
        moved: dict[str, Any] = {}
        if start is not None or end is not None:
            moved = checked_place(edit, span.start if start is None else start, span.end if end is None else end, quote)
        relabelled = label is not None and label != span.label
        if relabelled:
            check_relabelling(edit, span, str(label))
            moved["label"] = label
        if attributes is not None or relabelled:
            moved["attributes"] = merged_answers(edit, span, str(label or span.label), attributes or {})
        if absent is not None:
            moved["absent"] = rules.clean_absent(edit.codebook, label or span.label, absent)
        if span.suggestion == "accepted" and is_elsewhere(span, moved):
            moved["suggestion"] = "changed"
        edit.gesture.change(span, **moved)

    return carry_out(set_id, by, gesture, "change_span", asked, write)


def remove_span(set_id: uuid.UUID, *, by: User, gesture: uuid.UUID, id: uuid.UUID, version: int | None) -> Done:
    """Remove a span together with its relations, as one gesture."""

    def write(edit: Edit) -> None:
        span = edit.span(id)
        check_version(span, version)
        take_away(edit, span)

    return carry_out(set_id, by, gesture, "remove_span", {"id": id, "version": version}, write)


def relate(
    set_id: uuid.UUID,
    *,
    by: User,
    gesture: uuid.UUID,
    id: uuid.UUID,
    type: str,
    source: uuid.UUID,
    target: uuid.UUID,
    attributes: Values | None = None,
) -> Done:
    """Link two spans of the set."""
    asked = {"id": id, "type": type, "source": source, "target": target, "attributes": attributes}

    def write(edit: Edit) -> None:
        ends = edit.span(source), edit.span(target)
        place_relation(edit, id=id, type=type, source=ends[0], target=ends[1], attributes=attributes or {})

    return carry_out(set_id, by, gesture, "relate", asked, write)


def change_relation(
    set_id: uuid.UUID, *, by: User, gesture: uuid.UUID, id: uuid.UUID, version: int | None, attributes: Values
) -> Done:
    """Set a relation's attributes, such as the order of a chain of relays."""

    def write(edit: Edit) -> None:
        relation = edit.relation(id)
        check_version(relation, version)
        merged = {**relation.attributes, **attributes}
        cleaned = rules.clean_relation_attributes(edit.codebook, relation.type, merged, edit.extra_keys)
        edit.gesture.change(relation, attributes=cleaned)

    asked = {"id": id, "version": version, "attributes": attributes}
    return carry_out(set_id, by, gesture, "change_relation", asked, write)


def unrelate(set_id: uuid.UUID, *, by: User, gesture: uuid.UUID, id: uuid.UUID, version: int | None) -> Done:
    def write(edit: Edit) -> None:
        relation = edit.relation(id)
        check_version(relation, version)
        edit.gesture.remove(relation)

    return carry_out(set_id, by, gesture, "unrelate", {"id": id, "version": version}, write)


def comment(
    set_id: uuid.UUID,
    *,
    by: User,
    gesture: uuid.UUID,
    id: uuid.UUID,
    text: str = "",
    flag: str = "",
    span: uuid.UUID | None = None,
    thread: uuid.UUID | None = None,
) -> Done:
    """A comment or a flag on a span, or on the article when no span is named; or more on an earlier comment."""
    asked = {"id": id, "text": text, "flag": flag, "span": span, "thread": thread}

    def write(edit: Edit) -> None:
        if flag not in Comment.FLAGS:
            raise Problem(f"There is no flag “{flag}”.", code="unknown_flag", field="flag")
        if not text.strip() and not flag:
            raise Problem("Write something, or choose a flag.", code="empty_comment", field="text")
        if span is not None:
            edit.span(span)
        if thread is not None:
            edit.check_thread(thread)
        made = Comment(id=id, annotation_set=edit.annotation_set, span_id=span, flag=flag, thread=thread)
        made.made_at = timezone.now()
        made.remark = edit.gesture.remark(text.strip()) if text.strip() else None
        edit.gesture.add(made)

    return carry_out(set_id, by, gesture, "comment", asked, write)


def remove_comment(set_id: uuid.UUID, *, by: User, gesture: uuid.UUID, id: uuid.UUID) -> Done:
    def write(edit: Edit) -> None:
        found = edit.annotation_set.comments.filter(pk=id).first()
        if found is None:
            raise Unknown("This comment is gone.")
        for one in [*edit.annotation_set.comments.filter(thread=id), found]:
            edit.gesture.remove(one)

    return carry_out(set_id, by, gesture, "remove_comment", {"id": id}, write)


def propose(
    set_id: uuid.UUID, *, by: User, gesture: uuid.UUID, id: uuid.UUID, list: str, name: str, kind: str = ""
) -> Done:
    """Propose an entry for a list; spans can name it at once, by the key that follows from `id`.

    Undo passes over it: other readings of the same person may name it by then.
    """

    def write(edit: Edit) -> None:
        last = last_event(edit)
        edit.gesture.tops = (last.undo_top, last.redo_top)
        registers.propose(
            edit.gesture, by=by, project_id=edit.annotation_set.project_id, codebook=edit.codebook, id=id,
            article_id=edit.annotation_set.article_id, list_name=list, name=name, kind=kind,
        )  # fmt: skip

    asked = {"id": id, "list": list, "name": name, "kind": kind}
    return carry_out(set_id, by, gesture, "propose", asked, write, stacks=False)


def reject_suggestions(
    set_id: uuid.UUID, *, by: User, gesture: uuid.UUID, places: Sequence[Values], label: str
) -> Done:
    """Suggestions of a label at some places `{id, start, end}` that are never to be shown again in this set.

    What was rejected before, as in another window, is left as it is.
    """
    plain = [{**place, "id": str(place["id"])} for place in places]

    def write(edit: Edit) -> None:
        check_suggested(edit)
        rules.check_label(edit.codebook, label)
        for place in places:
            rules.check_bounds(place["start"], place["end"], edit.annotation_set.article.length)
        known = set(edit.annotation_set.rejections.filter(label=label).values_list("start", "end"))
        fresh = {(place["start"], place["end"]): place["id"] for place in places}
        rows = [
            Rejection(id=id, annotation_set=edit.annotation_set, start=start, end=end, label=label)
            for (start, end), id in fresh.items()
            if (start, end) not in known
        ]
        edit.gesture.add_all(rows)

    return carry_out(set_id, by, gesture, "reject_suggestions", {"places": plain, "label": label}, write)


def undo(set_id: uuid.UUID, *, by: User, gesture: uuid.UUID) -> Done:
    """Take back the last gesture of the set that still stands, as a new event."""
    return carry_out(set_id, by, gesture, "undo", {}, step_back, stacks=False)


def redo(set_id: uuid.UUID, *, by: User, gesture: uuid.UUID) -> Done:
    """Take back the last undo, unless something new was done since."""
    return carry_out(set_id, by, gesture, "redo", {}, step_forward, stacks=False)
