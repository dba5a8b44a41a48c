"""Percentile bootstrap over articles: units inside one article are not independent, articles are.

A coefficient is a function of sums over articles (summed coincidences, matches, lengths). So a draw needs no
data, only the sums of the statistics of the articles drawn, and all draws of a block are one matrix product.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from annotator.agreement.measures.result import Interval

FEWEST_ARTICLES = 10
BLOCK = 128
KEPT_UP_TO = 4_000
TAILS = (0.025, 0.975)

Floats: TypeAlias = NDArray[np.float64]
Times: TypeAlias = NDArray[np.uint8]
"""Draws × articles: how often each article is in each draw. Once on average; 256 times never happens."""
Coefficient: TypeAlias = Callable[[Floats], Floats]
"""Rows of summed statistics to one value each, NaN where the coefficient is undefined."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How to draw: the number of samples and the seed of the random numbers."""

    draws: int = 2_000
    seed: int = 1


USUAL = Resampling()


def estimate(statistics: Floats, coefficient: Coefficient) -> float | None:
    """The coefficient over all articles; None where it is undefined. statistics: articles × numbers."""
    value = float(coefficient(statistics.sum(axis=0, keepdims=True))[0])
    return None if np.isnan(value) else value


def interval(statistics: Floats, coefficient: Coefficient, resampling: Resampling | None) -> Interval | None:
    """The bootstrap interval of one coefficient; None without resampling, or from fewer than ten articles.

    statistics: articles × numbers; a row of zeros is an article too.
    """
    drawn = sample(statistics, resampling)
    return None if drawn is None else drawn.interval(coefficient)


@dataclass(frozen=True, slots=True)
class Sample:
    """The statistics of drawn articles, summed over each draw: draws × numbers. For several coefficients."""

    sums: Floats
    articles: int
    resampling: Resampling

    def interval(self, coefficient: Coefficient, *, articles: int | None = None) -> Interval | None:
        """What the values of the draws span, without undefined ones; None if all are, or articles too few.

        articles: how many of those drawn from the coefficient looks at, if not at all.
        """
        looked_at = self.articles if articles is None else articles
        values = coefficient(self.sums)
        defined = values[~np.isnan(values)]
        if looked_at < FEWEST_ARTICLES or not len(defined):
            return None
        low, high = np.quantile(defined, TAILS)
        undefined = len(values) - len(defined)
        draws, seed = self.resampling.draws, self.resampling.seed
        return Interval(float(low), float(high), draws, seed, looked_at, undefined)


def sample(statistics: Floats, resampling: Resampling | None) -> Sample | None:
    """Draw articles with replacement, as many as there are, again and again; None where none may be drawn."""
    articles = len(statistics)
    if resampling is None or articles < FEWEST_ARTICLES:
        return None
    sums = np.empty((resampling.draws, statistics.shape[1]))
    for number, times in enumerate(_blocks(articles, resampling)):
        sums[number * BLOCK : number * BLOCK + len(times)] = times @ statistics
    return Sample(sums, articles, resampling)


def _blocks(articles: int, resampling: Resampling) -> Iterable[Times]:
    """All measures of a page draw alike, and drawing takes longer than summing: so draws are kept, up to a size."""
    return _kept(articles, resampling) if articles <= KEPT_UP_TO else _drawn(articles, resampling)


@lru_cache(maxsize=8)
def _kept(articles: int, resampling: Resampling) -> tuple[Times, ...]:
    return tuple(_drawn(articles, resampling))


def _drawn(articles: int, resampling: Resampling) -> Iterator[Times]:
    random = np.random.default_rng(resampling.seed)
    for first in range(0, resampling.draws, BLOCK):
        draws = min(BLOCK, resampling.draws - first)
        places = random.integers(0, articles, size=(draws, articles)) + articles * np.arange(draws)[:, None]
        yield np.bincount(places.ravel(), minlength=draws * articles).reshape(draws, articles).astype(np.uint8)
