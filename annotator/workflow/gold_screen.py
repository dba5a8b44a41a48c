"""What the pages after publishing show: gold with where it came from, and a reader's own spans beside it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotator.annotation import drawing
from annotator.annotation.drawing import Drawing
from annotator.annotation.guide import Guide, guide_of
from annotator.annotation.models import Relation, Span
from annotator.standoff import Span as StandoffSpan
from annotator.workflow.cases import Case
from annotator.workflow.comparison import NOT_IN_TEXT, Difference, Group, RelationGroup, SpanGroup, attribute_key
from annotator.workflow.models import Decision
from annotator.workflow.queries import reader_names
from annotator.workflow.settle_words import Words


@dataclass(frozen=True)
class Judgement:
    """What readings, by their letters or names, say here. `is_followed`: gold went by it."""

    readers: tuple[str, ...]
    words: str
    is_followed: bool


@dataclass(frozen=True)
class Reason:
    """One decision in words. `about`: the attribute, or empty for the thing itself; `rule`: number and title."""

    about: str
    verdict: str
    rule: str
    note: str
    by: str
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A span of gold, or one that did not come in. `links`: its relations in words, each with its reasons."""

    id: str
    start: int
    end: int
    quote: str
    name: str
    colour: str
    shape: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, Reason], ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class GoldPage:
    """`aside`: what readers marked and nothing came of."""

    drawing: Drawing
    guide: Guide
    entries: list[Entry]
    aside: list[Entry]
    relations: int


class _Telling:
    """Puts decisions of one case into words. `names`: whether adjudicators are named; `mine`: the reader's own voice,
    who is told of it as theirs and of the others without letters. `readers`: their names by their sets, as far as
    they are shown."""

    def __init__(
        self, case: Case, *, names: bool = False, mine: str = "", readers: Mapping[str, str] | None = None
    ) -> None:
        self.case, self.words, self.names, self.mine = case, Words(case, readers), names, mine
        self.rules = {str(rule.number): rule.title for rule in case.codebook.rules}
        self.rules |= {f"span {rule.number}": rule.title for rule in case.codebook.span_rules}
        self.followed = {
            (source.item, source.attribute, str(source.submission_id)) for source in case.gold.sources
        }  # fmt: skip

    def reason(self, group: Group, name: str = "", judgements: Iterable[Judgement] = ()) -> Reason | None:
        """The decision on a group, or on one of its attributes; None where there is none of its own."""
        key = attribute_key(group, name) if name else group.key
        decision = self.case.decisions.get(key)
        kind = "attribute" if name else "span" if isinstance(group, SpanGroup) else "relation"
        difference = Difference(kind, key, group.key, name or None, key)  # type: ignore[arg-type]
        if decision is None:
            return None
        verdict = self._verdict(decision, difference)
        about = self.words.attribute(group, name).name if name else ""
        return Reason(about, verdict, self._rule(decision), self._note(decision), self._by(decision), tuple(judgements))

    def _verdict(self, decision: Decision, difference: Difference) -> str:
        if not self.mine or decision.outcome != "took":
            return self.words.verdict(decision, difference)
        readers, taken = self.case.readings.reader_of, decision.choice["voice"]
        if readers[taken] == readers[self.mine]:
            return "Your reading was taken"
        return f"{self.words.called(taken)} was taken" if self.words.names else "Another reading was taken"

    def _rule(self, decision: Decision) -> str:
        title = self.rules.get(decision.rule, "")
        return f"{decision.rule} · {title}" if title else decision.rule

    def _note(self, decision: Decision) -> str:
        return decision.note.text if decision.note else ""

    def _by(self, decision: Decision) -> str:
        if decision.by is None:
            return ""
        return decision.by.username if self.names else "an adjudicator"

    def judgements(self, group: Group, items: Sequence[Any], name: str = "") -> list[Judgement]:
        """What each reading says, and whether gold went by it."""
        readers = self.case.readings.reader_of
        followed = {readers[voice] for item, about, voice in self.followed if item in items and about == name}
        found: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for voice in [*self.words.voices, *sorted(group.members.keys() - set(self.words.voices))]:
            said = self.says(group, group.members.get(voice), voice, name)
            found[said, readers[voice] in followed].append(self.words.called(voice))
        return [Judgement(tuple(readers), *said) for said, readers in found.items()]

    def says(self, group: Group, member: Any, voice: str, name: str) -> str:
        if member is None:
            return "nothing here"
        if name:
            return self.words.said(self.words.attribute(group, name), self.case.replies(group, name).get(voice))
        if isinstance(group, RelationGroup):
            return self.words.line(group, voice)
        label = f"{self.case.codebook.label(member.label).name}: " if len(group.labels) > 1 else ""
        return f"{label}“{self.words.shown(self.words.words(member))}”"


