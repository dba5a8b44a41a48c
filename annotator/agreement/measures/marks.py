"""Marks of several coders on articles, as the measures of spans take them.

A mark is a span without its attributes: start, end (code points, half-open) and label.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

Mark: TypeAlias = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """One article as those who finished it marked it.

    length: code points of the text that counts, furniture cut out; marks: by coder. A coder who did not finish
    the article has no entry; one who found nothing in it has an empty one.
    Raises ValueError for a mark that is empty, runs backwards or leaves the text.
    """

    length: int
    marks: Mapping[str, Sequence[Mark]]

    def __post_init__(self) -> None:
        for coder, marks in self.marks.items():
            for start, end, label in marks:
                if not 0 <= start < end <= self.length:
                    place = f"{label} [{start}, {end}) of {coder}"
                    raise ValueError(f"{place} does not fit a text of {self.length} characters.")


@dataclass(frozen=True, slots=True)
class ReadText:
    """What is left of a text and of the marks on it once the furniture is cut out.

    length: code points left; marks: in the order given; origins: the index of each in what was given; dropped:
    how many lay in furniture altogether.
    """

    length: int
    marks: tuple[Mark, ...]
    origins: tuple[int, ...]
    dropped: int


def without_furniture(marks: Sequence[Mark], *, length: int, furniture: Sequence[tuple[int, int]]) -> ReadText:
    """Move marks onto the text that is read: furniture is taken away and the rest closes up.

    A mark across furniture keeps its read parts, which then touch. length: of the whole text; furniture:
    [start, end) in any order, overlapping or not.
    Raises ValueError for a mark or a stretch of furniture that is empty, runs backwards or leaves the text.
    """
    for start, end in [*furniture, *((start, end) for start, end, _ in marks)]:
        if not 0 <= start < end <= length:
            raise ValueError(f"[{start}, {end}) does not fit a text of {length} characters.")
    cuts = _united(furniture)
    starts = [start for start, _ in cuts]
    gone = [0, *accumulate(end - start for start, end in cuts)]

    def moved(place: int) -> int:
        index = bisect_right(starts, place)
        inside = max(0, cuts[index - 1][1] - place) if index else 0
        return place - gone[index] + inside

    kept = [(index, (moved(start), moved(end), label)) for index, (start, end, label) in enumerate(marks)]
    kept = [(index, mark) for index, mark in kept if mark[0] < mark[1]]
    return ReadText(
        length=length - gone[-1],
        marks=tuple(mark for _, mark in kept),
        origins=tuple(index for index, _ in kept),
        dropped=len(marks) - len(kept),
    )


def _united(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
