"""A coder's spans scored against gold, in the four schemes of SemEval-2013 task 9.

strict: edges and label; exact: edges alone; partial: edges alone, where an overlap counts half; type: the label
of spans that overlap. P = (COR + PAR / 2) / (COR + INC + PAR + SPU), R the same over COR + INC + PAR + MIS.
Source: Segura-Bedmar, Martínez and Herrero-Zazo (2013), SemEval-2013 Task 9, with its evaluation metrics.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotator.agreement.measures.bootstrap import USUAL, Floats, Resampling, estimate, interval
from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.matching import aligned
from annotator.agreement.measures.result import NO_SPANS, NOTHING_CODED_TWICE, Measure

SCHEMES = ("strict", "exact", "partial", "type")
CORRECT, INCORRECT, PARTIAL, MISSED, SPURIOUS = range(5)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Counts of the five outcomes, and what follows from them."""

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int
    precision: Measure
    recall: Measure
    f1: Measure


def against_gold(
    articles: Sequence[ReadArticle], *, coder: str, gold: str, resampling: Resampling | None = USUAL
) -> Mapping[str, Scheme]:
    """Score a coder's spans against gold's, by scheme. Articles that either of them lacks are left out.

    A span of the coder answers at most one of gold's: one of its label if they share half, else the one that it
    overlaps most.
    """
    both = [article.marks for article in articles if {coder, gold} <= article.marks.keys()]
    outcomes = np.zeros((len(both), len(SCHEMES), 5))
    for row, marks in zip(outcomes, both, strict=True):
        _count(row, marks[coder], marks[gold])
    left_out = len(articles) - len(both)
    return {name: _scheme(outcomes[:, at], left_out, resampling) for at, name in enumerate(SCHEMES)}


def _count(outcomes: Floats, given: Sequence[Mark], gold: Sequence[Mark]) -> None:
    """Count the outcomes of one article into schemes × 5."""
    pairs = aligned(given, gold)
    for pair in pairs:
        ours, theirs = given[pair.first], gold[pair.second]
        edges, label = pair.overlap == 1, ours[2] == theirs[2]
        outcomes[0, CORRECT if edges and label else INCORRECT] += 1
        outcomes[1, CORRECT if edges else INCORRECT] += 1
        outcomes[2, CORRECT if edges else PARTIAL] += 1
        outcomes[3, CORRECT if label else INCORRECT] += 1
    outcomes[:, MISSED] += len(set(gold)) - len(pairs)
    outcomes[:, SPURIOUS] += len(set(given)) - len(pairs)


def _scheme(outcomes: Floats, left_out: int, resampling: Resampling | None) -> Scheme:
    right = outcomes[:, CORRECT] + outcomes[:, PARTIAL] / 2
    answered = outcomes.sum(axis=1) - outcomes[:, MISSED]
    wanted = outcomes.sum(axis=1) - outcomes[:, SPURIOUS]
    correct, incorrect, partial, missed, spurious = (int(count) for count in outcomes.sum(axis=0))
    return Scheme(
        correct=correct,
        incorrect=incorrect,
        partial=partial,
        missed=missed,
        spurious=spurious,
        precision=_share(right, answered, left_out, resampling),
        recall=_share(right, wanted, left_out, resampling),
        f1=_share(2 * right, answered + wanted, left_out, resampling),
    )


def _share(part: Floats, whole: Floats, left_out: int, resampling: Resampling | None) -> Measure:
    """A ratio of sums over articles; units counts the spans below the line."""
    if not len(whole):
        return Measure(None, NOTHING_CODED_TWICE, 0, 2, left_out=left_out)
    statistics = np.column_stack([part, whole])
    value = estimate(statistics, _ratio)
    if value is None:
        return Measure(None, NO_SPANS, 0, 2, left_out=left_out)
    drawn = interval(statistics, _ratio, resampling)
    return Measure(value, None, int(whole.sum()), 2, drawn, left_out)


def _ratio(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)
