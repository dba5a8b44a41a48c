"""What a file gave beside its facts, in plain words, for the preview of an import; its fields show the facts. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from corpus import text as texts
from corpus.readers.lines import Line


def on_file(number: int, articles: int, removed: Mapping[str, int]) -> Iterator[str]:
    if articles > 1:
        yield f"Article {number} of {articles} in this file."
    for name, count in removed.items():
        yield f"Removed from the file: {name} ({count})."


def on_lines(lines: Sequence[Line]) -> Iterator[str]:
    counts = Counter(line.kind for line in lines)
    for kind in ("caption", "boilerplate"):
        if counts[kind]:
            yield f"Marked as {kind} and shown folded: {counts[kind]} of {len(lines)} lines."


def on_unclear_date(words: str) -> str:
    return f"A date was left out, since it can be read in two ways or does not exist: {words}"


def on_text(text: str, language: str) -> Iterator[str]:
    if language == "und":
        yield "The language is not evident."
    for name, count in texts.invisible_characters(text).items():
        yield f"Invisible characters kept: {name} ({count})."
