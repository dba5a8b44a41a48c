"""What the address of a sheet of spans says: shape only."""

from django import forms

from annotator.agreement.cells import Cell


class CellForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ("label", "edge", "answer", "relation")])
    of = forms.CharField(required=False, max_length=100)
    one = forms.CharField(required=False, max_length=200)
    other = forms.CharField(required=False, max_length=200)
    edge = forms.ChoiceField(required=False, choices=[("start", "start"), ("end", "end")])
    low = forms.IntegerField(required=False)
    high = forms.IntegerField(required=False)
    start = forms.IntegerField(required=False, min_value=0)

    def cell(self, *, in_order: bool) -> Cell:
        """in_order: whether there are just two readers, so that the first is known from the second."""
        given = self.cleaned_data
        return Cell(
            kind=given["kind"], of=given["of"], one=given["one"] or None, other=given["other"] or None,
            edge=given["edge"], low=given["low"] or 0, high=given["high"] or 0, in_order=in_order,
        )  # fmt: skip
