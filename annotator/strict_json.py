"""JSON as everybody understands it alike: UTF-8, no key twice, no NaN, nothing that cannot be stored."""

import json
import math
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from annotator.errors import Problem

DEEPEST = 64
"""Levels of arrays and objects."""


def strict_json(body: bytes) -> Any:
    """Raises Problem (400) with a plain reason."""
    if _is_deeper(body, DEEPEST):
        refuse(f"More than {DEEPEST} levels of arrays and objects.", "too_deep")
    try:
        value = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        refuse("The body is not UTF-8.", "not_utf8")
    except json.JSONDecodeError as error:
        refuse(f"The body is not JSON: {error.msg} at character {error.pos}.", "not_json")
    except ValueError:
        refuse("A number has too many digits.", "not_json")
    if b"\\u" in body:
        _check_storable(value)
    return value


_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)


def _is_deeper(body: bytes, levels: int) -> bool:
    """Whether brackets outside of strings nest deeper; asked first, since the parser itself recurses."""
    if body.count(b"[") + body.count(b"{") <= levels:
        return False
    depth = 0
    for part in _STRING_OR_BRACKET.finditer(body):
        sign = part.group()[:1]
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > levels:
            return True
    return False


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        refuse(f"The key “{twice}” occurs twice in one object.", "doubled_key")
    return result


def _no_constant(name: str) -> NoReturn:
    refuse(f"{name} is no JSON number.", "not_json")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        refuse(f"{digits[:40]} is too large a number.", "not_finite")
    return number


def _check_storable(value: Any) -> None:
    """NUL and halves of surrogate pairs can only come in as \\u escapes; no database keeps them."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            refuse("A text holds NUL or half of a surrogate pair.", "unwritable")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_storable(key)
            _check_storable(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_storable(inner)


def refuse(detail: str, code: str, status: int = 400) -> NoReturn:
    problem = Problem(detail, code=code)
    problem.status = status
    raise problem from None
