"""The pages of settling, as adjudicators, managers, readers and strangers meet them."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.annotation.actions import comment
from annotator.workflow.models import Decision
from tests.annotator.workflow.screens import ADA, BEN, LINKS, Screen, settle, shown, text_of, took
from tests.annotator.workflow.stories import Story, crowded, read_by_two
from tests.builders import LARGE, TEXT, TEXT_MIXED, Cast, mark, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(cast: Cast) -> Story:
    return read_by_two(cast, (ADA, LINKS), (BEN, LINKS))


@pytest.fixture
def desk(story: Story, cast: Cast) -> Screen:
    """Cleo's, with the article open."""
    story.open()
    return Screen(story, cast.cleo)


# The list


def test_the_list_names_what_waits_and_says_so_when_nothing_does(story: Story, cast: Cast) -> None:
    assert "waits for you" in shown(Screen(story, cast.cleo).get(f"/projects/{story.project.slug}/settle/"))
    other = Story(cast, text="Nobody has read this.")
    page = shown(Screen(other, cast.cleo).get(f"/projects/{other.project.slug}/settle/"))
    assert "Nothing waits here yet." in page
    assert "waits for you" not in page


def test_published_articles_lead_to_their_gold_and_a_manager_releases_them(desk: Screen, cast: Cast) -> None:
    settle(desk)
    desk.story.publish()
    page = desk.get(desk.home)
    assert desk.gold in page.content.decode()
    assert "Release" not in shown(page), "that is for a manager"
    dora = Screen(desk.story, cast.dora)
    assert "Release" in shown(dora.get(dora.home))
    assert dora.post("release").status_code == 302
    assert "released to its readers" in shown(dora.get(dora.home))


# The desk


def test_an_article_is_opened_by_a_button_that_takes_what_all_agree_on(story: Story, cast: Cast) -> None:
    desk = Screen(story, cast.cleo)
    assert "Open the article" in shown(desk.get(desk.case))
    assert desk.post("open").headers["Location"] == desk.case
    page = shown(desk.get(desk.case))
    assert "0 of 2 settled" in page
    assert "3 agreed" in page


def test_the_desk_shows_the_first_open_difference_word_by_word(desk: Screen) -> None:
    page = desk.get(desk.case).content.decode()
    assert "Claim · edges" in page
    assert "<ins>rejected </ins>the plan" in page
    assert "<del>rejected </del>the plan" in page
    at = desk.story.difference("rejected", "polarity").key
    assert "Stance · polarity" in shown(desk.get(f"{desk.case}?at={at}"))


def test_the_text_on_the_desk_is_the_stored_text(cast: Cast) -> None:
    story = Story(cast, text=TEXT_MIXED)
    story.read(cast.ada, {"a": ("families want talks 🇨🇭", "CLAIM"), "b": ("قال الوزير", "ACTOR")})
    story.read(cast.ben, {"a": ("want talks 🇨🇭 now", "CLAIM"), "b": ("قال الوزير إن", "ACTOR")})
    story.open()
    desk = Screen(story, cast.cleo)
    for difference in story.case.differences:
        assert text_of(desk.get(f"{desk.case}?at={difference.key}")) == TEXT_MIXED


def test_readers_are_letters_on_the_desk_and_in_gold(desk: Screen) -> None:
    settle(desk)
    desk.story.publish()
    for path in (desk.case, desk.gold):
        page = desk.get(path).content.decode()
        assert re.search(r"\b(ada|ben)\b", page) is None


def test_with_names_shown_whoever_settles_sees_who_read_what(desk: Screen, cast: Cast) -> None:
    desk.story.show_names()
    page = shown(desk.get(desk.case))
    assert "Take ada" in page and "Take ben" in page and "Take A" not in page
    assert "Reading ada:" in page and "Reading ben:" in page
    settle(desk)
    desk.story.publish()
    assert "ada was taken" in shown(desk.get(f"{desk.case}?at={desk.story.difference('rejected the plan').key}"))
    gold = desk.get(desk.gold).content.decode()
    assert "<b>ada</b>" in gold and "<b>ben</b>" in gold and "<b>A</b>" not in gold


