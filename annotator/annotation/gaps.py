"""What is still missing or doubtful in an annotated text: the checks that a codebook asks for.

An error keeps a text from being handed in, a warning is shown and counted.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from annotator.annotation.edges import quotation_marks, stray_edges
from annotator.schema.codebook import Attribute, Codebook, Concept, Entry, Listed, RelationType
from annotator.standoff import AnnotatedText, Relation, Span, Value, reading_order

RETIRED = "retired"
"""Looked for under every codebook: what an earlier version had and this one no longer offers."""
LONG = 400
"""Code points; a longer span is rarely one clause."""


@dataclass(frozen=True)
class Gap:
    """One finding on one span.

    severity: "error" or "warning". check: key of the codebook's check. name: the attribute or relation that
    it is about ("order" of a relation reads "reported_by.order"), or "". message: says what to do.
    """

    severity: str
    check: str
    span: str
    name: str
    message: str


@dataclass(frozen=True)
class _Place:
    """One span with all that its checks look at."""

    codebook: Codebook
    span: Span
    quote: str
    outgoing: Sequence[Relation]
    incoming: Sequence[Relation]
    in_furniture: bool

    @property
    def label_name(self) -> str:
        return self.codebook.label(self.span.label).name

    def links(self, relation: RelationType) -> int:
        """How many links of this type the span has, as their source or, where both ends are alike, at all."""
        ends = [*self.outgoing, *self.incoming] if relation.symmetric else self.outgoing
        return sum(one.type == relation.key for one in ends)


_Finding: TypeAlias = tuple[str, str]
"""name and message of a Gap."""


def gaps(codebook: Codebook, text: AnnotatedText, furniture: Sequence[tuple[int, int]] = ()) -> list[Gap]:
    """All gaps, span by span in reading order.

    furniture: stretches [start, end) in code points that are not part of the article itself. Raises KeyError
    for a span under a label that the codebook does not have.
    """
    outgoing: dict[str, list[Relation]] = defaultdict(list)
    incoming: dict[str, list[Relation]] = defaultdict(list)
    for relation in text.relations:
        outgoing[relation.source].append(relation)
        incoming[relation.target].append(relation)
    stretches = _joined(furniture)
    found: list[Gap] = []
    for span in sorted(text.spans, key=reading_order):
        quote = text.text[span.start : span.end]
        touched = _touches(span, stretches)
        found += gaps_of(codebook, span, quote, outgoing[span.id], incoming[span.id], touched)
    return found


def gaps_of(
    codebook: Codebook,
    span: Span,
    quote: str,
    outgoing: Sequence[Relation],
    incoming: Sequence[Relation],
    in_furniture: bool,
) -> list[Gap]:
    """The gaps of one span, in the order of the codebook's checks.

    quote: the text under the span, shorter than the span where it runs past the text. outgoing, incoming: its
    relations. in_furniture: whether it shares text with a region that is not part of the article.
    """
    place = _Place(codebook, span, quote, outgoing, incoming, in_furniture)
    found = [
        Gap(check.severity, check.key, span.id, name, message)
        for check in codebook.checks
        for name, message in _FINDERS[check.key](place)
    ]
    return found + [Gap("warning", RETIRED, span.id, name, message) for name, message in _retired(place)]


def _joined(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _touches(span: Span, stretches: Sequence[tuple[int, int]]) -> bool:
    before = bisect_left(stretches, (span.end,)) - 1
    return before >= 0 and stretches[before][1] > span.start


# One finder for each check.


def _missing_required(place: _Place) -> Iterator[_Finding]:
    asked = place.codebook.attributes(place.span.label)
    for key, attribute in asked.items():
        if _is_missing(attribute, place.span.attributes, place.span.absent):
            yield key, _ask_for(attribute, asked)
    for relation in place.outgoing:
        if place.codebook.has_relation(relation.type):
            yield from _missing_in_relation(place.codebook.relation(relation.type), relation)


def _missing_in_relation(type: RelationType, relation: Relation) -> Iterator[_Finding]:
    asked = {attribute.key: attribute for attribute in type.attributes}
    for key, attribute in asked.items():
        if _is_missing(attribute, relation.attributes, ()):
            yield f"{type.key}.{key}", f"“{type.name}”: {_ask_for(attribute, asked)}"


def _is_missing(attribute: Attribute, given: Mapping[str, Value], absent: frozenset[str] | tuple[str, ...]) -> bool:
    if attribute.key in given or not attribute.is_required(given):
        return False
    return not (attribute.may_be_absent and attribute.key in absent)


def _ask_for(attribute: Attribute, asked: Mapping[str, Attribute]) -> str:
    why, condition = "", attribute.required_when
    if condition is not None:
        other = asked[condition.attribute].name
        why = f", which goes with {other}" if condition.values is None else f" for this {other}"
    return f"{attribute.name} is missing{why}: answer it{_or_absent(attribute)}."


def _or_absent(asked: Attribute | RelationType) -> str:
    return ", or say “not in the text”" if asked.may_be_absent else ""


def _missing_relation(place: _Place) -> Iterator[_Finding]:
    for relation in place.codebook.relations_from(place.span.label):
        count = place.links(relation)
        if count >= relation.minimum or (relation.may_be_absent and relation.key in place.span.absent):
            continue
        ends = " or ".join(place.codebook.label(label).name for label in relation.targets)
        state = f"has {count} of {relation.minimum}" if count else "is missing"
        yield relation.key, f"“{relation.name}” {state}: link it to the {ends}{_or_absent(relation)}."


def _relation_not_allowed(place: _Place) -> Iterator[_Finding]:
    for relation in place.outgoing:
        yield from _forbidden_end(place, relation.type, "start")
    for relation in place.incoming:
        yield from _forbidden_end(place, relation.type, "end")


def _forbidden_end(place: _Place, type: str, end: str) -> Iterator[_Finding]:
    if not place.codebook.has_relation(type):
        yield type, f"This codebook has no relation “{type}”: remove it."
        return
    relation = place.codebook.relation(type)
    if place.span.label not in (relation.sources if end == "start" else relation.targets):
        yield type, f"“{relation.name}” cannot {end} at a {place.label_name}: remove it or change the label."


def _span_outside(place: _Place) -> Iterator[_Finding]:
    if len(place.quote) != place.span.end - place.span.start:
        yield "", "It runs past the end of this article: move its end."


def _retired_entry(place: _Place) -> Iterator[_Finding]:
    asked = place.codebook.attributes(place.span.label)
    for key, value in place.span.attributes.items():
        list_name = asked[key].list if key in asked else None
        entry = place.codebook.entries(list_name).get(str(value)) if list_name else None
        if entry is not None and not entry.is_active:
            yield key, f"{asked[key].name} {_end_of(entry)}"


def _retired(place: _Place) -> Iterator[_Finding]:
    """What was said under an earlier version stays until a person says otherwise."""
    if place.codebook.label(place.span.label).retired:
        yield "", f"The label {place.label_name} is retired: choose another, or leave it as it is."
    for key, attribute in place.codebook.attributes(place.span.label).items():
        if attribute.has_retired(place.span.attributes.get(key, "")):
            said = next(one.name for one in attribute.values if one.key == place.span.attributes[key])
            yield key, f"“{said}” is no longer an answer to {attribute.name}: choose another, or leave it as it is."
    for relation in place.outgoing:
        if place.codebook.has_relation(relation.type) and place.codebook.relation(relation.type).retired:
            type = place.codebook.relation(relation.type)
            yield type.key, f"“{type.name}” is retired: draw another relation, or leave it as it is."


def _end_of(entry: Entry) -> str:
    if isinstance(entry, Concept) and entry.merged_into:
        return f"{entry.key} was merged into {entry.merged_into}: choose that one."
    if isinstance(entry, Listed) and entry.status == "declined":
        why = f" (“{entry.reason}”)" if entry.reason else ""
        return f"“{entry.title}” was not taken into the list{why}: choose another or leave it empty."
    return f"{entry.key} is retired: choose another or leave it empty."


def _voice_without_source(place: _Place) -> Iterator[_Finding]:
    voice = place.span.attributes.get("voice")
    if voice not in ("named", "unnamed") or not place.codebook.has_relation("made_by"):
        return
    # What a stance is about takes its source from the stance.
    if any(relation.type == "toward" for relation in place.incoming):
        return
    relation = place.codebook.relation("made_by")
    if not place.links(relation) and not (relation.may_be_absent and "made_by" in place.span.absent):
        yield "made_by", f"The voice is {voice}, but no source is linked: link it{_or_absent(relation)}."


def _proposal_without_concept(place: _Place) -> Iterator[_Finding]:
    asked = place.codebook.attributes(place.span.label)
    if place.span.attributes.get("kind") != "proposal" or "concept" not in asked:
        return
    if "concept" not in place.span.attributes and not (
        asked["concept"].may_be_absent and "concept" in place.span.absent
    ):
        yield "concept", f"A proposal without a concept: choose one{_or_absent(asked['concept'])}."


def _actor_without_relation(place: _Place) -> Iterator[_Finding]:
    """For labels where relations only ever end: such a mention is labelled for a relation's sake."""
    label = place.span.label
    is_only_an_end = place.codebook.relations_to(label) and not place.codebook.relations_from(label)
    if is_only_an_end and not place.incoming:
        yield "", f"Nothing is linked to this {place.label_name}: link it, or remove it."


