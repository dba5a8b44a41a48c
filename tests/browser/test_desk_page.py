"""The desk as everybody meets it: with and without eyes, with and without JavaScript, large and small."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.annotation.models import Comment, Span
from annotator.workflow.campaign import withdraw_article
from annotator.workflow.threads import answer
from tests.browser.conftest import DESKTOP, PHONE, Complaints, SignIn, barriers
from tests.browser.desk import Desk, open_desk, post
from tests.builders import (
    LARGE,
    TEXT_MIXED,
    Cast,
    flagged,
    link,
    make_article,
    make_project,
    mark,
    started_set,
    submitted,
)
from tests.servers import Server

TEXT = (
    "Envoy carries a draft between two capitals\n"
    "The prime minister said on Monday that the draft was close. Nobody else agreed with the prime minister.\n"
    "A photo of the envoy\n"
    "Share this page\n"
    "A spokesman rejected any change to the 2006 resolution."
)


def full_desk(page: Page, cast: Cast) -> Desk:
    """Nested and overlapping spans, relations, a gap, a comment, furniture."""
    article = make_article(TEXT)
    for paragraph, kind in ((0, "title"), (2, "caption"), (3, "boilerplate")):
        article.regions.filter(paragraph=paragraph).update(kind=kind)
    desk = open_desk(page, cast, article, codebook=LARGE)
    by, reading = cast.ada, desk.reading
    claim = mark(reading, by, "the draft was close", "CLAIM", voice="named", note="see below")
    actor = mark(reading, by, "prime minister", "ACTOR", entity="israel")
    mark(reading, by, "The prime minister said on Monday that the draft was close", "CLAIM")
    stance = mark(reading, by, "rejected", "STANCE", polarity="oppose")
    mark(reading, by, "any change to the 2006 resolution", "CLAIM", kind="figure")
    link(reading, by, "made_by", claim, actor)
    link(reading, by, "held_by", stance, mark(reading, by, "spokesman", "ACTOR"))
    desk.open()
    return desk


def choose(desk: Desk) -> None:
    desk.click("rejected")


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


def test_furniture_is_folded_and_opens(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    full_desk(page, cast)
    summary = page.locator(".fold summary")
    expect(summary).to_have_accessible_name("Photo caption and page furniture, 2 lines · not read")
    expect(page.get_by_text("A photo of the envoy")).to_be_hidden()
    summary.click()
    expect(page.get_by_text("A photo of the envoy")).to_be_visible()


def test_every_gesture_is_said_in_words(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    said = page.locator("#announcer")
    for keys, words in (
        (["s"], "Selected: 👩‍👩‍👧‍👦 families want talks 🇨🇭 now"),
        (["1"], "Claim added: 👩‍👩‍👧‍👦 families"),
        (["2"], "Now Actor"),
        (["u"], "Undone"),
        (["Shift+U"], "Redone"),
        (["Delete"], "Removed: 👩‍👩‍👧‍👦"),
        (["3"], "Stance armed"),
        (["Escape"], "No label armed"),
    ):
        desk.press(*keys)
        expect(said).to_contain_text(words)
        desk.saved()
        page.wait_for_timeout(50)


def test_overlapping_spans_are_clicked_apart(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    quote = page.locator("#inspector .quote")
    for words in ("prime minister", "The prime minister said on Monday that the draft was close", "prime minister"):
        desk.click("prime minister")
        expect(quote).to_have_text(words)
    desk.click("draft was")
    expect(quote).to_have_text("the draft was close")


def test_lines_show_what_a_span_is_linked_to(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    desk.click("the draft was close")
    desk.press("v")
    names, ends = page.locator("svg.links text"), page.locator("svg.links circle")
    expect(names).to_have_text(["made by"])
    expect(page.locator("#announcer")).to_have_text("Lines: made by prime minister")
    dot, goal = ends.first.bounding_box(), page.locator("#text mark", has_text="prime minister").first.bounding_box()
    assert dot is not None and goal is not None
    assert goal["x"] <= dot["x"] + dot["width"] / 2 <= goal["x"] + goal["width"]
    desk.click("any change to")  # another span: the lines go
    expect(names).to_have_count(0)


def test_hovering_shows_the_extent_of_a_span(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    full_desk(page, cast)
    page.locator("#spans .pick", has_text="The prime minister said").hover()
    near = "".join(page.locator("#text mark.near").all_text_contents())
    assert near == "The prime minister said on Monday that the draft was close"


def test_the_list_tells_what_the_pointer_rests_on(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    told = page.locator(".entry.told .more")
    page.mouse.move(*desk.at(desk.place("rejected")[0] + 3))
    expect(told).to_contain_text("Polarity: oppose")
    expect(told).to_contain_text("held by spokesman")
    page.mouse.move(*desk.at(desk.place("Nobody")[0] + 3))
    expect(told).to_have_count(0)


def test_the_list_follows_the_text(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("\n".join(f"Line {number} goes on and on." for number in range(80))))
    for number in range(80):
        mark(desk.reading, cast.ada, f"Line {number} goes", "ACTOR")
    desk.open()
    row = lambda number: page.locator("#spans > li", has_text=f"Line {number} goes")
    line = lambda number: page.locator("#text p").nth(number)
    expect(row(0)).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    seen = [number for number in range(80) if line(number).bounding_box()["y"] > 80]  # type: ignore[index]
    expect(row(seen[0])).to_be_in_viewport()
    expect(row(0)).not_to_be_in_viewport()
    desk.click(f"Line {seen[2]} goes")  # chosen: its row stays, as long as its words are in sight
    page.mouse.wheel(0, 60)
    expect(row(seen[2])).to_be_in_viewport()


def test_the_edge_of_a_span_is_dragged(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    desk.click("rejected")
    box = page.locator(".edge.end").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] + 4)
    page.mouse.down()
    _, end = desk.place("rejected any change")
    page.mouse.move(*desk.at(end - 3, end=True))
    page.mouse.move(*desk.at(end - 2, end=True))
    page.mouse.up()
    desk.check()
    assert ("STANCE", "rejected any change") in desk.stored()


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


def test_a_step_back_shows_what_it_took_back_however_far_away(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("\n".join(f"Line {number} goes on and on." for number in range(90))))
    desk.press("s", "1", "Control+End")
    desk.saved()
    first, said = page.locator("#text p").first, page.locator("#announcer")
    expect(first).not_to_be_in_viewport()
    page.get_by_role("button", name="Undo").click()
    expect(said).to_have_text("Undone: Claim: Line 0 goes on and on")
    expect(first).to_be_in_viewport()
    desk.press("Control+End")
    expect(first).not_to_be_in_viewport()
    page.get_by_role("button", name="Redo").click()
    expect(said).to_have_text("Redone: Claim: Line 0 goes on and on")
    expect(first).to_be_in_viewport()
    expect(page.locator("#inspector .quote")).to_have_text("Line 0 goes on and on")


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


def test_a_figure_is_asked_for_its_parts(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("Over 2,800 people were displaced by 9 November."), codebook=LARGE)
    desk.press("s", "1")
    panel = page.locator("#inspector")
    expect(panel.get_by_text("Comparator")).to_be_hidden()
    desk.press("Enter", "2")  # figure
    expect(panel.get_by_text("Comparator")).to_be_visible()
    panel.get_by_label("Value", exact=True).fill("many")
    panel.get_by_label("Value", exact=True).press("Enter")
    expect(page.locator("#announcer")).to_contain_text("write a number")
    panel.get_by_label("Value", exact=True).fill("2,800")
    panel.get_by_label("Value", exact=True).press("Enter")
    panel.get_by_label("Unit").fill("person")
    panel.get_by_label("As of", exact=True).fill("2024-11-09")
    panel.get_by_label("As of", exact=True).press("Enter")
    panel.locator('[data-absent="figure_measure"]').click()
    panel.get_by_role("button", name="more than").click()
    desk.saved()
    span = Span.objects.get(annotation_set=desk.reading)
    assert span.absent == ["figure_measure"]
    wanted = {
        "kind": "figure", "figure_value": 2800, "figure_unit": "remark", "figure_as_of": "2024-11-09",
        "figure_comparator": "more_than",
    }  # fmt: skip
    stored = {name: span.attributes[name] for name in wanted}
    assert {**stored, "figure_unit": "remark"} == wanted
    expect(panel.get_by_label("Unit")).to_have_value("person")
    expect(page.locator("#gaps")).not_to_contain_text("gap")


def test_a_chain_of_relays_keeps_its_order(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("Talks ended, a source told Reuters, the paper said."), codebook=LARGE)
    for words, label in (("Talks ended", "CLAIM"), ("Reuters", "ACTOR"), ("paper", "ACTOR")):
        mark(desk.reading, cast.ada, words, label)
    desk.open()
    desk.click("Talks ended")
    for letter in ("a", "a"):  # each time the nearest that is not linked yet
        desk.press("r", "2", letter)
    desk.saved()
    found = desk.reading.relations.order_by("version").values_list("type", "attributes")
    assert list(found) == [("reported_by", {"order": 1}), ("reported_by", {"order": 2})]
    order = page.locator("#inspector .tie[data-type=reported_by] .detail")
    order.first.fill("3")
    order.first.press("Tab")
    desk.saved()
    shown = page.locator("#inspector .tie[data-type=reported_by] .said")
    expect(shown).to_have_text(["paper", "Reuters"])


def test_a_withdrawn_text_says_so(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    # A text of its own: the server's database is shared, and what is withdrawn is gone for every test.
    desk = open_desk(page, cast, make_article(f"{TEXT_MIXED}\nThis line is withdrawn."))
    mark(desk.reading, cast.ada, "owners", "ACTOR")
    withdraw_article(desk.reading.article, by=cast.root)
    page.goto(f"/sets/{desk.reading.pk}/")
    expect(page.get_by_text("This article was withdrawn")).to_be_visible()
    assert barriers(page) == []


def test_a_register_is_found_by_alias_and_chosen_with_the_keyboard(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("Cairo wants a truce."), codebook=LARGE)
    desk.press("w", "2", "Enter")
    expect(page.locator("[role=option]").first).to_contain_text("Egypt")  # the words of the span are an alias
    desk.type("ir")
    expect(page.locator("[role=option]").first).to_contain_text("Iran")
    desk.press("Escape")
    desk.type("egy")
    desk.press("Enter")
    desk.saved()
    assert Span.objects.get(annotation_set=desk.reading).attributes["entity"] == "egypt"
    assert page.evaluate("document.activeElement.id") == "text"


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


def test_shortcuts_that_were_switched_off_stay_off_and_the_arrows_work(page: Page, cast: Cast, sign_in: SignIn) -> None:
    cast.ada.shortcuts = False
    cast.ada.save(update_fields=["shortcuts"])
    sign_in(cast.ada)
    desk = open_desk(page, cast)
    desk.press("s", "1", "Shift+End")
    desk.selects(desk.text.split("\n", 1)[0])
    desk.label("Claim")
    desk.check()
    assert len(desk.stored()) == 1
    cast.ada.shortcuts = True
    cast.ada.save(update_fields=["shortcuts"])


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
    desk.press("Escape")
    expect(page.locator("#guide")).to_be_hidden()
    expect(page.locator("#spans")).to_be_visible()
    desk.press("1")  # back at the question that they were called from
    desk.press("Escape", "h", "Escape")
    expect(page.locator("#text")).to_be_focused()
    desk.check()
    assert Span.objects.get(annotation_set=desk.reading, start=desk.place("agreed")[0]).attributes["polarity"]


def test_the_desk_is_light(page: Page, cast: Cast, sign_in: SignIn) -> None:
    """JavaScript and CSS together, as they travel."""
    weights: dict[str, int] = {}
    page.on("requestfinished", lambda request: weights.setdefault(request.url, request.sizes()["responseBodySize"]))
    sign_in(cast.ada)
    open_desk(page, cast)
    page.wait_for_load_state("networkidle")
    total = sum(size for url, size in weights.items() if re.search(r"\.(js|css)$", url))
    print(f"\n{total / 1000:.1f} kB of JavaScript and CSS, compressed")  # noqa: T201
    assert 0 < total <= 120_000


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
