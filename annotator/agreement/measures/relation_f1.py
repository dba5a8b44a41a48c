"""F1 of relations between two coders, on the spans that both have.

A relation is the same when its type is and both its ends are matched spans. One with an end that the other coder
has no span for cannot be compared: that difference is one of spans, and is counted as left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from annotator.agreement.measures.bootstrap import USUAL, Floats, Resampling, estimate, interval
from annotator.agreement.measures.matching import Pair
from annotator.agreement.measures.result import NO_RELATIONS, NOTHING_CODED_TWICE, Measure

Link: TypeAlias = tuple[str, int, int]
"""The type of a relation, and the indexes of the spans it goes from and to."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The relations of two coders on one article, and how their spans were matched."""

    first: Collection[Link]
    second: Collection[Link]
    matches: Sequence[Pair]


def relation_f1(
    articles: Sequence[Linked],
    *,
    kind: str | None = None,
    symmetric: Collection[str] = (),
    resampling: Resampling | None = USUAL,
) -> Measure:
    """F1 of the relations of one type, or of all.

    kind: the type; symmetric: types for which the direction does not matter.
    units counts the relations of both coders that could be compared, left_out those that could not.
    """
    rows = [_counts(article, kind, symmetric) for article in articles]
    if not rows:
        return Measure(None, NOTHING_CODED_TWICE, 0, 2)
    statistics = np.array(rows, dtype=np.float64)
    units, left_out = int(statistics[:, 1].sum()), int(statistics[:, 2].sum())
    value = estimate(statistics, _f1)
    if value is None:
        return Measure(None, NO_RELATIONS, 0, 2, left_out=left_out)
    return Measure(value, None, units, 2, interval(statistics, _f1, resampling), left_out)


def _counts(article: Linked, kind: str | None, symmetric: Collection[str]) -> tuple[int, int, int]:
    """Relations both have, relations that could be compared, and those that could not, of both coders."""
    ours = {pair.first: pair.first for pair in article.matches}
    theirs = {pair.second: pair.first for pair in article.matches}
    given = [{link for link in links if kind in (None, link[0])} for links in (article.first, article.second)]
    sides = [_comparable(links, ends, symmetric) for links, ends in zip(given, (ours, theirs), strict=True)]
    compared = len(sides[0]) + len(sides[1])
    return len(sides[0] & sides[1]), compared, len(given[0]) + len(given[1]) - compared


def _comparable(links: set[Link], ends: dict[int, int], symmetric: Collection[str]) -> set[Link]:
    """Relations between matched spans, their ends named by the first coder's spans."""
    found = set()
    for kind, source, target in links:
        if source in ends and target in ends:
            one, other = ends[source], ends[target]
            turned = kind in symmetric and other < one
            found.add((kind, other, one) if turned else (kind, one, other))
    return found


def _f1(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[:, 1] > 0, 2 * sums[:, 0] / sums[:, 1], np.nan)
