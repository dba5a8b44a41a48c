import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from annotator.accounts.models import Token, User
from annotator.errors import Problem
from annotator.projects.models import Membership
from annotator.rest import LONGEST_BODY
from annotator.strict_json import DEEPEST, strict_json
from tests.api import Program, problem
from tests.builders import Cast, make_project, secret, started_set

# What comes in


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"", "not_json"),
        (b"\xff", "not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8"),
        (b"\xef\xbb\xbf{}", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": -Infinity}', "not_json"),
        (b'{"a": 1e999}', "not_finite"),
        (b'{"a": ' + b"1" * 5000 + b"}", "not_json"),
        (b'{"a": 1, "a": 1}', "doubled_key"),
        (b'{"b": {"a": 1, "a": 2}}', "doubled_key"),
        (rb'{"a": "\u0000"}', "unwritable"),
        (rb'{"a": ["\ud800"]}', "unwritable"),
        (rb'{"\udc00": 1}', "unwritable"),
        (b'{"a": "\x00"}', "not_json"),
        (b'{"a": "\xed\xa0\x80"}', "not_utf8"),
        (b"[" * 65 + b"]" * 65, "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'"' + rb"\"" * 400_000 + b"[" * 70, "not_json"),
    ],
)
def test_a_body_that_programs_read_differently_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        strict_json(body)
    assert (refusal.value.status, refusal.value.code) == (400, code)


def test_brackets_inside_of_strings_do_not_count_as_depth() -> None:
    assert strict_json(json.dumps({"quote": "[" * 1000 + '"{' * 1000}).encode())
    assert strict_json(b"[" * DEEPEST + b"]" * DEEPEST)
    assert strict_json(json.dumps([[]] * 1000).encode())


def test_escaped_letters_outside_of_the_basic_plane_are_kept() -> None:
    assert strict_json(rb'"\ud83d\ude00"') == "😀"


texts = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
json_values = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53), 2**53) | some.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: some.lists(inner) | some.dictionaries(texts, inner),
)  # fmt: skip


@given(json_values, some.booleans())
def test_whatever_can_be_stored_comes_in_as_it_was_sent(value: object, escaped: bool) -> None:
    assert strict_json(json.dumps(value, ensure_ascii=escaped).encode()) == value


# Who is asking


@pytest.fixture
def project(cast: Cast):
    return make_project(cast)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic x", "Token x", "Bearer é", "Bearer a b"])
def test_without_a_token_nobody_comes_in(cast: Cast, header: str) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/projects/")
    assert problem(answer)[0] == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Cache-Control"] == "no-store"


def test_a_session_does_not_open_the_api(cast: Cast, project) -> None:
    client = Client()
    client.force_login(cast.dora)
    assert problem(client.get("/api/v1/projects/")) == (401, "not_authenticated")


@pytest.mark.parametrize(
    "change",
    [
        lambda token: Token.objects.filter(pk=token.pk).update(revoked_at=timezone.now()),
        lambda token: Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1)),
        lambda token: User.objects.filter(pk=token.owner_id).update(is_active=False),
    ],
    ids=["revoked", "expired", "deactivated"],
)
def test_a_token_that_ended_opens_nothing(cast: Cast, project, change) -> None:
    program = Program(secret(cast.dora, project, "gold:read"))
    assert program.get("projects/").status_code == 200
    change(Token.objects.get())
    assert problem(program.get("projects/")) == (401, "authentication_failed")


def test_a_token_does_what_its_scopes_say(cast: Cast, project) -> None:
    program = Program(secret(cast.dora, project, "gold:read"))
    assert program.get(f"projects/{project.slug}/gold/").status_code == 200
    assert problem(program.get(f"projects/{project.slug}/annotations/")) == (403, "scope_missing")
    annotation_set = started_set(project, cast.ada)
    reader = Program(secret(cast.ada, project, "gold:read"))
    assert problem(reader.get(f"sets/{annotation_set.pk}/")) == (403, "scope_missing")


def test_a_token_does_no_more_than_its_owner_may_today(cast: Cast, project) -> None:
    program = Program(secret(cast.cleo, project, "audit:read", "gold:read"))
    assert program.get(f"projects/{project.slug}/events/").status_code == 200
    Membership.objects.filter(user=cast.cleo).update(role="reviewer")
    assert problem(program.get(f"projects/{project.slug}/events/")) == (403, "forbidden")
    Membership.objects.filter(user=cast.cleo).delete()
    assert problem(program.get(f"projects/{project.slug}/gold/")) == (404, "not_found")


