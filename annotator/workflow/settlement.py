"""Rules before people: what settles itself when several voices are compared. Pure.

A project says which rules it trusts. Whatever they leave open waits for an adjudicator.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from annotator.standoff import Span, Value
from annotator.workflow.comparison import (
    Comparison,
    Group,
    RelationGroup,
    Reply,
    SpanGroup,
    agreed_absent,
    agreed_attributes,
    attribute_key,
)

Basis: TypeAlias = Literal[
    "agreed", "single", "majority", "boundary rule", "majority and boundary rule", "label settled"
]
"""Why it is settled. `label settled`: all with that label say the same, or the label does not ask for it."""

Item: TypeAlias = tuple[str, str]
"""One judgement: the key of its voice, its id."""

Extent: TypeAlias = tuple[int, int]

NOTHING: Final[Mapping[str, Span]] = MappingProxyType({})


@dataclass(frozen=True)
class Rules:
    """What settles itself besides what all agree on.

    majority: this many voices, and more than half, outvote the rest; also on leaving something out.
    boundary: which extent is taken where label and presence are settled and only the edges differ.
    attributes: more than half of the members of a group settle a value.
    single: what the only voice says is gold. Raises ValueError when the majority would be one voice.
    """

    majority: int | None = None
    boundary: Literal["longest", "shortest", "intersection"] | None = None
    attributes: Literal["majority"] | None = None
    single: bool = False

    def __post_init__(self) -> None:
        if self.majority is not None and self.majority < 2:
            raise ValueError(f"A majority takes two voices or more, not {self.majority}.")


@dataclass(frozen=True)
class Settled:
    """One thing a rule settles.

    key: of the group, or `attribute_key`; group: the key of the group it is about. outcome: whether it
    becomes gold. sources: the judgements it follows; set_aside: those it does not. label, start and end are
    there for a span that stands, name and value for an attribute (value None: left without). attributes,
    absent: what all concerned say alike; what differs comes as an attribute of its own, or stays open.
    """

    key: str
    subject: Literal["span", "attribute", "relation"]
    outcome: Literal["stands", "absent"]
    group: str
    basis: Basis
    sources: tuple[Item, ...]
    set_aside: tuple[Item, ...] = ()
    label: str | None = None
    start: int | None = None
    end: int | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    name: str | None = None
    value: Reply = None


def settle(
    comparison: Comparison,
    rules: Rules,
    *,
    decided: Collection[str] = (),
    standing: Mapping[str, Span] = NOTHING,
) -> list[Settled]:
    """What settles itself: spans in reading order with their attributes, then relations with theirs.

    decided: keys of what is settled already and stays out of the answer. standing: gold spans settled before,
    by the key of their group; attributes and relations of these may settle now. A relation settles only when
    both its ends stand, its attributes only together with it.
    """
    spans = _spans(comparison, rules, decided, standing)
    labels = {key: span.label for key, span in standing.items()}
    labels |= {key: found.label for key, found in spans.items() if found.label is not None}
    answer: list[Settled] = []
    for group in comparison.span_groups:
        answer += [spans[group.key]] if group.key in spans else []
        answer += _attributes(group, labels[group.key], rules) if group.key in labels else []
    for relation in comparison.relation_groups:
        if {relation.source_group, relation.target_group} <= labels.keys() and relation.key not in decided:
            answer += _relation_with_attributes(relation, comparison, rules)
    return [settled for settled in answer if settled.key not in decided]


def _spans(
    comparison: Comparison, rules: Rules, decided: Collection[str], standing: Mapping[str, Span]
) -> dict[str, Settled]:
    """By key. A boundary rule gives way where the same span would stand twice."""
    undecided = [g for g in comparison.span_groups if g.key not in decided and g.key not in standing]
    found = [settled for group in undecided if (settled := _span(group, rules, len(comparison.voices)))]
    every: list[Span | Settled] = [*standing.values(), *found]
    times = Counter((span.label, span.start, span.end) for span in every)
    return {
        span.key: span
        for span in found
        if times[span.label, span.start, span.end] == 1 or not span.basis.endswith("boundary rule")
    }


def _span(group: SpanGroup, rules: Rules, voices: int) -> Settled | None:
    if group.identical:
        first = next(iter(group.members.values()))
        basis = _shared_basis(voices, rules)
        return _standing_span(group, first.label, (first.start, first.end), basis) if basis else None
    if _wins(len(group.missing), voices, rules):
        items = _items(group, group.members)
        return Settled(group.key, "span", "absent", group.key, "majority", (), items)
    label, backers = Counter(span.label for span in group.members.values()).most_common(1)[0]
    if backers == voices or _wins(backers, voices, rules):
        return _extent_settled(group, label, rules, voices)
    return None


def _shared_basis(voices: int, rules: Rules) -> Basis | None:
    """What all say settles itself; a single voice only where the project accepts it."""
    return "agreed" if voices > 1 else "single" if rules.single else None


def _wins(count: int, voices: int, rules: Rules) -> bool:
    return rules.majority is not None and count >= rules.majority and 2 * count > voices


def _extent_settled(group: SpanGroup, label: str, rules: Rules, voices: int) -> Settled | None:
    """The extent most voices give, else that of the boundary rule. People's words outweigh the rule."""
    extents = [(span.start, span.end) for span in group.members.values() if span.label == label]
    favourite, backers = Counter(extents).most_common(1)[0]
    if _wins(backers, voices, rules):
        return _standing_span(group, label, favourite, "majority")
    chosen = _by_boundary_rule(extents, rules)
    if chosen is None:
        return None
    basis: Basis = "boundary rule" if len(extents) == voices else "majority and boundary rule"
    return _standing_span(group, label, chosen, basis)


