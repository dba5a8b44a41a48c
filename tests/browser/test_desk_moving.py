"""The desk while its project moves to another codebook: what fits is saved, what does not is told."""

from playwright.sync_api import Page, expect

from annotator.annotation.models import AnnotationSet
from tests.annotator.workflow.test_moving import RENAME, moved, position
from tests.browser.conftest import Complaints, SignIn, barriers
from tests.browser.desk import open_desk
from tests.builders import OWN, Cast


def test_work_goes_on_when_the_project_moves_to_another_codebook_meanwhile(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    """Stance becomes Position. What still fits is saved; what does not is told, and can be said anew with one key."""
    complaints.allow("status of (404|422)")
    sign_in(cast.ada)
    desk = open_desk(page, cast, codebook=OWN)
    desk.click("disagree", count=2)
    desk.press("3")
    desk.saved()
    moved(desk.project, cast, RENAME, position)

    page.route("**/gestures/", lambda route: (page.wait_for_timeout(150), route.continue_())[1])
    desk.click("owners", count=2)
    desk.press("2")
    desk.click("parliament", count=2)
    desk.press("3", "Enter", "1")  # labelled and answered on the old page
    expect(page.locator(".rail button.label", has_text="Position")).to_be_visible()
    page.unroute("**/gestures/")
    problems = page.locator("#problems .problem")
    expect(problems).to_have_count(2)
    expect(problems.first).to_contain_text("Not saved: Stance added: parliament; Polarity: support")
    expect(problems.first).to_contain_text("The label “Stance” is retired")
    expect(problems.last).to_contain_text("moved to version 2 of its codebook while you were at work")
    assert barriers(page) == []
    desk.check()
    assert desk.stored() == [("ACTOR", "owners"), ("POSITION", "disagree")]

    page.reload()  # what was not read yet stays
    expect(problems).to_have_count(1)
    page.get_by_role("button", name="Select these words").click()
    desk.label("Position")
    page.get_by_role("button", name="Understood").click()
    desk.check()
    assert desk.stored()[-1] == ("POSITION", "parliament")
    page.reload()
    expect(page.locator("#problems")).to_be_hidden()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#announcer")).to_contain_text("2 spans have gaps")


def test_a_comment_that_is_being_written_is_not_lost_to_another_codebook(
    page: Page, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, codebook=OWN)
    moved(desk.project, cast, RENAME, position)
    page.route("**/gestures/", lambda route: (page.wait_for_timeout(300), route.continue_())[1])
    desk.press("s", "1", "c")
    desk.type("Half of it is")
    expect(page.locator("#problems .problem")).to_contain_text("Finish what you are writing")
    desk.type(" missing.")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.get_by_role("button", name="Load them now").click()
    expect(page.locator(".rail button.label", has_text="Position")).to_be_visible()
    expect(page.locator("#comments")).to_contain_text("Half of it is missing.")
    assert desk.stored() == [("CLAIM", "👩‍👩‍👧‍👦 families want talks 🇨🇭 now")]


def test_what_an_old_page_hands_in_is_looked_at_once_more(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, codebook=OWN)
    desk.press("s", "1")
    desk.saved()
    moved(desk.project, cast, RENAME, position)
    desk.press("Control+Enter")
    expect(page.locator(".rail button.label", has_text="Position")).to_be_visible()
    expect(page.locator("#problems")).to_contain_text("moved to version 2")
    assert AnnotationSet.objects.get(pk=desk.reading.pk).is_open
