"""After publishing: gold with where it came from, and for its readers what became of their own spans."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from annotator.annotation.models import AnnotationSet
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Unknown
from annotator.projects.access import project_for, roles_in
from annotator.requests import SignedInRequest
from annotator.workflow.feedback_screen import feedback_page
from annotator.workflow.gold_screen import gold_page
from annotator.workflow.loading import load
from annotator.workflow.models import Assignment
from annotator.workflow.progress import managed_assignment
from annotator.workflow.queries import gold_of, released_gold
from annotator.workflow.threads import readers_threads
from annotator.workflow.training import result_of, score_of, training_gold, training_of


@require_GET
def gold(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Gold of one article on its text, with the decisions and judgements behind each span."""
    project = project_for(request.user, slug)
    row, gold_set = gold_of(request.user, project, pk)
    settles = bool(roles_in(request.user, project) & {"adjudicator", "manager"})
    case = load(project, row, gold_set)
    context = {"project": project, "article": row.article, "gold_set": gold_set, "settles": settles}
    context |= {"page": gold_page(case, names=settles), "submission": gold_set.submissions.latest("number")}
    return render(request, "workflow/gold.html", context)


@require_GET
def feedback(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """A reader's own spans against gold: after training at once, else when the article is released to its readers."""
    own = annotation_set_for(request.user, pk)
    trained = Assignment.objects.filter(annotation_set=own, reviewer=request.user, purpose="training")
    assignment = trained.select_related("result__gold", "project").first()
    if assignment is not None:
        return _training_feedback(request, assignment, own)
    row, gold_set = released_gold(request.user, own)
    case = load(own.project, row, gold_set)
    voice = next(key for key, one in case.submissions.items() if one.annotation_set_id == own.pk)
    context = {
        "project": own.project, "article": row.article, "own": own, "page": feedback_page(case, voice),
        "threads": readers_threads(request.user, own),
    }  # fmt: skip
    return render(request, "workflow/feedback.html", context)


def _training_feedback(request: SignedInRequest, assignment: Assignment, own: AnnotationSet) -> HttpResponse:
    """`own`: of the reviewer who is asking, or of the one whom a manager looks after."""
    row, gold_set = training_gold(request.user, assignment)
    reader, result = assignment.reviewer, result_of(assignment)
    assert reader is not None and result is not None
    voice = own.submissions.select_related("annotation_set").latest("number")
    case = load(gold_set.project, row, gold_set, beside=voice)
    context = {
        "project": own.project, "article": row.article, "own": own, "assignment": assignment, "result": result,
        "score": score_of(result), "is_own": reader == request.user, "training": training_of(reader, own.project),
        "page": feedback_page(case, str(voice.pk), in_training=True),
    }  # fmt: skip
    return render(request, "workflow/feedback.html", context)


@require_GET
def training_feedback(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The same for a manager, who looks at how somebody's training went."""
    assignment = managed_assignment(request.user, pk)
    if assignment.purpose != "training" or assignment.annotation_set_id is None:
        raise Unknown()
    own = AnnotationSet.objects.select_related("project", "owner").get(pk=assignment.annotation_set_id)
    return _training_feedback(request, assignment, own)
