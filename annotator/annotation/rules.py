"""Does this span fit this text and this codebook? Plain values in, a cleaned value or a RuleError out."""

from collections.abc import Container, Iterable, Mapping
from typing import TypeAlias

from annotator.annotation.edges import cut_cluster
from annotator.annotation.gaps import Gap, gaps, gaps_of
from annotator.schema.answers import fault
from annotator.schema.codebook import Attribute, Codebook
from annotator.standoff import Value

__all__ = [
    "BadAbsence", "BadAnswer", "BadBounds", "Gap", "RelationNotAllowed", "RetiredLabel", "RetiredRelation",
    "RuleError", "SplitGrapheme", "UnknownAttribute", "UnknownLabel", "UnknownRelation", "WrongQuote",
    "check_bounds", "check_graphemes", "check_label", "check_quote", "check_relation", "clean_absent",
    "clean_attributes", "clean_relation_attributes", "gaps", "gaps_of",
]  # fmt: skip

ExtraKeys: TypeAlias = Mapping[str, Container[str]]
"""List name → keys that are allowed beside those of the codebook, such as proposals of one's own."""

SHOWN = 60
"""Code points of a quote that a message repeats."""


class RuleError(ValueError):
    """A rule of annotation was broken.

    message: says what to do. code: a stable name. field: what was sent wrongly ("attributes.kind").
    """

    code = "rule_broken"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class BadBounds(RuleError):
    code = "bad_bounds"


class WrongQuote(RuleError):
    code = "wrong_quote"


class SplitGrapheme(RuleError):
    code = "split_grapheme"


class UnknownLabel(RuleError):
    code = "unknown_label"


class RetiredLabel(RuleError):
    code = "retired_label"


class UnknownAttribute(RuleError):
    code = "unknown_attribute"


class BadAnswer(RuleError):
    """A value that does not fit its attribute.

    code: wrong_type, off_the_list, not_finite, too_large, too_long, unwritable or not_a_date.
    """

    def __init__(self, message: str, *, field: str, code: str) -> None:
        super().__init__(message, field=field)
        self.code = code


class BadAbsence(RuleError):
    code = "cannot_be_absent"


class UnknownRelation(RuleError):
    code = "unknown_relation"


class RetiredRelation(RuleError):
    code = "retired_relation"


class RelationNotAllowed(RuleError):
    code = "relation_not_allowed"


def check_bounds(start: int, end: int, length: int) -> None:
    """Offsets in code points, `[start, end)` in a text of `length`. Raises BadBounds."""
    for field, offset in (("start", start), ("end", end)):
        if isinstance(offset, bool) or not isinstance(offset, int):
            raise BadBounds(f"Give the {field} as a whole number.", field=field)
    if start < 0:
        raise BadBounds(f"The start lies before the text, at {start}: begin at 0 or later.", field="start")
    if end > length:
        raise BadBounds(f"The end lies past the text, at {end}: the text ends at {length}.", field="end")
    if start >= end:
        raise BadBounds(f"The span [{start}, {end}) covers nothing: end after the start.", field="end")


def check_quote(found: str, quote: str) -> None:
    """The words sent must be the words there. Raises WrongQuote."""
    if found != quote:
        raise WrongQuote(
            f"The text has {_shown(found)} here, not {_shown(quote)}: reload the article and mark it again.",
            field="quote",
        )


def check_graphemes(context: str, start: int, end: int) -> None:
    """Neither edge may cut what a reader takes for one character. Raises SplitGrapheme.

    context: a window of the text that reaches some code points past both edges; start, end: offsets in it.
    """
    for field, edge in (("start", start), ("end", end)):
        cluster = cut_cluster(context, edge)
        if cluster is not None:
            raise SplitGrapheme(
                f"The {field} cuts the character “{cluster}” in two: put it before or after it.", field=field
            )


def check_label(codebook: Codebook, label: str) -> None:
    """Raises UnknownLabel or RetiredLabel."""
    if not codebook.has_label(label):
        known = ", ".join(one.key for one in codebook.labels if not one.retired)
        raise UnknownLabel(f"There is no label {_shown(label)}: choose one of {known}.", field="label")
    if codebook.label(label).retired:
        raise RetiredLabel(f"The label {_shown(codebook.label(label).name)} is retired: choose another.", field="label")


