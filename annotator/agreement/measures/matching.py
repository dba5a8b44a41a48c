"""Which marks of two coders mean the same place: one to one, with the greatest total overlap.

Overlap of two marks is intersection over union, from 0 (apart) to 1 (same place).
"""

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from annotator.agreement.measures.marks import Mark

HALF = 0.5
FINENESS = 10**9
ONE_PAIR_MORE = 1_000

Edges: TypeAlias = dict[int, dict[int, int]]
"""Rows to columns to weights."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two marks matched: their indexes, and their overlap, above 0 and up to 1."""

    first: int
    second: int
    overlap: float


def match(first: Sequence[Mark], second: Sequence[Mark], *, same_label: bool = True) -> tuple[Pair, ...]:
    """Match overlapping marks one to one so that the sum of overlaps is greatest; in the order of first.

    same_label: only marks of one label can be matched; without it labels decide between equal overlaps only.
    Of equal sums: a mark both have goes with itself, then more pairs are better than fewer, then early starts
    go together. A mark given twice counts once, the first time. Both directions give the same pairs.
    """
    ours, theirs = _places(first), _places(second)
    # A mark both have is matched to itself: overlap is 1 minus a metric, so no other pairing can gain by it.
    same = [Pair(ours[mark], theirs[mark], 1.0) for mark in ours if mark in theirs]
    left = sorted((mark for mark in ours if mark not in theirs), key=_order)
    right = sorted((mark for mark in theirs if mark not in ours), key=_order)
    edges = _overlapping(left, right, same_label=same_label)
    chosen = [
        Pair(ours[left[row]], theirs[right[column]], overlap(left[row], right[column]))
        for rows, columns in _components(edges)
        for row, column in _best(rows, columns, edges, left, right)
    ]
    return tuple(sorted([*same, *chosen], key=lambda pair: pair.first))


def aligned(first: Sequence[Mark], second: Sequence[Mark]) -> tuple[Pair, ...]:
    """Match whatever overlaps, whatever its label, one to one; in the order of first.

    Spans of one label that share half or more belong together beforehand. Without that, two labels on two
    nearly equal ranges would be paired crosswise as soon as the crossed ranges fit a little better.
    """
    kept = [pair for pair in match(first, second) if pair.overlap >= HALF]
    ours = left_over(first, {pair.first for pair in kept})
    theirs = left_over(second, {pair.second for pair in kept})
    rest = match([first[index] for index in ours], [second[index] for index in theirs], same_label=False)
    crossed = [Pair(ours[pair.first], theirs[pair.second], pair.overlap) for pair in rest]
    return tuple(sorted([*kept, *crossed], key=lambda pair: pair.first))


