"""A codebook while it is written: fields and buttons of a form into its JSON. Pure.

Every part of a draft has a place, the way to it in the JSON with dots: "labels.2.attributes.0.name".
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from annotator.schema.complaints import Complaint
from annotator.schema.vocabulary import CHECKS, HOTKEYS, PALETTE, SHAPES

Data: TypeAlias = dict[str, Any]
Sent: TypeAlias = Mapping[str, Sequence[str]]
Setter: TypeAlias = Callable[[Data, str, Sequence[str]], None]

SECTIONS = ("labels", "attributes", "relations", "checks", "guidelines")
HERE = "here"
"""Sent with every item, so that an empty box is told from an item that was not on the page."""


class Unfit(ValueError):
    """What was sent does not belong to the draft as it is: the page is an old one."""

    code = "malformed"


# Fields into JSON


def edited(data: Data, base: Data | None, sent: Sent) -> tuple[Data, list[Complaint]]:
    """The draft with the fields that were sent, and which of them could not be read; those stay as they were.

    What `base` has keeps its key, and an attribute its kind of answer. Raises Unfit.
    """
    found, complaints = copy.deepcopy(data), list[Complaint]()
    for place in _shown(sent):
        item = part_of(found, place)
        for name in _FLAGS.get(_shape(place), ()):
            item[name] = f"{place}.{name}" in sent
        for name in _LISTED.get(_shape(place), ()):
            item[name] = [one for one in sent.get(f"{place}.{name}", ()) if one]
    for place, values in sent.items():
        owner, _, name = place.rpartition(".")
        setter = _SETTERS.get(_shape(owner), {}).get(name)
        if setter is None or (name in _KEPT and twin(base, data, owner) is not None):
            continue
        item = part_of(found, owner)
        try:
            setter(item, name, values)
        except ValueError as error:
            complaints.append(Complaint(place, str(error)))
    _set_checks(found, sent)
    return found, complaints


def _shown(sent: Sent) -> Iterator[str]:
    for place in sent:
        owner, _, name = place.rpartition(".")
        if name == HERE:
            yield owner


def _shape(place: str) -> str:
    """The place with a sign for each number; attributes of whatever owner are alike."""
    shape = re.sub(r"\.[0-9]{1,4}(?=\.|$)", ".#", place)
    return re.sub(r"^(labels\.#\.attributes|relations\.#\.attributes|common_attributes)\.#", "attribute", shape)


def part_of(data: Data, place: str) -> Data:
    """What stands at a place. Raises Unfit."""
    part: Any = data
    try:
        for step in place.split(".") if place else ():
            part = part[int(step) if isinstance(part, list) else step]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise Unfit("The draft has changed since this page was made: reload it.") from error
    return part  # type: ignore[no-any-return]


def twin(base: Data | None, data: Data, place: str) -> Data | None:
    """The same item in the version that the draft goes on from, found by its keys."""
    part, other = data, base
    for step in place.split(".") if place else ():
        if other is None:
            return None
        if isinstance(part, list):
            part = part[int(step)] if int(step) < len(part) else {}
            other = next((one for one in other if _same(one, part)), None)
        else:
            part, other = part[step], other.get(step)
    return other


def _same(one: Data, other: Data) -> bool:
    name = "key" if "key" in one else "number"
    return one.get(name) == other.get(name)


def _text(item: Data, name: str, sent: Sequence[str]) -> None:
    item[name] = "\n".join(sent[-1].replace("\r\n", "\n").strip().split("\r"))


def _maybe(item: Data, name: str, sent: Sequence[str]) -> None:
    item[name] = sent[-1].strip() or None


def _whole(item: Data, name: str, sent: Sequence[str]) -> None:
    if not re.fullmatch(r"\d{1,4}", sent[-1].strip() or "0"):
        raise ValueError("Write a whole number.")
    item[name] = int(sent[-1].strip() or 0)


def _numbers(item: Data, name: str, sent: Sequence[str]) -> None:
    parts = sent[-1].replace(",", " ").split()
    if not all(re.fullmatch(r"\d{1,4}", part) for part in parts):
        raise ValueError("Write the numbers of rules, such as 1, 4.")
    item[name] = [int(part) for part in parts]


def _kind(item: Data, name: str, sent: Sequence[str]) -> None:
    """Another kind of answer has no values, list and default of the one before."""
    if sent[-1] != item["kind"]:
        item |= {"kind": sent[-1], "default": None, "ordinal": None, "list": None, "values": []}
        if sent[-1] == "choice":
            item["values"] = [_new_value([])]


def _default(item: Data, name: str, sent: Sequence[str]) -> None:
    said = sent[-1].strip()
    item["default"] = _answer(item["kind"], said) if said else None


def _answer(kind: str, said: str) -> Any:
    if kind == "flag":
        return said in ("yes", "true")
    if kind == "number":
        try:
            return float(said) if "." in said else int(said)
        except ValueError:
            raise ValueError("Write a number.") from None
    return said


def _when(item: Data, name: str, sent: Sequence[str]) -> None:
    """“kind is figure or forecast”, “concept is answered”; nothing for no condition."""
    said = " ".join(sent[-1].split())
    match = re.fullmatch(r"(\S+) is (.+)", said)
    if said and match is None:
        raise ValueError("Write it like “kind is figure or forecast”, or “kind is answered”.")
    item["required_when"] = match and {"attribute": match[1], "is": _wanted(match[2])}


def _wanted(said: str) -> str | list[str | bool]:
    if said == "answered":
        return "set"
    return [{"yes": True, "no": False}.get(one, one) for one in said.split(" or ")]


def _order(item: Data, name: str, sent: Sequence[str]) -> None:
    """“oppose < neutral = mixed < support”; nothing for no order."""
    steps = [[one.strip() for one in step.split("=")] for step in sent[-1].split("<")]
    if not sent[-1].strip():
        item["ordinal"] = None
    elif not all(one for step in steps for one in step):
        raise ValueError("Write it like “oppose < neutral = mixed < support”.")
    else:
        item["ordinal"] = [step if len(step) > 1 else step[0] for step in steps]


_KEPT = ("key", "kind", "list")
_VALUE: dict[str, Setter] = {"key": _text, "name": _text, "help": _text}
_RULE: dict[str, Setter] = {"title": _text, "text": _text}
_SETTERS: dict[str, dict[str, Setter]] = {
    "": {"title": _text, "language": _text, "description": _text},
    "labels.#": {
        "key": _text, "name": _text, "letter": _text, "colour": _text, "shape": _text, "hotkey": _maybe,
        "description": _text, "rules": _numbers,
    },
    "attribute": {
        "key": _text, "name": _text, "kind": _kind, "list": _maybe, "default": _default, "when": _when,
        "order": _order, "rules": _numbers, "help": _text,
    },
    "attribute.values.#": _VALUE,
    "relations.#": {"key": _text, "name": _text, "minimum": _whole, "rules": _numbers, "help": _text},
    "rules.#": _RULE,
    "span_rules.#": _RULE,
    "borderline.#": {"where": _text, "case": _text, "decision": _text, "rules": _numbers},
}  # fmt: skip
_FLAGS: dict[str, tuple[str, ...]] = {
    "labels.#": ("retired",),
    "attribute": ("required", "may_be_absent", "in_agreement", "retired"),
    "attribute.values.#": ("retired",),
    "relations.#": ("symmetric", "may_be_absent", "retired"),
}
_LISTED = {"relations.#": ("from", "to")}


def _set_checks(data: Data, sent: Sent) -> None:
    """Each check is off, a warning or an error; those that are on keep their order."""
    known = {check["key"]: check for check in data["checks"]}
    for key in CHECKS:
        severity = next(iter(sent.get(f"checks.{key}.severity", ())), None)
        if severity in ("error", "warning"):
            words = next(iter(sent.get(f"checks.{key}.text", ())), "").strip() or key.replace("_", " ")
            known[key] = {"key": key, "severity": severity, "text": words}
        elif severity is not None:
            known.pop(key, None)
    data["checks"] = list(known.values())


# Adding, removing, moving


def acted(data: Data, base: Data | None, act: str) -> Data:
    """What a button does: "add:labels", "up:labels.2", "down:labels.2", "remove:labels.2".

    What the version before had is not removed; it can retire. Raises Unfit.
    """
    verb, _, place = act.partition(":")
    found = copy.deepcopy(data)
    if verb == "add":
        _list_at(found, place).append(_new_item(found, place))
        return found
    owner, _, number = place.rpartition(".")
    items, at = _list_at(found, owner), int(number) if re.fullmatch(r"[0-9]{1,4}", number) else -1
    if not 0 <= at < len(items):
        raise Unfit("The draft has changed since this page was made: reload it.")
    if verb == "remove" and may_go(data, base, place):
        items.pop(at)
    elif verb in ("up", "down"):
        other = min(max(at + (1 if verb == "down" else -1), 0), len(items) - 1)
        items[at], items[other] = items[other], items[at]
    return found


def may_go(data: Data, base: Data | None, place: str) -> bool:
    return place.split(".", maxsplit=1)[0] in ("rules", "span_rules", "borderline") or twin(base, data, place) is None


def _list_at(data: Data, place: str) -> list[Data]:
    if _shape(f"{place}.0") not in _SETTERS:
        raise Unfit("There is nothing to add here.")
    found = part_of(data, place)
    assert isinstance(found, list)
    return found


def _new_item(data: Data, place: str) -> Data:
    items = _list_at(data, place)
    match _shape(f"{place}.0"):
        case "labels.#":
            return _new_label(items)
        case "attribute":
            return _new_attribute(items)
        case "attribute.values.#":
            return _new_value(items)
        case "relations.#":
            return _new_relation(data, items)
        case "borderline.#":
            return {"number": _next_number(items), "where": "", "case": "", "decision": "", "rules": []}
        case _:
            return {"number": _next_number(items), "title": "", "text": ""}


def _new_label(items: Sequence[Data]) -> Data:
    live = [one for one in items if not one.get("retired")]
    return {
        "key": _fresh_key("LABEL", items), "name": "New label", "description": "", "rules": [], "retired": False,
        "letter": _first_free([chr(65 + place) for place in range(26)], [one["letter"] for one in items]),
        "colour": _first_free(PALETTE, [one["colour"] for one in live]),
        "shape": _first_free(SHAPES, [one["shape"] for one in live]),
        "hotkey": _first_free((*HOTKEYS, None), [one.get("hotkey") for one in live if one.get("hotkey")]),
        "attributes": [],
    }  # fmt: skip


def _new_attribute(items: Sequence[Data]) -> Data:
    return {
        "key": _fresh_key("question", items), "name": "New question", "kind": "choice", "values": [_new_value([])],
        "list": None, "default": None, "required": False, "required_when": None, "may_be_absent": False,
        "ordinal": None, "in_agreement": True, "rules": [], "help": "", "retired": False,
    }  # fmt: skip


def _new_value(items: Sequence[Data]) -> Data:
    return {"key": _fresh_key("value", items), "name": "new value", "help": "", "retired": False}


def _new_relation(data: Data, items: Sequence[Data]) -> Data:
    first = data["labels"][0]["key"]
    return {
        "key": _fresh_key("relation", items), "name": "new relation", "from": [first], "to": [first], "minimum": 0,
        "symmetric": False, "across_texts": False, "may_be_absent": False, "attributes": [], "rules": [], "help": "",
        "retired": False,
    }  # fmt: skip


def _fresh_key(stem: str, items: Sequence[Data]) -> str:
    taken = {one["key"] for one in items}
    number = next(number for number in range(1, len(items) + 2) if f"{stem}_{number}" not in taken)
    return f"{stem}_{number}"


def _first_free(choices: Sequence[Any], taken: Sequence[Any]) -> Any:
    return next((one for one in choices if one not in taken), choices[0])


def _next_number(items: Sequence[Data]) -> int:
    return 1 + max((int(one["number"]) for one in items), default=0)
