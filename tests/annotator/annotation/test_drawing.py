"""How spans look on a text."""

from dataclasses import dataclass
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from annotator.annotation.drawing import ROWS, Drawing, draw_line, draw_text, pieces, stave
from annotator.schema.codebook import Codebook, parse
from annotator.standoff import Span
from tests.builders import TEXT_MIXED

LABELS = ("CLAIM", "ACTOR", "STANCE")


@dataclass(frozen=True)
class Region:
    start: int
    end: int
    kind: str
    paragraph: int


def codebook() -> Codebook:
    colours = dict(zip(LABELS, ("blue", "green", "vermillion"), strict=True))
    shapes = dict(zip(LABELS, ("solid", "dotted", "double"), strict=True))
    labels = [
        {
            "key": key, "name": key.title(), "letter": key[0], "colour": colours[key], "shape": shapes[key],
            "hotkey": None, "description": "", "rules": [], "retired": False, "attributes": [],
        }
        for key in LABELS
    ]  # fmt: skip
    return parse(
        {
            "slug": "small", "title": "Small", "version": 1, "language": "en", "description": "", "labels": labels,
            "common_attributes": [], "relations": [], "lists": {}, "checks": [], "rules": [], "span_rules": [],
            "borderline": [],
        }
    )  # fmt: skip


def lines_of(text: str, kinds: dict[int, str] | None = None) -> list[Region]:
    """One region a line; blank lines have none."""
    found, start = [], 0
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            found.append(Region(start, start + len(line), (kinds or {}).get(number, "body"), number))
        start += len(line) + 1
    return found


def drawn(text: str, spans: list[Span], kinds: dict[int, str] | None = None) -> Drawing:
    return draw_text(text, lines_of(text, kinds), spans, codebook())


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def stripped(drawing: Drawing) -> str:
    """The text of the article as a browser would read it out of the markup."""
    article = SimpleNamespace(language="en", direction="ltr", length=0)
    parser = _Texts()
    parser.feed(render_to_string("annotation/_text.html", {"drawing": drawing, "article": article}))
    parser.close()
    return "".join(parser.found).removesuffix("\n")


def runs(drawing: Drawing) -> list[Any]:
    return [run for fold in drawing.folds for line in fold.lines for part in line.parts for run in part.runs]


def classes(drawing: Drawing, words: str) -> list[str]:
    return next(run.classes.split() for run in runs(drawing) if run.text == words)


@pytest.mark.parametrize(
    "text",
    [
        TEXT_MIXED,
        "one line",
        "  kept  spaces \n\n \nafter blank lines\n",
        "\n\nleading",
        "<b>&amp; “markup” is text</b>\nzero\u200bwidth and soft\u00adhyphen \u202eback\u202c",
        "tab\there\n\u00a0\nafter a hard space",
    ],
)
def test_a_drawn_text_is_the_stored_text_character_for_character(text: str) -> None:
    spans = [Span(str(n), n, min(n + 9, len(text)), LABELS[n % 3]) for n in range(0, len(text) - 1, 4)]
    assert stripped(drawn(text, spans)) == text
    assert stripped(drawn(text, spans, {0: "caption", 2: "boilerplate"})) == text


@st.composite
def texts_with_spans(draw: Any) -> tuple[str, list[Span]]:
    alphabet = st.sampled_from("ab \n<&\u200bé\u0301😀م")
    text = draw(st.text(alphabet, min_size=1, max_size=60))
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 30), st.sampled_from(LABELS))
    found = draw(st.lists(places, max_size=12))
    return text, [Span(str(n), a, min(a + b, len(text)), label) for n, (a, b, label) in enumerate(found)]


