"""Answers that are entries of a list, on the adjudication desk: found by typing, however long the list is."""

from typing import Any

import pytest

from annotator.registers.actions import add_entry
from tests.annotator.workflow.screens import Screen, shown
from tests.annotator.workflow.stories import Story
from tests.builders import WITH_LISTS, Cast, mark, proposed, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Screen:
    """One says that the minister is the government, the other the ministry."""
    return Screen(who(cast, "government", "ministry"), cast.cleo)


def who(cast: Cast, *keys: str) -> Story:
    story = Story(cast, codebook=WITH_LISTS)
    for reader, key in zip((cast.ada, cast.ben), keys, strict=True):
        story.read(reader, {"m": ("The minister", "ACTOR", {"who": key})})
    story.open()
    return story


def ascii_start(odd: str) -> str:
    return ascii(odd)[1:9]


def add(story: Story, label: str) -> str:
    data = {"label": label, "kind": "organisation", "sector": "civil"}
    return add_entry(story.project, "actors", by=story.cast.dora, data=data)


def found(desk: Screen, typed: str) -> list[str]:
    answer = desk.get(f"{desk.case}entries/actors/?q={typed}")
    assert answer.status_code == 200, answer.content
    return [one["title"] for one in answer.json()["entries"]]


def say(desk: Screen, typed: str, **more: Any) -> Any:
    return desk.decide("The minister", "edited", name="who", **{"answer-who": typed}, **more)


def test_entries_are_found_by_typing_those_of_the_project_too(desk: Screen) -> None:
    add(desk.story, "Bakers of the East")
    assert found(desk, "uni") == ["Union of Bakers"]
    assert found(desk, "bak") == ["Bakers of the East", "Union of Bakers"]
    assert found(desk, "nobody") == []


def test_the_page_is_as_large_for_many_entries_as_for_few(desk: Screen) -> None:
    before = len(desk.get(desk.case).content)
    for number in range(60):
        add(desk.story, f"Body number {number} with a long name")
    assert len(desk.get(desk.case).content) == before


def test_what_readings_name_can_be_chosen_without_looking(desk: Screen) -> None:
    page = desk.get(f"{desk.case}?at={desk.story.difference('The minister', 'who').key}").content.decode()
    assert '<option value="The government" data-key="government">' in page
    assert '<option value="Ministry of Works" data-key="ministry">' in page
    assert "Union of Bakers" not in page


@pytest.mark.parametrize(
    ("typed", "picked"),
    [
        ("Union of Bakers", "union"),  # picked from the menu
        ("union of bakers", ""),  # written by hand, without a script
        ("union", ""),  # by its key
        ("Union of Bakers", "government"),  # another was picked before
    ],
)
def test_an_entry_is_named_by_picking_or_by_writing(desk: Screen, typed: str, picked: str) -> None:
    assert say(desk, typed, **{"key-who": picked}).status_code == 200
    assert desk.story.gold == [("The minister", "ACTOR", {"who": "union"})]


@pytest.mark.parametrize("is_picked", [True, False])
def test_an_entry_that_no_reading_names_can_be_chosen(desk: Screen, is_picked: bool) -> None:
    key = add(desk.story, "Union of Cooks")
    assert say(desk, "Union of Cooks", **{"key-who": key if is_picked else ""}).status_code == 200
    assert desk.story.gold[0][2] == {"who": key}


def test_a_name_that_is_none_is_refused_in_words(desk: Screen) -> None:
    answer = say(desk, "Nobody at all")
    assert answer.status_code == 422
    assert "Nothing in the list is called “Nobody at all”." in shown(answer)
    assert desk.story.open_words == ["The minister · attribute · who"]


@pytest.mark.parametrize("odd", ["\0", "union\0", "\x1b[31m", "uni\non", "u" * 300_000], ids=ascii_start)
@pytest.mark.parametrize("where", ["answer-who", "key-who"])
def test_what_no_entry_can_be_called_is_refused_in_words(desk: Screen, where: str, odd: str) -> None:
    sent = {"answer-who": "Nobody at all", where: odd}
    answer = desk.decide("The minister", "edited", name="who", **sent)
    assert answer.status_code == 422
    assert "Nothing in the list is called" in shown(answer)
    assert len(answer.content) < 5000
    assert desk.story.open_words == ["The minister · attribute · who"]


@pytest.mark.parametrize("odd", ["%00", "union%00", "%ED%A0%80", "u" * 3000, "%25", "_"], ids=ascii_start)
def test_whatever_is_looked_for_nothing_breaks(desk: Screen, odd: str) -> None:
    assert found(desk, odd) in ([], ["Union of Bakers"], found(desk, ""))
    assert desk.get(f"{desk.case}entries/actors/?near={odd}").status_code == 200
    assert desk.get(f"{desk.case}entries/{odd}/?q=union").json() == {"entries": []}


def test_the_answer_can_be_taken_away(desk: Screen) -> None:
    assert say(desk, "").status_code == 200
    assert desk.story.gold == [("The minister", "ACTOR")]


def test_what_a_reader_proposed_can_be_kept(cast: Cast) -> None:
    story = Story(cast, codebook=WITH_LISTS)
    own = story.begin(cast.ada)
    new = proposed(own, cast.ada, "Guild of Millers")
    story.marked[cast.ada] = {"m": mark(own, cast.ada, "The minister", "ACTOR", who=new.key)}
    submitted(own, cast.ada)
    story.read(cast.ben, {"m": ("The minister", "ACTOR", {"who": "union"})})
    story.open()
    desk = Screen(story, cast.cleo)
    page = desk.get(f"{desk.case}?at={story.difference('The minister', 'who').key}").content.decode()
    assert f'<option value="Guild of Millers" data-key="{new.key}">' in page
    assert found(desk, "guild") == [], "it is in the reading, not in the list"
    assert say(desk, "Guild of Millers", **{"key-who": new.key}).status_code == 200
    assert story.gold[0][2] == {"who": new.key}


def test_nobody_looks_before_the_desk_is_open_nor_whoever_reads_the_article(cast: Cast) -> None:
    story = Story(cast, codebook=WITH_LISTS)
    path = f"/projects/{story.project.slug}/settle/{story.article.pk}/entries/actors/?q=union"
    assert Screen(story, cast.cleo).get(path).status_code == 409
    for reader in (cast.ada, cast.ben):
        story.read(reader, {"m": ("The minister", "ACTOR")})
    assert Screen(story, cast.cleo).get(path).status_code == 409, "nobody has opened it"
    story.open()
    assert Screen(story, cast.cleo).get(path).status_code == 200
    assert Screen(story, cast.ada).get(path).status_code == 403
