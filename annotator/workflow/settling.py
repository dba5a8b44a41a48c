"""Carrying choices into gold: what people decide, what the project's rules settle, and what follows from both."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from annotator.accounts.models import User
from annotator.annotation import rules
from annotator.annotation.editing import Edit
from annotator.errors import Conflict, Problem
from annotator.workflow.cases import Case, Choice, by_people, counted, settled_by_rules
from annotator.workflow.choosing import Choosing
from annotator.workflow.comparison import (
    NOT_IN_TEXT,
    Difference,
    Group,
    RelationGroup,
    Reply,
    SpanGroup,
    attribute_key,
)
from annotator.workflow.gold import Gold, Origin, RelationDraft, SpanDraft
from annotator.workflow.models import Decision
from annotator.workflow.recording import Recorder
from annotator.workflow.relating import Relating, edited_line
from annotator.workflow.settlement import Settled


class Settling:
    """One gesture on the gold of a case: any number of `decide`, then `finish`, which writes."""

    def __init__(self, case: Case, edit: Edit, user: User) -> None:
        self.case, self.edit = case, edit
        self.gold, self.recorder = Gold(case), Recorder(case, edit, user)
        self.choosing = Choosing(case, self.gold, self.recorder)
        self.relating = Relating(case, self.gold, self.recorder)

    # What a person chose

    def decide(self, difference: Difference, choice: Choice) -> None:
        """Take a choice up. Raises Problem or a RuleError for one that cannot be, Conflict for one out of turn."""
        self._check(choice)
        group = self.case.comparison.groups[difference.group]
        if difference.kind == "attribute":
            self._decide_attribute(group, str(difference.name), choice)
        elif isinstance(group, SpanGroup):
            self._decide_span(group, choice)
        else:
            self._decide_relation(group, choice)

    def _check(self, choice: Choice) -> None:
        if choice.outcome not in ("took", "both", "neither", "edited"):
            raise Problem("Choose a reading, both, neither, or edit.", code="unknown_outcome", field="outcome")
        codebook = self.case.codebook
        known = {str(rule.number) for rule in codebook.rules} | {f"span {rule.number}" for rule in codebook.span_rules}
        if choice.rule and choice.rule not in known:
            raise Problem(f"The codebook has no rule {choice.rule}.", code="unknown_rule", field="rule")

    def _decide_span(self, group: SpanGroup, choice: Choice) -> None:
        wanted = self.choosing.spans(group, choice)
        decision = self.recorder.record(group, "span", group.key, choice)
        for draft, voices in wanted:
            draft.origins = {Origin(decision.pk, voice, group.members[voice].id) for voice in voices}
        self.gold.put(group.key, [draft for draft, _ in wanted])
        for name in self.recorder.in_question(group) if wanted else ():
            self._decide_with_span(group, name, choice)

    def _decide_with_span(self, group: SpanGroup, name: str, choice: Choice) -> None:
        """Who takes a span takes its answers with it. An edit settles the answers that it names."""
        if choice.outcome == "edited":
            given = choice.values.get("attributes", {})
            if name in given and self._is_asked(group, name):
                self._attribute_decided(group, name, replace(choice, values={"value": given[name]}))
        elif choice.outcome == "both" or choice.voice in self.case.replies(group, name):
            self._attribute_decided(group, name, replace(choice, values={}))

    def _is_asked(self, group: SpanGroup, name: str) -> bool:
        return any(name in counted(self.case.codebook, draft.label) for draft in self.gold.spans[group.key])

    # Attributes

    def _decide_attribute(self, group: Group, name: str, choice: Choice) -> None:
        if choice.outcome == "both":
            raise Problem("An attribute has one value; choose one.", code="both_not_offered", field="outcome")
        drafts: list[Any] = self._drafts(group)
        if not drafts:
            what = "span" if isinstance(group, SpanGroup) else "relation"
            raise Conflict(f"Settle the {what} itself first.", code=f"{what}_open")
        self._set_answer(group, name, self._chosen(group, name, choice))
        self._attribute_decided(group, name, choice)

    def _drafts(self, group: Group) -> list[SpanDraft] | list[RelationDraft]:
        return self.gold.spans[group.key] if isinstance(group, SpanGroup) else self.gold.relations[group.key]

    def _chosen(self, group: Group, name: str, choice: Choice) -> Reply:
        """The answer that was chosen, if it is one."""
        if choice.outcome == "neither":
            return None
        if choice.outcome == "edited":
            return choice.values.get("value")
        replies = self.case.replies(group, name)
        if choice.voice not in replies:
            raise Problem("This reading has nothing here; choose another.", code="unknown_voice", field="voice")
        return replies[choice.voice]

    def _set_answer(self, group: Group, name: str, value: Reply) -> None:
        for draft in self._drafts(group):
            answers = {key: kept for key, kept in draft.attributes.items() if key != name}
            if isinstance(draft, SpanDraft):
                self._set_in_span(draft, answers, name, value)
            else:
                given = {**answers, name: value}
                draft.attributes = rules.clean_relation_attributes(
                    self.case.codebook, draft.type, given, self.case.extra_keys
                )

    def _set_in_span(self, draft: SpanDraft, answers: dict[str, Any], name: str, value: Reply) -> None:
        codebook, absent = self.case.codebook, draft.absent - {name}
        if name not in counted(codebook, draft.label):
            return
        if value is NOT_IN_TEXT:
            draft.absent = set(rules.clean_absent(codebook, draft.label, {*absent, name}))
            draft.attributes = answers
        else:
            draft.attributes = rules.clean_attributes(
                codebook, draft.label, {**answers, name: value}, self.case.extra_keys
            )
            draft.absent = absent

    def _attribute_decided(self, group: Group, name: str, choice: Choice) -> None:
        decision = self.recorder.record(group, "attribute", attribute_key(group, name), choice, name)
        replies = self.case.replies(group, name)
        voices = {"took": [choice.voice], "neither": []}.get(choice.outcome, list(replies))
        self._leads_to(group, name, decision, [(voice, group.members[voice].id) for voice in voices])

    def _leads_to(self, group: Group, name: str, decision: Decision, judgements: Iterable[tuple[str, str]]) -> None:
        """Where the answer comes from. Of spans that stand side by side, each has its own voices' answers."""
        judgements = list(judgements)
        drafts = self._drafts(group)
        for draft in drafts:
            own = {origin.submission for origin in draft.origins if not origin.attribute}
            draft.origins = {origin for origin in draft.origins if origin.attribute != name} | {
                Origin(decision.pk, voice, item, name) for voice, item in judgements if len(drafts) == 1 or voice in own
            }

    # Relations

    def _decide_relation(self, group: RelationGroup, choice: Choice) -> None:
        if choice.outcome == "both":
            raise Problem("A relation stands or it does not.", code="both_not_offered", field="outcome")
        if choice.outcome == "took" and choice.voice not in group.members:
            raise Problem("This reading has no such relation.", code="unknown_voice", field="voice")
        if choice.outcome == "edited":
            self._check_edited_relation(group, choice.values)
        self.recorder.record(group, "relation", group.key, choice)
        given = choice.values.get("attributes", {})
        for name in self.recorder.in_question(group):
            if choice.outcome == "took":
                self._attribute_decided(group, name, replace(choice, values={}))
            elif choice.outcome == "edited" and name in given:
                self._attribute_decided(group, name, replace(choice, values={"value": given[name]}))

    def _check_edited_relation(self, group: RelationGroup, values: Mapping[str, Any]) -> None:
        type, *ends = edited_line(group, values)
        labels = []
        for key in ends:
            if not self.gold.spans.get(key):
                raise Conflict("Settle both ends of this relation first.", code="ends_open")
            labels.append(self.gold.spans[key][0].label)
        if ends[0] == ends[1]:
            raise Problem("A relation needs two different spans.", code="same_ends", field="target")
        rules.check_relation(self.case.codebook, type, labels[0], labels[1])
        rules.clean_relation_attributes(self.case.codebook, type, values.get("attributes", {}), self.case.extra_keys)

    # What follows

    def finish(self) -> None:
        """Let the rules settle what they can, draw the relations that have both their ends, and write."""
        settled = settled_by_rules(
            self.case.project,
            self.case.codebook,
            self.case.comparison,
            by_people(self.recorder.decisions),
            self.gold.plain_spans(),
        )
        for one in settled.values():
            if one.subject == "span":
                self._rule_on_span(one)
        self.gold.relations = {
            group.key: self.relating.relations(group, settled) for group in self.case.comparison.relation_groups
        }
        for one in settled.values():
            if one.subject == "attribute":
                self._rule_on_attribute(one)
        for drafts in self.gold.spans.values():
            for draft in drafts:
                draft.absent -= {relation.type for relation in self._starting_at(draft)}
        self.gold.write(self.edit)

    def _starting_at(self, draft: SpanDraft) -> list[RelationDraft]:
        return [one for drafts in self.gold.relations.values() for one in drafts if one.source is draft]

    def _rule_on_span(self, settled: Settled) -> None:
        group = self.case.comparison.groups[settled.group]
        assert isinstance(group, SpanGroup)
        before = [draft.content for draft in self.gold.spans[group.key]]
        wanted = [self._draft_by_rule(group, settled)] if settled.outcome == "stands" else []
        if self.recorder.is_told(settled) and before == [draft.content for draft in wanted]:
            return
        decision = self.recorder.rule(group, settled)
        kept = {origin for draft in self.gold.spans[group.key] for origin in draft.origins if origin.attribute}
        for draft in wanted:
            draft.origins = {Origin(decision.pk, voice, item) for voice, item in settled.sources} | kept
        self.gold.put(group.key, wanted)

    def _draft_by_rule(self, group: SpanGroup, settled: Settled) -> SpanDraft:
        """As settled; where readers differ on an answer, the one that stood before stays until that is settled."""
        label = str(settled.label)
        names = counted(self.case.codebook, label)
        answers = {name: value for name, value in settled.attributes.items() if name in names}
        absent = set(settled.absent)
        for draft in self.gold.spans[group.key][:1]:
            open_names = [name for name in self.recorder.in_question(group) if name in names]
            answers = {name: value for name, value in answers.items() if name not in open_names}
            answers |= {name: draft.attributes[name] for name in open_names if name in draft.attributes}
            absent = (absent - set(open_names)) | {name for name in open_names if name in draft.absent}
            absent -= {relation.type for relation in self._starting_at(draft)}
        assert settled.start is not None and settled.end is not None
        return SpanDraft(settled.start, settled.end, label, answers, absent)

    def _rule_on_attribute(self, settled: Settled) -> None:
        group, name = self.case.comparison.groups[settled.group], str(settled.name)
        drafts = self._drafts(group)
        if not drafts or (isinstance(group, SpanGroup) and not self._is_asked(group, name)):
            return
        before = [dict(draft.attributes) for draft in drafts]
        self._set_answer(group, name, settled.value)
        if self.recorder.is_told(settled) and before == [dict(draft.attributes) for draft in drafts]:
            return
        self._leads_to(group, name, self.recorder.rule(group, settled, name), settled.sources)
