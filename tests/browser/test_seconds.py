"""A second settling in a real browser: the first is published, the second is blind to it, the two are compared.

`PICTURES=… python -m pytest tests/browser/test_seconds.py` keeps pictures of what is met on the way.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from annotator.annotation.models import AnnotationSet
from annotator.workflow.conditions import change_conditions, conditions_seen
from tests.browser.conftest import SignIn
from tests.browser.settling import SettleDesk, two_readings
from tests.browser.test_training import pictured
from tests.builders import Cast, settled

LIST = re.compile(r"/settle/$")


def settle_otherwise(desk: SettleDesk) -> None:
    """The reading that `settled` did not take, wherever there is a choice of two."""
    page, cast = desk.page, desk.story.cast
    voices = {desk.story.voice(reader): reader for reader in (cast.ada, cast.ben)}
    other = page.locator("#decision .take", has_text=f"Take {desk.letter(voices[max(voices)])}")
    so_far = page.locator("#progress span").first
    while not so_far.inner_text().startswith("8 of"):
        done = so_far.inner_text().split()[0]
        (other if other.count() else page.locator("#decision .take")).first.click()
        expect(so_far).not_to_contain_text(re.compile(f"^{done} of"))


@pytest.mark.engines("sqlite", "postgresql")
def test_an_article_is_settled_a_second_time_and_the_two_are_compared(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = SettleDesk(page, two_readings(cast))
    project = desk.story.project
    zoe = desk.story.join("zoe", "adjudicator")
    change_conditions(project, by=cast.dora, seen=conditions_seen(project), values={"second_share": 100})
    settled(project, desk.story.article, cast.cleo)
    first = AnnotationSet.objects.get(project=project, voice="gold", round=1)

    sign_in(zoe)
    desk.open_list()
    expect(page.get_by_role("heading", name="To settle a second time")).to_be_visible()
    pictured(page, "second-list")
    page.get_by_role("button", name="Settle").click()
    desk.settled(0, 8)
    expect(page.get_by_text("Second settling: what was decided first stays out of sight")).to_be_visible()
    pictured(page, "second-desk")
    settle_otherwise(desk)
    page.get_by_role("button", name="Hand in").click()
    expect(page).to_have_url(LIST)
    expect(page.get_by_text("Your settling is handed in.")).to_be_visible()
    assert list(AnnotationSet.objects.filter(project=project, voice="gold").values_list("state", flat=True)) == [
        "closed", "closed",
    ]  # fmt: skip
    first.refresh_from_db()
    assert first.submissions.count() == 1

    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/agreement/?compared=adjudicators")
    expect(page.get_by_text("1 article settled by two adjudicators")).to_be_visible()
    pictured(page, "second-agreement")
    page.get_by_role("link", name="What the two settled otherwise").click()
    expect(page.get_by_role("heading", name="Settled twice")).to_be_visible()
    page.get_by_text("Reopen the first").click()
    pictured(page, "second-differences")
    page.get_by_label("Why").fill("Rule 2 was overlooked")
    page.get_by_role("button", name="Reopen").click()
    expect(page.get_by_text("Reopened: Rule 2 was overlooked")).to_be_visible()
    page.goto(f"/projects/{project.slug}/settings/")
    page.get_by_label("Per cent of what they finish").fill("20")
    page.get_by_label("After how many days").first.fill("14")
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    pictured(page, "second-settings")
