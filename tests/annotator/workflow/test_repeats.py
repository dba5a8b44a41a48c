"""Repeats: what a reader finished comes to them again, unannounced, and counts for nothing but their consistency."""

import datetime
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotator.accounts.models import User
from annotator.agreement.queries import repeats_for
from annotator.agreement.study import Chosen, study_for
from annotator.annotation.models import AnnotationSet, Span, Submission
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Problem, Unknown
from annotator.exchange.exports import Wanted, judgements
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.actions import claim_next, decline, send_back, submit
from annotator.workflow.adjudication import open_case, release_to_readers
from annotator.workflow.allotment import is_drawn
from annotator.workflow.campaign import end_role, withdraw_article
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.models import Assignment
from annotator.workflow.outlook import outlook_for
from annotator.workflow.progress import readers_for
from annotator.workflow.queries import judgements_of, submissions_for
from annotator.workflow.verification import verification
from tests.builders import Cast, make_article, make_project, mark, settled, started_set, submitted

pytestmark = pytest.mark.django_db


def texts(number: int) -> list[Any]:
    return [make_article(f"The minister spoke {place} times.", title=f"Number {place}") for place in range(number)]


def repeating(cast: Cast, number: int = 3, **values: Any) -> Project:
    """Everything comes again after one more article, unless `values` say otherwise."""
    project = make_project(cast, *texts(number))
    wanted = {"repeat_share": 100, "repeat_articles": 1, **values}
    change_conditions(project, by=cast.dora, seen=conditions_seen(project), values=wanted)
    return project


def read(project: Project, user: User, *quotes: str) -> AnnotationSet:
    """The next article, handed in with these words as actors."""
    at_work = started_set(project, user)
    for quote in quotes:
        mark(at_work, user, quote, "ACTOR")
    return submitted(at_work, user)


def at_hand(project: Project, user: User) -> Assignment:
    found = claim_next(project, by=user)
    assert found is not None
    return found


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# When


def test_after_so_many_articles_the_first_comes_again_as_round_two(cast: Cast) -> None:
    project = repeating(cast, repeat_articles=2)
    done = [read(project, cast.ada) for _ in range(3)]
    again = at_hand(project, cast.ada)
    assert (again.article_id, again.round, again.purpose) == (done[0].article_id, 2, "repeat")
    assert not Span.objects.filter(annotation_set=again.annotation_set_id).exists()


def test_after_so_many_days_it_comes_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = repeating(cast, 1, repeat_articles=None, repeat_days=7)
    first = read(project, cast.ada)
    assert claim_next(project, by=cast.ada) is None
    later = timezone.now() + datetime.timedelta(days=8)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert at_hand(project, cast.ada).article_id == first.article_id


def test_work_in_hand_comes_before_it_and_it_before_the_pool(cast: Cast) -> None:
    project = repeating(cast)
    read(project, cast.ada)
    begun = at_hand(project, cast.ada)
    assert begun.purpose == "reading"
    assert at_hand(project, cast.ada) == begun
    submitted(annotation_set_for(cast.ada, begun.annotation_set_id), cast.ada)  # type: ignore[arg-type]
    assert at_hand(project, cast.ada).purpose == "repeat"


def test_nothing_comes_a_third_time(cast: Cast) -> None:
    project = repeating(cast, 2)
    purposes = []
    while (found := claim_next(project, by=cast.ada)) is not None:
        purposes.append(found.purpose)
        submitted(annotation_set_for(cast.ada, found.annotation_set_id), cast.ada)  # type: ignore[arg-type]
    assert purposes == ["reading", "reading", "repeat"], "nothing was read after the last one"
    assert Assignment.objects.filter(reviewer=cast.ada).values("article", "round").distinct().count() == 3


def test_a_project_that_does_not_ask_for_it_never_repeats(cast: Cast) -> None:
    project = repeating(cast, 2, repeat_share=None)
    read(project, cast.ada)
    read(project, cast.ada)
    assert claim_next(project, by=cast.ada) is None


