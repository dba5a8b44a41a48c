"""The shape of what programs send: which keys, of which kind. No rule of annotation. Pure."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from annotator.errors import Problem


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def answers(value: Any) -> dict[str, Any]:
    """Attribute key → value; null takes an answer away."""
    if not isinstance(value, dict):
        raise TypeError("an object of attribute keys and values")
    return value


def names(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise TypeError("a list of names")
    return value


def identifier(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(text(value))
    except ValueError:
        raise TypeError("a UUID") from None


Kind = Callable[[Any], Any]

SPAN: Mapping[str, Kind] = {
    "start": whole, "end": whole, "quote": text, "label": text, "attributes": answers, "absent": names,
}  # fmt: skip
RELATION: Mapping[str, Kind] = {"type": text, "from": identifier, "to": identifier, "attributes": answers}


def read(data: Any, kinds: Mapping[str, Kind], *required: str) -> dict[str, Any]:
    """The values under their keys; what was not sent, or is null, is not in the result.

    Raises Problem (422) for a key that is unknown, missing, or of another kind.
    """
    if not isinstance(data, dict):
        raise Problem("Send one JSON object.", code="not_an_object")
    for name in data:
        if name not in kinds:
            known = f"choose among {', '.join(kinds)}" if kinds else "nothing is asked for here"
            raise Problem(f"There is no field “{name[:40]}”: {known}.", code="unknown_field", field=name[:40])
    for name in required:
        if data.get(name) is None:
            raise Problem(f"The field {name} is missing.", code="missing_field", field=name)
    return {name: _value(name, kinds[name], value) for name, value in data.items() if value is not None}


def _value(name: str, kind: Kind, value: Any) -> Any:
    try:
        return kind(value)
    except TypeError as error:
        raise Problem(f"Give {name} as {error}.", code="wrong_type", field=name) from None
