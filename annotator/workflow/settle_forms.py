"""The shape of what the adjudication desk sends. No rule of annotation is in here."""

import json
from typing import Any

from django import forms

from annotator.schema.codebook import Attribute, Codebook
from annotator.workflow.cases import Choice


class DecisionForm(forms.Form):
    """One decision. `values`: JSON, what an edit changes; without JavaScript its fields come one by one."""

    gesture = forms.UUIDField()
    key = forms.CharField(max_length=64)
    outcome = forms.CharField(max_length=80)
    rule = forms.CharField(max_length=200, required=False)
    note = forms.CharField(max_length=4000, required=False)
    start = forms.IntegerField(min_value=0, required=False)
    end = forms.IntegerField(min_value=1, required=False)
    quote = forms.CharField(required=False, strip=False, max_length=100_000)
    label = forms.CharField(max_length=40, required=False)
    value = forms.CharField(max_length=4000, required=False)

    def choice(self, codebook: Codebook, name: str, data: Any) -> Choice:
        """The decision asked for. `name`: the attribute it is about, or empty. `data`: the raw form."""
        outcome, _, voice = self.cleaned_data["outcome"].partition(":")
        rule = self.cleaned_data["rule"].split("·")[0].strip().removeprefix("Rule ").strip()
        values = self._values(codebook, name, data) if outcome == "edited" else {}
        return Choice(outcome, voice, values, rule.lower(), self.cleaned_data["note"])

    def _values(self, codebook: Codebook, name: str, data: Any) -> dict[str, Any]:
        if name:
            asked = next(labels[name] for labels in map(codebook.attributes, _labels(codebook)) if name in labels)
            return {"value": typed(asked, self.cleaned_data["value"])}
        label = self.cleaned_data["label"]
        known = codebook.attributes(label) if codebook.has_label(label) else {}
        given = {key: typed(one, data.get(f"attribute-{key}", "")) for key, one in known.items()}
        return {
            "start": self.cleaned_data["start"], "end": self.cleaned_data["end"], "label": label,
            "quote": self.cleaned_data["quote"].replace("\r\n", "\n"),
            "attributes": {key: value for key, value in given.items() if value is not None},
        }  # fmt: skip


def _labels(codebook: Codebook) -> list[str]:
    return [label.key for label in codebook.labels]


def typed(attribute: Attribute, text: str) -> Any:
    """A form's text as the attribute's kind of value; None for no answer, the text itself when it is no number."""
    if text == "":
        return None
    if attribute.kind == "flag":
        return text == "true"
    if attribute.kind == "number":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
