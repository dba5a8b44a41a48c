"""What a reader hands over: an article as found in a file, or a plain reason why not. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from corpus import text as texts

RegionKind = Literal["title", "deck", "subheading", "body", "byline", "dateline", "caption", "boilerplate"]
REGION_KINDS: tuple[RegionKind, ...] = get_args(RegionKind)
READ_KINDS: tuple[RegionKind, ...] = ("title", "deck", "subheading", "body")
"""What is read; the other kinds are shown folded."""


@dataclass(frozen=True)
class Region:
    """A typed stretch `[start, end)` of an article's text, never across a newline."""

    start: int
    end: int
    kind: RegionKind


@dataclass(frozen=True)
class Fact:
    """What the file itself states, and where in the article's text. No place when stated beside the text."""

    value: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class ArticleDraft:
    """One article of a file.

    source_start, source_end: its slice of the file. Of a text file in code points of the file's normalised
    text, so that `text` is that slice; of a JSONL file in bytes, the line that holds the article.
    published_on: the fact's value is an ISO date. language: a BCP 47 tag, "und" when not evident.
    regions: ordered, disjoint, covering all that is not white space. notes: what was found, for the preview.
    """

    text: str
    source_start: int
    source_end: int
    title: Fact | None
    deck: Fact | None
    byline: Fact | None
    published_on: Fact | None
    outlet: Fact | None
    language: str
    direction: texts.Direction
    regions: tuple[Region, ...]
    notes: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return texts.sha256(self.text)


@dataclass(frozen=True)
class Refusal:
    """Why a file, or one line of it (from 1), did not become an article."""

    name: str
    line: int | None
    code: str
    message: str


FACTS = ("title", "deck", "byline", "published_on", "outlet")
MAX_FACT_LENGTHS: Mapping[str, int] = {"title": 1000, "deck": 2000, "byline": 500, "outlet": 200}
"""The longest value of a fact, in code points."""


def covering(text: str, regions: Sequence[Region], *, kind: RegionKind = "body") -> tuple[Region, ...]:
    """The regions, ordered, and regions of `kind` for all text outside them that is not white space."""
    ordered = sorted(regions, key=lambda region: region.start)
    found: list[Region] = []
    position = 0
    for region in ordered:
        found += [*_lines_of(text, position, region.start, kind), region]
        position = region.end
    return (*found, *_lines_of(text, position, len(text), kind))


def _lines_of(text: str, start: int, end: int, kind: RegionKind) -> Iterable[Region]:
    for line in text[start:end].split("\n"):
        if content := line.strip():
            first = start + line.index(content)
            yield Region(first, first + len(content), kind)
        start += len(line) + 1


def as_json(draft: ArticleDraft) -> dict[str, Any]:
    """For `json.dumps`; `from_json` is its inverse."""
    facts = {name: vars(fact) if (fact := getattr(draft, name)) else None for name in FACTS}
    return {**vars(draft), **facts, "regions": [vars(region) for region in draft.regions]}


def from_json(data: Mapping[str, Any]) -> ArticleDraft:
    """Raises KeyError or TypeError for what `as_json` did not write."""
    facts = {name: Fact(**data[name]) if data[name] else None for name in FACTS}
    regions = tuple(Region(**region) for region in data["regions"])
    return ArticleDraft(**{**data, **facts, "regions": regions, "notes": tuple(data["notes"])})
