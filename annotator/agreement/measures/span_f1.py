"""F1 of spans between coders: how many are the same, exactly or by overlap.

F1 = 2 |A and B| / (|A| + |B|) is the same from both sides, so neither coder has to be the truth. It sees where
units begin and end, which the unitizing alphas do not.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from annotator.agreement.measures.bootstrap import USUAL, Floats, Resampling, Sample, sample
from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.matching import HALF, match
from annotator.agreement.measures.result import NO_SPANS, NOTHING_CODED_TWICE, Measure

EXACT_AT, HALF_AT, TOUCHING_AT, WIDTH = 2, 3, 4, 5

CoderPair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Spans of one label in one article: of the first and of the second coder, and how many of them matched.

    exact: with the same edges; half: intersection over union of one half or more; touching: one character.
    """

    first: int = 0
    second: int = 0
    exact: int = 0
    half: int = 0
    touching: int = 0


Tally: TypeAlias = Mapping[CoderPair, Mapping[str, Counts]]
"""One article: for every two coders who finished it, in the order of their names, counts by label."""


@dataclass(frozen=True, slots=True)
class Spread:
    """F1 of every two coders, the mean of these, and the least and the greatest of them."""

    mean: Measure
    least: Measure
    greatest: Measure
    pairs: Mapping[CoderPair, Measure]


@dataclass(frozen=True, slots=True)
class SpanF1:
    """F1 by what counts as the same span, from the strictest; the label has to be the same in all three."""

    exact: Spread
    half: Spread
    touching: Spread


@dataclass(frozen=True, slots=True)
class _Sums:
    """Counts over articles, WIDTH for each pair of coders, and what is told beside the numbers.

    articles: that both of a pair finished, by pair; counted: articles with a pair at all, of those given.
    """

    pairs: tuple[CoderPair, ...]
    total: Floats
    drawn: Sample | None
    articles: tuple[int, ...]
    counted: int
    given: int
    coders: int
    spans: int


def tally(article: ReadArticle) -> Tally:
    """Count matches in one article, for every two coders. F1 needs nothing else of it, so this can be kept."""
    return {
        (one, other): _counts(article.marks[one], article.marks[other])
        for one, other in combinations(sorted(article.marks), 2)
    }


def span_f1(tallies: Sequence[Tally], *, label: str | None = None, resampling: Resampling | None = USUAL) -> SpanF1:
    """F1 of spans of one label, or of all, over the articles that two coders or more finished.

    Matches are one to one with the greatest total overlap; the same span given twice counts once. The mean
    over pairs of coders leaves out pairs without spans. Intervals draw whole articles.
    """
    sums = _summed(tallies, label, resampling)
    return SpanF1(exact=_spread(sums, EXACT_AT), half=_spread(sums, HALF_AT), touching=_spread(sums, TOUCHING_AT))


def _counts(first: Sequence[Mark], second: Sequence[Mark]) -> dict[str, Counts]:
    found: dict[str, list[int]] = defaultdict(lambda: [0] * WIDTH)
    for side, marks in enumerate((first, second)):
        for label, count in Counter(label for _, _, label in set(marks)).items():
            found[label][side] = count
    for pair in match(first, second):
        counts = found[first[pair.first][2]]
        counts[EXACT_AT] += pair.overlap == 1
        counts[HALF_AT] += pair.overlap >= HALF
        counts[TOUCHING_AT] += 1
    return {label: Counts(*counts) for label, counts in found.items()}


def _summed(tallies: Sequence[Tally], label: str | None, resampling: Resampling | None) -> _Sums:
    twice = [each for each in tallies if each]
    pairs = tuple(sorted({pair for each in twice for pair in each}))
    rows = [[_row(each.get(pair, {}), label) for pair in pairs] for each in twice]
    counts = np.array(rows, dtype=np.float64).reshape(len(twice), len(pairs) * WIDTH)
    return _Sums(
        pairs=pairs,
        total=counts.sum(axis=0, keepdims=True),
        drawn=sample(counts, resampling),
        articles=tuple(sum(pair in each for each in twice) for pair in pairs),
        counted=len(twice),
        given=len(tallies),
        coders=len({coder for pair in pairs for coder in pair}),
        spans=sum(sum(_per_coder(each, label).values()) for each in twice),
    )


def _row(counts: Mapping[str, Counts], label: str | None) -> tuple[int, ...]:
    some = list(counts.values()) if label is None else [counts[label]] if label in counts else []
    rows = [(each.first, each.second, each.exact, each.half, each.touching) for each in some]
    return rows[0] if len(rows) == 1 else tuple(map(sum, zip(*rows, strict=True))) if rows else (0,) * WIDTH


def _per_coder(article: Tally, label: str | None) -> dict[str, int]:
    """How many spans each coder has in an article, who appears in several pairs there."""
    spans: dict[str, int] = {}
    for (one, other), counts in article.items():
        row = _row(counts, label)
        spans[one], spans[other] = row[0], row[1]
    return spans


def _spread(sums: _Sums, at: int) -> Spread:
    pairs = {pair: _of_pair(sums, at, index) for index, pair in enumerate(sums.pairs)}
    mean = _of_all(sums, at)
    defined = sorted(
        (measure for measure in pairs.values() if measure.value is not None),
        key=lambda measure: measure.value or 0.0,
    )
    return Spread(mean=mean, least=(defined or [mean])[0], greatest=(defined or [mean])[-1], pairs=pairs)


def _of_pair(sums: _Sums, at: int, index: int) -> Measure:
    own = slice(index * WIDTH, index * WIDTH + WIDTH)

    def coefficient(counts: Floats) -> Floats:
        return _f1(counts[:, own], at)[:, 0]

    value, left_out = float(coefficient(sums.total)[0]), sums.given - sums.articles[index]
    if np.isnan(value):
        return Measure(None, NO_SPANS, 0, 2, left_out=left_out)
    drawn = None if sums.drawn is None else sums.drawn.interval(coefficient, articles=sums.articles[index])
    units = int(sums.total[0, index * WIDTH : index * WIDTH + 2].sum())
    return Measure(value, None, units, 2, drawn, left_out)


def _of_all(sums: _Sums, at: int) -> Measure:
    def coefficient(counts: Floats) -> Floats:
        return _mean(_f1(counts, at))

    left_out = sums.given - sums.counted
    if not sums.pairs:
        return Measure(None, NOTHING_CODED_TWICE, 0, 0, left_out=left_out)
    value = float(coefficient(sums.total)[0])
    if np.isnan(value):
        return Measure(None, NO_SPANS, 0, sums.coders, left_out=left_out)
    drawn = None if sums.drawn is None else sums.drawn.interval(coefficient)
    return Measure(value, None, sums.spans, sums.coders, drawn, left_out, _notes(sums, at))


def _notes(sums: _Sums, at: int) -> tuple[str, ...]:
    if len(sums.pairs) == 1:
        return ()
    without = int(np.isnan(_f1(sums.total, at)).sum())
    note = f"Mean of {len(sums.pairs) - without} pairs of readers"
    return (f"{note}; pairs without spans: {without}.",) if without else (f"{note}.",)


def _f1(counts: Floats, at: int) -> Floats:
    """Rows × pairs; NaN where a pair has no spans."""
    first, second, matched = (counts[:, place::WIDTH] for place in (0, 1, at))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(first + second > 0, 2 * matched / (first + second), np.nan)


def _mean(values: Floats) -> Floats:
    """Over pairs, of those that have a value; NaN where none has."""
    defined = (~np.isnan(values)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(defined > 0, np.nansum(values, axis=1) / defined, np.nan)
