"""The tables of one project at one moment, in a handful of queries, and what must hold of them at any moment."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import UUIDField

from annotator.annotation.models import GOLD, AnnotationSet, Relation, Span
from annotator.prepared import Given, Prepared
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.models import Assignment, Decision, Exercise, GoldSource, SecondSettling
from annotator.workflow.slots import wanted
from annotator.workflow.states import COUNTING, PLACED, UNFINISHED, WRITING, may_move


class Place(NamedTuple):
    """`set`: id of the reader's annotation set, None before it was opened."""

    id: uuid.UUID
    article: uuid.UUID
    round: int
    purpose: str
    reader: uuid.UUID | None
    state: str
    set: Any

    @property
    def is_open(self) -> bool:
        return self.state in WRITING


class Second(NamedTuple):
    """A second settling; `set`: its own gold set, None before it was begun."""

    id: uuid.UUID
    article: uuid.UUID
    adjudicator: uuid.UUID
    state: str
    set: Any


class Sight:
    """What stands now. `most`: per article, the largest number of readers that it was ever to have."""

    def __init__(self, project: Project, before: "Sight | None" = None) -> None:
        self.places = [
            Place(one.pk, one.article_id, one.round, one.purpose, one.reviewer_id, one.state, one.annotation_set_id)
            for one in _places.rows(project=project.pk)
        ]
        self.sets = {one.pk: one for one in _sets.rows(project=project.pk)}
        articles = list(_articles.rows(project=project.pk))
        self.stages = {row.article_id: row.stage for row in articles}
        highest = before.most if before else {}
        self.most = {row.article_id: max(wanted(project, row), highest.get(row.article_id, 0)) for row in articles}
        self.spans = list(_spans.rows(project=project.pk))
        self.relations = list(_relations.rows(project=project.pk))
        self.linked = {(one.source_id, one.target_id) for one in self.relations}
        self.sources = {one.item for one in _sources.rows(project=project.pk)}
        self.seconds = [
            Second(one.pk, one.article_id, one.adjudicator_id, one.state, one.gold_set_id)
            for one in _seconds.rows(project=project.pk)
        ]
        self.settlers = {(one.gold_set_id, one.by_id) for one in _settlers.rows(project=project.pk)}
        self.lessons = {one.article_id for one in _lessons.rows(project=project.pk)}
        self.events = events()

    @property
    def waiting(self) -> list[Second]:
        return [one for one in self.seconds if one.state == "waiting"]

    def settled_by(self, person: uuid.UUID) -> set[uuid.UUID]:
        """Articles that they decided something about, or are to settle a second time."""
        again = {one.article for one in self.seconds if one.adjudicator == person and one.state != "ended"}
        return again | {self.sets[gold].article_id for gold, by in self.settlers if by == person}

    def article_of(self, span: Span) -> uuid.UUID:
        return self.sets[span.annotation_set_id].article_id

    def spans_of(self, set: uuid.UUID | None) -> list[Span]:
        return self._spans_by_set[set]

    @cached_property
    def _spans_by_set(self) -> defaultdict[uuid.UUID | None, list[Span]]:
        found: defaultdict[uuid.UUID | None, list[Span]] = defaultdict(list)
        for span in self.spans:
            found[span.annotation_set_id].append(span)
        return found


