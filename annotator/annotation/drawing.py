"""How spans look on a text: lines cut into runs, lanes under them, spans and relations in words. Pure.

Everything here is made for templates, which loop and choose but do not compute.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any, Protocol

import regex

from annotator.registers.showing import shown
from annotator.schema.codebook import Attribute, Codebook
from annotator.standoff import Span, lanes, reading_order, segments
from corpus.text import sentences

ROWS = 6
"""Rows of the stave under a line; what needs more shares the last one."""
READ = ("title", "deck", "subheading", "body")
"""Kinds of region that are the article itself; the others fold."""
NAMES = {
    "\u00ad": "SHY", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2060": "WJ",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM", "\u034f": "CGJ",
    "\u180e": "MVS",
}  # fmt: skip
"""Invisible characters that are shown by name. Joiners inside emoji are not among them: they do show."""

_INVISIBLE = regex.compile(f"[{''.join(NAMES)}]")


class Stretch(Protocol):
    """A typed region of the text, `[start, end)` in code points, on line number `paragraph`."""

    start: int
    end: int
    kind: str
    paragraph: int


@dataclass(frozen=True)
class Piece:
    """Text inside a run; `name` is set where it is one invisible character."""

    text: str
    name: str


@dataclass(frozen=True)
class Run:
    """Text between two neighbouring edges. `spans`: ids, outermost first; `classes`: its lanes."""

    start: int
    text: str
    pieces: tuple[Piece, ...]
    spans: str
    classes: str
    labels: str


@dataclass(frozen=True)
class Part:
    """Runs of one region. `kind` is empty where the whole line is one region."""

    kind: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Line:
    """One line of the text. `before`: blank text between it and the line before, line breaks included.

    sentences: "start-end" in code points, parted by spaces.
    """

    start: int
    end: int
    kind: str
    parts: tuple[Part, ...]
    sentences: str
    is_read: bool
    before: str = ""


@dataclass(frozen=True)
class Fold:
    """Neighbouring lines that are all read (`title` empty) or all furniture (folded under the title).

    `before`: blank text before the first of them.
    """

    title: str
    before: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Drawing:
    """Lines in folds, and the blank text behind the last one. All texts in it, in order, are the text again."""

    folds: tuple[Fold, ...]
    tail: str = ""


def draw_text(text: str, regions: Iterable[Stretch], spans: Iterable[Span], codebook: Codebook) -> Drawing:
    by_line: dict[int, list[Stretch]] = defaultdict(list)
    for region in regions:
        by_line[region.paragraph].append(region)
    ordered = [sorted(by_line[number], key=lambda region: region.start) for number in sorted(by_line)]
    on_line = _spread(sorted(spans, key=reading_order), [(line[0].start, line[-1].end) for line in ordered])
    drawn, behind = [], 0
    for line, inside in zip(ordered, on_line, strict=True):
        start, end = line[0].start, line[-1].end
        drawn.append(draw_line(text[start:end], line, inside, codebook, before=text[behind:start]))
        behind = end
    return Drawing(_folds(drawn), text[behind:])


def drawn_alone(lines: Iterable[Line]) -> Drawing:
    """Some lines by themselves, nothing folded."""
    return Drawing((Fold("", "", tuple(lines)),))


def _spread(spans: Sequence[Span], lines: Sequence[tuple[int, int]]) -> list[list[Span]]:
    """For each line the spans that touch it."""
    result: list[list[Span]] = [[] for _ in lines]
    first = 0
    for span in spans:
        while first < len(lines) and lines[first][1] <= span.start:
            first += 1
        at = first
        while at < len(lines) and lines[at][0] < span.end:
            result[at].append(span)
            at += 1
    return result


def _folds(lines: Iterable[Line]) -> tuple[Fold, ...]:
    folds = []
    for is_read, group in groupby(lines, key=lambda line: line.is_read):
        first, *others = group
        members = (replace(first, before=""), *others)
        folds.append(Fold("" if is_read else _fold_title(members), first.before, members))
    return tuple(folds)


def _fold_title(lines: Sequence[Line]) -> str:
    kinds = {part.kind or line.kind for line in lines for part in line.parts}
    names = [name for kind, name in _KIND_NAMES.items() if kind in kinds] or ["page furniture"]
    what = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    return f"{what[0].upper()}{what[1:]}, {count} · not read"


_KIND_NAMES = {
    "byline": "byline",
    "dateline": "date line",
    "caption": "photo caption",
    "boilerplate": "page furniture",
}


def draw_line(
    text: str, regions: Sequence[Stretch], spans: Sequence[Span], codebook: Codebook, before: str = ""
) -> Line:
    """One line: `text` is the line's own, `regions` tile it, `spans` are those that touch it."""
    start, end = regions[0].start, regions[-1].end
    pen = _Pen(codebook, spans)
    alone = len(regions) == 1
    parts = tuple(
        Part("" if alone else one.kind, pen.runs(text[one.start - start : one.end - start], one.start))
        for one in regions
    )
    is_read = any(region.kind in READ for region in regions)
    cuts = [(start + a, start + b) for a, b in sentences(text)] if is_read else []
    return Line(
        start, end, regions[0].kind if alone else "mixed", parts,
        " ".join(f"{a}-{b}" for a, b in cuts), is_read, before,
    )  # fmt: skip


