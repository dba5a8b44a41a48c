import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.readers import read_file, sandbox
from corpus.readers.sandbox import Limits, read_limited

SEEDS = Path(__file__).parents[3] / "seeds"
LINE = b'{"text": "The talks of the week were at an end, said the minister.\\nThey go on."}\n'


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_the_child_reads_as_we_would(path: Path) -> None:
    assert read_limited(path.read_bytes(), path.name) == read_file(path.read_bytes(), path.name)


def test_articles_and_refusals_of_a_file_come_back_in_order_under_its_name() -> None:
    data = LINE + b'{"text": "\\ud800"}\n' + '{"text": "שלום 😀"}\n'.encode() + b"{\n"
    result = read_limited(data, "päge\udcff.jsonl")
    assert result == read_file(data, "päge\udcff.jsonl")
    assert [refusal.line for refusal in result.refusals] == [2, 4]


def only_refusal(data: bytes, name: str = "a.jsonl", limits: Limits = sandbox.DEFAULT_LIMITS) -> tuple[str, str]:
    result = read_limited(data, name, limits=limits)
    assert result.drafts == []
    (refusal,) = result.refusals
    assert (refusal.name, refusal.line) == (name, None)
    return refusal.code, refusal.message


def test_too_much_memory_ends_the_child_and_nothing_is_taken() -> None:
    data = LINE + b'{"text": "' + b"a" * 60_000_000 + b'"}\n'
    code, message = only_refusal(data, limits=Limits(memory=100 << 20))
    assert code == "too_much_memory"
    assert message == "Reading needed more than 100 MiB of memory. Nothing of the file was taken."


def test_too_much_processor_time_ends_the_child() -> None:
    code, message = only_refusal(LINE * 400_000, limits=Limits(processor_seconds=1))
    assert (code, message) == (
        "too_slow",
        "Reading needed more than 1 seconds of processor time. Nothing of the file was taken.",
    )


def test_too_much_time_by_the_clock_ends_the_child() -> None:
    code, message = only_refusal(LINE * 100_000, limits=Limits(wall_seconds=0.3))
    assert (code, message) == (
        "too_slow",
        "Reading took longer than 0.3 seconds and was stopped. Nothing of the file was taken.",
    )


def test_an_answer_far_larger_than_the_file_is_not_waited_for() -> None:
    code, _ = only_refusal(b"a\n" * 5_000, "a.txt", limits=Limits(output=1_000))
    assert code == "too_much"


def test_a_file_over_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_BYTES", 10)
    code, message = only_refusal(b"a" * 11, "a.txt")
    assert code == "too_large"
    assert "11 bytes; at most 10" in message


def test_other_kinds_of_file_start_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(subprocess, "Popen")
    assert only_refusal(b"a", "a.pdf")[0] == "unknown_format"


def test_without_limits_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "find_spec", lambda name: None)
    code, message = only_refusal(LINE)
    assert code == "no_limits"
    assert "sets no limits" in message


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os; os.abort()", "exit code -6"),
        ("raise SystemExit(7)", "exit code 7"),
        ("print('{}')", "makes no sense"),
        ("print('[')", "makes no sense"),
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_a_plain_refusal(
    program: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "corpus" / "readers"
    fake.mkdir(parents=True)
    (fake / "__init__.py").touch()
    (fake / "child.py").write_text(program)
    monkeypatch.setattr(sandbox, "_ROOT", tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    code, message = only_refusal(LINE * 10_000)
    assert code == "reader_died"
    assert words in message


def test_the_child_can_write_no_file_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden")
    program = f"""
import os, sys
from corpus.readers import child
child._limit(1 << 30, 30)
assert "SECRET_KEY" not in os.environ
try:
    with open({str(tmp_path / "file")!r}, "wb") as file:
        file.write(b"a")
except OSError:
    sys.exit(9)
"""
    environment = sandbox._environment()
    run = subprocess.run([sys.executable, "-c", program], cwd=SEEDS.parent, env=environment, check=False)
    assert run.returncode == 9
    assert (tmp_path / "file").stat().st_size == 0
    assert os.environ["SECRET_KEY"] == "hidden"