def test_the_order_of_readings_follows_nobodys_name(cast: Cast) -> None:
    """They are shuffled text by text, with names or without."""
    first = set()
    for number in range(8):
        story = Story(cast, text=f"{number} plans.")
        story.read(cast.ada, {"p": ("plans", "CLAIM")})
        story.read(cast.ben, {"p": ("plans", "ACTOR")})
        story.show_names()
        story.open()
        desk = Screen(story, cast.cleo)
        first |= set(re.findall("Take (ada|ben)", shown(desk.get(desk.case)))[:1])
    assert first == {"ada", "ben"}


def test_what_a_reader_remarks_reaches_the_desk(cast: Cast) -> None:
    story = Story(cast)
    story.read(cast.ada, ADA)
    own = story.begin(cast.ben)
    span = story.marked[cast.ada]

    span = (
        mark(own, cast.ben, "the union", "ACTOR") if "the union" in TEXT else mark(own, cast.ben, "The union", "ACTOR")
    )
    comment(own.pk, by=cast.ben, gesture=uuid.uuid4(), id=uuid.uuid4(), text="All of it?", flag="unsure", span=span.pk)
    comment(own.pk, by=cast.ben, gesture=uuid.uuid4(), id=uuid.uuid4(), text="The page is cut off.")
    submitted(own, cast.ben)
    story.open()
    desk = Screen(story, cast.cleo)
    page = shown(desk.get(f"{desk.case}?at={story.difference('The union').key}"))
    assert "unsure All of it?" in page
    assert "The page is cut off." in page


def test_a_decision_goes_on_to_the_next_open_difference(desk: Screen) -> None:
    story = desk.story
    answer = desk.decide("rejected", took(story, story.cast.ben), name="polarity", in_place=False)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{desk.case}?at={story.difference('the plan').key}"
    page = shown(desk.decide("the plan", took(story, story.cast.ada)))
    assert "2 of 2 settled" in page
    assert story.open_words == []


def test_rule_and_note_are_kept_and_shown_with_what_was_decided(desk: Screen, cast: Cast) -> None:
    desk.decide("the plan", took(desk.story, cast.ada), rule="2 · Which facts", note="Shorter.")
    decision = Decision.objects.get(outcome="took")
    assert decision.rule == "2"
    page = shown(desk.get(f"{desk.case}?at={decision.key}"))
    assert "was taken · rule 2 · cleo Shorter." in page


def test_only_notes_of_ones_own_in_the_project_are_offered_again(desk: Screen, cast: Cast) -> None:
    settle(desk)
    assert 'data-note tabindex="-1" dir="auto">It says so.<' in desk.get(desk.case).content.decode()
    assert "data-note" not in Screen(desk.story, cast.dora).get(desk.case).content.decode()


@pytest.mark.parametrize("rule", ["span 1 · Claim", "Span 1", "rule 3", "3"])
def test_a_rule_can_be_typed_or_picked(cast: Cast, rule: str) -> None:
    story = Story(cast, codebook=LARGE)
    story.read(cast.ada, {"p": ("the plan", "CLAIM")})
    story.read(cast.ben, {})
    story.open()
    assert Screen(story, cast.cleo).decide("the plan", "neither", rule=rule).status_code == 200
    assert Decision.objects.get().rule in ("span 1", "3")


@pytest.mark.parametrize(
    ("outcome", "fields", "said"),
    [
        ("neither", {"rule": "99"}, "The codebook has no rule 99."),
        ("perhaps", {}, "Choose a reading, both, neither, or edit."),
        ("took:nobody", {}, "This reading has nothing here"),
        ("edited", {"start": "5", "end": "3", "label": "CLAIM"}, "covers nothing"),
        ("edited", {"start": "0", "end": "9999", "label": "CLAIM"}, "past the text"),
        (
            "edited",
            {"start": "0", "end": "12", "label": "CLAIM", "quote": "another"},
            "The text has “The minister” here",
        ),
        ("edited", {"start": "0", "end": "12", "label": "MOOD"}, "There is no label “MOOD”"),
        ("edited", {"start": "0", "end": "12", "label": "STANCE", "answer-polarity": "angry"}, "choose one of"),
    ],
)
def test_what_cannot_be_is_refused_in_words_in_place(desk: Screen, outcome: str, fields: Any, said: str) -> None:
    answer = desk.decide("the plan", outcome, **fields)
    assert answer.status_code in (409, 422)
    assert said in shown(answer)
    assert "<html" not in answer.content.decode(), "a fragment, for the page to show"
    assert not Decision.objects.filter(by__isnull=False).exists()


