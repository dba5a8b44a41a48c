"""Reading a stranger's file in a child process that has little memory, little time and writes nothing.

Needs the `resource` module of Unix; elsewhere every file is refused: it would be read without limits.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Literal

from corpus.drafts import ArticleDraft, Refusal, from_json
from corpus.readers import ReadResult, ending_of, gathered, not_accepted

MAX_BYTES = 100_000_000
"""The largest file we take."""

OUT_OF_MEMORY = 3
"""The exit code by which the child says so."""

_ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 1 << 16
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Limits:
    """memory in bytes; processor and wall time in seconds; output in bytes, beside four times the file's size."""

    memory: int = 1 << 30
    processor_seconds: int = 30
    wall_seconds: float = 60
    output: int = 64_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class _Outcome:
    """What the child wrote and how it ended; exit codes below 0 are signals. `stop`: why we ended it."""

    output: bytes
    exit_code: int
    stop: Literal["late", "long"] | None


def read_limited(data: bytes, name: str, *, limits: Limits = DEFAULT_LIMITS) -> ReadResult:
    """As `readers.read_file`; when the child dies, nothing of the file is taken and one refusal says so."""
    ending = ending_of(name)
    if len(data) > MAX_BYTES:
        return _refused(name, "too_large", f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are taken.")
    if ending is None:
        return ReadResult([], [not_accepted(name)])
    if find_spec("resource") is None:
        message = "Files cannot be read safely here: this system sets no limits to a process."
        return _refused(name, "no_limits", message)
    outcome = _run(data, ending, limits)
    if outcome.stop or outcome.exit_code != 0:
        return _refused(name, *_cause(outcome, limits))
    try:
        return gathered(_items(outcome.output, name))
    except (ValueError, KeyError, TypeError):
        return _refused(name, "reader_died", "The reader gave an answer that makes no sense.")


def _refused(name: str, code: str, message: str) -> ReadResult:
    return ReadResult([], [Refusal(name, None, code, f"{message} Nothing of the file was taken.")])


def _run(data: bytes, ending: str, limits: Limits) -> _Outcome:
    most = limits.output + 4 * len(data)
    late = threading.Event()
    with _started(ending, limits) as process:
        timer = threading.Timer(limits.wall_seconds, _stop, args=(process, late))
        feeder = threading.Thread(target=_feed, args=(process.stdin, data))
        timer.start()
        feeder.start()
        try:
            output = process.stdout.read(most + 1) if process.stdout else b""
            if len(output) > most:
                process.kill()
            exit_code = process.wait()
        finally:
            timer.cancel()
            process.kill()
            feeder.join()
    stop: Literal["late", "long"] | None = "long" if len(output) > most else None
    return _Outcome(output, exit_code, "late" if late.is_set() and exit_code else stop)


def _stop(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _started(ending: str, limits: Limits) -> "subprocess.Popen[bytes]":
    # The arguments are our own: the ending is one of ENDINGS, the rest are numbers.
    return subprocess.Popen(
        [
            *(sys.executable, "-B", "-m", "corpus.readers.child"),
            *(ending, str(limits.memory), str(limits.processor_seconds)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """No settings, no secrets: only what an interpreter may need to start."""
    return {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}


def _feed(stream: IO[bytes], data: bytes) -> None:
    # The child may be dead before it has read everything.
    with suppress(BrokenPipeError), stream:
        stream.write(data)


def _cause(outcome: _Outcome, limits: Limits) -> tuple[str, str]:
    """A code and a sentence."""
    if outcome.stop == "late":
        return "too_slow", f"Reading took longer than {limits.wall_seconds:g} seconds and was stopped."
    if outcome.stop == "long":
        return "too_much", "What was found in the file is far larger than the file; reading was stopped."
    if outcome.exit_code == -getattr(signal, "SIGXCPU", 0):
        return "too_slow", f"Reading needed more than {limits.processor_seconds} seconds of processor time."
    if outcome.exit_code == OUT_OF_MEMORY:
        return "too_much_memory", f"Reading needed more than {limits.memory >> 20} MiB of memory."
    return "reader_died", f"The reader stopped without an answer (exit code {outcome.exit_code})."


def _items(output: bytes, name: str) -> Iterator[ArticleDraft | Refusal]:
    for line in output.splitlines():
        data = json.loads(line)
        if "refusal" in data:
            yield replace(Refusal(**data["refusal"]), name=name)
        else:
            yield from_json(data["draft"])
