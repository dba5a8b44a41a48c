"""What the reading desk asks for once its text can be used."""

import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from annotator.annotation.queries import annotation_set_for
from annotator.requests import SignedInRequest
from annotator.suggestions.matching import Match
from annotator.suggestions.queries import suggestions_for


@require_safe
def suggestions(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """In one's own set, in reading order. Offsets count code points."""
    annotation_set = annotation_set_for(request.user, pk)
    found = suggestions_for(request.user, annotation_set)
    return JsonResponse({"suggestions": [_as_json(match) for match in found]})


def _as_json(match: Match) -> dict[str, Any]:
    phrase = match.phrase
    return {
        "start": match.start, "end": match.end, "label": phrase.label, "attributes": dict(phrase.attributes),
        "said": phrase.said, "source": phrase.source,
    }  # fmt: skip
