"""One reading measured by another that counts as right: how much was found, and how much of it answered alike. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from annotator.workflow.comparison import Voice, compare


@dataclass(frozen=True)
class Score:
    """Counts of spans and answers.

    marked: spans of the reading; wanted: spans of gold; exact: those alike in start, end and label; shared: pairs
    that mean the same thing under one label, as `alignment` puts them together, whatever their edges. asked:
    answers that one of the two gives about such a pair; alike: those that both give.
    """

    marked: int
    wanted: int
    exact: int
    shared: int
    asked: int
    alike: int

    @property
    def exact_f1(self) -> int | None:
        """F1 of spans with the same edges, in whole per cent; None where neither has a span."""
        return self._f1(self.exact)

    @property
    def shared_f1(self) -> int | None:
        """F1 of spans whatever their edges, in whole per cent; None where neither has a span."""
        return self._f1(self.shared)

    @property
    def answers(self) -> int | None:
        """How many of the answers are alike, in whole per cent; None where nothing was asked."""
        return _percent(self.alike, self.asked)

    def _f1(self, matched: int) -> int | None:
        """Twice the matched over all spans of both: the harmonic mean of precision and recall."""
        return _percent(2 * matched, self.marked + self.wanted)

    def passes(self, *, spans: int | None, answers: int | None) -> bool:
        """Whether it reaches the marks, in per cent; None for no mark. What cannot be measured hinders nobody."""
        return _reaches(self.shared_f1, spans) and _reaches(self.answers, answers)


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _reaches(rate: int | None, mark: int | None) -> bool:
    return rate is None or mark is None or rate >= mark


def score(own: Voice, gold: Voice, compared: Callable[[str], Collection[str]]) -> Score:
    """compared: from a label to the names of the attributes that count."""
    groups = compare([own, gold], compared=compared).span_groups
    pairs = [group for group in groups if len(group.members) == 2 and not group.label_differs]
    return Score(
        marked=len(own.spans),
        wanted=len(gold.spans),
        exact=sum(not group.boundary_differs for group in pairs),
        shared=len(pairs),
        asked=sum(len(group.counted) for group in pairs),
        alike=sum(len(group.counted - group.attributes.keys()) for group in pairs),
    )
