"""Signing in and out, one's own account and tokens, and the people of the site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotator.errors import Problem
from annotator.middleware import problem_page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    problem = Problem("This page had been open for too long. Reload it and try again.", code="csrf_failed")
    problem.status = 403
    return problem_page(request, problem)


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    return render(request, "accounts/locked_out.html", status=429)
