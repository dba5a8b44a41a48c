"""Offering many articles at once: what would be offered to whom, and the offers as one recorded act."""

from collections import Counter
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.projects.models import Project
from annotator.workflow.actions import assign, claim_next, start, withdraw
from annotator.workflow.batches import Wish, assign_batch, planned
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.annotator.workflow.campaigns import allow, places, stage, texts
from tests.builders import Cast, make_article, make_project, started_set, submitted

pytestmark = pytest.mark.django_db


def offered(project: Project) -> Counter[str]:
    return Counter(
        Assignment.objects.filter(project=project, state="offered").values_list("reviewer__username", flat=True)
    )


def wish(*people: User, **values: Any) -> Wish:
    return Wish(readers=tuple(person.pk for person in people), **values)


def test_a_batch_is_dealt_evenly_and_is_one_recorded_act(cast: Cast) -> None:
    project = make_project(cast, *texts(6))
    before = project.chain.length
    plan = planned(cast.dora, project, wish(cast.ada, cast.ben))
    done = assign_batch(project, by=cast.dora, wish=wish(cast.ada, cast.ben))
    assert [(reader.username, number) for reader, number in plan.by_reader] == [("ada", 3), ("ben", 3)]
    assert plan.pairs == done.pairs
    assert offered(project) == {"ada": 3, "ben": 3}
    assert places(project) == {"offered": 6, "free": 6}
    project.chain.refresh_from_db()
    assert project.chain.length == before + 1
    assert claim_next(project, by=cast.ada).state == "started", "what was pushed comes before what is pulled"
    assert offered(project) == {"ada": 2, "ben": 3}


def test_a_batch_keeps_to_its_filter_and_number(cast: Cast) -> None:
    french, other = texts(2, outlet="Le Temps"), texts(3, outlet="The Times")
    project = make_project(cast, *french, *other, make_article("Guten Tag.", language="de"))
    assert planned(cast.dora, project, wish(cast.ada, outlet="Le Temps")).articles == 2
    assert planned(cast.dora, project, wish(cast.ada, language="de")).articles == 1
    assert planned(cast.dora, project, wish(cast.ada, stage="settling")).articles == 0
    plan = planned(cast.dora, project, wish(cast.ada, outlet="The Times", number=2))
    assert (plan.articles, plan.fitting) == (2, 3)


def test_each_article_can_go_to_several_and_beyond_its_places_only_when_asked(cast: Cast) -> None:
    project = make_project(cast, *texts(2), redundancy=1)
    assert len(planned(cast.dora, project, wish(cast.ada, cast.ben, each=2)).pairs) == 2
    assign_batch(project, by=cast.dora, wish=wish(cast.ada, cast.ben, each=2, beyond=True))
    assert offered(project) == {"ada": 2, "ben": 2}
    assert set(project.project_articles.values_list("readers", flat=True)) == {2}
    one = Assignment.objects.filter(project=project, reviewer=cast.ada).first()
    withdraw(one, by=cast.dora)
    assert places(project, one.article) == {"withdrawn": 1, "offered": 1, "free": 1}


def test_a_batch_gives_nobody_what_they_had_or_more_than_their_quota(cast: Cast) -> None:
    project = make_project(cast, *texts(4))
    start(assign(project, Article.objects.get(title="Number 0"), by=cast.dora, reviewer=cast.ada), by=cast.ada)
    allow(project, cast.dora, cast.ben, 2)
    plan = assign_batch(project, by=cast.dora, wish=wish(cast.ada, cast.ben, each=2))
    assert [(reader.username, number) for reader, number in plan.by_reader] == [("ada", 3), ("ben", 2)]


def test_people_who_do_not_review_get_nothing(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    assert planned(cast.dora, project, wish(cast.otto, cast.cleo)).pairs == []


def test_who_reads_an_article_does_not_choose_its_other_readers(cast: Cast) -> None:
    project = make_project(cast, *texts(3), members=[*cast.members, (cast.dora, "reviewer")])
    started_set(project, cast.dora)
    assert planned(cast.dora, project, wish(cast.ada)).fitting == 2


def test_an_article_on_the_desk_goes_back_to_be_read_when_one_more_reader_is_offered(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article, redundancy=1)
    submitted(started_set(project, cast.ada), cast.ada)
    assign_batch(project, by=cast.dora, wish=wish(cast.ben, stage="settling", beyond=True))
    assert stage(project, article) == "reading"


@pytest.mark.parametrize("number", [2, 9])
def test_a_plan_asks_as_many_questions_for_many_articles_as_for_few(
    cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    project = make_project(cast, *texts(number))
    with django_assert_num_queries(7):
        planned(cast.dora, project, wish(cast.ada, cast.ben))


def test_a_plan_tells_nothing_of_readers_of_an_article_that_the_manager_reads(cast: Cast) -> None:
    project = make_project(cast, *texts(2), members=[*cast.members, (cast.dora, "reviewer")])
    allow(project, cast.root, cast.ben, 1)
    own = started_set(project, cast.dora)
    before = planned(cast.dora, project, wish(cast.ben)).pairs
    assign(project, own.article, by=cast.root, reviewer=cast.ben)
    assert planned(cast.dora, project, wish(cast.ben)).pairs == before
