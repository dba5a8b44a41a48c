"""Active time as it is told, and within what is plausible."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, TimeOnTask, minutes
from annotator.annotation.queries import annotation_set_for
from annotator.annotation.time_on_task import add_time
from annotator.log.models import Chain
from annotator.workflow.actions import assign, send_back, start
from annotator.workflow.adjudication import release_to_readers
from annotator.workflow.models import Assignment
from annotator.workflow.progress import readers_for
from annotator.workflow.verification import verification
from tests.annotator.exchange.stories import tell
from tests.api import Program
from tests.builders import Cast, at_once, make_cast, make_project, secret, started_set, submitted
from tests.databases import Database


@contextmanager
def after(seconds: float) -> Iterator[None]:
    """So long after the reading was begun."""
    moment = timezone.now() + timedelta(seconds=seconds)
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def told(reading: AnnotationSet, by: User, *reports: tuple[float, int]) -> int:
    """Reports (at which second, so many seconds), one after the other; what stands then."""
    for at, seconds in reports:
        with after(at):
            add_time(annotation_set_for(by, reading.pk), seconds=seconds)
    return TimeOnTask.objects.get(annotation_set=reading).seconds


@pytest.mark.parametrize(
    ("reports", "stands"),
    [
        ([(61, 60)], 60),
        ([(61, 60), (121, 30), (600, 12)], 102),
        ([(31, 60)], 31),  # never more than has passed
        ([(61, 60), (61, 60)], 60),  # a second window, or the same request again
        ([(61, 60), (62, 60)], 61),
        ([(61, 0), (62, 60)], 60),  # nothing told: the clock stands where it stood
        ([(4000, 86_400)], 4000),
    ],
)
def test_time_adds_up_within_what_has_passed(cast: Cast, reports: list[tuple[float, int]], stands: int) -> None:
    reading = started_set(make_project(cast), cast.ada)
    assert abs(told(reading, cast.ada, *reports) - stands) <= 1


def test_time_moves_no_version_and_the_log_stays_in_order(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    before = Chain.objects.get(pk=reading.chain_id).length
    told(reading, cast.ada, (61, 60))
    assert Chain.objects.get(pk=reading.chain_id).length == before
    assert list(verification([]).findings()) == []


def test_what_was_handed_in_takes_no_more_time_until_it_comes_back(cast: Cast) -> None:
    reading = started_set(project := make_project(cast), cast.ada)
    told(reading, cast.ada, (61, 60))
    submitted(reading, cast.ada)
    assert told(reading, cast.ada, (200, 60)) == 60
    send_back(Assignment.objects.get(annotation_set=reading), by=cast.dora, reason="Look at the end.")
    assert told(reading, cast.ada, (400, 60)) == 120
    assert project.slug in str(reading.project.slug)


def test_nobody_tells_the_time_of_another(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    for other in (cast.ben, cast.dora, cast.otto):
        assert post(other, reading, seconds=60)[0] == 404


def test_two_windows_at_once_count_once(live_database: Database) -> None:
    cast = make_cast()
    reading = started_set(make_project(cast), cast.ada)
    TimeOnTask.objects.update(reported_at=timezone.now() - timedelta(seconds=60))
    at_once(*[lambda: add_time(reading, seconds=60)] * 4)
    assert TimeOnTask.objects.get().seconds in (60, 61)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, ""), (59, "under 1 min"), (60, "1 min"), (725, "12 min"), (3900, "1 h 5 min")]
)
def test_time_in_words(seconds: int, words: str) -> None:
    assert minutes(seconds) == words


# Over HTTP


def post(user: User, reading: AnnotationSet, **fields: object) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    answer = client.post(reverse("time", args=[reading.pk]), {"reader": user.pk, **fields})
    return answer.status_code, answer.content.decode()


def test_the_answer_says_the_whole_time(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    TimeOnTask.objects.update(reported_at=timezone.now() - timedelta(hours=1))
    assert post(cast.ada, reading, seconds=725) == (200, "12 min")


@pytest.mark.parametrize("seconds", ["", "-1", "1.5", "many", "86401", "999999"])
def test_a_time_that_is_none_is_refused(cast: Cast, seconds: str) -> None:
    reading = started_set(make_project(cast), cast.ada)
    assert post(cast.ada, reading, seconds=seconds)[0] == 422


def test_the_time_of_whoever_was_signed_in_before_is_not_taken(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    assert post(cast.ada, reading, seconds=60, reader=uuid.uuid4())[0] == 401


# Who sees it


def test_the_reader_sees_it_on_desk_and_queue_and_the_manager_by_person_and_article(cast: Cast) -> None:
    reading = started_set(project := make_project(cast), cast.ada)
    TimeOnTask.objects.update(seconds=725)
    pages = {
        cast.ada: [reverse("desk", args=[reading.pk]), reverse("queue", args=[project.slug])],
        cast.dora: [
            reverse("project", args=[project.slug]),
            reverse("article_readers", args=[project.slug, reading.article_id]),
            reverse("places", args=[project.slug]),
        ],
    }
    for user, addresses in pages.items():
        client = Client()
        client.force_login(user)
        for address in addresses:
            assert "12 min" in client.get(address).content.decode(), address


def test_a_manager_reads_the_average_of_what_was_handed_in(cast: Cast) -> None:
    reading = started_set(project := make_project(cast), cast.ada)
    TimeOnTask.objects.update(seconds=600)
    submitted(reading, cast.ada)
    [ada, ben] = readers_for(cast.dora, project)
    assert (ada.time, ada.time_each, ben.time, ben.time_each) == ("10 min", "10 min", "", "")


def test_a_manager_who_reads_the_article_learns_nobodys_time_on_it(cast: Cast) -> None:
    project = make_project(cast, members=[*cast.members, (cast.dora, "reviewer")])
    reading = started_set(project, cast.ada)
    article = reading.article
    start(assign(project, article, by=cast.root, reviewer=cast.dora), by=cast.dora)
    before = readers_for(cast.dora, project)
    TimeOnTask.objects.filter(annotation_set=reading).update(seconds=600)
    assert readers_for(cast.dora, project) == before


def test_the_audit_export_has_it_for_the_manager_and_for_adjudicators_after_the_release(cast: Cast) -> None:
    story = tell(cast)
    TimeOnTask.objects.filter(annotation_set=story.ada).update(seconds=600)

    def asked(user: User) -> set[int | None]:
        program = Program(secret(user, story.project, "audit:read"))
        found = program.lines(f"projects/{story.project.slug}/annotations/")
        return {one["active_seconds"] for one in found}

    assert asked(cast.dora) == {600, 0}
    assert asked(cast.cleo) == {None}
    release_to_readers(cast.dora, story.project, story.article.pk)
    assert asked(cast.cleo) == {600, 0}


def test_telling_the_time_takes_few_queries(cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    with CaptureQueriesContext(connection) as found, after(100):
        add_time(reading, seconds=60)
    assert len([one for one in found if "SAVEPOINT" not in one["sql"]]) == 2
