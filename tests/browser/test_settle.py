"""Settling in a real browser: every kind of difference by mouse alone and by keyboard alone, on a mixed script."""

import re

import pytest
from playwright.sync_api import Page, expect

from annotator.workflow import adjudication
from annotator.workflow.cases import Choice
from annotator.workflow.models import Decision
from tests.annotator.workflow.stories import Story
from tests.browser.conftest import DESKTOP, PHONE, Complaints, SignIn, barriers
from tests.browser.settling import GOLD, LINES, SettleDesk, two_readings
from tests.builders import TEXT_MIXED, WITH_LISTS, Cast

LIST = re.compile(r"/settle/$")


def check_gold(desk: SettleDesk) -> None:
    """The expected graph, and each item of it led back to judgements."""
    story, cast = desk.story, desk.story.cast
    assert story.gold == GOLD
    assert story.lines == LINES
    both = [cast.ada, cast.ben]
    assert story.sources(story.gold_span("owners")) == {"agreed": both}
    assert story.sources(story.gold_span("families want talks 🇨🇭 now")) == {"edited": both}
    assert story.sources(story.gold_span("disagree"), "polarity") == {"took": [cast.ada]}
    assert story.sources(story.gold_span("Nobody")) == {"took": [cast.ben]}
    assert story.sources(story.gold_span("aide")) == {"both": [cast.ben]}
    assert Decision.objects.get(gold_set=story.gold_set, rule="2").note is not None
    assert (story.stage, story.gold_set.state) == ("gold", "closed")