def gold_page(case: Case, *, names: bool) -> GoldPage:
    """Gold on the text, and for each span of it the decisions and judgements that it came from."""
    readers = reader_names(case.project, case.readings.reader_of.values())
    telling, groups = _Telling(case, names=names, readers=readers), case.comparison.span_groups
    entries = [_entry(case, telling, group, row) for group in groups for row in case.spans.get(group.key, [])]
    aside = [_aside(case, telling, group) for group in groups if not case.spans.get(group.key)]
    return GoldPage(_drawn(case), guide_of(case.codebook), entries, aside, sum(map(len, case.relations.values())))


def _drawn(case: Case, more: Iterable[StandoffSpan] = ()) -> Drawing:
    spans = [StandoffSpan(str(row.pk), row.start, row.end, row.label) for row in case.gold.spans.values()]
    return drawing.draw_text(case.article.text, list(case.article.regions.all()), [*spans, *more], case.codebook)


def _entry(case: Case, telling: _Telling, group: SpanGroup, row: Span) -> Entry:
    label, words = case.codebook.label(row.label), case.article.text[row.start : row.end]
    names = [name for name in telling.words.asked(row.label) if attribute_key(group, name) in case.decisions]
    reasons = [telling.reason(group, judgements=telling.judgements(group, [row.pk]))]
    reasons += [telling.reason(group, name, telling.judgements(group, [row.pk], name)) for name in names]
    return Entry(
        str(row.pk), row.start, row.end, words, label.name, label.colour, label.shape, _facts(case, telling, row),
        tuple(_links(case, telling, row)), tuple(filter(None, reasons)),
    )  # fmt: skip


def _facts(case: Case, telling: _Telling, row: Span) -> tuple[tuple[str, str], ...]:
    """Answers by the name of their question, those that are not in the text last."""
    asked = case.codebook.attributes(row.label)
    answers = case.answers(row)
    types = {one.key: one.name for one in case.codebook.relations}
    absent = (asked[name].name if name in asked else types.get(name, name) for name in row.absent)
    said = ((one.name, telling.words.said(one, answers[key])) for key, one in asked.items() if key in answers)
    return (*said, *((name, "not in the text") for name in absent))


def _links(case: Case, telling: _Telling, row: Span) -> Iterable[tuple[str, Reason]]:
    for group in case.comparison.relation_groups:
        for relation in case.relations.get(group.key, []):
            if relation.source_id == row.pk:
                reason = telling.reason(group, judgements=telling.judgements(group, [relation.pk]))
                yield _sentence(case, telling, relation), reason or Reason("", "", "", "", "")


def _sentence(case: Case, telling: _Telling, relation: Relation) -> str:
    type, target = case.codebook.relation(relation.type), case.gold.spans[relation.target_id]
    answers = case.relation_answers(relation)
    given = [one for one in type.attributes if one.key in answers]
    facts = ", ".join(f"{one.name} {telling.words.said(one, answers[one.key])}" for one in given)
    words = telling.words.shown(case.article.text[target.start : target.end])
    return f"{type.name} “{words}”" + (f" ({facts})" if facts else "")


