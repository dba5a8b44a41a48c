"""Which spans a choice asks for: those of a reading, of several, or a span of a person's own."""

from collections.abc import Mapping
from typing import Any

from annotator import standoff
from annotator.annotation import rules
from annotator.errors import Problem
from annotator.workflow.cases import Case, Choice, counted
from annotator.workflow.comparison import NOT_IN_TEXT, SpanGroup, agreed_absent, agreed_attributes, attribute_key
from annotator.workflow.gold import Gold, SpanDraft
from annotator.workflow.recording import Recorder


class Choosing:
    """Turns choices about spans into drafts of gold."""

    def __init__(self, case: Case, gold: Gold, recorder: Recorder) -> None:
        self.case, self.gold, self.recorder = case, gold, recorder

    def spans(self, group: SpanGroup, choice: Choice) -> list[tuple[SpanDraft, list[str]]]:
        """The spans that are to stand, each with the voices it comes from. Raises Problem or a RuleError."""
        if choice.outcome == "neither":
            return []
        if choice.outcome == "took":
            return [(self._draft(self._member(group, choice.voice)), [choice.voice])]
        if choice.outcome == "both":
            return self._each_shape(group)
        return [(self._edited_span(group, choice.values), sorted(group.members))]

    def _member(self, group: SpanGroup, voice: str) -> standoff.Span:
        if voice not in group.members:
            raise Problem("This reading has nothing here; choose “nothing here” instead.", code="unknown_voice")
        return group.members[voice]

    def _draft(self, span: standoff.Span) -> SpanDraft:
        names = counted(self.case.codebook, span.label)
        answers = {name: value for name, value in span.attributes.items() if name in names}
        return SpanDraft(span.start, span.end, span.label, answers, set(span.absent))

    def _each_shape(self, group: SpanGroup) -> list[tuple[SpanDraft, list[str]]]:
        """All readings stand. Those of the same words and label are one span, if they say the same of it."""
        found: dict[tuple[int, int, str], tuple[SpanDraft, list[str]]] = {}
        for voice, span in group.members.items():
            draft = self._draft(span)
            first, voices = found.setdefault(draft.shape, (draft, []))
            if first.content != draft.content:
                raise Problem("Two readings mark the same words with other values; take one of them.", code="same_span")
            voices.append(voice)
        if len(found) == 1:
            raise Problem("All readings mark the same words; take one of them.", code="same_span", field="outcome")
        return list(found.values())

    def _edited_span(self, group: SpanGroup, values: Mapping[str, Any]) -> SpanDraft:
        stands = self.gold.spans[group.key]
        first = min(group.members.values(), key=lambda span: (span.start, span.end, span.label))
        begin = stands[0].plain("") if stands else first
        start, end = values.get("start", begin.start), values.get("end", begin.end)
        label = str(values.get("label", begin.label))
        self._check_place(start, end, values.get("quote"))
        rules.check_label(self.case.codebook, label)
        given = dict(values.get("attributes", {}))
        answers = {**self._answers_so_far(group, label), **given}
        absent = {
            *self._absent_so_far(group, label),
            *(name for name, value in answers.items() if value is NOT_IN_TEXT),
        }
        absent -= {name for name, value in given.items() if value is not NOT_IN_TEXT}
        answers = {name: value for name, value in answers.items() if value is not None and value is not NOT_IN_TEXT}
        cleaned = rules.clean_attributes(self.case.codebook, label, answers, self.case.extra_keys)
        return SpanDraft(start, end, label, cleaned, set(rules.clean_absent(self.case.codebook, label, absent)))

    def _check_place(self, start: Any, end: Any, quote: str | None) -> None:
        text = self.case.article.text
        rules.check_bounds(start, end, len(text))
        if quote is not None:
            rules.check_quote(text[start:end], quote)
        rules.check_graphemes(text, start, end)

    def _answers_so_far(self, group: SpanGroup, label: str) -> dict[str, Any]:
        """What is beyond question, and what was settled of it before."""
        names, settled = counted(self.case.codebook, label), dict[str, Any]()
        for draft in self.gold.spans[group.key][:1]:
            settled = {name: value for name, value in draft.attributes.items() if self._is_answered(group, name)}
        return {name: value for name, value in {**agreed_attributes(group, label), **settled}.items() if name in names}

    def _absent_so_far(self, group: SpanGroup, label: str) -> set[str]:
        settled = {
            name
            for draft in self.gold.spans[group.key][:1]
            for name in draft.absent
            if name in group.attributes and self._is_answered(group, name)
        }
        asked = {*counted(self.case.codebook, label), *(one.key for one in self.case.codebook.relations_from(label))}
        return (settled | (agreed_absent(group, label) - group.attributes.keys())) & asked

    def _is_answered(self, group: SpanGroup, name: str) -> bool:
        return attribute_key(group, name) in self.recorder.decisions
