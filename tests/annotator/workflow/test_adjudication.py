"""Who may settle what and when, and what two adjudicators do to each other."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.annotation.models import GOLD, AnnotationSet
from annotator.errors import Conflict, Forbidden, Unknown
from annotator.log.models import Checkpoint, Event
from annotator.projects.actions import give_role
from annotator.workflow import adjudication
from annotator.workflow.campaign import take_back, withdraw_article
from annotator.workflow.cases import Choice
from annotator.workflow.models import Decision
from annotator.workflow.queries import gold_for
from tests.annotator.workflow.differing import ADA, BEN, LINKS, settle_all
from tests.annotator.workflow.stories import PLAN, Story, crowded, read_by_two, refusal
from tests.builders import Cast, at_once, last_event
from tests.databases import Database


@pytest.fixture
def story(cast: Cast) -> Story:
    """Both have read; they differ in a polarity and in the edges of a claim."""
    return read_by_two(cast, (ADA, LINKS), (BEN, LINKS))


# Doors


@pytest.mark.django_db
def test_only_adjudicators_and_managers_come_to_the_desk(story: Story) -> None:
    for user in (story.cast.cleo, story.cast.dora, story.cast.root):
        assert story.open(by=user).open_differences
    for user in (story.cast.otto, story.cast.ada):
        with pytest.raises(Forbidden):
            story.open(by=user)


@pytest.mark.django_db
def test_who_read_an_article_never_settles_it_in_whatever_role(story: Story) -> None:
    cast = story.cast
    for role in ("adjudicator", "manager"):
        give_role(story.project, by=cast.dora, user=cast.ada, role=role)
    settle_all(story)
    key = story.case.differences[0].key
    calls: list[Callable[[], Any]] = [
        lambda: story.open(by=cast.ada),
        lambda: adjudication.case_for(cast.ada, story.project, story.article.pk),
        lambda: story.decide_key(key, Choice("neither"), by=cast.ada),
        lambda: adjudication.undo_decision(cast.ada, story.project, story.article.pk, gesture=uuid.uuid4()),
        lambda: adjudication.publish(cast.ada, story.project, story.article.pk),
    ]
    assert {refusal(call) for call in calls} == {"403 forbidden"}
    story.publish()
    adjudication.release_to_readers(cast.dora, story.project, story.article.pk)
    assert refusal(lambda: story.open(by=cast.ada)) == "403 forbidden", "nor after the release"


@pytest.mark.django_db
def test_an_article_of_another_project_is_unknown(story: Story) -> None:
    other = Story(story.cast, text="Another text.")
    with pytest.raises(Unknown):
        adjudication.open_case(story.cast.cleo, story.project, other.article.pk)


@pytest.mark.django_db
def test_nothing_is_settled_before_all_readings_are_in(cast: Cast) -> None:
    story = Story(cast)
    story.read(cast.ada, ADA)
    assert refusal(story.open) == "409 readings_missing"
    story.begin(cast.ben)
    assert refusal(story.open) == "409 readings_missing"
    assert not AnnotationSet.objects.filter(voice=GOLD).exists()


@pytest.mark.django_db
def test_a_case_is_opened_before_anything_is_decided(story: Story) -> None:
    assert refusal(lambda: story.case) == "409 not_opened"
    decide = lambda: story.decide_key("some key", Choice("neither"))
    assert refusal(decide) == "409 not_opened"
    story.open()
    assert refusal(decide) == "404 not_found"


@pytest.mark.django_db
def test_a_reopened_reading_shuts_the_desk_until_it_is_in_again(story: Story) -> None:
    settle_all(story)
    key = story.case.differences[0].key
    story.reread(story.cast.ben)
    for call in (lambda: story.decide_key(key, Choice("neither")), story.publish, story.open, story.undo):
        assert refusal(call) == "409 readings_missing"
    story.hand_in(story.cast.ben)
    story.publish()
    assert story.stage == "gold"


@pytest.mark.django_db
def test_a_reader_who_is_gone_leaves_no_voice_and_another_takes_the_place(story: Story) -> None:
    cast, eve = story.cast, story.join("eve")
    settle_all(story)
    story.reread(cast.ben)
    take_back(story.assignment(cast.ben), by=cast.dora)
    assert refusal(story.open) == "409 readings_missing"
    story.read(eve, {**ADA, "p": PLAN}, LINKS)
    story.open()
    assert story.open_words == [], "what Eve says is gold already"
    assert [quote for quote, *_ in story.gold] == ["The minister", "rejected", "the plan"]


@pytest.mark.django_db
def test_a_withdrawn_article_cannot_be_settled(story: Story) -> None:
    settle_all(story)
    key = story.case.differences[0].key
    withdraw_article(story.article, by=story.cast.root)
    for call in (lambda: story.decide_key(key, Choice("neither")), story.publish, story.open):
        assert refusal(call) == "409 withdrawn"


# Publishing


@pytest.mark.django_db
def test_gold_is_published_when_nothing_is_open_and_then_closed(story: Story) -> None:
    story.open()
    assert refusal(story.publish) == "409 differences_open"
    settle_all(story)
    assert not gold_for(story.cast.dora, story.project).exists()
    story.publish()
    assert (story.stage, story.gold_set.state) == ("gold", "closed")
    assert gold_for(story.cast.dora, story.project).get() == story.gold_set
    key = story.case.differences[0].key
    assert refusal(lambda: story.decide_key(key, Choice("neither"))) == "409 set_closed"
    assert refusal(story.undo) == "409 set_closed"


@pytest.mark.django_db
def test_publishing_seals_the_chains_and_twice_is_once(story: Story) -> None:
    settle_all(story)
    story.publish()
    sealed = json.loads(Checkpoint.objects.get().body)["heads"]
    assert [str(story.gold_set.chain_id), story.gold_set.chain.length, story.gold_set.chain.head] in sealed
    events = Event.objects.count()
    story.publish()
    assert (Event.objects.count(), Checkpoint.objects.count()) == (events, 1)


@pytest.mark.django_db
def test_reopened_gold_leaves_the_readers_of_gold_and_keeps_its_decisions(story: Story) -> None:
    settle_all(story)
    story.publish()
    adjudication.reopen(story.cast.cleo, story.project, story.article.pk)
    assert story.stage == "settling"
    assert not gold_for(story.cast.dora, story.project).exists()
    assert story.open_words == []
    story.decide("the plan", "took", story.cast.ada)
    story.publish()
    assert story.gold_set.submissions.count() == 2
    assert ("rejected the plan", "CLAIM") in story.gold
    reopen = lambda: adjudication.reopen(story.cast.cleo, story.project, story.article.pk)
    reopen()
    assert refusal(reopen) == "409 not_published"


@pytest.mark.django_db
def test_only_published_gold_is_released_and_only_by_a_manager(story: Story) -> None:
    cast = story.cast
    settle_all(story)
    release = lambda user: adjudication.release_to_readers(user, story.project, story.article.pk)
    assert refusal(lambda: release(cast.dora)) == "409 not_published"
    story.publish()
    assert not gold_for(cast.ada, story.project).exists()
    assert refusal(lambda: release(cast.cleo)) == "403 forbidden"
    release(cast.dora)
    assert story.stage == "released"
    assert gold_for(cast.ada, story.project).exists()


@pytest.mark.django_db
def test_an_article_without_any_reading_has_no_gold(cast: Cast) -> None:
    story = Story(cast, redundancy=1)
    story.read(cast.ada, {})
    story.open()
    story.publish()
    assert (story.gold, story.stage) == ([], "gold"), "a reading that marks nothing is a reading"


# Repeated, undone, redone


@pytest.mark.django_db
def test_a_repeated_gesture_is_one_decision_and_its_id_cannot_be_used_for_another(story: Story) -> None:
    story.open()
    key, gesture = story.difference("the plan").key, uuid.uuid4()
    voice = story.voice(story.cast.ben)
    for _ in range(3):
        story.decide_key(key, Choice("took", voice), gesture=gesture, seen="")
    assert story.decisions(outcome="took") == 1
    assert refusal(lambda: story.decide_key(key, Choice("neither"), gesture=gesture)) == "409 id_reused"


@pytest.mark.django_db
def test_decisions_are_taken_back_and_made_again_in_order(story: Story) -> None:
    story.open()
    before, drawn = story.gold, story.lines
    story.decide("the plan", "took", story.cast.ben)
    first, lines = story.gold, story.lines
    story.decide("the plan", "took", story.cast.ada)
    second = story.gold
    story.decide("rejected", "took", story.cast.ada, name="polarity")
    third = story.gold
    for expected in (second, first, before):
        story.undo()
        assert story.gold == expected
    assert story.lines == drawn
    assert story.decisions(outcome="took") == 0
    assert refusal(story.undo) == "409 nothing_to_undo"
    for expected in (first, second, third):
        story.redo()
        assert story.gold == expected
    assert refusal(story.redo) == "409 nothing_to_undo"
    story.undo()
    story.undo()
    story.decide("rejected", "took", story.cast.ben, name="polarity")
    assert refusal(story.redo) == "409 nothing_to_undo", "a new decision ends redo"
    assert story.lines == lines


@pytest.mark.django_db
def test_what_settled_itself_is_not_undone(story: Story) -> None:
    story.open()
    assert refusal(story.undo) == "409 nothing_to_undo"


# Two adjudicators


@pytest.mark.django_db
def test_who_decides_what_another_has_settled_meanwhile_is_told_what_stands(story: Story) -> None:
    story.open()
    key = story.difference("the plan").key
    story.decide_key(key, Choice("took", story.voice(story.cast.ben)), seen="", by=story.cast.dora)
    stands = Decision.objects.get(key=key)
    with pytest.raises(Conflict) as refused:
        story.decide_key(key, Choice("neither"), seen="")
    assert refused.value.code == "decided_meanwhile"
    assert refused.value.state == {"decision": str(stands.pk), "outcome": "took"}
    assert "dora" in refused.value.detail
    story.decide_key(key, Choice("neither"), seen=str(stands.pk))
    assert Decision.objects.filter(key=key).count() == 2


@pytest.mark.django_db
def test_who_decides_on_what_another_has_taken_back_is_told_so(story: Story) -> None:
    story.open()
    key = story.difference("the plan").key
    story.decide_key(key, Choice("neither"), seen="")
    seen = str(Decision.objects.get(key=key).pk)
    story.undo()
    with pytest.raises(Conflict) as refused:
        story.decide_key(key, Choice("neither"), seen=seen)
    assert refused.value.code == "decided_meanwhile"


@pytest.mark.django_db
def test_nobody_takes_back_what_they_have_not_seen(story: Story) -> None:
    cast = story.cast
    seen = story.open().gold_set.chain.length
    story.decide("the plan", "neither", by=cast.dora)
    step = lambda: adjudication.undo_decision(
        cast.cleo, story.project, story.article.pk, gesture=uuid.uuid4(), version=seen
    )
    assert refusal(step) == "409 decided_meanwhile"


def test_two_adjudicators_at_once_never_settle_the_same_difference_twice(live_database: Database, cast: Cast) -> None:
    story = read_by_two(cast, (ADA, LINKS), (BEN, LINKS))
    opened = at_once(lambda: story.open(cast.cleo), lambda: story.open(cast.dora))
    assert not [one for one in opened if isinstance(one, Exception)], opened
    assert AnnotationSet.objects.filter(voice=GOLD).count() == 1
    assert Decision.objects.filter(outcome="agreed").count() == 3
    key, voices = story.difference("the plan").key, [story.voice(cast.ada), story.voice(cast.ben)]
    answers = at_once(
        lambda: story.decide_key(key, Choice("took", voices[0]), seen="", by=cast.cleo),
        lambda: story.decide_key(key, Choice("took", voices[1]), seen="", by=cast.dora),
    )
    refused = [one for one in answers if isinstance(one, Conflict)]
    assert [one.code for one in refused] == ["decided_meanwhile"]
    assert Decision.objects.filter(key=key).count() == 1


# What it costs


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_spans(cast: Cast) -> None:
    counts = []
    for spans in (10, 300):
        story = crowded(cast, spans)
        with CaptureQueriesContext(
            connection,
        ) as opening:
            story.open()
        with CaptureQueriesContext(connection) as reading:
            differences = story.case.differences
        assert len(differences) == spans // 2
        with CaptureQueriesContext(connection) as deciding:
            story.decide_key(differences[0].key, Choice("neither"))
        with CaptureQueriesContext(connection) as publishing:
            refusal(story.publish)
        counts.append([len(opening), len(reading), len(deciding), len(publishing)])
    rows = 300 // 2 + 300 // 2 + 300
    assert counts[1][0] - counts[0][0] <= rows // 70, "rows are inserted in batches"
    assert counts[0][1:] == counts[1][1:]


# Rules


@pytest.mark.django_db
def test_a_manager_says_what_settles_itself_as_a_recorded_act(story: Story) -> None:
    cast = story.cast
    assert refusal(lambda: adjudication.set_rules(cast.cleo, story.project, {"majority": 2})) == "403 forbidden"
    for rules in ({"majority": 1}, {"mood": "good"}):
        assert refusal(lambda: adjudication.set_rules(cast.dora, story.project, rules)) == "422 bad_rules"
    adjudication.set_rules(cast.dora, story.project, {"boundary": "longest"})
    body = json.loads(Event.objects.filter(chain=story.project.chain).latest("seq").body)
    assert (body["action"], body["changes"][0]["after"]["settling"]) == ("set_rules", {"boundary": "longest"})
    story.open()
    assert story.open_words == ["rejected · attribute · polarity"]


@pytest.mark.django_db
def test_a_decision_is_one_event_with_all_that_follows_from_it(story: Story) -> None:
    story.open()
    story.decide("the plan", "took", story.cast.ben, note="Shorter.")
    event = last_event(story.gold_set)
    kinds = [change["kind"] for change in event["changes"]]
    assert event["action"] == "decide"
    assert set(kinds) == {"remark", "decision", "span", "relation", "gold_source"}
    assert "Shorter" not in json.dumps(event)
