"""From readings and decisions to gold: relations, which stand only where both their ends do."""

import pytest

from annotator.errors import Conflict, Problem
from annotator.workflow.cases import Choice
from tests.annotator.workflow.stories import ISRAEL, PLAN, Story, gold_of
from tests.builders import LARGE, Cast

pytestmark = pytest.mark.django_db

MINISTER = ("The minister", "ACTOR", {"entity": "israel"})


def test_a_relation_both_draw_between_ends_that_differ_comes_with_its_ends(cast: Cast) -> None:
    ada = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "oppose"}), "p": PLAN}
    ben = {"m": ("minister", "ACTOR"), "r": ("rejected the", "STANCE", {"polarity": "oppose"}), "p": PLAN}
    links = [("held_by", "r", "m"), ("toward", "r", "p")]
    story = gold_of(cast, (ada, links), (ben, links))
    assert story.lines == []
    story.decide("rejected", "took", cast.ada)
    assert story.lines == [("toward", "rejected", "the plan")]
    story.decide("minister", "took", cast.ben)
    assert story.lines == [("held_by", "rejected", "minister"), ("toward", "rejected", "the plan")]
    assert story.open_words == []
    relation = story.gold_set.relations.get(type="held_by")
    assert story.sources(relation) == {"agreed": [cast.ada, cast.ben]}


def test_a_relation_of_one_reading_is_taken_or_not(cast: Cast) -> None:
    spans = {"m": ("The minister", "ACTOR"), "p": PLAN, "u": ("The union", "ACTOR")}
    story = gold_of(cast, (spans, [("made_by", "p", "m")]), (spans, [("made_by", "p", "u")]))
    assert story.open_words == ["the plan · relation · made_by", "the plan · relation · made_by"]
    first, second = story.case.open_differences
    for one, outcome in ((first, "took"), (second, "neither")):
        group = story.case.comparison.groups[one.group]
        voice = next(iter(group.members)) if outcome == "took" else ""
        story.decide_key(one.key, Choice(outcome, voice))
    assert story.lines == [("made_by", "the plan", "The minister")]
    assert story.sources(story.gold_set.relations.get()) == {"took": [cast.ada]}
    assert story.open_words == []


def test_a_decided_relation_waits_for_its_ends_and_comes_back_with_them(cast: Cast) -> None:
    spans = {"m": ("The minister", "ACTOR"), "p": PLAN}
    story = gold_of(cast, (spans, [("made_by", "p", "m")]), {"p": PLAN})
    story.decide("made_by", "took", cast.ada)
    assert story.lines == []
    story.decide("The minister", "took", cast.ada)
    assert story.lines == [("made_by", "the plan", "The minister")]
    story.decide("The minister", "neither")
    assert (story.lines, story.open_words) == ([], [])
    story.decide("The minister", "took", cast.ada)
    assert story.lines == [("made_by", "the plan", "The minister")]


def test_relations_of_a_span_that_is_not_there_fall_away(cast: Cast) -> None:
    spans = {"m": ("The minister", "ACTOR"), "p": PLAN}
    story = gold_of(cast, (spans, [("made_by", "p", "m")]), {"p": PLAN})
    story.decide("The minister", "neither")
    assert story.open_words == []
    with pytest.raises(Conflict) as refused:
        story.decide("made_by", "took", cast.ada)
    assert refused.value.code == "gone"


def test_relations_that_the_codebook_does_not_allow_between_the_ends_as_settled_fall_away(cast: Cast) -> None:
    spans = {"m": ("The minister", "ACTOR"), "p": PLAN}
    other = {"m": ("The minister", "CLAIM"), "p": PLAN}
    story = gold_of(cast, (spans, [("made_by", "p", "m")]), other)
    story.decide("The minister", "took", cast.ben)
    assert (story.lines, story.open_words) == ([], [])
    story.decide("The minister", "took", cast.ada)
    assert story.open_words == ["the plan · relation · made_by"]


