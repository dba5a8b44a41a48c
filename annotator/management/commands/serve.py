"""Serve the app: `manage.py serve [--bind ADDRESS] [--port PORT]`."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from annotator.first_run import let_in
from annotator.readiness import obstacles

WORKERS, THREADS = 2, 8


class Command(BaseCommand):
    help = "Apply migrations, collect static files, see that nothing stands in the way, and serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, bind: str, port: int, **options: Any) -> None:
        _check_free(bind, port)
        call_command("migrate", verbosity=0)
        self.stdout.write("Migrations are applied.")
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("Static files are collected.")
        if found := obstacles():
            raise CommandError(" ".join(found))
        let_in(self.stdout.write, f"http://{bind}:{port}")
        self.stdout.write(f"Serving at http://{bind}:{port}/ until you press Ctrl+C.")
        self.stdout.flush()
        connections.close_all()
        os.execv(sys.executable, gunicorn(bind, port))  # noqa: S606


def gunicorn(bind: str, port: int) -> list[str]:
    """The command that serves; one process with threads per core of a small machine."""
    return [
        sys.executable, "-m", "gunicorn", "annotator.wsgi", "--chdir", str(settings.BASE_DIR),
        "--bind", f"{bind}:{port}", "--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS),
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip


def _check_free(bind: str, port: int) -> None:
    try:
        socket.create_server((bind, port)).close()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CommandError(f"Cannot serve at {bind}:{port}: {reason}. Choose another --port.") from error
