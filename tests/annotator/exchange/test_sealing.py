"""Checkpoints made on export, and who is told of them."""

import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.accounts.models import User
from annotator.log.checkpoints import heads_of, seal_all
from annotator.log.models import Chain, Checkpoint
from annotator.projects.models import Project
from annotator.workflow.verification import verification
from tests.annotator.exchange.stories import tell
from tests.api import Program
from tests.builders import Cast, make_project, make_user, mark, secret, started_set

HEADER = "X-Log-Checkpoint"


def download(user: User, project: Project) -> HttpResponse:
    client = Client()
    client.force_login(user)
    return client.get(reverse("download", args=[project.slug, "gold.jsonl"]))


def dora_asks(cast: Cast, project: Project, listing: str, **query: Any) -> HttpResponse:
    program = Program(secret(cast.dora, project, "gold:read", "audit:read"))
    return program.get(f"projects/{project.slug}/{listing}/", **query)


@pytest.mark.parametrize("listing", ["gold", "annotations", "events"])
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_an_export_names_a_checkpoint_that_seals_all_it_rests_on(cast: Cast, listing: str, form: str) -> None:
    story = tell(cast)
    mark(started_set(make_project(cast), cast.ada), cast.ada, "The union", "ACTOR")
    answer = dora_asks(cast, story.project, listing, format=form)
    newest = Checkpoint.objects.latest("number")
    assert answer[HEADER] == f"{newest.number} {newest.hash}"
    assert newest.reason == f"export of {story.project.slug}"
    sealed: dict[str, int] = {}
    for one in Checkpoint.objects.order_by("number"):
        sealed |= {chain: length for chain, length, _ in heads_of(json.loads(one.body))}
    chains = [story.project.chain_id, story.ada.chain_id, story.ben.chain_id, story.gold.chain_id]
    lengths = dict(Chain.objects.values_list("id", "length"))
    assert [sealed[str(one)] for one in chains] == [lengths[one] for one in chains]
    assert list(verification([]).findings()) == []


def test_an_export_lists_only_what_has_moved_and_nothing_of_other_projects(cast: Cast) -> None:
    story, other = tell(cast), make_project(cast)
    download(cast.dora, story.project)
    before = Checkpoint.objects.count()
    download(cast.dora, story.project)
    assert Checkpoint.objects.count() == before
    reading = started_set(other, cast.ada)
    download(cast.dora, story.project)
    assert Checkpoint.objects.count() == before
    download(cast.dora, other)
    listed = {head[0] for head in heads_of(json.loads(Checkpoint.objects.latest("number").body))}
    assert listed == {str(other.chain_id), str(reading.chain_id)}


def test_an_export_with_nothing_new_asks_two_questions_more(cast: Cast) -> None:
    """Whatever was sealed before, and however many chains: nothing is written, no checkpoint is read but the last."""
    story = tell(cast)
    for _ in range(5):
        mark(started_set(make_project(cast), cast.ada), cast.ada, "The union", "ACTOR")
        seal_all("daily")
    download(cast.dora, story.project)
    with CaptureQueriesContext(connection) as found:
        download(cast.dora, story.project)
    asked = [one["sql"] for one in found if "checkpoint" in one["sql"] or "sealedhead" in one["sql"]]
    assert len(asked) == 2 and all(sql.startswith("SELECT") for sql in asked), asked


def test_the_next_pages_of_a_listing_are_the_same_export(cast: Cast) -> None:
    story = tell(cast)
    first = dora_asks(cast, story.project, "annotations", limit=1)
    program = Program(secret(cast.dora, story.project, "audit:read"))
    second = program.client.get(first.json()["next"].removeprefix("http://testserver"))
    assert HEADER in first and HEADER not in second


def test_texts_need_no_checkpoint(cast: Cast) -> None:
    assert HEADER not in dora_asks(cast, tell(cast).project, "articles")


def test_whoever_reads_is_told_of_no_checkpoint_but_the_export_is_sealed(cast: Cast) -> None:
    story = tell(cast)
    before = Checkpoint.objects.count()
    make_user("mallory")
    assert HEADER not in download(cast.ada, story.project)
    assert Checkpoint.objects.count() == before + 1
    assert HEADER in download(cast.cleo, story.project)


def test_sealing_all_and_exporting_know_of_each_other(cast: Cast) -> None:
    story = tell(cast)
    seal_all("daily")
    before = Checkpoint.objects.count()
    download(cast.dora, story.project)
    assert Checkpoint.objects.count() == before