def test_an_agreed_relation_with_a_differing_answer_stands_and_its_answer_can_be_settled(cast: Cast) -> None:
    spans = {"c": ("the plan stands", "CLAIM"), "u": ("The union", "ACTOR", ISRAEL)}
    story = gold_of(
        cast, (spans, [("reported_by", "c", "u", {"order": 1})]), (spans, [("reported_by", "c", "u", {"order": 2})]),
        codebook=LARGE,
    )  # fmt: skip
    assert story.open_words == ["the plan stands · attribute · reported_by · order"]
    assert [line[:3] for line in story.lines] == [("reported_by", "the plan stands", "The union")]
    story.decide("reported_by", "took", cast.ben, name="order")
    assert (story.lines[0][3], story.open_words) == ({"order": 2}, [])
    relation = story.gold_set.relations.get()
    assert story.sources(relation) == {"agreed": [cast.ada, cast.ben]}
    assert story.sources(relation, "order") == {"took": [cast.ben]}
    story.decide("reported_by", "edited", name="order", value=3)
    assert story.lines[0][3] == {"order": 3}
    assert story.sources(relation, "order") == {"edited": [cast.ada, cast.ben]}


def test_a_relation_can_be_drawn_another_way(cast: Cast) -> None:
    spans = {"c": ("the plan stands", "CLAIM"), "u": ("The union", "ACTOR", ISRAEL), "m": MINISTER}
    story = gold_of(cast, (spans, [("made_by", "c", "u")]), spans, codebook=LARGE)
    keys = {story.text[g.start : g.end]: g.key for g in story.case.comparison.span_groups}
    story.decide("made_by", "edited", type="reported_by", target=keys["The minister"], attributes={"order": 2})
    assert story.lines == [("reported_by", "the plan stands", "The minister", {"order": 2})]
    assert story.sources(story.gold_set.relations.get()) == {"edited": [cast.ada]}
    for values, code in [
        ({"type": "held_by"}, "relation_not_allowed"),
        ({"target": keys["the plan stands"]}, "same_ends"),
        ({"attributes": {"weight": 2}}, "unknown_attribute"),
        ({"target": "nowhere"}, "ends_open"),
    ]:
        with pytest.raises((ValueError, Problem)) as refused:
            story.decide("made_by", "edited", **values)
        assert refused.value.code == code  # type: ignore[union-attr]


def test_where_both_readings_of_an_end_stand_each_keeps_its_own_relation(cast: Cast) -> None:
    ada = {"c": ("called the plan a first step", "CLAIM"), "u": ("The union", "ACTOR")}
    ben = {"c": ("the plan a first step", "CLAIM"), "u": ("The union", "ACTOR")}
    story = gold_of(cast, (ada, [("made_by", "c", "u")]), (ben, [("made_by", "c", "u")]))
    story.decide("the plan a first step", "both")
    assert story.lines == [
        ("made_by", "called the plan a first step", "The union"),
        ("made_by", "the plan a first step", "The union"),
    ]
    by_words = {relation.source.end - relation.source.start: relation for relation in story.gold_set.relations.all()}
    assert [story.sources(by_words[length]) for length in sorted(by_words)] == [
        {"agreed": [cast.ben]}, {"agreed": [cast.ada]},
    ]  # fmt: skip


def test_a_relation_stands_or_it_does_not(cast: Cast) -> None:
    spans = {"m": ("The minister", "ACTOR"), "p": PLAN}
    story = gold_of(cast, (spans, [("made_by", "p", "m")]), spans)
    for outcome, voice, code in [("both", None, "both_not_offered"), ("took", cast.ben, "unknown_voice")]:
        with pytest.raises(Problem) as refused:
            story.decide("made_by", outcome, voice)
        assert refused.value.code == code


def test_absence_of_a_relation_gives_way_when_it_stands_after_all(cast: Cast) -> None:
    story = Story(cast, codebook=LARGE)
    spans = {"c": ("the plan stands", "CLAIM"), "u": ("The union", "ACTOR", ISRAEL)}
    story.read(cast.ada, spans, [("made_by", "c", "u")])
    story.read(cast.ben, spans)
    story.reread(cast.ben)
    story.absent(cast.ben, "c", "made_by")
    story.hand_in(cast.ben)
    story.open()
    story.decide("made_by", "took", cast.ada)
    assert "made_by" not in story.gold_span("the plan stands").absent
