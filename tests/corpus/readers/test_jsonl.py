import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.drafts import ArticleDraft, Fact, Refusal, Region
from corpus.readers import jsonl

TEXT = "Talks go on\n\nThe minister said that the talks of the week were at an end.\n"


def read(*lines: str | bytes) -> list[ArticleDraft | Refusal]:
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return list(jsonl.read([line + b"\n" for line in raw], "a.jsonl"))


def article(**data: Any) -> ArticleDraft:
    (found,) = read(json.dumps(data))
    assert isinstance(found, ArticleDraft), found
    return found


def refusal(line: str | bytes) -> Refusal:
    before, found, after = read('{"text": "one"}', line, '{"text": "two"}')
    assert isinstance(before, ArticleDraft)
    assert isinstance(after, ArticleDraft)
    assert isinstance(found, Refusal)
    assert (found.name, found.line) == ("a.jsonl", 2)
    return found


def test_a_line_with_a_text_is_an_article() -> None:
    draft = article(text=TEXT)
    assert draft.text == TEXT
    assert (draft.title, draft.deck, draft.byline, draft.published_on, draft.outlet) == (None,) * 5
    assert draft.regions == (Region(0, 11, "body"), Region(13, 73, "body"))
    assert (draft.language, draft.direction) == ("en", "ltr")


def test_facts_are_taken_as_given_and_have_a_place_where_a_region_says_just_that() -> None:
    draft = article(
        text=TEXT,
        title="Talks go on",
        deck="What is known",
        byline=" Ada Example ",
        published_on="2024-11-10",
        outlet="Example News",
        language="en-GB",
    )
    assert draft.title == Fact("Talks go on", 0, 11)
    assert draft.deck == Fact("What is known")
    assert (draft.byline, draft.outlet) == (Fact("Ada Example"), Fact("Example News"))
    assert draft.published_on == Fact("2024-11-10")
    assert draft.language == "en-GB"
    assert draft.regions[0] == Region(0, 11, "title")


def test_title_and_deck_in_front_of_the_text_are_its_title_and_deck() -> None:
    draft = article(text="A\nB\nC.", title="A", deck="B")
    assert [region.kind for region in draft.regions] == ["title", "deck", "body"]
    assert (draft.title, draft.deck) == (Fact("A", 0, 1), Fact("B", 2, 3))


def test_a_text_that_is_its_title_stays_to_be_read() -> None:
    assert article(text="A", title="A").regions == (Region(0, 1, "body"),)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_blank_fact_is_not_stated(value: str | None) -> None:
    draft = article(text=TEXT, title=value, published_on=value, language=value, regions=None)
    assert (draft.title, draft.published_on, draft.language) == (None, None, "en")


def test_regions_are_mapped_through_the_normalisation_and_the_rest_is_body() -> None:
    raw = "\ufeffTitle\r\nBy A\r\n\r\nThe \x0cend."
    regions = [
        {"start": raw.index("Title"), "end": raw.index("\r"), "kind": "title"},
        {"start": raw.index("By"), "end": raw.index("A") + 1, "kind": "byline"},
    ]
    draft = article(text=raw, title="Title", regions=regions)
    assert draft.text == "Title\nBy A\n\nThe end."
    assert draft.regions == (Region(0, 5, "title"), Region(6, 10, "byline"), Region(12, 20, "body"))
    assert draft.title == Fact("Title", 0, 5)
    assert "Removed from the file: U+000C FORM FEED (1)." in draft.notes


def test_the_slice_of_an_article_is_its_line_in_bytes() -> None:
    lines = ['{"text": "é 😀"}', "", '{"text": "b"}']
    data = "\n".join(lines).encode()
    found = list(jsonl.read(data.splitlines(keepends=True), "a.jsonl"))
    assert all(isinstance(draft, ArticleDraft) for draft in found)
    slices = [data[draft.source_start : draft.source_end] for draft in found if isinstance(draft, ArticleDraft)]
    assert [json.loads(piece)["text"] for piece in slices] == ["é 😀", "b"]


