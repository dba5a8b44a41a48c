"""The log of a project as a page, and as a file that proves itself."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from annotator.errors import Unknown
from annotator.exchange import audit
from annotator.exchange.formats import jsonl
from annotator.exchange.log_forms import Narrow
from annotator.exchange.log_lines import Place
from annotator.exchange.log_page import CHOICES, Log, Wanted
from annotator.exchange.sealing import seal_export
from annotator.exchange.snapshots import snapshot
from annotator.exchange.streaming import as_lines
from annotator.projects.access import SCOPES, project_for
from annotator.projects.models import ProjectArticle
from annotator.requests import SignedInRequest

READERS = tuple(role for role, scopes in SCOPES.items() if "audit:read" in scopes)
"""Whose token may read events may look at them here."""


@require_safe
def log(request: SignedInRequest, slug: str) -> HttpResponse:
    """`?at=`: from one event on, opened. `?before=`: the page after that event. Both by chain and number in it."""
    project = project_for(request.user, slug, *READERS)
    at, before = (_place(request, name) for name in ("at", "before"))
    with snapshot():
        log = Log(request.user, project)
        form = Narrow(request.GET, people=log.people(_chosen(request)))
        is_read = form.is_valid()
        asked: dict[str, Any] = form.cleaned_data if is_read else {}
        articles = log.articles(asked["article"]) if asked.get("article") else []
        context: dict[str, Any] = {
            "project": project, "log": log, "form": form, "asked": {key: one for key, one in asked.items() if one},
            "size": log.size(), "page": None, "articles": articles[:CHOICES], "are_more": len(articles) > CHOICES,
        }  # fmt: skip
        if is_read and (len(articles) == 1 or not asked["article"]):
            context["page"] = log.page(_wanted(asked, articles), at=at, before=before)
    context["narrowed"] = urlencode({key: str(one) for key, one in context["asked"].items()})
    return render(request, "exchange/log.html", context, status=200 if is_read else 422)


@require_GET
def log_file(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Every event that the person may read, as the API streams them."""
    project = project_for(request.user, slug, *READERS)
    headers = seal_export(request.user, project)
    lines = as_lines(audit.events(request.user, project))
    response = StreamingHttpResponse(lines, content_type=jsonl.MEDIA_TYPE, headers=headers)
    response["Content-Disposition"] = f'attachment; filename="{project.slug}-events.jsonl"'
    return response


def _wanted(asked: dict[str, Any], articles: list[ProjectArticle]) -> Wanted:
    by = uuid.UUID(str(asked["by"])) if asked["by"] else None
    article = articles[0].article_id if articles else None
    return Wanted(by, asked["action"] or None, article, asked["day"])


def _chosen(request: HttpRequest) -> uuid.UUID | None:
    """Whom the address names, who need not be a member any more."""
    try:
        return uuid.UUID(request.GET.get("by", ""))
    except ValueError:
        return None


def _place(request: HttpRequest, name: str) -> Place | None:
    """Raises Unknown for what is no place, as for one that is not there."""
    key = request.GET.get(name)
    try:
        return Place.read(key) if key else None
    except ValueError:
        raise Unknown() from None