@pytest.mark.engines("sqlite", "postgresql")
def test_an_article_is_settled_with_the_mouse_alone(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open_list()
    page.get_by_role("button", name="Settle").click()
    desk.settled(0, 8)
    assert page.locator("#text").evaluate("text => text.textContent") == TEXT_MIXED
    edges_and_values_by_mouse(desk)
    labels_by_mouse(desk)
    the_rest_by_mouse(desk)
    page.get_by_role("button", name="Publish").click()
    expect(page).to_have_url(LIST)
    expect(page.get_by_text("Gold is published.")).to_be_visible()
    check_gold(desk)


def edges_and_values_by_mouse(desk: SettleDesk) -> None:
    desk.words.drag("families want talks 🇨🇭 now")  # opens the form for editing with these words
    expect(desk.page.locator("#edited-words")).to_have_text("families want talks 🇨🇭 now")
    desk.page.get_by_role("button", name="Settle like this").click()
    desk.settled(1, 8)
    desk.choose("disagree", "polarity")
    desk.take(f"Take {desk.letter(desk.story.cast.ada)}")
    desk.settled(2, 8)


def labels_by_mouse(desk: SettleDesk) -> None:
    cast = desk.story.cast
    desk.heading("Claim or Stance", "label")
    desk.words.click("ended")  # a place on the text leads to its difference
    desk.heading("Claim", "in one reading only")
    desk.choose("المحادثات", "label")
    desk.take(f"Take {desk.letter(cast.ben)}")
    desk.settled(4, 8)  # with a stance, “made by” has fallen away
    desk.page.get_by_role("button", name="Undo").click()
    desk.settled(2, 8)
    desk.page.get_by_role("button", name="Redo").click()
    desk.settled(4, 8)
    desk.choose("المحادثات", "label")
    desk.take(f"Take {desk.letter(cast.ada)}")
    desk.heading("Claim or Stance", "made by")
    desk.take("It stands")
    desk.settled(5, 8)


def the_rest_by_mouse(desk: SettleDesk) -> None:
    desk.choose("the talks ended", "only")
    desk.page.get_by_label("Rule", exact=True).fill("2")
    desk.page.get_by_label("Note").fill("It repeats the clause before.")
    desk.take("Nothing here")
    desk.settled(6, 8)
    desk.choose("Nobody", "only")
    desk.take(f"Take {desk.letter(desk.story.cast.ben)}")
    desk.settled(7, 8)
    desk.heading("Actor", "edges")
    desk.take("Both stand")
    desk.settled(8, 8)


@pytest.mark.engines("sqlite", "postgresql")
def test_an_article_is_settled_without_touching_the_pointer(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open_list()
    desk.press("Enter")
    desk.settled(0, 8)
    edges_and_values_by_keys(desk)
    labels_by_keys(desk)
    the_rest_by_keys(desk)
    desk.press("Control+Enter")
    expect(page).to_have_url(LIST)
    check_gold(desk)


def edges_and_values_by_keys(desk: SettleDesk) -> None:
    words = desk.page.locator("#edited-words")
    desk.heading("Difference 1", "edges")
    desk.press("e")
    expect(words).to_be_visible()
    if not words.inner_text().startswith("families"):
        desk.press("w")
    if not words.inner_text().endswith("now"):
        desk.press("p")
    desk.press("w", "q", "p", "o", "Shift+P", "Shift+O")  # further, and back
    expect(words).to_have_text("families want talks 🇨🇭 now")
    desk.press("Enter")
    desk.settled(1, 8)
    desk.heading("Stance", "polarity")
    desk.press(desk.number(desk.story.cast.ada))
    desk.settled(2, 8)


def labels_by_keys(desk: SettleDesk) -> None:
    cast = desk.story.cast
    desk.walk_to("المحادثات", "label")
    desk.press(desk.number(cast.ben))
    desk.settled(4, 8)
    desk.press("u")
    desk.settled(2, 8)
    desk.press("Shift+U")
    desk.settled(4, 8)
    desk.walk_to("المحادثات", "label")
    desk.press(desk.number(cast.ada), desk.number(cast.ada))  # the second key waits for “made by” to come
    desk.settled(5, 8)


def the_rest_by_keys(desk: SettleDesk) -> None:
    desk.walk_to("the talks ended", "only")
    desk.press("r")
    desk.page.keyboard.type("2")
    desk.press("Enter", "m")
    desk.page.keyboard.type("It repeats the clause before; 0 and b are letters here.")
    desk.press("Escape", "0")
    desk.settled(6, 8)
    desk.walk_to("Nobody", "only")
    desk.press("n")
    desk.heading("Actor", "edges")
    desk.press("ArrowUp")
    desk.heading("Actor", "in one reading only")
    desk.press(desk.number(desk.story.cast.ben))
    desk.settled(7, 8)
    desk.walk_to("aide", "edge")
    desk.press("b")
    desk.settled(8, 8)


def test_what_another_has_settled_meanwhile_is_told_in_place(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of 409")
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open()
    desk.choose("the talks ended", "only")
    desk.story.decide("the talks ended", "neither", by=cast.dora, note="Said before.")
    desk.press(desk.number(cast.ada))
    expect(page.locator("#problem")).to_contain_text("Settled by dora in the meantime")
    page.get_by_role("link", name="Show what stands now").click()
    expect(page.locator(".verdict")).to_contain_text("Nothing belongs here · dora")
    desk.settled(1, 8)


def test_a_refusal_stays_where_it_happened(page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints) -> None:
    complaints.allow("status of (409|422)")
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open()
    desk.choose("disagree", "polarity")
    page.get_by_label("Rule", exact=True).fill("99")
    desk.take("No value")
    expect(page.locator("#problem")).to_have_text("The codebook has no rule 99.")
    expect(page.get_by_label("Rule", exact=True)).to_have_value("99")
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()


def test_after_the_session_ended_the_decision_waits(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("status of 401")
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open()
    page.context.clear_cookies(name="sessionid")
    page.context.clear_cookies(name="__Host-sessionid")
    desk.take("Both stand")
    expect(page.locator("#problem")).to_contain_text("Your session has ended")
    sign_in(cast.cleo)
    desk.take("Both stand")
    desk.settled(1, 8)


def test_single_keys_can_be_switched_off(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = SettleDesk(page, two_readings(cast))
    cast.cleo.shortcuts = False
    cast.cleo.save()
    sign_in(cast.cleo)
    desk.open()
    desk.press("b")
    page.get_by_role("link", name="Next", exact=True).click()
    desk.heading("Difference 2")
    desk.settled(0, 8)
    cast.cleo.shortcuts = True
    cast.cleo.save()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_from_settling(
    page: Page, cast: Cast, sign_in: SignIn, size: tuple[int, int], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    for path in (desk.open_list, desk.open):
        path()
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    desk.take("Edit")
    assert barriers(page) == []
    desk.take(f"Take {desk.letter(cast.ada)}")
    desk.settled(1, 8)
    for difference in desk.story.case.open_differences:
        group = desk.story.case.comparison.groups[difference.group]
        voice = min(group.members)
        if not desk.story.case.is_settled(difference):
            desk.story.decide_key(difference.key, Choice("took", voice))
    desk.story.publish()
    adjudication.release_to_readers(cast.dora, desk.story.project, desk.story.article.pk)
    own = desk.story.set_of(cast.ben).pk
    for user, address in (
        (cast.cleo, f"/projects/{desk.story.project.slug}/gold/{desk.story.article.pk}/"),
        (cast.ben, f"/sets/{own}/gold/"),
    ):
        sign_in(user)
        page.goto(address)
        page.locator(".origin summary").first.click()
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert page.locator("#text").evaluate("text => text.textContent") == TEXT_MIXED


def test_on_a_phone_the_list_opens_and_closes(page: Page, cast: Cast, sign_in: SignIn) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open()
    page.get_by_role("button", name="List").click()
    desk.choose("the talks ended", "only")
    expect(page.locator("#differences")).to_be_hidden()
    desk.take("Nothing here")
    desk.settled(1, 8)


def test_on_a_phone_the_decisions_leave_room_for_what_is_decided(page: Page, cast: Cast, sign_in: SignIn) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open()
    rows = "() => new Set([...document.querySelectorAll('.take')].map((one) => one.offsetTop)).size"
    assert page.evaluate(rows) == 2, "six decisions, three in a row"


def test_the_guidelines_have_the_key_they_have_at_the_reading_desk(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open()
    desk.press("h")
    expect(page.locator("#guide-find")).to_be_focused()
    desk.press("Escape")
    expect(page.locator("#guide")).to_be_hidden()


def test_gold_tells_its_story_from_the_text_and_from_the_list(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = SettleDesk(page, two_readings(cast))
    story = desk.story
    story.open()
    for difference in story.case.differences:
        group = story.case.comparison.groups[difference.group]
        if not story.case.is_settled(difference):
            story.decide_key(difference.key, Choice("took", min(group.members), rule="1", note="So it is."))
    story.publish()
    sign_in(cast.cleo)
    page.goto(f"/projects/{story.project.slug}/gold/{story.article.pk}/")
    desk.words.click("disagree")
    story_told = page.locator(".origin[open]")
    expect(story_told).to_contain_text("Polarity")
    expect(story_told).to_contain_text("rule 1 · Claim")
    expect(page.locator("#text mark.at")).to_have_text("disagree")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#text mark.at").first).to_have_text("owners")
    expect(page.locator(".origin[open]")).to_contain_text("All readings agree")
    judgement = page.locator(".origin").last.locator("i[id]").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"/projects/{story.project.slug}/gold/{story.article.pk}/#{judgement}")
    heading = page.locator(".origin[open] > summary")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport(ratio=1)


def test_an_entry_of_a_list_is_found_by_typing_and_settled_by_keyboard(page: Page, cast: Cast, sign_in: SignIn) -> None:
    story = who_is_meant(cast)
    sign_in(cast.cleo)
    desk = SettleDesk(page, story)
    desk.open()
    desk.walk_to("The minister", "who")
    before = page.locator("#decision").evaluate("one => one.innerHTML.length")
    desk.press("e")
    field = page.locator("#edit-who")
    field.focus()
    options = page.locator("#list-who [role=option]")
    expect(options.first).to_be_visible()
    page.keyboard.type("union")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("Union of Bakers")
    assert barriers(page) == []
    desk.press("Enter")
    expect(field).to_have_value("Union of Bakers")
    expect(page.locator("#list-who")).to_be_hidden()
    desk.press("Enter")
    desk.settled(1, 1)
    assert story.gold == [("The minister", "ACTOR", {"who": "union"})]
    assert before < 20_000, "a register of any length stays out of the page"


def test_a_name_that_is_none_is_refused_beside_the_form(
    page: Page, cast: Cast, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.allow("422")
    story = who_is_meant(cast)
    sign_in(cast.cleo)
    desk = SettleDesk(page, story)
    desk.open()
    desk.walk_to("The minister", "who")
    desk.press("e")
    page.locator("#edit-who").focus()
    page.keyboard.type("Zebra")
    expect(page.locator("#list-who .note")).to_have_text("Nothing is called “Zebra”.")
    page.get_by_role("button", name="Settle like this").click()
    expect(page.locator("#problem")).to_contain_text("Nothing in the list is called “Zebra”.")
    expect(page.locator("#edit-who")).to_have_value("Zebra")
    desk.settled(0, 1)


def who_is_meant(cast: Cast) -> Story:
    story = Story(cast, codebook=WITH_LISTS)
    for reader, key in ((cast.ada, "government"), (cast.ben, "ministry")):
        story.read(reader, {"m": ("The minister", "ACTOR", {"who": key})})
    return story


def test_a_note_written_before_is_offered_while_another_is_typed(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = SettleDesk(page, two_readings(cast))
    sign_in(cast.cleo)
    desk.open()
    desk.press("m")
    expect(page.locator("#notes")).to_have_count(0)
    page.keyboard.type("Title words do not count.")
    desk.press("Escape", "1")
    desk.settled(1, 8)
    desk.press("m")
    offered = page.locator("#notes button:visible")
    expect(offered).to_have_text(["Title words do not count."])
    page.keyboard.type("zzz")
    expect(page.locator("#notes")).to_be_hidden()
    desk.press("Backspace", "Backspace", "Backspace")
    page.keyboard.type("titl")
    desk.press("ArrowDown")
    expect(offered.first).to_be_focused()
    desk.press("Enter")
    expect(page.locator("#note")).to_have_value("Title words do not count.")
    expect(page.locator("#note")).to_be_focused()
    assert barriers(page) == []
    desk.press("Escape", "1")
    desk.settled(2, 8)
    assert Decision.objects.filter(note__text="Title words do not count.").count() == 2
