"""What several voices say about the same thing: spans or relations that were matched. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from annotator.standoff import Relation, Span, Value


class Answer(Enum):
    """An answer to an attribute that is not a value."""

    NOT_IN_TEXT = "not in the text"


NOT_IN_TEXT: Final = Answer.NOT_IN_TEXT

Reply: TypeAlias = Value | Answer | None
"""What a voice says about one attribute; None where it gave no answer."""

Replies: TypeAlias = Mapping[str, Reply]
"""By voice."""


@dataclass(frozen=True)
class SpanGroup:
    """Spans of several voices that mean the same thing, at most one per voice.

    key: derived from the ids of the members, so that it stays the same while they do. missing: the voices
    without such a span. attributes: by name, the replies of those asked, only where these differ; who chose a
    label without that attribute is not asked. counted: names of all attributes compared.
    identical: every voice has it, with the same extent and label; attributes may still differ.
    """

    key: str
    members: Mapping[str, Span]
    missing: tuple[str, ...]
    attributes: Mapping[str, Replies]
    counted: frozenset[str]

    @property
    def start(self) -> int:
        """Where the first member starts."""
        return min(span.start for span in self.members.values())

    @property
    def end(self) -> int:
        """Where the last member ends."""
        return max(span.end for span in self.members.values())

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels its members have, sorted; just one unless `label_differs`."""
        return tuple(sorted({span.label for span in self.members.values()}))

    @property
    def boundary_differs(self) -> bool:
        """Whether members start or end at different places."""
        return len({(span.start, span.end) for span in self.members.values()}) > 1

    @property
    def label_differs(self) -> bool:
        """Whether members have different labels."""
        return len(self.labels) > 1

    @property
    def identical(self) -> bool:
        """Whether every voice has it, with the same extent and label."""
        return not (self.missing or self.boundary_differs or self.label_differs)


@dataclass(frozen=True)
class RelationGroup:
    """Relations of several voices with the same type between the same span groups, at most one per voice.

    source_group, target_group: keys of span groups; for a symmetric type in reading order. rivals: keys of
    groups that join the same two ends by another type or in the other direction, where neither is everyone's.
    key, missing, attributes and counted as for a span group. identical: every voice has it.
    """

    key: str
    type: str
    source_group: str
    target_group: str
    members: Mapping[str, Relation]
    missing: tuple[str, ...]
    attributes: Mapping[str, Replies]
    counted: frozenset[str]
    rivals: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether every voice has it; attributes may still differ."""
        return not self.missing


Group: TypeAlias = SpanGroup | RelationGroup


def group_key(kind: Literal["span", "relation"], ids: Iterable[str]) -> str:
    """Names a group by the ids of its members: 32 hexadecimal digits of a SHA-256."""
    return _digest(f"{kind}:{','.join(sorted(ids))}")


def attribute_key(group: Group, name: str) -> str:
    """Names the question what value an attribute has; stays the same while the members of the group do."""
    return _digest(f"attribute:{name},{group.key}")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def agreed_attributes(group: Group, label: str | None = None) -> dict[str, Value]:
    """The values that all members give alike, also of attributes that do not count in agreement.

    label: ask only the members with this label, as once the label of the group is settled.
    """
    asked = _asked(group, label)
    return {
        name: value
        for first in asked[:1]
        for name, value in sorted(first.attributes.items())
        if all(reply(item, name) == value for item in asked)
    }


def agreed_absent(group: Group, label: str | None = None) -> frozenset[str]:
    """What all members, or all with this label, answer with "not in the text"."""
    answers = [frozenset(absent_names(item)) for item in _asked(group, label)]
    return frozenset.intersection(*answers) if answers else frozenset()


def _asked(group: Group, label: str | None) -> list[Span | Relation]:
    return [
        item for item in group.members.values() if label is None or not isinstance(item, Span) or item.label == label
    ]


def reply(item: Span | Relation, name: str) -> Reply:
    """What the item says about one attribute."""
    return NOT_IN_TEXT if name in absent_names(item) else item.attributes.get(name)


def absent_names(item: Span | Relation) -> Collection[str]:
    """What the item answers with "not in the text"; only spans can."""
    return item.absent if isinstance(item, Span) else ()


def word_difference(
    a: str, b: str, *, a_start: int, b_start: int
) -> list[tuple[Literal["same", "only_a", "only_b"], str]]:
    """Two quotes of one text, laid over each other by where they start: at most three pieces in text order.

    Where both are, the piece is `same`; before and after that stands what one of them has more. Quotes that
    share nothing give two pieces, without what lies between them.
    Raises ValueError when the quotes contradict each other where they overlap, so cannot be of one text.
    """
    pieces: list[tuple[Literal["same", "only_a", "only_b"], str]] = []
    edges = {a_start, a_start + len(a), b_start, b_start + len(b)}
    for left, right in pairwise(sorted(edges)):
        in_a, in_b = _part(a, a_start, left, right), _part(b, b_start, left, right)
        if in_a and in_b and in_a != in_b:
            raise ValueError(f"At [{left}, {right}) one quote has {in_a!r}, the other {in_b!r}.")
        if in_a or in_b:
            pieces.append(("same" if in_a and in_b else "only_a" if in_a else "only_b", in_a or in_b))
    return pieces


def _part(quote: str, start: int, left: int, right: int) -> str:
    # Left of the quote the indices would be negative, and count from its end.
    return quote[left - start : right - start] if left >= start else ""
