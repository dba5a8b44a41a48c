"""What the adjudication desk shows of a case, made for templates, which loop and choose but do not compute."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotator.annotation import drawing
from annotator.annotation.drawing import Drawing
from annotator.annotation.guide import Guide, guide_of
from annotator.annotation.models import Comment
from annotator.standoff import Span
from annotator.workflow.cases import Case
from annotator.workflow.comparison import Difference, Group, RelationGroup, SpanGroup
from annotator.workflow.models import Decision
from annotator.workflow.queries import comments_on, reader_names
from annotator.workflow.settle_forms import Question, questions_of
from annotator.workflow.settle_words import Words
from annotator.workflow.threads import replies_on


@dataclass(frozen=True)
class Row:
    """One difference in the list. `state`: open, settled, or gone with what it hangs on.

    `marks`: ids under which it lies on the text; `starts_bundle`: things that hang together begin here.
    """

    key: str
    number: int
    colour: str
    shape: str
    letter: str
    quote: str
    what: str
    state: str
    marks: str
    starts_bundle: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of words: `same` in every reading, `own` where others lack it, `lacking` where this one does."""

    text: str
    kind: str


@dataclass(frozen=True)
class Answer:
    name: str
    value: str
    differs: bool


@dataclass(frozen=True)
class Remark:
    """What a reader said to the adjudicator of a span, or of the article; `replies`: a manager's answers."""

    by: str
    flag: str
    text: str
    replies: tuple[str, ...] = ()


Said = tuple[Comment, tuple[str, ...]]
"""A comment with a manager's answers to it."""


@dataclass(frozen=True)
class Voice:
    """One reading's side of a difference. `key` names its submission; `letter` stands for it on the text, and
    `called` is what a person sees: the letter, or the reader's name where the project shows names.

    `number`: the key that takes it; `is_former`: nobody says it any more; `links`: its relations from here.
    """

    key: str
    letter: str
    called: str
    number: int
    is_former: bool
    is_one_of_several: bool
    remarks: tuple[Remark, ...]
    has_it: bool
    pieces: tuple[Piece, ...]
    label: str
    answers: tuple[Answer, ...]
    links: tuple[str, ...]


@dataclass(frozen=True)
class Edit:
    """Where the form for editing begins, and what it asks."""

    start: int
    end: int
    label: str
    type: str
    source: str
    target: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Current:
    """The difference on the desk. `seen`: the decision that stands, which the next one must know of."""

    row: Row
    kind: str
    heading: str
    help: str
    rules: tuple[str, ...]
    voices: tuple[Voice, ...]
    offers_both: bool
    seen: str
    verdict: str
    decision: Decision | None
    is_flagged: bool
    alike: tuple[Row, ...]
    edit: Edit


@dataclass(frozen=True)
class Page:
    """The whole desk. `settled`: of `count` differences; `by_rule`: how much settled itself, by the way it did;
    `later`: the next open difference; `ends`: what a relation may join, by the key of the group."""

    drawing: Drawing
    guide: Guide
    lanes: int
    rows: list[Row]
    current: Current | None
    settled: int
    count: int
    by_rule: tuple[tuple[str, int], ...]
    previous: str
    next: str
    later: str
    ends: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]


def page_of(case: Case, at: str) -> Page:
    """The desk with the difference `at` on it; else the first open one, else the first."""
    sets = case.readings.reader_of.values()
    words, differences, remarks = Words(case, reader_names(case.project, sets)), case.differences, _said(sets)
    rows = [_row(case, words, number, difference) for number, difference in enumerate(differences, 1)]
    place = _place(rows, at)
    current = _current(case, words, rows, place, remarks) if rows else None
    around = [rows[index].key if 0 <= index < len(rows) else "" for index in (place - 1, place + 1)]
    guide = guide_of(case.codebook)
    regions = list(case.article.regions.all())
    drawn = drawing.draw_text(case.article.text, regions, _spans(case, words, current), case.codebook)
    return Page(
        drawn, guide, min(guide.rows + 1, drawing.ROWS), rows, current,
        sum(row.state != "open" for row in rows), len(rows), _by_rule(case), around[0], around[1],
        next_open(case, current.row.key) if current else "", _ends(case, words, differences[place] if rows else None),
        _remarks(words, remarks, lambda comment: comment.span_id is None),
    )  # fmt: skip


def next_open(case: Case, after: str) -> str:
    """The key of the open difference that follows `after`, from the beginning when none does; else `after`."""
    keys = [difference.key for difference in case.differences]
    start = keys.index(after) + 1 if after in keys else 0
    ordered = case.differences[start:] + case.differences[:start]
    return next((one.key for one in ordered if not case.is_settled(one)), after)


