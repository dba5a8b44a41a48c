"""The pages of settling, and those after publishing, as adjudicators, managers, readers and strangers meet them."""

import html
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.annotation.actions import add_spans, comment
from annotator.workflow import adjudication
from annotator.workflow.models import Decision
from tests.annotator.workflow.stories import Story
from tests.builders import LARGE, TEXT, TEXT_MIXED, Cast, flagged, mark, submitted

pytestmark = pytest.mark.django_db

ADA = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "oppose"}), "p": ("the plan", "CLAIM")}
BEN = {**ADA, "r": ("rejected", "STANCE", {"polarity": "mixed"}), "p": ("rejected the plan", "CLAIM")}
LINKS = [("held_by", "r", "m")]


class Screen:
    """One person's browser at the pages of one story."""

    def __init__(self, story: Story, user: User) -> None:
        self.story, self.client = story, Client()
        self.client.force_login(user)
        self.home = f"/projects/{story.project.slug}/settle/"
        self.case = f"{self.home}{story.article.pk}/"
        self.gold = f"/projects/{story.project.slug}/gold/{story.article.pk}/"

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(path, headers=headers)

    def post(self, verb: str, *, in_place: bool = False, **fields: Any) -> HttpResponse:
        headers = {"HX-Request": "true"} if in_place else {}
        return self.client.post(self.case + verb + "/", {"gesture": uuid.uuid4(), **fields}, headers=headers)

    def decide(
        self, what: str, outcome: str, *, name: str | None = None, in_place: bool = True, **fields: Any
    ) -> HttpResponse:
        key = self.story.difference(what, name).key
        seen = self.story.case.decisions.get(key)
        sent = {"key": key, "seen": seen.pk if seen else "", "outcome": outcome, **fields}
        return self.post("decide", in_place=in_place, **sent)


@pytest.fixture
def story(cast: Cast) -> Story:
    story = Story(cast)
    story.read(cast.ada, ADA, LINKS)
    story.read(cast.ben, BEN, LINKS)
    return story


@pytest.fixture
def desk(story: Story, cast: Cast) -> Screen:
    """Cleo's, with the article open."""
    story.open()
    return Screen(story, cast.cleo)


