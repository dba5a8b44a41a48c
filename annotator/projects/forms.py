"""What the pages about projects, people and articles send: shape only."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from annotator.accounts.actions import TOKEN_DAYS, TOKEN_DAYS_MOST
from annotator.accounts.models import Token
from annotator.errors import Problem
from annotator.projects.models import Membership, Project
from annotator.schema.models import LabelSet
from corpus.models import Article

SCOPE_WORDS = {
    "gold:read": "read gold labels and articles",
    "audit:read": "read all individual judgements and the log",
    "annotations:write": "write annotations, as a reviewer",
    "import:write": "bring in articles",
}
AT_LEAST_ONE = {"required": "Choose at least one."}
ROLE_WORDS = [(role, role) for role in Membership.ROLES]


class MakeToken(forms.Form):
    """`allowed`: the scopes that any of the person's roles gives; what fits which project is a rule, not a shape."""

    gesture = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=100, label="What it is for", help_text="So that you know it again.")
    scopes = forms.MultipleChoiceField(label="It may", widget=forms.CheckboxSelectMultiple, error_messages=AT_LEAST_ONE)
    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(), label="In these projects", widget=forms.CheckboxSelectMultiple,
        error_messages=AT_LEAST_ONE,
    )  # fmt: skip
    days = forms.IntegerField(
        label="Days until it ends", initial=TOKEN_DAYS, min_value=1, max_value=TOKEN_DAYS_MOST,
        help_text=f"At most {TOKEN_DAYS_MOST}.",
    )  # fmt: skip

    def __init__(self, *args: Any, projects: Any, allowed: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = projects  # type: ignore[attr-defined]
        words = [(scope, SCOPE_WORDS[scope]) for scope in Token.SCOPES if scope in allowed]
        self.fields["scopes"].choices = words  # type: ignore[attr-defined]


class Invite(forms.Form):
    username = forms.CharField(max_length=150, label="Name", help_text="Letters, digits and @ . + - _, no spaces.")
    administrator = forms.BooleanField(required=False, label="An administrator of the whole site")


class GiveRole(forms.Form):
    username = forms.CharField(max_length=150, label="Name")
    role = forms.ChoiceField(choices=ROLE_WORDS, label="Role")


class Facts(forms.ModelForm):  # type: ignore[type-arg]
    """Facts of an article as corrected by hand. `seen`: the digest of what the person saw."""

    seen = forms.CharField(widget=forms.HiddenInput)
    published_on = forms.DateField(
        required=False, label="Date", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.CharField(
        max_length=35, help_text="A tag such as en, ar or pt-BR; und when unknown.",
        validators=[RegexValidator(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", "This is not a language tag.")],
    )  # fmt: skip

    class Meta:
        model = Article
        fields = ("title", "deck", "byline", "outlet", "published_on", "language", "direction")
        widgets = {"deck": forms.Textarea({"rows": 2}), "title": forms.Textarea({"rows": 2})}

    def _post_clean(self) -> None:
        """Nothing is written into the row here: that is the action's to do."""

    def clean(self) -> dict[str, Any]:
        """A fact is one line, however it was typed."""
        for name in ("title", "deck", "byline", "outlet"):
            self.cleaned_data[name] = " ".join(self.cleaned_data.get(name, "").split())
        return self.cleaned_data

    def clean_published_on(self) -> str:
        date: datetime.date | None = self.cleaned_data["published_on"]
        return date.isoformat() if date else ""


class NewProject(forms.ModelForm):  # type: ignore[type-arg]
    """A project to be; its articles and people come from the pickers beside it."""

    label_set = forms.ModelChoiceField(
        LabelSet.objects.defer("body").order_by("title", "-number"), label="Codebook", empty_label=None,
        help_text="Its version is frozen by this first use.",
    )  # fmt: skip
    redundancy = forms.IntegerField(
        label="Readers of each article", initial=2, min_value=1, max_value=9,
        help_text="They read it without seeing each other.",
    )  # fmt: skip
    single_is_gold = forms.BooleanField(
        required=False, label="With one reader: take what they hand in as gold without an adjudicator"
    )

    class Meta:
        model = Project
        fields = ("name", "label_set", "redundancy", "single_is_gold")


def region_changes(sent: Mapping[str, str]) -> dict[uuid.UUID, tuple[str, str]]:
    """Region → (kind the person saw, kind they chose), where the two differ: fields `kind-<id>` and `was-<id>`."""
    changes = {}
    for name, kind in sent.items():
        if name.startswith("kind-"):
            was = sent.get("was-" + name.removeprefix("kind-"), "")
            if kind != was:
                changes[read_uuid(name.removeprefix("kind-"))] = (was, kind)
    return changes


def read_uuid(text: str) -> uuid.UUID:
    """The id in a field that no person fills in. Raises Problem."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem("This form does not fit its page; reload it.", code="malformed") from None


def read_position(text: str | None) -> int | None:
    """A place in a list or a text, from an address; None when there is none or it is not a number."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
