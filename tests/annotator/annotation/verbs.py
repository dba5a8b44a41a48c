"""Ada at work by the verbs themselves, without a page: what the tests of the actions are told with."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotation import actions, rules
from annotator.annotation.editing import Done
from annotator.annotation.models import AnnotationSet, Relation, Span
from annotator.errors import Problem
from annotator.log.models import Event
from annotator.log.records import snapshot
from tests.builders import TEXT, Cast, link, make_article, make_project, mark, place, started_set


@dataclass
class Desk:
    """Ada at work on one article: the verbs with her, her set and a new gesture filled in."""

    by: User
    set: AnnotationSet

    def __getattr__(self, verb: str) -> Callable[..., Done]:
        def do(*, gesture: uuid.UUID | None = None, **asked: Any) -> Done:
            done: Done = getattr(actions, verb)(self.set.pk, by=self.by, gesture=gesture or uuid.uuid4(), **asked)
            return done

        return do

    def add(self, words: str, label: str = "CLAIM", **asked: Any) -> Done:
        start, end = place(self.set, words)
        here = {"id": uuid.uuid4(), "start": start, "end": end, "quote": words, "label": label}
        return self.add_span(**{**here, **asked})

    def mark(self, quote: str, label: str = "CLAIM", **attributes: Any) -> Span:
        return mark(self.set, self.by, quote, label, **attributes)

    def link(self, type: str, source: Span, target: Span, **attributes: Any) -> Relation:
        return link(self.set, self.by, type, source, target, **attributes)

    def state(self) -> dict[str, Any]:
        """All that the set says, without the versions."""
        rows = [*self.set.spans.all(), *self.set.relations.all(), *self.set.comments.all()]
        return {str(row.pk): snapshot(row) for row in rows}

    def events(self) -> int:
        return Event.objects.filter(chain=self.set.chain_id).count()


def desk_on(cast: Cast, text: str = TEXT, codebook: str = "claims-actors-stances") -> Desk:
    project = make_project(cast, make_article(text), codebook=codebook)
    return Desk(cast.ada, started_set(project, cast.ada))


def refused(desk: Desk, code: str, call: Callable[[], Any]) -> Exception:
    """The call is refused under this code, and has left neither a row nor an event."""
    before, events = desk.state(), desk.events()
    with pytest.raises((Problem, rules.RuleError)) as caught:
        call()
    assert getattr(caught.value, "code", None) == code
    assert (desk.state(), desk.events()) == (before, events)
    return caught.value


def place_of(desk: Desk, quote: str, nth: int) -> dict[str, Any]:
    start, end = place(desk.set, quote, nth)
    return {"id": uuid.uuid4(), "start": start, "end": end, "quote": quote}
