"""Training in a real browser: read, miss the mark, look at gold, read on, try again, and the pool opens.

`PICTURES=… python -m pytest tests/browser/test_training.py` keeps pictures of what is met on the way.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.annotation.models import AnnotationSet
from tests.annotator.workflow.school import School, mark_well
from tests.browser.conftest import DESKTOP, PHONE, SignIn, barriers
from tests.browser.desk import Desk
from tests.builders import Cast
from tests.settings import RUN_FOLDER

PICTURES = Path(os.environ.get("PICTURES", RUN_FOLDER / "pictures"))


def pictured(page: Page, name: str) -> None:
    """In both sizes and both papers, and open to everybody."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for (width, height), scheme in [(DESKTOP, "light"), (PHONE, "dark")]:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert barriers(page) == [], name
        page.screenshot(path=PICTURES / f"{name}-{width}.png")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.emulate_media(color_scheme="light")


def desk_of(page: Page, school: School) -> Desk:
    """The desk that stands open, of the newest reading."""
    page.wait_for_url("**/sets/*/")
    reading = AnnotationSet.objects.select_related("article").get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])
    desk = Desk(page, school.project, reading)
    desk.saved()
    return desk


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()


def read_on(page: Page, school: School) -> None:
    """The article that stands open, as gold has it."""
    desk = desk_of(page, school)
    mark_well(desk.reading, school.zoe)
    page.reload()
    desk.saved()
    hand_in(page)


@pytest.mark.engines("sqlite", "postgresql")
def test_a_reader_is_trained_until_the_pool_opens(page: Page, cast: Cast, sign_in: SignIn) -> None:
    school = School(cast)
    sign_in(school.zoe)
    page.goto(f"/projects/{school.project.slug}/queue/")
    expect(page.get_by_text("These articles come first.")).to_be_visible()
    pictured(page, "training-queue")
    page.get_by_role("button", name="Open the first article").click()

    desk = desk_of(page, school)
    desk.drag("The minister")
    desk.label("Actor")
    desk.saved()
    hand_in(page)
    expect(page.get_by_role("heading", name="Not there yet")).to_be_visible()
    expect(page.get_by_text("only in gold").first).to_be_visible()
    pictured(page, "training-feedback")
    page.get_by_role("button", name="Next training article").click()
    read_on(page, school)
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()
    expect(page.get_by_text("1 of 2 passed")).to_be_visible()
    page.get_by_role("button", name="Next training article").click()
    assert desk_of(page, school).rows() == [], "the earlier try is out of sight"
    read_on(page, school)
    expect(page.get_by_text("The articles of the project are open to you now.")).to_be_visible()
    pictured(page, "training-passed")
    page.get_by_role("button", name="Read the first article of the project").click()
    assert desk_of(page, school).reading.article_id == school.pool.pk

    sign_in(cast.dora)
    page.goto(f"/projects/{school.project.slug}/training/")
    expect(page.get_by_role("row", name="zoe")).to_contain_text("passed")
    pictured(page, "training-manager")
    page.get_by_role("row", name="zoe").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()
    page.goto(f"/projects/{school.older.slug}/training/")
    page.get_by_label("The minister").check()
    pictured(page, "training-choose")
    page.get_by_role("button", name="Train with these").click()
    expect(page.get_by_text("1 article trains readers from now on.")).to_be_visible()
    page.goto(f"/projects/{school.project.slug}/settings/")
    pictured(page, "training-settings")