def test_a_byte_order_mark_before_the_first_line_is_dropped() -> None:
    (draft,) = read(b"\xef\xbb\xbf" + b'{"text": "a"}')
    assert isinstance(draft, ArticleDraft)


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ('{"text": "a"', "malformed", "column 13"),
        ("text", "malformed", "not JSON"),
        ('["text"]', "malformed", "not a JSON object"),
        ('{"text": NaN}', "malformed", "NaN"),
        ('{"text": "a", "title": -Infinity}', "malformed", "-Infinity"),
        ('{"text": ' + "1" * 5000 + "}", "malformed", "number"),
        ('{"text": "a", "text": "b"}', "duplicate_key", '"text"'),
        ('{"text": "a", "regions": [{"start": 0, "start": 0, "end": 1, "kind": "body"}]}', "duplicate_key", '"start"'),
        ("[" * 100_000, "too_deep", "deeply"),
        (b'{"text": "\xe9"}', "undecodable", "byte 10"),
        ('{"text": "a\\u0000"}', "nul", "NUL"),
        ('{"text": "a\\ud800"}', "surrogate", "U+D800"),
        ('{"text": "a", "title": "\\ud800"}', "control_character", '"title"'),
        ('{"text": "a", "title": "two\\nlines"}', "control_character", '"title"'),
        ('{"text": "a", "\\ud800": 1}', "unknown_key", '"\\ud800"'),
        ('{"text": "a", "url": "b"}', "unknown_key", '"url"'),
        ('{"title": "a"}', "no_text", '"text"'),
        ('{"text": 1}', "no_text", '"text"'),
        ('{"text": " \\n"}', "empty", "white space"),
        ('{"text": "a", "title": ["b"]}', "wrong_type", '"title"'),
        ('{"text": "a", "published_on": "10.11.2024"}', "bad_date", "10.11.2024"),
        ('{"text": "a", "published_on": "2024-02-30"}', "bad_date", "2024-02-30"),
        ('{"text": "a", "published_on": "20241110"}', "bad_date", "20241110"),
        ('{"text": "a", "language": "english language"}', "bad_language", "english"),
        (json.dumps({"text": "a", "outlet": "b" * 201}), "too_long", "at most 200"),
        (json.dumps({"text": "a" * 2_000_001}), "too_long", "2,000,000"),
    ],
)
def test_a_wrong_line_is_refused_and_the_others_go_on(line: str | bytes, code: str, words: str) -> None:
    found = refusal(line)
    assert found.code == code
    assert words in found.message


@pytest.mark.parametrize(
    "regions",
    [
        "body",
        [[0, 1, "body"]],
        [{"start": 0, "end": 1}],
        [{"start": 0, "end": 1, "kind": "body", "note": ""}],
        [{"start": 0, "end": 1, "kind": "chapter"}],
        [{"start": 0, "end": 1, "kind": ["body"]}],
        [{"start": 1, "end": 1, "kind": "body"}],
        [{"start": -1, "end": 1, "kind": "body"}],
        [{"start": 0, "end": 99, "kind": "body"}],
        [{"start": False, "end": True, "kind": "body"}],
        [{"start": 0.0, "end": 1.0, "kind": "body"}],
        [{"start": 0, "end": 3, "kind": "body"}],
        [{"start": 3, "end": 4, "kind": "body"}, {"start": 0, "end": 1, "kind": "title"}],
        [{"start": 0, "end": 2, "kind": "body"}, {"start": 1, "end": 2, "kind": "title"}],
        [{"start": 5, "end": 6, "kind": "body"}],
    ],
)
def test_regions_that_fit_no_text_are_refused(regions: object) -> None:
    assert refusal(json.dumps({"text": "ab\ncd\x0c", "regions": regions})).code == "bad_region"


@given(st.text(max_size=60), st.text(max_size=20), st.data())
def test_any_text_is_taken_or_refused_and_regions_cover_it(text: str, title: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    regions = [{"start": start, "end": end, "kind": "caption"} for start, end in pairs]
    (found,) = read(json.dumps({"text": text, "title": title, "regions": regions}))
    if isinstance(found, Refusal):
        return
    covered: set[int] = set()
    end = 0
    for region in found.regions:
        assert end <= region.start < region.end <= len(found.text)
        assert "\n" not in found.text[region.start : region.end]
        covered.update(range(region.start, region.end))
        end = region.end
    assert all(offset in covered or character.isspace() for offset, character in enumerate(found.text))
