"""One article as its readers marked it, worked through once: marks, groups, answers and links. Pure.

Spans that mean the same thing are put into groups by `workflow.alignment`, so that labels, edges, attributes and
relations are compared on the very spans that the adjudication desk lays side by side. Span F1 alone matches by
rules of its own, which are part of what it measures.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations
from sys import intern
from typing import Any, Final, NamedTuple, TypeAlias

from annotator.agreement.measures.marks import Mark, ReadArticle, without_furniture
from annotator.agreement.measures.matching import Pair
from annotator.agreement.measures.relation_f1 import Link, Linked
from annotator.agreement.measures.span_f1 import Tally, tally
from annotator.schema.codebook import Attribute, Codebook
from annotator.standoff import Span
from annotator.workflow.alignment import align

NONE: Final = -1
NOT_IN_TEXT: Final = "(not in the text)"
LEFT_EMPTY: Final = "(left empty)"
"""Codes beside the values of an attribute. Keys of values hold neither spaces nor brackets."""

MEASURED = ("number", "date")
"""Kinds of attribute whose answers have distances; no answer is not a number."""

FAR = 1_000_000
"""More groups than an article can have: keeps the groups of several pairs of readers apart."""

Code: TypeAlias = str | bool | int | float
Codes: TypeAlias = tuple[Code | None, ...]
Subject: TypeAlias = int | Link
"""What was asked about: the number of a group of spans, or a relation between two groups."""


class Question(NamedTuple):
    """An attribute of a label or of a type of relation; LABEL asks for the label itself."""

    of: str
    name: str

    @property
    def dotted(self) -> str:
        return f"{self.of}.{self.name}" if self.of else ""


LABEL: Final = Question("", "label")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one coder handed in: spans and relations as a submission holds them, and the codebook they go by.

    asked: where they were made under an earlier version, by id of each the names of the attributes on offer then,
    as they are called now. apart: how many could not be read one to one, and stand as they were said.
    """

    coder: str
    spans: Sequence[Mapping[str, Any]]
    relations: Sequence[Mapping[str, Any]]
    codebook: Codebook
    asked: Mapping[str, frozenset[str]] | None = None
    apart: int = 0

    def was_asked(self, item: Mapping[str, Any], attribute: Attribute) -> bool:
        """Whether the coder could have answered. Nobody is asked what is retired."""
        if self.asked is None:
            return not attribute.retired
        return attribute.key in self.asked[item["id"]]


@dataclass(frozen=True)
class Edges:
    """Spans of one label that two coders matched: how many, with both edges alike, and by how much edges differ.

    starts, ends: difference, second coder minus first in code points, to number of pairs; 0 included.
    """

    matched: int
    same: int
    starts: Mapping[int, int]
    ends: Mapping[int, int]


