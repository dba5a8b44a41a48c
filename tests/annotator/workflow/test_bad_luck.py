"""Bad input and bad luck: what happens out of turn, twice, at once or in the middle has a plain outcome."""

import uuid

import pytest
from django.test import Client

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Span
from annotator.errors import Conflict, Forbidden, Unknown
from annotator.projects.actions import give_role
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow import adjudication
from annotator.workflow.actions import assign, claim_next, start, withdraw
from annotator.workflow.batches import Wish, planned
from annotator.workflow.campaign import dismiss, end_role
from annotator.workflow.cases import Choice
from annotator.workflow.exercises import train_with
from annotator.workflow.models import Assignment, Decision, SecondSettling
from annotator.workflow.progress import assignable
from annotator.workflow.seconds import end_second
from annotator.workflow.verification import verification
from tests.annotator.workflow.stories import Story, refusal
from tests.annotator.workflow.test_repeats import at_hand, read, repeating
from tests.annotator.workflow.test_seconds import twofold
from tests.builders import Cast, at_once, mark, submitted
from tests.databases import Database

ADA = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "oppose"})}
BEN = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "mixed"})}
LINKS = [("held_by", "r", "m")]


@pytest.fixture
def story(cast: Cast) -> Story:
    """Both have read; they differ in a polarity."""
    story = Story(cast)
    for reader, spans in ((cast.ada, ADA), (cast.ben, BEN)):
        story.read(reader, spans, LINKS)
    return story


def membership(story: Story, user: User, role: str) -> Membership:
    found = Membership.objects.select_related("project__chain", "user")
    return found.get(project=story.project, user=user, role=role)


# Out of turn


@pytest.mark.django_db
def test_an_adjudicator_who_comes_before_all_are_in_is_told_so_on_a_page(cast: Cast) -> None:
    story = Story(cast)
    story.read(cast.ada, ADA, LINKS)
    story.begin(cast.ben)
    client = Client()
    client.force_login(cast.cleo)
    path = f"/projects/{story.project.slug}/settle/{story.article.pk}/"
    answers = [client.get(path), *(client.post(f"{path}{verb}/") for verb in ("open", "publish", "reopen"))]
    for answer in answers:
        assert answer.status_code == 409
        assert "Not all readings of this article are in yet." in answer.content.decode()
    assert not AnnotationSet.objects.filter(voice="gold").exists()


@pytest.mark.django_db
def test_a_decision_on_a_reading_that_was_withdrawn_finds_it_gone(story: Story, cast: Cast) -> None:
    """The adjudicator has the page open; the reader is taken off the article, and another one reads it."""
    story.open()
    difference, voice = story.difference("rejected", "polarity"), story.voice(cast.ben)
    decide = lambda: story.decide_key(difference.key, Choice("took", voice))
    story.reread(cast.ben)
    assert refusal(decide) == "409 readings_missing"
    withdraw(story.assignment(cast.ben), by=cast.dora)
    zoe = story.join("zoe")
    story.read(zoe, BEN, LINKS)
    assert refusal(decide) == "404 not_found"
    story.decide("rejected", "took", zoe, name="polarity")
    story.publish()
    assert story.stage == "gold"


@pytest.mark.django_db
def test_a_reader_who_becomes_adjudicator_does_not_settle_what_they_read(story: Story, cast: Cast) -> None:
    give_role(story.project, by=cast.dora, user=cast.ada, role="adjudicator")
    with pytest.raises(Forbidden):
        story.open(cast.ada)
    client = Client()
    client.force_login(cast.ada)
    path = f"/projects/{story.project.slug}/settle/"
    assert str(story.article.pk) not in client.get(path).content.decode()
    assert client.get(f"{path}{story.article.pk}/").status_code == 403
    end_role(membership(story, cast.ada, "reviewer"), by=cast.dora)
    with pytest.raises(Forbidden):
        story.open(cast.ada)


@pytest.mark.django_db
def test_an_adjudicator_who_becomes_a_reader_does_not_read_what_they_settle(story: Story, cast: Cast) -> None:
    """They know what the others said. Neither the pool, nor an offer, nor a batch brings it to them."""
    story.open()
    story.decide("rejected", "took", cast.ada, name="polarity")
    give_role(story.project, by=cast.dora, user=cast.cleo, role="reviewer")
    row = ProjectArticle.objects.select_related("project").get(project=story.project)
    assert cast.cleo not in assignable(row)
    assert refusal(lambda: assign(story.project, story.article, by=cast.dora, reviewer=cast.cleo)) == "409 settles_it"
    withdraw(reopened(story, cast.ben), by=cast.dora)
    assert Assignment.objects.filter(project=story.project, state="free").count() == 1
    assert claim_next(story.project, by=cast.cleo) is None
    wish = Wish(readers=(cast.cleo.pk, story.join("zoe").pk), beyond=True, each=2)
    assert [reader.username for _, reader in planned(cast.dora, story.project, wish).pairs] == ["zoe"]


def reopened(story: Story, reader: User) -> Assignment:
    story.reread(reader)
    return story.assignment(reader)


