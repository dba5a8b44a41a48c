"""What saving a span costs at least: a Django view that writes the same rows, and nothing around it.

Settings and view in one module. The same tables with their triggers, the same chain with its lock and head, the
same `atomic()`, the same server; no sign-in, no session, no rules, no templates, no middleware.
"""

import datetime
import json
import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

from annotator.settings import *  # noqa: F403

MIDDLEWARE: list[str] = []
ROOT_URLCONF = __name__


def save(request: HttpRequest, set_id: uuid.UUID, span_id: uuid.UUID) -> HttpResponse:
    from annotator.annotation.models import Span
    from annotator.log.chain import canonical, event_hash
    from annotator.log.models import Chain, Event

    asked = json.loads(request.body)
    values = {
        "annotation_set": str(set_id), "start": asked["start"], "end": asked["end"], "label": asked["label"],
        "attributes": {}, "absent": [], "multiline": False,
    }  # fmt: skip
    with transaction.atomic():
        chain = Chain.objects.select_for_update().get(annotation_set=set_id)
        seq = chain.length + 1
        Span.objects.create(
            id=span_id, annotation_set_id=set_id, start=asked["start"], end=asked["end"], label=asked["label"],
            version=seq,
        )  # fmt: skip
        now = timezone.now().astimezone(datetime.UTC)
        body = canonical(
            {
                "v": 1,
                "chain": str(chain.pk),
                "seq": seq,
                "at": now.isoformat(timespec="microseconds"),
                "by": None,
                "action": "add_span",
                "gesture": str(span_id),
                "asked": "0" * 16,
                "undoes": None,
                "undo_top": seq,
                "redo_top": None,
                "changes": [{"kind": "span", "id": str(span_id), "before": None, "after": values}],
            }
        )
        digest = event_hash(chain.head, body)
        Event.objects.create(
            chain=chain, seq=seq, gesture=span_id, previous=chain.head, body=body, hash=digest, undo_top=seq,
            log=chain.log, action="add_span", day=now.date(),
        )  # fmt: skip
        Chain.objects.filter(pk=chain.pk).update(length=seq, head=digest)
    return JsonResponse({"id": str(span_id), "version": seq, **values}, status=201)


urlpatterns = [path("sets/<uuid:set_id>/spans/<uuid:span_id>/", save)]
