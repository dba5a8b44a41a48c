"""The verifier that needs nothing but itself, against events as the app exports them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from annotator.log import verify_export
from annotator.log.models import Chain, Event
from tests.annotator.log.conftest import Story
from tests.annotator.log.rewriting import cut_tail, hash_anew
from tests.annotator.log.tampering import unguarded

Lines = list[dict[str, Any]]


def exported() -> Lines:
    """Lines as the API streams them, chain by chain."""
    columns = ("seq", "previous", "hash", "body")
    return [
        {"chain": str(chain), "kind": kind, **dict(zip(columns, values, strict=True))}
        for chain, kind, *values in Event.objects.order_by("chain", "seq").values_list("chain", "chain__kind", *columns)
    ]


def said(lines: Lines, *kept: str) -> list[str]:
    texts = (json.dumps(line) for line in lines)
    return list(verify_export.complaints(texts, verify_export.sealed_heads(kept), {}))


def test_an_export_is_in_order(story: Story) -> None:
    assert said(exported()) == said(exported(), story.kept) == []


def test_chains_may_come_interleaved(story: Story) -> None:
    assert said(sorted(exported(), key=lambda line: line["seq"])) == []


def test_each_line_that_is_gone_is_missed(story: Story) -> None:
    lines = exported()
    for place, line in enumerate(lines):
        found = said([*lines[:place], *lines[place + 1 :]], story.kept)
        assert len(found) == 1 and line["chain"] in found[0]


SPOILED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another body": (lambda line: line.update(body=line["body"].replace('"v":1', '"v":2')), "does not fit its content"),
    "another hash": (lambda line: line.update(hash="0" * 64), "does not fit its content"),
    "another link": (lambda line: line.update(previous="0" * 64), "does not follow"),
    "another number": (lambda line: line.update(seq=line["seq"] + 1), "comes in its place"),
    "no body": (lambda line: line.pop("body"), "is not an event"),
    "a body that is no text": (lambda line: line.update(body={}), "is not an event"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_line_that_was_changed_is_found(story: Story, case: str) -> None:
    spoil, why = SPOILED[case]
    lines = exported()
    spoil(lines[3])
    found = said(lines)
    assert why in found[0]


@pytest.mark.parametrize("attack", [hash_anew, cut_tail])
def test_history_rewritten_shows_against_a_checkpoint(story: Story, attack: Callable[[Chain, Random], str]) -> None:
    with unguarded():
        attack(Chain.objects.get(annotation_set__voice="gold", annotation_set__state="open"), Random(1))
    assert said(exported()) == []
    assert len(said(exported(), story.kept)) == 1


def test_the_file_runs_alone(story: Story, tmp_path: Path) -> None:
    script, events, kept = tmp_path / "verify_export.py", tmp_path / "events.jsonl", tmp_path / "kept.json"
    script.write_bytes(Path(verify_export.__file__).read_bytes())
    lines = exported()
    events.write_text("".join(json.dumps(line) + "\n" for line in lines))
    kept.write_text(story.kept)
    command = [sys.executable, "-I", str(script), str(events), "--checkpoint", str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{len(lines)} events of {Chain.objects.count()} chains are in order, 0 complaints.\n"
    events.write_text("".join(json.dumps(line) + "\n" for line in lines[1:]))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_chains_that_were_sealed_and_not_exported_are_counted(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chain = str(story.world.project.chain_id)
    events, kept = tmp_path / "events.jsonl", tmp_path / "kept.json"
    events.write_text("".join(json.dumps(line) + "\n" for line in exported() if line["chain"] == chain))
    kept.write_text(story.kept)
    assert verify_export.main([str(events), "--checkpoint", str(kept)]) == 0
    assert "chains that were sealed are not in this file." in capsys.readouterr().out
