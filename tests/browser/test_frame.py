"""The frame of every page: who is there, what a stranger sees, what nobody is kept out by."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Complaints, SignIn, barriers
from tests.builders import PASSWORD, Cast, make_article, make_user

SIGN_IN = re.compile(r"/sign-in/")


def test_a_stranger_is_asked_to_sign_in(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(SIGN_IN)


def test_a_person_signs_in_with_their_password_alone_at_the_keyboard(page: Page, database: str) -> None:
    make_user("ada")
    page.goto("/sign-in/")
    page.get_by_label("Name").fill("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(SIGN_IN)
    expect(page.get_by_text("ada").first).to_be_visible()


def test_a_session_is_given_without_the_page(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    page.goto("/")
    expect(page).not_to_have_url(SIGN_IN)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_from_signing_in(page: Page, size: tuple[int, int], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/sign-in/")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_form_that_does_not_do_begins_where_it_does_not(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of 422")
    sign_in(cast.root)
    page.goto("/people/")
    page.get_by_label("Name").fill("two words")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("zoe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy the link")).to_be_focused()


def test_a_filter_keeps_the_focus_so_that_the_list_is_one_step_away(page: Page, cast: Cast, sign_in: SignIn) -> None:
    make_article(title="The first of many")
    sign_in(cast.root)
    page.goto("/projects/new/")
    page.get_by_label("Filter").fill("first of")
    page.keyboard.press("Enter")
    expect(page.get_by_label("The first of many")).to_be_visible()
    expect(page.get_by_label("Filter")).to_be_focused()
    expect(page.locator(".errorlist")).to_have_count(0)


def test_what_the_policy_forbids_is_heard(page: Page, complaints: Complaints) -> None:
    page.goto("/sign-in/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("() => { const one = document.createElement('script'); one.text = '1'; document.body.append(one) }")
    assert len(complaints.unexpected) == 2
    complaints.allow("Content Security Policy")
