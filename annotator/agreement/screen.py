"""The agreement page as templates take it: rows with their pictures, cells with the address of what is behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from annotator.agreement import pictures
from annotator.agreement.figures import JOINED, Figure, counted, printed
from annotator.agreement.links import Links
from annotator.agreement.matrix import Matrix, MatrixMaker
from annotator.agreement.parts import LABEL
from annotator.agreement.pictures import Bin, Scale
from annotator.agreement.questions import Detail
from annotator.agreement.report import Report
from annotator.agreement.study import ADJUDICATORS, KINDS, PAIR, READER, SELF, Study

BY = {"pair": "pair of readers", "reader": "reader", "outlet": "outlet", "version": "codebook version", "week": "week"}
"""What figures can be broken down by, in words."""

MOST_COLUMNS = 8
"""A table of more answers than that is too wide; what differs is listed instead."""
MOST_LISTED = 20
"""Of these, how many are shown at first."""


@dataclass(frozen=True)
class Row:
    """A figure with its picture. `link`: what is behind it, if anything; `below`: small words under the name."""

    figure: Figure
    scale: Scale
    name: str
    colour: str = ""
    link: str = ""
    below: str = ""

    @property
    def interval(self) -> str:
        found = self.figure.measure.interval
        return f"{printed(found.low)} to {printed(found.high)}" if found else ""

    @property
    def units(self) -> str:
        return f"{self.figure.measure.units:,}"

    @property
    def observed(self) -> str:
        observed = self.figure.measure.observed
        return "" if observed is None else f"{round(100 * observed)} %"

    @property
    def alike(self) -> str:
        """How many answers are the same: never left out beside a coefficient of codes."""
        is_answer = self.figure.aspect in ("label", "attributes") and self.figure.key != "percent"
        return f"{self.observed} alike." if is_answer and self.observed else ""

    @property
    def left_out(self) -> str:
        count = self.figure.measure.left_out
        told = self.figure.key == "fleiss"  # in a note of its own
        return f"Left out: {count:,} {self.figure.left_out}." if count and not told else ""


def row(figure: Figure, name: str = "", *, colour: str = "", link: str = "", below: str = "") -> Row:
    return Row(figure, pictures.scale(figure), name or figure.name, colour, link, below)


@dataclass(frozen=True)
class Table:
    """One coefficient of several things, to be read one below the other. units: what is counted, as a heading."""

    name: str
    rows: tuple[Row, ...]
    units: str


def table(name: str, rows: Iterable[Row]) -> Table:
    found = tuple(rows)
    figure = found[0].figure
    return Table(name, found, "units" if figure.key in JOINED else figure.unit)


@dataclass(frozen=True)
class Group:
    """Rows that belong together under a name."""

    name: str
    colour: str
    rows: tuple[Row, ...]
    link: str = ""

    @property
    def span(self) -> str:
        """From the least of the numbers to the greatest."""
        values = [row.figure.measure.value for row in self.rows if row.figure.measure.value is not None]
        return f"{printed(min(values))} to {printed(max(values))}" if values else "–"


@dataclass(frozen=True)
class Difference:
    """Two answers that met, and how often."""

    one: str
    other: str
    count: int
    link: str


@dataclass(frozen=True)
class Edge:
    """A bin of the histogram with the addresses of the spans behind its two bars."""

    bin: Bin
    starts: str
    ends: str


@dataclass(frozen=True)
class Drawn:
    """Relations that both of two readers have and that one has alone: how many, and the addresses of these."""

    row: Row
    both: int
    alone: int
    both_link: str
    alone_link: str


@dataclass(frozen=True)
class Choice:
    """One thing articles can be chosen by: (value, words, whether it is chosen) of each."""

    kind: str
    name: str
    options: tuple[tuple[str, str, bool], ...]


class Page:
    """The overview, part by part."""

    axis = pictures.AXIS

    def __init__(self, study: Study, report: Report) -> None:
        self.study, self.report, self.scheme = study, report, study.scheme
        self.links = Links(study)
        self.coders = report.coders

    # What is looked at

    @property
    def choices(self) -> list[Choice]:
        """Only what there is a choice of; pairs of readers only for those who know them."""
        kinds = self.study.kinds if self.study.knows_people else KINDS
        every = self.study.everything
        found = []
        for kind in kinds:
            chosen = self.study.chosen.given.get(kind)
            values = every.values(kind)
            if len(values) > 1:
                options = tuple((value, named(every, kind, value), value == chosen) for value in values)
                found.append(Choice(kind, BY[kind], options))
        return found

    @property
    def chosen(self) -> list[str]:
        return [f"{BY[kind]}: {named(self.study, kind, value)}" for kind, value in self.study.chosen.narrowing.items()]

    @property
    def under(self) -> str:
        """The version of the codebook that readings made under earlier ones are read under, in words."""
        return f"version {self.study.material.label_sets[self.study.under].number}" if self.study.under else ""

    @property
    def readers(self) -> list[tuple[str, str]]:
        """Letters with the names behind them, for those who know them."""
        shown = self.study.names_people and self.study.chosen.compared is None
        people = self.study.material.people if shown else {}
        return sorted((self.study.letters[coder], name) for coder, name in people.items())

    @property
    def size(self) -> str:
        """What is compared, in words."""
        report = self.report
        counts = [
            counted(report.spans, "span"), counted(report.drawn, "relation"),
        ]  # fmt: skip
        return ", ".join([*self._what, *counts])

    @property
    def _what(self) -> list[str]:
        articles = self.report.articles
        if self.study.chosen.compared == SELF:
            readers = counted(len(self.study.values(READER)), "reader")
            return [f"{counted(articles, 'article')} read a second time by {readers}"]
        if self.study.chosen.compared == ADJUDICATORS:
            return [f"{counted(articles, 'article')} settled by two adjudicators"]
        return [f"{counted(articles, 'article')} read by two or more", counted(self.report.coders, "reader")]

    @property
    def has_intervals(self) -> bool:
        return any(figure.measure.interval for figure in self.report.figures)

    # At a glance

    @property
    def glance(self) -> list[Group]:
        """One number for each aspect, and of the attributes all of them; the link is the section."""
        report = self.report
        first = [answers.figures[0] for answers in report.attributes if answers.figures[0].measure.value is not None]
        chosen = {
            "Found": report.found[3:4],
            "Boundary": report.boundary[:1],
            "Label": report.label[:1],
            "Attributes": first,
            "Relations": report.relations[:1],
        }
        return [Group(name, "", tuple(map(row, figures)), f"#{name.lower()}") for name, figures in chosen.items()]

    # Part by part

    @property
    def found(self) -> list[Row]:
        return [row(figure) for figure in self.report.found]

    @property
    def by_label(self) -> list[Group]:
        return [
            Group(
                self.scheme.name(label), self.scheme.colour(label), tuple(map(row, figures)),
                self.links.spans(kind="label", one=label),
            )
            for label, figures in self.report.by_label.items()
        ]  # fmt: skip

    @property
    def of_labels(self) -> list[Table]:
        """The same, one coefficient below the other, each label with how to read it."""
        each = [
            [row(figure, group.name, colour=group.colour) for figure in figures]
            for group, figures in zip(self.by_label, self.report.by_label.values(), strict=True)
        ]
        return [table(f"{rows[0].figure.name}, by label", rows) for rows in zip(*each, strict=True)]

    @property
    def boundary(self) -> list[Row]:
        return [row(figure) for figure in self.report.boundary]

    @property
    def edges(self) -> list[Edge]:
        found = pictures.histogram(self.report.edges.starts, self.report.edges.ends, signed=self.study.pair is not None)
        return [
            Edge(
                each,
                self._edge("start", each) if each.starts.count else "",
                self._edge("end", each) if each.ends.count else "",
            )
            for each in found
        ]

    def _edge(self, edge: str, bin: Bin) -> str:
        return self.links.spans(kind="edge", edge=edge, low=bin.low, high=bin.high)

    @property
    def histogram(self) -> tuple[int, int, int]:
        """Width of the picture, its height, and where the bars stand."""
        foot = pictures.TOP + pictures.HEIGHT
        return len(self.edges) * pictures.STEP, foot + pictures.FOOT, foot

    @property
    def second(self) -> str:
        """Whose edges are measured from the other's, with just two readers."""
        return self.study.called(self.study.pair[1]) if self.study.pair else ""

    @property
    def label(self) -> list[Row]:
        return [row(figure) for figure in self.report.label]

    @property
    def values(self) -> list[Row]:
        return [
            row(figure, self.scheme.name(figure.value), colour=self.scheme.colour(figure.value))
            for figure in self.report.values
        ]

    @property
    def each_label(self) -> Group:
        """The heading of `values`."""
        return Group("Each label against the others", "", ())

    @property
    def matrix(self) -> Matrix:
        return MatrixMaker(self.study, LABEL, self.report.met).matrix()

    @property
    def attributes(self) -> list[Group]:
        """By label or type of relation; questions that nobody answered twice come apart."""
        groups: dict[str, list[Row]] = {}
        for answers in self.report.attributes:
            name = self.scheme.asked[answers.question].name
            link = self.links.question(answers.question)
            rows = groups.setdefault(answers.question.of, [])
            rows += [
                row(figure, name if at == 0 else f"{name}, without order", link=link)
                for at, figure in enumerate(answers.figures)
                if figure.measure.units
            ]
        return [Group(self.scheme.name(of), self.scheme.colour(of), tuple(rows)) for of, rows in groups.items() if rows]

    @property
    def unanswered(self) -> list[str]:
        """Questions without a matched span that two readers answered."""
        return [
            f"{self.scheme.name(answers.question.of)}: {self.scheme.asked[answers.question].name}"
            for answers in self.report.attributes
            if not answers.figures[0].measure.units
        ]

    @property
    def relations(self) -> list[Drawn]:
        return [self._drawn(figure) for figure in self.report.relations]

    def _drawn(self, figure: Figure) -> Drawn:
        """Of F1 = 2 both / (2 both + alone) the units are the denominator."""
        both = round((figure.measure.value or 0) * figure.measure.units / 2)
        links = (self.links.spans(kind="relation", of=figure.of, one=one) for one in ("both", "one"))
        name = self.scheme.name(figure.of) if figure.of else "All relations"
        return Drawn(row(figure, name), both, figure.measure.units - 2 * both, *links)

    @property
    def csv(self) -> str:
        return self.links.file("csv")

    @property
    def json(self) -> str:
        return self.links.file("json")

    @property
    def by(self) -> list[tuple[str, str]]:
        return [(self.links.by(kind), words) for kind, words in BY.items() if self._is_offered(kind)]

    def _is_offered(self, kind: str) -> bool:
        return kind in self.study.kinds and kind not in self.study.chosen.given