def _by_boundary_rule(extents: Sequence[Extent], rules: Rules) -> Extent | None:
    """None also where no code point is common to all: then they may not mean the same after all."""
    common = (max(start for start, _ in extents), min(end for _, end in extents))
    if rules.boundary is None or common[0] >= common[1]:
        return None
    if rules.boundary == "intersection":
        return common
    by_length = sorted(sorted(extents), key=lambda extent: extent[1] - extent[0], reverse=rules.boundary == "longest")
    return by_length[0]


def _standing_span(group: SpanGroup, label: str, extent: Extent, basis: Basis) -> Settled:
    """A boundary rule weighs all members with the label, so they are its sources whatever their extent."""
    followed = [
        key
        for key, span in group.members.items()
        if span.label == label and (basis.endswith("boundary rule") or (span.start, span.end) == extent)
    ]
    return Settled(
        key=group.key,
        subject="span",
        outcome="stands",
        group=group.key,
        basis=basis,
        sources=_items(group, followed),
        set_aside=_items(group, group.members.keys() - followed),
        label=label,
        start=extent[0],
        end=extent[1],
        attributes=_undisputed(group, label),
        absent=agreed_absent(group, label) - group.attributes.keys(),
    )


def _undisputed(group: Group, label: str | None = None) -> dict[str, Value]:
    agreed = agreed_attributes(group, label)
    return {name: value for name, value in agreed.items() if name not in group.attributes}


def _items(group: Group, voices: Collection[str]) -> tuple[Item, ...]:
    return tuple((key, group.members[key].id) for key in sorted(voices))


def _attributes(group: Group, label: str | None, rules: Rules) -> Iterator[Settled]:
    """The attributes that differ, as far as they settle. label: of the span that stands; None for a relation.

    Only members with that label are asked. Where no member has it, a person wrote a span of their own, and
    the judgements say nothing about its attributes.
    """
    concerned = {key for key, item in group.members.items() if not isinstance(item, Span) or item.label == label}
    for name, replies in group.attributes.items() if concerned else ():
        asked = {key: given for key, given in replies.items() if key in concerned}
        value, backers = Counter(asked.values()).most_common(1)[0] if asked else (None, 0)
        if backers == len(asked):
            yield _attribute(group, name, value, asked, "label settled")
        elif rules.attributes == "majority" and 2 * backers > len(asked):
            yield _attribute(group, name, value, asked, "majority")


def _attribute(group: Group, name: str, value: Reply, asked: Mapping[str, Reply], basis: Basis) -> Settled:
    followed = {key for key, given in asked.items() if given == value}
    return Settled(
        key=attribute_key(group, name),
        subject="attribute",
        outcome="absent" if value is None else "stands",
        group=group.key,
        basis=basis,
        sources=_items(group, followed),
        set_aside=_items(group, group.attributes[name].keys() - followed),
        name=name,
        value=value,
    )


def _relation_with_attributes(group: RelationGroup, comparison: Comparison, rules: Rules) -> list[Settled]:
    settled = _relation(group, comparison, rules)
    if settled is None:
        return []
    return [settled, *(_attributes(group, None, rules) if settled.outcome == "stands" else ())]


def _relation(group: RelationGroup, comparison: Comparison, rules: Rules) -> Settled | None:
    """A majority of the voices that have both ends: who has only one could not have drawn it."""
    if group.identical:
        basis = _shared_basis(len(comparison.voices), rules)
        return _standing_relation(group, basis) if basis else None
    source, target = comparison.groups[group.source_group], comparison.groups[group.target_group]
    able = len(source.members.keys() & target.members.keys())
    if _wins(len(group.members), able, rules):
        return _standing_relation(group, "majority")
    if _wins(able - len(group.members), able, rules):
        items = _items(group, group.members)
        return Settled(group.key, "relation", "absent", group.key, "majority", (), items)
    return None


def _standing_relation(group: RelationGroup, basis: Basis) -> Settled:
    return Settled(
        key=group.key,
        subject="relation",
        outcome="stands",
        group=group.key,
        basis=basis,
        sources=_items(group, group.members),
        attributes=_undisputed(group),
    )
