"""Phrases found again: whole words, whole characters, the longest first."""

import unicodedata
from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggestions.matching import LONGEST, Match, Phrase, fold, is_edge, suggest
from tests.builders import TEXT_MIXED


def found(text: str, *phrases: Phrase | str, **more: object) -> list[tuple[str, str]]:
    """(label, words) of what is suggested; a plain word is an actor."""
    known = [Phrase(one, "ACTOR") if isinstance(one, str) else one for one in phrases]
    return [(one.phrase.label, text[one.start : one.end]) for one in suggest(text, known, **more)]  # type: ignore[arg-type]


def words(text: str, *phrases: Phrase | str, **more: object) -> list[str]:
    return [quote for _, quote in found(text, *phrases, **more)]


def test_a_phrase_is_found_wherever_its_words_stand() -> None:
    assert words("Israel and Iran. Israel again.", "Israel", "Iran") == ["Israel", "Iran", "Israel"]


@pytest.mark.parametrize("text", ["Israelis", "MisIsrael", "Israel2", "Isra", "İsrael"])
def test_a_part_of_a_word_is_not_found(text: str) -> None:
    assert words(text, "Israel") == []


@pytest.mark.parametrize("text", ["Israel’s plan", "anti-Israel", "(Israel)", "“Israel”", "Israel, Iran", "Israel"])
def test_punctuation_ends_a_word(text: str) -> None:
    assert words(text, "Israel") == ["Israel"]


def test_case_and_quotation_marks_do_not_matter() -> None:
    assert words("The Minister's plan. THE MINISTER’S PLAN.", "the minister’s plan") == [
        "The Minister's plan", "THE MINISTER’S PLAN",
    ]  # fmt: skip
    assert words("«No deal», “no deal”", '"no deal"') == ["«No deal»", "“no deal”"]
    assert words("Prime\u00a0Minister", "prime minister") == ["Prime\u00a0Minister"]


def test_what_is_written_in_capitals_alone_is_found_so_alone() -> None:
    assert words("The US told us.", "US") == ["US"]


def test_the_capitals_of_a_name_stand_in_the_text_too() -> None:
    may = Phrase("May", "ACTOR", is_name=True)
    assert words("It may be May, or MAY.", may) == ["May", "MAY"]


def test_a_phrase_of_capitals_does_not_hide_that_a_word_was_labelled_otherwise() -> None:
    assert words("The US told us.", "US", "us") == ["US", "us"]


def test_a_letter_whose_case_is_longer_than_itself_keeps_offsets_in_place() -> None:
    text = "İİ Straße ﬁnal Iran"
    assert words(text, "Iran") == ["Iran"]
    assert len(fold(text)) == len(text)


def test_the_longest_comes_first_and_what_lies_inside_it_with_the_same_label_does_not_show() -> None:
    assert words("the UN Security Council met", "UN", "Security Council", "UN Security Council") == [
        "UN Security Council"
    ]
    nested = found(
        "the minister rejected it", Phrase("the minister rejected it", "CLAIM"), Phrase("the minister", "ACTOR")
    )
    assert nested == [("CLAIM", "the minister rejected it"), ("ACTOR", "the minister")]


def test_of_equal_words_the_first_answer_stands() -> None:
    [match] = suggest(
        "Cairo said", [Phrase("Cairo", "ACTOR", {"entity": "new"}), Phrase("cairo", "ACTOR", {"entity": "old"})]
    )
    assert match.phrase.attributes == {"entity": "new"}