def _unpaired_quotation(place: _Place) -> Iterator[_Finding]:
    alone = quotation_marks(place.quote).alone
    if alone:
        marks = " ".join(place.quote[index] for index in sorted(alone))
        yield "", f"A quotation mark lacks its partner ({marks}): take in both, or neither."


def _edge_punctuation(place: _Place) -> Iterator[_Finding]:
    for edge in stray_edges(place.quote):
        yield "", f"The {edge} lies on a space or on punctuation: move it to the nearest word."


def _long_span(place: _Place) -> Iterator[_Finding]:
    length = place.span.end - place.span.start
    if length > LONG:
        yield "", f"It is {length} characters long, more than {LONG}: find the shortest part that says it."


def _page_furniture(place: _Place) -> Iterator[_Finding]:
    if place.in_furniture:
        yield (
            "",
            "It lies in page furniture, which is not part of the article: remove it unless you are sure.",
        )


_FINDERS: Mapping[str, Callable[[_Place], Iterator[_Finding]]] = {
    "missing_required": _missing_required,
    "missing_relation": _missing_relation,
    "relation_not_allowed": _relation_not_allowed,
    "span_outside": _span_outside,
    "retired_entry": _retired_entry,
    "voice_without_source": _voice_without_source,
    "proposal_without_concept": _proposal_without_concept,
    "actor_without_relation": _actor_without_relation,
    "unpaired_quotation": _unpaired_quotation,
    "edge_punctuation": _edge_punctuation,
    "long_span": _long_span,
    "page_furniture": _page_furniture,
}
