"""A paragraph and three tables for the section on methods of a paper. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from annotator.agreement.figures import Figure, counted, printed
from annotator.agreement.measures.result import Interval
from annotator.agreement.report import Report
from annotator.agreement.scheme import Scheme

REFERENCES = (
    "Krippendorff, K. (2011). Computing Krippendorff’s alpha-reliability.",
    "Krippendorff, K., Mathet, Y., Bouvry, S. & Widlöcher, A. (2016). On the reliability of unitizing textual "
    "continua: Further developments. Quality & Quantity 50, 2347–2364.",
)


@dataclass(frozen=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Paper:
    paragraph: str
    tables: tuple[Table, ...]
    references: tuple[str, ...] = REFERENCES


def paper(report: Report, scheme: Scheme) -> Paper:
    return Paper(
        paragraph=" ".join(chain(*(each(report, scheme) for each in SENTENCES))),
        tables=(_labels(report, scheme), _attributes(report, scheme), _relations(report, scheme)),
    )


def _readings(report: Report, scheme: Scheme) -> list[str]:
    names = _listed([f"“{book.title}” (version {book.version})" for book in scheme.codebooks])
    return [
        f"{_spelt(report.coders)} readers annotated {counted(report.articles, 'article')} with the codebook {names}. "
        f"Every article was read by at least two of them, independently and blind to one another.",
        f"Together they marked {counted(report.spans, 'span')} and {counted(report.drawn, 'relation')}.",
        "Page furniture was cut out before anything was counted"
        + (f", and with it {counted(report.dropped, 'span')}." if report.dropped else "."),
    ]


def _moved(report: Report, scheme: Scheme) -> list[str]:
    if not report.earlier:
        return []
    newest = scheme.codebooks[0].version
    were = "reading was" if report.earlier == 1 else "readings were"
    apart = (
        f" {counted(report.apart, 'span')} or relations had no counterpart and stand as judged." if report.apart else ""
    )
    return [
        f"{report.earlier:,} {were} made under an earlier version of the codebook and compared as they read under "
        f"version {newest}.{apart}"
    ]


def _found(report: Report, scheme: Scheme) -> list[str]:
    exact, half, _, u, found, cu = report.found
    pairs = " (mean over the pairs of readers)" if report.coders > 2 else ""
    return [
        f"Agreement on where units are and what they are called was {_alpha('uα', u)} (Krippendorff’s alpha for "
        f"unitizing), on marked or not {_alpha('|uα', found)}, on the labels of text that two readers marked "
        f"{_alpha('cuα', cu)}.",
        f"The F1 of spans was {_share(half)} where half of the text had to be shared, and {_share(exact)} where both "
        f"edges had to be the same{pairs}.",
    ]


def _compared(report: Report, scheme: Scheme) -> list[str]:
    edges, label, relations = report.boundary[0], report.label[0], report.relations[0]
    return [
        f"Spans of two readers were matched one to one by label and overlap. Of {edges.measure.units:,} matched pairs "
        f"of one label, {_percent(edges)} had the same edges; the labels of matched spans agreed with "
        f"{_alpha('α', label)} (n = {label.measure.units:,}).",
        f"The F1 of relations between spans that both readers marked was {_share(relations)} "
        f"(n = {relations.measure.units:,}).",
    ]


def _intervals(report: Report, scheme: Scheme) -> list[str]:
    drawn = next((figure.measure.interval for figure in report.figures if figure.measure.interval), None)
    if drawn is None:
        return ["No intervals are given, because fewer than ten articles were compared."]
    return [
        f"Intervals are 95 % percentile bootstrap intervals over articles ({drawn.draws:,} draws, seed {drawn.seed})."
    ]


SENTENCES: Final = (_readings, _moved, _found, _compared, _intervals)


def _labels(report: Report, scheme: Scheme) -> Table:
    rows = []
    for label, (exact, half, u, _) in report.by_label.items():
        rows.append((scheme.name(label), f"{half.measure.units:,}", *map(_cell, (half, exact, u))))
    return Table(
        "Table 1. Finding, by label", ("Label", "Spans", "F1, half shared", "F1, same edges", "uα"), tuple(rows)
    )


def _attributes(report: Report, scheme: Scheme) -> Table:
    rows = []
    for answers in report.attributes:
        figure, asked = answers.figures[0], scheme.asked[answers.question]
        if figure.measure.units:
            observed = figure.measure.observed or 0.0
            kind = {"alpha_ordinal": "ordinal", "alpha_interval": "interval"}.get(figure.key, "nominal")
            name = f"{scheme.name(answers.question.of)}: {asked.name}"
            rows.append((name, f"{figure.measure.units:,}", f"{100 * observed:.0f} %", _cell(figure), kind))
    return Table("Table 2. Attributes of matched spans", ("Attribute", "n", "Same answer", "α", "Metric"), tuple(rows))


def _relations(report: Report, scheme: Scheme) -> Table:
    rows = tuple(
        (scheme.name(figure.of), f"{figure.measure.units:,}", _cell(figure))
        for figure in report.relations
        if figure.of and figure.measure.units
    )
    return Table("Table 3. Relations between matched spans", ("Relation", "n", "F1"), rows)


def _cell(figure: Figure) -> str:
    if figure.measure.value is None:
        return str(figure.measure.reason)
    return f"{figure.shown}{_bracket(figure.measure.interval)}"


def _alpha(symbol: str, figure: Figure) -> str:
    if figure.measure.value is None:
        return f"{symbol} {str(figure.measure.reason).replace(':', ',')}"
    return f"{symbol} = {_cell(figure)}"


def _share(figure: Figure) -> str:
    return "undefined" if figure.measure.value is None else _cell(figure)


def _percent(figure: Figure) -> str:
    return "none" if figure.measure.value is None else f"{100 * figure.measure.value:.0f} %"


def _bracket(interval: Interval | None) -> str:
    return f" [{printed(interval.low)}, {printed(interval.high)}]" if interval else ""


def _spelt(number: int) -> str:
    """A number that begins a sentence, as far as it is usual to write it out."""
    words = "Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()
    return words[number - 2] if 2 <= number < len(words) + 2 else f"{number:,}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
