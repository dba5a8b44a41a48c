"""From one version of a codebook to a later one: what becomes of labels, answers and relations. Pure.

A version keeps everything that earlier ones had; what is no longer wanted is retired, so whatever was said can
always stay as it was said. A mapping says what becomes of the things that retire.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, TypeAlias, TypeVar

from annotator.schema.vocabulary import Attribute, AttributeValue, Codebook, Label, RelationType
from annotator.standoff import Relation, Span, Value

FATES = ("rename", "merge", "split", "retire")
"""Becomes another that is new, joins another, waits for a person to choose among others, or stays and is flagged."""

ALIKE = 0.6
"""How alike two names must be, from 0 to 1, for one to be proposed as the new name of the other."""

Thing: TypeAlias = tuple[str, ...]
"""What a mapping speaks of: ("label", label[, attribute[, value]]), and likewise for "relation"."""


@dataclass(frozen=True)
class Fate:
    """kind: one of FATES; to: keys of the same sort in the new version: one, several for a split, none to retire."""

    kind: str
    to: tuple[str, ...] = ()


Item = TypeVar("Item", Span, Relation)

Mapped: TypeAlias = Mapping[Thing, Fate]
Part: TypeAlias = Label | RelationType | Attribute | AttributeValue


@dataclass(frozen=True)
class Fault:
    """Why a mapping cannot be used; `thing` is empty where it is not about one."""

    thing: Thing
    words: str


def as_json(mapped: Mapped) -> list[dict[str, Any]]:
    return [{"thing": list(thing), "fate": fate.kind, "to": list(fate.to)} for thing, fate in sorted(mapped.items())]


def from_json(data: Iterable[Mapping[str, Any]]) -> dict[Thing, Fate]:
    return {tuple(one["thing"]): Fate(one["fate"], tuple(one["to"])) for one in data}


# What a new version must keep


def losses(old: Codebook, new: Codebook) -> list[str]:
    """Why work under `old` could not be read under `new`, in plain words; empty where it always can."""
    return [
        *(f"Label {key} is gone: keep it as retired." for key in _missing(old.labels, new.labels)),
        *(f"Relation {key} is gone: keep it as retired." for key in _missing(old.relations, new.relations)),
        *_lost_answers(old, new),
        *_lost_entries(old, new),
    ]


def _missing(old: Sequence[Label | RelationType], new: Sequence[Label | RelationType]) -> list[str]:
    kept = {one.key for one in new}
    return [one.key for one in old if one.key not in kept]


def _lost_answers(old: Codebook, new: Codebook) -> Iterator[str]:
    for thing, attribute in _attributes(old).items():
        kept, where = _attributes(new).get(thing), f"Attribute {attribute.key} on {thing[1]}"
        if kept is None:
            if _owner(new, thing) is not None:
                yield f"{where} is gone: keep it as retired."
        elif (kept.kind, kept.list) != (attribute.kind, attribute.list):
            yield f"{where} asked for another kind of answer: retire it and add a new one."
        else:
            gone = [key for key in attribute.value_keys if key not in kept.value_keys]
            yield from (f"Value “{key}” of {thing[2]} on {thing[1]} is gone: keep it as retired." for key in gone)


def _owner(codebook: Codebook, thing: Thing) -> Label | RelationType | None:
    if thing[0] == "label":
        return codebook.label(thing[1]) if codebook.has_label(thing[1]) else None
    return codebook.relation(thing[1]) if codebook.has_relation(thing[1]) else None


def _lost_entries(old: Codebook, new: Codebook) -> Iterator[str]:
    for name, entries in old.lists.items():
        kept = {entry.key for entry in new.lists.get(name, ())}
        yield from (f"Entry {entry.key} of {name} is gone: keep it." for entry in entries if entry.key not in kept)


def _attributes(codebook: Codebook) -> dict[Thing, Attribute]:
    """Every attribute by its place, common ones under each label."""
    found: dict[Thing, Attribute] = {}
    for label in codebook.labels:
        found |= {("label", label.key, key): one for key, one in codebook.attributes(label.key).items()}
    for type in codebook.relations:
        found |= {("relation", type.key, one.key): one for one in type.attributes}
    return found


# What a mapping has to say


def disappearing(old: Codebook, new: Codebook) -> list[Thing]:
    """What `old` offers and `new` retires, in the order of the codebook.

    What goes with something larger is not named by itself.
    """
    before, after = _live(old), _live(new)
    gone = [thing for thing in before if thing not in after]
    return [thing for thing in gone if not any(thing[:end] in gone for end in range(2, len(thing)))]


def _live(codebook: Codebook) -> dict[Thing, Part]:
    """Everything on offer, by its place."""
    found: dict[Thing, Part] = {}
    parts: tuple[Label | RelationType, ...] = (*codebook.labels, *codebook.relations)
    for part in parts:
        kind = "label" if isinstance(part, Label) else "relation"
        asked = codebook.attributes(part.key).values() if isinstance(part, Label) else part.attributes
        if not part.retired:
            found[kind, part.key] = part
            for attribute in asked:
                if not attribute.retired:
                    found[kind, part.key, attribute.key] = attribute
                    found |= {(kind, part.key, attribute.key, one.key): one for one in attribute.offered}
    return found


def targets(thing: Thing, new: Codebook, mapped: Mapped | None = None) -> list[str]:
    """What the thing may become: keys of the same sort on offer, in the same place or in what that becomes."""
    place = _new_place(thing[:-1], mapped or {})
    size = len(thing)
    return [other[-1] for other in _live(new) if len(other) == size and other[:-1] == place]


def _new_place(place: Thing, mapped: Mapped) -> Thing:
    """Where the parts of a thing are looked for, once it has become another."""
    found: Thing = place[:1]
    for end in range(2, len(place) + 1):
        fate = mapped.get(place[:end])
        found += fate.to if fate and fate.kind in ("rename", "merge") else (place[end - 1],)
    return found


def likely(old: Codebook, new: Codebook) -> dict[Thing, Fate]:
    """A first proposal: whatever has a new thing much like it is taken to be renamed, the rest retires."""
    before, after, proposed = _live(old), _live(new), dict[Thing, Fate]()
    taken: set[Thing] = set()
    for thing in disappearing(old, new):
        fresh = [(*thing[:-1], key) for key in targets(thing, new)]
        rated = [(_alike(before[thing], after[one]), one) for one in fresh if one not in before and one not in taken]
        score, best = max(rated, default=(0.0, thing), key=lambda one: one[0])
        if score >= ALIKE:
            taken.add(best)
        proposed[thing] = Fate("rename", (best[-1],)) if score >= ALIKE else Fate("retire")
    return proposed


def _alike(one: Part, other: Part) -> float:
    """From 0 to 1, by name, and for labels by colour and questions, too."""
    name = SequenceMatcher(None, one.name.casefold(), other.name.casefold()).ratio()
    if isinstance(one, Label) and isinstance(other, Label):
        shared = {each.key for each in one.attributes} & {each.key for each in other.attributes}
        return min(1.0, name + 0.4 * (one.colour == other.colour) + 0.4 * bool(shared))
    if isinstance(one, RelationType) and isinstance(other, RelationType):
        return min(1.0, name + 0.3 * ((one.sources, one.targets) == (other.sources, other.targets)))
    if isinstance(one, Attribute) and isinstance(other, Attribute):
        same_kind = (one.kind, one.list) == (other.kind, other.list)
        return min(1.0, name + 0.4 * bool(set(one.value_keys) & set(other.value_keys))) if same_kind else 0.0
    return name


def faults(old: Codebook, new: Codebook, mapped: Mapped) -> list[Fault]:
    """What is missing or makes no sense; empty for a mapping that can be used."""
    if lost := losses(old, new):
        return [Fault((), words) for words in lost]
    wanted, before = disappearing(old, new), _live(old)
    found = [Fault(thing, f"Say what becomes of {called(thing)}.") for thing in wanted if thing not in mapped]
    for thing, fate in mapped.items():
        if thing not in wanted:
            found.append(Fault(thing, f"{called(thing)} is still there: nothing becomes of it."))
        elif words := _wrong(thing, fate, old, new, mapped):
            found.append(Fault(thing, words))
        elif fate.kind == "rename" and not _is_new(thing, fate, before, mapped):
            found.append(Fault(thing, f"Something else is called {fate.to[0]} already: say that they are merged."))
    return found


def _is_new(thing: Thing, fate: Fate, before: Container[Thing], mapped: Mapped) -> bool:
    """Whether nothing else is, or becomes, what the thing is renamed to."""
    place = _new_place(thing[:-1], mapped)
    if (*place, fate.to[0]) in before:
        return False
    others = (one for one in mapped if one != thing and len(one) == len(thing) and mapped[one].to == fate.to)
    return all(_new_place(one[:-1], mapped) != place for one in others)


def _wrong(thing: Thing, fate: Fate, old: Codebook, new: Codebook, mapped: Mapped) -> str:
    if fate.kind not in FATES:
        return f"Choose what becomes of {called(thing)}."
    wanted = {"rename": (1, 1), "merge": (1, 1), "split": (2, 99), "retire": (0, 0)}[fate.kind]
    if not wanted[0] <= len(set(fate.to)) <= wanted[1]:
        return {
            "retire": "What retires becomes nothing else.",
            "split": f"Name two or more that {called(thing)} is split into.",
        }.get(fate.kind, f"Name the one that {called(thing)} becomes.")
    allowed = targets(thing, new, mapped)
    if unknown := [key for key in fate.to if key not in allowed]:
        return f"The new version offers no {unknown[0]} in the place of {called(thing)}."
    if len(thing) == 3 and fate.kind in ("rename", "merge"):
        before = _attributes(old)[thing]
        after = _attributes(new)[(*_new_place(thing[:-1], mapped), fate.to[0])]
        if (before.kind, before.list) != (after.kind, after.list):
            return f"{fate.to[0]} asks for another kind of answer."
    return ""


def called(thing: Thing) -> str:
    """As a person would say it: “value mixed of polarity on STANCE”."""
    nouns = (thing[0], "attribute", "value")
    if len(thing) == 2:
        return f"{nouns[0]} {thing[1]}"
    return f"{nouns[len(thing) - 2]} {' of '.join(reversed(thing[2:]))} on {thing[1]}"


# Carrying over


@dataclass(frozen=True)
class Carried:
    """Work as it reads under the new version.

    fates: id of a span or relation → what became of it: renamed, merged, person, retired; those unchanged are
    not named. left: how many answers found no question in the new place.
    """

    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]
    fates: Mapping[str, str]
    left: int = 0


FATE_WORDS = {"rename": "renamed", "merge": "merged", "split": "person", "retire": "retired"}
GRAVEST = ("person", "retired", "merged", "renamed")
"""Of several things that happen to one span the first of these is told."""


def carry(
    old: Codebook, new: Codebook, mapped: Mapped, spans: Sequence[Span], relations: Sequence[Relation]
) -> Carried:
    """What becomes of a text's spans and relations. Ids and places stay.

    Where two spans would come to the same words under one label, or two relations to the same line, the first
    one moves and the other waits for a person as it is.
    """
    carrying = _Carrying(old, new, mapped)
    moved = carrying.each("label", spans, carrying.span, lambda span: (span.start, span.end, span.label))
    linked = carrying.each("relation", relations, carrying.relation, lambda one: (one.source, one.target, one.type))
    return Carried(moved, linked, carrying.told, carrying.left)


class _Carrying:
    def __init__(self, old: Codebook, new: Codebook, mapped: Mapped) -> None:
        self.old, self.new, self.mapped = old, new, mapped
        self.told: dict[str, str] = {}
        self.left = 0

    def each(
        self, sort: str, items: Sequence[Item], carry: Callable[[Item], Item], shape: Callable[[Item], tuple[Any, ...]]
    ) -> tuple[Item, ...]:
        """All of one sort; who comes to a place that is taken stays as it is, for a person to look at.

        shape: what no two may share, the item's key last.
        """
        taken = {shape(one) for one in items if (sort, shape(one)[-1]) not in self.mapped}
        carried = []
        for one in items:
            found = carry(one)
            if shape(found) != shape(one) and shape(found) in taken:
                self.told[one.id] = "person"
                found = one
            taken.add(shape(found))
            carried.append(found)
        return tuple(carried)

    def span(self, span: Span) -> Span:
        label = self._becomes(span.id, ("label", span.label))
        if not self.new.has_label(label):
            return span
        asked = self.new.attributes(label)
        attributes = self._answers(span.id, ("label", span.label), label, span.attributes, asked)
        links = {type.key for type in self.new.relations}
        names = [self._name(span.label, label, name) for name in sorted(span.absent)]
        absent = frozenset(name for name in names if name in asked or name in links)
        return replace(span, label=label, attributes=attributes, absent=absent)

    def _name(self, old: str, label: str, name: str) -> str:
        """The name of what was answered with “not in the text”: an attribute or a relation."""
        for thing in (("label", old, name), ("relation", name)):
            fate = self.mapped.get(thing)
            if fate and fate.kind in ("rename", "merge"):
                return fate.to[0]
        return name

    def relation(self, relation: Relation) -> Relation:
        type = self._becomes(relation.id, ("relation", relation.type))
        if not self.new.has_relation(type):
            return relation
        asked = {one.key: one for one in self.new.relation(type).attributes}
        attributes = self._answers(relation.id, ("relation", relation.type), type, relation.attributes, asked)
        return replace(relation, type=type, attributes=attributes)

    def _becomes(self, id: str, thing: Thing) -> str:
        """The key that a thing goes on under: its own where a person has to choose, and where it retires."""
        fate = self.mapped.get(thing)
        if fate is None:
            return thing[-1]
        self._tell(id, FATE_WORDS[fate.kind])
        return fate.to[0] if fate.kind in ("rename", "merge") else thing[-1]

    def _answers(
        self, id: str, owner: Thing, now: str, given: Mapping[str, Value], asked: Mapping[str, Attribute]
    ) -> dict[str, Value]:
        """Answers under the names and values that they have now, in the order in which they were given."""
        found: dict[str, Value] = {}
        for name, value in given.items():
            key = self._becomes(id, (*owner, name))
            told = self._becomes(id, (*owner, name, value)) if isinstance(value, str) else value
            if key not in asked or key in found:
                self.left += 1
            elif asked[key].kind == "choice" and told not in asked[key].value_keys:
                self.left += 1
                self._tell(id, "person")
            else:
                found[key] = told
        return found

    def _tell(self, id: str, what: str) -> None:
        known = self.told.get(id, what)
        self.told[id] = min(known, what, key=GRAVEST.index)


@dataclass(frozen=True)
class Step:
    """One move from a version to a later one."""

    old: Codebook
    new: Codebook
    mapped: Mapped


def carry_along(steps: Sequence[Step], spans: Sequence[Span], relations: Sequence[Relation]) -> Carried:
    """What becomes of a text's spans and relations over several moves; of each the gravest thing is told."""
    found, fates, left = Carried(tuple(spans), tuple(relations), {}), dict[str, str](), 0
    for step in steps:
        found = carry(step.old, step.new, step.mapped, found.spans, found.relations)
        left += found.left
        for id, fate in found.fates.items():
            fates[id] = min(fates.get(id, fate), fate, key=GRAVEST.index)
    return replace(found, fates=fates, left=left)


