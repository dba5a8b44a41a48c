"""The picture of where the articles stood, made of what the database keeps of a campaign of some days."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from annotator.projects.models import Project, ProjectArticle, StageChange
from annotator.workflow.actions import assign, send_back, start
from annotator.workflow.adjudication import release_to_readers, reopen
from annotator.workflow.campaign import take_articles, take_back, withdraw_article
from annotator.workflow.charts import chart_for
from annotator.workflow.exercises import end_training_with, train_with
from annotator.workflow.history import work_for
from annotator.workflow.models import Assignment
from annotator.workflow.stages import Stacked
from annotator.workflow.verification import verification
from corpus.models import Article
from tests.annotator.workflow.pictures import picture_for, shown_last, standing_now
from tests.builders import Cast, make_article, make_project, mark, settled, started_set, submitted

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)

Clock = Callable[[int], None]


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Makes it so many days after MONDAY."""

    def turn(days: int) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + datetime.timedelta(days=days))

    turn(0)
    return turn


def texts(number: int, what: str = "spoke") -> list[Article]:
    return [make_article(f"The minister {what} {place} times.") for place in range(number)]


def read_all(cast: Cast, project: Project, number: int) -> None:
    """Both reviewers read so many articles: as both draw in an order of their own, all those there are."""
    for user in (cast.ada, cast.ben):
        for _ in range(number):
            reading = started_set(project, user)
            mark(reading, user, "The minister", "ACTOR")
            submitted(reading, user)


def at_stage(project: Project, stage: str) -> list[ProjectArticle]:
    return list(ProjectArticle.objects.filter(project=project, stage=stage).order_by("position"))


def days_of(picture: Stacked) -> dict[int, dict[str, int]]:
    """By days after MONDAY, what stood where when the day ended."""
    keys = [band.key for band in picture.bands]
    return {
        (line.day - MONDAY.date()).days: {key: count for key, count in zip(keys, line.counts, strict=True) if count}
        for line in picture.latest
    }


def test_every_day_ends_with_what_stood_then_and_the_last_one_with_the_bars_of_today(cast: Cast, on_day: Clock) -> None:
    elsewhere = texts(1, "taught")
    other = make_project(cast, *elsewhere)
    read_all(cast, other, 1)
    settled(other, elsewhere[0], cast.cleo)
    project = make_project(cast, *texts(5))
    bars: dict[int, dict[str, int]] = {0: standing_now(cast.dora, project)}

    def after(days: int) -> None:
        bars[days] = standing_now(cast.dora, project)
        assert shown_last(cast.dora, project) == bars[days]

    on_day(1)
    read_all(cast, project, 5)
    after(1)
    on_day(2)
    for row in at_stage(project, "settling")[:3]:
        settled(project, row.article, cast.cleo)
    after(2)
    on_day(4)
    released, reopened, gold = (row.article_id for row in at_stage(project, "gold"))
    for article in (released, reopened):
        release_to_readers(cast.dora, project, article)
    sent_back = Assignment.objects.filter(article=at_stage(project, "settling")[0].article_id).first()
    assert sent_back is not None
    send_back(sent_back, by=cast.dora, reason="Look again.")
    after(4)
    on_day(5)
    reopen(cast.cleo, project, reopened)
    take_articles(project, [*elsewhere, *texts(2, "came")], by=cast.dora)
    train_with(project, [elsewhere[0].pk], by=cast.dora)
    withdraw_article(Article.objects.get(pk=gold), by=cast.root)
    after(5)
    assert bars == {
        0: {"reading": 5},
        1: {"settling": 5},
        2: {"settling": 2, "gold": 3},
        4: {"settling": 1, "reading": 1, "gold": 1, "released": 2},
        5: {"settling": 2, "reading": 3, "gold": 1, "released": 1, "training": 1},
    }
    on_day(6)
    end_training_with(project, elsewhere[0].pk, by=cast.dora)
    take_back(start(assign(project, elsewhere[0], by=cast.dora, reviewer=cast.ada), by=cast.ada), by=cast.dora)
    after(6)
    on_day(8)
    picture = picture_for(cast.dora, project)
    assert picture is not None
    assert days_of(picture) == {**bars, 8: bars[6]}
    assert list(verification().findings()) == []


def test_a_change_that_was_refused_leaves_no_day(cast: Cast) -> None:
    project = make_project(cast, *texts(1))
    before = StageChange.objects.count()
    with pytest.raises(Exception, match="Only an article with published gold"):
        release_to_readers(cast.dora, project, at_stage(project, "reading")[0].article_id)
    assert StageChange.objects.count() == before


def test_what_a_manager_reads_stands_on_no_day_before_it_is_opened_to_them(cast: Cast, on_day: Clock) -> None:
    article, other = texts(2)
    project = make_project(cast, article, other, members=[*cast.members, (cast.dora, "reviewer")], redundancy=1)
    reading = start(assign(project, article, by=cast.root, reviewer=cast.dora), by=cast.dora).annotation_set
    assert reading is not None
    on_day(1)
    submitted(reading, cast.dora)
    found = picture_for(cast.dora, project)
    assert found is not None and days_of(found) == {0: {"reading": 1}, 1: {"reading": 1}}
    assert shown_last(cast.dora, project) == standing_now(cast.dora, project)
    assert shown_last(cast.root, project) == {"reading": 1, "settling": 1}
    settled(project, article, cast.cleo)
    release_to_readers(cast.root, project, article.pk)
    assert shown_last(cast.dora, project) == {"reading": 1, "released": 1}


def test_who_sees_their_own_work_alone_is_told_of_no_article(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    assert picture_for(cast.ada, project) is None
    assert not work_for(cast.ada, project).stage_changes().exists()


@pytest.mark.parametrize("number", [1, 6])
def test_it_takes_as_many_questions_for_many_articles_and_days_as_for_few(
    cast: Cast, number: int, on_day: Clock, django_assert_num_queries: Any
) -> None:
    project = make_project(cast, *texts(number))
    for days in range(number):
        on_day(days)
        read_all(cast, project, 1)
    work = work_for(cast.dora, project)
    with django_assert_num_queries(3):
        assert chart_for(work, MONDAY.date() + datetime.timedelta(days=number)).articles is not None
