"""Settling a share twice: blind to the first, beside the gold, and compared with it."""

import itertools
import uuid

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from annotator.accounts.models import User
from annotator.agreement.study import Chosen, study_for
from annotator.annotation.models import AnnotationSet
from annotator.errors import Conflict, Forbidden, Problem
from annotator.projects.actions import give_role
from annotator.projects.models import Membership
from annotator.workflow import adjudication
from annotator.workflow.adjudication import case_for, open_case, publish, reopen
from annotator.workflow.campaign import dismiss, end_role
from annotator.workflow.cases import Choice
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.models import Decision, SecondSettling
from annotator.workflow.queries import gold_for, is_blinded, settled_twice
from annotator.workflow.second_screen import settled_twice_for, waiting_for
from annotator.workflow.seconds import end_second, hand_over, is_settled_twice, seconds_waiting
from annotator.workflow.verification import verification
from tests.addresses import API, SCREENS
from tests.annotator.workflow.stories import Story
from tests.builders import Cast, make_article, make_project, make_user, settled, started_set, submitted
from tests.test_blindness import ask, eyes_of, path_of, standing_still

pytestmark = pytest.mark.django_db

ADA = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "oppose"}), "p": ("the plan", "CLAIM")}
BEN = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "mixed"})}
LINKS = [("held_by", "r", "m")]


@pytest.fixture
def story(cast: Cast) -> Story:
    """Both have read, every article is settled twice, and Zoe adjudicates too."""
    return twofold(cast)


def twofold(cast: Cast) -> Story:
    story = Story(cast)
    story.join("zoe", "adjudicator")
    ask_for(story, cast, second_share=100)
    for reader, spans in ((cast.ada, ADA), (cast.ben, BEN)):
        story.read(reader, spans, LINKS)
    return story


def ask_for(story: Story, cast: Cast, **values: int | None) -> None:
    change_conditions(story.project, by=cast.dora, seen=conditions_seen(story.project), values=values)


def person(name: str) -> User:
    return User.objects.get(username=name)


def settle(story: Story, by: User, like: User) -> None:
    """All that differs as one reader has it; the nothing of a reader who has nothing."""
    case = open_case(by, story.project, story.article.pk)
    while case.open_differences:
        difference = case.open_differences[0]
        voice = story.voice(like)
        has_it = voice in case.comparison.groups[difference.group].members
        choice = Choice("took", voice=voice) if has_it else Choice("neither")
        case = adjudication.decide(
            by, story.project, story.article.pk, gesture=uuid.uuid4(), key=difference.key, choice=choice
        )
    publish(by, story.project, story.article.pk)


def second(story: Story) -> SecondSettling:
    return SecondSettling.objects.select_related("project__chain").get(project=story.project)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# Who


def test_another_adjudicator_is_chosen_when_the_first_begins(story: Story, cast: Cast) -> None:
    assert not SecondSettling.objects.exists()
    story.open()
    assert (second(story).adjudicator.username, second(story).state) == ("zoe", "waiting")
    story.open()
    assert SecondSettling.objects.count() == 1


def test_who_settled_first_never_gets_it_whoever_that_is(story: Story, cast: Cast) -> None:
    settle(story, person("zoe"), cast.ada)
    assert second(story).adjudicator == cast.cleo


def test_nobody_is_chosen_who_reads_the_article_or_is_alone(cast: Cast) -> None:
    story = Story(cast)
    ask_for(story, cast, second_share=100)
    give_role(story.project, by=cast.dora, user=cast.ada, role="adjudicator")
    for reader, spans in ((cast.ada, ADA), (cast.ben, BEN)):
        story.read(reader, spans, LINKS)
    story.open()
    assert not SecondSettling.objects.exists()


def test_without_the_setting_nobody_settles_anything_twice(cast: Cast) -> None:
    story = twofold(cast)
    ask_for(story, cast, second_share=None)
    story.open()
    assert not SecondSettling.objects.exists()


