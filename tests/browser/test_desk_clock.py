"""Time on task in a real browser: what counts as active, what does not, and two windows."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from annotator.annotation.models import TimeOnTask
from tests.browser.conftest import Complaints, SignIn
from tests.browser.desk import Desk, open_desk
from tests.builders import Cast


def allow_an_hour(desk: Desk) -> None:
    """The browser's clock is turned on by the test, the server's is not: let the server find an hour plausible."""
    TimeOnTask.objects.filter(annotation_set=desk.reading).update(reported_at=timezone.now() - timedelta(hours=1))


def stands(desk: Desk) -> int:
    return TimeOnTask.objects.get(annotation_set=desk.reading).seconds


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came about")


def turn_on(page: Page, seconds: int) -> None:
    page.clock.run_for(seconds * 1000)


def pass_minutes(page: Page, desk: Desk, count: int) -> None:
    """Minute by minute, so that what is told in each arrives and is found plausible."""
    for _ in range(count):
        allow_an_hour(desk)
        turn_on(page, 60)
        page.wait_for_timeout(400)


def test_a_minute_after_the_last_key_the_clock_stands_still(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    page.clock.install()
    desk = open_desk(page, cast)
    allow_an_hour(desk)
    turn_on(page, 30)
    desk.press("s")
    turn_on(page, 20)
    desk.press("1")
    desk.saved()
    pass_minutes(page, desk, 2)
    wait_until(page, lambda: 108 <= stands(desk) <= 112)
    expect(page.locator("#time")).to_have_text("1 min")
    pass_minutes(page, desk, 3)
    assert stands(desk) <= 112


def test_two_windows_count_once(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    page.clock.install()
    desk = open_desk(page, cast)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#text")).to_be_focused()
    allow_an_hour(desk)
    before = stands(desk)
    other.keyboard.press("s")
    turn_on(page, 20)
    page.bring_to_front()
    desk.press("s")  # now this window is the one; the other tells its twenty seconds
    wait_until(page, lambda: stands(desk) >= before + 18)
    between = stands(desk)
    pass_minutes(page, desk, 3)
    assert 58 <= stands(desk) - between <= 62


def test_handing_in_tells_the_time_first(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    page.clock.install()
    desk = open_desk(page, cast)
    allow_an_hour(desk)
    turn_on(page, 25)
    desk.press("Control+Enter")
    page.wait_for_url("**/queue/")
    assert 24 <= stands(desk) <= 27


def test_time_that_could_not_be_told_is_told_later(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("Failed to load resource|ERR_FAILED")
    sign_in(cast.ada)
    page.clock.install()
    desk = open_desk(page, cast)
    allow_an_hour(desk)
    page.route("**/time/", lambda route: route.abort())
    turn_on(page, 90)
    assert stands(desk) == 0
    page.unroute("**/time/")
    turn_on(page, 60)
    wait_until(page, lambda: 58 <= stands(desk) <= 62)
