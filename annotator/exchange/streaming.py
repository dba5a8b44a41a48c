"""A listing as one stream, from one snapshot, in memory that does not grow with its length."""

from collections.abc import Callable, Iterable, Iterator

from annotator.exchange.exports import Fetch
from annotator.exchange.formats import delimited, jsonl
from annotator.exchange.records import Record
from annotator.exchange.snapshots import snapshot

FIRST, BATCH = 10, 100
"""Records in the first batch, so that the first line comes soon, and in those after it."""


def batches(fetch: Fetch) -> Iterator[list[Record]]:
    """All records of the listing. The snapshot ends with the last batch, or when nobody reads on."""
    with snapshot():
        place, size = None, FIRST
        while found := fetch(place, size):
            yield [record for _, record in found]
            if len(found) < size:
                return
            place, size = found[-1][0], BATCH


def as_lines(fetch: Fetch) -> Iterator[bytes]:
    for batch in batches(fetch):
        yield b"".join(map(jsonl.line, batch))


Rows = Callable[[list[Record]], Iterable[delimited.Row]]


def as_table(fetch: Fetch, header: delimited.Row, rows: Rows, *, for_spreadsheets: bool) -> Iterator[bytes]:
    yield delimited.encoded([header], for_spreadsheets=for_spreadsheets)
    for batch in batches(fetch):
        yield delimited.encoded(rows(batch), for_spreadsheets=for_spreadsheets)
