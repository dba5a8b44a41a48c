"""Suggestions on the desk: by keyboard alone, by mouse, by touch, and what is kept of them."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotator.annotation.models import AnnotationSet, Rejection, Span
from annotator.annotation.queries import annotation_set_for
from annotator.projects.models import Project
from annotator.workflow import actions
from annotator.workflow.conditions import change_conditions, conditions_seen
from corpus.models import Article
from tests.browser.conftest import PHONE, Complaints, SignIn, barriers
from tests.browser.desk import SAVED, Desk
from tests.builders import LARGE, Cast, make_article, make_project, mark
from tests.servers import Server

FIRST = "The minister rejected the plan in Geneva."
SECOND = (
    "Officials in Cairo said 👩‍👩‍👧‍👦 families want talks.\n"
    "A day later the minister spoke. “The plan is bad,” the minister said.\n"
    "The minister’s aide told them that Cairo waits."
)
SUGGESTED = ["Cairo", "the minister", "the minister", "The minister", "Cairo"]

PAUSE = 40
DRAWN = """[...CSS.highlights].filter(([name]) => name.startsWith("suggested-"))
  .flatMap(([, ranges]) => [...ranges].map(String)).filter(Boolean)"""


def begin(project: Project, article: Article, cast: Cast) -> AnnotationSet:
    assignment = actions.assign(project, article, by=None, reviewer=cast.ada)
    set_id = actions.start(assignment, by=cast.ada).annotation_set_id
    assert set_id is not None
    return annotation_set_for(cast.ada, set_id)


def second_desk(page: Page, cast: Cast, *, suggesting: bool = True) -> Desk:
    """Ada labelled the minister in one article and opens the next; the register has Cairo."""
    articles = [make_article(FIRST), make_article(SECOND)]
    project = make_project(cast, *articles, codebook=LARGE)
    if not suggesting:
        change_conditions(project, by=cast.dora, seen=conditions_seen(project), values={"suggestions": False})
        project = Project.objects.get(pk=project.pk)
    mark(begin(project, articles[0], cast), cast.ada, "The minister", "ACTOR", mention="description")
    desk = Desk(page, project, begin(project, articles[1], cast))
    desk.open()
    return desk


def drawn(page: Page, count: int) -> list[str]:
    """The words of all suggestions that are drawn, once there are so many."""
    for _ in range(SAVED // PAUSE):
        found: list[str] = page.evaluate(DRAWN)
        if len(found) == count:
            return found
        page.wait_for_timeout(PAUSE)
    pytest.fail(f"{found} are drawn")


def exposures(desk: Desk) -> list[tuple[str, str, str]]:
    spans = Span.objects.filter(annotation_set=desk.reading).order_by("start", "-end")
    return [(one.label, desk.text[one.start : one.end], one.suggestion) for one in spans]


@pytest.mark.engines("sqlite", "postgresql")
def test_suggestions_are_walked_and_answered_by_keyboard_alone(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = second_desk(page, cast)
    assert sorted(drawn(page, 5)) == sorted(SUGGESTED)
    assert page.evaluate("document.getElementById('text').textContent") == desk.text
    assert exposures(desk) == []

    desk.press("n")
    assert "Suggestion 1 of 5: Actor: Cairo, Egypt" in desk.announced()
    desk.press("y")
    desk.saved()
    assert exposures(desk) == [("ACTOR", "Cairo", "accepted")]
    assert Span.objects.get(annotation_set=desk.reading).attributes["entity"] == "egypt"
    drawn(page, 4)

    desk.press("n", "x")  # the first minister
    desk.saved()
    assert Rejection.objects.filter(annotation_set=desk.reading).count() == 1
    desk.press("n", "m", "Control+Shift+ArrowRight", "2")  # the second, with the word after it
    desk.saved()
    assert exposures(desk)[1] == ("ACTOR", "the minister said", "changed")
    desk.press("n", "m", "1")  # the third, as a claim
    desk.saved()
    assert exposures(desk)[2] == ("CLAIM", "The minister", "changed")
    desk.press("/")
    desk.type("told")
    desk.press("Shift+ArrowRight", "t")
    desk.type("wait")
    desk.press("1")  # a claim over the last suggestion
    desk.saved()
    assert exposures(desk)[3] == ("CLAIM", "told them that Cairo waits", "shown")
    assert drawn(page, 1) == ["Cairo"]

    page.reload()
    assert drawn(page, 1) == ["Cairo"]
    desk.press("Shift+N", "x")
    drawn(page, 0)
    desk.press("n")
    assert "No suggestions are left" in desk.announced()
    desk.press("u")
    assert drawn(page, 1) == ["Cairo"]
    desk.check()


def test_suggestions_are_answered_by_mouse(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = second_desk(page, cast)
    drawn(page, 5)
    expect(page.locator("#suggested .count")).to_have_text("5 suggestions")
    desk.drag("Cairo said")
    desk.label("Claim")
    desk.saved()
    assert exposures(desk) == [("CLAIM", "Cairo said", "shown")]

    desk.click("Cairo")  # inside the claim: the suggestion first, then the claim
    expect(page.locator("#suggestion .quote")).to_have_text("Cairo")
    expect(page.locator("#suggestion .said")).to_have_text("Egypt · a name in the register")
    desk.click("Cairo")
    expect(page.locator("#suggestion")).to_be_hidden()
    desk.click("minister")
    expect(page.locator("#suggestion .quote")).to_have_text("the minister")
    page.locator("#suggestion").get_by_role("button", name="Accept").click()
    desk.saved()
    assert exposures(desk)[1] == ("ACTOR", "the minister", "accepted")
    page.get_by_role("button", name="Next").first.click()
    page.locator("#suggestion").get_by_role("button", name="Reject").click()
    desk.saved()
    drawn(page, 3)
    desk.click("minister", 2)
    page.locator("#suggestion").get_by_role("button", name="Change").click()
    desk.selects("The minister")
    desk.label("Stance")
    desk.saved()
    assert exposures(desk)[2] == ("STANCE", "The minister", "changed")
    desk.check()


def test_all_on_the_same_words_are_rejected_at_once(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = second_desk(page, cast)
    drawn(page, 5)
    desk.press("n", "n", "Shift+X")
    assert drawn(page, 2) == ["Cairo", "Cairo"]
    desk.saved()
    desk.press("u")
    drawn(page, 5)
    assert Rejection.objects.filter(annotation_set=desk.reading).count() == 0


def test_suggestions_are_answered_by_touch(
    chromium: Browser, server: Server, cast: Cast, complaints: Complaints
) -> None:
    context = phone(chromium, server, cast, complaints)
    page = context.new_page()
    desk = second_desk(page, cast)
    drawn(page, 5)
    desk.tap("Cairo")
    expect(page.locator("#suggestion")).to_be_visible()
    page.locator("#suggestion").get_by_role("button", name="Accept").tap()
    desk.saved()
    assert exposures(desk) == [("ACTOR", "Cairo", "accepted")]
    desk.tap("minister")
    page.locator("#suggestion").get_by_role("button", name="Reject").tap()
    drawn(page, 3)
    desk.tap("minister", 2)
    page.locator("#suggestion").get_by_role("button", name="Change").tap()
    desk.selects("The minister")
    page.locator('.thumb .label[data-label="STANCE"]').tap()
    desk.saved()
    assert exposures(desk)[-1] == ("STANCE", "The minister", "changed")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def phone(chromium: Browser, server: Server, cast: Cast, complaints: Complaints) -> BrowserContext:
    client = Client()
    client.force_login(cast.ada)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = chromium.new_context(
        base_url=server.url, viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True
    )
    complaints.listen(context)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context


def test_a_reading_without_suggestions_has_no_trace_of_them(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    desk = second_desk(page, cast, suggesting=False)
    desk.press("n", "y", "x", "m", "s", "1")
    desk.saved()
    assert exposures(desk) == [("CLAIM", "Officials in Cairo said 👩‍👩‍👧‍👦 families want talks", "")]
    assert not [url for url in asked if url.endswith("/suggestions/")]
    assert page.locator("#suggestion, #suggested").count() == 0


def test_the_card_can_be_used_by_everybody(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = second_desk(page, cast)
    drawn(page, 5)
    desk.press("n")
    expect(page.locator("#suggestion")).to_be_visible()
    assert barriers(page) == []
    desk.press("Escape")
    expect(page.locator("#suggestion")).to_be_hidden()
    for shape in ("light", "dark"):
        page.emulate_media(color_scheme=shape)  # type: ignore[arg-type]
        line = page.evaluate(
            """getComputedStyle(document.getElementById("text"), "::highlight(suggested-green)").textDecorationLine"""
        )
        assert line == "underline overline"
    page.emulate_media(media="print")
    line = page.evaluate(
        """getComputedStyle(document.getElementById("text"), "::highlight(suggested-green)").textDecorationLine"""
    )
    assert line == "none"
