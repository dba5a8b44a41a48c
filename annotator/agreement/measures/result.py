"""What a measure hands back: a number with its circumstances, or the reason why there is none.

An outcome that has no number is never turned into 1 or 0. The reasons are the words of the table of cases
in the design page on agreement, so that a screen may show them as they are.
"""

import math
from dataclasses import dataclass

NOTHING_CODED_TWICE = "undefined: nothing was coded twice"
NO_VARIATION = "undefined: no variation"
NO_SPANS = "no spans"
NO_RELATIONS = "no relations"

NEARLY_ALIKE = "Nearly all codes are alike: the few that differ decide the number, not the many that agree."

RELIABLE = 0.800
TENTATIVE = 0.667
MOSTLY_AGREED = 0.9


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile bootstrap interval of 95 percent.

    draws: samples of articles taken; seed: of the random numbers, so that the interval can be had again;
    articles: how many were drawn from; undefined: draws in which the coefficient had no value, left out.
    """

    low: float
    high: float
    draws: int
    seed: int
    articles: int
    undefined: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, or the reason why there is none.

    units: what was compared (units of coding, spans, joined spans), after leaving out; coders: who took part;
    left_out: units or articles that fewer than two coders had; observed: agreement before correction for
    chance, from 0 to 1, never to be shown alone; notes: plain sentences to show beside the number.
    Raises ValueError unless exactly one of value and reason is given.
    """

    value: float | None
    reason: str | None
    units: int
    coders: int
    interval: Interval | None = None
    left_out: int = 0
    notes: tuple[str, ...] = ()
    observed: float | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("A measure has either a value or a reason why there is none.")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.value} is no value of a measure.")


def reading(value: float | None) -> str:
    """How to read a coefficient corrected for chance (alpha, kappa, pi), as one plain sentence.

    The number is judged as it is printed, to three digits. F1 and percentages have no such bands.
    Source: Krippendorff (2004), Content Analysis, 2nd ed., chapter 11.
    """
    if value is None:
        return "There is no score to read."
    shown = round(value, 3)
    if shown >= RELIABLE:
        return "Reliable."
    if shown >= TENTATIVE:
        return "Good for tentative conclusions only."
    if shown >= 0:
        return "Not reliable: revise the rule and label again."
    return "Worse than chance: the readers differ systematically. Revise the rule and label again."


def explanation(value: float | None, observed: float) -> tuple[str, ...]:
    """Why a coefficient of codes is low although nearly all pairs of codes agree, if that is so."""
    low = value is not None and value < TENTATIVE
    return (NEARLY_ALIKE,) if low and observed >= MOSTLY_AGREED else ()
