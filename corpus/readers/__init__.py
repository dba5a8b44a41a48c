"""Files → articles or refusals. Pure. Files of strangers go through `sandbox`, a child with limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

from corpus.drafts import ArticleDraft, Refusal
from corpus.readers import jsonl, plain
from corpus.text import TextError

ENDINGS = (".txt", ".md", ".jsonl")
"""What the name of a file that we read ends with, in any case."""


@dataclass(frozen=True)
class ReadResult:
    """What a file holds, and what in it was not taken, each in the order of the file."""

    drafts: list[ArticleDraft]
    refusals: list[Refusal]


def read_file(data: bytes, name: str) -> ReadResult:
    """Never raises for bad input: what cannot be read is a refusal, and the rest goes on."""
    return gathered(iterate(BytesIO(data), name))


def gathered(items: Iterable[ArticleDraft | Refusal]) -> ReadResult:
    result = ReadResult([], [])
    for item in items:
        if isinstance(item, Refusal):
            result.refusals.append(item)
        else:
            result.drafts.append(item)
    return result


def iterate(stream: BinaryIO, name: str) -> Iterator[ArticleDraft | Refusal]:
    """The same, one by one; of prepared articles no more than a line is in memory at a time."""
    ending = ending_of(name)
    if ending is None:
        yield not_accepted(name)
    elif ending == ".jsonl":
        yield from _prepared(stream, name)
    else:
        try:
            yield from plain.read(stream.read(), name)
        except TextError as error:
            yield Refusal(name, error.place.line if error.place else None, error.code, error.message)


def ending_of(name: str) -> str | None:
    """The ending by which a reader is chosen, None when there is no reader."""
    ending = PurePath(name).suffix.lower()
    return ending if ending in ENDINGS else None


def not_accepted(name: str) -> Refusal:
    message = f"Files of this kind are not read. Accepted: {', '.join(ENDINGS)}."
    return Refusal(name, None, "unknown_format", message)


def _prepared(stream: BinaryIO, name: str) -> Iterator[ArticleDraft | Refusal]:
    found = False
    for item in jsonl.read(stream, name):
        found = True
        yield item
    if not found:
        yield Refusal(name, None, "empty", "There is no article in it: it is empty or holds blank lines only.")
