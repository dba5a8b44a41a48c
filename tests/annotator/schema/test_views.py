"""The pages of codebooks: who sees which, and what is told of two versions."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.schema.actions import change_draft, load_codebook, publish_draft, start_codebook, start_draft
from annotator.schema.models import LabelSet
from tests.annotator.schema.books import label, seed
from tests.builders import LARGE, SMALL, Cast, make_codebook, make_project

PAGE = f"/codebooks/{SMALL}/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def recoloured(colour: str, by: User) -> LabelSet:
    """The next version of the small codebook, its claims in another colour."""
    draft = start_draft(LabelSet.objects.filter(slug=SMALL).latest("number"), by=by)
    data = draft.data
    label(data, "CLAIM")["colour"] = colour
    draft = change_draft(draft, by=by, version=draft.version, data=data)
    return publish_draft(draft, by=by, version=draft.version)


def test_a_manager_sees_the_codebooks_of_their_projects_and_an_administrator_all(cast: Cast) -> None:
    make_project(cast)
    load_codebook(seed(LARGE), by=None)
    assert "Claims, actors" in text(browser(cast.dora), "/codebooks/")
    assert "News positions" not in text(browser(cast.dora), "/codebooks/")
    assert "News positions" in text(browser(cast.root), "/codebooks/")
    assert browser(cast.dora).get(f"/codebooks/{LARGE}/").status_code == 404
    assert browser(cast.root).get(f"/codebooks/{LARGE}/").status_code == 200


def test_a_manager_keeps_looking_after_what_they_made(cast: Cast) -> None:
    make_project(cast)
    draft = start_codebook(seed(), slug="ours", title="Ours", by=cast.dora)
    assert "Ours" in text(browser(cast.dora), "/codebooks/")
    publish_draft(draft, by=cast.dora, version=draft.version)
    assert "version 1" in text(browser(cast.dora), "/codebooks/")
    assert browser(cast.dora).get("/codebooks/ours/").status_code == 200


@pytest.mark.parametrize("who", ["ada", "cleo", "otto"])
def test_nobody_else_learns_that_there_are_codebooks(cast: Cast, who: str) -> None:
    make_project(cast)
    for path in ("/codebooks/", PAGE, f"{PAGE}versions/1/"):
        assert browser(getattr(cast, who)).get(path).status_code == 404


def test_the_last_two_versions_are_compared_unless_others_are_named(cast: Cast) -> None:
    make_project(cast)
    assert "What is different" not in text(browser(cast.dora), PAGE)
    recoloured("teal", cast.dora)
    recoloured("rose", cast.dora)
    page = text(browser(cast.dora), PAGE)
    assert "<del>teal</del>" in page
    assert "<ins>rose</ins>" in page
    assert "<del>blue</del>" in text(browser(cast.dora), f"{PAGE}?from=3&to=1")
    assert "say the same" in text(browser(cast.dora), f"{PAGE}?from=2&to=2")


def test_a_version_comes_as_a_file_that_can_be_read_in_again(cast: Cast) -> None:
    make_project(cast)
    answer = browser(cast.dora).get(f"{PAGE}versions/1/")
    assert answer["Content-Disposition"] == f'attachment; filename="{SMALL}-1.json"'
    data = json.loads(answer.content)
    assert load_codebook(data, by=None) == make_codebook()
    assert browser(cast.dora).get(f"{PAGE}versions/2/").status_code == 404


def test_more_versions_cost_no_more_queries(cast: Cast) -> None:
    make_project(cast)
    client, counts = browser(cast.dora), set()
    for colour in ("teal", "rose", "purple"):
        recoloured(colour, cast.dora)
        for path in ("/codebooks/", PAGE):
            client.get(path)
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
            client.get("/codebooks/")
        counts.add(len(found))
    assert len(counts) == 1, counts
