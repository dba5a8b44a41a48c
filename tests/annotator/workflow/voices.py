"""A voice and what settles in a few words: what the tests of comparing and of settling are told with."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from annotator.standoff import Relation, Span
from annotator.workflow.comparison import Voice
from annotator.workflow.settlement import Settled

Boundary: TypeAlias = Literal["longest", "shortest", "intersection"]
BOUNDARIES: tuple[Boundary, ...] = ("longest", "shortest", "intersection")


def voice(key: str, *items: Span | Relation) -> Voice:
    """The items under ids of this voice: a span `claim` of voice a becomes `a:claim`."""
    spans = [replace(item, id=f"{key}:{item.id}") for item in items if isinstance(item, Span)]
    relations = [
        replace(item, id=f"{key}:{item.id}", source=f"{key}:{item.source}", target=f"{key}:{item.target}")
        for item in items
        if isinstance(item, Relation)
    ]
    return Voice(key, spans, relations)


def extents(settled: Sequence[Settled]) -> list[tuple[str | None, int | None, int | None]]:
    return [(one.label, one.start, one.end) for one in settled if one.subject == "span"]