def _place(rows: list[Row], at: str) -> int:
    for index, row in enumerate(rows):
        if row.key == at:
            return index
    return next((index for index, row in enumerate(rows) if row.state == "open"), 0)


def _by_rule(case: Case) -> tuple[tuple[str, int], ...]:
    """How many spans and relations settled themselves."""
    counts = Counter(one.basis for one in case.settled.values() if one.subject != "attribute")
    agreed, single, majority = counts.pop("agreed", 0), counts.pop("single", 0), counts.pop("majority", 0)
    found = (("agreed", agreed), ("by one reading", single), ("by majority", majority), ("by rule", counts.total()))
    return tuple((name, count) for name, count in found if count)


def _spans(case: Case, words: Words, current: Current | None) -> Iterable[Span]:
    """What lies on the text: gold, places that are open, and of the current place every reading on its own."""
    for rows in case.spans.values():
        for row in rows:
            yield Span(str(row.pk), row.start, row.end, row.label)
    at = current.row.marks.split() if current else []
    for key in {words.anchor(difference).key for difference in case.differences}:
        group = case.comparison.groups[key]
        if isinstance(group, SpanGroup) and not case.spans.get(key) and not case.is_nothing(key):
            yield from _open_span(words, group, f"open-{key}" in at)


def _open_span(words: Words, group: SpanGroup, is_current: bool) -> Iterable[Span]:
    if not is_current:
        yield Span(f"open-{group.key}", group.start, group.end, words.first(group).label)
        return
    for voice, span in group.members.items():
        yield Span(f"open-{group.key}:{words.letters.get(voice, '')}", span.start, span.end, span.label)


def _row(case: Case, words: Words, number: int, difference: Difference) -> Row:
    anchor = words.anchor(difference)
    label = case.codebook.label(words.first(anchor).label)
    before = case.differences[number - 2] if number > 1 else None
    marks = [f"open-{anchor.key}", *(str(row.pk) for row in case.spans.get(anchor.key, []))]
    state = "open" if not case.is_settled(difference) else "gone" if _fell_away(case, difference) else "settled"
    return Row(
        difference.key, number, label.colour, label.shape, label.letter, words.quote(anchor), words.what(difference),
        state, " ".join(marks), before is None or before.bundle != difference.bundle,
    )  # fmt: skip


def _fell_away(case: Case, difference: Difference) -> bool:
    return difference.key not in case.decisions and difference.key not in case.settled


def _current(case: Case, words: Words, rows: list[Row], place: int, remarks: Sequence[Said]) -> Current:
    difference, row = case.differences[place], rows[place]
    group = case.comparison.groups[difference.group]
    shapes = {(span.start, span.end, span.label) for span in words.anchor(difference).members.values()}
    decision = case.decisions.get(difference.key)
    help, rules = words.guidance(difference)
    by_key = {one.key: one for one in rows}
    alike = () if row.state != "open" else tuple(by_key[one.key] for one in case.alike(difference))
    return Current(
        row, difference.kind, words.heading(difference), help, rules, _voices(case, words, difference, remarks),
        difference.kind == "span" and len(shapes) > 1, str(decision.pk) if decision is not None else "",
        words.verdict(decision, difference), decision, difference.key in case.flagged and row.state == "open",
        alike if len(alike) > 1 else (), _edit(case, difference, group),
    )  # fmt: skip


def _remarks(words: Words, comments: Sequence[Said], wanted: Callable[[Comment], bool]) -> tuple[Remark, ...]:
    """In the order in which they were made, by their readers."""
    called = {reader: words.called(voice) for voice, reader in words.case.readings.reader_of.items()}
    return tuple(
        Remark(called[str(one.annotation_set_id)], one.flag, one.remark.text if one.remark else "", replies)
        for one, replies in comments
        if wanted(one)
    )


def _said(sets: Iterable[str]) -> list[Said]:
    """Readers' comments with what a manager answered to each."""
    replies = replies_on(sets := list(sets))
    texts = {key: [one.remark.text for one in found if one.remark] for key, found in replies.items()}
    return [(one, tuple(texts.get(str(one.pk), ()))) for one in comments_on(sets)]


def _voices(case: Case, words: Words, difference: Difference, comments: Sequence[Said]) -> tuple[Voice, ...]:
    """Readings of today by letter, then those who said it before and say it no more."""
    group = case.comparison.groups[difference.group]
    former = sorted(voice for voice in group.members if voice not in case.comparison.voices)
    found = []
    for number, voice in enumerate([*words.voices, *former], 1):
        item = words.anchor(difference).members.get(voice)
        said = _remarks(words, comments, lambda one: item is not None and str(one.span_id) == item.id)  # noqa: B023
        side = _relation_side if isinstance(group, RelationGroup) else _span_side
        several = voice in group.members and len(group.members) > 1
        heading = (voice, words.letters.get(voice, "?"), words.called(voice), number, voice in former, several, said)
        found.append(Voice(*heading, *side(case, words, difference, group, voice)))
    return tuple(found)


