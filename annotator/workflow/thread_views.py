"""What readers flagged, for the manager: a list with the place of each, and a box for the answer."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotator.projects.access import project_for
from annotator.requests import SignedInRequest
from annotator.workflow import threads


@require_safe
def flags(request: SignedInRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    everything = "all" in request.GET
    found, after = threads.threads_for(request.user, project, everything=everything, after=request.GET.get("after", ""))
    context = {"project": project, "threads": found, "after": after, "everything": everything}
    return render(request, "workflow/flags.html", context)


@require_POST
def answer(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    comment = threads.thread_for(request.user, pk)
    settles = "settles" in request.POST
    threads.answer(comment, by=request.user, text=request.POST.get("text", ""), settles=settles)
    messages.success(request, "Marked as dealt with." if settles else "Your answer is with the reader.")
    return redirect("flags", slug=comment.annotation_set.project.slug)
