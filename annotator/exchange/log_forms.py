"""What narrows a page of the log: shape only. All of it stands in the address."""

from itertools import groupby
from typing import Any

from django import forms

from annotator.log.words import DEEDS


def _deeds() -> list[tuple[str, Any]]:
    """By area, in the order of the vocabulary; deeds that are called alike in one area stand once."""
    areas = groupby(DEEDS.items(), key=lambda one: one[1].area)
    return [("", "anything"), *((area, [(key, one.words) for key, one in some]) for area, some in areas)]


class Narrow(forms.Form):
    """people: ids and names of those who can be chosen."""

    by = forms.TypedChoiceField(label="Who", required=False, empty_value=None)
    action = forms.ChoiceField(label="What was done", required=False, choices=_deeds())
    article = forms.CharField(
        label="Article", required=False, max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "number or title", "dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    day = forms.DateField(label="Day (UTC)", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, sent: Any, *, people: list[tuple[str, str]]) -> None:
        super().__init__(sent, auto_id="log-%s")
        self.fields["by"].choices = [("", "anybody"), *people]  # type: ignore[attr-defined]