def _span_side(case: Case, words: Words, difference: Difference, group: Group, voice: str) -> tuple[Any, ...]:
    assert isinstance(group, SpanGroup)
    span = group.members.get(voice)
    if span is None:
        return False, (), "", (), ()
    pieces = _pieces(case, group, span) if difference.kind == "span" else (Piece(words.words(span), "same"),)
    label = case.codebook.label(span.label).name if group.label_differs else ""
    answers = _answers(case, words, group, span, voice, difference.name)
    return True, pieces, label, answers, () if difference.name else words.links(group, voice)


def _relation_side(case: Case, words: Words, difference: Difference, group: Group, voice: str) -> tuple[Any, ...]:
    assert isinstance(group, RelationGroup)
    source = case.comparison.groups[group.source_group]
    assert isinstance(source, SpanGroup)
    if voice not in group.members:
        return False, (), "", (), words.links(source, voice)
    asked = {one.key: one for one in case.codebook.relation(group.type).attributes}
    item = group.members[voice]
    answers = tuple(
        Answer(one.name, words.said(one, item.attributes.get(key)), key in group.attributes)
        for key, one in asked.items()
        if key in item.attributes or key in group.attributes
    )
    return True, (Piece(words.sentence(group, voice), "same"),), "", answers, ()


def _pieces(case: Case, group: SpanGroup, span: Span) -> tuple[Piece, ...]:
    """The words of all readings, cut where one of them begins or ends, each told from this one's point of view."""
    edges = sorted({edge for member in group.members.values() for edge in (member.start, member.end)})
    found = []
    for start, end in pairwise(edges):
        having = [one for one in group.members.values() if one.start <= start and end <= one.end]
        is_own = span.start <= start and end <= span.end
        kind = "same" if is_own and len(having) == len(group.members) else "own" if is_own else "lacking"
        if having:
            found.append(Piece(_shortened(case.article.text[start:end], kind), kind))
    return tuple(found)


def _shortened(text: str, kind: str) -> str:
    if kind != "lacking" or len(text) <= LONGEST_LACK:
        return text
    return f"{text[: LONGEST_LACK // 2].rstrip()} … {text[-LONGEST_LACK // 2 :].lstrip()}"


LONGEST_LACK = 60
"""Characters shown of words that a reading does not have."""


def _answers(
    case: Case, words: Words, group: SpanGroup, span: Span, voice: str, only: str | None
) -> tuple[Answer, ...]:
    """What the reading says of its span; `only`: of one attribute."""
    found = []
    for name, attribute in words.asked(span.label).items():
        replies = case.replies(group, name)
        value = replies.get(voice)
        if only in (None, name) and (value is not None or name in group.attributes):
            found.append(Answer(attribute.name, words.said(attribute, value), name in group.attributes))
    return tuple(found)


def _edit(case: Case, difference: Difference, group: Group) -> Edit:
    """Beginning with what stands, else with what the first reading says and the others do not contradict."""
    if isinstance(group, RelationGroup):
        stands = case.relations.get(group.key, [])
        ends = {row.pk: key for key, rows in case.spans.items() for row in rows}
        source = ends.get(stands[0].source_id, group.source_group) if stands else group.source_group
        target = ends.get(stands[0].target_id, group.target_group) if stands else group.target_group
        type = stands[0].type if stands else group.type
        return Edit(0, 0, "", type, source, target, questions_of(case, group, difference.name))
    rows = case.spans.get(group.key, [])
    place: Any = rows[0] if rows else next(iter(group.members.values()))
    questions = questions_of(case, group, difference.name)
    return Edit(place.start, place.end, place.label, "", "", "", questions)


def _ends(case: Case, words: Words, current: Difference | None) -> tuple[tuple[str, str], ...]:
    """What a relation may join: spans that stand, by the key of their group, in words; and its ends of now."""
    group = case.comparison.groups[current.group] if current else None
    own = (group.source_group, group.target_group) if isinstance(group, RelationGroup) else ()
    found = []
    for one in case.comparison.span_groups:
        rows = case.spans.get(one.key, [])
        if rows or one.key in own:
            letter = case.codebook.label(rows[0].label if rows else words.first(one).label).letter
            found.append((one.key, f"{letter} · {words.shown(words.quote(one))}{'' if rows else ' (open)'}"))
    return tuple(found)