def overlap(one: Mark, other: Mark) -> float:
    """Intersection over union of two marks, from 0 to 1; labels do not matter."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (one[1] - one[0] + other[1] - other[0] - max(0, shared))


def left_over(marks: Sequence[Mark], taken: Collection[int]) -> list[int]:
    """Indexes of the marks that are not taken; a mark given twice is there once."""
    return [index for index in _places(marks).values() if index not in taken]


def _places(marks: Sequence[Mark]) -> dict[Mark, int]:
    places: dict[Mark, int] = {}
    for index, mark in enumerate(marks):
        places.setdefault(mark, index)
    return places


def _order(mark: Mark) -> tuple[int, int, str]:
    return mark[0], -mark[1], mark[2]


def _overlapping(left: Sequence[Mark], right: Sequence[Mark], *, same_label: bool) -> dict[int, list[int]]:
    """For each mark on the left that overlaps any, the marks on the right it overlaps. Both are in order."""
    starts = [mark[0] for mark in right]
    reach = list(accumulate((mark[1] for mark in right), max))
    edges: dict[int, list[int]] = defaultdict(list)
    for row, (start, end, label) in enumerate(left):
        column = bisect_left(starts, end) - 1
        while column >= 0 and reach[column] > start:
            if right[column][1] > start and (right[column][2] == label or not same_label):
                edges[row].append(column)
            column -= 1
    return edges


def _components(edges: dict[int, list[int]]) -> list[tuple[list[int], list[int]]]:
    """Rows and columns that hang together; only within such a group can one choice touch another."""
    back: dict[int, list[int]] = defaultdict(list)
    for row, columns in edges.items():
        for column in columns:
            back[column].append(row)
    groups, seen = [], set[int]()
    for start in edges:
        if start not in seen:
            rows, reached = _reached(start, edges, back)
            seen.update(rows)
            groups.append((sorted(rows), sorted(reached)))
    return groups


def _reached(start: int, edges: dict[int, list[int]], back: dict[int, list[int]]) -> tuple[set[int], set[int]]:
    rows, columns, waiting = {start}, set[int](), [start]
    while waiting:
        for column in edges[waiting.pop()]:
            if column not in columns:
                columns.add(column)
                waiting.extend(row for row in back[column] if row not in rows)
                rows.update(back[column])
    return rows, columns


def _best(
    rows: list[int],
    columns: list[int],
    edges: dict[int, list[int]],
    left: Sequence[Mark],
    right: Sequence[Mark],
) -> list[tuple[int, int]]:
    """The best pairs of one group, worked out from the same side whichever coder is named first."""
    if len(rows) == len(columns) == 1:
        return [(rows[0], columns[0])]
    weights = _weights(rows, columns, edges, left, right)
    if [left[row] for row in rows] <= [right[column] for column in columns]:
        return list(_assignment(weights).items())
    turned: Edges = defaultdict(dict)
    for row, some in weights.items():
        for column, weight in some.items():
            turned[column][row] = weight
    return [(row, column) for column, row in _assignment(dict(sorted(turned.items()))).items()]


def _weights(
    rows: list[int],
    columns: list[int],
    edges: dict[int, list[int]],
    left: Sequence[Mark],
    right: Sequence[Mark],
) -> Edges:
    """Whole numbers, so that ties are ties: overlap first, then one pair more or the same label, then starts."""
    size = max(len(rows), len(columns))
    early = {row: size - place for place, row in enumerate(rows)}
    early_too = {column: size - place for place, column in enumerate(columns)}
    weights: Edges = {row: {} for row in rows}
    for row in rows:
        for column in sorted(edges[row]):
            wanted = round(overlap(left[row], right[column]) * FINENESS) + ONE_PAIR_MORE
            wanted += ONE_PAIR_MORE * (left[row][2] == right[column][2])
            weights[row][column] = wanted * (size**3 + 1) + early[row] * early_too[column]
    return weights


def _assignment(weights: Edges) -> dict[int, int]:
    """Rows to columns with the greatest sum of weights; a row may stay alone.

    Successive shortest paths with potentials, on the edges there are, so that long chains of overlaps stay
    cheap. A column of its own with weight 0, numbered below 0, stands for staying alone.
    """
    matching = _Matching(weights)
    for row in weights:
        matching.add(row)
    return {row: column for row, column in sorted(matching.held.items()) if column >= 0}


class _Matching:
    """Rows matched so far, at least cost; cost is weight taken negatively.

    held: row to column; owner: column to row. Prices keep what is left of every cost, cost - row price - column
    price, at 0 or above, and at 0 on matched edges; then a cheapest path is found without looking back.
    """

    def __init__(self, weights: Edges) -> None:
        self.weights = weights
        self.held: dict[int, int] = {}
        self.owner: dict[int, int] = {}
        self.row_price: dict[int, int] = dict.fromkeys(weights, 0)
        self.column_price: dict[int, int] = defaultdict(int)

    def add(self, start: int) -> None:
        """Match one more row, by the cheapest chain of moves that ends at a free column."""
        best: dict[int, int] = {}
        parent: dict[int, int] = {}
        done: list[int] = []
        heap: list[tuple[int, int]] = []
        row, spent = start, 0
        while True:
            for column, cost in self._costs(row):
                through = spent + cost - self.row_price[row] - self.column_price[column]
                if column not in best or through < best[column]:
                    best[column], parent[column] = through, row
                    heapq.heappush(heap, (through, column))
            spent, column = heapq.heappop(heap)
            while spent > best[column]:
                spent, column = heapq.heappop(heap)
            if column not in self.owner:
                break
            done.append(column)
            row = self.owner[column]
        self._reprice(start, spent, {reached: best[reached] for reached in done})
        self._move(start, column, parent)

    def _costs(self, row: int) -> Iterator[tuple[int, int]]:
        for column, weight in self.weights[row].items():
            yield column, -weight
        yield -1 - row, 0

    def _reprice(self, start: int, spent: int, reached: dict[int, int]) -> None:
        for column, distance in reached.items():
            self.row_price[self.owner[column]] += spent - distance
            self.column_price[column] -= spent - distance
        self.row_price[start] += spent

    def _move(self, start: int, column: int, parent: dict[int, int]) -> None:
        """Shift every row along the path by one column."""
        row = -1
        while row != start:
            row = parent[column]
            self.owner[column] = row
            column, self.held[row] = self.held.get(row, column), column