def test_lots_fall_on_about_the_share_and_a_larger_share_only_adds() -> None:
    lots = [place * (1 << 63) // 1000 for place in range(1000)]
    drawn = {share: [lot for lot in lots if is_drawn(lot, share=share)] for share in (0, 10, 25, 100)}
    assert [len(found) for found in drawn.values()] == [0, 101, 250, 1000]
    assert set(drawn[10]) <= set(drawn[25])


def test_what_the_reader_was_shown_the_gold_of_does_not_come_again(cast: Cast) -> None:
    project = repeating(cast, 2)
    first = read(project, cast.ada)
    read(project, cast.ben)
    read(project, cast.ben)
    settled(project, ProjectArticle.objects.get(article=first.article_id).article, cast.cleo)
    release_to_readers(cast.dora, project, first.article_id)
    read(project, cast.ada)
    assert claim_next(project, by=cast.ada) is None


def test_a_withdrawn_text_does_not_come_again(cast: Cast) -> None:
    project = repeating(cast, 2)
    first = read(project, cast.ada)
    read(project, cast.ada)
    withdraw_article(first.article, by=cast.root)
    assert claim_next(project, by=cast.ada) is None


# What it tells, and what not


def test_the_earlier_reading_is_out_of_sight_until_the_second_is_handed_in(cast: Cast) -> None:
    project = repeating(cast, 2)
    first = read(project, cast.ada, "The minister")
    read(project, cast.ada)
    again = at_hand(project, cast.ada)
    client, queue = client_of(cast.ada), f"/projects/{project.slug}/queue/"
    with pytest.raises(Unknown):
        annotation_set_for(cast.ada, first.pk)
    assert client.get(f"/sets/{first.pk}/").status_code == 404
    assert str(first.pk) not in client.get(queue).content.decode()
    assert client.get(f"/projects/{project.slug}/spans/").content.decode().count("The minister spoke") == 0
    assert not submissions_for(cast.ada, project).filter(annotation_set=first).exists()
    page = client.get(f"/sets/{again.annotation_set_id}/").content.decode()
    assert "second reading" not in page and "second time" not in page, "it comes unannounced"
    submitted(annotation_set_for(cast.ada, again.annotation_set_id), cast.ada)  # type: ignore[arg-type]
    assert client.get(f"/sets/{first.pk}/").status_code == 200
    assert str(first.pk) in client.get(queue).content.decode()


def test_a_second_reading_counts_for_nothing_else(cast: Cast) -> None:
    project = repeating(cast, 2)
    first = read(project, cast.ada)
    read(project, cast.ada)
    Membership.objects.filter(project=project, user=cast.ada).update(quota=2)
    read(project, cast.ada, "The minister")
    read(project, cast.ben)
    read(project, cast.ben)
    assert [one.annotation_set.round for one in judgements_of(project, first.article_id)] == [1, 1]
    case = open_case(cast.cleo, project, first.article_id)
    assert len(case.submissions) == 2 and not case.differences
    assert {reader.user: reader.handed_in for reader in readers_for(cast.dora, project)}[cast.ada] == 2
    assert study_for(cast.cleo, project, Chosen()).report().spans == 0
    assert Assignment.objects.filter(project=project, purpose="reading").count() == 4


def test_the_second_reading_opens_with_the_article_to_its_reader(cast: Cast) -> None:
    """Released while a reader is at it again: they are shown gold when they have handed it in, not before."""
    project = repeating(cast, 2)
    first = read(project, cast.ada)
    read(project, cast.ada)
    read(project, cast.ben)
    read(project, cast.ben)
    again = at_hand(project, cast.ada)
    settled(project, first.article, cast.cleo)
    release_to_readers(cast.dora, project, first.article_id)
    client = client_of(cast.ada)
    assert client.get(f"/sets/{first.pk}/gold/").status_code == 404
    assert client.get(f"/projects/{project.slug}/gold/{first.article_id}/").status_code == 404
    submitted(annotation_set_for(cast.ada, again.annotation_set_id), cast.ada)  # type: ignore[arg-type]
    assert client.get(f"/sets/{first.pk}/gold/").status_code == 200
    assert client.get(f"/sets/{again.annotation_set_id}/gold/").status_code == 404
    assert client.get(f"/projects/{project.slug}/queue/").status_code == 200


def test_sending_the_first_reading_back_ends_the_second(cast: Cast) -> None:
    project = repeating(cast, 2)
    first = read(project, cast.ada)
    read(project, cast.ada)
    again = at_hand(project, cast.ada)
    returned = Assignment.objects.select_related("project__chain").get(annotation_set=first)
    send_back(returned, by=cast.dora, reason="Look again")
    again.refresh_from_db()
    assert again.state == "withdrawn"
    assert at_hand(project, cast.ada).annotation_set_id == first.pk
    assert client_of(cast.ada).get(f"/sets/{first.pk}/").status_code == 200


def test_a_second_reading_can_be_given_back_and_is_not_sent_back(cast: Cast) -> None:
    project = repeating(cast, 3)
    read(project, cast.ada)
    read(project, cast.ada)
    again = Assignment.objects.select_related("project__chain").get(pk=at_hand(project, cast.ada).pk)
    decline(again, by=cast.ada, reason="I remember it word by word")
    assert at_hand(project, cast.ada).purpose == "reading"
    with pytest.raises(Problem, match="counts for gold"):
        send_back(again, by=cast.dora, reason="x")


def test_who_leaves_in_the_middle_of_it_takes_nobodys_place_along(cast: Cast) -> None:
    project = repeating(cast, 2)
    read(project, cast.ada)
    read(project, cast.ada)
    again = at_hand(project, cast.ada)
    free = Assignment.objects.filter(project=project, state="free").count()
    member = Membership.objects.select_related("project__chain", "user").get(project=project, user=cast.ada)
    assert end_role(member, by=cast.dora) == 0
    again.refresh_from_db()
    assert again.state == "withdrawn"
    assert Assignment.objects.filter(project=project, state="free").count() == free
    assert list(verification().findings()) == []


# Consistency with oneself


def twice(cast: Cast, project: Project, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    read(project, cast.ada, *first)
    read(project, cast.ada)
    assert read(project, cast.ada, *second).round == 2


def test_consistency_compares_the_two_readings_of_each_reader(cast: Cast) -> None:
    project = repeating(cast, 2)
    twice(cast, project, ("The minister", "spoke"), ("The minister",))
    study = study_for(cast.dora, project, Chosen(compared="self"))
    figures = {figure.key: figure.measure for figure in study.report().found}
    assert figures["f1_exact"].value == pytest.approx(2 / 3)
    (line,) = study.lines("reader")
    of_reader = {figure.key: figure.measure.value for figure in line.figures}
    assert (line.articles, of_reader["f1_half"]) == (1, pytest.approx(2 / 3))
    assert study.called("1") == "First reading"


def test_each_reader_is_compared_with_themselves_alone(cast: Cast) -> None:
    project = repeating(cast, 2)
    for reader in (cast.ada, cast.ben):
        for _ in range(3):
            read(project, reader, "The minister")
    study = study_for(cast.dora, project, Chosen(compared="self"))
    assert len(study.articles) == 2 and set(study.values("reader").values()) == {1}
    letter = next(iter(study.values("reader")))
    assert len(study_for(cast.dora, project, Chosen(compared="self", reader=letter)).articles) == 1


def test_what_was_changed_after_the_second_reading_is_not_the_first(cast: Cast) -> None:
    project = repeating(cast, 2)
    twice(cast, project, ("The minister",), ("The minister",))
    first = AnnotationSet.objects.get(
        owner=cast.ada, round=1, article=Assignment.objects.get(purpose="repeat").article_id
    )
    returned = Assignment.objects.select_related("project__chain").get(annotation_set=first)
    send_back(returned, by=cast.dora, reason="Look again")
    mark(annotation_set_for(cast.ada, first.pk), cast.ada, "spoke", "CLAIM")
    submitted(annotation_set_for(cast.ada, first.pk), cast.ada)
    (article,) = repeats_for(cast.dora, project).articles
    assert Submission.objects.get(pk=article.handed[0].submission).number == 1


def test_the_page_shows_it_to_managers_with_names_and_to_adjudicators_without(cast: Cast) -> None:
    project = repeating(cast, 2)
    path = f"/projects/{project.slug}/agreement/?compared=self"
    assert "Nobody has read an article a second time yet" in client_of(cast.dora).get(path).content.decode()
    twice(cast, project, ("The minister",), ("The minister",))
    page = client_of(cast.dora).get(path).content.decode()
    assert "1 article read a second time by 1 reader" in page and "of readers with themselves" in page
    broken_down = f"/projects/{project.slug}/agreement/by/reader/?compared=self"
    assert "ada" in client_of(cast.dora).get(broken_down).content.decode()
    assert "(ada)" not in client_of(cast.cleo).get(broken_down).content.decode()
    assert client_of(cast.cleo).get(path + "&reader=A").status_code == 403
    sheet = client_of(cast.dora).get(f"/projects/{project.slug}/agreement/spans/?kind=label&compared=self")
    assert "First reading" in sheet.content.decode() and "Second reading" in sheet.content.decode()
    for ending in ("csv", "json"):
        assert client_of(cast.dora).get(f"/projects/{project.slug}/agreement.{ending}?compared=self").status_code == 200
    assert client_of(cast.dora).get(path.replace("=self", "=nobody")).status_code == 404
    assert client_of(cast.dora).get(path + "&pair=A-B").status_code == 404


def test_whoever_reads_the_article_sees_nothing_of_anothers_consistency_on_it(cast: Cast) -> None:
    project = repeating(cast, 2)
    for user, role in ((cast.ben, "manager"),):
        Membership.objects.create(project=project, user=user, role=role)
    read(project, cast.ben)
    read(project, cast.ben)
    twice(cast, project, ("The minister",), ("The minister",))
    assert study_for(cast.ben, project, Chosen(compared="self")).articles == ()
    assert len(study_for(cast.cleo, project, Chosen(compared="self")).articles) == 1


def test_records_of_judgements_say_what_a_reading_was_for(cast: Cast) -> None:
    project = repeating(cast, 2)
    twice(cast, project, ("The minister",), ("The minister",))
    records = [record["set"] for _, record in judgements(cast.dora, project, Wanted())(None, 10)]
    assert sorted((one["round"], one["purpose"]) for one in records) == [(1, "reading"), (1, "reading"), (2, "repeat")]


# Settings


def test_a_share_needs_to_know_when(cast: Cast) -> None:
    project = make_project(cast)
    with pytest.raises(Problem, match="after how many days"):
        change_conditions(project, by=cast.dora, seen=conditions_seen(project), values={"repeat_share": 10})


def test_settings_tell_beforehand_what_they_would_do(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    read(project, cast.ada)
    read(project, cast.ada)
    said = outlook_for(cast.dora, project, {"repeat_share": 100, "repeat_articles": 1, "second_share": 100})
    assert said.repeats == "Of 2 articles that readers have finished, 2 would come again, 1 of them now."
    assert said.seconds.startswith("Of 2 articles whose settling has not begun, 2 would be settled twice.")
    assert "It takes two adjudicators, and the project has 1." in said.seconds
    sent = {"redundancy": 2, "share": 100, "seen": conditions_seen(project), "repeat_share": 100, "repeat_articles": 1}
    path = f"/projects/{project.slug}/settings/"
    page = client_of(cast.dora).post(path, {**sent, "look": "1"}).content.decode()
    assert "Nothing is kept yet" in page and said.repeats in page
    project.refresh_from_db()
    assert project.repeat_share is None
    assert "The settings are kept." in client_of(cast.dora).post(path, sent, follow=True).content.decode()


def test_the_outlook_leaves_out_what_the_manager_reads(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    Membership.objects.create(project=project, user=cast.dora, role="reviewer")
    read(project, cast.ada)
    read(project, cast.ada)
    read(project, cast.dora)
    said = outlook_for(cast.dora, project, {"repeat_share": 100, "repeat_articles": 1})
    assert said.repeats.startswith("Of 1 article that readers have finished")


def test_a_gesture_repeated_begins_nothing_twice(cast: Cast) -> None:
    project = repeating(cast, 2)
    read(project, cast.ada)
    read(project, cast.ada)
    again = annotation_set_for(cast.ada, at_hand(project, cast.ada).annotation_set_id)  # type: ignore[arg-type]
    gesture, version = uuid.uuid4(), again.chain.length
    for _ in range(2):
        submit(again.pk, by=cast.ada, gesture=gesture, version=version)
    assert again.submissions.count() == 1
