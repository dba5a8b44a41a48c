"""The way to the desk and on to the next one."""

import re

import pytest
from playwright.sync_api import Page, expect

from annotator.workflow.actions import assign, send_back
from annotator.workflow.models import Assignment
from tests.browser.conftest import DESKTOP, PHONE, SignIn, barriers
from tests.builders import Cast, make_article, make_project, started_set, submitted

DESK, QUEUE = re.compile(r"/sets/[0-9a-f-]+/$"), re.compile(r"/queue/$")


def test_enter_opens_the_next_article_and_submitting_the_one_after_it(page: Page, cast: Cast, sign_in: SignIn) -> None:
    project = make_project(cast, *[make_article(f"Text {number} of two.") for number in (1, 2)])
    sign_in(cast.ada)
    page.goto(f"/projects/{project.slug}/queue/")
    page.keyboard.press("Enter")
    expect(page).to_have_url(DESK)
    first = page.url
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != first and DESK.search(url) is not None)
    expect(page.get_by_text("Handed in: Text")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(QUEUE)
    expect(page.get_by_text("nothing left for you")).to_be_visible()
    expect(page.get_by_text("2 handed in")).to_be_visible()


def test_an_article_is_declined_with_a_reason(page: Page, cast: Cast, sign_in: SignIn) -> None:
    project = make_project(cast, make_article("A text to decline."))
    started_set(project, cast.ada)
    sign_in(cast.ada)
    page.goto(f"/projects/{project.slug}/queue/")
    page.get_by_text("Decline …").click()
    page.get_by_label("Why do you give it back?").fill("I know the author.")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("The article is given back.")).to_be_visible()
    expect(page.get_by_text("I know the author.")).to_be_visible()
    assert Assignment.objects.get(reviewer=cast.ada, project=project).state == "declined"


def test_what_was_sent_back_says_why(page: Page, cast: Cast, sign_in: SignIn) -> None:
    project = make_project(cast, make_article("A text sent back."))
    submitted(started_set(project, cast.ada), cast.ada)
    send_back(Assignment.objects.get(reviewer=cast.ada, project=project), by=cast.dora, reason="Look at the end.")
    sign_in(cast.ada)
    page.goto(f"/projects/{project.slug}/queue/")
    expect(page.get_by_text("Sent back: Look at the end.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(DESK)
    why = page.get_by_text("Sent back to you: Look at the end.")
    expect(why).to_be_visible()
    assert barriers(page) == []
    page.reload()
    expect(why).to_be_visible()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(why).to_be_in_viewport()
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(QUEUE)
    expect(page.get_by_text("Look at the end.")).to_be_hidden()
    page.get_by_role("link", name="A text sent back.").click()
    expect(page.locator("#text")).to_be_visible()
    expect(why).to_be_hidden()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_from_the_queue(
    page: Page, cast: Cast, sign_in: SignIn, size: tuple[int, int], scheme: str
) -> None:
    articles = [make_article(f"Queue {number} of three, {scheme} at {size[0]}.") for number in range(3)]
    project = make_project(cast, *articles)
    submitted(started_set(project, cast.ada), cast.ada)
    started_set(project, cast.ada)
    free = Assignment.objects.filter(project=project, state="free").exclude(article__assignments__reviewer=cast.ada)
    assign(project, free[0].article, by=cast.dora, reviewer=cast.ada)
    sign_in(cast.ada)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/projects/{project.slug}/queue/")
    for title in ("Under way", "Waiting for you", "Handed in"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
