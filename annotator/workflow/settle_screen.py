"""What the adjudication desk shows of a case, made for templates, which loop and choose but do not compute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.annotation import drawing
from annotator.annotation.drawing import Fold
from annotator.annotation.models import Span
from annotator.schema.codebook import Attribute, Codebook
from annotator.standoff import Span as StandoffSpan
from annotator.workflow.cases import Case, counted
from annotator.workflow.comparison import NOT_IN_TEXT, Difference, RelationGroup, SpanGroup
from annotator.workflow.models import Decision, GoldSource

OPEN = "open-"
"""Begins the id under which an open difference lies on the text, beside the spans of gold."""


@dataclass(frozen=True)
class Row:
    """One difference in the list. `starts_bundle`: a new group of things that hang together begins here."""

    key: str
    number: int
    colour: str
    letter: str
    quote: str
    what: str
    is_settled: bool
    starts_bundle: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of a quote; `is_common` when every reading has it."""

    text: str
    is_common: bool


@dataclass(frozen=True)
class Answer:
    name: str
    value: str
    differs: bool


@dataclass(frozen=True)
class Voice:
    """One reading's side of a difference. `key` names its submission; `letter` is what a person sees."""

    key: str
    letter: str
    has_it: bool
    pieces: tuple[Piece, ...]
    label: str
    answers: tuple[Answer, ...]
    links: tuple[str, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Question:
    """One attribute in the form for editing, with the answer that stands or the first reading's."""

    attribute: Attribute
    value: Any
    labels: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Current:
    """The difference on the desk. `start`, `end`, `label`: where the form for editing begins."""

    row: Row
    kind: str
    heading: str
    voices: tuple[Voice, ...]
    offers_both: bool
    decision: Decision | None
    verdict: str
    start: int
    end: int
    label: str
    questions: tuple[Question, ...]
    question: Question | None


@dataclass(frozen=True)
class Page:
    """The whole desk. `count`: differences in all; `marks`: the id on the text of the current one."""

    folds: list[Fold]
    rows: list[Row]
    current: Current | None
    agreed: int
    settled: int
    count: int
    mark: str
    previous: str
    next: str


def page_of(case: Case, at: str) -> Page:
    """The desk with the difference `at` on it; else the first open one, else the first."""
    rows = [_row(case, number, difference) for number, difference in enumerate(case.differences, 1)]
    place = _place(case, rows, at)
    current = _current(case, case.differences[place], rows[place]) if rows else None
    regions = list(case.article.regions.all())
    folds = drawing.draw_text(case.article.text, regions, _spans(case), case.codebook)
    around = [rows[index].key if 0 <= index < len(rows) else "" for index in (place - 1, place + 1)]
    settled = sum(row.is_settled for row in rows)
    mark = f"{OPEN}{case.differences[place].group}" if rows else ""
    agreed = sum(decision.outcome == "agreed" for decision in case.decisions.values())
    return Page(folds, rows, current, agreed, settled, len(rows), mark, around[0], around[1])


def next_open(case: Case, after: str) -> str:
    """The key of the open difference that follows `after`, from the beginning when none does; else `after`."""
    keys = [difference.key for difference in case.differences]
    start = keys.index(after) + 1 if after in keys else 0
    ordered = case.differences[start:] + case.differences[:start]
    return next((one.key for one in ordered if not case.is_settled(one)), after)


def _place(case: Case, rows: list[Row], at: str) -> int:
    for index, row in enumerate(rows):
        if row.key == at:
            return index
    return next((index for index, row in enumerate(rows) if not row.is_settled), 0)


def _spans(case: Case) -> Iterable[StandoffSpan]:
    """Gold as it stands, and the places where something differs, which lie there under ids of their own."""
    for span in case.gold_set.spans.all():
        yield StandoffSpan(str(span.pk), span.start, span.end, span.label)
    groups = {difference.group for difference in case.differences}
    places = {_anchor(case, case.comparison.groups[key]).key for key in groups}
    settled = {row.key for row in case.decisions.values() if row.subject == "span" and row.outcome != "neither"}
    for key in places | groups:
        group = case.comparison.groups[key]
        if isinstance(group, SpanGroup) and key not in settled:
            yield StandoffSpan(f"{OPEN}{key}", group.start, group.end, next(iter(group.members.values())).label)


def _anchor(case: Case, group: SpanGroup | RelationGroup) -> SpanGroup:
    """The spans that a difference lies on: itself, or the source of a relation."""
    if isinstance(group, SpanGroup):
        return group
    source = case.comparison.groups[group.source_group]
    assert isinstance(source, SpanGroup)  # noqa: S101  (the source of a relation is a group of spans)
    return source


def _quote(case: Case, group: SpanGroup) -> str:
    first = min(group.members.values(), key=lambda span: (span.start, -span.end))
    return case.article.text[first.start : first.end]


def _row(case: Case, number: int, difference: Difference) -> Row:
    group = case.comparison.groups[difference.group]
    anchor = _anchor(case, group)
    label = case.codebook.label(next(iter(anchor.members.values())).label)
    before = case.differences[number - 2] if number > 1 else None
    return Row(
        difference.key, number, label.colour, label.letter, _quote(case, anchor), _what(case, difference, group),
        case.is_settled(difference), before is None or before.bundle != difference.bundle,
    )  # fmt: skip


def _what(case: Case, difference: Difference, group: SpanGroup | RelationGroup) -> str:
    """In one or two words, how the readings differ here."""
    if difference.kind == "attribute":
        return _attribute(case, group, str(difference.name)).name.lower()
    if isinstance(group, RelationGroup):
        return case.codebook.relation(group.type).name
    if group.missing:
        return f"{', '.join(_letters(case)[voice] for voice in sorted(group.members))} only"
    return "label" if group.label_differs else "edge"


def _attribute(case: Case, group: SpanGroup | RelationGroup, name: str) -> Attribute:
    if isinstance(group, RelationGroup):
        return next(one for one in case.codebook.relation(group.type).attributes if one.key == name)
    known = (case.codebook.attributes(label) for label in group.labels)
    return next(attributes[name] for attributes in known if name in attributes)


def _letters(case: Case) -> dict[str, str]:
    """A, B, C … by the random ids of the submissions, so that letters do not follow people from text to text."""
    return {voice: chr(ord("A") + place) for place, voice in enumerate(case.comparison.voices)}


def _current(case: Case, difference: Difference, row: Row) -> Current:
    group = case.comparison.groups[difference.group]
    anchor = _anchor(case, group)
    name = difference.name or ""
    voices = tuple(_voice(case, group, voice, letter, name) for voice, letter in _letters(case).items())
    shapes = {(span.start, span.end, span.label) for span in anchor.members.values()}
    both = difference.kind == "span" and len(shapes) == len(anchor.members) > 1
    decision = case.decisions.get(difference.key)
    first, stored = next(iter(anchor.members.values())), _gold_of(case, anchor)
    place = stored or first
    question = _question(case, _attribute(case, group, name), None, "") if name else None
    return Current(
        row, difference.kind, _heading(case, difference, group), voices, both, decision, _verdict(case, decision),
        place.start, place.end, place.label,
        _questions(case, anchor, place.attributes) if difference.kind == "span" else (), question,
    )  # fmt: skip


def _gold_of(case: Case, group: SpanGroup) -> Span | None:
    items = GoldSource.objects.filter(gold_set=case.gold_set, decision__key=group.key, attribute="").values("item")
    return Span.objects.filter(pk__in=items).order_by("start").first()


def _heading(case: Case, difference: Difference, group: SpanGroup | RelationGroup) -> str:
    label = " or ".join(case.codebook.label(key).name for key in _anchor(case, group).labels)
    if difference.kind == "attribute":
        return f"{label} · {_attribute(case, group, str(difference.name)).name}"
    if isinstance(group, RelationGroup):
        return f"{label} · {case.codebook.relation(group.type).name}"
    parts = ["edges"] if group.boundary_differs else []
    parts += ["label"] if group.label_differs else []
    parts += ["values"] if group.attributes else []
    return f"{label} · {' and '.join(parts)}" if parts else f"{label} · in one reading only"


def _voice(case: Case, group: SpanGroup | RelationGroup, voice: str, letter: str, name: str) -> Voice:
    if isinstance(group, RelationGroup):
        return _relation_voice(case, group, voice, letter)
    span = group.members.get(voice)
    if span is None:
        return Voice(voice, letter, False, (), "", (), ())
    answers = _answers(case, group, span, voice)
    if name:
        answers = tuple(answer for answer in answers if answer.differs)
        answers = tuple(one for one in answers if one.name == _attribute(case, group, name).name)
    label = case.codebook.label(span.label).name if group.label_differs else ""
    links = () if name else _links(case, group, voice)
    return Voice(voice, letter, True, _pieces(case, group, span), label, answers, links, span.start, span.end)


def _relation_voice(case: Case, group: RelationGroup, voice: str, letter: str) -> Voice:
    source, target = (case.comparison.groups[key] for key in (group.source_group, group.target_group))
    assert isinstance(source, SpanGroup) and isinstance(target, SpanGroup)  # noqa: S101
    pieces = (Piece(_quote(case, source), True),)
    if voice not in group.members:
        return Voice(voice, letter, False, pieces, "", (), ())
    relation = case.codebook.relation(group.type)
    answers = tuple(
        Answer(one.name, str(group.members[voice].attributes.get(one.key, "")), one.key in group.attributes)
        for one in relation.attributes
        if one.key in group.members[voice].attributes
    )
    return Voice(voice, letter, True, pieces, "", answers, (f"{relation.name} “{_quote(case, target)}”",))


def _pieces(case: Case, group: SpanGroup, span: StandoffSpan) -> tuple[Piece, ...]:
    """The quote, parted into what every reading has and what is this one's alone."""
    text = case.article.text
    start = max(member.start for member in group.members.values())
    end = min(member.end for member in group.members.values())
    if start >= end:
        return (Piece(text[span.start : span.end], False),)
    cuts = [(span.start, start, False), (start, end, True), (end, span.end, False)]
    return tuple(Piece(text[a:b], common) for a, b, common in cuts if a < b)


def _answers(case: Case, group: SpanGroup, span: StandoffSpan, voice: str) -> tuple[Answer, ...]:
    asked = case.codebook.attributes(span.label)
    found = []
    for name in counted(case.codebook, span.label):
        replies = group.attributes.get(name)
        if name in span.attributes:
            value = drawing.said(case.codebook, asked[name], span.attributes[name])
        elif replies is None:
            continue
        else:
            value = "not in the text" if replies.get(voice) is NOT_IN_TEXT else "no answer"
        found.append(Answer(asked[name].name, value, replies is not None))
    return tuple(found)


def _links(case: Case, group: SpanGroup, voice: str) -> tuple[str, ...]:
    found = []
    for relation in case.comparison.relation_groups:
        if voice in relation.members and relation.source_group == group.key:
            target = case.comparison.groups[relation.target_group]
            assert isinstance(target, SpanGroup)  # noqa: S101
            found.append(f"{case.codebook.relation(relation.type).name} “{_quote(case, target)}”")
    return tuple(found)


def _verdict(case: Case, decision: Decision | None) -> str:
    """A standing decision in words."""
    if decision is None:
        return ""
    letter = _letters(case).get(decision.choice.get("voice", ""), "")
    words: Mapping[str, str] = {
        "took": f"{letter} was taken", "both": "Both stand", "neither": "Nothing belongs here",
        "edited": "Settled with an edit", "agreed": "All readings agree",
    }  # fmt: skip
    return words.get(decision.outcome, decision.outcome)


def _questions(case: Case, group: SpanGroup, values: Mapping[str, Any]) -> tuple[Question, ...]:
    """What the form for editing asks: every counted attribute of every label, shown for the labels that have it."""
    labels: dict[str, list[str]] = {}
    attributes: dict[str, Attribute] = {}
    for label in case.codebook.labels:
        for name in counted(case.codebook, label.key):
            attributes.setdefault(name, case.codebook.attributes(label.key)[name])
            labels.setdefault(name, []).append(label.key)
    return tuple(
        _question(case, attribute, values.get(name), " ".join(labels[name])) for name, attribute in attributes.items()
    )


def _question(case: Case, attribute: Attribute, value: Any, labels: str) -> Question:
    return Question(attribute, value, labels, _entries(case.codebook, attribute))


def _entries(codebook: Codebook, attribute: Attribute) -> tuple[tuple[str, str], ...]:
    if attribute.kind == "choice":
        return tuple((value.key, value.name) for value in attribute.values)
    if attribute.kind == "flag":
        return (("true", "yes"), ("false", "no"))
    if attribute.kind == "key" and attribute.list:
        return tuple((key, entry.title) for key, entry in codebook.entries(attribute.list).items())
    return ()
