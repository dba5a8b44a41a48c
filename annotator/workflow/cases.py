"""One article on the adjudicator's desk: the readings, what was decided on them, and gold as it stands."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from annotator import standoff
from annotator.annotation.drawing import full_answers
from annotator.annotation.models import AnnotationSet, Relation, Span, Submission
from annotator.annotation.rules import ExtraKeys
from annotator.errors import Unknown
from annotator.projects.models import Project, ProjectArticle
from annotator.registers.queries import nameable
from annotator.registers.resolving import Merges
from annotator.schema.codebook import Codebook
from annotator.schema.mapping import Carried, Step, carry_along
from annotator.workflow.comparison import (
    Comparison,
    Difference,
    Group,
    RelationGroup,
    Reply,
    SpanGroup,
    Voice,
    attribute_key,
    reply,
)
from annotator.workflow.models import Decision, GoldSource
from annotator.workflow.settlement import Rules, Settled, settle
from corpus.models import Article


@dataclass(frozen=True)
class Choice:
    """What an adjudicator says of one difference.

    `outcome`: took (with `voice`), both, neither, edited (with `values`: start, end, quote, label and
    attributes for a span; type, source, target and attributes for a relation, its ends as keys of groups; value
    for an attribute, NOT_IN_TEXT included). An attribute that an edit does not name stays as it is, None takes
    its answer away. `rule`: a number of the codebook.
    """

    outcome: str
    voice: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    note: str = ""


@dataclass(frozen=True)
class Readings:
    """What readers handed in on the article, free texts in place of the remarks that hold them.

    `current`: the newest submissions, sorted; `voices`: these and older ones that a decision speaks of, by id of
    the submission; `reader_of`: from a submission to its set.
    """

    current: tuple[str, ...]
    voices: Mapping[str, Voice]
    reader_of: Mapping[str, str]

    @cached_property
    def items(self) -> Mapping[tuple[str, str], standoff.Span | standoff.Relation]:
        """By submission and id."""
        found: dict[tuple[str, str], standoff.Span | standoff.Relation] = {}
        for key, voice in self.voices.items():
            found |= {(key, span.id): span for span in voice.spans}
            found |= {(key, relation.id): relation for relation in voice.relations}
        return found

    def earlier(self, voice: str, among: Collection[str]) -> str | None:
        """The submission of the same reader among some, the newest one itself if it is there."""
        if voice in among:
            return voice
        reader = self.reader_of[voice]
        return next((one for one in among if self.reader_of.get(one) == reader), None)


@dataclass(frozen=True)
class GoldRows:
    """Gold as it is stored. `texts`: free texts by the ids of their remarks."""

    spans: Mapping[uuid.UUID, Span]
    relations: Mapping[uuid.UUID, Relation]
    sources: tuple[GoldSource, ...]
    texts: Mapping[str, str]


@dataclass
class Case:
    """One article on the adjudicator's desk.

    `codebook`: with the entries that readings or gold name; `merges`: which of them stand for which.
    `decisions`: by key of what they are about, those that stand; `flagged`: keys of decisions that later readings
    call into question; `spans`, `relations`: rows of gold by the key of their group.
    """

    project: Project
    article: Article
    row: ProjectArticle
    gold_set: AnnotationSet
    codebook: Codebook
    merges: Merges
    submissions: Mapping[str, Submission]
    readings: Readings
    comparison: Comparison
    gold: GoldRows
    decisions: Mapping[str, Decision]
    flagged: frozenset[str]
    spans: Mapping[str, list[Span]]
    relations: Mapping[str, list[Relation]]

    def answers(self, row: Span) -> dict[str, Any]:
        """What gold says of a span, as readings are compared: free texts in full, merged entries by what they are."""
        return span_answers(self.codebook, row.label, row.attributes, self.gold.texts, self.merges)

    def relation_answers(self, row: Relation) -> dict[str, Any]:
        return dict(self.merges.answers(self.codebook, row.type, row.attributes))

    @property
    def extra_keys(self) -> ExtraKeys:
        """Entries that gold may name beside those of the codebook."""
        return nameable(None, self.project.pk, self.codebook)

    @cached_property
    def settled(self) -> Mapping[str, Settled]:
        """What the project's rules settle, by key."""
        spans = {key: [row.as_standoff() for row in rows] for key, rows in self.spans.items()}
        return settled_by_rules(self.project, self.codebook, self.comparison, by_people(self.decisions), spans)

    @cached_property
    def differences(self) -> list[Difference]:
        """In the order of the comparison: what readers differ on, and what a person has to look at all the same."""
        found = {difference.key: difference for difference in self.comparison.differences()}
        for key, group in self.comparison.groups.items():
            if key not in found and self._needs_a_person(group):
                bundle = self._bundle(found.values(), group)
                found[key] = Difference("span" if isinstance(group, SpanGroup) else "relation", key, key, None, bundle)
            for name in self._questioned(group):
                whole = attribute_key(group, name)
                found[whole] = Difference("attribute", whole, key, name, self._bundle(found.values(), group))
        place = {key: number for number, key in enumerate(self.comparison.groups)}
        return sorted(found.values(), key=lambda one: (place[one.bundle], place[one.group], one.kind == "attribute"))

    def _needs_a_person(self, group: Group) -> bool:
        """One reading alone is not agreement; and who decided before all agreed looks at it again."""
        if not group.identical:
            return False
        if group.key in self.flagged or self._is_retired(group):
            return True
        alone = len(self.comparison.voices) == 1 and not self.project.single_is_gold
        return alone or _is_by_person(self.decisions.get(group.key))

    def _is_retired(self, group: Group) -> bool:
        """Whether all readers agree on what the codebook no longer offers, and gold does not have it yet."""
        stands = self.spans if isinstance(group, SpanGroup) else self.relations
        if stands.get(group.key):
            return False
        if isinstance(group, SpanGroup):
            return any(label in retired_labels(self.codebook) for label in group.labels)
        return self.codebook.relation(group.type).retired

    def _questioned(self, group: Group) -> list[str]:
        """Attributes that readers do not differ on any more, after a decision that says otherwise."""
        keys = {attribute_key(group, name): name for name in self._flagged_names - group.attributes.keys()}
        return [name for key, name in keys.items() if key in self.flagged and _is_by_person(self.decisions[key])]

    @cached_property
    def _flagged_names(self) -> set[str]:
        return {self.decisions[key].name for key in self.flagged} - {""}

    def _bundle(self, found: Iterable[Difference], group: Group) -> str:
        return next((one.bundle for one in found if one.group == group.key), group.key)

    @property
    def open_differences(self) -> list[Difference]:
        return [difference for difference in self.differences if not self.is_settled(difference)]

    def is_settled(self, difference: Difference) -> bool:
        """Decided by a person or a rule, or gone with what it hangs on."""
        if difference.key in self.flagged:
            return False
        if _is_by_person(self.decisions.get(difference.key)):
            return True
        return difference.key in self.settled or self.is_gone(difference)

    def is_gone(self, difference: Difference) -> bool:
        """Whether there is nothing left to decide: nothing belongs where it hangs, or its label does not ask it."""
        group = self.comparison.groups[difference.group]
        if difference.kind == "span":
            return False
        if isinstance(group, SpanGroup):
            return self.is_nothing(group.key) or not self.asked_in_gold(group.key, str(difference.name))
        ends = (group.source_group, group.target_group)
        if any(self.is_nothing(key) for key in ends) or not self._is_allowed(group):
            return True
        return difference.kind == "attribute" and self.is_nothing(group.key)

    def asked_in_gold(self, key: str, name: str) -> bool:
        """Whether the gold span of a group has the attribute among its questions; yes while there is none."""
        rows = self.spans.get(key, [])
        return not rows or any(name in counted(self.codebook, row.label) for row in rows)

    def is_nothing(self, key: str) -> bool:
        decision = self.decisions.get(key)
        if _is_by_person(decision):
            return decision is not None and decision.outcome == "neither" and key not in self.flagged
        return key in self.settled and self.settled[key].outcome == "absent"

    def _is_allowed(self, group: RelationGroup) -> bool:
        """Whether the codebook lets the relation join its ends as they are settled; yes while one is open."""
        type, sources, targets = self.codebook.relation(group.type), *(
            self.spans.get(key, []) for key in (group.source_group, group.target_group)
        )  # fmt: skip
        if not sources or not targets or self._is_edited(group.key):
            return True
        return any(type.allows(source.label, target.label) for source in sources for target in targets)

    def _is_edited(self, key: str) -> bool:
        return key in self.decisions and self.decisions[key].outcome == "edited"

    def difference(self, key: str) -> Difference:
        for difference in self.differences:
            if difference.key == key:
                return difference
        raise Unknown("This difference is gone; the readings have changed. Reload the page.")

    def alike(self, difference: Difference) -> list[Difference]:
        """Open differences of the same pattern, among them the one given."""
        pattern = self._pattern(difference)
        return [one for one in self.open_differences if one == difference or self._pattern(one) == pattern]

    def _pattern(self, difference: Difference) -> tuple[Any, ...]:
        group = self.comparison.groups[difference.group]
        if difference.kind == "attribute":
            replies = self.replies(group, str(difference.name))
            return "attribute", difference.name, tuple(sorted((voice, str(value)) for voice, value in replies.items()))
        if isinstance(group, RelationGroup):
            return "relation", group.type, group.missing
        return "span", group.labels, group.missing, tuple(self._extra_words(group))

    def _extra_words(self, group: SpanGroup) -> Iterable[tuple[str, str, str]]:
        """For each voice the words that not all have, before and after those that all have."""
        start = max(span.start for span in group.members.values())
        end = min(span.end for span in group.members.values())
        for voice, span in group.members.items():
            extra = (slice(span.start, start), slice(max(end, start), span.end))
            before, after = (self.article.text[part].strip().casefold() for part in extra)
            yield voice, before, after

    def replies(self, group: Group, name: str) -> Mapping[str, Reply]:
        """What each voice that is asked says of the attribute."""
        if name in group.attributes:
            return group.attributes[name]
        return {
            voice: reply(item, name)
            for voice, item in group.members.items()
            if not isinstance(item, standoff.Span) or name in counted(self.codebook, item.label)
        }

    def members(self, group: Group) -> list[list[str]]:
        """`[submission id, item id]` of each voice, in the order of the submissions' ids."""
        return [[voice, group.members[voice].id] for voice in sorted(group.members)]


