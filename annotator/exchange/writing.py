"""What programs write: the same verbs as the desk's, one gesture a request.

The id of a new row is the client's and is the gesture's id too, so that a repeated PUT is recognised. Other
requests may carry an `Idempotency-Key`. ETags are versions: of a span or relation its own, of a set the
number of gestures made in it.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from rest_framework.request import Request

from annotator.annotation import actions
from annotator.annotation.editing import Done
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Problem
from annotator.exchange import bodies
from annotator.exchange.snapshots import snapshot
from annotator.exchange.working import outcome, row_record, set_record
from annotator.rest import ApiView, asking, parameters
from annotator.workflow.actions import claim_next, submit

WRITING = "annotations:write"
NO_VERSION = -1
"""What an If-Match that is none of our versions stands for: it fits nothing."""


class Next(ApiView):
    scopes: Mapping[str, str] = {"POST": WRITING}

    def post(self, request: Request, slug: str) -> HttpResponse:
        """The reviewer's next article: work in hand first, then the pool. 204 when nothing is left."""
        parameters(request)
        assignment = claim_next(self.project(request, slug), by=asking(request))
        if assignment is None or assignment.annotation_set_id is None:
            return HttpResponse(status=204)
        return _set_answer(annotation_set_for(asking(request), assignment.annotation_set_id))


class Set(ApiView):
    scopes: Mapping[str, str] = {"GET": WRITING}

    def get(self, request: Request, set_id: uuid.UUID) -> HttpResponse:
        parameters(request)
        with snapshot():
            return _set_answer(annotation_set_for(asking(request), set_id))


class SetSpan(ApiView):
    scopes: Mapping[str, str] = {"PUT": WRITING, "PATCH": WRITING, "DELETE": WRITING}

    def put(self, request: Request, set_id: uuid.UUID, span_id: uuid.UUID) -> HttpResponse:
        values = bodies.read(request.data, bodies.SPAN, "start", "end", "quote", "label")
        done = actions.add_span(set_id, by=asking(request), gesture=span_id, id=span_id, **values)
        return _row_answer(done, Span, span_id, new=True)

    def patch(self, request: Request, set_id: uuid.UUID, span_id: uuid.UUID) -> HttpResponse:
        values = bodies.read(request.data, bodies.SPAN)
        done = actions.change_span(set_id, by=asking(request), id=span_id, **_change(request), **values)
        return _row_answer(done, Span, span_id)

    def delete(self, request: Request, set_id: uuid.UUID, span_id: uuid.UUID) -> HttpResponse:
        bodies.read(request.data, {})
        return _outcome_answer(actions.remove_span(set_id, by=asking(request), id=span_id, **_change(request)))


class SetRelation(ApiView):
    scopes: Mapping[str, str] = {"PUT": WRITING, "PATCH": WRITING, "DELETE": WRITING}

    def put(self, request: Request, set_id: uuid.UUID, relation_id: uuid.UUID) -> HttpResponse:
        values = bodies.read(request.data, bodies.RELATION, "type", "from", "to")
        values["source"], values["target"] = values.pop("from"), values.pop("to")
        done = actions.relate(set_id, by=asking(request), gesture=relation_id, id=relation_id, **values)
        return _row_answer(done, Relation, relation_id, new=True)

    def patch(self, request: Request, set_id: uuid.UUID, relation_id: uuid.UUID) -> HttpResponse:
        values = bodies.read(request.data, {"attributes": bodies.answers}, "attributes")
        done = actions.change_relation(set_id, by=asking(request), id=relation_id, **_change(request), **values)
        return _row_answer(done, Relation, relation_id)

    def delete(self, request: Request, set_id: uuid.UUID, relation_id: uuid.UUID) -> HttpResponse:
        bodies.read(request.data, {})
        return _outcome_answer(actions.unrelate(set_id, by=asking(request), id=relation_id, **_change(request)))


class Undo(ApiView):
    scopes: Mapping[str, str] = {"POST": WRITING}

    def post(self, request: Request, set_id: uuid.UUID) -> HttpResponse:
        bodies.read(request.data, {})
        return _outcome_answer(actions.undo(set_id, by=asking(request), gesture=_gesture(request)))


class Redo(ApiView):
    scopes: Mapping[str, str] = {"POST": WRITING}

    def post(self, request: Request, set_id: uuid.UUID) -> HttpResponse:
        bodies.read(request.data, {})
        return _outcome_answer(actions.redo(set_id, by=asking(request), gesture=_gesture(request)))


class Submit(ApiView):
    scopes: Mapping[str, str] = {"POST": WRITING}

    def post(self, request: Request, set_id: uuid.UUID) -> HttpResponse:
        """Hand the reading in. Refused (422, `gaps`) while the codebook's checks find an error."""
        bodies.read(request.data, {})
        annotation_set, gaps = submit(set_id, by=asking(request), **_change(request))
        listed = [asdict(gap) for gap in gaps]
        if any(gap.severity == "error" for gap in gaps):
            raise Problem("The reading has gaps; nothing was handed in.", code="gaps", state={"gaps": listed})
        version = annotation_set.chain.length
        body = {"id": str(set_id), "state": annotation_set.state, "version": version, "gaps": listed}
        return _answer(body, version=version)


# What a request says in its headers.


def _change(request: Request) -> Mapping[str, Any]:
    return {"gesture": _gesture(request), "version": _version(request)}


def _gesture(request: Request) -> uuid.UUID:
    """The client's id for this request, so that sending it again does nothing again; else a new one."""
    key = request.headers.get("Idempotency-Key")
    try:
        return uuid.UUID(key.strip('"')) if key is not None else uuid.uuid4()
    except ValueError:
        raise Problem("Give Idempotency-Key as a UUID.", code="bad_key", field="Idempotency-Key") from None


def _version(request: Request) -> int | None:
    """The version that was seen. None when none is named: `*` names none."""
    named = request.headers.get("If-Match")
    if named is None or named.strip() == "*":
        return None
    found = re.fullmatch(r'\s*(?:W/)?"([0-9]{1,18})"\s*', named)
    return int(found[1]) if found else NO_VERSION


# How answers look.


def _set_answer(annotation_set: AnnotationSet) -> HttpResponse:
    record = set_record(annotation_set)
    return _answer(record, version=record["version"])


def _row_answer(done: Done, model: type[Span] | type[Relation], id: uuid.UUID, *, new: bool = False) -> HttpResponse:
    record = row_record(done, model, id)
    return _answer(record, version=record["version"], status=201 if new and not done.repeated else 200)


def _outcome_answer(done: Done) -> HttpResponse:
    return _answer(outcome(done))


def _answer(body: Mapping[str, Any], *, version: int | None = None, status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if version is not None:
        response["ETag"] = f'"{version}"'
    return response
