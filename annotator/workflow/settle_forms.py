"""What the adjudication desk asks in its form for editing, and the shape of what it sends. No rule of annotation."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django import forms

from annotator.accounts.models import User
from annotator.annotation.guide import guide_of
from annotator.errors import Problem
from annotator.registers.queries import as_settler_sees
from annotator.registers.search import Search
from annotator.registers.words import fold
from annotator.schema.codebook import Attribute
from annotator.schema.strict import NAME
from annotator.workflow.cases import Case, Choice, counted, counted_in_relation
from annotator.workflow.comparison import (
    NOT_IN_TEXT,
    Difference,
    Group,
    RelationGroup,
    SpanGroup,
    agreed_absent,
    agreed_attributes,
    attribute_key,
)

LATER, ABSENT = "-later-", "-absent-"
"""Instead of an answer: leave the question open; say “not in the text”."""


@dataclass(frozen=True)
class Question:
    """One question of the form. `kinds`: labels or relation types that ask it; `value`: what is chosen to begin with,
    as a form has it, and for an entry of a list its title, with its `key`; `entries`: what is chosen among, of a list
    only what readings or gold name here; `may_wait`: readers differ on it, and it may be left open; `when`: JSON of
    the condition under which it is asked, as the reading desk has it, or empty."""

    attribute: Attribute
    kinds: str
    value: str
    entries: tuple[tuple[str, str], ...]
    may_wait: bool
    when: str = ""
    key: str = ""

    @property
    def is_written(self) -> bool:
        """It is answered by writing; what is written of a list is then looked for."""
        return self.attribute.kind not in ("choice", "flag")

    def is_due(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked beside these answers."""
        if not self.when:
            return True
        condition = json.loads(self.when)
        answer = answers.get(condition["attribute"])
        if answer is None or answer is NOT_IN_TEXT:
            return False
        return condition["values"] is None or answer in condition["values"]


def questions_of(case: Case, group: Group, only: str | None) -> tuple[Question, ...]:
    """Every counted attribute of every label or type; or one alone that is in question."""
    if isinstance(group, RelationGroup):
        return _relation_questions(case, group, only)
    return _span_questions(case, group, only)


def _span_questions(case: Case, group: SpanGroup, only: str | None) -> tuple[Question, ...]:
    kinds: dict[str, list[str]] = {}
    asked: dict[str, Attribute] = {}
    for label in case.codebook.labels:
        for name in counted(case.codebook, label.key):
            asked.setdefault(name, case.codebook.attributes(label.key)[name])
            kinds.setdefault(name, []).append(label.key)
    answers = _span_answers(case, group)
    when = {ask.attribute.key: ask.when for guide in guide_of(case.codebook).labels for ask in guide.asks}
    return tuple(
        replace(_question(case, group, attribute, kinds[name], answers.get(name), only), when=when.get(name, ""))
        for name, attribute in asked.items()
        if only in (None, name)
    )


def _span_answers(case: Case, group: SpanGroup) -> dict[str, Any]:
    """What stands; before anything stands, what no reading contradicts."""
    for row in case.spans.get(group.key, [])[:1]:
        stored = case.answers(row)
        return {**stored, **dict.fromkeys(row.absent, NOT_IN_TEXT)}
    label = next(iter(group.members.values())).label
    return {**agreed_attributes(group, label), **dict.fromkeys(agreed_absent(group, label), NOT_IN_TEXT)}


def _relation_questions(case: Case, group: RelationGroup, only: str | None) -> tuple[Question, ...]:
    kinds: dict[str, list[str]] = {}
    asked: dict[str, Attribute] = {}
    for relation in case.codebook.relations:
        for name in counted_in_relation(case.codebook, relation.key):
            asked.setdefault(name, relation.attribute(name))
            kinds.setdefault(name, []).append(relation.key)
    rows = case.relations.get(group.key, [])
    answers: Mapping[str, Any] = case.relation_answers(rows[0]) if rows else agreed_attributes(group)
    return tuple(
        _question(case, group, attribute, kinds[name], answers.get(name), only)
        for name, attribute in asked.items()
        if only in (None, name)
    )


