"""What a reader sees after the release, or after training: their own spans beside gold, with the reasons."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from annotator.annotation import drawing
from annotator.annotation.drawing import Drawing
from annotator.annotation.guide import Guide, guide_of
from annotator.annotation.models import Span
from annotator.standoff import Span as StandoffSpan
from annotator.workflow.cases import Case
from annotator.workflow.comparison import NOT_IN_TEXT, SpanGroup
from annotator.workflow.gold_screen import drawn
from annotator.workflow.gold_words import Reason, Stories, Telling
from annotator.workflow.queries import reader_names
from annotator.workflow.trail import Happening


@dataclass(frozen=True)
class Change:
    """One thing that gold says otherwise. `mine`, `gold`: in words."""

    name: str
    mine: str
    gold: str


@dataclass(frozen=True)
class Outcome:
    """What became of one own span. `item`: its id, empty for what only gold has.

    `fate`: kept, changed, aside, or unmarked for what only gold has; `pieces`: the words of both, told as "same",
    "mine" and "gold"; `story`: the events of the reader's own log and of gold's behind it.
    """

    item: str
    marks: str
    fate: str
    name: str
    colour: str
    shape: str
    pieces: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    links: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]
    story: tuple[Happening, ...]


@dataclass(frozen=True)
class FeedbackPage:
    """`counts`: how many of the reader's own spans met which fate, and what only gold has."""

    drawing: Drawing
    guide: Guide
    outcomes: list[Outcome]
    counts: Mapping[str, int]
    lanes: int


def feedback_page(case: Case, voice: str, *, in_training: bool = False) -> FeedbackPage:
    """`voice`: the reader's newest submission. Adjudicators are not named; other readers are where the project shows
    names, but not in training: that tells a beginner nothing, and its gold may be of another project."""
    readers = {} if in_training else reader_names(case.project, case.readings.reader_of.values())
    telling = Telling(case, mine=voice, readers=readers)
    stories = Stories(telling)
    outcomes = [one for group in case.comparison.span_groups if (one := _outcome(case, stories, group, voice))]
    own = [
        StandoffSpan(f"own-{group.key}", mine.start, mine.end, mine.label)
        for group in case.comparison.span_groups
        if (mine := group.members.get(voice)) and not _same(case, group, mine)
    ]
    counts = Counter(one.fate for one in outcomes)
    fates = {fate: counts[fate] for fate in ("kept", "changed", "aside", "unmarked")}
    guide = guide_of(case.codebook)
    return FeedbackPage(drawn(case, own), guide, outcomes, fates, min(guide.rows + 1, drawing.ROWS))


def _same(case: Case, group: SpanGroup, mine: StandoffSpan) -> Span | None:
    """The row of gold with the very words and label, if there is one."""
    shape = (mine.start, mine.end, mine.label)
    return next((row for row in case.spans.get(group.key, []) if (row.start, row.end, row.label) == shape), None)


def _outcome(case: Case, stories: Stories, group: SpanGroup, voice: str) -> Outcome | None:
    telling = stories.telling
    mine, rows = group.members.get(voice), case.spans.get(group.key, [])
    if mine is None and not rows:
        return None
    row = (_same(case, group, mine) if mine else None) or next(iter(rows), None)
    changes = tuple(_changes(case, telling, group, voice, mine, row)) if mine and row else ()
    links = tuple(_own_links(case, telling, group, voice))
    fate = _fate(mine, row, changed=bool(changes) or any(fate != "kept" for _, fate in links))
    label = case.codebook.label(mine.label if mine else rows[0].label)
    marks = [f"own-{group.key}", *(str(one.pk) for one in rows)]
    reasons = tuple(_reasons(case, telling, group, row)) if fate != "kept" else ()
    return Outcome(
        mine.id if mine else "", " ".join(marks), fate, label.name, label.colour, label.shape,
        tuple(_pieces(case, mine, row)), changes, links, reasons, stories.of(group),
    )  # fmt: skip


def _fate(mine: StandoffSpan | None, row: Span | None, *, changed: bool) -> str:
    if mine is None:
        return "unmarked"
    if row is None:
        return "aside"
    return "changed" if changed else "kept"


def _pieces(case: Case, mine: StandoffSpan | None, row: Span | None) -> Iterable[tuple[str, str]]:
    ends = [(one.start, one.end) for one in (mine, row) if one is not None]
    for start, end in pairwise(sorted({edge for place in ends for edge in place})):
        has = [one is not None and one.start <= start and end <= one.end for one in (mine, row)]
        if any(has):
            kind = "same" if all(has) or None in (mine, row) else "mine" if has[0] else "gold"
            yield case.article.text[start:end], kind


def _changes(
    case: Case, telling: Telling, group: SpanGroup, voice: str, mine: StandoffSpan, row: Span
) -> Iterable[Change]:
    if mine.label != row.label:
        yield Change("Label", case.codebook.label(mine.label).name, case.codebook.label(row.label).name)
    if (mine.start, mine.end) != (row.start, row.end):
        yield Change("Words", telling.words.words(mine), case.article.text[row.start : row.end])
    if mine.label == row.label:
        answers = {**case.answers(row)}
        answers |= dict.fromkeys(row.absent, NOT_IN_TEXT)
        for name, attribute in telling.words.asked(row.label).items():
            said = case.replies(group, name).get(voice)
            if said != answers.get(name):
                yield Change(attribute.name, *(telling.words.said(attribute, one) for one in (said, answers.get(name))))


def _own_links(case: Case, telling: Telling, group: SpanGroup, voice: str) -> Iterable[tuple[str, str]]:
    """Own relations from here and whether they stand; and those that only gold has."""
    for one in telling.words.starting_at(group):
        stands = bool(case.relations.get(one.key))
        if voice in one.members:
            yield telling.words.line(one, voice), "kept" if stands else "aside"
        elif stands and voice in group.members:
            yield telling.sentence(case.relations[one.key][0]), "unmarked"


def _reasons(case: Case, telling: Telling, group: SpanGroup, row: Span | None) -> Iterable[Reason]:
    names = ["", *(telling.words.asked(row.label) if row else ())]
    for name in names:
        if reason := telling.reason(group, name):
            yield reason
    for one in telling.words.starting_at(group):
        if (decision := case.decisions.get(one.key)) and decision.by_id:
            found = telling.reason(one)
            if found:
                type = case.codebook.relation(one.type).name
                yield Reason(type, found.verdict, found.rule, found.note, found.by)
