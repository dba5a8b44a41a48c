"""The guidelines on the desk: found, opened at what they concern, and read beside the text."""

from playwright.sync_api import Page, expect

from annotator.annotation.models import Span
from tests.browser.conftest import SignIn
from tests.browser.desk import choose, full_desk
from tests.builders import Cast


def test_guidelines_are_searched_and_opened_at_a_rule(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    choose(desk)
    page.get_by_role("button", name="Polarity").click()
    expect(page.locator("#guide .rule.cited").first).to_be_in_viewport()
    page.get_by_placeholder("Search rules").fill("side letter")
    expect(page.locator("#guide .rule:visible")).to_have_count(1)
    desk.press("Escape")
    expect(page.locator("#guide")).to_be_hidden()


def test_every_label_question_and_relation_leads_to_its_rules_and_cases(
    page: Page, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    told = lambda: page.locator("#guide h4:visible").all_inner_texts()
    page.locator(".rail").get_by_role("button", name="Rules 1 2 3 18").click()
    assert told()[:2] == ["Claim", "1. Claim test"]
    choose(desk)
    page.locator("#inspector").get_by_role("button", name="Stance", exact=True).click()
    assert told()[:2] == ["Stance", "5. Saying is not siding"]
    page.locator("#inspector").get_by_role("button", name="Polarity").click()
    expect(page.locator("#guide-count")).to_have_text("On Polarity")
    found = told()
    assert found[:3] == ["Stance", "6. Facts do not imply sides", "8. Neutral"]
    assert "“Neither confirmed nor denied”." in found
    expect(page.locator("#guide dt:visible")).to_have_text(["Polarity"])
    page.locator("#inspector").get_by_role("button", name="held by", exact=True).click()
    assert told()[:2] == ["held by", "10. Holder"]
    desk.click("any change to")
    for name in page.locator("#inspector .name:visible").all():  # rules or not: each is explained
        name.click()
        assert told(), name.inner_text()
    page.get_by_role("button", name="All guidelines").click()
    assert len(told()) > 30


def test_guidelines_are_read_beside_the_text_while_work_goes_on(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    desk.press("h")
    expect(page.get_by_placeholder("Search rules")).to_be_focused()
    desk.type("neutral")
    desk.click("agreed", count=2)
    desk.press("3", "Enter")
    expect(page.locator("#guide")).to_be_visible()
    expect(page.locator("#inspector .ask[data-key=polarity]")).to_be_in_viewport()
    desk.press("h")  # on the question at hand
    expect(page.locator("#guide-count")).to_have_text("On Polarity")
    desk.press("h")  # away with them, as the list of keys says
    expect(page.locator("#guide")).to_be_hidden()
    expect(page.locator("#spans")).to_be_visible()
    desk.press("1")  # back at the question that they were called from
    desk.press("Escape", "h", "Escape")
    expect(page.locator("#text")).to_be_focused()
    desk.check()
    assert Span.objects.get(annotation_set=desk.reading, start=desk.place("agreed")[0]).attributes["polarity"]
