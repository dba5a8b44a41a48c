"""JSON objects read strictly: every key is known, has its type, and a complaint names the place."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from annotator.schema.answers import LONGEST_TEXT, UNWRITABLE
from annotator.standoff import Value

T = TypeVar("T")

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z")


class CodebookError(ValueError):
    """What is wrong with a codebook and where: `field` reads like "labels[2].attributes[0].kind"."""

    code = "bad_codebook"

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.field = place
        self.reason = reason


class Fields:
    """The keys of one JSON object. A key that is absent or null reads as its default, where it has one.

    Raises CodebookError when made from anything but an object, or when it has keys that are not `known`.
    """

    def __init__(self, data: object, place: str, known: Collection[str]) -> None:
        if not isinstance(data, Mapping):
            raise CodebookError(place, "must be an object.")
        self.data: Mapping[object, object] = data
        self.place = place
        for key in data:
            if key not in known:
                raise CodebookError(self.at(str(key)), "is not known here.")

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def text(self, key: str, default: str | None = None, longest: int = LONGEST_TEXT) -> str:
        found = text(self._given(key, default), self.at(key))
        if len(found) > longest:
            raise CodebookError(self.at(key), f"is longer than {longest} characters.")
        return found

    def has(self, key: str) -> bool:
        return self.data.get(key) is not None

    def objects(self, key: str) -> Mapping[object, object]:
        found = self._given(key, {})
        if not isinstance(found, Mapping):
            raise CodebookError(self.at(key), "must be an object.")
        return found

    def get(self, key: str) -> object:
        return self.data.get(key)

    def name(self, key: str) -> str:
        return name(self._given(key, None), self.at(key))

    def one_of(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        found = self.text(key, default)
        if found not in allowed:
            raise CodebookError(self.at(key), f"“{found}” is not one of {', '.join(allowed)}.")
        return found

    def flag(self, key: str, default: bool = False) -> bool:
        found = self._given(key, default)
        if not isinstance(found, bool):
            raise CodebookError(self.at(key), "must be true or false.")
        return found

    def whole(self, key: str, default: int | None = None) -> int:
        return whole(self._given(key, default), self.at(key))

    def value(self, key: str) -> Value | None:
        found = self.data.get(key)
        if found is None or isinstance(found, bool | int | float):
            return found
        return text(found, self.at(key))

    def each(self, key: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        return each(self._given(key, []), self.at(key), read)

    def maybe(self, key: str, read: Callable[[object, str], T]) -> T | None:
        found = self.data.get(key)
        return None if found is None else read(found, self.at(key))

    def _given(self, key: str, default: object) -> object:
        found = self.data.get(key)
        if found is None and default is None:
            raise CodebookError(self.at(key), "is missing.")
        return default if found is None else found


def text(found: object, place: str) -> str:
    if not isinstance(found, str):
        raise CodebookError(place, "must be text.")
    if UNWRITABLE.search(found):
        raise CodebookError(place, "holds a character that cannot be stored.")
    return found


def name(found: object, place: str) -> str:
    """A key: what formats, addresses and databases can all carry."""
    if not NAME.match(text(found, place)):
        raise CodebookError(place, f"“{found}” must be 1 to 40 of A–Z, a–z, 0–9, “_”, “-”, no sign first.")
    return str(found)


def whole(found: object, place: str) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise CodebookError(place, "must be a whole number from 0.")
    return found


def each(found: object, place: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    if not isinstance(found, list | tuple):
        raise CodebookError(place, "must be a list.")
    return tuple(read(item, f"{place}[{number}]") for number, item in enumerate(found))
