"""The lines of an article and what their shape says. Pure."""

from dataclasses import dataclass

import regex

from corpus import text as texts
from corpus.drafts import RegionKind

_SENTENCE_END = regex.compile(r"[\p{STerm}…][\p{Pe}\p{Pf}\"']*\Z")
_ABBREVIATION_END = regex.compile(r"(?:^|\P{L})(?:\p{L}\.){2,}\Z")
_FULL_STOPS = frozenset(".\u3002\uff61\u06d4\u0964\u0965")
_LETTER = regex.compile(r"\p{L}")
_SHORT = 60
_SHORTEST_SENTENCE = 20
_LONGEST_HEADLINE = 200
_LONGEST_WITH_ABBREVIATION = 100
_LONGEST_END = 12


@dataclass(frozen=True)
class Line:
    """A line, or a part of one, without the white space around it.

    start, end: offsets in the article. gap: blank lines before it. kind: what its own words say it is.
    """

    start: int
    end: int
    text: str
    gap: int
    kind: RegionKind | None = None


def lines_of(text: str) -> list[Line]:
    """The lines that hold more than white space."""
    found: list[Line] = []
    gap = 0
    for start, end in texts.lines(text):
        content = text[start:end].strip()
        if not content:
            gap += 1
            continue
        first = text.index(content, start)
        found.append(Line(first, first + len(content), content, gap))
        gap = 0
    return found


def is_prose(text: str) -> bool:
    """Whether the line ends as a sentence does and is no short question that could as well be a headline."""
    stop = _final_stop(text)
    if not stop or len(text) < _SHORTEST_SENTENCE:
        return False
    return stop in _FULL_STOPS or len(text) >= _SHORT


def is_headline(text: str) -> bool:
    """Whether the line could be a title, a deck or a subheading: short, with a letter, without a full stop."""
    if len(text) > _LONGEST_HEADLINE or text[-1] in ",;:" or not _LETTER.search(text):
        return False
    return _final_stop(text) not in _FULL_STOPS and not is_prose(text)


def _final_stop(text: str) -> str:
    """The mark that ends a sentence at the end of the line, or "". On a short line that of "U.S." is none."""
    match = _SENTENCE_END.search(text, max(0, len(text) - _LONGEST_END))
    if match is None:
        return ""
    ends_with_letters = _ABBREVIATION_END.search(text, max(0, len(text) - _LONGEST_END))
    return "" if ends_with_letters and len(text) <= _LONGEST_WITH_ABBREVIATION else match[0][0]
