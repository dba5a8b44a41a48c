"""What the page of published gold shows: each span with its decisions, judgements and events."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.annotation import drawing
from annotator.annotation.drawing import Drawing
from annotator.annotation.guide import Guide, guide_of
from annotator.annotation.models import Span
from annotator.standoff import Span as StandoffSpan
from annotator.workflow.cases import Case
from annotator.workflow.comparison import Group, SpanGroup
from annotator.workflow.gold_words import Reason, Stories, Telling
from annotator.workflow.queries import reader_names
from annotator.workflow.trail import Happening


@dataclass(frozen=True)
class Link:
    """A relation from a span on, in words, with the decisions on it and on its attributes. `stands`: it is in gold;
    else readers drew it and it came to nothing."""

    words: str
    stands: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Entry:
    """A span of gold, or one that did not come in. `links`: its relations; `story`: the events behind all of it."""

    id: str
    start: int
    end: int
    quote: str
    name: str
    colour: str
    shape: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...]
    reasons: tuple[Reason, ...]
    story: tuple[Happening, ...]


@dataclass(frozen=True)
class GoldPage:
    """`aside`: what readers marked and nothing came of."""

    drawing: Drawing
    guide: Guide
    entries: list[Entry]
    aside: list[Entry]
    relations: int


def gold_page(case: Case, *, names: bool) -> GoldPage:
    """Gold on the text, and for each span of it the decisions, judgements and events that it came from."""
    readers = reader_names(case.project, case.readings.reader_of.values())
    pages = _Pages(case, Telling(case, names=names, readers=readers))
    groups = case.comparison.span_groups
    entries = [pages.entry(group, row) for group in groups for row in case.spans.get(group.key, [])]
    aside = [pages.aside(group) for group in groups if not case.spans.get(group.key)]
    return GoldPage(drawn(case), guide_of(case.codebook), entries, aside, sum(map(len, case.relations.values())))


def drawn(case: Case, more: Iterable[StandoffSpan] = ()) -> Drawing:
    spans = [StandoffSpan(str(row.pk), row.start, row.end, row.label) for row in case.gold.spans.values()]
    return drawing.draw_text(case.article.text, list(case.article.regions.all()), [*spans, *more], case.codebook)


class _Pages:
    """Entries of one case."""

    def __init__(self, case: Case, telling: Telling) -> None:
        self.case, self.telling, self.stories = case, telling, Stories(telling)

    def entry(self, group: SpanGroup, row: Span) -> Entry:
        label, words = self.case.codebook.label(row.label), self.case.article.text[row.start : row.end]
        return Entry(
            str(row.pk), row.start, row.end, words, label.name, label.colour, label.shape, self._facts(row),
            tuple(self._links(group, row)), self._reasons(group, row.pk), self.stories.of(group),
        )  # fmt: skip

    def aside(self, group: SpanGroup) -> Entry:
        first = self.telling.words.first(group)
        label = self.case.codebook.label(first.label)
        return Entry(
            "", first.start, first.end, self.telling.words.words(first), label.name, label.colour, label.shape, (),
            tuple(self._links(group, None)), self._reasons(group, None), self.stories.of(group),
        )  # fmt: skip

    def _facts(self, row: Span) -> tuple[tuple[str, str], ...]:
        """Answers by the name of their question, those that are not in the text last."""
        case, telling = self.case, self.telling
        asked = case.codebook.attributes(row.label)
        answers = case.answers(row)
        types = {one.key: one.name for one in case.codebook.relations}
        absent = (asked[name].name if name in asked else types.get(name, name) for name in row.absent)
        said = ((one.name, telling.words.said(one, answers[key])) for key, one in asked.items() if key in answers)
        return (*said, *((name, "not in the text") for name in absent))

    def _links(self, group: SpanGroup, row: Span | None) -> Iterable[Link]:
        """Those of gold first, then what readers drew and nothing came of. `row`: the source in gold."""
        fallen = []
        for one in self.telling.words.starting_at(group):
            rows = self.case.relations.get(one.key, [])
            for relation in rows:
                if row is None or relation.source_id == row.pk:
                    yield Link(self.telling.sentence(relation), True, self._reasons(one, relation.pk))
            if not rows:
                words = self.telling.words.line(one, next(iter(one.members)))
                fallen.append(Link(words, False, self._reasons(one, None)))
        yield from fallen

    def _reasons(self, group: Group, item: uuid.UUID | None) -> tuple[Reason, ...]:
        """The decision on a group, then those on its attributes. `item`: what came of it in gold."""
        items = [item] if item else []
        found = (
            self.telling.reason(group, name, self.telling.judgements(group, items, name))
            for name in self.telling.decided(group)
        )
        return tuple(filter(None, found))
