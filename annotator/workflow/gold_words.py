"""Decisions on gold in words: what was decided, by which rule, by whom, and what each reading says there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotator.annotation.models import Relation
from annotator.log.words import deed
from annotator.workflow.cases import Case
from annotator.workflow.comparison import Difference, Group, RelationGroup, SpanGroup, attribute_key
from annotator.workflow.models import Decision
from annotator.workflow.settle_words import Words
from annotator.workflow.trail import YOU, Happening, Trail


@dataclass(frozen=True)
class Judgement:
    """What readings, by their letters or names, say here. `items`: the spans or relations that say it, by id,
    empty for an answer; `is_followed`: gold went by it."""

    readers: tuple[str, ...]
    items: tuple[str, ...]
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


class Telling:
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
        kind: Literal["span", "attribute", "relation"] = "span" if isinstance(group, SpanGroup) else "relation"
        difference = Difference("attribute" if name else kind, key, group.key, name or None, key)
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
            found[said, readers[voice] in followed].append(voice)
        return [self._judgement({} if name else group.members, voices, *said) for said, voices in found.items()]

    def _judgement(self, had: Mapping[str, Any], voices: Sequence[str], words: str, is_followed: bool) -> Judgement:
        items = (had[voice].id for voice in voices if voice in had)
        return Judgement(tuple(map(self.words.called, voices)), tuple(items), words, is_followed)

    def says(self, group: Group, member: Any, voice: str, name: str) -> str:
        if member is None:
            return "nothing here"
        if name:
            return self.words.said(self.words.attribute(group, name), self.case.replies(group, name).get(voice))
        if isinstance(group, RelationGroup):
            return self.words.line(group, voice)
        label = f"{self.case.codebook.label(member.label).name}: " if len(group.labels) > 1 else ""
        return f"{label}“{self.words.shown(self.words.words(member))}”"

    def sentence(self, relation: Relation) -> str:
        """A relation of gold from its source on: made by “…”."""
        case = self.case
        type, target = case.codebook.relation(relation.type), case.gold.spans[relation.target_id]
        answers = case.relation_answers(relation)
        given = [one for one in type.attributes if one.key in answers]
        facts = ", ".join(f"{one.name} {self.words.said(one, answers[one.key])}" for one in given)
        words = self.words.shown(case.article.text[target.start : target.end])
        return f"{type.name} “{words}”" + (f" ({facts})" if facts else "")

    def decided(self, group: Group) -> list[str]:
        """Nothing, for the thing itself, and the names of its attributes that were decided on their own."""
        counted = self.words.counted(group)
        return ["", *(name for name in counted if attribute_key(group, name) in self.case.decisions)]

    def who(self, decision: Decision) -> str:
        """As a sentence begins."""
        if decision.by is None:
            return "A rule"
        return decision.by.username if self.names else "An adjudicator"

    def about(self, group: Group, name: str) -> str:
        if name:
            return f"“{self.words.attribute(group, name).name}”"
        return f"“{self.case.codebook.relation(group.type).name}”" if isinstance(group, RelationGroup) else "it"


class Stories:
    """What happened to each span and to what hangs on it, in the order of time."""

    def __init__(self, telling: Telling) -> None:
        self.telling, self.words, self.trail = telling, telling.words, Trail(telling.case)

    def of(self, group: SpanGroup) -> tuple[Happening, ...]:
        happened = dict.fromkeys(self._happened(group, f"{deed('add_span').verb} it"))
        for one in self.words.starting_at(group):
            words = f"{deed('relate').verb} “{self.telling.case.codebook.relation(one.type).name}”"
            happened |= dict.fromkeys(self._happened(one, words))
        return tuple(sorted(happened, key=lambda one: (one.at, one.chain, one.number)))

    def _happened(self, group: Group, what: str) -> Iterator[Happening]:
        """A reader is told when they did it themselves, and not when others did."""
        mine = self.telling.mine
        called = {voice: self.words.called(voice) for voice in group.members} if not mine else {mine: YOU}
        yield from self.trail.readings(group, called, what)
        for name in self.telling.decided(group):
            yield from self._settled(group, name)

    def _settled(self, group: Group, name: str) -> Iterator[Happening]:
        """The decision on a group or on one of its attributes, and those that it superseded."""
        decision = self.telling.case.decisions.get(attribute_key(group, name) if name else group.key)
        if decision is None:
            return
        settled, about = deed("decide").verb, self.telling.about(group, name)
        yield self.trail.decided(decision, self.telling.who(decision), f"{settled} {about}")
        for earlier in self.trail.superseded(decision):
            yield self.trail.decided(earlier, self.telling.who(earlier), f"{settled} {about}, and later anew")
