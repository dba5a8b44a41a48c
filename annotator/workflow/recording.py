"""Writing decisions down: a person's choice, or what a rule settled, with the judgements it is about."""

from functools import cached_property
from typing import Any

from annotator.accounts.models import User
from annotator.annotation.editing import Edit
from annotator.log.models import Remark
from annotator.workflow.cases import Case, Choice
from annotator.workflow.comparison import NOT_IN_TEXT, Group, attribute_key
from annotator.workflow.models import Decision
from annotator.workflow.settlement import Settled

ABSENT = {"absent": True}
"""How an answer “not in the text” stands in a decision."""


class Recorder:
    """Decisions as they stand while a gesture goes on. `flagged`: keys of those that later readings contradict."""

    def __init__(self, case: Case, edit: Edit, user: User) -> None:
        self.case, self.edit, self.user = case, edit, user
        self.decisions = dict(case.decisions)
        self.flagged = set(case.flagged)
        self._notes: dict[str, Remark] = {}
        edit.remarks = {text: id for id, text in case.gold.texts.items() if text}

    def record(
        self, group: Group, subject: str, key: str, choice: Choice, name: str = "", *, basis: str = ""
    ) -> Decision:
        """Add a decision that supersedes the one before. `basis`: the rule, for what nobody decided."""
        decision = Decision(
            gold_set=self.case.gold_set, key=key, subject=subject, name=name, outcome=choice.outcome,
            members=self.case.members(group), choice=self._kept(group, choice, name, basis), rule=choice.rule,
            supersedes=self.decisions.get(key), by=None if basis else self.user, note=self._note(choice.note.strip()),
        )  # fmt: skip
        self.decisions[key] = self.edit.gesture.add(decision)
        self.flagged.discard(key)
        return decision

    def rule(self, group: Group, settled: Settled, name: str = "") -> Decision:
        """Record what a rule settled."""
        choice = Choice(_outcome(settled))
        return self.record(group, settled.subject, settled.key, choice, name, basis=settled.basis)

    def is_told(self, settled: Settled) -> bool:
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

    def in_question(self, group: Group) -> list[str]:
        """Attributes on which readers differ or that a person has decided."""
        return sorted({*group.attributes, *(name for name in self._names if self.by_person(group, name))})

    @property
    def _names(self) -> set[str]:
        return {one.name for one in self.decisions.values() if one.name and one.by_id}

    def by_person(self, group: Group, name: str) -> Decision | None:
        """The decision of a person on one attribute."""
        decision = self.decisions.get(attribute_key(group, name))
        return decision if decision is not None and decision.by_id else None

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
        if text not in self._notes:
            self._notes[text] = self.edit.gesture.remark(text)
        return self._notes[text]


def _outcome(settled: Settled) -> str:
    return settled.basis if settled.basis in ("agreed", "majority") else "rule"


def members_of(decision: Decision) -> dict[str, str]:
    """From the submission to the judgement in it."""
    return dict(decision.members)
