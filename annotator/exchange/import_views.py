"""Importing in the browser: drop files, see what would come of them, correct it, bring it in."""

import datetime
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotator.errors import Forbidden, Problem
from annotator.exchange import imports
from annotator.exchange.imports import Correction
from annotator.projects.access import project_for
from annotator.projects.models import Project
from annotator.requests import SignedInRequest
from corpus import actions as corpus
from corpus.drafts import FACTS, MAX_FACT_LENGTHS, REGION_KINDS, ArticleDraft
from corpus.models import ImportFile, ImportRun
from corpus.readers import ENDINGS

SHOWN = 50
"""Articles of one file that are shown for correction; of more, the first ones."""


@require_http_methods(["GET", "POST"])
def import_start(request: SignedInRequest, slug: str = "") -> HttpResponse:
    """The place to drop files. A POST stages files; the page sends one at a time and shows how far it is."""
    project = _project(request, slug)
    if request.method == "GET":
        context = {"project": project, "endings": ENDINGS, "limit": settings.UPLOAD_LIMIT // 1_000_000}
        return render(request, "exchange/import_start.html", context)
    files = request.FILES.getlist("files")
    if not files:
        raise Problem("Choose one or more files first.", code="no_files", field="files")
    given = request.POST.get("run", "")
    run = imports.run_for(request.user, _uuid(given)) if given else imports.start_run(by=request.user)
    for file in files:
        imports.stage(run, file.name or "file", file.read())
    address = _address("import_run", project, run)
    if request.headers.get("HX-Request"):
        return JsonResponse({"run": str(run.pk), "address": address})
    return redirect(address)


@require_GET
def import_run(request: SignedInRequest, pk: uuid.UUID, slug: str = "") -> HttpResponse:
    """What was found in each file, before anything is written."""
    project = _project(request, slug)
    run = imports.run_for(request.user, pk)
    files = list(run.files.all())
    previews = _previews(files)
    context = {
        "project": project, "run": run, "files": previews, "kinds": REGION_KINDS,
        "count": sum(preview.fresh for preview in previews),
        "commit": _address("import_commit", project, run), "again": _start_address(project),
    }  # fmt: skip
    return render(request, "exchange/import_run.html", context)


@require_POST
def import_commit(request: SignedInRequest, pk: uuid.UUID, slug: str = "") -> HttpResponse:
    project = _project(request, slug)
    run = imports.run_for(request.user, pk)
    corrections = _corrections(request.POST, run)
    outcome = imports.commit(run, corrections, by=request.user, project=project)
    messages.success(request, outcome.in_words)
    return redirect("project", slug=project.slug) if project else redirect("admin:corpus_article_changelist")


def _project(request: SignedInRequest, slug: str) -> Project | None:
    if slug:
        return project_for(request.user, slug, "manager")
    if not request.user.is_superuser:
        raise Forbidden("Only an administrator imports articles for no project; open your project and import there.")
    return None


def _address(name: str, project: Project | None, run: ImportRun) -> str:
    if project is None:
        return reverse(f"{name}_site", kwargs={"pk": run.pk})
    return reverse(name, kwargs={"slug": project.slug, "pk": run.pk})


def _start_address(project: Project | None) -> str:
    return reverse("import_start", kwargs={"slug": project.slug}) if project else reverse("import_start_site")


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Problem("This import is unknown; start again.", code="malformed", field="run") from error


@dataclass(frozen=True)
class Preview:
    """One file as the page shows it. `fresh`: how many of its articles are not here yet."""

    file: ImportFile
    drafts: list["DraftPreview"]
    hidden: int
    fresh: int


@dataclass(frozen=True)
class DraftPreview:
    """One article found. `prefix`: begins the names of its form fields."""

    prefix: str
    draft: ArticleDraft
    facts: list[tuple[str, str, str, int]]
    regions: Sequence[tuple[int, str, str]]
    is_known: bool
    twin: str


NAMES = {"title": "Title", "deck": "Deck", "byline": "Byline", "published_on": "Date", "outlet": "Outlet"}


def _previews(files: list[ImportFile]) -> list[Preview]:
    known = imports.known_places(files)
    read = [(file, corpus.stored_drafts(file)) for file in files]
    twins = imports.same_texts(draft for _, drafts in read for draft in drafts[:SHOWN])
    found = []
    for file, drafts in read:
        shown = [_preview(file, place, draft, known, twins) for place, draft in enumerate(drafts[:SHOWN])]
        fresh = sum((file.sha256, draft.source_start) not in known for draft in drafts)
        found.append(Preview(file, shown, max(0, len(drafts) - SHOWN), fresh))
    return found


def _preview(
    file: ImportFile, place: int, draft: ArticleDraft, known: set[tuple[str, int]], twins: dict[str, str]
) -> DraftPreview:
    facts = [
        (name, NAMES[name], getattr(draft, name).value if getattr(draft, name) else "", MAX_FACT_LENGTHS.get(name, 10))
        for name in FACTS
    ]
    regions = [(region.start, region.kind, draft.text[region.start : region.end]) for region in draft.regions]
    is_known = (file.sha256, draft.source_start) in known
    twin = "" if is_known else twins.get(draft.sha256, "")
    return DraftPreview(f"{file.position}-{place}", draft, facts, regions, is_known, twin)


FIELD = re.compile(r"^(\d{1,6})-(\d{1,6})-([a-z_]+)(?:-(\d{1,9}))?$")


def _corrections(form: QueryDict, run: ImportRun) -> dict[tuple[int, int], Correction]:
    """The form's fields `file-draft-name` and `file-draft-kind-start`, as corrections."""
    given: dict[tuple[int, int], dict[str, str]] = {}
    for key in form:
        match = FIELD.match(key)
        if match:
            place = (int(match[1]), int(match[2]))
            name = f"{match[3]}-{match[4]}" if match[4] else match[3]
            given.setdefault(place, {})[name] = str(form[key]).strip()
    return {place: _correction(fields) for place, fields in given.items()}


def _correction(fields: dict[str, str]) -> Correction:
    facts = {name: " ".join(fields.get(name, "").split()) for name in FACTS}
    for name, longest in MAX_FACT_LENGTHS.items():
        if len(facts[name]) > longest:
            raise Problem(f"The {name} is longer than {longest} characters; shorten it.", code="too_long", field=name)
    if facts["published_on"] and not _is_date(facts["published_on"]):
        raise Problem("Write the date as year-month-day, such as 2024-11-10.", code="bad_date", field="published_on")
    language = fields.get("language", "und") or "und"
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language):
        raise Problem("Write the language as a code, such as en or pt-BR.", code="bad_language", field="language")
    kinds = {int(name.split("-")[1]): kind for name, kind in fields.items() if name.startswith("kind-")}
    for kind in kinds.values():
        if kind not in REGION_KINDS:
            raise Problem(f"There is no kind of region “{kind}”.", code="unknown_kind", field="kind")
    return Correction(facts, language, kinds, fields.get("taken") == "yes")


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2024-11-10")
