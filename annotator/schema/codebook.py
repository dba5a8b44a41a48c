"""A codebook as JSON and back, read strictly: what is unknown, doubled or points nowhere is refused."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from annotator.schema.consistency import check_attribute, check_codebook
from annotator.schema.strict import CodebookError, Fields, each, name, text, whole
from annotator.schema.vocabulary import (
    ACTOR_KINDS,
    ACTORS,
    CHECKS,
    HOTKEYS,
    KINDS,
    PALETTE,
    SECTORS,
    SEVERITIES,
    SHAPES,
    Actor,
    Attribute,
    AttributeValue,
    BorderlineCase,
    Check,
    Codebook,
    Concept,
    Condition,
    Entry,
    Label,
    Listed,
    RelationType,
    Rule,
)
from annotator.standoff import Value

__all__ = [
    "ACTORS", "CHECKS", "PALETTE", "SHAPES", "Actor", "Attribute", "AttributeValue", "BorderlineCase",
    "Check", "Codebook", "CodebookError", "Concept", "Condition", "Entry", "Label", "Listed", "RelationType", "Rule",
    "as_data", "canonical", "digest", "entry_data", "parse", "parse_entry",
]  # fmt: skip

SET = "set"
LONGEST_TITLE = 200
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_JSON_NAMES: Mapping[type, Mapping[str, str]] = {
    RelationType: {"sources": "from", "targets": "to"},
    Condition: {"values": "is"},
}


def parse(data: Mapping[str, Any]) -> Codebook:
    """The codebook that the JSON object describes; keys left out, or null, take their defaults.

    Raises CodebookError with the place and a plain reason.
    """
    given = Fields(data, "", _names(Codebook))
    codebook = Codebook(
        slug=given.name("slug"),
        title=given.text("title", longest=LONGEST_TITLE),
        version=given.whole("version", default=1),
        language=given.text("language"),
        description=given.text("description", default=""),
        labels=given.each("labels", _label),
        common_attributes=given.each("common_attributes", _attribute),
        relations=given.each("relations", _relation),
        lists=_lists(given),
        checks=given.each("checks", _check),
        rules=given.each("rules", _rule),
        span_rules=given.each("span_rules", _rule),
        borderline=given.each("borderline", _case),
    )
    check_codebook(codebook)
    return codebook


def as_data(codebook: Codebook) -> dict[str, Any]:
    """The JSON object, with every key written out, so that `parse(as_data(codebook)) == codebook`."""
    return {field: _plain(value) for field, value in _items(codebook)}


def parse_entry(list_name: str, data: object) -> Actor | Concept:
    """One entry of a list from its JSON object. Raises CodebookError."""
    return _actor(data, "") if list_name == ACTORS else _concept(data, "")


def entry_data(entry: Actor | Concept) -> dict[str, Any]:
    """The JSON object of an entry, with every key written out."""
    return {field: _plain(value) for field, value in _items(entry)}


def canonical(codebook: Codebook) -> str:
    """The JSON text that is the same for equal codebooks: keys sorted, no spaces, nothing escaped."""
    return json.dumps(as_data(codebook), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(codebook: Codebook) -> str:
    """SHA-256 of the canonical text in UTF-8, in hexadecimal."""
    return hashlib.sha256(canonical(codebook).encode()).hexdigest()


def _plain(part: Any) -> Any:
    if isinstance(part, Condition) and part.values is None:
        return {"attribute": part.attribute, "is": SET}
    if isinstance(part, tuple):
        return [_plain(item) for item in part]
    if isinstance(part, Mapping):
        return {key: _plain(value) for key, value in part.items()}
    return {field: _plain(value) for field, value in _items(part)} if is_dataclass(part) else part


def _items(part: Any) -> list[tuple[str, Any]]:
    values = [getattr(part, field.name) for field in fields(part)]
    return list(zip(_names(type(part)), values, strict=True))


def _names(kind: type) -> list[str]:
    """The keys of this kind of part in JSON, in order."""
    renamed = _JSON_NAMES.get(kind, {})
    return [renamed.get(field.name, field.name) for field in fields(kind)]


# Reading the parts. What each consists of is said in `vocabulary.py`.


def _label(data: object, place: str) -> Label:
    given = Fields(data, place, _names(Label))
    return Label(
        key=given.name("key"),
        name=given.text("name"),
        letter=_letter(given),
        colour=given.one_of("colour", PALETTE),
        shape=given.one_of("shape", SHAPES),
        hotkey=given.one_of("hotkey", HOTKEYS) if given.has("hotkey") else None,
        description=given.text("description", default=""),
        rules=given.each("rules", whole),
        retired=given.flag("retired"),
        attributes=given.each("attributes", _attribute),
    )


def _letter(given: Fields) -> str:
    letter = given.text("letter")
    if len(letter) != 1 or not letter.isalpha():
        raise CodebookError(given.at("letter"), "must be one letter.")
    return letter


def _attribute(data: object, place: str) -> Attribute:
    given = Fields(data, place, _names(Attribute))
    attribute = Attribute(
        key=given.name("key"),
        name=given.text("name"),
        kind=given.one_of("kind", KINDS),
        values=given.each("values", _attribute_value),
        list=given.name("list") if given.has("list") else None,
        default=given.value("default"),
        required=given.flag("required"),
        required_when=given.maybe("required_when", _condition),
        may_be_absent=given.flag("may_be_absent"),
        ordinal=given.maybe("ordinal", _ordinal),
        in_agreement=given.flag("in_agreement", default=True),
        rules=given.each("rules", whole),
        help=given.text("help", default=""),
        retired=given.flag("retired"),
    )
    check_attribute(attribute, given.place)
    return attribute


def _attribute_value(data: object, place: str) -> AttributeValue:
    given = Fields(data, place, _names(AttributeValue))
    return AttributeValue(given.name("key"), given.text("name"), given.text("help", default=""), given.flag("retired"))


def _condition(data: object, place: str) -> Condition:
    given = Fields(data, place, _names(Condition))
    attribute = given.name("attribute")
    if given.get("is") == SET:
        return Condition(attribute, None)
    values = given.each("is", _condition_value)
    if not values:
        raise CodebookError(given.at("is"), f"must be “{SET}” or a list of values.")
    return Condition(attribute, values)


def _condition_value(found: object, place: str) -> Value:
    return found if isinstance(found, bool) else text(found, place)


def _ordinal(data: object, place: str) -> tuple[str | tuple[str, ...], ...]:
    return each(data, place, _step)


def _step(data: object, place: str) -> str | tuple[str, ...]:
    return name(data, place) if isinstance(data, str) else each(data, place, name)


def _relation(data: object, place: str) -> RelationType:
    given = Fields(data, place, _names(RelationType))
    return RelationType(
        key=given.name("key"),
        name=given.text("name"),
        sources=given.each("from", name),
        targets=given.each("to", name),
        minimum=given.whole("minimum", default=0),
        symmetric=given.flag("symmetric"),
        across_texts=given.flag("across_texts"),
        may_be_absent=given.flag("may_be_absent"),
        attributes=given.each("attributes", _attribute),
        rules=given.each("rules", whole),
        help=given.text("help", default=""),
        retired=given.flag("retired"),
    )


def _lists(given: Fields) -> dict[str, tuple[Entry, ...]]:
    lists: dict[str, tuple[Entry, ...]] = {}
    for key, entries in given.objects("lists").items():
        place = given.at(f"lists.{key}")
        lists[name(key, place)] = each(entries, place, _actor if key == ACTORS else _concept)
    return lists


def _actor(data: object, place: str) -> Actor:
    given = Fields(data, place, _names(Actor))
    country = given.text("country") if given.has("country") else None
    if country is not None and not _COUNTRY.match(country):
        raise CodebookError(given.at("country"), "must be two capital letters (ISO 3166).")
    return Actor(
        key=given.name("key"),
        label=given.text("label"),
        kind=given.one_of("kind", ACTOR_KINDS),
        sector=given.one_of("sector", SECTORS),
        affiliation=given.name("affiliation") if given.has("affiliation") else None,
        country=country,
        aliases=given.each("aliases", text),
        note=given.text("note", default=""),
    )


def _concept(data: object, place: str) -> Concept:
    given = Fields(data, place, _names(Concept))
    return Concept(
        key=given.name("key"),
        statement=given.text("statement"),
        group=given.text("group", default=""),
        definition=given.text("definition", default=""),
        example=given.text("example", default=""),
        counter_example=given.text("counter_example", default=""),
        status=given.text("status", default="active"),
    )


def _check(data: object, place: str) -> Check:
    given = Fields(data, place, _names(Check))
    return Check(given.one_of("key", CHECKS), given.one_of("severity", SEVERITIES), given.text("text"))


def _rule(data: object, place: str) -> Rule:
    given = Fields(data, place, _names(Rule))
    return Rule(given.whole("number"), given.text("title"), given.text("text"))


def _case(data: object, place: str) -> BorderlineCase:
    given = Fields(data, place, _names(BorderlineCase))
    return BorderlineCase(
        number=given.whole("number"),
        where=given.text("where"),
        case=given.text("case"),
        decision=given.text("decision"),
        rules=given.each("rules", whole),
    )
