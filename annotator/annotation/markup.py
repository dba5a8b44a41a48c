"""Drawings as HTML.

A page holds thousands of runs and a thousand rows, and templates would take longer over them than the database and the
browser together; what stands once on a page is left to templates. Whatever is put in here is escaped.
"""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join

from annotator.annotation.drawing import Drawing, Entry, Fold, Line, Link, Part, Run, Shortfall

_LEVELS = {"title": 2, "subheading": 3}


def markup_of_text(drawing: Drawing) -> str:
    """What stands inside of the article; without its tags it is the text again, character for character."""
    return format_html("{}{}", _joined(map(_fold, drawing.folds)), drawing.tail)


def _joined(parts: Iterable[str]) -> str:
    return format_html_join("", "{}", ((part,) for part in parts))


def _fold(fold: Fold) -> str:
    lines = _joined(map(_line, fold.lines))
    if not fold.title:
        return format_html("{}{}", fold.before, lines)
    summary = format_html('<summary data-title="{}" aria-label="{}"></summary>', fold.title, fold.title)
    return format_html('{}<details class="fold">{}{}</details>', fold.before, summary, lines)


def _line(line: Line) -> str:
    level = _LEVELS.get(line.kind)
    return format_html(
        '{}<p id="p-{}" class="{}" data-start="{}" data-end="{}" data-sentences="{}"{}>{}</p>',
        line.before, line.start, line.kind, line.start, line.end, line.sentences,
        format_html(' role="heading" aria-level="{}"', level) if level else "", _joined(map(_part, line.parts)),
    )  # fmt: skip


def _part(part: Part) -> str:
    runs = _joined(map(_run, part.runs))
    return format_html('<span class="part {}">{}</span>', part.kind, runs) if part.kind else runs


def _run(run: Run) -> str:
    text = _joined(_piece(piece.text, piece.name) for piece in run.pieces) if run.pieces else run.text
    if not run.spans:
        return format_html('<span data-start="{}">{}</span>', run.start, text)
    return format_html(
        '<mark data-start="{}" data-spans="{}" class="{}" aria-description="{}">{}</mark>',
        run.start, run.spans, run.classes, run.labels, text,
    )  # fmt: skip


def _piece(text: str, name: str) -> str:
    return format_html('<span class="unseen" data-name="{}">{}</span>', name, text) if name else text


def markup_of_row(entry: Entry) -> str:
    """A row of the span list: what the page knows of one span, to be read by people and by its scripts."""
    named = format_html(' data-named="{}"', entry.named) if entry.named else ""
    return format_html(
        '<li id="s-{}" class="entry c-{}{}" data-start="{}" data-end="{}" data-label="{}" data-version="{}"'
        ' data-values="{}"{} data-absent="{}" data-errors="{}" data-warnings="{}">{}{}</li>',
        entry.id, entry.colour, " gapped" if entry.errors else "", entry.start, entry.end, entry.label, entry.version,
        entry.values, named, entry.absent, entry.errors, entry.warnings, _pick(entry), _more(entry),
    )  # fmt: skip


def _pick(entry: Entry) -> str:
    words = "1 gap" if entry.errors == 1 else f"{entry.errors} gaps"
    return format_html(
        '<button type="button" class="pick" tabindex="-1"><i class="swatch {}" aria-hidden="true"></i>'
        '<span class="words" dir="auto">{}</span>'
        '<span class="hint"><abbr title="{}">{}</abbr> <small>{}</small>{}</span></button>',
        entry.shape, entry.quote, entry.name, entry.letter, entry.first,
        format_html(' <small class="gap">{}</small>', words) if entry.errors else "",
    )  # fmt: skip


def _more(entry: Entry) -> str:
    return format_html(
        '<div class="more"><p>{}</p><ul class="links">{}</ul><ul class="gaps">{}</ul></div>',
        entry.said, _joined(map(_link, entry.links)), _joined(map(_gap, entry.gaps)),
    )  # fmt: skip


def _link(link: Link) -> str:
    return format_html(
        '<li id="r-{}" class="link" data-type="{}" data-source="{}" data-target="{}" data-version="{}"'
        ' data-values="{}">{} <a href="#s-{}" dir="auto">{}</a> <small>{}</small></li>',
        link.id, link.type, link.source, link.target, link.version, link.values,
        link.name, link.target, link.quote, link.said,
    )  # fmt: skip


def _gap(gap: Shortfall) -> str:
    return format_html('<li data-severity="{}" data-name="{}">{}</li>', gap.severity, gap.name, gap.message)
