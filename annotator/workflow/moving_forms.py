"""What the page sends about a move: for each thing that retires, what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from annotator.schema.codebook import Codebook
from annotator.schema.mapping import FATES, Fate, Thing, called, disappearing, likely, targets

FATE_WORDS = (
    ("rename", "is called"), ("merge", "is part of"), ("split", "is split into"), ("retire", "stays, and is flagged"),
)  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """One thing that retires. `name`: begins its fields; `options`: what it may become, with whether it is chosen."""

    thing: Thing
    name: str
    words: str
    fate: Fate
    options: Sequence[tuple[str, bool]]


def read_mapping(old: Codebook, new: Codebook, sent: QueryDict) -> dict[Thing, Fate]:
    """Fields `fate-<n>` and `to-<n>` for the n-th thing that disappears; what is not sent is proposed."""
    mapped = likely(old, new)
    for number, thing in enumerate(disappearing(old, new)):
        kind = sent.get(f"fate-{number}", "")
        if kind in FATES:
            chosen = tuple(one for one in dict.fromkeys(sent.getlist(f"to-{number}")) if one)
            mapped[thing] = Fate(kind, () if kind == "retire" else chosen)
    return mapped


def asks_of(old: Codebook, new: Codebook, mapped: dict[Thing, Fate]) -> list[Ask]:
    return [
        Ask(
            thing, str(number), called(thing), mapped[thing],
            [(key, key in mapped[thing].to) for key in targets(thing, new, mapped)],
        )
        for number, thing in enumerate(disappearing(old, new))
    ]  # fmt: skip
