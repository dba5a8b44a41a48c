"""After publishing: gold with where it came from, and for its readers what became of their own spans."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from annotator.annotation.queries import annotation_set_for
from annotator.projects.access import project_for, roles_in
from annotator.requests import SignedInRequest
from annotator.workflow import adjudication
from annotator.workflow.gold_screen import feedback_page, gold_page
from annotator.workflow.queries import gold_of, released_gold


@require_GET
def gold(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Gold of one article on its text, with the decisions and judgements behind each span."""
    project = project_for(request.user, slug)
    row, gold_set = gold_of(request.user, project, pk)
    settles = bool(roles_in(request.user, project) & {"adjudicator", "manager"})
    case = adjudication.load(project, row, gold_set)
    context = {"project": project, "article": row.article, "gold_set": gold_set, "settles": settles}
    context |= {"page": gold_page(case, names=settles), "submission": gold_set.submissions.latest("number")}
    return render(request, "workflow/gold.html", context)


@require_GET
def feedback(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """A reader's own spans against gold, once the article was released to its readers."""
    own = annotation_set_for(request.user, pk)
    row, gold_set = released_gold(request.user, own)
    case = adjudication.load(own.project, row, gold_set)
    voice = next(key for key, one in case.submissions.items() if one.annotation_set_id == own.pk)
    context = {"project": own.project, "article": row.article, "gold_set": gold_set, "own": own}
    return render(request, "workflow/feedback.html", context | {"page": feedback_page(case, voice)})
