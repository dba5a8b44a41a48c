"""Kappa, pi and plain agreement, for codes without an order.

Each is (A_o - A_e) / (1 - A_e); they differ in what agreement A_e they expect by chance.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from annotator.agreement.measures.bootstrap import USUAL, Coefficient, Floats, Resampling, estimate, interval
from annotator.agreement.measures.coding import MISSING, Codes, Coding, Ints, coded, counted, pairs_of, summed
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE, Measure, explanation


def cohen(
    codes: Codes | Coding, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = USUAL
) -> Measure:
    """Cohen's kappa of two coders; chance is the product of each coder's own distribution.

    codes: units × 2, None where a coder did not code the unit; articles: the article of each unit, without
    which there is no interval. Raises ValueError unless every unit has two places.
    Source: Cohen (1960), Educational and Psychological Measurement 20:37-46.
    """
    coding = _of_two(codes, articles)
    own = [counted(coding.table[:, side : side + 1], coding) for side in (0, 1)]
    statistics = np.hstack([summed(_agreeing_pairs(coding), coding), *own])
    return _measure(coding, statistics, _cohen, resampling)


def cohen_pairs(
    codes: Codes,
    coders: Sequence[str],
    *,
    articles: Sequence[Hashable] | None = None,
    resampling: Resampling | None = USUAL,
) -> Mapping[tuple[str, str], Measure]:
    """Cohen's kappa of every two coders, who must not be averaged over.

    coders: the names of the columns of codes. Raises ValueError when a unit has not one place for each.
    """
    if any(len(row) != len(coders) for row in codes):
        raise ValueError(f"Every unit needs {len(coders)} places for codes, one for each coder.")
    return {
        (coders[left], coders[right]): cohen(
            [(row[left], row[right]) for row in codes], articles=articles, resampling=resampling
        )
        for left, right in combinations(range(len(coders)), 2)
    }


def scott(
    codes: Codes | Coding, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = USUAL
) -> Measure:
    """Scott's pi of two coders; chance is the square of the distribution of both together.

    codes: units × 2. Raises ValueError unless every unit has two places.
    Source: Scott (1955), Public Opinion Quarterly 19:321-325.
    """
    coding = _of_two(codes, articles)
    statistics = np.hstack([summed(_agreeing_pairs(coding), coding), counted(coding.table, coding)])
    return _measure(coding, statistics, _pi(2), resampling)


def fleiss(
    codes: Codes | Coding, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = USUAL
) -> Measure:
    """Fleiss' kappa: Scott's pi for many coders, who need not be the same from unit to unit.

    codes: units × coders. Every unit must have the same number of codes, so the number that most units have is
    taken (of two equally frequent the larger), and the units with another number are left out and counted.
    Raises ValueError for rows of unequal length.
    Source: Fleiss (1971), Psychological Bulletin 76:378-382.
    """
    coding = coded(codes, articles=articles)
    number = _usual(coding.sizes)
    even = _only(coding, coding.sizes == number)
    statistics = np.hstack([summed(_agreeing_pairs(even), even), counted(even.table, even)])
    measure = _measure(even, statistics, _pi(number), resampling)
    uneven = len(coding.table) - len(even.table)
    note = f"Left out because they do not have {number} answers: {uneven:,}."
    return replace(measure, notes=(*measure.notes, note)) if uneven else measure


def observed_agreement(
    codes: Codes | Coding, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = USUAL
) -> Measure:
    """The share, from 0 to 1, of pairs of codes within units that are alike; never to be shown alone.

    Each unit weighs as many pairs as it has. codes: units × coders. Raises ValueError for rows of unequal
    length. Source: Artstein and Poesio (2008), Computational Linguistics 34:555-596.
    """
    coding = coded(codes, articles=articles)
    pairs = coding.sizes * (coding.sizes - 1) // 2
    statistics = np.hstack([summed(_agreeing_pairs(coding), coding), summed(pairs, coding)])
    return _measure(coding, statistics, _share, resampling)


def _of_two(codes: Codes | Coding, articles: Sequence[Hashable] | None) -> Coding:
    if any(len(row) != 2 for row in (codes.table[:1] if isinstance(codes, Coding) else codes)):
        raise ValueError("This coefficient is for two coders: every unit needs two places for codes.")
    return coded(codes, articles=articles)


def _usual(sizes: Ints) -> int:
    """The most frequent of some numbers, of equally frequent ones the largest; 2 when there are none."""
    if not len(sizes):
        return 2
    found, times = np.unique(sizes, return_counts=True)
    return int(found[times == times.max()].max())


def _only(coding: Coding, chosen: NDArray[np.bool_]) -> Coding:
    """The chosen units alone; their articles are numbered anew, so that no article stands without a unit."""
    _, articles = np.unique(coding.articles[chosen], return_inverse=True)
    table = coding.table[chosen]
    return Coding(
        values=coding.values,
        table=table,
        articles=articles.astype(np.int64),
        coders=int((table != MISSING).any(axis=0).sum()),
        left_out=coding.left_out + int((~chosen).sum()),
    )


def _agreeing_pairs(coding: Coding) -> Floats:
    """Per unit, how many of its pairs of codes are alike."""
    alike = np.zeros(len(coding.table))
    for units, left, right in pairs_of(coding.table):
        alike[units] += left == right
    return alike


def _measure(coding: Coding, statistics: Floats, coefficient: Coefficient, resampling: Resampling | None) -> Measure:
    units = len(coding.table)
    if not units:
        return Measure(None, NOTHING_CODED_TWICE, 0, coding.coders, left_out=coding.left_out)
    value = estimate(statistics, coefficient)
    pairs = (coding.sizes * (coding.sizes - 1) // 2).sum()
    observed = float(_agreeing_pairs(coding).sum() / pairs)
    return Measure(
        value=value,
        reason=NO_VARIATION if value is None else None,
        units=units,
        coders=coding.coders,
        interval=None if value is None else interval(statistics, coefficient, resampling),
        left_out=coding.left_out,
        notes=explanation(value, observed),
        observed=observed,
    )


def _cohen(sums: Floats) -> Floats:
    width = (sums.shape[1] - 1) // 2
    first, second = sums[:, 1 : 1 + width], sums[:, 1 + width :]
    size = first.sum(axis=1)
    return _beyond_chance(size * sums[:, 0], (first * second).sum(axis=1), size**2)


def _pi(number: int) -> Coefficient:
    """Agreement beyond the squares of the common distribution; number: how many codes a unit has."""

    def coefficient(sums: Floats) -> Floats:
        counts = sums[:, 1:]
        size = counts.sum(axis=1)
        return _beyond_chance(size * sums[:, 0] * 2 / (number - 1), (counts**2).sum(axis=1), size**2)

    return coefficient


def _share(sums: Floats) -> Floats:
    return sums[:, 0] / sums[:, 1]


def _beyond_chance(observed: Floats, expected: Floats, most: Floats) -> Floats:
    """(A_o - A_e) / (1 - A_e), all three times the same number, so that whole counts stay whole."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected < most, (observed - expected) / (most - expected), np.nan)
