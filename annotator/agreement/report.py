"""What the agreement page tells: found, boundary, label, attributes and relations, each apart. Pure.

Takes articles that were worked through (`parts`), calls the measures, returns figures: each with its units, coders,
interval and what was left out, or with the reason why there is no number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final, TypeVar

import numpy as np

from annotator.agreement.figures import Figure, with_notes
from annotator.agreement.measures.alpha import alpha_nominal
from annotator.agreement.measures.bootstrap import USUAL, Floats, estimate, interval
from annotator.agreement.measures.kappa import cohen
from annotator.agreement.measures.relation_f1 import Linked, relation_f1
from annotator.agreement.measures.result import Measure
from annotator.agreement.measures.span_f1 import Spread, span_f1
from annotator.agreement.measures.unitizing import (
    Covered,
    alpha_cu,
    alpha_found,
    alpha_ku,
    alpha_per_label,
    alpha_u,
    unitized,
)
from annotator.agreement.parts import LABEL, Edges, Part, Question
from annotator.agreement.questions import Coded, figures_of, more_figures
from annotator.agreement.scheme import Scheme

NOTHING_MATCHED: Final = "undefined: no two readers marked the same thing"

Key = TypeVar("Key")
Met = Mapping[tuple[str | None, str | None], int]


@dataclass(frozen=True)
class Answers:
    """The figures of one question; the one that fits its kind of answer comes first."""

    question: Question
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Report:
    """What is told of some articles.

    drawn: relations; dropped: spans in furniture; earlier: readings under an earlier version of the codebook;
    apart: what of these stands as it was said. by_label: figures of finding, by label;
    values: alpha of each label against the others. met: how often which labels of two readers met, None for no span.
    """

    articles: int
    coders: int
    spans: int
    drawn: int
    dropped: int
    earlier: int
    apart: int
    found: tuple[Figure, ...]
    by_label: Mapping[str, tuple[Figure, ...]]
    boundary: tuple[Figure, ...]
    edges: Edges
    label: tuple[Figure, ...]
    values: tuple[Figure, ...]
    met: Met
    attributes: tuple[Answers, ...]
    relations: tuple[Figure, ...]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All of them, in the order of the page."""
        of_labels = chain.from_iterable(self.by_label.values())
        of_answers = chain.from_iterable(answers.figures for answers in self.attributes)
        return (*self.found, *of_labels, *self.boundary, *self.label, *self.values, *of_answers, *self.relations)


def report(parts: Sequence[Part], scheme: Scheme) -> Report:
    """Everything that the page shows at first."""
    label = Coded(parts, LABEL)
    found, by_label = _found(parts, scheme)
    return Report(
        articles=len(parts),
        coders=coders_of(parts),
        spans=sum(part.spans for part in parts),
        drawn=sum(len(links) for part in parts for links in part.links),
        dropped=sum(sum(part.dropped) for part in parts),
        earlier=sum(sum(part.earlier) for part in parts),
        apart=sum(sum(part.apart) for part in parts),
        found=found,
        by_label=by_label,
        boundary=_boundary(parts),
        edges=_edges(parts),
        label=(*figures_of(label), *more_figures(label)),
        values=label.values(scheme),
        met=_added(part.met for part in parts),
        attributes=tuple(
            Answers(question, figures_of(Coded(parts, question), asked)) for question, asked in scheme.asked.items()
        ),
        relations=_relations(parts, scheme),
    )


def brief(parts: Sequence[Part], scheme: Scheme, *, of_two: bool = False) -> tuple[Figure, ...]:
    """A line of a breakdown: what was found, how edges lie, what it was called, answered and related.

    of_two: with Cohen's kappa, which is never averaged over pairs.
    """
    work, label = unitized([part.read for part in parts]), Coded(parts, LABEL)
    return (
        Figure("found", "", "alpha_u", alpha_u(work)),
        Figure("found", "", "f1_half", _spread(span_f1([part.tally for part in parts]).half)),
        _boundary(parts)[0],
        label.figure("alpha_nominal", alpha_nominal),
        *([label.figure("cohen", cohen)] if of_two else []),
        *(figures_of(Coded(parts, question), asked)[0] for question, asked in scheme.asked.items()),
        Figure("relations", "", "f1_relations", _relation_f1(parts, None)),
    )


def coders_of(parts: Iterable[Part]) -> int:
    return len({coder for part in parts for coder in part.coders})


# Found


