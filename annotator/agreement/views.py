"""The agreement page, what is behind its numbers, and the same as files. For managers and adjudicators."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotator.agreement import files, side_by_side
from annotator.agreement.breakdown import ByPage
from annotator.agreement.forms import CellForm
from annotator.agreement.links import Links
from annotator.agreement.paper import paper
from annotator.agreement.parts import Question
from annotator.agreement.screen import BY, Page, QuestionPage, comparisons
from annotator.agreement.study import Chosen, Study, study_for
from annotator.errors import Unknown
from annotator.htmx import is_htmx
from annotator.projects.access import project_for
from annotator.projects.models import Project
from annotator.projects.renewal import Renewal
from annotator.requests import SignedInRequest

PATIENCE = 150
"""More articles than that take longer than a second to work through: the page comes first, its figures after."""


@require_safe
def agreement(request: SignedInRequest, slug: str) -> HttpResponse:
    project = _project(request, slug)
    renewal = Renewal.of(request, project)
    if renewal.holds:
        return renewal.nothing_new
    study = _study(request, project)
    context: dict[str, object] = {"project": project, "study": study, "address": request.get_full_path()}
    context["comparisons"] = comparisons(study)
    if study.waiting > PATIENCE and not is_htmx(request) and "wait" not in request.GET:
        return render(request, "agreement/waiting.html", {**context, "wait": Links(study).page(wait="1")})
    if study.articles:
        report = study.report()
        context |= {"page": Page(study, report), "report": report, "paper": paper(report, study.scheme)}
    return renewal.answer("agreement/agreement.html", "agreement/_figures.html", context)


@require_safe
def by(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """The same figures for each outlet, codebook version, week or pair of readers; a page, or a box on the page."""
    study = _study(request, _project(request, slug))
    if kind not in study.kinds:
        raise Unknown()
    page = ByPage(study, kind, study.lines(kind))
    context = {"project": study.project, "study": study, "by": BY[kind], "page": page}
    return render(request, "agreement/_by.html" if is_htmx(request) else "agreement/by.html", context)


@require_safe
def question(request: SignedInRequest, slug: str, question: str) -> HttpResponse:
    study = _study(request, _project(request, slug))
    of, _, name = question.partition(".")
    page = QuestionPage(study, study.detail(Question(of, name)))
    return render(request, "agreement/question.html", {"project": study.project, "study": study, "page": page})


@require_safe
def spans(request: SignedInRequest, slug: str) -> HttpResponse:
    """The judgements that one number counts, side by side."""
    study = _study(request, _project(request, slug))
    form = CellForm(request.GET)
    if not form.is_valid():
        raise Unknown()
    cell = form.cell(in_order=study.pair is not None)
    sheet = side_by_side.sheet(study, cell, form.cleaned_data["start"] or 0)
    context = {
        "project": study.project, "study": study, "sheet": sheet, "back": Links(study).page(),
        "before": None if sheet.before is None else side_by_side.address(study, cell, sheet.before),
        "after": None if sheet.after is None else side_by_side.address(study, cell, sheet.after),
    }  # fmt: skip
    return render(request, "agreement/spans.html", context)


@require_safe
def data(request: SignedInRequest, slug: str, form: str) -> HttpResponse:
    """All figures as a file; with `by` in the address those of a breakdown."""
    study = _study(request, _project(request, slug))
    kind = request.GET.get("by", "")
    if kind and kind not in study.kinds:
        raise Unknown()
    if not study.articles:
        rows = []
    elif kind:
        rows = files.rows_of_lines(study.lines(kind))
    else:
        rows = files.rows_of(study.figures())
    if form == "csv":
        response = HttpResponse(files.as_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(files.as_json(study, rows), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{study.project.slug}-agreement.{form}"'
    return response


def _project(request: SignedInRequest, slug: str) -> Project:
    return project_for(request.user, slug, "manager", "adjudicator")


def _study(request: SignedInRequest, project: Project) -> Study:
    return study_for(request.user, project, Chosen.read(request.GET.dict()))
