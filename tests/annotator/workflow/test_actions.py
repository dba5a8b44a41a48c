"""Who reads what: claiming, handing in, declining, sending back; each a row, a state and an event."""

import json
import uuid

import pytest

from annotator.annotation.models import AnnotationSet, Submission
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Conflict, Forbidden, Problem, Stale, Unknown, VersionMissing
from annotator.log.models import Event
from annotator.projects.actions import give_role
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.actions import assign, claim_next, decline, send_back, start, submit, withdraw
from annotator.workflow.models import Assignment
from tests.builders import (
    LARGE,
    Cast,
    at_once,
    last_event,
    make_article,
    make_project,
    make_user,
    mark,
    started_set,
    submitted,
)
from tests.databases import Database


def stage(project: Project) -> str:
    return ProjectArticle.objects.get(project=project).stage


def states(project: Project) -> list[str]:
    return sorted(Assignment.objects.filter(project=project).values_list("state", flat=True))


def work_of(annotation_set: AnnotationSet) -> Assignment:
    return Assignment.objects.select_related("project__chain").get(annotation_set=annotation_set)


# Claiming


@pytest.mark.django_db
def test_a_reader_gets_a_set_of_their_own_and_the_codebook_of_the_project(cast: Cast) -> None:
    project = make_project(cast)
    reading = started_set(project, cast.ada)
    assert (reading.owner, reading.voice, reading.state) == (cast.ada, str(cast.ada.pk), "open")
    assert reading.label_set == project.label_set
    assert last_event(reading)["action"] == "open_set"
    assert states(project) == ["free", "started"]


@pytest.mark.django_db
def test_work_in_hand_comes_before_what_was_offered_and_that_before_the_pool(cast: Cast) -> None:
    articles = [make_article(f"Article number {number}.") for number in range(3)]
    project = make_project(cast, *articles)
    offered = assign(project, articles[2], by=cast.dora, reviewer=cast.ada)
    first = claim_next(project, by=cast.ada)
    assert first is not None
    assert first.pk == offered.pk
    again = claim_next(project, by=cast.ada)
    assert again is not None
    assert again.pk == first.pk, "one article after another"
    submitted(annotation_set_for(cast.ada, first.annotation_set_id), cast.ada)  # type: ignore[arg-type]
    second = claim_next(project, by=cast.ada)
    assert second is not None
    assert second.article_id in {articles[0].pk, articles[1].pk}


@pytest.mark.django_db
def test_nobody_reads_an_article_twice_and_the_pool_runs_dry(cast: Cast) -> None:
    project = make_project(cast, make_article("One."), make_article("Two."))
    read = []
    while (taken := claim_next(project, by=cast.ada)) is not None:
        read.append(taken.article_id)
        submitted(annotation_set_for(cast.ada, taken.annotation_set_id), cast.ada)  # type: ignore[arg-type]
    assert len(read) == len(set(read)) == 2
    assert claim_next(project, by=cast.ada) is None


@pytest.mark.django_db
def test_only_reviewers_take_articles(cast: Cast) -> None:
    project = make_project(cast)
    for user in (cast.cleo, cast.dora, cast.otto, cast.root):
        with pytest.raises(Forbidden):
            claim_next(project, by=user)
    assert states(project) == ["free", "free"]


def test_sixteen_claiming_at_once_never_get_the_same_place_twice(live_database: Database, cast: Cast) -> None:
    readers = [make_user(f"reader-{number}") for number in range(16)]
    project = make_project(
        cast, *[make_article(f"Article number {number}.") for number in range(4)],
        members=[(reader, "reviewer") for reader in readers],
    )  # fmt: skip
    taken = at_once(*[lambda reader=reader: claim_next(project, by=reader) for reader in readers])  # type: ignore[misc]
    assert not [one for one in taken if isinstance(one, Exception)], taken
    places = [one.pk for one in taken if one is not None]
    assert len(places) == len(set(places)) == 8, "four articles, two places each"
    assert Assignment.objects.filter(state="free").count() == 0


