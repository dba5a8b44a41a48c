"""How each engine is set up. One place, because a wrong pragma loses work silently.

SQLite takes its write lock when a transaction begins (IMMEDIATE): a read-then-write transaction that
starts as a reader fails at once when another writes, and the busy timeout does not help it.
"""

from typing import Any

import environ

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
POSTGRESQL_TIMEOUTS = "-c lock_timeout=5000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"


def database(url: str, *, pool: int = 0) -> dict[str, Any]:
    """Django's settings for a database URL; `pool` is the most connections of one process, 0 for none."""
    settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    settings["ATOMIC_REQUESTS"] = False
    if "sqlite" in settings["ENGINE"]:
        settings["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
        # Opening the file and setting the pragmas takes longer than saving a span.
        settings["CONN_MAX_AGE"] = None
    else:
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), "options": POSTGRESQL_TIMEOUTS}
        if pool:
            settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
        else:
            settings["CONN_HEALTH_CHECKS"] = True
    return settings
