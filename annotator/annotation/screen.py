"""What the reading desk shows: rows from the database, drawn. The whole set, or what one gesture touched."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import Q

from annotator import standoff
from annotator.annotation import drawing, rules
from annotator.annotation.drawing import Drawing, Entry
from annotator.annotation.editing import Done
from annotator.annotation.models import AnnotationSet, Comment, Relation, Reply, Span
from annotator.annotation.queries import (
    Paragraph,
    codebook_naming,
    codebook_seen,
    paragraphs_at,
    relations_of,
    spans_in,
)
from annotator.log.models import Remark
from annotator.registers.resolving import used_keys
from annotator.schema.codebook import Attribute, Codebook
from corpus.models import Region
from corpus.texts import text_of


@dataclass(frozen=True)
class Whole:
    """A set as the page draws it the first time."""

    drawing: Drawing
    entries: list[Entry]
    comments: list["Note"]
    counts: list["Count"]
    relations: int


@dataclass(frozen=True)
class Count:
    """How many spans carry a label."""

    key: str
    name: str
    count: int


@dataclass(frozen=True)
class Note:
    """A comment or flag, in words. `span` is empty for one on the article.

    `thread`: id of the comment that it goes on from, empty for one that begins; `by`: who says it, empty for
    the reader.
    """

    id: str
    span: str
    flag: str
    text: str
    thread: str = ""
    by: str = ""


@dataclass(frozen=True)
class Touched:
    """What a gesture changed: lines and rows as they are now, and the ids of what is gone."""

    done: Done
    drawing: Drawing
    entries: list[Entry]
    comments: list[Note]
    removed: list[str]


def whole(annotation_set: AnnotationSet) -> Whole:
    """Six queries, however long the text and however many spans; a few more where answers name entries."""
    text = annotation_set.article.text
    regions = list(annotation_set.article.regions.all())
    spans = list(annotation_set.spans.order_by("start", "-end", "label", "id"))
    relations = list(annotation_set.relations.all())
    remarks = _remarks(Remark.objects.filter(chain=annotation_set.chain_id))
    codebook = codebook_seen(annotation_set, [*spans, *relations])
    quotes = {str(span.pk): text[span.start : span.end] for span in spans}
    furniture = [(region.start, region.end) for region in regions if not region.is_read]
    drawn = drawing.draw_text(text, regions, [span.as_standoff() for span in spans], codebook)
    entries = _entries(codebook, spans, relations, quotes, remarks, furniture)
    comments = _threads(annotation_set, remarks)
    labelled = Counter(span.label for span in spans)
    counts = [Count(label.key, label.name, labelled[label.key]) for label in codebook.labels]
    return Whole(drawn, entries, comments, counts, len(relations))


def touched(done: Done) -> Touched:
    """The answer to a gesture; its cost depends on what the gesture touched, not on the article or the set."""
    annotation_set = done.annotation_set
    lines = paragraphs_at(annotation_set.article, _stretches(done.changes))
    inside = spans_in(annotation_set, lines)
    rows = _rows(annotation_set, done, inside)
    relations = relations_of(rows) if rows and _may_be_related(done) else []
    codebook = codebook_seen(annotation_set, [*rows, *relations])
    quotes = _quotes(annotation_set, rows, relations)
    remarks = _remarks_in(codebook, rows, relations)
    drawn = [drawing.draw_line(line.text, line.regions, _on(line, inside), codebook) for line in lines]
    entries = _entries(codebook, rows, relations, quotes, remarks, _furniture_under(annotation_set, lines, rows))
    comments = _notes(_ids(done, "comment"))
    here = (
        {entry.id for entry in entries}
        | {note.id for note in comments}
        | {link.id for entry in entries for link in entry.links}
    )
    removed = [change["id"] for change in done.changes if change["kind"] in SHOWN and change["id"] not in here]
    return Touched(done, drawing.drawn_alone(drawn), entries, comments, removed)


SHOWN = ("span", "relation", "comment")


def _on(line: Paragraph, spans: Sequence[Span]) -> list[standoff.Span]:
    return [span.as_standoff() for span in spans if span.start < line.end and span.end > line.start]


def _stretches(changes: Iterable[Mapping[str, Any]]) -> set[tuple[int, int]]:
    """Where spans stood and stand whose place or label a gesture changed."""
    found = set()
    for change in changes:
        states = [state for state in (change["before"], change["after"]) if state]
        drawn = {(state["start"], state["end"], state["label"]) for state in states if change["kind"] == "span"}
        if len(states) == 1 or len(drawn) > 1:
            found |= {(start, end) for start, end, _ in drawn}
    return found


def _ids(done: Done, kind: str) -> set[str]:
    return {change["id"] for change in done.changes if change["kind"] == kind}


def _rows(annotation_set: AnnotationSet, done: Done, inside: Sequence[Span]) -> list[Span]:
    """The spans whose rows may read differently now: changed ones, ends of changed relations, and what is
    linked to a span whose words changed, since a row quotes the other end."""
    wanted = _ids(done, "span") | _ends(done)
    found = {str(span.pk): span for span in inside if str(span.pk) in wanted}
    missing = wanted - set(found)
    if missing:
        found |= {str(span.pk): span for span in annotation_set.spans.filter(pk__in=missing)}
    reworded = [found[id] for id in _moved(done) if id in found]
    for relation in relations_of(reworded) if reworded else []:
        found |= {str(end.pk): end for end in (relation.source, relation.target)}
    return sorted(found.values(), key=lambda span: (span.start, -span.end, span.label, str(span.pk)))


def _ends(done: Done) -> set[str]:
    states = [
        state
        for change in done.changes
        if change["kind"] == "relation"
        for state in (change["before"], change["after"])
    ]
    return {state[end] for state in states if state for end in ("source", "target")}


def _moved(done: Done) -> list[str]:
    changed = (one for one in done.changes if one["kind"] == "span" and one["before"] and one["after"])
    return [one["id"] for one in changed if _place(one["before"]) != _place(one["after"])]


def _place(state: Mapping[str, Any]) -> tuple[int, int]:
    return state["start"], state["end"]


def _may_be_related(done: Done) -> bool:
    """A span that has just been made has no relations, unless they came with it."""
    return any(change["kind"] == "relation" or change["before"] for change in done.changes)


def _quotes(annotation_set: AnnotationSet, rows: Sequence[Span], relations: Sequence[Relation]) -> dict[str, str]:
    """The words of the rows and of what they are linked to."""
    text = text_of(annotation_set.article)
    ends = [end for relation in relations for end in (relation.source, relation.target)]
    return {str(span.pk): text[span.start : span.end] for span in [*rows, *ends]}


def _remarks(found: Any) -> dict[str, str]:
    return {str(pk): text for pk, text in found.values_list("id", "text")}


def _remarks_in(codebook: Codebook, rows: Sequence[Span], relations: Sequence[Relation]) -> dict[str, str]:
    """The free texts that the answers of these rows and relations point to."""
    ids = {
        span.attributes[key]
        for span in rows
        for key, asked in codebook.attributes(span.label).items()
        if asked.kind == "text" and key in span.attributes
    }
    ids |= {
        relation.attributes[asked.key]
        for relation in relations
        for asked in codebook.relation(relation.type).attributes
        if asked.kind == "text" and asked.key in relation.attributes
    }
    return _remarks(Remark.objects.filter(pk__in=ids)) if ids else {}


def _furniture_under(
    annotation_set: AnnotationSet, lines: Sequence[Paragraph], rows: Sequence[Span]
) -> list[tuple[int, int]]:
    known = [(region.start, region.end) for line in lines for region in line.regions if not region.is_read]
    elsewhere = Q()
    for span in rows:
        if not any(line.start <= span.start and span.end <= line.end for line in lines):
            elsewhere |= Q(start__lt=span.end, end__gt=span.start)
    if not elsewhere:
        return known
    found = Region.objects.filter(elsewhere, article=annotation_set.article_id).exclude(kind__in=Region.READ)
    return [*known, *found.values_list("start", "end")]


def _entries(
    codebook: Codebook,
    spans: Sequence[Span],
    relations: Sequence[Relation],
    quotes: Mapping[str, str],
    remarks: Mapping[str, str],
    furniture: Sequence[tuple[int, int]],
) -> list[Entry]:
    outgoing: dict[uuid.UUID, list[Relation]] = {span.pk: [] for span in spans}
    incoming: dict[uuid.UUID, list[Relation]] = {span.pk: [] for span in spans}
    order = {relation.key: place for place, relation in enumerate(codebook.relations)}
    for relation in sorted(relations, key=lambda one: (order[one.type], _rank(one), one.version, str(one.pk))):
        if relation.source_id in outgoing:
            outgoing[relation.source_id].append(relation)
        if relation.target_id in incoming:
            incoming[relation.target_id].append(relation)
    return [
        drawing.entry(
            codebook, span, quotes=quotes, outgoing=outgoing[span.pk], remarks=remarks,
            gaps=rules.gaps_of(
                codebook, span.as_standoff(), quotes[str(span.pk)],
                [one.as_standoff() for one in outgoing[span.pk]], [one.as_standoff() for one in incoming[span.pk]],
                any(start < span.end and end > span.start for start, end in furniture),
            ),
        )
        for span in spans
    ]  # fmt: skip


def _rank(relation: Relation) -> float:
    """A chain of relays keeps its order."""
    order = relation.attributes.get("order")
    return order if isinstance(order, int | float) else float("inf")


def _threads(annotation_set: AnnotationSet, remarks: Mapping[str, str]) -> list[Note]:
    """The reader's comments, each followed by what was said on it, in order of time. Two queries.

    A reply to a comment that was taken back is not shown.
    """
    comments = list(annotation_set.comments.order_by("made_at", "version"))
    said: dict[str, list[tuple[Any, Note]]] = {str(one.pk): [] for one in comments if one.thread is None}
    for one in comments:
        if str(one.thread) in said:
            said[str(one.thread)].append((one.made_at, _note(one, remarks)))
    for reply in annotation_set.replies.select_related("remark"):
        if str(reply.thread) in said:
            said[str(reply.thread)].append((reply.made_at, _reply(reply)))
    return [
        note
        for one in comments
        if one.thread is None
        for note in [_note(one, remarks), *(note for _, note in sorted(said[str(one.pk)], key=itemgetter(0)))]
    ]


def _reply(reply: Reply) -> Note:
    text = reply.remark.text if reply.remark else ""
    return Note(str(reply.pk), "", "", text or "This is dealt with.", str(reply.thread), "The manager")


def _note(comment: Comment, remarks: Mapping[str, str]) -> Note:
    text = remarks.get(str(comment.remark_id), "")
    return Note(str(comment.pk), str(comment.span_id or ""), comment.flag, text, str(comment.thread or ""))


def _notes(ids: set[str]) -> list[Note]:
    found = Comment.objects.filter(pk__in=ids).select_related("remark").order_by("version") if ids else []
    return [_note(one, {str(one.remark_id): one.remark.text} if one.remark else {}) for one in found]


@dataclass(frozen=True)
class Difference:
    """One thing that two windows say differently of a row, in words; empty where one says nothing."""

    name: str
    yours: str
    stands: str


def differences(annotation_set: AnnotationSet, asked: Mapping[str, Any], state: Mapping[str, Any]) -> list[Difference]:
    """What a late change asked for, beside what stands. `state`: the row as it is, as the log describes it."""
    codebook, text = annotation_set.label_set.codebook, annotation_set.article.text
    found = []
    if "quote" in asked and "start" in state:
        found.append(Difference("Words", asked["quote"], text[state["start"] : state["end"]]))
    if "label" in asked and "label" in state:
        names = [
            codebook.label(key).name if codebook.has_label(key) else key for key in (asked["label"], state["label"])
        ]
        found.append(Difference("Label", *names))
    if "attributes" in asked:
        of = state["label"] if "label" in state else state["type"]
        used = used_keys(codebook, [(of, asked["attributes"]), (of, state["attributes"])])
        found += _other_answers(codebook_naming(annotation_set, used), asked["attributes"], state)
    return [one for one in found if one.yours != one.stands]


def _other_answers(codebook: Codebook, given: Mapping[str, Any], state: Mapping[str, Any]) -> list[Difference]:
    known = dict(codebook.attributes(state["label"])) if "label" in state else _asked_of(codebook, state["type"])
    stored = state["attributes"]
    texts = [stored[key] for key, one in known.items() if one.kind == "text" and key in stored]
    standing = drawing.full_answers(known, stored, _remarks(Remark.objects.filter(pk__in=texts)))
    found = []
    for key in given.keys() & known.keys():
        both = (drawing.said(codebook, known[key], one) for one in (given[key], standing.get(key)))
        found.append(Difference(known[key].name, *both))
    return found


def _asked_of(codebook: Codebook, relation: str) -> dict[str, Attribute]:
    return {attribute.key: attribute for attribute in codebook.relation(relation).attributes}
