"""What the two commands print, write and end with."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from annotator.accounts.models import User
from annotator.log.models import Checkpoint
from annotator.management.commands import verify_log
from tests.annotator.log.tampering import unguarded
from tests.builders import make_cast, make_project, make_user, mark, started_set
from tests.databases import Database


@pytest.fixture(autouse=True)
def work(database: str) -> None:
    cast = make_cast()
    mark(started_set(make_project(cast), cast.ada), cast.ada, "The minister", "ACTOR")


def said(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def refused(command: str, *arguments: str) -> tuple[str, str]:
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command(command, *arguments, stdout=out, stderr=out)
    assert error.value.returncode == 1
    return out.getvalue(), str(error.value)


def test_a_log_in_order_is_said_to_be_so() -> None:
    assert said("verify_log").startswith("All in order: ")


def test_on_a_database_at_work_it_reads_one_moment(live_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    assert "Its copy is in" in said("checkpoint", "--out", str(path))
    assert said("verify_log", "--checkpoint", str(path)).startswith("All in order: ")
    assert not connection.in_atomic_block
    make_user("mallory")
    assert said("verify_log", "--checkpoint", str(path)).startswith("All in order: ")


def test_a_log_out_of_order_ends_with_one_and_says_what() -> None:
    User.objects.filter(username="otto").update(is_superuser=True)
    lines, end = refused("verify_log")
    assert "`is_superuser` is not what event" in lines
    assert end.startswith("The log is not in order: 1 findings.")


def test_a_checkpoint_is_made_and_compared_with(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    assert "Its copy is in" in said("checkpoint", "--out", str(path))
    assert json.loads(path.read_text().splitlines()[0])["number"] == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert said("verify_log", "--checkpoint", str(path)).startswith("All in order: ")


def test_several_copies_are_compared_with_at_once(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    said("checkpoint", "--out", str(first))
    make_user("mallory")
    said("checkpoint", "--out", str(second))
    assert "All in order" in said("verify_log", "--checkpoint", str(first), "--checkpoint", str(second))


def test_a_checkpoint_that_is_gone_is_found(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    said("checkpoint", "--out", str(path))
    with transaction.atomic(), unguarded():
        Checkpoint.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    lines, _ = refused("verify_log", "--checkpoint", str(path))
    assert lines.startswith("Checkpoint 1, of which a copy was kept, is gone.")


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_text("{}\n{}")
    assert refused("verify_log", "--checkpoint", str(path))[1].startswith("One of the files is not a checkpoint")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused("verify_log", "--checkpoint", str(tmp_path / "kept.json"))[1]


def test_a_place_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    assert "cannot be written" in refused("checkpoint", "--out", str(tmp_path / "nowhere" / "kept.json"))[1]


def test_a_long_run_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_log, "SECONDS", 0)
    lines = said("verify_log").splitlines()
    assert lines[0].startswith("1 of ") and lines[0].endswith(" events")
