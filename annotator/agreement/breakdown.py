"""A breakdown as templates take it: each coefficient of all outlets, weeks, versions or pairs, one below the other."""

from collections.abc import Sequence

from annotator.agreement import pictures
from annotator.agreement.figures import Figure, counted
from annotator.agreement.links import Links
from annotator.agreement.parts import Question
from annotator.agreement.screen import BY, Row, Table, named, row, table
from annotator.agreement.study import PAIR, READER, Line, Study


class ByPage:
    """tables: of what was found, of edges, labels and relations; attributes: one for each question answered twice."""

    axis = pictures.AXIS

    def __init__(self, study: Study, kind: str, lines: Sequence[Line]) -> None:
        self.study, self.kind, self.lines, self.links = study, kind, lines, Links(study)
        self.by = BY[kind]
        self.coders = len({handed.coder for article in study.articles for handed in article.handed})

    @property
    def has_intervals(self) -> bool:
        return any(figure.measure.interval for line in self.lines for figure in line.figures)

    @property
    def tables(self) -> list[Table]:
        return [one for one in self._tables if one.rows[0].figure.aspect != "attributes"]

    @property
    def attributes(self) -> list[Table]:
        found = [one for one in self._tables if one.rows[0].figure.aspect == "attributes"]
        return [one for one in found if any(row.figure.measure.units for row in one.rows)]

    @property
    def _tables(self) -> list[Table]:
        columns = zip(*(line.figures for line in self.lines), strict=True)
        return [self._table(figures) for figures in columns]

    def _table(self, figures: Sequence[Figure]) -> Table:
        rows = (self._row(line, figure) for line, figure in zip(self.lines, figures, strict=True))
        return table(self._called(figures[0]), rows)

    def _called(self, figure: Figure) -> str:
        if figure.aspect == "attributes":
            question = Question(*figure.of.split(".", 1))
            return f"{self.study.scheme.name(question.of)}: {self.study.scheme.asked[question].name}"
        return f"{figure.aspect.capitalize()}: {figure.name}"

    def _row(self, line: Line, figure: Figure) -> Row:
        is_open = line.kind not in (PAIR, READER) or self.study.knows_people
        link = self.links.page(**{line.kind: line.value}) if is_open else ""
        name = named(self.study, line.kind, line.value)
        return row(figure, name, link=link, below=counted(line.articles, "article"))
