"""Lists and forms of a campaign on a phone: nothing is squeezed, cut off, or out of somebody's reach."""

import pytest
from playwright.sync_api import Page

from annotator.accounts.models import User
from annotator.projects.models import Project
from tests.browser.conftest import DESKTOP, PHONE, SignIn, barriers
from tests.builders import Cast, make_article, make_project, mark, settled, started_set, submitted

LONG = "A headline that says all of it before the article has begun to"
NARROWEST = """() => Math.min(...[...document.querySelectorAll(".rows :is(.title, q)")].map(
  (one) => one.closest(".grow, label").getBoundingClientRect().width))"""
"""The width of the narrowest title of a list, in pixels."""


@pytest.fixture
def project(cast: Cast) -> Project:
    """One article with gold, one that waits to be settled."""
    made = make_project(cast, *(make_article(title=f"{LONG} {number}", outlet="The Herald") for number in (1, 2)))
    for reader in (cast.ada, cast.ben):
        for _ in range(2):
            reading = started_set(made, reader)
            mark(reading, reader, "The minister", "ACTOR")
            submitted(reading, reader)
    settled(made, made.project_articles.order_by("position")[0].article, cast.cleo)
    return made


def at(page: Page, path: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)


def test_on_a_phone_a_title_has_most_of_the_line(page: Page, cast: Cast, sign_in: SignIn, project: Project) -> None:
    places: list[tuple[User, str]] = [
        (cast.cleo, "settle"), (cast.ada, "queue"),
        *((cast.dora, name) for name in ("spans", "articles", "places")),
    ]  # fmt: skip
    for person, name in places:
        sign_in(person)
        at(page, f"/projects/{project.slug}/{name}/", PHONE)
        assert page.evaluate(NARROWEST) > 0.6 * (PHONE[0] - 32), name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], name


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nobody_is_kept_from_the_pages_of_a_campaign(
    page: Page, cast: Cast, sign_in: SignIn, project: Project, size: tuple[int, int]
) -> None:
    sign_in(cast.dora)
    readers = f"articles/{project.project_articles.order_by('position')[0].article_id}/readers"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for name in ("articles", "members", "settings", "spans", "training", readers):
            at(page, f"/projects/{project.slug}/{name}/", size)
            assert barriers(page) == [], name


def test_dots_of_readers_stand_in_one_column_whatever_the_stage(
    page: Page, cast: Cast, sign_in: SignIn, project: Project
) -> None:
    sign_in(cast.dora)
    at(page, f"/projects/{project.slug}/articles/", DESKTOP)
    edges = "() => [...document.querySelectorAll('.readers')].map((one) => one.getBoundingClientRect().left)"
    assert len(set(page.evaluate(edges))) == 1
    assert page.locator(".state").all_inner_texts() == ["gold", "to be settled"]


def test_bars_of_labels_end_alike_however_long(page: Page, cast: Cast, sign_in: SignIn, project: Project) -> None:
    sign_in(cast.dora)
    at(page, f"/projects/{project.slug}/progress/", DESKTOP)
    rounding = "() => getComputedStyle(document.querySelector('.labels .stack')).borderRadius"
    assert page.evaluate(rounding) == "0px", "the longest bar alone would be round at its end"
