"""The adjudication desk: one difference after another, until the gold of an article can be published."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from annotator.errors import Conflict, Problem
from annotator.htmx import is_htmx
from annotator.projects.access import project_for, roles_in
from annotator.projects.models import Project
from annotator.requests import SignedInRequest
from annotator.workflow import adjudication
from annotator.workflow.cases import Case
from annotator.workflow.queries import notes_of, settling_for
from annotator.workflow.seconds import reopening_of, seconds_waiting
from annotator.workflow.settle_forms import DecisionForm, PublishForm, StepForm
from annotator.workflow.settle_screen import next_open, page_of


@require_GET
def settle_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Articles whose readings are all in, those that wait first."""
    project = _project(request, slug)
    rows, more = settling_for(request.user, project, request.GET.get("after", ""))
    context = {
        "project": project,
        "rows": rows,
        "more": more,
        "seconds": seconds_waiting(request.user, project),
        "is_manager": "manager" in roles_in(request.user, project),
    }
    return render(request, "workflow/settle_list.html", context)


@require_POST
def settle_open(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Take what settles itself into gold, and begin with the differences."""
    adjudication.open_case(request.user, _project(request, slug), pk)
    return redirect("settle", slug=slug, pk=pk)


@require_GET
def settle(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = _project(request, slug)
    try:
        case = adjudication.case_for(request.user, project, pk)
    except Conflict as problem:
        if problem.code != "not_opened":
            raise
        return render(request, "workflow/settle_closed.html", {"project": project, "article": pk})
    return _desk(request, case, request.GET.get("at", ""))


@require_GET
def settle_entries(request: SignedInRequest, slug: str, pk: uuid.UUID, list_name: str) -> JsonResponse:
    """Entries of a list that fit what is typed (`q`), or, while nothing is, the words of the span (`near`)."""
    search = adjudication.search_for(request.user, _project(request, slug), pk, list_name)
    return JsonResponse({"entries": search.entries(request.GET.get("q", ""), request.GET.get("near", ""))})


@require_POST
def settle_decide(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = _project(request, slug)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Problem("This decision is not complete; reload the page and decide again.", code="malformed")
    case, asked = adjudication.case_for(request.user, project, pk), form.cleaned_data
    choice = form.choice(case, case.difference(asked["key"]), request.user)
    case = adjudication.decide(
        request.user, project, pk, gesture=asked["gesture"], key=asked["key"], choice=choice, seen=asked["seen"],
        alike=asked["alike"],
    )  # fmt: skip
    return _answer(request, case, next_open(case, asked["key"]))


@require_POST
def settle_step(request: SignedInRequest, slug: str, pk: uuid.UUID, step: str) -> HttpResponse:
    """Undo the last decision, or redo the last undone one."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Problem("Reload the page, then try again.", code="malformed")
    asked = form.cleaned_data
    verb = adjudication.undo_decision if step == "undo" else adjudication.redo_decision
    case = verb(request.user, _project(request, slug), pk, gesture=asked["gesture"], version=asked["version"])
    return _answer(request, case, asked["at"])


@require_POST
def settle_publish(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    form = PublishForm(request.POST)
    if not form.is_valid():
        raise Problem("Reload the page, then try again.", code="malformed")
    round = form.cleaned_data["round"]
    submission = adjudication.publish(request.user, _project(request, slug), pk, round=round)
    if submission.annotation_set.round > 1:
        messages.success(request, "Your settling is handed in. From now on you see the gold like everybody else.")
    else:
        messages.success(request, "Gold is published. It is in the API and in the downloads from now on.")
    return _leave(request, reverse("settle_list", args=[slug]))


@require_POST
def settle_reopen(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    adjudication.reopen(request.user, _project(request, slug), pk)
    return _leave(request, reverse("settle", args=[slug, pk]))


@require_POST
def settle_release(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """End the blindness of an article's readers."""
    adjudication.release_to_readers(request.user, project_for(request.user, slug, "manager"), pk)
    messages.success(request, "The readers of this article can now see gold and one another’s work.")
    return redirect("settle_list", slug=slug)


def _project(request: SignedInRequest, slug: str) -> Project:
    return project_for(request.user, slug, "adjudicator", "manager")


def _desk(request: SignedInRequest, case: Case, at: str) -> HttpResponse:
    """The page, from which a request that the page itself made takes the parts that changed."""
    context: dict[str, Any] = {"project": case.project, "case": case, "article": case.article}
    context |= {"page": page_of(case, at), "gesture": uuid.uuid4(), "is_second": case.gold_set.round > 1}
    context["notes"] = notes_of(request.user, case.project)
    context["reopened"] = None if context["is_second"] else reopening_of(case.project, case.article.pk)
    return render(request, "workflow/settle.html", context)


def _answer(request: SignedInRequest, case: Case, at: str) -> HttpResponse:
    """What stands after a decision, with the difference `at` on the desk."""
    if is_htmx(request):
        return _desk(request, case, at)
    return redirect(f"{reverse('settle', args=[case.project.slug, case.article.pk])}?at={at}")


def _leave(request: SignedInRequest, address: str) -> HttpResponse:
    """On to another page; the page's own requests are told where to."""
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)
