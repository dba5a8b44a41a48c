"""Several voices on one text: where they agree, where they differ, and what hangs together. Pure.

First spans that mean the same thing are put into groups (`alignment` says how), then their attributes are
compared, then relations by their type and the groups of their ends.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final, Literal, TypeAlias

from annotator.standoff import Relation, Span
from annotator.workflow.alignment import align
from annotator.workflow.groups import (
    NOT_IN_TEXT,
    Answer,
    Group,
    RelationGroup,
    Replies,
    Reply,
    SpanGroup,
    absent_names,
    agreed_absent,
    agreed_attributes,
    attribute_key,
    group_key,
    reply,
    word_difference,
)

__all__ = [
    "NOT_COMPARED",
    "NOT_IN_TEXT",
    "Agreed",
    "Answer",
    "Comparison",
    "Difference",
    "Group",
    "RelationGroup",
    "Replies",
    "Reply",
    "SpanGroup",
    "Voice",
    "agreed_absent",
    "agreed_attributes",
    "attribute_key",
    "compare",
    "reply",
    "word_difference",
]

NOT_COMPARED: Final = frozenset({"confidence", "note"})
"""Attributes that say how a reviewer felt, not what the text says."""

Compared: TypeAlias = Callable[[str], Collection[str]]
"""From a label, or a relation type, to the names of the attributes that count in agreement."""


@dataclass(frozen=True)
class Voice:
    """What one voice says about the text. key: stands for its submission."""

    key: str
    spans: Sequence[Span]
    relations: Sequence[Relation] = ()


@dataclass(frozen=True)
class Difference:
    """One thing to settle.

    key: of the group, or `attribute_key` for one attribute. group: the key of the group it is about, of spans
    or of relations. name: of the attribute, else None. bundle: equal for differences that hang together.
    """

    kind: Literal["span", "attribute", "relation"]
    key: str
    group: str
    name: str | None
    bundle: str


@dataclass(frozen=True)
class Agreed:
    """How many spans and relations every voice has, how many attributes all who were asked gave alike."""

    spans: int
    attributes: int
    relations: int


@dataclass(frozen=True)
class Comparison:
    """Voices (keys, sorted), span groups in reading order, relation groups by source, type, target."""

    voices: tuple[str, ...]
    span_groups: tuple[SpanGroup, ...]
    relation_groups: tuple[RelationGroup, ...]

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Every group by its key, spans first, each kind in its order."""
        every: tuple[Group, ...] = (*self.span_groups, *self.relation_groups)
        return {group.key: group for group in every}

    @property
    def agreed(self) -> Agreed:
        """What needs no settling. Attributes count in groups that no voice is missing from."""
        whole = [group for group in self.groups.values() if not group.missing]
        return Agreed(
            spans=sum(group.identical for group in self.span_groups),
            attributes=sum(len(group.counted) - len(group.attributes) for group in whole),
            relations=sum(group.identical for group in self.relation_groups),
        )

    def differences(self) -> list[Difference]:
        """What is left to settle: bundle after bundle in reading order, so what hangs together is together.

        In a bundle spans come first, each followed by its attributes, then relations, so that the ends of a
        relation are settled before it is. A relation that differs is bundled with its source, as a stance
        with its holder and target, and with a target that is itself not identical. A target all agree on does
        not bind: else a prime minister would tie a whole article together.
        """
        root_of, position = _bundles(self), {key: number for number, key in enumerate(self.groups)}
        found = [difference for key in self.groups for difference in _differences(self.groups[key], root_of)]
        return sorted(found, key=lambda difference: (position[difference.bundle], position[difference.group]))


def _bundles(comparison: Comparison) -> dict[str, str]:
    """From the key of each group to that of the earliest group in its bundle."""
    position = {key: number for number, key in enumerate(comparison.groups)}
    above = {key: key for key in comparison.groups}

    def root(key: str) -> str:
        while above[key] != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for relation in comparison.relation_groups:
        if relation.missing or relation.attributes:
            for end in (relation.source_group, *_open_target(comparison, relation)):
                first, second = sorted((root(relation.key), root(end)), key=position.__getitem__)
                above[second] = first
    return {key: root(key) for key in comparison.groups}


def _open_target(comparison: Comparison, relation: RelationGroup) -> list[str]:
    target = comparison.groups[relation.target_group]
    return [] if target.identical else [target.key]


def _differences(group: Group, root_of: Mapping[str, str]) -> Iterator[Difference]:
    bundle = root_of[group.key]
    if not group.identical:
        yield Difference("span" if isinstance(group, SpanGroup) else "relation", group.key, group.key, None, bundle)
    for name in group.attributes:
        yield Difference("attribute", attribute_key(group, name), group.key, name, bundle)


def compare(
    voices: Sequence[Voice],
    *,
    text_length: int | None = None,
    compared: Compared | None = None,
    compared_in_relations: Compared | None = None,
    symmetric: Collection[str] = (),
) -> Comparison:
    """Where the voices agree and where they differ. Their order does not matter.

    text_length: of the text, in code points; if given, spans are checked against it. compared: the attributes
    of a label that count, compared_in_relations: those of a relation type; all but `NOT_COMPARED` when None.
    symmetric: relation types without direction.
    Raises ValueError when a voice or an id occurs twice among all voices, a span runs past the text, or a
    relation points to what is no span of its own voice.
    """
    voices = sorted(voices, key=lambda voice: voice.key)
    _check(voices, text_length)
    spans = _span_groups(voices, _counting(compared))
    relations = _relation_groups(voices, spans, symmetric, _counting(compared_in_relations))
    return Comparison(tuple(voice.key for voice in voices), tuple(spans), tuple(_with_rivals(relations)))


