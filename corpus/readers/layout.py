"""What each line of an article is, from its own words and from the shape of the page. Pure.

An article as saved from a page has a header (title, deck, byline, pictures), a body of prose, and below it a
tail of furniture. In doubt a line is read: furniture shown is a nuisance, text folded away is a loss.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from corpus.drafts import READ_KINDS, RegionKind
from corpus.readers import furniture
from corpus.readers.lines import Line, is_headline, is_prose

_LONGEST_TAG = 60
_HEADER_LINES = 30
_SHORTEST_DECK = 30
_SHORTEST_REPEAT = 40
_LONGEST_SUBHEADING = 80
_LONG_ENOUGH_FOR_BODY = 100


def classified(lines: Sequence[Line]) -> list[Line]:
    """The same lines, parted where one begins with a dateline, each with its kind."""
    parts = [_by_own_words(line) for line in _parted(lines)]
    layout = _Layout(parts)
    kinds = layout.kinds()
    if not any(kind in READ_KINDS for kind in kinds):
        kinds = ["body"] * len(parts)
    return [replace(line, kind=kind) for line, kind in zip(parts, kinds, strict=True)]


def _parted(lines: Sequence[Line]) -> list[Line]:
    """Datelines are looked for in front of the first sentences only: later a date begins a sentence."""
    parts: list[Line] = []
    for index, line in enumerate(lines):
        found = furniture.dateline(line.text)
        if found is None or found.stop == len(line.text):
            parts.append(line)
        else:
            rest = line.text[found.stop :].lstrip()
            middle = line.start + found.stop
            parts.append(replace(line, end=middle, text=line.text[: found.stop], kind="dateline"))
            parts.append(Line(line.end - len(rest), line.end, rest, 0))
        if is_prose(line.text):
            return [*parts, *lines[index + 1 :]]
    return parts


def _by_own_words(line: Line) -> Line:
    found = furniture.dateline(line.text)
    if line.kind is None and found is not None and found.is_labelled and found.stop == len(line.text):
        return replace(line, kind="dateline")
    if line.kind is None and furniture.is_boilerplate(line.text):
        return replace(line, kind="boilerplate")
    if line.kind is None and furniture.is_caption(line.text):
        return replace(line, kind="caption")
    return line


class _Layout:
    """Header `[0, body)`, body `[body, tail)` and tail of one article, in indices of its lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        first: dict[str, int] = {}
        self.first = [first.setdefault(line.text, index) for index, line in enumerate(lines)]
        """For each line, the index of the first line with the same text."""
        self.body = self._body()
        self.title = self._title()
        self.deck = self._deck()
        self.author = self._author()
        self.about = self._about()
        self.tail = self._tail()

    def kinds(self) -> list[RegionKind]:
        return [self._kind(index) for index in range(len(self.lines))]

    def _kind(self, index: int) -> RegionKind:
        if index < self.body:
            return self._kind_in_header(index)
        line = self.lines[index]
        if line.kind is not None:
            return line.kind
        if index >= self.tail or index == self.about or self._is_repeat(index):
            return "boilerplate"
        return "subheading" if self._heads_prose(index) else "body"

    # The header

    def _body(self) -> int:
        """At the first sentences; without any at the first long line; without that behind the first line."""
        open_lines = [index for index, line in enumerate(self.lines) if line.kind is None]
        prose = (index for index in open_lines if is_prose(self.lines[index].text))
        long = (i for i in open_lines if len(self.lines[i].text) >= _LONG_ENOUGH_FOR_BODY and not self._is_doubled(i))
        behind = iter(open_lines[1:2] or open_lines)
        return next(prose, next(long, next(behind, 0)))

    def _title(self) -> int | None:
        index = next((i for i in range(self.body) if self.lines[i].kind is None), None)
        return index if index is not None and self._could_be_title(index) else None

    def _could_be_title(self, index: int) -> bool:
        text = self.lines[index].text
        return is_headline(text) and not furniture.has_credit(text) and furniture.dateline(text) is None

    def _deck(self) -> int | None:
        """The line right behind the title, when it is a phrase and no name, tag, caption or date."""
        if self.title is None or self.title + 1 >= self.body:
            return None
        index = self.title + 1
        line = self.lines[index]
        is_phrase = len(line.text) >= _SHORTEST_DECK and self._could_be_title(index) and not self._is_doubled(index)
        is_free = line.kind is None and self.first[index] == index and furniture.byline(line.text) is None
        return index if is_phrase and is_free else None

    def _author(self) -> int | None:
        """The header line that names the author: "By …", or a name that the page says is the author's."""
        header = range(1, min(self.body, _HEADER_LINES))
        names = [i for i in header if self.lines[i].kind is None and i not in (self.title, self.deck)]
        stated = (i for i in names if furniture.byline(self.lines[i].text))
        bare = (i for i in names if furniture.is_person(self.lines[i].text) and self._names_author(i))
        return next(stated, next(bare, None))

    def _names_author(self, index: int) -> bool:
        line, before = self.lines[index], self.lines[index - 1]
        if line.gap == 0 and furniture.announces_author(before.text):
            return True
        return any(furniture.is_about(later.text, line.text) for later in self.lines[self.body + 1 :])

    def _kind_in_header(self, index: int) -> RegionKind:
        line = self.lines[index]
        placed: dict[int | None, RegionKind] = {self.author: "byline", self.deck: "deck", self.title: "title"}
        if index in placed:
            return placed[index]
        if self.first[index] != index:
            return "boilerplate"
        return line.kind or self._kind_of_rest(index)

    def _kind_of_rest(self, index: int) -> RegionKind:
        text = self.lines[index].text
        if furniture.dateline(text) is not None:
            return "dateline"
        if furniture.has_credit(text) or self._is_doubled(index):
            return "caption"
        return "boilerplate" if self._is_tag(index) else "subheading"

    def _is_doubled(self, index: int) -> bool:
        """Pages put a picture's caption there twice: once seen, once for screen readers."""
        after = index + 1
        return after < len(self.lines) and self.first[after] == self.first[index] and self.lines[after].gap == 0

    def _is_tag(self, index: int) -> bool:
        """A short line that touches furniture: a category, a place."""
        line = self.lines[index]
        neighbours = [self.lines[index - 1]] if index > 0 and line.gap == 0 else []
        if index + 1 < self.body and self.lines[index + 1].gap == 0:
            neighbours.append(self.lines[index + 1])
        touches = any(other.kind == "boilerplate" or furniture.dateline(other.text) for other in neighbours)
        return touches and len(line.text) <= _LONGEST_TAG

    # The tail

    def _about(self) -> int | None:
        """The note on the author, when it is the last of the prose."""
        last = self._last_prose()
        if self.author is None or last is None or last == self.body:
            return None
        name = self.lines[self.author].text
        start, end = furniture.byline(name) or (0, len(name))
        return last if furniture.is_about(self.lines[last].text, name[start:end]) else None

    def _tail(self) -> int:
        """Where furniture begins that no sentence of the article follows."""
        last = self._last_prose(before=self.about)
        behind = self.body if last is None else last
        furnished = (i for i in range(behind + 1, len(self.lines)) if self.lines[i].kind == "boilerplate")
        return next(furnished, len(self.lines))

    def _last_prose(self, *, before: int | None = None) -> int | None:
        end = len(self.lines) if before is None else before
        return next((i for i in range(end - 1, self.body - 1, -1) if self._is_own_prose(i)), None)

    def _is_own_prose(self, index: int) -> bool:
        line = self.lines[index]
        return line.kind is None and not self._is_repeat(index) and is_prose(line.text)

    # The body

    def _is_repeat(self, index: int) -> bool:
        first = self.first[index]
        return first != index and (first < self.body or len(self.lines[index].text) >= _SHORTEST_REPEAT)

    def _heads_prose(self, index: int) -> bool:
        text = self.lines[index].text
        if len(text) > _LONGEST_SUBHEADING or not is_headline(text):
            return False
        following = next((i for i in count(index + 1) if i >= len(self.lines) or self.lines[i].kind is None), index)
        return following < self.tail and self._is_own_prose(following)
