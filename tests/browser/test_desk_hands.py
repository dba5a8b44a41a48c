"""A whole reading by mouse alone, by keyboard alone, by touch alone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.annotation.models import AnnotationSet, Span
from tests.browser.conftest import PHONE, Complaints, SignIn
from tests.browser.desk import open_desk
from tests.builders import Cast, make_article
from tests.servers import Server

QUEUE = re.compile(r"/queue/$")
WHOLE = [
    ("CLAIM", "families want talks 🇨🇭 now"),
    ("ACTOR", "owners"),
    ("STANCE", "disagree"),
    ("ACTOR", "الوزير"),
]


@pytest.mark.engines("sqlite", "postgresql")
def test_a_whole_reading_with_the_mouse_alone(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)

    desk.drag("families want talks 🇨🇭 now")
    desk.selects("families want talks 🇨🇭 now")
    desk.label("Claim")
    desk.click("parliament")  # lets the claim go
    desk.label("Actor")  # nothing is chosen: the label is armed, and each selection becomes an actor
    desk.click("owners", count=2)
    desk.drag("الوزير")
    desk.label("Actor")
    desk.click("disagree", count=2)
    desk.label("Stance")
    desk.saved()
    assert desk.stored() == WHOLE

    page.locator("#inspector .chip", has_text="oppose").click()
    desk.saved()
    page.locator('#inspector [data-act="tie"][data-name="held by"]').click()
    desk.click("owners")
    desk.saved()
    page.locator('#inspector [data-act="tie"][data-name="toward"]').click()
    desk.click("families want")
    desk.saved()
    assert desk.stored_links() == [
        ("disagree", "held_by", "owners"),
        ("disagree", "toward", "families want talks 🇨🇭 now"),
    ]

    page.locator("#inspector [data-unrelate]").first.click()
    desk.saved()
    assert len(desk.stored_links()) == 1
    desk.check()
    page.reload()
    desk.check()
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(QUEUE)
    assert AnnotationSet.objects.get(pk=desk.reading.pk).state == "closed"


def test_two_clicks_take_a_word_and_three_a_sentence(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("One is here. Two is there now.\nFour is back. Five went."))
    desk.click("there", count=3)
    desk.selects("Two is there now")
    desk.press("1", "Escape", "3")  # a stance is armed: each selection becomes one at once
    desk.click("here", count=2)
    desk.click("Five", count=3)
    desk.saved()
    assert desk.stored() == [("STANCE", "here"), ("CLAIM", "Two is there now"), ("STANCE", "Five went")]
    desk.click("Two", count=3)  # over words that carry another label, and across paragraphs
    desk.press("Escape", "Escape")
    desk.drag("there now.\nFour is")
    desk.press("2")
    desk.check()
    assert ("STANCE", "Two is there now") in desk.stored()
    assert ("ACTOR", "there now.\nFour is") in desk.stored()


def test_the_keyboard_goes_by_every_unit_and_grows_and_shrinks_what_is_selected(
    page: Page, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("One, said Ada, is here. Two came.\nThree left; four stayed. Five?"))
    for keys, selected in (
        (["Shift+ArrowRight", "Shift+ArrowRight"], "On"),
        (["Home", "Control+Shift+ArrowRight", "Control+Shift+ArrowRight"], "One, said"),
        (["Home", "Shift+End"], "One, said Ada, is here."),
        (["ArrowRight", "Home", ".", "Control+Shift+ArrowDown"], "Two came."),
        (["Control+Home", "Shift+S", "Shift+S"], "One, said Ada, is here. Two came"),
        (["Control+Home", "Control+ArrowDown", "e"], "Three"),
        (["e"], "Three left"),
        (["e"], "Three left; four stayed"),
        (["e", "e"], "Three left; four stayed. Five?"),
        (["Shift+E", "Shift+E", "Shift+E"], "Three left"),
        (["Control+Home", "w", "w"], "said"),
    ):
        desk.press(*keys)
        desk.selects(selected)


def test_the_edge_of_a_span_is_dragged_by_a_finger(
    chromium: Browser, server: Server, cast: Cast, sign_in: SignIn, complaints: Complaints, page: Page
) -> None:
    sign_in(cast.ada)
    context = chromium.new_context(
        base_url=server.url, viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True,
        storage_state=page.context.storage_state(),
    )  # fmt: skip
    complaints.listen(context)
    touched = context.new_page()
    desk = open_desk(touched, cast, make_article("The union left the talks. The mayor stayed."))
    desk.tap("union")
    touched.locator('.thumb .label[data-label="ACTOR"]').tap()
    desk.saved()
    box = touched.locator(".edge.end").bounding_box()
    assert box is not None
    x, y = desk.at(desk.place("talks")[1], end=True)
    finger = context.new_cdp_session(touched)
    spots = [(box["x"] + 1, box["y"] + box["height"] + 6), (x - 40, y + 20), (x, y)]
    for kind, spot in zip(("touchStart", "touchMove", "touchMove", "touchEnd"), [*spots, None], strict=True):
        points = [{"x": spot[0], "y": spot[1]}] if spot else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    desk.check()
    assert desk.stored() == [("ACTOR", "union left the talks")]
    context.close()


@pytest.mark.engines("sqlite", "postgresql")
def test_a_whole_reading_without_touching_the_pointer(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast)

    desk.press("/")
    desk.type("fam")
    desk.press("t")
    desk.type("now")
    desk.selects("families want talks 🇨🇭 now")
    desk.press("1", "/")
    desk.type("own")
    desk.press("w", "2", "/")
    desk.type("disa")
    desk.press("w", "3")
    desk.saved()
    desk.press("Enter", "2")  # polarity is missing: the first question is that, the second answer is oppose
    desk.press("r", "1")
    desk.type("a")
    desk.press("r", "2")
    desk.type("s")  # the actor is nearer, but linked by another relation: it comes first here too
    desk.saved()
    assert desk.stored_links() == [
        ("disagree", "held_by", "owners"),
        ("disagree", "toward", "families want talks 🇨🇭 now"),
    ]

    desk.press("u", "u")
    desk.saved()
    assert desk.stored_links() == []
    desk.press("Shift+U")
    desk.saved()
    page.reload()
    expect(page.locator("#text")).to_be_focused()
    desk.press("Shift+U")
    desk.saved()
    assert len(desk.stored_links()) == 2
    desk.press("/")
    desk.type("disa")
    desk.press("Escape", ".", "Control+ArrowRight", "w", "2")
    desk.check()
    assert desk.stored() == WHOLE
    assert Span.objects.get(annotation_set=desk.reading, label="STANCE").attributes == {"polarity": "oppose"}
    desk.press("Control+Enter")
    expect(page).to_have_url(QUEUE)
    assert AnnotationSet.objects.get(pk=desk.reading.pk).state == "closed"


def test_a_whole_reading_by_touch_alone(chromium: Browser, server: Server, cast: Cast, complaints: Complaints) -> None:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(cast.ada)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = chromium.new_context(
        base_url=server.url, viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True
    )
    complaints.listen(context)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    page = context.new_page()
    desk = open_desk(page, cast)
    tap = lambda selector: page.locator(selector).first.tap()

    desk.tap("families")
    desk.selects("families")
    tap('[data-act="to"]')
    desk.tap("now")
    desk.selects("families want talks 🇨🇭 now")
    tap('.thumb .label[data-label="CLAIM"]')
    desk.tap("owners")
    tap('.thumb .label[data-label="ACTOR"]')
    desk.tap("disagree")
    tap('.thumb .label[data-label="STANCE"]')
    desk.tap("الوزير")
    tap('.thumb .label[data-label="ACTOR"]')
    desk.saved()
    assert desk.stored() == WHOLE

    desk.tap("disagree")
    tap('#inspector .chip[data-value="oppose"]')
    tap('#inspector [data-act="tie"][data-name="held by"]')
    desk.tap("owners")
    desk.saved()
    assert desk.stored_links() == [("disagree", "held_by", "owners")]
    for shown in ("#saving", "#submit button", ".thumb .label"):
        expect(page.locator(shown).first).to_be_in_viewport()
    tap("#submit button")
    expect(page).to_have_url(QUEUE)
    context.close()