@dataclass(frozen=True)
class Part:
    """Everything by *slot*, the place of a coder in `coders`, which is sorted.

    read: marks on the text without furniture; places: the same spans where they stand in the whole text. groups: in
    reading order, for each slot the index of its span, or NONE. answers: units of coding, one code for each slot;
    None where a coder was not asked. links: relations of each slot between numbers of groups. dropped: how many of
    the spans lay in furniture. earlier: whether the reading was made under an earlier version of the codebook; apart:
    how many of its spans and relations stand as they were said then.
    """

    coders: tuple[str, ...]
    read: ReadArticle
    tally: Tally
    places: tuple[tuple[Mark, ...], ...]
    groups: tuple[tuple[int, ...], ...]
    answers: Mapping[Question, tuple[tuple[Subject, Codes], ...]]
    links: tuple[frozenset[Link], ...]
    dropped: tuple[int, ...]
    earlier: tuple[bool, ...]
    apart: tuple[int, ...]

    @property
    def spans(self) -> int:
        return sum(map(len, self.places))

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every two slots."""
        return combinations(range(len(self.coders)), 2)

    def mark(self, group: int, slot: int) -> Mark | None:
        """The span of a coder in a group, where it stands in the whole text."""
        index = self.groups[group][slot]
        return None if index == NONE else self.places[slot][index]

    def marks_of(self, one: int, other: int) -> Iterator[tuple[int, Mark | None, Mark | None]]:
        """Of two slots, the groups in which either has a span, with their marks on the text that is read."""
        ours, theirs = (self.read.marks[self.coders[slot]] for slot in (one, other))
        for number, group in enumerate(self.groups):
            first, second = group[one], group[other]
            if first != NONE or second != NONE:
                yield number, None if first == NONE else ours[first], None if second == NONE else theirs[second]

    def between(self, one: int, other: int) -> "Part":
        """What two slots say, the lower first, as if nobody else had read the article."""
        coders = (self.coders[one], self.coders[other])
        of_two = {
            question: tuple((subject, (codes[one], codes[other])) for subject, codes in units)
            for question, units in self.answers.items()
        }
        part = replace(
            self,
            coders=coders,
            read=ReadArticle(self.read.length, {coder: self.read.marks[coder] for coder in coders}),
            tally={coders: self.tally[coders]},
            places=(self.places[one], self.places[other]),
            groups=tuple((group[one], group[other]) for group in self.groups),
            links=(self.links[one], self.links[other]),
            answers=of_two,
            dropped=(self.dropped[one], self.dropped[other]),
            earlier=(self.earlier[one], self.earlier[other]),
            apart=(self.apart[one], self.apart[other]),
        )
        return replace(
            part, answers={question: part._asked_both(question, units) for question, units in of_two.items()}
        )

    def with_codes(self, change: Callable[[Question, Code], Code], questions: Collection[Question]) -> "Part":
        """The same with the answers to some questions changed."""
        changed = {
            question: tuple(
                (subject, tuple(None if code is None else change(question, code) for code in codes))
                for subject, codes in self.answers[question]
            )
            for question in questions
            if question in self.answers
        }
        return replace(self, answers={**self.answers, **changed}) if changed else self

    def _asked_both(
        self, question: Question, units: Sequence[tuple[Subject, Codes]]
    ) -> tuple[tuple[Subject, Codes], ...]:
        """The units of just two coders that both have the span, with this label, or the relation."""
        return tuple((subject, codes) for subject, codes in units if self._is_of_both(question, subject))

    def _is_of_both(self, question: Question, subject: Subject) -> bool:
        if not isinstance(subject, int):
            return all(subject in links for links in self.links)
        marks = [self.mark(subject, slot) for slot in (0, 1)]
        return all(mark is not None and question.of in ("", mark[2]) for mark in marks)

    @cached_property
    def answering(self) -> Mapping[Question, frozenset[str]]:
        """By question the coders who gave an answer where another one did, too."""
        found = defaultdict[Question, set[str]](set)
        for question, units in self.answers.items():
            for _, codes in units:
                given = [coder for coder, code in zip(self.coders, codes, strict=True) if code is not None]
                if len(given) > 1:
                    found[question].update(given)
        return {question: frozenset(coders) for question, coders in found.items()}

    @cached_property
    def edges(self) -> Edges:
        starts, ends, same = Counter[int](), Counter[int](), 0
        for one, other in self.pairs():
            for _, first, second in self.marks_of(one, other):
                if first and second and first[2] == second[2]:
                    starts[second[0] - first[0]] += 1
                    ends[second[1] - first[1]] += 1
                    same += first == second
        return Edges(starts.total(), same, starts, ends)

    @cached_property
    def met(self) -> Mapping[tuple[str | None, str | None], int]:
        """How often which labels of two coders met, None for no span, over every two coders."""
        found = Counter[tuple[str | None, str | None]]()
        for one, other in self.pairs():
            for _, first, second in self.marks_of(one, other):
                found[first[2] if first else None, second[2] if second else None] += 1
        return found

    @cached_property
    def linked(self) -> Linked:
        """All relations of every two coders side by side, on the groups that both have."""
        return self._linked({link for links in self.links for link in links})

    @cached_property
    def linked_by_type(self) -> Mapping[str, Linked]:
        found = defaultdict[str, set[Link]](set)
        for links in self.links:
            for link in links:
                found[link[0]].add(link)
        return {type_: self._linked(links) for type_, links in found.items()}

    def _linked(self, some: set[Link]) -> Linked:
        sides: tuple[list[Link], list[Link]] = ([], [])
        matches = set[int]()
        for number, (one, other) in enumerate(self.pairs()):
            base = number * FAR
            for side, slot in zip(sides, (one, other), strict=True):
                for type_, source, target in self.links[slot] & some:
                    side.append((type_, base + source, base + target))
                    matches.update(base + end for end in (source, target) if self.both_have(end, one, other))
        return Linked(*sides, tuple(Pair(end, end, 1.0) for end in sorted(matches)))

    def both_have(self, group: int, one: int, other: int) -> bool:
        """Whether two slots have a span in the group."""
        return NONE not in (self.groups[group][one], self.groups[group][other])


def worked(length: int, furniture: Sequence[tuple[int, int]], readings: Sequence[Reading]) -> Part:
    """Work through one article. length: of the whole text in code points; furniture: [start, end) not counted.

    Raises ValueError for a span that does not fit the text.
    """
    readings = sorted(readings, key=lambda reading: reading.coder)
    whole = [[(span["start"], span["end"], intern(span["label"])) for span in reading.spans] for reading in readings]
    cut = [without_furniture(marks, length=length, furniture=furniture) for marks in whole]
    spans = [[reading.spans[at] for at in each.origins] for reading, each in zip(readings, cut, strict=True)]
    places = tuple(tuple(marks[at] for at in each.origins) for marks, each in zip(whole, cut, strict=True))
    coders = tuple(reading.coder for reading in readings)
    left = cut[0].length if cut else length
    read = ReadArticle(left, {coder: each.marks for coder, each in zip(coders, cut, strict=True)})
    groups = _groups(places)
    lines = _lines(readings, spans, groups)
    return Part(
        coders=coders,
        read=read,
        tally=tally(read),
        places=places,
        groups=groups,
        answers=_answers(readings, spans, places, groups, lines),
        links=tuple(frozenset(line) for line in lines),
        dropped=tuple(each.dropped for each in cut),
        earlier=tuple(reading.asked is not None for reading in readings),
        apart=tuple(reading.apart for reading in readings),
    )


def _groups(places: Sequence[Sequence[Mark]]) -> tuple[tuple[int, ...], ...]:
    voices = {
        str(slot): [Span(f"{slot}:{index}", *mark) for index, mark in enumerate(marks)]
        for slot, marks in enumerate(places)
    }
    found = sorted(align(voices), key=_reading_order)
    index = {span.id: number for spans in voices.values() for number, span in enumerate(spans)}
    return tuple(
        tuple(index[group[str(slot)].id] if str(slot) in group else NONE for slot in range(len(places)))
        for group in found
    )


def _reading_order(group: Mapping[str, Span]) -> list[tuple[int, int, str]]:
    return sorted((span.start, -span.end, span.label) for span in group.values())


def _lines(
    readings: Sequence[Reading], spans: Sequence[Sequence[Mapping[str, Any]]], groups: Sequence[Sequence[int]]
) -> list[dict[Link, Mapping[str, Any]]]:
    """For each slot its relations as links between groups; one with an end in furniture is left out."""
    lines = []
    for slot, reading in enumerate(readings):
        group_of = {spans[slot][group[slot]]["id"]: at for at, group in enumerate(groups) if group[slot] != NONE}
        found = {}
        for relation in reading.relations:
            if relation["source"] in group_of and relation["target"] in group_of:
                ends = [group_of[relation["source"]], group_of[relation["target"]]]
                source, target = sorted(ends) if _is_symmetric(reading.codebook, relation["type"]) else ends
                found[relation["type"], source, target] = relation
        lines.append(found)
    return lines


def _is_symmetric(codebook: Codebook, type_: str) -> bool:
    return codebook.has_relation(type_) and codebook.relation(type_).symmetric


def _answers(
    readings: Sequence[Reading],
    spans: Sequence[Sequence[Mapping[str, Any]]],
    places: Sequence[Sequence[Mark]],
    groups: Sequence[Sequence[int]],
    lines: Sequence[Mapping[Link, Mapping[str, Any]]],
) -> dict[Question, tuple[tuple[Subject, Codes], ...]]:
    found: dict[Question, list[tuple[Subject, Codes]]] = defaultdict(list)
    counted = [_Counted(reading.codebook) for reading in readings]
    for number, group in enumerate(groups):
        members = {slot: spans[slot][index] for slot, index in enumerate(group) if index != NONE}
        if len(members) > 1:
            found[LABEL].append((number, _codes({at: span["label"] for at, span in members.items()}, len(group))))
        for label in {span["label"] for span in members.values()}:
            alike = {slot: span for slot, span in members.items() if span["label"] == label}
            asked = {slot: counted[slot].of_label(label) for slot in alike}
            for question, codes in _replies(label, alike, asked, readings):
                found[question].append((number, codes))
    for link in sorted({link for links in lines for link in links}):
        drawn = {slot: links[link] for slot, links in enumerate(lines) if link in links}
        asked = {slot: counted[slot].of_relation(link[0]) for slot in drawn}
        for question, codes in _replies(link[0], drawn, asked, readings):
            found[question].append((link, codes))
    return {question: tuple(units) for question, units in found.items()}


def _replies(
    of: str,
    items: Mapping[int, Mapping[str, Any]],
    asked: Mapping[int, Mapping[str, Attribute]],
    readings: Sequence[Reading],
) -> Iterator[tuple[Question, Codes]]:
    """The codes of each question that is put about what two coders or more have."""
    if len(items) < 2:
        return
    for name in dict.fromkeys(name for attributes in asked.values() for name in attributes):
        given = {
            slot: _code(item, asked[slot][name], readings[slot]) for slot, item in items.items() if name in asked[slot]
        }
        if any(code is not None for code in given.values()):
            yield Question(of, name), _codes(given, len(readings))


def _codes(given: Mapping[int, Code | None], slots: int) -> Codes:
    return tuple(given.get(slot) for slot in range(slots))


def _code(item: Mapping[str, Any], attribute: Attribute, reading: Reading) -> Code | None:
    """What was answered; that nothing was is an answer too, unless the question was not put or did not come up."""
    if attribute.key in item.get("absent", ()):
        return None if attribute.kind in MEASURED else NOT_IN_TEXT
    if attribute.key in item["attributes"]:
        code: Code = item["attributes"][attribute.key]
        return intern(code) if isinstance(code, str) else code
    condition = attribute.required_when
    if attribute.kind in MEASURED or (condition is not None and not condition.holds(item["attributes"])):
        return None
    if not reading.was_asked(item, attribute):
        return None
    return LEFT_EMPTY


class _Counted:
    """The attributes of a codebook that count in agreement, looked up once an article."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.of_label = cache(self._of_label)
        self.of_relation = cache(self._of_relation)

    def _of_label(self, label: str) -> Mapping[str, Attribute]:
        return counting(self.codebook.attributes(label).values()) if self.codebook.has_label(label) else {}

    def _of_relation(self, type_: str) -> Mapping[str, Attribute]:
        return counting(self.codebook.relation(type_).attributes) if self.codebook.has_relation(type_) else {}


def counting(attributes: Collection[Attribute]) -> dict[str, Attribute]:
    """Those that agreement is measured on, by key. Free texts have no codes."""
    return {each.key: each for each in attributes if each.in_agreement and each.kind != "text"}