def shown(answer: HttpResponse) -> str:
    """The page in plain words."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def text_of(answer: HttpResponse) -> str:
    """What the browser takes for the text: the content of the article element, tags taken out."""
    found = re.search(r'<article id="text"[^>]*>(.*?)</article>', answer.content.decode(), flags=re.S)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


def took(story: Story, reader: User) -> str:
    return f"took:{story.voice(reader)}"


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


def settle(desk: Screen) -> None:
    desk.decide("rejected", took(desk.story, desk.story.cast.ada), name="polarity", rule="1", note="It says so.")
    desk.decide("the plan", took(desk.story, desk.story.cast.ada))


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


def crowded(cast: Cast, count: int) -> Story:
    """Ada marks each word, Ben every second one."""
    words = [f"word{number:04}" for number in range(count)]
    story = Story(cast, text=" ".join(words))
    for reader, marked in ((cast.ada, words), (cast.ben, words[::2])):
        own = story.begin(reader)
        places = [
            {"id": uuid.uuid4(), "start": story.text.index(word), "end": story.text.index(word) + 8, "quote": word}
            for word in marked
        ]
        add_spans(own.pk, by=reader, gesture=uuid.uuid4(), places=places, label="CLAIM")
        submitted(own, reader)
    return story


# Gold


@pytest.fixture
def published(desk: Screen) -> Screen:
    settle(desk)
    desk.story.publish()
    return desk


def test_gold_says_where_each_span_came_from(published: Screen) -> None:
    page = published.get(published.gold)
    words = shown(page)
    assert "3 spans, 1 relations" in words
    assert "All readings agree" in words
    assert "Polarity: " in words
    assert "was taken · cleo · rule 1 · Claim It says so." in words
    assert text_of(page) == TEXT


def test_gold_tells_what_was_set_aside(desk: Screen) -> None:
    desk.decide("rejected", took(desk.story, desk.story.cast.ada), name="polarity")
    desk.decide("the plan", "neither", rule="3")
    desk.story.publish()
    words = shown(desk.get(desk.gold))
    assert "Set aside · 1" in words
    assert "Nothing belongs here · cleo · rule 3" in words


def test_gold_asks_the_database_no_more_for_more_spans(cast: Cast) -> None:
    counts = []
    for spans in (10, 120):
        story = crowded(cast, spans)
        desk = Screen(story, cast.cleo)
        story.open()
        story.decide("word0001", "took", cast.ada, alike=True)
        story.publish()
        desk.get(desk.gold)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(desk.gold).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_readers_see_gold_after_the_release_and_nothing_before(published: Screen, cast: Cast) -> None:
    story = published.story
    eve = story.join("eve")
    own = story.set_of(cast.ada).pk
    paths = [published.gold, f"/sets/{own}/gold/"]
    ada, readers = Screen(story, cast.ada), (cast.ada, cast.ben, eve)
    never = [without_tokens(ada.get(path.replace(str(story.article.pk), str(uuid.uuid4())))) for path in paths]
    for path, nothing in zip(paths, never, strict=True):
        assert ada.get(path).status_code == 404
        assert without_tokens(ada.get(path)).replace(str(own), "") == nothing.replace(str(own), "")
    assert [Screen(story, reader).get(published.gold).status_code for reader in readers] == [404, 404, 404]
    adjudication.release_to_readers(cast.dora, story.project, story.article.pk)
    assert [Screen(story, reader).get(published.gold).status_code for reader in readers] == [200, 200, 404]
    assert ada.get(paths[1]).status_code == 200
    assert Screen(story, cast.ben).get(paths[1]).status_code == 404, "that is Ada's"
    assert "cleo" not in ada.get(published.gold).content.decode(), "adjudicators are not named to readers"


@pytest.mark.parametrize("on", [False, True])
def test_readers_learn_one_anothers_names_after_the_release_if_the_project_shows_names(cast: Cast, on: bool) -> None:
    story = Story(cast)
    mine = story.begin(cast.ada)
    flagged(mine, cast.ada, "guideline gap", "Which plan?")
    story.marked[cast.ada] = {"p": mark(mine, cast.ada, "plan", "CLAIM")}
    story.hand_in(cast.ada)
    story.read(cast.ben, {"p": ("the plan", "CLAIM")})
    if on:
        story.show_names()
    story.open()
    story.decide("plan", "took", cast.ada)
    story.publish()
    ben, feedback = Screen(story, cast.ben), f"/sets/{story.set_of(cast.ben).pk}/gold/"
    assert [ben.get(path).status_code for path in (ben.gold, feedback)] == [404, 404]
    adjudication.release_to_readers(cast.dora, story.project, story.article.pk)
    gold, own = (ben.get(path).content.decode() for path in (ben.gold, feedback))
    assert ("<b>ada</b>" in gold, "ada was taken" in own, "<b>ada</b> <span" in own) == (on, on, on)
    assert ("ada" in gold.replace("data", "")) == on
    assert ("Another reading was taken" in own, "Another reader" in own) == (not on, not on)
    assert "cleo" not in gold + own, "adjudicators are not named to readers"


def test_names_cost_one_question_more_however_many_spans(cast: Cast) -> None:
    counts = []
    for spans in (2, 9):
        story = Story(cast, text=" ".join(f"plan{number}" for number in range(spans)))
        story.read(cast.ada, {str(number): (f"plan{number}", "CLAIM") for number in range(spans)})
        story.read(cast.ben, {str(number): (f"plan{number}", "ACTOR") for number in range(spans)})
        story.open()
        desk = Screen(story, cast.cleo)
        for _ in range(2):
            desk.get(desk.case)
            with CaptureQueriesContext(connection) as asked:
                desk.get(desk.case)
            counts.append(len(asked))
            story.show_names()
    assert [many - few for few, many in (counts[:2], counts[2:])] == [1, 1] and counts[0] == counts[2]


def without_tokens(answer: HttpResponse) -> str:
    return re.sub(r'(csrf[\w-]*"[^>]*(?:value|content)=)"[^"]*"', r"\1", answer.content.decode())


def test_gold_that_is_not_published_is_nobodys(desk: Screen, cast: Cast) -> None:
    for user in (cast.cleo, cast.dora, cast.root, cast.ada, cast.otto):
        assert Screen(desk.story, user).get(desk.gold).status_code == 404


# What became of my spans


def test_a_reader_sees_what_became_of_each_span_with_the_reasons(cast: Cast) -> None:
    story = Story(cast)
    mine = {**BEN, "x": ("Geneva", "ACTOR")}
    story.read(cast.ada, {**ADA, "u": ("The union", "ACTOR")}, LINKS)
    story.read(cast.ben, mine, [*LINKS, ("toward", "r", "x")])
    story.open()
    desk = Screen(story, cast.cleo)
    settle(desk)
    desk.decide("Geneva", "neither", rule="2", note="A place.")
    desk.decide("The union", took(story, cast.ada))
    story.publish()
    adjudication.release_to_readers(cast.dora, story.project, story.article.pk)
    page = Screen(story, cast.ben).get(f"/sets/{story.set_of(cast.ben).pk}/gold/")
    words = shown(page)
    assert "1 as you marked them 2 changed 1 set aside 1 only in gold" in words
    assert "mixed oppose" in words
    assert "<del>rejected </del>the plan" in page.content.decode()
    assert "an adjudicator · rule 2 · " in words
    assert "Another reading was taken · an adjudicator · rule 1" in words
    assert "A place." in words
    assert "Nothing belongs here" in words
    assert text_of(page) == TEXT


def test_the_queue_leads_to_gold_only_after_the_release(published: Screen, cast: Cast) -> None:
    story = published.story
    queue = f"/projects/{story.project.slug}/queue/"
    address = f"/sets/{story.set_of(cast.ada).pk}/gold/"
    assert address not in Screen(story, cast.ada).get(queue).content.decode()
    adjudication.release_to_readers(cast.dora, story.project, story.article.pk)
    assert address in Screen(story, cast.ada).get(queue).content.decode()