def test_lots_fall_on_the_share_and_a_larger_share_only_adds(cast: Cast) -> None:
    project = make_project(cast)
    chosen = {}
    for share in (10, 30):
        project.second_share = share
        chosen[share] = {position for position in range(1, 201) if is_settled_twice(project, position)}
    assert [len(found) for found in chosen.values()] == [pytest.approx(20, abs=2), pytest.approx(60, abs=2)]
    assert chosen[10] < chosen[30]


def test_work_is_shared_out_evenly(cast: Cast) -> None:
    articles = [make_article(f"The minister spoke {place} times.") for place in range(4)]
    project = make_project(cast, *articles, redundancy=1)
    story = Story.__new__(Story)
    story.project, story.cast = project, cast
    for name in ("zoe", "yan"):
        story.join(name, "adjudicator")
    ask_for(story, cast, second_share=100)
    for _ in articles:
        submitted(started_set(project, cast.ada), cast.ada)
    for article in articles:
        open_case(cast.cleo, project, article.pk)
    held = SecondSettling.objects.values_list("adjudicator__username", flat=True)
    assert sorted(held) == ["yan", "yan", "zoe", "zoe"]


# Blind


def test_the_second_waits_for_the_first_and_keeps_away_from_it(story: Story, cast: Cast) -> None:
    story.open()
    zoe = person("zoe")
    for step in (case_for, open_case):
        with pytest.raises(Conflict, match="settles this article first"):
            step(zoe, story.project, story.article.pk)
    with pytest.raises(Conflict):
        publish(zoe, story.project, story.article.pk)
    page = client_of(zoe).get(f"/projects/{story.project.slug}/settle/").content.decode()
    assert str(story.article.pk) not in page


