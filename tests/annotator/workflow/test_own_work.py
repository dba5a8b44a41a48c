"""A reviewer's own articles, part by part: the first of each, and how many there are."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotator.annotation.models import AnnotationSet
from annotator.projects.models import Project
from annotator.workflow import own_work
from annotator.workflow.actions import assign
from annotator.workflow.models import Assignment
from tests.builders import Cast, make_article, make_project, started_set, submitted

SHOWN = 2


@pytest.fixture(autouse=True)
def few_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_work, "SHOWN", SHOWN)


def make_many(cast: Cast, number: int) -> Project:
    return make_project(cast, *(make_article(f"Article {one} of {number} has words.") for one in range(number)))


def hand_in(project: Project, cast: Cast, number: int) -> list[AnnotationSet]:
    return [submitted(started_set(project, cast.ada), cast.ada) for _ in range(number)]


def page(client: Client, cast: Cast, project: Project) -> str:
    client.force_login(cast.ada)
    return client.get(reverse("queue", args=[project.slug])).content.decode()


def test_of_many_handed_in_the_last_are_shown_and_all_are_counted(client: Client, cast: Cast) -> None:
    project = make_many(cast, 4)
    done = hand_in(project, cast, 3)
    shown = page(client, cast, project)
    assert "3 handed in" in shown
    assert [str(one.pk) in shown for one in done] == [False, True, True]
    address = f"{reverse('places', args=[project.slug])}?state=handed_in"
    assert f'href="{address}"' in shown
    everything = client.get(address).content.decode()
    assert all(str(one.pk) in everything for one in done)


def test_where_all_are_shown_nothing_leads_further(client: Client, cast: Cast) -> None:
    project = make_many(cast, 3)
    hand_in(project, cast, SHOWN)
    assert "state=handed_in" not in page(client, cast, project)


def test_what_was_offered_stands_in_the_order_in_which_it_comes(client: Client, cast: Cast) -> None:
    project = make_many(cast, 3)
    offered = [
        assign(project, row.article, reviewer=cast.ada, by=cast.dora)
        for row in project.project_articles.order_by("position")
    ]
    for at, one in enumerate(offered):
        Assignment.objects.filter(pk=one.pk).update(changed_at=one.changed_at + datetime.timedelta(hours=at))
    shown = page(client, cast, project)
    titles = [one.article.heading in shown for one in offered]
    assert titles == [True, True, False]
    assert shown.index(offered[0].article.heading) < shown.index(offered[1].article.heading)
    assert started_set(project, cast.ada).article == offered[0].article


@pytest.mark.parametrize("number", [1, 6])
def test_more_articles_ask_no_more_questions(
    client: Client, cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    project = make_many(cast, number + 1)
    hand_in(project, cast, number)
    with django_assert_num_queries(3):
        parts = own_work.own_work(cast.ada, project)
    assert (parts["handed_in"].count, len(parts["handed_in"].rows)) == (number, min(number, SHOWN))
    assert parts["handed_in"].left == max(0, number - SHOWN)
