"""JSON Lines: one record a line, UTF-8, every key present, keys in the order of the record. Loses nothing."""

import json
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

MEDIA_TYPE = "application/x-ndjson"


def line(record: dict[str, Any]) -> bytes:
    """Raises ValueError for NaN and infinity."""
    return _ENCODER.encode(record).encode() + b"\n"
