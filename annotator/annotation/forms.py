"""The shape of what the reading desk sends. Shape only: the rules of annotation are the actions' business."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from annotator.errors import Problem
from annotator.strict_json import strict_json
from corpus.text import MAX_LENGTH

LARGEST_VERSION = 2**53
DAY = 24 * 60 * 60
MOST_SPANS = 1000
"""Spans that one gesture may add."""

Reader = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Asked:
    """One gesture as it came: `body` has the keyword arguments of the action named `verb`."""

    gesture: uuid.UUID
    verb: str
    body: dict[str, Any]


def read_gesture(post: QueryDict) -> Asked:
    """Fields `gesture` (a UUID), `verb` and `body` (a JSON object). Raises Problem (400 or 422)."""
    verb = post.get("verb", "")
    if verb not in FIELDS:
        raise Problem(f"There is no gesture “{verb[:40]}”.", code="unknown_gesture", field="verb")
    body = strict_json(post.get("body", "{}").encode())
    return Asked(_uuid(post.get("gesture"), "gesture"), verb, _object(body, FIELDS[verb], ""))


def read_seconds(post: QueryDict) -> int:
    """Field `seconds`: a whole number, at most a day. Raises Problem."""
    given = post.get("seconds", "")
    if not re.fullmatch(r"[0-9]{1,5}", given) or int(given) > DAY:
        raise _malformed("seconds", f"a whole number from 0 to {DAY}")
    return int(given)


def _object(given: Any, fields: Mapping[str, tuple[Reader, bool]], place: str) -> dict[str, Any]:
    """The named fields and no others. A field that may be left out and is stays out."""
    if not isinstance(given, dict):
        raise _malformed(place or "body", "an object")
    for name in given:
        if name not in fields:
            raise Problem(f"There is no field “{name[:40]}” here.", code="unknown_field", field=place + name[:40])
    missing = next((name for name, (_, needed) in fields.items() if needed and name not in given), None)
    if missing:
        raise Problem(f"The field “{missing}” is missing.", code="field_missing", field=place + missing)
    return {name: fields[name][0](value, place + name) for name, value in given.items()}


def _malformed(field: str, wanted: str) -> Problem:
    return Problem(f"“{field}” must be {wanted}.", code="malformed", field=field)


def _uuid(value: Any, field: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise _malformed(field, "a UUID") from None


def _maybe_uuid(value: Any, field: str) -> uuid.UUID | None:
    return None if value is None else _uuid(value, field)


def _whole(most: int) -> Reader:
    def read(value: Any, field: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise _malformed(field, f"a whole number from 0 to {most}")
        return value

    return read


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise _malformed(field, "text")
    return value


def _names(value: Any, field: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _malformed(field, "a list of names")
    return value


def _values(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, dict) or any(isinstance(one, dict | list) for one in value.values()):
        raise _malformed(field, "an object of plain values")
    return value


def _list_of(fields: Mapping[str, tuple[Reader, bool]]) -> Reader:
    def read(value: Any, field: str) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not 0 < len(value) <= MOST_SPANS:
            raise _malformed(field, f"a list of 1 to {MOST_SPANS} places")
        return [_object(one, fields, f"{field}[{number}].") for number, one in enumerate(value)]

    return read


_offset, _version = _whole(MAX_LENGTH), _whole(LARGEST_VERSION)

PLACE: Mapping[str, tuple[Reader, bool]] = {"id": (_uuid, True), "start": (_offset, True), "end": (_offset, True)}
NEW_SPAN: Mapping[str, tuple[Reader, bool]] = {**PLACE, "quote": (_text, True), "suggestion": (_text, False)}

FIELDS: Mapping[str, Mapping[str, tuple[Reader, bool]]] = {
    "add_span": {**NEW_SPAN, "label": (_text, True), "attributes": (_values, False), "absent": (_names, False)},
    "add_spans": {"places": (_list_of(NEW_SPAN), True), "label": (_text, True), "attributes": (_values, False)},
    "reject_suggestions": {"places": (_list_of(PLACE), True), "label": (_text, True)},
    "change_span": {
        "id": (_uuid, True), "version": (_version, True), "start": (_offset, False), "end": (_offset, False),
        "quote": (_text, False), "label": (_text, False), "attributes": (_values, False), "absent": (_names, False),
    },
    "remove_span": {"id": (_uuid, True), "version": (_version, True)},
    "relate": {
        "id": (_uuid, True), "type": (_text, True), "source": (_uuid, True), "target": (_uuid, True),
        "attributes": (_values, False),
    },
    "change_relation": {"id": (_uuid, True), "version": (_version, True), "attributes": (_values, True)},
    "unrelate": {"id": (_uuid, True), "version": (_version, True)},
    "comment": {"id": (_uuid, True), "text": (_text, False), "flag": (_text, False), "span": (_maybe_uuid, False),
                "thread": (_maybe_uuid, False)},
    "remove_comment": {"id": (_uuid, True)},
    "propose": {"id": (_uuid, True), "list": (_text, True), "name": (_text, True), "kind": (_text, False)},
    "undo": {},
    "redo": {},
}  # fmt: skip
"""Verb → field → how it is read, and whether it must be there."""
