"""What must hold between the parts of a codebook: keys occur once, and whatever is named is there."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from annotator.schema.answers import fault
from annotator.schema.strict import CodebookError
from annotator.schema.vocabulary import Actor, Attribute, Codebook, Concept, Condition, Entry, RelationType
from annotator.standoff import Value

CLOSED_KINDS = ("choice", "flag", "key")
"""Kinds whose answers can be listed beforehand."""

_STATUS = re.compile(r"(active|retired|merged_into:.+)\Z")


def check_codebook(codebook: Codebook) -> None:
    if not codebook.version:
        raise CodebookError("version", "counts from 1.")
    if not codebook.labels:
        raise CodebookError("labels", "must name at least one label.")
    _check_once(codebook)
    _check_lists(codebook)
    for number, label in enumerate(codebook.labels):
        place = f"labels[{number}]"
        _check_rules(codebook, label.rules, place)
        _check_attributes(codebook, label.attributes, place, beside=codebook.common_attributes)
    _check_attributes(codebook, codebook.common_attributes, "", group="common_attributes")
    for number, relation in enumerate(codebook.relations):
        _check_relation(codebook, relation, f"relations[{number}]")
    for number, case in enumerate(codebook.borderline):
        _check_rules(codebook, case.rules, f"borderline[{number}]")


def _check_once(codebook: Codebook) -> None:
    _once("labels", "key", (label.key for label in codebook.labels))
    # A retired label still shows its letter under old spans, but gives its key back.
    _once("labels", "letter", (label.letter for label in codebook.labels))
    _once("labels", "hotkey", (None if label.retired else label.hotkey for label in codebook.labels))
    _once("relations", "key", (relation.key for relation in codebook.relations))
    _once("checks", "key", (check.key for check in codebook.checks))
    for group in ("rules", "span_rules", "borderline"):
        _once(group, "number", (rule.number for rule in getattr(codebook, group)))


def _once(group: str, key: str, found: Iterable[object]) -> None:
    seen = set()
    for number, one in enumerate(found):
        if one is not None and one in seen:
            raise CodebookError(f"{group}[{number}].{key}", f"“{one}” occurs twice.")
        seen.add(one)


def _check_lists(codebook: Codebook) -> None:
    for list_name, entries in codebook.lists.items():
        _once(f"lists.{list_name}", "key", (entry.key for entry in entries))
        others = codebook.entries(list_name)
        for number, entry in enumerate(entries):
            place = f"lists.{list_name}[{number}]"
            if isinstance(entry, Actor):
                _check_other(entry.affiliation, entry, others, f"{place}.affiliation")
            elif isinstance(entry, Concept):
                _check_status(entry, others, f"{place}.status")


def _check_status(concept: Concept, others: Collection[str], place: str) -> None:
    if not _STATUS.match(concept.status):
        raise CodebookError(place, "must be active, retired or merged_into:KEY.")
    _check_other(concept.merged_into, concept, others, place)


def _check_other(key: str | None, entry: Entry, others: Collection[str], place: str) -> None:
    if key is not None and (key not in others or key == entry.key):
        raise CodebookError(place, f"“{key}” is no other entry of this list.")


def check_attribute(attribute: Attribute, place: str) -> None:
    """What an attribute must fulfil whatever stands around it."""
    _once(f"{place}.values", "key", attribute.value_keys)
    if (attribute.kind == "choice") != bool(attribute.values):
        raise CodebookError(f"{place}.values", "a choice has values, and nothing else has.")
    if (attribute.kind == "key") != (attribute.list is not None):
        raise CodebookError(f"{place}.list", "a key comes from a list, and nothing else does.")
    if attribute.required and attribute.required_when:
        raise CodebookError(f"{place}.required_when", "is already said by “required”.")
    steps = [[step] if isinstance(step, str) else step for step in attribute.ordinal or ()]
    ordered = [value for step in steps for value in step]
    if attribute.ordinal is not None and sorted(ordered) != sorted(attribute.value_keys):
        raise CodebookError(f"{place}.ordinal", "must name each value of the attribute once.")


def _check_attributes(
    codebook: Codebook,
    attributes: Sequence[Attribute],
    place: str,
    *,
    group: str = "attributes",
    beside: Sequence[Attribute] = (),
) -> None:
    group = f"{place}.{group}" if place else group
    _once(group, "key", (attribute.key for attribute in attributes))
    known = {attribute.key: attribute for attribute in (*attributes, *beside)}
    for number, attribute in enumerate(attributes):
        where = f"{group}[{number}]"
        if any(attribute.key == other.key for other in beside):
            raise CodebookError(f"{where}.key", f"“{attribute.key}” is one of the common attributes.")
        _check_rules(codebook, attribute.rules, where)
        _check_answers(codebook, attribute, known, where)


def _check_answers(codebook: Codebook, attribute: Attribute, known: Mapping[str, Attribute], place: str) -> None:
    if attribute.list is not None and attribute.list not in codebook.lists:
        raise CodebookError(f"{place}.list", f"there is no list “{attribute.list}”.")
    if attribute.default is not None:
        _check_answer(codebook, attribute, attribute.default, f"{place}.default")
    if attribute.required_when is not None:
        others = {key: other for key, other in known.items() if key != attribute.key}
        _check_condition(codebook, attribute.required_when, others, f"{place}.required_when")


def _check_condition(codebook: Codebook, condition: Condition, others: Mapping[str, Attribute], place: str) -> None:
    other = others.get(condition.attribute)
    if other is None:
        raise CodebookError(f"{place}.attribute", f"there is no other attribute “{condition.attribute}”.")
    if condition.values is not None and other.kind not in CLOSED_KINDS:
        raise CodebookError(f"{place}.is", f"must be “set”, since {other.key} has no fixed answers.")
    for number, value in enumerate(condition.values or ()):
        _check_answer(codebook, other, value, f"{place}.is[{number}]")


def _check_answer(codebook: Codebook, attribute: Attribute, value: Value, place: str) -> None:
    keys = [entry.key for entry in codebook.lists.get(attribute.list or "", ())]
    found = fault(attribute, value, keys)
    if found:
        raise CodebookError(place, f"“{value}” is no answer to {attribute.key}: {found.reason}")


def _check_relation(codebook: Codebook, relation: RelationType, place: str) -> None:
    for group, ends in (("from", relation.sources), ("to", relation.targets)):
        if not ends:
            raise CodebookError(f"{place}.{group}", "must name at least one label.")
        for number, label in enumerate(ends):
            if not codebook.has_label(label):
                raise CodebookError(f"{place}.{group}[{number}]", f"there is no label “{label}”.")
            # An answer "not in the text" is kept by name alone, so the two must not share one.
            if relation.key in codebook.attributes(label):
                raise CodebookError(f"{place}.key", f"“{relation.key}” is already an attribute of {label}.")
    if relation.symmetric and set(relation.sources) != set(relation.targets):
        raise CodebookError(f"{place}.symmetric", "needs the same labels at both ends.")
    _check_rules(codebook, relation.rules, place)
    _check_attributes(codebook, relation.attributes, place)


def _check_rules(codebook: Codebook, numbers: Sequence[int], place: str) -> None:
    known = {rule.number for rule in codebook.rules}
    for index, number in enumerate(numbers):
        if number not in known:
            raise CodebookError(f"{place}.rules[{index}]", f"there is no rule {number}.")
