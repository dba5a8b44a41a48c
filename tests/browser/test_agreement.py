"""The agreement page in a real browser: figures that come after the page, breakdowns, and what is behind a number."""

import pytest
from playwright.sync_api import Page, expect

from annotator.projects.models import Project
from tests.annotator.agreement.bulk import read_many
from tests.browser.conftest import DESKTOP, PHONE, SignIn, barriers
from tests.builders import Cast, make_user
from tests.servers import Server

FROM_NOTHING = 160
"""More articles than the page waits for."""


@pytest.fixture
def server(own_server: Server) -> Server:
    """Not the shared one: these readings are written past the log."""
    return own_server


def many(cast: Cast, articles: int) -> Project:
    return read_many(cast, [cast.ada, cast.ben, make_user("eve")], articles, spans=10)


def test_the_way_from_the_page_to_the_words_behind_a_number(page: Page, sign_in: SignIn, cast: Cast) -> None:
    project = many(cast, 3)
    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/")
    page.get_by_role("link", name="Agreement").click()
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    page.get_by_role("link", name="by pair of readers").click()
    line = page.locator("#broken-down").get_by_role("link").first
    expect(line).to_contain_text("A (")
    line.click()
    expect(page.get_by_text("Looked at: pair of readers")).to_be_visible()
    number = page.locator(".matrix a").first
    count = number.inner_text()
    number.click()
    expect(page.get_by_text(f"{count} pairs of judgements")).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()


def test_figures_come_after_the_page_where_they_take_long(page: Page, sign_in: SignIn, cast: Cast) -> None:
    project = many(cast, FROM_NOTHING)
    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/agreement/", wait_until="commit")
    expect(page.get_by_text("Comparing what was read in 160 articles.")).to_be_visible()
    expect(page.get_by_role("heading", name="Found")).to_be_visible(timeout=30_000)
    assert page.locator("p.lead").first.inner_text().startswith("160 articles")


def test_nothing_keeps_people_from_the_pages(page: Page, sign_in: SignIn, cast: Cast) -> None:
    root = f"/projects/{many(cast, 11).slug}/agreement/"
    sign_in(cast.dora)
    for (width, height), scheme in ((DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for rest in ("", "by/pair/", "answers/CLAIM.kind/", "answers/CLAIM.concept/", "spans/?kind=label&one=CLAIM"):
            page.goto(root + rest)
            assert barriers(page) == [], (rest, width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (rest, width)
