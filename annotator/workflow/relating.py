"""Which relations stand in gold, once its spans do: as decided, as settled by rule, or as they stood."""

from collections.abc import Mapping
from typing import Any

from annotator.annotation import rules
from annotator.workflow.cases import Case, counted_in_relation
from annotator.workflow.comparison import RelationGroup, agreed_attributes
from annotator.workflow.gold import Gold, Origin, RelationDraft, SpanDraft
from annotator.workflow.models import Decision
from annotator.workflow.recording import Recorder, members_of
from annotator.workflow.settlement import Settled


class Relating:
    """Draws the relations of a case between the spans that gold has now."""

    def __init__(self, case: Case, gold: Gold, recorder: Recorder) -> None:
        self.case, self.gold, self.recorder = case, gold, recorder

    def relations(self, group: RelationGroup, settled: Mapping[str, Settled]) -> list[RelationDraft]:
        """The relation as decided or settled, between each pair of spans that stand for its ends."""
        decision, rule = self.recorder.decisions.get(group.key), settled.get(group.key)
        stored = self.gold.relations_now(self.case.relations.get(group.key, []))
        if decision is not None and decision.by_id and group.key not in self.recorder.flagged:
            return self._decided(group, decision, stored)
        if rule is None or (decision is not None and decision.by_id):
            return stored
        if rule.outcome == "absent":
            if not self.recorder.is_told(rule) or stored:
                self.recorder.rule(group, rule)
            return []
        names = counted_in_relation(self.case.codebook, group.type)
        answers = {name: value for name, value in rule.attributes.items() if name in names}
        drawn = self._drawn((group.type, group.source_group, group.target_group), sorted(group.members))
        if drawn:
            is_old = self.recorder.is_told(rule) and len(stored) == len(drawn)
            made_by = decision if is_old and decision is not None else self.recorder.rule(group, rule)
            self._fill(group, drawn, answers, made_by, stored)
        return [draft for draft, _ in drawn]

    def _decided(self, group: RelationGroup, decision: Decision, stored: list[RelationDraft]) -> list[RelationDraft]:
        if decision.outcome == "neither":
            return []
        members = members_of(decision)
        if decision.outcome == "edited":
            line, voices = edited_line(group, decision.choice["values"]), sorted(members)
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
        for name in self.recorder.in_question(group):
            single = self.recorder.by_person(group, name)
            if single is not None:
                answers[name] = self._decided_answer(name, single)
                origins |= {Origin(single.pk, voice, item, name) for voice, item in self._followed(single)}
            elif stored:
                answers[name] = stored[0].attributes.get(name)
                origins |= {origin for origin in stored[0].origins if origin.attribute == name}
        members = members_of(decision)
        for draft, voices in drawn:
            given = {**self.case.codebook.relation_defaults(draft.type, answers), **answers}
            draft.attributes = rules.clean_relation_attributes(
                self.case.codebook, draft.type, given, self.case.extra_keys
            )
            seen = (self.case.readings.earlier(voice, members) for voice in voices)
            draft.origins = origins | {Origin(decision.pk, voice, members[voice]) for voice in seen if voice}

    def _decided_answer(self, name: str, decision: Decision) -> Any:
        if decision.outcome == "edited":
            return decision.choice["values"].get("value")
        voice = decision.choice["voice"]
        return self.case.readings.items[voice, members_of(decision)[voice]].attributes.get(name) if voice else None

    def _followed(self, decision: Decision) -> list[tuple[str, str]]:
        """The judgements that a person's decision on one answer went by."""
        voices = {"took": [decision.choice["voice"]], "neither": []}.get(decision.outcome)
        return [(voice, item) for voice, item in decision.members if voices is None or voice in voices]


def edited_line(group: RelationGroup, values: Mapping[str, Any]) -> tuple[str, str, str]:
    """Type and ends, as keys of groups, of a relation that a person draws another way."""
    type, source, target = (values.get(name) for name in ("type", "source", "target"))
    return type or group.type, source or group.source_group, target or group.target_group
