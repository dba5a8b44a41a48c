"""From the gaps of a reading to handing it in, and what the page shows afterwards."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignIn, barriers
from tests.browser.desk import full_desk, open_desk
from tests.builders import LARGE, Cast, make_article, mark, submitted
from tests.servers import Server


def test_gaps_are_gone_through_before_warnings(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("Cairo said that Oslo rejected it."), codebook=LARGE)
    for words, label in (("Cairo", "ACTOR"), ("Oslo", "ACTOR"), ("rejected", "STANCE")):
        mark(desk.reading, cast.ada, words, label, **({"entity": "egypt"} if words == "Cairo" else {}))
    desk.open()
    expect(page.locator("#gaps")).to_have_text("4 gaps · 2 warnings")
    quote, said = page.locator("#inspector .quote"), page.locator("#announcer")
    for words in ("Oslo", "rejected", "Cairo", "Oslo"):
        desk.press("g")
        expect(quote).to_have_text(words)
        if words == "Cairo":
            expect(said).to_have_text("Actor: Cairo. Nothing is linked to this Actor: link it, or remove it.")


def test_submitting_with_gaps_leads_to_the_first(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    desk.press("Control+Enter")
    expect(page.locator("#announcer")).to_contain_text("have gaps")
    expect(page.locator("#inspector .quote")).to_have_text("spokesman")
    desk.press("g")
    expect(page.locator("#inspector .quote")).to_have_text("rejected")
    assert re.search(r"/sets/", page.url)


def test_the_server_has_the_last_word_on_gaps(
    page: Page, cast: Cast, sign_in: SignIn, chromium: Browser, server: Server
) -> None:
    """Without script the button posts, and the page comes back with the reason."""
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    bare = chromium.new_context(
        base_url=server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = bare.new_page()
    plain.goto(f"/sets/{desk.reading.pk}/")
    plain.get_by_role("button", name="Submit").click()
    expect(plain.get_by_text("Not handed in yet")).to_be_visible()
    bare.close()


def test_a_reading_handed_in_shows_its_spans_and_takes_no_gesture(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    mark(desk.reading, cast.ada, "disagree", "STANCE", polarity="oppose")
    submitted(desk.reading, cast.ada)
    page.goto(f"/sets/{desk.reading.pk}/")
    page.locator("#text").focus()
    desk.press("ArrowDown")
    expect(page.locator("#inspector .quote")).to_have_text("disagree")
    expect(page.locator("#inspector .chip", has_text="support")).to_be_disabled()
    desk.press("1", "s", "Delete", "u")
    assert len(desk.stored()) == 1
    assert barriers(page) == []
