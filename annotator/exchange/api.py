"""What programs read. Each listing comes as JSON in pages, or as one stream of JSON lines."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.dateparse import parse_datetime
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.errors import Problem
from annotator.exchange import audit, disagreement, exports, registers, texts
from annotator.exchange.exports import Fetch, Wanted
from annotator.exchange.formats import jsonl
from annotator.exchange.records import Record, codebook_part, plain
from annotator.exchange.sealing import seal_export
from annotator.exchange.snapshots import snapshot
from annotator.exchange.streaming import as_lines
from annotator.projects.access import projects_for
from annotator.projects.models import Membership, Project
from annotator.rest import PAGING, ApiView, asking, cursor_of, flag, identifier, limit_of, page, parameters


class LinesRenderer(BaseRenderer):
    """Only to be asked for (`Accept: application/x-ndjson`, or `?format=jsonl`); the view writes the lines itself."""

    media_type = jsonl.MEDIA_TYPE
    format = "jsonl"
    charset = None


class Listing(ApiView):
    """Records one after the other. A subclass names its own parameters and gives the records."""

    renderer_classes = (JSONRenderer, LinesRenderer)
    filters: tuple[str, ...] = ()
    place: tuple[Any, ...] = (int,)
    """How the parts of a record's place are read from a cursor."""
    rests_on_log = True

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        project = self.project(request, slug)
        streamed = request.accepted_renderer.format == "jsonl"
        parameters(request, *self.filters, *(() if streamed else PAGING))
        # An export is one stream, or begins with its first page.
        begins = self.rests_on_log and "cursor" not in request.query_params
        headers = seal_export(asking(request), project) if begins else {}
        if streamed:
            lines = as_lines(self.records(request, project))
            return StreamingHttpResponse(lines, content_type=jsonl.MEDIA_TYPE, headers=headers)
        answer = self._page(request, project)
        for name, value in headers.items():
            answer.headers[name] = value
        return answer

    def records(self, request: Request, project: Project) -> Fetch:
        raise NotImplementedError

    def _page(self, request: Request, project: Project) -> Response:
        limit, after = limit_of(request), cursor_of(request, *self.place)
        with snapshot():
            found = self.records(request, project)(after, limit + 1)
            more = self.remarks(request, project)
        last = found[limit - 1][0] if len(found) > limit else None
        return page(request, (record for _, record in found[:limit]), last, **more)

    def remarks(self, request: Request, project: Project) -> Record:
        """What a page says beside its records."""
        return {}


class Gold(Listing):
    scopes: Mapping[str, str] = {"GET": "gold:read"}
    filters = ("label", "article", "changed_since", "text", "provenance")

    def records(self, request: Request, project: Project) -> Fetch:
        return exports.gold(asking(request), project, wanted(request, project))


class Judgements(Listing):
    scopes: Mapping[str, str] = {"GET": "audit:read"}
    filters = ("label", "article", "changed_since", "text", "provenance")
    place = (UUID,)

    def records(self, request: Request, project: Project) -> Fetch:
        return exports.judgements(asking(request), project, wanted(request, project))


class Disagreement(Listing):
    scopes: Mapping[str, str] = {"GET": "audit:read"}
    filters = ("article", "text", "provenance")

    def records(self, request: Request, project: Project) -> Fetch:
        return disagreement.disagreement(asking(request), project, wanted(request, project))


class Articles(Listing):
    scopes: Mapping[str, str] = {"GET": "gold:read"}
    filters = ("article",)
    rests_on_log = False

    def records(self, request: Request, project: Project) -> Fetch:
        return texts.articles(project, identifier(request, "article"))


class Events(Listing):
    scopes: Mapping[str, str] = {"GET": "audit:read"}
    filters = ("chain",)
    place = (UUID, int)

    def records(self, request: Request, project: Project) -> Fetch:
        return audit.events(asking(request), project, identifier(request, "chain"))

    def remarks(self, request: Request, project: Project) -> Record:
        return {"withheld": audit.withheld(asking(request), project)}


class Registers(Listing):
    scopes: Mapping[str, str] = {"GET": "gold:read"}
    filters = ("list",)
    place = (str, str)

    def records(self, request: Request, project: Project) -> Fetch:
        return registers.entries(asking(request), project, request.query_params.get("list"))


def wanted(request: Request, project: Project) -> Wanted:
    """Raises Problem for a label that the codebook does not have, and for anything that cannot be read."""
    labels = request.query_params.getlist("label")
    for label in labels:
        if not project.label_set.codebook.has_label(label):
            known = ", ".join(one.key for one in project.label_set.codebook.labels)
            raise Problem(
                f"There is no label “{label[:40]}”: choose among {known}.", code="unknown_label", field="label"
            )
    return Wanted(
        labels=frozenset(labels) or None,
        article=identifier(request, "article"),
        changed_since=_time(request, "changed_since"),
        text=flag(request, "text", default=True),
        provenance=flag(request, "provenance", default=True),
    )


def _time(request: Request, name: str) -> datetime.datetime | None:
    value = request.query_params.get(name)
    if value is None:
        return None
    try:
        time = parse_datetime(value)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        reason = f"Give {name} as a time with its zone, such as 2026-11-02T09:30:00Z."
        raise Problem(reason, code="bad_parameter", field=name)
    return time


class Projects(ApiView):
    """The projects that owner and token share."""

    scopes: Mapping[str, str] = {"GET": ""}

    def get(self, request: Request) -> Response:
        parameters(request, *PAGING)
        limit, after = limit_of(request), cursor_of(request, UUID)
        found = projects_for(asking(request)).select_related("label_set").defer("label_set__body").order_by("pk")
        if after is not None:
            found = found.filter(pk__gt=after[0])
        rows = list(found[: limit + 1])
        last = (rows[limit - 1].pk,) if len(rows) > limit else None
        return page(request, _project_records(request, rows[:limit]), last)


def _project_records(request: Request, projects: Sequence[Project]) -> Iterator[Record]:
    roles: dict[UUID, set[str]] = defaultdict(lambda: {"manager"} if asking(request).is_superuser else set())
    held = Membership.objects.filter(user=asking(request), project__in=projects)
    for project_id, role in held.values_list("project", "role"):
        roles[project_id].add(role)
    for project in projects:
        book = project.label_set
        yield {
            "id": str(project.pk),
            "slug": project.slug,
            "name": project.name,
            "codebook": codebook_part(book.slug, book.number, book.digest),
            "roles": sorted(roles[project.pk]),
        }


class CodebookOfProject(ApiView):
    scopes: Mapping[str, str] = {"GET": "gold:read"}

    def get(self, request: Request, slug: str) -> Response:
        parameters(request)
        label_set = self.project(request, slug).label_set
        part = codebook_part(label_set.slug, label_set.number, label_set.digest)
        return Response({**part, "frozen_at": plain(label_set.frozen_at), "content": json.loads(label_set.body)})
