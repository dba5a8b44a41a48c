"""People and tokens: every verb leaves an event, none gives more than its giver may."""

import json
import uuid

import pytest

from annotator.accounts.actions import token_for
from annotator.accounts.models import Token, User
from annotator.errors import Conflict, Forbidden, Problem
from annotator.log.actions import AlreadyDone, site_chain
from annotator.log.models import Event
from annotator.projects.people import create_user, deactivate, make_token, reactivate, revoke_token
from tests.builders import Cast, make_project

pytestmark = pytest.mark.django_db


def newest() -> dict[str, object]:
    body: dict[str, object] = json.loads(Event.objects.filter(chain=site_chain()).latest("seq").body)
    return body


def test_a_new_person_has_no_password_and_no_name_in_the_log(cast: Cast) -> None:
    eve = create_user("eve", by=cast.root)
    assert not eve.has_usable_password()
    assert newest()["action"] == "create_user"
    assert newest()["by"] == str(cast.root.pk)
    assert "eve" not in Event.objects.filter(chain=site_chain()).latest("seq").body


@pytest.mark.parametrize("name", ["", " ", "two words", "a/b", "x" * 151, "new\nline"])
def test_a_name_that_is_none_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Problem) as refusal:
        create_user(name, by=cast.root)
    assert refusal.value.field == "username"


def test_a_name_is_taken_in_any_mixture_of_letters(cast: Cast) -> None:
    with pytest.raises(Conflict):
        create_user("ADA", by=cast.root)


def test_a_deactivated_person_and_their_tokens_end_and_only_the_person_comes_back(cast: Cast) -> None:
    project = make_project(cast)
    _, secret = make_token(cast.ada, name="n", scopes=["gold:read"], projects=[project], by=cast.ada)
    deactivate(cast.ada, by=cast.root)
    assert not User.objects.get(pk=cast.ada.pk).is_active
    assert {change["kind"] for change in newest()["changes"]} == {"user", "token"}  # type: ignore[attr-defined]
    reactivate(cast.ada, by=cast.root)
    assert User.objects.get(pk=cast.ada.pk).is_active
    assert token_for(secret) is None


def test_nobody_deactivates_themselves(cast: Cast) -> None:
    with pytest.raises(Conflict) as refusal:
        deactivate(cast.root, by=cast.root)
    assert refusal.value.code == "oneself"


def test_the_last_administrator_stays(cast: Cast) -> None:
    second = create_user("second", by=cast.root, administrator=True)
    deactivate(cast.root, by=second)
    with pytest.raises(Conflict) as refusal:
        deactivate(second, by=cast.root)
    assert refusal.value.code == "last_administrator"


def test_a_token_never_has_more_rights_than_its_owner(cast: Cast) -> None:
    project = make_project(cast)
    for scope in ("audit:read", "import:write"):
        with pytest.raises(Forbidden):
            make_token(cast.ada, name="n", scopes=["gold:read", scope], projects=[project], by=cast.ada)
    with pytest.raises(Forbidden):
        make_token(cast.otto, name="n", scopes=["gold:read"], projects=[project], by=cast.otto)
    assert not Token.objects.exists()


def test_a_form_sent_twice_makes_one_token(cast: Cast) -> None:
    project, gesture = make_project(cast), uuid.uuid4()
    asked = {"name": "n", "scopes": ["gold:read"], "projects": [project], "by": cast.ada, "id": gesture}
    make_token(cast.ada, **asked)
    with pytest.raises(AlreadyDone):
        make_token(cast.ada, **asked)
    assert Token.objects.count() == 1


def test_a_revoked_token_ends_at_once_and_once(cast: Cast) -> None:
    project = make_project(cast)
    token, secret = make_token(cast.ada, name="n", scopes=["gold:read"], projects=[project], by=cast.ada)
    revoke_token(token, by=cast.ada)
    assert token_for(secret) is None
    ended, length = token.revoked_at, site_chain().length
    revoke_token(token, by=cast.ada)
    assert (token.revoked_at, site_chain().length) == (ended, length)
    assert secret not in "".join(Event.objects.values_list("body", flat=True))
