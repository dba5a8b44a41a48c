"""Which spans of several voices mean the same thing. Pure.

Two voices are matched one-to-one in three steps; what one step has paired, the next leaves alone:

1. *identical*: the same label and the same extent;
2. *same label*: at least `SAME_LABEL_SHARE` of the shorter span lies inside the longer one. A claim cut off
   early is still that claim; two neighbours that share a word at their edge are two claims;
3. *other label*: intersection over union of at least `OTHER_LABEL_RATIO`, for spans nobody wanted so far.

In each step the pairs with the greatest total weight win. A pair's weight is its intersection over union, to
one part in 2⁴⁰; among equals those earlier in reading order win, paired in that order. Taking the identical
first costs no weight where all overlaps may pair, since one minus that ratio is a distance (it obeys the
triangle inequality); where the threshold forbids a pair, it keeps what agrees from being torn apart.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush
from itertools import combinations
from typing import TypeAlias

from annotator.standoff import Span, intersection_over_union, overlap

SAME_LABEL_SHARE = 0.5
OTHER_LABEL_RATIO = 0.5

Place: TypeAlias = tuple[int, int, str, tuple[tuple[str, str], ...]]


class Likeness(IntEnum):
    """How two matched spans are alike; the order is the order of preference."""

    IDENTICAL = 0
    SAME_LABEL = 1
    OTHER_LABEL = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two spans of two voices that mean the same; weight is their intersection over union."""

    a: Span
    b: Span
    likeness: Likeness
    weight: float


def align(voices: Mapping[str, Sequence[Span]]) -> list[dict[str, Span]]:
    """Groups of spans that mean the same, each with at most one span per voice; every span is in exactly one.

    All pairs of voices are matched; then groups merge along the pairs, the most alike and heaviest first,
    where that puts no voice into a group twice. Neither the order of the voices nor of their spans matters.
    Ids must be unique across voices; they decide only between spans of one voice that are alike in all else.
    """
    group_of = {span.id: {voice: span} for voice in sorted(voices) for span in voices[voice]}
    couples = combinations(sorted(voices), 2)
    pairs = [pair for one, other in couples for pair in match(voices[one], voices[other])]
    for pair in sorted(pairs, key=_merging_order):
        one, other = group_of[pair.a.id], group_of[pair.b.id]
        if not one.keys() & other.keys():
            one.update(other)
            group_of.update((span.id, one) for span in other.values())
    return list({id(group): group for group in group_of.values()}.values())


def _merging_order(pair: Pair) -> tuple[Likeness, float, list[Place]]:
    return (pair.likeness, -pair.weight, sorted([_place(pair.a), _place(pair.b)]))


def _place(span: Span) -> Place:
    """Reading order by content: two runs on the same content under other ids come to the same answer."""
    content = sorted((name, repr(value)) for name, value in span.attributes.items())
    return (span.start, -span.end, span.label, tuple(content))


def match(a: Iterable[Span], b: Iterable[Span]) -> list[Pair]:
    """The spans of two voices that mean the same, one-to-one. The order of either side does not matter."""
    rest_a, rest_b, pairs = _in_order(a), _in_order(b), list[Pair]()
    for likeness, allowed in _STEPS:
        found = _heaviest_pairs(rest_a, rest_b, allowed)
        pairs += [Pair(one, other, likeness, intersection_over_union(one, other)) for one, other in found]
        paired = {span.id for couple in found for span in couple}
        rest_a = [span for span in rest_a if span.id not in paired]
        rest_b = [span for span in rest_b if span.id not in paired]
    return pairs


def _in_order(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (_place(span), span.id))


def _identical(a: Span, b: Span) -> bool:
    return a.start == b.start and a.end == b.end and a.label == b.label


def _same_label(a: Span, b: Span) -> bool:
    return a.label == b.label and overlap(a, b) >= SAME_LABEL_SHARE * min(a.end - a.start, b.end - b.start)


def _other_label(a: Span, b: Span) -> bool:
    return a.label != b.label and intersection_over_union(a, b) >= OTHER_LABEL_RATIO


_STEPS: tuple[tuple[Likeness, Callable[[Span, Span], bool]], ...] = (
    (Likeness.IDENTICAL, _identical),
    (Likeness.SAME_LABEL, _same_label),
    (Likeness.OTHER_LABEL, _other_label),
)


