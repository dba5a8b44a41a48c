"""Who gets which article: how many readers each wants, whether it wants one more, how a batch is dealt. Pure."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

GOLDEN = 0x9E3779B97F4A7C15
"""2⁶⁴ divided by the golden ratio."""
CIRCLE = 1 << 64

Place: TypeAlias = tuple[int, int, str]
"""Start, end and label of a span."""


def readers_wanted(position: int, *, redundancy: int, share: int, seed: int) -> int:
    """How many readers the project's rule gives to the article at a position: `redundancy`, or one.

    share: per cent of the articles that get `redundancy`. Multiples of the golden ratio fall evenly on a circle,
    so the share is kept to an article or two however many articles there are; more articles or a larger share
    only add to those chosen before. seed: where on the circle to begin.
    Source: Weyl (1916), Über die Gleichverteilung von Zahlen mod. Eins.
    """
    point = (seed + position * GOLDEN) % CIRCLE
    return redundancy if point * 100 < share * CIRCLE else 1


def is_suggested(article: str, reader: str, *, share: int, seed: int) -> bool:
    """Whether the lot gives the reader suggestions on an article: in `share` per cent of all readings.

    Knows nothing of other readers; a larger share only adds to those chosen before.
    """
    point = int.from_bytes(_lot(str(seed), article, reader), "big")
    return point * 100 < share * CIRCLE


def is_drawn(lot: int, *, share: int) -> bool:
    """Whether a lot, 0 ≤ lot < 2⁶³, falls among the share that is drawn, in per cent. A larger share only adds."""
    return lot * 100 < share << 63


def exact_agreement(readings: Sequence[Iterable[Place]]) -> float | None:
    """Span F1 with equal start, end and label, the mean over all pairs of readers: a rate from 0 to 1.

    None where there is nothing to go by: fewer than two readings, or none with a span. A pair of which neither
    has a span is left out.
    """
    pairs = list(combinations([set(reading) for reading in readings], 2))
    rates = [2 * len(one & other) / (len(one) + len(other)) for one, other in pairs if one or other]
    return sum(rates) / len(rates) if rates else None


def deal(
    places: Mapping[str, int],
    room: Mapping[str, int | None],
    had: Collection[tuple[str, str]],
) -> list[tuple[str, str]]:
    """Offer articles to readers, as evenly as may be: pairs (article, reader), no pair twice.

    places: how many readers each article is to get. room: how many articles each reader takes, None for any
    number. had: pairs that must not come again. Articles few can take are dealt first; an article gets fewer
    readers than it has places when nobody is left for it. The same arguments give the same answer.
    """
    dealt: list[tuple[str, str]] = []
    load = Counter[str]()
    able = {article: [reader for reader in room if (article, reader) not in had] for article in places}
    for article in sorted(places, key=lambda article: (len(able[article]), _lot(article))):
        free = [reader for reader in able[article] if _has_room(room[reader], load[reader])]
        free.sort(key=lambda reader: (load[reader], _lot(article, reader)))
        for reader in free[: places[article]]:
            dealt.append((article, reader))
            load[reader] += 1
    return dealt


def _has_room(room: int | None, load: int) -> bool:
    return room is None or load < room


def _lot(*names: str) -> bytes:
    """Breaks ties without favour, so that every reader meets every other about equally often."""
    return hashlib.blake2b("\n".join(names).encode(), digest_size=8).digest()
