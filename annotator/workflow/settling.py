"""Carrying choices into the gold set: gold rows, their sources, and the decisions behind them."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotator.accounts.models import User
from annotator.annotation.actions import Edit, place_relation, place_span
from annotator.annotation.models import Relation, Span
from annotator.annotation.rules import RuleError, check_relation, clean_attributes
from annotator.errors import Conflict, Problem
from annotator.log.actions import Gesture
from annotator.standoff import Span as StandoffSpan
from annotator.workflow.cases import Case, Choice, counted
from annotator.workflow.comparison import (
    NOT_IN_TEXT,
    Difference,
    RelationGroup,
    SpanGroup,
    agreed_absent,
    agreed_attributes,
    attribute_key,
)
from annotator.workflow.models import Decision, GoldSource


class Settling:
    """Carries one or more choices into the gold set within one gesture.

    Gold as it stands is read once, in three queries, and kept up to date here: `items` from the key of a
    subject to the ids of its gold rows, `sources` from a gold row to the judgements it came from.
    """

    def __init__(self, case: Case, edit: Edit, user: User) -> None:
        self.case, self.edit, self.user = case, edit, user
        self.gesture: Gesture = edit.gesture
        gold_set = case.gold_set
        self.spans = {span.pk: span for span in gold_set.spans.all()}
        self.relations = {relation.pk: relation for relation in gold_set.relations.all()}
        self.items: dict[str, list[uuid.UUID]] = defaultdict(list)
        self.sources: dict[uuid.UUID, list[GoldSource]] = defaultdict(list)
        for source in GoldSource.objects.filter(gold_set=gold_set).select_related("decision"):
            self._keep(source)

    def _keep(self, source: GoldSource) -> None:
        self.sources[source.item].append(source)
        items = self.items[source.decision.key]
        if not source.attribute and source.item not in items:
            items.append(source.item)

    # What all agree on

    def agree(self, group: SpanGroup | RelationGroup) -> None:
        if isinstance(group, SpanGroup):
            decision = self._decision(group, "span", group.key, Choice("agreed"))
            first = next(iter(group.members.values()))
            span = replace(first, absent=agreed_absent(group, first.label))
            self._gold_span(decision, span, self._agreed(group, span.label), group.members)
        elif self._end(group.source_group) and self._end(group.target_group):
            decision = self._decision(group, "relation", group.key, Choice("agreed"))
            self._gold_relation(decision, group)

    def _agreed(self, group: SpanGroup, label: str) -> dict[str, Any]:
        known = counted(self.case.codebook, label)
        return {name: value for name, value in agreed_attributes(group, label).items() if name in known}

    # What a person chose

    def settle(self, difference: Difference, choice: Choice) -> None:
        self._check(choice)
        group = self.case.comparison.groups[difference.group]
        if isinstance(group, RelationGroup):
            self._settle_relation(group, choice)
        elif difference.kind == "attribute":
            self._settle_attribute(group, difference, choice)
        else:
            self._settle_span(group, choice)

    def _check(self, choice: Choice) -> None:
        if choice.outcome not in ("took", "both", "neither", "edited"):
            raise Problem("Choose a reading, both, neither, or edit.", code="unknown_outcome", field="outcome")
        codebook = self.case.codebook
        rules = {str(rule.number) for rule in codebook.rules} | {f"span {rule.number}" for rule in codebook.span_rules}
        if choice.rule and choice.rule not in rules:
            raise Problem(f"The codebook has no rule {choice.rule}.", code="unknown_rule", field="rule")

    def _settle_span(self, group: SpanGroup, choice: Choice) -> None:
        old = self._gold_spans(group.key)
        decision = self._decision(group, "span", group.key, choice)
        if choice.outcome == "neither":
            for span in old:
                self._drop(span)
        elif choice.outcome == "both":
            self._write_both(group, decision, old)
        elif choice.outcome == "took":
            self._write_taken(group, decision, old, choice)
        else:
            self._write_edited(group, decision, old, choice)
        self._restore_relations(group)

    def _write_taken(self, group: SpanGroup, decision: Decision, old: list[Span], choice: Choice) -> None:
        span = self._member(group, choice.voice)
        for gone in old:
            self._drop(gone)
        self._gold_span(decision, span, self._attributes_of(span), {choice.voice: span})
        for name in group.attributes:
            self._attribute_decision(group, name, choice)

    def _write_both(self, group: SpanGroup, decision: Decision, old: list[Span]) -> None:
        if len({(span.start, span.end, span.label) for span in group.members.values()}) < len(group.members):
            raise Problem("Both readings mark the same words; choose the value instead.", code="same_span")
        for span in old:
            self._drop(span)
        for voice, span in group.members.items():
            self._gold_span(decision, span, self._attributes_of(span), {voice: span})
        for name in group.attributes:
            self._attribute_decision(group, name, Choice("both"))

    def _write_edited(self, group: SpanGroup, decision: Decision, old: list[Span], choice: Choice) -> None:
        first, values = next(iter(group.members.values())), choice.values
        start, end = values.get("start", first.start), values.get("end", first.end)
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
            raise Problem("The span must begin before it ends.", code="bad_bounds", field="end")
        label = str(values.get("label", first.label))
        given = dict(values.get("attributes", {}))
        for gone in old:
            self._drop(gone)
        span = StandoffSpan("", start, end, label, absent=agreed_absent(group, label))
        self._gold_span(decision, span, {**self._agreed(group, label), **given}, group.members, values.get("quote"))
        for name in group.attributes:
            if name in given:
                self._attribute_decision(group, name, Choice("edited", values={"value": given[name]}))
            elif name not in counted(self.case.codebook, label):
                self._attribute_decision(group, name, Choice("neither"))

    def _restore_relations(self, group: SpanGroup) -> None:
        """After an end was settled: write what all agree on, and what was decided before the end moved."""
        for relation in self.case.comparison.relation_groups:
            if group.key not in (relation.source_group, relation.target_group) or self._gold_relations(relation.key):
                continue
            decision = self.case.decisions.get(relation.key)
            if not self._end(relation.source_group) or not self._end(relation.target_group):
                continue
            if decision is None and relation.identical:
                self._agree_or_let_go(relation)
            elif decision is not None and decision.outcome != "neither":
                self._agree_or_let_go(relation, decision)

    def _agree_or_let_go(self, group: RelationGroup, decision: Decision | None = None) -> None:
        """A relation that the codebook does not allow between the ends as settled falls away, as a decision."""
        try:
            self._check_ends(group)
        except RuleError:
            self._decision(group, "relation", group.key, Choice("neither"))
            return
        self._gold_relation(decision or self._decision(group, "relation", group.key, Choice("agreed")), group)

    def _check_ends(self, group: RelationGroup) -> None:
        source, target = self._end(group.source_group), self._end(group.target_group)
        if source and target:
            check_relation(self.case.codebook, group.type, source.label, target.label)

    def _settle_attribute(self, group: SpanGroup, difference: Difference, choice: Choice) -> None:
        if choice.outcome == "both":
            raise Problem("An attribute has one value; choose one.", code="both_not_offered", field="outcome")
        spans = self._gold_spans(group.key)
        if not spans:
            raise Conflict("Settle the span itself first.", code="span_open")
        name = str(difference.name)
        value = self._attribute_value(group, name, choice)
        for span in spans:
            kept = {key: found for key, found in span.attributes.items() if key != name}
            absent = [entry for entry in span.absent if entry != name]
            if value is NOT_IN_TEXT:
                self.gesture.change(span, attributes=kept, absent=sorted([*absent, name]))
            else:
                self.gesture.change(span, attributes=self._cleaned(span.label, kept, name, value), absent=absent)
        self._attribute_decision(group, name, choice)

    def _attribute_value(self, group: SpanGroup, name: str, choice: Choice) -> Any:
        if choice.outcome == "neither":
            return None
        if choice.outcome == "edited":
            return choice.values.get("value")
        self._member(group, choice.voice)
        return group.attributes[name].get(choice.voice)

    def _cleaned(self, label: str, kept: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
        return clean_attributes(self.case.codebook, label, {**kept, name: value})

    def _attribute_decision(self, group: SpanGroup, name: str, choice: Choice) -> None:
        decision = self._decision(group, "attribute", attribute_key(group, name), choice, name)
        voices = [choice.voice] if choice.outcome == "took" else []
        for span in self._gold_spans(group.key):
            for voice in voices:
                self._source(decision, span.pk, voice, group.members[voice].id, name)

    def _settle_relation(self, group: RelationGroup, choice: Choice) -> None:
        if choice.outcome == "both":
            raise Problem("A relation stands or it does not.", code="both_not_offered", field="outcome")
        if choice.outcome == "took" and choice.voice not in group.members:
            raise Problem("This reading has no such relation.", code="unknown_voice", field="voice")
        for relation in self._gold_relations(group.key):
            self._drop_relation(relation)
        decision = self._decision(group, "relation", group.key, choice)
        for name in group.attributes:
            self._decision(group, "attribute", attribute_key(group, name), choice, name)
        if choice.outcome != "neither":
            self._gold_relation(decision, group)

    # Rows

    def _decision(
        self, group: SpanGroup | RelationGroup, subject: str, key: str, choice: Choice, name: str = ""
    ) -> Decision:
        earlier = self.case.decisions.get(key)
        decision = Decision(
            gold_set=self.case.gold_set, key=key, subject=subject, name=name, outcome=choice.outcome,
            members=self.case.members(group), choice={"voice": choice.voice, "values": dict(choice.values)},
            rule=choice.rule, supersedes=earlier,
            by=None if choice.outcome == "agreed" else self.user,
            note=self.gesture.remark(choice.note.strip()) if choice.note.strip() else None,
        )  # fmt: skip
        self.case.decisions[key] = self.gesture.add(decision)
        return decision

    def _gold_span(
        self, decision: Decision, span: StandoffSpan, attributes: Mapping[str, Any],
        sources: Mapping[str, StandoffSpan], quote: str | None = None,
    ) -> Span:  # fmt: skip
        text = self.case.article.text
        gold = place_span(
            self.edit, id=uuid.uuid4(), start=span.start, end=span.end, label=span.label, attributes=attributes,
            quote=text[span.start : span.end] if quote is None else quote, absent=sorted(span.absent),
        )  # fmt: skip
        self.spans[gold.pk] = gold
        for voice, member in sources.items():
            self._source(decision, gold.pk, voice, member.id)
        return gold

    def _gold_relation(self, decision: Decision, group: RelationGroup) -> Relation:
        voice = decision.choice["voice"] or None
        source, target = self._end(group.source_group, voice), self._end(group.target_group, voice)
        if source is None or target is None:
            raise Conflict("Settle both ends of this relation first.", code="ends_open")
        gold = place_relation(
            self.edit, id=uuid.uuid4(), type=group.type, source=source, target=target,
            attributes=self._relation_attributes(decision, group),
        )  # fmt: skip
        self.relations[gold.pk] = gold
        for name, member in group.members.items():
            if voice is None or voice == name:
                self._source(decision, gold.pk, name, member.id)
        return gold

    def _relation_attributes(self, decision: Decision, group: RelationGroup) -> Mapping[str, Any]:
        if decision.choice["voice"]:
            return group.members[decision.choice["voice"]].attributes
        return {**agreed_attributes(group), **decision.choice["values"].get("attributes", {})}

    def _source(self, decision: Decision, item: uuid.UUID, voice: str, judgement: str, name: str = "") -> None:
        source = GoldSource(
            gold_set=self.case.gold_set, item=item, attribute=name, decision=decision,
            submission_id=uuid.UUID(voice), judgement=uuid.UUID(judgement),
        )  # fmt: skip
        self._keep(self.gesture.add(source))

    def _drop(self, span: Span) -> None:
        """Take a gold span away with its relations; those decided are written again when the end stands anew."""
        for relation in list(self.relations.values()):
            if span.pk in (relation.source_id, relation.target_id):
                self._drop_relation(relation)
        self._forget(span.pk)
        del self.spans[span.pk]
        self.gesture.remove(span)

    def _drop_relation(self, relation: Relation) -> None:
        self._forget(relation.pk)
        del self.relations[relation.pk]
        self.gesture.remove(relation)

    def _forget(self, item: uuid.UUID) -> None:
        for source in self.sources.pop(item, []):
            self.gesture.remove(source)

    def _gold_spans(self, key: str) -> list[Span]:
        return [self.spans[item] for item in self.items[key] if item in self.spans]

    def _gold_relations(self, key: str) -> list[Relation]:
        return [self.relations[item] for item in self.items[key] if item in self.relations]

    def _end(self, key: str, voice: str | None = None) -> Span | None:
        """The gold span of a group; of two that stand side by side, the one that comes from the voice."""
        spans = self._gold_spans(key)
        own = [span for span in spans if voice in {str(source.submission_id) for source in self.sources[span.pk]}]
        return next(iter(own or spans), None)

    def _member(self, group: SpanGroup, voice: str) -> StandoffSpan:
        if voice not in group.members:
            raise Problem("This reading has nothing here; choose “nothing here” instead.", code="unknown_voice")
        return group.members[voice]

    def _attributes_of(self, span: StandoffSpan) -> dict[str, Any]:
        known = counted(self.case.codebook, span.label)
        return {name: value for name, value in span.attributes.items() if name in known}
