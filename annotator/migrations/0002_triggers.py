"""The guards of the database: immutable text, append-only log, spans only in open sets."""

from typing import Any

from django.db import migrations

from annotator.triggers import ANNOTATOR_TRIGGERS
from corpus.triggers import install, remove


def put_up(apps: Any, schema_editor: Any) -> None:
    install(schema_editor.connection, ANNOTATOR_TRIGGERS)


def take_down(apps: Any, schema_editor: Any) -> None:
    remove(schema_editor.connection, ANNOTATOR_TRIGGERS)


class Migration(migrations.Migration):
    dependencies = [("annotator", "0001_initial"), ("corpus", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
