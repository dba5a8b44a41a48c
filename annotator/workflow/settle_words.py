"""A case in words: what a difference is about, what each reading says, how it was settled."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from annotator.annotation import drawing
from annotator.schema.codebook import Attribute
from annotator.standoff import Span
from annotator.workflow.cases import Case, counted, counted_in_relation
from annotator.workflow.comparison import NOT_IN_TEXT, Difference, Group, RelationGroup, SpanGroup
from annotator.workflow.models import Decision

LONGEST = 90
"""Characters of a quote inside a sentence."""

BY_RULE = {
    "agreed": "All readings agree", "single": "The only reading, which the project accepts",
    "majority": "Settled by the majority", "boundary rule": "Settled by the rule for edges",
    "majority and boundary rule": "Settled by the majority and the rule for edges",
    "label settled": "Settled with the label",
}  # fmt: skip


class Words:
    """Speaks of one case. `names`: of readers, by their sets; who has none there is a letter."""

    def __init__(self, case: Case, names: Mapping[str, str] | None = None) -> None:
        self.case, self.codebook, self.text = case, case.codebook, case.article.text
        self.names = names or {}

    # Readings

    @cached_property
    def voices(self) -> list[str]:
        """Today's submissions in the order of their letters."""
        return sorted(self.case.comparison.voices, key=lambda voice: self.letters[voice])

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """A, B, C … by the random ids of the sets: they do not follow people from text to text, and stay when a
        reading is handed in again."""
        readers = self.case.readings.reader_of
        order = {reader: chr(ord("A") + place) for place, reader in enumerate(self._readers)}
        return {voice: order.get(readers[voice], "?") for voice in readers}

    def called(self, voice: str) -> str:
        """A reading's name where the project shows names, else its letter."""
        letter = self.letters.get(voice, "?")
        return self.names.get(self.case.readings.reader_of.get(voice, ""), letter)

    @property
    def _readers(self) -> list[str]:
        readers = self.case.readings.reader_of
        current = {readers[voice] for voice in self.case.comparison.voices}
        return [*sorted(current), *sorted(set(readers.values()) - current)]

    # Words of the text

    def anchor(self, difference: Difference) -> SpanGroup:
        """The spans that a difference lies on: themselves, or the source of a relation."""
        group = self.case.comparison.groups[difference.group]
        return group if isinstance(group, SpanGroup) else self._spans(group.source_group)

    def _spans(self, key: str) -> SpanGroup:
        group = self.case.comparison.groups[key]
        assert isinstance(group, SpanGroup)
        return group

    def first(self, group: SpanGroup) -> Span:
        return min(group.members.values(), key=lambda span: (span.start, -span.end))

    def words(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def quote(self, group: SpanGroup) -> str:
        """What stands in gold, else what the first reading marks."""
        rows = self.case.spans.get(group.key, [])
        return self.text[rows[0].start : rows[0].end] if rows else self.words(self.first(group))

    def shown(self, words: str) -> str:
        words = " ".join(words.split())
        return words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]} …"

    # Differences

    def what(self, difference: Difference) -> str:
        """In one or two words, how the readings differ here."""
        group = self.case.comparison.groups[difference.group]
        if difference.name:
            return self.attribute(group, difference.name).name.lower()
        if isinstance(group, RelationGroup):
            return self.codebook.relation(group.type).name
        if group.missing:
            having = [self.called(voice) for voice in self.voices if voice in group.members]
            return f"{', '.join(having)} only" if having else "nobody now"
        return "label" if group.label_differs else "edge" if group.boundary_differs else "asked again"

    def heading(self, difference: Difference) -> str:
        group = self.case.comparison.groups[difference.group]
        label = " or ".join(self.codebook.label(key).name for key in self.anchor(difference).labels)
        if difference.name:
            inner = self.codebook.relation(group.type).name + ", " if isinstance(group, RelationGroup) else ""
            return f"{label} · {inner}{self.attribute(group, difference.name).name.lower()}"
        if isinstance(group, RelationGroup):
            return f"{label} · {self.codebook.relation(group.type).name}"
        return f"{label} · {self._how(group)}"

    def _how(self, group: SpanGroup) -> str:
        parts = ["in one reading only" if len(group.members) == 1 else "not in all readings"] if group.missing else []
        parts += ["edges"] if group.boundary_differs else []
        parts += ["label"] if group.label_differs else []
        parts += ["values"] if group.attributes else []
        return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0] if parts else "asked again"

    def attribute(self, group: Group, name: str) -> Attribute:
        if isinstance(group, RelationGroup):
            return self.codebook.relation(group.type).attribute(name)
        known = (self.codebook.attributes(label) for label in group.labels)
        return next(attributes[name] for attributes in known if name in attributes)

    def asked(self, label: str) -> Mapping[str, Attribute]:
        """The attributes that count, by key."""
        known = self.codebook.attributes(label)
        return {name: known[name] for name in counted(self.codebook, label)}

    def guidance(self, difference: Difference) -> tuple[str, tuple[str, ...]]:
        """What the codebook says of the thing in question, and the numbers of its rules."""
        group = self.case.comparison.groups[difference.group]
        if difference.name:
            asked = self.attribute(group, difference.name)
            return asked.help, tuple(map(str, asked.rules))
        if isinstance(group, RelationGroup):
            relation = self.codebook.relation(group.type)
            return relation.help, tuple(map(str, relation.rules))
        label = self.codebook.label(self.first(group).label)
        return label.description, tuple(map(str, label.rules))

    @cached_property
    def _by_source(self) -> Mapping[str, list[RelationGroup]]:
        found: dict[str, list[RelationGroup]] = {}
        for group in self.case.comparison.relation_groups:
            found.setdefault(group.source_group, []).append(group)
        return found

    def starting_at(self, group: Group) -> list[RelationGroup]:
        """What readings draw from a span on."""
        return self._by_source.get(group.key, [])

    def counted(self, group: Group) -> list[str]:
        """Names of the attributes that count, of every label that readings give a span, as far as gold asks them
        too; or of a relation."""
        if isinstance(group, RelationGroup):
            return counted_in_relation(self.codebook, group.type)
        names = dict.fromkeys(name for label in group.labels for name in self.asked(label))
        return [name for name in names if self.case.asked_in_gold(group.key, name)]

    # What a reading says

    def said(self, attribute: Attribute, value: Any) -> str:
        if value is NOT_IN_TEXT:
            return "not in the text"
        return "no answer" if value is None else drawing.said(self.codebook, attribute, value)

    def links(self, group: SpanGroup, voice: str) -> tuple[str, ...]:
        """The relations that a reading draws from its span here, then those that it draws to it."""
        mine = [one for one in self.case.comparison.relation_groups if voice in one.members]
        onward = (self.line(one, voice) for one in mine if one.source_group == group.key)
        hither = (
            f"“{self._end(one.source_group, voice)}” {self.codebook.relation(one.type).name} this"
            for one in mine
            if one.target_group == group.key
        )
        return (*onward, *hither)

    def line(self, group: RelationGroup, voice: str) -> str:
        """made by “…”."""
        return f"{self.codebook.relation(group.type).name} “{self._end(group.target_group, voice)}”"

    def sentence(self, group: RelationGroup, voice: str) -> str:
        """“…” made by “…”."""
        return f"“{self._end(group.source_group, voice)}” {self.line(group, voice)}"

    def _end(self, key: str, voice: str) -> str:
        group = self._spans(key)
        span = group.members.get(voice)
        return self.shown(self.words(span) if span else self.quote(group))

    # What was decided

    def verdict(self, decision: Decision | None, difference: Difference) -> str:
        """A standing decision, by a person or a rule, in words."""
        if decision is None:
            return ""
        if decision.by_id is None:
            words = BY_RULE.get(decision.choice.get("basis", ""), "Settled by a rule")
            return f"{words}: {self._nothing(difference)}" if self._is_nothing(difference) else words
        taken = self.called(decision.choice.get("voice", ""))
        said = {"took": f"{taken} was taken", "both": "All of them stand", "edited": "Settled with an edit"}
        return said.get(decision.outcome, self._nothing(difference).capitalize())

    def _is_nothing(self, difference: Difference) -> bool:
        return difference.key in self.case.settled and self.case.settled[difference.key].outcome == "absent"

    def _nothing(self, difference: Difference) -> str:
        return {"attribute": "no value", "relation": "it does not stand"}.get(difference.kind, "nothing belongs here")
