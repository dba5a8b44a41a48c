"""Codebooks and their versions: what there is, and what is different between any two."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotator.errors import Unknown
from annotator.requests import SignedInRequest
from annotator.schema.difference import by_section, differences
from annotator.schema.models import LabelSet
from annotator.schema.queries import Listed, codebook_for, codebooks_for


@require_safe
def codebooks(request: SignedInRequest) -> HttpResponse:
    return render(request, "schema/codebooks.html", {"codebooks": codebooks_for(request.user)})


@require_safe
def codebook(request: SignedInRequest, slug: str) -> HttpResponse:
    """The versions, and the difference of two of them: of the last two when none are named."""
    found = codebook_for(request.user, slug)
    old, new = _compared(found, request.GET.get("from", ""), request.GET.get("to", ""))
    changes = differences(old.codebook, new.codebook) if old and new else []
    context = {"found": found, "old": old, "new": new, "sections": by_section(changes), "count": len(changes)}
    return render(request, "schema/codebook.html", context)


def _compared(found: Listed, before: str, after: str) -> tuple[LabelSet | None, LabelSet | None]:
    """The two versions asked for, the older first."""
    by_number = {str(version.number): version for version in found.versions}
    if before in by_number and after in by_number:
        one, other = sorted((by_number[before], by_number[after]), key=lambda version: version.number)
        return one, other
    return (found.versions[-2], found.versions[-1]) if len(found.versions) > 1 else (None, None)


@require_safe
def download(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One version as a file of JSON, as it can be read in again."""
    version = next((one for one in codebook_for(request.user, slug).versions if one.number == number), None)
    if version is None:
        raise Unknown()
    return as_file(f"{slug}-{number}", json.loads(version.body))


def as_file(name: str, data: object) -> HttpResponse:
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    header = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return HttpResponse(text, content_type="application/json", headers=header)
