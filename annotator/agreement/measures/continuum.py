"""Articles laid end to end, and one sweep over all edges of all marks.

A *stretch* lies between two neighbouring edges of anybody's marks; inside it nobody begins or ends. Lengths of
stretches, summed per article, are all that the unitizing alphas need, so articles can be drawn again and again
without another sweep. Readers of an article take *slots* 0, 1, …: who they are does not matter here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from annotator.agreement.measures.bootstrap import Floats
from annotator.agreement.measures.coding import Ints
from annotator.agreement.measures.marks import ReadArticle

BITS = 62

Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Laid:
    """Articles that at least two coders finished, end to end; one entry per mark in the four columns.

    bases: where each article begins, and the end of the last; readers: coders per article; labels: by number.
    """

    bases: Ints
    readers: Ints
    labels: tuple[str, ...]
    slot: Ints
    label: Ints
    start: Ints
    end: Ints
    coders: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Stretches:
    """The text cut at every edge. First axis slots where there are two, last axis stretches.

    state: which set of labels a slot has there, 0 for none; piece: the number of the stretch of text between
    two edges of this slot's own marks.
    """

    edges: Ints
    length: Ints
    article: Ints
    articles: int
    readers: Ints
    state: Ints
    piece: Ints

    @property
    def marked(self) -> Flags:
        return self.state > 0

    @property
    def present(self) -> Flags:
        return np.arange(len(self.state))[:, None] < self.readers

    @property
    def marking(self) -> Ints:
        """How many coders marked a stretch."""
        marking: Ints = np.count_nonzero(self.state, axis=0)
        return marking

    @property
    def shared(self) -> Ints:
        """Lengths that each slot's marks share with those of each other coder, summed over these coders."""
        return self.marked * (self.marking - 1) * self.length

    def alike(self, taken: Flags) -> Ints:
        """How many pairs of coders have the same state in a stretch, of the slots taken there."""
        pairs = np.zeros(len(self.length), dtype=np.int64)
        for one, other in combinations(range(len(self.state)), 2):
            pairs += taken[one] & taken[other] & (self.state[one] == self.state[other])
        return pairs

    def sums(self, amounts: Floats | Ints) -> Floats:
        """Amounts per stretch, summed over each article."""
        return np.bincount(self.article, weights=amounts, minlength=self.articles).astype(np.float64)

    def squares(self, amounts: Floats | Ints) -> Floats:
        """Amounts per slot and stretch, summed over each piece, squared, and these summed over each article."""
        total = np.zeros(self.articles)
        for piece, some in zip(self.piece, amounts, strict=True):
            home = np.zeros(int(piece.max(initial=0)) + 1, dtype=np.int64)
            home[piece] = self.article
            squared = np.bincount(piece, weights=some, minlength=len(home)) ** 2
            total += np.bincount(home, weights=squared, minlength=self.articles)
        return total

    def by_state(self, amounts: Floats | Ints) -> Floats:
        """Amounts per slot and stretch, summed over each state in each article: articles × states."""
        states = int(self.state.max(initial=0)) + 1
        cells = (self.article * states + self.state).ravel()
        sums = np.bincount(cells, weights=amounts.ravel(), minlength=self.articles * states)
        return sums.astype(np.float64).reshape(self.articles, states)


