"""What a manager may know of a project, and how many questions to the database it takes."""

import pytest

from annotator.projects.models import Project
from annotator.workflow import progress as module
from annotator.workflow.actions import assign, start
from annotator.workflow.overview import campaigns_for, next_steps
from annotator.workflow.progress import articles_for, assignable, progress_for, readers_for
from tests.builders import Cast, make_article, make_project, started_set, submitted

pytestmark = pytest.mark.django_db


def counts(bar: module.Bar) -> dict[str, int]:
    return {part.key: part.count for part in bar.parts if part.count}


def texts(number: int) -> list[object]:
    return [make_article(f"Text number {place}.") for place in range(number)]


def test_articles_and_places_are_counted_by_where_they_stand(cast: Cast) -> None:
    project = make_project(cast, *texts(3))
    submitted(started_set(project, cast.ada), cast.ada)
    started_set(project, cast.ada)
    found = progress_for(cast.dora, project)
    assert counts(found.articles) == {"reading": 3}
    assert counts(found.places) == {"free": 4, "started": 1, "submitted": 1}
    assert found.own == 0


def test_what_the_manager_reads_is_in_no_figure(cast: Cast) -> None:
    article, other = texts(2)
    project = make_project(cast, article, other, members=[*cast.members, (cast.dora, "reviewer")])
    start(assign(project, article, by=cast.root, reviewer=cast.dora), by=cast.dora)
    before = progress_for(cast.dora, project), readers_for(cast.dora, project)
    submitted(start(assign(project, article, by=cast.root, reviewer=cast.ben), by=cast.ben).annotation_set, cast.ben)
    found = progress_for(cast.dora, project)
    assert (found, readers_for(cast.dora, project)) == before
    assert (found.articles.total, found.places.total, found.own) == (1, 2, 1)
    assert progress_for(cast.root, project).articles.total == 2


def test_pages_follow_one_another_in_both_directions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    project = make_project(cast, *texts(5))

    def shown(**where: int) -> tuple[list[int], int | None, int | None]:
        page = articles_for(cast.dora, project, **where)
        return [line.row.position for line in page.lines], page.before, page.after

    assert shown() == ([1, 2], None, 2)
    assert shown(after=2) == ([3, 4], 3, 4)
    assert shown(after=4) == ([5], 5, None)
    assert shown(before=5) == ([3, 4], 3, 4)
    assert shown(before=3) == ([1, 2], None, 2)
    assert shown(after=9) == ([], None, None)
    assert shown(before=1) == ([], None, None)


def test_a_stage_lists_its_articles_but_none_that_the_manager_reads(cast: Cast) -> None:
    article, other = texts(2)
    project = make_project(cast, article, other, members=[*cast.members, (cast.dora, "reviewer")])
    assign(project, article, by=cast.root, reviewer=cast.dora)
    lines = articles_for(cast.dora, project).lines
    assert [(line.hidden, len(line.places)) for line in lines] == [(True, 0), (False, 2)]
    assert [line.article for line in articles_for(cast.dora, project, stage="reading").lines] == [other]


@pytest.mark.parametrize("number", [1, 7])
def test_no_list_asks_more_questions_for_more_articles(
    cast: Cast, number: int, django_assert_num_queries: object
) -> None:
    project = make_project(cast, *texts(number))
    started_set(project, cast.ada)
    fresh = Project.objects.get(pk=project.pk)
    with django_assert_num_queries(4):
        assert [line.article.heading for line in articles_for(cast.dora, fresh).lines]
    with django_assert_num_queries(3):
        progress_for(cast.dora, fresh)
    with django_assert_num_queries(2):
        readers_for(cast.dora, fresh)


@pytest.mark.parametrize("number", [1, 4])
def test_the_start_page_asks_no_more_questions_for_more_projects(
    cast: Cast, number: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(number):
        started_set(make_project(cast, *texts(2)), cast.ada)
    with django_assert_max_num_queries(4):
        assert len(campaigns_for(cast.ada)) == number


def test_the_start_page_counts_what_is_in_hand_and_what_waits(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    for user in (cast.ada, cast.ben):
        submitted(start(assign(project, texts(1)[0], by=cast.dora, reviewer=user), by=user).annotation_set, user)
    started_set(project, cast.ada)
    (ada,), (cleo,), (dora,) = (campaigns_for(user) for user in (cast.ada, cast.cleo, cast.dora))
    assert (ada.roles, ada.at_work, ada.handed_in, ada.to_settle) == (("reviewer",), 1, 1, 0)
    assert (cleo.roles, cleo.to_settle) == (("adjudicator",), 1)
    assert dora.bar.total == 2
    assert campaigns_for(cast.otto) == []


def test_next_steps_say_what_is_missing(cast: Cast) -> None:
    project = make_project(cast, members=[(cast.dora, "manager"), (cast.ada, "reviewer")])
    words = [
        step.words for step in next_steps(project, progress_for(cast.dora, project), readers_for(cast.dora, project), 0)
    ]
    assert words == ["Each article wants 2 readers; the project has 1.", "Nobody settles differences yet."]


def test_only_reviewers_who_never_had_the_article_can_be_offered_it(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    row = project.project_articles.get()
    assert list(assignable(row)) == [cast.ada, cast.ben]
    assign(project, article, by=cast.dora, reviewer=cast.ada)
    assert list(assignable(row)) == [cast.ben]