@pytest.mark.django_db
def test_an_offer_is_opened_by_its_reader_alone_and_once(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    offer = assign(project, article, by=cast.dora, reviewer=cast.ada)
    with pytest.raises(Unknown):
        start(offer, by=cast.ben)
    started = start(offer, by=cast.ada)
    assert start(offer, by=cast.ada).annotation_set_id == started.annotation_set_id
    assert AnnotationSet.objects.filter(owner=cast.ada).count() == 1


# Handing in


@pytest.mark.django_db
def test_a_reading_is_handed_in_as_it_stands_and_closed(cast: Cast) -> None:
    project = make_project(cast)
    reading = started_set(project, cast.ada)
    span = mark(reading, cast.ada, "The minister", "ACTOR")
    before = annotation_set_for(cast.ada, reading.pk).chain
    done = submitted(reading, cast.ada)
    submission = Submission.objects.get(annotation_set=reading)
    assert (done.state, submission.number) == ("closed", 1)
    assert (submission.seq, submission.head) == (before.length, before.head)
    [content] = json.loads(submission.content)["spans"]
    assert (content["id"], content["start"], content["label"]) == (str(span.pk), span.start, "ACTOR")
    assert last_event(reading)["action"] == "submit"
    assert work_of(reading).state == "submitted"
    with pytest.raises(Conflict) as refused:
        mark(reading, cast.ada, "the plan", "CLAIM")
    assert refused.value.code == "set_closed"


@pytest.mark.django_db
def test_the_article_goes_to_the_desk_when_the_last_reading_is_in(cast: Cast) -> None:
    project = make_project(cast)
    first, second = started_set(project, cast.ada), started_set(project, cast.ben)
    submitted(first, cast.ada)
    assert stage(project) == "reading"
    submitted(second, cast.ben)
    assert stage(project) == "settling"


@pytest.mark.django_db
def test_gaps_that_are_errors_keep_a_reading_open_and_warnings_do_not(cast: Cast) -> None:
    project = make_project(cast, codebook=LARGE)
    reading = started_set(project, cast.ada)
    mark(reading, cast.ada, "rejected", "STANCE", polarity="oppose")
    events = Event.objects.count()
    version = annotation_set_for(cast.ada, reading.pk).chain.length
    _, gaps = submit(reading.pk, by=cast.ada, gesture=uuid.uuid4(), version=version)
    assert {gap.name for gap in gaps if gap.severity == "error"} == {"held_by", "toward"}
    assert (Event.objects.count(), annotation_set_for(cast.ada, reading.pk).state) == (events, "open")

    other = started_set(make_project(cast, codebook=LARGE), cast.ben)
    mark(other, cast.ben, "The minister", "ACTOR", entity="israel")
    _, gaps = submit(
        other.pk, by=cast.ben, gesture=uuid.uuid4(), version=annotation_set_for(cast.ben, other.pk).chain.length
    )
    assert {gap.severity for gap in gaps} == {"warning"}
    assert annotation_set_for(cast.ben, other.pk).state == "closed"


@pytest.mark.django_db
def test_handing_in_needs_the_version_that_was_seen(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    seen = annotation_set_for(cast.ada, reading.pk).chain.length
    mark(reading, cast.ada, "The minister", "ACTOR")
    with pytest.raises(VersionMissing):
        submit(reading.pk, by=cast.ada, gesture=uuid.uuid4(), version=None)
    with pytest.raises(Stale) as refused:
        submit(reading.pk, by=cast.ada, gesture=uuid.uuid4(), version=seen)
    assert refused.value.state == {"version": seen + 1}
    with pytest.raises(Unknown):
        submit(reading.pk, by=cast.ben, gesture=uuid.uuid4(), version=seen + 1)
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_a_repeated_submit_is_the_same_and_another_one_comes_too_late(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    gesture, version = uuid.uuid4(), annotation_set_for(cast.ada, reading.pk).chain.length
    for _ in range(3):
        assert submit(reading.pk, by=cast.ada, gesture=gesture, version=version)[1] == []
    assert Submission.objects.count() == 1
    with pytest.raises(Conflict) as refused:
        submit(reading.pk, by=cast.ada, gesture=uuid.uuid4(), version=version + 1)
    assert refused.value.code == "set_closed"


def test_the_same_submit_five_times_at_once_is_one(live_database: Database, cast: Cast) -> None:
    project = make_project(cast)
    first, second = started_set(project, cast.ada), started_set(project, cast.ben)
    gesture, version = uuid.uuid4(), annotation_set_for(cast.ada, first.pk).chain.length
    answers = at_once(*[lambda: submit(first.pk, by=cast.ada, gesture=gesture, version=version)] * 5)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    assert Submission.objects.count() == 1
    submitted(second, cast.ben)
    assert stage(project) == "settling"


def test_two_who_hand_in_at_once_bring_the_article_to_the_desk(live_database: Database, cast: Cast) -> None:
    project = make_project(cast)
    first, second = started_set(project, cast.ada), started_set(project, cast.ben)
    answers = at_once(lambda: submitted(first, cast.ada), lambda: submitted(second, cast.ben))
    assert not [one for one in answers if isinstance(one, Exception)], answers
    assert stage(project) == "settling"


# Giving back


@pytest.mark.django_db
def test_a_declined_article_goes_to_somebody_else_with_the_reason_kept(cast: Cast) -> None:
    project = make_project(cast)
    reading = started_set(project, cast.ada)
    work = work_of(reading)
    with pytest.raises(Problem) as refused:
        decline(work, by=cast.ada, reason="  ")
    assert refused.value.code == "reason_missing"
    with pytest.raises(Unknown):
        decline(work, by=cast.ben, reason="Not mine.")
    decline(work, by=cast.ada, reason="I know the author.")
    work.refresh_from_db()
    assert work.reason is not None
    assert (work.state, work.reason.text) == ("declined", "I know the author.")
    assert annotation_set_for(cast.ada, reading.pk).state == "closed"
    assert states(project) == ["declined", "free", "free"]
    assert "author" not in "".join(Event.objects.values_list("body", flat=True)), "a reason can be erased"
    assert claim_next(project, by=cast.ada) is None, "not to the same person again"


@pytest.mark.django_db
def test_what_was_handed_in_is_not_declined(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    submitted(reading, cast.ada)
    with pytest.raises(Conflict) as refused:
        decline(work_of(reading), by=cast.ada, reason="Too late.")
    assert refused.value.code == "wrong_state"
    assert annotation_set_for(cast.ada, reading.pk).state == "closed"


@pytest.mark.django_db
def test_a_withdrawn_place_opens_again_unless_it_is_closed_for_good(cast: Cast) -> None:
    project = make_project(cast)
    withdraw(work_of(started_set(project, cast.ada)), by=cast.dora)
    assert states(project) == ["free", "free", "withdrawn"]
    withdraw(work_of(started_set(project, cast.ben)), by=cast.dora, refill=False)
    assert states(project) == ["free", "withdrawn", "withdrawn"]


@pytest.mark.django_db
def test_a_reading_sent_back_is_open_again_and_its_submission_stays(cast: Cast) -> None:
    project = make_project(cast)
    first, second = started_set(project, cast.ada), started_set(project, cast.ben)
    mark(first, cast.ada, "The minister", "ACTOR")
    submitted(first, cast.ada)
    submitted(second, cast.ben)
    with pytest.raises(Problem) as refused:
        send_back(work_of(first), by=cast.dora, reason=" ")
    assert refused.value.code == "reason_missing"
    send_back(work_of(first), by=cast.dora, reason="The title too, please.")
    assert (work_of(first).state, stage(project)) == ("sent_back", "reading")
    content = Submission.objects.get(annotation_set=first).content
    mark(first, cast.ada, "the plan", "CLAIM")
    submitted(first, cast.ada)
    assert stage(project) == "settling"
    assert [one.number for one in Submission.objects.filter(annotation_set=first).order_by("number")] == [1, 2]
    assert Submission.objects.get(annotation_set=first, number=1).content == content


@pytest.mark.django_db
def test_only_what_was_handed_in_is_sent_back(cast: Cast) -> None:
    project = make_project(cast)
    reading = started_set(project, cast.ada)
    with pytest.raises(Conflict) as refused:
        send_back(work_of(reading), by=cast.dora, reason="Go on.")
    assert refused.value.code == "wrong_state"
    assert work_of(reading).state == "started"


# Offering


@pytest.mark.django_db
def test_an_article_is_offered_to_reviewers_of_the_project_once(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    for user in (cast.otto, cast.cleo):
        with pytest.raises(Problem) as refused:
            assign(project, article, by=cast.dora, reviewer=user)
        assert refused.value.code == "not_a_reviewer"
    assign(project, article, by=cast.dora, reviewer=cast.ada)
    with pytest.raises(Conflict) as again:
        assign(project, article, by=cast.dora, reviewer=cast.ada)
    assert again.value.code == "assigned_already"


@pytest.mark.django_db
def test_a_third_reader_gets_a_place_beyond_those_wanted(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    eve = make_user("eve")
    give_role(project, by=cast.dora, user=eve, role="reviewer")
    for reader in (cast.ada, cast.ben, eve):
        assign(project, article, by=cast.dora, reviewer=reader)
    assert states(project) == ["offered"] * 3
    assert Assignment.objects.filter(project=project).count() == 3