@dataclass(frozen=True, slots=True)
class Units:
    """Units as they lie on the stretches: from stretch `first` to before stretch `last`.

    length: code points; shared: the mean length that other coders marked of it.
    """

    slot: Ints
    label: Ints
    first: Ints
    last: Ints
    article: Ints
    length: Ints
    shared: Floats

    def __len__(self) -> int:
        return len(self.length)

    def only(self, chosen: Flags) -> "Units":
        return Units(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    def depth(self, stretches: Stretches) -> Ints:
        """In how many of the units a stretch lies."""
        places = len(stretches.edges)
        change = np.bincount(self.first, minlength=places) - np.bincount(self.last, minlength=places)
        return np.cumsum(change)[:-1]

    def stacked(self, stretches: Stretches) -> int:
        """Characters that lie in several units of one slot."""
        change = np.zeros((len(stretches.state), len(stretches.edges)), dtype=np.int64)
        np.add.at(change, (self.slot, self.first), 1)
        np.subtract.at(change, (self.slot, self.last), 1)
        return int(((np.cumsum(change, axis=1)[:, :-1] > 1) * stretches.length).sum())

    def sums(self, amounts: Floats | Ints, stretches: Stretches) -> Floats:
        """Amounts per unit, summed over each article."""
        return np.bincount(self.article, weights=amounts, minlength=stretches.articles).astype(np.float64)


def laid_out(articles: Sequence[ReadArticle]) -> Laid:
    """Lay end to end the articles that two coders or more finished."""
    counted = [article for article in articles if len(article.marks) >= 2]
    bases = np.cumsum([0, *(article.length for article in counted)], dtype=np.int64)
    numbers: dict[str, int] = {}
    rows: list[tuple[int, int, int, int]] = []
    for base, article in zip(bases.tolist(), counted, strict=False):
        for slot, marks in enumerate(article.marks.values()):
            for start, end, label in marks:
                rows.append((slot, numbers.setdefault(label, len(numbers)), base + start, base + end))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Laid(
        bases=bases,
        readers=np.array([len(article.marks) for article in counted], dtype=np.int64),
        labels=tuple(numbers),
        slot=columns[:, 0],
        label=columns[:, 1],
        start=columns[:, 2],
        end=columns[:, 3],
        coders=len({coder for article in counted for coder in article.marks}),
        left_out=len(articles) - len(counted),
    )


def joined(laid: Laid, *, across_labels: bool = False) -> Laid:
    """Join what overlaps in one slot under one label, or under any; what only touches stays apart."""
    if not len(laid.start):
        return laid
    group = laid.slot * len(laid.labels) + (0 if across_labels else laid.label)
    order = np.lexsort((laid.start, group))
    # Each group gets a line of its own, far enough from the others that one running maximum serves them all.
    line = group[order] * (laid.bases[-1] + 1)
    start, end = laid.start[order] + line, np.maximum.accumulate(laid.end[order] + line)
    first = np.flatnonzero(np.append(True, start[1:] >= end[:-1]))
    last = np.append(first[1:], len(start)) - 1
    return replace(
        laid,
        slot=laid.slot[order][first],
        label=laid.label[order][first],
        start=start[first] - line[first],
        end=end[last] - line[last],
    )


def swept(laid: Laid) -> Stretches:
    """Cut the text at every edge. Marks of one slot and label must not overlap: joined before."""
    edges = np.unique(np.concatenate([laid.bases, laid.start, laid.end]))
    article = np.searchsorted(laid.bases, edges[:-1], side="right") - 1
    slots = int(laid.readers.max(initial=0))
    state = np.zeros((slots, len(edges) - 1), dtype=np.int64)
    for low in range(0, len(laid.labels), BITS):
        state = _numbered(state, _sets(laid, edges, slots, low))
    return Stretches(
        edges=edges,
        length=np.diff(edges),
        article=article,
        articles=len(laid.readers),
        readers=laid.readers[article],
        state=state,
        piece=_pieces(laid, edges, slots),
    )


def placed(laid: Laid, stretches: Stretches) -> Units:
    """Find the stretches that each unit covers."""
    first = np.searchsorted(stretches.edges, laid.start)
    last = np.searchsorted(stretches.edges, laid.end)
    # Whole numbers up to here, so that a unit nobody shares comes out as exactly 0.
    running = np.pad(np.cumsum(stretches.shared, axis=1), ((0, 0), (1, 0)))
    shared = running[laid.slot, last] - running[laid.slot, first]
    article = stretches.article[first]
    return Units(
        slot=laid.slot,
        label=laid.label,
        first=first,
        last=last,
        article=article,
        length=laid.end - laid.start,
        shared=shared / (laid.readers[article] - 1),
    )


def _pieces(laid: Laid, edges: Ints, slots: int) -> Ints:
    own = np.zeros((slots, len(edges)), dtype=np.int64)
    own[laid.slot, np.searchsorted(edges, laid.start)] = 1
    own[laid.slot, np.searchsorted(edges, laid.end)] = 1
    return np.cumsum(own, axis=1)[:, :-1]


def _sets(laid: Laid, edges: Ints, slots: int, low: int) -> Ints:
    """Which of the 62 labels from low on a slot has in a stretch, as bits of a number."""
    some = (laid.label >= low) & (laid.label < low + BITS)
    bits = np.left_shift(np.int64(1), laid.label[some] - low)
    change = np.zeros((slots, len(edges)), dtype=np.int64)
    np.add.at(change, (laid.slot[some], np.searchsorted(edges, laid.start[some])), bits)
    np.subtract.at(change, (laid.slot[some], np.searchsorted(edges, laid.end[some])), bits)
    return np.cumsum(change, axis=1)[:, :-1]


def _numbered(state: Ints, sets: Ints) -> Ints:
    """Number the pairs of old state and set that occur; 0 stays nothing at all."""
    _, more = np.unique(np.append(sets.ravel(), 0), return_inverse=True)
    both = np.append(state.ravel(), 0) * (more.max() + 1) + more
    _, numbers = np.unique(both, return_inverse=True)
    return numbers[:-1].reshape(state.shape).astype(np.int64)
