"""Time and memory of the agreement measures on made-up readings: `python -m tests.benchmarks.agreement`.

Each task runs in a process of its own, on one core where the system lets a process choose, and is timed from
plain marks to finished numbers, intervals included. Memory is the most the process held, less what it held
before the task began; the readings themselves are made before that.
"""

import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from multiprocessing import get_context
from time import perf_counter
from typing import TypeAlias, TypeVar

import numpy as np

from annotator.agreement.measures.alpha import alpha_nominal, alpha_ordinal
from annotator.agreement.measures.differences import boundary_differences, confusion
from annotator.agreement.measures.kappa import cohen, observed_agreement, scott
from annotator.agreement.measures.marks import Mark, ReadArticle
from annotator.agreement.measures.matching import aligned
from annotator.agreement.measures.span_f1 import Tally, span_f1, tally
from annotator.agreement.measures.unitizing import (
    alpha_cu,
    alpha_found,
    alpha_ku,
    alpha_per_label,
    alpha_u,
    unitized,
)

CODERS = ("reviewer-a", "reviewer-b", "reviewer-c")
LABELS = ("CLAIM", "ACTOR", "STANCE")
POLARITY = {"oppose": 0, "neutral": 1, "mixed": 1, "support": 2}
LENGTH = 5_000

Unit: TypeAlias = tuple[Mark, Mark]
Result = TypeVar("Result")


def main() -> None:
    """Print one line for each step."""
    context = get_context("spawn")
    for task in (alpha_u_alone, overview, overview_after_a_submit, breakdowns):
        with ProcessPoolExecutor(1, mp_context=context) as one_process:
            for line in one_process.submit(task).result():
                sys.stdout.write(line + "\n")


def alpha_u_alone() -> list[str]:
    """The unitizing alpha of 100,000 spans: 1,667 articles, three coders, twenty spans each."""
    articles = readings(1_667)
    steps = _Steps("alpha_u", articles)
    work = steps.timed("one pass over the marks", lambda: unitized(articles))
    steps.timed("alpha_u with its interval", lambda: alpha_u(work))
    return steps.lines()


def overview() -> list[str]:
    """What an agreement page shows at first: 1,000 articles, three coders, twenty spans each."""
    articles = readings(1_000)
    steps = _Steps("overview from nothing", articles)
    tallies = steps.timed("matches, article by article", lambda: [tally(article) for article in articles])
    units = steps.timed("matched spans, article by article", lambda: [matched(article) for article in articles])
    _told(steps, articles, tallies, units)
    return steps.lines()


def overview_after_a_submit() -> list[str]:
    """The same when one of the articles has changed and what was kept of the others still holds."""
    articles = readings(1_000)
    tallies, units = [tally(article) for article in articles], [matched(article) for article in articles]
    steps = _Steps("overview after one more submit", articles)
    tallies[0] = steps.timed("matches of one article", lambda: tally(articles[0]))
    units[0] = steps.timed("matched spans of one article", lambda: matched(articles[0]))
    _told(steps, articles, tallies, units)
    return steps.lines()


def breakdowns() -> list[str]:
    """What is shown on demand: edges and labels of every two coders, each with the spans behind it."""
    articles = readings(1_000)
    steps = _Steps("breakdowns", articles)
    for one, other in combinations(CODERS, 2):
        steps.timed(f"edges of {one}, {other}", lambda: boundary_differences(articles, first=one, second=other))
        steps.timed(f"labels of {one}, {other}", lambda: confusion(articles, first=one, second=other))
    return steps.lines()


def _told(steps: "_Steps", articles: list[ReadArticle], tallies: list[Tally], units: list[list[Unit]]) -> None:
    steps.timed("F1 of all spans and by label", lambda: [span_f1(tallies, label=each) for each in (None, *LABELS)])
    work = steps.timed("one pass over the marks", lambda: unitized(articles))
    alphas = (alpha_u, alpha_found, alpha_cu, alpha_ku, alpha_per_label)
    steps.timed("unitizing alphas", lambda: [each(work) for each in alphas])
    labels = [(mine[2], other[2]) for article in units for mine, other in article]
    values = [(_polarity(mine), _polarity(other)) for article in units for mine, other in article]
    homes = [number for number, article in enumerate(units) for _ in article]
    nominal = (alpha_nominal, cohen, scott, observed_agreement)
    steps.timed("labels of matched spans", lambda: [each(labels, articles=homes) for each in nominal])
    steps.timed("an attribute of matched spans", lambda: [each(values, articles=homes) for each in nominal])
    steps.timed("its order", lambda: alpha_ordinal(values, POLARITY, articles=homes))


def matched(article: ReadArticle) -> list[Unit]:
    """The spans that two coders have in common, for every two."""
    pairs = list(combinations(article.marks.values(), 2))
    return [(ours[pair.first], theirs[pair.second]) for ours, theirs in pairs for pair in aligned(ours, theirs)]


def readings(articles: int, *, spans: int = 20, seed: int = 1) -> list[ReadArticle]:
    """Three coders who see mostly the same: a span missed here and there, an edge moved, a label changed."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(articles):
        starts = random.integers(0, LENGTH - 150, size=spans)
        seen = [
            (int(start), int(start) + int(random.integers(5, 120)), LABELS[int(random.integers(3))]) for start in starts
        ]
        made.append(ReadArticle(LENGTH, {coder: [_varied(mark, random) for mark in seen] for coder in CODERS}))
    return made


def _varied(mark: Mark, random: np.random.Generator) -> Mark:
    start, end, label = mark
    kind = random.random()
    if kind < 0.1:
        start = int(random.integers(0, LENGTH - 150))
        return start, start + 40, label
    if kind < 0.4:
        return max(0, start + int(random.integers(-3, 4))), end + int(random.integers(0, 4)), label
    if kind < 0.45:
        return start, end, LABELS[int(random.integers(3))]
    return mark


def _polarity(mark: Mark) -> str:
    return list(POLARITY)[(mark[1] * 7) % 4]


class _Steps:
    """Times steps one after another and tells them in the end."""

    def __init__(self, task: str, articles: list[ReadArticle]) -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        spans = sum(len(marks) for article in articles for marks in article.marks.values())
        self.heading = f"{task}: {len(articles):,} articles, {len(CODERS)} coders, {spans:,} spans"
        self.steps: list[tuple[str, float]] = []
        self.before = _held()

    def timed(self, name: str, step: Callable[[], Result]) -> Result:
        begun = perf_counter()
        result = step()
        self.steps.append((name, perf_counter() - begun))
        return result

    def lines(self) -> list[str]:
        total = sum(seconds for _, seconds in self.steps)
        grown = _held() - self.before
        told = [f"  {name:<42} {seconds:6.2f} s" for name, seconds in self.steps]
        return [self.heading, *told, f"  {'in all':<42} {total:6.2f} s, {grown:.0f} MB more"]


def _held() -> float:
    """The most memory this process has held so far, in megabytes; Linux counts kilobytes, macOS bytes."""
    unit = 1 if sys.platform == "darwin" else 1_024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000


if __name__ == "__main__":
    main()
