"""What stands on the desk and how it answers: spans, lines, the list beside the text, questions and registers."""

import re

from playwright.sync_api import Page, expect

from annotator.annotation.models import Span
from annotator.workflow.campaign import withdraw_article
from tests.browser.conftest import PHONE, SignIn, barriers
from tests.browser.desk import full_desk, open_desk
from tests.builders import LARGE, TEXT_MIXED, Cast, link, make_article, mark


def test_furniture_is_folded_and_opens(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    full_desk(page, cast)
    summary = page.locator(".fold summary")
    expect(summary).to_have_accessible_name("Photo caption and page furniture, 2 lines · not read")
    expect(page.get_by_text("A photo of the envoy")).to_be_hidden()
    summary.click()
    expect(page.get_by_text("A photo of the envoy")).to_be_visible()


def test_the_caret_walks_past_what_is_folded_and_through_it_once_it_is_open(
    page: Page, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.ada)
    desk = full_desk(page, cast)
    said, caption = page.locator("#announcer"), page.get_by_text("A photo of the envoy")
    second, last = "Nobody else agreed with the prime minister", "A spokesman rejected"
    onwards: list[tuple[list[str], str]] = [
        (["Control+ArrowDown", "Control+ArrowDown", "s"], last),  # by paragraph
        (["Escape", ",", ",", "s"], second),  # by sentence, back
        (["s"], last),
        (["Escape", "Control+ArrowUp", "Control+ArrowLeft", "w"], "minister"),  # by word
        (["Escape", "Control+ArrowRight", "w"], "A"),
    ]
    for keys, words in onwards:
        desk.press(*keys)
        expect(said).to_contain_text(f"Selected: {words}")
        expect(caption).to_be_hidden()
    desk.press("Escape")
    page.locator(".fold summary").click()
    page.locator("#text").focus()
    desk.press("Control+ArrowUp", "Control+ArrowUp", "s")
    expect(said).to_contain_text("Selected: Share this page")


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


COVERED = """() => [...document.querySelectorAll("svg.links text")].flatMap((name) => {
  const box = name.getBoundingClientRect();
  return [...document.querySelectorAll("#text p")].flatMap((line) => {
    const words = document.createRange();
    words.selectNodeContents(line);
    return [...words.getClientRects()].filter((one) => one.right > box.left && one.left < box.right)
      .map((one) => Math.min(one.bottom, box.bottom) - Math.max(one.top, box.top));
  });
})"""
"""How many pixels of each stretch of text a name of a relation covers; below 0, how far it is from it."""


def test_names_of_lines_cover_no_words_and_not_one_another(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    words = "Central to the talks of the week was Israel’s desire for a side letter from the U.S. government, which "
    desk = open_desk(page, cast, make_article(words * 3), codebook=LARGE)
    stance = mark(desk.reading, cast.ada, "desire", "STANCE", polarity="support", nth=1)
    for relation, words, label, facts in (
        ("held_by", "Israel", "ACTOR", {"entity": "israel"}), ("toward", "a side letter", "CLAIM", {}),
    ):  # fmt: skip
        link(desk.reading, cast.ada, relation, stance, mark(desk.reading, cast.ada, words, label, nth=1, **facts))
    desk.open()
    desk.click("desire", nth=1)
    desk.press("v")
    expect(page.locator("svg.links text")).to_have_count(2)
    assert max(page.evaluate(COVERED)) < 4, "ascenders and descenders leave that much room"
    first, second = (box for box in (name.bounding_box() for name in page.locator("svg.links text").all()) if box)
    left, right = sorted((first, second), key=lambda box: box["x"])
    assert left["x"] + left["width"] < right["x"] or abs(first["y"] - second["y"]) > first["height"]


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