def _is_open(case: Case, group: Group, name: str) -> bool:
    key = attribute_key(group, name)
    decision = case.decisions.get(key)
    return name in group.attributes and key not in case.settled and (decision is None or key in case.flagged)


def _question(
    case: Case, group: Group, attribute: Attribute, kinds: list[str], value: Any, only: str | None
) -> Question:
    is_open = only is None and _is_open(case, group, attribute.key)
    chosen = LATER if is_open else ABSENT if value is NOT_IN_TEXT else _as_text(attribute, value)
    key = chosen if attribute.kind == "key" and chosen not in (LATER, ABSENT) else ""
    entries = tuple(_entries(case, group, attribute, value))
    shown = _titled(case, attribute, key) if key else chosen
    return Question(attribute, " ".join(kinds), shown, entries, is_open, key=key)


def _entries(case: Case, group: Group, attribute: Attribute, chosen: Any) -> Iterable[tuple[str, str]]:
    """What may be chosen, what was chosen before it retired too; nothing for an answer that is written.

    Of a list what is named here already: it may hold thousands, and the rest is looked for.
    """
    if attribute.kind == "choice":
        yield from ((one.key, one.name) for one in attribute.values if not one.retired or one.key == chosen)
    elif attribute.kind == "flag":
        yield from (("true", "yes"), ("false", "no"))
    elif attribute.kind == "key" and attribute.list:
        named = [chosen, *case.replies(group, attribute.key).values()]
        keys = dict.fromkeys(case.merges.resolved(attribute.list, key) for key in named if isinstance(key, str))
        yield from ((key, _titled(case, attribute, key)) for key in keys)


def _titled(case: Case, attribute: Attribute, key: str) -> str:
    """What an entry is called; one that nobody knows by its key."""
    entry = case.codebook.entries(str(attribute.list)).get(key)
    return entry.title if entry is not None else key


def _as_text(attribute: Attribute, value: Any) -> str:
    if value is None:
        return ""
    return ("true" if value else "false") if attribute.kind == "flag" else str(value)


