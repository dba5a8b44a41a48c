"""From a reader's proposal to one entry for all: at the desk by keyboard alone, then on the manager's pages.

`PICTURES=somewhere python -m pytest tests/browser/test_register.py` keeps the pictures.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.annotation.models import Span
from annotator.registers.actions import add_entry, change_entry, merge, merge_proposal
from annotator.registers.models import Entry, Proposal, Ruling
from annotator.registers.queries import merges_of
from tests.browser.conftest import DESKTOP, PHONE, SignIn, barriers
from tests.browser.desk import Desk, open_desk
from tests.builders import WITH_LISTS, Cast, make_article, proposed
from tests.settings import RUN_FOLDER

PICTURES = Path(os.environ.get("PICTURES", RUN_FOLDER / "pictures"))
TEXT = "The choir of the bakers sang.\nThe union and the singers left Geneva."


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"register-{name}.png", full_page=True)


def who(desk: Desk) -> list[str]:
    found = Span.objects.filter(annotation_set=desk.reading).order_by("start")
    return [str(span.attributes.get("who", "")) for span in found]


def begun(page: Page, cast: Cast, sign_in: SignIn) -> Desk:
    sign_in(cast.ada)
    return open_desk(page, cast, make_article(TEXT), codebook=WITH_LISTS)


def test_a_proposal_from_the_keyboard_is_taken_in_and_merged(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = begun(page, cast, sign_in)
    options = page.locator("[role=option]:visible")
    desk.press("w", "2", "Enter")
    desk.type("Bakers choir")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("Propose “Bakers choir”")
    picture(page, "desk-propose")
    desk.press("Enter")
    expect(options).to_have_count(4)
    picture(page, "desk-kinds")
    desk.press("2")
    desk.saved()
    proposal = Proposal.objects.get(project=desk.project)
    assert who(desk) == [proposal.key]
    assert page.evaluate("document.activeElement.id") == "text"
    expect(page.locator(".entry .more")).to_contain_text("Who: Bakers choir")
    expect(page.locator(".meaning:visible")).to_contain_text("your proposal · organisation")
    assert barriers(page) == []

    desk.press("Enter")  # again, to see that one's own proposal is among what is found
    desk.type("cho")
    expect(options.first).to_contain_text("your proposal")
    desk.press("Enter")
    desk.press("u")  # undo passes over the proposal: it takes back the answer
    desk.saved()
    assert who(desk) == [""] and Proposal.objects.filter(project=desk.project).exists()
    desk.press("Shift+U")
    desk.saved()
    assert who(desk) == [proposal.key]

    sign_in(cast.dora)
    page.goto(f"/projects/{desk.project.slug}/register/")
    expect(page.get_by_role("heading", name="Proposed by readers")).to_be_visible()
    expect(page.locator(".proposals")).to_contain_text("by ada in")
    page.get_by_role("link", name="Decide on Bakers choir").click()
    page.get_by_label("Name", exact=True).fill("Choir of the bakers")
    page.get_by_label("Other names").fill("The singers")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("Taken in: all readers are offered it now.")).to_be_visible()
    assert Ruling.objects.get(proposal=proposal).key == "choir-of-the-bakers"

    page.get_by_role("link", name="Choir of the bakers").click()
    page.get_by_label("Merge into").fill("uni")
    expect(page.locator("#others option")).to_have_count(1)
    page.get_by_label("Merge into").fill("union")
    page.get_by_role("button", name="Look first").click()
    expect(page.locator(".preview")).to_contain_text(
        "1 span that says “Choir of the bakers” counts as “Union of Bakers”"
    )
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("No span was touched")).to_be_visible()
    assert merges_of(desk.project.pk).resolved("actors", proposal.key) == "union"
    assert who(desk) == [proposal.key]
    assert barriers(page) == []


def test_an_answer_typed_in_a_hurry_is_found_behind_the_readers_back(page: Page, cast: Cast, sign_in: SignIn) -> None:
    desk = begun(page, cast, sign_in)
    page.route("**/entries/**", lambda route: (page.wait_for_timeout(400), route.continue_())[1])
    desk.press("w", "2", "Enter")
    desk.type("works")
    desk.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.locator("#saving").get_attribute("data-state") == "saving"
    desk.saved()
    assert who(desk) == ["ministry"]


def test_without_the_server_the_list_says_so(page: Page, cast: Cast, sign_in: SignIn, complaints: object) -> None:
    complaints.allow("entries")  # type: ignore[attr-defined]
    complaints.allow("Failed to load resource")  # type: ignore[attr-defined]
    desk = begun(page, cast, sign_in)
    page.route("**/entries/**", lambda route: route.abort())
    desk.press("w", "2", "Enter")
    expect(page.locator(".register .note:visible")).to_contain_text("cannot be reached")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_register_are_pictured(
    page: Page, cast: Cast, sign_in: SignIn, size: tuple[int, int], scheme: str
) -> None:
    desk = begun(page, cast, sign_in)
    project, reading = desk.project, desk.reading
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    choir, mills = proposed(reading, cast.ada, "Bakers’ choir"), proposed(reading, cast.ada, "Flour mills")
    page.goto(f"/sets/{reading.pk}/")
    for number, proposal in enumerate((choir, mills)):
        desk.drag("The choir of the bakers" if number == 0 else "the singers")
        desk.label("Actor")
        page.locator(".register input:visible").fill(str(proposal.details.text.split('"label":"')[1][:5]))
        page.locator("[role=option]:visible").first.click()
    desk.saved()
    picture(page, f"desk-{size[0]}-{scheme}")
    merge_proposal(project, choir, by=cast.dora, into="union")
    key = add_entry(
        project, "actors", by=cast.dora, data={"label": "Mayor of Geneva", "kind": "person", "sector": "government"}
    )
    worded = {"label": "Union of Bakers and Millers", "kind": "organisation", "sector": "civil", "aliases": ["UBM"]}
    change_entry(project, "actors", "union", by=cast.dora, data={**worded, "note": "Two unions until 2019."})
    merge(project, "actors", "ministry", by=cast.dora, into="government")
    sign_in(cast.dora)
    root = f"/projects/{project.slug}/"
    for name, path in {
        "list": "register/", "concepts": "register/?list=concepts", "entry": "register/actors/union/",
        "merge": "register/actors/union/?into=government", "merged": "register/actors/ministry/",
        "proposal": f"proposals/{mills.pk}/", "ruled": f"proposals/{choir.pk}/", "person": f"register/actors/{key}/",
    }.items():  # fmt: skip
        page.goto(root + path)
        picture(page, f"{name}-{size[0]}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert barriers(page) == [], name
    sign_in(cast.ben)
    page.goto(root + "register/")
    picture(page, f"reader-{size[0]}-{scheme}")
    expect(page.get_by_text("Flour mills")).to_have_count(0)
    assert Entry.objects.filter(project=project).count() == 3