def _check(voices: Sequence[Voice], text_length: int | None) -> None:
    _refuse_repeats("Voice", [voice.key for voice in voices])
    _refuse_repeats("Span id", [span.id for voice in voices for span in voice.spans])
    _refuse_repeats("Relation id", [relation.id for voice in voices for relation in voice.relations])
    for voice in voices:
        own = {span.id for span in voice.spans}
        for relation in voice.relations:
            if not own.issuperset((relation.source, relation.target)):
                raise ValueError(f"Relation {relation.id} points to what is no span of voice {voice.key}.")
        for span in voice.spans:
            if text_length is not None and span.end > text_length:
                raise ValueError(f"Span {span.id} ends at {span.end}, the text at {text_length}.")


def _refuse_repeats(kind: str, keys: Sequence[str]) -> None:
    for key, times in Counter(keys).items():
        if times > 1:
            raise ValueError(f"{kind} {key} occurs {times} times among the voices.")


Counting: TypeAlias = Callable[[str, Span | Relation], Collection[str]]


def _counting(compared: Compared | None) -> Counting:
    """From a label or type and an item of it to the names it answers that count."""
    of = cache(lambda kind: frozenset(compared(kind) if compared else ()))

    def names(kind: str, item: Span | Relation) -> Collection[str]:
        answered = {*item.attributes, *absent_names(item)}
        return answered & of(kind) if compared else answered - NOT_COMPARED

    return names


def _span_groups(voices: Sequence[Voice], counting: Counting) -> list[SpanGroup]:
    """In reading order, of groups alike in extent and label by key."""
    groups = []
    for found in align({voice.key: voice.spans for voice in voices}):
        members = {key: found[key] for key in sorted(found)}
        counted = defaultdict[str, set[str]](set)
        for span in members.values():
            counted[span.label].update(counting(span.label, span))
        replies = {
            name: {key: reply(span, name) for key, span in members.items() if name in counted[span.label]}
            for name in sorted(set[str]().union(*counted.values()))
        }
        missing = tuple(voice.key for voice in voices if voice.key not in members)
        key = group_key("span", (span.id for span in members.values()))
        groups.append(SpanGroup(key, members, missing, _differing(replies), frozenset(replies)))
    return sorted(groups, key=lambda group: (group.start, -group.end, group.labels, group.key))


def _differing(replies: Mapping[str, Replies]) -> dict[str, Replies]:
    return {name: given for name, given in replies.items() if len(set(given.values())) > 1}


def _relation_groups(
    voices: Sequence[Voice], spans: Sequence[SpanGroup], symmetric: Collection[str], counting: Counting
) -> list[RelationGroup]:
    """By positions of source, type and target."""
    groups = []
    for (source, type_, target, _), members in sorted(_same_lines(voices, spans, symmetric).items()):
        names = set[str]().union(*(counting(type_, relation) for relation in members.values()))
        replies = {name: {key: reply(item, name) for key, item in members.items()} for name in sorted(names)}
        group = RelationGroup(
            key=group_key("relation", (relation.id for relation in members.values())),
            type=type_,
            source_group=spans[source].key,
            target_group=spans[target].key,
            members=members,
            missing=tuple(voice.key for voice in voices if voice.key not in members),
            attributes=_differing(replies),
            counted=frozenset(names),
        )
        groups.append(group)
    return groups


def _same_lines(
    voices: Sequence[Voice], spans: Sequence[SpanGroup], symmetric: Collection[str]
) -> dict[tuple[int, str, int, int], dict[str, Relation]]:
    """From source position, type, target position and a running number to the relation of each voice.

    The number is 0 unless a voice draws the same line more than once.
    """
    position = {span.id: number for number, group in enumerate(spans) for span in group.members.values()}
    found = defaultdict[tuple[int, str, int, int], dict[str, Relation]](dict)
    for voice in voices:
        drawn = Counter[tuple[int, str, int]]()
        for relation in sorted(voice.relations, key=_content):
            source, target = position[relation.source], position[relation.target]
            if relation.type in symmetric:
                source, target = sorted((source, target))
            line = (source, relation.type, target)
            found[*line, drawn[line]][voice.key] = relation
            drawn[line] += 1
    return found


def _content(relation: Relation) -> tuple[list[tuple[str, str]], str]:
    return sorted((name, repr(value)) for name, value in relation.attributes.items()), relation.id


def _with_rivals(groups: Sequence[RelationGroup]) -> Iterator[RelationGroup]:
    open_between = defaultdict[frozenset[str], list[RelationGroup]](list)
    for group in groups:
        if not group.identical:
            open_between[frozenset((group.source_group, group.target_group))].append(group)
    for group in groups:
        others = [] if group.identical else open_between[frozenset((group.source_group, group.target_group))]
        line = (group.type, group.source_group)
        rivals = (other.key for other in others if (other.type, other.source_group) != line)
        yield replace(group, rivals=tuple(rivals))
