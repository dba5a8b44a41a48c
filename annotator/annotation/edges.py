"""Where a span may begin and end: whole characters, no stray punctuation, quotation marks in pairs."""

import unicodedata
from typing import NamedTuple

import regex

GRAPHEME = regex.compile(r"\X")
REACH = 64
"""Code points looked back for the beginning of a grapheme cluster, where no line break is nearer."""

OPENED_BY = {
    "“": "”", "”": "”", "„": "“”", '"': '"', "«": "»", "»": "«»", "‹": "›", "›": "‹›", "‘": "’", "‚": "‘’",
    "'": "'", "「": "」", "『": "』", "」": "", "』": "",
}  # fmt: skip
"""Quotation mark → marks that close it. Some languages close with what others open with (»…«, „…“, ”…”)."""
APOSTROPHES = frozenset("'’\"״")
"""Between two letters these are part of a word (it’s, צה"ל); a single one after a letter may be as well."""
PART_OF_A_WORD = frozenset("%‰′″@#§&")
"""Punctuation to Unicode, but read aloud."""
INVISIBLE = frozenset("\u200b\u200e\u200f\u2060\ufeff")

_ABBREVIATION = regex.compile(r"(?:\b\p{L}\.){2,}\Z")


class Marks(NamedTuple):
    """Indexes of the quotation marks in a quote: those that found a partner, and those left alone."""

    paired: frozenset[int]
    alone: frozenset[int]


def cut_cluster(context: str, edge: int) -> str | None:
    """The grapheme cluster (what a reader takes for one character) that the edge cuts in two, if any.

    edge: offset in `context`, a window of the text; its own ends count as whole.
    """
    between = context[edge - 1 : edge + 1] if edge > 0 else ""
    # The common case at no cost: import leaves no "\r\n", the only cluster made of ASCII.
    if len(between) < 2 or between.isascii():
        return None
    begin = max(context.rfind("\n", 0, edge) + 1, edge - REACH)
    for cluster in GRAPHEME.finditer(context, begin):
        if cluster.end() > edge:
            return cluster.group() if cluster.start() < edge else None
    return None


def quotation_marks(quote: str) -> Marks:
    """Pairs up the quotation marks, letting an inner pair close before the outer one."""
    paired: set[int] = set()
    alone: set[int] = set()
    opened: list[int] = []
    for index, mark in enumerate(quote):
        if (mark not in OPENED_BY and mark != "’") or _is_within_word(quote, index):
            continue
        partner = next((start for start in reversed(opened) if mark in OPENED_BY[quote[start]]), None)
        if partner is not None:
            paired |= {partner, index}
            alone |= {start for start in opened if start > partner}
            opened = [start for start in opened if start < partner]
        elif not _ends_possessive(quote, index):
            opened.append(index)
    return Marks(frozenset(paired), frozenset(alone.union(opened)))


def stray_edges(quote: str) -> list[str]:
    """Which of "start" and "end" lies on a space or on punctuation that belongs outside of the span.

    A quotation mark without its partner is not named here: that is a matter of the pair.
    """
    marks = quotation_marks(quote)
    edges = {"start": 0, "end": len(quote) - 1} if quote else {}
    stray = [edge for edge, index in edges.items() if _is_stray(quote[index]) and not _is_mark(marks, index)]
    return [edge for edge in stray if edge == "start" or not _ABBREVIATION.search(quote)]


def _is_mark(marks: Marks, index: int) -> bool:
    return index in marks.paired or index in marks.alone


def _is_stray(character: str) -> bool:
    if character.isspace() or character in INVISIBLE:
        return True
    return unicodedata.category(character).startswith("P") and character not in PART_OF_A_WORD


def _is_within_word(quote: str, index: int) -> bool:
    around = quote[max(0, index - 1) : index], quote[index + 1 : index + 2]
    return quote[index] in APOSTROPHES and all(character.isalnum() for character in around)


def _ends_possessive(quote: str, index: int) -> bool:
    """A single mark that nothing opened: an apostrophe, as in “the residents’ return”."""
    return quote[index] == "’" or (quote[index] == "'" and quote[max(0, index - 1) : index].isalnum())
