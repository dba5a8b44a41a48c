import pytest

from corpus.readers.dates import date_at


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Wednesday, September 11, 2024", "2024-09-11"),
        ("Sept. 11, 2024", "2024-09-11"),
        ("Wed, 11 Sep 2024 10:30 GMT", "2024-09-11"),
        ("2024-11-10T10:00:00Z", "2024-11-10"),
        ("2024/11/10", "2024-11-10"),
        ("MARCH 5th, 2024", "2024-03-05"),
        ("Montag, 31. Dezember 2023", "2023-12-31"),
        ("1er mars 2024", "2024-03-01"),
        ("3 de mayo de 2024", "2024-05-03"),
        ("25/11/2024", "2024-11-25"),
        ("11.11.2024", "2024-11-11"),
    ],
)
def test_dates_as_newspapers_write_them(text: str, iso: str) -> None:
    found = date_at(text, 0)
    assert found is not None
    assert (found.iso, found.after) == (iso, len(text))


@pytest.mark.parametrize("text", ["10/11/2024", "February 30, 2024", "2024-13-01", "0000-01-01"])
def test_a_date_that_is_none_or_could_be_two_has_a_place_but_no_value(text: str) -> None:
    found = date_at(text, 0)
    assert found is not None
    assert (found.iso, found.start, found.end) == (None, 0, len(text))


@pytest.mark.parametrize("text", ["On September 11, 2024", "Nov 5", "May Day 2024", "2024", "yesterday", "", "1234567"])
def test_what_is_no_full_date_at_that_place_is_not_found(text: str) -> None:
    assert date_at(text, 0) is None


def test_the_place_of_a_date_leaves_out_weekday_and_time() -> None:
    text = "Update: Wednesday, September 11, 2024 at 10:30 am today"
    found = date_at(text, 8)
    assert found is not None
    assert text[found.start : found.end] == "September 11, 2024"
    assert text[found.after :] == " today"
