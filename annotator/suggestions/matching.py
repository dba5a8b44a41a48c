"""Phrases that were labelled before, found again in another text. Pure.

Offsets count code points, half-open. What is found is whole words: no match begins or ends inside a word, nor
inside what a reader takes for one character.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import ahocorasick
import regex

from annotator.annotation.edges import cut_cluster
from annotator.standoff import Value

MOST = 300
"""Suggestions in one text; more would be noise."""
SHORTEST, LONGEST = 2, 200
"""Code points of a phrase worth looking for."""
CONTEXT = 32
"""Code points on each side of an edge that show whether it cuts a character."""

Place: TypeAlias = tuple[int, int, str]
"""Start, end and label."""

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
"""Scripts that put no space between words: there any whole character may begin a word."""


@dataclass(frozen=True)
class Phrase:
    """Words that once carried a label, with the answers worth repeating.

    is_name: its capitals must be capitals in the text too, so that “May” is not found in “may”.
    source: where it comes from, such as "own" or "register". said: the answers in words.
    """

    words: str
    label: str
    attributes: Mapping[str, Value] = field(default_factory=dict, hash=False)
    source: str = "own"
    is_name: bool = False
    said: str = ""


@dataclass(frozen=True)
class Match:
    """A place in the text where a phrase stands."""

    start: int
    end: int
    phrase: Phrase

    @property
    def place(self) -> Place:
        return self.start, self.end, self.phrase.label


class _Folds(dict[int, str]):
    """One character for one character, whatever its case and the kind of its quotation mark or space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        forms = (character.casefold(), character.lower(), character)
        self[code] = found = next(form for form in forms if len(form) == 1)
        return found


_FOLDS = _Folds({
    **dict.fromkeys(map(ord, "‘’‚‛ʼ`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»"), '"'),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
})  # fmt: skip


def fold(text: str) -> str:
    """As long as the text, so that offsets stay what they are."""
    return text.translate(_FOLDS)


def suggest(
    text: str,
    phrases: Iterable[Phrase],
    *,
    taken: Iterable[Place] = (),
    outside: Iterable[tuple[int, int]] = (),
    rejected: Collection[Place] = (),
    most: int = MOST,
) -> list[Match]:
    """Where the phrases stand in the text, by start, the longest first; at most so many, the longest kept.

    Of two phrases with one label that share words the longer stands, else the earlier in the text; of equal words
    the phrase that came first. Nothing is found over a `taken` span of the same label, in what lies `outside` of
    what is read, or at a `rejected` place.
    """
    covered = _Covered(len(text), outside, taken)
    found = [match for match in _matches(text, phrases) if match.place not in rejected]
    kept: list[Match] = []
    for match in sorted(found, key=lambda match: (match.start - match.end, match.start)):
        if len(kept) < most and covered.take(*match.place):
            kept.append(match)
    return sorted(kept, key=lambda match: (match.start, -match.end, match.phrase.label))


class _Covered:
    """Which characters are spoken for, for each label."""

    def __init__(self, length: int, outside: Iterable[tuple[int, int]], taken: Iterable[Place]) -> None:
        everywhere = bytearray(length)
        for start, end in outside:
            everywhere[start:end] = b"\1" * (min(end, length) - start)
        self.labels: defaultdict[str, bytearray] = defaultdict(lambda: bytearray(everywhere))
        for start, end, label in taken:
            self.labels[label][start:end] = b"\1" * (end - start)

    def take(self, start: int, end: int, label: str) -> bool:
        """Cover the stretch; False where some of it is covered already."""
        cover = self.labels[label]
        if cover.find(1, start, end) >= 0:
            return False
        cover[start:end] = b"\1" * (end - start)
        return True


def _matches(text: str, phrases: Iterable[Phrase]) -> Iterator[Match]:
    sought = _sought(phrases)
    if not sought:
        return
    automaton = ahocorasick.Automaton()
    for folded in sought:
        automaton.add_word(folded, folded)
    automaton.make_automaton()
    for last, folded in automaton.iter(fold(text)):
        start, end = last + 1 - len(folded), last + 1
        if is_edge(text, start) and is_edge(text, end):
            for phrase in sought[folded]:
                if not _keeps_case(phrase) or _has_capitals(phrase.words, text[start:end]):
                    yield Match(start, end, phrase)


def _sought(phrases: Iterable[Phrase]) -> dict[str, list[Phrase]]:
    """The phrases by what is looked for: of each label the first, and the first of each spelling that counts."""
    found: defaultdict[str, dict[tuple[str, str], Phrase]] = defaultdict(dict)
    for phrase in phrases:
        if SHORTEST <= len(phrase.words) <= LONGEST and "\n" not in phrase.words:
            spelling = phrase.words if _keeps_case(phrase) else ""
            found[fold(phrase.words)].setdefault((phrase.label, spelling), phrase)
    return {folded: list(unlike.values()) for folded, unlike in found.items()}


def _keeps_case(phrase: Phrase) -> bool:
    """Names do, and what is written in capitals alone: “US” is not “us”."""
    return phrase.is_name or phrase.words.isupper()


def _has_capitals(words: str, found: str) -> bool:
    return all(there.isupper() for asked, there in zip(words, found, strict=True) if asked.isupper())


def is_edge(text: str, at: int) -> bool:
    """Whether a word may begin or end at an offset of the text, and no character is cut there."""
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if _is_in_word(before) and _is_in_word(after) and not (_UNSPACED.match(before) or _UNSPACED.match(after)):
        return False
    first = max(0, at - CONTEXT)
    return cut_cluster(text[first : at + CONTEXT], at - first) is None


def _is_in_word(character: str) -> bool:
    """A letter, a digit, or a mark that belongs to one."""
    return unicodedata.category(character)[0] in "LNM"
