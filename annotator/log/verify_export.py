#!/usr/bin/env python3
"""Verify events that were exported from an annotation log, on any machine: needs Python 3.11 and this file alone.

    python3 verify_export.py events.jsonl [--checkpoint FILE]...

events.jsonl: one event a line, as `GET /api/v1/projects/{id}/events/` streams them. Of each chain the events must
come in order, from the first one on. FILE: a checkpoint as `manage.py checkpoint --out FILE` wrote it.

What is found: an event that was changed, left out, put in or moved; with a checkpoint also a tail that was cut off
and history that was hashed anew. It says in its own words what `chain.py` says, so that a mistake there shows here.
Ends with 0 when all is in order, with 1 when not.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

GENESIS = b"annotation log, version 1: "


class ChainCheck:
    """What is known of one chain so far. `broken`: an event was out of order, and nothing after it is looked at."""

    def __init__(self, chain: str) -> None:
        self.chain = chain
        self.length = 0
        self.head = hashlib.sha256(GENESIS + chain.encode()).hexdigest()
        self.broken = False

    def complaint(self, event: dict[str, Any]) -> str | None:
        """What is wrong with the next event of the chain, or None; then the event counts."""
        body = event["body"]
        if event["seq"] != self.length + 1:
            return f"event {self.length + 1} is missing, {event['seq']} comes in its place"
        if event["previous"] != self.head:
            return f"event {event['seq']} does not follow from the one before"
        if hashlib.sha256(b"\x00" + bytes.fromhex(self.head) + body.encode()).hexdigest() != event["hash"]:
            return f"the hash of event {event['seq']} does not fit its content"
        said = json.loads(body)
        if canonical(said) != body:
            return f"the content of event {event['seq']} is not canonical JSON"
        if (said["chain"], said["seq"]) != (self.chain, event["seq"]):
            return f"the content of event {event['seq']} speaks of another event"
        self.length, self.head = event["seq"], event["hash"]
        return None


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def complaints(lines: Iterable[str], sealed: dict[str, dict[int, str]], chains: dict[str, ChainCheck]) -> Iterator[str]:
    """What is wrong with the events, first complaint of each chain; `chains` holds what was seen of each.

    sealed: chain → number of events → hash of the last of them, as checkpoints say.
    """
    for number, line in enumerate(lines, 1):
        try:
            event = json.loads(line)
            check = chains.setdefault(event["chain"], ChainCheck(event["chain"]))
            complaint = None if check.broken else check.complaint(event)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            yield f"Line {number} is not an event: {error!r}."
            continue
        said = sealed.get(check.chain, {}).get(check.length, check.head)
        if not complaint and not check.broken and said != check.head:
            complaint = f"event {check.length} was sealed with another hash: history was written anew"
        if complaint:
            check.broken = True
            yield f"Chain {check.chain}: {complaint}."
    for chain, heads in sealed.items():
        found = chains.get(chain)
        if found and not found.broken and max(heads) > found.length:
            yield f"Chain {chain}: {max(heads)} events were sealed, and {found.length} are here: the tail was cut off."


def sealed_heads(texts: Iterable[str]) -> dict[str, dict[int, str]]:
    """Chain → number of events → hash of the last of them, from the lines of kept checkpoints."""
    heads: dict[str, dict[int, str]] = {}
    for text in texts:
        for line in text.splitlines():
            for chain, length, head in json.loads(line)["heads"]:
                heads.setdefault(chain, {})[length] = head
    return heads


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=Path)
    parser.add_argument("--checkpoint", metavar="FILE", type=Path, action="append", default=[])
    given = parser.parse_args(arguments)
    sealed = sealed_heads(path.read_text(encoding="utf-8") for path in given.checkpoint)
    chains: dict[str, ChainCheck] = {}
    found = 0
    with given.events.open(encoding="utf-8") as lines:
        for complaint in complaints(lines, sealed, chains):
            sys.stdout.write(complaint + "\n")
            found += 1
    events = sum(check.length for check in chains.values())
    absent = len(sealed.keys() - chains.keys())
    sys.stdout.write(f"{events} events of {len(chains)} chains are in order, {found} complaints.\n")
    if absent:
        sys.stdout.write(f"{absent} chains that were sealed are not in this file.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
