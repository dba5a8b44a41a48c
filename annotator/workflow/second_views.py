"""Articles settled twice, for the manager: what differs, reopening the first, doing without a second."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotator.accounts.models import User
from annotator.errors import Problem, Unknown
from annotator.projects.access import project_for
from annotator.projects.models import Membership, Project
from annotator.requests import SignedInRequest
from annotator.workflow import adjudication, seconds
from annotator.workflow.models import SecondSettling
from annotator.workflow.queries import open_to
from annotator.workflow.second_screen import settled_twice_for, waiting_for


@require_safe
def settled_twice(request: SignedInRequest, slug: str) -> HttpResponse:
    return _page(request, project_for(request.user, slug, "manager"))


def _page(request: SignedInRequest, project: Project, refused: tuple[uuid.UUID, Problem] | None = None) -> HttpResponse:
    context = {
        "project": project,
        "settled": settled_twice_for(request.user, project),
        "waiting": waiting_for(request.user, project),
        "adjudicators": Membership.objects.filter(project=project, role="adjudicator", user__is_active=True).count(),
        "refused": refused,
    }
    return render(request, "workflow/settled_twice.html", context, status=422 if refused else 200)


@require_POST
def reopen_first(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Take the first gold back to the desk, with the reason for whoever settles it again."""
    project = project_for(request.user, slug, "manager")
    second = _second(request.user, project, pk, "done")
    try:
        with transaction.atomic():
            adjudication.reopen(request.user, project, second.article_id)
            seconds.note_reopening(second, by=request.user, reason=request.POST.get("reason", ""))
    except Problem as problem:
        if problem.field != "reason":
            raise
        return _page(request, project, (second.pk, problem))
    messages.success(request, "The first settling is open again, with your words.")
    return redirect("settled_twice", slug)


@require_POST
def end_second(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    seconds.end_second(_second(request.user, project, pk, "waiting"), by=request.user)
    messages.success(request, "The article is not settled a second time.")
    return redirect("settled_twice", slug)


def _second(user: User, project: Project, pk: uuid.UUID, state: str) -> SecondSettling:
    """Raises Unknown, also for an article that blinds the person."""
    found = SecondSettling.objects.filter(open_to(user), project=project, pk=pk, state=state)
    second = found.select_related("project__chain").first()
    if second is None:
        raise Unknown()
    return second
