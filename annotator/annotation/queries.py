"""Reading sets: the door for one's own work. Other voices are read through `workflow/queries.py`."""

import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, UUIDField

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.errors import Unknown
from annotator.log.models import Remark
from annotator.prepared import Given, Prepared
from annotator.projects.models import Membership, ProjectArticle
from annotator.registers.queries import Used, as_reader_sees
from annotator.registers.resolving import used_keys
from annotator.schema.codebook import Codebook
from annotator.schema.models import frozen_label_set
from annotator.standoff import AnnotatedText, reading_order
from corpus.models import Article, Region
from corpus.texts import text_of


def own_sets(user: User) -> QuerySet[AnnotationSet]:
    """The person's own sets in projects where they still review. Never anybody else's.

    While somebody reads an article again, what they said of it before is out of sight.
    """
    own = _sets_of(user.pk).filter(in_sight())
    return (
        (own if user.bound_to is None else own.filter(project__in=user.bound_to))
        .select_related("chain", "project", "article", "label_set", "time")
        .defer("article__text", "label_set__body")
    )


def in_sight(set_: str = "") -> Q:
    """A condition on sets, or on rows that lead to one by `set_`: its owner is not just reading the article again."""
    path = f"{set_}__" if set_ else ""
    same = {name: OuterRef(path + name) for name in ("project", "article", "owner")}
    return ~Q(Exists(AnnotationSet.objects.filter(**same, round__gt=OuterRef(path + "round"), state="open")))


def _sets_of(owner: Any) -> QuerySet[AnnotationSet]:
    reviewing = Membership.objects.filter(project=OuterRef("project"), user=OuterRef("owner"), role="reviewer")
    return AnnotationSet.objects.filter(Exists(reviewing), owner=owner)


def annotation_set_for(user: User, pk: uuid.UUID) -> AnnotationSet:
    """One's own set. Raises Unknown for everybody else's, as for one that does not exist."""
    found = own_sets(user).filter(pk=pk).first()
    if found is None:
        raise Unknown()
    return found


def set_for_writing(user: User, pk: uuid.UUID) -> AnnotationSet:
    """One's own set, row and chain locked. Call inside `atomic()`. Raises Unknown."""
    found = _set_for_writing.first(pk=pk, owner=user.pk)
    if found is None or (user.bound_to is not None and found.project_id not in user.bound_to):
        raise Unknown()
    found.label_set = frozen_label_set(found.label_set_id)
    return found


NEEDED_OF_ARTICLE = ("id", "length", "language", "direction", "withdrawn_at")

_set_for_writing = Prepared(
    lambda: (
        _sets_of(Given("owner", UUIDField()))
        .filter(pk=Given("pk", UUIDField()))
        .select_related("chain", "article")
        .defer(*(f"article__{one.name}" for one in Article._meta.concrete_fields if one.name not in NEEDED_OF_ARTICLE))
        .select_for_update(of=("self", "chain"))
    )
)


def as_standoff(annotation_set: AnnotationSet) -> AnnotatedText:
    """The set as plain values, spans and relations in reading order. Three queries."""
    spans = sorted((span.as_standoff() for span in annotation_set.spans.all()), key=reading_order)
    order = {span.id: place for place, span in enumerate(spans)}
    relations = sorted(
        (relation.as_standoff() for relation in annotation_set.relations.all()),
        key=lambda relation: (order[relation.source], relation.type, order[relation.target]),
    )
    return AnnotatedText(annotation_set.article.text, tuple(spans), tuple(relations))


@dataclass(frozen=True)
class Paragraph:
    """One line of the text with its regions: `text` is `article.text[start:end]`, no line break in it."""

    number: int
    start: int
    end: int
    text: str
    regions: tuple[Region, ...]


