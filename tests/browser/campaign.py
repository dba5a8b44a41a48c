"""A whole campaign as hands meet it: the text, what three readers see in it, and what is to come out."""

from playwright.sync_api import Page, expect

from annotator.accounts.models import User
from annotator.annotation.queries import annotation_set_for
from annotator.projects.models import Project
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.annotator.workflow.stories import Story
from tests.browser.desk import Desk
from tests.builders import Cast

TEXT = (
    "The minister rejected the plan today.\n"
    "“It costs too much,” she said in Geneva.\n"
    "Unions called it a first step, and families want talks 🇨🇭 now.\n"
    "The mayor of the old town praised the deal.\n"
    "قال الوزير إن المحادثات انتهت، and the talks ended."
)
WHOLE = "a first step, and families want talks 🇨🇭 now"
FIRST, SECOND = "a first step", "families want talks 🇨🇭 now"
MAYOR = "The mayor of the old town"

SHARED = (("The minister", "Actor"), ("the plan", "Claim"), ("الوزير", "Actor"))
READINGS = {
    "ada": (
        *SHARED, (MAYOR, "Actor"), (WHOLE, "Claim"), ("the talks ended", "Claim"), ("It costs too much", "Claim"),
    ),
    "ben": (*SHARED, ("The mayor", "Actor"), (FIRST, "Claim"), (SECOND, "Claim"), ("It costs too much", "Stance")),
    "eve": (
        *SHARED, (MAYOR, "Actor"), ("town", "Actor"), (FIRST, "Claim"), (SECOND, "Claim"),
        ("It costs too much", "Claim"),
    ),
}  # fmt: skip
"""Quote and label, in the order of marking. What is rejected comes last, a stance with its answer and its relations."""
ANSWERS = {"ada": "oppose", "ben": "mixed", "eve": "oppose"}
WITHOUT_TARGET = "eve"
"""Who does not say what the stance is about; the others do, and all say whose it is."""

GOLD = [
    ("The minister", "ACTOR"),
    ("rejected", "STANCE", {"polarity": "oppose"}),
    ("the plan", "CLAIM"),
    ("It costs too much", "CLAIM"),
    (FIRST, "CLAIM"),
    (SECOND, "CLAIM"),
    (MAYOR, "ACTOR"),
    ("town", "ACTOR"),
    ("الوزير", "ACTOR"),
]
LINES = [("held_by", "rejected", "The minister"), ("toward", "rejected", "the plan")]


class Campaign(Story):
    """A project as its manager has made it on the pages, with an article that was imported there."""

    def __init__(self, cast: Cast, project: Project, article: Article) -> None:
        self.cast, self.project, self.article = cast, project, article
        self.marked, self.linked = {}, {}


class Reader:
    """Somebody at the desk, with the mouse. The browser must be signed in as them."""

    def __init__(self, page: Page, campaign: Campaign, user: User) -> None:
        self.page, self.campaign, self.user = page, campaign, user

    def open(self) -> None:
        """From the queue to the desk."""
        self.page.goto(f"/projects/{self.campaign.project.slug}/queue/")
        expect(self.page.get_by_role("button", name="Open the first article")).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#text")).to_be_focused()
        own = Assignment.objects.get(project=self.campaign.project, reviewer=self.user)
        assert own.annotation_set_id is not None
        self.desk = Desk(self.page, self.campaign.project, annotation_set_for(self.user, own.annotation_set_id))

    def read(self) -> None:
        for quote, label in READINGS[self.user.username]:
            self.mark(quote, label)
            if label == "Stance":
                self.answer("oppose")
        self.mark("rejected", "Stance")
        self.answer(ANSWERS[self.user.username])
        self.tie("held by", "The minister")
        if self.user.username != WITHOUT_TARGET:
            self.tie("toward", "the plan")
        self.desk.check()

    def mark(self, quote: str, label: str) -> None:
        self.desk.drag(quote)
        self.desk.label(label)

    def answer(self, value: str) -> None:
        self.desk.saved()
        self.page.locator("#inspector .chip", has_text=value).click()

    def tie(self, name: str, quote: str) -> None:
        self.desk.saved()
        self.page.locator(f'#inspector [data-act="tie"][data-name="{name}"]').click()
        self.desk.click(quote)
        self.desk.saved()

    def hand_in(self) -> None:
        self.page.get_by_role("button", name="Submit").click()
        expect(self.page.get_by_text("nothing left for you")).to_be_visible()
        self.campaign.marked[self.user] = {}
