"""Somebody who makes everything fit again: hashes, heads, tables, and if they like the checkpoints stored here too."""

import json
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

from django.db import models

from annotator.annotation.models import Submission
from annotator.log.chain import canonical, event_hash, genesis
from annotator.log.checkpoints import seal, seal_all
from annotator.log.models import Chain, Checkpoint, Event
from annotator.log.records import KINDS, RecordKind, filled, rebuilt
from annotator.log.replay import Replay, StoredEvent
from tests.annotator.log.tampering import unguarded

ANOTHER_DAY = "2020-01-01T00:00:00.000000+00:00"


def hash_anew(chain: Chain, random: Random) -> str:
    """Some event happened on another day, or was somebody else's; every hash from there on fits again."""
    seq = random.randint(1, chain.length)
    name, value = random.choice([("at", ANOTHER_DAY), ("by", str(uuid.UUID(int=random.getrandbits(128))))])

    def change(body: dict[str, Any]) -> None:
        if body["seq"] == seq:
            body[name] = value

    _hash_all(chain, change)
    return f"event {seq} of {chain.kind} chain {chain.pk} of {chain.length} says another `{name}`"


def cut_tail(chain: Chain, random: Random) -> str:
    """The last events never happened, and the tables know nothing of them."""
    length = random.randint(1, chain.length - 1) if chain.length > 1 else 0
    if not length:
        return drop(chain, random)
    _put_tables_back(chain, _replayed(chain, length))
    Event.objects.filter(chain=chain, seq__gt=length)._raw_delete("default")  # type: ignore[attr-defined]
    head = Event.objects.get(chain=chain, seq=length).hash
    Chain.objects.filter(pk=chain.pk).update(length=length, head=head)
    return f"{chain.kind} chain {chain.pk} of {chain.length} cut after {length}"


def drop(chain: Chain, _: Random) -> str:
    """The chain and all that it tells of were never there."""
    _put_tables_back(chain, _replayed(chain, 0))
    Event.objects.filter(chain=chain)._raw_delete("default")  # type: ignore[attr-defined]
    Chain.objects.filter(pk=chain.pk)._raw_delete("default")  # type: ignore[attr-defined]
    return f"{chain.kind} chain {chain.pk} is no more"


def leave_checkpoints(_: Random) -> str:
    return "the checkpoints were left alone"


def delete_checkpoints(random: Random) -> str:
    numbers = sorted(Checkpoint.objects.values_list("number", flat=True))
    first = random.choice(numbers)
    Checkpoint.objects.filter(number__gte=first)._raw_delete("default")  # type: ignore[attr-defined]
    return f"the checkpoints from {first} on were deleted"


def make_checkpoints_anew(random: Random) -> str:
    """As many as there were, from what stands now."""
    count = Checkpoint.objects.count()
    Checkpoint.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    for _ in range(count - 1):
        seal("gold published", random.sample(list(Chain.objects.values_list("pk", flat=True)), 3))
    seal_all("at the end of the story")
    return "the checkpoints were made anew"


REWRITINGS = (hash_anew, cut_tail, drop)
COVERING_UP = (leave_checkpoints, delete_checkpoints, make_checkpoints_anew)


def rewritten(random: Random) -> str:
    """History as the attacker wants it. Returns what was done."""
    with unguarded():
        chain = random.choice(list(Chain.objects.filter(length__gt=0).order_by("pk")))
        done = random.choice(REWRITINGS)(chain, random)
        return f"{done}, and {random.choice(COVERING_UP)(random)}"


def _hash_all(chain: Chain, change: Callable[[dict[str, Any]], None]) -> None:
    previous = genesis(str(chain.pk))
    for event in Event.objects.filter(chain=chain).order_by("seq"):
        body = json.loads(event.body)
        change(body)
        for submission in (made for made in body["changes"] if made["kind"] == "submission"):
            submission["after"]["head"] = previous
            Submission.objects.filter(pk=submission["id"]).update(head=previous)
        text = canonical(body)
        hash = event_hash(previous, text)
        columns = {"by": body["by"], "action": body["action"], "day": body["at"][:10]}
        Event.objects.filter(pk=event.pk).update(previous=previous, body=text, hash=hash, **columns)
        previous = hash
    Chain.objects.filter(pk=chain.pk).update(head=previous)


def _replayed(chain: Chain, length: int) -> Replay:
    replay = Replay(str(chain.pk), {kind.name: frozenset(kind.fields) for kind in KINDS.values()})
    for event in Event.objects.filter(chain=chain, seq__lte=length).order_by("seq"):
        stored = StoredEvent(
            event.seq, str(event.gesture), event.previous, event.hash, event.body, event.undo_top, event.redo_top,
            str(event.by) if event.by else None, event.action, str(event.day),
        )  # fmt: skip
        replay.carry_out(replay.read(stored))
    return replay


def _put_tables_back(chain: Chain, replay: Replay) -> None:
    """All rows are fetched first, for it is through other rows that they are found to be the chain's."""
    told = [kind for kind in KINDS.values() if kind.on in (chain.kind, "any")]
    rows = [kind.model._default_manager.filter(**({kind.chain: chain} if kind.chain else {})) for kind in told]
    standing = [{str(row.pk): row for row in found} for found in rows]
    for kind, found in zip(told, standing, strict=True):
        _put_table_back(kind, found, replay)


def _put_table_back(kind: RecordKind, standing: dict[str, models.Model], replay: Replay) -> None:
    wanted = replay.rows.get(kind.name, {})
    gone = [id for id in standing if id not in wanted]
    kind.model._default_manager.filter(pk__in=gone)._raw_delete("default")  # type: ignore[attr-defined]
    for id, row in wanted.items():
        values = json.loads(row.text)
        back = filled(standing[id], values) if id in standing else rebuilt(kind, id, values)
        if hasattr(back, "version"):
            back.version = row.seq
        if kind.model is not Submission or id not in standing:
            back.save(force_insert=id not in standing)
