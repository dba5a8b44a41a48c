"""From readings to gold without a person: what the rules of a project settle, and what they leave."""

import pytest

from annotator.workflow.models import Decision
from tests.annotator.workflow.stories import PLAN, REJECTED, Story, gold_of
from tests.builders import Cast

pytestmark = pytest.mark.django_db


def test_nothing_but_agreement_settles_itself_without_a_rule(cast: Cast) -> None:
    story = gold_of(cast, {"c": ("It costs", "CLAIM")}, {"c": ("It costs too", "CLAIM")})
    assert story.open_words == ["It costs too · span"]


@pytest.mark.parametrize(("rule", "words"), [("longest", "It costs too"), ("shortest", "It costs")])
def test_a_rule_on_edges_settles_them_as_a_recorded_decision(cast: Cast, rule: str, words: str) -> None:
    ada, ben = {"c": ("It costs", "CLAIM")}, {"c": ("It costs too", "CLAIM")}
    story = gold_of(cast, ada, ben, settling={"boundary": rule})
    assert (story.gold, story.open_words) == ([(words, "CLAIM")], [])
    decision = Decision.objects.get()
    assert (decision.outcome, decision.by, decision.choice["basis"]) == ("rule", None, "boundary rule")
    story.decide("It costs", "took", cast.ada)
    assert story.gold == [("It costs", "CLAIM")], "a person outranks the rule"
    assert Decision.objects.get(outcome="took").supersedes == decision
    story.open()
    assert story.gold == [("It costs", "CLAIM")]


def test_a_majority_settles_what_it_can_also_against_a_span(cast: Cast) -> None:
    story = Story(cast, redundancy=3, settling={"majority": 2, "attributes": "majority"})
    eve = story.join("eve")
    story.read(cast.ada, {"r": REJECTED, "c": PLAN})
    story.read(cast.ben, {"r": ("rejected", "STANCE", {"polarity": "mixed"})})
    story.read(eve, {"r": REJECTED})
    story.open()
    assert (story.gold, story.open_words) == ([("rejected", "STANCE", {"polarity": "oppose"})], [])
    assert story.sources(story.gold_span("rejected"), "polarity") == {"majority": [cast.ada, eve]}
    assert set(Decision.objects.values_list("subject", "outcome")) == {
        ("span", "agreed"), ("attribute", "majority"), ("span", "majority"),
    }  # fmt: skip
    story.decide("the plan", "took", cast.ada)
    assert ("the plan", "CLAIM") in story.gold


def test_one_reading_alone_waits_for_a_person(cast: Cast) -> None:
    story = Story(cast, redundancy=1)
    story.read(cast.ada, {"p": PLAN, "m": ("The minister", "ACTOR")}, [("made_by", "p", "m")])
    story.open()
    assert story.gold == []
    assert len(story.open_words) == 3
    for words in ("The minister", "the plan", "made_by"):
        story.decide(words, "took", cast.ada)
    assert (story.lines, story.open_words) == ([("made_by", "the plan", "The minister")], [])


def test_one_reading_alone_is_gold_where_the_project_accepts_that(cast: Cast) -> None:
    story = Story(cast, redundancy=1)
    story.project.single_is_gold = True
    story.project.save()
    story.read(cast.ada, {"p": PLAN, "m": ("The minister", "ACTOR")}, [("made_by", "p", "m")])
    story.open()
    assert (story.lines, story.open_words) == ([("made_by", "the plan", "The minister")], [])
    assert set(Decision.objects.values_list("outcome", "by")) == {("rule", None)}
    assert {row["basis"] for row in Decision.objects.values_list("choice", flat=True)} == {"single"}
