"""One-time links, passwords and tokens."""

import datetime
from unittest import mock

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone

from annotator.accounts.actions import new_token, password_path, set_password, token_for, user_by_link
from annotator.accounts.models import Token, User
from annotator.errors import Problem
from tests.builders import Cast, make_user

pytestmark = pytest.mark.django_db


def parts(path: str) -> tuple[str, str]:
    _, _, uid, token, _ = path.split("/")
    return uid, token


def saved(owner: User, **values: object) -> tuple[Token, str]:
    given = {"name": "nightly", "scopes": ["gold:read"], "projects": ["p"], "days": 90, **values}
    token, secret = new_token(owner, **given)  # type: ignore[arg-type]
    token.save()
    return token, secret


def test_a_link_leads_to_its_person_once() -> None:
    user = make_user("ada")
    link = parts(password_path(user))
    assert user_by_link(*link) == user
    set_password(user, "quite another password")
    assert user_by_link(*link) is None


def test_a_link_ends_after_three_days() -> None:
    user = make_user("ada")
    link = parts(password_path(user))
    later = datetime.datetime.now() + datetime.timedelta(days=3, seconds=2)  # noqa: DTZ005
    with mock.patch.object(default_token_generator, "_now", return_value=later):
        assert user_by_link(*link) is None


def test_a_link_of_a_deactivated_person_opens_nothing() -> None:
    user = make_user("ada")
    link = parts(password_path(user))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert user_by_link(*link) is None


@pytest.mark.parametrize("uid", ["", "x", "AAAA", "4pyT", "\x00", "MQ"])
def test_a_made_up_link_opens_nothing(uid: str) -> None:
    _, token = parts(password_path(make_user("ada")))
    assert user_by_link(uid, token) is None


def test_a_secret_has_256_random_bits_and_is_kept_nowhere() -> None:
    token, secret = saved(make_user("ada"))
    assert secret.startswith(f"{token.prefix}_")
    assert len(secret.removeprefix(f"{token.prefix}_")) == 43, "256 bits, six a letter"
    assert secret not in str(Token.objects.values().get(pk=token.pk))
    assert saved(token.owner)[1] != secret


def test_a_secret_leads_to_its_token_and_notes_the_day() -> None:
    token, secret = saved(make_user("ada"))
    assert token_for(secret) == token
    assert Token.objects.get(pk=token.pk).last_used_on == timezone.now().date()


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - datetime.timedelta(seconds=1)},
    ],
)
def test_a_token_that_ended_is_none(change: dict[str, datetime.datetime]) -> None:
    token, secret = saved(make_user("ada"))
    Token.objects.filter(pk=token.pk).update(**change)
    assert token_for(secret) is None


def test_a_token_of_a_deactivated_person_is_none() -> None:
    token, secret = saved(make_user("ada"))
    User.objects.filter(pk=token.owner_id).update(is_active=False)
    assert token_for(secret) is None


@pytest.mark.parametrize("secret", ["", "ann_x", "\ud800", "ann_123456_"])
def test_a_made_up_secret_is_none(secret: str) -> None:
    saved(make_user("ada"))
    assert token_for(secret) is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "  "}, "name_missing"),
        ({"scopes": []}, "scopes_wrong"),
        ({"scopes": ["gold:read", "all"]}, "scopes_wrong"),
        ({"projects": []}, "projects_missing"),
        ({"days": 0}, "days_wrong"),
        ({"days": 366}, "days_wrong"),
    ],
)
def test_a_token_without_a_name_a_right_a_project_or_an_end_is_refused(values: dict[str, object], code: str) -> None:
    with pytest.raises(Problem) as refusal:
        saved(make_user("ada"), **values)
    assert refusal.value.code == code


def test_a_token_lives_a_year_at_most(cast: Cast) -> None:
    token, _ = saved(cast.ada, days=365)
    assert token.expires_at - timezone.now() <= datetime.timedelta(days=365)
