"""Codebooks for these tests, and changes of them."""

import copy
import json
from collections.abc import Callable
from typing import Any

from annotator.schema.codebook import Codebook, parse
from annotator.settings import BASE_DIR

Data = dict[str, Any]


def seed(slug: str = "claims-actors-stances") -> Data:
    data: Data = json.loads((BASE_DIR / "seeds" / "codebooks" / f"{slug}.json").read_text("utf-8"))
    return data


def book(*changes: Callable[[Data], object], slug: str = "claims-actors-stances") -> Codebook:
    """The seed after some changes of its JSON."""
    data = copy.deepcopy(seed(slug))
    for change in changes:
        change(data)
    return parse(data)


def label(data: Data, key: str) -> Data:
    found: Data = next(one for one in data["labels"] if one["key"] == key)
    return found


def attribute(data: Data, on: str, key: str) -> Data:
    found: Data = next(one for one in label(data, on)["attributes"] if one["key"] == key)
    return found


def retire(key: str) -> Callable[[Data], None]:
    return lambda data: label(data, key).update(retired=True)


def add_label(key: str, **parts: Any) -> Callable[[Data], None]:
    """A label after the others; its name is the key in small letters, its letter the last one."""
    fresh = {"key": key, "name": key.capitalize(), "letter": key[-1], "colour": "purple", "shape": "wavy"}
    return lambda data: data["labels"].append(fresh | parts)


def retire_value(on: str, key: str, value: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        next(one for one in attribute(data, on, key)["values"] if one["key"] == value).update(retired=True)

    return change


def add_value(on: str, key: str, value: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        attribute(data, on, key)["values"].append({"key": value, "name": value})
        attribute(data, on, key)["ordinal"] = None

    return change
