"""What holds for every page: sign-in, no copies in caches, plain words when something cannot be done."""

from collections.abc import Callable
from typing import Any

from csp.utils import build_policy
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from annotator.errors import Problem, Unknown, as_problem

IDLE_SECONDS = 8 * 3600
IDLE_PRECISION = 600


class SignInRequired(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless its view says otherwise.

    A request made by the page itself gets a plain 401 instead of a redirect: the page keeps its work,
    asks to sign in, and sends it again.
    """

    def handle_no_permission(  # type: ignore[override]  # a 401 is no redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse("Signed out.", status=401, headers={"X-Signed-Out": "1"}, content_type="text/plain")
        return super().handle_no_permission(request, view_func)


class StrictPolicy:
    """The one Content-Security-Policy of the settings on every answer, written once and not anew for each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = self.policy
        return response


class PrivatePages:
    """No page of a signed-in person is kept by a browser or a proxy; sessions end after eight idle hours.

    What an open page asks by itself (`shared/renew.js`) keeps nobody signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._end_when_idle(request)
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    def _end_when_idle(self, request: HttpRequest) -> None:
        now = int(timezone.now().timestamp())
        seen = request.session.get("seen", now)
        if now - seen > IDLE_SECONDS:
            logout(request)
        elif "seen" not in request.session or (now - seen > IDLE_PRECISION and not _by_itself(request)):
            request.session["seen"] = now


def _by_itself(request: HttpRequest) -> bool:
    return bool(request.headers.get("X-By-Itself"))


class PlainProblems:
    """Refusals become a page, or a fragment for a request the page made; never a traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = as_problem(error)
        if problem is None and isinstance(error, OperationalError):
            problem = Problem("The database is busy. Nothing was lost; try again in a moment.", code="busy")
            problem.status = 503
        if problem is None:
            return None
        return problem_page(request, problem)


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The refusal as a page, or as a fragment when the page itself asked."""
    template = "_problem.html" if request.headers.get("HX-Request") else "problem.html"
    response = render(request, template, {"problem": problem}, status=problem.status)
    response["X-Problem"] = problem.code
    if problem.status == 503:
        response["Retry-After"] = "2"
    return response


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that is not on the map."""
    return problem_page(request, Unknown())


def broken_page(request: HttpRequest) -> HttpResponse:
    """After an error of ours. Drawn without the request, whose person may be what cannot be read just now."""
    problem = Problem(
        "Something went wrong on this site. What was saved before is safe. Try again; if it happens again, tell an "
        "administrator what you did.",
        code="broken",
    )
    problem.status = 500
    response = HttpResponse(render_to_string("problem.html", {"problem": problem}), status=500)
    response["X-Problem"] = problem.code
    return response
