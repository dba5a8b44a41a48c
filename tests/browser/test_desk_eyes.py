"""The desk for eyes that see otherwise, on paper, and without motion."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.desk import Desk, open_desk
from tests.builders import Cast, make_article, mark
from tests.settings import RUN_FOLDER

TEXT = (
    "The minister rejected the plan.\nA photo of the minister\nThe union called it a first step, and the plan stands."
)
KINDS = ["achromatopsia", "deuteranopia", "protanopia", "tritanopia"]
LOOKS = """(() => {
  const looks = {};
  for (const run of document.querySelectorAll("#text mark")) {
    const style = getComputedStyle(run);
    const layers = style.backgroundImage.split(/,(?![^(]*\\))/).map((layer) => layer.trim());
    const shapes = layers.filter((layer) => layer !== "none");
    const drawn = shapes.map((layer) => layer.replace(/rgba?\\([^)]*\\)|color\\([^)]*\\)/g, "colour"));
    looks[run.textContent] = [...drawn, style.backgroundSize].join(" ");
  }
  return looks;
})()"""
"""How marks are drawn, their colours left out."""


def desk_with_all_labels(page: Page, cast: Cast) -> Desk:
    article = make_article(TEXT)
    article.regions.filter(paragraph=1).update(kind="caption")
    desk = open_desk(page, cast, article)
    for words, label in (("rejected", "STANCE"), ("The union", "ACTOR"), ("the plan stands", "CLAIM")):
        mark(desk.reading, cast.ada, words, label)
    desk.open()
    return desk


def test_labels_are_told_apart_without_their_colours(page: Page, cast: Cast, sign_in: SignIn) -> None:
    """Shape on the text; shape and letter in the list."""
    sign_in(cast.ada)
    desk_with_all_labels(page, cast)
    looks = page.evaluate(LOOKS)
    assert len(looks) == 3 and len(set(looks.values())) == 3, looks
    rows = page.locator("#spans > li")
    letters = rows.locator("abbr").all_text_contents()
    shapes = [row.locator(".swatch").get_attribute("class") for row in rows.all()]
    assert len(set(letters)) == 3 and len(set(shapes)) == 3, (letters, shapes)


def test_the_desk_is_pictured_as_the_colour_blind_see_it(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk_with_all_labels(page, cast)
    protocol = page.context.new_cdp_session(page)
    pictures = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for kind in KINDS:
            protocol.send("Emulation.setEmulatedVisionDeficiency", {"type": kind})
            folder = RUN_FOLDER / "pictures"
            folder.mkdir(exist_ok=True)
            pictures.add(page.screenshot(path=folder / f"desk-{kind}-{scheme}.png"))
    assert len(pictures) == 2 * len(KINDS)


def test_on_paper_there_is_the_text_with_its_lanes_and_the_spans_in_full(
    page: Page, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.ada)
    desk = desk_with_all_labels(page, cast)
    desk.click("rejected")
    page.emulate_media(media="print")
    for hidden in (".rail", ".foot", "#inspector", ".bar", "#overlay"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#text")).to_be_visible()
    assert len(set(page.evaluate(LOOKS).values())) == 3
    assert page.locator("#text mark").first.evaluate("(one) => getComputedStyle(one).printColorAdjust") == "exact"
    for row in page.locator("#spans > li").all():
        expect(row.locator(".words")).to_be_visible()
        expect(row.locator(".more")).to_be_visible()
    height = "document.querySelector('#spans').scrollHeight - document.querySelector('#spans').clientHeight"
    assert page.evaluate(height) <= 1  # nothing is scrolled away on paper


def test_with_reduced_motion_nothing_moves(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    page.emulate_media(reduced_motion="reduce")
    desk = desk_with_all_labels(page, cast)
    desk.click("rejected")
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].map((one) => [one, getComputedStyle(one)])
          .filter(([, style]) => style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0)
            || style.animationName !== "none" || style.scrollBehavior === "smooth")
          .map(([one]) => one.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_wherever_the_tab_key_leads_it_can_be_seen(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = desk_with_all_labels(page, cast)
    desk.click("rejected")
    page.evaluate("document.body.focus(); document.activeElement.blur()")
    stops: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """(async () => {
              for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
              const one = document.activeElement;
              if (!one || one === document.body) return null;
              const style = getComputedStyle(one);
              const caret = one.id === "text" && !document.querySelector(".caret").hidden;
              const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              const box = one.getBoundingClientRect();
              const seen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
              return [one.id || one.textContent.trim().slice(0, 30) || one.className, (ring || caret) && seen];
            })()"""
        )
        if found is None:  # out of the page, and in again from the top
            continue
        stops.append(found[0])
        assert found[1], found
    assert len(set(stops)) > 15 and "text" in stops
