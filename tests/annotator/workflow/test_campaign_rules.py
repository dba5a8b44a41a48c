"""What a manager sets for a project or a reader, and what becomes of the places for readers."""

import datetime
from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict, Problem, Stale, Unknown
from annotator.log.models import Event
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.actions import assign, claim_next, decline, send_back, start, take_again, withdraw
from annotator.workflow.adjudication import open_case, release_to_readers, set_rules
from annotator.workflow.batches import Wish, assign_batch, planned
from annotator.workflow.campaign import end_role, take_articles
from annotator.workflow.conditions import change_conditions, conditions_seen, set_allowances
from annotator.workflow.lapsing import release_stale
from annotator.workflow.models import Assignment
from annotator.workflow.queries import is_blinded
from annotator.workflow.slots import Fitted
from corpus.models import Article
from tests.builders import (
    Cast,
    make_article,
    make_project,
    make_user,
    mark,
    settled,
    started_set,
    submitted,
)

pytestmark = pytest.mark.django_db


def texts(number: int, **facts: str) -> list[Article]:
    return [
        make_article(f"The minister spoke {place} times.", title=f"Number {place}", **facts) for place in range(number)
    ]


def places(project: Project, article: Article | None = None) -> Counter[str]:
    found = Assignment.objects.filter(project=project)
    return Counter((found if article is None else found.filter(article=article)).values_list("state", flat=True))


def stage(project: Project, article: Article) -> str:
    return ProjectArticle.objects.get(project=project, article=article).stage


def change(project: Project, by: User, **values: Any) -> Fitted:
    return change_conditions(project, by=by, seen=conditions_seen(project), values=values)


def membership(project: Project, user: User) -> Membership:
    return Membership.objects.get(project=project, user=user, role="reviewer")


def allow(project: Project, by: User, user: User, quota: int | None, due: datetime.date | None = None) -> int:
    return set_allowances(project, by=by, values={membership(project, user): (quota, due)})


def reviewers(*names: str) -> list[tuple[User, str]]:
    return [(make_user(name), "reviewer") for name in names]


# How many readers


def test_more_readers_open_places_and_fewer_close_free_ones(cast: Cast) -> None:
    project = make_project(cast, *texts(3))
    started_set(project, cast.ada)
    assert change(project, cast.dora, redundancy=4) == Fitted(opened=6)
    assert places(project) == {"started": 1, "free": 11}
    assert change(project, cast.dora, redundancy=1) == Fitted(closed=9)
    assert places(project) == {"started": 1, "free": 2}
    assert set(Assignment.objects.filter(project=project).values_list("slot", flat=True)) == {1}


