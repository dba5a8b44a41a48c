from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from annotator.accounts.sessions import SessionStore
from tests.builders import Cast


def test_a_session_is_read_back_until_it_ends(database: str) -> None:
    store = SessionStore()
    store["place"] = 7
    store.save()
    assert SessionStore(store.session_key)["place"] == 7
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    ended = SessionStore(store.session_key)
    assert ended.get("place") is None
    assert ended.session_key is None


def test_pages_use_these_sessions(cast: Cast) -> None:
    assert SessionStore.__module__ == settings.SESSION_ENGINE
    client = Client()
    client.force_login(cast.ada)
    assert client.get("/account/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/account/").status_code == 302
