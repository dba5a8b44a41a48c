"""The spans behind a number, two readers beside one another, as templates take them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from annotator.agreement.cells import NOTHING, Case, Cell, cases
from annotator.agreement.links import Links
from annotator.agreement.measures.marks import Mark
from annotator.agreement.parts import LABEL, Part, Question
from annotator.agreement.pictures import in_words
from annotator.agreement.queries import articles_of
from annotator.agreement.scheme import Scheme
from annotator.agreement.study import Study
from annotator.errors import Unknown
from corpus.models import Article

AT_ONCE = 20
CONTEXT = 110
"""Code points shown before the first and after the last edge, cut at a space."""


@dataclass(frozen=True)
class Words:
    """A stretch of text with one part of it marked. marked: pieces, and whether only this reader marked the piece."""

    before: str
    marked: tuple[tuple[str, bool], ...]
    after: str


@dataclass(frozen=True)
class Side:
    """What one reader did. label: its name, empty for no span; saying: the answer, or whether they drew the line."""

    reader: str
    words: Words
    label: str
    colour: str
    shape: str
    saying: str


@dataclass(frozen=True)
class SideBySide:
    """One pair of judgements. relation: its two ends in words, where it is about one."""

    article: Article
    sides: tuple[Side, Side]
    relation: tuple[str, str, str] | None


@dataclass(frozen=True)
class Sheet:
    """One page of what is behind a number, from `first` on, counted from 1; `total` is that number."""

    title: str
    pairs: tuple[SideBySide, ...]
    total: int
    first: int
    before: int | None
    after: int | None

    @property
    def last(self) -> int:
        return self.first + len(self.pairs) - 1


def sheet(study: Study, cell: Cell, start: int) -> Sheet:
    """start: how many pairs come before this page."""
    parts = study.parts
    every = list(cases(parts, cell))
    some = list(islice(every, start, start + AT_ONCE))
    ids = {case.article: study.articles[case.article].article for case in some}
    articles = articles_of(set(ids.values()))
    shown = _Shown(study, cell)
    return Sheet(
        title=title(study.scheme, cell),
        pairs=tuple(shown.pair(parts[case.article], articles[ids[case.article]], case) for case in some),
        total=len(every),
        first=min(start + 1, len(every)),
        before=max(0, start - AT_ONCE) if start else None,
        after=start + AT_ONCE if start + AT_ONCE < len(every) else None,
    )


def title(scheme: Scheme, cell: Cell) -> str:
    """What the pairs on the sheet have in common. Raises Unknown for a question that no codebook asks."""
    if cell.kind == "answer" and cell.question not in scheme.asked:
        raise Unknown()
    if cell.kind == "relation":
        name = scheme.name(cell.of) if cell.of else "relations"
        return f"{name}: {'both readers' if cell.one == 'both' else 'one reader alone'}"
    if cell.kind == "edge":
        return f"{cell.edge}s {in_words(cell.low, cell.high)} characters apart"
    words = _who_said(scheme, cell)
    if cell.kind == "label":
        return words
    return f"{scheme.name(cell.question.of)}, {scheme.asked[cell.question].name}: {words}"


def _who_said(scheme: Scheme, cell: Cell) -> str:
    said = [_said(scheme, cell.question, answer) for answer in (cell.one, cell.other) if answer is not None]
    if len(said) == 2:
        return f"{said[0]}, by both" if said[0] == said[1] else f"{said[0]} by one, {said[1]} by the other"
    return said[0] if said else "all"


def _said(scheme: Scheme, question: Question, answer: str) -> str:
    if answer == NOTHING:
        return "not marked"
    kind = scheme.asked[question].kind if question in scheme.asked else ""
    return scheme.said(question, answer == "True") if kind == "flag" else scheme.said(question, answer)


class _Shown:
    def __init__(self, study: Study, cell: Cell) -> None:
        self.study, self.cell, self.scheme = study, cell, study.scheme

    def pair(self, part: Part, article: Article, case: Case) -> SideBySide:
        if isinstance(case.subject, int):
            marks = [part.mark(case.subject, slot) for slot in (case.one, case.other)]
            return SideBySide(article, self._sides(part, article, case, marks), None)
        type_, source, target = case.subject
        marks = [part.mark(source, slot) for slot in (case.one, case.other)]
        ends = [_quote(article, [part.mark(end, slot) for slot in (case.one, case.other)]) for end in (source, target)]
        return SideBySide(article, self._sides(part, article, case, marks), (ends[0], self.scheme.name(type_), ends[1]))

    def _sides(self, part: Part, article: Article, case: Case, marks: Sequence[Mark | None]) -> tuple[Side, Side]:
        window = _window(article.text, marks)
        first, second = (
            self._side(part, case, slot, marks[at], _words(article.text, window, marks[at], marks[1 - at]), at)
            for at, slot in enumerate((case.one, case.other))
        )
        return first, second

    def _side(self, part: Part, case: Case, slot: int, mark: Mark | None, words: Words, at: int) -> Side:
        known = self.scheme.labels.get(mark[2]) if mark else None
        return Side(
            reader=self._called(part.coders[slot], at),
            words=words,
            label=self.scheme.name(mark[2]) if mark else "",
            colour=known.colour if known else "slate",
            shape=known.shape if known else "solid",
            saying=self._saying(part, case, slot),
        )

    def _called(self, coder: str, at: int) -> str:
        if self.study.names_people or self.study.chosen.compared is not None:
            return self.study.called(coder)
        return ("One", "The other")[at]

    def _saying(self, part: Part, case: Case, slot: int) -> str:
        if self.cell.kind == "relation":
            return "has this relation" if case.subject in part.links[slot] else "does not have this relation"
        question = self.cell.question
        if self.cell.kind != "answer" or question == LABEL:
            return ""
        codes = next(codes for subject, codes in part.answers[question] if subject == case.subject)
        return self.scheme.said(question, codes[slot])


def _window(text: str, marks: Sequence[Mark | None]) -> tuple[int, int]:
    """From a space before the first mark to a space after the last one, within the line where they are."""
    places = [mark for mark in marks if mark]
    first, last = min(mark[0] for mark in places), max(mark[1] for mark in places)
    start, end = max(0, first - CONTEXT), min(len(text), last + CONTEXT)
    start = max(start, text.rfind("\n", start, first) + 1)
    line_end = text.find("\n", last, end)
    end = line_end if line_end != -1 else end
    if start and text[start - 1] != "\n":
        start = max(start, text.find(" ", start, first) + 1)
    if end < len(text) and text[end] != "\n":
        space = text.rfind(" ", last, end)
        end = space if space != -1 else end
    return start, end


def _words(text: str, window: tuple[int, int], mark: Mark | None, other: Mark | None) -> Words:
    start, end = window
    cut = ("… " if start and text[start - 1] != "\n" else "", " …" if end < len(text) and text[end] != "\n" else "")
    if mark is None:
        return Words(cut[0] + text[start:end] + cut[1], (), "")
    return Words(cut[0] + text[start : mark[0]], _pieces(text, mark, other), text[mark[1] : end] + cut[1])


def _pieces(text: str, mark: Mark, other: Mark | None) -> tuple[tuple[str, bool], ...]:
    """The marked words, those apart that the other reader's mark does not reach."""
    if other is None:
        return ((text[mark[0] : mark[1]], False),)
    edges = sorted({*mark[:2], *(edge for edge in other[:2] if mark[0] < edge < mark[1])})
    return tuple((text[left:right], not other[0] <= left < other[1]) for left, right in pairwise(edges))


def _quote(article: Article, marks: Sequence[Mark | None]) -> str:
    """The shorter of two readers' words for one end."""
    places = [mark for mark in marks if mark]
    start, end, _ = min(places, key=lambda mark: mark[1] - mark[0])
    return article.text[start:end]


def address(study: Study, cell: Cell, start: int) -> str:
    """Of another page of the same sheet."""
    given = {
        "kind": cell.kind, "of": cell.of, "one": cell.one, "other": cell.other, "edge": cell.edge,
        "low": cell.low if cell.edge else None, "high": cell.high if cell.edge else None, "start": start or None,
    }  # fmt: skip
    return Links(study).spans(**{name: value for name, value in given.items() if value not in (None, "")})
