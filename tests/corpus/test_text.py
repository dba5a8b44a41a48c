import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import text as texts

RAW = st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\r\n\t\ufeff\x0c .“”😀é")))
WITHOUT_NUL = RAW.map(lambda raw: raw.replace("\x00", ""))


class TestDecode:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_utf_8_and_marked_utf_16_are_read_without_their_mark(self, encoding: str) -> None:
        assert texts.decode("naïve 😀\n".encode(encoding)) == "naïve 😀\n"

    def test_utf_16_of_the_other_byte_order_is_read_by_its_mark(self) -> None:
        assert texts.decode(b"\xfe\xff" + "naïve".encode("utf-16-be")) == "naïve"

    @pytest.mark.parametrize(
        ("data", "line", "offset", "tried"),
        [
            (b"abc\n\xe9t\xe9", 2, 4, "Tried: UTF-8 (UTF-16 is read only with a byte order mark)"),
            (b"\xef\xbb\xbfab\xe9", 1, 5, "Tried: UTF-8"),
            (b"\xed\xa0\x80", 1, 0, "Tried: UTF-8"),
            ("a\nb".encode("utf-16")[:-1], 2, 6, "Tried: UTF-16"),
        ],
    )
    def test_undecodable_bytes_are_refused_with_their_place(
        self, data: bytes, line: int, offset: int, tried: str
    ) -> None:
        with pytest.raises(texts.TextError, match=f"byte {offset}") as caught:
            texts.decode(data)
        assert (caught.value.code, caught.value.place) == ("undecodable", texts.Place(line, offset))
        assert tried in caught.value.message

    @pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf\n", "\u00a0\u200b\n".encode()])
    def test_a_file_without_visible_text_is_refused(self, data: bytes) -> None:
        with pytest.raises(texts.TextError) as caught:
            texts.decode(data)
        assert caught.value.code == "empty"


class TestNormalise:
    def test_newlines_become_line_feeds_and_controls_go_and_are_counted(self) -> None:
        found = texts.normalise("\ufeffa\r\nb\rc\x0c\x0cd\x01\te\u0085")
        assert found.text == "a\nb\ncd\te"
        assert found.removed == {
            "U+0001 CONTROL CHARACTER": 1,
            "U+000C FORM FEED": 2,
            "U+0085 NEXT LINE": 1,
            "U+FEFF BYTE ORDER MARK": 1,
        }

    @pytest.mark.parametrize(
        "text", ["e\u0301 ≠ é", "“Ａ” ‘b’", " trailing \u00a0\n", "a\u200db\u202ec\u00ad", "a\ufeffb"]
    )
    def test_nothing_else_changes(self, text: str) -> None:
        assert texts.normalise(text) == texts.Normalised(text, {}, texts.OffsetMap(()))

    @pytest.mark.parametrize(
        ("raw", "code", "place"),
        [("a\r\nb\x00c", "nul", texts.Place(2, 4)), ("a\n\rb\ud83d", "surrogate", texts.Place(3, 4))],
    )
    def test_nul_and_half_characters_are_refused_with_their_place(
        self, raw: str, code: str, place: texts.Place
    ) -> None:
        with pytest.raises(texts.TextError) as caught:
            texts.normalise(raw)
        assert (caught.value.code, caught.value.place) == (code, place)
        assert f"line {place.line}" in caught.value.message

    def test_the_longest_text_is_taken_and_one_character_more_is_not(self) -> None:
        longest = "a" * (texts.MAX_LENGTH - 1)
        assert texts.length(texts.normalise(longest + "\r\n").text) == texts.MAX_LENGTH
        with pytest.raises(texts.TextError, match="2,000,001") as caught:
            texts.normalise(longest + "aa")
        assert caught.value.code == "too_long"

    def test_foreign_offsets_find_their_characters(self) -> None:
        raw = "\ufeffa\r\nb\x0cc"
        found = texts.normalise(raw)
        assert [found.offsets.to_text(raw.index(character)) for character in "abc"] == [0, 2, 3]
        assert [found.offsets.to_raw(offset) for offset in range(5)] == [1, 3, 4, 6, 7]
        assert found.offsets.to_text(len(raw)) == len(found.text)

    @given(WITHOUT_NUL)
    def test_normalising_twice_is_normalising_once(self, raw: str) -> None:
        once = texts.normalise(raw)
        assert texts.normalise(once.text) == texts.Normalised(once.text, {}, texts.OffsetMap(()))

    @given(WITHOUT_NUL)
    def test_every_character_can_be_found_in_the_raw_text(self, raw: str) -> None:
        found = texts.normalise(raw)
        for offset, character in enumerate(found.text):
            place = found.offsets.to_raw(offset)
            assert raw[place].replace("\r", "\n") == character
            assert found.offsets.to_text(place) == offset


def test_the_hash_is_that_of_the_text_in_utf_8() -> None:
    assert texts.sha256("naïve 😀") == hashlib.sha256("naïve 😀".encode()).hexdigest()


