"""Checkpoints: the heads of all chains under one root, numbered. A copy kept elsewhere shows a cut tail."""

import datetime
import hashlib
import json

from django.db import transaction
from django.utils import timezone

from annotator.log.chain import canonical, merkle_root
from annotator.log.models import Chain, Checkpoint


def make_checkpoint(reason: str) -> Checkpoint:
    """Seal the chains as they stand. Body: number, time, reason, previous hash, heads by chain id, root."""
    with transaction.atomic():
        last = Checkpoint.objects.order_by("-number").first()
        heads = sorted([str(id), length, head] for id, length, head in Chain.objects.values_list("id", "length", "head"))
        body = canonical(
            {
                "number": last.number + 1 if last else 1,
                "made_at": timezone.now().astimezone(datetime.UTC).isoformat(timespec="microseconds"),
                "reason": reason,
                "previous": last.hash if last else None,
                "heads": heads,
                "root": root_of(heads),
            }
        )
        return Checkpoint.objects.create(
            number=json.loads(body)["number"], reason=reason[:200], body=body,
            hash=hashlib.sha256(body.encode()).hexdigest(),
        )  # fmt: skip


def root_of(heads: list[list[object]]) -> str:
    """The Merkle root over the heads `[chain id, length, head]`, in order of chain id."""
    return merkle_root([canonical(head).encode() for head in heads])
