"""CSV (RFC 4180): one row a span, every cell quoted, rows end in CRLF, newlines stay inside the quotes.

Relations go into a file of their own. What a cell cannot tell apart is written alike: no answer, and the
empty text.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

MEDIA_TYPE = "text/csv"

ARTICLE = ("article", "sha256", "outlet", "published_on", "title")
SPAN = ("span", "start", "end", "label", "text", "absent")
RELATION = ("article", "relation", "type", "from", "to")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet program would run a cell that begins so."""

Row = Sequence[Any]


def span_header(attributes: Iterable[str]) -> Row:
    return [*ARTICLE, *SPAN, *(f"attributes.{name}" for name in attributes)]


def span_rows(records: Iterable[Mapping[str, Any]], attributes: Sequence[str]) -> Iterator[Row]:
    """A row for each span; an article without spans has one row with empty span cells."""
    for record in records:
        article = record["article"]
        first = [article["key"], *(article[name] for name in ARTICLE[1:])]
        for span in record["spans"]:
            own = [span["id"], *(span[name] for name in SPAN[1:-1]), " ".join(span["absent"])]
            yield [*first, *own, *(span["attributes"].get(name) for name in attributes)]
        if not record["spans"]:
            yield [*first, *[None] * (len(SPAN) + len(attributes))]


def relation_header(attributes: Iterable[str]) -> Row:
    return [*RELATION, *(f"attributes.{name}" for name in attributes)]


def relation_rows(records: Iterable[Mapping[str, Any]], attributes: Sequence[str]) -> Iterator[Row]:
    """A row for each relation; its ends are ids of spans."""
    for record in records:
        for relation in record["relations"]:
            own = [relation[name] for name in ("id", *RELATION[2:])]
            yield [record["article"]["key"], *own, *(relation["attributes"].get(name) for name in attributes)]


def encoded(rows: Iterable[Row], *, for_spreadsheets: bool = False) -> bytes:
    """for_spreadsheets: a leading ' keeps a cell from being run as a formula; it changes the quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        cells = [_cell(value) for value in row]
        writer.writerow([_guarded(cell) for cell in cells] if for_spreadsheets else cells)
    return buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