def clean_attributes(
    codebook: Codebook, label: str, attributes: Mapping[str, object], extra_keys: ExtraKeys | None = None
) -> dict[str, Value]:
    """The answers to be stored, in the codebook's order; None, or an empty text, takes an answer away.

    A retired attribute keeps the answers it has. Raises UnknownLabel, UnknownAttribute or BadAnswer.
    """
    if not codebook.has_label(label):
        check_label(codebook, label)
    return _clean(codebook, codebook.attributes(label), attributes, extra_keys or {})


def clean_absent(codebook: Codebook, label: str, absent: Iterable[str]) -> list[str]:
    """The names answered with "not in the text", sorted. Raises UnknownLabel or BadAbsence."""
    if not codebook.has_label(label):
        check_label(codebook, label)
    allowed = {attribute.key for attribute in codebook.attributes(label).values() if attribute.may_be_absent}
    allowed |= {relation.key for relation in codebook.relations_from(label) if relation.may_be_absent}
    names = set(absent)
    for name in sorted(names - allowed, key=str):
        raise BadAbsence(f"{_shown(name)} cannot be answered with “not in the text”.", field="absent")
    return sorted(names)


def check_relation(codebook: Codebook, type: str, source_label: str, target_label: str) -> None:
    """Raises UnknownRelation, RetiredRelation or RelationNotAllowed."""
    if not codebook.has_relation(type):
        known = ", ".join(one.key for one in codebook.relations if not one.retired)
        raise UnknownRelation(f"There is no relation {_shown(type)}: choose one of {known}.", field="type")
    relation = codebook.relation(type)
    if relation.retired:
        raise RetiredRelation(f"The relation “{relation.name}” is retired: choose another.", field="type")
    for field, verb, allowed, label in (
        ("source", "starts", relation.sources, source_label),
        ("target", "ends", relation.targets, target_label),
    ):
        if label not in allowed:
            message = f"“{relation.name}” {verb} at {' or '.join(allowed)}, not at {label}."
            raise RelationNotAllowed(message, field=field)


def clean_relation_attributes(
    codebook: Codebook, type: str, attributes: Mapping[str, object], extra_keys: ExtraKeys | None = None
) -> dict[str, Value]:
    """As `clean_attributes`, for a relation. Raises UnknownRelation, UnknownAttribute or BadAnswer."""
    if not codebook.has_relation(type):
        raise UnknownRelation(f"There is no relation {_shown(type)}.", field="type")
    asked = {attribute.key: attribute for attribute in codebook.relation(type).attributes}
    return _clean(codebook, asked, attributes, extra_keys or {})


def _clean(
    codebook: Codebook, asked: Mapping[str, Attribute], given: Mapping[str, object], extra_keys: ExtraKeys
) -> dict[str, Value]:
    for key in given:
        if key not in asked:
            known = f"choose one of {', '.join(asked)}" if asked else "it has no attributes"
            message = f"There is no attribute {_shown(key)} here: {known}."
            raise UnknownAttribute(message, field=f"attributes.{key}")
    result: dict[str, Value] = {}
    for key, attribute in asked.items():
        value = _answer(codebook, attribute, given.get(key), extra_keys)
        if value is not None:
            result[key] = value
    return result


def _answer(codebook: Codebook, attribute: Attribute, value: object, extra_keys: ExtraKeys) -> Value | None:
    if value is None:
        return None
    if isinstance(value, str) and attribute.kind == "text":
        value = value.strip()
    keys = _Keys(codebook, attribute.list, extra_keys)
    found = fault(attribute, value, keys)
    if found is not None:
        message = f"{_shown(value)} is no answer to {attribute.name}: {found.reason}"
        raise BadAnswer(message, field=f"attributes.{attribute.key}", code=found.code)
    assert isinstance(value, str | bool | int | float)
    return _plain(value) if value != "" else None


class _Keys:
    """The entries that an answer of kind key may name."""

    def __init__(self, codebook: Codebook, list_name: str | None, extra_keys: ExtraKeys) -> None:
        self.known: Container[str] = codebook.entries(list_name) if list_name else ()
        self.extra: Container[str] = extra_keys.get(list_name or "", ())

    def __contains__(self, key: object) -> bool:
        return key in self.known or key in self.extra


def _plain(value: Value) -> Value:
    """2800.0 as 2800: a browser and Python write the same number in the same way."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shown(value: object) -> str:
    found = str(value)
    return f"“{found if len(found) <= SHOWN else found[:SHOWN] + '…'}”"
