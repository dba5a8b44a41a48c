"""Readings of one article in a few words, for tests of what is counted."""

import json
import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from annotator.agreement.parts import Part, Reading, worked
from annotator.agreement.scheme import Scheme
from annotator.schema.codebook import Codebook, parse
from annotator.settings import BASE_DIR

LENGTH = 200


def codebook(slug: str = "news-positions") -> Codebook:
    return parse(json.loads((BASE_DIR / "seeds" / "codebooks" / f"{slug}.json").read_text(encoding="utf-8")))


BOOK = codebook()
SCHEME = Scheme.of([BOOK])


def span(start: int, end: int, label: str = "CLAIM", *absent: str, **attributes: Any) -> dict[str, Any]:
    """Its id is its place."""
    return {
        "id": f"{start}-{end}-{label}", "start": start, "end": end, "label": label, "attributes": attributes,
        "absent": list(absent),
    }  # fmt: skip


def line(type_: str, source: Mapping[str, Any], target: Mapping[str, Any], **attributes: Any) -> dict[str, Any]:
    return {
        "id": f"{type_} {source['id']} {target['id']}", "type": type_, "source": source["id"], "target": target["id"],
        "attributes": attributes,
    }  # fmt: skip


def part(
    *readings: Sequence[Mapping[str, Any]],
    lines: Sequence[Sequence[Mapping[str, Any]]] = (),
    furniture: Sequence[tuple[int, int]] = (),
    book: Codebook = BOOK,
) -> Part:
    """readings: the spans of ada, ben, cleo … ; lines: their relations, in the same order."""
    names = ("ada", "ben", "cleo", "dora")
    drawn = [*lines, *([()] * (len(readings) - len(lines)))]
    return worked(
        LENGTH,
        furniture,
        [Reading(name, spans, own, book) for name, spans, own in zip(names, readings, drawn, strict=False)],
    )


def by_chance(chance: random.Random, readers: int = 3) -> Part:
    """Readers who mostly see the same: with edges that differ, labels that differ, and spans of their own."""
    seen = [(start, start + chance.randint(3, 15)) for start in chance.sample(range(0, 180, 6), 8)]
    readings, lines = [], []
    for _ in range(readers):
        mine: dict[tuple[int, int, str], dict[str, Any]] = {}
        for start, end in seen:
            if chance.random() < 0.8:
                label = chance.choice(["CLAIM", "CLAIM", "ACTOR", "STANCE"])
                start_, end_ = start + chance.choice([0, 0, 1, 2]), end + chance.choice([0, 0, 3])
                mine[start_, end_, label] = span(start_, end_, label, **_answers(label, chance))
        spans = list(mine.values())
        readings.append(spans)
        lines.append([line("made_by", one, other) for one, other in pairwise(spans) if chance.random() < 0.7])
    return part(*readings, lines=lines)


def _answers(label: str, chance: random.Random) -> dict[str, Any]:
    if label == "CLAIM":
        return {"kind": chance.choice(["fact", "fact", "figure"]), "voice": chance.choice(["author", "named"])}
    if label == "STANCE":
        return {"polarity": chance.choice(["support", "oppose"]), "conditional": chance.random() < 0.3}
    return {"mention": chance.choice(["name", "pronoun"])}
