"""Checkpoints: heads of chains under one Merkle root, numbered. A copy kept elsewhere shows what was undone here.

A checkpoint lists the heads that it seals, and its root covers these and all that were listed before: the
leaves of one tree that only grows. So making one costs what it lists and no more, however large the project,
and a kept copy of a single checkpoint vouches for every head sealed up to it. The copy's second line repeats the
last sealed head of every chain, so that it can also say which chain it was, and serve where only an export is.
"""

import datetime
import json
import os
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from annotator.log.chain import MerkleTree, canonical
from annotator.log.models import Chain, Checkpoint, SealedHead
from corpus.text import sha256

PARTS = frozenset("v number made_at reason previous heads size peaks root".split())
BATCH = 500
LOCK = 0x6C6F67
"""Of PostgreSQL's advisory locks the one that is held while a checkpoint gets its number."""

Head: TypeAlias = tuple[str, int, str]
"""Chain id, number of events, hash of the last of them."""


class NotACheckpoint(ValueError):
    """The text is not that of a checkpoint; the message says why."""


def seal(reason: str, chains: Collection[uuid.UUID]) -> Checkpoint:
    """A checkpoint of these chains, and of the site's, as they stand."""
    with transaction.atomic():
        _lock()
        return _add(reason, _heads(Q(pk__in=chains) | Q(kind="site")))


def seal_moved(reason: str, chosen: Q) -> Checkpoint | None:
    """A checkpoint of those among the chosen chains that have moved since they were sealed; the last one when none has.

    One or two look-ups when there is nothing to seal, whatever was sealed before: for a request. None when
    nothing was ever sealed.
    """
    moved = chosen & ~Exists(SealedHead.objects.filter(chain=OuterRef("pk"), length=OuterRef("length")))
    if Chain.objects.filter(moved, length__gt=0).exists():
        with transaction.atomic():
            _lock()
            if heads := _heads(moved & Q(length__gt=0)):
                return _add(reason, heads)
    return Checkpoint.objects.order_by("-number").first()


def seal_all(reason: str) -> Checkpoint | None:
    """A checkpoint of every chain that has moved since it was last sealed; the last one when none has.

    Reads all checkpoints: for a command that runs once a day, not for a request. None when there is no chain.
    """
    with transaction.atomic():
        _lock()
        known = set(_latest_heads())
        heads = [head for head in _heads(Q()) if head not in known]
        return _add(reason, heads) if heads else Checkpoint.objects.order_by("-number").first()


def copy_of(checkpoint: Checkpoint) -> str:
    """Two lines to be kept elsewhere: the body, and of every chain the head that was sealed last."""
    return f"{checkpoint.body}\n{canonical({'heads': sorted(_latest_heads(checkpoint.number))})}\n"


def write_copy(checkpoint: Checkpoint, path: Path) -> None:
    """The copy, in a file that only its owner reads; a file of that name is replaced in one step."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(copy_of(checkpoint))
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def _latest_heads(upto: int | None = None) -> Iterable[Head]:
    """Of every chain that was sealed by then, the head that was sealed last. Reads all checkpoints."""
    latest: dict[str, Head] = {}
    made = Checkpoint.objects.order_by("number")
    for checkpoint in (made if upto is None else made.filter(number__lte=upto)).iterator(chunk_size=50):
        latest |= {head[0]: head for head in heads_of(json.loads(checkpoint.body))}
    return latest.values()


def heads_of(body: dict[str, Any]) -> list[Head]:
    return [(chain, length, head) for chain, length, head in body["heads"]]


def parsed(text: str) -> dict[str, Any]:
    """The body of a checkpoint, stored or kept. Raises NotACheckpoint."""
    try:
        body: dict[str, Any] = json.loads(text)
        if canonical(body) != text or body.keys() != PARTS or body["v"] != 1:
            raise NotACheckpoint("it has not the form of a checkpoint")
        if any(not _is_head(*head) for head in body["heads"]):
            raise NotACheckpoint("its list of heads is not well formed")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NotACheckpoint(str(error)) from error
    return body


def parsed_copy(text: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A checkpoint's body as text and as JSON, and the second line of the copy. Raises NotACheckpoint."""
    first, _, second = text.strip().partition("\n")
    body = parsed(first)
    try:
        standing = json.loads(second)
        if any(not _is_head(*head) for head in standing["heads"]):
            raise NotACheckpoint("its second line is not a list of heads")
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise NotACheckpoint(f"its second line is not that of a copy: {error}") from error
    return first, body, standing


def _is_head(chain: object, length: object, head: object) -> bool:
    return isinstance(chain, str) and isinstance(length, int) and isinstance(head, str)


