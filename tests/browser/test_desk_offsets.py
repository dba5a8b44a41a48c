"""Selections made by real hands in a real browser are the offsets that are stored: more than 500, generated."""

import random
import unicodedata
from collections.abc import Iterator

import pytest
import regex
from playwright.sync_api import Page

from annotator.annotation.models import AnnotationSet, Span
from corpus.text import from_utf16, to_utf16
from tests.browser.conftest import SignIn
from tests.browser.desk import Desk, open_desk
from tests.builders import Cast, make_article

PLAIN = ("talks", "Envoy", "ceasefire", "2800", "force", "draft", "Geneva", "ministers")
PARTS = (
    *PLAIN, "U.S.", "co-operation", "naïve", "ﬁnal", "e\u0301te\u0301", "a\u0308\u0323b", "n\u0303o", "𝒩ews", "𠮷野家",
    "👩\u200d👩\u200d👧\u200d👦", "🇨🇭", "👍🏽", "❤\ufe0f", "停战谈判", "協議は", "ไทย", "ข้าว", "soft\u00adhyphen",
    "zero\u200bwidth", "हिन्दी", "한국어", "<b>", "&amp;",
)  # fmt: skip
"""Pieces of text of which each has broken somebody's offsets."""
LEFTWARD = (*PLAIN, "قال", "الوزير", "المحادثات", "המשלחת", "שָׁלוֹם", "n\u0303o", "𝒩ews")
"""Pieces for lines that run in both directions."""

UNSEEN = {"\u00ad", "\u200b"}


def generated(seed: int, lines: int = 10, words: int = 8) -> str:
    chance = random.Random(seed)
    return "\n".join(" ".join(chance.choices(LEFTWARD if line % 2 else PARTS, k=words)) for line in range(lines))


def edges(text: str) -> list[int]:
    """Where one character, as a reader takes it, ends and the next begins."""
    return [0, *(match.end() for match in regex.finditer(r"\X", text))]


def may_end_at(character: str, line: str) -> bool:
    """No white space; and where a line runs both ways, a letter or digit, whose direction is beyond doubt."""
    mixed = any(unicodedata.bidirectional(one) in ("R", "AL") for one in line)
    return not character.isspace() and (not mixed or character.isalnum())


def stretches(text: str, count: int, seed: int) -> Iterator[tuple[int, int]]:
    """Different stretches of whole characters, each on one line."""
    chance, cuts, seen = random.Random(seed), edges(text), set[tuple[int, int]]()
    while len(seen) < count:
        first = chance.randrange(len(cuts) - 1)
        start, end = cuts[first], cuts[min(first + chance.choice((1, 1, 2, 3, 5, 8, 14)), len(cuts) - 1)]
        line = text[text.rfind("\n", 0, start) + 1 : text.find("\n", start) % (len(text) + 1)]
        if "\n" in text[start:end] or (start, end) in seen or {text[start], text[end - 1]} & UNSEEN:
            continue
        if may_end_at(text[start], line) and may_end_at(text[cuts[cuts.index(end) - 1]], line):
            seen.add((start, end))
            yield start, end


def stored(reading: AnnotationSet) -> list[tuple[int, int]]:
    """In the order in which they were made."""
    spans = Span.objects.filter(annotation_set=reading).order_by("version")
    return [(span.start, span.end) for span in spans]


def check(desk: Desk, wanted: list[tuple[int, int]]) -> None:
    desk.saved()
    assert desk.page.locator("#problems .problem").all_inner_texts() == []
    assert stored(desk.reading) == wanted
    assert desk.page.evaluate("document.getElementById('text').textContent") == desk.text


CONVERTED = """async (texts) => {
  const { Text, pointsIn, unitAt } = await import("/static/annotation/offsets.js");
  return texts.map((string) => {
    const text = new Text(string);
    const points = [...Array(text.length + 1).keys()];
    return {
      length: text.length,
      counted: pointsIn(string),
      units: points.map((point) => text.unit(point)),
      walked: points.map((point) => unitAt(string, point)),
      back: points.map((point) => text.point(text.unit(point))),
      slices: points.map((point) => text.slice(0, point)),
    };
  });
}"""


def test_browser_and_server_count_alike(page: Page, database: str) -> None:
    """Every offset of 400 generated texts, converted by the one module of each side."""
    page.goto("/sign-in/")
    chance = random.Random(1)
    alphabet = [*"ab \n", *"".join(PARTS), "\U0001f600", "\U000e0067", "\u200d", "\ufe0f", "\ufffd", "\U0010ffff"]
    texts = ["".join(chance.choices(alphabet, k=chance.randrange(40))) for _ in range(400)]
    for text, found in zip(texts, page.evaluate(CONVERTED, texts), strict=True):
        points = range(len(text) + 1)
        assert found["length"] == found["counted"] == len(text)
        assert found["units"] == found["walked"] == [to_utf16(text, point) for point in points]
        assert found["back"] == list(points) == [from_utf16(text, unit) for unit in found["units"]]
        assert found["slices"] == [text[:point] for point in points]


