"""Proposals, and what managers make of them: rows, events, and spans that nobody touches."""

import json
import uuid
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotation.actions import change_span, propose, undo
from annotator.annotation.models import AnnotationSet, Span
from annotator.annotation.queries import annotation_set_for
from annotator.annotation.rules import BadAnswer
from annotator.errors import Conflict, Problem
from annotator.log.models import Event
from annotator.projects.models import Project
from annotator.registers import actions
from annotator.registers.actions import key_of_proposal
from annotator.registers.models import Entry, EntryWord, Proposal, Ruling
from annotator.registers.queries import merges_of, names_for
from annotator.schema.strict import CodebookError
from annotator.workflow.actions import assign, start
from annotator.workflow.verification import verification
from corpus.models import Article
from tests.builders import LARGE, Cast, last_event, make_article, make_project, mark, proposed

ACTOR = {"label": "Bakers’ union", "kind": "organisation", "sector": "civil", "aliases": ["BU"]}


@pytest.fixture
def reading(cast: Cast) -> AnnotationSet:
    """Ada at work on the first of two articles."""
    first, second = make_article(), make_article("The union again.")
    return begun(make_project(cast, first, second, codebook=LARGE), first, cast.ada)


def begun(project: Project, article: Article, reader: User) -> AnnotationSet:
    work = start(assign(project, article, by=None, reviewer=reader), by=reader)
    assert work.annotation_set_id is not None
    return annotation_set_for(reader, work.annotation_set_id)


def test_a_proposal_can_be_named_at_once_by_whoever_made_it(cast: Cast, reading: AnnotationSet) -> None:
    proposal = proposed(reading, cast.ada, "  Bakers’   union ")
    span = mark(reading, cast.ada, "The union", "ACTOR", entity=proposal.key)
    assert span.attributes["entity"] == proposal.key == key_of_proposal(proposal.pk)
    assert json.loads(proposal.details.text)["label"] == "Bakers’ union"
    event = Event.objects.get(chain=reading.chain_id, seq=proposal.version)
    assert json.loads(event.body)["action"] == "propose" and "Bakers" not in event.body


def test_nobody_else_can_name_it(cast: Cast, reading: AnnotationSet) -> None:
    proposal = proposed(reading, cast.ada, "Bakers’ union")
    bens = begun(reading.project, reading.article, cast.ben)
    with pytest.raises(BadAnswer, match="choose an entry") as known:
        mark(bens, cast.ben, "The", "ACTOR", entity=proposal.key)
    with pytest.raises(BadAnswer) as made_up:
        mark(bens, cast.ben, "The", "ACTOR", entity="new-0123456789abcdef")
    assert str(known.value).replace(proposal.key, "") == str(made_up.value).replace("new-0123456789abcdef", "")


def test_undo_passes_over_a_proposal(cast: Cast, reading: AnnotationSet) -> None:
    span = mark(reading, cast.ada, "The union", "ACTOR")
    proposal = proposed(reading, cast.ada, "Bakers’ union")
    undo(reading.pk, by=cast.ada, gesture=uuid.uuid4())
    assert not Span.objects.filter(pk=span.pk).exists() and Proposal.objects.filter(pk=proposal.pk).exists()
    assert list(verification().findings()) == []


def test_the_same_gesture_again_proposes_once(cast: Cast, reading: AnnotationSet) -> None:
    asked: dict[str, Any] = {"gesture": uuid.uuid4(), "id": uuid.uuid4(), "list": "actors", "name": "Bakers’ union"}
    first = propose(reading.pk, by=cast.ada, **asked)
    again = propose(reading.pk, by=cast.ada, **asked)
    assert again.repeated and again.version == first.version and Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("list_name", "name", "kind"),
    [
        ("nowhere", "A", ""),
        ("actors", " ", ""),
        ("actors", "A" * 201, ""),
        ("actors", "A", "robot"),
        ("actors", "\0", ""),
    ],
)
def test_a_proposal_that_says_nothing_usable_is_refused(
    cast: Cast, reading: AnnotationSet, list_name: str, name: str, kind: str
) -> None:
    with pytest.raises((Problem, CodebookError)):
        proposed(reading, cast.ada, name, kind, list=list_name)
    assert not Proposal.objects.exists()


def test_taking_in_makes_an_entry_that_stands_for_the_proposal(cast: Cast, reading: AnnotationSet) -> None:
    proposal = proposed(reading, cast.ada, "Bakers union")
    span = mark(reading, cast.ada, "The union", "ACTOR", entity=proposal.key)
    before = last_event(reading), reading.chain.length
    entry = actions.take_in(reading.project, proposal, by=cast.dora, data=ACTOR)
    assert (entry.key, entry.status, entry.article_id) == ("bakers-union", "active", None)
    assert merges_of(reading.project_id).resolved("actors", proposal.key) == "bakers-union"
    assert Span.objects.get(pk=span.pk).attributes["entity"] == proposal.key
    assert (last_event(reading), reading.chain.length) == before
    assert list(verification().findings()) == []


def test_what_was_taken_in_can_be_named_by_all(cast: Cast, reading: AnnotationSet) -> None:
    actions.take_in(reading.project, proposed(reading, cast.ada, "Bakers union"), by=cast.dora, data=ACTOR)
    mark(begun(reading.project, reading.article, cast.ben), cast.ben, "The", "ACTOR", entity="bakers-union")


def test_a_key_made_from_a_name_that_is_taken_gets_a_number(cast: Cast, reading: AnnotationSet) -> None:
    one = actions.take_in(
        reading.project, proposed(reading, cast.ada, "Hamas"), by=cast.dora, data={**ACTOR, "label": "Hamas"}
    )
    assert one.key == "hamas-2"


