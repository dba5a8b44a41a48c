"""The pages after publishing: gold, where it came from, and what became of a reader's own spans."""

import re
import uuid

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from annotator.workflow import adjudication
from tests.annotator.workflow.screens import ADA, BEN, LINKS, Screen, settle, shown, text_of, took
from tests.annotator.workflow.stories import Story, crowded, read_by_two
from tests.builders import TEXT, Cast, flagged, mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(cast: Cast) -> Story:
    return read_by_two(cast, (ADA, LINKS), (BEN, LINKS))


@pytest.fixture
def desk(story: Story, cast: Cast) -> Screen:
    """Cleo's, with the article open."""
    story.open()
    return Screen(story, cast.cleo)


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