def asked_along(steps: Sequence[Step], kind: str, key: str) -> frozenset[str]:
    """The names, after several moves, of the attributes that were on offer where something was called `key` before.

    kind: "label" or "relation". What later versions ask besides, nobody was asked then.
    """
    things: list[Thing] = [thing for thing in _live(steps[0].old) if thing[:2] == (kind, key) and len(thing) == 3]
    for step in steps:
        things = [_new_place(thing, step.mapped) for thing in things]
    return frozenset(thing[-1] for thing in things)


def touched(mapped: Mapped, kind: str, key: str, attributes: Mapping[str, Value]) -> list[Thing]:
    """The things that a span (kind "label") or a relation meets in a mapping."""
    places: list[Thing] = [(kind, key)]
    for name, value in attributes.items():
        places += [(kind, key, name), (kind, key, name, str(value))]
    return [thing for thing in places if thing in mapped]


def told(thing: Thing, fate: Fate) -> str:
    """What becomes of a thing, in words."""
    to = " or ".join(fate.to)
    return {
        "rename": f"{called(thing)} is called {to} now",
        "merge": f"{called(thing)} is part of {to} now",
        "split": f"{called(thing)} is split into {to}: choose where it stands",
        "retire": f"{called(thing)} is retired: it stays where it stands",
    }[fate.kind]
