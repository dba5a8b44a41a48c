import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from annotator.exchange import documents, urls
from annotator.rest import ApiView
from tests.annotator.exchange.stories import tell
from tests.api import Program
from tests.builders import Cast, make_project, place, secret, started_set


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    documents._document.cache_clear()
    GENERATOR_STATS.reset()
    found: dict[str, Any] = json.loads(documents._document())
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    return found


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    validate_schema(document)
    assert document["openapi"].startswith("3.1")


def test_every_address_and_method_is_described(document: dict[str, Any]) -> None:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        view = getattr(pattern.callback, "cls", None)
        if view is None:
            continue
        assert issubclass(view, ApiView)
        path = "/api/v1/" + str(pattern.pattern).replace("<slug:", "{").replace("<uuid:", "{").replace(">", "}")
        described = {method.upper() for method in document["paths"][path]}
        assert described == set(view.scopes), path
    assert len(document["paths"]) == len([one for one in urls.urlpatterns if hasattr(one.callback, "cls")])


def test_every_operation_says_what_it_needs_and_how_it_refuses(document: dict[str, Any]) -> None:
    names = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            assert operation["security"] == [{"token": []}], (path, method)
            assert "Scope: `" in operation["description"] or "Any token." in operation["description"]
            assert "application/problem+json" in operation["responses"]["401"]["content"]
    assert len(names) == len(set(names))


def test_anybody_may_read_it(database: str) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/vnd.oai.openapi+json")
    assert answer.json()["info"]["title"]


class Checker:
    """Holds real answers against what the document promises; a key that is not described is an error."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def check(self, path: str, method: str, answer: Any) -> None:
        operation = self.document["paths"][f"/api/v1/{path}"][method]
        described = operation["responses"][str(answer.status_code)]["content"]
        schema = described[answer["Content-Type"].split(";")[0]]["schema"]
        body = answer.json()
        root = {"components": _closed(self.document["components"]), **_closed(schema)}
        Draft202012Validator(root, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)


def _closed(schema: Any) -> Any:
    """The same schema, where objects have no other keys than those named, and all of these."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed["additionalProperties"] = False
    return closed


def test_reading_answers_as_described(cast: Cast, document: dict[str, Any]) -> None:
    checker, story = Checker(document), tell(cast)
    program = Program(secret(cast.dora, story.project, "gold:read", "audit:read"))
    checker.check("projects/", "get", program.get("projects/"))
    for listing in ("gold", "articles", "annotations", "disagreement", "events", "codebook"):
        path = f"projects/{{slug}}/{listing}/"
        answer = program.get(f"projects/{story.project.slug}/{listing}/")
        assert answer.status_code == 200
        assert listing == "codebook" or answer.json()["results"]
        checker.check(path, "get", answer)
        checker.check(path, "get", program.get(f"projects/no-such-project/{listing}/"))


def test_writing_answers_as_described(cast: Cast, document: dict[str, Any]) -> None:
    checker, project = Checker(document), make_project(cast)
    own = started_set(project, cast.ada)
    program = Program(secret(cast.ada, project, "annotations:write"))
    checker.check("projects/{slug}/next/", "post", program.send("POST", f"projects/{project.slug}/next/"))
    start, end = place(own, "rejected the plan")
    body = {"start": start, "end": end, "quote": "rejected the plan", "label": "STANCE"}
    path, pk = "sets/{set_id}/spans/{span_id}/", uuid.uuid4()
    address = f"sets/{own.pk}/spans/{pk}/"
    written = program.send("PUT", address, body)
    checker.check(path, "put", written)
    checker.check(path, "put", program.send("PUT", address, body))
    checker.check(path, "put", program.send("PUT", address, {**body, "quote": "x"}))
    checker.check(path, "patch", program.send("PATCH", address, {}))
    checker.check(path, "patch", program.send("PATCH", address, {}, If_Match='"1"'))
    submit = "sets/{set_id}/submit/"
    checker.check(submit, "post", program.send("POST", f"sets/{own.pk}/submit/", If_Match='"2"'))
    change = {"attributes": {"polarity": "oppose"}}
    checker.check(path, "patch", program.send("PATCH", address, change, If_Match='"2"'))
    actor = program.send(
        "PUT",
        f"sets/{own.pk}/spans/{uuid.uuid4()}/",
        {"start": 0, "end": 12, "quote": "The minister", "label": "ACTOR"},
    ).json()
    link = f"sets/{own.pk}/relations/{uuid.uuid4()}/"
    related = program.send("PUT", link, {"type": "held_by", "from": str(pk), "to": actor["id"]})
    relations = "sets/{set_id}/relations/{relation_id}/"
    checker.check(relations, "put", related)
    checker.check(relations, "patch", program.send("PATCH", link, {"attributes": {}}, If_Match=related["ETag"]))
    checker.check("sets/{set_id}/", "get", program.get(f"sets/{own.pk}/"))
    checker.check(relations, "delete", program.send("DELETE", link, If_Match=related["ETag"]))
    checker.check(path, "delete", program.send("DELETE", address, If_Match='"3"'))
    checker.check("sets/{set_id}/undo/", "post", program.send("POST", f"sets/{own.pk}/undo/"))
    checker.check("sets/{set_id}/redo/", "post", program.send("POST", f"sets/{own.pk}/redo/"))
    version = program.get(f"sets/{own.pk}/")["ETag"]
    checker.check(submit, "post", program.send("POST", f"sets/{own.pk}/submit/", If_Match=version))
