"""What the pages of a register send: shape only."""

from collections.abc import Mapping
from typing import Any

from django import forms

from annotator.schema.codebook import ACTORS, Actor, Concept, entry_data
from annotator.schema.vocabulary import ACTOR_KINDS, SECTORS

NAME = 200


def _words(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, "unnamed source, of one text" if key == "unnamed" else key.replace("_", " ")) for key in keys]


def _area(label: str, text: str = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, help_text=text, required=False, max_length=2000, widget=widget)


class EntryForm(forms.Form):
    """The wording of an entry. `seen`: the wording that the person saw."""

    gesture = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def data_of_entry(self) -> dict[str, Any]:
        """As in a codebook, without the key."""
        cleaned = dict(self.cleaned_data)
        for name in ("gesture", "seen", "key"):
            cleaned.pop(name, None)
        return cleaned


class ActorForm(EntryForm):
    label = forms.CharField(label="Name", max_length=NAME)
    kind = forms.ChoiceField(choices=_words(ACTOR_KINDS), label="What it is")
    sector = forms.ChoiceField(choices=_words(SECTORS), label="Sector")
    affiliation = forms.CharField(
        label="Belongs to", required=False, max_length=40, help_text="The key of another entry.",
        widget=forms.TextInput(attrs={"list": "found", "autocomplete": "off"}),
    )  # fmt: skip
    country = forms.RegexField(
        "^[A-Za-z]{2}$", label="Country", required=False, help_text="Two letters, such as CH.",
        error_messages={"invalid": "Two letters, such as CH."},
    )  # fmt: skip
    aliases = _area("Other names", "One on each line.", rows=3)
    note = _area("Note")

    def clean_country(self) -> str | None:
        return str(self.cleaned_data["country"]).upper() or None

    def clean_affiliation(self) -> str | None:
        return str(self.cleaned_data["affiliation"]) or None

    def clean_aliases(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["aliases"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class ConceptForm(EntryForm):
    statement = forms.CharField(
        label="Statement", max_length=NAME, help_text="One full positive sentence to agree or disagree with.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    group = forms.CharField(label="Group", required=False, max_length=NAME)
    definition = _area("What is meant")
    example = _area("Example")
    counter_example = _area("What does not belong")


class Added(forms.Form):
    """Beside the wording, the key of a new entry."""

    key = forms.RegexField(
        r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z", label="Key", required=False,
        help_text="Stands in the data. Made from the name when empty.",
        error_messages={"invalid": "Letters, digits, “-” and “_”, at most 40, no sign first."},
    )  # fmt: skip


class NewActor(Added, ActorForm):
    pass


class NewConcept(Added, ConceptForm):
    pass


def form_for(list_name: str, *, new: bool) -> type[EntryForm]:
    if list_name == ACTORS:
        return NewActor if new else ActorForm
    return NewConcept if new else ConceptForm


def initial_of(entry: Actor | Concept) -> Mapping[str, Any]:
    """An entry as its form shows it."""
    found = entry_data(entry)
    return found | {"aliases": "\n".join(entry.aliases)} if isinstance(entry, Actor) else found
