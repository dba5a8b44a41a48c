"""Krippendorff's alphas for unitizing: how far coders agree on where the units of a text are, and on labels.

Not to be confused with the alpha_U of 1995 and 2004, which squares differences of edges. Over articles laid end
to end, with lengths in code points: l_ck = lengths that one coder labels c and another k, over m - 1; by chance
e_ck = (l_c l_k - [c = k] S_c) / (l - S / l), where S_c sums the squared lengths of the units labelled c, and of
the gaps the plain lengths, because the characters of a gap are free. A coder who did not finish an article is
missing there, not silent. These alphas see characters, not edges: a unit cut in two agrees with the whole one.
Source: Krippendorff, Mathet, Bouvry and Widlöcher (2016), Quality and Quantity 50:2347-2364; Krippendorff
(2019), Content Analysis, 4th ed., section 12.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.agreement.measures.bootstrap import USUAL, Coefficient, Floats, Resampling, estimate, interval
from annotator.agreement.measures.continuum import Stretches, Units, joined, laid_out, placed, swept
from annotator.agreement.measures.marks import ReadArticle
from annotator.agreement.measures.result import NO_VARIATION, NOTHING_CODED_TWICE, Measure


@dataclass(frozen=True, slots=True)
class Covered:
    """An alpha of the text that two coders marked, and the share of the marked text that this is.

    coverage: from 0 to 1.
    """

    measure: Measure
    coverage: float | None


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one alpha needs: numbers per article (articles × numbers), and what is told beside it.

    The first number is the disagreement. size: the length compared, of which that is a part; units: how many;
    joined: marks that overlapped others and were joined with them.
    """

    statistics: Floats
    size: float
    units: int
    joined: int


@dataclass(frozen=True, slots=True)
class Unitized:
    """One pass over the marks; each alpha is a few sums from here.

    everything: labels and gaps; found: marked or not; both: labels where two marked; labels: each against all
    the rest; values: each within both. stacked: characters, per coder, that carry several labels at once.
    """

    everything: Amounts
    found: Amounts
    both: Amounts
    labels: dict[str, Amounts]
    values: dict[str, Amounts]
    coders: int
    left_out: int
    stacked: int


def unitized(articles: Sequence[ReadArticle]) -> Unitized:
    """Go over all marks once. Articles that fewer than two coders finished are left out and counted.

    Marks of one coder and one label that overlap are joined first. Where one coder has several labels on the
    same characters, the set of these labels is compared with the other coders' sets.
    """
    laid = laid_out(articles)
    apart, together = joined(laid), joined(laid, across_labels=True)
    stretches = swept(apart)
    units = placed(apart, stretches)
    names = {name: units.only(units.label == number) for number, name in enumerate(laid.labels)}
    given = {name: int((laid.label == number).sum()) for number, name in enumerate(laid.labels)}
    return Unitized(
        everything=_everything(units, stretches, len(laid.start)),
        found=_against_rest(placed(together, stretches), stretches, len(laid.start)),
        both=_both(units, stretches, len(laid.start)),
        labels={name: _against_rest(some, stretches, given[name]) for name, some in names.items()},
        values={name: _against_others(some, stretches, given[name]) for name, some in names.items()},
        coders=laid.coders,
        left_out=laid.left_out,
        stacked=units.stacked(stretches),
    )


def alpha_u(work: Unitized, *, resampling: Resampling | None = USUAL) -> Measure:
    """Alpha of labels and gaps together: are the units in the same places, and labelled alike?"""
    return _measure(work, work.everything, _matrix, resampling, stacked=work.stacked)


def alpha_found(work: Unitized, *, resampling: Resampling | None = USUAL) -> Measure:
    """The alpha written |u: marked or not, whatever the label. Overlapping marks of one coder are one unit."""
    return _measure(work, work.found, _against_gap, resampling)


def alpha_per_label(work: Unitized, *, resampling: Resampling | None = USUAL) -> dict[str, Measure]:
    """By label, alpha u of the units of this label alone, all else being gap. Other labels may overlap them."""
    return {name: _measure(work, amounts, _against_gap, resampling) for name, amounts in work.labels.items()}


def alpha_cu(work: Unitized, *, resampling: Resampling | None = USUAL) -> Covered:
    """Alpha of the labels where two coders marked something, and what share of the marked text that is."""
    measure = _measure(work, work.both, _matrix, resampling, stacked=work.stacked)
    return Covered(measure, _ratio(work.both.size, work.found))


def alpha_ku(work: Unitized, *, resampling: Resampling | None = USUAL) -> dict[str, Covered]:
    """By label k, the alpha written (k)u: where two coders marked something, did both say k?

    coverage: the share of the text labelled k that another coder marked too, with any label.
    """
    return {
        name: Covered(_measure(work, amounts, _value, resampling), _ratio(amounts.size, work.labels[name]))
        for name, amounts in work.values.items()
    }


