"""Reading sets: the door for one's own work. Other voices are read through `workflow/queries.py`."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, UUIDField
from django.db.models.functions import Substr

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.errors import Unknown
from annotator.log.models import Remark
from annotator.prepared import Given, Prepared
from annotator.projects.models import Membership
from annotator.standoff import AnnotatedText, reading_order
from corpus.models import Region
from corpus.text import MAX_LENGTH

CONTEXT = 32
"""Code points read on each side of a span, to see whether an edge cuts a grapheme."""


def own_sets(user: User) -> QuerySet[AnnotationSet]:
    """The person's own sets in projects where they still review. Never anybody else's."""
    own = _sets_of(user.pk)
    return (
        (own if user.bound_to is None else own.filter(project__in=user.bound_to))
        .select_related("chain", "project", "article", "label_set")
        .defer("article__text", "label_set__body")
    )


def _sets_of(owner: Any) -> QuerySet[AnnotationSet]:
    reviewing = Membership.objects.filter(project=OuterRef("project"), user=OuterRef("owner"), role="reviewer")
    return AnnotationSet.objects.filter(Exists(reviewing), owner=owner)


def annotation_set_for(user: User, pk: uuid.UUID) -> AnnotationSet:
    """One's own set. Raises Unknown for everybody else's, as for one that does not exist."""
    found = own_sets(user).filter(pk=pk).first()
    if found is None:
        raise Unknown()
    return found


def set_for_writing(user: User, pk: uuid.UUID, start: int = 0, length: int = 0) -> AnnotationSet:
    """One's own set, row and chain locked, with `window`: the text around [start, start + length).

    The window begins at `max(0, start - CONTEXT)`; only it is read, however long the article. Call
    inside `atomic()`. Raises Unknown.
    """
    start, length = min(start, MAX_LENGTH), min(length, MAX_LENGTH)
    first = max(0, start - CONTEXT)
    found = _set_for_writing.first(pk=pk, owner=user.pk, first=first + 1, length=start - first + length + CONTEXT)
    if found is None or (user.bound_to is not None and found.project_id not in user.bound_to):
        raise Unknown()
    return found


_set_for_writing = Prepared(
    lambda: _sets_of(Given("owner", UUIDField()))
    .filter(pk=Given("pk", UUIDField()))
    .annotate(window=Substr("article__text", Given("first", IntegerField()), Given("length", IntegerField())))
    .select_related("chain", "article", "label_set")
    .defer("article__text", "label_set__body")
    .select_for_update(of=("self", "chain"))
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


def paragraphs_at(article_id: uuid.UUID, stretches: Iterable[tuple[int, int]]) -> list[Paragraph]:
    """The lines that any of the stretches `[start, end)` touches, with their text. One query.

    Lines without a region (blank ones) are not listed. Cost depends on what is touched alone.
    """
    touched = Q()
    for start, end in stretches:
        touched |= Q(start__lt=end, end__gt=start)
    if not touched:
        return []
    numbers = Region.objects.filter(touched, article=article_id).values("paragraph")
    regions = Region.objects.filter(article=article_id, paragraph__in=numbers)
    return paragraphs(regions.annotate(text=Substr("article__text", F("start") + 1, F("end") - F("start"))))


def paragraphs(regions: Iterable[Region]) -> list[Paragraph]:
    """Regions that carry their `text`, gathered line by line. Regions of one line touch each other."""
    lines: dict[int, list[Region]] = {}
    for region in sorted(regions, key=lambda region: region.start):
        lines.setdefault(region.paragraph, []).append(region)
    return [
        Paragraph(number, line[0].start, line[-1].end, "".join(region.text for region in line), tuple(line))  # type: ignore[attr-defined]
        for number, line in lines.items()
    ]


def spans_in(annotation_set: AnnotationSet, lines: Sequence[Paragraph]) -> list[Span]:
    """The spans that touch the lines, in reading order. One query on the index of starts.

    Only spans that cross a line break can reach into a line from before it, and those are marked.
    """
    touched = Q()
    for line in lines:
        touched |= Q(start__gte=line.start, start__lt=line.end)
        touched |= Q(multiline=True, start__lt=line.start, end__gt=line.start)
    if not touched:
        return []
    return list(annotation_set.spans.filter(touched).order_by("start", "-end", "label", "id"))


def remarks_of(annotation_set: AnnotationSet) -> dict[str, str]:
    """Id → text of the set's notes and comments; an erased one reads as an empty text."""
    return {str(pk): text for pk, text in Remark.objects.filter(chain=annotation_set.chain_id).values_list("id", "text")}


def relations_of(spans: Sequence[Span]) -> list[Relation]:
    """Relations with an end among the spans, both ends loaded. One query."""
    ids = [span.pk for span in spans]
    return list(
        Relation.objects.filter(Q(source__in=ids) | Q(target__in=ids)).select_related("source", "target")
    )


