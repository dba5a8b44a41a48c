"""Krippendorff's alpha for given units: any number of coders, missing codes, three metrics.

alpha = 1 - D_o / D_e over coincidences o_ck: each pair of codes in a unit, weighted by 1 / (m_u - 1).
Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Hayes & Krippendorff (2007).
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

import numpy as np

from annotator.agreement.measures.bootstrap import Coefficient, Floats, Resampling, estimate, interval
from annotator.agreement.measures.coding import MISSING, Codes, Coding, Ints, coded, counted, summed
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE, RELIABLE, TENTATIVE, Measure

NEARLY_ALIKE = "Nearly all codes are alike, so the few that differ decide the coefficient, not the many that agree."
MOSTLY_AGREED = 0.9


def alpha_nominal(
    codes: Codes, *, articles: Sequence[Hashable] | None = None, resampling: Resampling | None = Resampling()
) -> Measure:
    """Krippendorff's alpha for unordered categories.

    codes: units × coders, None where a coder did not code the unit; articles: the article of each unit,
    without which there is no interval. Raises ValueError for rows of unequal length.
    """
    coding = coded(codes, articles=articles)
    statistics = np.hstack([_differing(coding), counted(coding.table, coding)])
    return _measure(coding, statistics, _nominal, resampling)


def alpha_ordinal(
    codes: Codes,
    ranks: Mapping[Hashable, float] | None = None,
    *,
    articles: Sequence[Hashable] | None = None,
    resampling: Resampling | None = Resampling(),
) -> Measure:
    """Krippendorff's alpha for ranks.

    ranks: the rank of each code; codes of one rank count as one code. Without ranks the codes are numbers.
    Raises ValueError for rows of unequal length, or a code that has no rank.
    """
    coding = coded(_ranked(codes, ranks), articles=articles)
    order = np.argsort(_numbers(coding))
    pairs = _pairs(np.argsort(order)[coding.table], coding)
    columns, kinds = np.unique(pairs.kinds, axis=0), pairs.kinds
    statistics = np.hstack([pairs.per_kind(columns), counted(coding.table, coding)[:, order]])
    del kinds
    return _measure(coding, statistics, _ordinal(columns), resampling)