class _Pen:
    """Draws the runs of one line: which spans lie where, and in which row of the stave."""

    def __init__(self, codebook: Codebook, spans: Sequence[Span]) -> None:
        self.codebook = codebook
        self.spans = {span.id: span for span in spans}
        self.depth = lanes(spans)
        self.row = stave(spans, [label.key for label in codebook.labels])
        self.ends = {(span.label, span.end) for span in spans}
        self.starts = {(span.label, span.start) for span in spans}

    def runs(self, text: str, start: int) -> tuple[Run, ...]:
        cut = segments(start, start + len(text), self.spans.values())
        return tuple(self._run(text[one.start - start : one.end - start], one.start, one.end, one.spans) for one in cut)

    def _run(self, text: str, start: int, end: int, ids: Sequence[str]) -> Run:
        classes = [name for id in ids for name in self._classes(self.spans[id], start, end)]
        labels = dict.fromkeys(self.codebook.label(self.spans[id].label).name for id in ids)
        return Run(start, text, pieces(text), " ".join(ids), " ".join(classes), ", ".join(labels))

    def _classes(self, span: Span, start: int, end: int) -> list[str]:
        label, row = self.codebook.label(span.label), self.row[span.id]
        names = [f"r{row}-{label.colour}", f"r{row}-{label.shape}"]
        nested = self.depth[span.id] > 0
        if span.start == start and (nested or (span.label, span.start) in self.ends):
            names.append(f"b{row}")
        if span.end == end and (nested or (span.label, span.end) in self.starts):
            names.append(f"e{row}")
        return names


def stave(spans: Iterable[Span], labels: Sequence[str]) -> dict[str, int]:
    """The row of each span under its line, from 0, the nearest.

    Every label owns the row of its place in the codebook; a span nested in one of its own label goes to
    the first free row below those. Rows are shared only where there are more labels or depths than ROWS.
    """
    own = {label: number % ROWS for number, label in enumerate(labels)}
    below = len(labels) if len(labels) < ROWS else 0
    deep = lanes(spans := sorted(spans, key=reading_order))
    rows: dict[str, int] = {}
    running: list[Span] = []
    for span in spans:
        running = [one for one in running if one.end > span.start]
        taken = {rows[one.id] for one in running}
        row = own[span.label]
        if deep[span.id] or row in taken:
            row = next((row for row in range(below, ROWS) if row not in taken), ROWS - 1)
        rows[span.id] = row
        running.append(span)
    return rows


def pieces(text: str) -> tuple[Piece, ...]:
    """The text cut at its invisible characters; empty where it has none."""
    if text.isascii() or not _INVISIBLE.search(text):
        return ()
    edges = {edge for match in _INVISIBLE.finditer(text) for edge in match.span()}
    cuts = pairwise(sorted(edges | {0, len(text)}))
    return tuple(Piece(text[a:b], NAMES.get(text[a:b], "")) for a, b in cuts)


# Spans in words, for the list beside the text.


class SpanRow(Protocol):
    """A span as it is stored."""

    id: Any
    start: int
    end: int
    label: str
    attributes: dict[str, Any]
    absent: list[str]
    version: int


class RelationRow(Protocol):
    """A relation as it is stored."""

    id: Any
    type: str
    source_id: Any
    target_id: Any
    attributes: dict[str, Any]
    version: int


