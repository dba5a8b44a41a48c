"""Shared by screens: whether the page itself asks, so that a fragment is enough."""

from django.http import HttpRequest


def is_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))
