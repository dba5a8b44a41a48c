"""From readings and decisions to gold: spans and answers, each with where it came from."""

from typing import Any

import pytest

from annotator.annotation.models import Span
from annotator.errors import Conflict, Problem
from annotator.log.models import Event, Remark
from annotator.workflow.comparison import NOT_IN_TEXT
from annotator.workflow.models import Decision, GoldSource
from tests.annotator.workflow.stories import ISRAEL, PLAN, REJECTED, Story, gold_of
from tests.builders import LARGE, TEXT_MIXED, Cast

pytestmark = pytest.mark.django_db

FIGURE = {
    "kind": "figure", "figure_value": 60, "figure_unit": "people", "figure_comparator": "exact",
    "figure_measure": "LEB-DEAD",
}  # fmt: skip
OPEN_FIGURES = ("figure_comparator", "figure_measure", "figure_unit", "voice")


# What all agree on


def test_what_both_say_is_gold_at_once_with_both_judgements_behind_it(cast: Cast) -> None:
    same = {"m": ("The minister", "ACTOR"), "r": REJECTED}, [("held_by", "r", "m")]
    story = gold_of(cast, same, same)
    assert story.gold == [("The minister", "ACTOR"), ("rejected", "STANCE", {"polarity": "oppose"})]
    assert story.lines == [("held_by", "rejected", "The minister")]
    both = {"agreed": [cast.ada, cast.ben]}
    assert story.sources(story.gold_span("rejected")) == both
    assert story.sources(story.gold_set.relations.get()) == both
    assert Decision.objects.filter(outcome="agreed", by=None).count() == 3
    assert story.open_words == []


def test_opening_twice_writes_nothing_new(cast: Cast) -> None:
    story = gold_of(cast, {"a": PLAN, "b": REJECTED}, {"a": PLAN})
    events = Event.objects.count()
    story.open()
    assert Event.objects.count() == events


def test_not_in_the_text_said_by_both_reaches_gold(cast: Cast) -> None:
    story = Story(cast, codebook=LARGE)
    for reader in (cast.ada, cast.ben):
        story.read(reader, {"c": ("the plan stands", "CLAIM")})
        story.reread(reader)
    for reader in (cast.ada, cast.ben):
        story.absent(reader, "c", "concept", "made_by")
        story.hand_in(reader)
    story.open()
    [(_, _, answers)] = story.gold
    assert answers["concept"] == answers["made_by"] == "not in the text"


def test_confidence_and_notes_do_not_go_into_gold(cast: Cast) -> None:
    story = gold_of(
        cast,
        {"c": ("the plan stands", "CLAIM", {"confidence": "low", "note": "hm"})},
        {"c": ("the plan stands", "CLAIM", {"confidence": "low"})},
        codebook=LARGE,
    )
    assert story.open_words == []
    assert story.gold[0][2].keys() == {"kind", "voice", "wording", "certainty"}


# Spans


def test_taking_one_reading_takes_its_edges_and_its_answers(cast: Cast) -> None:
    ada = {"c": ("It costs too much", "CLAIM", {"kind": "evaluation", "wording": "direct"})}
    ben = {"c": ("costs too much", "CLAIM", {"kind": "fact", "wording": "direct"})}
    story = gold_of(cast, ada, ben, codebook=LARGE)
    assert story.open_words == ["It costs too much · span", "It costs too much · attribute · kind"]
    story.decide("costs too much", "took", cast.ben, rule="3", note="the shortest")
    assert story.open_words == []
    [(quote, label, answers)] = story.gold
    assert (quote, label, answers["kind"], answers["wording"]) == ("costs too much", "CLAIM", "fact", "direct")
    span = story.gold_span("costs too much")
    assert story.sources(span) == {"took": [cast.ben]}
    assert story.sources(span, "kind") == {"took": [cast.ben]}
    decision = Decision.objects.select_related("note").get(subject="span")
    assert decision.note is not None
    assert (decision.by, decision.rule, decision.note.text) == (cast.cleo, "3", "the shortest")


def test_of_two_labels_the_attributes_of_the_one_not_taken_do_not_stay_open(cast: Cast) -> None:
    ada = {"x": ("the plan stands", "CLAIM")}
    ben = {"x": ("the plan stands", "ACTOR", ISRAEL)}
    story = gold_of(cast, ada, ben, codebook=LARGE)
    story.decide("the plan stands", "took", cast.ada)
    assert story.open_words == []
    assert [(quote, label) for quote, label, _ in story.gold] == [("the plan stands", "CLAIM")]
    assert "entity" not in story.gold[0][2]
    story.decide("the plan stands", "took", cast.ben)
    assert [(quote, label, answers["entity"]) for quote, label, answers in story.gold] == [
        ("the plan stands", "ACTOR", "israel")
    ]
    assert story.open_words == []