@dataclass(frozen=True)
class Link:
    """One relation in words, seen from its source. `values`: its answers as JSON; `said`: the same in words."""

    id: str
    type: str
    name: str
    source: str
    target: str
    quote: str
    version: int
    values: str
    said: str


@dataclass(frozen=True)
class Shortfall:
    """A gap in words; `name` is the attribute or relation that it is about, or empty."""

    severity: str
    name: str
    message: str


@dataclass(frozen=True)
class Entry:
    """A row of the span list. `values`: the answers as JSON, free texts in full; `said`: the same in words;
    `first`: the answer that tells most."""

    id: str
    start: int
    end: int
    quote: str
    label: str
    name: str
    letter: str
    colour: str
    shape: str
    version: int
    values: str
    named: str
    absent: str
    first: str
    said: str
    links: tuple[Link, ...]
    gaps: tuple[Shortfall, ...]
    errors: int
    warnings: int


def entry(
    codebook: Codebook,
    span: SpanRow,
    *,
    quotes: Mapping[str, str],
    outgoing: Sequence[RelationRow],
    gaps: Sequence[Any],
    remarks: Mapping[str, str],
) -> Entry:
    """One span with what hangs on it, in words.

    quotes: the words of the span and of the other ends, by id. gaps: those of this span.
    remarks: free texts by id, of which the stored answers hold only the ids.
    """
    label, id = codebook.label(span.label), str(span.id)
    asked = codebook.attributes(span.label)
    values = full_answers(asked, span.attributes, remarks)
    errors = sum(gap.severity == "error" for gap in gaps)
    answers = in_words(codebook, asked, values)
    return Entry(
        id, span.start, span.end, quotes[id], label.key, label.name, label.letter, label.colour, label.shape,
        span.version, _json(values), _named(codebook, asked, values), " ".join(span.absent),
        next(iter(answers.values()), ""), _joined(answers),
        tuple(_link(codebook, relation, quotes, remarks) for relation in outgoing),
        tuple(Shortfall(gap.severity, gap.name, gap.message) for gap in gaps), errors, len(gaps) - errors,
    )  # fmt: skip


def _link(codebook: Codebook, relation: RelationRow, quotes: Mapping[str, str], remarks: Mapping[str, str]) -> Link:
    type = codebook.relation(relation.type)
    asked = {attribute.key: attribute for attribute in type.attributes}
    values = full_answers(asked, relation.attributes, remarks)
    return Link(
        str(relation.id), type.key, type.name, str(relation.source_id), str(relation.target_id),
        quotes[str(relation.target_id)], relation.version, _json(values), _joined(in_words(codebook, asked, values)),
    )  # fmt: skip


def full_answers(
    asked: Mapping[str, Attribute], stored: Mapping[str, Any], remarks: Mapping[str, str]
) -> dict[str, Any]:
    """Stored answers with the free texts themselves instead of the ids of their remarks."""
    texts = {key for key, attribute in asked.items() if attribute.kind == "text"}
    return {key: remarks.get(value, "") if key in texts else value for key, value in stored.items()}


def in_words(codebook: Codebook, asked: Mapping[str, Attribute], values: Mapping[str, Any]) -> dict[str, str]:
    """Name of each question → its answer as a person would say it, in the codebook's order."""
    return {one.name: said(codebook, one, values[key]) for key, one in asked.items() if key in values}


def _named(codebook: Codebook, asked: Mapping[str, Attribute], values: Mapping[str, Any]) -> str:
    """JSON of the entries that answers name, by attribute; empty without any."""
    lists = {key: codebook.entries(one.list) for key, one in asked.items() if one.list and key in values}
    found = {key: shown(one, entries) for key, entries in lists.items() if (one := entries.get(str(values[key])))}
    return _json(found) if found else ""


def _joined(answers: Mapping[str, str]) -> str:
    return " · ".join(f"{name}: {answer}" for name, answer in answers.items())


def said(codebook: Codebook, attribute: Attribute, value: Any) -> str:
    """One answer as a person would say it; nothing where there is none."""
    if value is None:
        return ""
    if attribute.kind == "flag":
        return "yes" if value else "no"
    if attribute.kind == "key" and attribute.list:
        entry = codebook.entries(attribute.list).get(str(value))
        return entry.title if entry else str(value)
    if attribute.kind == "choice":
        return next((one.name for one in attribute.values if one.key == value), str(value))
    return str(value)


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