def _measure(
    work: Unitized,
    amounts: Amounts,
    coefficient: Coefficient,
    resampling: Resampling | None,
    *,
    stacked: int = 0,
) -> Measure:
    notes = _notes(amounts.joined, stacked)
    if amounts.size == 0:
        return Measure(None, NOTHING_CODED_TWICE, 0, work.coders, left_out=work.left_out, notes=notes)
    value = estimate(amounts.statistics, coefficient)
    return Measure(
        value=value,
        reason=NO_VARIATION if value is None else None,
        units=amounts.units,
        coders=work.coders,
        interval=None if value is None else interval(amounts.statistics, coefficient, resampling),
        left_out=work.left_out,
        notes=notes,
        observed=1 - float(amounts.statistics[:, 0].sum()) / amounts.size,
    )


def _notes(joined: int, stacked: int) -> tuple[str, ...]:
    notes = []
    if joined:
        notes.append(f"Spans that overlapped another of the same reader and were joined with it: {joined:,}.")
    if stacked:
        notes.append(f"Characters under several labels of one reader, compared as sets of labels: {stacked:,}.")
    return tuple(notes)


def _ratio(shared: float, marked: Amounts) -> float | None:
    """The share of the marked text; None where nothing is marked."""
    length = float(marked.statistics[:, 2].sum())
    return shared / length if length else None


def _everything(units: Units, stretches: Stretches, given: int) -> Amounts:
    """Articles × (disagreement, S, length of each set of labels, that of the gaps first)."""
    readers = stretches.readers
    unlike = readers * (readers - 1) // 2 - stretches.alike(stretches.present)
    disagreement = stretches.sums(2 * unlike * stretches.length / (readers - 1))
    gaps = stretches.sums((stretches.present & ~stretches.marked).sum(axis=0) * stretches.length)
    squares = stretches.squares(stretches.marked * stretches.length)
    lengths = stretches.by_state(stretches.present * stretches.length)
    statistics = np.column_stack([disagreement, gaps + squares, lengths])
    return Amounts(statistics, float(lengths.sum()), len(units), given - len(units))


def _both(units: Units, stretches: Stretches, given: int) -> Amounts:
    """Articles × (disagreement, S, length of each set of labels), of what two coders marked.

    A unit counts there with the mean length that it shares with units of the other coders.
    """
    marking, others = stretches.marking, stretches.readers - 1
    unlike = marking * (marking - 1) // 2 - stretches.alike(stretches.marked)
    disagreement = stretches.sums(2 * unlike * stretches.length / others)
    shared = stretches.shared / others
    lengths = stretches.by_state(shared)
    statistics = np.column_stack([disagreement, stretches.squares(shared), lengths])
    sharing = int(np.count_nonzero(units.shared))
    return Amounts(statistics, float(lengths.sum()), sharing, given - len(units))


def _against_rest(units: Units, stretches: Stretches, given: int) -> Amounts:
    """Articles × (disagreement, S of the units, their length, all length): units of one kind, the rest gap."""
    inside, readers, length = units.depth(stretches), stretches.readers, stretches.length
    disagreement = stretches.sums(2 * inside * (readers - inside) * length / (readers - 1))
    size = stretches.sums(readers * length)
    squares = units.sums(units.length**2, stretches)
    statistics = np.column_stack([disagreement, squares, stretches.sums(inside * length), size])
    return Amounts(statistics, float(size.sum()), len(units), given - len(units))


def _against_others(units: Units, stretches: Stretches, given: int) -> Amounts:
    """Articles × (disagreement, S, length of this label, length of all), of what two coders marked."""
    inside, marking, weight = units.depth(stretches), stretches.marking, stretches.length / (stretches.readers - 1)
    disagreement = stretches.sums(inside * (marking - inside) * weight)
    here = stretches.sums(inside * (marking - 1) * weight)
    size = stretches.sums(marking * (marking - 1) * weight)
    statistics = np.column_stack([disagreement, units.sums(units.shared**2, stretches), here, size])
    return Amounts(statistics, float(here.sum()), int(np.count_nonzero(units.shared)), given - len(units))


def _matrix(sums: Floats) -> Floats:
    lengths = sums[:, 2:]
    size = lengths.sum(axis=1)
    return _alpha(sums[:, 0], sums[:, 1], (lengths * (size[:, None] - lengths)).sum(axis=1), size)


def _against_gap(sums: Floats) -> Floats:
    disagreement, squares, length, size = sums.T
    return _alpha(disagreement, squares + size - length, 2 * length * (size - length), size)


def _alpha(disagreement: Floats, squares: Floats, products: Floats, size: Floats) -> Floats:
    """1 - D_o / D_e; products: the sum of l_c l_k over unlike c and k. NaN where there is only one value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(products > 0, 1 - disagreement * (size - squares / size) / products, np.nan)


def _value(sums: Floats) -> Floats:
    """1 - (share of k that others call otherwise) / (the same by chance), as in equation 13 of the paper."""
    disagreement, squares, length, size = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = length * (size - length) / (length * size - squares)
        return np.where(length * (size - length) > 0, 1 - disagreement / length / expected, np.nan)
