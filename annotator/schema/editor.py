"""What the editor of a draft shows: sections, items and fields, ready for templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.errors import Unknown
from annotator.schema.codebook import as_data
from annotator.schema.complaints import Complaint
from annotator.schema.drafting import SECTIONS, Data, may_go, twin
from annotator.schema.models import CodebookDraft
from annotator.schema.vocabulary import CHECKS, HOTKEYS, PALETTE, SHAPES

KIND_WORDS = {
    "choice": "one of several", "flag": "yes or no", "text": "free text", "number": "a number", "date": "a date",
    "key": "an entry of a list",
}  # fmt: skip
SECTION_WORDS = {name: name.capitalize() for name in SECTIONS}
EVERY = "every"
"""Stands for the attributes of all labels."""


@dataclass(frozen=True)
class Field:
    """kind: text, area, select, check, colours, shapes or boxes. is_kept: it can no longer be changed."""

    name: str
    label: str
    kind: str
    value: Any
    options: tuple[tuple[str, str], ...] = ()
    help: str = ""
    is_kept: bool = False
    complaints: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return id_of(self.name)

    @property
    def rows(self) -> int:
        """Lines of a text area."""
        return min(10, 2 + len(str(self.value)) // 75)


@dataclass(frozen=True)
class Item:
    """One label, attribute, value, relation or rule. `values`: of a choice; `marks`: its look, where it has one."""

    place: str
    title: str
    hint: str
    fields: tuple[Field, ...]
    is_retired: bool = False
    is_open: bool = False
    may_go: bool = True
    is_first: bool = False
    is_last: bool = False
    marks: dict[str, str] = field(default_factory=dict)
    values: "Listing | None" = None

    @property
    def id(self) -> str:
        return id_of(self.place)


@dataclass(frozen=True)
class Listing:
    """Items of one sort, and what the button to add one says."""

    title: str
    place: str
    items: tuple[Item, ...]
    adds: str


@dataclass(frozen=True)
class Owner:
    """Whose attributes are shown."""

    key: str
    name: str
    marks: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """One section of the editor. owners: to choose from, in the section of attributes."""

    section: str
    fields: tuple[Field, ...]
    listings: tuple[Listing, ...]
    checks: tuple[tuple[Field, Field], ...] = ()
    owners: tuple[Owner, ...] = ()
    owner: str = ""

    @property
    def items(self) -> list[Item]:
        return [item for listing in self.listings for item in listing.items]


def id_of(place: str) -> str:
    """A place as an id of the page."""
    return "f-" + place.replace(".", "-")


def sheet_of(draft: CodebookDraft, section: str, owner: str, opened: str, found: Sequence[Complaint]) -> Sheet:
    """opened: place of the item that was worked on last. Raises Unknown for a section that there is not."""
    if section not in SECTIONS:
        raise Unknown()
    return _Editor(draft, opened, found).sheet(section, owner)


class _Editor:
    def __init__(self, draft: CodebookDraft, opened: str, found: Iterable[Complaint]) -> None:
        self.data: Data = draft.data
        self.base = as_data(draft.base.codebook) if draft.base else None
        self.opened = opened
        self.complaints: dict[str, list[str]] = {}
        for one in found:
            self.complaints.setdefault(one.place, []).append(one.words)

    def sheet(self, section: str, owner: str) -> Sheet:
        match section:
            case "labels":
                return Sheet(section, (), (self._listing("Labels", "labels", self._label, "Add a label"),))
            case "attributes":
                return self._attributes(owner)
            case "relations":
                return Sheet(section, (), (self._listing("Relations", "relations", self._relation, "Add a relation"),))
            case "checks":
                return Sheet(section, (), (), tuple(self._check(key) for key in CHECKS))
            case _:
                return self._guidelines()

    def _listing(self, title: str, place: str, make: Any, adds: str, items: Sequence[Data] | None = None) -> Listing:
        items = self.data[place] if items is None else items
        last = len(items) - 1
        made = [
            make(f"{place}.{at}", one, {"is_first": at == 0, "is_last": at == last}) for at, one in enumerate(items)
        ]
        return Listing(title, place, tuple(made), adds)

    def _field(self, name: str, label: str, kind: str, value: Any, **more: Any) -> Field:
        return Field(name, label, kind, value, complaints=tuple(self.complaints.get(name, ())), **more)

    def _item(self, place: str, one: Data, title: str, hint: str, fields: Iterable[Field], **more: Any) -> Item:
        fields = tuple(fields)
        is_open = self.opened == place or self.opened.startswith(f"{place}.") or any(each.complaints for each in fields)
        return Item(
            place, title, hint, fields, is_retired=one.get("retired", False), is_open=is_open,
            may_go=may_go(self.data, self.base, place), **more,
        )  # fmt: skip

    def _is_kept(self, place: str) -> bool:
        return twin(self.base, self.data, place) is not None

    def _key(self, place: str, one: Data) -> Field:
        help = (
            "Kept from the version before." if self._is_kept(place) else "Stands in files and exports; A–Z, 0–9, _, -."
        )
        return self._field(
            f"{place}.key", "Short name", "text", one["key"], help=help, is_kept=self._is_kept(place)
        )  # fmt: skip

    def _rules(self, place: str, one: Data) -> Field:
        return self._field(
            f"{place}.rules", "Rules", "text", ", ".join(map(str, one.get("rules", ()))), help="Numbers, such as 1, 4."
        )

    def _retired(self, place: str, one: Data) -> Field:
        return self._field(f"{place}.retired", "Retired: offered no longer, kept where it was used", "check",
                           one.get("retired", False))  # fmt: skip

    def _label(self, place: str, one: Data, edges: dict[str, bool]) -> Item:
        letters = [("", "none"), *((key, key) for key in HOTKEYS)]
        fields = (
            self._field(f"{place}.name", "Name", "text", one["name"]),
            self._key(place, one),
            self._field(f"{place}.letter", "Letter", "text", one["letter"], help="Shown with the colour."),
            self._field(f"{place}.hotkey", "Key", "select", one.get("hotkey") or "", options=tuple(letters)),
            self._field(f"{place}.colour", "Colour", "colours", one["colour"], options=_same(PALETTE)),
            self._field(f"{place}.shape", "Underline", "shapes", one["shape"], options=_same(SHAPES)),
            self._field(f"{place}.description", "What it covers", "area", one.get("description", "")),
            self._rules(place, one),
            self._retired(place, one),
        )
        hint = f"{one['letter']}{' · key ' + one['hotkey'] if one.get('hotkey') else ''}"
        return self._item(place, one, one["name"], hint, fields, marks=_marks(one), **edges)

    def _attributes(self, owner: str) -> Sheet:
        groups: dict[str, tuple[str, str, dict[str, str]]] = {
            one["key"]: (f"labels.{at}.attributes", one["name"], _marks(one))
            for at, one in enumerate(self.data["labels"])
        }
        groups[EVERY] = ("common_attributes", "every label", {})
        for at, one in enumerate(self.data["relations"]):
            groups.setdefault(one["key"], (f"relations.{at}.attributes", one["name"], {}))
        owner = owner if owner in groups else next(iter(groups))
        place, name, _ = groups[owner]
        items: Any = self.data
        for step in place.split("."):
            items = items[int(step) if step.isdigit() else step]
        listing = self._listing(f"Asked of {name}", place, self._attribute, "Add a question", items)
        owners = tuple(Owner(key, name, marks) for key, (_, name, marks) in groups.items())
        return Sheet("attributes", (), (listing,), owners=owners, owner=owner)

    def _attribute(self, place: str, one: Data, edges: dict[str, bool]) -> Item:
        kept, kind = self._is_kept(place), one["kind"]
        fields = [
            self._field(f"{place}.name", "Name", "text", one["name"]),
            self._key(place, one),
            self._field(
                f"{place}.kind", "Answer", "select", kind, options=tuple(KIND_WORDS.items()), is_kept=kept,
                help="To ask for another kind of answer, retire this and add a new one." if kept else "",
            ),
            self._default(place, one),
            self._field(f"{place}.when", "Asked only when", "text", _when(one), help="Such as: kind is figure"),
        ]  # fmt: skip
        if kind == "choice":
            help = "From low to high, such as: oppose < neutral = mixed < support"
            fields.append(self._field(f"{place}.order", "Order of the values", "text", _order(one), help=help))
        if kind == "key":
            lists = [("", "choose"), *((key, key) for key in self.data["lists"])]
            fields.append(
                self._field(
                    f"{place}.list", "List", "select", one.get("list") or "", options=tuple(lists), is_kept=kept
                )
            )
        fields += [
            self._field(f"{place}.help", "What is asked", "area", one.get("help", "")),
            self._rules(place, one),
            self._field(f"{place}.required", "Must be answered", "check", one.get("required", False)),
            self._field(f"{place}.may_be_absent", "May be “not in the text”", "check", one.get("may_be_absent", False)),
            self._field(f"{place}.in_agreement", "Counts in agreement", "check", one.get("in_agreement", True)),
            self._retired(place, one),
        ]
        values = None
        if kind == "choice":
            values = self._listing("Values", f"{place}.values", self._value, "Add a value", one["values"])
        return self._item(place, one, one["name"], KIND_WORDS.get(kind, ""), fields, values=values, **edges)

    def _default(self, place: str, one: Data) -> Field:
        value, kind, options = one.get("default"), "text", [("", "the reviewer chooses")]
        if one["kind"] == "choice":
            kind, options = "select", [*options, *((each["key"], each["name"]) for each in one["values"])]
        elif one["kind"] == "flag":
            kind, options = "select", [*options, ("yes", "yes"), ("no", "no")]
        said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else "" if value is None else str(value)
        return self._field(f"{place}.default", "Answer at first", kind, said, options=tuple(options))

    def _value(self, place: str, one: Data, edges: dict[str, bool]) -> Item:
        fields = (
            self._field(f"{place}.name", "Name", "text", one["name"]),
            self._key(place, one),
            self._field(f"{place}.help", "What it means", "text", one.get("help", "")),
            self._field(f"{place}.retired", "Retired", "check", one.get("retired", False)),
        )
        return self._item(place, one, one["name"], "", fields, **edges)

    def _relation(self, place: str, one: Data, edges: dict[str, bool]) -> Item:
        ends = tuple((each["key"], each["name"]) for each in self.data["labels"])
        fields = (
            self._field(f"{place}.name", "Name", "text", one["name"], help="As it reads between the two: “held by”."),
            self._key(place, one),
            self._field(f"{place}.from", "Starts at", "boxes", one["from"], options=ends),
            self._field(f"{place}.to", "Ends at", "boxes", one["to"], options=ends),
            self._field(
                f"{place}.minimum", "At least", "text", one.get("minimum", 0), help="Links of each span it starts at."
            ),
            self._field(f"{place}.help", "What it means", "area", one.get("help", "")),
            self._rules(place, one),
            self._field(f"{place}.symmetric", "Reads the same both ways", "check", one.get("symmetric", False)),
            self._field(f"{place}.may_be_absent", "May be “not in the text”", "check", one.get("may_be_absent", False)),
            self._retired(place, one),
        )
        names = dict(ends)
        hint = f"{_named(one['from'], names)} → {_named(one['to'], names)}"
        return self._item(place, one, one["name"], hint, fields, **edges)

    def _check(self, key: str) -> tuple[Field, Field]:
        check = next((one for one in self.data["checks"] if one["key"] == key), {"severity": "", "text": ""})
        options = (("", "off"), ("warning", "warning"), ("error", "error"))
        name = key.replace("_", " ").capitalize()
        return (
            self._field(f"checks.{key}.severity", name, "select", check["severity"], options=options),
            self._field(f"checks.{key}.text", f"What “{name}” says", "text", check["text"]),
        )

    def _guidelines(self) -> Sheet:
        fields = (
            self._field("title", "Title", "text", self.data["title"]),
            self._field("language", "Language", "text", self.data["language"], help="A tag such as en."),
            self._field("description", "In short", "area", self.data.get("description", ""), help="Markdown."),
        )
        listings = (
            self._listing("Rules", "rules", self._rule, "Add a rule"),
            self._listing("Where a span begins and ends", "span_rules", self._rule, "Add a span rule"),
            self._listing("Borderline cases", "borderline", self._case, "Add a case"),
        )
        return Sheet("guidelines", fields, listings)

    def _rule(self, place: str, one: Data, edges: dict[str, bool]) -> Item:
        fields = (
            self._field(f"{place}.title", "Title", "text", one["title"]),
            self._field(f"{place}.text", "Text", "area", one["text"], help="Markdown."),
        )
        return self._item(place, one, f"{one['number']}. {one['title']}", "", fields, **edges)

    def _case(self, place: str, one: Data, edges: dict[str, bool]) -> Item:
        fields = (
            self._field(f"{place}.case", "Case", "area", one["case"]),
            self._field(f"{place}.decision", "Decision", "area", one["decision"], help="Markdown."),
            self._field(f"{place}.where", "Where it was met", "text", one["where"]),
            self._rules(place, one),
        )
        return self._item(place, one, f"{one['number']}. {one['case']}", "", fields, **edges)


def _same(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


def _marks(one: Data) -> dict[str, str]:
    return {"colour": one["colour"], "shape": one["shape"]}


def _named(keys: Sequence[str], names: dict[str, str]) -> str:
    return " or ".join(names.get(key, key) for key in keys) or "nothing"


def _when(one: Data) -> str:
    condition = one.get("required_when")
    if not condition:
        return ""
    wanted = ["answered"] if condition["is"] == "set" else condition["is"]
    said = [{True: "yes", False: "no"}[one] if isinstance(one, bool) else str(one) for one in wanted]
    return f"{condition['attribute']} is {' or '.join(said)}"


def _order(one: Data) -> str:
    return " < ".join(step if isinstance(step, str) else " = ".join(step) for step in one.get("ordinal") or ())
