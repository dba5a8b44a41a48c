import pytest

from corpus.readers import furniture


@pytest.mark.parametrize(
    "line",
    [
        "Avatar photo",
        "Avatar photo Ada Example, a columnist, lives in Example.",
        "Please follow Blitz on Google News Channel",
        "Follow us on X",
        "Please Share This Post in Your Social Media",
        "Share this",
        "Share on Facebook",
        "Facebook",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "More News Of This Category",
        "Related articles:",
        "Sun Mon Tue Wed Thu Fri Sat",
        "M T W T F S S",
        "TT",
        "A A A",
        "A- A+",
        "3 comments",
        "Tags: talks, ceasefire",
        "© All rights reserved © 2005-2024 BLiTZ",
        "Design and Development winsarsoft",
        "Powered by Example",
    ],
)
def test_page_furniture_is_known_by_its_words(line: str) -> None:
    assert furniture.is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fall in Beirut",
        "Follow the money",
        "Avatar: a film breaks records",
        "More news is expected on Monday.",
        "Copyright law changes in Europe",
        "Developed nations meet in Geneva",
        "Comments by the minister on the talks",
        "Tagged as terrorists",
        "T",
        "A",
    ],
)
def test_words_of_an_article_are_no_furniture(line: str) -> None:
    assert not furniture.is_boilerplate(line)


@pytest.mark.parametrize(
    ("line", "is_caption"),
    [
        ("The minister in Astana (Reuters)", True),
        ("Smoke over Beirut, Oct. 22 (AP Photo/Ada Example)", True),
        ("Photo: the minister in Astana", True),
        ("FILE - The minister in Astana", True),
        ("The talks will go on, he said. (Reuters)", False),
        ("The military (IDF) and Reuters", False),
        ("It was founded in 2006 (by the UN)", False),
    ],
)
def test_a_caption_has_a_label_or_a_credit_that_follows_no_sentence(line: str, is_caption: bool) -> None:
    assert furniture.is_caption(line) == is_caption


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Example", "Ada Example"),
        ("By Ada Example and Ben van der Example", "Ada Example and Ben van der Example"),
        ("Author: Ada Example", "Ada Example"),
        ("By Ada Example, Example News", "Ada Example, Example News"),
        ("BY ADA EXAMPLE | Beirut", "ADA EXAMPLE"),
    ],
)
def test_a_byline_says_that_it_is_one(line: str, names: str) -> None:
    place = furniture.byline(line)
    assert place is not None
    assert line[slice(*place)] == names


@pytest.mark.parametrize("line", ["By the time the talks ended", "Ada Example", "By 2006, Israel had left", "by then"])
def test_a_line_that_begins_with_by_is_not_always_a_byline(line: str) -> None:
    assert furniture.byline(line) is None


@pytest.mark.parametrize(
    ("line", "iso", "rank", "stated"),
    [
        ("• Update Time : Wednesday, September 11, 2024", "2024-09-11", 2, None),
        ("Published on 10 November 2024, 14:30", "2024-11-10", 0, None),
        ("Published: 10 Nov. 2024 | Updated: 11 Nov. 2024", "2024-11-10", 0, None),
        ("November 10, 2024", "2024-11-10", 1, None),
        ("date 2024-11-10 Strategic Affairs Minister", "2024-11-10", 1, "date 2024-11-10"),
        ("2024-11-10 Strategic Affairs Minister", "2024-11-10", 1, "2024-11-10"),
        (
            f"BEIRUT, Nov. 10, 2024 (Reuters) - The talks {'go on ' * 10}.",
            "2024-11-10",
            1,
            "BEIRUT, Nov. 10, 2024 (Reuters) -",
        ),
    ],
)
def test_a_dateline_gives_its_date_and_where_it_ends(line: str, iso: str, rank: int, stated: str | None) -> None:
    found = furniture.dateline(line)
    assert found is not None
    assert found.date is not None
    assert (found.date.iso, found.rank, line[: found.stop]) == (iso, rank, stated or line)


def test_a_dateline_may_state_a_place_alone() -> None:
    line = "BEIRUT (AP) — " + "The talks go on in Beirut. " * 4
    found = furniture.dateline(line)
    assert found is not None
    assert (found.date, line[: found.stop]) == (None, "BEIRUT (AP) —")


@pytest.mark.parametrize(
    "line",
    [
        "September 11, 2024 was a Wednesday.",
        "On September 11, 2024, the secretary returned.",
        "Published September 11, 2024 by the ministry, the report says little.",
        "September 11, 2024, The Secretary returned.",
        "NATO – the alliance – said that it would not take part in the talks, which are to go on for weeks.",
        "Gaza, Nov 5 – What we know",
        "Update on the talks",
    ],
)
def test_a_sentence_with_a_date_or_a_dash_is_no_dateline(line: str) -> None:
    assert furniture.dateline(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("© All rights reserved © 2005-2024 BLiTZ", "BLiTZ"),
        ("Copyright © 2024 The Example News. All Rights Reserved.", "The Example News"),
        ("(c) 2024 by Example & Sons", "Example & Sons"),
        ("© 2024 Example | Sister Paper", None),
        ("© 2024", None),
        ("All rights reserved by Example", None),
        ("© The Example News and its many affiliated companies all over the world", None),
    ],
)
def test_a_copyright_line_names_one_owner_or_none(line: str, name: str | None) -> None:
    place = furniture.outlet(line)
    assert (line[slice(*place)] if place else None) == name
