"""Signing in, staying signed in, and the pages about one's own password."""

import datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from annotator.accounts.actions import password_path
from annotator.accounts.models import User
from annotator.projects.people import create_user, deactivate
from tests.builders import PASSWORD, Cast

pytestmark = pytest.mark.django_db

NEW = "a horse in the rain"
TWICE = {"new_password1": NEW, "new_password2": NEW}


def sign_in(client: Client, name: str, password: str = PASSWORD, after: str = "") -> object:
    return client.post("/sign-in/", {"username": name, "password": password, "next": after})


def signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_right_password_opens_the_page_that_was_asked_for(cast: Cast) -> None:
    client = Client()
    asked = client.get("/account/")
    assert asked["Location"] == "/sign-in/?next=/account/"
    assert 'value="/account/"' in client.get(asked["Location"]).content.decode()
    assert sign_in(client, "ada", after="/account/")["Location"] == "/account/"
    assert signed_in(client)


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\x"])
def test_after_signing_in_nobody_is_sent_to_another_site(cast: Cast, after: str) -> None:
    assert sign_in(Client(), "ada", after=after)["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_and_a_deactivated_person_read_the_same(cast: Cast) -> None:
    deactivate(cast.ben, by=cast.root)
    answers = [sign_in(Client(), *tried) for tried in (("ada", "wrong"), ("nobody", PASSWORD), ("ben", PASSWORD))]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert len({answer.content.decode().split('class="errorlist')[1].split("</ul>")[0] for answer in answers}) == 1


def test_eight_wrong_passwords_make_one_wait_and_a_new_link_ends_the_wait(cast: Cast) -> None:
    client = Client()
    for _ in range(8):
        answer = sign_in(client, "ada", "wrong")
    assert answer.status_code == 429
    assert b"quarter of an hour" in answer.content
    assert sign_in(client, "ada").status_code == 429
    assert sign_in(Client(), "ben").status_code == 302
    client.post(password_path(cast.ada), TWICE)
    assert sign_in(client, "ada", NEW).status_code == 302


def test_signing_out_takes_a_post(cast: Cast) -> None:
    client = Client()
    sign_in(client, "ada")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert not signed_in(client)


def test_a_session_ends_after_eight_idle_hours(cast: Cast) -> None:
    client = Client()
    sign_in(client, "ada")
    assert signed_in(client)
    session = client.session
    session["seen"] -= 8 * 3600 + 1
    session.save()
    assert not signed_in(client)


def test_what_an_open_page_asks_by_itself_keeps_nobody_signed_in(cast: Cast) -> None:
    client = Client()
    sign_in(client, "ada")
    assert signed_in(client)
    for headers, is_noted in (({"X-By-Itself": "1"}, False), ({}, True)):
        session = client.session
        begun = session["seen"] = session["seen"] - 3_600
        session.save()
        client.get("/account/", headers=headers)
        assert (client.session["seen"] > begun) == is_noted


def test_a_session_ends_after_seven_days_however_busy(cast: Cast) -> None:
    client = Client()
    sign_in(client, "ada")
    assert signed_in(client)
    end = timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    session = client.session
    session["seen"] -= 3600
    session.save()
    assert signed_in(client)
    assert abs(Session.objects.get().expire_date - end) < datetime.timedelta(minutes=1)
    Session.objects.update(expire_date=timezone.now())
    assert not signed_in(client)


def test_somebody_invited_sets_a_password_and_comes_in(cast: Cast) -> None:
    eve, client = create_user("eve", by=cast.root), Client()
    link = password_path(eve)
    page = client.get(link)
    assert page.status_code == 200
    assert b"eve" in page.content
    short = client.post(link, {"new_password1": "too short", "new_password2": "too short"})
    assert short.status_code == 422
    assert b"12 characters" in short.content
    assert client.post(link, TWICE).status_code == 302
    assert sign_in(client, "eve", NEW).status_code == 302
    assert client.get(link).status_code == 404


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(cast: Cast) -> None:
    here, there = Client(), Client()
    sign_in(here, "ada")
    sign_in(there, "ada")
    changed = {"old_password": PASSWORD, **TWICE}
    assert here.post("/account/password/", {**changed, "old_password": "wrong"}).status_code == 422
    assert here.post("/account/password/", changed)["Location"] == "/account/"
    assert signed_in(here)
    assert not signed_in(there)


@pytest.mark.parametrize("password", ["short", "password1234", "ada ada"])
def test_short_and_common_passwords_are_refused(cast: Cast, password: str) -> None:
    client = Client()
    sign_in(client, "ada")
    sent = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert client.post("/account/password/", sent).status_code == 422


def test_shortcuts_are_switched_off_and_on(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    client.post("/account/shortcuts/", {})
    assert not User.objects.get(pk=cast.ada.pk).shortcuts
    client.post("/account/shortcuts/", {"shortcuts": "on"})
    assert User.objects.get(pk=cast.ada.pk).shortcuts


def test_a_page_that_was_open_for_too_long_says_so_in_words(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ada)
    answer = client.post("/account/shortcuts/", {})
    assert answer.status_code == 403
    assert b"Reload it" in answer.content


def test_no_page_of_a_signed_in_person_is_kept(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    for path in ("/", "/account/", "/account/password/"):
        assert client.get(path)["Cache-Control"] == "no-store"


def test_the_app_says_that_it_lives_and_is_ready(cast: Cast) -> None:
    assert Client().get("/livez").content == b"alive\n"
    assert Client().get("/readyz").content == b"ready\n"