class QuestionPage:
    """One question looked at closely."""

    axis = pictures.AXIS

    def __init__(self, study: Study, detail: Detail) -> None:
        self.study, self.detail, self.scheme = study, detail, study.scheme
        self.asked = study.scheme.asked[detail.question]
        self.of = study.scheme.name(detail.question.of)
        self.colour = study.scheme.colour(detail.question.of)
        self.maker = MatrixMaker(study, detail.question, detail.met)
        self.back = Links(study).page()
        self.coders = len({coder for part in study.parts for coder in part.coders})
        self.is_wide = len({code for pair in detail.met for code in pair}) > MOST_COLUMNS

    @property
    def rows(self) -> list[Row]:
        return [row(figure) for figure in self.detail.figures]

    @property
    def values(self) -> list[Row]:
        codes = {str(code): code for pair in self.detail.met for code in pair}
        return [
            row(
                figure,
                self.scheme.said(self.detail.question, codes[figure.value]),
                link=Links(self.study).spans(kind="answer", of=self.detail.question.dotted, one=figure.value),
            )
            for figure in self.detail.values
        ]

    @property
    def matrix(self) -> Matrix | None:
        return None if self.is_wide else self.maker.matrix()

    @property
    def frequent(self) -> list[Difference]:
        return self.differences[:MOST_LISTED]

    @property
    def others(self) -> list[Difference]:
        return self.differences[MOST_LISTED:]

    @cached_property
    def differences(self) -> list[Difference]:
        """The pairs of unlike answers that met, the most frequent first."""
        unlike = [(one, other, count) for (one, other), count in self.maker.met.items() if one != other]
        unlike.sort(key=lambda each: (-each[2], str(each[:2])))
        return [
            Difference(self.maker.said(one), self.maker.said(other), count, self.maker.link(one, other))
            for one, other, count in unlike
        ]


def comparisons(study: Study) -> list[tuple[str, str, bool]]:
    """What else can be compared in the project: the parameter, in words, and whether it is what is looked at."""
    now, project = study.chosen.compared, study.project
    offered = {None: True, SELF: project.repeat_share is not None, ADJUDICATORS: project.second_share is not None}
    words = {None: "between readers", SELF: "of readers with themselves", ADJUDICATORS: "between adjudicators"}
    found = [(which or "*", words[which], which == now) for which, on in offered.items() if on or which == now]
    return found if len(found) > 1 else []


def named(study: Study, kind: str, value: str) -> str:
    """A value that articles are chosen by, in words."""
    if kind == PAIR:
        coders = {letter: coder for coder, letter in study.letters.items()}
        return " and ".join(study.called(coders[letter]).removeprefix("Reader ") for letter in value.split("-"))
    if kind == READER:
        return study.called(next(coder for coder, letter in study.letters.items() if letter == value))
    if kind == "week":
        year, _, week = value.partition("-W")
        return f"week {int(week)} of {year}"
    return value or "not stated"
