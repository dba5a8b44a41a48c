"""The arithmetic of a hash chain. Pure: no database, no clock.

Each event's hash covers the hash before it, so that a change anywhere shows everywhere after. A chain
without a key shows naive tampering; history hashed anew, or a cut tail, shows only against a
checkpoint kept elsewhere.
"""

import hashlib
import json
from collections.abc import Sequence
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


def merkle_root(leaves: Sequence[bytes]) -> str:
    """The RFC 9162 Merkle tree hash (hex) of the leaves; of none, the hash of the empty string."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    return _subtree([hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]).hex()


def _subtree(nodes: list[bytes]) -> bytes:
    if len(nodes) == 1:
        return nodes[0]
    split = 1 << (len(nodes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _subtree(nodes[:split]) + _subtree(nodes[split:])).digest()