def test_the_second_begins_anew_with_a_gold_set_of_their_own(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    zoe = person("zoe")
    case = open_case(zoe, story.project, story.article.pk)
    assert (case.gold_set.round, second(story).gold_set_id) == (2, case.gold_set.pk)
    assert {one.outcome for one in case.decisions.values()} == {"agreed"}
    assert len(case.open_differences) == 2
    assert case_for(cast.cleo, story.project, story.article.pk).gold_set.round == 1


def test_the_gold_stays_the_gold_whatever_the_second_settles(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    before = AnnotationSet.objects.get(voice="gold", round=1).submissions.get().digest
    settle(story, person("zoe"), cast.ben)
    first, again = AnnotationSet.objects.filter(voice="gold").order_by("round")
    assert (first.state, again.state, second(story).state) == ("closed", "closed", "done")
    assert first.submissions.get().digest == before != again.submissions.get().digest
    assert list(gold_for(cast.dora, story.project)) == [first]
    assert story.stage == "gold"
    assert list(verification().findings()) == []


def test_until_it_is_handed_in_the_gold_answers_like_one_that_does_not_exist(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    zoe, path = person("zoe"), f"/projects/{story.project.slug}/gold/{story.article.pk}/"
    assert is_blinded(zoe, story.project, story.article.pk)
    assert not gold_for(zoe, story.project).exists()
    assert client_of(zoe).get(path).status_code == 404
    settle(story, zoe, cast.ben)
    assert client_of(zoe).get(path).status_code == 200


def test_the_worlds_look_the_same_to_the_second_whatever_the_first_decided(story: Story, cast: Cast) -> None:
    """Every address there is, asked by Zoe at the screen and as a program, in two worlds."""
    zoe, answers = person("zoe"), []
    eyes = eyes_of(zoe, story.project)
    for like in (cast.ada, cast.ben):
        with transaction.atomic():
            settle(story, cast.cleo, like)
            answers.append(all_answers(story, eyes))
            transaction.set_rollback(True)
    assert sum(answer[0] == 200 for answer in answers[0].values()) > 5
    assert [place for place in answers[0] if answers[0][place] != answers[1][place]] == []


def all_answers(story: Story, eyes: object) -> dict[tuple[str, str], tuple[object, ...]]:
    shared = {"slug": story.project.slug, "person": story.cast.ben.pk, "link": "x/y", "project": story.project.pk}
    found = {}
    with standing_still():
        for one in (*SCREENS, *API):
            path = path_of(one, Anything(story.article.pk, shared))
            for method in one.cells:
                found[method, path] = ask(eyes, one, method, path)  # type: ignore[arg-type]
    return found


class Anything(dict):  # type: ignore[type-arg]
    """Names in addresses: those known, and the article for any other."""

    def __init__(self, article: uuid.UUID, known: dict[str, object]) -> None:
        super().__init__(known)
        self.article = article

    def __missing__(self, name: str) -> uuid.UUID:
        return self.article


# When something happens


def test_the_first_is_not_reopened_by_who_settles_it_again(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    with pytest.raises(Forbidden):
        reopen(person("zoe"), story.project, story.article.pk)


def test_reopening_the_first_leaves_the_second_at_work(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    open_case(person("zoe"), story.project, story.article.pk)
    reopen(cast.cleo, story.project, story.article.pk)
    settle(story, person("zoe"), cast.ben)
    assert (second(story).state, story.stage) == ("done", "settling")


def test_handing_in_twice_from_one_page_does_not_publish_the_first(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    settle(story, person("zoe"), cast.ben)
    reopen(cast.cleo, story.project, story.article.pk)
    with pytest.raises(Conflict, match="handed in"):
        publish(person("zoe"), story.project, story.article.pk, round=2)
    assert story.stage == "settling"


def test_who_leaves_hands_it_over_to_somebody_without_a_part_in_the_first(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    open_case(person("zoe"), story.project, story.article.pk)
    yan = story.join("yan", "adjudicator")
    member = Membership.objects.select_related("project__chain", "user").get(user__username="zoe")
    end_role(member, by=cast.dora)
    states = dict(SecondSettling.objects.values_list("adjudicator__username", "state"))
    assert states == {"zoe": "ended", "yan": "waiting"}
    assert open_case(yan, story.project, story.article.pk).gold_set.round == 3
    dismiss(yan, by=cast.root)
    assert not SecondSettling.objects.filter(state="waiting").exists(), "only who settled first is left"
    assert list(verification().findings()) == []


def test_a_manager_does_without_it(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    found = second(story)
    end_second(found, by=cast.dora)
    assert gold_for(person("zoe"), story.project).exists()
    with pytest.raises(Conflict):
        end_second(found, by=cast.dora)
    hand_over(person("zoe"), by=cast.dora)
    assert SecondSettling.objects.count() == 1


def test_a_reading_sent_back_shuts_both_desks(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    reopen(cast.cleo, story.project, story.article.pk)
    story.reread(cast.ben)
    for user in (cast.cleo, person("zoe")):
        with pytest.raises(Conflict, match="Not all readings"):
            open_case(user, story.project, story.article.pk)


# What it shows


def test_agreement_between_adjudicators_is_told_on_the_agreement_page(story: Story, cast: Cast) -> None:
    path = f"/projects/{story.project.slug}/agreement/?compared=adjudicators"
    assert "No article was settled by two adjudicators yet" in client_of(cast.dora).get(path).content.decode()
    settle(story, cast.cleo, cast.ada)
    settle(story, person("zoe"), cast.ben)
    study = study_for(cast.dora, story.project, Chosen(compared="adjudicators"))
    figures = {figure.key: figure.measure.value for figure in study.report().found}
    assert figures["f1_exact"] == pytest.approx(4 / 5)
    page = client_of(cast.dora).get(path).content.decode()
    assert "1 article settled by two adjudicators" in page and "What the two settled otherwise" in page
    assert "What the two settled otherwise" not in client_of(cast.cleo).get(path).content.decode()
    readers = study_for(cast.dora, story.project, Chosen())
    assert readers.report().coders == 2, "gold is no reader"


def test_a_manager_sees_the_differences_and_reopens_the_first_with_a_reason(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    client, path = client_of(cast.dora), f"/projects/{story.project.slug}/settled-twice/"
    page = client.get(path).content.decode()
    assert "zoe" in page and "not begun" in page
    settle(story, person("zoe"), cast.ben)
    page = client.get(path).content.decode()
    assert "2 spans alike · 2 differences" in page
    assert "oppose" in page and "mixed" in page and "nothing here" in page
    answer = client.post(f"{path}{second(story).pk}/reopen/", {"reason": " "})
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert story.stage == "gold", "without a reason nothing happens"
    client.post(f"{path}{second(story).pk}/reopen/", {"reason": "Rule 4 was overlooked"})
    assert story.stage == "settling"
    assert "Rule 4 was overlooked" in client.get(path).content.decode()
    desk = client_of(cast.cleo).get(f"/projects/{story.project.slug}/settle/{story.article.pk}/").content.decode()
    assert "Reopened after the second settling: Rule 4 was overlooked" in desk
    (article,) = settled_twice_for(cast.dora, story.project)
    assert len(article.differences) == 2
    story.decide("the plan", "neither")
    publish(cast.cleo, story.project, story.article.pk)
    ((first, _),) = settled_twice(cast.dora, story.project)
    assert first.number == 1, "what was measured stays as it was"


def test_a_manager_who_reads_the_article_sees_nothing_of_it_there(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    settle(story, person("zoe"), cast.ben)
    give_role(story.project, by=cast.dora, user=cast.ben, role="manager")
    path = f"/projects/{story.project.slug}/settled-twice/"
    assert "difference" not in client_of(cast.ben).get(path).content.decode()
    assert client_of(cast.ben).post(f"{path}{second(story).pk}/reopen/", {"reason": "x"}).status_code == 404
    assert study_for(cast.ben, story.project, Chosen(compared="adjudicators")).articles == ()


def test_the_desk_and_the_list_say_that_it_is_a_second_settling(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    client, path = client_of(person("zoe")), f"/projects/{story.project.slug}/settle/"
    assert "To settle a second time" in client.get(path).content.decode()
    client.post(f"{path}{story.article.pk}/open/")
    desk = client.get(f"{path}{story.article.pk}/").content.decode()
    assert "Second settling" in desk and "Hand in" in desk and "cleo" not in desk
    case = case_for(person("zoe"), story.project, story.article.pk)
    for difference in case.open_differences:
        sent = {"gesture": uuid.uuid4(), "key": difference.key, "outcome": "neither", "seen": ""}
        assert client.post(f"{path}{story.article.pk}/decide/", sent).status_code in (200, 302)
    answer = client.post(f"{path}{story.article.pk}/publish/", {"round": 2}, follow=True)
    assert "Your settling is handed in." in answer.content.decode()
    assert Decision.objects.filter(gold_set__round=2, by__username="zoe").count() >= 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_many_questions_for_many_as_for_one(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    articles = [make_article(f"The minister spoke {place} times.") for place in range(number)]
    project = make_project(cast, *articles, redundancy=1)
    change_conditions(project, by=cast.dora, seen=conditions_seen(project), values={"second_share": 100})
    give_role(project, by=cast.dora, user=make_user("zoe"), role="adjudicator")
    for _ in articles:
        submitted(started_set(project, cast.ada), cast.ada)
    for article in articles:
        settled(project, article, cast.cleo)
    with django_assert_num_queries(3):
        assert len([one.article.heading for one in seconds_waiting(person("zoe"), project)]) == number
    with django_assert_num_queries(2):
        assert len([one.second.article.heading for one in waiting_for(cast.dora, project)]) == number


def test_a_decision_of_nobody_is_refused_in_the_second_as_in_the_first(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    case = open_case(person("zoe"), story.project, story.article.pk)
    key, made = case.open_differences[0].key, itertools.count()
    for user in (person("zoe"), cast.cleo):
        with pytest.raises(Problem):
            adjudication.decide(
                user, story.project, story.article.pk, gesture=uuid.UUID(int=next(made)), key=key,
                choice=Choice("took", voice="nobody"),
            )  # fmt: skip


def test_the_downloads_have_one_gold_of_an_article(story: Story, cast: Cast) -> None:
    settle(story, cast.cleo, cast.ada)
    settle(story, person("zoe"), cast.ben)
    lines = client_of(cast.dora).get(f"/projects/{story.project.slug}/download/gold.jsonl/")
    assert b"".join(lines.streaming_content).decode().count("\n") == 1  # type: ignore[attr-defined]


def test_settled_by_the_builders_still_means_the_first(cast: Cast) -> None:
    story = twofold(cast)
    assert settled(story.project, story.article, cast.cleo).round == 1
