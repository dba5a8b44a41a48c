"""The API described: what each address takes and gives, as an OpenAPI document."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.serializers import Serializer

from annotator.exchange import api, shapes, writing
from annotator.exchange.formats import jsonl
from annotator.exchange.sealing import HEADER
from annotator.rest import LONGEST_PAGE, PAGE

JSON, LINES, PROBLEM = "application/json", jsonl.MEDIA_TYPE, "application/problem+json"

NO_TOKEN, NOT_YOURS, UNKNOWN = 401, 403, 404
STALE, NO_VERSION, CONFLICT, MALFORMED = 412, 428, 409, 422
REFUSALS = {
    NO_TOKEN: "No token, or one that is unknown, revoked or expired.",
    NOT_YOURS: "The token lacks the scope, or its owner the role.",
    UNKNOWN: "There is no such thing, or it is not yours to see.",
    CONFLICT: "Work and text do not fit: a wrong quote, an id used before, a set that was handed in.",
    STALE: "The change was made to an older version; `state` holds what stands now.",
    MALFORMED: "A parameter or field cannot be understood, or breaks a rule of the codebook.",
    NO_VERSION: "Name the version that you saw (If-Match).",
}
OWN_ID = "The id is yours. The same body again answers 200 as the first time; another body 409."
Refusals = Sequence[int]
READING: Refusals = (NO_TOKEN, NOT_YOURS, UNKNOWN, MALFORMED)
ADDING: Refusals = (*READING, CONFLICT)
CHANGING: Refusals = (*ADDING, STALE, NO_VERSION)


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "annotator.rest.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


def _query(name: str, text: str, type: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, type, OpenApiParameter.QUERY, description=text, **more)


def _header(name: str, text: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, required=required)


CURSOR = _query("cursor", "Take it from `next` of the page before.")
LIMIT = _query("limit", f"Records on a page: {PAGE} unless told, at most {LONGEST_PAGE}.", int)
LABEL = _query("label", "Only spans of this label, and relations between them; may be given more than once.", many=True)
ARTICLE = _query("article", "Only the article with this id.", OpenApiTypes.UUID)
SINCE = _query("changed_since", "Only what was published or handed in at this time or later.", OpenApiTypes.DATETIME)
TEXT = _query("text", "`false` leaves texts out: offsets and digests only.", bool)
PROVENANCE = _query("provenance", "`false` leaves out where each item came from.", bool)
LIST = _query("list", "Only this list.")
CHAIN = _query("chain", "Only the events of this chain.", OpenApiTypes.UUID)
IF_MATCH = _header("If-Match", 'The version that was seen, in quotation marks: "7".', required=True)
KEY = _header("Idempotency-Key", "A UUID of yours: the same request sent again does nothing again.")
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, description="The version, in quotation marks.", response=[200, 201]
)  # fmt: skip

CHECKPOINT = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, response=[200],
    description="Number and hash of the log's checkpoint made before the export; on a first page or a stream, for "
    "those from whom nothing of the log is withheld.",
)  # fmt: skip


def _describe(
    view: type[Any],
    method: str,
    operation: str,
    summary: str,
    *,
    answers: Mapping[Any, Any],
    refusals: Refusals,
    parameters: Sequence[OpenApiParameter] = (),
    body: Any = None,
    text: str = "",
) -> None:
    scope = view.scopes[method.upper()]
    needs = f"Scope: `{scope}`." if scope else "Any token."
    described = extend_schema(
        operation_id=operation,
        summary=summary,
        description=f"{text}\n\n{needs}".strip(),
        parameters=list(parameters),
        request={JSON: body} if body else None,
        responses={
            **answers,
            **{(status, PROBLEM): OpenApiResponse(shapes.ProblemShape, REFUSALS[status]) for status in refusals},
        },
    )
    extend_schema_view(**{method: described})(view)


def _listing(
    view: type[api.Listing],
    operation: str,
    summary: str,
    shape: type[Serializer[Any]],
    page: Serializer[Any],
    text: str,
    *parameters: OpenApiParameter,
) -> None:
    _describe(
        view, "get", operation, summary,
        answers={(200, JSON): page, (200, LINES): shape},
        refusals=READING,
        parameters=[*parameters, CURSOR, LIMIT, *([CHECKPOINT] if view.rests_on_log else [])],
        text=f"{text} With `Accept: {LINES}` or `?format=jsonl` all records come as one stream, a line each, "
        "from one consistent snapshot; cursor and limit are for pages.",
    )  # fmt: skip


_listing(
    api.Gold, "read_gold", "Gold labels", shapes.Reading, shapes.READINGS,
    "One record for each article with published gold, also for one without spans.",
    LABEL, ARTICLE, SINCE, TEXT, PROVENANCE,
)  # fmt: skip
_listing(
    api.Judgements, "read_annotations", "All individual judgements", shapes.ReadingOfReader,
    shapes.READINGS_OF_READERS,
    "One record for each reader's newest submission, as it was handed in, with what became of it once gold is out.",
    LABEL, ARTICLE, SINCE, TEXT, PROVENANCE,
)  # fmt: skip
_listing(
    api.Disagreement, "read_disagreement", "Readings side by side", shapes.Disagreement, shapes.DISAGREEMENTS,
    "One record for each article of which all readings are in: for each place the share of readers who said what "
    "(soft labels), in which ways they differ, and what became of it once gold is out.",
    ARTICLE, TEXT, PROVENANCE,
)  # fmt: skip
_listing(
    api.Articles, "read_articles", "Articles", shapes.Article, shapes.ARTICLES,
    "Text, SHA-256, regions and stated facts; of a withdrawn article the text is null.", ARTICLE,
)  # fmt: skip
_listing(
    api.Events, "read_events", "The log", shapes.Event, shapes.EVENTS,
    "The events of the project's chain and of its sets' chains, chain by chain. Left out, while you have a place "
    "among an article's readers: others' chains on it, and the project's own chain.", CHAIN,
)  # fmt: skip
_listing(
    api.Registers, "read_registers", "Registers of actors, concepts and the like", shapes.Entry, shapes.ENTRIES,
    "Every entry of the codebook's lists as the project has it, list by list. Gold names the entries that stand; "
    "judgements keep the key that a reader chose, and `stands_for_it` says what became of it. What readers proposed, "
    "and unnamed sources of one text, only for those who settle or manage, and not of articles that they read.", LIST,
)  # fmt: skip
_describe(
    api.Projects, "get", "list_projects", "Projects that token and owner share",
    answers={(200, JSON): shapes.PROJECTS}, refusals=(NO_TOKEN, MALFORMED), parameters=[CURSOR, LIMIT],
)  # fmt: skip
_describe(
    api.CodebookOfProject, "get", "read_codebook", "The project's codebook",
    answers={(200, JSON): shapes.WholeCodebook}, refusals=READING,
)  # fmt: skip
_describe(
    writing.Next, "post", "claim_next", "Take the next article",
    answers={(200, JSON): shapes.WorkingSet, 204: OpenApiResponse(description="Nothing is left.")},
    refusals=READING, parameters=[ETAG], text="Work in hand comes first. The answer holds the set and its article.",
)  # fmt: skip
_describe(
    writing.Set, "get", "read_set", "One's own set",
    answers={(200, JSON): shapes.WorkingSet}, refusals=READING, parameters=[ETAG],
)  # fmt: skip
_describe(
    writing.SetSpan, "put", "add_span", "Add a span",
    answers={(201, JSON): shapes.WrittenSpan, (200, JSON): shapes.WrittenSpan}, refusals=ADDING,
    parameters=[ETAG], body=shapes.NewSpan, text=OWN_ID,
)  # fmt: skip
_describe(
    writing.SetSpan, "patch", "change_span", "Move a span's edges, change its label or answers",
    answers={(200, JSON): shapes.WrittenSpan}, refusals=CHANGING, parameters=[IF_MATCH, KEY, ETAG],
    body=shapes.SpanChange,
)  # fmt: skip
_describe(
    writing.SetSpan, "delete", "remove_span", "Remove a span with its relations",
    answers={(200, JSON): shapes.Outcome}, refusals=CHANGING, parameters=[IF_MATCH, KEY],
)  # fmt: skip
_describe(
    writing.SetRelation, "put", "relate", "Link two spans",
    answers={(201, JSON): shapes.WrittenRelation, (200, JSON): shapes.WrittenRelation}, refusals=ADDING,
    parameters=[ETAG], body=shapes.NewRelation, text=OWN_ID,
)  # fmt: skip
_describe(
    writing.SetRelation, "patch", "change_relation", "Change a relation's attributes",
    answers={(200, JSON): shapes.WrittenRelation}, refusals=CHANGING, parameters=[IF_MATCH, KEY, ETAG],
    body=shapes.RelationChange,
)  # fmt: skip
_describe(
    writing.SetRelation, "delete", "unrelate", "Remove a relation",
    answers={(200, JSON): shapes.Outcome}, refusals=CHANGING, parameters=[IF_MATCH, KEY],
)  # fmt: skip
_describe(
    writing.Submit, "post", "submit", "Hand the reading in",
    answers={(200, JSON): shapes.HandedIn}, refusals=CHANGING, parameters=[IF_MATCH, KEY, ETAG],
    text="Refused with `gaps` in `state` while the codebook's checks find an error.",
)  # fmt: skip
_describe(
    writing.Undo, "post", "undo", "Take back the last gesture",
    answers={(200, JSON): shapes.Outcome}, refusals=ADDING, parameters=[KEY],
)  # fmt: skip
_describe(
    writing.Redo, "post", "redo", "Take back the last undo",
    answers={(200, JSON): shapes.Outcome}, refusals=ADDING, parameters=[KEY],
)  # fmt: skip


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """Says nothing that is not in the code, so it needs no token."""
    return HttpResponse(_document(), content_type="application/vnd.oai.openapi+json")


openapi.login_required = False  # type: ignore[attr-defined]


@cache
def _document() -> bytes:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    document: bytes = OpenApiJsonRenderer().render(schema)
    return document
