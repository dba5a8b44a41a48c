import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from annotator.exchange.formats.delimited import encoded, span_header, span_rows

cells = some.text(some.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]))


@given(some.lists(some.lists(cells, min_size=2, max_size=4), max_size=5))
def test_every_cell_comes_back_as_it_went_in(rows: list[list[str]]) -> None:
    read = csv.reader(io.StringIO(encoded(rows).decode(), newline=""))
    assert list(read) == rows


def test_rows_end_in_crlf_and_every_cell_is_quoted() -> None:
    assert encoded([["a", 1, None], ['say "no"\nand go', True, 0.5]]) == (
        b'"a","1",""\r\n"say ""no""\nand go","true","0.5"\r\n'
    )


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\ta", "\ra"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed_there_alone(cell: str) -> None:
    assert encoded([[cell]], for_spreadsheets=True).startswith(b"\"'")
    assert not encoded([[cell]]).startswith(b"\"'")


def test_numbers_below_zero_are_disarmed_too() -> None:
    assert encoded([[-1]], for_spreadsheets=True) == b'"\'-1"\r\n'


def test_a_record_without_spans_is_a_row_without_a_span() -> None:
    article = {"key": "k", "sha256": "s", "outlet": None, "published_on": None, "title": None}
    [row] = span_rows([{"article": article, "spans": []}], ["kind"])
    assert len(row) == len(span_header(["kind"]))
    assert row == ["k", "s", None, None, None, *[None] * 7]
