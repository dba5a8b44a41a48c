"""The adjudication desk as hands meet it: one article that two have read, with a difference of every kind."""

from playwright.sync_api import Page, expect

from annotator.accounts.models import User
from tests.annotator.workflow.stories import Story
from tests.browser.desk import Desk
from tests.builders import TEXT_MIXED, Cast

CAFE = "a\u0308 cafe\u0301 is no parliament"
ADA = {
    "families": ("families want talks 🇨🇭", "CLAIM"),
    "owners": ("owners", "ACTOR"),
    "disagree": ("disagree", "STANCE", {"polarity": "oppose"}),
    "cafe": (CAFE, "CLAIM"),
    "minister": ("الوزير", "ACTOR"),
    "talks": ("المحادثات انتهت", "CLAIM"),
    "ended": ("the talks ended", "CLAIM"),
    "won": ("Nobody won", "CLAIM"),
    "aide": ("the minister’s aide", "ACTOR"),
}
BEN = {
    "families": ("👩‍👩‍👧‍👦 families want talks 🇨🇭 now", "CLAIM"),
    "owners": ("owners", "ACTOR"),
    "disagree": ("disagree", "STANCE", {"polarity": "mixed"}),
    "cafe": (CAFE, "CLAIM"),
    "minister": ("الوزير", "ACTOR"),
    "talks": ("المحادثات انتهت", "STANCE", {"polarity": "neutral"}),
    "won": ("Nobody won", "CLAIM"),
    "nobody": ("Nobody", "ACTOR"),
    "aide": ("aide", "ACTOR"),
}
BOTH = [("held_by", "disagree", "owners"), ("toward", "disagree", "cafe"), ("made_by", "won", "aide")]
ADA_ALONE, BEN_ALONE = ("made_by", "talks", "minister"), ("held_by", "talks", "minister")

GOLD = [
    ("families want talks 🇨🇭 now", "CLAIM"),
    ("owners", "ACTOR"),
    ("disagree", "STANCE", {"polarity": "oppose"}),
    (CAFE, "CLAIM"),
    ("الوزير", "ACTOR"),
    ("المحادثات انتهت", "CLAIM"),
    ("Nobody won", "CLAIM"),
    ("Nobody", "ACTOR"),
    ("the minister’s aide", "ACTOR"),
    ("aide", "ACTOR"),
]
"""What comes out: an edge set by hand, a value and a label of Ada's, a nested span of Ben's alone, two readings
that both stand, and nothing of what Ada alone saw in “the talks ended”."""

LINES = [
    ("held_by", "disagree", "owners"),
    ("toward", "disagree", CAFE),
    ("made_by", "المحادثات انتهت", "الوزير"),
    ("made_by", "Nobody won", "the minister’s aide"),
    ("made_by", "Nobody won", "aide"),
]


def two_readings(cast: Cast) -> Story:
    story = Story(cast, text=TEXT_MIXED)
    story.read(cast.ada, ADA, [*BOTH, ADA_ALONE])
    story.read(cast.ben, BEN, [*BOTH, BEN_ALONE])
    return story


class SettleDesk:
    """The browser must be signed in as an adjudicator."""

    def __init__(self, page: Page, story: Story) -> None:
        self.page, self.story = page, story
        self.words = Desk(page, story.project, story.set_of(story.cast.ada))
        """The text of the page, with the places of its words."""

    def open_list(self) -> None:
        self.page.goto(f"/projects/{self.story.project.slug}/settle/")

    def open(self) -> None:
        self.story.open()
        self.page.goto(f"/projects/{self.story.project.slug}/settle/{self.story.article.pk}/")
        expect(self.page.locator("#text mark.at").first).to_be_visible()

    def letter(self, reader: User) -> str:
        sets = sorted(str(self.story.set_of(one).pk) for one in self.story.marked)
        return "ABCDEF"[sets.index(str(self.story.set_of(reader).pk))]

    def number(self, reader: User) -> str:
        return str("ABCDEF".index(self.letter(reader)) + 1)

    def settled(self, count: int, of: int) -> None:
        expect(self.page.locator("#progress span").first).to_contain_text(f"{count} of {of}")

    def heading(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("#decision .heading")).to_contain_text(one, ignore_case=True)

    def choose(self, what: str, how: str) -> None:
        """Click the difference in the list."""
        row = self.page.locator(".difference", has_text=what).filter(has_text=how)
        row.first.click()
        expect(row.first).to_have_attribute("aria-current", "true")

    def take(self, name: str) -> None:
        self.page.locator("#decision .take", has_text=name).click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def walk_to(self, what: str, how: str) -> None:
        """Arrows up or down until the difference is the current one."""
        rows = [row.inner_text() for row in self.page.locator(".difference").all()]
        wanted = next((place for place, said in enumerate(rows) if what in said and how in said), None)
        assert wanted is not None, f"no {how} of {what} among {rows}"
        place = int(self.page.locator("#decision .heading .num").inner_text().split()[1]) - 1
        while place != wanted:
            step = 1 if place < wanted else -1
            self.page.keyboard.press("ArrowDown" if step > 0 else "ArrowUp")
            place += step
            self.heading(f"Difference {place + 1} of")