def test_nobody_at_work_is_sent_away_and_what_was_handed_in_goes_to_be_settled(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    submitted(started_set(project, cast.ada), cast.ada)
    ben = started_set(project, cast.ben)
    change(project, cast.dora, redundancy=1)
    assert places(project) == {"submitted": 1, "started": 1}
    assert stage(project, article) == "reading"
    submitted(ben, cast.ben)
    assert stage(project, article) == "settling"


def test_an_article_whose_last_free_place_closes_goes_to_be_settled(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    submitted(started_set(project, cast.ada), cast.ada)
    assert change(project, cast.dora, redundancy=1) == Fitted(closed=1)
    assert stage(project, article) == "settling"
    assert change(project, cast.dora, redundancy=2) == Fitted(opened=1)
    assert stage(project, article) == "reading"


def test_a_place_given_back_is_not_filled_again_when_fewer_readers_are_wanted(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    submitted(started_set(project, cast.ada), cast.ada)
    ben = started_set(project, cast.ben)
    change(project, cast.dora, redundancy=1)
    decline(Assignment.objects.get(annotation_set=ben), by=cast.ben, reason="I know the author")
    assert places(project) == {"submitted": 1, "declined": 1}
    assert stage(project, article) == "settling"


def test_articles_whose_settling_has_begun_keep_the_readers_they_have(cast: Cast) -> None:
    begun, published = texts(2)
    project = make_project(cast, begun, published, redundancy=1)
    for _ in range(2):
        submitted(started_set(project, cast.ada), cast.ada)
    open_case(cast.cleo, project, begun.pk)
    settled(project, published, cast.cleo)
    assert change(project, cast.dora, redundancy=3) == Fitted()
    assert (stage(project, begun), stage(project, published)) == ("settling", "gold")


def test_a_share_of_the_articles_is_read_twice_and_the_others_once(cast: Cast) -> None:
    project = make_project(cast, *texts(40))
    closed = change(project, cast.dora, share=25).closed
    assert abs(closed - 30) <= 2
    by_article = Counter(Assignment.objects.filter(project=project).values_list("article", flat=True))
    assert Counter(by_article.values()) == {1: closed, 2: 40 - closed}
    more = take_articles(project, [make_article(f"Another {number}.") for number in range(20)], by=cast.dora)
    added = Assignment.objects.filter(project=project, article__in=[row.article_id for row in more]).count()
    assert abs(added - 25) <= 2
    assert change(project, cast.dora, share=100) == Fitted(opened=120 - 80 + closed - added)


def test_setting_conditions_is_one_recorded_act_and_its_places_another(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    before = project.chain.length
    change(project, cast.dora, redundancy=3, release_after=14)
    events = [event.body for event in Event.objects.filter(chain=project.chain_id, seq__gt=before).order_by("seq")]
    assert ['"action":"change_conditions"' in body for body in events] == [True, False]
    assert '"action":"fit_places"' in events[1]
    assert f'"by":"{cast.dora.pk}"' in events[0]
    assert '"release_after":14' in events[0]


def test_many_articles_are_fitted_in_several_gestures(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.workflow.conditions.BATCH", 2)
    project = make_project(cast, *texts(5))
    assert change(project, cast.dora, redundancy=3) == Fitted(opened=5)
    assert Event.objects.filter(chain=project.chain_id, body__contains='"action":"fit_places"').count() == 3


def test_two_managers_do_not_overwrite_each_other(cast: Cast) -> None:
    project = make_project(cast)
    for act in (
        lambda: change(project, cast.dora, redundancy=3),
        lambda: set_rules(cast.dora, project, {"majority": 2}),
    ):
        seen = conditions_seen(project)
        act()
        with pytest.raises(Stale):
            change_conditions(project, by=cast.root, seen=seen, values={"redundancy": 1})
    assert places(project) == {"free": 3}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"redundancy": 0}, "redundancy"),
        ({"redundancy": 10}, "redundancy"),
        ({"share": 0}, "share"),
        ({"share": 101}, "share"),
        ({"another_below": 80}, "readers_most"),
        ({"readers_most": 3}, "another_below"),
        ({"another_below": 0, "readers_most": 3}, "another_below"),
        ({"another_below": 101, "readers_most": 3}, "another_below"),
        ({"another_below": 80, "readers_most": 1}, "readers_most"),
        ({"another_below": 80, "readers_most": 10}, "readers_most"),
        ({"another_below": 80, "readers_most": 2}, "readers_most"),
        ({"release_after": 0}, "release_after"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(cast: Cast, values: dict[str, Any], field: str) -> None:
    project = make_project(cast)
    before = project.chain.length
    with pytest.raises(Problem) as refusal:
        change(project, cast.dora, **values)
    assert refusal.value.field == field
    fresh = Project.objects.select_related("chain").get(pk=project.pk)
    assert fresh.chain.length == before
    assert (fresh.redundancy, fresh.share) == (2, 100)


# One more reader


def read(project: Project, user: User, *marks: tuple[str, str]) -> None:
    at_work = started_set(project, user)
    for quote, label in marks:
        mark(at_work, user, quote, label)
    submitted(at_work, user)


MINISTER, UNION = ("The minister", "ACTOR"), ("The union", "ACTOR")


def test_readers_who_agree_on_too_little_get_one_more_until_there_are_enough(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article, members=[*cast.members, *reviewers("emil", "fay", "gus")])
    change(project, cast.dora, another_below=80, readers_most=4)
    read(project, cast.ada, MINISTER)
    assert places(project) == {"submitted": 1, "free": 1}
    read(project, cast.ben, UNION)
    assert (places(project), stage(project, article)) == ({"submitted": 2, "free": 1}, "reading")
    read(project, make_user("emil"), MINISTER)
    assert (places(project), stage(project, article)) == ({"submitted": 3, "free": 1}, "reading")
    read(project, make_user("fay"), MINISTER)
    assert (places(project), stage(project, article)) == ({"submitted": 4}, "settling")


def test_readers_who_agree_well_enough_get_no_other(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article, members=[*cast.members, *reviewers("emil")])
    change(project, cast.dora, another_below=60, readers_most=3)
    read(project, cast.ada, MINISTER)
    read(project, cast.ben, MINISTER, UNION)
    assert (places(project), stage(project, article)) == ({"submitted": 2}, "settling")


def test_readers_who_found_nothing_do_not_disagree(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article, members=[*cast.members, *reviewers("emil")])
    change(project, cast.dora, another_below=100, readers_most=3)
    read(project, cast.ada)
    read(project, cast.ben)
    assert stage(project, article) == "settling"


def test_no_place_is_opened_that_nobody_could_take(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    change(project, cast.dora, another_below=80, readers_most=5)
    read(project, cast.ada, MINISTER)
    read(project, cast.ben, UNION)
    assert (places(project), stage(project, article)) == ({"submitted": 2}, "settling")


def test_the_one_more_reader_stays_wanted_when_they_give_the_article_back(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article, members=[*cast.members, *reviewers("emil", "fay")])
    change(project, cast.dora, another_below=80, readers_most=3)
    read(project, cast.ada, MINISTER)
    read(project, cast.ben, UNION)
    emil = make_user("emil")
    at_work = started_set(project, emil)
    decline(Assignment.objects.get(annotation_set=at_work), by=emil, reason="Too long")
    assert places(project) == {"submitted": 2, "declined": 1, "free": 1}


# Quotas


def test_the_pool_gives_a_reader_no_more_than_the_quota(cast: Cast) -> None:
    project = make_project(cast, *texts(3))
    assert allow(project, cast.dora, cast.ada, 1, datetime.date(2030, 5, 1)) == 1
    submitted(started_set(project, cast.ada), cast.ada)
    assert claim_next(project, by=cast.ada) is None
    assert claim_next(project, by=cast.ben) is not None
    allow(project, cast.dora, cast.ada, 2)
    assert claim_next(project, by=cast.ada) is not None


def test_what_was_given_back_does_not_count_and_an_offer_comes_beside_the_quota(cast: Cast) -> None:
    first, second, third = texts(3)
    project = make_project(cast, first, second, third)
    allow(project, cast.dora, cast.ada, 1)
    at_work = started_set(project, cast.ada)
    decline(Assignment.objects.get(annotation_set=at_work), by=cast.ada, reason="Too long")
    at_work = started_set(project, cast.ada)
    assert claim_next(project, by=cast.ada).annotation_set_id == at_work.pk, "work in hand is never refused"
    submitted(at_work, cast.ada)
    rest = (
        {first.pk, second.pk, third.pk}
        - set(Assignment.objects.filter(reviewer=cast.ada).values_list("article", flat=True))
    ).pop()
    assign(project, Article.objects.get(pk=rest), by=cast.dora, reviewer=cast.ada)
    assert claim_next(project, by=cast.ada).article_id == rest


def test_quotas_are_one_recorded_act_and_only_for_reviewers(cast: Cast) -> None:
    project, other = make_project(cast), make_project(cast)
    before = project.chain.length
    both = {membership(project, user): (5, None) for user in (cast.ada, cast.ben)}
    assert set_allowances(project, by=cast.dora, values=both) == 2
    assert set_allowances(project, by=cast.dora, values=both) == 0
    project.chain.refresh_from_db()
    assert project.chain.length == before + 1
    for wrong in (membership(other, cast.ada), Membership.objects.get(project=project, role="manager")):
        with pytest.raises(Problem):
            set_allowances(project, by=cast.dora, values={wrong: (1, None)})


# Work that lies untouched


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


# Offering many articles at once


def offered(project: Project) -> Counter[str]:
    return Counter(
        Assignment.objects.filter(project=project, state="offered").values_list("reviewer__username", flat=True)
    )


def wish(*people: User, **values: Any) -> Wish:
    return Wish(readers=tuple(person.pk for person in people), **values)


def test_a_batch_is_dealt_evenly_and_is_one_recorded_act(cast: Cast) -> None:
    project = make_project(cast, *texts(6))
    before = project.chain.length
    plan = planned(cast.dora, project, wish(cast.ada, cast.ben))
    done = assign_batch(project, by=cast.dora, wish=wish(cast.ada, cast.ben))
    assert [(reader.username, number) for reader, number in plan.by_reader] == [("ada", 3), ("ben", 3)]
    assert plan.pairs == done.pairs
    assert offered(project) == {"ada": 3, "ben": 3}
    assert places(project) == {"offered": 6, "free": 6}
    project.chain.refresh_from_db()
    assert project.chain.length == before + 1
    assert claim_next(project, by=cast.ada).state == "started", "what was pushed comes before what is pulled"
    assert offered(project) == {"ada": 2, "ben": 3}


def test_a_batch_keeps_to_its_filter_and_number(cast: Cast) -> None:
    french, other = texts(2, outlet="Le Temps"), texts(3, outlet="The Times")
    project = make_project(cast, *french, *other, make_article("Guten Tag.", language="de"))
    assert planned(cast.dora, project, wish(cast.ada, outlet="Le Temps")).articles == 2
    assert planned(cast.dora, project, wish(cast.ada, language="de")).articles == 1
    assert planned(cast.dora, project, wish(cast.ada, stage="settling")).articles == 0
    plan = planned(cast.dora, project, wish(cast.ada, outlet="The Times", number=2))
    assert (plan.articles, plan.fitting) == (2, 3)


def test_each_article_can_go_to_several_and_beyond_its_places_only_when_asked(cast: Cast) -> None:
    project = make_project(cast, *texts(2), redundancy=1)
    assert len(planned(cast.dora, project, wish(cast.ada, cast.ben, each=2)).pairs) == 2
    assign_batch(project, by=cast.dora, wish=wish(cast.ada, cast.ben, each=2, beyond=True))
    assert offered(project) == {"ada": 2, "ben": 2}
    assert set(project.project_articles.values_list("readers", flat=True)) == {2}
    one = Assignment.objects.filter(project=project, reviewer=cast.ada).first()
    withdraw(one, by=cast.dora)
    assert places(project, one.article) == {"withdrawn": 1, "offered": 1, "free": 1}


def test_a_batch_gives_nobody_what_they_had_or_more_than_their_quota(cast: Cast) -> None:
    project = make_project(cast, *texts(4))
    start(assign(project, Article.objects.get(title="Number 0"), by=cast.dora, reviewer=cast.ada), by=cast.ada)
    allow(project, cast.dora, cast.ben, 2)
    plan = assign_batch(project, by=cast.dora, wish=wish(cast.ada, cast.ben, each=2))
    assert [(reader.username, number) for reader, number in plan.by_reader] == [("ada", 3), ("ben", 2)]


def test_people_who_do_not_review_get_nothing(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    assert planned(cast.dora, project, wish(cast.otto, cast.cleo)).pairs == []


def test_who_reads_an_article_does_not_choose_its_other_readers(cast: Cast) -> None:
    project = make_project(cast, *texts(3), members=[*cast.members, (cast.dora, "reviewer")])
    started_set(project, cast.dora)
    assert planned(cast.dora, project, wish(cast.ada)).fitting == 2


def test_an_article_on_the_desk_goes_back_to_be_read_when_one_more_reader_is_offered(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article, redundancy=1)
    submitted(started_set(project, cast.ada), cast.ada)
    assign_batch(project, by=cast.dora, wish=wish(cast.ben, stage="settling", beyond=True))
    assert stage(project, article) == "reading"


@pytest.mark.parametrize("number", [2, 9])
def test_a_plan_asks_as_many_questions_for_many_articles_as_for_few(
    cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    project = make_project(cast, *texts(number))
    with django_assert_num_queries(7):
        planned(cast.dora, project, wish(cast.ada, cast.ben))


def test_what_was_never_opened_is_not_sent_back(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    untouched = assign(project, article, by=cast.dora, reviewer=cast.ada)
    with pytest.raises(Conflict):
        send_back(untouched, by=cast.dora, reason="Look again")


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


def test_a_plan_tells_nothing_of_readers_of_an_article_that_the_manager_reads(cast: Cast) -> None:
    project = make_project(cast, *texts(2), members=[*cast.members, (cast.dora, "reviewer")])
    allow(project, cast.root, cast.ben, 1)
    own = started_set(project, cast.dora)
    before = planned(cast.dora, project, wish(cast.ben)).pairs
    assign(project, own.article, by=cast.root, reviewer=cast.ben)
    assert planned(cast.dora, project, wish(cast.ben)).pairs == before
