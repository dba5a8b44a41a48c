"""Contingency tables as they are printed, spelled out as codes."""

from collections.abc import Hashable, Sequence

from annotator.agreement.measures.result import Measure


def units(table: Sequence[Sequence[int]], values: Sequence[Hashable]) -> list[tuple[Hashable, Hashable]]:
    """Units × 2 from a table whose rows are the codes of the first coder, and columns those of the second."""
    return [
        (values[row], values[column])
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


def value(measure: Measure) -> float:
    assert measure.value is not None, measure.reason
    return measure.value
