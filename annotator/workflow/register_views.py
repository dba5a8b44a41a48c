"""A project's registers: all members look entries up, managers keep them and rule on what readers propose."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotator.accounts.views import require_page
from annotator.errors import Forbidden, Problem, as_problem
from annotator.log.actions import AlreadyDone
from annotator.projects.access import project_for
from annotator.projects.forms import read_uuid
from annotator.projects.models import Project
from annotator.registers import actions
from annotator.requests import SignedInRequest
from annotator.workflow.register import STATUSES, One, Proposed, Register, proposal_for, register_for
from annotator.workflow.register_forms import EntryForm, form_for, initial_of

Carry = Callable[[], object]


@require_page
def register(request: SignedInRequest, slug: str) -> HttpResponse:
    """One list: what waits for a manager, then the entries. A POST adds an entry."""
    project = project_for(request.user, slug)
    lists = list(project.label_set.codebook.lists)
    if not lists:
        return _without_lists(request, project)
    wanted = request.GET.get("list", lists[0])
    found = register_for(request.user, project, wanted if wanted in lists else lists[0])
    form = form_for(found.list_name, new=True)(request.POST or None, initial={"gesture": uuid.uuid4()})
    if request.method == "POST":
        _managers_only(found)
        if form.is_valid():
            added = _added(request, found, form)
            if added:
                return redirect("register_entry", slug=slug, list_name=found.list_name, key=added)
    return render(request, "registers/register.html", _register_context(request, found, form), status=_status(form))


def _without_lists(request: SignedInRequest, project: Project) -> HttpResponse:
    if request.method == "POST":
        raise Forbidden("The codebook of this project has no lists.")
    return render(request, "registers/register.html", {"project": project, "register": None})


def _register_context(request: SignedInRequest, found: Register, form: EntryForm) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    status = request.GET.get("status", "active")
    status = status if found.manages and status in STATUSES else "active"
    entries, after = (found.found(words), "") if words else found.page(status, request.GET.get("after", ""))
    uses = found.uses([entry["key"] for entry in entries]) if found.manages else {}
    return {
        "project": found.project,
        "register": found,
        "lists": list(found.codebook.lists),
        "proposals": found.proposals() if found.manages else [],
        "entries": [(entry, uses.get(entry["key"], 0)) for entry in entries],
        "after": after,
        "words": words,
        "status": status,
        "form": form,
    }


def _status(form: EntryForm) -> int:
    return 422 if form.is_bound else 200


def _added(request: SignedInRequest, found: Register, form: EntryForm) -> str | None:
    sent = form.cleaned_data
    try:
        return actions.add_entry(
            found.project,
            found.list_name,
            by=request.user,
            data=form.data_of_entry,
            key=sent["key"],
            id=sent["gesture"],
        )
    except AlreadyDone:
        return sent["key"] or None
    except (Problem, ValueError) as error:
        _complain(form, error)
        return None


def _complain(form: EntryForm, error: Exception) -> None:
    problem = as_problem(error)
    if problem is None:
        raise error
    form.add_error(problem.field if problem.field in form.fields else None, problem.detail)


@require_safe
def find(request: SignedInRequest, slug: str, list_name: str) -> HttpResponse:
    """Entries that fit what is typed, as choices of an input."""
    found = register_for(request.user, project_for(request.user, slug, "manager"), list_name)
    typed = request.GET.get("into") or request.GET.get("affiliation") or ""
    return render(request, "registers/_found.html", {"entries": found.found(typed)[:8]})


# One entry


@require_page
def entry(request: SignedInRequest, slug: str, list_name: str, key: str) -> HttpResponse:
    found = register_for(request.user, project_for(request.user, slug), list_name)
    one = found.entry(key)
    given = {**initial_of(one.entry), "gesture": uuid.uuid4(), "seen": one.seen}
    form = form_for(list_name, new=False)(request.POST if request.POST.get("act") == "change" else None, initial=given)
    if request.method == "POST":
        _managers_only(found)
        if _acted(request, one, form):
            return redirect("register_entry", slug=slug, list_name=list_name, key=key)
    context = {"project": found.project, "register": found, "one": one, "form": form, "gesture": uuid.uuid4(),
               "target": _target(request.GET, found, key)}  # fmt: skip
    return render(request, "registers/entry.html", context, status=_status(form))


def _acted(request: SignedInRequest, one: One, form: EntryForm) -> bool:
    """Whether something was done; the form says why not."""
    if form.is_bound and not form.is_valid():
        return False
    place = (one.register.project, one.register.list_name, one.key)
    by, id = request.user, _gesture(request)
    acts: Mapping[str, tuple[Carry, str]] = {
        "change": (lambda: actions.change_entry(*place, by=by, id=id, data=form.data_of_entry, seen=_seen(form)),
                   "Kept. Spans say the new name from now on."),
        "merge": (lambda: actions.merge(*place, by=by, id=id, into=request.POST.get("into", "")),
                  "Merged. No span was touched; what is read from them says the entry that stands."),
        "unmerge": (lambda: actions.unmerge(*place, by=by, id=id), "It stands for itself again."),
        "retire": (lambda: actions.retire(*place, by=by, id=id), "Retired: it is offered no longer."),
        "restore": (lambda: actions.restore(*place, by=by, id=id), "It is offered again."),
    }  # fmt: skip
    return _carried_out(request, acts, form)


def _seen(form: EntryForm) -> str:
    return str(form.cleaned_data["seen"])


def _key(form: EntryForm) -> str:
    return str(form.cleaned_data["key"])


def _gesture(request: SignedInRequest) -> uuid.UUID:
    return read_uuid(request.POST.get("gesture", ""))


def _carried_out(request: SignedInRequest, acts: Mapping[str, tuple[Carry, str]], form: EntryForm | None) -> bool:
    act = request.POST.get("act", "")
    if act not in acts:
        raise Problem("Choose what to do.", code="unknown_act", field="act")
    carry, words = acts[act]
    try:
        with suppress(AlreadyDone):
            carry()
    except (Problem, ValueError) as error:
        if form is None or not form.is_bound:
            raise
        _complain(form, error)
        return False
    messages.success(request, words)
    return True


def _target(sent: QueryDict, found: Register, key: str) -> One | None:
    """What a merge would lead to, for looking before it is done."""
    into = sent.get("into", "")
    if not into or into == key or not found.manages:
        return None
    return found.entry(into)


def _managers_only(found: Register) -> None:
    if not found.manages:
        raise Forbidden("This is for the manager of the project.")


# One proposal


@require_page
def proposal(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    one = proposal_for(request.user, project, pk)
    given = {**initial_of(one.entry), "gesture": uuid.uuid4(), "key": ""}
    sent = request.POST if request.POST.get("act") == "take in" else None
    form = form_for(one.row.list, new=True)(sent, initial=given)
    if request.method == "POST" and _ruled(request, one, form):
        return redirect(f"/projects/{slug}/register/?list={one.row.list}")
    context = {"project": project, "register": one.register, "one": one, "form": form, "gesture": uuid.uuid4(),
               "target": _target(request.GET, one.register, one.row.key)}  # fmt: skip
    return render(request, "registers/proposal.html", context, status=_status(form))


def _ruled(request: SignedInRequest, one: Proposed, form: EntryForm) -> bool:
    if form.is_bound and not form.is_valid():
        return False
    by, id, place = request.user, _gesture(request), (one.register.project, one.row)
    sent = request.POST
    acts: Mapping[str, tuple[Carry, str]] = {
        "take in": (lambda: actions.take_in(*place, by=by, id=id, data=form.data_of_entry, key=_key(form)),
                    "Taken in: all readers are offered it now."),
        "merge": (lambda: actions.merge_proposal(*place, by=by, id=id, into=sent.get("into", "")),
                  "Merged. No span was touched."),
        "decline": (lambda: actions.decline(*place, by=by, id=id, reason=sent.get("reason", "")),
                    "Left out. Its proposer is told."),
        "put back": (lambda: actions.put_back(*place, by=by, id=id), "It waits again."),
    }  # fmt: skip
    return _carried_out(request, acts, form)
