"""Training: articles with known gold come first, are measured at once, and open the pool."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Conflict
from annotator.projects.actions import give_role
from annotator.projects.models import Membership, ProjectArticle
from annotator.workflow.actions import assign, claim_next, decline, send_back, start
from annotator.workflow.adjudication import case_for, open_case, publish, reopen
from annotator.workflow.campaign import end_role
from annotator.workflow.exercises import candidates, end_training_with, excuse, train_with
from annotator.workflow.history import work_for
from annotator.workflow.lapsing import release_stale
from annotator.workflow.models import Assignment, TrainingResult
from annotator.workflow.progress import progress_for, readers_for
from annotator.workflow.training import training_of, trainings_of
from annotator.workflow.verification import verification
from tests.annotator.workflow.school import GOLD, School, client_of, read_badly, read_well, set_marks
from tests.builders import Cast, make_project, mark, settled, started_set, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(cast: Cast) -> School:
    return School(cast)


def result(reading: AnnotationSet) -> TrainingResult:
    return TrainingResult.objects.get(assignment__annotation_set=reading)


# What comes first


def test_training_articles_come_before_the_pool_in_their_order(school: School) -> None:
    assert school.count == 2
    found = []
    for _ in range(3):
        reading = school.begin(school.zoe)
        found.append(reading.article_id)
        (read_well if len(found) < 3 else submitted)(reading, school.zoe)
    assert found == [*(text.pk for text in school.texts), school.pool.pk]


def test_training_takes_nobodys_place_and_counts_for_nothing(school: School, cast: Cast) -> None:
    school.pass_all(school.zoe)
    assert not Assignment.objects.filter(project=school.project, article__in=school.texts, purpose="reading").exists()
    stages = ProjectArticle.objects.filter(project=school.project, article__in=school.texts)
    assert set(stages.values_list("stage", flat=True)) == {"training"}
    assert [reader.handed_in for reader in readers_for(cast.dora, school.project)] == [0, 0]
    assert progress_for(cast.dora, school.project).places.total == 2
    assert not work_for(school.zoe, school.project).spans().exists()
    with pytest.raises(Conflict):
        open_case(cast.cleo, school.project, school.texts[0].pk)


def test_training_uses_up_no_quota(school: School) -> None:
    Membership.objects.filter(project=school.project, user=school.zoe).update(quota=1)
    school.pass_all(school.zoe)
    assert school.begin(school.zoe).article_id == school.pool.pk


def test_a_project_without_training_goes_on_as_ever(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project = make_project(cast)
    assert training_of(cast.ada, project).is_over
    with django_assert_num_queries(1):
        training_of(cast.ada, project)
    assert claim_next(project, by=cast.ada) is not None


def test_many_reviewers_are_looked_up_in_as_many_questions_as_one(
    school: School, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    school.pass_all(school.zoe)
    for readers in ([school.zoe.pk], [school.zoe.pk, school.yan.pk]):
        with django_assert_num_queries(6):
            trainings_of(school.project, readers)


# Passing


def test_a_reading_is_measured_when_it_is_handed_in(school: School) -> None:
    reading = read_well(school.begin(school.zoe), school.zoe)
    found = result(reading)
    assert (found.marked, found.wanted, found.exact, found.shared) == (2, 2, 2, 2)
    assert found.is_passed and found.alike == found.asked > 0


def test_below_the_mark_the_next_article_comes_and_this_one_again_after_it(school: School) -> None:
    first = read_badly(school.begin(school.zoe), school.zoe)
    assert not result(first).is_passed
    second = read_well(school.begin(school.zoe), school.zoe)
    again = school.begin(school.zoe)
    assert (second.article_id, again.article_id, again.round) == (school.texts[1].pk, school.texts[0].pk, 2)
    assert again.pk != first.pk and not again.spans.exists()
    read_well(again, school.zoe)
    assert school.begin(school.zoe).article_id == school.pool.pk


def test_while_an_article_is_read_again_the_earlier_try_is_out_of_sight(school: School) -> None:
    first = read_badly(school.begin(school.zoe), school.zoe)
    read_well(school.begin(school.zoe), school.zoe)
    client = client_of(school.zoe)
    assert client.get(f"/sets/{first.pk}/gold/").status_code == 200
    again = school.begin(school.zoe)
    for path in (f"/sets/{first.pk}/", f"/sets/{first.pk}/gold/"):
        assert client.get(path).status_code == 404
    assert str(first.pk) not in client.get(f"/projects/{school.project.slug}/queue/").content.decode()
    submitted(again, school.zoe)
    assert client.get(f"/sets/{first.pk}/gold/").status_code == 200


def test_without_a_mark_handing_in_is_enough(cast: Cast) -> None:
    school = School(cast, marks=False)
    for _ in GOLD:
        read_badly(school.begin(school.zoe), school.zoe)
    assert school.begin(school.zoe).article_id == school.pool.pk


def test_a_mark_raised_later_takes_nothing_away(school: School, cast: Cast) -> None:
    school.pass_all(school.zoe)
    set_marks(school.project, cast.dora, pass_spans=100, pass_answers=100)
    assert training_of(school.zoe, school.project).is_over


def test_an_article_added_later_is_read_next(school: School, cast: Cast) -> None:
    end_training_with(school.project, school.texts[1].pk, by=cast.dora)
    read_well(school.begin(school.zoe), school.zoe)
    assert training_of(school.zoe, school.project).is_over
    train_with(school.project, [school.texts[1].pk], by=cast.dora)
    assert school.begin(school.zoe).article_id == school.texts[1].pk


def test_an_offered_article_waits_until_training_is_over(school: School, cast: Cast) -> None:
    offered = assign(school.project, school.pool, by=cast.dora, reviewer=school.zoe)
    with pytest.raises(Conflict, match="training articles come first"):
        start(offered, by=school.zoe)
    school.pass_all(school.zoe)
    assert start(offered, by=school.zoe).state == "started"


def test_a_manager_lets_somebody_read_without_training(school: School, cast: Cast) -> None:
    member = Membership.objects.select_related("project__chain").get(project=school.project, user=school.zoe)
    excuse(member, by=cast.dora, needs_no_training=True)
    assert school.begin(school.zoe).article_id == school.pool.pk
    assert training_of(school.yan, school.project).next is not None


def test_who_made_the_gold_is_not_trained_on_it(school: School, cast: Cast) -> None:
    give_role(school.project, by=cast.dora, user=cast.ada, role="reviewer")
    assert school.begin(cast.ada).article_id == school.pool.pk


def test_a_training_article_is_not_given_back_nor_sent_back(school: School, cast: Cast) -> None:
    at_hand = school.next(school.zoe)
    assert at_hand is not None
    with pytest.raises(Conflict, match="cannot be given back"):
        decline(at_hand, by=school.zoe, reason="I know the author")
    read_well(annotation_set_for(school.zoe, at_hand.annotation_set_id), school.zoe)  # type: ignore[arg-type]
    done = Assignment.objects.select_related("project__chain").get(pk=at_hand.pk)
    with pytest.raises(Conflict, match="counts for gold"):
        send_back(done, by=cast.dora, reason="Look again")


def test_training_left_untouched_does_not_go_to_others(school: School) -> None:
    school.next(school.zoe)
    school.project.release_after = 1
    Assignment.objects.filter(reviewer=school.zoe).update(changed_at="2020-01-01T00:00:00Z")
    assert release_stale(school.project) == 0


def test_who_leaves_in_the_middle_and_comes_back_tries_again(school: School, cast: Cast) -> None:
    at_hand = school.next(school.zoe)
    member = Membership.objects.select_related("project__chain", "user").get(project=school.project, user=school.zoe)
    assert end_role(member, by=cast.dora) == 0, "nobody's place opens"
    assert at_hand is not None
    at_hand.refresh_from_db()
    assert at_hand.state == "withdrawn"
    give_role(school.project, by=cast.dora, user=school.zoe, role="reviewer")
    assert school.begin(school.zoe).article_id == school.texts[1].pk, "the one tried less often"


# Gold


def test_articles_with_gold_of_their_own_can_train_and_keep_their_stage(school: School, cast: Cast) -> None:
    older = school.older
    assert train_with(older, None, by=cast.dora) == 2
    give_role(older, by=cast.dora, user=school.zoe, role="reviewer")
    reading = read_well(started_set(older, school.zoe), school.zoe)
    assert result(reading).gold.annotation_set.project_id == older.pk
    row = ProjectArticle.objects.get(project=older, article=reading.article_id)
    assert row.stage == "gold"
    assert len(case_for(cast.cleo, older, reading.article_id).submissions) == 2, "the readings that made it"


def test_what_somebody_began_to_read_cannot_train(cast: Cast, school: School) -> None:
    third = make_project(cast, *school.texts, members=[(cast.ada, "reviewer"), (cast.dora, "manager")])
    begun = started_set(third, cast.ada)
    found = [row.article_id for row in candidates(cast.dora, third)]
    assert found == [text.pk for text in school.texts if text.pk != begun.article_id]


def test_gold_of_a_project_that_is_not_the_managers_is_not_taken(cast: Cast, school: School) -> None:
    stranger = make_project(cast, *school.texts, members=[(cast.otto, "manager")])
    assert not candidates(cast.otto, stranger).exists()
    assert train_with(stranger, None, by=cast.otto) == 0


def test_nobody_learns_from_training_that_what_they_read_has_gold_by_now(cast: Cast) -> None:
    """Neither its reader, nor a manager who reads it: not on the queue, not on the page, not by asking."""
    project = make_project(cast)
    give_role(project, by=cast.dora, user=cast.ben, role="manager")
    for reader in (cast.ada, cast.ben):
        hand_in_one(started_set(project, reader), reader)
    text = project.project_articles.get().article
    pages = {
        cast.ada: [f"/projects/{project.slug}/queue/"],
        cast.ben: [f"/projects/{project.slug}/{name}/" for name in ("queue", "training", "settings")],
    }
    before = looked_at(pages)
    settled(project, text, cast.cleo)
    assert train_with(project, None, by=cast.dora) == 1
    assert looked_at(pages) == before
    take_out = f"/projects/{project.slug}/training/{text.pk}/end/"
    assert client_of(cast.ben).post(take_out).status_code == 404
    assert client_of(cast.dora).post(take_out).status_code == 302


def hand_in_one(reading: AnnotationSet, by: User) -> AnnotationSet:
    mark(reading, by, "The minister", "ACTOR")
    return submitted(reading, by)


def looked_at(pages: dict[User, list[str]]) -> dict[str, str]:
    found = {}
    for user, paths in pages.items():
        for path in paths:
            page = client_of(user).get(path).content.decode()
            found[f"{user.username} {path}"] = re.sub(r'(csrf[\w-]*"[^>]*(?:value|content)=)"[^"]*"', r"\1", page)
    return found


def test_what_the_manager_reads_cannot_be_chosen(cast: Cast, school: School) -> None:
    give_role(school.older, by=cast.dora, user=cast.dora, role="reviewer")
    reopen(cast.cleo, school.older, school.texts[0].pk)
    taken = assign(school.older, school.texts[0], by=cast.cleo, reviewer=cast.dora)
    assert taken.state == "offered"
    assert [row.article_id for row in candidates(cast.dora, school.older)] == [school.texts[1].pk]


def test_an_article_whose_gold_is_looked_at_again_rests(school: School, cast: Cast) -> None:
    reading = read_well(school.begin(school.zoe), school.zoe)
    reopen(cast.cleo, school.older, reading.article_id)
    assert [lesson.exercise.article_id for lesson in training_of(school.zoe, school.project).lessons] == [
        school.texts[1].pk
    ]
    answer = client_of(school.zoe).get(f"/sets/{reading.pk}/gold/")
    assert answer.status_code == 409 and "being looked at again" in answer.content.decode()
    publish(cast.cleo, school.older, reading.article_id)
    assert client_of(school.zoe).get(f"/sets/{reading.pk}/gold/").status_code == 200


def test_an_article_taken_out_of_training_is_read_by_those_who_did_not_train_on_it(school: School, cast: Cast) -> None:
    read_well(school.begin(school.zoe), school.zoe)
    end_training_with(school.project, school.texts[0].pk, by=cast.dora)
    end_training_with(school.project, school.texts[1].pk, by=cast.dora)
    row = ProjectArticle.objects.get(project=school.project, article=school.texts[0])
    assert row.stage == "reading"
    assert Assignment.objects.filter(project=school.project, article=school.texts[0], state="free").count() == 2
    found = set()
    while (taken := school.next(school.zoe)) is not None:
        found.add(taken.article_id)
        submitted(annotation_set_for(school.zoe, taken.annotation_set_id), school.zoe)  # type: ignore[arg-type]
    assert found == {school.texts[1].pk, school.pool.pk}
    with pytest.raises(Conflict):
        end_training_with(school.project, school.texts[0].pk, by=cast.dora)


def test_handing_in_after_the_article_left_training_measures_nothing(school: School, cast: Cast) -> None:
    reading = school.begin(school.zoe)
    end_training_with(school.project, reading.article_id, by=cast.dora)
    read_well(reading, school.zoe)
    assert not TrainingResult.objects.exists()
    assert client_of(school.zoe).get(f"/sets/{reading.pk}/gold/").status_code == 404


def test_the_log_tells_of_training_as_it_is(school: School, cast: Cast) -> None:
    read_badly(school.begin(school.zoe), school.zoe)
    school.pass_all(school.zoe)
    end_training_with(school.project, school.texts[0].pk, by=cast.dora)
    assert list(verification().findings()) == []


def test_at_once_from_two_windows_one_training_reading_begins(school: School) -> None:
    assert school.next(school.zoe) == school.next(school.zoe)
    assert Assignment.objects.filter(reviewer=school.zoe, project=school.project).count() == 1