def by_people(decisions: Mapping[str, Decision]) -> frozenset[str]:
    """Keys of what a person has decided: rules leave it alone."""
    return frozenset(key for key, decision in decisions.items() if _is_by_person(decision))


def _is_by_person(decision: Decision | None) -> bool:
    return decision is not None and decision.by_id is not None


def rules_of(project: Project) -> Rules:
    """What settles itself in the project."""
    return Rules(**project.settling, single=project.single_is_gold)


def retired_labels(codebook: Codebook) -> frozenset[str]:
    return frozenset(label.key for label in codebook.labels if label.retired)


def settled_by_rules(
    project: Project,
    codebook: Codebook,
    comparison: Comparison,
    people: Collection[str],
    gold: Mapping[str, list[standoff.Span]],
) -> dict[str, Settled]:
    """What the rules settle beside what people have decided. `gold`: spans that stand, by the key of their group.

    Spans that stood by a rule which later readings no longer bear out keep their place until a person says
    otherwise, so that what hangs on them can settle. Nothing settles to words that stand already, nor to what the
    codebook no longer offers, unless it stands: that waits for a person.
    """
    rules = rules_of(project)
    people = [*people, *_retired_keys(codebook, comparison, gold)]
    standing = {key: spans[0] for key, spans in gold.items() if spans}
    fixed = {key: span for key, span in standing.items() if key in people}
    found = settle(comparison, rules, decided=people, standing=fixed)
    borne_out = {one.key for one in found}
    kept = {key: span for key, span in standing.items() if key not in borne_out}
    if kept.keys() != fixed.keys():
        found = settle(comparison, rules, decided=people, standing=kept)
    others = {(span.start, span.end, span.label): key for key in kept for span in gold[key]}
    return {one.key: one for one in found if others.get((one.start, one.end, one.label), one.key) == one.key}  # type: ignore[arg-type]


