"""What may be asked and how it is called, over all versions of the codebook that readings were made with. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from annotator.agreement.parts import LABEL, LEFT_EMPTY, NOT_IN_TEXT, Code, Question, counting
from annotator.schema.codebook import Attribute, Codebook, Label, RelationType

Asked: TypeAlias = Mapping[Question, Attribute]
Titles: TypeAlias = Callable[[str], Mapping[str, str]]
"""From a list to its entries' titles by key, where a project has entries of its own."""


def _no_titles(list_name: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Scheme:
    """Labels, relations and questions in the order of the codebook; where versions differ the newest counts."""

    labels: Mapping[str, Label]
    relations: Mapping[str, RelationType]
    asked: Asked
    codebooks: tuple[Codebook, ...]
    titles: Titles = _no_titles

    @classmethod
    def of(cls, codebooks: Sequence[Codebook], titles: Titles = _no_titles) -> "Scheme":
        """codebooks: from the newest version to the oldest. titles: what entries are called beside these."""
        labels: dict[str, Label] = {}
        relations: dict[str, RelationType] = {}
        asked: dict[Question, Attribute] = {}
        for codebook in codebooks:
            for label in codebook.labels:
                labels.setdefault(label.key, label)
                for name, attribute in counting(codebook.attributes(label.key).values()).items():
                    asked.setdefault(Question(label.key, name), attribute)
            for relation in codebook.relations:
                relations.setdefault(relation.key, relation)
                for name, attribute in counting(relation.attributes).items():
                    asked.setdefault(Question(relation.key, name), attribute)
        return cls(labels, relations, asked, tuple(codebooks), titles)

    def name(self, of: str) -> str:
        """A label or a type of relation in words."""
        if of in self.labels:
            return self.labels[of].name
        return self.relations[of].name if of in self.relations else of

    def colour(self, label: str) -> str:
        return self.labels[label].colour if label in self.labels else "slate"

    def order(self, label: str) -> tuple[int, str]:
        """Sort key of labels and types of relations: as in the codebook, unknown ones last."""
        known = [*self.labels, *self.relations]
        return (known.index(label) if label in known else len(known), label)

    def place(self, question: Question, code: Code) -> tuple[int, int, str]:
        """Sort key of answers: as the codebook lists them, what is no value last."""
        if code in (NOT_IN_TEXT, LEFT_EMPTY):
            return (2, 0, str(code))
        if question == LABEL:
            return (0, *self.order(str(code)))
        values = self.asked[question].value_keys if question in self.asked else ()
        return (0, values.index(str(code)), "") if code in values else (1, 0, self.said(question, code))

    def said(self, question: Question, code: Code | None) -> str:
        """An answer as a person would say it."""
        if code is None:
            return "not asked"
        if code in (NOT_IN_TEXT, LEFT_EMPTY):
            return str(code).strip("()")
        if question not in self.asked:
            return self.name(str(code))
        return self._in_words(self.asked[question], code)

    def _in_words(self, attribute: Attribute, code: Code) -> str:
        if attribute.kind == "flag":
            return "yes" if code else "no"
        if attribute.kind == "choice":
            return next((value.name for value in attribute.values if value.key == code), str(code))
        if attribute.kind == "key" and attribute.list:
            named = self.titles(attribute.list).get(str(code))
            if named is not None:
                return named
            lists = [book.lists.get(attribute.list, ()) for book in self.codebooks]
            return next((entry.title for entries in lists for entry in entries if entry.key == code), str(code))
        return f"{code:g}" if isinstance(code, int | float) else str(code)
