"""What one person looks at: the articles they chose among those they may see, and what readers are called to them."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import combinations
from string import ascii_uppercase

from annotator.accounts.models import User
from annotator.agreement import kept
from annotator.agreement.figures import Figure
from annotator.agreement.parts import Part, Question
from annotator.agreement.queries import (
    AGAIN,
    FIRST,
    Material,
    ReadTwice,
    material_for,
    repeats_for,
    seconds_for,
)
from annotator.agreement.questions import Detail, detail
from annotator.agreement.report import Report, brief, report
from annotator.agreement.scheme import Scheme
from annotator.errors import Forbidden, Unknown
from annotator.projects.access import roles_in
from annotator.projects.actions import shuffled
from annotator.projects.models import Project
from annotator.registers.queries import merges_of, titles_of
from annotator.registers.resolving import Merges

KINDS = ("outlet", "version", "week")
"""What articles can be chosen by."""

PAIR = "pair"
READER = "reader"

SELF, ADJUDICATORS = "self", "adjudicators"
DOUBLE = {SELF: ("First reading", "Second reading"), ADJUDICATORS: ("First settling", "Second settling")}
"""What is compared besides readers with one another: what the two are called."""

NAMES = (*KINDS, PAIR, READER, "compared")
"""Parameters of an address."""

ALL = "*"
"""In an address: no choice. An empty outlet is one that is not stated."""


@dataclass(frozen=True)
class Chosen:
    """What is looked at; None for all. pair: two readers' letters, joined by a hyphen.

    compared: SELF, one of whom `reader` may name by the letter, or ADJUDICATORS; None for readers with one another.
    """

    outlet: str | None = None
    version: str | None = None
    week: str | None = None
    pair: str | None = None
    compared: str | None = None
    reader: str | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Chosen":
        """From the parameters of an address. Raises Unknown for a comparison that there is not."""
        found = cls(**{name: given[name] for name in NAMES if given.get(name, ALL) != ALL})
        if found.compared not in (None, *DOUBLE):
            raise Unknown()
        return found

    @property
    def given(self) -> dict[str, str]:
        """As parameters of an address."""
        named = ((name, getattr(self, name)) for name in NAMES)
        return {name: value for name, value in named if value is not None}

    @property
    def narrowing(self) -> dict[str, str]:
        """Those by which articles are left out."""
        return {name: value for name, value in self.given.items() if name != "compared"}


@dataclass(frozen=True)
class Line:
    """A line of a breakdown: what was chosen by, how many articles that leaves, and a few figures of them."""

    kind: str
    value: str
    articles: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Study:
    """articles: those chosen, of those in `material`; letters: by the ids of coders. knows_people: a manager, who
    is told the names behind the letters and may look at a pair alone. Adjudicators settle without knowing, unless
    the project shows names."""

    project: Project
    material: Material
    chosen: Chosen
    knows_people: bool
    letters: Mapping[str, str]
    articles: tuple[ReadTwice, ...]

    @property
    def names_people(self) -> bool:
        return self.knows_people or self.project.names_shown

    @cached_property
    def scheme(self) -> Scheme:
        """Of all versions that were read with, the newest first, so that its names count; else the project's own."""
        used = self.material.label_sets.values() or [self.project.label_set]
        versions = sorted(used, key=lambda one: (one.slug, -one.number))
        titles = cache(partial(titles_of, self.project.pk))
        return Scheme.of([one.codebook for one in versions], titles)

    @cached_property
    def merges(self) -> Merges:
        """Entries that stand for others by now: who chose either chose the same."""
        codebooks = [one.codebook for one in self.material.label_sets.values()]
        return merges_of(self.project.pk, *codebooks) if any(one.lists for one in codebooks) else Merges()

    @cached_property
    def pair(self) -> tuple[str, str] | None:
        """The ids of the two coders chosen, in the order in which they stand in parts."""
        if self.chosen.compared is not None:
            return FIRST, AGAIN
        if self.chosen.pair is None:
            return None
        one, other = sorted(coder for coder, letter in self.letters.items() if letter in self.chosen.pair.split("-"))
        return one, other

    @cached_property
    def under(self) -> uuid.UUID | None:
        """The newest version of the codebook that any of the readings was made under: they are compared under it.

        One coefficient over two codebooks would take a label and its new name for two.
        """
        used = {handed.label_set for article in self.articles for handed in article.handed}
        return max(used, key=lambda one: self.material.label_sets[one].number, default=None)

    @cached_property
    def parts(self) -> list[Part]:
        """The articles worked through, one for each, as far as the chosen pair is concerned."""
        parts = [
            self._resolved(part)
            for part in kept.parts_of(self.articles, self.material.label_sets, self.material.moves, self.under)
        ]
        if self.pair is None:
            return parts
        one, other = self.pair
        return [part.between(part.coders.index(one), part.coders.index(other)) for part in parts]

    def _resolved(self, part: Part) -> Part:
        """What was worked out is kept as it was answered, since merges come and go."""
        if not self.merges.into:
            return part
        keyed = {question: asked.list for question, asked in self.scheme.asked.items() if asked.list}
        return part.with_codes(lambda question, code: self.merges.resolved(keyed[question], str(code)), keyed)

    @property
    def everything(self) -> "Study":
        """Without any choice."""
        return replace(self, chosen=Chosen(compared=self.chosen.compared), articles=self.material.articles)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the figures can be broken down by."""
        return KINDS + {None: (PAIR,), SELF: (READER,)}.get(self.chosen.compared, ())

    @property
    def waiting(self) -> int:
        """How many articles are still to be worked through before there is anything to show."""
        return len(kept.missing(self.articles, self.under))

    def report(self) -> Report:
        return kept.once(self._key("report"), lambda: report(self.parts, self.scheme))

    def detail(self, question: Question) -> Detail:
        """Raises Unknown for a question that no codebook asks."""
        if question not in self.scheme.asked:
            raise Unknown()
        return kept.once(self._key(question), lambda: detail(self.parts, question, self.scheme))

    def figures(self) -> list[Figure]:
        """Everything there is: the report's, and of each question all that its own page tells."""
        told = self.report()
        return kept.once(self._key("figures"), lambda: list(self._figures(told)))

    def _figures(self, told: Report) -> Iterable[Figure]:
        yield from (one for one in told.figures if one.aspect not in ("attributes", "relations"))
        for answers in told.attributes:
            closer = detail(self.parts, answers.question, self.scheme)
            yield from (*closer.figures, *closer.values)
        yield from told.relations

    def lines(self, kind: str) -> list[Line]:
        """The same few figures for each outlet, codebook version, week or pair of readers."""
        return kept.once(self._key(kind, *self.letters.items()), lambda: list(self._lines(kind)))

    def _lines(self, kind: str) -> Iterable[Line]:
        for value, count in self.values(kind).items():
            narrowed = self._narrowed(kind, value)
            yield Line(kind, value, count, self._brief(narrowed, of_two=kind == PAIR))

    def _brief(self, narrowed: "Study", *, of_two: bool) -> tuple[Figure, ...]:
        """One scheme for all lines, so that they have the same figures."""
        return brief(narrowed.parts, self.scheme, of_two=of_two or self.pair is not None)

    def _narrowed(self, kind: str, value: str) -> "Study":
        narrowed = replace(self, chosen=replace(self.chosen, **{kind: value}))
        return replace(narrowed, articles=tuple(each for each in self.articles if narrowed.takes(each)))

    def _key(self, *what: object) -> tuple[object, ...]:
        codebooks = tuple(sorted(one.digest for one in self.material.label_sets.values()))
        keys = tuple(kept.key_of(article, self.under) for article in self.articles)
        return (*what, codebooks, self.merges.fingerprint, self.pair, keys)

    def takes(self, article: ReadTwice) -> bool:
        """Whether the article is among what was chosen."""
        return all(value in self.values_of(kind, article) for kind, value in self.chosen.narrowing.items())

    def values(self, kind: str) -> dict[str, int]:
        """What there is to choose by outlet, version, week or pair: from the value to the number of articles."""
        counts = Counter(value for article in self.articles for value in self.values_of(kind, article))
        return dict(sorted(counts.items()))

    def values_of(self, kind: str, article: ReadTwice) -> list[str]:
        if kind == PAIR:
            letters = sorted(self.letters[handed.coder] for handed in article.handed)
            return [f"{one}-{other}" for one, other in combinations(letters, 2)]
        if kind == READER:
            return [self.letters[article.reader]]
        if kind == "outlet":
            return [article.outlet]
        if kind == "week":
            year, week, _ = max(handed.at for handed in article.handed).isocalendar()
            return [f"{year}-W{week:02}"]
        versions = {str(self.material.label_sets[handed.label_set]) for handed in article.handed}
        return [" and ".join(sorted(versions))]

    def called(self, coder: str) -> str:
        """A reader's letter; with the name behind it for those who may know it."""
        if self.chosen.compared is not None and coder in (FIRST, AGAIN):
            return DOUBLE[self.chosen.compared][coder == AGAIN]
        letter = f"Reader {self.letters[coder]}"
        return f"{letter} ({self.material.people[coder]})" if self.names_people else letter


def study_for(user: User, project: Project, chosen: Chosen) -> Study:
    """Raises Unknown for a choice that leaves no article, Forbidden for readers to those who settle without names."""
    knows_people = "manager" in roles_in(user, project)
    if (chosen.pair is not None or chosen.reader is not None) and not knows_people:
        raise Forbidden("Which reader is which is for the manager of the project.")
    material = _material(user, project, chosen)
    coders = sorted(material.people, key=lambda coder: shuffled(project.pk, coder))
    letters = {coder: _letters(number) for number, coder in enumerate(coders)}
    every = Study(project, material, chosen, knows_people, letters, material.articles)
    if not chosen.narrowing.keys() <= set(every.kinds):
        raise Unknown()
    found = replace(every, articles=tuple(article for article in every.articles if every.takes(article)))
    if chosen.narrowing and not found.articles:
        raise Unknown("No article that was read twice fits this choice.")
    return found


def _material(user: User, project: Project, chosen: Chosen) -> Material:
    fetch = {None: material_for, SELF: repeats_for, ADJUDICATORS: seconds_for}[chosen.compared]
    return fetch(user, project)


def _letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    first, last = divmod(number, len(ascii_uppercase))
    return (_letters(first - 1) if first else "") + ascii_uppercase[last]
