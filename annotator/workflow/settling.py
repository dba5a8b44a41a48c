"""Carrying choices into gold: what people decide, what the project's rules settle, and what follows from both."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from annotator import standoff
from annotator.accounts.models import User
from annotator.annotation import rules
from annotator.annotation.actions import Edit
from annotator.errors import Conflict, Problem
from annotator.log.models import Remark
from annotator.workflow.cases import Case, Choice, by_people, counted, counted_in_relation, settled_by_rules
from annotator.workflow.comparison import (
    NOT_IN_TEXT,
    Difference,
    Group,
    RelationGroup,
    Reply,
    SpanGroup,
    agreed_absent,
    agreed_attributes,
    attribute_key,
)
from annotator.workflow.gold import Gold, Origin, RelationDraft, SpanDraft
from annotator.workflow.models import Decision
from annotator.workflow.settlement import Settled

ABSENT = {"absent": True}
"""How an answer “not in the text” stands in a decision."""


class Settling:
    """One gesture on the gold of a case: any number of `decide`, then `finish`, which writes."""

    def __init__(self, case: Case, edit: Edit, user: User) -> None:
        self.case, self.edit, self.user = case, edit, user
        self.gold = Gold(case)
        self.decisions = dict(case.decisions)
        self.flagged = set(case.flagged)
        self.notes: dict[str, Remark] = {}
        edit.remarks = {text: id for id, text in case.gold.texts.items() if text}

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
        wanted = self._wanted_spans(group, choice)
        decision = self._record(group, "span", group.key, choice)
        for draft, voices in wanted:
            draft.origins = {Origin(decision.pk, voice, group.members[voice].id) for voice in voices}
        self.gold.put(group.key, [draft for draft, _ in wanted])
        for name in self._in_question(group) if wanted else ():
            self._decide_with_span(group, name, choice)

    def _wanted_spans(self, group: SpanGroup, choice: Choice) -> list[tuple[SpanDraft, list[str]]]:
        """The spans that are to stand, each with the voices it comes from."""
        if choice.outcome == "neither":
            return []
        if choice.outcome == "took":
            return [(self._draft(self._member(group, choice.voice)), [choice.voice])]
        if choice.outcome == "both":
            return self._each_shape(group)
        return [(self._edited_span(group, choice.values), sorted(group.members))]

    def _draft(self, span: standoff.Span) -> SpanDraft:
        names = counted(self.case.codebook, span.label)
        answers = {name: value for name, value in span.attributes.items() if name in names}
        return SpanDraft(span.start, span.end, span.label, answers, set(span.absent))

    def _each_shape(self, group: SpanGroup) -> list[tuple[SpanDraft, list[str]]]:
        """All readings stand. Those of the same words and label are one span, if they say the same of it."""
        found: dict[tuple[int, int, str], tuple[SpanDraft, list[str]]] = {}
        for voice, span in group.members.items():
            draft = self._draft(span)
            first, voices = found.setdefault(draft.shape, (draft, []))
            if first.content != draft.content:
                raise Problem("Two readings mark the same words with other values; take one of them.", code="same_span")
            voices.append(voice)
        if len(found) == 1:
            raise Problem("All readings mark the same words; take one of them.", code="same_span", field="outcome")
        return list(found.values())

    def _edited_span(self, group: SpanGroup, values: Mapping[str, Any]) -> SpanDraft:
        stands = self.gold.spans[group.key]
        first = min(group.members.values(), key=lambda span: (span.start, span.end, span.label))
        begin = stands[0].plain("") if stands else first
        start, end = values.get("start", begin.start), values.get("end", begin.end)
        label = str(values.get("label", begin.label))
        self._check_place(start, end, values.get("quote"))
        rules.check_label(self.case.codebook, label)
        given = dict(values.get("attributes", {}))
        answers = {**self._answers_so_far(group, label), **given}
        absent = {
            *self._absent_so_far(group, label),
            *(name for name, value in answers.items() if value is NOT_IN_TEXT),
        }
        absent -= {name for name, value in given.items() if value is not NOT_IN_TEXT}
        answers = {name: value for name, value in answers.items() if value is not None and value is not NOT_IN_TEXT}
        cleaned = rules.clean_attributes(self.case.codebook, label, answers)
        return SpanDraft(start, end, label, cleaned, set(rules.clean_absent(self.case.codebook, label, absent)))

    def _check_place(self, start: Any, end: Any, quote: str | None) -> None:
        text = self.case.article.text
        rules.check_bounds(start, end, len(text))
        if quote is not None:
            rules.check_quote(text[start:end], quote)
        rules.check_graphemes(text, start, end)

    def _answers_so_far(self, group: SpanGroup, label: str) -> dict[str, Any]:
        """What is beyond question, and what was settled of it before."""
        names, settled = counted(self.case.codebook, label), dict[str, Any]()
        for draft in self.gold.spans[group.key][:1]:
            settled = {name: value for name, value in draft.attributes.items() if self._is_answered(group, name)}
        return {name: value for name, value in {**agreed_attributes(group, label), **settled}.items() if name in names}

    def _absent_so_far(self, group: SpanGroup, label: str) -> set[str]:
        settled = {
            name
            for draft in self.gold.spans[group.key][:1]
            for name in draft.absent
            if name in group.attributes and self._is_answered(group, name)
        }
        asked = {*counted(self.case.codebook, label), *(one.key for one in self.case.codebook.relations_from(label))}
        return (settled | (agreed_absent(group, label) - group.attributes.keys())) & asked

    def _is_answered(self, group: Group, name: str) -> bool:
        return attribute_key(group, name) in self.decisions

    def _in_question(self, group: Group) -> list[str]:
        """Attributes on which readers differ or that a person has decided."""
        return sorted({*group.attributes, *(name for name in self._names if self._by_person(group, name))})

    @property
    def _names(self) -> set[str]:
        return {one.name for one in self.decisions.values() if one.name and one.by_id}

    def _by_person(self, group: Group, name: str) -> Decision | None:
        decision = self.decisions.get(attribute_key(group, name))
        return decision if decision is not None and decision.by_id else None

    def _member(self, group: SpanGroup, voice: str) -> standoff.Span:
        if voice not in group.members:
            raise Problem("This reading has nothing here; choose “nothing here” instead.", code="unknown_voice")
        return group.members[voice]

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
                draft.attributes = rules.clean_relation_attributes(self.case.codebook, draft.type, given)

    def _set_in_span(self, draft: SpanDraft, answers: dict[str, Any], name: str, value: Reply) -> None:
        codebook, absent = self.case.codebook, draft.absent - {name}
        if name not in counted(codebook, draft.label):
            return
        if value is NOT_IN_TEXT:
            draft.absent = set(rules.clean_absent(codebook, draft.label, {*absent, name}))
            draft.attributes = answers
        else:
            draft.attributes = rules.clean_attributes(codebook, draft.label, {**answers, name: value})
            draft.absent = absent

    def _attribute_decided(self, group: Group, name: str, choice: Choice) -> None:
        decision = self._record(group, "attribute", attribute_key(group, name), choice, name)
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
        self._record(group, "relation", group.key, choice)
        given = choice.values.get("attributes", {})
        for name in self._in_question(group):
            if choice.outcome == "took":
                self._attribute_decided(group, name, replace(choice, values={}))
            elif choice.outcome == "edited" and name in given:
                self._attribute_decided(group, name, replace(choice, values={"value": given[name]}))

    def _check_edited_relation(self, group: RelationGroup, values: Mapping[str, Any]) -> None:
        type, *ends = self._edited_line(group, values)
        labels = []
        for key in ends:
            if not self.gold.spans.get(key):
                raise Conflict("Settle both ends of this relation first.", code="ends_open")
            labels.append(self.gold.spans[key][0].label)
        if ends[0] == ends[1]:
            raise Problem("A relation needs two different spans.", code="same_ends", field="target")
        rules.check_relation(self.case.codebook, type, labels[0], labels[1])
        rules.clean_relation_attributes(self.case.codebook, type, values.get("attributes", {}))

    def _edited_line(self, group: RelationGroup, values: Mapping[str, Any]) -> tuple[str, str, str]:
        type, source, target = (values.get(name) for name in ("type", "source", "target"))
        return type or group.type, source or group.source_group, target or group.target_group

    # What follows

    def finish(self) -> None:
        """Let the rules settle what they can, draw the relations that have both their ends, and write."""
        settled = settled_by_rules(
            self.case.project, self.case.comparison, by_people(self.decisions), self.gold.plain_spans()
        )
        for one in settled.values():
            if one.subject == "span":
                self._rule_on_span(one)
        self.gold.relations = {
            group.key: self._relations(group, settled) for group in self.case.comparison.relation_groups
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
        if self._is_told(settled) and before == [draft.content for draft in wanted]:
            return
        decision = self._rule(group, settled)
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
            open_names = [name for name in self._in_question(group) if name in names]
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
        if self._is_told(settled) and before == [dict(draft.attributes) for draft in drafts]:
            return
        self._leads_to(group, name, self._rule(group, settled, name), settled.sources)

    def _relations(self, group: RelationGroup, settled: Mapping[str, Settled]) -> list[RelationDraft]:
        """The relation as decided or settled, between each pair of spans that stand for its ends."""
        decision, rule = self.decisions.get(group.key), settled.get(group.key)
        stored = self.gold.relations_now(self.case.relations.get(group.key, []))
        if decision is not None and decision.by_id and group.key not in self.flagged:
            return self._decided_relations(group, decision, stored)
        if rule is None or (decision is not None and decision.by_id):
            return stored
        if rule.outcome == "absent":
            if not self._is_told(rule) or stored:
                self._rule(group, rule)
            return []
        names = counted_in_relation(self.case.codebook, group.type)
        answers = {name: value for name, value in rule.attributes.items() if name in names}
        drawn = self._drawn((group.type, group.source_group, group.target_group), sorted(group.members))
        if drawn:
            is_old = self._is_told(rule) and len(stored) == len(drawn)
            made_by = decision if is_old and decision is not None else self._rule(group, rule)
            self._fill(group, drawn, answers, made_by, stored)
        return [draft for draft, _ in drawn]

    def _decided_relations(
        self, group: RelationGroup, decision: Decision, stored: list[RelationDraft]
    ) -> list[RelationDraft]:
        if decision.outcome == "neither":
            return []
        members = _members(decision)
        if decision.outcome == "edited":
            line, voices = self._edited_line(group, decision.choice["values"]), sorted(members)
            answers = {**agreed_attributes(group), **decision.choice["values"].get("attributes", {})}
        else:
            voice = decision.choice["voice"]
            line, voices = (group.type, group.source_group, group.target_group), [voice]
            answers = dict(self.case.readings.items[voice, members[voice]].attributes)
        if not {line[1], line[2]} <= self.case.comparison.groups.keys():
            return stored
        drawn = self._drawn(line, voices)
        names = counted_in_relation(self.case.codebook, line[0])
        answers = {name: value for name, value in answers.items() if name in names}
        self._fill(group, drawn, answers, decision, stored)
        return [draft for draft, _ in drawn]

    def _drawn(self, line: tuple[str, str, str], voices: list[str]) -> list[tuple[RelationDraft, list[str]]]:
        """One relation, or where both readings of an end stand, one for each voice between its own spans.

        Each with its voices. Pairs that the codebook does not let the relation join fall away.
        """
        type, source, target = line
        relation = self.case.codebook.relation(type)
        found: dict[tuple[int, int], tuple[RelationDraft, list[str]]] = {}
        for voice in voices:
            one, other = self._end(source, voice), self._end(target, voice)
            if one and other and relation.allows(one.label, other.label):
                found.setdefault((id(one), id(other)), (RelationDraft(type, one, other), []))[1].append(voice)
        return list(found.values())

    def _end(self, key: str, voice: str) -> SpanDraft | None:
        """The span that stands for an end; of two side by side, the one that comes from the voice."""
        drafts, reader_of = self.gold.spans.get(key, []), self.case.readings.reader_of
        own = [
            draft for draft in drafts if reader_of[voice] in {reader_of[origin.submission] for origin in draft.origins}
        ]
        return next(iter(own or drafts), None)

    def _fill(
        self,
        group: RelationGroup,
        drawn: list[tuple[RelationDraft, list[str]]],
        answers: dict[str, Any],
        decision: Decision,
        stored: list[RelationDraft],
    ) -> None:
        """Answers and sources. What was decided answer by answer counts; what is open stays as it was stored."""
        origins: set[Origin] = set()
        for name in self._in_question(group):
            single = self._by_person(group, name)
            if single is not None:
                answers[name] = self._decided_answer(name, single)
                origins |= {Origin(single.pk, voice, item, name) for voice, item in self._followed(single)}
            elif stored:
                answers[name] = stored[0].attributes.get(name)
                origins |= {origin for origin in stored[0].origins if origin.attribute == name}
        members = _members(decision)
        for draft, voices in drawn:
            given = {**self.case.codebook.relation_defaults(draft.type, answers), **answers}
            draft.attributes = rules.clean_relation_attributes(self.case.codebook, draft.type, given)
            seen = (self.case.readings.earlier(voice, members) for voice in voices)
            draft.origins = origins | {Origin(decision.pk, voice, members[voice]) for voice in seen if voice}

    def _decided_answer(self, name: str, decision: Decision) -> Any:
        if decision.outcome == "edited":
            return decision.choice["values"].get("value")
        voice = decision.choice["voice"]
        return self.case.readings.items[voice, _members(decision)[voice]].attributes.get(name) if voice else None

    def _followed(self, decision: Decision) -> list[tuple[str, str]]:
        """The judgements that a person's decision on one answer went by."""
        voices = {"took": [decision.choice["voice"]], "neither": []}.get(decision.outcome)
        return [(voice, item) for voice, item in decision.members if voices is None or voice in voices]

    # Decisions

    def _is_told(self, settled: Settled) -> bool:
        """Whether the standing decision says the same by the same rule, of readings that have not changed."""
        decision = self.decisions.get(settled.key)
        return (
            decision is not None
            and decision.by_id is None
            and settled.key not in self.flagged
            and decision.outcome == _outcome(settled)
            and decision.choice.get("basis") == settled.basis
            and {item for _, item in decision.members}
            == {item.id for item in self.case.comparison.groups[settled.group].members.values()}
        )

    def _rule(self, group: Group, settled: Settled, name: str = "") -> Decision:
        choice = Choice(_outcome(settled))
        return self._record(group, settled.subject, settled.key, choice, name, basis=settled.basis)

    def _record(
        self, group: Group, subject: str, key: str, choice: Choice, name: str = "", *, basis: str = ""
    ) -> Decision:
        decision = Decision(
            gold_set=self.case.gold_set, key=key, subject=subject, name=name, outcome=choice.outcome,
            members=self.case.members(group), choice=self._kept(group, choice, name, basis), rule=choice.rule,
            supersedes=self.decisions.get(key), by=None if basis else self.user, note=self._note(choice.note.strip()),
        )  # fmt: skip
        self.decisions[key] = self.edit.gesture.add(decision)
        self.flagged.discard(key)
        return decision

    def _kept(self, group: Group, choice: Choice, name: str, basis: str) -> dict[str, Any]:
        """What was chosen, free texts by the ids of their remarks, and `voices`: whose readings its maker saw."""
        values = {key: value for key, value in choice.values.items() if key not in ("quote", "value", "attributes")}
        if "attributes" in choice.values:
            values["attributes"] = {key: self._value(key, value) for key, value in choice.values["attributes"].items()}
        if "value" in choice.values:
            values["value"] = self._value(name, choice.values["value"])
        voices = sorted({*self.case.comparison.voices, *group.members})
        return {"voice": choice.voice, "values": values, "basis": basis, "voices": voices}

    def _value(self, name: str, value: Any) -> Any:
        if value is NOT_IN_TEXT:
            return dict(ABSENT)
        return self.edit.kept(value.strip()) if name in self._texts and isinstance(value, str) else value

    @cached_property
    def _texts(self) -> frozenset[str]:
        """Names of the attributes whose answers are free texts."""
        codebook = self.case.codebook
        asked = [one for label in codebook.labels for one in codebook.attributes(label.key).values()]
        return frozenset(one.key for one in asked if one.kind == "text")

    def _note(self, text: str) -> Remark | None:
        if not text:
            return None
        if text not in self.notes:
            self.notes[text] = self.edit.gesture.remark(text)
        return self.notes[text]


def _outcome(settled: Settled) -> str:
    return settled.basis if settled.basis in ("agreed", "majority") else "rule"


def _members(decision: Decision) -> dict[str, str]:
    """From the submission to the judgement in it."""
    return dict(decision.members)
