"""What a password, a one-time link and a token are made of; `projects/people.py` writes them with their events."""

import datetime
import hashlib
import secrets
from collections.abc import Sequence

from axes.utils import reset
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db.models import CharField, DateTimeField
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from annotator.accounts.models import Token, User
from annotator.errors import Problem
from annotator.prepared import Given, Prepared

TOKEN_DAYS = 90
TOKEN_DAYS_MOST = 365


def password_path(user: User) -> str:
    """The path of a link with which the person sets a password: works once, for PASSWORD_RESET_TIMEOUT seconds."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("set_password", args=[uid, default_token_generator.make_token(user)])


def user_by_link(uidb64: str, token: str) -> User | None:
    """Whose link this is; None when it was used, is too old, or was never given out."""
    try:
        user = User.objects.filter(pk=urlsafe_base64_decode(uidb64).decode(), is_active=True).first()
    except (ValueError, ValidationError):
        return None
    return user if user and default_token_generator.check_token(user, token) else None


def set_password(user: User, password: str) -> None:
    """A new password ends the person's other sessions and the wait after wrong ones."""
    user.set_password(password)
    user.save(update_fields=["password"])
    reset(username=user.username)


def set_shortcuts(user: User, wanted: bool) -> None:
    """Whether single keys act in the text; a person's own comfort, so nothing for the log."""
    user.shortcuts = wanted
    user.save(update_fields=["shortcuts"])


def new_token(
    owner: User, *, name: str, scopes: Sequence[str], projects: Sequence[str], days: int
) -> tuple[Token, str]:
    """A token, not yet saved, and its secret, which is kept nowhere: 256 random bits behind a prefix to know it by.

    projects: ids of the projects it is for. Raises Problem for an unknown scope, no project, or a wrong number of days.
    """
    _check_token(name, scopes, projects, days)
    prefix = f"ann_{secrets.token_hex(3)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    token = Token(
        owner=owner, name=name.strip(), prefix=prefix, sha256=_digest(secret), scopes=sorted(scopes),
        projects=sorted(projects), expires_at=timezone.now() + datetime.timedelta(days=days),
    )  # fmt: skip
    return token, secret


def token_for(secret: str) -> Token | None:
    """The token behind a secret, with its owner: None when unknown, expired, revoked, or of a deactivated person."""
    token = _valid_token.first(sha256=_digest(secret), now=timezone.now())
    today = timezone.now().date()
    if token and token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)
    return token


_valid_token = Prepared(
    lambda: (
        Token.objects.select_related("owner")
        .filter(
            sha256=Given("sha256", CharField()),
            revoked_at=None,
            expires_at__gt=Given("now", DateTimeField()),
            owner__is_active=True,
        )
        .order_by()
    )
)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _check_token(name: str, scopes: Sequence[str], projects: Sequence[str], days: int) -> None:
    if not name.strip():
        raise Problem("Give the token a name, so that you know it again.", code="name_missing", field="name")
    if not scopes or not set(scopes) <= set(Token.SCOPES):
        raise Problem("Choose at least one thing that the token may do.", code="scopes_wrong", field="scopes")
    if not projects:
        raise Problem("Choose at least one project for the token.", code="projects_missing", field="projects")
    if not 1 <= days <= TOKEN_DAYS_MOST:
        raise Problem(f"A token lives from 1 to {TOKEN_DAYS_MOST} days.", code="days_wrong", field="days")
