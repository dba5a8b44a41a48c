"""Work that lies untouched: it goes back to the others, and its reader can take it again while it is free."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotator.errors import Conflict, Unknown
from annotator.projects.models import Membership, Project
from annotator.workflow.actions import assign, claim_next, send_back, take_again
from annotator.workflow.adjudication import release_to_readers
from annotator.workflow.campaign import end_role
from annotator.workflow.lapsing import release_stale
from annotator.workflow.models import Assignment
from annotator.workflow.queries import is_blinded
from corpus.models import Article
from tests.annotator.workflow.campaigns import MINISTER, UNION, allow, change, places, texts
from tests.builders import Cast, make_article, make_project, mark, settled, started_set, submitted

pytestmark = pytest.mark.django_db


def aged(assignment: Assignment, days: int) -> Assignment:
    """As if it had last been moved so long ago."""
    moment = timezone.now() - datetime.timedelta(days=days)
    Assignment.objects.filter(pk=assignment.pk).update(changed_at=moment)
    assignment.refresh_from_db()
    return assignment


def silent(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """As if so many days had passed since all that was written."""
    now = timezone.now() + datetime.timedelta(days=days)
    monkeypatch.setattr("annotator.workflow.lapsing.timezone.now", lambda: now)


def test_untouched_work_goes_back_to_the_pool_when_somebody_asks_for_an_article(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()
    project = make_project(cast, article, redundancy=1)
    change(project, cast.dora, release_after=7)
    at_work = started_set(project, cast.ada)
    assert claim_next(project, by=cast.ben) is None
    silent(monkeypatch, 8)
    found = claim_next(project, by=cast.ben)
    assert found is not None and found.article_id == article.pk
    assert places(project) == {"lapsed": 1, "started": 1}
    at_work.refresh_from_db()
    assert at_work.state == "closed"


def test_who_comes_back_to_their_own_work_finds_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(cast, redundancy=1)
    change(project, cast.dora, release_after=7)
    at_work = started_set(project, cast.ada)
    silent(monkeypatch, 8)
    assert claim_next(project, by=cast.ada).annotation_set_id == at_work.pk


def test_work_that_is_written_on_is_not_untouched(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(cast, redundancy=1)
    change(project, cast.dora, release_after=7)
    at_work = started_set(project, cast.ada)
    mark(at_work, cast.ada, *MINISTER)
    aged(Assignment.objects.get(annotation_set=at_work), 30)
    assert release_stale(project) == 0
    silent(monkeypatch, 8)
    assert release_stale(project) == 1
    assert release_stale(project) == 0


def test_without_a_time_nothing_goes_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(cast)
    started_set(project, cast.ada)
    silent(monkeypatch, 3000)
    assert release_stale(project) == 0


def test_offers_and_work_sent_back_go_back_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = texts(2)
    project = make_project(cast, first, second, redundancy=1)
    change(project, cast.dora, release_after=7)
    done = started_set(project, cast.ada)
    submitted(done, cast.ada)
    send_back(Assignment.objects.get(annotation_set=done), by=cast.dora, reason="Look again")
    other = ({first.pk, second.pk} - {done.article_id}).pop()
    assign(project, Article.objects.get(pk=other), by=cast.dora, reviewer=cast.ben)
    silent(monkeypatch, 8)
    assert release_stale(project) == 2
    assert places(project) == {"lapsed": 2, "free": 2}


def test_released_work_can_be_taken_again_while_it_is_free(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article()
    project = make_project(cast, article)
    change(project, cast.dora, release_after=7)
    at_work = started_set(project, cast.ada)
    mark(at_work, cast.ada, *MINISTER)
    silent(monkeypatch, 8)
    release_stale(project)
    lapsed = Assignment.objects.select_related("project__chain").get(annotation_set=at_work)
    assert places(project) == {"lapsed": 1, "free": 2}
    take_again(lapsed, by=cast.ada)
    assert places(project) == {"started": 1, "free": 1}
    at_work.refresh_from_db()
    assert at_work.spans.count() == 1
    mark(at_work, cast.ada, *UNION)
    submitted(at_work, cast.ada)


def test_an_offer_that_lapsed_can_be_taken_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article()
    project = make_project(cast, article)
    change(project, cast.dora, release_after=7)
    offered = assign(project, article, by=cast.dora, reviewer=cast.ada)
    silent(monkeypatch, 8)
    release_stale(project)
    assert take_again(offered, by=cast.ada).annotation_set_id
    assert places(project) == {"started": 1, "free": 1}


def lapsed_one(cast: Cast, monkeypatch: pytest.MonkeyPatch, redundancy: int = 1) -> tuple[Project, Assignment]:
    project = make_project(cast, redundancy=redundancy)
    change(project, cast.dora, release_after=7)
    at_work = started_set(project, cast.ada)
    silent(monkeypatch, 8)
    release_stale(project)
    return project, Assignment.objects.select_related("project__chain").get(annotation_set=at_work)


def test_what_others_have_taken_cannot_be_taken_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project, lapsed = lapsed_one(cast, monkeypatch)
    started_set(project, cast.ben)
    with pytest.raises(Conflict) as refusal:
        take_again(lapsed, by=cast.ada)
    assert refusal.value.code == "taken"
    assert places(project) == {"lapsed": 1, "started": 1}


def test_it_is_taken_again_only_by_its_reader_within_the_quota_and_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, lapsed = lapsed_one(cast, monkeypatch, redundancy=2)
    with pytest.raises(Unknown):
        take_again(lapsed, by=cast.ben)
    allow(project, cast.dora, cast.ada, 0)
    with pytest.raises(Conflict) as refusal:
        take_again(lapsed, by=cast.ada)
    assert refusal.value.code == "quota_full"
    allow(project, cast.dora, cast.ada, None)
    take_again(lapsed, by=cast.ada)
    with pytest.raises(Conflict):
        take_again(lapsed, by=cast.ada)
    submitted(lapsed.annotation_set, cast.ada)


def test_who_has_left_does_not_take_it_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project, lapsed = lapsed_one(cast, monkeypatch)
    end_role(
        Membership.objects.select_related("project__chain", "user").get(user=cast.ada, project=project), by=cast.dora
    )
    with pytest.raises(Unknown):
        take_again(lapsed, by=cast.ada)


def test_the_pool_does_not_give_it_to_the_same_reader_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project, _ = lapsed_one(cast, monkeypatch)
    assert claim_next(project, by=cast.ada) is None


def test_who_may_take_it_again_learns_nothing_of_others_work_on_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project, lapsed = lapsed_one(cast, monkeypatch)
    assert is_blinded(cast.ada, project, lapsed.article_id)
    submitted(started_set(project, cast.ben), cast.ben)
    settled(project, lapsed.article, cast.cleo)
    release_to_readers(cast.dora, project, lapsed.article_id)
    assert not is_blinded(cast.ada, project, lapsed.article_id)


def test_a_command_gives_untouched_work_back_in_every_project(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    projects = [make_project(cast), make_project(cast, make_article("Another."))]
    change(projects[0], cast.dora, release_after=7)
    for project in projects:
        started_set(project, cast.ada)
    silent(monkeypatch, 8)
    call_command("release_stale")
    assert capsys.readouterr().out == "1 article went back to the others.\n"
    assert [places(project)["lapsed"] for project in projects] == [1, 0]