def test_nothing_is_suggested_over_a_span_with_the_label_in_furniture_or_where_it_was_rejected() -> None:
    text = "Iran one Iran two Iran three"
    assert suggest(text, [Phrase("Iran", "ACTOR")], taken=[(0, 6, "ACTOR")])[0].start == 9
    assert len(suggest(text, [Phrase("Iran", "ACTOR")], taken=[(0, 6, "CLAIM")])) == 3
    assert suggest(text, [Phrase("Iran", "ACTOR")], outside=[(8, 13)])[1].start == 18
    assert [one.start for one in suggest(text, [Phrase("Iran", "ACTOR")], rejected={(9, 13, "ACTOR")})] == [0, 18]
    assert len(suggest(text, [Phrase("Iran", "ACTOR")], rejected={(9, 13, "CLAIM")})) == 3


def test_there_is_a_limit() -> None:
    assert len(suggest("Iran " * 50, [Phrase("Iran", "ACTOR")], most=7)) == 7


def test_too_short_too_long_or_broken_over_lines_is_not_looked_for() -> None:
    long = "a" * (LONGEST + 1)
    assert words(f"I said {long}\nno\nway", "I", long, "no\nway") == []


def test_no_phrases_no_text_no_suggestions() -> None:
    assert suggest("Iran", []) == []
    assert suggest("", [Phrase("Iran", "ACTOR")]) == []


def test_words_are_found_in_scripts_without_spaces_and_not_inside_those_with() -> None:
    assert words("昨日、中国政府は発表した。", "中国政府") == ["中国政府"]
    assert words("قال الوزير إن", "الوزير") == ["الوزير"]
    assert words("قال والوزير إن", "الوزير") == []


def test_whole_characters_alone_are_found() -> None:
    assert words("cafe\u0301 cafe", "cafe") == ["cafe"]
    assert words("👩‍👩‍👧‍👦 👩", "👩‍👩") == []
    assert words("🇨🇭🇨🇭", "🇭🇨") == []
    assert words(TEXT_MIXED, "𝒩ews", "👍🏽", "الوزير") == ["الوزير", "𝒩ews", "👍🏽"]


ALPHABET = "aAbBİßſ 'ʼ’“\"-\u0301\u200d👩👧🇨🇭中国ا ل𝒩\u00a0.\n1"
TEXTS = st.text(alphabet=ALPHABET, max_size=60)


@given(text=TEXTS, sought=st.lists(st.text(alphabet=ALPHABET, min_size=2, max_size=5), max_size=8))
def test_every_suggestion_is_the_words_of_a_phrase_and_cuts_nothing(text: str, sought: list[str]) -> None:
    matches = suggest(text, [Phrase(one, "L") for one in sought])
    borders = {edge for one in regex.finditer(r"\X", text) for edge in (one.start(), one.end())}
    for match in matches:
        assert fold(text[match.start : match.end]) == fold(match.phrase.words)
        assert {match.start, match.end} <= borders
    assert all(one.end <= other.start for one, other in pairwise(matches))


@given(text=TEXTS, sought=st.lists(st.text(alphabet=ALPHABET, min_size=2, max_size=5), max_size=8))
def test_nothing_is_missed_that_a_plain_search_finds(text: str, sought: list[str]) -> None:
    """Every place of a phrase between two edges is suggested, or shares words with a longer or earlier one."""
    matches = suggest(text, [Phrase(one, "L") for one in sought])
    for one in sought:
        if "\n" in one or one.isupper():
            continue
        for start in range(len(text) - len(one) + 1):
            end = start + len(one)
            if fold(text[start:end]) == fold(one) and is_edge(text, start) and is_edge(text, end):
                assert any(_explains(match, start, end) for match in matches)


def _explains(match: Match, start: int, end: int) -> bool:
    shares = match.start < end and match.end > start
    return shares and (match.end - match.start, -match.start) >= (end - start, -start)


@given(text=st.text(max_size=200))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(text=st.text(max_size=80), at=st.integers(0, 80))
def test_no_edge_lies_inside_a_character(text: str, at: int) -> None:
    if at <= len(text) and is_edge(text, at):
        inside = [one for one in regex.finditer(r"\X", text) if one.start() < at < one.end()]
        assert not inside or unicodedata.category(text[at - 1])[0] == "C"
