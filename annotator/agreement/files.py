"""The figures as files: CSV for spreadsheets, JSON for programs. Readers go by their letters."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from annotator.agreement.figures import Figure
from annotator.agreement.measures.result import Interval
from annotator.agreement.study import Line, Study

COLUMNS = (
    "by", "by_value", "aspect", "of", "answer", "coefficient", "name", "estimate", "low", "high", "draws", "seed",
    "articles_drawn_from", "draws_undefined", "units", "unit", "coders", "left_out", "left_out_what", "observed",
    "reason", "how_to_read", "notes",
)  # fmt: skip


def as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """RFC 4180: every cell quoted, rows end in CRLF; what has no value is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "notes": " ".join(row["notes"])})
    return buffer.getvalue().encode()


def as_json(study: Study, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """What was compared, and every figure with its circumstances."""
    material, report = study.material, study.report() if study.articles else None
    codebooks = sorted(material.label_sets.values(), key=lambda one: (one.slug, one.number))
    body = {
        "project": study.project.slug,
        "chosen": study.chosen.given,
        "codebooks": [{"slug": one.slug, "version": one.number, "digest": one.digest} for one in codebooks],
        "compared_under": material.label_sets[study.under].number if study.under else None,
        "readings_of_earlier_versions": report.earlier if report else 0,
        "judgements_without_counterpart": report.apart if report else 0,
        "articles": len(study.articles),
        "articles_read_once": material.once,
        "articles_you_read": material.own,
        "readers": sorted(study.letters.values()),
        "unit": "codepoint",
        "figures": list(rows),
    }
    return json.dumps(body, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"


def rows_of(figures: Iterable[Figure], *, by: str = "", by_value: str = "") -> list[dict[str, Any]]:
    """One row a figure. `by`: what the articles were narrowed down by, `by_value`: to what."""
    return [_row(figure, by, by_value) for figure in figures]


def rows_of_lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [row for line in lines for row in rows_of(line.figures, by=line.kind, by_value=line.value)]


def _row(figure: Figure, by: str, by_value: str) -> dict[str, Any]:
    measure = figure.measure
    return {
        "by": by, "by_value": by_value, "aspect": figure.aspect, "of": figure.of, "answer": figure.value,
        "coefficient": figure.key, "name": figure.name, "estimate": measure.value, **_interval(measure.interval),
        "units": measure.units, "unit": figure.unit, "coders": measure.coders, "left_out": measure.left_out,
        "left_out_what": figure.left_out if measure.left_out else None, "observed": measure.observed,
        "reason": measure.reason, "how_to_read": figure.how, "notes": list(measure.notes),
    }  # fmt: skip


def _interval(interval: Interval | None) -> dict[str, Any]:
    names = ("low", "high", "draws", "seed", "articles_drawn_from", "draws_undefined")
    if interval is None:
        return dict.fromkeys(names)
    values = (
        interval.low, interval.high, interval.draws, interval.seed, interval.articles, interval.undefined,
    )  # fmt: skip
    return dict(zip(names, values, strict=True))