@pytest.mark.django_db
def test_who_is_to_settle_it_a_second_time_does_not_read_it_until_that_has_ended(cast: Cast) -> None:
    story = twofold(cast)
    story.open()
    second = SecondSettling.objects.select_related("project__chain", "adjudicator").get(project=story.project)
    give_role(story.project, by=cast.dora, user=second.adjudicator, role="reviewer")
    offer = lambda: assign(story.project, story.article, by=cast.dora, reviewer=second.adjudicator)
    assert refusal(offer) == "409 settles_it"
    end_second(second, by=cast.dora)
    assert offer().state == "offered"


@pytest.mark.django_db
def test_who_settled_an_article_is_not_trained_on_it(story: Story, cast: Cast) -> None:
    story.open()
    story.decide("rejected", "took", cast.ada, name="polarity")
    story.publish()
    zoe = story.join("zoe")
    give_role(story.project, by=cast.dora, user=cast.cleo, role="reviewer")
    assert train_with(story.project, None, by=cast.dora) == 1
    assert claim_next(story.project, by=cast.cleo) is None
    lesson = claim_next(story.project, by=zoe)
    assert lesson is not None and lesson.purpose == "training"


# Twice


@pytest.mark.django_db
def test_the_same_decision_sent_twice_is_one_and_another_one_is_told_what_stands(story: Story, cast: Cast) -> None:
    story.open()
    key, gesture = story.difference("rejected", "polarity").key, uuid.uuid4()
    for _ in range(2):
        story.decide_key(key, Choice("took", story.voice(cast.ada)), gesture=gesture, seen="")
    assert Decision.objects.filter(key=key).count() == 1
    again = lambda: story.decide_key(key, Choice("took", story.voice(cast.ben)), seen="", by=cast.dora)
    assert refusal(again) == "409 decided_meanwhile"


# In the middle


@pytest.mark.django_db
def test_an_adjudicator_who_leaves_in_the_middle_leaves_what_they_decided(story: Story, cast: Cast) -> None:
    story.open()
    story.decide("rejected", "took", cast.ada, name="polarity")
    end_role(membership(story, cast.cleo, "adjudicator"), by=cast.dora)
    with pytest.raises(Forbidden):
        story.publish()
    zoe = story.join("zoe", "adjudicator")
    assert not adjudication.case_for(zoe, story.project, story.article.pk).open_differences
    adjudication.publish(zoe, story.project, story.article.pk)
    assert story.gold_span("rejected").attributes == {"polarity": "oppose"}
    assert list(verification().findings()) == []


@pytest.mark.django_db
def test_a_reader_who_leaves_in_the_middle_hands_nothing_in_and_the_place_opens(cast: Cast) -> None:
    story = Story(cast)
    begun = story.begin(cast.ada)
    mark(begun, cast.ada, "The minister", "ACTOR")
    dismiss(cast.ada, by=cast.root)
    with pytest.raises(Conflict):
        submitted(begun, cast.ada)
    assert Span.objects.filter(annotation_set=begun).count() == 1, "what they marked stays in the record"
    assert Assignment.objects.filter(project=story.project, state="free").count() == 2
    taken = claim_next(story.project, by=story.join("zoe"))
    assert taken is not None and taken.article_id == story.article.pk


@pytest.mark.django_db
def test_a_reviewer_who_lost_the_role_finds_the_reading_gone(cast: Cast) -> None:
    story = Story(cast)
    begun = story.begin(cast.ada)
    end_role(membership(story, cast.ada, "reviewer"), by=cast.dora)
    with pytest.raises(Unknown):
        submitted(begun, cast.ada)
    withdrawn = story.assignment(cast.ada)
    assert withdrawn.state == "withdrawn"
    assert start(withdrawn, by=cast.ada).state == "withdrawn"


# At once


def test_two_windows_begin_one_second_reading(live_database: Database, cast: Cast) -> None:
    project = repeating(cast, 2)
    read(project, cast.ada)
    read(project, cast.ada)
    found = at_once(*[lambda: at_hand(Project.objects.select_related("chain").get(pk=project.pk), cast.ada)] * 5)
    assert {one.pk for one in found} == {Assignment.objects.get(purpose="repeat").pk}


def test_many_deciding_at_once_settle_every_difference_once(live_database: Database, cast: Cast) -> None:
    """Four adjudicators race over the same differences, each with the page as it was before anybody decided."""
    story = Story(cast)
    story.read(cast.ada, {"m": ("The minister", "ACTOR"), "p": ("the plan", "CLAIM"), "u": ("The union", "ACTOR")})
    story.read(cast.ben, {})
    adjudicators = [cast.cleo, *(story.join(name, "adjudicator") for name in ("zoe", "yan", "kim"))]
    story.open()
    keys, voice = [one.key for one in story.case.differences], story.voice(cast.ada)
    assert len(keys) == 3
    calls = [
        lambda key=key, user=user: story.decide_key(key, Choice("took", voice), seen="", by=user)  # type: ignore[misc]
        for key in keys
        for user in adjudicators
    ]
    answers = at_once(*calls)
    assert [one.code for one in answers if isinstance(one, Exception)] == ["decided_meanwhile"] * 9, answers
    assert sorted(Decision.objects.filter(key__in=keys).values_list("key", flat=True)) == sorted(keys)
    assert len(story.gold) == 3
