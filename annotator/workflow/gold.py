"""Gold of one article while it is being settled: drafts that are changed at will, then written in one gesture."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator import standoff
from annotator.annotation.editing import Edit, place_relation, place_span, stored_answers
from annotator.annotation.models import Relation, Span
from annotator.annotation.rules import clean_relation_attributes
from annotator.errors import Conflict
from annotator.workflow.cases import Case
from annotator.workflow.models import GoldSource


@dataclass(frozen=True)
class Origin:
    """Why an item of gold, or one attribute of it, is as it is: a decision, and a judgement that it followed."""

    decision: uuid.UUID
    submission: str
    judgement: str
    attribute: str = ""


@dataclass(eq=False)
class SpanDraft:
    """A span that gold is to have. `row`: the one it has. Free texts stand in `attributes` themselves."""

    start: int
    end: int
    label: str
    attributes: dict[str, Any] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    origins: set[Origin] = field(default_factory=set)
    row: Span | None = None

    @property
    def shape(self) -> tuple[int, int, str]:
        return self.start, self.end, self.label

    @property
    def content(self) -> tuple[Any, ...]:
        return (*self.shape, dict(self.attributes), frozenset(self.absent))

    def plain(self, id: str) -> standoff.Span:
        return standoff.Span(id, self.start, self.end, self.label, self.attributes, tuple(self.absent))


@dataclass(eq=False)
class RelationDraft:
    """A relation that gold is to have, between two of its spans."""

    type: str
    source: SpanDraft
    target: SpanDraft
    attributes: dict[str, Any] = field(default_factory=dict)
    origins: set[Origin] = field(default_factory=set)
    row: Relation | None = None

    @property
    def line(self) -> tuple[str, int, int]:
        return self.type, id(self.source), id(self.target)


class Gold:
    """Drafts by the key of the group they settle; a new `Gold` is what is stored."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.origins: dict[uuid.UUID, set[Origin]] = defaultdict(set)
        for source in case.gold.sources:
            self.origins[source.item].add(_origin(source))
        self.spans: dict[str, list[SpanDraft]] = defaultdict(list)
        for key, spans in case.spans.items():
            self.spans[key] = [self._span_draft(row) for row in spans]
        self.relations: dict[str, list[RelationDraft]] = defaultdict(list)
        for key, relations in case.relations.items():
            self.relations[key] = self.relations_now(relations)

    def _span_draft(self, row: Span) -> SpanDraft:
        answers = self.case.answers(row)
        return SpanDraft(row.start, row.end, row.label, answers, set(row.absent), self.origins[row.pk], row)

    def relations_now(self, rows: Iterable[Relation]) -> list[RelationDraft]:
        """Stored relations as drafts, without those that have lost an end."""
        spans = {draft.row.pk: draft for draft in _all(self.spans) if draft.row is not None}
        return [
            RelationDraft(
                row.type,
                spans[row.source_id],
                spans[row.target_id],
                self.case.relation_answers(row),
                self.origins[row.pk],
                row,
            )
            for row in rows
            if row.source_id in spans and row.target_id in spans
        ]

    def put(self, key: str, wanted: Iterable[SpanDraft]) -> None:
        """Let these stand for a group. They take over the rows that stood for it, the like of them first."""
        wanted = list(wanted)
        rows = [draft.row for draft in self.spans[key] if draft.row is not None]
        at = {(row.start, row.end, row.label): row for row in rows}
        for draft in wanted:
            draft.row = at.pop(draft.shape, None)
        left = [row for row in rows if row in at.values()]
        for draft in wanted:
            if draft.row is None and left:
                draft.row = left.pop(0)
        self.spans[key] = wanted

    def plain_spans(self) -> dict[str, list[standoff.Span]]:
        """What stands, by the key of its group."""
        return {key: [draft.plain(key) for draft in drafts] for key, drafts in self.spans.items()}

    def check(self) -> None:
        """Raises Conflict when two spans would have the same words and label."""
        shapes = Counter(draft.shape for draft in _all(self.spans))
        if any(times > 1 for times in shapes.values()):
            raise Conflict("Gold has these very words under this label already.", code="span_exists")

    def write(self, edit: Edit) -> None:
        """Bring the rows in line with the drafts: what is gone goes first, sources come last."""
        self.check()
        self._find_rows_of_relations()
        self._remove(edit)
        for span in _all(self.spans):
            self._write_span(edit, span)
        for relation in _all(self.relations):
            self._write_relation(edit, relation)
        self._write_sources(edit)

    def _find_rows_of_relations(self) -> None:
        """Two groups may come to the same relation in the end; it then comes from both."""
        rows = {(row.type, row.source_id, row.target_id): row for row in self.case.gold.relations.values()}
        kept: dict[tuple[str, int, int], RelationDraft] = {}
        for key, drafts in self.relations.items():
            for draft in drafts:
                ends = [end.row.pk if end.row else None for end in (draft.source, draft.target)]
                draft.row = rows.get((draft.type, *ends))  # type: ignore[arg-type]
                first = kept.setdefault(draft.line, draft)
                first.origins = first.origins | draft.origins
            self.relations[key] = [draft for draft in drafts if kept[draft.line] is draft]

    def _remove(self, edit: Edit) -> None:
        stays = self._rows
        for source in self.case.gold.sources:
            if source.item not in stays:
                edit.gesture.remove(source)
        for row in (*self.case.gold.relations.values(), *self.case.gold.spans.values()):
            if row.pk not in stays:
                edit.gesture.remove(row)

    @property
    def _rows(self) -> set[uuid.UUID]:
        """The stored rows that stay."""
        return {draft.row.pk for draft in (*_all(self.spans), *_all(self.relations)) if draft.row is not None}

    def _write_span(self, edit: Edit, draft: SpanDraft) -> None:
        quote = self.case.article.text[draft.start : draft.end]
        if draft.row is None:
            draft.row = place_span(
                edit, id=uuid.uuid4(), start=draft.start, end=draft.end, quote=quote, label=draft.label,
                attributes=draft.attributes, absent=sorted(draft.absent),
            )  # fmt: skip
        elif self._span_draft(draft.row).content != draft.content:
            edit.gesture.change(
                draft.row, start=draft.start, end=draft.end, label=draft.label, multiline="\n" in quote,
                attributes=stored_answers(edit, draft.label, draft.attributes), absent=sorted(draft.absent),
            )  # fmt: skip

    def _write_relation(self, edit: Edit, draft: RelationDraft) -> None:
        source, target = draft.source.row, draft.target.row
        assert source is not None and target is not None
        if draft.row is None:
            draft.row = place_relation(
                edit, id=uuid.uuid4(), type=draft.type, source=source, target=target, attributes=draft.attributes
            )
        elif self.case.relation_answers(draft.row) != draft.attributes:
            cleaned = clean_relation_attributes(self.case.codebook, draft.type, draft.attributes, self.case.extra_keys)
            edit.gesture.change(draft.row, attributes=cleaned)

    def _write_sources(self, edit: Edit) -> None:
        stored = {(source.item, _origin(source)): source for source in self.case.gold.sources}
        stays = self._rows
        wanted = {
            (draft.row.pk, origin)
            for draft in (*_all(self.spans), *_all(self.relations))
            if draft.row is not None
            for origin in draft.origins
        }
        for place, source in stored.items():
            if place not in wanted and source.item in stays:
                edit.gesture.remove(source)
        for item, origin in sorted(wanted - stored.keys(), key=repr):
            edit.gesture.add(
                GoldSource(
                    gold_set=self.case.gold_set, item=item, attribute=origin.attribute, decision_id=origin.decision,
                    submission_id=uuid.UUID(origin.submission), judgement=uuid.UUID(origin.judgement),
                )
            )  # fmt: skip


def _origin(source: GoldSource) -> Origin:
    return Origin(source.decision_id, str(source.submission_id), str(source.judgement), source.attribute)


def _all(drafts: Mapping[str, list[Any]]) -> Iterator[Any]:
    for some in drafts.values():
        yield from some
