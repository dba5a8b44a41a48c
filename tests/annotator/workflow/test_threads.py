"""Flags and comments as threads: who reads them when, and what a manager does with them."""

import uuid
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.accounts.models import User
from annotator.annotation.actions import comment, remove_comment, undo
from annotator.annotation.models import AnnotationSet, Comment, Reply
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Problem, Unknown
from annotator.log.erasure import erase_remark
from annotator.log.models import Chain, Remark
from annotator.projects.models import Project
from annotator.workflow.actions import assign, start
from annotator.workflow.adjudication import release_to_readers
from annotator.workflow.threads import (
    PAGE,
    Thread,
    answer,
    open_flags,
    readers_threads,
    thread_for,
    threads_for,
)
from annotator.workflow.verification import verification
from tests.annotator.exchange.stories import tell
from tests.builders import Cast, flagged, make_article, make_project, mark, settled, started_set, submitted


@pytest.fixture
def reading(cast: Cast) -> AnnotationSet:
    return started_set(make_project(cast), cast.ada)


def waiting(user: User, project: Project) -> list[Thread]:
    return threads_for(user, project, everything=False)[0]


def said(thread: Thread) -> list[tuple[str, str]]:
    return [(word.by, word.text) for word in thread.words]


def page(user: User, name: str, *parts: object) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, args=parts)).content.decode()


def go_on(first: Comment, by: User, text: str) -> None:
    asked = {"gesture": uuid.uuid4(), "id": uuid.uuid4(), "text": text, "thread": first.pk}
    comment(first.annotation_set_id, by=by, **asked)


def test_a_flag_waits_until_it_is_answered_and_again_once_its_reader_goes_on(
    cast: Cast, reading: AnnotationSet
) -> None:
    first = flagged(reading, cast.ada, "unsure", "Which minister?")
    assert [said(one) for one in waiting(cast.dora, reading.project)] == [[("ada", "Which minister?")]]
    answer(first, by=cast.dora, text=" The one of finance. ")
    assert waiting(cast.dora, reading.project) == []
    go_on(first, cast.ada, "Of which country?")
    [thread] = waiting(cast.dora, reading.project)
    assert said(thread) == [
        ("ada", "Which minister?"), ("dora", "The one of finance."), ("ada", "Of which country?"),
    ]  # fmt: skip
    assert thread.is_open and open_flags(cast.dora, reading.project) == 1
    answer(first, by=cast.dora, text="", settles=True)
    assert open_flags(cast.dora, reading.project) == 0


def test_guideline_gaps_come_first_and_mere_comments_only_when_asked_for(cast: Cast, reading: AnnotationSet) -> None:
    for flag in ("unsure", "", "guideline gap", "bad text"):
        flagged(reading, cast.ada, flag, f"It is {flag}.")
    found = [one.comment.flag for one in waiting(cast.dora, reading.project)]
    assert found == ["guideline gap", "bad text", "unsure"]
    everything, _ = threads_for(cast.dora, reading.project, everything=True)
    assert [one.comment.flag for one in everything] == ["guideline gap", "bad text", "unsure", ""]


def test_a_flag_on_a_span_shows_its_place(cast: Cast, reading: AnnotationSet) -> None:
    span = mark(reading, cast.ada, "The union", "ACTOR")
    flagged(reading, cast.ada, "unsure", "Which?", span=span)
    flagged(reading, cast.ada, "unsure", "All of it.")
    article, on_span = waiting(cast.dora, reading.project)
    assert (on_span.quote, on_span.before[-11:], on_span.after[:9]) == ("The union", "in Geneva.\n", " called t")
    assert (article.before, article.quote, article.after) == ("", "", "")


def test_marking_as_dealt_with_twice_says_it_once(cast: Cast, reading: AnnotationSet) -> None:
    first = flagged(reading, cast.ada, "unsure", "Which?")
    assert answer(first, by=cast.dora, text="", settles=True) is not None
    assert answer(first, by=cast.dora, text="", settles=True) is None
    assert Reply.objects.count() == 1


