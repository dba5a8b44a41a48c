"""The words that an entry of a list is sought by, without case and accents. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator

import regex

from annotator.schema.codebook import Actor, Concept

LONGEST = 40
"""Code points of a word that are kept; nobody types more of one."""
NAMED, ELSE = 0, 1
"""Where a word stands: at the beginning of the name, or as the whole key; and anywhere else."""

_WORD = regex.compile(r"[\p{L}\p{N}]+")


def fold(text: str) -> str:
    """Without case and accents, for comparing."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [each[:LONGEST] for each in _WORD.findall(fold(text))]


def typed_words(typed: str) -> list[str]:
    """What is sought: each of these must begin a word of an entry. Doubled ones count once."""
    return list(dict.fromkeys(words(typed)))


def names_of(entry: Actor | Concept) -> list[str]:
    """What an entry is called: its name and its aliases, or its statement."""
    return [entry.label, *entry.aliases] if isinstance(entry, Actor) else [entry.statement]


def sought_by(entry: Actor | Concept) -> dict[str, int]:
    """Each word that the entry may be sought by → NAMED or ELSE: names, key, and what it belongs to."""
    belongs = (entry.affiliation or "") if isinstance(entry, Actor) else entry.group
    found = dict.fromkeys((word for text in (*names_of(entry), entry.key, belongs) for word in words(text)), ELSE)
    whole = "".join(words(entry.key))[:LONGEST]
    return found | dict.fromkeys([*words(entry.title)[:1], *([whole] if whole else [])], NAMED)


def told(words: Iterable[str]) -> Iterator[str]:
    """Words of a passage that tell something: those of more than two letters, each once."""
    return (word for word in dict.fromkeys(words) if len(word) > 2)