def events() -> int:
    """How many events there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM annotator_event")
        return int(cursor.fetchone()[0])


PROJECT = Given("project", UUIDField())
_places = Prepared(lambda: Assignment.objects.filter(project=PROJECT).order_by("shuffle", "slot"))
_sets = Prepared(lambda: AnnotationSet.objects.filter(project=PROJECT).select_related("chain"))
_articles = Prepared(lambda: ProjectArticle.objects.filter(project=PROJECT).order_by())
_spans = Prepared(lambda: Span.objects.filter(annotation_set__project=PROJECT).order_by("start", "end", "label"))
_relations = Prepared(lambda: Relation.objects.filter(annotation_set__project=PROJECT))
_seconds = Prepared(lambda: SecondSettling.objects.filter(project=PROJECT).order_by("changed_at", "pk"))
_settlers = Prepared(lambda: Decision.objects.filter(gold_set__project=PROJECT, by__isnull=False))
_lessons = Prepared(lambda: Exercise.objects.filter(project=PROJECT))
_sources = Prepared(lambda: GoldSource.objects.filter(gold_set__project=PROJECT, attribute=""))


def check(sight: Sight, before: Sight, texts: Mapping[uuid.UUID, str], quotes: Mapping[uuid.UUID, set[str]]) -> None:
    """Bounds, quotes, one gold, states. `quotes`: what its reader ever marked under the id of a span."""
    gold = {one.pk for one in sight.sets.values() if one.voice == GOLD}
    for span in sight.spans:
        text = texts[sight.article_of(span)]
        assert 0 <= span.start < span.end <= len(text), f"{span.pk} lies outside of its text"
        quote = text[span.start : span.end]
        assert span.annotation_set_id in gold or quote in quotes[span.pk], f"{span.pk} is not what was marked"
        assert span.multiline == ("\n" in quote)
    _check_relations(sight)
    _check_provenance(sight, gold)
    _check_places(sight, before)
    _check_stages(sight)
    _check_seconds(sight)


def _check_relations(sight: Sight) -> None:
    owner = {span.pk: span.annotation_set_id for span in sight.spans}
    for one in sight.relations:
        assert owner[one.source_id] == owner[one.target_id] == one.annotation_set_id, f"{one.pk} joins two readings"


def _check_provenance(sight: Sight, gold: set[uuid.UUID]) -> None:
    items = {one.pk for one in (*sight.spans, *sight.relations) if one.annotation_set_id in gold}
    assert sight.sources == items, "each item of gold comes from a judgement, and no judgement leads nowhere"


def _check_places(sight: Sight, before: Sight) -> None:
    was, now = {place.id: place for place in before.places}, {place.id: place for place in sight.places}
    for place in now.values():
        earlier = was[place.id].state if place.id in was else "free"
        assert earlier == place.state or _can_come(earlier, place), f"from {earlier} to {place.state}"
        assert (place.state == "free") == (place.reader is None)
        if place.set:
            assert (sight.sets[place.set].state == "open") == place.is_open, f"{place} and its set disagree"
        else:
            assert not place.is_open and place.state not in ("submitted", "released")
    assert {was[id].state for id in was.keys() - now.keys()} <= {"free"}, "only free places go away"
    had = [(place.article, place.reader, place.round) for place in now.values() if place.reader]
    assert len(had) == len(set(had)), "the same person twice"
    assert len({(one.article_id, one.voice, one.round) for one in sight.sets.values()}) == len(sight.sets), (
        "one set for each voice"
    )


def _can_come(earlier: str, place: Place) -> bool:
    """A reading that counts for nothing is released as it is handed in where its article is."""
    if may_move(earlier, place.state):
        return True
    return place.purpose != "reading" and may_move(earlier, "submitted") and may_move("submitted", place.state)


def _check_stages(sight: Sight) -> None:
    states: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for place in sight.places:
        if place.purpose == "reading":
            states[place.article].append(place.state)
    gold = {one.article_id: one.state for one in sight.sets.values() if one.voice == GOLD and one.round == 1}
    for article, stage in sight.stages.items():
        taken = sum(state in (*PLACED, "free") for state in states[article])
        assert taken <= sight.most[article], "more readers than were wanted"
        waits = any(state in ("free", *UNFINISHED) for state in states[article])
        assert (stage == "reading") == waits, f"{stage} with {states[article]}"
        if stage in ("gold", "released"):
            assert gold.get(article) == "closed", "gold is out and can be changed"
        else:
            assert gold.get(article, "open") == "open", "gold is at the desk and cannot be changed"


def _check_seconds(sight: Sight) -> None:
    settled = {(sight.sets[gold].article_id, person) for gold, person in sight.settlers}
    reading = {(place.article, place.reader) for place in sight.places if place.state in COUNTING}
    assert not settled & reading, "who settles an article reads it"
    going = [one.article for one in sight.seconds if one.state != "ended"]
    assert len(going) == len(set(going)), "settled a second time twice"
    first = {one.article_id: one.pk for one in sight.sets.values() if one.voice == GOLD and one.round == 1}
    for one in sight.seconds:
        if one.state == "waiting":
            assert (first[one.article], one.adjudicator) not in sight.settlers, "who settled it first settles it again"
        if one.set and one.state != "ended":
            assert sight.sets[one.set].state == ("open" if one.state == "waiting" else "closed")
            assert sight.sets[one.set].round > 1, "the first gold stays the gold"
