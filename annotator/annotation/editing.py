"""What the verbs of annotation are made of: one gesture at work on one set, from the lock to the event.

Adjudication writes gold with the same steps.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from annotator.accounts.models import User
from annotator.annotation import rules
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.annotation.queries import set_for_writing
from annotator.errors import Conflict, Problem, Stale, Unknown, VersionMissing
from annotator.log.actions import AlreadyDone, Gesture, gesture
from annotator.log.models import Event
from annotator.log.records import snapshot
from annotator.registers.queries import nameable
from annotator.schema.codebook import Codebook
from corpus.texts import text_of

Values = Mapping[str, Any]


@dataclass
class Edit:
    """One gesture at work on one set: what every helper below needs.

    `text`: the whole text.
    `remarks`: free texts that the set's chain has already, with the ids of their remarks.
    """

    gesture: Gesture
    annotation_set: AnnotationSet
    text: str
    remarks: dict[str, str] = field(default_factory=dict)

    def kept(self, text: str) -> str:
        """The id of the remark that holds a free text."""
        if text not in self.remarks:
            self.remarks[text] = str(self.gesture.remark(text).pk)
        return self.remarks[text]

    @property
    def codebook(self) -> Codebook:
        return self.annotation_set.label_set.codebook

    @property
    def extra_keys(self) -> rules.ExtraKeys:
        """Entries of the project's registers that answers may name beside the codebook's."""
        reader = None if self.annotation_set.is_gold else self.gesture.by
        return nameable(reader, self.annotation_set.project_id, self.codebook)

    def span(self, id: uuid.UUID) -> Span:
        span = self.annotation_set.spans.filter(pk=id).first()
        if span is None:
            raise Unknown("This span is gone; it may have been removed in another window.")
        return span

    def relation(self, id: uuid.UUID) -> Relation:
        relation = self.annotation_set.relations.filter(pk=id).first()
        if relation is None:
            raise Unknown("This relation is gone; it may have been removed in another window.")
        return relation

    def check_thread(self, id: uuid.UUID) -> None:
        if not self.annotation_set.comments.filter(pk=id, thread=None).exists():
            raise Unknown("The comment that this goes on from is gone.")


@dataclass(frozen=True)
class Done:
    """What a verb did: `version` of the set now, and the changes `{kind, id, before, after}`.

    `seq`: number of the event, the version that it gave to the rows it wrote; 0 when nothing was written.
    """

    annotation_set: AnnotationSet
    version: int
    changes: list[dict[str, Any]] = field(default_factory=list)
    repeated: bool = False
    seq: int = 0


class _Repeated(Exception):
    """The gesture was carried out before, as this event; what it did then is the answer again."""

    def __init__(self, annotation_set: AnnotationSet, event: Event) -> None:
        super().__init__(f"event {event.seq}")
        changes = json.loads(event.body)["changes"]
        self.done = Done(annotation_set, annotation_set.chain.length, changes, repeated=True, seq=event.seq)


def carry_out(
    set_id: uuid.UUID,
    by: User,
    gesture_id: uuid.UUID,
    verb: str,
    asked: Values,
    write: Callable[[Edit], None],
    *,
    stacks: bool = True,
) -> Done:
    """Fetch and lock the set, look for the gesture, write, append the event."""
    try:
        with _editing(set_id, by, gesture_id, verb, asked) as edit:
            if stacks:
                edit.gesture.tops = (edit.gesture.seq, None)
            write(edit)
    except _Repeated as repeated:
        return repeated.done
    except IntegrityError as error:
        raise _conflict(error) from error
    changes, version = edit.gesture.changes, edit.gesture.chain.length
    return Done(edit.annotation_set, version, changes, seq=version if changes else 0)


@contextmanager
def _editing(set_id: uuid.UUID, by: User, gesture_id: uuid.UUID, verb: str, asked: Values) -> Iterator[Edit]:
    with transaction.atomic():
        annotation_set = set_for_writing(by, set_id)
        plain = {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in asked.items()}
        try:
            with gesture(annotation_set.chain, by=by, action=verb, id=gesture_id, asked=plain, locked=True) as current:
                if not annotation_set.is_open:
                    raise Conflict("This reading was handed in and can no longer be changed.", code="set_closed")
                yield Edit(current, annotation_set, text_of(annotation_set.article))
        except AlreadyDone as done:
            raise _Repeated(annotation_set, done.event) from done


def _conflict(error: IntegrityError) -> Conflict:
    """The database's constraints have the last word; here they get plain ones."""
    said = str(error)
    if "span_once_per_label" in said or "annotator_span.label" in said:
        return Conflict("These very words carry this label already.", code="span_exists")
    if "relation_once" in said or "annotator_relation.type" in said:
        return Conflict("These two spans are linked like this already.", code="relation_exists")
    return Conflict("This id is taken; make a new one.", code="id_reused")


# The steps that verbs are made of.


def place_span(
    edit: Edit,
    *,
    id: uuid.UUID,
    start: int,
    end: int,
    quote: str | None,
    label: str,
    attributes: Values,
    absent: list[str],
    suggestion: str = "",
) -> Span:
    place = checked_place(edit, start, end, quote)
    rules.check_label(edit.codebook, label)
    if suggestion:
        _check_exposure(edit, suggestion)
    span = Span(
        id=id, annotation_set=edit.annotation_set, label=label, attributes=stored_answers(edit, label, attributes),
        absent=rules.clean_absent(edit.codebook, label, absent), suggestion=suggestion, **place,
    )  # fmt: skip
    return edit.gesture.add(span)