def _found(parts: Sequence[Part], scheme: Scheme) -> tuple[tuple[Figure, ...], dict[str, tuple[Figure, ...]]]:
    tallies, work = [part.tally for part in parts], unitized([part.read for part in parts])
    every = span_f1(tallies)
    found = (
        Figure("found", "", "f1_exact", _spread(every.exact)),
        Figure("found", "", "f1_half", _spread(every.half)),
        Figure("found", "", "f1_touching", _spread(every.touching)),
        Figure("found", "", "alpha_u", alpha_u(work)),
        Figure("found", "", "alpha_found", alpha_found(work)),
        Figure("found", "", "alpha_cu", _covered(alpha_cu(work), "of the marked text was marked by two readers")),
    )
    apart, both = alpha_per_label(work), alpha_ku(work)
    by_label: dict[str, tuple[Figure, ...]] = {}
    for label in sorted(apart, key=scheme.order):
        own = span_f1(tallies, label=label)
        by_label[label] = (
            Figure("found", label, "f1_exact", _spread(own.exact)),
            Figure("found", label, "f1_half", _spread(own.half)),
            Figure("found", label, "alpha_u", apart[label]),
            Figure("found", label, "alpha_ku", _covered(both[label], "of its text was marked by another reader too")),
        )
    return found, by_label


def _spread(spread: Spread) -> Measure:
    """The mean of the pairs of coders; where there are several, the least and the greatest are told."""
    values = [measure.value for measure in spread.pairs.values() if measure.value is not None]
    if len(values) < 2:
        return spread.mean
    return with_notes(spread.mean, f"Least of the pairs: {min(values):.3f}, greatest: {max(values):.3f}.")


def _covered(covered: Covered, words: str) -> Measure:
    if covered.coverage is None:
        return covered.measure
    return with_notes(covered.measure, f"{round(100 * covered.coverage)} % {words}.")


# Boundary


def _boundary(parts: Sequence[Part]) -> tuple[Figure, ...]:
    edges = [part.edges for part in parts]
    counts = [(each.same, each.starts.get(0, 0), each.ends.get(0, 0), each.matched) for each in edges]
    statistics = np.array(counts, dtype=np.float64).reshape(len(parts), 4)
    coders, called_otherwise = coders_of(parts), _called_otherwise(parts)
    return tuple(
        Figure("boundary", "", key, _share(statistics[:, [at, 3]], coders, called_otherwise))
        for at, key in enumerate(("same_edges", "same_start", "same_end"))
    )


def _called_otherwise(parts: Sequence[Part]) -> int:
    """Pairs of spans that were matched under two labels: their edges are not compared."""
    return sum(count for part in parts for (one, other), count in part.met.items() if one and other and one != other)


def _share(statistics: Floats, coders: int, left_out: int) -> Measure:
    """The share of the second column that the first is. statistics: articles × 2."""
    value = estimate(statistics, _first_over_second)
    if value is None:
        return Measure(None, NOTHING_MATCHED, 0, coders, left_out=left_out)
    drawn = interval(statistics, _first_over_second, USUAL)
    return Measure(value, None, int(statistics[:, 1].sum()), coders, drawn, left_out)


def _first_over_second(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)


def _edges(parts: Sequence[Part]) -> Edges:
    edges = [part.edges for part in parts]
    return Edges(
        matched=sum(each.matched for each in edges),
        same=sum(each.same for each in edges),
        starts=_added(each.starts for each in edges),
        ends=_added(each.ends for each in edges),
    )


def _added(counts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    total = Counter[Key]()
    for each in counts:
        total.update(each)
    return dict(total)


# Relations


def _relations(parts: Sequence[Part], scheme: Scheme) -> tuple[Figure, ...]:
    types = sorted({link[0] for part in parts for links in part.links for link in links}, key=scheme.order)
    every = Figure("relations", "", "f1_relations", _relation_f1(parts, None))
    return (every, *(Figure("relations", type_, "f1_relations", _relation_f1(parts, type_)) for type_ in types))


NO_LINKS: Final = Linked((), (), ())


def _relation_f1(parts: Sequence[Part], type_: str | None) -> Measure:
    """Over every two coders of an article together, so that an article is one in the interval."""
    linked = [part.linked if type_ is None else part.linked_by_type.get(type_, NO_LINKS) for part in parts]
    coders = coders_of(parts)
    measure = relation_f1(linked)
    return with_notes(measure, *(("All pairs of readers together.",) if coders > 2 else ()), coders=coders)