def test_an_answer_needs_words(cast: Cast, reading: AnnotationSet) -> None:
    with pytest.raises(Problem, match="Write an answer"):
        answer(flagged(reading, cast.ada, "unsure", "Which?"), by=cast.dora, text="  ")


def test_an_answer_leaves_the_readers_own_chain_alone_and_its_words_can_be_erased(
    cast: Cast, reading: AnnotationSet
) -> None:
    first = flagged(reading, cast.ada, "unsure", "Which?")
    before = Chain.objects.get(pk=reading.chain_id).length
    reply = answer(first, by=cast.dora, text="The one of finance.")
    assert reply is not None and reply.remark is not None
    assert Chain.objects.get(pk=reading.chain_id).length == before
    assert list(verification([]).findings()) == []
    erase_remark(reply.remark, by=cast.root)
    assert Remark.objects.get(pk=reply.remark_id).text == ""
    assert list(verification([]).findings()) == []
    submitted(reading, cast.ada)


def test_what_is_taken_back_takes_its_thread_along_and_undo_brings_both_back(
    cast: Cast, reading: AnnotationSet
) -> None:
    first = flagged(reading, cast.ada, "unsure", "Which?")
    answer(first, by=cast.dora, text="The one of finance.")
    go_on(first, cast.ada, "I see.")
    remove_comment(reading.pk, by=cast.ada, gesture=uuid.uuid4(), id=first.pk)
    assert waiting(cast.dora, reading.project) == [] and "finance" not in page(cast.ada, "desk", reading.pk)
    undo(reading.pk, by=cast.ada, gesture=uuid.uuid4())
    [thread], _ = threads_for(cast.dora, reading.project, everything=True)
    assert [text for _, text in said(thread)] == ["Which?", "The one of finance.", "I see."]
    assert list(verification([]).findings()) == []


def test_nobody_goes_on_from_the_comment_of_another(cast: Cast, reading: AnnotationSet) -> None:
    first = flagged(reading, cast.ada, "unsure", "Which?")
    other = started_set(reading.project, cast.ben)
    with pytest.raises(Unknown):
        asked = {"gesture": uuid.uuid4(), "id": uuid.uuid4(), "text": "Me too", "thread": first.pk}
        comment(other.pk, by=cast.ben, **asked)


# Who reads it


def test_only_the_reader_who_asked_reads_the_answer(cast: Cast, reading: AnnotationSet) -> None:
    other = started_set(reading.project, cast.ben)
    before = page(cast.ben, "desk", other.pk)
    answer(flagged(reading, cast.ada, "unsure", "Which?"), by=cast.dora, text="The one of finance.")
    mine, his = page(cast.ada, "desk", reading.pk), page(cast.ben, "desk", other.pk)
    assert "The one of finance." in mine and "The manager:" in mine and "dora" not in mine
    assert len(his) == len(before) and "finance" not in his


def test_a_manager_who_reads_the_article_sees_no_flag_on_it(cast: Cast) -> None:
    project = make_project(cast, members=[*cast.members, (cast.dora, "reviewer")])
    reading = started_set(project, cast.ada)
    first = flagged(reading, cast.ada, "unsure", "Which?")
    assert thread_for(cast.dora, first.pk) == first
    start(assign(project, reading.article, by=cast.root, reviewer=cast.dora), by=cast.dora)
    assert threads_for(cast.dora, project, everything=True) == ([], "")
    assert open_flags(cast.dora, project) == 0
    with pytest.raises(Unknown):
        thread_for(cast.dora, first.pk)


@pytest.mark.parametrize("name", ["ada", "ben", "cleo", "otto"])
def test_only_managers_answer(cast: Cast, reading: AnnotationSet, name: str) -> None:
    first = flagged(reading, cast.ada, "unsure", "Which?")
    with pytest.raises(Unknown):
        thread_for(getattr(cast, name), first.pk)


