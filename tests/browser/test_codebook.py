"""A codebook changes while people work with it: written, published, moved to, and gone on with."""

from playwright.sync_api import Page, expect

from annotator.annotation.models import AnnotationSet
from annotator.projects.models import Project
from annotator.schema.actions import publish_draft, start_codebook
from annotator.workflow.campaign import start_project
from tests.annotator.schema.books import seed
from tests.browser.conftest import SignIn, barriers
from tests.builders import Cast, make_article, mark, started_set
from tests.servers import Server

SLUG = "browser-claims"
DRAFT = f"/codebooks/{SLUG}/draft/"


def project_of(cast: Cast) -> Project:
    """A project with a codebook of its own: the server's database is shared with other tests."""
    draft = start_codebook(seed(), slug=SLUG, title="Browser claims", by=cast.dora)
    book = publish_draft(draft, by=cast.dora, version=draft.version)
    return start_project(
        by=cast.root, name="Moving", slug="moving", label_set=book, redundancy=2, articles=[make_article()],
        members=cast.members,
    )  # fmt: skip


def write_version_two(page: Page) -> None:
    """Claims get another colour and key, stances retire, positions come in their place."""
    page.goto(f"/codebooks/{SLUG}/")
    page.get_by_role("button", name="Write version 2").click()
    page.locator("#f-labels-0 summary").click()
    expect(page.locator(".preview mark.r0-blue").first).to_be_visible()
    page.locator("#f-labels-0").get_by_label("teal").check()
    expect(page.locator(".preview mark.r0-teal").first).to_be_visible()
    expect(page.locator("#saving")).to_have_text("Saved.")
    page.locator("#f-labels-0-hotkey").select_option("2")
    expect(page.locator("#complaints")).to_contain_text("2 is the key of Claim, and of Actor")
    page.locator("#f-labels-0-hotkey").select_option("7")
    expect(page.locator("#complaints")).not_to_contain_text("is the key of")
    expect(page.locator(".preview .label").first).to_contain_text("7")
    assert barriers(page) == []

    page.get_by_role("button", name="Add a label").click()
    page.locator("#f-labels-3-name").fill("Position")
    page.locator("#f-labels-3-key").fill("POSITION")
    page.locator("#f-labels-2 summary").click()
    page.locator("#f-labels-2-retired").check()
    expect(page.locator("#f-labels-2-head")).to_contain_text("retired")
    page.get_by_role("button", name="Keep the draft").click()

    page.goto(f"{DRAFT}write/attributes/?of=POSITION")
    page.get_by_role("button", name="Add a question").click()
    page.locator(".value").first.get_by_label("Name", exact=True).fill("strong")
    page.get_by_role("button", name="Add a value").click()
    expect(page.locator(".value")).to_have_count(2)
    assert barriers(page) == []

    page.get_by_role("link", name="Review and publish").first.click()
    expect(page.locator(".difference")).to_contain_text("Label STANCE")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.locator("#messages")).to_contain_text("Version 2 is published")


def test_a_manager_changes_the_codebook_and_a_reviewer_goes_on(page: Page, sign_in: SignIn, cast: Cast) -> None:
    project = project_of(cast)
    own = started_set(project, cast.ada)
    mark(own, cast.ada, "rejected the plan", "STANCE", polarity="mixed")
    sign_in(cast.dora)
    write_version_two(page)

    page.goto(f"/projects/{project.slug}/codebook/")
    expect(page.locator(".asks-of")).to_contain_text("rejected the plan")
    page.get_by_label("What becomes of label STANCE").select_option("rename")
    page.get_by_role("group", name="What label STANCE becomes").get_by_label("POSITION").check()
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.locator(".steps")).to_contain_text("1 renamed")
    expect(page.locator(".steps")).to_contain_text("1 answer there")
    assert barriers(page) == []
    page.get_by_role("button", name="Move to version 2").click()
    expect(page.locator("#messages")).to_contain_text("works with version 2")

    sign_in(cast.ada)
    page.goto(f"/sets/{own.pk}/")
    expect(page.locator(".moved summary")).to_contain_text("The codebook moved to version 2")
    expect(page.locator("#spans .entry")).to_have_count(1)
    page.locator("#text").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("s")
    page.keyboard.press("7")
    expect(page.locator("#spans .entry")).to_have_count(2)
    expect(page.locator("#saving")).to_have_attribute("data-state", "saved")
    stored = AnnotationSet.objects.get(pk=own.pk)
    assert sorted(stored.spans.values_list("label", flat=True)) == ["CLAIM", "POSITION"]
    assert stored.label_set.number == 2


def test_the_editor_works_without_javascript(page: Page, sign_in: SignIn, cast: Cast, server: Server) -> None:
    """Every field and button is a form's."""
    browser = page.context.browser
    assert browser is not None
    draft = start_codebook(seed(), slug="plain-claims", title="Plain claims", by=cast.dora)
    sign_in(cast.dora)
    plain = browser.new_context(
        base_url=server.url, java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )  # fmt: skip
    one = plain.new_page()
    one.goto("/codebooks/plain-claims/draft/write/labels/?open=labels.0")
    one.locator("#f-labels-0-name").fill("Statement")
    one.get_by_role("button", name="Add a label").click()
    one.locator("#f-labels-3-name").fill("Topic")
    one.get_by_role("button", name="Keep the draft").click()
    one.wait_for_load_state()
    draft.refresh_from_db()
    assert [label["name"] for label in draft.data["labels"]] == ["Statement", "Actor", "Stance", "Topic"]
    plain.close()
