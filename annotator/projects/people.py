"""The verbs that write people and their tokens, each with its event in the site's chain."""

import uuid
from collections.abc import Sequence

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from annotator.accounts import actions as accounts
from annotator.accounts.models import Token, User
from annotator.errors import Conflict, Forbidden, Problem
from annotator.log.actions import gesture, lock, site_chain
from annotator.projects.access import scopes_in
from annotator.projects.models import Project


def create_user(username: str, *, by: User | None, administrator: bool = False, password: str | None = None) -> User:
    """A person. Without a password they can only come in by a link (`accounts.actions.password_path`).

    Raises Problem for a name that is none, Conflict for one that is taken in any mixture of letters.
    """
    username = User.normalize_username(username.strip())
    _check_username(username)
    user = User(username=username, is_superuser=administrator, is_staff=administrator)
    user.set_password(password)
    with transaction.atomic():
        chain = site_chain()
        lock(chain)
        if User.objects.filter(username__iexact=username).exists():
            raise Conflict(f"There is somebody called “{username}” already.", code="username_taken")
        with gesture(chain, by=by, action="create_user", locked=True) as current:
            return current.add(user)


def _check_username(username: str) -> None:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        detail = "A name is made of letters, digits and @ . + - _, without spaces."
        raise Problem(detail, code="username_wrong", field="username") from None
    if len(username) > 150:
        raise Problem("A name has at most 150 characters.", code="username_wrong", field="username")


def deactivate(user: User, *, by: User) -> None:
    """The person can no longer sign in, and their tokens end. Nothing of theirs is deleted.

    Their open work is released by `workflow.campaign.dismiss`. Raises Conflict for oneself and for the last
    administrator.
    """
    if user.pk == by.pk:
        raise Conflict("You cannot deactivate yourself; ask another administrator.", code="oneself")
    with gesture(site_chain(), by=by, action="deactivate_user") as current:
        user.refresh_from_db(fields=["is_active", "is_staff", "is_superuser"])
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
        if user.is_superuser and not others.exists():
            raise Conflict("This is the last administrator.", code="last_administrator")
        current.change(user, is_active=False)
        for token in user.tokens.filter(revoked_at=None):
            current.change(token, revoked_at=timezone.now())


def reactivate(user: User, *, by: User) -> None:
    """The person can sign in again, in the roles they have. Revoked tokens stay revoked."""
    with gesture(site_chain(), by=by, action="reactivate_user") as current:
        user.refresh_from_db(fields=["is_active", "is_staff", "is_superuser"])
        current.change(user, is_active=True)


def make_token(
    owner: User,
    *,
    name: str,
    scopes: Sequence[str],
    projects: Sequence[Project],
    days: int = accounts.TOKEN_DAYS,
    by: User | None,
    id: uuid.UUID | None = None,
) -> tuple[Token, str]:
    """A token and its secret, which nobody can see again. Never more rights than the owner has.

    `id`: the gesture's, so that a form sent twice makes one token. Raises AlreadyDone then, Problem, Forbidden.
    """
    for project in projects:
        _check_scopes(owner, project, scopes)
    ids = [str(project.pk) for project in projects]
    token, secret = accounts.new_token(owner, name=name, scopes=scopes, projects=ids, days=days)
    with gesture(site_chain(), by=by, action="make_token", id=id) as current:
        current.add(token)
    return token, secret


def _check_scopes(owner: User, project: Project, scopes: Sequence[str]) -> None:
    excess = sorted(set(scopes) - scopes_in(owner, project))
    if excess:
        raise Forbidden(f"Your roles in “{project.name}” do not allow {', '.join(excess)}.", code="too_many_rights")


def revoke_token(token: Token, *, by: User) -> None:
    """The token ends at once. One that ended before is left as it is."""
    with gesture(site_chain(), by=by, action="revoke_token") as current:
        token.refresh_from_db()
        if token.revoked_at is None:
            current.change(token, revoked_at=timezone.now())
