"""Databases to test on: a migrated template of each engine, made once a run, and cheap copies of it.

Nothing is ever flushed: the log's triggers refuse it. A test either rolls back or throws its copy away.
"""

import fcntl
import os
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from annotator.databases import database
from tests import postgresql
from tests.settings import RUN_FOLDER

ENGINES = ("sqlite", "postgresql")
JUST_MADE = 60
"""Seconds in which a run's folder may not have its lock yet."""


@dataclass(frozen=True)
class Database:
    """One database with all migrations applied; `url` is what DATABASE_URL takes."""

    vendor: str
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """For a process of its own on this database: the real settings, this run's folders."""
        return {**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "annotator.settings"}


def use(one: Database) -> None:
    """Point Django's connection at another database, in this thread and in those that start later."""
    connections.close_all()
    settings = {DEFAULT_DB_ALIAS: database(one.url)}
    connections.settings[DEFAULT_DB_ALIAS] = connections.configure_settings(settings)[DEFAULT_DB_ALIAS]
    with suppress(AttributeError):  # this thread has no connection yet
        del connections[DEFAULT_DB_ALIAS]
    ContentType.objects.clear_cache()


class SQLite:
    """A file per database, as in a real installation."""

    vendor = "sqlite"

    def __init__(self) -> None:
        self.folder = RUN_FOLDER / "sqlite"
        self.folder.mkdir(exist_ok=True)
        self.template = self.folder / "template.sqlite3"

    def copy(self) -> Database:
        if not self.template.exists():
            self._make_template()
        path = self.folder / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(self.template, path)
        return self._at(path)

    def drop(self, one: Database) -> None:
        for path in self.folder.glob(f"{Path(one.url).name}*"):
            path.unlink(missing_ok=True)

    def _make_template(self) -> None:
        path = self.folder / "unfinished.sqlite3"
        migrate(self._at(path))
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        path.rename(self.template)

    def _at(self, path: Path) -> Database:
        return Database(self.vendor, f"sqlite:///{path}")


class PostgreSQL:
    """A database of the run's cluster, or of the server that TEST_DATABASE_URL names."""

    vendor = "postgresql"

    def __init__(self) -> None:
        self.address = postgresql.address(RUN_FOLDER)
        self.prefix = "test_" + RUN_FOLDER.name.rsplit("-", 1)[-1].lower()
        self.template = f"{self.prefix}_template"

    def copy(self) -> Database:
        if not self._exists(self.template):
            self._make_template()
        name = f"{self.prefix}_{uuid.uuid4().hex}"
        self._create(name, self.template)
        return self._at(name)

    def drop(self, one: Database) -> None:
        name = one.url.split("?")[0].rsplit("/", 1)[-1]
        self._tell(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_all(self) -> None:
        """Leave nothing behind on a server that is not ours."""
        names = self._ask("SELECT datname FROM pg_database WHERE datname LIKE %s", f"{self.prefix}\\_%")
        for name in names:
            self.drop(self._at(name))

    def _make_template(self) -> None:
        unfinished = f"{self.prefix}_unfinished"
        self._create(unfinished, "template0")
        migrate(self._at(unfinished))
        self._tell(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(self.template))
        )

    def _create(self, name: str, template: str) -> None:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._tell(command.format(sql.Identifier(name), sql.Identifier(template)))

    def _exists(self, name: str) -> bool:
        return bool(self._ask("SELECT datname FROM pg_database WHERE datname = %s", name))

    def _ask(self, query: str, value: str) -> list[str]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            return [row[0] for row in connection.execute(query, [value])]

    def _tell(self, command: sql.Composed) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(command)

    def _at(self, name: str) -> Database:
        return Database(self.vendor, postgresql.beside(self.address, name))


def migrate(one: Database) -> None:
    use(one)
    call_command("migrate", verbosity=0)
    connections.close_all()


@contextmanager
def run_lock() -> Iterator[None]:
    """What only one worker of the run may do at a time."""
    with (RUN_FOLDER / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Engine:
    """One engine in one worker: its home database for tests that roll back, and fresh copies for others."""

    def __init__(self, vendor: str) -> None:
        with run_lock():
            self._source = SQLite() if vendor == "sqlite" else PostgreSQL()
        self.vendor = vendor
        self.home = self.fresh()
        use(self.home)

    def fresh(self) -> Database:
        """A new database like the template; give it to `drop` when done."""
        with run_lock():
            return self._source.copy()

    def drop(self, one: Database) -> None:
        self._source.drop(one)


@contextmanager
def own_run() -> Iterator[None]:
    """From first to last of a run; then leave nothing behind."""
    try:
        yield
    finally:
        if os.environ.get("TEST_DATABASE_URL"):
            PostgreSQL().drop_all()
        _delete(RUN_FOLDER)


def sweep(place: Path = RUN_FOLDER.parent) -> None:
    """Delete the folders of runs that were killed before they could. Whoever lives holds a lock in theirs."""
    for folder in place.glob("annotator-tests-*"):
        made = folder.stat()
        if made.st_uid != os.geteuid() or time.time() - made.st_mtime < JUST_MADE:
            continue
        with suppress(OSError), (folder / "in-use").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _delete(folder)


def _delete(folder: Path) -> None:
    postgresql.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
