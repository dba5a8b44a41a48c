"""The reading desk: one page, and one address that every gesture on it goes to."""

import uuid
from collections.abc import Callable

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from annotator.annotation import actions, screen
from annotator.annotation.editing import Done
from annotator.annotation.forms import Asked, read_gesture, read_seconds
from annotator.annotation.guide import guide_of
from annotator.annotation.moved import moved_of
from annotator.annotation.preview import preview_of
from annotator.annotation.queries import annotation_set_for
from annotator.annotation.time_on_task import add_time
from annotator.errors import Stale
from annotator.registers.search import Search
from annotator.requests import SignedInRequest
from annotator.schema.codebook import CodebookError, parse
from annotator.schema.queries import draft_for

ACTIONS: dict[str, Callable[..., Done]] = {
    "add_span": actions.add_span,
    "add_spans": actions.add_spans,
    "change_span": actions.change_span,
    "remove_span": actions.remove_span,
    "relate": actions.relate,
    "change_relation": actions.change_relation,
    "unrelate": actions.unrelate,
    "comment": actions.comment,
    "remove_comment": actions.remove_comment,
    "propose": actions.propose,
    "reject_suggestions": actions.reject_suggestions,
    "undo": actions.undo,
    "redo": actions.redo,
}


@require_GET
def desk(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own reading of an article; without JavaScript, or once handed in, it can still be read."""
    annotation_set = annotation_set_for(request.user, pk)
    context = {
        "set": annotation_set,
        "article": annotation_set.article,
        "guide": guide_of(annotation_set.label_set.codebook),
        "page": screen.whole(annotation_set),
        "suggesting": annotation_set.is_open and annotation_set.suggested and annotation_set.project.suggestions,
        "queue_url": reverse("queue", args=[annotation_set.project.slug]),
        "submission": uuid.uuid4(),
        "moved": moved_of(annotation_set),
    }
    return render(request, "annotation/desk.html", context)


@require_GET
def entries(request: SignedInRequest, pk: uuid.UUID, list_name: str) -> JsonResponse:
    """Entries of a list that fit what is typed (`q`), or, while nothing is, the words of the span (`near`)."""
    annotation_set = annotation_set_for(request.user, pk)
    search = Search(
        request.user, annotation_set.project_id, annotation_set.article_id, annotation_set.label_set, list_name
    )
    return JsonResponse({"entries": search.entries(request.GET.get("q", ""), request.GET.get("near", ""))})


@require_POST
def gestures(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Carry out one gesture and answer with what it changed on the page."""
    if request.POST.get("reader") != str(request.user.pk):
        return _somebody_else()
    asked = read_gesture(request.POST)
    try:
        done = ACTIONS[asked.verb](pk, by=request.user, gesture=asked.gesture, **asked.body)
    except Stale as problem:
        return _too_late(request, pk, asked, problem)
    return render(request, "annotation/_answer.html", {"touched": screen.touched(done)})


@require_POST
def time(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Take down how long the reader was active, and say in words how long that is in all."""
    if request.POST.get("reader") != str(request.user.pk):
        return _somebody_else()
    own = annotation_set_for(request.user, pk)
    clock = add_time(own, seconds=read_seconds(request.POST))
    return HttpResponse(clock.words if clock else "", content_type="text/plain")


def _somebody_else() -> HttpResponse:
    return HttpResponse("Signed in as somebody else.", status=401, headers={"X-Signed-Out": "1"})


def _too_late(request: SignedInRequest, pk: uuid.UUID, asked: Asked, problem: Stale) -> HttpResponse:
    """Both states: what was asked, and what stands instead."""
    annotation_set = annotation_set_for(request.user, pk)
    context = {"problem": problem, "differences": screen.differences(annotation_set, asked.body, problem.state or {})}
    response = render(request, "annotation/_too_late.html", context, status=409)
    response["X-Problem"] = problem.code
    return response


@require_safe
def preview(request: SignedInRequest, slug: str) -> HttpResponse:
    """How the draft of a codebook will look on the desk, or its guidelines."""
    context: dict[str, object] = {"show": request.GET.get("show", "")}
    try:
        found = preview_of(parse(draft_for(request.user, slug).data), request.GET.get("of", ""))
        context |= {"preview": found, "guide": found.guide}
    except CodebookError as error:
        context["problem"] = str(error)
    return render(request, "annotation/preview.html", context)
