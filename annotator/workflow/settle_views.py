"""The adjudication desk: one difference after another, until the gold of an article can be published."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from annotator.errors import Conflict, Problem
from annotator.projects.access import project_for
from annotator.projects.models import Project
from annotator.workflow import adjudication
from annotator.workflow.cases import Case
from annotator.workflow.queries import settling_for
from annotator.workflow.settle_forms import DecisionForm
from annotator.workflow.settle_screen import next_open, page_of


@require_GET
def settle_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Articles whose readings are all in, those that wait first."""
    project = _project(request, slug)
    rows, more = settling_for(request.user, project, request.GET.get("after", ""))
    return render(request, "workflow/settle_list.html", {"project": project, "rows": rows, "more": more})


@require_POST
def settle_open(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Take what all readers agree on into gold and begin with the differences."""
    adjudication.open_case(request.user, _project(request, slug), pk)
    return redirect("settle", slug=slug, pk=pk)


@require_GET
def settle(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = _project(request, slug)
    try:
        case = adjudication.case_for(request.user, project, pk)
    except Conflict as problem:
        if problem.code != "not_opened":
            raise
        return render(request, "workflow/settle_closed.html", {"project": project, "article": pk})
    context = {"project": project, "case": case, "page": page_of(case, request.GET.get("at", ""))}
    return render(request, "workflow/settle.html", context | {"gesture": uuid.uuid4()})


@require_POST
def settle_decide(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = _project(request, slug)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Problem("This decision is not complete; reload the page and decide again.", code="malformed")
    case = adjudication.case_for(request.user, project, pk)
    key = form.cleaned_data["key"]
    choice = form.choice(case.codebook, case.difference(key).name or "", request.POST)
    case = adjudication.decide(
        request.user, project, pk, gesture=form.cleaned_data["gesture"], key=key, choice=choice
    )
    return _back(case, next_open(case, key))


@require_POST
def settle_step(request: HttpRequest, slug: str, pk: uuid.UUID, step: str) -> HttpResponse:
    """Undo the last decision, or redo the last undone one."""
    verb = adjudication.undo_decision if step == "undo" else adjudication.redo_decision
    case = verb(request.user, _project(request, slug), pk, gesture=uuid.uuid4())
    return _back(case, request.POST.get("at", ""))


@require_POST
def settle_publish(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    adjudication.publish(request.user, _project(request, slug), pk)
    messages.success(request, "Gold is published. It is in the API and in the downloads from now on.")
    return redirect("settle_list", slug=slug)


@require_POST
def settle_reopen(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    adjudication.reopen(request.user, _project(request, slug), pk)
    return redirect("settle", slug=slug, pk=pk)


@require_POST
def settle_release(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """End the blindness of an article's readers."""
    adjudication.release_to_readers(request.user, project_for(request.user, slug, "manager"), pk)
    messages.success(request, "The readers of this article can now see gold and one another's work.")
    return redirect("settle_list", slug=slug)


def _project(request: HttpRequest, slug: str) -> Project:
    return project_for(request.user, slug, "adjudicator", "manager")


def _back(case: Case, at: str) -> HttpResponse:
    address = reverse("settle", kwargs={"slug": case.project.slug, "pk": case.article.pk})
    return redirect(f"{address}?at={at}")
