"""Which entry stands for which, after merges. Pure: the one place where this is worked out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from annotator.schema.codebook import Codebook, Concept, Entry

Place: TypeAlias = tuple[str, str]
"""An entry of a project: its list, its key."""


@dataclass(frozen=True)
class Merges:
    """What a project has merged, list and key → the key merged into. Spans keep the key that a reader chose."""

    into: Mapping[Place, str] = field(default_factory=dict)

    def resolved(self, list_name: str, key: str) -> str:
        """The key of the entry that stands for this one; a chain of merges is followed to its end."""
        seen = {key}
        while (next_key := self.into.get((list_name, key))) is not None and next_key not in seen:
            key = next_key
            seen.add(key)
        return key

    def answers(self, codebook: Codebook, of: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answers about a label, or a type of relation, with the entries that stand in place of those chosen."""
        keyed = [(name, list_name) for name, list_name in codebook.keyed(of) if name in given] if self.into else []
        if not keyed:
            return given
        return {**given, **{name: self.resolved(list_name, str(given[name])) for name, list_name in keyed}}

    @cached_property
    def fingerprint(self) -> int:
        """Differs, within a process, for other merges: for finding again what was worked out with these."""
        return hash(frozenset(self.into.items()))


def codebook_merges(codebook: Codebook) -> dict[Place, str]:
    """Concepts that a codebook says were merged."""
    return {
        (name, entry.key): entry.merged_into
        for name, entries in codebook.lists.items()
        for entry in entries
        if isinstance(entry, Concept) and entry.merged_into
    }


def used_keys(codebook: Codebook, answers: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, set[str]]:
    """List → keys that occur in answers, each given with the label or the type of relation it is about."""
    found: dict[str, set[str]] = {}
    for of, given in answers:
        for name, list_name in codebook.keyed(of) if given else ():
            if name in given:
                found.setdefault(list_name, set()).add(str(given[name]))
    return found


def would_circle(merges: Merges, list_name: str, key: str, into: str) -> bool:
    """Whether merging `key` into `into` would lead back to `key`."""
    return merges.resolved(list_name, into) == key


def unlisted(codebook: Codebook, used: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Of these keys those that the codebook does not have."""
    known: Mapping[str, Mapping[str, Entry]] = {name: codebook.entries(name) for name in codebook.lists}
    missing = {name: set(keys) - known.get(name, {}).keys() for name, keys in used.items()}
    return {name: keys for name, keys in missing.items() if keys}
