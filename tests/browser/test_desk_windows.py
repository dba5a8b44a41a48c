"""The same reading in several windows and browsers: none overwrites, repeats or hides what another did."""

import re
import uuid

from playwright.sync_api import Page, Route, expect

from annotator.annotation.actions import change_span
from annotator.annotation.models import Span
from tests.browser.conftest import Complaints, SignIn
from tests.browser.desk import SAVED, open_desk, post
from tests.builders import Cast, mark


def test_what_was_changed_elsewhere_is_not_overwritten_and_both_states_are_shown(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of 409")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    desk.press("/")
    desk.type("dis")
    desk.press("w", "3")
    desk.saved()
    span = Span.objects.get(annotation_set=desk.reading)
    change_span(
        desk.reading.pk, by=cast.ada, gesture=uuid.uuid4(), id=span.pk, version=span.version,
        attributes={"polarity": "support"},
    )  # fmt: skip
    desk.press("Enter", "2")
    problem = page.locator("#problems .problem")
    expect(problem).to_contain_text("Not saved: Polarity: oppose")
    expect(problem.locator("td")).to_have_text(["oppose", "support"])
    desk.saved()
    expect(page.locator('#inspector .chip[data-value="support"]')).to_have_attribute("aria-pressed", "true")
    assert Span.objects.get(pk=span.pk).attributes == {"polarity": "support"}
    page.get_by_role("button", name="Understood").click()
    expect(page.locator("#problems")).to_be_hidden()


def test_a_second_window_follows_the_first(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    other = page.context.new_page()
    other.goto(page.url)
    desk.press("s", "1")
    desk.saved()
    expect(other.locator("#spans > li")).to_have_count(1)
    other.locator("#text").focus()
    other.keyboard.press("s")
    other.keyboard.press("s")
    other.keyboard.press("1")
    expect(page.locator("#spans > li")).to_have_count(2)
    desk.check()


def test_work_of_another_browser_is_taken_in_with_the_next_gesture(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    mark(desk.reading, cast.ada, "owners", "ACTOR")
    desk.press("s", "1")
    expect(page.locator("#text mark")).to_have_count(2)
    desk.check()


def test_a_page_that_comes_late_never_replaces_newer_work(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/sets/{desk.reading.pk}/", hold, times=1)
    mark(desk.reading, cast.ada, "owners", "ACTOR")
    desk.press("s", "1")
    expect(page.locator("#saving")).to_have_attribute("data-state", "saved")
    while not held:
        page.wait_for_timeout(20)
    old = held[0].fetch()
    desk.press("s", "1")
    desk.saved()
    held[0].fulfill(response=old)
    expect(page.locator("#spans > li")).to_have_count(3)
    desk.check()


def test_the_same_words_from_two_windows_stay_one_span(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of 409")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    mark(desk.reading, cast.ada, "owners", "ACTOR")
    desk.press("/")
    desk.type("own")
    desk.press("w", "2")
    expect(page.locator("#problems .problem")).to_contain_text("carry this label already")
    expect(page.locator("#text mark")).to_have_count(1)
    desk.check()
    assert desk.stored() == [("ACTOR", "owners")]


def test_a_closed_reading_refuses_a_late_gesture_of_another_window(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of 409")
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    other = page.context.new_page()
    other.goto(page.url)
    desk.press("Control+Enter")
    expect(page).to_have_url(re.compile("/queue/$"))
    body = {"id": str(uuid.uuid4()), "start": 36, "end": 41, "quote": desk.text[36:41], "label": "ACTOR"}
    assert post(other, desk, "add_span", body) == 409
    assert desk.stored() == []


def test_what_another_browser_did_is_shown_before_it_is_handed_in(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    mark(desk.reading, cast.ada, "owners", "ACTOR")
    desk.press("Control+Enter")
    expect(page.locator("#problems")).to_contain_text("changed in another window. Look at it once more")
    desk.check()
    desk.press("Control+Enter")
    expect(page).to_have_url(re.compile("/queue/$"), timeout=SAVED)