def test_a_token_reaches_only_the_projects_it_is_bound_to(cast: Cast, project) -> None:
    other = make_project(cast)
    program = Program(secret(cast.dora, project, "gold:read", "audit:read"))
    assert [one["slug"] for one in program.results("projects/")] == [project.slug]
    absent = program.get("projects/nothing-here/gold/")
    assert problem(absent) == (404, "not_found")
    for listing in ("gold", "articles", "annotations", "events", "codebook"):
        assert program.get(f"projects/{other.slug}/{listing}/").content == absent.content
    annotation_set = started_set(other, cast.ada)
    own = Program(secret(cast.ada, project, "annotations:write"))
    address = f"sets/{annotation_set.pk}/spans/{annotation_set.pk}/"
    body = {"start": 0, "end": 3, "quote": "xxx", "label": "ACTOR"}
    assert problem(own.send("PUT", address, body)) == (404, "not_found")
    assert problem(own.get(f"sets/{annotation_set.pk}/")) == (404, "not_found")


def test_a_stranger_and_an_unknown_project_get_the_same_answer(cast: Cast, project) -> None:
    elsewhere = make_project(cast, members=[(cast.otto, "manager")])
    program = Program(secret(cast.otto, elsewhere, "gold:read"))
    answer = program.get(f"projects/{project.slug}/gold/")
    assert problem(answer) == (404, "not_found")
    assert answer.content == program.get("projects/nothing-here/gold/").content


# How refusals look


def test_refusals_are_problem_documents(cast: Cast, project) -> None:
    program = Program(secret(cast.dora, project, "gold:read"))
    gold = f"projects/{project.slug}/gold/"
    assert problem(program.get("nowhere/")) == (404, "not_found")
    assert problem(program.send("DELETE", gold)) == (405, "method_not_allowed")
    assert problem(program.send("OPTIONS", gold)) == (405, "method_not_allowed")
    assert problem(program.client.get(f"/api/v1/{gold}", headers={"Accept": "image/png"})) == (406, "not_acceptable")
    assert problem(program.get(gold, labels="CLAIM")) == (422, "unknown_parameter")
    assert "ends with a slash" in program.get(gold.rstrip("/")).json()["detail"]


def test_bodies_are_read_strictly(cast: Cast, project) -> None:
    annotation_set = started_set(project, cast.ada)
    program = Program(secret(cast.ada, project, "annotations:write"))
    address = f"/api/v1/sets/{annotation_set.pk}/undo/"

    def send(body: bytes, kind: str = "application/json", **headers: str) -> tuple[int, str]:
        return problem(program.client.generic("POST", address, body, kind, headers=headers))

    assert send(b"{}", "text/plain") == (415, "unsupported_media_type")
    assert send(b"{}", "application/json; charset=utf-16") == (415, "not_utf8")
    assert send(b"{}", "application/json; charset=bz2_codec") == (415, "not_utf8")
    assert send(b"{}", **{"Content-Encoding": "gzip"}) == (415, "compressed")
    assert send(b'"' + b"x" * LONGEST_BODY + b'"') == (413, "too_large")
    assert send(b"[" * 1000) == (400, "too_deep")
    assert send(b"[]") == (422, "not_an_object")
    assert send(b'{"x": 1}') == (422, "unknown_field")
    assert send(b"{}") == (409, "nothing_to_undo")


def test_what_nobody_foresaw_is_a_plain_500_without_a_traceback(cast: Cast, project, caplog) -> None:
    program = Program(secret(cast.dora, project, "gold:read"))
    program.client.raise_request_exception = False
    with patch("annotator.exchange.exports.gold", side_effect=ZeroDivisionError("a secret")):
        answer = program.get(f"projects/{project.slug}/gold/")
    assert problem(answer) == (500, "error")
    assert b"secret" not in answer.content
    assert "ZeroDivisionError" in caplog.text


def test_a_busy_database_asks_to_come_back(cast: Cast, project) -> None:
    program = Program(secret(cast.dora, project, "gold:read"))
    with patch("annotator.exchange.exports.gold", side_effect=OperationalError):
        answer = program.get(f"projects/{project.slug}/gold/")
    assert problem(answer) == (503, "busy")
    assert answer["Retry-After"] == "2"


@pytest.mark.parametrize("limit", ["0", "501", "-1", "x", "1.5", "٣", "", "9" * 400])
def test_a_page_has_a_size_from_1_to_500(cast: Cast, project, limit: str) -> None:
    program = Program(secret(cast.dora, project, "gold:read"))
    assert problem(program.get(f"projects/{project.slug}/gold/", limit=limit)) == (422, "bad_parameter")


@pytest.mark.parametrize(
    "cursor", ["", "x", "W10=", "WyJ4Il0=", "bnVsbA==", "W" * 5000, "é", "WzEsMl0=", "eyJhIjoxfQ=="]
)
def test_a_cursor_that_is_not_ours_is_refused(cast: Cast, project, cursor: str) -> None:
    program = Program(secret(cast.dora, project, "gold:read", "audit:read"))
    for listing in ("gold", "articles", "annotations", "events"):
        answer = program.get(f"projects/{project.slug}/{listing}/", cursor=cursor)
        assert problem(answer) == (422, "bad_cursor"), listing
