"""A set at work, as programs that write see it: own spans and relations, each with its version."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.annotation.editing import Done
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.annotation.queries import remarks_of
from annotator.exchange.records import Record, codebook_part, in_reading_order, remarks_by_id
from annotator.exchange.texts import one_article
from annotator.log.records import snapshot
from annotator.schema.codebook import Codebook


def set_record(annotation_set: AnnotationSet) -> Record:
    """One's own set with its article. Nine queries or fewer, however much is in it."""
    book = annotation_set.label_set
    article = one_article(annotation_set.article_id)
    remarks = remarks_of(annotation_set)
    spans = [{"id": row.pk, "version": row.version, **snapshot(row)} for row in annotation_set.spans.all()]
    relations = [{"id": row.pk, "version": row.version, **snapshot(row)} for row in annotation_set.relations.all()]
    return {
        "unit": "codepoint",
        "id": str(annotation_set.pk),
        "project": annotation_set.project.slug,
        "state": annotation_set.state,
        "version": annotation_set.chain.length,
        "codebook": codebook_part(book.slug, book.number, book.digest),
        "article": article,
        "spans": [span_record(span, book.codebook, remarks) for span in in_reading_order(spans)],
        "relations": [relation_record(one) for one in sorted(relations, key=lambda one: str(one["id"]))],
    }


def span_record(span: Mapping[str, Any], codebook: Codebook, remarks: Mapping[str, str]) -> Record:
    attributes = dict(span["attributes"])
    for name in _texts(span, codebook):
        attributes[name] = remarks.get(attributes[name], "")
    return {
        "id": str(span["id"]),
        "start": span["start"],
        "end": span["end"],
        "label": span["label"],
        "attributes": attributes,
        "absent": list(span["absent"]),
        "version": span["version"],
    }


def relation_record(relation: Mapping[str, Any]) -> Record:
    return {
        "id": str(relation["id"]),
        "type": relation["type"],
        "from": str(relation["source"]),
        "to": str(relation["target"]),
        "attributes": dict(relation["attributes"]),
        "version": relation["version"],
    }


def outcome(done: Done) -> Record:
    """What a gesture left behind: rows as it wrote them, and the ids of those it took away."""
    rows = [{"version": done.seq, "id": change["id"], **(change["after"] or {})} for change in done.changes]
    kinds = [change["kind"] if change["after"] else "removed" for change in done.changes]
    of_kind = {name: [row for row, kind in zip(rows, kinds, strict=True) if kind == name] for name in set(kinds)}
    codebook = done.annotation_set.label_set.codebook
    spans = of_kind.get("span", [])
    remarks = remarks_by_id(_remark_ids(spans, codebook))
    return {
        "set_version": done.version,
        "spans": [span_record(span, codebook, remarks) for span in spans],
        "relations": [relation_record(relation) for relation in of_kind.get("relation", [])],
        "removed": [row["id"] for row in of_kind.get("removed", [])],
    }


def row_record(done: Done, model: type[Span] | type[Relation], id: uuid.UUID) -> Record:
    """The one row that a gesture was about; as it stands, when the gesture found nothing to change."""
    left = outcome(done)
    name = "spans" if model is Span else "relations"
    row = next((row for row in left[name] if row["id"] == str(id)), None)
    return {**(row or _standing(done, model, id)), "set_version": done.version}


def _standing(done: Done, model: type[Span] | type[Relation], id: uuid.UUID) -> Record:
    row = model.objects.get(pk=id, annotation_set=done.annotation_set)
    values = {"id": row.pk, "version": row.version, **snapshot(row)}
    if model is Relation:
        return relation_record(values)
    codebook = done.annotation_set.label_set.codebook
    return span_record(values, codebook, remarks_by_id(_remark_ids([values], codebook)))


def _texts(span: Mapping[str, Any], codebook: Codebook) -> Sequence[str]:
    """Names of the span's answers of kind text, which hold ids of remarks."""
    known = codebook.attributes(span["label"])
    return [name for name in span["attributes"] if name in known and known[name].kind == "text"]


def _remark_ids(spans: Iterable[Mapping[str, Any]], codebook: Codebook) -> list[str]:
    return [span["attributes"][name] for span in spans for name in _texts(span, codebook)]
