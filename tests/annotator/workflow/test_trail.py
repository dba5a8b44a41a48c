"""From gold to the events behind it, and from each judgement to what became of it, on the pages that people see."""

import html
import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.log.models import Event
from annotator.workflow.adjudication import release_to_readers
from annotator.workflow.gold_screen import GoldPage, gold_page
from annotator.workflow.loading import load
from annotator.workflow.trail import Happening
from tests.annotator.schema.books import add_value
from tests.annotator.workflow.stories import Story
from tests.annotator.workflow.test_moving import moved
from tests.builders import Cast

pytestmark = pytest.mark.django_db

ADA = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "oppose"}), "p": ("the plan", "CLAIM")}
BEN = {**ADA, "r": ("rejected", "STANCE", {"polarity": "mixed"}), "x": ("Geneva", "ACTOR")}


@pytest.fixture
def story(cast: Cast) -> Story:
    """Differences in an answer, in a span that one alone has, and in a relation; all settled, not yet published."""
    story = Story(cast)
    story.read(cast.ada, ADA, [("held_by", "r", "m")])
    story.read(cast.ben, BEN, [("held_by", "r", "m"), ("toward", "r", "x")])
    story.open()
    story.decide("rejected", "took", cast.ada, name="polarity", rule="1")
    story.decide("Geneva", "took", cast.ben)
    story.decide("toward", "neither", rule="2")
    return story


def gold(story: Story) -> GoldPage:
    case = story.case
    return gold_page(load(story.project, case.row, case.gold_set), names=True)


