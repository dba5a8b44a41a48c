"""What a manager sets for a project or a reader, and what becomes of the places for readers."""

import datetime
from collections import Counter
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.errors import Conflict, Problem, Stale
from annotator.log.models import Event
from annotator.projects.models import Membership, Project
from annotator.workflow.actions import assign, claim_next, decline, send_back
from annotator.workflow.adjudication import open_case, set_rules
from annotator.workflow.campaign import take_articles
from annotator.workflow.conditions import change_conditions, conditions_seen, set_allowances
from annotator.workflow.models import Assignment
from annotator.workflow.slots import Fitted
from corpus.models import Article
from tests.annotator.workflow.campaigns import MINISTER, UNION, allow, change, membership, places, stage, texts
from tests.builders import Cast, make_article, make_project, make_user, mark, settled, started_set, submitted

pytestmark = pytest.mark.django_db


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


def test_what_was_never_opened_is_not_sent_back(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    untouched = assign(project, article, by=cast.dora, reviewer=cast.ada)
    with pytest.raises(Conflict):
        send_back(untouched, by=cast.dora, reason="Look again")