@given(texts_with_spans())
def test_whatever_is_labelled_the_runs_are_the_text_and_name_the_spans_over_them(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    found = drawn(text, spans)
    assert stripped(found) == text
    for run in runs(found):
        assert text[run.start : run.start + len(run.text)] == run.text
        end = run.start + len(run.text)
        assert set(run.spans.split()) == {span.id for span in spans if span.start < end and span.end > run.start}


def test_each_label_keeps_its_own_row_and_a_nested_one_goes_below_with_closed_ends() -> None:
    text = "The union called the plan a first step."
    outer, inner, actor = Span("o", 0, 38, "CLAIM"), Span("i", 17, 25, "CLAIM"), Span("a", 4, 9, "ACTOR")
    found = drawn(text, [outer, inner, actor])
    assert classes(found, "The ") == ["r0-blue", "r0-solid"]
    assert classes(found, "union") == ["r0-blue", "r0-solid", "r1-green", "r1-dotted"]
    assert classes(found, "the plan") == ["r0-blue", "r0-solid", "r3-blue", "r3-solid", "b3", "e3"]


def test_spans_of_one_label_that_touch_are_told_apart_by_closed_ends() -> None:
    found = drawn("一二三四", [Span("a", 0, 2, "ACTOR"), Span("b", 2, 4, "ACTOR")])
    assert classes(found, "一二") == ["r1-green", "r1-dotted", "e1"]
    assert classes(found, "三四") == ["r1-green", "r1-dotted", "b1"]


def test_the_same_words_under_two_labels_lie_in_two_rows() -> None:
    both = [Span("a", 0, 4, "CLAIM"), Span("b", 0, 4, "STANCE")]
    assert stave(both, LABELS) == {"a": 0, "b": 2}


def test_more_depths_than_rows_share_the_last_one() -> None:
    nested = [Span(str(n), n, 40 - n, "CLAIM") for n in range(9)]
    rows = stave(nested, LABELS)
    assert max(rows.values()) == ROWS - 1
    assert [rows[str(n)] for n in range(4)] == [0, 3, 4, 5]


def test_more_labels_than_rows_still_find_a_row_of_their_own_where_they_overlap() -> None:
    labels = [f"L{n}" for n in range(8)]
    rows = stave([Span("a", 0, 5, "L0"), Span("b", 0, 5, "L6")], labels)
    assert rows["a"] != rows["b"]


def test_neighbouring_lines_of_furniture_fold_under_one_title() -> None:
    text = "Body.\nA photo\nShare this\nMore body."
    found = drawn(text, [], {1: "caption", 2: "boilerplate"})
    assert [(fold.title, len(fold.lines)) for fold in found.folds] == [
        ("", 1), ("Photo caption and page furniture, 2 lines · not read", 2), ("", 1),
    ]  # fmt: skip


def test_a_line_of_two_regions_is_read_when_one_of_them_is() -> None:
    line = draw_line("By X. The talks", [Region(0, 6, "byline", 0), Region(6, 15, "body", 0)], [], codebook())
    assert line.is_read
    assert [part.kind for part in line.parts] == ["byline", "body"]


def test_sentences_are_told_in_offsets_of_the_article() -> None:
    found = drawn("One here. Two there.\nThree.", [])
    assert [line.sentences for line in found.folds[0].lines] == ["0-9 10-20", "21-27"]


def test_invisible_characters_are_cut_out_and_named() -> None:
    assert [(piece.text, piece.name) for piece in pieces("a\u200bb")] == [("a", ""), ("\u200b", "ZWSP"), ("b", "")]


@pytest.mark.parametrize("text", ["plain", "naïve", "👩\u200d👩\u200d👧", "🏴\U000e0067\U000e007f"])
def test_joiners_inside_emoji_are_left_alone(text: str) -> None:
    assert pieces(text) == ()


def test_a_span_over_a_line_break_is_drawn_on_both_lines() -> None:
    found = drawn("one\n\ntwo", [Span("x", 1, 7, "CLAIM")])
    assert [(run.text, run.spans) for run in runs(found)] == [("o", ""), ("ne", "x"), ("tw", "x"), ("o", "")]