def _retired_keys(codebook: Codebook, comparison: Comparison, gold: Mapping[str, list[standoff.Span]]) -> Iterator[str]:
    """Keys of what readers say and no rule may write into gold."""
    labels = retired_labels(codebook)
    for group in comparison.span_groups if labels else ():
        if labels.intersection(group.labels) and not gold.get(group.key):
            yield group.key
    for relation in comparison.relation_groups:
        if codebook.has_relation(relation.type) and codebook.relation(relation.type).retired:
            yield relation.key


def counted(codebook: Codebook, label: str) -> list[str]:
    """Names of the attributes that count in agreement and go into gold."""
    if not codebook.has_label(label):
        return []
    return [name for name, attribute in codebook.attributes(label).items() if attribute.in_agreement]


def counted_in_relation(codebook: Codebook, type: str) -> list[str]:
    if not codebook.has_relation(type):
        return []
    return [attribute.key for attribute in codebook.relation(type).attributes if attribute.in_agreement]


def voice_of(
    submission: Submission, codebook: Codebook, texts: Mapping[str, str], merges: Merges, steps: Sequence[Step] = ()
) -> Voice:
    """A submission as a voice of a comparison. `texts`: by ids of remarks.

    `steps`: from the version that it was judged under to the one of the comparison.
    """
    found = content_of(submission, steps)
    spans = [
        replace(span, attributes=span_answers(codebook, span.label, span.attributes, texts, merges))
        for span in found.spans
    ]
    links = [replace(one, attributes=merges.answers(codebook, one.type, one.attributes)) for one in found.relations]
    return Voice(str(submission.pk), spans, links)


def content_of(submission: Submission, steps: Sequence[Step] = ()) -> Carried:
    """What was handed in, read over some moves; free texts by the ids of their remarks.

    What its reader saw of suggestions is nothing to compare.
    """
    content, names = json.loads(submission.content), ("id", "start", "end", "label", "attributes", "absent")
    spans = [standoff.Span(**{name: span[name] for name in names}) for span in content["spans"]]
    return carry_along(steps, spans, [standoff.Relation(**relation) for relation in content["relations"]])


def span_answers(
    codebook: Codebook, label: str, stored: Mapping[str, Any], texts: Mapping[str, str], merges: Merges
) -> dict[str, Any]:
    """Stored answers with free texts in place of the ids of their remarks, and merged entries by what they are now.

    A text that was erased is no answer.
    """
    asked = codebook.attributes(label) if codebook.has_label(label) else {}
    full = full_answers(asked, merges.answers(codebook, label, stored), texts)
    return {name: value for name, value in full.items() if value != ""}
