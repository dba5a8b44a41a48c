"""From a file to gold on the pages alone: every step of a campaign, by the hands that take it."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from annotator.accounts.models import User
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.campaign import start_project
from annotator.workflow.models import Assignment, Decision
from tests.browser.campaign import FIRST, GOLD, LINES, MAYOR, SECOND, TEXT, WHOLE, Campaign, Reader
from tests.browser.conftest import SignIn
from tests.browser.settling import SettleDesk
from tests.builders import Cast, make_codebook, make_user, secret

LIST = re.compile(r"/settle/$")


@pytest.mark.engines("sqlite", "postgresql")
def test_a_campaign_from_a_file_to_gold(page: Page, cast: Cast, sign_in: SignIn) -> None:
    eve = make_user("eve")
    members = [*cast.members, (eve, "reviewer")]
    project = start_project(by=cast.root, name="From file to gold", label_set=make_codebook(), members=members)
    sign_in(cast.dora)
    import_a_file(page, project)
    ask_for_a_third_reader_on_demand(page, project)
    campaign = Campaign(cast, project, ProjectArticle.objects.get(project=project).article)
    assert campaign.article.text == TEXT
    for reader, places in ((cast.ada, 2), (cast.ben, 3), (eve, 3)):
        read(page, sign_in, campaign, reader)
        assert Assignment.objects.filter(project=project).count() == places, "the third place opens with the second"
    sign_in(cast.cleo)
    settle_by_keys(page, campaign, eve)
    check_gold(campaign, eve)
    check_what_programs_get(page, campaign)
    follow_gold_to_its_judgements(page, campaign)


def import_a_file(page: Page, project: Project) -> None:
    page.goto(f"/projects/{project.slug}/import/")
    page.locator("#files").set_input_files([{"name": "talks.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}])
    page.get_by_role("button", name="Look into the files").click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    page.get_by_role("button", name="Bring in 1 article").click()
    page.get_by_role("link", name="Settings").click()


def ask_for_a_third_reader_on_demand(page: Page, project: Project) -> None:
    page.goto(f"/projects/{project.slug}/settings/")
    page.locator("[name=another_below]").fill("90")
    page.locator("[name=readers_most]").fill("3")
    page.get_by_role("button", name="Keep these settings").click()
    expect(page.locator("[name=readers_most]")).to_have_value("3")


def read(page: Page, sign_in: SignIn, campaign: Campaign, user: User) -> None:
    sign_in(user)
    reader = Reader(page, campaign, user)
    reader.open()
    reader.read()
    reader.hand_in()


def settle_by_keys(page: Page, campaign: Campaign, eve: User) -> None:
    """A difference of every kind: answer, relation, label, split, missing, edges, nested; and what only one saw."""
    cast, desk = campaign.cast, SettleDesk(page, campaign)
    desk.open_list()
    expect(page.get_by_role("button", name="Settle")).to_be_focused()
    desk.press("Enter")
    desk.settled(0, 8)
    decisions = [
        ("rejected", "polarity", cast.ada),
        ("rejected", "toward", cast.ben),
        ("It costs too much", "label", eve),
        (WHOLE, "edge", cast.ben),
        (FIRST, "only", cast.ben),
        (MAYOR, "edge", cast.ada),
        ("town", "only", eve),
    ]
    for done, (what, how, voice) in enumerate(decisions, start=1):
        desk.walk_to(what, how)
        desk.press(desk.number(voice))
        desk.settled(done, 8)
    desk.walk_to("the talks ended", "only")
    desk.press("r")
    page.keyboard.type("2")
    desk.press("Enter", "m")
    page.keyboard.type("Said of the talks before.")
    desk.press("Escape", "0")
    desk.settled(8, 8)
    desk.press("Control+Enter")
    expect(page).to_have_url(LIST)


def check_gold(campaign: Campaign, eve: User) -> None:
    cast = campaign.cast
    assert campaign.gold == GOLD
    assert campaign.lines == LINES
    everybody = [cast.ada, cast.ben, eve]
    for quote in ("The minister", "the plan", "الوزير", "rejected"):
        assert campaign.sources(campaign.gold_span(quote)) == {"agreed": everybody}
    took = {"It costs too much": eve, FIRST: cast.ben, SECOND: cast.ben, MAYOR: cast.ada, "town": eve}
    for quote, reader in took.items():
        assert campaign.sources(campaign.gold_span(quote)) == {"took": [reader]}
    assert campaign.sources(campaign.gold_span("rejected"), "polarity") == {"took": [cast.ada]}
    relations = {one.type: campaign.sources(one) for one in campaign.gold_set.relations.all()}
    assert relations == {"held_by": {"agreed": everybody}, "toward": {"took": [cast.ben]}}
    dropped = Decision.objects.select_related("note").get(gold_set=campaign.gold_set, outcome="neither")
    assert (dropped.rule, dropped.note and dropped.note.text) == ("2", "Said of the talks before.")
    assert (campaign.stage, campaign.gold_set.state) == ("gold", "closed")


def check_what_programs_get(page: Page, campaign: Campaign) -> None:
    token = secret(campaign.cast.cleo, campaign.project, "gold:read")
    answer = page.request.get(
        f"/api/v1/projects/{campaign.project.slug}/gold/?format=jsonl", headers={"Authorization": f"Bearer {token}"}
    )
    record = json.loads(answer.text())
    assert [(span["text"], span["label"]) for span in record["spans"]] == [(quote, label) for quote, label, *_ in GOLD]
    for item in (*record["spans"], *record["relations"]):
        assert item["provenance"], f"{item} comes from nowhere"
        for origin in item["provenance"]:
            assert origin["decision"]
            assert all(source["voice"] and source["submission"] and source["judgement"] for source in origin["sources"])
    assert len(record["nothing_here"]) == 1


def follow_gold_to_its_judgements(page: Page, campaign: Campaign) -> None:
    page.goto(f"/projects/{campaign.project.slug}/gold/{campaign.article.pk}/")
    story = page.locator(".origin", has_text="town").last
    story.locator("> summary").click()
    expect(page.locator(".origin[open]")).to_contain_text("cleo")
    story.get_by_text("In the log").click()
    expect(story.locator(".story li").last).to_contain_text("cleo settled it, under version 1 of the codebook")
    judgement = story.locator("i[id]").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"/projects/{campaign.project.slug}/gold/{campaign.article.pk}/#{judgement}")
    expect(page.locator(".origin[open]")).to_contain_text("town")