def place_relation(edit: Edit, *, id: uuid.UUID, type: str, source: Span, target: Span, attributes: Values) -> Relation:
    rules.check_relation(edit.codebook, type, source.label, target.label)
    if source.pk == target.pk:
        raise Problem("A relation needs two different spans.", code="same_ends", field="target")
    defaults = edit.codebook.relation_defaults(type, attributes)
    cleaned = rules.clean_relation_attributes(edit.codebook, type, {**defaults, **attributes}, edit.extra_keys)
    return edit.gesture.add(
        Relation(id=id, annotation_set=edit.annotation_set, type=type, source=source, target=target, attributes=cleaned)
    )


def stored_answers(edit: Edit, label: str, attributes: Values) -> dict[str, Any]:
    """Answers as a span keeps them: cleaned, free texts by the ids of their remarks."""
    return _with_remarks(edit, label, rules.clean_attributes(edit.codebook, label, attributes, edit.extra_keys))


def take_away(edit: Edit, span: Span) -> None:
    """Remove a span and the relations that hang on it."""
    for relation in [*span.outgoing.all(), *span.incoming.all()]:
        edit.gesture.remove(relation)
    edit.gesture.remove(span)


def step_back(edit: Edit) -> None:
    event = _event(edit, last_event(edit).undo_top if edit.gesture.chain.length else None, "There is nothing to undo.")
    _reverse(edit, event)
    edit.gesture.tops = (_event(edit, event.seq - 1).undo_top if event.seq > 1 else None, edit.gesture.seq)


def step_forward(edit: Edit) -> None:
    event = _event(edit, last_event(edit).redo_top if edit.gesture.chain.length else None, "There is nothing to redo.")
    _reverse(edit, event)
    edit.gesture.tops = (edit.gesture.seq, _event(edit, event.seq - 1).redo_top)


# What steps and verbs ask first.


def check_version(row: Span | Relation, version: int | None) -> None:
    if version is None:
        raise VersionMissing("Say which version you changed (If-Match).")
    if row.version != version:
        state = {"id": str(row.pk), "version": row.version, **snapshot(row)}
        raise Stale("This was changed in another window since you saw it.", state=state)


def checked_place(edit: Edit, start: int, end: int, quote: str | None) -> dict[str, Any]:
    """The columns of a span's place, after bounds, quote and graphemes fit the text."""
    article = edit.annotation_set.article
    rules.check_bounds(start, end, article.length)
    found = edit.text[start:end]
    if quote is None:
        raise Problem("Send the quoted text too.", code="quote_missing", field="quote")
    rules.check_quote(found, quote)
    rules.check_graphemes(edit.text, start, end)
    return {"start": start, "end": end, "multiline": "\n" in found}


def _check_exposure(edit: Edit, suggestion: str) -> None:
    if suggestion not in Span.EXPOSURES:
        raise Problem(f"“{suggestion[:40]}” is not said of suggestions.", code="unknown_exposure", field="suggestion")
    check_suggested(edit)


def check_suggested(edit: Edit) -> None:
    """Only a set whose reader is offered suggestions can say that one was seen."""
    if not edit.annotation_set.suggested:
        raise Problem("This reading is done without suggestions.", code="not_suggested", field="suggestion")


def is_elsewhere(span: Span, moved: Values) -> bool:
    return any(name in moved and moved[name] != getattr(span, name) for name in ("start", "end", "label"))


def merged_answers(edit: Edit, span: Span, label: str, attributes: Values) -> dict[str, Any]:
    """The span's attributes with the new ones put in, those of another label left behind, remarks kept."""
    known = edit.codebook.attributes(label)
    kept = {name: value for name, value in span.attributes.items() if name in known and name not in attributes}
    texts = {name: value for name, value in kept.items() if known[name].kind == "text"}
    values = {name: value for name, value in kept.items() if name not in texts}
    given = {**values, **attributes}
    asked_before = edit.codebook.defaults(label, values) if label == span.label else {}
    newly_asked = {
        name: value for name, value in edit.codebook.defaults(label, given).items() if name not in asked_before
    }
    return {**texts, **stored_answers(edit, label, {**newly_asked, **given})}


def _with_remarks(edit: Edit, label: str, attributes: Values) -> dict[str, Any]:
    """Free texts move into remarks, which can be erased; their ids stand in the attributes."""
    known = edit.codebook.attributes(label)
    return {name: edit.kept(value) if known[name].kind == "text" else value for name, value in attributes.items()}


def check_relabelling(edit: Edit, span: Span, label: str) -> None:
    rules.check_label(edit.codebook, label)
    for relation in span.outgoing.select_related("target"):
        rules.check_relation(edit.codebook, relation.type, label, relation.target.label)
    for relation in span.incoming.select_related("source"):
        rules.check_relation(edit.codebook, relation.type, relation.source.label, label)


def last_event(edit: Edit) -> Event:
    return Event.objects.get(chain=edit.gesture.chain, seq=edit.gesture.chain.length)


def _event(edit: Edit, seq: int | None, otherwise: str = "") -> Event:
    if seq is None:
        raise Conflict(otherwise, code="nothing_to_undo")
    return Event.objects.get(chain=edit.gesture.chain, seq=seq)


def _reverse(edit: Edit, event: Event) -> None:
    edit.gesture.undoes = event.seq
    edit.gesture.take_back(json.loads(event.body)["changes"])
