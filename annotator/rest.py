"""Shared by API views: who is asking, in which shape errors come, how pages follow one another."""

import base64
import json
import logging
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.actions import token_for
from annotator.accounts.models import Token, User
from annotator.errors import Forbidden, Problem, Unknown, as_problem
from annotator.projects.access import SCOPES, project_for
from annotator.projects.models import Project
from annotator.strict_json import refuse, strict_json

logger = logging.getLogger("django.request")

LONGEST_BODY = 2**20
"""Bytes of a request's body."""
PAGE, LONGEST_PAGE = 100, 500


# Who is asking.


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, and nothing else: cookies never open the API."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        kind, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = token_for(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown, revoked or expired.")
        token.owner.bound_to = frozenset(map(uuid.UUID, token.projects))
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class HasScope(BasePermission):
    """The token carries the scope that the view names for the method in `scopes`; any will do where it names none."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        scopes: Mapping[str, str] = view.scopes  # type: ignore[attr-defined]
        method = str(request.method)
        if method not in scopes:
            raise exceptions.MethodNotAllowed(method)
        token: Token | None = request.auth  # type: ignore[assignment]
        if token is None:
            return False
        if scopes[method] and scopes[method] not in token.scopes:
            raise Forbidden(f"This token lacks the scope {scopes[method]}.", code="scope_missing")
        return True


def asking(request: Request) -> User:
    """The token's owner, bound to the token's projects."""
    owner: User = request.user  # type: ignore[assignment]
    return owner


# What comes in.


class StrictJSONParser(BaseParser):
    """JSON as everybody understands it alike: UTF-8, no key twice, no NaN, nothing that cannot be stored.

    Raises Problem 413 for more than 1 MiB, 415 for another encoding, 400 for the rest.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        headers = (parser_context or {})["request"].headers
        charset = re.search(r";\s*charset=\"?([^\s\";]+)", media_type or "", re.IGNORECASE)
        if charset and charset[1].lower() not in ("utf-8", "utf8"):
            refuse("Send UTF-8.", "not_utf8", 415)
        if headers.get("Content-Encoding", "identity") != "identity":
            refuse("Send the body uncompressed.", "compressed", 415)
        body = stream.read(LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            refuse(f"Send at most {LONGEST_BODY} bytes.", "too_large", 413)
        return strict_json(body)


# What goes out when something cannot be done.


def problem_response(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Every refusal as an RFC 9457 problem document; what nobody foresaw is logged and answered with 500."""
    problem = as_problem(error) or _foreign_problem(error)
    if problem is None:
        request = context["request"]._request
        logger.error("Internal Server Error: %s", request.path, exc_info=error, extra={"request": request})
        got_request_exception.send(sender=type(context["view"]), request=request)
        problem = Problem("Something went wrong here. It was noted; nothing was written.", code="error")
        problem.status = 500
    response = problem_document(problem)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def problem_document(problem: Problem) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "field": problem.field,
        "state": problem.state,
    }
    response = JsonResponse(
        body, status=problem.status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "2"
    return response


def _foreign_problem(error: Exception) -> Problem | None:
    """Refusals of Django and of REST framework."""
    if isinstance(error, Http404):
        return Unknown()
    if isinstance(error, PermissionDenied):
        return Forbidden("This is not yours to do.")
    if isinstance(error, OperationalError):
        busy = Problem("The database is busy. Nothing was written; try again in a moment.", code="busy")
        busy.status = 503
        return busy
    if isinstance(error, exceptions.APIException):
        problem = Problem(str(error.detail), code=str(error.get_codes()))
        problem.status = error.status_code
        return problem
    return None


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """The last address of the map: a problem document where Django would draw a page."""
    problem = Unknown("There is no such address.")
    try:
        if resolve(request.path_info + "/").func is not no_such_address:
            problem = Unknown("There is no such address; the one you mean ends with a slash.")
    except Resolver404:
        pass
    return problem_document(problem)


no_such_address.login_required = False  # type: ignore[attr-defined]


# How a view begins.


class ApiView(APIView):
    """Names in `scopes` what each method needs; every other method is refused, OPTIONS too."""

    scopes: Mapping[str, str] = {}
    authentication_classes = (TokenAuthentication,)
    permission_classes = (HasScope,)
    parser_classes = (StrictJSONParser,)
    http_method_names = ("get", "put", "patch", "post", "delete")

    def project(self, request: Request, slug: str) -> Project:
        """The project, where the owner's roles allow today what the token's scope allows.

        Raises Unknown for one that is not the owner's, or to which the token is not bound; else Forbidden.
        """
        wanted = self.scopes[str(request.method)]
        return project_for(asking(request), slug, *(role for role, scopes in SCOPES.items() if wanted in scopes))


# How questions are asked.


def parameters(request: Request, *names: str) -> Mapping[str, Any]:
    """The query's parameters. Raises Problem for one that is not among `names`, so that no slip goes unseen."""
    for name in request.query_params:
        if name not in (*names, "format"):
            known = f"choose among {', '.join(sorted(names))}" if names else "there are none here"
            raise Problem(f"There is no parameter “{name[:40]}”: {known}.", code="unknown_parameter", field=name[:40])
    return request.query_params


def flag(request: Request, name: str, *, default: bool) -> bool:
    value = request.query_params.get(name)
    if value is None:
        return default
    if value not in ("true", "false"):
        raise Problem(f"Write {name}=true or {name}=false.", code="bad_parameter", field=name)
    return bool(value == "true")


def identifier(request: Request, name: str) -> uuid.UUID | None:
    value = request.query_params.get(name)
    try:
        return uuid.UUID(value) if value is not None else None
    except ValueError:
        raise Problem(f"Give {name} as a UUID.", code="bad_parameter", field=name) from None


# How pages follow one another.

PAGING = ("cursor", "limit")


def limit_of(request: Request) -> int:
    """How many records a page holds."""
    value = request.query_params.get("limit", str(PAGE))
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= LONGEST_PAGE:
        raise Problem(f"Give limit as a number from 1 to {LONGEST_PAGE}.", code="bad_parameter", field="limit")
    return int(value)


def cursor_of(request: Request, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The place after which the page begins, each part read by its kind; None for the first page."""
    cursor = request.query_params.get("cursor")
    if cursor is None:
        return None
    try:
        parts = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        return tuple(kind(part) for kind, part in zip(kinds, map(str, parts), strict=True))
    except (ValueError, TypeError, RecursionError):
        raise Problem("Take the cursor from “next” of the page before.", code="bad_cursor", field="cursor") from None


def page(request: Request, records: Iterable[Any], last: Sequence[Any] | None, **more: Any) -> Response:
    """One page. `last`: the place of its last record, or None when nothing follows. more: said beside the records."""
    following = None
    if last is not None:
        cursor = base64.urlsafe_b64encode(json.dumps([str(part) for part in last]).encode()).decode()
        query = request.query_params.copy()
        query["cursor"] = cursor
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return Response({"results": list(records), "next": following, **more})
