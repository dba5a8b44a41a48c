"""Signing in and out, and one's own password."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from annotator.accounts import actions
from annotator.accounts.forms import ChangePassword, NewPassword, SignIn
from annotator.errors import Problem
from annotator.middleware import problem_page
from annotator.requests import SignedInRequest

require_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@sensitive_post_parameters("password")
@require_page
def sign_in(request: HttpRequest) -> HttpResponse:
    after = _safe_next(request)
    if request.user.is_authenticated:
        return redirect(after)
    form = SignIn(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        _limit_session(request)
        return redirect(after)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/sign_in.html", {"form": form, "next": after}, status=status)


def _safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: only ever a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _limit_session(request: HttpRequest) -> None:
    """A date, not an age: an age would begin anew with every page that touches the session."""
    request.session.set_expiry(timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")


@login_not_required
@sensitive_post_parameters("new_password1", "new_password2")
@require_page
def set_password(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """What a one-time link opens. A link that was used or is too old says so, whoever it was for."""
    user = actions.user_by_link(uidb64, token)
    if user is None:
        return render(request, "accounts/link_ended.html", status=404)
    form = NewPassword(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(user, form.cleaned_data["new_password1"])
        logout(request)
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("sign_in")
    context = {"form": form, "name": user.username}
    return render(request, "accounts/set_password.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@require_page
def change_password(request: SignedInRequest) -> HttpResponse:
    form = ChangePassword(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is changed. Your other sessions have ended.")
        return redirect("account")
    return render(request, "accounts/change_password.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def change_shortcuts(request: SignedInRequest) -> HttpResponse:
    """Single-key shortcuts in the text, on or off: some people's hands or voices trigger them unasked."""
    actions.set_shortcuts(request.user, "shortcuts" in request.POST)
    messages.success(request, f"Single-key shortcuts are {'on' if request.user.shortcuts else 'off'}.")
    return redirect("account")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    problem = Problem("This page had been open for too long. Reload it and try again.", code="csrf_failed")
    problem.status = 403
    return problem_page(request, problem)


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    return render(request, "accounts/locked_out.html", status=429)
