"""Reading at one moment, however long it takes, without keeping anyone from writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

STALLED_MINUTES = 10
"""How long a reader that takes nothing may hold a snapshot on PostgreSQL."""

BEGIN = {
    "sqlite": ("BEGIN DEFERRED",),
    "postgresql": (
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        f"SET LOCAL idle_in_transaction_session_timeout = '{STALLED_MINUTES}min'",
    ),
}


@contextmanager
def snapshot() -> Iterator[None]:
    """Every query in the block sees the database as it stood at the first one.

    Not `atomic()`, which takes SQLite's write lock. Inside of a transaction that is running already nothing
    changes: it is the caller's. An action inside the block is refused by the database.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        for statement in BEGIN[connection.vendor]:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
