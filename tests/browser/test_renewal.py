"""Pages that stay open show what was handed in meanwhile, within five seconds and without being touched."""

import re
import time
import urllib.request
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Request, expect

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.projects.models import Project
from tests.browser.conftest import SignIn
from tests.builders import Cast, make_article, make_project, mark, started_set, submitted
from tests.servers import Server

BOTH = pytest.mark.engines("sqlite", "postgresql")
WITHIN = 5_000
"""Milliseconds from the answer to a submit to the new figures on a page that is open somewhere else."""
POLL = 2.0

ADA = (("The minister", "ACTOR"), ("rejected", "CLAIM"))
BEN = (("The minister", "ACTOR"), ("rejected the plan", "CLAIM"))


def half_read(cast: Cast) -> tuple[Project, AnnotationSet]:
    """Both articles read by Ada, one of them by Ben, who has the other one ready to hand in."""
    project = make_project(cast, *(make_article(f"Report {at}.\nThe minister rejected the plan.") for at in range(2)))
    for _ in range(2):
        submitted(marked(started_set(project, cast.ada), cast.ada), cast.ada)
    submitted(marked(started_set(project, cast.ben), cast.ben), cast.ben)
    return project, marked(started_set(project, cast.ben), cast.ben)


def marked(reading: AnnotationSet, reader: User) -> AnnotationSet:
    for quote, label in ADA if reader.username == "ada" else BEN:
        mark(reading, reader, quote, label)
    reading.refresh_from_db()
    return reading


def hand_in(server: Server, reader: User, reading: AnnotationSet) -> None:
    """What the reader's own browser sends, over HTTP to the running server."""
    client = Client()
    client.force_login(reader)
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    token = "a" * 32
    reading.chain.refresh_from_db()
    body = f"gesture={uuid.uuid4()}&version={reading.chain.length}&csrfmiddlewaretoken={token}"
    asked = urllib.request.Request(
        f"{server.url}/sets/{reading.pk}/submit/", data=body.encode(),
        headers={"Cookie": f"{session}; {settings.CSRF_COOKIE_NAME}={token}"},
    )  # fmt: skip
    with urllib.request.urlopen(asked, timeout=20) as answer:
        assert answer.status == 200
    reading.refresh_from_db()
    assert reading.state == "closed"


class Asked:
    """What a page asks its server, by address and the status of the answer."""

    def __init__(self, page: Page) -> None:
        self.answers: list[tuple[str, int]] = []
        page.on("response", lambda answer: self.answers.append((answer.url, answer.status)))

    def statuses(self) -> list[int]:
        return [status for url, status in self.answers if "seen=" in url]


@pytest.fixture
def server(own_server: Server) -> Iterator[Server]:
    yield own_server
    own_server.check_log()


@BOTH
def test_an_open_agreement_page_shows_a_submission_within_five_seconds(
    page: Page, sign_in: SignIn, cast: Cast, server: Server
) -> None:
    project, reading = half_read(cast)
    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/agreement/")
    expect(page.locator("[data-said]")).to_contain_text("1 article read by two or more, 2 readers, 4 spans")
    page.evaluate("document.body.dataset.same = 'page'")
    hand_in(server, cast.ben, reading)
    begun = time.monotonic()
    expect(page.locator("[data-said]")).to_contain_text(
        "2 articles read by two or more, 2 readers, 8 spans", timeout=WITHIN
    )
    assert time.monotonic() - begun < WITHIN / 1_000
    expect(page.locator(".matrix a").first).to_have_text("2")
    assert page.evaluate("document.body.dataset.same") == "page"