@pytest.mark.parametrize("seed", range(4))
def test_what_the_mouse_drags_over_is_what_is_stored(page: Page, cast: Cast, sign_in: SignIn, seed: int) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article(generated(seed)))
    wanted = list(stretches(desk.text, 100, seed))
    for start, end in wanted:
        desk.drag_over(start, end, exactly=True)
        desk.press("1", "Escape")
    check(desk, wanted)


def test_what_the_shift_key_extends_over_is_what_is_stored(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    text = generated(99, lines=5, words=4)
    desk = open_desk(page, cast, make_article(text))
    chance, wanted = random.Random(99), list[tuple[int, int]]()
    lines = [match.span() for match in regex.finditer(r"[^\n]+", text)]
    while len(wanted) < 90:
        line = chance.randrange(len(lines))
        cuts = [lines[line][0] + edge for edge in edges(text[slice(*lines[line])])]
        first, last = sorted(chance.sample(range(min(len(cuts), 14)), 2))
        if (cuts[first], cuts[last]) in wanted:
            continue
        wanted.append((cuts[first], cuts[last]))
        desk.press("Control+Home", *["Control+ArrowDown"] * line, *["ArrowRight"] * first)
        desk.press(*["Shift+ArrowRight"] * (last - first), "2", "Escape")
    check(desk, wanted)


SCRIPTS = [
    ("zh", "停战谈判正在进行。部长们离开了日内瓦。", "谈判", "停战谈判正在进行"),
    ("ja", "停戦協議は続いている。大臣は帰国した。", "協議", "停戦協議は続いている"),
    ("th", "การเจรจาสันติภาพดำเนินต่อไป", "สันติภาพ", "การเจรจาสันติภาพดำเนินต่อไป"),
    ("hi", "मंत्री ने योजना को ठुकराया। बातचीत जारी है।", "योजना", "मंत्री ने योजना को ठुकराया"),
    ("ko", "장관은 계획을 거부했다. 회담은 계속된다.", "계획을", "장관은 계획을 거부했다"),
    ("ar", "قال الوزير إن BBC نشرت الخبر. انتهت المحادثات.", "الوزير", "قال الوزير إن BBC نشرت الخبر"),
    ("he", "השר אמר ל-Reuters שהשיחות נמשכות. הן לא ייפסקו.", "אמר", "השר אמר ל-Reuters שהשיחות נמשכות"),
]


@pytest.mark.parametrize(("language", "text", "word", "sentence"), SCRIPTS, ids=[one[0] for one in SCRIPTS])
def test_words_and_sentences_are_taken_in_every_script(
    page: Page, cast: Cast, sign_in: SignIn, language: str, text: str, word: str, sentence: str
) -> None:
    """Also where no spaces stand between words, and in articles that run from right to left."""
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article(text, language=language))
    desk.click(word, count=2)
    desk.selects(word)
    desk.press("2", "Escape")
    desk.click(word, count=3)
    desk.press("1", "Escape", "Escape")
    desk.drag(word, exactly=True)
    desk.press("3")
    desk.check()
    assert sorted(desk.stored()) == sorted([("ACTOR", word), ("CLAIM", sentence), ("STANCE", word)])


def test_characters_that_nobody_sees_are_shown_and_counted(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("A cease\u00adfire, zero\u200bwidth and a \u2060joiner."))
    names = page.locator("#text .unseen")
    assert [one.get_attribute("data-name") for one in names.all()] == ["SHY", "ZWSP", "WJ"]
    drawn = names.first.evaluate("(one) => getComputedStyle(one, '::before').content")
    assert drawn == '"SHY"'
    desk.drag("cease\u00adfire", exactly=True)
    desk.press("1")
    desk.check()
    assert desk.stored() == [("CLAIM", "cease\u00adfire")]


def test_a_careless_drag_takes_whole_words(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    words = ["talks", "envoy", "été", "naïve", "n\u0303o", "𝒩ews", "force", "draft", "Geneva", "the"]
    chance = random.Random(7)
    text = "\n".join(" ".join(chance.choices(words, k=9)) for _ in range(6))
    desk = open_desk(page, cast, make_article(text))
    places = [match.span() for match in regex.finditer(r"\S+", text)]
    wanted = list[tuple[int, int]]()
    while len(wanted) < 40:
        first = chance.randrange(len(places) - 3)
        last = first + chance.randrange(3)
        place = (places[first][0], places[last][1])
        if place in wanted:
            continue
        wanted.append(place)
        # From somewhere inside the first word to somewhere inside the last, over a line break too.
        desk.drag_over(places[first][0] + 1, places[last][1] - 1)
        desk.press("1", "Escape")
    check(desk, wanted)
