"""The reading desk as hands and eyes meet it: places in the text, gestures, and what stands on the page."""

import unicodedata
import uuid
from typing import Any

import regex
from playwright.sync_api import Page, expect

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.projects.models import Project
from corpus.models import Article
from tests.browser.patience import wait_until_ready
from tests.builders import LARGE, SMALL, TEXT_MIXED, Cast, link, make_article, make_project, mark, started_set

SAVED = 30_000
"""Milliseconds until what is expected must stand, on a busy machine too."""
expect.set_options(timeout=SAVED)


def open_desk(
    page: Page, cast: Cast, article: Article | None = None, *, codebook: str = SMALL, user: User | None = None
) -> "Desk":
    """A new project with one article, at Ada's desk. The browser must be signed in as the reader."""
    project = make_project(cast, article or make_article(TEXT_MIXED), codebook=codebook)
    desk = Desk(page, project, started_set(project, user or cast.ada))
    desk.open()
    return desk


NEWS = (
    "Envoy carries a draft between two capitals\n"
    "The prime minister said on Monday that the draft was close. Nobody else agreed with the prime minister.\n"
    "A photo of the envoy\n"
    "Share this page\n"
    "A spokesman rejected any change to the 2006 resolution."
)


def full_desk(page: Page, cast: Cast) -> "Desk":
    """Nested and overlapping spans, relations, a gap, a comment, furniture."""
    article = make_article(NEWS)
    for paragraph, kind in ((0, "title"), (2, "caption"), (3, "boilerplate")):
        article.regions.filter(paragraph=paragraph).update(kind=kind)
    desk = open_desk(page, cast, article, codebook=LARGE)
    by, reading = cast.ada, desk.reading
    claim = mark(reading, by, "the draft was close", "CLAIM", voice="named", note="see below")
    actor = mark(reading, by, "prime minister", "ACTOR", entity="israel")
    mark(reading, by, "The prime minister said on Monday that the draft was close", "CLAIM")
    stance = mark(reading, by, "rejected", "STANCE", polarity="oppose")
    mark(reading, by, "any change to the 2006 resolution", "CLAIM", kind="figure")
    link(reading, by, "made_by", claim, actor)
    link(reading, by, "held_by", stance, mark(reading, by, "spokesman", "ACTOR"))
    desk.open()
    return desk


def choose(desk: "Desk") -> None:
    """The stance of a full desk."""
    desk.click("rejected")


