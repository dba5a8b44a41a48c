"""The pages of a register: what managers do there, and what everybody else may look up."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.projects.models import Project
from annotator.registers import actions
from annotator.registers.models import Entry, Proposal, Ruling
from annotator.workflow.verification import verification
from tests.builders import SMALL, WITH_LISTS, Cast, make_project, mark, proposed, started_set

CHOIR: dict[str, Any] = {"label": "Bakers’ choir", "kind": "organisation", "sector": "civil"}


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast, codebook=WITH_LISTS)


@pytest.fixture
def reading(cast: Cast, project: Project) -> AnnotationSet:
    return started_set(project, cast.ada)


def ask(user: User, path: str, **sent: Any) -> HttpResponse:
    client = Client()
    client.force_login(user)
    if not sent:
        return client.get(path)
    return client.post(path, {"gesture": uuid.uuid4(), **sent}, follow=True)


def page(user: User, path: str, **sent: Any) -> str:
    return ask(user, path, **sent).content.decode()


def root(project: Project) -> str:
    return f"/projects/{project.slug}/register/"


def test_a_manager_sees_what_was_proposed_with_its_words(cast: Cast, project: Project, reading: AnnotationSet) -> None:
    proposal = proposed(reading, cast.ada, "Bakers")
    mark(reading, cast.ada, "The union", "ACTOR", who=proposal.key)
    told = page(cast.dora, root(project))
    assert "Proposed by readers" in told and "“The union”" in told and "by ada in" in told
    for other in (cast.ada, cast.ben, cast.cleo):
        assert "Bakers<" not in page(other, root(project)).replace("Union of Bakers<", "")


def test_taking_in_by_the_page_words_the_entry_anew(cast: Cast, project: Project, reading: AnnotationSet) -> None:
    proposal = proposed(reading, cast.ada, "bakers")
    path, sent = (
        f"/projects/{project.slug}/proposals/{proposal.pk}/",
        {"act": "take in", **CHOIR, "gesture": uuid.uuid4()},
    )
    refused = ask(cast.dora, path, **{**sent, "label": ""})
    assert refused.status_code == 422 and not Entry.objects.exists()
    assert ask(cast.dora, path, **{**sent, "key": "union"}).status_code == 422
    for _ in range(2):  # the second is the first one sent again
        assert "Taken in" in page(cast.dora, path, **{**sent, "aliases": "Singers\n\n Singers \nChoir"})
    assert Entry.objects.get().key == "bakers-choir" and Ruling.objects.get().outcome == "taken in"
    shown = page(cast.ben, root(project) + "actors/bakers-choir/")
    assert "Singers, Choir" in shown and "Keep this wording" not in shown and "ada" not in shown


@pytest.mark.parametrize("act", ["merge", "decline"])
def test_a_proposal_is_merged_or_left_out_and_can_be_decided_anew(
    cast: Cast, project: Project, reading: AnnotationSet, act: str
) -> None:
    proposal = proposed(reading, cast.ada, "bakers")
    path = f"/projects/{project.slug}/proposals/{proposal.pk}/"
    assert "What would become what" in page(cast.dora, path + "?into=union")
    assert ask(cast.dora, path, act="decline", reason=" ").status_code == 422
    page(cast.dora, path, act=act, into="union", reason="It is the union")
    assert ("Merged into" if act == "merge" else "Left out: It is the union") in page(cast.dora, path)
    page(cast.dora, path, act="put back")
    assert not Ruling.objects.exists() and "Take it in" in page(cast.dora, path)
    assert list(verification().findings()) == []


def test_an_entry_is_worded_merged_parted_retired_and_restored_by_its_page(cast: Cast, project: Project) -> None:
    path = root(project) + "actors/union/"
    page(cast.dora, path, act="change", seen="", **{**CHOIR, "label": "Guild of bakers"})
    assert "Guild of bakers" in page(cast.ben, path)
    assert "since you opened the page" in page(cast.dora, path, act="change", seen="", **CHOIR)
    for act, status in (("merge", "merged"), ("unmerge", "active"), ("retire", "retired"), ("restore", "active")):
        page(cast.dora, path, act=act, into="ministry")
        assert Entry.objects.get(key="union").status == status
        assert ask(cast.ben, path).status_code == (200 if status == "active" else 404)
    history = page(cast.dora, path).split(">History<")[1]
    for done in ("worded anew by dora", "merged by dora", "parted again", "retired by dora", "in use again"):
        assert done in history
    assert list(verification().findings()) == []


def test_a_manager_adds_an_entry_and_a_concept(cast: Cast, project: Project) -> None:
    assert "Bakers’ choir" in page(cast.dora, root(project), **CHOIR)
    said = page(cast.dora, root(project) + "?list=concepts", statement="The bread is good.", definition="To eat.")
    assert "The bread is good." in said and Entry.objects.get(list="concepts").key == "THE-BREAD-IS-GOOD"
    assert ask(cast.dora, root(project), **{**CHOIR, "affiliation": "nobody"}).status_code == 422
    assert ask(cast.ada, root(project), **CHOIR).status_code == 403


def test_uses_follow_merges(cast: Cast, project: Project, reading: AnnotationSet) -> None:
    mark(reading, cast.ada, "The union", "ACTOR", who="union")
    mark(reading, cast.ada, "The minister", "ACTOR", who="ministry")
    actions.merge(project, "actors", "ministry", by=cast.dora, into="union")
    assert "2 spans of readers" in page(cast.dora, root(project) + "actors/union/")
    assert "1 span of readers" in page(cast.dora, root(project) + "actors/ministry/")
    assert "2 spans" in page(cast.dora, root(project)) and "2 spans" not in page(cast.ben, root(project))


def test_a_manager_who_reads_the_article_sees_neither_proposals_nor_uses(cast: Cast, reading: AnnotationSet) -> None:
    project = make_project(cast, codebook=WITH_LISTS, members=[*cast.members, (cast.ben, "manager")])
    adas, _ = started_set(project, cast.ada), started_set(project, cast.ben)
    proposal = proposed(adas, cast.ada, "Millers")
    mark(adas, cast.ada, "The union", "ACTOR", who="union")
    told = page(cast.ben, root(project))
    assert "Millers" not in told and "1 span" not in told
    assert ask(cast.ben, f"/projects/{project.slug}/proposals/{proposal.pk}/").status_code == 404
    assert ask(cast.ben, f"/projects/{project.slug}/proposals/{uuid.uuid4()}/").status_code == 404


def test_entries_come_in_pages_and_are_found_by_any_name(cast: Cast, project: Project) -> None:
    for number in range(60):
        actions.add_entry(project, "actors", by=cast.dora, data={**CHOIR, "label": f"Choir {number:02}"})
    first = page(cast.ben, root(project))
    assert "Choir 00" in first and "Choir 59" not in first and "More →" in first
    after = first.split("after=")[1].split('"')[0]
    assert "Choir 59" in page(cast.ben, f"{root(project)}?list=actors&after={after}")
    found = page(cast.ben, f"{root(project)}?list=actors&q=choir+59")
    assert "Choir 59" in found and "Choir 00" not in found
    assert "Nothing here is called “zzz”" in page(cast.ben, f"{root(project)}?q=zzz")


def test_the_page_asks_as_many_questions_for_many_entries_as_for_few(
    cast: Cast, project: Project, reading: AnnotationSet
) -> None:
    counts, client = [], Client()
    client.force_login(cast.dora)
    client.get(root(project))
    for round in range(2):
        for number in range(10):
            actions.add_entry(project, "actors", by=cast.dora, data={**CHOIR, "label": f"Choir {round} {number}"})
            proposed(reading, cast.ada, f"Proposal {round} {number}")
        with CaptureQueriesContext(connection) as captured:
            client.get(root(project))
        counts.append(len(captured))
    assert counts[0] == counts[1] < 25
    assert Proposal.objects.count() == 20


def test_a_project_without_lists_says_so(cast: Cast) -> None:
    project = make_project(cast, codebook=SMALL)
    assert "no register to keep" in page(cast.dora, root(project))
    assert ask(cast.dora, root(project) + "actors/union/").status_code == 404
