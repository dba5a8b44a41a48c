"""Downloads for people at the screen: the same gold as over the API, as files."""

from collections.abc import Callable, Iterator
from functools import partial

from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from annotator.errors import Unknown
from annotator.exchange.exports import Fetch, Wanted, gold
from annotator.exchange.formats import delimited, jsonl
from annotator.exchange.records import Answers
from annotator.exchange.sealing import seal_export
from annotator.exchange.streaming import as_lines, as_table
from annotator.projects.access import project_for
from annotator.requests import SignedInRequest

Write = Callable[[Fetch, Answers], Iterator[bytes]]


@require_GET
def download(request: SignedInRequest, slug: str, name: str) -> HttpResponseBase:
    """A file of the project's gold, as far as the person may see it."""
    project = project_for(request.user, slug)
    if name not in FILES:
        raise Unknown()
    media_type, write = FILES[name]
    headers = seal_export(request.user, project)
    content = write(gold(request.user, project, Wanted()), Answers(project.label_set.codebook))
    response = StreamingHttpResponse(content, content_type=media_type, headers=headers)
    response["Content-Disposition"] = f'attachment; filename="{project.slug}-{name}"'
    return response


def _lines(fetch: Fetch, _: Answers) -> Iterator[bytes]:
    return as_lines(fetch)


def _spans(fetch: Fetch, answers: Answers, *, for_spreadsheets: bool) -> Iterator[bytes]:
    names = answers.span_names
    rows = partial(delimited.span_rows, attributes=names)
    return as_table(fetch, delimited.span_header(names), rows, for_spreadsheets=for_spreadsheets)


def _relations(fetch: Fetch, answers: Answers) -> Iterator[bytes]:
    names = answers.relation_names
    rows = partial(delimited.relation_rows, attributes=names)
    return as_table(fetch, delimited.relation_header(names), rows, for_spreadsheets=False)


FILES: dict[str, tuple[str, Write]] = {
    "gold.jsonl": (jsonl.MEDIA_TYPE, _lines),
    "gold.csv": (f"{delimited.MEDIA_TYPE}; charset=utf-8", partial(_spans, for_spreadsheets=False)),
    "gold-spreadsheet.csv": (f"{delimited.MEDIA_TYPE}; charset=utf-8", partial(_spans, for_spreadsheets=True)),
    "gold-relations.csv": (f"{delimited.MEDIA_TYPE}; charset=utf-8", _relations),
}
