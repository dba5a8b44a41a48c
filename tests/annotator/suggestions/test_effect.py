"""Readings with suggestions beside readings without."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.annotation.actions import add_span, reject_suggestions
from annotator.annotation.models import AnnotationSet, TimeOnTask
from annotator.projects.actions import give_role
from annotator.projects.models import Project
from annotator.suggestions.effect import difference, effect_for
from annotator.workflow.actions import assign
from tests.builders import Cast, make_article, make_project, place, started_set, submitted

TEXT = "The minister {} rejected the plan and the union waits."


def test_the_difference_of_two_means_has_an_interval() -> None:
    found = difference([4, 6], [1, 3])
    assert found is not None
    assert (found.mean, round(found.low, 2), round(found.high, 2)) == (3, 0.23, 5.77)
    assert difference([1], [1, 2]) is None


@pytest.fixture
def project(cast: Cast, db: None) -> Project:
    """Ada read two articles with suggestions and two without, with 2, 2, 1 and 1 spans."""
    articles = [make_article(TEXT.format(number)) for number in range(4)]
    project = make_project(cast, *articles)
    for number in range(4):
        read(started_set(project, cast.ada), cast, suggested=number < 2)
    return project


def read(own: AnnotationSet, cast: Cast, *, suggested: bool) -> None:
    AnnotationSet.objects.filter(pk=own.pk).update(suggested=suggested)
    for quote, seen in [("the plan", ""), ("the union", "accepted")][: 2 if suggested else 1]:
        start, end = place(own, quote)
        add_span(
            own.pk, by=cast.ada, gesture=uuid.uuid4(), id=uuid.uuid4(), start=start, end=end, quote=quote,
            label="ACTOR", suggestion=seen,
        )  # fmt: skip
    if suggested:
        where = {"id": uuid.uuid4(), "start": 0, "end": 12}
        reject_suggestions(own.pk, by=cast.ada, gesture=uuid.uuid4(), places=[where], label="ACTOR")
        TimeOnTask.objects.update_or_create(
            annotation_set=own, defaults={"seconds": 180, "reported_at": timezone.now()}
        )
    submitted(own, cast.ada)


def test_both_sides_are_counted(cast: Cast, project: Project) -> None:
    effect = effect_for(cast.dora, project)
    assert (len(effect.offered.readings), len(effect.without.readings)) == (2, 2)
    assert (effect.offered.spans_each, effect.without.spans_each) == (2, 1)
    assert (effect.offered.accepted, effect.offered.changed, effect.offered.rejected_each) == (50, 0, 1)
    assert effect.without.accepted == 0
    assert (effect.offered.minutes_each, effect.without.minutes_each) == (3, None)
    assert effect.spans is not None and effect.spans.mean == 1


def test_the_project_page_has_a_box_for_it(cast: Cast, client: Client, project: Project) -> None:
    client.force_login(cast.dora)
    address = f"/projects/{project.slug}/suggestions/"
    assert address in client.get(f"/projects/{project.slug}/").content.decode()
    box = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "50\u00a0%" in box and "<html" not in box
    assert "<html" in client.get(address).content.decode()


def test_a_manager_who_reads_learns_nothing_of_it_on_their_articles(cast: Cast, project: Project) -> None:
    give_role(project, by=cast.root, user=cast.dora, role="reviewer")
    assign(project, project.project_articles.earliest("position").article, by=cast.root, reviewer=cast.dora)
    effect = effect_for(cast.dora, Project.objects.get(pk=project.pk))
    assert len([*effect.offered.readings, *effect.without.readings]) == 3


def test_more_readings_ask_no_more_often(cast: Cast, project: Project) -> None:
    with CaptureQueriesContext(connection) as asked:
        effect_for(cast.dora, project)
    other = make_project(cast, make_article(TEXT))
    read(started_set(other, cast.ada), cast, suggested=True)
    with CaptureQueriesContext(connection) as fewer:
        effect_for(cast.dora, other)
    assert len(asked) == len(fewer)
