"""What is different between two versions of a codebook, part by part and in words. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from annotator.schema.vocabulary import Attribute, Codebook, Condition, Label, RelationType

SECTIONS = ("about", "labels", "attributes", "relations", "lists", "checks", "guidelines")
SHORT = 60
"""Code points up to which both sides of a change stand in its sentence."""


@dataclass(frozen=True)
class Change:
    """One difference.

    section: one of SECTIONS. subject: what it is about ("Attribute polarity on STANCE"). kind: added, removed,
    retired, restored or changed. name: which part of the subject, empty for the whole. before, after: in words,
    where something changed.
    """

    section: str
    subject: str
    kind: str
    name: str = ""
    before: str = ""
    after: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the two sides are too long to stand in one line."""
        return max(len(self.before), len(self.after)) > SHORT or "\n" in self.before + self.after

    @property
    def words(self) -> str:
        what = f"{self.subject}: {self.name}" if self.name else self.subject
        if self.kind == "restored":
            return f"{what} brought back"
        if self.kind != "changed" or self.is_long:
            return f"{what} {self.kind}"
        return f"{what} {self.before} → {self.after}"


def differences(old: Codebook, new: Codebook) -> list[Change]:
    """What a reader of `old` has to know of `new`, section by section; empty for the same content.

    The number of the version is not a difference.
    """
    return [
        *_parts("about", "Codebook", old, new, _ABOUT),
        *_of_kind("labels", "Label", old.labels, new.labels, without=("attributes",)),
        *_attributes(old, new),
        *_of_kind("relations", "Relation", old.relations, new.relations, without=("attributes",)),
        *_lists(old, new),
        *_of_kind("checks", "Check", old.checks, new.checks),
        *_of_kind("guidelines", "Rule", old.rules, new.rules),
        *_of_kind("guidelines", "Span rule", old.span_rules, new.span_rules),
        *_of_kind("guidelines", "Borderline case", old.borderline, new.borderline),
    ]


def by_section(changes: Sequence[Change]) -> dict[str, list[Change]]:
    """Sections that have changes, in order."""
    return {name: found for name in SECTIONS if (found := [one for one in changes if one.section == name])}


_ABOUT = ("slug", "title", "language", "description")
_NAMES = {
    "hotkey": "key", "sources": "starts at", "targets": "ends at", "minimum": "at least", "required_when": "asked when",
    "may_be_absent": "“not in the text”", "in_agreement": "counts in agreement", "ordinal": "order of values",
    "across_texts": "across texts", "counter_example": "counter-example",
}  # fmt: skip
"""Fields that a reader knows under another name."""


def _attributes(old: Codebook, new: Codebook) -> Iterator[Change]:
    """Of labels that both have, of all labels, and of relations; whole new parts bring theirs unmentioned."""
    before, after = _owners(old), _owners(new)
    for owner in before:
        if owner in after:
            yield from _of_kind(
                "attributes", "Attribute", before[owner], after[owner], on=f" on {owner}", without=("values",)
            )


def _owners(codebook: Codebook) -> dict[str, Sequence[Attribute]]:
    parts: tuple[Label | RelationType, ...] = (*codebook.labels, *codebook.relations)
    owned: dict[str, Sequence[Attribute]] = {part.key: part.attributes for part in parts}
    return owned | {"every label": codebook.common_attributes}


def _lists(old: Codebook, new: Codebook) -> Iterator[Change]:
    for name in dict.fromkeys([*old.lists, *new.lists]):
        yield from _of_kind("lists", "Entry", old.lists.get(name, ()), new.lists.get(name, ()), on=f" of {name}")


def _of_kind(
    section: str, noun: str, old: Sequence[Any], new: Sequence[Any], *, on: str = "", without: Sequence[str] = ()
) -> Iterator[Change]:
    """Items told apart by key or number: gone ones, new ones, changed ones, and their order."""
    before, after = _by_key(old), _by_key(new)
    for key in before:
        if key not in after:
            yield Change(section, f"{noun} {key}{on}", "removed")
    for key, item in after.items():
        subject = f"{noun} {key}{on}"
        if key not in before:
            yield Change(section, subject, "added")
        else:
            names = [one.name for one in fields(item) if one.name not in (*without, "retired", "key", "number")]
            yield from _retiring(section, subject, before[key], item)
            yield from _parts(section, subject, before[key], item, names)
            if isinstance(item, Attribute):
                yield from _values(section, subject, before[key], item)
    yield from _order(section, f"{noun}s{on}", before, after)


def _by_key(items: Sequence[Any]) -> dict[str, Any]:
    return {str(getattr(item, "key", None) or getattr(item, "number", "")): item for item in items}


def _retiring(section: str, subject: str, before: Any, after: Any, name: str = "") -> Iterator[Change]:
    was, now = getattr(before, "retired", False), getattr(after, "retired", False)
    if was != now:
        yield Change(section, subject, "retired" if now else "restored", name)


def _values(section: str, subject: str, old: Attribute, new: Attribute) -> Iterator[Change]:
    before, after = _by_key(old.values), _by_key(new.values)
    for key in dict.fromkeys([*before, *after]):
        name = f"value “{key}”"
        if key not in after or key not in before:
            yield Change(section, subject, "removed" if key in before else "added", name)
        else:
            yield from _retiring(section, subject, before[key], after[key], name)
            for part in ("name", "help"):
                yield from _part(section, subject, f"{part} of {name}", before[key], after[key], part)
    yield from _order(section, subject, before, after, "values")


def _order(
    section: str, subject: str, before: Mapping[str, Any], after: Mapping[str, Any], of: str = ""
) -> Iterator[Change]:
    """Compared are the items that both have."""
    was, now = [key for key in before if key in after], [key for key in after if key in before]
    if was != now:
        yield Change(section, subject, "changed", f"order of {of}" if of else "order", ", ".join(was), ", ".join(now))


def _parts(section: str, subject: str, before: Any, after: Any, names: Iterable[str]) -> Iterator[Change]:
    for name in names:
        yield from _part(section, subject, _NAMES.get(name, name), before, after, name)


def _part(section: str, subject: str, called: str, before: Any, after: Any, name: str) -> Iterator[Change]:
    was, now = getattr(before, name), getattr(after, name)
    if was != now:
        yield Change(section, subject, "changed", called, _said(was), _said(now))


def _said(value: Any) -> str:
    if value is None or value in ("", ()):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Condition):
        wanted = "answered" if value.values is None else " or ".join(_said(one) for one in value.values)
        return f"{value.attribute} is {wanted}"
    if isinstance(value, tuple):
        return ", ".join(f"({_said(one)})" if isinstance(one, tuple) else _said(one) for one in value)
    return str(value)
