"""A reviewer's day: the queue, the next article, giving one back, handing one in."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from annotator.errors import Problem, Stale
from annotator.projects.access import project_for
from annotator.projects.models import Membership, Project
from annotator.requests import SignedInRequest
from annotator.workflow import actions
from annotator.workflow.models import Assignment
from annotator.workflow.own_work import own_work
from annotator.workflow.queries import assignment_for
from annotator.workflow.slots import has_room
from annotator.workflow.training import training_of


@require_GET
def queue(request: SignedInRequest, slug: str) -> HttpResponse:
    return _queue(request, project_for(request.user, slug, "reviewer"))


@require_POST
def next_article(request: SignedInRequest, slug: str) -> HttpResponse:
    """Open the next article for this reader."""
    return _open_next(request, project_for(request.user, slug, "reviewer"))


@require_POST
def open_assignment(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    assignment = assignment_for(request.user, pk)
    return _to_desk(request, actions.start(assignment, by=request.user))


@require_POST
def decline(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    assignment = assignment_for(request.user, pk)
    try:
        actions.decline(assignment, by=request.user, reason=request.POST.get("reason", ""))
    except Problem as problem:
        if problem.field != "reason":
            raise
        return _queue(request, assignment.project, refused=(assignment.pk, problem), status=422)
    messages.success(request, "The article is given back.")
    return redirect("queue", assignment.project.slug)


@require_POST
def submit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand a reading in and open the next article; after one for training, tell how it compares with gold.

    With gaps left it goes back to the desk, which leads to them.
    """
    try:
        annotation_set, gaps = actions.submit(
            pk, by=request.user, gesture=_uuid(request, "gesture"), version=_version(request)
        )
    except Stale as problem:
        problem.status = 409
        raise
    errors = sum(gap.severity == "error" for gap in gaps)
    if errors:
        messages.warning(request, f"Not handed in yet: {'one gap is' if errors == 1 else f'{errors} gaps are'} left.")
        return redirect(reverse("desk", args=[pk]) + "?gaps")
    if Assignment.objects.filter(annotation_set=annotation_set, purpose="training", result__isnull=False).exists():
        return redirect("feedback", pk)
    messages.success(request, f"Handed in: {annotation_set.article.heading}")
    return _open_next(request, annotation_set.project)


def _queue(
    request: SignedInRequest, project: Project, *, refused: tuple[uuid.UUID, Problem] | None = None, status: int = 200
) -> HttpResponse:
    membership = Membership.objects.filter(project=project, user=request.user, role="reviewer").first()
    context = {
        "project": project,
        "quota": membership.quota if membership else None,
        "due_on": membership.due_on if membership else None,
        "training": training_of(request.user, project),
        "parts": own_work(request.user, project),
        "refused": refused,
    }
    return render(request, "workflow/queue.html", context, status=status)


def _open_next(request: SignedInRequest, project: Project) -> HttpResponse:
    assignment = actions.claim_next(project, by=request.user)
    if assignment is None:
        messages.info(request, _why_nothing(request, project))
        return redirect("queue", project.slug)
    return _to_desk(request, assignment)


def _why_nothing(request: SignedInRequest, project: Project) -> str:
    membership = Membership.objects.filter(project=project, user=request.user, role="reviewer").first()
    if membership and not has_room(membership):
        return "You have read as many articles as were asked of you. Thank you."
    return "There is nothing left for you to read here. Thank you."


def _to_desk(request: SignedInRequest, assignment: Assignment) -> HttpResponse:
    if assignment.purpose == "training":
        messages.info(request, "For training: when you hand it in, you see at once how it compares with gold.")
    return redirect("desk", assignment.annotation_set_id)


def _uuid(request: SignedInRequest, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        raise Problem(f"“{name}” must be a UUID.", code="malformed", field=name) from None


def _version(request: SignedInRequest) -> int | None:
    given = request.POST.get("version", "")
    if not given:
        return None
    if not given.isdecimal() or len(given) > 15:
        raise Problem("“version” must be a whole number.", code="malformed", field="version")
    return int(given)
