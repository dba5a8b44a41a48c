"""Relating spans: between the labels that a relation joins, once, with attributes, and undone alone."""

from annotator.annotation.models import Relation
from tests.annotator.annotation.verbs import Desk, refused
from tests.builders import Cast, last_event, started_set


def test_relating_two_spans_leaves_its_row_and_one_event(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    relation = desk.link("held_by", stance, actor)
    assert (relation.source, relation.target, relation.version) == (stance, actor, desk.events())
    assert [change["kind"] for change in last_event(desk.set)["changes"]] == ["relation"]


def test_a_relation_between_labels_that_it_does_not_join_is_refused(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    refused(desk, "relation_not_allowed", lambda: desk.link("held_by", actor, stance))
    refused(desk, "relation_not_allowed", lambda: desk.link("made_by", stance, actor))
    refused(desk, "unknown_relation", lambda: desk.link("married_to", stance, actor))


def test_two_spans_are_linked_alike_only_once(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    desk.link("held_by", stance, actor)
    refused(desk, "relation_exists", lambda: desk.link("held_by", stance, actor))
    desk.link("toward", stance, actor)


def test_a_span_is_not_related_to_itself(large_desk: Desk) -> None:
    claim = large_desk.mark("rejected the plan")
    refused(large_desk, "same_ends", lambda: large_desk.link("supports", claim, claim))


def test_a_span_of_another_set_is_not_there_to_be_related(desk: Desk, cast: Cast) -> None:
    actor = desk.mark("The minister", "ACTOR")
    other = Desk(cast.ben, started_set(desk.set.project, cast.ben))
    claim = other.mark("The minister")
    refused(other, "not_found", lambda: other.link("made_by", claim, actor))


def test_a_relation_has_attributes_and_a_version(large_desk: Desk) -> None:
    claim, actor = large_desk.mark("rejected the plan"), large_desk.mark("The minister", "ACTOR")
    relation = large_desk.link("reported_by", claim, actor, order=1)
    asked = {"id": relation.pk, "version": relation.version, "attributes": {"order": 2}}
    large_desk.change_relation(**asked)
    assert Relation.objects.get().attributes == {"order": 2}
    refused(large_desk, "stale", lambda: large_desk.change_relation(**asked))


def test_a_relation_can_be_taken_away_alone(desk: Desk) -> None:
    stance, actor = desk.mark("rejected", "STANCE"), desk.mark("The minister", "ACTOR")
    relation = desk.link("held_by", stance, actor)
    refused(desk, "stale", lambda: desk.unrelate(id=relation.pk, version=1))
    desk.unrelate(id=relation.pk, version=relation.version)
    assert (desk.set.relations.count(), desk.set.spans.count()) == (0, 2)
    refused(desk, "not_found", lambda: desk.unrelate(id=relation.pk, version=relation.version))
