"""What the reading desk asks for once its text can be used, and what a manager learns of its effect."""

import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotator.annotation.queries import annotation_set_for
from annotator.htmx import is_htmx
from annotator.projects.access import project_for
from annotator.requests import SignedInRequest
from annotator.suggestions.effect import effect_for
from annotator.suggestions.matching import Match
from annotator.suggestions.queries import suggestions_for


@require_safe
def suggestions(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """In one's own set, in reading order. Offsets count code points."""
    annotation_set = annotation_set_for(request.user, pk)
    found = suggestions_for(request.user, annotation_set)
    return JsonResponse({"suggestions": [_as_json(match) for match in found]})


@require_safe
def effect(request: SignedInRequest, slug: str) -> HttpResponse:
    """Readings with and without suggestions side by side; a page, or a box on the project's page."""
    project = project_for(request.user, slug, "manager")
    context = {"project": project, "effect": effect_for(request.user, project)}
    return render(request, "suggestions/_effect.html" if is_htmx(request) else "suggestions/effect.html", context)


def _as_json(match: Match) -> dict[str, Any]:
    phrase = match.phrase
    return {
        "start": match.start, "end": match.end, "label": phrase.label, "attributes": dict(phrase.attributes),
        "said": phrase.said, "source": phrase.source,
    }  # fmt: skip
