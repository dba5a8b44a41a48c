"""Nothing that was done is lost: no network, no session and no reload loses it."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, Route, expect

from annotator.annotation.models import Span
from annotator.log.models import Event
from tests.browser.conftest import Complaints, SignIn
from tests.browser.desk import SAVED, open_desk
from tests.builders import PASSWORD, Cast
from tests.servers import Server

OFFLINE = "ERR_INTERNET_DISCONNECTED"


def test_gestures_made_offline_are_kept_shown_and_replayed_in_order(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow(OFFLINE)
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    page.context.set_offline(True)
    desk.press("s", "1", "/")
    desk.type("own")
    desk.press("w", "2", "/")
    desk.type("dis")
    desk.press("w", "3", "Enter", "2", "r", "1", "a")
    expect(page.locator("#saving")).to_have_attribute("data-state", "unsaved")
    expect(page.locator("#saving")).to_contain_text("Not saved yet (5)")
    assert desk.rows() == ["👩‍👩‍👧‍👦 families want talks 🇨🇭 now", "owners", "disagree"]
    assert desk.links() == ["held by owners"]
    assert desk.stored() == []

    page.context.set_offline(False)
    desk.check()
    assert [label for label, _ in desk.stored()] == ["CLAIM", "ACTOR", "STANCE"]
    assert desk.stored_links() == [("disagree", "held_by", "owners")]
    assert Span.objects.get(annotation_set=desk.reading, label="STANCE").attributes == {"polarity": "oppose"}
    events = Event.objects.filter(chain=desk.reading.chain_id).order_by("seq").values_list("body", flat=True)
    actions = [json.loads(body)["action"] for body in events]
    assert actions == ["open_set", "add_span", "add_span", "add_span", "change_span", "relate"]


def test_steps_back_and_forth_show_at_once_without_a_network(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow(OFFLINE)
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    desk.click("owners", count=2)
    desk.press("2")
    desk.saved()
    page.context.set_offline(True)
    desk.click("disagree", count=2)
    desk.press("3", "r", "1", "a")
    assert (desk.rows(), desk.links()) == (["owners", "disagree"], ["held by owners"])
    desk.press("u")
    assert (desk.rows(), desk.links()) == (["owners", "disagree"], [])
    desk.press("u")
    assert desk.rows() == ["owners"]
    desk.press("Shift+U", "Shift+U")
    assert (desk.rows(), desk.links()) == (["owners", "disagree"], ["held by owners"])
    desk.click("disagree")
    desk.press("Delete")
    assert (desk.rows(), desk.links()) == (["owners"], [])
    desk.click("disagree")  # nothing is there any more
    expect(desk.page.locator("#inspector .quote")).to_have_count(0)
    desk.press("u")
    assert (desk.rows(), desk.links()) == (["owners", "disagree"], ["held by owners"])
    page.context.set_offline(False)
    desk.check()
    assert desk.stored_links() == [("disagree", "held_by", "owners")]


def test_a_reload_without_network_in_between_loses_nothing(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("Failed to load resource|ERR_FAILED")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    page.route("**/gestures/", lambda route: route.abort())
    desk.press("s", "1", "s", "1")
    expect(page.locator("#saving")).to_have_attribute("data-state", "unsaved")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert desk.rows() == [
        "👩‍👩‍👧‍👦 families want talks 🇨🇭 now",
        "Cafe\u0301 owners disagree: a\u0308 cafe\u0301 is no parliament",
    ]
    assert desk.stored() == []
    page.unroute("**/gestures/")
    page.get_by_role("button", name="Try again").click()
    desk.check()
    assert len(desk.stored()) == 2


def test_leaving_with_unsaved_work_warns(page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints) -> None:
    complaints.allow("Failed to load resource|ERR_FAILED")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    page.route("**/gestures/", lambda route: route.abort())
    desk.press("s", "1")
    expect(page.locator("#saving")).to_have_attribute("data-state", "unsaved")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/account/")
    assert asked == ["beforeunload"]


def test_an_answer_that_got_lost_does_not_make_a_second_span(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("Failed to load resource|ERR_FAILED")
    sign_in(cast.ada)
    desk = open_desk(page, cast)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/gestures/", lose, times=1)
    desk.press("/")
    desk.type("own")
    desk.press("w", "2")
    desk.check()
    assert desk.stored() == [("ACTOR", "owners")]


def test_work_done_after_the_session_ended_is_saved_once_signed_in_again(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of (401|403)")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    desk.press("s", "1")
    desk.saved()
    Session.objects.all().delete()
    desk.press("s", "1", "/")
    desk.type("own")
    desk.press("w", "2")
    expect(page.locator("#saving")).to_have_attribute("data-state", "signed-out")
    expect(page.locator("#saving")).to_contain_text("you are signed out")
    assert len(desk.rows()) == 3

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in").click()
    popup = opened.value
    popup.get_by_label("Name").fill("ada")
    popup.get_by_label("Password").fill(PASSWORD)
    popup.keyboard.press("Enter")
    expect(popup.locator("#saving")).to_be_visible()
    popup.close()
    page.bring_to_front()
    page.get_by_role("button", name="Try again").click()
    desk.check()
    assert len(desk.stored()) == 3


def test_another_person_who_signs_in_does_not_get_the_work_of_the_first(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of (401|403|404)")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    sign_in(cast.ben)
    desk.press("s", "1")
    expect(page.locator("#saving")).to_have_attribute("data-state", "signed-out")
    assert desk.stored() == []
    sign_in(cast.ada)
    page.get_by_role("button", name="Try again").click()
    desk.check()
    assert len(desk.stored()) == 1


def test_signing_out_asks_before_unsaved_work_is_lost(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("Failed to load resource|ERR_FAILED")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    page.route("**/gestures/", lambda route: route.abort())
    desk.press("s", "1")
    expect(page.locator("#saving")).to_have_attribute("data-state", "unsaved")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Sign out").click()
    assert "Sign out and lose it?" in asked[0]
    assert re.search("/sets/", page.url)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('outbox'))") == []


def test_fast_changes_to_one_span_are_not_taken_for_somebody_elses(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    desk.press("/")
    desk.type("fam")
    desk.press(
        "w", "1", *["Alt+ArrowRight"] * 2, "Alt+ArrowLeft", "Alt+Shift+ArrowLeft", "3", "Enter", "1", "Enter", "2"
    )
    desk.press("Escape")
    desk.check()
    assert desk.stored()[0][0] == "STANCE"
    assert Span.objects.get(annotation_set=desk.reading).attributes == {"polarity": "oppose"}


def test_undo_reaches_back_past_a_reload_and_stops_at_the_beginning(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of 409")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    desk.press("s", "1", "s", "1")
    desk.saved()
    desk.open()
    desk.press("u", "u")
    desk.check()
    assert desk.stored() == []
    desk.press("u")
    expect(page.locator("#saving")).to_have_text("There is nothing to undo.")
    expect(page.locator("#problems")).to_be_hidden()
    expect(page.locator("#saving")).to_have_text("Saved")


def test_submitting_waits_until_everything_is_saved(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow(OFFLINE)
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    page.context.set_offline(True)
    desk.press("s", "1", "Control+Enter")
    expect(page.locator("#announcer")).to_contain_text("Not everything is saved yet")
    page.context.set_offline(False)
    desk.saved()
    desk.press("Control+Enter")
    expect(page).to_have_url(re.compile("/queue/$"), timeout=SAVED)
    assert len(desk.stored()) == 1


def test_a_server_that_is_busy_is_tried_again(page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints) -> None:
    complaints.allow("503")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    page.route("**/gestures/", lambda route: route.fulfill(status=503, body="busy"), times=1)
    desk.press("s", "1")
    desk.check()
    assert len(desk.stored()) == 1


@pytest.mark.parametrize("name", ["ada"])
def test_the_store_of_the_browser_is_empty_once_everything_is_saved(
    page: Page, cast: Cast, sign_in: SignIn, chromium: Browser, server: Server, name: str
) -> None:
    sign_in(getattr(cast, name))
    desk = open_desk(page, cast)
    desk.press("s", "1")
    desk.saved()
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    assert page.evaluate("Object.keys(localStorage).length") == 0