@BOTH
def test_an_open_project_page_shows_a_submission_within_five_seconds(
    page: Page, sign_in: SignIn, cast: Cast, server: Server
) -> None:
    project, reading = half_read(cast)
    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/")
    line = page.locator(".by-reader tr", has_text="ben")
    expect(line.locator("td").nth(1)).to_have_text("1")
    expect(page.locator(".names li", has_text="to be settled").locator(".num")).to_have_text("1")
    page.get_by_text("Readings day by day").click()
    hand_in(server, cast.ben, reading)
    expect(line.locator("td").nth(1)).to_have_text("2", timeout=WITHIN)
    expect(page.locator(".days tbody tr td").nth(1)).to_have_text("4", timeout=WITHIN)
    expect(page.locator(".days")).to_be_visible()
    expect(page.locator(".names li", has_text="to be settled").locator(".num")).to_have_text("2")
    expect(page.locator(".band")).to_have_count(1)


def test_what_was_opened_chosen_and_reached_stays_where_it_is(
    page: Page, sign_in: SignIn, cast: Cast, server: Server
) -> None:
    project, reading = half_read(cast)
    sign_in(cast.dora)
    page.set_viewport_size({"width": 1280, "height": 400})
    page.goto(f"/projects/{project.slug}/agreement/")
    page.get_by_role("link", name="by pair of readers").click()
    broken_down = page.locator("#broken-down")
    expect(broken_down.locator("tbody th small").first).to_have_text("1 article")
    link = page.locator(".matrix a").first
    link.focus()
    link.evaluate("each => { window.reached = each; each.scrollIntoView({block: 'center'}); }")
    before = link.evaluate("each => Math.round(each.getBoundingClientRect().top)")
    hand_in(server, cast.ben, reading)
    expect(page.locator("[data-said]")).to_contain_text("2 articles read by two or more", timeout=WITHIN)
    expect(broken_down.locator("tbody th small").first).to_have_text("2 articles")
    assert page.evaluate("document.activeElement === window.reached")
    assert abs(link.evaluate("each => Math.round(each.getBoundingClientRect().top)") - before) <= 2
    expect(page.locator("#announcer")).to_have_text(re.compile("2 articles read by two or more"))


def test_while_nothing_changes_the_page_is_told_nothing_and_says_nothing(
    page: Page, sign_in: SignIn, cast: Cast
) -> None:
    project, _ = half_read(cast)
    sign_in(cast.dora)
    asked = Asked(page)
    page.goto(f"/projects/{project.slug}/agreement/")
    page.evaluate(
        "new MutationObserver(() => { document.body.dataset.stirred = 'yes'; })"
        ".observe(document.querySelector('.agreement'), {subtree: true, childList: true, characterData: true});"
    )
    page.wait_for_timeout(3 * POLL * 1_000 + 500)
    assert 2 <= len(asked.statuses()) <= 3
    assert set(asked.statuses()) == {204}
    assert page.evaluate("document.body.dataset.stirred") is None
    expect(page.locator("#announcer")).to_be_empty()


def test_a_page_that_nobody_sees_asks_nothing_until_it_is_seen(page: Page, sign_in: SignIn, cast: Cast) -> None:
    project, _ = half_read(cast)
    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/agreement/")
    asked = Asked(page)
    _hide(page, True)
    page.wait_for_timeout(2 * POLL * 1_000 + 500)
    assert asked.statuses() == []
    with page.expect_request(_is_renewal, timeout=1_000):
        _hide(page, False)


def test_a_page_says_so_when_it_can_no_longer_be_renewed(
    page: Page, sign_in: SignIn, cast: Cast, complaints: object
) -> None:
    complaints.allow("401")  # type: ignore[attr-defined]
    project, _ = half_read(cast)
    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/agreement/")
    expect(page.locator("[data-freshness]")).to_have_text("Up to date")
    page.context.clear_cookies()
    asked = Asked(page)
    expect(page.locator("[data-freshness]")).to_have_text("No longer up to date: load the page again", timeout=WITHIN)
    page.wait_for_timeout(2 * POLL * 1_000)
    assert asked.statuses() == [401]


def _is_renewal(request: Request) -> bool:
    return "seen=" in request.url


def _hide(page: Page, is_hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )
