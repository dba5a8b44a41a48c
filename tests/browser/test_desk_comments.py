"""Comments and flags: written on the desk, answered by the manager, and read on the desk again."""

from playwright.sync_api import Page, expect

from annotator.annotation.models import Comment, Span
from annotator.workflow.threads import answer
from tests.browser.conftest import DESKTOP, PHONE, SignIn, barriers
from tests.browser.desk import open_desk
from tests.builders import TEXT_MIXED, Cast, flagged, make_article, make_project, mark, started_set


def test_comments_and_flags_on_a_span_and_on_the_article(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    desk.press("c")
    desk.type("Half of it is missing.")
    page.get_by_role("button", name="bad text").click()
    page.get_by_role("button", name="Comment", exact=True).click()
    desk.press("s", "1", "c")
    expect(page.locator("#comment .about")).to_contain_text("families want talks")
    page.get_by_role("button", name="unsure").click()
    page.get_by_role("button", name="Comment", exact=True).click()
    desk.saved()
    found = Comment.objects.filter(annotation_set=desk.reading).order_by("version")
    span = Span.objects.get(annotation_set=desk.reading)
    assert [(one.flag, one.span_id) for one in found] == [("bad text", None), ("unsure", span.pk)]
    page.reload()
    page.locator(".remarks summary").click()
    expect(page.locator("#comments")).to_contain_text("Half of it is missing.")
    page.locator("#comments [data-act=uncomment]").first.click()
    desk.saved()
    assert Comment.objects.filter(annotation_set=desk.reading).count() == 1


def test_a_reader_reads_the_managers_answer_and_goes_on(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    span = mark(desk.reading, cast.ada, "owners", "ACTOR")
    flagged(desk.reading, cast.ada, "bad text", "Half of it is missing.")
    first = flagged(desk.reading, cast.ada, "guideline gap", "Is a group an actor?", span=span)
    answer(first, by=cast.dora, text="Yes, when it acts.")
    later = flagged(desk.reading, cast.ada, "", "Never mind.")
    desk.open()
    page.locator(".remarks summary").click()
    said = page.locator("#comments .said")
    expect(said).to_have_text(["Half of it is missing.", "Is a group an actor?", "Yes, when it acts.", "Never mind."])
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator("#comment .about")).to_have_text("To the manager")
    assert barriers(page) == []
    desk.type("And a crowd?")
    desk.press("Control+Enter")
    expect(said).to_have_text(
        ["Half of it is missing.", "Is a group an actor?", "Yes, when it acts.", "And a crowd?", "Never mind."]
    )
    desk.saved()
    found = Comment.objects.get(thread=first.pk)
    assert found.remark is not None and (found.remark.text, found.span_id) == ("And a crowd?", span.pk)
    page.reload()
    page.locator(".remarks summary").click()
    expect(said.nth(3)).to_have_text("And a crowd?")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.locator('[data-act="sheet"]').click()
    page.locator(f"#c-{later.pk}").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    desk.page.locator("#text").focus()
    desk.press("c")
    expect(page.locator("#comment .about")).to_have_text("On the article")


def test_a_manager_answers_flags_by_keyboard_alone(page: Page, cast: Cast, sign_in: SignIn) -> None:
    project = make_project(cast, make_article(TEXT_MIXED))
    reading = started_set(project, cast.ada)
    flagged(reading, cast.ada, "unsure", "Which minister?", span=mark(reading, cast.ada, "disagree", "STANCE"))
    flagged(reading, cast.ada, "guideline gap", "Is a group an actor?")
    sign_in(cast.dora)
    page.goto(f"/projects/{project.slug}/")
    page.get_by_role("link", name="2 flags of readers wait for an answer").press("Enter")
    expect(page.locator(".threads .state").first).to_have_text("guideline gap")
    expect(page.locator(".threads blockquote mark")).to_have_text("disagree")
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_label("To ada").first.focus()
    page.keyboard.type("Yes, when it acts.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer is with the reader.")).to_be_visible()
    expect(page.locator(".threads > li")).to_have_count(1)
    page.get_by_role("button", name="Mark as dealt with").press("Enter")
    expect(page.get_by_text("No flag waits for an answer.")).to_be_visible()
