"""The desk as everybody meets it: in each of its states, with and without JavaScript, large and small."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.annotation.models import Span
from tests.browser.conftest import DESKTOP, PHONE, Complaints, SignIn, barriers
from tests.browser.desk import Desk, choose, full_desk, open_desk, post
from tests.builders import Cast, make_article
from tests.servers import Server


def select(desk: Desk) -> None:
    desk.click("agreed", count=2)


def ask_for_an_entry(desk: Desk) -> None:
    desk.click("spokesman")
    desk.press("Enter")
    desk.type("isr")


def ask_for_same_strings(desk: Desk) -> None:
    desk.click("prime minister")
    desk.press("a")


def show_lines(desk: Desk) -> None:
    choose(desk)
    desk.press("v")


def begin_to_relate(desk: Desk) -> None:
    choose(desk)
    desk.press("r")


def relate(desk: Desk) -> None:
    desk.click("any change to")
    desk.press("r", "1")


def ask_the_guidelines(desk: Desk) -> None:
    choose(desk)
    desk.page.locator("#inspector .name:visible").first.click()


def conflict(desk: Desk) -> None:
    """The same words, labelled in another browser meanwhile."""
    span = Span.objects.filter(annotation_set=desk.reading, label="CLAIM").first()
    assert span is not None
    body = {"id": str(span.pk), "version": span.version, "attributes": {"kind": "proposal"}}
    desk.click(desk.text[span.start : span.end])
    assert post(desk.page, desk, "change_span", body) == 200
    desk.press("Delete")
    expect(desk.page.locator("#problems .problem")).to_be_visible()


def fail_to_save(desk: Desk) -> None:
    desk.page.route("**/gestures/", lambda route: route.abort())
    desk.click("agreed", count=2)
    desk.press("1")
    expect(desk.page.locator("#saving")).to_have_attribute("data-state", "unsaved")


def sign_out(desk: Desk) -> None:
    desk.page.route("**/gestures/", lambda route: route.fulfill(status=401, body=""))
    desk.click("agreed", count=2)
    desk.press("1")
    expect(desk.page.locator("#saving")).to_have_attribute("data-state", "signed-out")


def rest_on_a_span(desk: Desk) -> None:
    desk.page.mouse.move(*desk.at(desk.text.index("draft was close")))
    if desk.page.locator("#spans").is_visible():  # on a phone its sheet is down
        expect(desk.page.locator(".entry.told .link a")).to_be_visible()


def unfold(desk: Desk) -> None:
    desk.page.locator(".fold summary").click()


STATES: dict[str, Callable[[Desk], None]] = {
    "at rest": lambda desk: None,
    "a span chosen": choose,
    "a span under the pointer": rest_on_a_span,
    "words selected": select,
    "a label armed": lambda desk: desk.press("1"),
    "a register asked": ask_for_an_entry,
    "a relation begun": relate,
    "a jump begun": lambda desk: desk.press("/", "t"),
    "all keys": lambda desk: desk.press("?"),
    "guidelines": lambda desk: desk.press("h"),
    "same strings": ask_for_same_strings,
    "a comment": lambda desk: desk.press("c"),
    "furniture unfolded": unfold,
    "lines shown": show_lines,
    "a relation to choose": begin_to_relate,
    "guidelines on a question": ask_the_guidelines,
    "a conflict": conflict,
    "work not saved": fail_to_save,
    "signed out": sign_out,
}


def reached(desk: Desk) -> Iterator[str]:
    """One state after the other, each from a page that was opened afresh; the first with nothing labelled."""
    empty = Desk(desk.page, desk.project, desk.reading)
    for name, reach in STATES.items():
        empty.open()
        reach(empty)
        yield name
        desk.page.unroute_all()
        desk.page.evaluate("sessionStorage.clear()")


RIGHTMOST = """Math.max(document.documentElement.scrollWidth,
  ...[...document.querySelectorAll(".foot *")].map((one) => one.getBoundingClientRect().right))"""
SMALL_TARGETS = """[...document.querySelectorAll("button, summary, input, a, [role=option], [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !one.matches("p a, .skip"))
  .filter((one) => !document.querySelector(`label[for="${one.id}"]`))
  .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 24 || box.width < 24))
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
"""What is smaller than 24 pixels; links in running text and boxes that have a label are not meant."""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_from_any_state_of_the_desk(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints, scheme: str, size: tuple[int, int]
) -> None:
    """Nor are their fingers, nor do they scroll sideways."""
    complaints.allow("status of (401|409)|Failed to load resource|ERR_FAILED")
    sign_in(cast.ada)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.on("dialog", lambda dialog: dialog.accept())
    found = {}
    for name in reached(full_desk(page, cast)):
        wide = page.evaluate(RIGHTMOST) - size[0]
        hindrances = [*barriers(page), *page.evaluate(SMALL_TARGETS), *([f"{wide} px too wide"] if wide > 0 else [])]
        if hindrances:
            found[name] = hindrances
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_from_an_empty_desk_an_open_sheet_or_paper(
    page: Page, cast: Cast, sign_in: SignIn, scheme: str
) -> None:
    sign_in(cast.ada)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    open_desk(page, cast, make_article("Nothing was said of this yet."))
    found = [barriers(page)]
    desk = full_desk(page, cast)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    choose(desk)
    page.get_by_role("button", name="Spans and comments").click()
    found.append(barriers(page))
    page.emulate_media(media="print")
    found.append(barriers(page))
    assert found == [[], [], []]


@pytest.mark.parametrize("width", [320, 390, 768, 1000, 1280])
def test_the_desk_needs_no_sideways_scrolling(page: Page, cast: Cast, sign_in: SignIn, width: int) -> None:
    """320 pixels are a screen of 1280 at 400 percent."""
    sign_in(cast.ada)
    page.set_viewport_size({"width": width, "height": 800})
    desk = full_desk(page, cast)
    choose(desk)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for shown in ("#saving", "#submit button", "#gaps"):
        expect(page.locator(shown)).to_be_in_viewport()


def test_without_javascript_the_labelled_text_can_be_read(
    chromium: Browser, page: Page, server: Server, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    state = page.context.storage_state()
    bare = chromium.new_context(base_url=server.url, java_script_enabled=False, storage_state=state)
    plain = bare.new_page()
    plain.goto(f"/sets/{desk.reading.pk}/")
    expect(plain.locator("#text")).to_contain_text("The prime minister said on Monday")
    expect(plain.locator("#text mark").first).to_be_visible()
    expect(plain.locator("#spans")).to_contain_text("made by prime minister")
    expect(plain.locator("#spans")).to_contain_text("Polarity")
    expect(plain.locator("#counts")).to_contain_text("3 Claim")
    bare.close()
