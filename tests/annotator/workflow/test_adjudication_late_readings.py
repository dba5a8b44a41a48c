"""What late readings do to decisions: they open what they contradict, and destroy nothing."""

from typing import Any

import pytest

from annotator.workflow.models import Decision
from tests.annotator.workflow.differing import ACTOR, ADA, BEN, LINKS, settle_all
from tests.annotator.workflow.stories import PLAN, REJECTED, Story, read_by_two, refusal
from tests.builders import Cast, mark


@pytest.fixture
def story(cast: Cast) -> Story:
    """Both have read; they differ in a polarity and in the edges of a claim."""
    return read_by_two(cast, (ADA, LINKS), (BEN, LINKS))


@pytest.mark.django_db
def test_a_reading_handed_in_again_unchanged_changes_nothing(story: Story) -> None:
    settle_all(story)
    gold, decisions = story.gold, story.decisions()
    story.reread(story.cast.ben)
    story.hand_in(story.cast.ben)
    assert story.open_words == []
    story.open()
    assert (story.gold, story.decisions(), story.open_words) == (gold, decisions, [])


@pytest.mark.django_db
def test_a_late_change_flags_just_what_it_contradicts_and_destroys_nothing(story: Story) -> None:
    cast = story.cast
    settle_all(story)
    gold = story.gold
    story.reread(cast.ada)
    story.move(cast.ada, "p", "rejected the plan.")
    story.hand_in(cast.ada)
    story.open()
    assert story.open_words == ["rejected the plan. · span"]
    assert story.gold == gold
    assert refusal(story.publish) == "409 differences_open"
    earlier = story.case.decisions[story.difference("the plan").key]
    story.decide("the plan", "took", cast.ben)
    assert (story.gold, story.open_words) == (gold, [])
    assert Decision.objects.get(supersedes=earlier).outcome == "took"


@pytest.mark.django_db
def test_a_late_change_to_what_gold_says_already_flags_nothing(story: Story) -> None:
    settle_all(story)
    story.reread(story.cast.ada)
    story.move(story.cast.ada, "p", "the plan")
    story.hand_in(story.cast.ada)
    story.open()
    assert story.open_words == []
    assert story.decisions(outcome="took") == 2, "the adjudicator's decisions stand"


@pytest.mark.django_db
def test_a_late_answer_opens_just_that_answer(story: Story) -> None:
    cast = story.cast
    settle_all(story)
    story.reread(cast.ben)
    story.answer(cast.ben, "r", polarity="neutral")
    story.hand_in(cast.ben)
    story.open()
    assert story.open_words == ["rejected · attribute · polarity"]
    assert ("rejected", "STANCE", {"polarity": "oppose"}) in story.gold
    story.reread(cast.ben)
    story.answer(cast.ben, "r", polarity="oppose")
    story.hand_in(cast.ben)
    story.open()
    assert story.open_words == []


@pytest.mark.django_db
def test_where_all_change_their_minds_the_decision_is_asked_for_again(story: Story) -> None:
    cast = story.cast
    settle_all(story)
    for reader in (cast.ada, cast.ben):
        story.reread(reader)
    for reader in (cast.ada, cast.ben):
        story.answer(reader, "r", polarity="neutral")
        story.move(reader, "p", "the plan.")
        story.hand_in(reader)
    story.open()
    assert story.open_words == ["rejected · attribute · polarity", "the plan. · span"]
    story.decide("rejected", "took", cast.ada, name="polarity")
    story.decide("the plan.", "took", cast.ben)
    assert story.open_words == []
    assert ("rejected", "STANCE", {"polarity": "neutral"}) in story.gold
    assert ("the plan.", "CLAIM") in story.gold


