"""The page on which a manager moves a project: what would happen first, then the move."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.agreement import kept
from annotator.agreement.study import Chosen, study_for
from annotator.annotation.models import AnnotationSet
from annotator.annotation.queries import annotation_set_for
from annotator.projects.models import CodebookMove, Project
from annotator.workflow import actions
from annotator.workflow.moving_plan import plan_for
from tests.annotator.schema.books import retire
from tests.annotator.workflow.test_moving import (
    RENAME,
    RETIRE,
    STANCE,
    labels,
    moved,
    next_version,
    position,
    reading,
    two_readings,
)
from tests.builders import Cast, make_article, make_project, mark, settled, submitted


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(project: Project) -> str:
    return f"/projects/{project.slug}/codebook/"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_without_a_later_version_there_is_nothing_to_move_to(cast: Cast) -> None:
    project = make_project(cast)
    assert "There is no later version" in text(browser(cast.dora), page(project))


def test_what_would_happen_is_told_before(cast: Cast) -> None:
    project = make_project(cast)
    submitted(reading(project, cast.ada), cast.ada)
    reading(project, cast.ben)
    to = next_version(project, cast, position)
    plan = plan_for(cast.dora, project, to, RENAME)
    assert (plan.readings, plan.handed_in, plan.gold, plan.published) == (1, 1, 0, 0)
    assert (plan.fates["renamed"], plan.met[STANCE].items, plan.met[STANCE].examples) == (1, 1, ["rejected the plan"])
    said = text(browser(cast.dora), page(project))
    for words in ("Label POSITION", "rejected the plan", "1 open reading and 0 open gold go on", "1 renamed"):
        assert words in said
    assert labels(reading_of(project, cast.ben)) == ["ACTOR", "STANCE"]


def reading_of(project: Project, user: User) -> AnnotationSet:
    return project.annotation_sets.get(owner=user)


def test_gold_that_holds_what_retires_is_counted(cast: Cast) -> None:
    project = make_project(cast)
    for user in (cast.ada, cast.ben):
        submitted(reading(project, user), user)
    settled(project, project.project_articles.get().article, cast.cleo)
    to = next_version(project, cast, position)
    assert plan_for(cast.dora, project, to, RENAME).flagged == 0
    browser(cast.dora).get(page(project))
    said = text(browser(cast.dora), f"{page(project)}?fate-0=retire")
    assert "Gold of 1 published article holds what retires" in said


def test_what_is_proposed_can_be_changed_and_then_moved(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    next_version(project, cast, position)
    split = text(browser(cast.dora), f"{page(project)}?to=2&fate-0=split&to-0=POSITION")
    assert "Name two or more" in split
    refused = browser(cast.dora).post(page(project), {"to": "2", "fate-0": "split", "to-0": "POSITION"})
    assert (refused.status_code, CodebookMove.objects.count()) == (422, 0)
    done = browser(cast.dora).post(page(project), {"to": "2", "fate-0": "rename", "to-0": "POSITION"})
    assert done["Location"] == page(project)
    assert labels(own) == ["ACTOR", "POSITION"]
    assert "still stand" not in text(browser(cast.dora), page(project))


def test_a_manager_who_reads_an_article_learns_nothing_of_others_on_it(cast: Cast) -> None:
    article = make_article("The minister rejected the plan. Ada manages too.")
    members = [*cast.members, (cast.ada, "manager")]
    project = make_project(cast, article, members=members)
    reading(project, cast.ada)
    next_version(project, cast, position)
    before = text(browser(cast.ada), page(project))
    ben = reading(project, cast.ben)
    assert strip(text(browser(cast.ada), page(project))) == strip(before)
    submitted(ben, cast.ben)
    assert strip(text(browser(cast.ada), page(project))) == strip(before)
    assert "1 article that you read yourself" in before


def strip(said: str) -> str:
    return "\n".join(line for line in said.splitlines() if "csrf" not in line)


def test_the_reader_is_told_on_the_desk_and_in_the_guidelines(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    assert "The codebook moved" not in text(browser(cast.ada), f"/sets/{own.pk}/")
    moved(project, cast, RENAME, position)
    said = text(browser(cast.ada), f"/sets/{own.pk}/")
    assert "The codebook moved to version 2; this reading came along" in said
    assert "Label STANCE is called POSITION now." in said
    assert "New in version 2" in said
    assert "Label POSITION added" in said


def test_more_open_readings_cost_no_more_queries(cast: Cast) -> None:
    articles = [make_article(f"Report {number}. The minister rejected the plan.") for number in range(3)]
    project = make_project(cast, *articles)
    next_version(project, cast, position)
    counts = set()
    for article in articles:
        work = actions.start(actions.assign(project, article, by=cast.dora, reviewer=cast.ada), by=cast.ada)
        mark(annotation_set_for(cast.ada, work.annotation_set_id), cast.ada, "rejected the plan", "STANCE")
        with CaptureQueriesContext(connection) as found:
            text(browser(cast.dora), page(project))
        counts.add(len(found))
    assert len(counts) == 1, counts


# Agreement over two versions


def agreement(project: Project, cast: Cast) -> str:
    kept.forget()
    return text(browser(cast.dora), f"/projects/{project.slug}/agreement/")


def test_readings_under_two_versions_agree_over_a_renaming(cast: Cast) -> None:
    project = make_project(cast)
    two_readings(project, cast, lambda: moved(project, cast, RENAME, position))
    assert "several versions" not in agreement(project, cast)
    (part,) = study_for(cast.dora, project, Chosen()).parts
    found = [{mark[2] for mark in marks} for marks in part.places]
    assert found == [{"ACTOR", "POSITION"}, {"ACTOR", "POSITION"}]


def test_what_has_no_counterpart_is_said(cast: Cast) -> None:
    project = make_project(cast)
    two_readings(project, cast, lambda: moved(project, cast, RETIRE, retire("STANCE")))
    assert "1 span or relation has no counterpart there" in agreement(project, cast)
