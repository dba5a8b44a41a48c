"""The six articles of the owner's five files, line by line; then pages of other shapes; then any text at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import text as texts
from corpus.drafts import READ_KINDS, ArticleDraft, Fact, Region
from corpus.readers import plain

SEEDS = Path(__file__).parents[3] / "seeds"

FILES = {
    "000": "000_47b2d0a4e7f5d68d.txt",
    "001": "001_0e868e9262ff71bb.txt",
    "002": "002_7bb2d4ab16e718ca.txt",
    "003": "003_a7db058095d2d2c4.txt",
    "004": "004_71fbc38e340e2622.txt",
}


def drafts(number: str) -> list[ArticleDraft]:
    path = SEEDS / FILES[number]
    return plain.read(path.read_bytes(), path.name)


def stated(draft: ArticleDraft) -> dict[str, Fact]:
    facts = {
        "title": draft.title,
        "deck": draft.deck,
        "byline": draft.byline,
        "published_on": draft.published_on,
        "outlet": draft.outlet,
    }
    return {name: fact for name, fact in facts.items() if fact}


def kinds(draft: ArticleDraft) -> list[str]:
    return [region.kind for region in draft.regions]


def quotes(draft: ArticleDraft, kind: str) -> list[str]:
    return [draft.text[region.start : region.end] for region in draft.regions if region.kind == kind]


def lines(text: str) -> list[tuple[int, int]]:
    """Where each line that is not blank stands, without the white space around it."""
    found = []
    for start, end in texts.lines(text):
        if content := text[start:end].strip():
            first = text.index(content, start)
            found.append((first, first + len(content)))
    return found


def places(draft: ArticleDraft) -> list[tuple[int, int]]:
    return [(region.start, region.end) for region in draft.regions]


class TestTheFirstCorpus:
    def test_the_five_files_hold_six_articles(self) -> None:
        assert [len(drafts(number)) for number in FILES] == [1, 2, 1, 1, 1]

    @pytest.mark.parametrize("number", FILES)
    def test_articles_follow_on_one_another_and_are_the_file(self, number: str) -> None:
        text = (SEEDS / FILES[number]).read_text(encoding="utf-8")
        found = drafts(number)
        assert "".join(draft.text for draft in found) == text
        assert [text[draft.source_start : draft.source_end] for draft in found] == [draft.text for draft in found]

    @pytest.mark.parametrize("number", FILES)
    def test_all_are_english_from_left_to_right(self, number: str) -> None:
        assert {(draft.language, draft.direction) for draft in drafts(number)} == {("en", "ltr")}

    def test_000_has_a_title_and_a_deck(self) -> None:
        (draft,) = drafts("000")
        deck = (
            "Israel reportedly believes that Moscow’s participation in negotiations would add stability "
            "to any future deal"
        )
        assert stated(draft) == {
            "title": Fact("Israel Seeks Russian Mediation in Peace Talks", 0, 45),
            "deck": Fact(deck, 47, 156),
        }
        assert kinds(draft) == ["title", "deck", *["body"] * 10]
        assert places(draft) == lines(draft.text)

    def test_001_first_has_a_title_a_caption_and_their_repeats(self) -> None:
        draft, _ = drafts("001")
        title = "Israel Sees Progress in Lebanon Ceasefire Talks, Says Russia Can Help"
        assert (draft.source_start, draft.source_end) == (0, 6169)
        assert stated(draft) == {"title": Fact(title, 0, 69)}
        header = ["title", "caption", *["boilerplate"] * 5]
        assert kinds(draft) == [*header, *["body"] * 14, "subheading", *["body"] * 10]
        assert places(draft) == lines(draft.text)
        assert [region for region in draft.regions if region.kind in ("caption", "boilerplate")] == [
            Region(71, 289, "caption"),
            Region(290, 508, "boilerplate"),
            Region(509, 511, "boilerplate"),
            Region(513, 582, "boilerplate"),
            Region(584, 802, "boilerplate"),
            Region(803, 1021, "boilerplate"),
        ]
        assert quotes(draft, "subheading") == ["'TESTING THE WATERS'"]

    def test_001_second_begins_with_its_title(self) -> None:
        _, draft = drafts("001")
        assert (draft.source_start, draft.source_end) == (6169, 9718)
        assert stated(draft) == {"title": Fact("Moscow Open to Dialogue with Trump on Syria", 0, 43)}
        assert kinds(draft) == ["title", "caption", *["boilerplate"] * 5, *["body"] * 17]
        assert places(draft) == lines(draft.text)
        caption = "The Russian Foreign Minister during a meeting last week in the Kazakh capital, Astana (Reuters)"
        assert quotes(draft, "caption") == [caption]
        assert quotes(draft, "boilerplate") == [caption, "TT", stated(draft)["title"].value, caption, caption]

    def test_002_has_title_byline_date_and_outlet(self) -> None:
        (draft,) = drafts("002")
        assert stated(draft) == {
            "title": Fact("Israel turns to Russia for help amid stalled peace talks", 0, 56),
            "byline": Fact("Vijaya Laxmi Tripura", 71, 91),
            "published_on": Fact("2024-09-11", 121, 139),
            "outlet": Fact("BLiTZ", 8259, 8264),
        }
        assert draft.text[121:139] == "September 11, 2024"
        assert draft.text[8259:8264] == "BLiTZ"
        header = ["title", "boilerplate", "byline", "dateline", "boilerplate"]
        assert kinds(draft) == [*header, *["body"] * 16, *["boilerplate"] * 14]
        assert places(draft) == lines(draft.text)
        assert quotes(draft, "boilerplate")[:4] == [
            "Avatar photo",
            "Russia, Israel",
            "Please follow Blitz on Google News Channel",
            "Avatar photo Vijaya Laxmi Tripura, a research-scholar, columnist and analyst is a Special Contributor to "
            "Blitz. She lives in Cape Town, South Africa.",
        ]

    def test_003_states_nothing_but_its_text(self) -> None:
        (draft,) = drafts("003")
        assert stated(draft) == {}
        assert kinds(draft) == ["body"] * 22
        assert places(draft) == lines(draft.text)

    def test_004_states_a_date_in_front_of_its_first_sentence(self) -> None:
        (draft,) = drafts("004")
        assert stated(draft) == {"published_on": Fact("2024-11-10", 6, 16)}
        assert kinds(draft) == ["dateline", *["body"] * 8]
        (first_start, first_end), *rest = lines(draft.text)
        assert places(draft) == [(first_start, 16), (17, first_end), *rest]
        assert quotes(draft, "dateline") == ["date 2024-11-10"]
        assert quotes(draft, "body")[0].startswith("Strategic Affairs Minister Ron Dermer")

    @pytest.mark.parametrize("number", ["000", "002", "003", "004"])
    def test_an_article_alone_in_its_file_has_the_hash_of_the_file(self, number: str) -> None:
        rows = [line.split() for line in (SEEDS / "SHA256SUMS").read_text().splitlines()]
        checksums = {name: checksum for checksum, name in rows}
        (draft,) = drafts(number)
        assert draft.sha256 == checksums[FILES[number]]

    @pytest.mark.parametrize(
        ("number", "start", "end", "words"),
        [
            ("000", 1081, 1121, "we would like the Russians to approve it"),
            ("000", 2347, 2375, "neither confirmed nor denied"),
            ("000", 406, 511, "Moscow’s participation could contribute to a more stable outcome and reduce reliance "
             "on the United States"),
            ("001", 2792, 2895, "if they are in agreement with this principle, I think they can contribute effectively "
             "to this objective"),
            ("001", 1418, 1456, 'it had enough weapons for a "long war"'),
            ("001", 5026, 5166, "The Lebanese government, which includes Hezbollah, has repeatedly called for a "
             "ceasefire based on the full implementation of a UN Resolution"),
            ("001", 5794, 5855, "Israeli attacks have killed more than 3,243 people in Lebanon"),
            ("003", 4235, 4262, "over 2,800 people have died"),
            ("003", 839, 897, "Israel’s desire for a side letter from the U.S. government"),
            ("003", 2784, 2850, "has voiced strong opposition to any alterations to Resolution 1701"),
            ("004", 192, 270, "The visit is a result of US pressure on Israel to reach a ceasefire in Lebanon"),
            ("004", 1786, 1922, "Some Israeli security officials say that Israel is close to achieving its goals in "
             "Lebanon and support reaching a diplomatic arrangement"),
            ("004", 1995, 2087, "many officials, including ministers in the cabinet, oppose reaching a diplomatic "
             "arrangement"),
            ("004", 1298, 1365, "Israel is considering a temporary ceasefire in the north to prevent"),
            ("002", 2690, 2699, "rejecting"),
            ("002", 2460, 2495, "could be seen as a sign of weakness"),
        ],
    )  # fmt: skip
    def test_the_borderline_cases_of_the_codebook_quote_their_words(
        self, number: str, start: int, end: int, words: str
    ) -> None:
        draft = drafts(number)[0]
        assert draft.text[start:end] == words
        assert any(r.start <= start and end <= r.end and r.kind in READ_KINDS for r in draft.regions)

    def test_the_preview_says_in_words_what_its_fields_do_not_show(self) -> None:
        _, draft = drafts("001")
        assert draft.notes == (
            "Article 2 of 2 in this file.",
            "Marked as caption and shown folded: 1 of 24 lines.",
            "Marked as boilerplate and shown folded: 5 of 24 lines.",
        )


TITLE = "Talks make progress"
FIRST = "The minister told reporters on Monday that the talks had made progress and would go on for weeks."
SECOND = "A second paragraph follows here, in which an official says that nothing has been settled yet."


def page(*parts: str, name: str = "page.txt") -> ArticleDraft:
    (draft,) = plain.read("\n".join(parts).encode(), name)
    return draft


class TestOtherPages:
    def test_a_byline_and_a_date_below_the_title(self) -> None:
        draft = page(TITLE, "By Ada Example and Ben Example", "September 11, 2024", "", FIRST, "", SECOND)
        assert kinds(draft) == ["title", "byline", "dateline", "body", "body"]
        assert {name: fact.value for name, fact in stated(draft).items()} == {
            "title": TITLE,
            "byline": "Ada Example and Ben Example",
            "published_on": "2024-09-11",
        }

    def test_a_name_is_a_byline_only_when_the_page_says_so(self) -> None:
        about = "Ada Example is a columnist for this paper."
        assert stated(page(TITLE, "Ada Example", "", FIRST, "", SECOND)).keys() == {"title"}
        draft = page(TITLE, "Ada Example", "", FIRST, "", SECOND, "", about)
        assert kinds(draft) == ["title", "byline", "body", "body", "boilerplate"]
        assert stated(draft)["byline"].value == "Ada Example"

    def test_a_name_below_a_portrait_is_the_author_only_when_it_touches_it(self) -> None:
        assert stated(page(TITLE, "Avatar photo", "Ada Example", "", FIRST))["byline"].value == "Ada Example"
        assert page(TITLE, "Avatar photo", "", "Ada Example", "", FIRST).byline is None

    def test_a_line_doubled_below_the_title_is_a_caption(self) -> None:
        caption = "The minister at the talks in Astana on Monday"
        draft = page(TITLE, "", caption, caption, "", FIRST)
        assert kinds(draft) == ["title", "caption", "boilerplate", "body"]

    def test_a_date_in_front_of_a_later_paragraph_belongs_to_it(self) -> None:
        draft = page(TITLE, "", FIRST, "", f"2024-11-10 {SECOND}")
        assert kinds(draft) == ["title", "body", "body"]
        assert draft.published_on is None

    def test_a_place_before_a_date_is_no_author(self) -> None:
        draft = page(TITLE, "Middle East", "November 5, 2024", "", FIRST)
        assert kinds(draft) == ["title", "boilerplate", "dateline", "body"]
        assert draft.byline is None

    def test_the_date_of_publication_goes_before_that_of_a_change(self) -> None:
        draft = page(TITLE, "Updated: November 11, 2024", "Published: November 10, 2024", "", FIRST)
        assert stated(draft)["published_on"].value == "2024-11-10"

    def test_a_date_that_can_be_read_in_two_ways_is_left_out_and_said(self) -> None:
        draft = page(TITLE, "10/11/2024", "", FIRST)
        assert kinds(draft) == ["title", "dateline", "body"]
        assert draft.published_on is None
        assert any(note.endswith("10/11/2024") for note in draft.notes)

    def test_an_agency_in_dateline_caption_or_sign_off_is_not_the_outlet(self) -> None:
        draft = page(
            TITLE,
            "",
            "The minister in Astana (Reuters)",
            "",
            f"BEIRUT, Nov. 10, 2024 (Reuters) - {FIRST}",
            SECOND + " (AP)",
        )
        assert kinds(draft) == ["title", "caption", "dateline", "body", "body"]
        assert stated(draft).keys() == {"title", "published_on"}

    def test_two_copyright_owners_leave_the_outlet_open(self) -> None:
        below = ["Share this article", "© 2024 Example News", "© 2023 Sample Agency"]
        draft = page(TITLE, "", FIRST, "", *below)
        assert kinds(draft) == ["title", "body", *["boilerplate"] * 3]
        assert draft.outlet is None
        assert stated(page(TITLE, "", FIRST, "", *below[:2]))["outlet"].value == "Example News"

    def test_questions_between_paragraphs_are_subheadings(self) -> None:
        draft = page("Can Russia Help?", "", FIRST, "", "What comes next?", "", SECOND, "• one item", "• two items")
        assert kinds(draft) == ["title", "body", "subheading", "body", "body", "body"]

    def test_dates_between_paragraphs_are_subheadings(self) -> None:
        draft = page(TITLE, "", FIRST, "", "October 7, 2023", "", SECOND)
        assert kinds(draft) == ["title", "body", "subheading", "body"]
        assert draft.published_on is None

    def test_a_paragraph_repeated_is_read_once(self) -> None:
        assert kinds(page(TITLE, "", FIRST, "", FIRST, "", SECOND)) == ["title", "body", "boilerplate", "body"]

    def test_short_answers_may_repeat(self) -> None:
        draft = page(TITLE, "", FIRST, "Why?", "Because.", "And then?", "Because.", SECOND)
        assert kinds(draft) == ["title", *["body"] * 6]

    def test_a_last_line_without_a_stop_is_read(self) -> None:
        assert kinds(page(TITLE, "", FIRST, "", SECOND, "", "The talks go on")) == ["title", "body", "body", "body"]

    @pytest.mark.parametrize("text", ["Hello world", "Share", "?", "٣"])
    def test_a_single_line_is_body(self, text: str) -> None:
        draft = page(text)
        assert kinds(draft) == ["body"]
        assert stated(draft) == {}

    def test_without_sentences_a_short_first_line_is_the_title(self) -> None:
        assert kinds(page("Talks", "no stops in this one", "nor here")) == ["title", "body", "body"]

    def test_the_marks_of_a_heading_are_no_part_of_the_title(self) -> None:
        draft = page(f"# {TITLE}", "", FIRST, "", "## What next", "", SECOND, name="page.MD")
        assert draft.title == Fact(TITLE, 2, 2 + len(TITLE))
        assert kinds(draft) == ["title", "body", "subheading", "body"]
        assert stated(page(f"# {TITLE}", "", FIRST))["title"].value == f"# {TITLE}"

    def test_arabic_is_read_from_right_to_left(self) -> None:
        text = "قال الوزير إن الحكومة لا توافق على هذا وأنها تبحث عن حل مع الدول في المنطقة بعد الاجتماع من أجل السلام."
        draft = page("عنوان الخبر في بيروت", "", text)
        assert (kinds(draft), draft.language, draft.direction) == (["title", "body"], "ar", "rtl")

    def test_a_title_repeated_without_blank_lines_before_it_parts_nothing(self) -> None:
        assert len(plain.read("\n".join([TITLE, "", FIRST, "", "Next", "", "Next", "", SECOND]).encode(), "a.txt")) == 1

    def test_three_articles_in_one_file(self) -> None:
        one = ["", "", "", TITLE, "", TITLE, "", FIRST, ""]
        found = plain.read("\n".join([*one, *one, *one]).encode(), "a.txt")
        assert [kinds(draft) for draft in found] == [["title", "boilerplate", "body"]] * 3
        assert [draft.text.startswith(TITLE) for draft in found] == [False, True, True]

    def test_newlines_are_normalised_and_removed_characters_said(self) -> None:
        (draft,) = plain.read(f"\ufeff{TITLE}\r\n\r\n\x0c{FIRST}\u200b\r\n".encode(), "a.txt")
        assert draft.text == f"{TITLE}\n\n{FIRST}\u200b\n"
        assert draft.notes[0] == "Removed from the file: U+000C FORM FEED (1)."
        assert draft.notes[-1] == "Invisible characters kept: ZERO WIDTH SPACE (1)."

    @pytest.mark.parametrize("data", [b"", b"\xff\xff", b"a\x00b"])
    def test_what_is_no_text_is_refused(self, data: bytes) -> None:
        with pytest.raises(texts.TextError):
            plain.read(data, "a.txt")


TELLING_LINES = (
    *(TITLE, FIRST, SECOND, "TT", "", "", " ", "\u00a0", "By Ada Example", "Avatar photo", "Ada Example", "(AP)"),
    *("Ada Example is a columnist for this paper.", "date 2024-11-10 Talks", "© 2024 BLiTZ", "Leave a Reply"),
    *("The minister (Reuters)", "BEIRUT (AP) - ", "Published: 1 May 2024", "10/11/2024", "## Heading", "U.S."),
)


@given(st.lists(st.sampled_from(TELLING_LINES) | st.text(max_size=30), max_size=25))
def test_whatever_the_file_regions_and_facts_keep_their_promises(parts: list[str]) -> None:
    data = "\n".join(parts).encode()
    try:
        found = plain.read(data, "a.md")
        text = texts.normalise(texts.decode(data)).text
    except texts.TextError:
        return
    assert "".join(draft.text for draft in found) == text
    position = 0
    for draft in found:
        assert (draft.source_start, draft.source_end) == (position, position + len(draft.text))
        position = draft.source_end
        check_regions(draft)
        for name, fact in stated(draft).items():
            assert fact.start is not None
            assert fact.value == draft.text[fact.start : fact.end] or name == "published_on"


def check_regions(draft: ArticleDraft) -> None:
    covered: set[int] = set()
    end = 0
    for region in draft.regions:
        quote = draft.text[region.start : region.end]
        assert end <= region.start < region.end
        assert "\n" not in quote
        assert quote == quote.strip()
        covered.update(range(region.start, region.end))
        end = region.end
    assert all(offset in covered or character.isspace() for offset, character in enumerate(draft.text))
    assert any(region.kind in READ_KINDS for region in draft.regions)