class DecisionForm(forms.Form):
    """One decision. `seen`: the decision that stood when the page was drawn; answers come as `answer-…`."""

    gesture = forms.UUIDField()
    key = forms.CharField(max_length=64)
    seen = forms.CharField(max_length=64, required=False)
    outcome = forms.CharField(max_length=80)
    rule = forms.CharField(max_length=200, required=False)
    note = forms.CharField(max_length=4000, required=False)
    alike = forms.BooleanField(required=False)
    start = forms.IntegerField(min_value=0, required=False)
    end = forms.IntegerField(min_value=1, required=False)
    quote = forms.CharField(required=False, strip=False, max_length=100_000)
    label = forms.CharField(max_length=40, required=False)
    type = forms.CharField(max_length=40, required=False)
    source = forms.CharField(max_length=64, required=False)
    target = forms.CharField(max_length=64, required=False)

    def choice(self, case: Case, difference: Difference, by: User) -> Choice:
        """The decision asked for. A rule is sent as “3 · Kind” when it was picked from the list.

        Raises Problem for the name of an entry that is none.
        """
        self.entry_key = partial(entry_key, case, by)
        outcome, _, voice = self.cleaned_data["outcome"].partition(":")
        rule = self.cleaned_data["rule"].split("·")[0].strip().lower().removeprefix("rule ").strip()
        values = self._values(case, difference) if outcome == "edited" else {}
        return Choice(outcome, voice, values, rule, self.cleaned_data["note"])

    def _values(self, case: Case, difference: Difference) -> dict[str, Any]:
        group = case.comparison.groups[difference.group]
        asked = questions_of(case, group, difference.name)
        if difference.name:
            return {"value": self._answers(asked).get(difference.name)}
        if isinstance(group, RelationGroup):
            line = {name: self.cleaned_data[name] for name in ("type", "source", "target") if self.cleaned_data[name]}
            return {**line, "attributes": self._answers(asked, line.get("type", group.type))}
        place = {name: self.cleaned_data[name] for name in ("start", "end") if self.cleaned_data[name] is not None}
        label = {"label": self.cleaned_data["label"]} if self.cleaned_data["label"] else {}
        return {**place, **label, **self._quote(), "attributes": self._answers(asked, self.cleaned_data["label"])}

    def _quote(self) -> dict[str, str]:
        """Browsers send line breaks in their own way; the text has only one."""
        quote = self.cleaned_data["quote"].replace("\r\n", "\n")
        return {"quote": quote} if quote else {}

    def _answers(self, asked: Iterable[Question], kind: str = "") -> dict[str, Any]:
        """Answers that were given, without what was left open. What is not asked beside them is taken away."""
        mine = [one for one in asked if not kind or kind in one.kinds.split()]
        sent = {one.attribute.key: self._sent(one) for one in mine}
        found = {
            one.attribute.key: NOT_IN_TEXT if said == ABSENT else self._typed(one.attribute, said)
            for one in mine
            if (said := sent[one.attribute.key]) is not None
        }
        undue = [one.attribute.key for one in mine if kind and self._is_undue(one, found)]
        return {**found, **dict.fromkeys(undue)}

    def _typed(self, attribute: Attribute, said: str) -> Any:
        if attribute.kind != "key" or said == "":
            return typed(attribute, said)
        return self.entry_key(attribute, said, str(self.data.get(f"key-{attribute.key}", "")))

    def _is_undue(self, question: Question, answers: Mapping[str, Any]) -> bool:
        if not question.when or json.loads(question.when)["attribute"] not in answers:
            return False
        return not question.is_due(answers)

    def _sent(self, question: Question) -> str | None:
        """What the form has of a question; None when it was left open."""
        name = question.attribute.key
        if f"absent-{name}" in self.data:
            return ABSENT
        said = self.data.get(f"answer-{name}")
        if said is None or said == LATER or (said == "" and question.may_wait and question.is_written):
            return None
        return str(said).strip()


class PublishForm(forms.Form):
    """`round`: of the gold set on the desk."""

    round = forms.IntegerField(required=False, min_value=1, max_value=1000)


class StepForm(forms.Form):
    """Undo or redo: `version` is gold's as the person saw it."""

    gesture = forms.UUIDField()
    version = forms.IntegerField(min_value=0)
    at = forms.CharField(max_length=64, required=False)


def entry_key(case: Case, by: User, attribute: Attribute, text: str, picked: str) -> str:
    """The key of the entry that was written: the one that was picked, if the words are still its, else the one that
    is called so, or has the words for a key. Raises Problem when there is none."""
    list_name, wanted = str(attribute.list), fold(text)
    keys = {one for one in (picked, text) if NAME.match(one)}
    known = as_settler_sees(case.codebook, case.project.pk, {list_name: keys}).entries(list_name)
    if picked in known and fold(known[picked].title) == wanted:
        return picked
    if text in known:
        return text
    for key, entry in case.codebook.entries(list_name).items():
        if fold(entry.title) == wanted and case.merges.resolved(list_name, key) == key:
            return key
    search = Search(by, case.project.pk, case.article.pk, case.gold_set.label_set, list_name)
    found = next((one["key"] for one in search.entries(text) if fold(one["title"]) == wanted), None)
    if found is None:
        raise Problem(f"Nothing in the list is called “{text[:80]}”.", code="unknown_entry", field=attribute.key)
    return found


def typed(attribute: Attribute, text: str) -> Any:
    """A form's text as the attribute's kind of value; None for no answer, the text itself when it is no number."""
    if text == "":
        return None
    if attribute.kind == "flag":
        return text == "true"
    if attribute.kind != "number":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
