import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from annotator.annotation.actions import add_span
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.log.models import Event
from annotator.projects.actions import withdraw_article
from annotator.projects.models import Membership, Project
from tests.api import Program, problem
from tests.builders import (
    LARGE,
    Cast,
    at_once,
    make_article,
    make_project,
    mark,
    place,
    secret,
    started_set,
    submitted,
)


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast)


@pytest.fixture
def own(cast: Cast, project: Project) -> AnnotationSet:
    return started_set(project, cast.ada)


@pytest.fixture
def ada(cast: Cast, project: Project) -> Program:
    return Program(secret(cast.ada, project, "annotations:write"))


def span(
    annotation_set: AnnotationSet, quote: str = "The minister", label: str = "ACTOR", **more: Any
) -> dict[str, Any]:
    start, end = place(annotation_set, quote)
    return {"start": start, "end": end, "quote": quote, "label": label, **more}


def put(program: Program, annotation_set: AnnotationSet, body: Any, pk: uuid.UUID | None = None) -> HttpResponse:
    return program.send("PUT", f"sets/{annotation_set.pk}/spans/{pk or uuid.uuid4()}/", body)


# Adding


def test_a_span_is_added_with_its_event(own: AnnotationSet, ada: Program) -> None:
    pk = uuid.uuid4()
    answer = put(ada, own, span(own), pk)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(pk), "start": 0, "end": 12, "label": "ACTOR", "attributes": {}, "absent": [],
        "version": 2, "set_version": 2,
    }  # fmt: skip
    assert answer["ETag"] == '"2"'
    event = Event.objects.get(chain=own.chain_id, seq=2)
    assert (event.gesture, Span.objects.get().pk) == (pk, pk)


def test_the_same_put_again_is_the_same_request(own: AnnotationSet, ada: Program) -> None:
    pk = uuid.uuid4()
    first = put(ada, own, span(own), pk)
    again = put(ada, own, span(own), pk)
    assert (again.status_code, again.json(), again["ETag"]) == (200, first.json(), first["ETag"])
    assert Event.objects.filter(chain=own.chain_id).count() == 2


def test_another_body_under_the_same_id_is_refused(own: AnnotationSet, ada: Program) -> None:
    pk = uuid.uuid4()
    put(ada, own, span(own), pk)
    assert problem(put(ada, own, span(own, label="CLAIM"), pk)) == (409, "id_reused")
    assert Span.objects.get().label == "ACTOR"


