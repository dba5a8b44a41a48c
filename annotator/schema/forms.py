"""What the pages of codebooks send: shape only."""

from typing import Any

from django import forms
from django.core.files.base import File
from django.core.validators import RegexValidator

from annotator.errors import Problem
from annotator.schema.actions import LARGEST
from annotator.schema.models import LabelSet
from annotator.schema.strict import NAME
from annotator.strict_json import strict_json


class NewCodebook(forms.Form):
    """A codebook of one's own: from one of those the person looks after, or from a file."""

    title = forms.CharField(max_length=200, label="Title")
    slug = forms.CharField(
        max_length=40, label="Short name", help_text="Stands in addresses and exports, such as news-positions.",
        validators=[RegexValidator(NAME, "Use letters, digits, _ and -, no sign first.")],
    )  # fmt: skip
    source = forms.ModelChoiceField(
        LabelSet.objects.none(), required=False, label="Begin with a copy of", empty_label="none: the file below"
    )
    file = forms.FileField(required=False, label="Or with a file", help_text="JSON, as a codebook’s page gives it.")

    def __init__(self, *args: Any, sources: list[LabelSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = LabelSet.objects.filter(pk__in=[one.pk for one in sources]).defer("body").order_by("title", "-number")
        self.fields["source"].queryset = known  # type: ignore[attr-defined]
        self.fields["source"].initial = known.first()

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("source") and not self.cleaned_data.get("file"):
            self.add_error("source", "Choose a codebook to copy, or a file.")
        return self.cleaned_data


def read_file(file: "File[bytes]") -> Any:
    """The JSON in an uploaded file. Raises Problem with a plain reason."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Problem("This file is too large for a codebook.", code="too_large", field="file")
    try:
        return strict_json(content)
    except Problem as problem:
        said = problem.detail.replace("The body", "The file")
        raise Problem(said, code=problem.code, field="file") from problem