def _aside(case: Case, telling: _Telling, group: SpanGroup) -> Entry:
    first = telling.words.first(group)
    label = case.codebook.label(first.label)
    reason = telling.reason(group, judgements=telling.judgements(group, []))
    return Entry(
        "", first.start, first.end, telling.words.words(first), label.name, label.colour, label.shape, (), (),
        (reason,) if reason else (),
    )  # fmt: skip


# Two settlings of one article


@dataclass(frozen=True)
class Unlike:
    """One thing that was settled in two ways. `quote`: the words that it is about; `said`: by each, in words."""

    heading: str
    quote: str
    said: tuple[str, ...]


def unlike(case: Case) -> list[Unlike]:
    """What the voices of a case differ on, in reading order, each side in words."""
    telling = _Telling(case)
    found = []
    for one in case.comparison.differences():
        group = case.comparison.groups[one.group]
        sides = (telling.says(group, group.members.get(voice), voice, one.name or "") for voice in telling.words.voices)
        found.append(Unlike(telling.words.heading(one), telling.words.quote(telling.words.anchor(one)), tuple(sides)))
    return found


# A reader's own spans beside gold


@dataclass(frozen=True)
class Change:
    """One thing that gold says otherwise. `mine`, `gold`: in words."""

    name: str
    mine: str
    gold: str


@dataclass(frozen=True)
class Outcome:
    """What became of one own span. `fate`: kept, changed, aside, or unmarked for what only gold has.

    `pieces`: the words of both, told as "same", "mine" and "gold".
    """

    marks: str
    fate: str
    name: str
    colour: str
    shape: str
    pieces: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    links: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]


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
    telling = _Telling(case, mine=voice, readers=readers)
    outcomes = [one for group in case.comparison.span_groups if (one := _outcome(case, telling, group, voice))]
    own = [
        StandoffSpan(f"own-{group.key}", mine.start, mine.end, mine.label)
        for group in case.comparison.span_groups
        if (mine := group.members.get(voice)) and not _same(case, group, mine)
    ]
    counts = Counter(one.fate for one in outcomes)
    fates = {fate: counts[fate] for fate in ("kept", "changed", "aside", "unmarked")}
    guide = guide_of(case.codebook)
    return FeedbackPage(_drawn(case, own), guide, outcomes, fates, min(guide.rows + 1, drawing.ROWS))


def _same(case: Case, group: SpanGroup, mine: StandoffSpan) -> Span | None:
    """The row of gold with the very words and label, if there is one."""
    shape = (mine.start, mine.end, mine.label)
    return next((row for row in case.spans.get(group.key, []) if (row.start, row.end, row.label) == shape), None)


def _outcome(case: Case, telling: _Telling, group: SpanGroup, voice: str) -> Outcome | None:
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
        " ".join(marks), fate, label.name, label.colour, label.shape,
        tuple(_pieces(case, mine, row)), changes, links, reasons,
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
    case: Case, telling: _Telling, group: SpanGroup, voice: str, mine: StandoffSpan, row: Span
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


def _own_links(case: Case, telling: _Telling, group: SpanGroup, voice: str) -> Iterable[tuple[str, str]]:
    """Own relations from here and whether they stand; and those that only gold has."""
    for one in case.comparison.relation_groups:
        if one.source_group != group.key:
            continue
        stands = bool(case.relations.get(one.key))
        if voice in one.members:
            yield telling.words.line(one, voice), "kept" if stands else "aside"
        elif stands and voice in group.members:
            yield _sentence(case, telling, case.relations[one.key][0]), "unmarked"


def _reasons(case: Case, telling: _Telling, group: SpanGroup, row: Span | None) -> Iterable[Reason]:
    names = ["", *(telling.words.asked(row.label) if row else ())]
    for name in names:
        if reason := telling.reason(group, name):
            yield reason
    for one in case.comparison.relation_groups:
        if one.source_group == group.key and (decision := case.decisions.get(one.key)) and decision.by_id:
            found = telling.reason(one)
            if found:
                type = case.codebook.relation(one.type).name
                yield Reason(type, found.verdict, found.rule, found.note, found.by)
