"""The start page, and what a manager sees and does: a project's progress, articles, people and readers."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotator.accounts.models import User
from annotator.accounts.views import require_page
from annotator.errors import Forbidden, Problem, Unknown
from annotator.htmx import is_htmx
from annotator.projects import people
from annotator.projects.access import administrators_only, project_for
from annotator.projects.actions import give_role
from annotator.projects.forms import GiveRole, NewProject, read_position
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.projects.queries import active_people, article_in, choice_of, members_of, person_by_name
from annotator.projects.renewal import Renewal
from annotator.projects.views import link_page, person_or_unknown
from annotator.requests import SignedInRequest
from annotator.workflow import actions, campaign
from annotator.workflow.manage_forms import Assign, chosen_articles, chosen_members
from annotator.workflow.models import Assignment
from annotator.workflow.overview import campaigns_for, next_steps
from annotator.workflow.progress import (
    STAGE_WORDS,
    STAGES,
    articles_for,
    assignable,
    managed_assignment,
    places_of,
    progress_for,
    readers_for,
)
from annotator.workflow.queries import is_blinded
from annotator.workflow.threads import open_flags

STAGE_KEYS = tuple(key for key, _, _ in STAGES)


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    return render(request, "projects/home.html", {"campaigns": campaigns_for(request.user)})


# The project


@require_page
def new_project(request: SignedInRequest) -> HttpResponse:
    administrators_only(request.user)
    started = request.method == "POST" and "filter" not in request.POST
    # Who filters the articles is not done yet: what they wrote stays, and nothing of it is found fault with.
    form = NewProject(request.POST) if started else NewProject(initial=request.POST.dict())
    if started and form.is_valid():
        try:
            project = campaign.start_project(
                by=request.user, **form.cleaned_data,
                articles=chosen_articles(request.POST, None), members=chosen_members(request.POST),
            )  # fmt: skip
        except Problem as problem:
            form.add_error(problem.field or "name", problem.detail)
        else:
            messages.success(request, f"“{project.name}” is ready.")
            return redirect("project", slug=project.slug)
    return _new_project(request, form, 422 if started else 200)


def _new_project(request: SignedInRequest, form: NewProject, status: int) -> HttpResponse:
    context = {
        "form": form,
        "choice": choice_of(None, request.POST.get("words", "")),
        "ticked": set(request.POST.getlist("articles")),
        "people": active_people(),
        "given": set(request.POST.getlist("roles")),
        "roles": Membership.ROLES,
    }
    return render(request, "projects/new.html", context, status=status)


@require_safe
def project(request: SignedInRequest, slug: str) -> HttpResponse:
    found = project_for(request.user, slug, "manager")
    renewal = Renewal.of(request, found)
    if renewal.holds:
        return renewal.nothing_new
    progress, readers = progress_for(request.user, found), readers_for(request.user, found)
    adjudicators = Membership.objects.filter(project=found, role="adjudicator").count()
    context = {
        "project": found,
        "progress": progress,
        "readers": readers,
        "flags": open_flags(request.user, found),
        "steps": next_steps(found, progress, readers, adjudicators),
    }
    return renewal.answer("projects/project.html", "projects/_project.html", context)


# Its people


@require_page
def members(request: SignedInRequest, slug: str) -> HttpResponse:
    found = project_for(request.user, slug, "manager")
    form = GiveRole(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _give_role(request, found, form)
        if answer is not None:
            return answer
    context = {"project": found, "form": form, "members": members_of(found)}
    return render(request, "projects/members.html", context, status=422 if form.is_bound else 200)


def _give_role(request: SignedInRequest, found: Project, form: GiveRole) -> HttpResponse | None:
    """None when the name is nobody's; an administrator's new names are invited on the spot."""
    name, role = form.cleaned_data["username"], form.cleaned_data["role"]
    person = person_by_name(name)
    if person is None and not ("invite" in request.POST and request.user.is_superuser):
        form.add_error("username", f"There is nobody called “{name}” here.")
        return None
    try:
        invited = person or people.create_user(name, by=request.user)
    except Problem as problem:
        form.add_error("username", problem.detail)
        return None
    give_role(found, by=request.user, user=invited, role=role)
    messages.success(request, f"{invited.username} is {role} now.")
    return redirect("project_members", slug=found.slug) if person else link_page(request, invited)


@require_POST
def end_role(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    found = project_for(request.user, slug, "manager")
    membership = Membership.objects.select_related("project__chain", "user").filter(project=found, pk=pk).first()
    if membership is None:
        raise Unknown()
    released = campaign.end_role(membership, by=request.user)
    messages.success(request, f"{membership.user.username} is no longer {membership.role}. {_released(released)}")
    if membership.role == "manager" and membership.user == request.user and not request.user.is_superuser:
        return redirect("home")
    return redirect("project_members", slug=slug)


@require_POST
def deactivate(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    administrators_only(request.user)
    person = person_or_unknown(pk)
    released = campaign.dismiss(person, by=request.user)
    messages.success(request, f"{person.username} can no longer sign in; their tokens ended. {_released(released)}")
    return redirect("person", pk=pk)


def _released(count: int) -> str:
    if not count:
        return ""
    return f"{count} {'article' if count == 1 else 'articles'} in their hands went back to the others."


# Its articles


@require_safe
def articles(request: SignedInRequest, slug: str) -> HttpResponse:
    found = project_for(request.user, slug, "manager")
    stage = request.GET.get("stage", "")
    stage = stage if stage in STAGE_KEYS else ""
    page = articles_for(
        request.user, found, stage=stage,
        after=read_position(request.GET.get("after")), before=read_position(request.GET.get("before")),
    )  # fmt: skip
    context = {"project": found, "page": page, "stage": stage, "stages": reversed(STAGES)}
    return render(request, "projects/articles.html", context)


@require_page
def add_articles(request: SignedInRequest, slug: str) -> HttpResponse:
    found = project_for(request.user, slug, "manager")
    if request.method == "POST":
        added = campaign.take_articles(found, chosen_articles(request.POST, found), by=request.user)
        word = "article" if len(added) == 1 else "articles"
        messages.success(request, f"{len(added)} {word} added." if added else "Nothing was chosen.")
        return redirect("project_articles" if added else "articles_add", slug=slug)
    context = {"project": found, "choice": choice_of(found, request.GET.get("words", ""))}
    return render(request, "projects/add_articles.html", context)


@require_POST
def withdraw_article(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    found = project_for(request.user, slug, "manager")
    row = article_in(found, pk)
    if "confirm" not in request.POST:
        raise Problem("Tick the box first: a withdrawn text cannot be brought back.", code="not_confirmed")
    campaign.withdraw_article(row.article, by=request.user)
    messages.success(request, "The text is withdrawn. Its hash, its length and all offsets stay.")
    return redirect("article", slug=slug, pk=pk)


# Who reads an article


@require_safe
def article_readers(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """A page of its own, and a box on the article's page."""
    found = project_for(request.user, slug, "manager")
    row = article_in(found, pk)
    context = {"project": found, "row": row, "article": row.article, **_readers(request.user, row)}
    template = "projects/_readers.html" if is_htmx(request) else "projects/readers.html"
    return render(request, template, context)