def test_invisible_characters_are_named_and_counted() -> None:
    assert texts.invisible_characters("a\u200bb\u200bc\u202e\u00ad\U000e0041 é\n\t") == {
        "SOFT HYPHEN": 1,
        "ZERO WIDTH SPACE": 2,
        "RIGHT-TO-LEFT OVERRIDE": 1,
        "TAG LATIN CAPITAL LETTER A": 1,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talks", "ltr"),
        ("محادثات\nTalks\nمحادثات", "rtl"),
        ("12 شيء\n“שלום”", "rtl"),
        ("محادثات\nTalks", "ltr"),
        ("123 …", "ltr"),
    ],
)
def test_the_direction_is_that_of_most_lines(text: str, expected: str) -> None:
    assert texts.direction(text) == expected


class TestUtf16:
    def test_a_character_above_the_basic_plane_counts_two_units(self) -> None:
        assert [texts.to_utf16("a😀e\u0301", offset) for offset in range(5)] == [0, 1, 3, 4, 5]
        assert [texts.from_utf16("a😀e\u0301", offset) for offset in (0, 1, 3, 4, 5)] == [0, 1, 2, 3, 4]

    @pytest.mark.parametrize("offset", [-1, 2, 6])
    def test_an_offset_inside_a_pair_or_outside_the_text_is_refused(self, offset: int) -> None:
        with pytest.raises(ValueError, match=f"offset {offset} is"):
            texts.from_utf16("a😀e\u0301", offset)

    @pytest.mark.parametrize("offset", [-1, 5])
    def test_a_code_point_outside_the_text_is_refused(self, offset: int) -> None:
        with pytest.raises(ValueError, match="outside"):
            texts.to_utf16("a😀e\u0301", offset)

    @given(st.text(), st.data())
    def test_there_and_back_is_the_same_offset_and_quotes_the_same(self, text: str, data: st.DataObject) -> None:
        offset = data.draw(st.integers(0, len(text)))
        units = texts.to_utf16(text, offset)
        assert texts.from_utf16(text, units) == offset
        assert text.encode("utf-16-le")[: 2 * units].decode("utf-16-le") == text[:offset]

    @given(st.text())
    def test_every_unit_offset_is_converted_or_refused(self, text: str) -> None:
        reached = []
        for units in range(len(text.encode("utf-16-le")) // 2 + 1):
            try:
                reached.append(texts.from_utf16(text, units))
            except ValueError:
                continue
        assert reached == list(range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", [(0, 0)]), ("a", [(0, 1)]), ("a\n\nbc\n", [(0, 1), (2, 2), (3, 5), (6, 6)]), ("a\u2028b", [(0, 3)])],
)
def test_lines_end_at_line_feeds_only(text: str, expected: list[tuple[int, int]]) -> None:
    assert texts.lines(text) == expected


def parts(text: str, places: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in places]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Israel’s “well-known” plan, don't.", ["Israel’s", "well", "known", "plan", "don't"]),
        ("3,243 people in the U.S. (AP)", ["3,243", "people", "in", "the", "U.S", "AP"]),
        ("e\u0301te\u0301 😀 שלום", ["e\u0301te\u0301", "שלום"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert parts(text, texts.words(text)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["He met Mr. Smith on Oct. 8, 2023.", "The U.S. Secretary left the U.S.", "The army stayed."],
        ['"Stop!" he said.', "“Go.”", "She went.", "Really?!", "Yes…", "Then 15 people came."],
        ["George W. Bush v. Gore.", "He said no.", "Israel agreed.", "See No. 5.", "It cost 3.5 million."],
        ["It began in 2006.", "20 people died.", "(So they say.)", "At 5 p.m. Monday it ended."],
        ["“It is vital,” he said.", "‘And the rest?’", "The rest… of it."],
        ["هل وصل؟", "نعم."],
        ["No stop at the end"],
    ],
)
def test_sentences_end_where_a_reader_would_end_them(expected: list[str]) -> None:
    text = " ".join(expected)
    assert parts(text, texts.sentences(text)) == expected


def test_scripts_without_spaces_end_sentences_at_their_stops() -> None:
    text = "これは文です。「はい。」と言った。"
    assert parts(text, texts.sentences(text)) == ["これは文です。", "「はい。」と言った。"]


def test_no_sentence_crosses_a_newline() -> None:
    assert parts("One\n\n two. Three ", texts.sentences("One\n\n two. Three ")) == ["One", "two.", "Three"]


@given(RAW)
def test_sentences_and_words_are_ordered_and_sentences_lose_nothing(text: str) -> None:
    sentences, words = texts.sentences(text), texts.words(text)
    for places in (sentences, words):
        assert all(start < end for start, end in places)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
    covered = {offset for start, end in sentences for offset in range(start, end)}
    assert all(offset in covered or character.isspace() for offset, character in enumerate(text))


@pytest.mark.parametrize("text", ["." * 1_000_000, ". " + " " * 500_000 + '"' * 500_000, "a." * 500_000])
def test_a_hostile_text_is_split_in_linear_time(text: str) -> None:
    assert texts.sentences(text)
