"""Drawings as HTML: whatever people write stays text."""

from dataclasses import fields, replace
from html.parser import HTMLParser

from annotator.annotation.drawing import Drawing, Entry, Fold, Line, Link, Part, Run, Shortfall
from annotator.annotation.markup import markup_of_row, markup_of_text

HOSTILE = "<script>alert('1')</script>\" onclick=\"x&amp;"
LINK = Link("r1", "held_by", "held by", "s1", "s2", "owners", 3, '{"order":1}', "Order: 1")
ROW = Entry(
    "s1", 4, 9, "“talks”", "CLAIM", "Claim", "C", "blue", "solid", 7, '{"kind":"fact"}', "", "kind unit", "fact",
    "Kind: fact", (LINK,), (Shortfall("error", "unit", "Unit is missing."),), 1, 0,
)  # fmt: skip
FROM_PEOPLE = ("quote", "label", "name", "letter", "values", "named", "absent", "first", "said")


class _Page(HTMLParser):
    """Tags, attributes and texts as a browser would find them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_row_says_what_the_page_must_know_of_a_span() -> None:
    page = _Page(markup_of_row(ROW))
    data = {name: value for name, value in page.attributes[:12] if name.startswith("data-")}
    assert data == {
        "data-start": "4", "data-end": "9", "data-label": "CLAIM", "data-version": "7", "data-errors": "1",
        "data-values": '{"kind":"fact"}', "data-absent": "kind unit", "data-warnings": "0",
    }  # fmt: skip
    assert ("id", "s-s1") in page.attributes and ("href", "#s-s2") in page.attributes
    assert [words for words in page.texts if words.strip()] == [
        "“talks”", "C", "fact", "1 gap", "Kind: fact", "held by ", "owners", "Order: 1", "Unit is missing.",
    ]  # fmt: skip


def test_what_people_wrote_never_becomes_markup_in_a_row() -> None:
    hostile = replace(
        ROW,
        **dict.fromkeys(FROM_PEOPLE, HOSTILE),
        links=(replace(LINK, type=HOSTILE, name=HOSTILE, quote=HOSTILE, values=HOSTILE, said=HOSTILE),),
        gaps=(Shortfall("error", HOSTILE, HOSTILE),),
    )
    page, plain = _Page(markup_of_row(hostile)), _Page(markup_of_row(replace(ROW, named="{}")))
    assert page.tags == plain.tags
    assert [name for name, _ in page.attributes] == [name for name, _ in plain.attributes]
    assert sum(HOSTILE in text for text in page.texts) == 7 + 1


def test_every_text_of_a_row_is_among_those_that_are_tried() -> None:
    made_here = {"id", "start", "end", "colour", "shape", "version", "links", "gaps", "errors", "warnings"}
    assert {field.name for field in fields(Entry)} == {*FROM_PEOPLE, *made_here}


def test_what_people_wrote_never_becomes_markup_in_a_text() -> None:
    run = Run(0, HOSTILE, (), "s1", "r0-blue", HOSTILE)
    line = Line(0, len(HOSTILE), "body", (Part("", (run,)),), "", True, "\n<b>")
    page = _Page(markup_of_text(Drawing((Fold(HOSTILE, "<i>", (line,)),), "<u>")))
    assert page.tags == ["details", "summary", "p", "mark"]
    assert "".join(page.texts) == f"<i>\n<b>{HOSTILE}<u>"
