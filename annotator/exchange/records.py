"""The shapes in which articles and readings leave: one record an article and voice. Every key is always there.

Offsets count Unicode code points, half-open. What is ordered is ordered here, not by a database's collation.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from annotator.log.models import Remark
from annotator.registers.resolving import Merges
from annotator.schema.codebook import Codebook
from corpus.models import Article

Record = dict[str, Any]

SOURCE = ("source__name", "source__sha256", "source_start", "source_end")
IDENTITY = ("id", "revision", "sha256", "length", "language", "direction", "withdrawn_at")


def article_columns(prefix: str = "", *, text: bool) -> list[str]:
    """Columns of an article that its part of a record is made of, as seen from another table."""
    names = [*IDENTITY, *SOURCE, *Article.FACTS, *(["text"] if text else [])]
    return [f"{prefix}{name}" for name in names]


def article_part(row: Mapping[str, Any], prefix: str = "article__") -> Record:
    """Which text this is and what it states; `text` is null where it is not wanted, or was withdrawn."""

    def column(name: str) -> Any:
        return row.get(f"{prefix}{name}")

    withdrawn_at = column("withdrawn_at")
    return {
        "id": str(column("id")),
        "key": article_key(column("source__sha256"), column("source_start"), column("revision")),
        "sha256": column("sha256"),
        "length": column("length"),
        "language": column("language"),
        "direction": column("direction"),
        **{name: plain(column(name)) or None for name in Article.FACTS},
        "withdrawn_at": plain(withdrawn_at),
        "text": None if withdrawn_at else column("text"),
    }


def article_key(source_sha256: str, start: int, revision: int) -> str:
    """The same for the same slice of the same file, in every database."""
    key = f"{source_sha256[:16]}-{start}"
    return key if revision == 1 else f"{key}-r{revision}"


def codebook_part(slug: str, number: int, digest: str) -> Record:
    return {"slug": slug, "version": number, "digest": digest}


def plain(value: Any) -> Any:
    """Times in UTC with `Z`, dates as written in ISO 8601."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, datetime.date) else value


class Answers:
    """Answers as they leave: every attribute of the codebook is there, free texts instead of their ids.

    merges: entries that stand for others now. Gold says those; judgements keep what was chosen.

    Arrow takes the columns of a table from its first lines, so that no later line may bring a new key.
    """

    def __init__(self, codebook: Codebook, merges: Merges | None = None) -> None:
        self.codebook, self.merges = codebook, merges or Merges()
        by_label = {label.key: codebook.attributes(label.key) for label in codebook.labels}
        by_relation = [{one.key: one for one in relation.attributes} for relation in codebook.relations]
        self.span_names = _merged(by_label.values())
        self.relation_names = _merged(by_relation)
        self._texts = {
            label: [name for name, one in known.items() if one.kind == "text"] for label, known in by_label.items()
        }
        self._no_answer = dict.fromkeys(self.span_names)
        self._no_answer_related = dict.fromkeys(self.relation_names)

    def remark_ids(self, spans: Iterable[Mapping[str, Any]]) -> set[str]:
        """What stands in answers of kind text: ids of remarks."""
        return {
            span["attributes"][name]
            for span in spans
            for name in self._texts.get(span["label"], ())
            if name in span["attributes"]
        }

    def of_span(self, span: Mapping[str, Any], remarks: Mapping[str, str]) -> Record:
        answers = {**self._no_answer, **self.merges.answers(self.codebook, span["label"], span["attributes"])}
        for name in self._texts.get(span["label"], ()):
            answers[name] = remarks.get(answers[name]) or None
        return answers

    def of_relation(self, relation: Mapping[str, Any]) -> Record:
        given = self.merges.answers(self.codebook, relation["type"], relation["attributes"])
        return {**self._no_answer_related, **given}


def _merged(groups: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for group in groups for name in group))


def remarks_by_id(ids: Iterable[Any]) -> dict[str, str]:
    """Id → free text; an erased one is empty. One query, none when there is nothing to look up."""
    wanted = {uuid.UUID(str(one)) for one in ids if one}
    if not wanted:
        return {}
    return {str(pk): text for pk, text in Remark.objects.filter(pk__in=wanted).values_list("pk", "text")}


def span_part(span: Mapping[str, Any], text: str | None, attributes: Record, provenance: Any = None) -> Record:
    return {
        "id": str(span["id"]),
        "start": span["start"],
        "end": span["end"],
        "label": span["label"],
        "text": text[span["start"] : span["end"]] if text is not None else None,
        "attributes": attributes,
        "absent": sorted(span["absent"]),
        "provenance": provenance,
    }


def relation_part(relation: Mapping[str, Any], attributes: Record, provenance: Any = None) -> Record:
    return {
        "id": str(relation["id"]),
        "type": relation["type"],
        "from": str(relation["source"]),
        "to": str(relation["target"]),
        "attributes": attributes,
        "provenance": provenance,
    }


def in_reading_order(spans: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(spans, key=lambda span: (span["start"], -span["end"], span["label"], str(span["id"])))


def by_type_and_ends(relations: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(relations, key=lambda one: (one["type"], str(one["source"]), str(one["target"])))