def test_both_readings_may_stand_side_by_side_each_with_its_own_judgement(cast: Cast) -> None:
    story = gold_of(cast, {"c": ("called the plan a first step", "CLAIM")}, {"c": ("the plan a first step", "CLAIM")})
    story.decide("the plan a first step", "both", note="two claims")
    assert story.gold == [("called the plan a first step", "CLAIM"), ("the plan a first step", "CLAIM")]
    assert story.sources(story.gold_span("the plan a first step")) == {"both": [cast.ben]}
    assert story.sources(story.gold_span("called the plan a first step")) == {"both": [cast.ada]}
    assert story.open_words == []


def test_both_is_refused_where_readings_mark_the_same_words(cast: Cast) -> None:
    story = gold_of(cast, {"c": PLAN}, {})
    with pytest.raises(Problem) as refused:
        story.decide("the plan", "both")
    assert refused.value.code == "same_span"
    assert story.open_words == ["the plan · span"]


def test_nothing_here_is_a_decision_too(cast: Cast) -> None:
    story = gold_of(cast, {"c": PLAN}, {})
    story.decide("the plan", "neither", rule="1")
    assert (story.gold, story.open_words) == ([], [])
    decision = Decision.objects.get()
    assert (decision.outcome, decision.rule) == ("neither", "1")
    assert [voice for voice, _ in decision.members] == [story.voice(cast.ada)]


def test_an_edit_says_words_label_and_answers_itself(cast: Cast) -> None:
    story = gold_of(cast, {"c": ("It costs", "CLAIM")}, {"c": ("It costs too", "CLAIM")}, codebook=LARGE)
    start = story.text.index("costs too much")
    answers = {"kind": "evaluation", "wording": "direct"}
    story.decide(
        "It costs", "edited", start=start, end=start + 14, quote="costs too much", label="CLAIM", attributes=answers
    )
    [(quote, _, given)] = story.gold
    assert quote == "costs too much"
    assert given == {"kind": "evaluation", "voice": "author", "wording": "direct", "certainty": "asserted"}
    assert story.sources(story.gold_span("costs too much")) == {"edited": [cast.ada, cast.ben]}
    assert "costs" not in str(Decision.objects.get(subject="span").choice), "the log keeps no words of the article"


def test_an_edit_settles_the_answers_that_it_names_and_leaves_the_others_open(cast: Cast) -> None:
    ada = {"c": ("It costs", "CLAIM", {"kind": "fact", "voice": "named", "certainty": "open"})}
    ben = {"c": ("It costs too", "CLAIM", {**FIGURE, "voice": "author", "certainty": "open"})}
    story = gold_of(cast, ada, ben, codebook=LARGE)
    story.decide("It costs", "edited", attributes={"kind": "forecast", "certainty": None, "figure_value": None})
    assert story.open_words == [f"It costs too · attribute · {name}" for name in OPEN_FIGURES]
    assert story.gold == [("It costs", "CLAIM", {"kind": "forecast", "wording": "indirect"})]
    assert story.sources(story.gold_span("It costs"), "kind") == {"edited": [cast.ada, cast.ben]}


def test_an_edit_to_a_third_label_leaves_no_question_of_the_others_open(cast: Cast) -> None:
    story = gold_of(
        cast, {"x": ("the plan stands", "CLAIM")}, {"x": ("the plan stands", "STANCE", {"polarity": "mixed"})}
    )
    story.decide("the plan stands", "edited", label="ACTOR", attributes={})
    assert (story.gold, story.open_words) == ([("the plan stands", "ACTOR")], [])


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"start": 5, "end": 5}, "bad_bounds"),
        ({"start": 0, "end": 10_000}, "bad_bounds"),
        ({"start": 0, "end": 1}, "split_grapheme"),
        ({"start": 0, "end": 7, "quote": "another"}, "wrong_quote"),
        ({"label": "NOTHING"}, "unknown_label"),
        ({"attributes": {"polarity": "angry"}, "label": "STANCE"}, "off_the_list"),
        ({"attributes": {"mood": "dark"}}, "unknown_attribute"),
    ],
)
def test_an_edit_that_breaks_a_rule_of_annotation_is_refused(cast: Cast, values: Any, refusal: str) -> None:
    story = gold_of(cast, {"c": ("families", "CLAIM")}, {}, text=TEXT_MIXED)
    with pytest.raises((ValueError, Problem)) as refused:
        story.decide("families", "edited", **values)
    assert refused.value.code == refusal  # type: ignore[union-attr]
    assert (story.gold, Decision.objects.count()) == ([], 0)


