"""The same words elsewhere in the text: shown first, added at once or one by one."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.desk import open_desk
from tests.builders import Cast, make_article


def test_same_strings_are_shown_first_and_taken_back_as_one(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    text = "The union spoke. “The union’s plan,” said a unionist. THE UNION agreed; the union left."
    desk = open_desk(page, cast, make_article(text))
    desk.click("union", count=2)
    desk.press("2", "a")
    found = page.locator("#same .found li b")
    expect(found).to_have_text(["union", "union"])
    page.get_by_role("button", name="same case").click()
    expect(found).to_have_text(["union", "UNION", "union"])
    page.get_by_role("button", name="whole words").click()
    expect(found).to_have_count(4)
    page.locator("#same .found input").nth(1).uncheck()
    page.get_by_role("button", name="Add 3 of 4").click()
    desk.check()
    assert [quote for _, quote in desk.stored()] == ["union", "union", "UNION", "union"]
    desk.open()  # the step is one after a reload, too
    desk.press("u")
    desk.check()
    assert [quote for _, quote in desk.stored()] == ["union"]
    desk.press("Shift+U")
    desk.check()
    assert [quote for _, quote in desk.stored()] == ["union", "union", "UNION", "union"]


def test_same_strings_are_added_one_by_one_with_quotation_marks_as_chosen(
    page: Page, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.ada)
    text = "Keep the ‘first step’ now. A 'first step' it is; the ‘first step’ of many."
    desk = open_desk(page, cast, make_article(text))
    desk.drag("‘first step’", exactly=True)
    desk.press("1", "a")
    found = page.locator("#same .found li b")
    expect(found).to_have_text(["'first step'", "‘first step’"])
    expect(page.get_by_role("button", name="Add all 2")).to_be_focused()
    page.get_by_role("button", name="same quotation marks").click()
    expect(found).to_have_text(["‘first step’"])
    page.get_by_role("button", name="same quotation marks").click()
    page.locator("#same .found").get_by_role("button", name="Add this one").last.press("Enter")
    expect(found).to_have_text(["'first step'"])
    desk.press("Escape")
    desk.check()
    assert [quote for _, quote in desk.stored()] == ["‘first step’", "‘first step’"]


def test_more_places_than_one_gesture_adds_are_told_of(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("\n".join(["the cat and the cat and the cat"] * 335)))
    desk.click("cat", count=2)
    desk.press("2", "a")
    expect(page.locator("#same .rest")).to_have_text("4 more places can be added after these.")
    desk.press("Enter")
    desk.saved()
    assert len(desk.stored()) == 1001
