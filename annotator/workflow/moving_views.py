"""The codebook of a project: which version it works with, and moving it to a later one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotator.accounts.views import require_page
from annotator.errors import Problem
from annotator.projects.access import project_for
from annotator.projects.models import Project
from annotator.requests import SignedInRequest
from annotator.schema.difference import by_section, differences
from annotator.schema.mapping import faults
from annotator.schema.models import LabelSet
from annotator.workflow import moving
from annotator.workflow.moving_forms import FATE_WORDS, asks_of, read_mapping
from annotator.workflow.moving_plan import plan_for


@require_page
def codebook(request: SignedInRequest, slug: str) -> HttpResponse:
    """What a move would do, and with a POST the move itself."""
    project = project_for(request.user, slug, "manager")
    later = moving.later_versions(project)
    sent = request.POST if request.method == "POST" else request.GET
    to = next((one for one in later if str(one.number) == sent.get("to", "")), later[0] if later else None)
    if request.method == "POST" and to is not None:
        return _move(request, project, to)
    return _page(request, project, later, to)


def _move(request: SignedInRequest, project: Project, to: LabelSet) -> HttpResponse:
    mapped = read_mapping(project.label_set.codebook, to.codebook, request.POST)
    try:
        moving.move_codebook(project, by=request.user, to=to, mapped=mapped)
    except Problem as problem:
        return _page(request, project, moving.later_versions(project), to, problem)
    messages.success(request, f"The project works with version {to.number} now.")
    moving.carry_for(project, by=request.user)
    return redirect("project_codebook", slug=project.slug)


def _page(
    request: SignedInRequest, project: Project, later: list[LabelSet], to: LabelSet | None,
    problem: Problem | None = None,
) -> HttpResponse:  # fmt: skip
    context: dict[str, object] = {
        "project": project, "later": later, "to": to, "problem": problem,
        "waiting": moving.left_behind_for(request.user, project),
    }  # fmt: skip
    if to is not None:
        old, new = project.label_set.codebook, to.codebook
        mapped = read_mapping(old, new, request.POST if request.method == "POST" else request.GET)
        wrong = faults(old, new, mapped)
        changes = differences(old, new)
        plan = plan_for(request.user, project, to, mapped)
        asks = [(ask, plan.met[ask.thing]) for ask in asks_of(old, new, mapped)]
        context |= {
            "sections": by_section(changes), "count": len(changes), "wrong": wrong, "asks": asks, "plan": plan,
            "fates": FATE_WORDS,
        }  # fmt: skip
    return render(request, "workflow/codebook.html", context, status=problem.status if problem else 200)


@require_POST
def carry(request: SignedInRequest, slug: str) -> HttpResponse:
    """Carry some more open readings over; the page asks until none is left."""
    project = project_for(request.user, slug, "manager")
    moving.carry_for(project, by=request.user)
    return redirect("project_codebook", slug=slug)
