"""What the pages about a project's rules and its offers send: shape only."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from annotator.errors import Problem
from annotator.projects.models import Membership, Project
from annotator.workflow.batches import MOST, Wish, choices
from annotator.workflow.conditions import CONDITIONS, READERS_MOST, conditions_of, conditions_seen
from annotator.workflow.history import Filter, read_id
from annotator.workflow.progress import Reader

EVERY = 100
"""Per cent: all of them."""

EDGES = [
    ("", "waits for the adjudicator"), ("longest", "take the longest"), ("shortest", "take the shortest"),
    ("intersection", "take what all have"),
]  # fmt: skip


class Conditions(forms.Form):
    """A project's rules. `seen`: stands for the rules that the person saw when they opened the page."""

    seen = forms.CharField(widget=forms.HiddenInput)
    redundancy = forms.IntegerField(label="Readers of an article", min_value=1, max_value=READERS_MOST)
    share = forms.IntegerField(
        label="Per cent of the articles", min_value=1, max_value=100, help_text="The others get one reader."
    )
    another_below = forms.IntegerField(
        required=False, label="Below how many per cent", min_value=1, max_value=100, help_text="Empty: never."
    )
    readers_most = forms.IntegerField(required=False, label="Readers at most", min_value=2, max_value=READERS_MOST)
    release_after = forms.IntegerField(
        required=False, label="After how many days", min_value=1, max_value=3650, help_text="Empty: never."
    )
    pass_spans = forms.IntegerField(
        required=False, label="Spans found, per cent", min_value=1, max_value=100, help_text="Empty: no mark."
    )
    pass_answers = forms.IntegerField(
        required=False, label="Answers alike, per cent", min_value=1, max_value=100, help_text="Empty: no mark."
    )
    repeat_share = forms.IntegerField(
        required=False, label="Per cent of what they finish", min_value=1, max_value=100,
        help_text="Empty: nothing comes again.",
    )  # fmt: skip
    repeat_days = forms.IntegerField(required=False, label="After how many days", min_value=1, max_value=3650)
    repeat_articles = forms.IntegerField(
        required=False, label="Or after how many articles", min_value=1, max_value=10_000,
        help_text="Of the same reader. Whichever comes first.",
    )  # fmt: skip
    second_share = forms.IntegerField(
        required=False, label="Per cent of the articles", min_value=1, max_value=100, help_text="Empty: none."
    )
    names_shown = forms.BooleanField(required=False, label="Show adjudicators who read what")
    majority = forms.IntegerField(
        required=False, label="Readers who outvote the rest", min_value=2, max_value=READERS_MOST,
        help_text="On what is marked and what is left out. Empty: none.",
    )  # fmt: skip
    boundary = forms.ChoiceField(required=False, choices=EDGES, label="Where only edges differ")
    attributes = forms.BooleanField(required=False, label="A majority settles the answers about a span")
    single_is_gold = forms.BooleanField(
        required=False, label="With one reader: take what they hand in as gold without an adjudicator"
    )
    suggestions = forms.BooleanField(required=False, label="Suggest spans to readers")
    suggestions_share = forms.IntegerField(
        required=False, label="Per cent of the readings", min_value=1, max_value=100,
        help_text="By lot; the others are read without, so that the effect can be measured. Empty: all.",
    )  # fmt: skip

    @classmethod
    def of(cls, project: Project, sent: QueryDict | None = None) -> "Conditions":
        settling = {name: project.settling.get(name) for name in ("majority", "boundary")}
        now = {**conditions_of(project), **settling, "attributes": "attributes" in project.settling}
        return cls(sent, initial={**now, "seen": conditions_seen(project)})

    @property
    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in CONDITIONS}
        return {**given, "suggestions_share": given["suggestions_share"] or EVERY}

    @property
    def settling(self) -> dict[str, Any]:
        """As `settlement.Rules` takes it: only what is chosen."""
        sent = self.cleaned_data
        chosen = {"majority": sent["majority"], "boundary": sent["boundary"],
                  "attributes": "majority" if sent["attributes"] else None}  # fmt: skip
        return {name: value for name, value in chosen.items() if value}

    def refuse(self, problem: Problem) -> None:
        """Say what is wrong beside the field that it is about."""
        self.add_error(problem.field if problem.field in self.fields else None, problem.detail)


class Allowance(forms.Form):
    """Quota and due date of one reviewer."""

    quota = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, label="At most")
    due_on = forms.DateField(
        required=False, label="Due by", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    @classmethod
    def each(cls, readers: list[Reader], sent: QueryDict | None = None) -> list[tuple[Reader, "Allowance"]]:
        """One form for every reviewer, named by the membership."""
        return [(reader, cls._of(reader.membership, sent)) for reader in readers]

    @classmethod
    def _of(cls, membership: Membership, sent: QueryDict | None) -> "Allowance":
        initial = {"quota": membership.quota, "due_on": membership.due_on}
        return cls(sent, prefix=str(membership.pk), initial=initial)

    @property
    def given(self) -> tuple[int | None, datetime.date | None]:
        return self.cleaned_data["quota"], self.cleaned_data["due_on"]


STAGES = [("", "both"), ("reading", "being read"), ("settling", "to be settled")]


class Offer(forms.Form):
    """Which articles, to whom."""

    stage = forms.ChoiceField(required=False, choices=STAGES, label="Stage")
    outlet = forms.ChoiceField(required=False, label="Outlet")
    language = forms.ChoiceField(required=False, label="Language")
    number = forms.IntegerField(label="Articles at most", min_value=1, max_value=MOST)
    each = forms.IntegerField(
        label="Readers for each", min_value=1, max_value=READERS_MOST, help_text="Of those chosen."
    )
    beyond = forms.BooleanField(
        required=False, label="Also where no place is free: the article then gets one more reader"
    )
    readers = forms.MultipleChoiceField(
        label="Readers", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one."}
    )

    def __init__(self, sent: Mapping[str, Any] | None, *, project: Project, readers: list[Reader]) -> None:
        super().__init__(sent, initial={"number": 50, "each": 1})
        for name in ("outlet", "language"):
            options = [("", "all"), *((value, value) for value in choices(project, name))]
            self.fields[name].choices = options  # type: ignore[attr-defined]
        people = [
            (str(one.user.pk), f"{one.user.username} ({one.at_work} in hand)") for one in readers if one.user.is_active
        ]
        self.fields["readers"].choices = people  # type: ignore[attr-defined]

    @property
    def wish(self) -> Wish:
        sent = {name: value for name, value in self.cleaned_data.items() if name != "readers"}
        return Wish(readers=tuple(uuid.UUID(reader) for reader in self.cleaned_data["readers"]), **sent)


def read_filter(sent: Mapping[str, str]) -> Filter:
    """What a list is asked for in its address; what makes no sense there is left out."""
    return Filter(
        state=sent.get("state", "")[:20], reader=read_id(sent.get("reader", "")), day=_read_day(sent.get("day", "")),
        label=sent.get("label", "").replace("\x00", "")[:40], gold="gold" in sent, after=sent.get("after", "")[:80],
    )  # fmt: skip


def address_of(chosen: Filter) -> str:
    """The filter as the beginning of an address's query, without the page; ends in & where there is something."""
    parts = {"state": chosen.state, "reader": chosen.reader, "day": chosen.day, "label": chosen.label}
    named = {name: str(value) for name, value in parts.items() if value} | ({"gold": "1"} if chosen.gold else {})
    return f"{urlencode(named)}&" if named else ""


def _read_day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
