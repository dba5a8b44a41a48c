"""What is found, by whom, and at what cost; and how all readers of spans see the entry that stands."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.annotation.actions import add_span
from annotator.annotation.models import AnnotationSet, Span
from annotator.log.erasure import erase_remark
from annotator.log.models import Chain, Event
from annotator.projects.models import Project
from annotator.registers import actions
from annotator.registers.models import Entry, EntryWord, Proposal
from annotator.registers.search import SHOWN, Search
from annotator.workflow.adjudication import case_for, open_case, release_to_readers
from annotator.workflow.verification import verification
from tests.api import Program
from tests.builders import (
    SMALL,
    WITH_LISTS,
    Cast,
    make_article,
    make_project,
    mark,
    place,
    proposed,
    secret,
    settled,
    started_set,
    submitted,
)

CHOIR: dict[str, Any] = {"label": "Bakers’ choir", "kind": "organisation", "sector": "civil", "aliases": ["Singers"]}


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast, codebook=WITH_LISTS)


@pytest.fixture
def adas(cast: Cast, project: Project) -> AnnotationSet:
    return started_set(project, cast.ada)


@pytest.fixture
def bens(cast: Cast, project: Project) -> AnnotationSet:
    return started_set(project, cast.ben)


def sought(reading: AnnotationSet, user: User, typed: str = "", near: str = "") -> list[str]:
    search = Search(user, reading.project_id, reading.article_id, reading.label_set, "actors")
    return [entry["title"] for entry in search.entries(typed, near)]


# Finding


@pytest.mark.parametrize(
    ("typed", "first"),
    [("bak", "Bakers’ choir"), ("sing", "Bakers’ choir"), ("bakers-ch", "Bakers’ choir"), ("UN", "Union of Bakers"),
     ("un bak", "Union of Bakers"), ("works", "Ministry of Works")],
)  # fmt: skip
def test_entries_of_codebook_and_project_are_found_alike(
    cast: Cast, project: Project, adas: AnnotationSet, typed: str, first: str
) -> None:
    actions.add_entry(project, "actors", by=cast.dora, data=CHOIR)
    assert sought(adas, cast.ada, typed)[0] == first


def test_what_nobody_is_called_finds_nothing(cast: Cast, adas: AnnotationSet) -> None:
    for typed in ("zzz", "un zzz", "%", "'", "\U0001f600", "_"):
        assert sought(adas, cast.ada, typed) in ([], ["The government", "Ministry of Works", "Union of Bakers"])


def test_while_nothing_is_typed_the_words_of_the_span_are_sought(
    cast: Cast, project: Project, adas: AnnotationSet
) -> None:
    actions.add_entry(project, "actors", by=cast.dora, data=CHOIR)
    assert sought(adas, cast.ada, near="the choir of the bakers")[0] == "Bakers’ choir"
    assert sought(adas, cast.ada, near="Something else") == ["The government", "Ministry of Works", "Union of Bakers"]


def test_a_proposal_is_found_by_its_proposer_alone(cast: Cast, adas: AnnotationSet, bens: AnnotationSet) -> None:
    proposed(adas, cast.ada, "Flour mills")
    assert sought(adas, cast.ada, "flour") == ["Flour mills"]
    assert sought(bens, cast.ben, "flour") == []


def test_an_unnamed_source_is_found_in_its_own_text_only(cast: Cast) -> None:
    project = make_project(cast, make_article(), make_article("The union again."), codebook=WITH_LISTS)
    first = started_set(project, cast.ada)
    proposed(first, cast.ada, "Bakers (unnamed)", "unnamed")
    assert sought(first, cast.ada, "unnamed") == ["Bakers (unnamed)"]
    submitted(first, cast.ada)
    assert sought(started_set(project, cast.ada), cast.ada, "unnamed") == []


def test_what_was_renamed_merged_or_retired_is_found_as_it_is_now(
    cast: Cast, project: Project, adas: AnnotationSet
) -> None:
    key = actions.add_entry(project, "actors", by=cast.dora, data=CHOIR)
    actions.change_entry(project, "actors", key, by=cast.dora, data={**CHOIR, "label": "Choir of mills", "aliases": []})
    assert sought(adas, cast.ada, "mills") == ["Choir of mills"] and sought(adas, cast.ada, "singers") == []
    actions.change_entry(project, "actors", "union", by=cast.dora, data={**CHOIR, "label": "Guild", "aliases": []})
    assert sought(adas, cast.ada, "guild") == ["Guild"] and sought(adas, cast.ada, "union") == ["Guild"]
    actions.merge(project, "actors", "union", by=cast.dora, into=key)
    actions.retire(project, "actors", key, by=cast.dora)
    assert sought(adas, cast.ada, "guild") == sought(adas, cast.ada, "mills") == []


def many(project: Project, by: User, number: int) -> None:
    for at in range(number):
        actions.add_entry(project, "actors", by=by, data={**CHOIR, "label": f"Choir {at}", "aliases": [f"Voices {at}"]})


def test_finding_asks_as_many_questions_of_many_entries_as_of_few(
    cast: Cast, project: Project, adas: AnnotationSet
) -> None:
    counts = []
    for _ in range(2):
        many(project, cast.dora, 10)
        with CaptureQueriesContext(connection) as captured:
            assert len(sought(adas, cast.ada, "choi voi")) == SHOWN
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_an_erased_wording_is_found_no_more_and_shows_its_key(
    cast: Cast, project: Project, adas: AnnotationSet
) -> None:
    key = actions.add_entry(project, "actors", by=cast.dora, data=CHOIR)
    mark(adas, cast.ada, "The union", "ACTOR", who=key)
    erase_remark(Entry.objects.get(key=key).details, by=cast.root)
    assert not EntryWord.objects.exists() and sought(adas, cast.ada, "choir") == []
    client = Client()
    client.force_login(cast.ada)
    page = client.get(f"/sets/{adas.pk}/").content.decode()
    assert "Bakers’ choir" not in page and "Who: bakers-choir" in page
    assert list(verification().findings()) == []


# The cost of a gesture


def test_only_a_gesture_that_names_what_the_codebook_has_not_asks_one_question_more(
    cast: Cast, project: Project, adas: AnnotationSet
) -> None:
    key = actions.add_entry(project, "actors", by=cast.dora, data=CHOIR)

    def asked(quote: str, label: str, **attributes: str) -> int:
        start, end = place(adas, quote)
        with CaptureQueriesContext(connection) as captured:
            add_span(
                adas.pk, by=cast.ada, gesture=uuid.uuid4(), id=uuid.uuid4(), start=start, end=end, quote=quote,
                label=label, attributes=attributes,
            )  # fmt: skip
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    asked("Geneva", "ACTOR")
    bare = asked("The union", "ACTOR")
    assert asked("the plan", "CLAIM") == bare
    assert asked("The minister", "ACTOR", who="union") == bare
    assert asked("she", "ACTOR", who=key) == bare + 1


# Reading


def desk(user: User, reading: AnnotationSet) -> str:
    client = Client()
    client.force_login(user)
    return client.get(f"/sets/{reading.pk}/").content.decode()


def test_the_page_does_not_grow_with_the_register(cast: Cast, project: Project, adas: AnnotationSet) -> None:
    mark(adas, cast.ada, "The union", "ACTOR", who="union")
    before = len(desk(cast.ada, adas))
    many(project, cast.dora, 20)
    assert abs(len(desk(cast.ada, adas)) - before) < 100


def test_a_reader_sees_their_own_wording_until_the_article_is_released(
    cast: Cast, project: Project, adas: AnnotationSet, bens: AnnotationSet
) -> None:
    proposal = proposed(adas, cast.ada, "Choir of bakers")
    mark(adas, cast.ada, "The union", "ACTOR", who=proposal.key)
    actions.take_in(project, proposal, by=cast.dora, data=CHOIR)
    assert (
        "Who: Choir of bakers" in desk(cast.ada, adas) and "→" not in desk(cast.ada, adas).split('id="spans"')[1][:900]
    )
    for reading, reader in ((adas, cast.ada), (bens, cast.ben)):
        submitted(reading, reader)
    assert "Who: Choir of bakers → Bakers’ choir" not in desk(cast.ada, adas)
    settled(project, adas.article, cast.cleo)
    release_to_readers(cast.dora, project, adas.article_id)
    assert "Who: Choir of bakers → Bakers’ choir" in desk(cast.ada, adas)


def test_who_proposed_what_was_left_out_is_told_at_the_span(cast: Cast, project: Project, adas: AnnotationSet) -> None:
    proposal = proposed(adas, cast.ada, "Choir of bakers")
    mark(adas, cast.ada, "The union", "ACTOR", who=proposal.key)
    actions.decline(project, proposal, by=cast.dora, reason="It is the union.")
    assert "Who “Choir of bakers” was not taken into the list (“It is the union.”): choose another" in desk(
        cast.ada, adas
    )


# One entry, several keys


@pytest.fixture
def both(cast: Cast, project: Project, adas: AnnotationSet, bens: AnnotationSet) -> Project:
    """Ada names a proposal of hers, Ben an entry of the codebook; a manager says that these are one."""
    proposal = proposed(adas, cast.ada, "Bakers")
    mark(adas, cast.ada, "The union", "ACTOR", who=proposal.key)
    mark(bens, cast.ben, "The union", "ACTOR", who="ministry")
    for reading, reader in ((adas, cast.ada), (bens, cast.ben)):
        submitted(reading, reader)
    return project


def merged(cast: Cast, project: Project) -> None:
    actions.merge_proposal(project, Proposal.objects.get(project=project), by=cast.dora, into="union")
    actions.merge(project, "actors", "ministry", by=cast.dora, into="union")


def rows_and_chains() -> tuple[Any, ...]:
    spans = list(Span.objects.order_by("pk").values())
    chains = list(Chain.objects.filter(kind="set").order_by("pk").values())
    return spans, chains, Event.objects.filter(chain__kind="set").count()


def test_merging_and_renaming_leave_spans_and_their_chains_as_they_are(cast: Cast, both: Project) -> None:
    before = rows_and_chains()
    merged(cast, both)
    actions.change_entry(both, "actors", "union", by=cast.dora, data=CHOIR)
    actions.retire(both, "actors", "union", by=cast.dora)
    assert rows_and_chains() == before
    assert list(verification().findings()) == []


def test_who_settles_sees_a_difference_until_the_entries_are_one(
    cast: Cast, both: Project, adas: AnnotationSet
) -> None:
    open_case(cast.cleo, both, adas.article_id)
    assert [one.name for one in case_for(cast.cleo, both, adas.article_id).open_differences] == ["who"]
    merged(cast, both)
    case = open_case(cast.cleo, both, adas.article_id)
    assert case.open_differences == []
    assert Span.objects.get(annotation_set=case.gold_set).attributes == {"who": "union"}


def test_gold_that_named_what_was_merged_later_says_the_entry_that_stands(
    cast: Cast, both: Project, adas: AnnotationSet
) -> None:
    gold = settled(both, adas.article, cast.cleo)
    stored = Span.objects.get(annotation_set=gold).attributes["who"]
    before = rows_and_chains()
    merged(cast, both)
    program = Program(secret(cast.dora, both, "gold:read", "audit:read"))
    address = f"projects/{both.slug}/"
    assert [span["attributes"]["who"] for record in program.results(address + "gold/") for span in record["spans"]] == [
        "union"
    ]
    raw = {span["attributes"]["who"] for one in program.results(address + "annotations/") for span in one["spans"]}
    assert "ministry" in raw and len(raw) == 2 and "union" not in raw
    assert Span.objects.get(annotation_set=gold).attributes["who"] == stored != "union"
    open_case(cast.cleo, both, adas.article_id)
    assert rows_and_chains() == before


def test_agreement_takes_merged_entries_for_one(cast: Cast, both: Project) -> None:
    client = Client()
    client.force_login(cast.dora)

    def page() -> str:
        return client.get(f"/projects/{both.slug}/agreement/spans/?kind=answer&of=ACTOR.who").content.decode()

    before = page()
    assert "Ministry of Works" in before and "Bakers" in before
    merged(cast, both)
    after = page()
    assert "Ministry of Works" not in after and after.count("Union of Bakers") >= 2


# What leaves


def registers(cast: Cast, user: User, project: Project, **query: Any) -> dict[str, dict[str, Any]]:
    program = Program(secret(user, project, "gold:read"))
    return {one["key"]: one for one in program.results(f"projects/{project.slug}/registers/", **query)}


def test_registers_leave_with_names_merges_and_where_each_comes_from(cast: Cast, both: Project) -> None:
    actions.add_entry(both, "actors", by=cast.dora, data=CHOIR)
    merged(cast, both)
    found = registers(cast, cast.dora, both, limit=2)
    assert found["bakers-choir"]["aliases"] == ["Singers"] and found["bakers-choir"]["origin"] == "project"
    assert (found["ministry"]["status"], found["ministry"]["stands_for_it"]) == ("merged", "union")
    assert found["union"]["origin"] == "codebook" and found["PLAN"]["list"] == "concepts"
    proposal = next(one for one in found.values() if one["origin"] == "proposal")
    assert (proposal["title"], proposal["status"], proposal["stands_for_it"]) == ("Bakers", "merged", "union")
    assert set(registers(cast, cast.dora, both, list="concepts")) == {"PLAN", "COST"}


def test_a_readers_program_is_told_of_entries_and_of_their_own_proposals(cast: Cast, both: Project) -> None:
    adas, bens = registers(cast, cast.ada, both), registers(cast, cast.ben, both)
    assert set(adas) - set(bens) == {key for key in adas if key.startswith("new-")} and len(set(adas) - set(bens)) == 1


@pytest.mark.parametrize("codebook", [SMALL, WITH_LISTS])
def test_a_stream_of_the_register_has_every_entry(cast: Cast, codebook: str) -> None:
    project = make_project(cast, codebook=codebook)
    program = Program(secret(cast.dora, project, "gold:read"))
    assert len(program.lines(f"projects/{project.slug}/registers/")) == (5 if codebook == WITH_LISTS else 0)