def test_two_spans_of_the_same_words_and_label_never_stand(cast: Cast) -> None:
    story = gold_of(cast, {"c": PLAN, "d": ("the plan stands", "CLAIM")}, {"c": PLAN})
    start = story.text.index("the plan")
    with pytest.raises(Conflict) as refused:
        story.decide("the plan stands", "edited", start=start, end=start + 8, quote="the plan")
    assert refused.value.code == "span_exists"
    assert story.open_words == ["the plan stands · span"]


def test_a_choice_that_is_none_is_refused(cast: Cast) -> None:
    story = gold_of(cast, {"c": PLAN}, {})
    for outcome, voice, more, code in [
        ("perhaps", None, {}, "unknown_outcome"),
        ("took", cast.ben, {}, "unknown_voice"),
        ("neither", None, {"rule": "99"}, "unknown_rule"),
    ]:
        with pytest.raises(Problem) as refused:
            story.decide("the plan", outcome, voice, **more)
        assert refused.value.code == code


# Answers


def test_a_single_answer_can_be_taken_left_out_or_said_anew(cast: Cast) -> None:
    story = gold_of(cast, {"r": ("rejected", "STANCE", {"polarity": "oppose"})},
                    {"r": ("rejected", "STANCE", {"polarity": "mixed"})})  # fmt: skip
    assert story.gold == [("rejected", "STANCE")]
    span = story.gold_span("rejected")
    assert story.open_words == ["rejected · attribute · polarity"]
    story.decide("rejected", "took", cast.ben, name="polarity", rule="1")
    assert story.gold == [("rejected", "STANCE", {"polarity": "mixed"})]
    assert story.sources(span, "polarity") == {"took": [cast.ben]}
    story.decide("rejected", "edited", name="polarity", value="neutral")
    assert story.gold == [("rejected", "STANCE", {"polarity": "neutral"})]
    assert story.sources(span, "polarity") == {"edited": [cast.ada, cast.ben]}
    story.decide("rejected", "neither", name="polarity")
    assert (story.gold, story.open_words) == ([("rejected", "STANCE")], [])
    assert story.gold_span("rejected").pk == span.pk, "the span stays the same throughout"
    assert story.sources(span) == {"agreed": [cast.ada, cast.ben]}


def test_one_answer_has_one_value(cast: Cast) -> None:
    story = gold_of(cast, {"r": REJECTED}, {"r": ("rejected", "STANCE", {"polarity": "mixed"})})
    for outcome, values, code in [("both", {}, "both_not_offered"), ("edited", {"value": "angry"}, "off_the_list")]:
        with pytest.raises((ValueError, Problem)) as refused:
            story.decide("rejected", outcome, name="polarity", **values)
        assert refused.value.code == code  # type: ignore[union-attr]


def test_the_answer_not_in_the_text_can_be_taken_and_given(cast: Cast) -> None:
    story = Story(cast, codebook=LARGE)
    for reader in (cast.ada, cast.ben):
        story.read(reader, {"c": ("the plan stands", "CLAIM", {"concept": "PROGRESS"})})
    story.reread(cast.ada)
    story.answer(cast.ada, "c", concept=None)
    story.absent(cast.ada, "c", "concept")
    story.hand_in(cast.ada)
    story.open()
    story.decide("the plan stands", "took", cast.ada, name="concept")
    assert story.gold[0][2]["concept"] == "not in the text"
    story.decide("the plan stands", "took", cast.ben, name="concept")
    assert story.gold[0][2]["concept"] == "PROGRESS"
    story.decide("the plan stands", "edited", name="concept", value=NOT_IN_TEXT)
    assert story.gold[0][2]["concept"] == "not in the text"


def test_an_answer_waits_for_its_span(cast: Cast) -> None:
    ada = {"r": ("rejected the plan", "STANCE", {"polarity": "oppose"})}
    story = gold_of(cast, ada, {"r": ("rejected", "STANCE", {"polarity": "mixed"})})
    with pytest.raises(Conflict) as refused:
        story.decide("rejected", "took", cast.ada, name="polarity")
    assert refused.value.code == "span_open"


