"""Gold and judgements as records, in batches, each with the same number of queries however much is in it."""

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet, Relation, Span, Submission
from annotator.exchange.provenance import Provenance
from annotator.exchange.records import (
    Answers,
    Record,
    article_columns,
    article_part,
    by_type_and_ends,
    codebook_part,
    in_reading_order,
    plain,
    relation_part,
    remarks_by_id,
    span_part,
)
from annotator.projects.access import roles_in
from annotator.projects.models import Project, ProjectArticle
from annotator.registers.queries import merges_of
from annotator.registers.resolving import Merges
from annotator.schema.models import LabelSet
from annotator.workflow.models import Assignment
from annotator.workflow.queries import gold_for, submissions_for

Place = tuple[Any, ...]
"""Where a record stands in its listing; the next page begins after it."""
Fetch = Callable[[Place | None, int], list[tuple[Place, Record]]]
"""The records after a place, at most so many, in the listing's order."""

SPAN = ("id", "annotation_set", "start", "end", "label", "attributes", "absent")
RELATION = ("id", "annotation_set", "type", "source", "target", "attributes")


@dataclass(frozen=True)
class Wanted:
    """What is asked for. labels: None for all; changed_since: published or handed in then or later."""

    labels: frozenset[str] | None = None
    article: uuid.UUID | None = None
    changed_since: datetime.datetime | None = None
    text: bool = True
    provenance: bool = True


