"""Krippendorff's alpha for given units: any number of coders, missing codes, three metrics.

alpha = 1 - D_o / D_e over coincidences: each ordered pair of codes in a unit counts 1 / (m_u - 1), where m_u
is the number of codes the unit has. n_c is the sum of the row of value c, n the sum of all.
Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Hayes and Krippendorff (2007).
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from annotator.agreement.measures.bootstrap import (
    USUAL,
    Coefficient,
    Floats,
    Resampling,
    Sample,
    estimate,
    interval,
    sample,
)
from annotator.agreement.measures.coding import MISSING, Codes, Coding, Ints, coded, counted, pairs_of, summed
from annotator.agreement.measures.result import (
    NO_VARIATION,
    NOTHING_CODED_TWICE,
    Interval,
    Measure,
    explanation,
)

ROUNDING = 1e-12


def alpha_nominal(
    codes: Codes | Coding, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = USUAL
) -> Measure:
    """Krippendorff's alpha for unordered categories.

    codes: units × coders, None where a coder did not code the unit, or what `coded` made of these; articles: the
    article of each unit, without which there is no interval. Raises ValueError for rows of unequal length.
    """
    coding = coded(codes, articles=articles)
    statistics = np.hstack([summed(_differing(coding), coding), counted(coding.table, coding)])
    return _measure(coding, statistics, _nominal, resampling)


def alpha_ordinal(
    codes: Codes,
    ranks: Mapping[Any, float] | None = None,
    *,
    articles: Sequence[Hashable] | None = None,
    resampling: Resampling | None = USUAL,
) -> Measure:
    """Krippendorff's alpha for ranks.

    ranks: the rank of each code; codes of one rank count as the same code. Without ranks, codes are numbers.
    Raises ValueError for rows of unequal length, or a code that has no rank.
    """
    coding = coded(_as_numbers(codes, ranks), articles=articles)
    order = np.argsort(_numbers(coding))
    places = np.append(np.argsort(order), MISSING)
    kinds, amounts = _coincidences_by_article(places[coding.table], coding)
    statistics = np.hstack([amounts, counted(coding.table, coding)[:, order]])
    return _measure(coding, statistics, _ordinal(kinds), resampling)


def alpha_interval(
    codes: Codes, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = USUAL
) -> Measure:
    """Krippendorff's alpha for numbers whose differences mean something: counts, dates as day numbers.

    Raises ValueError for rows of unequal length, or a code that is not a finite number.
    """
    coding = coded(_as_numbers(codes, None), articles=articles)
    numbers = _numbers(coding)
    # Squares of large numbers would swallow the differences; only distances matter, so any origin will do.
    numbers = np.append(numbers - (np.median(numbers) if len(numbers) else 0.0), 0.0)
    disagreement = _disagreement(coding, lambda left, right: (numbers[left] - numbers[right]) ** 2)
    given = numbers[coding.table]
    sums = (disagreement, coding.sizes, given.sum(axis=1), (given**2).sum(axis=1))
    return _measure(coding, np.hstack([summed(each, coding) for each in sums]), _interval, resampling)


def alpha_per_value(
    codes: Codes | Coding, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = USUAL
) -> dict[Hashable, Measure]:
    """Nominal alpha of each value against all the others, by value. units counts those where it occurs.

    Raises ValueError for rows of unequal length.
    """
    coding = coded(codes, articles=articles)
    width = len(coding.values)
    times = [(coding.table == number).sum(axis=1) for number in range(width)]
    apart = [summed(2 * each * (coding.sizes - each) / (coding.sizes - 1), coding) for each in times]
    statistics = np.hstack([*apart, counted(coding.table, coding)])
    drawn = sample(statistics, resampling)
    return {value: _measure_of_value(coding, statistics, drawn, number) for number, value in enumerate(coding.values)}


def coincidences(codes: Codes) -> tuple[tuple[Hashable, ...], Floats]:
    """The values, in order of appearance, and their coincidence matrix o_ck, which is symmetric.

    Raises ValueError for rows of unequal length.
    """
    coding = coded(codes)
    width = len(coding.values)
    matrix = np.zeros((width, width))
    for units, left, right in pairs_of(coding.table):
        weights = 1.0 / (coding.sizes[units] - 1)
        np.add.at(matrix, (left, right), weights)
        np.add.at(matrix, (right, left), weights)
    return coding.values, matrix


def alpha_of_coincidences(
    matrix: Sequence[Sequence[float]] | Floats,
    metric: Literal["nominal", "ordinal", "interval"] = "nominal",
    *,
    numbers: Sequence[float] | None = None,
) -> Measure:
    """Krippendorff's alpha from a printed coincidence matrix, its values in the order of their ranks.

    numbers: what the rows stand for, needed for the interval metric. units and coders stay 0: the matrix does
    not hold them. Raises ValueError for a matrix that is not square, symmetric, finite and without negatives.
    """
    coincidence = _checked(matrix)
    differences = _squared_differences(coincidence.sum(axis=1), metric, numbers)
    totals, size = coincidence.sum(axis=1), float(coincidence.sum())
    note = (f"From a coincidence matrix of {size:g} codes.",)
    if size < 2:
        return Measure(None, NOTHING_CODED_TWICE, 0, 0, notes=note)
    observed = float(np.trace(coincidence)) / size
    expected = float((np.outer(totals, totals) * differences).sum()) / (size - 1)
    if expected == 0:
        return Measure(None, NO_VARIATION, 0, 0, notes=note, observed=observed)
    value = 1 - float((coincidence * differences).sum()) / expected
    return Measure(value, None, 0, 0, notes=note, observed=observed)


def _measure(coding: Coding, statistics: Floats, coefficient: Coefficient, resampling: Resampling | None) -> Measure:
    units = len(coding.table)
    if not units:
        return Measure(None, NOTHING_CODED_TWICE, 0, coding.coders, left_out=coding.left_out)
    value = estimate(statistics, coefficient)
    drawn = None if value is None else interval(statistics, coefficient, resampling)
    observed = 1 - float(_differing(coding).sum() / coding.sizes.sum())
    return _told(value, drawn, coding, units, observed)


def _measure_of_value(coding: Coding, statistics: Floats, drawn: Sample | None, number: int) -> Measure:
    coefficient = _one_value(number, len(coding.values))
    value = estimate(statistics, coefficient)
    found = None if value is None or drawn is None else drawn.interval(coefficient)
    observed = 1 - float(statistics[:, number].sum() / coding.sizes.sum())
    return _told(value, found, coding, int((coding.table == number).any(axis=1).sum()), observed)


def _told(value: float | None, drawn: Interval | None, coding: Coding, units: int, observed: float) -> Measure:
    return Measure(
        value=value,
        reason=NO_VARIATION if value is None else None,
        units=units,
        coders=coding.coders,
        interval=drawn,
        left_out=coding.left_out,
        notes=explanation(value, observed),
        observed=observed,
    )


def _differing(coding: Coding) -> Floats:
    """Per unit, the coincidences of unlike codes."""
    return _disagreement(coding, lambda left, right: (left != right).astype(np.float64))


def _disagreement(coding: Coding, difference: Callable[[Ints, Ints], Floats]) -> Floats:
    """Per unit, the squared differences of its pairs of codes, each pair in both directions, over m_u - 1."""
    total = np.zeros(len(coding.table))
    for units, left, right in pairs_of(coding.table):
        total[units] += difference(left, right)
    return 2 * total / (coding.sizes - 1)


def _coincidences_by_article(table: Ints, coding: Coding) -> tuple[Ints, Floats]:
    """The kinds of unlike pairs that occur (kinds × 2, both directions as one), and articles × kinds."""
    width = max(len(coding.values), 1)
    units, pairs = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for some, left, right in pairs_of(table):
        units.append(some[left != right])
        pairs.append((left * width + right)[left != right])
    where = np.concatenate(units)
    kinds, columns = np.unique(np.concatenate(pairs), return_inverse=True)
    amounts = np.zeros((coding.article_count, len(kinds)))
    np.add.at(amounts, (coding.articles[where], columns), 2.0 / (coding.sizes[where] - 1))
    return np.stack(np.divmod(kinds, width), axis=1), amounts


def _nominal(sums: Floats) -> Floats:
    counts = sums[:, 1:]
    size = counts.sum(axis=1)
    return _over(sums[:, 0], (counts * (size[:, None] - counts)).sum(axis=1), size)


def _one_value(number: int, width: int) -> Coefficient:
    def coefficient(sums: Floats) -> Floats:
        size, count = sums[:, width:].sum(axis=1), sums[:, width + number]
        return _over(sums[:, number], 2 * count * (size - count), size)

    return coefficient


def _ordinal(kinds: Ints) -> Coefficient:
    def coefficient(sums: Floats) -> Floats:
        amounts, counts = sums[:, : len(kinds)], sums[:, len(kinds) :]
        middles, size = _middles(counts), counts.sum(axis=1)
        differences = (middles[:, kinds[:, 0]] - middles[:, kinds[:, 1]]) ** 2
        spread = 2 * size * (counts * (middles - size[:, None] / 2) ** 2).sum(axis=1)
        return _over((amounts * differences).sum(axis=1), spread, size)

    return coefficient


def _interval(sums: Floats) -> Floats:
    disagreement, size, total, squares = sums.T
    spread = 2 * (size * squares - total**2)
    # Equal numbers leave a rest of rounding behind, and 0 over that rest would look like perfect agreement.
    return _over(disagreement, np.where(spread > ROUNDING * size * squares, spread, 0.0), size)


def _over(disagreement: Floats, products: Floats, size: Floats) -> Floats:
    """1 - D_o / D_e, where products is the sum of n_c n_k δ²; NaN where that is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(products > 0, 1 - disagreement * (size - 1) / products, np.nan)