def test_free_texts_are_compared_by_their_words_and_become_remarks_of_gold(cast: Cast) -> None:
    figure, other = FIGURE, {**FIGURE, "figure_unit": "civilians"}
    story = gold_of(
        cast,
        {"a": ("It costs", "CLAIM", figure), "b": ("the plan stands", "CLAIM", figure)},
        {"a": ("It costs", "CLAIM", figure), "b": ("the plan stands", "CLAIM", other)},
        codebook=LARGE,
    )
    assert story.open_words == ["the plan stands · attribute · figure_unit"]
    assert story.gold[0][2]["figure_unit"] == "people"
    for outcome, voice, value in [("took", cast.ben, "civilians"), ("edited", None, "persons")]:
        story.decide("the plan stands", outcome, voice, name="figure_unit", **({} if voice else {"value": value}))
        assert story.gold[1][2]["figure_unit"] == value
    own = {str(id) for id in Remark.objects.filter(chain=story.gold_set.chain).values_list("id", flat=True)}
    assert {span.attributes["figure_unit"] for span in story.gold_set.spans.all()} <= own
    bodies = "".join(Event.objects.filter(chain=story.gold_set.chain).values_list("body", flat=True))
    assert not {"people", "civilians", "persons"} & set(bodies.replace('"', " ").split()), "free texts can be erased"


# Deciding anew


def test_a_later_decision_supersedes_the_earlier_one_which_stays(cast: Cast) -> None:
    story = gold_of(cast, {"c": ("It costs", "CLAIM")}, {"c": ("It costs too", "CLAIM")})
    story.decide("It costs", "took", cast.ada)
    span = story.gold_span("It costs")
    story.decide("It costs", "took", cast.ben)
    assert story.gold == [("It costs too", "CLAIM")]
    assert story.gold_span("It costs too").pk == span.pk, "the item of gold stays the same one"
    first, second = Decision.objects.order_by("version")
    assert (second.supersedes, first.supersedes) == (first, None)
    assert story.sources(span) == {"took": [cast.ben]}


def test_a_span_taken_anew_brings_its_answers_anew(cast: Cast) -> None:
    ada = {"r": ("rejected the plan", "STANCE", {"polarity": "oppose"})}
    story = gold_of(cast, ada, {"r": ("rejected", "STANCE", {"polarity": "mixed"})})
    story.decide("rejected", "took", cast.ada)
    story.decide("rejected", "edited", name="polarity", value="neutral")
    assert story.gold[0][2] == {"polarity": "neutral"}
    story.decide("rejected", "took", cast.ben)
    assert story.gold == [("rejected", "STANCE", {"polarity": "mixed"})]
    assert story.sources(story.gold_span("rejected"), "polarity") == {"took": [cast.ben]}


# Many at once


def test_a_pattern_is_settled_at_once_and_taken_back_at_once(cast: Cast) -> None:
    many = {"a": ("The minister", "ACTOR"), "b": ("The union", "ACTOR"), "c": PLAN}
    story = gold_of(cast, many, {})
    assert len(story.case.alike(story.difference("The union"))) == 2
    story.decide("The union", "took", cast.ada, alike=True, rule="1")
    assert story.gold == [("The minister", "ACTOR"), ("The union", "ACTOR")]
    assert story.open_words == ["the plan · span"]
    story.undo()
    assert (story.gold, len(story.open_words)) == ([], 3)


def test_edges_are_alike_only_when_the_same_words_make_the_difference(cast: Cast) -> None:
    ada = {"a": ("The minister", "ACTOR"), "b": ("The union", "ACTOR"), "c": ("first step", "CLAIM")}
    ben = {"a": ("minister", "ACTOR"), "b": ("union", "ACTOR"), "c": ("a first step", "CLAIM")}
    story = gold_of(cast, ada, ben)
    assert len(story.case.alike(story.difference("union"))) == 2


# Three readers


def test_three_readings_are_settled_like_two(cast: Cast) -> None:
    story = Story(cast, redundancy=3)
    eve = story.join("eve")
    story.read(cast.ada, {"c": ("It costs too much", "CLAIM"), "m": ("The minister", "ACTOR")})
    story.read(cast.ben, {"c": ("costs too much", "CLAIM"), "m": ("The minister", "ACTOR")})
    story.read(eve, {"c": ("costs too much", "CLAIM")})
    story.open()
    assert story.open_words == ["The minister · span", "It costs too much · span"]
    story.decide("costs too much", "both")
    assert story.gold == [("It costs too much", "CLAIM"), ("costs too much", "CLAIM")]
    assert story.sources(story.gold_span("costs too much")) == {"both": [cast.ben, eve]}
    story.decide("The minister", "took", cast.ben)
    assert story.open_words == []


def test_sources_name_only_judgements_of_their_decision(cast: Cast) -> None:
    story = gold_of(cast, {"c": ("It costs", "CLAIM"), "r": REJECTED}, {"c": ("It costs too", "CLAIM"), "r": REJECTED})
    story.decide("It costs", "took", cast.ada)
    for source in GoldSource.objects.select_related("decision"):
        assert [str(source.submission_id), str(source.judgement)] in source.decision.members
        assert (source.decision.subject == "attribute") == bool(source.attribute)
    assert Span.objects.filter(annotation_set=story.gold_set).count() == 2
