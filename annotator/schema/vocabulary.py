"""What a codebook consists of: labels, attributes, relations, lists, checks and the rules reviewers cite."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from annotator.standoff import Value

PALETTE = ("blue", "green", "vermillion", "purple", "ochre", "teal", "rose", "slate")
SHAPES = ("solid", "dotted", "double", "dashed", "wavy")
"""Underlines, so that a label is never told by its colour alone."""
KINDS = ("choice", "flag", "text", "number", "date", "key")
HOTKEYS = tuple("123456789")
SEVERITIES = ("error", "warning")
CHECKS = (
    "missing_required",
    "missing_relation",
    "relation_not_allowed",
    "span_outside",
    "retired_entry",
    "voice_without_source",
    "proposal_without_concept",
    "actor_without_relation",
    "unpaired_quotation",
    "edge_punctuation",
    "long_span",
    "page_furniture",
)
"""What `annotation/rules.py` can look for; a codebook says which of them it wants, and how gravely."""
ACTORS = "actors"
"""The list that is a register of actors; the entries of every other list are concepts."""
ACTOR_KINDS = ("person", "organisation", "state", "unnamed")
SECTORS = (
    "government", "military", "armed_group", "party", "international", "media", "expert", "civil", "unknown",
)  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """Holds when `attribute` has one of `values`, or any value at all where `values` is None ("set")."""

    attribute: str
    values: tuple[Value, ...] | None

    def holds(self, attributes: Mapping[str, Value]) -> bool:
        if self.attribute not in attributes:
            return False
        return self.values is None or attributes[self.attribute] in self.values


@dataclass(frozen=True)
class AttributeValue:
    """retired: no longer offered; answers that have it keep it."""

    key: str
    name: str
    help: str
    retired: bool = False


@dataclass(frozen=True)
class Attribute:
    """A question about a span or a relation.

    list: for kind key, the list that answers come from. ordinal: the values from low to high, each step one
    value or several of equal rank. in_agreement: whether agreement is measured on it.
    """

    key: str
    name: str
    kind: str
    values: tuple[AttributeValue, ...]
    list: str | None
    default: Value | None
    required: bool
    required_when: Condition | None
    may_be_absent: bool
    ordinal: tuple[str | tuple[str, ...], ...] | None
    in_agreement: bool
    rules: tuple[int, ...]
    help: str
    retired: bool

    @cached_property
    def value_keys(self) -> tuple[str, ...]:
        return tuple(value.key for value in self.values)

    @cached_property
    def offered(self) -> tuple[AttributeValue, ...]:
        """The values to choose from today."""
        return tuple(value for value in self.values if not value.retired)

    def has_retired(self, value: Value) -> bool:
        """Whether the answer is one of the values that are no longer offered."""
        return any(one.retired and one.key == value for one in self.values)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Place of each value on the ordinal scale, from 0; empty when the values have no order."""
        steps = (step if isinstance(step, tuple) else (step,) for step in self.ordinal or ())
        return {value: rank for rank, step in enumerate(steps) for value in step}

    def is_required(self, attributes: Mapping[str, Value]) -> bool:
        """Whether a span or relation with these attributes must answer it. Nothing retired is required."""
        if self.retired:
            return False
        return self.required or (self.required_when is not None and self.required_when.holds(attributes))


@dataclass(frozen=True)
class Label:
    key: str
    name: str
    letter: str
    colour: str
    shape: str
    hotkey: str | None
    description: str
    rules: tuple[int, ...]
    retired: bool
    attributes: tuple[Attribute, ...]

    def attribute(self, key: str) -> Attribute:
        """One of its own attributes. Raises KeyError."""
        return self._attributes[key]

    @cached_property
    def _attributes(self) -> Mapping[str, Attribute]:
        return {attribute.key: attribute for attribute in self.attributes}


@dataclass(frozen=True)
class RelationType:
    """A link from a span of a label in `sources` to one in `targets`; at least `minimum` for each source."""

    key: str
    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    minimum: int
    symmetric: bool
    across_texts: bool
    may_be_absent: bool
    attributes: tuple[Attribute, ...]
    rules: tuple[int, ...]
    help: str
    retired: bool

    def attribute(self, key: str) -> Attribute:
        """Raises KeyError."""
        return self._attributes[key]

    def allows(self, source: str, target: str) -> bool:
        return source in self.sources and target in self.targets

    @cached_property
    def _attributes(self) -> Mapping[str, Attribute]:
        return {attribute.key: attribute for attribute in self.attributes}


@dataclass(frozen=True)
class Actor:
    """An entry of the actor register. country: ISO 3166, two letters."""

    key: str
    label: str
    kind: str
    sector: str
    affiliation: str | None
    country: str | None
    aliases: tuple[str, ...]
    note: str

    @property
    def title(self) -> str:
        return self.label

    @property
    def is_active(self) -> bool:
        return True


@dataclass(frozen=True)
class Concept:
    """An entry of a list of concepts. status: active, retired, or merged_into:KEY."""

    key: str
    statement: str
    group: str
    definition: str
    example: str
    counter_example: str
    status: str

    @property
    def title(self) -> str:
        return self.statement

    @property
    def is_active(self) -> bool:
        return self.status == "active"

    @property
    def merged_into(self) -> str | None:
        return self.status.partition(":")[2] or None


@dataclass(frozen=True)
class Listed:
    """An entry as a project's register has it, in the place of the codebook's own.

    status: active, retired, proposed or declined. is_own: the person who looks proposed it. became: title of the
    entry that stands for it now, where that is told; else empty. reason: why it was declined.
    """

    entry: Actor | Concept
    status: str
    is_own: bool = False
    became: str = ""
    reason: str = ""

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def title(self) -> str:
        return f"{self.entry.title} → {self.became}" if self.became else self.entry.title

    @property
    def is_active(self) -> bool:
        return self.status in ("active", "proposed")


