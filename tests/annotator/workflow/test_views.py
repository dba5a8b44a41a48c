"""A reviewer's day over HTTP: the queue, the next article, giving one back, handing one in."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Submission
from annotator.annotation.queries import annotation_set_for
from annotator.projects.models import Project
from annotator.workflow.actions import assign, send_back
from annotator.workflow.models import Assignment
from tests.builders import Cast, make_article, make_project, mark, started_set, submitted


@pytest.fixture
def project(cast: Cast) -> Project:
    articles = [make_article(f"Article {number} has words.") for number in range(3)]
    return make_project(cast, *articles)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def queue(client: Client, project: Project) -> Any:
    return client.get(reverse("queue", args=[project.slug]))


def open_next(client: Client, project: Project) -> Any:
    return client.post(reverse("next_article", args=[project.slug]))


def hand_in(client: Client, reading: AnnotationSet, *, version: str | None = None, gesture: str = "") -> Any:
    fresh = AnnotationSet.objects.select_related("chain").get(pk=reading.pk)
    fields = {
        "gesture": gesture or str(uuid.uuid4()),
        "version": str(fresh.chain.length) if version is None else version,
    }
    return client.post(reverse("submit", args=[reading.pk]), fields)


def test_a_new_reviewer_is_invited_to_open_the_first_article(client: Client, cast: Cast, project: Project) -> None:
    answer = queue(signed_in(client, cast.ada), project)
    assert answer.status_code == 200
    assert "Open the first article" in answer.content.decode()


def test_the_next_article_opens_the_desk_and_stays_the_same_until_it_is_handed_in(
    client: Client, cast: Cast, project: Project
) -> None:
    signed_in(client, cast.ada)
    first, again = open_next(client, project), open_next(client, project)
    reading = AnnotationSet.objects.get(owner=cast.ada)
    assert first.url == again.url == reverse("desk", args=[reading.pk])
    assert "started" in queue(client, project).content.decode()


@pytest.mark.parametrize(("who", "status"), [("cleo", 403), ("dora", 403), ("root", 403), ("otto", 404)])
def test_only_reviewers_have_a_queue(client: Client, cast: Cast, project: Project, who: str, status: int) -> None:
    signed_in(client, getattr(cast, who))
    assert queue(client, project).status_code == status
    assert open_next(client, project).status_code == status


def test_an_offered_article_waits_and_opens(client: Client, cast: Cast, project: Project) -> None:
    article = project.project_articles.get(position=2).article
    offered = assign(project, article, by=cast.dora, reviewer=cast.ada)
    signed_in(client, cast.ada)
    assert "Waiting for you" in queue(client, project).content.decode()
    answer = client.post(reverse("open_assignment", args=[offered.pk]))
    assert answer.url == reverse("desk", args=[AnnotationSet.objects.get(owner=cast.ada).pk])


@pytest.mark.parametrize("name", ["open_assignment", "decline"])
def test_nobody_opens_or_declines_for_somebody_else(client: Client, cast: Cast, project: Project, name: str) -> None:
    offered = assign(project, project.project_articles.get(position=1).article, by=cast.dora, reviewer=cast.ada)
    for who in (cast.ben, cast.dora, cast.otto, cast.root):
        answer = signed_in(client, who).post(reverse(name, args=[offered.pk]), {"reason": "no"})
        assert answer.status_code == 404
    offered.refresh_from_db()
    assert offered.state == "offered"


def test_an_article_is_given_back_with_a_reason_and_its_place_opens_again(
    client: Client, cast: Cast, project: Project
) -> None:
    reading = started_set(project, cast.ada)
    mine = Assignment.objects.get(annotation_set=reading)
    signed_in(client, cast.ada)
    without = client.post(reverse("decline", args=[mine.pk]), {"reason": "  "})
    assert without.status_code == 422
    assert "why you decline" in without.content.decode()
    answer = client.post(reverse("decline", args=[mine.pk]), {"reason": "I know the author."}, follow=True)
    assert "I know the author." in answer.content.decode()
    mine.refresh_from_db()
    assert mine.state == "declined"
    assert Assignment.objects.filter(project=project, article=reading.article_id, state="free").count() == 2


def test_handing_in_opens_the_next_article(client: Client, cast: Cast, project: Project) -> None:
    signed_in(client, cast.ada)
    reading = started_set(project, cast.ada)
    answer = hand_in(client, reading)
    following = AnnotationSet.objects.exclude(pk=reading.pk).get(owner=cast.ada)
    assert answer.url == reverse("desk", args=[following.pk])
    assert Submission.objects.get().annotation_set_id == reading.pk


def test_after_the_last_article_the_queue_says_thank_you(client: Client, cast: Cast) -> None:
    project = make_project(cast)
    signed_in(client, cast.ada)
    answer = hand_in(client, started_set(project, cast.ada))
    assert answer.url == reverse("queue", args=[project.slug])
    page = client.get(answer.url).content.decode()
    assert "nothing left for you" in page
    assert "Handed in" in page


def test_gaps_lead_back_to_the_desk_and_nothing_is_handed_in(client: Client, cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    mark(reading, cast.ada, "rejected", "STANCE")
    answer = hand_in(signed_in(client, cast.ada), reading)
    assert answer.url == reverse("desk", args=[reading.pk]) + "?gaps"
    assert "one gap is left" in client.get(answer.url).content.decode()
    assert not Submission.objects.exists()


def test_handing_in_twice_is_handing_in_once(client: Client, cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    signed_in(client, cast.ada)
    version, gesture = str(reading.chain.length), str(uuid.uuid4())
    answers = [hand_in(client, reading, version=version, gesture=gesture) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(("version", "status"), [("0", 409), ("", 428), ("one", 422), ("9" * 30, 422), ("-1", 422)])
def test_handing_in_needs_the_version_that_was_seen(client: Client, cast: Cast, version: str, status: int) -> None:
    reading = started_set(make_project(cast), cast.ada)
    assert hand_in(signed_in(client, cast.ada), reading, version=version).status_code == status
    assert annotation_set_for(cast.ada, reading.pk).is_open


def test_a_malformed_gesture_is_refused(client: Client, cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    assert hand_in(signed_in(client, cast.ada), reading, gesture="one").status_code == 422


def test_nobody_hands_in_for_somebody_else(client: Client, cast: Cast) -> None:
    reading = started_set(make_project(cast), cast.ada)
    for who in (cast.ben, cast.cleo, cast.dora, cast.otto, cast.root):
        assert hand_in(signed_in(client, who), reading).status_code == 404
    assert annotation_set_for(cast.ada, reading.pk).is_open


def test_what_was_sent_back_says_why_in_the_queue_and_at_the_desk(client: Client, cast: Cast, project: Project) -> None:
    reading = started_set(project, cast.ada)
    submitted(reading, cast.ada)
    send_back(Assignment.objects.get(annotation_set=reading), by=cast.dora, reason="The second half is missing.")
    signed_in(client, cast.ada)
    assert "Sent back: The second half is missing." in queue(client, project).content.decode()
    answer = client.post(reverse("next_article", args=[project.slug]), follow=True)
    assert re.search(r"Sent back to you: <[^>]+>The second half is missing\.", answer.content.decode())
    assert hand_in(client, reading).status_code == 302
    assert Submission.objects.filter(annotation_set=reading).count() == 2


def test_the_queue_tells_nothing_of_other_readers(client: Client, cast: Cast, project: Project) -> None:
    """The same page, whatever Ben has done."""
    signed_in(client, cast.ada)
    started_set(project, cast.ada)
    pages = [queue(client, project)]
    ben = started_set(project, cast.ben)
    mark(ben, cast.ben, "words", "ACTOR")
    pages.append(queue(client, project))
    submitted(ben, cast.ben)
    pages.append(queue(client, project))
    # Django masks the session's one token anew in every page.
    plain = {
        re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="\w+"', "", page.content.decode()) for page in pages
    }
    assert len(plain) == 1


def test_the_queue_asks_the_database_no_more_often_for_more_articles(client: Client, cast: Cast) -> None:
    signed_in(client, cast.ada)
    counts = []
    for number in (2, 12):
        project = make_project(cast, *[make_article(f"Text {number} {one}.") for one in range(number)], redundancy=1)
        for _ in range(number):
            submitted(started_set(project, cast.ada), cast.ada)
        queue(client, project)
        with CaptureQueriesContext(connection) as captured:
            assert queue(client, project).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_changes_are_posted(client: Client, cast: Cast, project: Project) -> None:
    reading = started_set(project, cast.ada)
    mine = Assignment.objects.get(annotation_set=reading)
    signed_in(client, cast.ada)
    for name, argument in (
        ("next_article", project.slug), ("open_assignment", mine.pk), ("decline", mine.pk), ("submit", reading.pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[argument])).status_code == 405