def _readers(user: User, row: ProjectArticle) -> dict[str, object]:
    """To a manager who reads the article themselves nothing is told but that."""
    if is_blinded(user, row.project, row.article_id):
        return {"hidden": True}
    return {
        "stage": STAGE_WORDS[row.stage],
        "places": places_of(row),
        "form": Assign(reviewers=assignable(row)),
    }


@require_POST
def assign(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    found = project_for(request.user, slug, "manager")
    row = article_in(found, pk)
    if is_blinded(request.user, found, pk):
        raise Forbidden("You read this article yourself, so you do not choose its other readers.")
    form = Assign(request.POST, reviewers=assignable(row))
    if not form.is_valid():
        raise Problem("Choose a reviewer who does not have this article.", code="reviewer_missing", field="reviewer")
    actions.assign(found, row.article, by=request.user, reviewer=form.cleaned_data["reviewer"])
    messages.success(request, f"The article is offered to {form.cleaned_data['reviewer'].username}.")
    return redirect("article_readers", slug=slug, pk=pk)


@require_POST
def withdraw_assignment(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    assignment = managed_assignment(request.user, pk)
    campaign.take_back(assignment, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, "The article went back to the others.")
    return _to_readers(assignment)


@require_POST
def send_back(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    assignment = managed_assignment(request.user, pk)
    actions.send_back(assignment, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, "The reading went back to its reader, with your words.")
    return _to_readers(assignment)


def _to_readers(assignment: Assignment) -> HttpResponse:
    return redirect("article_readers", slug=assignment.project.slug, pk=assignment.article_id)
