"""The arithmetic of a hash chain. Pure: no database, no clock.

Each event's hash covers the hash before it, so that a change anywhere shows everywhere after. A chain
without a key shows naive tampering; history hashed anew, or a cut tail, shows only against a
checkpoint kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = b"annotation log, version 1: "


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8 as it is. Raises ValueError for NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def genesis(chain_id: str) -> str:
    """The hash before a chain's first event; it binds the chain's id, so that chains cannot be swapped."""
    return hashlib.sha256(GENESIS + chain_id.encode()).hexdigest()


def event_hash(previous: str, body: str) -> str:
    """SHA-256 (hex) over 0x00, the previous hash and the body's UTF-8."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(previous) + body.encode()).hexdigest()


def salted(salt: str, text: str) -> str:
    """The digest that stands in events for a text that may one day be erased."""
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


@dataclass(frozen=True)
class MerkleTree:
    """An RFC 9162 Merkle tree that only grows, known by its `size` in leaves and its `peaks`.

    The peaks are the hashes (hex) of the full subtrees it is made of, the largest first, one for each 1 in the
    size's binary digits. They are all that is needed to add leaves and to tell the root.
    """

    size: int = 0
    peaks: tuple[str, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> "MerkleTree":
        """The tree with the leaves added at its end."""
        size, peaks = self.size, [bytes.fromhex(peak) for peak in self.peaks]
        for leaf in leaves:
            node, full = hashlib.sha256(b"\x00" + leaf).digest(), size
            while full & 1:
                node, full = _joined(peaks.pop(), node), full >> 1
            peaks.append(node)
            size += 1
        return MerkleTree(size, tuple(peak.hex() for peak in peaks))

    @property
    def root(self) -> str:
        """The Merkle tree hash (hex); of no leaves, the hash of the empty string."""
        if not self.peaks:
            return hashlib.sha256(b"").hexdigest()
        *larger, node = [bytes.fromhex(peak) for peak in self.peaks]
        while larger:
            node = _joined(larger.pop(), node)
        return node.hex()


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
