"""One's own account and tokens, the people of the site, and what is known of an article."""

import datetime
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from annotator.accounts.actions import password_path
from annotator.accounts.models import Token, User
from annotator.accounts.views import require_page
from annotator.errors import Problem, Stale, Unknown
from annotator.log.actions import AlreadyDone
from annotator.projects import people as verbs
from annotator.projects.access import administrators_only, project_for, projects_for, scopes_in
from annotator.projects.actions import correct_article, correct_regions
from annotator.projects.forms import Facts, Invite, MakeToken, read_position, region_changes
from annotator.projects.models import Project, ProjectArticle
from annotator.projects.queries import article_in, places_of, regions_of, roles_of, tokens_of
from annotator.requests import SignedInRequest
from corpus.actions import facts_seen
from corpus.models import Article, Region

# One's own account


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    return _account(request, _token_form(request.user))


@require_POST
def make_token(request: SignedInRequest) -> HttpResponse:
    """The one answer that holds the secret: nothing keeps it, so it cannot be shown on a later page."""
    form = _token_form(request.user, request.POST)
    if not form.is_valid():
        return _account(request, form, 422)
    asked = form.cleaned_data
    try:
        token, secret = verbs.make_token(
            request.user, name=asked["name"], scopes=asked["scopes"], projects=list(asked["projects"]),
            days=asked["days"], by=request.user, id=asked["gesture"],
        )  # fmt: skip
    except AlreadyDone:
        messages.warning(request, "This token was made and shown already. If it is lost, end it and make another.")
        return redirect("account")
    except Problem as problem:
        form.add_error(problem.field, problem.detail)
        return _account(request, form, 422)
    return render(request, "projects/token.html", {"token": token, "secret": secret})


@require_POST
def revoke_token(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    token = request.user.tokens.filter(pk=pk).first()
    if token is None:
        raise Unknown()
    verbs.revoke_token(token, by=request.user)
    messages.success(request, f"The token “{token.name}” has ended.")
    return redirect("account")


def _token_form(user: User, sent: object = None) -> MakeToken:
    projects = projects_for(user)
    allowed = frozenset[str]().union(*(scopes_in(user, project) for project in projects))
    return MakeToken(sent, projects=projects, allowed=allowed, initial={"gesture": uuid.uuid4()})


def _account(request: SignedInRequest, form: MakeToken, status: int = 200) -> HttpResponse:
    context = {"form": form, "tokens": tokens_of(request.user), "roles": roles_of(request.user), "now": timezone.now()}
    return render(request, "projects/account.html", context, status=status)


# The people of the site


@require_page
def people(request: SignedInRequest) -> HttpResponse:
    administrators_only(request.user)
    form = Invite(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = verbs.create_user(
                form.cleaned_data["username"], by=request.user, administrator=form.cleaned_data["administrator"]
            )
        except Problem as problem:
            form.add_error("username", problem.detail)
        else:
            return link_page(request, user)
    context = {"form": form, "people": User.objects.order_by("-is_active", "username")}
    return render(request, "projects/people.html", context, status=422 if form.is_bound else 200)


@require_safe
def person(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    administrators_only(request.user)
    user = person_or_unknown(pk)
    return render(request, "projects/person.html", {"person": user, "roles": roles_of(user), "tokens": tokens_of(user)})


@require_POST
def person_link(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    administrators_only(request.user)
    return link_page(request, person_or_unknown(pk))


@require_POST
def reactivate(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    administrators_only(request.user)
    user = person_or_unknown(pk)
    verbs.reactivate(user, by=request.user)
    messages.success(request, f"{user.username} can sign in again.")
    return redirect("person", pk=pk)


@require_POST
def person_token_revoke(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """An administrator ends anybody's token."""
    administrators_only(request.user)
    token = Token.objects.select_related("owner").filter(pk=pk).first()
    if token is None:
        raise Unknown()
    verbs.revoke_token(token, by=request.user)
    messages.success(request, f"The token “{token.name}” has ended.")
    return redirect("person", pk=token.owner_id)


def person_or_unknown(pk: uuid.UUID) -> User:
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise Unknown()
    return user


def link_page(request: SignedInRequest, user: User) -> HttpResponse:
    """A one-time link, to be handed over by a person: there is no mail server."""
    if not user.is_active:
        raise Problem("This person is deactivated; reactivate them first.", code="deactivated")
    context = {
        "person": user,
        "link": request.build_absolute_uri(password_path(user)),
        "until": timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    }
    return render(request, "projects/link.html", context)


# What is known of an article


@require_safe
def article(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    return _article(request, project, article_in(project, pk))


@require_POST
def article_facts(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    row = article_in(project, pk)
    form = Facts(request.POST, instance=row.article)
    if not form.is_valid():
        return _article(request, project, row, form, 422)
    facts = {name: form.cleaned_data[name] for name in Facts.Meta.fields}
    try:
        correct_article(row.article, by=request.user, facts=facts, seen=form.cleaned_data["seen"])
    except Stale as stale:
        row = article_in(project, pk)
        return _article(request, project, row, _both_states(request.POST, row.article, stale), 409)
    messages.success(request, "The corrected facts are kept, with who corrected them and when.")
    return redirect("article", slug=slug, pk=pk)


@require_POST
def article_regions(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    row = article_in(project, pk)
    if correct_regions(row.article, by=request.user, kinds=region_changes(request.POST)):
        messages.success(request, "The kinds of these regions are corrected.")
    else:
        messages.warning(request, "Nothing was different.")
    return redirect("article", slug=slug, pk=pk)


def _both_states(sent: QueryDict, article: Article, stale: Stale) -> Facts:
    """What was sent stays in the fields; what stands now is said below each that differs."""
    anew = sent.copy()
    anew["seen"] = facts_seen(article)
    form = Facts(anew, instance=article)
    asked = dict(form.cleaned_data) if form.is_valid() else {}
    form.add_error(None, stale.detail)
    for name in Facts.Meta.fields:
        now = str(getattr(article, name) or "")
        if now != str(asked.get(name) or ""):
            form.add_error(name, f"It now reads: {now or 'nothing'}")
    return form


def _article(
    request: SignedInRequest, project: Project, row: ProjectArticle, form: Facts | None = None, status: int = 200
) -> HttpResponse:
    first = read_position(request.GET.get("from")) or 0
    regions, following = regions_of(row.article, first)
    context = {
        "project": project,
        "article": row.article,
        "number": row.position,
        "form": form or Facts(instance=row.article, initial={"seen": facts_seen(row.article)}),
        "places": places_of(row.article),
        "regions": regions,
        "kinds": Region.KINDS,
        "first": first,
        "following": following,
    }
    return render(request, "projects/article.html", context, status=status)