def _heaviest_pairs(
    a: Sequence[Span], b: Sequence[Span], allowed: Callable[[Span, Span], bool]
) -> list[tuple[Span, Span]]:
    """One-to-one pairs with the greatest total weight, in the order of a. Both sides in reading order.

    A small bonus settles equal totals. It grows with the product of what is left of both sides, so that it is
    greatest when the first goes with the first, the second with the second (rearrangement inequality).
    """
    weights: list[dict[int, int]] = [{} for _ in a]
    more_than_any_bonus = min(len(a), len(b)) * len(a) * len(b) + 1
    for row, column in _overlapping(a, b):
        if allowed(a[row], b[column]):
            weight = round(intersection_over_union(a[row], b[column]) * 2**40)
            weights[row][column] = weight * more_than_any_bonus + (len(a) - row) * (len(b) - column)
    return [(a[row], b[column]) for row, column in sorted(heaviest(weights).items())]


def _overlapping(a: Sequence[Span], b: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Index pairs of the spans of a and b that share text, in O(n log n + number of pairs)."""
    sides: tuple[Sequence[Span], Sequence[Span]] = (a, b)
    running: tuple[list[int], list[int]] = ([], [])
    for start, side, index in sorted((span.start, s, i) for s in (0, 1) for i, span in enumerate(sides[s])):
        other = 1 - side
        running[other][:] = [i for i in running[other] if sides[other][i].end > start]
        for i in running[other]:
            yield (i, index) if side else (index, i)
        running[side].append(index)


def heaviest(weights: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """The one-to-one choice of pairs with the greatest total weight, as row → column; rows may stay alone.

    weights: for each row its possible columns (numbered from 0) with weights above 0, as whole numbers, so
    that sums are exact. Shortest augmenting paths with column prices, one Dijkstra search per row, on the
    sparse graph: a search never leaves its connected component, so one of k rows and e pairs takes at most
    O(k·e·log e), and many small ones together take linear time.
    Source: Jonker and Volgenant (1987), A Shortest Augmenting Path Algorithm for Dense and Sparse Linear
    Assignment Problems, Computing 38, 325-340.
    """
    # A column of its own, ~row, for nothing: staying alone.
    costs = [{~row: 0} | {column: -weight for column, weight in of.items()} for row, of in enumerate(weights)]
    search = _Assignment(costs)
    for row in range(len(costs)):
        search.add(row)
    return {row: column for row, column in search.column_of.items() if column >= 0}


class _Assignment:
    """A cheapest assignment of the rows added so far.

    Kept true between additions: no column is cheaper for a row, after prices, than the one the row has.
    """

    def __init__(self, costs: Sequence[Mapping[int, int]]) -> None:
        self.costs = costs
        self.column_of: dict[int, int] = {}
        self._row_of: dict[int, int] = {}
        self._price: dict[int, int] = defaultdict(int)

    def add(self, row: int) -> None:
        """Gives the row a column; rows on the cheapest path to a free one move up."""
        distance, came_from = self._search(row)
        column, total = next(reversed(distance.items()))
        for reached, length in distance.items():
            self._price[reached] += length - total
        holder = None
        while holder != row:
            holder = came_from[column]
            self._row_of[column] = holder
            before = self.column_of.get(holder, column)
            self.column_of[holder] = column
            column = before

    def _search(self, row: int) -> tuple[dict[int, int], dict[int, int]]:
        """Lengths of the shortest paths to columns, nearest first, up to the first free one; and whence."""
        distance: dict[int, int] = {}
        came_from: dict[int, int] = {}
        waiting: list[tuple[int, int, int]] = []
        at, base = row, 0
        while True:
            for column, cost in self.costs[at].items():
                if column not in distance:
                    heappush(waiting, (base + cost - self._price[column], column, at))
            length, column, holder = heappop(waiting)
            while column in distance:
                length, column, holder = heappop(waiting)
            distance[column], came_from[column] = length, holder
            if column not in self._row_of:
                return distance, came_from
            at = self._row_of[column]
            base = length - (self.costs[at][column] - self._price[column])