def page_of(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def gold_path(story: Story) -> str:
    return f"/projects/{story.project.slug}/gold/{story.article.pk}/"


def told(one: Happening) -> dict[str, Any]:
    """The body of the event that a line speaks of; its beginning of the hash is that event's."""
    event = Event.objects.get(chain=one.chain, seq=one.number)
    assert event.hash.startswith(one.seal)
    body: dict[str, Any] = json.loads(event.body)
    assert body["at"] == one.at.isoformat(timespec="microseconds")
    return body


def lines(story: Story, quote: str) -> list[str]:
    (entry,) = (one for one in (*gold(story).entries, *gold(story).aside) if one.quote == quote)
    return [f"{one.who} {one.what}" for one in entry.story]


def letters(story: Story) -> tuple[str, str]:
    """What Ada and Ben are called."""
    by_set = sorted([str(story.set_of(story.cast.ada).pk), str(story.set_of(story.cast.ben).pk)])
    return tuple("AB"[by_set.index(str(story.set_of(one).pk))] for one in (story.cast.ada, story.cast.ben))  # type: ignore[return-value]


def test_a_span_of_gold_leads_to_the_events_behind_it_in_the_order_of_time(story: Story) -> None:
    ada, ben = letters(story)
    told = lines(story, "rejected")
    assert set(told[:-4]) == {
        *(f"{reader} {what}" for reader in (ada, ben) for what in ("marked it", "drew “held by”", "handed in")),
        f"{ben} drew “toward”",
    }
    assert told[:3] == [f"{ada} marked it", f"{ada} drew “held by”", f"{ada} handed in"]
    assert told[-4:] == [
        "A rule settled it",
        "A rule settled “held by”",
        "cleo settled “Polarity”",
        "cleo settled “toward”",
    ]


def test_each_line_is_the_event_that_says_so(story: Story) -> None:
    page = gold(story)
    for entry in page.entries:
        for one in entry.story:
            body, kinds = told(one), {change["kind"] for change in told(one)["changes"]}
            if one.what == "handed in":
                assert "submission" in kinds and one.log.endswith("’s reading")
            elif one.what.startswith("settled"):
                assert "decision" in kinds and one.log == "gold"
                assert body["by"] == str(story.cast.cleo.pk)
            else:
                assert kinds & {"span", "relation"}


def test_what_was_settled_anew_keeps_the_event_of_before(story: Story, cast: Cast) -> None:
    story.decide("Geneva", "neither")
    found = lines(story, "Geneva")
    assert found[-2:] == ["cleo settled it, and later anew", "cleo settled it"]


def test_the_version_of_the_codebook_is_that_of_the_day(story: Story, cast: Cast) -> None:
    moved(story.project, cast, {}, add_value("STANCE", "polarity", "open"))
    story.project.refresh_from_db()
    story.decide("Geneva", "neither")
    (geneva,) = (one for one in gold(story).aside if one.quote == "Geneva")
    found = {f"{one.what}": one.version for one in geneva.story}
    assert (found["handed in"], found["settled it, and later anew"], found["settled it"]) == (1, 1, 2)


def test_a_relation_that_came_to_nothing_is_told_with_its_reason(story: Story, cast: Cast) -> None:
    story.publish()
    page = page_of(cast.cleo, gold_path(story))
    assert "<del>toward “Geneva”</del>" in page
    assert "It does not stand · cleo · rule 2" in words(page)


def test_the_page_of_gold_names_number_time_and_hash(story: Story, cast: Cast) -> None:
    story.publish()
    page, seen = page_of(cast.cleo, gold_path(story)), words(page_of(cast.cleo, gold_path(story)))
    event = Event.objects.get(chain=story.gold_set.chain, seq=3)
    day = f"{datetime.fromisoformat(json.loads(event.body)['at']):%-d %b %Y, %H:%M}"
    assert f"cleo settled “Polarity”, under version 1 of the codebook {day} · event 3 of gold {event.hash[:8]}" in seen
    assert f'<time datetime="{json.loads(event.body)["at"][:19]}' in page


def test_every_judgement_has_its_place_on_the_page_of_gold(story: Story, cast: Cast) -> None:
    story.publish()
    page = page_of(cast.cleo, gold_path(story))
    for reader in (cast.ada, cast.ben):
        own = story.set_of(reader)
        for item in (*own.spans.all(), *own.relations.all()):
            assert page.count(f'id="j-{item.pk}"') == 1, item
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_manager_comes_from_each_span_of_a_reading_to_what_became_of_it(story: Story, cast: Cast) -> None:
    path = f"/projects/{story.project.slug}/spans/"
    assert "What became of it" not in page_of(cast.dora, path), "nothing has, yet"
    story.publish()
    linked = re.findall(r'href="([^"#]+)#(j-[^"]+)">What became of it', page_of(cast.dora, path))
    assert len(linked) == 7
    assert all(f'id="{name}"' in page_of(cast.dora, target) for target, name in linked)
    (in_gold,) = set(re.findall(r'href="([^"#]+)#j-[^"]+">Where it came from', page_of(cast.dora, f"{path}?gold=1")))
    assert in_gold == gold_path(story)


def test_a_reader_comes_from_each_own_span_to_what_became_of_it_after_the_release(story: Story, cast: Cast) -> None:
    path = f"/projects/{story.project.slug}/spans/"
    story.publish()
    assert "What became of it" not in page_of(cast.ben, path)
    release_to_readers(cast.dora, story.project, story.article.pk)
    linked = re.findall(r'href="([^"#]+)#(j-[^"]+)">What became of it', page_of(cast.ben, path))
    assert {target for target, _ in linked} == {f"/sets/{story.set_of(cast.ben).pk}/gold/"}
    assert len(linked) == 4
    assert all(f'id="{name}"' in page_of(cast.ben, target) for target, name in linked)


def test_a_reader_is_told_of_their_own_events_and_of_golds(story: Story, cast: Cast) -> None:
    story.publish()
    release_to_readers(cast.dora, story.project, story.article.pk)
    seen = words(page_of(cast.ada, f"/sets/{story.set_of(cast.ada).pk}/gold/"))
    assert re.search(r"You marked it \d+ \w+ \d{4}, [\d:]+ · event 3 of your reading", seen)
    assert re.search("An adjudicator settled “Polarity”, under version 1 of the codebook .{19,21}event 3 of gold", seen)
    assert "cleo" not in seen and "B marked" not in seen and "A marked" not in seen and "ben" not in seen


def test_the_trail_asks_four_questions_however_long_the_story(cast: Cast) -> None:
    counts = []
    for spans in (2, 12):
        story = Story(cast, text=" ".join(f"plan{number}" for number in range(spans)))
        story.read(cast.ada, {str(number): (f"plan{number}", "CLAIM") for number in range(spans)})
        story.read(cast.ben, {str(number): (f"plan{number}", "ACTOR") for number in range(spans)})
        story.open()
        for number in range(spans):
            story.decide(f"plan{number}", "took", cast.ada)
            story.decide(f"plan{number}", "took", cast.ben)
        story.publish()
        release_to_readers(cast.dora, story.project, story.article.pk)
        for user, path in ((cast.cleo, gold_path(story)), (cast.ada, f"/sets/{story.set_of(cast.ada).pk}/gold/")):
            page_of(user, path)
            with CaptureQueriesContext(connection) as asked:
                page_of(user, path)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
