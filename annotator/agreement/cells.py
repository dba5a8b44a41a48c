"""The spans behind a number: which pairs of judgements a cell of a table counts. Pure.

What is counted here and what the page counts are the same pairs: over every two readers of an article.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from annotator.agreement.measures.relation_f1 import Link
from annotator.agreement.parts import Part, Question

NOTHING = "nothing"
"""In an address: the reader has no such span."""

Kind: TypeAlias = Literal["label", "edge", "answer", "relation"]


class Case(NamedTuple):
    """One pair of judgements: the number of the article among the parts, what it is about, and the two slots.

    subject: the number of a group of spans, or a relation between two groups.
    """

    article: int
    subject: int | Link
    one: int
    other: int


@dataclass(frozen=True)
class Cell:
    """What is behind one number, as parameters of an address say it.

    kind label: `one` and `other` are labels or NOTHING, either may be left open; answer: they are answers to
    `question`; edge: `edge` (start or end) lies from `low` to `high` code points apart, second reader minus first;
    relation: of type `of`, had by "both" readers or by "one" of them, who both marked its ends.
    in_order: with two readers only, the first said `one`; with more, either may have.
    """

    kind: Kind
    of: str = ""
    one: str | None = None
    other: str | None = None
    edge: str = ""
    low: int = 0
    high: int = 0
    in_order: bool = False

    @property
    def question(self) -> Question:
        return Question(*self.of.split(".", 1)) if "." in self.of else Question("", "label")


def cases(parts: Sequence[Part], cell: Cell) -> Iterator[Case]:
    """In the order of the articles, of what is read, and of the readers."""
    found = {"label": _labels, "edge": _edges, "answer": _answers, "relation": _relations}[cell.kind]
    for number, part in enumerate(parts):
        for subject, one, other in found(part, cell):
            yield Case(number, subject, one, other)


Found: TypeAlias = Iterator[tuple[int | Link, int, int]]


def _labels(part: Part, cell: Cell) -> Found:
    for one, other in part.pairs():
        for group, first, second in part.marks_of(one, other):
            yield from _turned(
                cell, group, one, other, first[2] if first else NOTHING, second[2] if second else NOTHING
            )


def _answers(part: Part, cell: Cell) -> Found:
    for subject, codes in part.answers.get(cell.question, ()):
        for one, other in part.pairs():
            if codes[one] is not None and codes[other] is not None:
                yield from _turned(cell, subject, one, other, str(codes[one]), str(codes[other]))


def _turned(cell: Cell, subject: int | Link, one: int, other: int, first: str, second: str) -> Found:
    """The pair as it is, or turned round where the order of readers means nothing, so that `one` comes first."""
    if cell.one in (None, first) and cell.other in (None, second):
        yield subject, one, other
    elif not cell.in_order and cell.one in (None, second) and cell.other in (None, first):
        yield subject, other, one


def _edges(part: Part, cell: Cell) -> Found:
    for one, other in part.pairs():
        for group, first, second in part.marks_of(one, other):
            if first and second and first[2] == second[2]:
                apart = second[0] - first[0] if cell.edge == "start" else second[1] - first[1]
                if cell.low <= (apart if cell.in_order else abs(apart)) <= cell.high:
                    yield group, one, other


def _relations(part: Part, cell: Cell) -> Found:
    for one, other in part.pairs():
        for link in sorted(part.links[one] | part.links[other]):
            comparable = all(part.both_have(end, one, other) for end in link[1:])
            if comparable and cell.of in ("", link[0]):
                first, second = link in part.links[one], link in part.links[other]
                if (first and second) == (cell.one == "both"):
                    yield (link, one, other) if first else (link, other, one)
