"""What all other tests rely on: the engines are really there, set up as they are when the app runs."""

import fcntl
import json
import os
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client

from annotator.accounts.models import User
from annotator.databases import SQLITE_PRAGMAS
from annotator.log.models import Event
from annotator.readiness import obstacles
from tests.builders import TEXT_MIXED, Cast, at_once, make_article, make_project, make_user, mark, started_set
from tests.databases import Database, Engine, sweep
from tests.servers import Server
from tests.settings import RUN_FOLDER

COUNT_USERS = """
import django; django.setup()
from annotator.accounts.models import User
print(*User.objects.values_list("username", flat=True))
"""


def test_the_engine_asked_for_is_the_engine_used(db: None, engine: Engine) -> None:
    assert connection.vendor == engine.vendor


def test_nothing_stands_in_the_way_of_serving(db: None) -> None:
    assert obstacles() == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("recursive_triggers", 1)])
def test_sqlite_is_set_up_to_lose_nothing(db: None, name: str, value: object) -> None:
    assert name in SQLITE_PRAGMAS
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {name}").fetchone() == (value,)


@pytest.mark.engines("sqlite")
def test_sqlite_takes_its_write_lock_when_a_transaction_begins(live_database: Database) -> None:
    make_user("ada")
    with transaction.atomic():
        results = at_once(_write_without_waiting)
    assert [str(result) for result in results] == ["database is locked"]


def _write_without_waiting() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    with transaction.atomic():
        pass


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize(
    ("name", "value"),
    [("lock_timeout", "5s"), ("statement_timeout", "30s"), ("idle_in_transaction_session_timeout", "1min")],
)
def test_postgresql_gives_up_in_time(db: None, name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone() == (value,)


@pytest.mark.engines("postgresql")
def test_postgresql_is_new_enough(db: None) -> None:
    assert connection.pg_version >= 15_00_00


@pytest.mark.parametrize("statement", ["UPDATE annotator_event SET body = '{}'", "DELETE FROM annotator_event"])
def test_an_event_is_neither_changed_nor_removed(cast: Cast, statement: str) -> None:
    make_project(cast)
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.exists()


@pytest.mark.engines("sqlite")
def test_an_event_is_not_replaced_past_the_trigger(cast: Cast) -> None:
    make_project(cast)
    columns = ", ".join(field.column for field in Event._meta.concrete_fields)
    statement = f"INSERT OR REPLACE INTO annotator_event ({columns}) SELECT {columns} FROM annotator_event"
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize("table", ["annotator_event", "annotator_checkpoint", "annotator_submission"])
def test_the_log_is_not_emptied_at_one_stroke(db: None, table: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_what_a_live_database_commits_is_seen_by_another_process(live_database: Database) -> None:
    make_user("ada")
    command = [sys.executable, "-c", COUNT_USERS]
    done = subprocess.run(command, env=live_database.environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ada"]


def test_every_live_database_starts_empty(live_database: Database) -> None:
    assert not Event.objects.exists()


def test_a_text_of_many_scripts_comes_back_as_it_went_in(cast: Cast) -> None:
    project = make_project(cast, make_article(TEXT_MIXED))
    annotation_set = started_set(project, cast.ada)
    assert annotation_set.article.text == TEXT_MIXED
    span = mark(annotation_set, cast.ada, "قال الوزير", "ACTOR")
    assert TEXT_MIXED[span.start : span.end] == "قال الوزير"


def test_the_server_works_on_the_database_that_the_test_sees(server: Server, cast: Cast) -> None:
    _page_of(server, cast.ada)


def test_a_server_of_ones_own_starts_on_a_fresh_database(own_server: Server, cast: Cast) -> None:
    _page_of(own_server, cast.ada)


def _page_of(server: Server, user: User) -> None:
    client = Client()
    client.force_login(user)
    request = Request(f"{server.url}/", headers={"Cookie": f"sessionid={client.cookies['sessionid'].value}"})
    with urlopen(request, timeout=20) as answer:
        assert answer.url == f"{server.url}/"
        assert user.username in answer.read().decode()
    assert Session.objects.exists()


def test_what_a_killed_run_left_is_swept_and_a_living_run_is_not() -> None:
    place = RUN_FOLDER / "swept"  # where the user that PostgreSQL runs as can go
    left, living, young = (place / f"annotator-tests-{name}" for name in ("left", "living", "young"))
    program = place / "pg_ctl"
    for folder in (left, living, young):
        (folder / "pg").mkdir(parents=True)
        (folder / "postgresql.json").write_text(json.dumps({"url": "", "binaries": str(place)}))
    program.write_text("#!/bin/sh\necho could not send stop signal\nexit 1\n")  # its processes are gone
    program.chmod(0o755)
    with (living / "in-use").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for folder in (left, living):
            os.utime(folder, (0, 0))
        sweep(place)
    assert {folder.name for folder in place.glob("annotator-tests-*")} == {living.name, young.name}