def _lock() -> None:
    """Nobody else numbers a checkpoint until our transaction ends. SQLite has one writer anyway.

    Not a row lock: whoever makes a checkpoint holds chains already, and others may be waiting for them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _heads(chosen: Q) -> list[Head]:
    found = Chain.objects.filter(chosen).values_list("id", "length", "head")
    return sorted((str(id), length, head) for id, length, head in found)


def _add(reason: str, heads: list[Head]) -> Checkpoint:
    last = Checkpoint.objects.order_by("-number").first()
    tree = (_tree_of(json.loads(last.body)) if last else MerkleTree()).grown(map(leaf, heads))
    body = canonical(
        {
            "v": 1,
            "number": last.number + 1 if last else 1,
            "made_at": timezone.now().astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "reason": reason,
            "previous": last.hash if last else None,
            "heads": heads,
            "size": tree.size,
            "peaks": tree.peaks,
            "root": tree.root,
        }
    )
    sealed = [SealedHead(chain=uuid.UUID(chain), length=length) for chain, length, _ in heads]
    SealedHead.objects.bulk_create(
        sealed, batch_size=BATCH, update_conflicts=True, unique_fields=["chain"], update_fields=["length"]
    )
    return Checkpoint.objects.create(
        number=last.number + 1 if last else 1, reason=reason[:200], body=body, hash=sha256(body)
    )


def _tree_of(body: dict[str, Any]) -> MerkleTree:
    return MerkleTree(body["size"], tuple(body["peaks"]))


def leaf(head: Head) -> bytes:
    return canonical(head).encode()


# Checking


class Sealed:
    """What checkpoints say of each chain's length and head: those that stand here, and copies kept elsewhere."""

    def __init__(self) -> None:
        self._heads: dict[str, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))

    def take(self, body: dict[str, Any], said_by: str) -> None:
        for chain, length, head in heads_of(body):
            self._heads[chain][length].setdefault(head, said_by)

    @property
    def chains(self) -> set[str]:
        return set(self._heads)

    def complaint(self, chain: str, length: int, head: str) -> str | None:
        """What is wrong with a chain whose event number `length` (0: none yet) has this hash."""
        for sealed, said_by in self._heads.get(chain, {}).get(length, {}).items():
            if sealed != head:
                return f"{said_by} sealed it with another hash: history was written anew"
        return None

    def cut(self, chain: str, length: int) -> str | None:
        """What is wrong with a chain that ends after `length` events."""
        longest = max(self._heads.get(chain, {}), default=0)
        if longest <= length:
            return None
        said_by = next(iter(self._heads[chain][longest].values()))
        return f"{said_by} sealed {longest} events, and {length} are left: the tail was cut off"


def check_stored(sealed: Sealed) -> Iterator[str]:
    """Walk all checkpoints; what they seal goes into `sealed`. Ends with the first that is not in order."""
    previous, tree = None, MerkleTree()
    for number, checkpoint in enumerate(Checkpoint.objects.order_by("number").iterator(chunk_size=50), 1):
        try:
            body = parsed(checkpoint.body)
            tree = tree.grown(map(leaf, heads_of(body)))
            _check_place(checkpoint, body, number, previous, tree)
        except NotACheckpoint as error:
            yield f"Checkpoint {number}: {error}."
            return
        previous = checkpoint.hash
        sealed.take(body, f"checkpoint {number}")


def _check_place(
    checkpoint: Checkpoint, body: dict[str, Any], number: int, previous: str | None, tree: MerkleTree
) -> None:
    """tree: of all heads listed so far. Raises NotACheckpoint."""
    if checkpoint.number != number:
        raise NotACheckpoint(f"it is missing, the next one is {checkpoint.number}")
    if checkpoint.hash != sha256(checkpoint.body):
        raise NotACheckpoint("its hash does not fit its content")
    if (body["number"], body["reason"][:200]) != (number, checkpoint.reason):
        raise NotACheckpoint("its columns say other things than its content")
    if (body["previous"], body["size"], body["root"], body["peaks"]) != (
        previous, tree.size, tree.root, list(tree.peaks),
    ):  # fmt: skip
        raise NotACheckpoint("it does not follow from those before it")


def check_kept(text: str, sealed: Sealed) -> Iterator[str]:
    """Compare a copy kept elsewhere with the checkpoint that stands; what it seals goes into `sealed`.

    Raises NotACheckpoint for a text that is none.
    """
    first, body, standing = parsed_copy(text)
    number = body["number"]
    sealed.take(body, f"the kept copy of checkpoint {number}")
    sealed.take(standing, f"the kept copy of checkpoint {number}")
    stored = Checkpoint.objects.filter(number=number).first()
    if stored is None:
        yield f"Checkpoint {number}, of which a copy was kept, is gone."
    elif stored.body != first:
        yield f"Checkpoint {number} is not the one of which a copy was kept: it was made anew."