Entry: TypeAlias = Actor | Concept | Listed


@dataclass(frozen=True)
class Check:
    key: str
    severity: str
    text: str


@dataclass(frozen=True)
class Rule:
    number: int
    title: str
    text: str


@dataclass(frozen=True)
class BorderlineCase:
    """where: places in the first corpus, "000 [1081, 1121)", in code points of the stored file."""

    number: int
    where: str
    case: str
    decision: str
    rules: tuple[int, ...]


@dataclass(frozen=True)
class Codebook:
    """One version of a codebook. Look-ups take one step and raise KeyError for what it does not have."""

    slug: str
    title: str
    version: int
    language: str
    description: str
    labels: tuple[Label, ...]
    common_attributes: tuple[Attribute, ...]
    relations: tuple[RelationType, ...]
    lists: Mapping[str, tuple[Entry, ...]]
    checks: tuple[Check, ...]
    rules: tuple[Rule, ...]
    span_rules: tuple[Rule, ...]
    borderline: tuple[BorderlineCase, ...]

    def label(self, key: str) -> Label:
        return self._labels[key]

    def has_label(self, key: str) -> bool:
        return key in self._labels

    def attributes(self, label: str) -> Mapping[str, Attribute]:
        """What may be asked about a span of this label, by key: its own attributes, then the common ones."""
        return self._attributes[label]

    def defaults(self, label: str, given: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """The default answers of a new span beside those `given`.

        One that depends on another attribute is included only where its condition holds.
        """
        return _defaults(self._attributes[label].values(), given or {})

    def relation(self, key: str) -> RelationType:
        return self._relations[key]

    def has_relation(self, key: str) -> bool:
        return key in self._relations

    def relation_defaults(self, key: str, given: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """The default answers of a new relation beside those `given`."""
        return _defaults(self._relations[key].attributes, given or {})

    def relations_from(self, label: str) -> tuple[RelationType, ...]:
        """The relations still in use that may start at a span of this label."""
        return self._relations_from.get(label, ())

    def relations_to(self, label: str) -> tuple[RelationType, ...]:
        """The relations still in use that may end at a span of this label."""
        return self._relations_to.get(label, ())

    def entry(self, list_name: str, key: str) -> Entry:
        return self._entries[list_name][key]

    def entries(self, list_name: str) -> Mapping[str, Entry]:
        return self._entries[list_name]

    def keyed(self, of: str) -> tuple[tuple[str, str], ...]:
        """Attribute and list of each question about this label, or type of relation, that names an entry."""
        return self._keyed.get(of, ())

    def with_entries(self, some: Mapping[str, Mapping[str, Entry]]) -> "Codebook":
        """The same codebook with these entries, list → key → entry, in the place of its own or beside them."""
        if not any(some.values()):
            return self
        other = copy(self)
        merged = {name: {**entries, **some.get(name, {})} for name, entries in self._entries.items()}
        # What was worked out of the labels still holds; only the lists are others.
        other.__dict__.update(lists={name: tuple(each.values()) for name, each in merged.items()}, _entries=merged)
        return other

    def check(self, key: str) -> Check | None:
        """None when this codebook does not want the check."""
        return self._checks.get(key)

    @cached_property
    def _labels(self) -> Mapping[str, Label]:
        return {label.key: label for label in self.labels}

    @cached_property
    def _attributes(self) -> Mapping[str, Mapping[str, Attribute]]:
        return {
            label.key: {one.key: one for one in (*label.attributes, *self.common_attributes)} for label in self.labels
        }

    @cached_property
    def _relations(self) -> Mapping[str, RelationType]:
        return {relation.key: relation for relation in self.relations}

    @cached_property
    def _relations_from(self) -> Mapping[str, tuple[RelationType, ...]]:
        return {label: tuple(r for r in self._in_use if label in r.sources) for label in self._labels}

    @cached_property
    def _relations_to(self) -> Mapping[str, tuple[RelationType, ...]]:
        return {label: tuple(r for r in self._in_use if label in r.targets) for label in self._labels}

    @cached_property
    def _in_use(self) -> tuple[RelationType, ...]:
        return tuple(relation for relation in self.relations if not relation.retired)

    @cached_property
    def _entries(self) -> Mapping[str, Mapping[str, Entry]]:
        return {name: {entry.key: entry for entry in entries} for name, entries in self.lists.items()}

    @cached_property
    def _keyed(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        asked: list[tuple[str, Iterable[Attribute]]] = [
            (label.key, self.attributes(label.key).values()) for label in self.labels
        ]
        asked += [(relation.key, relation.attributes) for relation in self.relations]
        return {of: tuple((one.key, one.list) for one in group if one.list) for of, group in asked}

    @cached_property
    def _checks(self) -> Mapping[str, Check]:
        return {check.key: check for check in self.checks}


def _defaults(attributes: Iterable[Attribute], given: Mapping[str, Value]) -> dict[str, Value]:
    asked = [attribute for attribute in attributes if not attribute.retired and attribute.key not in given]
    result: dict[str, Value] = {}
    # Unconditional ones first, since the conditions of the others look at them.
    for attribute in sorted(asked, key=lambda attribute: attribute.required_when is not None):
        condition = attribute.required_when
        if attribute.default is not None and (condition is None or condition.holds({**given, **result})):
            result[attribute.key] = attribute.default
    return result