def test_a_late_repeat_of_a_removed_span_does_not_bring_it_back(own: AnnotationSet, ada: Program) -> None:
    pk = uuid.uuid4()
    version = put(ada, own, span(own), pk)["ETag"]
    ada.send("DELETE", f"sets/{own.pk}/spans/{pk}/", If_Match=version)
    assert put(ada, own, span(own), pk).status_code == 200
    assert not Span.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"quote": "The Minister"}, 409, "wrong_quote", "quote"),
        ({"end": 13}, 409, "wrong_quote", "quote"),
        ({"end": 10**9}, 422, "bad_bounds", "end"),
        ({"start": -1}, 422, "bad_bounds", "start"),
        ({"start": 12}, 422, "bad_bounds", "end"),
        ({"start": 10**30, "end": 10**31}, 422, "bad_bounds", None),
        ({"start": "0"}, 422, "wrong_type", "start"),
        ({"start": True}, 422, "wrong_type", "start"),
        ({"start": 0.0}, 422, "wrong_type", "start"),
        ({"quote": None}, 422, "missing_field", "quote"),
        ({"quote": ["x"]}, 422, "wrong_type", "quote"),
        ({"label": "actor"}, 422, "unknown_label", "label"),
        ({"attributes": {"polarity": "oppose"}}, 422, "unknown_attribute", "attributes.polarity"),
        ({"attributes": []}, 422, "wrong_type", "attributes"),
        ({"absent": ["polarity"]}, 422, "cannot_be_absent", "absent"),
        ({"absent": [1]}, 422, "wrong_type", "absent"),
        ({"colour": "red"}, 422, "unknown_field", "colour"),
    ],
)
def test_a_span_that_does_not_fit_is_refused_with_its_place(
    own: AnnotationSet, ada: Program, change: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = put(ada, own, {**span(own), **change})
    assert problem(answer) == (status, code)
    assert field is None or answer.json()["field"] == field
    assert not Span.objects.exists()


def test_a_value_off_the_list_is_refused(own: AnnotationSet, ada: Program) -> None:
    body = span(own, "rejected the plan", "STANCE", attributes={"polarity": "against"})
    assert problem(put(ada, own, body)) == (422, "off_the_list")


def test_somebody_elses_set_looks_like_one_that_does_not_exist(
    cast: Cast, project: Project, own: AnnotationSet
) -> None:
    ben = Program(secret(cast.ben, project, "annotations:write"))
    absent, body = AnnotationSet(pk=uuid.uuid4()), span(own)
    pk, version = uuid.uuid4(), {"If_Match": '"1"'}
    for method, rest, sent, headers in [
        ("GET", "", None, {}),
        ("PUT", f"spans/{pk}/", body, {}),
        ("PUT", f"spans/{pk}/", {**body, "quote": "x"}, {}),
        ("PATCH", f"spans/{pk}/", {"label": "CLAIM"}, version),
        ("DELETE", f"spans/{pk}/", None, version),
        ("PUT", f"relations/{pk}/", {"type": "held_by", "from": str(pk), "to": str(pk)}, {}),
        ("PATCH", f"relations/{pk}/", {"attributes": {}}, version),
        ("DELETE", f"relations/{pk}/", None, version),
        ("POST", "submit/", None, version),
        ("POST", "undo/", None, {}),
        ("POST", "redo/", None, {}),
    ]:
        answers = [ben.send(method, f"sets/{one.pk}/{rest}", sent, **headers) for one in (own, absent)]
        assert problem(answers[0]) == (404, "not_found"), (method, rest)
        assert answers[0].content == answers[1].content


def test_after_submitting_nothing_can_be_added(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    body = span(own)
    submitted(own, cast.ada)
    assert problem(put(ada, own, body)) == (409, "set_closed")


def test_a_withdrawn_articles_text_fits_no_quote(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    body = span(own)
    withdraw_article(own.article, by=cast.root)
    assert put(ada, own, body).status_code == 409


# Changing


def test_a_change_needs_the_version_that_was_seen(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    one = mark(own, cast.ada, "The minister", "ACTOR")
    address = f"sets/{own.pk}/spans/{one.pk}/"
    assert problem(ada.send("PATCH", address, {"label": "CLAIM"})) == (428, "version_missing")
    assert problem(ada.send("PATCH", address, {"label": "CLAIM"}, If_Match="*")) == (428, "version_missing")
    for stale in ('"1"', '"x"', "2", '"99999999999999999999999"'):
        answer = ada.send("PATCH", address, {"label": "CLAIM"}, If_Match=stale)
        assert problem(answer) == (412, "stale")
        assert answer.json()["state"]["version"] == 2
    answer = ada.send("PATCH", address, {"label": "CLAIM"}, If_Match='W/"2"')
    assert (answer.status_code, answer.json()["label"], answer["ETag"]) == (200, "CLAIM", '"3"')


def test_edges_move_with_their_quote(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    one = mark(own, cast.ada, "The minister", "ACTOR")
    address = f"sets/{own.pk}/spans/{one.pk}/"
    assert problem(ada.send("PATCH", address, {"start": 4}, If_Match='"2"')) == (422, "quote_missing")
    answer = ada.send("PATCH", address, {"start": 4, "end": 12, "quote": "minister"}, If_Match='"2"')
    assert (answer.json()["start"], answer.json()["end"]) == (4, 12)


def test_a_change_that_changes_nothing_answers_with_what_stands(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    one = mark(own, cast.ada, "The minister", "ACTOR")
    answer = ada.send("PATCH", f"sets/{own.pk}/spans/{one.pk}/", {"label": "ACTOR"}, If_Match='"2"')
    assert (answer.status_code, answer.json()["label"], answer["ETag"]) == (200, "ACTOR", '"2"')


def test_a_repeated_change_is_recognised_by_its_key(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    one, key = mark(own, cast.ada, "The minister", "ACTOR"), str(uuid.uuid4())
    address = f"sets/{own.pk}/spans/{one.pk}/"
    first = ada.send("PATCH", address, {"label": "CLAIM"}, If_Match='"2"', Idempotency_Key=key)
    again = ada.send("PATCH", address, {"label": "CLAIM"}, If_Match='"2"', Idempotency_Key=key)
    assert (again.status_code, again.json()) == (200, first.json())
    other = ada.send("PATCH", address, {"label": "ACTOR"}, If_Match='"2"', Idempotency_Key=key)
    assert problem(other) == (409, "id_reused")
    assert problem(ada.send("PATCH", address, {}, If_Match='"2"', Idempotency_Key="x")) == (422, "bad_key")


def test_a_span_goes_with_its_relations(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    actor = mark(own, cast.ada, "The minister", "ACTOR")
    stance = mark(own, cast.ada, "rejected the plan", "STANCE", polarity="oppose")
    pk = uuid.uuid4()
    body = {"type": "held_by", "from": str(stance.pk), "to": str(actor.pk)}
    answer = ada.send("PUT", f"sets/{own.pk}/relations/{pk}/", body)
    assert answer.status_code == 201
    assert (answer.json()["from"], answer.json()["to"]) == (body["from"], body["to"])
    assert ada.send("PUT", f"sets/{own.pk}/relations/{pk}/", body).status_code == 200
    answer = ada.send("DELETE", f"sets/{own.pk}/spans/{actor.pk}/", If_Match='"2"')
    assert set(answer.json()["removed"]) == {str(pk), str(actor.pk)}
    assert not Relation.objects.exists()


def test_a_relation_between_labels_that_do_not_allow_it_is_refused(
    cast: Cast, own: AnnotationSet, ada: Program
) -> None:
    actor, union = mark(own, cast.ada, "The minister", "ACTOR"), mark(own, cast.ada, "The union", "ACTOR")
    address = f"sets/{own.pk}/relations/{uuid.uuid4()}/"
    body = {"type": "held_by", "from": str(actor.pk), "to": str(union.pk)}
    assert problem(ada.send("PUT", address, body)) == (422, "relation_not_allowed")
    assert problem(ada.send("PUT", address, {**body, "to": str(uuid.uuid4())})) == (404, "not_found")
    assert problem(ada.send("PUT", address, {**body, "to": "x"})) == (422, "wrong_type")


def test_relations_carry_attributes_and_versions(cast: Cast) -> None:
    project = make_project(cast, make_article("The union said, the minister said, the plan stands."), codebook=LARGE)
    own = started_set(project, cast.ada)
    ada = Program(secret(cast.ada, project, "annotations:write"))
    claim, actor = mark(own, cast.ada, "the plan stands", "CLAIM"), mark(own, cast.ada, "The union", "ACTOR")
    address = f"sets/{own.pk}/relations/{uuid.uuid4()}/"
    body = {"type": "reported_by", "from": str(claim.pk), "to": str(actor.pk), "attributes": {"order": 1}}
    version = ada.send("PUT", address, body)["ETag"]
    answer = ada.send("PATCH", address, {"attributes": {"order": 2}}, If_Match=version)
    assert answer.json()["attributes"] == {"order": 2}
    assert problem(ada.send("DELETE", address, If_Match=version)) == (412, "stale")
    assert ada.send("DELETE", address, If_Match=answer["ETag"]).status_code == 200


def test_free_texts_come_back_as_texts(cast: Cast) -> None:
    project = make_project(cast, codebook=LARGE)
    own = started_set(project, cast.ada)
    ada = Program(secret(cast.ada, project, "annotations:write"))
    answer = put(ada, own, span(own, attributes={"note": "by title"}))
    assert answer.json()["attributes"]["note"] == "by title"
    read = ada.get(f"sets/{own.pk}/").json()
    assert read["spans"][0]["attributes"]["note"] == "by title"


def test_undo_and_redo_say_what_they_left_behind(own: AnnotationSet, ada: Program) -> None:
    pk = uuid.uuid4()
    put(ada, own, span(own), pk)
    undone = ada.send("POST", f"sets/{own.pk}/undo/").json()
    assert undone == {"set_version": 3, "spans": [], "relations": [], "removed": [str(pk)]}
    redone = ada.send("POST", f"sets/{own.pk}/redo/").json()
    assert [(one["id"], one["version"]) for one in redone["spans"]] == [(str(pk), 4)]


# The whole way


def test_a_program_reads_labels_and_hands_in(cast: Cast, project: Project) -> None:
    ada = Program(secret(cast.ada, project, "annotations:write"))
    taken = ada.send("POST", f"projects/{project.slug}/next/")
    assert taken.status_code == 200
    record = taken.json()
    assert taken["ETag"] == f'"{record["version"]}"'
    text = record["article"]["text"]
    start = text.index("rejected")
    body = {"start": start, "end": start + 8, "quote": "rejected", "label": "STANCE"}
    written = ada.send("PUT", f"sets/{record['id']}/spans/{uuid.uuid4()}/", body).json()
    address = f"sets/{record['id']}/submit/"
    assert problem(ada.send("POST", address)) == (428, "version_missing")
    assert problem(ada.send("POST", address, If_Match=taken["ETag"])) == (412, "stale")
    refused = ada.send("POST", address, If_Match=f'"{written["set_version"]}"')
    assert problem(refused) == (422, "gaps")
    assert [gap["name"] for gap in refused.json()["state"]["gaps"]] == ["polarity"]
    ada.send(
        "PATCH", f"sets/{record['id']}/spans/{written['id']}/", {"attributes": {"polarity": "oppose"}},
        If_Match=f'"{written["version"]}"',
    )  # fmt: skip
    read = ada.get(f"sets/{record['id']}/")
    key = str(uuid.uuid4())
    done = ada.send("POST", address, If_Match=read["ETag"], Idempotency_Key=key)
    assert (done.status_code, done.json()["state"]) == (200, "closed")
    again = ada.send("POST", address, If_Match=read["ETag"], Idempotency_Key=key)
    assert (again.status_code, again.json()["state"]) == (200, "closed")
    assert ada.send("POST", f"projects/{project.slug}/next/").status_code == 204


def test_only_reviewers_take_articles(cast: Cast, project: Project) -> None:
    program = Program(secret(cast.ada, project, "annotations:write"))
    Membership.objects.filter(user=cast.ada).update(role="manager")
    assert problem(program.send("POST", f"projects/{project.slug}/next/")) == (403, "forbidden")


def test_the_same_put_five_times_at_once_leaves_one_span_and_one_event(live_database: object, cast: Cast) -> None:
    project = make_project(cast)
    own = started_set(project, cast.ada)
    token, pk, body = secret(cast.ada, project, "annotations:write"), uuid.uuid4(), span(own)
    answers = at_once(*[lambda: put(Program(token), own, body, pk)] * 5)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert Span.objects.count() == 1
    assert Event.objects.filter(chain=own.chain_id).count() == 2


def test_saving_costs_the_same_queries_however_much_is_there(cast: Cast, own: AnnotationSet, ada: Program) -> None:
    def queries(quote: str) -> list[str]:
        with CaptureQueriesContext(connection) as context:
            assert put(ada, own, span(own, quote)).status_code == 201
        return [one["sql"].split()[0] for one in context]

    put(ada, own, span(own, "union"))
    first = queries("minister")
    for start in range(20, 60):
        text = own.article.text[start : start + 2]
        add_span(
            own.pk, by=cast.ada, gesture=uuid.uuid4(), id=uuid.uuid4(), start=start, end=start + 2, quote=text,
            label="CLAIM",
        )  # fmt: skip
    assert queries("rejected") == first
    assert first.count("INSERT") == 2
    assert first.count("UPDATE") == 1