@pytest.mark.parametrize("fields", [{"key": ""}, {"gesture": "no id"}, {"outcome": ""}, {"start": "first"}])
def test_a_malformed_decision_is_refused(desk: Screen, fields: dict[str, str]) -> None:
    sent = {"key": desk.story.difference("the plan").key, "outcome": "neither", **fields}
    assert desk.post("decide", in_place=True, **sent).status_code == 422


def test_a_decision_on_what_another_has_settled_is_refused_with_what_stands(desk: Screen, cast: Cast) -> None:
    key = desk.story.difference("the plan").key
    Screen(desk.story, cast.dora).decide("the plan", "neither")
    answer = desk.post("decide", in_place=True, key=key, seen="", outcome=took(desk.story, cast.ada))
    assert answer.status_code == 409
    assert "Settled by dora in the meantime" in shown(answer)


def test_an_edit_says_words_label_and_answers(cast: Cast) -> None:
    story = Story(cast, codebook=LARGE)
    story.read(cast.ada, {"c": ("It costs", "CLAIM", {"kind": "fact", "voice": "named", "concept": "PROGRESS"})})
    story.read(cast.ben, {"c": ("It costs too", "CLAIM", {"kind": "evaluation", "voice": "named"})})
    story.open()
    desk = Screen(story, cast.cleo)
    start = TEXT.index("It costs")
    desk.decide(
        "It costs", "edited", start=start, end=start + 17, quote="It costs too much", label="CLAIM",
        **{"answer-kind": "-later-", "answer-voice": "author", "answer-wording": "", "answer-certainty": "hedged",
           "answer-concept": "-absent-", "answer-figure_unit": ""},
    )  # fmt: skip
    assert story.gold == [
        ("It costs too much", "CLAIM", {"voice": "author", "certainty": "hedged", "concept": "not in the text"})
    ]
    assert story.open_words == ["It costs too · attribute · kind"]
    desk.decide("It costs", "edited", name="kind", **{"answer-kind": "forecast"})
    assert story.gold[0][2]["kind"] == "forecast"


def test_answers_that_are_not_asked_beside_the_others_are_taken_away(cast: Cast) -> None:
    figure = {
        "kind": "figure",
        "figure_value": 60,
        "figure_unit": "men",
        "figure_comparator": "exact",
        "figure_measure": "LEB-DEAD",
    }
    story = Story(cast, codebook=LARGE)
    story.read(cast.ada, {"c": ("It costs", "CLAIM", figure)})
    story.read(cast.ben, {"c": ("It costs too", "CLAIM", figure)})
    story.open()
    place = {"start": TEXT.index("It costs"), "end": TEXT.index("It costs") + 8, "label": "CLAIM"}
    Screen(story, cast.cleo).decide("It costs", "edited", **place, **{"answer-kind": "fact"})
    assert story.gold == [
        ("It costs", "CLAIM", {"kind": "fact", "voice": "author", "wording": "indirect", "certainty": "asserted"})
    ]


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("figure_value", {"answer-figure_value": "2.5"}, 2.5),
        ("figure_unit", {"answer-figure_unit": " women "}, "women"),
        ("figure_as_of", {"answer-figure_as_of": "2024-11-10"}, "2024-11-10"),
        ("figure_as_of", {"answer-figure_as_of": "", "absent-figure_as_of": "on"}, "not in the text"),
        ("figure_measure", {"answer-figure_measure": "-absent-"}, "not in the text"),
        ("figure_comparator", {"answer-figure_comparator": ""}, None),
    ],
)
def test_each_kind_of_answer_can_be_said_anew(cast: Cast, name: str, sent: Any, kept: Any) -> None:
    one = {
        "kind": "figure", "figure_value": 60, "figure_unit": "men", "figure_comparator": "exact",
        "figure_measure": "LEB-DEAD", "figure_as_of": "2024-11-01",
    }  # fmt: skip
    other = {
        **one, "figure_value": 61, "figure_unit": "people", "figure_comparator": "about", "figure_measure": "ISR-DEAD",
        "figure_as_of": "2024-11-02",
    }  # fmt: skip
    story = Story(cast, codebook=LARGE)
    story.read(cast.ada, {"c": ("It costs", "CLAIM", one)})
    story.read(cast.ben, {"c": ("It costs", "CLAIM", other)})
    story.open()
    assert Screen(story, cast.cleo).decide("It costs", "edited", name=name, **sent).status_code == 200
    assert story.gold[0][2].get(name) == kept