def _middles(counts: Floats) -> Floats:
    """The middle of each rank when all codes stand in line: their distance is the ordinal difference δ."""
    return np.cumsum(counts, axis=-1) - counts / 2


def _as_numbers(codes: Codes, ranks: Mapping[Any, float] | None) -> list[list[float | None]]:
    return [[None if code is None else _as_number(code, ranks) for code in row] for row in codes]


def _as_number(code: Hashable, ranks: Mapping[Any, float] | None) -> float:
    if ranks is not None:
        if code not in ranks:
            raise ValueError(f"{code!r} has no rank.")
        return ranks[code]
    if isinstance(code, bool) or not isinstance(code, int | float) or not math.isfinite(code):
        raise ValueError(f"{code!r} is not a number.")
    return code


def _numbers(coding: Coding) -> Floats:
    return np.array(coding.values, dtype=np.float64)


def _squared_differences(totals: Floats, metric: str, numbers: Sequence[float] | None) -> Floats:
    if metric == "nominal":
        return 1.0 - np.eye(len(totals))
    if metric == "ordinal":
        places = _middles(totals)
    elif metric == "interval" and numbers is not None and len(numbers) == len(totals):
        places = np.array(numbers, dtype=np.float64)
    else:
        raise ValueError(f"The metric {metric!r} needs one number for each row of the matrix.")
    return np.subtract.outer(places, places) ** 2


def _checked(matrix: Sequence[Sequence[float]] | Floats) -> Floats:
    checked = np.asarray(matrix, dtype=np.float64)
    if checked.ndim != 2 or checked.shape[0] != checked.shape[1]:
        raise ValueError("A coincidence matrix is square.")
    if not np.isfinite(checked).all() or (checked < 0).any() or not np.allclose(checked, checked.T):
        raise ValueError("A coincidence matrix is symmetric and holds no negative numbers.")
    return checked
