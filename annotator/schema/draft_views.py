"""Writing the next version of a codebook: sections of plain forms, saved at each change, with the desk beside them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from annotator.accounts.views import require_page
from annotator.errors import Problem, Unknown, as_problem
from annotator.htmx import is_htmx
from annotator.requests import SignedInRequest
from annotator.schema import actions
from annotator.schema.codebook import CodebookError, as_data, parse
from annotator.schema.complaints import Complaint, complaints
from annotator.schema.difference import Change, by_section, differences
from annotator.schema.drafting import SECTIONS, acted, edited
from annotator.schema.editor import SECTION_WORDS, sheet_of
from annotator.schema.forms import NewCodebook, read_file
from annotator.schema.mapping import losses
from annotator.schema.models import CodebookDraft, LabelSet
from annotator.schema.queries import codebook_for, codebooks_for, draft_for
from annotator.schema.views import as_file


@require_page
def new_codebook(request: SignedInRequest) -> HttpResponse:
    sources = [version for one in codebooks_for(request.user) for version in one.versions]
    form = NewCodebook(request.POST or None, request.FILES or None, sources=sources)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            data = read_file(sent["file"]) if sent["file"] else as_data(sent["source"].codebook)
            draft = actions.start_codebook(data, slug=sent["slug"], title=sent["title"], by=request.user)
        except (Problem, CodebookError) as error:
            _refuse(form, error)
        else:
            return redirect("draft", slug=draft.slug, section="labels")
    return render(request, "schema/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _refuse(form: NewCodebook, error: Problem | CodebookError) -> None:
    problem = as_problem(error)
    assert problem is not None
    field = "slug" if problem.code == "slug_taken" else "file"
    form.add_error(field, problem.detail)


@require_POST
def start(request: SignedInRequest, slug: str) -> HttpResponse:
    """Go on from the newest version, or from an older one that is named."""
    found = codebook_for(request.user, slug)
    wanted = request.POST.get("from", "")
    base = next((one for one in found.versions if str(one.number) == wanted), found.newest)
    if base is None:
        raise Unknown()
    actions.start_draft(LabelSet.objects.get(pk=base.pk), by=request.user)
    return redirect("draft", slug=slug, section="labels")


@require_page
def draft(request: SignedInRequest, slug: str, section: str) -> HttpResponse:
    found = draft_for(request.user, slug)
    if section not in SECTIONS:
        raise Unknown()
    if request.method != "POST":
        return _page(request, found, section)
    sent = {name: request.POST.getlist(name) for name in request.POST}
    base = as_data(found.base.codebook) if found.base else None
    data, faults = edited(found.data, base, sent)
    act = request.POST.get("act", "")
    try:
        data = acted(data, base, act) if act else data
        found = actions.change_draft(found, by=request.user, version=_version(request), data=data)
    except Problem as problem:
        if not is_htmx(request):
            raise
        return render(request, "schema/_saved.html", {"draft": found, "problem": problem})
    if is_htmx(request):
        return _saved(request, found, section, faults)
    if faults:
        return _page(request, found, section, faults)
    return redirect(_address(request, slug, section, act, data))


def _version(request: SignedInRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 17 else 0


def _address(request: SignedInRequest, slug: str, section: str, act: str, data: object) -> str:
    """The same page again, at the item that was worked on."""
    verb, _, place = act.partition(":")
    if verb == "add":
        items: object = data
        for step in place.split("."):
            items = items[int(step) if step.isdigit() else step]  # type: ignore[index]
        place = f"{place}.{len(items) - 1}"  # type: ignore[arg-type]
    asked = {"of": request.GET.get("of", ""), "open": place}
    query = urlencode({name: value for name, value in asked.items() if value})
    address = reverse("draft", kwargs={"slug": slug, "section": section})
    return f"{address}?{query}{'#f-' + place.replace('.', '-') if place else ''}" if query else address


def _page(
    request: SignedInRequest, found: CodebookDraft, section: str, faults: list[Complaint] | None = None
) -> HttpResponse:
    return render(
        request, "schema/draft.html", _context(request, found, section, faults), status=422 if faults else 200
    )


def _saved(request: SignedInRequest, found: CodebookDraft, section: str, faults: list[Complaint]) -> HttpResponse:
    """What a change made elsewhere on the page; the fields themselves stay as the person left them."""
    answer = render(request, "schema/_saved.html", _context(request, found, section, faults))
    answer["HX-Trigger"] = "draft-saved"
    return answer


def _context(
    request: SignedInRequest, found: CodebookDraft, section: str, faults: list[Complaint] | None
) -> dict[str, object]:
    told = [*(faults or ()), *complaints(found.data)]
    owner = request.GET.get("of", "")
    sheet = sheet_of(found, section, owner, request.GET.get("open", ""), told)
    return {
        "draft": found, "number": found.data["version"], "title": found.data["title"], "sheet": sheet,
        "section": section, "sections": SECTION_WORDS, "complaints": told,
        "query": urlencode({"of": sheet.owner}) if sheet.owner else "",
    }  # fmt: skip


@require_safe
def review(request: SignedInRequest, slug: str) -> HttpResponse:
    """What publishing would do."""
    return _review(request, draft_for(request.user, slug))


def _review(request: SignedInRequest, found: CodebookDraft, error: str = "", status: int = 200) -> HttpResponse:
    told, changes = complaints(found.data), list[Change]()
    if not any(one.is_grave for one in told) and found.base is not None:
        codebook = parse(found.data)
        changes = differences(found.base.codebook, codebook)
        told += [Complaint("", words) for words in losses(found.base.codebook, codebook)]
    context = {
        "draft": found, "number": found.data["version"], "title": found.data["title"], "section": "review",
        "sections": SECTION_WORDS, "complaints": told, "is_ready": not any(one.is_grave for one in told),
        "differences": by_section(changes), "count": len(changes), "error": error,
    }  # fmt: skip
    return render(request, "schema/review.html", context, status=status)


@require_POST
def publish(request: SignedInRequest, slug: str) -> HttpResponse:
    found = draft_for(request.user, slug)
    try:
        version = actions.publish_draft(found, by=request.user, version=_version(request))
    except (Problem, CodebookError) as error:
        problem = as_problem(error)
        assert problem is not None
        return _review(request, found, problem.detail, problem.status)
    messages.success(request, f"Version {version.number} is published and will never change.")
    return redirect("codebook", slug=slug)


@require_POST
def discard(request: SignedInRequest, slug: str) -> HttpResponse:
    found = draft_for(request.user, slug)
    actions.discard_draft(found, by=request.user, version=_version(request))
    messages.success(request, "The draft was thrown away.")
    return redirect("codebook", slug=slug) if found.base else redirect("codebooks")


@require_POST
def read_in(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put what a file says in the place of the draft. A file that is no codebook changes nothing."""
    found = draft_for(request.user, slug)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Problem("Choose a file first.", code="no_file", field="file")
        data = as_data(parse({**read_object(file), "slug": slug, "version": found.data["version"]}))
        actions.change_draft(found, by=request.user, version=_version(request), data=data)
    except (Problem, CodebookError) as error:
        problem = as_problem(error)
        assert problem is not None
        return _review(request, found, problem.detail, problem.status)
    messages.success(request, "The draft says what the file says.")
    return redirect("draft_review", slug=slug)


def read_object(file: object) -> dict[str, object]:
    data = read_file(file)  # type: ignore[arg-type]
    if not isinstance(data, dict):
        raise Problem("The file must hold one object.", code="not_an_object", field="file")
    return data


@require_safe
def export(request: SignedInRequest, slug: str) -> HttpResponse:
    return as_file(f"{slug}-draft", draft_for(request.user, slug).data)
