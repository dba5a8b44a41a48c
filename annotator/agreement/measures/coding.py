"""Codes given to units, read once for all coefficients: numbered, checked, units without a pair left out."""

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from annotator.agreement.measures.bootstrap import Floats

MISSING = -1

Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = Sequence[Sequence[Hashable | None]]
"""Units × coders; None where a coder gave the unit no code."""


@dataclass(frozen=True, slots=True)
class Coding:
    """The units that at least two coders coded.

    values: every code that occurs, in order of appearance; table: units × coders, the numbers of the codes,
    MISSING where there is none; articles: the number of each unit's article, from 0; coders: how many gave a
    code to one of these units; left_out: units that fewer than two coders coded.
    """

    values: tuple[Hashable, ...]
    table: Ints
    articles: Ints
    coders: int
    left_out: int

    @property
    def sizes(self) -> Ints:
        """How many codes each unit has."""
        given: Ints = np.count_nonzero(self.table != MISSING, axis=1)
        return given

    @property
    def article_count(self) -> int:
        return int(self.articles.max()) + 1 if len(self.articles) else 0


def coded(codes: Codes | Coding, *, articles: Sequence[Hashable] | None = None) -> Coding:
    """Read codes. articles: for each unit the article it is in; without it all units are of one.

    What was read before is taken as it is, so that several coefficients of the same units need one reading.
    Raises ValueError when rows differ in length, when there is not one article for each unit, or for NaN.
    """
    if isinstance(codes, Coding):
        return codes
    width = len(codes[0]) if codes else 0
    if any(len(row) != width for row in codes):
        raise ValueError("Every unit needs as many codes as there are coders; None stands for a missing one.")
    if articles is not None and len(articles) != len(codes):
        raise ValueError(f"{len(codes)} units, but {len(articles)} articles for them.")
    paired = [index for index, row in enumerate(codes) if width - row.count(None) >= 2]
    numbers: dict[Hashable, int] = {}
    flat = [
        MISSING if code is None else numbers.setdefault(code, len(numbers))
        for code in chain.from_iterable(codes[index] for index in paired)
    ]
    if any(isinstance(code, float) and math.isnan(code) for code in numbers):
        raise ValueError("NaN is not a code; None stands for a missing one.")
    table = np.array(flat, dtype=np.int64).reshape(len(paired), width)
    places: dict[Hashable, int] = {}
    keys = [None if articles is None else articles[index] for index in paired]
    homes = [places.setdefault(key, len(places)) for key in keys]
    return Coding(
        values=tuple(numbers),
        table=table,
        articles=np.array(homes, dtype=np.int64),
        coders=int((table != MISSING).any(axis=0).sum()),
        left_out=len(codes) - len(paired),
    )


def summed(amounts: Floats | Ints, coding: Coding) -> Floats:
    """Sum a number per unit over the units of each article: a column, articles × 1."""
    sums = np.bincount(coding.articles, weights=amounts, minlength=coding.article_count)
    return sums.astype(np.float64)[:, None]


def counted(table: Ints, coding: Coding) -> Floats:
    """How often each value occurs in a table of units × coders: articles × values."""
    width = len(coding.values)
    cells = (coding.articles[:, None] * width + table)[table != MISSING]
    counts = np.bincount(cells, minlength=coding.article_count * width)
    return counts.reshape(coding.article_count, width).astype(np.float64)


def pairs_of(table: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Units, and the two codes of a pair in each of them, until every pair of every unit has come once."""
    # Codes first, missing ones last: then only as many columns matter as the fullest unit has codes.
    packed = -np.sort(-table, axis=1)
    for left, right in combinations(range(table.shape[1]), 2):
        units = np.flatnonzero(packed[:, right] != MISSING)
        if len(units):
            yield units, packed[units, left], packed[units, right]
