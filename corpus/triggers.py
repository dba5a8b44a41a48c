"""Database triggers: rules that hold even for someone who writes past our code.

Django rebuilds a SQLite table by dropping and renaming it, and its triggers vanish without a word; so
migrations that alter a table run between `remove` and `install`, and the start-up check compares the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Trigger:
    """Refuse `event` ("INSERT", "UPDATE", "DELETE", "TRUNCATE") on `table` when the SQL condition holds.

    `condition` uses NEW and OLD and must read the same in both dialects; empty means always.
    """

    name: str
    table: str
    event: str
    message: str
    condition: str = ""


SLICE = "NEW.source_id <> OLD.source_id OR NEW.source_start <> OLD.source_start OR NEW.source_end <> OLD.source_end"

CORPUS_TRIGGERS = (
    Trigger(
        "article_text_is_immutable", "corpus_article", "UPDATE",
        "the text of an article never changes",
        "NEW.sha256 <> OLD.sha256 OR NEW.length <> OLD.length OR " + SLICE +
        " OR (NEW.text <> OLD.text AND NOT (NEW.text = '' AND NEW.withdrawn_at IS NOT NULL))"
        " OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL)",
    ),
    Trigger("article_is_kept", "corpus_article", "DELETE", "articles are withdrawn, not deleted"),
    Trigger(
        "source_is_immutable", "corpus_source", "UPDATE",
        "the bytes of a source never change",
        "NEW.sha256 <> OLD.sha256 OR NEW.byte_count <> OLD.byte_count"
        " OR (NEW.content IS NOT NULL AND (OLD.content IS NULL OR NEW.content <> OLD.content))",
    ),
    Trigger("source_is_kept", "corpus_source", "DELETE", "sources are kept"),
)  # fmt: skip


def install(connection: BaseDatabaseWrapper, triggers: Iterable[Trigger]) -> None:
    """Create the triggers, replacing those of the same name."""
    remove(connection, triggers)
    statement = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for trigger in triggers:
            if connection.vendor == "sqlite" and trigger.event == "TRUNCATE":
                continue
            for sql in statement(trigger):
                cursor.execute(sql)


def remove(connection: BaseDatabaseWrapper, triggers: Iterable[Trigger]) -> None:
    with connection.cursor() as cursor:
        for trigger in triggers:
            on = "" if connection.vendor == "sqlite" else f" ON {trigger.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def missing(connection: BaseDatabaseWrapper, triggers: Iterable[Trigger]) -> list[str]:
    """Names of triggers that should stand and do not, that were switched off, or that say something else."""
    stands = _stands_on_sqlite if connection.vendor == "sqlite" else _stands_on_postgresql
    with connection.cursor() as cursor:
        cursor.execute(SQLITE_STANDING if connection.vendor == "sqlite" else POSTGRESQL_STANDING)
        standing = {row[0]: row[1:] for row in cursor.fetchall()}
    wanted = [trigger for trigger in triggers if connection.vendor != "sqlite" or trigger.event != "TRUNCATE"]
    return [t.name for t in wanted if t.name not in standing or not stands(t, *standing[t.name])]


SQLITE_STANDING = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
POSTGRESQL_STANDING = """
    SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(t.oid), prosrc FROM pg_trigger t
    JOIN pg_proc f ON f.oid = tgfoid WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
"""


def _stands_on_sqlite(trigger: Trigger, sql: str) -> bool:
    return [sql] == _sqlite(trigger)


def _stands_on_postgresql(trigger: Trigger, table: str, definition: str, body: str) -> bool:
    when = f" BEFORE {trigger.event} ON " in definition and f" FOR EACH {_level(trigger)} EXECUTE " in definition
    return table == trigger.table and when and body.strip() == _body(trigger)


def _sqlite(trigger: Trigger) -> list[str]:
    when = f"WHEN {trigger.condition}" if trigger.condition else ""
    return [
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table} FOR EACH ROW {when} "
        f"BEGIN SELECT RAISE(ABORT, '{trigger.message}'); END"
    ]


def _postgresql(trigger: Trigger) -> list[str]:
    function = f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ {_body(trigger)} $$"
    head = f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table}"
    return [function, f"{head} FOR EACH {_level(trigger)} EXECUTE FUNCTION {trigger.name}()"]


def _level(trigger: Trigger) -> str:
    return "STATEMENT" if trigger.event == "TRUNCATE" else "ROW"


def _body(trigger: Trigger) -> str:
    """The body of the function that PostgreSQL calls."""
    refuse = f"RAISE EXCEPTION '{trigger.message}' USING ERRCODE = 'integrity_constraint_violation';"
    if not trigger.condition:
        return f"BEGIN {refuse} END"
    result = "OLD" if trigger.event == "DELETE" else "NEW"
    return f"BEGIN IF {trigger.condition} THEN {refuse} END IF; RETURN {result}; END"
