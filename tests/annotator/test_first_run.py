"""How somebody comes in where there is nobody yet."""

import pytest
from django.test import Client

from annotator.accounts.models import User
from annotator.first_run import let_in
from annotator.projects.people import create_user
from annotator.schema.models import LabelSet

SITE = "http://desk.example.org"


def told() -> list[str]:
    said: list[str] = []
    let_in(said.append, SITE)
    return said


@pytest.mark.django_db
def test_the_first_administrator_comes_in_by_the_link_on_the_console(client: Client) -> None:
    address = told()[-1].strip()
    assert address.startswith(f"{SITE}/set-password/")
    password = "a long and quiet evening"
    answer = client.post(address.removeprefix(SITE), {"new_password1": password, "new_password2": password})
    assert answer.status_code == 302
    assert User.objects.get(username="administrator").check_password(password)
    assert told() == []
    assert client.get(address.removeprefix(SITE)).status_code == 404
    assert LabelSet.objects.count() == 2


@pytest.mark.django_db
def test_as_long_as_the_link_was_not_used_a_new_start_gives_another() -> None:
    assert told() and told()
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_site_whose_administrators_all_left_starts_without_a_link() -> None:
    left = create_user("administrator", by=None, administrator=True, password="a long and quiet evening")
    left.is_active = False
    left.save()
    assert told() == []
    create_user("reader", by=None)
    assert told() == []
    assert User.objects.count() == 2


@pytest.mark.django_db
def test_where_an_administrator_has_a_password_nothing_is_said_or_made() -> None:
    create_user("head", by=None, administrator=True, password="a long and quiet evening")
    assert told() == []
    assert User.objects.count() == 1 and not LabelSet.objects.exists()
