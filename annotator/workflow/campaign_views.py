"""A project's rules and quotas, offering articles at once, and how far the work is, with the lists behind it."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from annotator.accounts.views import require_page
from annotator.errors import Problem
from annotator.htmx import is_htmx
from annotator.projects.access import project_for
from annotator.projects.models import Project
from annotator.requests import SignedInRequest
from annotator.workflow import actions
from annotator.workflow.adjudication import set_rules
from annotator.workflow.batches import assign_batch, planned
from annotator.workflow.campaign_forms import Allowance, Conditions, Offer, address_of, read_filter
from annotator.workflow.charts import chart_for, labels_for
from annotator.workflow.conditions import change_conditions, check_conditions, conditions_of, set_allowances
from annotator.workflow.history import places_page, places_title, spans_page, spans_title, work_for
from annotator.workflow.outlook import outlook_for
from annotator.workflow.progress import PLACE_WORDS, Reader, readers_for
from annotator.workflow.queries import assignment_for
from annotator.workflow.slots import Fitted

# Rules


@require_page
def settings(request: SignedInRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    form = Conditions.of(project, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_conditions(conditions_of(project) | form.values)
            if "look" in request.POST:
                return _settings(request, project, form, None)
            fitted = _set_conditions(request, project, form)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, f"The settings are kept. {_in_words(fitted)}")
            return redirect("project_settings", slug=slug)
    return _settings(request, project, form, None)


def _set_conditions(request: SignedInRequest, project: Project, form: Conditions) -> Fitted:
    with transaction.atomic():
        fitted = change_conditions(project, by=request.user, seen=form.cleaned_data["seen"], values=form.values)
        if form.settling != project.settling:
            set_rules(request.user, project, form.settling)
    return fitted


def _in_words(fitted: Fitted) -> str:
    changes = [(fitted.opened, "opened"), (fitted.closed, "closed")]
    said = [f"{count} {'place was' if count == 1 else 'places were'} {what}" for count, what in changes if count]
    return f"{' and '.join(said)}." if said else ""


@require_POST
def allowances(request: SignedInRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    forms = Allowance.each(readers_for(request.user, project), request.POST)
    wrong = [form for _, form in forms if not form.is_valid()]
    if wrong:
        return _settings(request, project, Conditions.of(project), forms)
    values = {reader.membership: form.given for reader, form in forms}
    changed = set_allowances(project, by=request.user, values=values)
    messages.success(
        request, f"Kept for {changed} {'reader' if changed == 1 else 'readers'}." if changed else "Nothing changed."
    )
    return redirect("project_settings", slug=slug)


def _settings(
    request: SignedInRequest, project: Project, form: Conditions, forms: Sequence[tuple[Reader, Allowance]] | None
) -> HttpResponse:
    thought = form.values if form.is_bound and not form.errors else {}
    context = {
        "project": project,
        "form": form,
        "outlook": None if form.errors else outlook_for(request.user, project, thought),
        "is_thought": bool(thought),
        "allowances": forms or Allowance.each(readers_for(request.user, project)),
    }
    return render(request, "workflow/settings.html", context, status=422 if form.errors or forms else 200)


# Offering


@require_page
def offer(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose articles and readers, see what would happen, then offer."""
    project = project_for(request.user, slug, "manager")
    sent = request.POST if request.method == "POST" else request.GET
    form = Offer(sent or None, project=project, readers=readers_for(request.user, project))
    if request.method == "POST" and form.is_valid():
        done = assign_batch(project, by=request.user, wish=form.wish)
        messages.success(request, f"{done.in_words}." if done.pairs else "Nothing could be offered.")
        return redirect("project_articles", slug=slug)
    plan = planned(request.user, project, form.wish) if form.is_valid() else None
    context = {"project": project, "form": form, "plan": plan}
    return render(request, "workflow/offer.html", context, status=422 if form.errors else 200)


# How far the work is


@require_safe
def progress(request: SignedInRequest, slug: str) -> HttpResponse:
    """A page of its own, and a box on the project's page. A reviewer sees their own work alone."""
    project = project_for(request.user, slug, "manager", "reviewer")
    work = work_for(request.user, project)
    context = {
        "project": project,
        "work": work,
        "chart": chart_for(work, timezone.localdate()),
        "labels": labels_for(work),
    }
    template = "workflow/_progress.html" if is_htmx(request) else "workflow/progress.html"
    return render(request, template, context)


@require_safe
def places(request: SignedInRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, "manager", "reviewer")
    work, chosen = work_for(request.user, project), read_filter(request.GET)
    rows, after = places_page(work, chosen)
    context = {
        "project": project,
        "work": work,
        "title": places_title(work, chosen),
        "rows": [(row, PLACE_WORDS[row.state]) for row in rows],
        "after": after,
        "address": address_of(chosen),
    }
    return render(request, "workflow/places.html", context)


@require_safe
def spans(request: SignedInRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, "manager", "reviewer")
    work, chosen = work_for(request.user, project), read_filter(request.GET)
    rows, after = spans_page(work, chosen)
    labels = {label.key: label for label in project.label_set.codebook.labels}
    context = {
        "project": project,
        "work": work,
        "chosen": chosen,
        "title": spans_title(work, chosen),
        "rows": [(span, labels.get(span.label)) for span in rows],  # an earlier version may have had others
        "after": after,
        "address": address_of(chosen),
    }
    return render(request, "workflow/spans.html", context)


@require_POST
def take_again(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    assignment = actions.take_again(assignment_for(request.user, pk), by=request.user)
    return redirect("desk", assignment.annotation_set_id)
