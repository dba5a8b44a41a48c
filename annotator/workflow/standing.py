"""What late readings do to decisions: all are kept, and only those that a new judgement contradicts are flagged.

A decision names the judgements it was about, and a submission never changes; so what its maker saw of each
reader can be looked up, and compared with what that reader says now.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from annotator import standoff
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.schema.codebook import Attribute, Codebook
from annotator.workflow.cases import GoldRows, Readings
from annotator.workflow.comparison import (
    Comparison,
    Group,
    RelationGroup,
    Reply,
    SpanGroup,
    attribute_key,
    reply,
)
from annotator.workflow.models import Decision

Asked: TypeAlias = Callable[[str], Collection[str]]
"""From a label to the names of the attributes that count."""

Item: TypeAlias = standoff.Span | standoff.Relation

Plain: TypeAlias = Callable[[Span | Relation], Item]
"""From a row of gold to a plain value, free texts in full."""


@dataclass(frozen=True)
class Standing:
    """Decisions on the comparison as it is now.

    `comparison`: with a group for each thing that gold still has and no reading has any more. `decisions`: by
    key; `flagged`: keys of those that a judgement contradicts which their maker did not see. `spans`,
    `relations`: rows of gold by the key of their group.
    """

    comparison: Comparison
    decisions: Mapping[str, Decision]
    flagged: frozenset[str]
    spans: Mapping[str, list[Span]]
    relations: Mapping[str, list[Relation]]


def stand(
    comparison: Comparison,
    decisions: Sequence[Decision],
    readings: Readings,
    gold: GoldRows,
    asked: Asked,
    plain: Plain,
) -> Standing:
    """`decisions`: those that no later one supersedes, oldest first."""
    carrying = _Carrying(comparison, readings, gold)
    for subject in ("span", "relation", "attribute"):
        for decision in decisions:
            if decision.subject == subject:
                carrying.carry(decision)
    standing = carrying.standing()
    flagged = {
        key
        for key, decision in standing.decisions.items()
        if _Contradiction(standing, readings, asked, plain, decision, carrying.groups[decision.pk]).found(
            carrying.rivals[key]
        )
    }
    return replace(standing, flagged=frozenset(flagged))


def outdated(gold_set: AnnotationSet, standing: Standing) -> frozenset[str]:
    """Keys of decisions from before the gold set came to its version of the codebook, about what that has retired.

    All they say is kept; a person looks at them again.
    """
    old = [key for key, decision in standing.decisions.items() if decision.version < gold_set.carried]
    if not old:
        return frozenset()
    return frozenset(old) & {key for key, is_retired in _retired(gold_set.label_set.codebook, standing) if is_retired}


def _retired(codebook: Codebook, standing: Standing) -> Iterator[tuple[str, bool]]:
    """By key of what is decided: whether gold has there what the codebook no longer offers."""
    for key, spans in standing.spans.items():
        yield key, any(codebook.label(row.label).retired for row in spans)
        for row in spans:
            asked = codebook.attributes(row.label)
            yield from _retired_answers(asked, row.attributes, standing.comparison.groups[key])
    for key, relations in standing.relations.items():
        yield key, any(codebook.relation(row.type).retired for row in relations)
        for line in relations:
            kinds = {one.key: one for one in codebook.relation(line.type).attributes}
            yield from _retired_answers(kinds, line.attributes, standing.comparison.groups[key])


def _retired_answers(
    asked: Mapping[str, Attribute], given: Mapping[str, Any], group: Group
) -> Iterator[tuple[str, bool]]:
    """An answer that was settled with its span is looked at with it again."""
    for name, value in given.items():
        if name in asked and asked[name].has_retired(value):
            yield attribute_key(group, name), True
            yield group.key, True


class _Carrying:
    """Finds for each decision the group of today that goes on from the one it was about."""

    def __init__(self, comparison: Comparison, readings: Readings, gold: GoldRows) -> None:
        self.comparison, self.readings, self.gold = comparison, readings, gold
        self.place = {key: number for number, key in enumerate(comparison.groups)}
        self.group_of = {item.id: group for group in comparison.groups.values() for item in group.members.values()}
        self.items: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for source in gold.sources:
            if not source.attribute and source.item not in self.items[source.decision_id]:
                self.items[source.decision_id].append(source.item)
        self.groups: dict[uuid.UUID, Group] = {}
        self.rivals: Counter[str] = Counter()
        self.decisions: dict[str, Decision] = {}
        self.former: list[Group] = []
        self.home: dict[frozenset[str], Group] = {}
        self.spans: dict[str, list[Span]] = defaultdict(list)
        self.relations: dict[str, list[Relation]] = defaultdict(list)
        self.group_of_gold: dict[uuid.UUID, Group] = {}

    def carry(self, decision: Decision) -> None:
        group = self._group(decision)
        if group is None:
            return
        self.home[_ids(decision)] = self.groups[decision.pk] = group
        key = attribute_key(group, decision.name) if decision.subject == "attribute" else group.key
        self.rivals[key] += 1
        if key not in self.decisions or self.items[decision.pk] or not self.items[self.decisions[key].pk]:
            self.decisions[key] = decision
        for item in self.items[decision.pk]:
            self._keep(item, group)

    def _keep(self, item: uuid.UUID, group: Group) -> None:
        if span := self.gold.spans.get(item):
            self.spans[group.key].append(span)
        if relation := self.gold.relations.get(item):
            self.relations[group.key].append(relation)
        self.group_of_gold[item] = group

    def _group(self, decision: Decision) -> Group | None:
        """The group that has most of the judgements decided on; else what is alike; else one of old readings."""
        if _ids(decision) in self.home:
            return self.home[_ids(decision)]
        shared = Counter(self.group_of[id].key for id in _ids(decision) if id in self.group_of)
        if shared:
            taken = dict(map(tuple, decision.members)).get(decision.choice.get("voice", ""))
            likely = self.group_of[taken].key if taken in self.group_of else ""
            return self.comparison.groups[min(shared, key=lambda key: (-shared[key], key != likely, self.place[key]))]
        if decision.subject == "attribute" or not self.items[decision.pk]:
            return None
        return self._alike(decision) or self._former(decision)

    def _alike(self, decision: Decision) -> Group | None:
        """A reader may have removed a span and marked the same words again."""
        if decision.subject == "span":
            rows = [self.gold.spans[item] for item in self.items[decision.pk]]
            shapes = {(row.start, row.end, row.label) for row in rows}
            return next((one for one in self.comparison.span_groups if shapes & _shapes(one)), None)
        lines = {self._line(self.gold.relations[item]) for item in self.items[decision.pk]}
        return next(
            (one for one in self.comparison.relation_groups if (one.type, one.source_group, one.target_group) in lines),
            None,
        )

    def _line(self, row: Relation) -> tuple[str, str, str]:
        return row.type, self.group_of_gold[row.source_id].key, self.group_of_gold[row.target_id].key

    def _former(self, decision: Decision) -> Group | None:
        """What nobody says any more, as it was said."""
        members = {voice: self.readings.items[voice, item] for voice, item in decision.members}
        missing = self.comparison.voices
        if decision.subject == "span":
            spans = {voice: item for voice, item in members.items() if isinstance(item, standoff.Span)}
            group: Group = SpanGroup(decision.key, spans, missing, {}, frozenset())
        else:
            links = {voice: item for voice, item in members.items() if isinstance(item, standoff.Relation)}
            line = self._line(self.gold.relations[self.items[decision.pk][0]])
            group = RelationGroup(decision.key, *line, links, missing, {}, frozenset())
        self.former.append(group)
        return group

    def standing(self) -> Standing:
        comparison = self.comparison
        if self.former:
            spans = [*comparison.span_groups, *(one for one in self.former if isinstance(one, SpanGroup))]
            spans.sort(key=lambda group: (group.start, -group.end, group.labels, group.key))
            links = [one for one in self.former if isinstance(one, RelationGroup)]
            comparison = replace(
                comparison, span_groups=tuple(spans), relation_groups=(*comparison.relation_groups, *links)
            )
        return Standing(comparison, self.decisions, frozenset(), self.spans, self.relations)


def _ids(decision: Decision) -> frozenset[str]:
    return frozenset(item for _, item in decision.members)


def _shapes(group: SpanGroup) -> set[tuple[int, int, str]]:
    return {_shape(span) for span in group.members.values()}


def _shape(span: standoff.Span | Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label


class _Unasked:
    """What a voice says that could not say anything."""


UNASKED = _Unasked()


class _Contradiction:
    """Does anybody now say what the maker of a decision did not see and gold does not have?"""

    def __init__(
        self,
        standing: Standing,
        readings: Readings,
        asked: Asked,
        plain: Plain,
        decision: Decision,
        group: Group,
    ) -> None:
        self.standing, self.readings, self.asked, self.plain = standing, readings, asked, plain
        self.decision, self.group = decision, group
        self.seen: list[str] = decision.choice.get("voices", [])
        self.members = dict(map(tuple, decision.members))

    def found(self, rivals: int) -> bool:
        """`rivals`: how many decisions have come to be about the same thing."""
        unseen = [voice for voice in self.standing.comparison.voices if voice not in self.seen]
        return bool(unseen) and (rivals > 1 or any(self._is_news(voice) for voice in unseen))

    def _is_news(self, voice: str) -> bool:
        now = self._judgement(self.group.members.get(voice), voice)
        if isinstance(now, _Unasked):
            return False
        before = self.readings.earlier(voice, self.seen)
        if before is not None and self._before(before) == now:
            return False
        return not self._is_gold(now)

    def _before(self, voice: str) -> Any:
        item = self.readings.items.get((voice, self.members.get(voice, "")))
        if self.decision.subject == "attribute":
            return UNASKED if item is None else reply(item, self.decision.name)
        return (_shape(item) if isinstance(item, standoff.Span) else True) if item is not None else None

    def _judgement(self, item: Item | None, voice: str) -> Any:
        if self.decision.subject == "attribute":
            return self._reply(item)
        if isinstance(self.group, RelationGroup):
            return True if item is not None else None if self._has_ends(voice) else UNASKED
        return _shape(item) if isinstance(item, standoff.Span) else None

    def _reply(self, item: Item | None) -> Reply | _Unasked:
        if item is None or (isinstance(item, standoff.Span) and self.decision.name not in self.asked(item.label)):
            return UNASKED
        return reply(item, self.decision.name)

    def _has_ends(self, voice: str) -> bool:
        assert isinstance(self.group, RelationGroup)
        ends = (self.group.source_group, self.group.target_group)
        return all(voice in self.standing.comparison.groups[key].members for key in ends)

    def _is_gold(self, now: Any) -> bool:
        rows = self._rows()
        if self.decision.subject == "attribute":
            return all(reply(self.plain(row), self.decision.name) == now for row in rows)
        if isinstance(self.group, RelationGroup):
            return bool(rows) == bool(now)
        return now in {_shape(row) for row in rows if isinstance(row, Span)} if now is not None else not rows

    def _rows(self) -> Iterable[Span | Relation]:
        if isinstance(self.group, SpanGroup):
            return self.standing.spans.get(self.group.key, [])
        return self.standing.relations.get(self.group.key, [])
