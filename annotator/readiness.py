"""What must be true before the app serves: the database answers, no migration waits, its guards stand."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from annotator.triggers import ANNOTATOR_TRIGGERS
from corpus.triggers import missing


def obstacles() -> list[str]:
    """Plain sentences, each with what to do; empty when all is well."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["Migrations wait to be applied. Run: python manage.py migrate"]
        gone = missing(connection, ANNOTATOR_TRIGGERS)
    except DatabaseError as error:
        return [f"The database does not answer: {error}"]
    if gone:
        return [f"Guards of the database are missing ({', '.join(gone)}). Restore a backup that has them."]
    return []