def test_a_second_ruling_on_a_proposal_is_refused(cast: Cast, reading: AnnotationSet) -> None:
    proposal = proposed(reading, cast.ada, "Bakers union")
    actions.decline(reading.project, proposal, by=cast.dora, reason="Too small")
    with pytest.raises(Conflict, match="in the meantime"):
        actions.take_in(reading.project, proposal, by=cast.dora, data=ACTOR)
    actions.put_back(reading.project, proposal, by=cast.dora)
    assert not Ruling.objects.exists()
    actions.merge_proposal(reading.project, proposal, by=cast.dora, into="histadrut")
    assert merges_of(reading.project_id).resolved("actors", proposal.key) == "histadrut"
    assert list(verification().findings()) == []


def test_an_unnamed_source_stays_in_its_text_and_is_never_a_body_with_a_name(
    cast: Cast, reading: AnnotationSet
) -> None:
    proposal = proposed(reading, cast.ada, "Bakers (unnamed)", "unnamed")
    assert proposal.is_local
    with pytest.raises(Conflict, match="unnamed"):
        actions.merge_proposal(reading.project, proposal, by=cast.dora, into="histadrut")
    entry = actions.take_in(
        reading.project,
        proposal,
        by=cast.dora,
        data={"label": "Bakers (unnamed)", "kind": "unnamed", "sector": "civil"},
    )
    assert entry.article_id == reading.article_id and not EntryWord.objects.exists()
    other = begun(reading.project, Article.objects.get(text="The union again."), cast.ada)
    second = proposed(other, cast.ada, "Bakers (unnamed)", "unnamed")
    with pytest.raises(Conflict, match="two texts"):
        actions.merge_proposal(reading.project, second, by=cast.dora, into=entry.key)


def test_merges_are_followed_to_their_end_and_never_in_a_circle(cast: Cast, reading: AnnotationSet) -> None:
    project = reading.project
    actions.merge(project, "actors", "amal", by=cast.dora, into="hezbollah")
    actions.merge(project, "actors", "hezbollah", by=cast.dora, into="hamas")
    assert merges_of(project.pk).resolved("actors", "amal") == "hamas"
    for key in ("amal", "hezbollah", "hamas"):
        with pytest.raises(Conflict, match="lead back"):
            actions.merge(project, "actors", "hamas", by=cast.dora, into=key)
    actions.unmerge(project, "actors", "hezbollah", by=cast.dora)
    assert merges_of(project.pk).resolved("actors", "amal") == "hezbollah"
    assert list(verification().findings()) == []


def test_renaming_keeps_the_key_and_every_earlier_wording(cast: Cast, reading: AnnotationSet) -> None:
    project = reading.project
    actions.change_entry(project, "actors", "hamas", by=cast.dora, data={**ACTOR, "label": "Hamas movement"}, seen="")
    row = Entry.objects.get(key="hamas")
    with pytest.raises(Problem, match="since you opened"):
        actions.change_entry(project, "actors", "hamas", by=cast.dora, data=ACTOR, seen="")
    seen = str(row.details_id)
    actions.change_entry(project, "actors", "hamas", by=cast.dora, data={**ACTOR, "label": "Hamas"}, seen=seen)
    assert row.details_id != Entry.objects.get(key="hamas").details_id
    assert list(verification().findings()) == []


def test_an_affiliation_is_another_entry(cast: Cast, reading: AnnotationSet) -> None:
    for other in ("nobody", "hamas"):
        with pytest.raises(Problem, match="no other entry"):
            actions.change_entry(reading.project, "actors", "hamas", by=cast.dora, data={**ACTOR, "affiliation": other})


def test_what_is_retired_stays_where_it_was_chosen_and_can_still_be_saved(cast: Cast, reading: AnnotationSet) -> None:
    key = actions.add_entry(reading.project, "actors", by=cast.dora, data=ACTOR)
    span = mark(reading, cast.ada, "The union", "ACTOR", entity=key)
    actions.retire(reading.project, "actors", key, by=cast.dora)
    change_span(
        reading.pk,
        by=cast.ada,
        gesture=uuid.uuid4(),
        id=span.pk,
        version=span.version,
        attributes={"confidence": "low"},
    )
    assert Span.objects.get(pk=span.pk).attributes["entity"] == key
    assert key not in {name.key for name in names_for(cast.ada, reading.project, "actors")}
    actions.restore(reading.project, "actors", key, by=cast.dora)
    assert key in {name.key for name in names_for(cast.ada, reading.project, "actors")}


def test_names_are_those_of_active_entries_and_of_ones_own_proposals(cast: Cast, reading: AnnotationSet) -> None:
    project = reading.project
    proposal = proposed(reading, cast.ada, "Bakers union")
    local = proposed(reading, cast.ada, "Bakers (unnamed)", "unnamed")
    key = actions.add_entry(project, "actors", by=cast.dora, data={**ACTOR, "label": "Unions"})
    actions.merge(project, "actors", "amal", by=cast.dora, into="hamas")
    adas, bens = (names_for(user, project, "actors") for user in (cast.ada, cast.ben))
    assert {name.text for name in adas} - {name.text for name in bens} == {"Bakers union", "Bakers (unnamed)"}
    assert {name.text for name in bens if name.key == key} == {"Unions", "BU"}
    assert not any(name.key == "amal" for name in bens)
    assert {name.key: name.article for name in adas if name.key in (proposal.key, local.key)} == {
        proposal.key: None, local.key: reading.article_id,
    }  # fmt: skip