def paragraphs_at(article: Article, stretches: Iterable[tuple[int, int]]) -> list[Paragraph]:
    """The lines that any of the stretches `[start, end)` touches, with their text. One query.

    Lines without a region (blank ones) are not listed. Cost depends on how far apart the stretches lie.
    """
    wanted = sorted(stretches)
    if not wanted:
        return []
    text = text_of(article)
    first, last = text.rfind("\n", 0, wanted[0][0]) + 1, _end_of_line(text, max(end for _, end in wanted))
    regions = _regions_within.rows(article=article.pk, first=first, last=last)
    lines = [tuple(line) for _, line in groupby(regions, key=lambda region: region.paragraph)]
    places = [(line[0].start, line[-1].end) for line in lines]
    touched = sorted({number for stretch in wanted for number in _meeting(places, *stretch)})
    return [
        Paragraph(line[0].paragraph, *place, text[slice(*place)], line)
        for line, place in ((lines[number], places[number]) for number in touched)
    ]


def _end_of_line(text: str, end: int) -> int:
    found = text.find("\n", max(0, end - 1))
    return len(text) if found < 0 else found


_regions_within = Prepared(
    lambda: Region.objects.filter(
        article=Given("article", UUIDField()),
        start__gte=Given("first", IntegerField()),
        start__lt=Given("last", IntegerField()),
    ).order_by("start")
)


def spans_in(annotation_set: AnnotationSet, lines: Sequence[Paragraph]) -> list[Span]:
    """The spans that touch the lines, in reading order. One query; its cost depends on how far apart the lines lie.

    Only spans that cross a line break can reach into a line from before it, and those have an index of their own.
    """
    if not lines:
        return []
    found = _spans_around.rows(set=annotation_set.pk, first=lines[0].start, last=lines[-1].end)
    places = [(line.start, line.end) for line in lines]
    return sorted(
        (span for span in found if _meeting(places, span.start, span.end)),
        key=lambda span: (span.start, -span.end, span.label, str(span.pk)),
    )


def _spans_of_set(**place: Any) -> QuerySet[Span]:
    return Span.objects.filter(annotation_set=Given("set", UUIDField()), **place)


_spans_around = Prepared(
    lambda: _spans_of_set(start__gte=Given("first", IntegerField()), start__lt=Given("last", IntegerField())).union(
        _spans_of_set(multiline=True, start__lt=Given("first", IntegerField()), end__gt=Given("first", IntegerField())),
        all=True,
    )
)


def _meeting(places: Sequence[tuple[int, int]], start: int, end: int) -> range:
    """Which of the places, in order and apart from each other, share text with `[start, end)`."""
    first = bisect_right(places, start, key=lambda place: place[1])
    return range(first, bisect_left(places, end, lo=first, key=lambda place: place[0]))


def codebook_seen(annotation_set: AnnotationSet, rows: Iterable[Span | Relation]) -> Codebook:
    """The set's codebook with the entries that answers of these rows name, as the set's reader sees them.

    No query when they name none; else two, and a few more once the article is released.
    """
    answers = ((row.label if isinstance(row, Span) else row.type, row.attributes) for row in rows)
    return codebook_naming(annotation_set, used_keys(annotation_set.label_set.codebook, answers))


def codebook_naming(annotation_set: AnnotationSet, used: Used) -> Codebook:
    codebook, project = annotation_set.label_set.codebook, annotation_set.project_id
    if not used:
        return codebook
    row = ProjectArticle.objects.filter(project=project, article=annotation_set.article_id, stage="released")
    is_released = not annotation_set.is_open and row.exists()
    return as_reader_sees(codebook, annotation_set.owner_id, project, used, is_released=is_released)


def remarks_of(annotation_set: AnnotationSet) -> dict[str, str]:
    """Id → text of the set's notes and comments; an erased one reads as an empty text."""
    remarks = Remark.objects.filter(chain=annotation_set.chain_id).values_list("id", "text")
    return {str(pk): text for pk, text in remarks}


def relations_of(spans: Sequence[Span]) -> list[Relation]:
    """Relations with an end among the spans, both ends loaded. One query."""
    ids = [span.pk for span in spans]
    return list(Relation.objects.filter(Q(source__in=ids) | Q(target__in=ids)).select_related("source", "target"))
