"""Stand-off annotation: labels kept beside a text, pointing into it. The text itself is never marked up.

Offsets are counts of Unicode code points from the start of the text, half-open: `text[start:end]` is
the quote.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import TypeAlias

Value: TypeAlias = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of text.

    attributes: what was answered, by attribute key. absent: names of attributes and relations answered with
    "not in the text"; kept as a frozenset whatever it came as.
    Raises ValueError when the span is empty, runs backwards or starts before the text.
    """

    id: str
    start: int
    end: int
    label: str
    attributes: Mapping[str, Value] = field(default_factory=dict, hash=False)
    absent: frozenset[str] | tuple[str, ...] = frozenset()

    def __post_init__(self) -> None:
        if self.start < 0:
            raise ValueError(f"Span {self.id} starts before the text, at {self.start}.")
        if self.start >= self.end:
            raise ValueError(f"Span {self.id} covers nothing: [{self.start}, {self.end}).")
        object.__setattr__(self, "absent", frozenset(self.absent))


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed, directed link; source and target are ids of spans."""

    id: str
    type: str
    source: str
    target: str
    attributes: Mapping[str, Value] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch between two neighbouring span edges, with the ids of the spans over it, outermost first."""

    start: int
    end: int
    spans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A text with what one voice says about it."""

    text: str
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()

    def quote(self, span: Span) -> str:
        """The words under the span. Raises ValueError when it runs past the end of the text."""
        if span.end > len(self.text):
            raise ValueError(f"Span {span.id} ends at {span.end}, the text at {len(self.text)}.")
        return self.text[span.start : span.end]

    def check(self) -> None:
        """Raises ValueError when a span runs past the text, an id occurs twice, or a relation points nowhere.

        Ids of spans and ids of relations are two separate series.
        """
        for span in self.spans:
            self.quote(span)
        known = _each_once("Span", (span.id for span in self.spans))
        _each_once("Relation", (relation.id for relation in self.relations))
        for relation in self.relations:
            for end in (relation.source, relation.target):
                if end not in known:
                    raise ValueError(f"Relation {relation.id} points to {end}, which is no span here.")


def _each_once(kind: str, ids: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"{kind} id {one} occurs twice.")
        seen.add(one)
    return seen


def reading_order(span: Span) -> tuple[int, int, str, str]:
    """Sort key: by start, of those that start together the longest first, then by label and id."""
    return (span.start, -span.end, span.label, span.id)


def overlap(a: Span, b: Span) -> int:
    """Code points that both spans cover; 0 when they only touch."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def intersection_over_union(a: Span, b: Span) -> float:
    """Shared code points over all code points covered by either: from 0 (apart) to 1 (same extent)."""
    shared = overlap(a, b)
    return shared / (a.end - a.start + b.end - b.start - shared)


def segments(start: int, end: int, spans: Iterable[Span]) -> list[Segment]:
    """Cuts the stretch [start, end) at every span edge inside it.

    The segments are in order and leave no gap: joined they are the stretch. Spans outside of it are ignored.
    Takes O(n log n + m) for n spans and m names in the answer. Raises ValueError when end lies before start.
    """
    if end < start:
        raise ValueError(f"The stretch [{start}, {end}) runs backwards.")
    inside = sorted((span for span in spans if span.start < end and span.end > start), key=reading_order)
    edges = {edge for span in inside for edge in (span.start, span.end) if start < edge < end}
    result, running, begun = [], list[Span](), 0
    for left, right in pairwise(sorted(edges | {start, end})):
        # Costs no more than the segment before was long. What begins here comes last in reading order.
        running = [span for span in running if span.end > left]
        while begun < len(inside) and inside[begun].start <= left:
            running.append(inside[begun])
            begun += 1
        result.append(Segment(left, right, tuple(span.id for span in running)))
    return result


def lanes(spans: Iterable[Span]) -> dict[str, int]:
    """On which lane of its label each span is drawn, by span id; 0 is the outermost.

    Two spans of one label that overlap never share a lane, and a span lies deeper than every span of its
    label that contains it. A crossing span takes the first free lane, so that a long chain needs only two.
    """
    result: dict[str, int] = {}
    running: dict[str, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=reading_order):
        others = [other for other in running[span.label] if other.end > span.start]
        taken = {result[other.id] for other in others}
        deepest_around = max((result[other.id] for other in others if other.end >= span.end), default=-1)
        result[span.id] = next(lane for lane in count(deepest_around + 1) if lane not in taken)
        running[span.label] = [*others, span]
    return result