@pytest.mark.django_db
def test_the_same_words_marked_anew_carry_their_decision_on(story: Story) -> None:
    cast = story.cast
    settle_all(story)
    span, key = story.gold_span("the plan"), story.difference("the plan").key
    story.reread(cast.ben)
    story.unmark(cast.ben, "p")
    story.marked[cast.ben]["p"] = mark_again(story, "the plan")
    story.link(cast.ben, "toward", "r", "p")
    story.hand_in(cast.ben)
    story.open()
    assert story.open_words == []
    assert story.difference("the plan").key != key, "its members have other ids now"
    assert story.gold_span("the plan").pk == span.pk
    story.decide("the plan", "took", cast.ada)
    assert story.gold_span("rejected the plan").pk == span.pk


def mark_again(story: Story, quote: str) -> Any:
    return mark(story.set_of(story.cast.ben), story.cast.ben, quote, "CLAIM")


@pytest.mark.django_db
def test_what_its_reader_takes_back_is_asked_for_again_and_stays_until_then(story: Story) -> None:
    cast = story.cast
    settle_all(story)
    story.reread(cast.ben)
    story.unmark(cast.ben, "p")
    story.hand_in(cast.ben)
    story.open()
    assert story.open_words == ["rejected the plan · span", "rejected · relation · toward"]
    assert PLAN in story.gold
    story.decide("rejected the plan", "neither")
    assert PLAN not in story.gold
    assert [line[0] for line in story.lines] == ["held_by"]


@pytest.mark.django_db
def test_what_nobody_says_any_more_is_asked_for_again(story: Story) -> None:
    cast = story.cast
    settle_all(story)
    for reader in (cast.ada, cast.ben):
        story.reread(reader)
    for reader in (cast.ada, cast.ben):
        story.unmark(reader, "m")
        story.hand_in(reader)
    story.open()
    assert story.open_words == ["The minister · span", "rejected · relation · held_by"]
    assert ACTOR in story.gold
    story.decide("The minister", "took", voice_before(story))
    story.decide("held_by", "neither")
    assert (ACTOR in story.gold, story.open_words) == (True, [])
    story.decide("The minister", "neither")
    assert (ACTOR in story.gold, story.open_words) == (False, [])


def voice_before(story: Story) -> Any:
    """A reader whose voice is that of the first submission, which had the words."""

    class Before:
        pass

    before = Before()
    first = str(story.set_of(story.cast.ada).submissions.earliest("number").pk)
    voice = story.voice
    story.voice = lambda reader: first if reader is before else voice(reader)  # type: ignore[method-assign, assignment]
    return before


@pytest.mark.django_db
def test_one_more_reader_who_agrees_changes_no_decision(story: Story) -> None:
    settle_all(story)
    eve = story.join("eve")
    gold = story.gold
    story.read(eve, {"m": ACTOR, "r": REJECTED, "p": PLAN}, LINKS)
    story.open()
    assert (story.gold, story.open_words) == (gold, [])
    assert story.sources(story.gold_span("The minister")) == {"agreed": [story.cast.ada, story.cast.ben, eve]}
    assert story.sources(story.gold_span("the plan")) == {"took": [story.cast.ben]}


@pytest.mark.django_db
def test_one_more_reader_opens_what_they_contradict(story: Story) -> None:
    settle_all(story)
    eve = story.join("eve")
    gold = story.gold
    story.read(
        eve, {"r": REJECTED, "p": ("rejected the plan", "CLAIM"), "u": ("The union", "ACTOR")}, [("toward", "r", "p")]
    )
    story.open()
    assert story.open_words == [
        "The minister · span", "rejected · relation · held_by", "rejected the plan · span", "The union · span",
    ]  # fmt: skip
    assert story.gold == gold
    story.decide("The minister", "took", story.cast.ada)
    story.decide("held_by", "took", story.cast.ada)
    story.decide("the plan", "took", story.cast.ada)
    story.decide("The union", "neither")
    story.publish()


@pytest.mark.django_db
def test_what_was_settled_as_nothing_is_asked_for_again_when_one_more_marks_it(cast: Cast) -> None:
    story = Story(cast)
    story.read(cast.ada, {"p": PLAN})
    story.read(cast.ben, {})
    story.open()
    story.decide("the plan", "neither")
    eve = story.join("eve")
    story.read(eve, {"p": PLAN})
    story.open()
    assert story.open_words == ["the plan · span"]