@dataclass
class Export:
    """One export at work: codebooks are read once for all of its batches.

    is_resolved: entries that were merged are given as what they are now, as in gold; else as they were chosen.
    """

    user: User
    project: Project
    wanted: Wanted
    is_resolved: bool
    answers: dict[uuid.UUID, tuple[Record, Answers]] = field(default_factory=dict)

    def of(self, label_set: uuid.UUID) -> tuple[Record, Answers]:
        if label_set not in self.answers:
            row = LabelSet.objects.get(pk=label_set)
            asks = self.is_resolved and row.codebook.lists
            merges = merges_of(self.project.pk, row.codebook) if asks else Merges()
            self.answers[label_set] = codebook_part(row.slug, row.number, row.digest), Answers(row.codebook, merges)
        return self.answers[label_set]

    def chosen(self, spans: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        labels = self.wanted.labels
        return in_reading_order(span for span in spans if labels is None or span["label"] in labels)

    def head(self, row: Mapping[str, Any], submission: Mapping[str, Any], prefix: str = "") -> Record:
        """What a record says before its spans."""
        book, _ = self.of(row[f"{prefix}label_set"])
        article = article_part(row, f"{prefix}article__")
        return {
            "unit": "codepoint",
            "project": self.project.slug,
            "article": article if self.wanted.text else {**article, "text": None},
            "codebook": book,
            "set": {
                "id": str(row[f"{prefix}id"]),
                "voice": row[f"{prefix}voice"],
                "round": row[f"{prefix}round"],
                "purpose": row.get("purpose", GOLD),
            },
            "submission": {
                "id": str(submission["id"]),
                "number": submission["number"],
                "digest": submission["digest"],
                "seq": submission["seq"],
                "head": submission["head"],
                "at": plain(submission["submitted_at"]),
            },
        }


SET = ("id", "voice", "round", "label_set")
SUBMISSION = ("id", "number", "digest", "seq", "head", "submitted_at")


# Gold


def gold(user: User, project: Project, wanted: Wanted) -> Fetch:
    """Published gold that the person may see, a record an article, in the project's order of articles."""
    export = Export(user, project, wanted, is_resolved=True)

    def fetch(after: Place | None, limit: int) -> list[tuple[Place, Record]]:
        rows = list(_gold_rows(export, after)[:limit])
        return [((row["position"],), record) for row, record in zip(rows, _gold_records(export, rows), strict=True)]

    return fetch


def _gold_rows(export: Export, after: Place | None) -> QuerySet[AnnotationSet, dict[str, Any]]:
    wanted = export.wanted
    found = gold_for(export.user, export.project).filter(article__project_articles__project=export.project)
    found = found.annotate(position=F("article__project_articles__position"))
    if after is not None:
        found = found.filter(position__gt=after[0])
    if wanted.article:
        found = found.filter(article=wanted.article)
    if wanted.changed_since:
        since = Submission.objects.filter(annotation_set=OuterRef("pk"), submitted_at__gte=wanted.changed_since)
        found = found.filter(Exists(since))
    columns = article_columns("article__", text=wanted.text)
    rows: QuerySet[AnnotationSet, dict[str, Any]] = found.order_by("position").values("position", *SET, *columns)
    return rows


def _gold_records(export: Export, rows: Sequence[Mapping[str, Any]]) -> Iterable[Record]:
    ids = [row["id"] for row in rows]
    spans, relations = _by_set(Span, SPAN, ids), _by_set(Relation, RELATION, ids)
    published = Submission.objects.filter(annotation_set__in=ids).order_by("number")
    newest = {one["annotation_set"]: one for one in published.values("annotation_set", *SUBMISSION)}
    remarks = _remarks(export, ((row["label_set"], spans[row["id"]]) for row in rows))
    provenance = Provenance(ids) if export.wanted.provenance and ids else None
    for row in rows:
        record = export.head(row, newest[row["id"]])
        text = record["article"]["text"]
        _, answers = export.of(row["label_set"])
        chosen = export.chosen(spans[row["id"]])
        record["spans"] = [
            span_part(span, text, answers.of_span(span, remarks), provenance and provenance.of(span["id"]))
            for span in chosen
        ]
        record["relations"] = [
            relation_part(one, answers.of_relation(one), provenance and provenance.of(one["id"]))
            for one in _between(relations[row["id"]], chosen)
        ]
        record["nothing_here"] = provenance and provenance.nothing_here(row["id"])
        yield record


def _by_set(model: type[Any], columns: Sequence[str], sets: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in model.objects.filter(annotation_set__in=sets).values(*columns):
        found[row["annotation_set"]].append(row)
    return found


def _between(relations: Iterable[Mapping[str, Any]], spans: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The relations of which both ends are among the spans."""
    known = {span["id"] for span in spans}
    return by_type_and_ends(one for one in relations if one["source"] in known and one["target"] in known)


def _remarks(export: Export, groups: Iterable[tuple[uuid.UUID, Iterable[Mapping[str, Any]]]]) -> dict[str, str]:
    ids: set[str] = set()
    for label_set, spans in groups:
        ids |= export.of(label_set)[1].remark_ids(spans)
    return remarks_by_id(ids)


# Individual judgements


def judgements(user: User, project: Project, wanted: Wanted) -> Fetch:
    """The newest submission of every reader that the person may see, a record each, as it was handed in."""
    export = Export(user, project, wanted, is_resolved=False)

    def fetch(after: Place | None, limit: int) -> list[tuple[Place, Record]]:
        rows = list(_judgement_rows(export, after)[:limit])
        return [((row["id"],), record) for row, record in zip(rows, _judgement_records(export, rows), strict=True)]

    return fetch


def _judgement_rows(export: Export, after: Place | None) -> QuerySet[Submission, dict[str, Any]]:
    wanted = export.wanted
    found = submissions_for(export.user, export.project).filter(annotation_set__owner__isnull=False)
    if after is not None:
        found = found.filter(pk__gt=after[0])
    if wanted.article:
        found = found.filter(annotation_set__article=wanted.article)
    if wanted.changed_since:
        found = found.filter(submitted_at__gte=wanted.changed_since)
    columns = article_columns("annotation_set__article__", text=wanted.text)
    own = [f"annotation_set__{name}" for name in SET]
    assigned = Assignment.objects.filter(annotation_set=OuterRef("annotation_set")).values("purpose")[:1]
    ordered = found.select_related(None).annotate(purpose=Subquery(assigned)).order_by("pk")
    rows: QuerySet[Submission, dict[str, Any]] = ordered.annotate(active_seconds=_told_time(export)).values(
        *SUBMISSION, "content", "active_seconds", "label_set", "purpose", *own, *columns
    )
    return rows


def _told_time(export: Export) -> Case:
    """Seconds that a reader was active: before the release for the manager, and the reader, alone."""
    place = ProjectArticle.objects.filter(project=export.project, article=OuterRef("annotation_set__article"))
    told = Q(Exists(place.filter(stage="released"))) | Q(annotation_set__owner=export.user)
    if "manager" in roles_in(export.user, export.project):
        told = ~Q(pk=None)
    return Case(When(told, then=F("annotation_set__time__seconds")))


def _judgement_records(export: Export, rows: Sequence[Mapping[str, Any]]) -> Iterable[Record]:
    contents = [json.loads(row["content"]) for row in rows]
    pairs = zip(rows, contents, strict=True)
    remarks = _remarks(export, ((row["label_set"], content["spans"]) for row, content in pairs))
    gold = published(export, {row["annotation_set__article__id"] for row in rows})
    for row, content in zip(rows, contents, strict=True):
        record = export.head({**row, "annotation_set__label_set": row["label_set"]}, row, "annotation_set__")
        text = record["article"]["text"]
        _, answers = export.of(row["label_set"])
        chosen = export.chosen(content["spans"])
        record["spans"] = [
            {**span_part(span, text, answers.of_span(span, remarks)), "suggestion": span["suggestion"]}
            for span in chosen
        ]
        record["relations"] = [
            relation_part(one, answers.of_relation(one)) for one in _between(content["relations"], chosen)
        ]
        record["nothing_here"] = None
        record["became"] = gold and _became(gold, record)
        record["active_seconds"] = row["active_seconds"]
        yield record


def published(export: Export, articles: Iterable[uuid.UUID]) -> Provenance | None:
    """The decisions behind the gold of some articles, as far as it is out and the person may see it."""
    if not export.wanted.provenance:
        return None
    return Provenance(
        list(gold_for(export.user, export.project).filter(article__in=articles).values_list("pk", flat=True))
    )


def _became(gold: Provenance, record: Record) -> list[Record]:
    items = (*record["spans"], *record["relations"])
    return [one for item in items for one in gold.became(item["id"])]
