"""The log of a project in a browser, by keyboard: narrowed, opened, led to from where gold came from.

`PICTURES=somewhere python -m pytest tests/browser/test_log.py` keeps the pictures.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.log.models import Event
from tests.annotator.exchange.stories import tell
from tests.browser.conftest import DESKTOP, PHONE, SignIn, barriers
from tests.builders import Cast
from tests.settings import RUN_FOLDER

PICTURES = Path(os.environ.get("PICTURES", RUN_FOLDER / "pictures"))


def test_an_event_is_found_opened_and_has_an_address(page: Page, cast: Cast, sign_in: SignIn) -> None:
    story = tell(cast)
    sign_in(cast.dora)
    page.goto(f"/projects/{story.project.slug}/")
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Log").press("Enter")
    expect(page.locator(".events > li")).to_have_count(Event.objects.filter(log=story.project.chain_id).count())
    page.get_by_label("Who").select_option("ben")
    page.get_by_label("What was done").select_option("marked a span")
    page.get_by_label("What was done").press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"by={cast.ben.pk}&action=add_span"))
    lines = page.locator(".events > li")
    expect(lines).to_have_count(3)
    expect(lines.first.locator(".what")).to_contain_text("ben marked an actor in")
    lines.first.locator("summary").press("Enter")
    expect(lines.first.get_by_text("fits what is below")).to_be_visible()
    event = Event.objects.filter(chain=story.ben.chain_id, action="add_span").latest("seq")
    lines.first.get_by_title("The address of this event").press("Enter")
    expect(page.locator("li.at details[open] pre")).to_have_text(event.body)
    expect(page).to_have_url(re.compile(re.escape(f"?at={event.chain_id}.{event.seq}#e-")))


def test_the_story_behind_gold_leads_to_the_log(page: Page, cast: Cast, sign_in: SignIn) -> None:
    story = tell(cast)
    sign_in(cast.cleo)
    page.goto(f"/projects/{story.project.slug}/gold/{story.article.pk}/")
    page.locator(".origin summary").first.press("Enter")
    page.locator(".story summary").first.press("Enter")
    page.locator(".story a").first.press("Enter")
    expect(page.locator("li.at details[open]")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_from_the_log(
    page: Page, cast: Cast, sign_in: SignIn, size: tuple[int, int], scheme: str
) -> None:
    story = tell(cast)
    event = Event.objects.get(chain=story.gold.chain_id, action="take_agreed")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    sign_in(cast.cleo)
    page.goto(f"/projects/{story.project.slug}/log/?at={event.chain_id}.{event.seq}")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"log-{size[0]}-{scheme}.png", full_page=True)