def test_adjudicators_read_threads_once_the_article_waits_for_them(cast: Cast) -> None:
    project = make_project(cast)
    readings = [started_set(project, reader) for reader in (cast.ada, cast.ben)]
    first = flagged(readings[0], cast.ada, "bad text", "The page is cut off.")
    answer(first, by=cast.dora, text="So it was printed.")
    article = readings[0].article_id
    submitted(readings[0], cast.ada)
    assert "cut off" not in page(cast.cleo, "settle", project.slug, article)
    submitted(readings[1], cast.ben)
    client = Client()
    client.force_login(cast.cleo)
    client.post(reverse("settle_open", args=[project.slug, article]))
    shown = page(cast.cleo, "settle", project.slug, article)
    assert "The page is cut off." in shown and "So it was printed." in shown


def test_after_the_release_all_readers_read_all_threads_without_names(cast: Cast) -> None:
    story = tell(cast)
    assert readers_threads(cast.ben, story.ben) == []
    release_to_readers(cast.dora, story.project, story.article.pk)
    assert readers_threads(cast.ben, story.ben) == []


def test_the_page_after_the_release_tells_who_only_as_far_as_it_may(cast: Cast) -> None:
    project = make_project(cast)
    ada, ben = started_set(project, cast.ada), started_set(project, cast.ben)
    answer(flagged(ada, cast.ada, "unsure", "Which minister?"), by=cast.dora, text="The one of finance.")
    flagged(ben, cast.ben, "bad text", "Cut off.")
    for reading, reader in ((ada, cast.ada), (ben, cast.ben)):
        submitted(reading, reader)
    settled(project, ada.article, cast.cleo)
    assert readers_threads(cast.ben, ben) == []
    release_to_readers(cast.dora, project, ada.article_id)
    found = [said(one) for one in readers_threads(cast.ben, annotation_set_for(cast.ben, ben.pk))]
    assert found == [
        [("Another reader", "Which minister?"), ("The manager", "The one of finance.")], [("You", "Cut off.")],
    ]  # fmt: skip
    shown = page(cast.ben, "feedback", ben.pk)
    assert "Another reader" in shown and "Which minister?" in shown and "dora" not in shown


# The list


def test_the_list_asks_as_many_questions_for_many_threads_as_for_one(cast: Cast) -> None:
    project = make_project(cast, *[make_article(f"The union spoke {number} times.") for number in range(3)])
    counts = []
    for _ in range(3):
        reading = started_set(project, cast.ada)
        span = mark(reading, cast.ada, "The union", "ACTOR")
        for number in range(4):
            answer(flagged(reading, cast.ada, "unsure", f"{number}?", span=span), by=cast.dora, text="Yes.")
        submitted(reading, cast.ada)
        with CaptureQueriesContext(connection) as found:
            threads_for(cast.dora, project, everything=True)
        counts.append(len(found))
    assert counts == [counts[0]] * 3 and counts[0] <= 6


def test_long_lists_come_in_pages(cast: Cast, reading: AnnotationSet) -> None:
    for number in range(PAGE + 2):
        flagged(reading, cast.ada, "unsure", f"{number}?")
    first, after = threads_for(cast.dora, reading.project, everything=False)
    second, end = threads_for(cast.dora, reading.project, everything=False, after=after)
    assert (len(first), len(second), end) == (PAGE, 2, "")
    ids: Sequence[uuid.UUID] = [one.comment.pk for one in [*first, *second]]
    assert len(set(ids)) == PAGE + 2


def test_the_manager_answers_on_the_page_and_the_flag_leaves_the_list(cast: Cast, reading: AnnotationSet) -> None:
    first = flagged(reading, cast.ada, "guideline gap", "Which minister?")
    assert "1 flag of readers waits" in page(cast.dora, "project", reading.project.slug)
    client = Client()
    client.force_login(cast.dora)
    client.post(reverse("answer_comment", args=[first.pk]), {"text": "Both."})
    shown = client.get(reverse("flags", args=[reading.project.slug])).content.decode()
    assert "Your answer is with the reader." in shown and "Which minister?" not in shown
    shown = client.get(reverse("flags", args=[reading.project.slug]) + "?all").content.decode()
    assert "Which minister?" in shown and "Both." in shown
    assert "1 flag of readers" not in page(cast.dora, "project", reading.project.slug)