def test_a_relation_is_drawn_anew_on_the_desk(cast: Cast) -> None:
    spans = {"c": ("the plan stands", "CLAIM"), "u": ("The union", "ACTOR", {"entity": "israel"}),
             "m": ("The minister", "ACTOR", {"entity": "israel"})}  # fmt: skip
    story = Story(cast, codebook=LARGE)
    story.read(cast.ada, spans, [("made_by", "c", "u")])
    story.read(cast.ben, spans)
    story.open()
    desk = Screen(story, cast.cleo)
    keys = {TEXT[group.start : group.end]: group.key for group in story.case.comparison.span_groups}
    page = desk.get(f"{desk.case}?at={story.difference('made_by').key}").content.decode()
    assert all(f'value="{key}"' in page for key in keys.values())
    desk.decide("made_by", "edited", type="reported_by", target=keys["The minister"], **{"answer-order": "2"})
    assert story.lines == [("reported_by", "the plan stands", "The minister", {"order": 2})]


def test_many_alike_are_settled_with_one_form(cast: Cast) -> None:
    story = Story(cast)
    story.read(cast.ada, {"a": ("The minister", "ACTOR"), "b": ("The union", "ACTOR")})
    story.read(cast.ben, {})
    story.open()
    desk = Screen(story, cast.cleo)
    assert "The same for all 2 alike" in shown(desk.get(desk.case))
    desk.decide("The union", took(story, cast.ada), alike="on")
    assert story.open_words == []


def test_decisions_are_undone_and_redone_from_the_page_that_saw_them(desk: Screen, cast: Cast) -> None:
    desk.decide("the plan", took(desk.story, cast.ada))
    version = desk.story.gold_set.chain.length
    assert desk.post("undo", in_place=True, version=version - 1).status_code == 409
    assert "0 of 2 settled" in shown(desk.post("undo", in_place=True, version=version))
    assert "1 of 2 settled" in shown(desk.post("redo", in_place=True, version=version + 1))
    assert desk.post("undo", in_place=True).status_code == 422


def test_gold_is_published_in_place_or_by_a_plain_form(desk: Screen) -> None:
    assert desk.post("publish", in_place=True).status_code == 409
    settle(desk)
    answer = desk.post("publish", in_place=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, desk.home)
    assert "Gold is published." in shown(desk.get(desk.home))
    page = shown(desk.get(desk.case))
    assert "See gold" in page
    assert "Take A" not in page
    assert desk.post("reopen").headers["Location"] == desk.case
    assert desk.post("publish").headers["Location"] == desk.home


def test_what_is_asked_again_says_so(desk: Screen, cast: Cast) -> None:
    settle(desk)
    desk.story.reread(cast.ben)
    desk.story.move(cast.ben, "p", "the plan.")
    desk.story.hand_in(cast.ben)
    desk.story.open()
    page = shown(desk.get(desk.case))
    assert "Asked again." in page
    assert "1 of 2 settled" in page


def test_what_nobody_says_any_more_can_be_kept(desk: Screen, cast: Cast) -> None:
    story = desk.story
    for reader in (cast.ada, cast.ben):
        story.reread(reader)
    for reader in (cast.ada, cast.ben):
        story.unmark(reader, "m")
        story.hand_in(reader)
    story.open()
    page = desk.get(f"{desk.case}?at={story.difference('The minister').key}")
    assert "as it was, not any more" in shown(page)
    former = re.search(r'value="(took:[^"]+)"', page.content.decode())
    assert former is not None
    assert desk.decide("The minister", former[1]).status_code == 200
    assert ("The minister", "ACTOR") in story.gold


def test_the_desk_asks_the_database_no_more_for_more_spans(cast: Cast) -> None:
    counts = []
    for spans in (10, 120):
        story = crowded(cast, spans)
        desk = Screen(story, cast.cleo)
        story.open()
        desk.get(desk.case)
        with CaptureQueriesContext(connection) as asked:
            desk.get(desk.case)
        counts.append(len(asked))
    assert counts[0] == counts[1]
