"""A codebook as the reading desk asks it: which questions each label has, when, from which lists, by which rules."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from annotator import standoff
from annotator.annotation import drawing
from annotator.annotation.gaps import gaps_of
from annotator.schema.codebook import Attribute, AttributeValue, Codebook, Condition, Label, RelationType
from annotator.schema.prose import Block, blocks


@dataclass(frozen=True)
class Ask:
    """One question. `when`: JSON of {attribute: values or null} under which it is asked, or empty."""

    attribute: Attribute
    when: str
    is_common: bool

    @property
    def rules(self) -> str:
        return _numbers(self.attribute.rules)

    @property
    def values(self) -> tuple[AttributeValue, ...]:
        """Those on offer first, so that their keys count through; a retired one is shown where it was chosen."""
        return tuple(sorted(self.attribute.values, key=lambda value: value.retired))


@dataclass(frozen=True)
class Tie:
    """A relation as one of its ends sees it. `other`: labels of the other end; `outward`: this is the source."""

    type: RelationType
    outward: bool
    other: str
    wanted: int

    @property
    def rules(self) -> str:
        return _numbers(self.type.rules)


@dataclass(frozen=True)
class LabelGuide:
    label: Label
    asks: tuple[Ask, ...]
    ties: tuple[Tie, ...]
    fresh: drawing.Entry
    """The row of a new span, before anything was answered; its words and place are still to be filled in."""

    @property
    def rules(self) -> str:
        return _numbers(self.label.rules)


@dataclass(frozen=True)
class Passage:
    """A rule or a case of the guidelines. `cites`: numbers of rules, parted by spaces; `where`: of a case."""

    number: int
    title: str
    blocks: tuple[Block, ...]
    cites: str = ""
    where: str = ""


@dataclass(frozen=True)
class Guide:
    """`labels`: those in use first, in the codebook's order; `rows`: how many lanes a line may need."""

    codebook: Codebook
    labels: tuple[LabelGuide, ...]
    rows: int

    @property
    def about(self) -> tuple[Block, ...]:
        return blocks(self.codebook.description)

    @property
    def relations(self) -> list[RelationType]:
        return [one for one in self.codebook.relations if not one.retired]

    @property
    def rules(self) -> list[Passage]:
        return [Passage(rule.number, rule.title, blocks(rule.text)) for rule in self.codebook.rules]

    @property
    def span_rules(self) -> list[Passage]:
        return [Passage(rule.number, rule.title, blocks(rule.text)) for rule in self.codebook.span_rules]

    @property
    def cases(self) -> list[Passage]:
        return [
            Passage(one.number, one.case, blocks(one.decision), _numbers(one.rules), one.where)
            for one in self.codebook.borderline
        ]


def guide_of(codebook: Codebook) -> Guide:
    labels = tuple(_label_guide(codebook, label) for label in codebook.labels)
    return Guide(codebook, labels, min(len(labels) + 1, 6))


def _label_guide(codebook: Codebook, label: Label) -> LabelGuide:
    asked = [one for one in codebook.attributes(label.key).values() if not one.retired]
    own = {one.key for one in label.attributes}
    asks = tuple(Ask(one, _when(one, asked), one.key not in own) for one in asked)
    outward = [Tie(one, True, " ".join(one.targets), one.minimum) for one in codebook.relations_from(label.key)]
    inward = [
        Tie(one, False, " ".join(one.sources), 0)
        for one in codebook.relations_to(label.key)
        if not (one.symmetric and label.key in one.sources)
    ]
    return LabelGuide(label, asks, (*outward, *inward), _fresh(codebook, label))


@dataclass
class _NewSpan:
    id: str
    start: int
    end: int
    label: str
    attributes: dict[str, Any]
    absent: list[str]
    version: int


def _fresh(codebook: Codebook, label: Label) -> drawing.Entry:
    span = _NewSpan("", 0, 1, label.key, codebook.defaults(label.key), [], 0)
    plain = standoff.Span(span.id, span.start, span.end, span.label, span.attributes)
    found = gaps_of(codebook, plain, "x", [], [], in_furniture=False)
    return drawing.entry(codebook, span, quotes={"": ""}, outgoing=[], gaps=found, remarks={})


def _when(attribute: Attribute, asked: Sequence[Attribute]) -> str:
    """The condition of a question. One of a group (`figure_…`) goes with the group's condition."""
    condition = attribute.required_when
    group, mark, _ = attribute.key.partition("_")
    if condition is None and not attribute.required and mark:
        fellows = (one.required_when for one in asked if one.key.startswith(f"{group}_"))
        condition = next((one for one in fellows if one is not None), None)
    return _condition(condition) if condition else ""


def _condition(condition: Condition) -> str:
    values = None if condition.values is None else list(condition.values)
    return json.dumps({"attribute": condition.attribute, "values": values}, ensure_ascii=False)


def _numbers(rules: Sequence[int]) -> str:
    return " ".join(str(number) for number in rules)
