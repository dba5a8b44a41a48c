"""A text file, as saved from a page → the articles in it. Pure.

The slices of the articles follow on one another and cover the file's normalised text. The first begins at
0, so its offsets are offsets in the file; each further one begins with the line of its title, so the blank
lines before it belong to the article above.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus import text as texts
from corpus.drafts import ArticleDraft, Fact, Region, RegionKind
from corpus.readers import furniture, language, notes
from corpus.readers.layout import classified
from corpus.readers.lines import Line, is_headline, is_prose, lines_of

_BLANK_LINES_BETWEEN = 2
_LINES_OF_A_HEADER = 12
_HEADING_MARK = re.compile(r"#{1,6}\s+")


def read(data: bytes, name: str) -> list[ArticleDraft]:
    """At least one article. In a file named `.md` the marks of a heading are no part of the title.

    Raises TextError for what is no text that we take.
    """
    file = texts.normalise(texts.decode(data))
    slices = list(pairwise([*_article_starts(file.text), len(file.text)]))
    return [
        _draft(
            file.text[start:end],
            start,
            marks=name.lower().endswith(".md"),
            said=tuple(notes.on_file(number, len(slices), file.removed)),
        )
        for number, (start, end) in enumerate(slices, start=1)
    ]


def _article_starts(text: str) -> list[int]:
    """0, and wherever after the prose of an article a new header begins."""
    lines = lines_of(text)
    starts = [0]
    has_prose = False
    for index, line in enumerate(lines):
        if has_prose and _opens_article(lines, index):
            starts.append(text.rfind("\n", 0, line.start) + 1)
            has_prose = False
        has_prose = has_prose or is_prose(line.text)
    return starts


def _opens_article(lines: Sequence[Line], index: int) -> bool:
    """Behind blank lines stands a headline that is repeated within a header, and prose follows."""
    line = lines[index]
    if line.gap < _BLANK_LINES_BETWEEN or not is_headline(line.text):
        return False
    header = lines[index + 1 : index + 1 + _LINES_OF_A_HEADER]
    repeat = next((i for i, other in enumerate(header) if other.text == line.text), None)
    if repeat is None or any(is_prose(other.text) for other in header[:repeat]):
        return False
    following = lines[index + 2 + repeat : index + 2 + repeat + _LINES_OF_A_HEADER]
    return any(is_prose(other.text) for other in following)


def _draft(text: str, source_start: int, *, marks: bool, said: tuple[str, ...]) -> ArticleDraft:
    lines = classified(lines_of(text))
    title, deck, byline = _title(lines, marks=marks), _deck(lines), _byline(lines)
    published_on, outlet = _published_on(lines), _outlet(lines)
    guess = language.guess(text)
    unclear = (notes.on_unclear_date(words) for words in _unclear_dates(lines))
    return ArticleDraft(
        text=text,
        source_start=source_start,
        source_end=source_start + len(text),
        title=title,
        deck=deck,
        byline=byline,
        published_on=published_on,
        outlet=outlet,
        language=guess,
        direction=texts.direction(text),
        regions=tuple(Region(line.start, line.end, line.kind or "body") for line in lines),
        notes=(*said, *unclear, *notes.on_lines(lines), *notes.on_text(text, guess)),
    )


def _title(lines: Sequence[Line], *, marks: bool) -> Fact | None:
    line = _first(lines, "title")
    mark = _HEADING_MARK.match(line.text) if line and marks else None
    return _part(line, mark.end() if mark else 0, len(line.text)) if line else None


def _deck(lines: Sequence[Line]) -> Fact | None:
    line = _first(lines, "deck")
    return _part(line, 0, len(line.text)) if line else None


def _byline(lines: Sequence[Line]) -> Fact | None:
    line = _first(lines, "byline")
    return _part(line, *(furniture.byline(line.text) or (0, len(line.text)))) if line else None


def _first(lines: Sequence[Line], kind: RegionKind) -> Line | None:
    return next((line for line in lines if line.kind == kind), None)


def _part(line: Line, start: int, end: int) -> Fact:
    return Fact(line.text[start:end], line.start + start, line.start + end)


def _outlet(lines: Sequence[Line]) -> Fact | None:
    """From the copyright lines below the article, if they name one owner; cited media never count."""
    last_read = max((index for index, line in enumerate(lines) if line.kind == "body"), default=-1)
    tail = [line for line in lines[last_read + 1 :] if line.kind == "boilerplate"]
    found = [_part(line, *place) for line in tail if (place := furniture.outlet(line.text))]
    return found[0] if len({fact.value for fact in found}) == 1 else None


def _published_on(lines: Sequence[Line]) -> Fact | None:
    """The date of publication rather than a bare date, and that rather than the date of a change."""
    datelines = sorted(_datelines(lines), key=lambda pair: pair[1].rank)
    for line, found in datelines:
        if found.date and found.date.iso:
            return Fact(found.date.iso, line.start + found.date.start, line.start + found.date.end)
    return None


def _unclear_dates(lines: Sequence[Line]) -> Iterator[str]:
    for line, found in _datelines(lines):
        if found.date and not found.date.iso:
            yield line.text[found.date.start : found.date.end]


def _datelines(lines: Sequence[Line]) -> Iterator[tuple[Line, furniture.Dateline]]:
    for line in lines:
        found = furniture.dateline(line.text) if line.kind == "dateline" else None
        if found is not None:
            yield line, found
