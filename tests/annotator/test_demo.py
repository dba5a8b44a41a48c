"""The first run: everything is there after it, nothing changes when it runs again, no secret is a default."""

import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django import Settings

from annotator import demo
from annotator.accounts.actions import token_for
from annotator.accounts.models import Token, User
from annotator.annotation.models import AnnotationSet, Span
from annotator.log.models import Event
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.databases import Database


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, live_database: Database) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def without_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take most of the time."""
    monkeypatch.setattr(demo, "_readings", lambda *args: None)


def _run() -> list[str]:
    said: list[str] = []
    demo.set_up(said.append)
    return "\n".join(said).split("\n")


def _passwords(said: list[str]) -> dict[str, str]:
    return {words[0]: words[1] for words in (line.split() for line in said if line.startswith("  "))}


def test_a_first_run_sets_everything_up_and_a_second_changes_nothing(folder: Path) -> None:
    first = _run()
    assert Article.objects.count() == ProjectArticle.objects.count() == 6
    assert Assignment.objects.exclude(state="free").count() == 4
    assert sorted(ProjectArticle.objects.exclude(stage="reading").values_list("stage", flat=True)) == [
        "gold",
        "settling",
    ]
    assert Span.objects.filter(annotation_set__voice="gold").exists()
    before = _state(folder)
    second = _run()
    assert _state(folder) == before
    assert _passwords(first).keys() == {"administrator", "reviewer-a", "reviewer-b", "adjudicator", "manager"}
    assert _passwords(second) == {}


def _state(folder: Path) -> list[object]:
    models = (Event, User, Project, Article, AnnotationSet, Span, Assignment, Token)
    return [
        *(model.objects.count() for model in models),  # type: ignore[attr-defined]
        *User.objects.order_by("username").values_list("password", flat=True),
        *((path.name, path.read_bytes()) for path in sorted(folder.iterdir())),
    ]


@pytest.mark.engines("sqlite")
def test_an_interrupted_first_run_is_completed_by_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(demo, "_readings", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            _run()
    _run()
    assert ProjectArticle.objects.filter(stage="gold").count() == 1


def _interrupt(*args: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.engines("sqlite")
def test_the_passwords_that_are_shown_open_the_door_until_there_are_new_ones(
    folder: Path, without_readings: None
) -> None:
    old = _passwords(_run())
    assert {_is_let_in(name, password) for name, password in old.items()} == {True}
    said: list[str] = []
    demo.renew_passwords(said.append)
    new = _passwords("\n".join(said).split("\n"))
    assert {_is_let_in(name, old[name]) for name in old} == {False}
    assert {_is_let_in(name, new[name]) for name in old} == {True}
    kept = (folder / "demo-sign-ins").read_text()
    assert all(password in kept for password in new.values())


def _is_let_in(name: str, password: str) -> bool:
    return authenticate(RequestFactory().post("/sign-in/"), username=name, password=password) is not None


@pytest.mark.engines("sqlite")
def test_secrets_are_kept_where_only_their_owner_reads(folder: Path, without_readings: None) -> None:
    _run()
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert kept == {"demo-sign-ins": 0o600, "demo-token": 0o600}
    token = token_for((folder / "demo-token").read_text().strip())
    assert token is not None
    assert token.scopes == ["gold:read"]
    assert set(_passwords((folder / "demo-sign-ins").read_text().split("\n"))) == {*demo.ROLES, demo.ADMINISTRATOR}