WHERE = """([from, to]) => {
  const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let passed = 0;
  let begun = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!begun && passed + node.data.length > from) {
      range.setStart(node, from - passed);
      begun = true;
    }
    if (begun && passed + node.data.length >= to) {
      range.setEnd(node, to - passed);
      break;
    }
    passed += node.data.length;
  }
  const place = range.getBoundingClientRect();
  if (place.top < 80 || place.bottom > innerHeight - 80) {
    range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
  }
  const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
  const rect = rects.at(-1) ?? range.getBoundingClientRect();
  return [rect.left, rect.right, rect.top + rect.height / 2];
}"""
"""Where on the screen a stretch stands, given in UTF-16 units: counted anew, not by the code under test."""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class Desk:
    def __init__(self, page: Page, project: Project, reading: AnnotationSet) -> None:
        self.page, self.project, self.reading = page, project, reading
        self.text = reading.article.text

    def open(self) -> None:
        self.page.goto(f"/sets/{self.reading.pk}/")
        expect(self.page.locator("#saving")).to_have_attribute("data-state", "saved", timeout=SAVED)
        expect(self.page.locator("#text")).to_be_focused()

    # Where words stand.

    def place(self, quote: str, nth: int = 0) -> tuple[int, int]:
        start = -1
        for _ in range(nth + 1):
            start = self.text.index(quote, start + 1)
        return start, start + len(quote)

    def at(self, offset: int, *, end: bool = False) -> tuple[float, float]:
        """A spot in the first half of the character at this offset; `end`: in the last half of the one before it.

        In letters that run to the left, the first half is the right one.
        """
        begin = self._last_character(offset) if end else offset
        until = offset if end else self._next_edge(offset)
        wait_until_ready(self.page)
        leftward = unicodedata.bidirectional(self.text[begin]) in ("R", "AL")
        left, right, middle = self.page.evaluate(WHERE, [units(self.text[:begin]), units(self.text[:until])])
        inner = (right - left) * 0.22
        return (right - inner if end != leftward else left + inner), middle

    def _last_character(self, offset: int) -> int:
        line = self.text.rfind("\n", 0, offset) + 1
        *_, last = regex.finditer(r"\X", self.text[line:offset])
        return line + int(last.start())

    def _next_edge(self, offset: int) -> int:
        found = regex.compile(r"\X").match(self.text, offset)
        assert found is not None
        return int(found.end())

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Without the full stop, as the sentence key takes it."""
        while end > start and self.text[end - 1] in ".,;:!? ":
            end -= 1
        return start, end

    # The mouse.

    def drag(self, quote: str, nth: int = 0, *, exactly: bool = False) -> None:
        self.drag_over(*self.place(quote, nth), exactly=exactly)

    def drag_over(self, start: int, end: int, *, exactly: bool = False) -> None:
        """From the beginning of one character to the end of another; `exactly`: with the key for characters."""
        from_x, from_y = self.at(start)
        to_x, to_y = self.at(end, end=True)
        if exactly:
            self.page.keyboard.down("Alt")
        self.page.mouse.move(from_x, from_y)
        self.page.mouse.down()
        self.page.mouse.move((from_x + to_x) / 2, (from_y + to_y) / 2)
        self.page.mouse.move(to_x, to_y)
        self.page.mouse.up()
        if exactly:
            self.page.keyboard.up("Alt")

    def click(self, quote: str, nth: int = 0, *, count: int = 1) -> None:
        start, end = self.place(quote, nth)
        x, y = self.at((start + end) // 2)
        self.page.mouse.click(x, y, click_count=count)

    def tap(self, quote: str, nth: int = 0) -> None:
        start, end = self.place(quote, nth)
        x, y = self.at((start + end) // 2)
        self.page.touchscreen.tap(x, y)

    def label(self, name: str) -> None:
        self.page.locator("button.label:visible", has_text=name).click()

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    # The keyboard.

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, letters: str) -> None:
        self.page.keyboard.type(letters)

    # What stands.

    def saved(self) -> None:
        """Wait until everything is saved."""
        expect(self.page.locator("#saving")).to_have_attribute("data-state", "saved", timeout=SAVED)

    def selects(self, words: str) -> None:
        """Wait until these words are selected."""
        self.page.wait_for_function("(words) => getSelection().toString() === words", arg=words, timeout=SAVED)

    def rows(self) -> list[str]:
        """The span list, as the reader sees it."""
        return self.page.locator("#spans > li:not([hidden]) .words").all_text_contents()

    def links(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            """[...document.querySelectorAll("#spans > li:not([hidden]) .links > li:not([hidden])")].map((item) =>
              item.textContent.replace(/\\s+/g, " ").trim())"""
        )
        return found

    def stored(self) -> list[tuple[str, str]]:
        """(label, quote) of the spans in the database, in reading order."""
        spans = Span.objects.filter(annotation_set=self.reading).order_by("start", "-end", "label")
        return [(span.label, self.text[span.start : span.end]) for span in spans]

    def stored_links(self) -> list[tuple[str, str, str]]:
        found = Relation.objects.filter(annotation_set=self.reading).select_related("source", "target")
        words = lambda span: self.text[span.start : span.end]
        return sorted((words(one.source), one.type, words(one.target)) for one in found)

    def drawn(self) -> dict[str, str]:
        """Words over which each span is drawn, by the span's id, put together from its marks."""
        found: dict[str, str] = self.page.evaluate(
            """(() => {
              const words = {};
              for (const mark of document.querySelectorAll("#text mark")) {
                for (const id of mark.dataset.spans.split(" ")) words[id] = (words[id] ?? "") + mark.textContent;
              }
              return words;
            })()"""
        )
        return found

    def check(self) -> None:
        """Page and database say the same, and the text is the text."""
        self.saved()
        assert self.page.evaluate("document.getElementById('text').textContent") == self.text
        spans = Span.objects.filter(annotation_set=self.reading)
        stands = {str(span.pk): self.text[span.start : span.end].replace("\n", "") for span in spans}
        assert self.drawn() == stands
        assert self.rows() == [quote for _, quote in self.stored()]

    def status(self) -> str:
        return self.page.locator("#saving").inner_text()

    def announced(self) -> str:
        return self.page.locator("#announcer").inner_text()


def post(page: Page, desk: Desk, verb: str, body: dict[str, Any]) -> int:
    """Send a gesture as another window of the same person would."""
    status: int = page.evaluate(
        """async ([address, verb, body, gesture, reader]) => {
          const token = document.querySelector('meta[name="csrf-token"]').content;
          const form = new URLSearchParams({ gesture, verb, body: JSON.stringify(body), reader });
          const headers = { "HX-Request": "true", "X-CSRFToken": token };
          return (await fetch(address, { method: "POST", headers, body: form })).status;
        }""",
        [f"/sets/{desk.reading.pk}/gestures/", verb, body, str(uuid.uuid4()), str(desk.reading.owner_id)],
    )
    return status
