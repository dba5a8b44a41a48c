"""What is not in order in a codebook that is being written, in words a manager reads. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from annotator.schema.codebook import parse
from annotator.schema.strict import CodebookError

Data: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Complaint:
    """One thing that is not in order. place: of the field; is_grave: the draft cannot be published so."""

    place: str
    words: str
    is_grave: bool = True


def complaints(data: Data) -> list[Complaint]:
    """Clashes, then the first thing that no codebook may have."""
    found = [*_clashes(data), *_look_alikes(data)]
    try:
        parse(data)
    except CodebookError as error:
        place = re.sub(r"\[(\d+)\]", r".\1", error.field)
        if not any(one.is_grave for one in found):
            found.append(Complaint(place, f"{spoken(data, place)} {error.reason}"))
    return found


def _clashes(data: Data) -> Iterator[Complaint]:
    """Letters must differ from those of retired labels too, keys of the keyboard only among those on offer."""
    labels: list[Data] = data["labels"]
    live = [one for one in labels if not one.get("retired")]
    for name, what, items in (("letter", "letter", labels), ("hotkey", "key", live), ("key", "short name", labels)):
        for at, one in enumerate(items):
            other = next((each for each in items[:at] if one.get(name) and each.get(name) == one.get(name)), None)
            if other is not None:
                retired = ", which is retired" if other.get("retired") else ""
                yield Complaint(
                    f"labels.{labels.index(one)}.{name}",
                    f"{one[name]} is the {what} of {other['name']}{retired}, and of {one['name']}: change one of them.",
                )


def _look_alikes(data: Data) -> Iterator[Complaint]:
    live = [one for one in data["labels"] if not one.get("retired")]
    for at, one in enumerate(live):
        for other in live[:at]:
            if one["colour"] == other["colour"]:
                same = "colour and underline" if one["shape"] == other["shape"] else "colour"
                place = f"labels.{data['labels'].index(one)}.colour"
                words = f"{other['name']} and {one['name']} have the same {same}; readers will mix them up."
                yield Complaint(place, words, is_grave=False)


def spoken(data: Data, place: str) -> str:
    """A place as a person would say it: “Stance, Polarity: name”."""
    part: Any = data
    names, last = [], ""
    for step in place.split("."):
        try:
            part = part[int(step)] if isinstance(part, list) else part.get(step)
        except (IndexError, ValueError, AttributeError):
            break
        if isinstance(part, dict):
            names.append(str(part.get("name") or part.get("title") or part.get("number") or part.get("key")))
        elif not isinstance(part, list) and not step.isdigit():
            last = step
    where = ", ".join(names) or place.split(".", maxsplit=1)[0].replace("_", " ").capitalize()
    return f"{where}: {last.replace('_', ' ')}" if last and names else f"{where}"
