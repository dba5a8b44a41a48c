"""Does a value answer the question that an attribute asks?"""

import math
import re
from collections.abc import Callable, Container, Mapping
from datetime import date
from typing import NamedTuple

from annotator.schema.vocabulary import Attribute

LONGEST_TEXT = 2_000
"""Code points in an answer of kind text."""
LARGEST = 2**53
"""Up to here every program that reads our JSON sees the same whole number."""
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters other than tab and newline, and halves of surrogate pairs: no database keeps them."""

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class Fault(NamedTuple):
    """Why a value is no answer: a stable code, and a reason that says what to do."""

    code: str
    reason: str


def fault(attribute: Attribute, value: object, keys: Container[str]) -> Fault | None:
    """None when the value is an answer. keys: the entries that an answer of kind key may name."""
    return _FAULTS[attribute.kind](attribute, value, keys)


def _choice_fault(attribute: Attribute, value: object, keys: Container[str]) -> Fault | None:
    if value in attribute.value_keys:
        return None
    return Fault("off_the_list", f"choose one of {', '.join(one.key for one in attribute.offered)}.")


def _flag_fault(attribute: Attribute, value: object, keys: Container[str]) -> Fault | None:
    return None if isinstance(value, bool) else Fault("wrong_type", "answer true or false.")


def _text_fault(attribute: Attribute, value: object, keys: Container[str]) -> Fault | None:
    if not isinstance(value, str):
        return Fault("wrong_type", "write text.")
    if len(value) > LONGEST_TEXT:
        return Fault("too_long", f"write at most {LONGEST_TEXT} characters.")
    if UNWRITABLE.search(value):
        return Fault("unwritable", "take out the control characters.")
    return None


def _number_fault(attribute: Attribute, value: object, keys: Container[str]) -> Fault | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fault("wrong_type", "write a number.")
    if isinstance(value, float) and not math.isfinite(value):
        return Fault("not_finite", "write a number that is not infinite.")
    if abs(value) > LARGEST:
        return Fault("too_large", f"write a number between -{LARGEST} and {LARGEST}.")
    return None


def _date_fault(attribute: Attribute, value: object, keys: Container[str]) -> Fault | None:
    if not isinstance(value, str):
        return Fault("wrong_type", "write a date as text, year-month-day.")
    try:
        date.fromisoformat(value if _ISO_DATE.match(value) else "")
    except ValueError:
        return Fault("not_a_date", "write a date of the calendar as year-month-day, such as 2024-11-10.")
    return None


def _key_fault(attribute: Attribute, value: object, keys: Container[str]) -> Fault | None:
    if not isinstance(value, str):
        return Fault("wrong_type", "give the key of an entry as text.")
    return None if value in keys else Fault("off_the_list", f"choose an entry of the list {attribute.list}.")


_FAULTS: Mapping[str, Callable[[Attribute, object, Container[str]], Fault | None]] = {
    "choice": _choice_fault,
    "flag": _flag_fault,
    "text": _text_fault,
    "number": _number_fault,
    "date": _date_fault,
    "key": _key_fault,
}
