"""The app as it is run: gunicorn, the real settings, a real database."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.databases import Database, run_lock
from tests.settings import RUN_FOLDER

ROOT = Path(__file__).resolve().parent.parent
GUNICORN = (
    sys.executable, "-m", "gunicorn", "annotator.wsgi", "--worker-class", "gthread", "--workers", "2",
    "--threads", "8", "--no-control-socket", "--log-level", "warning",
)  # fmt: skip
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """`url` without a slash at the end; `database` is the one it works on."""

    url: str
    database: Database
    process: subprocess.Popen[bytes]
    log: Path

    def check_log(self) -> None:
        """Nothing that the server could not cope with. Raises AssertionError with what it said."""
        said = self.log.read_text()
        assert "Traceback" not in said, said


@contextmanager
def serving(database: Database, settings_module: str = "annotator.settings") -> Iterator[Server]:
    """Start the app on a free port and stop it. The socket is made here, so the port cannot be taken."""
    log = Path(tempfile.mkstemp(suffix=".log", dir=RUN_FOLDER)[1])
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [*GUNICORN, "--bind", f"fd://{listener.fileno()}"], cwd=ROOT, stdout=output, stderr=output,
            stdin=subprocess.DEVNULL, pass_fds=[listener.fileno()],
            env={
                **database.environment, "SECRET_KEY": settings.SECRET_KEY, "DJANGO_SETTINGS_MODULE": settings_module,
            },
        )  # fmt: skip
        try:
            _wait(url, process, log)
            yield Server(url, database, process, log)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/static/base.css", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise RuntimeError(f"the server did not start\n{log.read_text()}")


def collect_static() -> None:
    """Once a run, for all its servers."""
    done = RUN_FOLDER / "static-is-collected"
    with run_lock():
        if not done.exists():
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
            environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "annotator.settings"}
            subprocess.run(command, cwd=ROOT, env=environment, check=True, stdin=subprocess.DEVNULL)
            done.touch()
