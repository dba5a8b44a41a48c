"""What a codebook will look like on the desk: a short text of nobody's, labelled with whatever there is to label."""

from dataclasses import dataclass

from annotator.annotation.drawing import Drawing, draw_text
from annotator.annotation.guide import Guide, LabelGuide, guide_of
from annotator.schema.codebook import Codebook
from annotator.standoff import Span

TEXT = (
    "The council met on Monday\n"
    "Its chair said the new bridge would cost less than planned, but two members rejected the estimate as too low.\n"
    "“We need a second opinion,” one of them said. The vote is expected next week."
)
PLACES = (
    "the new bridge would cost less than planned", "two members", "rejected the estimate", "Its chair", "next week",
    "“We need a second opinion,”", "as too low", "The council", "one of them", "The vote is expected",
)  # fmt: skip
"""Stretches of the text for the first label, the second and so on."""


@dataclass
class Stretch:
    start: int
    end: int
    kind: str
    paragraph: int


@dataclass(frozen=True)
class Sample:
    language: str = "en"
    direction: str = "ltr"
    length: int = len(TEXT)


@dataclass(frozen=True)
class Preview:
    """`chosen`: the label whose questions are shown, none when all are retired."""

    guide: Guide
    drawing: Drawing
    chosen: LabelGuide | None
    article: Sample = Sample()


def preview_of(codebook: Codebook, label: str) -> Preview:
    guide = guide_of(codebook)
    live = [one for one in guide.labels if not one.label.retired]
    chosen = next((one for one in guide.labels if one.label.key == label), live[0] if live else None)
    return Preview(guide, draw_text(TEXT, _regions(), _spans(live), codebook), chosen)


def _regions() -> list[Stretch]:
    found, start = [], 0
    for number, line in enumerate(TEXT.split("\n")):
        found.append(Stretch(start, start + len(line), "body" if number else "title", number))
        start += len(line) + 1
    return found


def _spans(labels: list[LabelGuide]) -> list[Span]:
    """One of each label, as far as there are places."""
    places = [(TEXT.index(quote), quote) for quote in PLACES]
    return [
        Span(one.label.key, start, start + len(quote), one.label.key)
        for one, (start, quote) in zip(labels, places, strict=False)
    ]
