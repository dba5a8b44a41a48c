"""The two codebooks that a first project can start with, held against the design and the first corpus."""

import json
import re
from pathlib import Path

import pytest

from annotator.schema.codebook import PALETTE, SHAPES, Actor, Concept, as_data, canonical, parse
from tests.annotator.schema.books import seed

SEEDS = Path(__file__).parents[3] / "seeds"
SLUGS = ("news-positions", "claims-actors-stances")


def article_text(number: str) -> str:
    """A file of the first corpus by the number its name starts with, decoded as it is."""
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_seed_comes_back_as_it_went_in(slug: str) -> None:
    data = seed(slug)

    assert as_data(parse(data)) == data
    assert parse(as_data(parse(data))) == parse(data)
    assert json.loads(canonical(parse(data))) == data


@pytest.mark.parametrize("slug", SLUGS)
def test_a_seed_tells_its_labels_apart_by_colour_and_shape(slug: str) -> None:
    labels = parse(seed(slug)).labels

    assert [(label.key, label.letter, label.hotkey) for label in labels] == [
        ("CLAIM", "C", "1"), ("ACTOR", "A", "2"), ("STANCE", "S", "3"),
    ]  # fmt: skip
    assert len({label.colour for label in labels} & set(PALETTE)) == 3
    assert len({label.shape for label in labels} & set(SHAPES)) == 3


def test_polarity_has_no_default_since_that_would_bias_it() -> None:
    for slug in SLUGS:
        polarity = parse(seed(slug)).label("STANCE").attribute("polarity")
        assert polarity.required
        assert polarity.default is None


def test_news_positions_has_the_numbered_rules_of_the_design() -> None:
    codebook = parse(seed("news-positions"))

    assert [rule.number for rule in codebook.rules] == list(range(1, 19))
    assert [rule.number for rule in codebook.span_rules] == list(range(1, 8))
    assert [case.number for case in codebook.borderline] == list(range(1, 15))
    assert {relation.key for relation in codebook.relations if relation.minimum} == {"held_by", "toward"}
    assert codebook.defaults("STANCE") == {
        "conditional": False, "expression": "explicit", "confidence": "normal",
    }  # fmt: skip
    assert "direction" not in codebook.defaults("CLAIM")
    assert codebook.defaults("CLAIM", {"concept": "RU-UN"})["direction"] == "same"


def test_every_register_key_is_unique_across_the_lists() -> None:
    lists = parse(seed("news-positions")).lists
    keys = [entry.key for entries in lists.values() for entry in entries]

    assert len(keys) == len(set(keys))
    assert len(lists["concepts"]) == 34


def test_an_unnamed_source_belongs_to_one_article_and_is_quoted_from_it() -> None:
    for actor in parse(seed("news-positions")).lists["actors"]:
        assert isinstance(actor, Actor)
        assert (actor.kind == "unnamed") == actor.key.startswith("unnamed-")
        if actor.kind == "unnamed":
            assert actor.note.strip("“”") in article_text(actor.key.split("-")[1][:3])


def test_every_named_actor_occurs_in_the_first_corpus() -> None:
    everything = "\n".join(article_text(f"{number:03}") for number in range(5))
    for actor in parse(seed("news-positions")).lists["actors"]:
        assert isinstance(actor, Actor)
        if actor.kind != "unnamed":
            assert any(name in everything for name in (actor.label, *actor.aliases)), actor.key


def test_examples_of_concepts_are_words_of_the_first_corpus() -> None:
    for concept in parse(seed("news-positions")).lists["concepts"]:
        assert isinstance(concept, Concept)
        for example in filter(None, (concept.example, concept.counter_example)):
            number, _, words = example.partition(": ")
            assert words in article_text(number), concept.key


def test_borderline_places_lie_inside_their_files() -> None:
    found: dict[int, list[str]] = {}
    for case in parse(seed("news-positions")).borderline:
        number = ""
        for named, start, end in re.findall(r"(?:(\d{3}) )?\[(\d+), (\d+)\)", case.where):
            number = named or number
            text = article_text(number)
            assert 0 <= int(start) < int(end) <= len(text)
            found.setdefault(case.number, []).append(text[int(start) : int(end)])

    assert len(found) == 14
    assert found[1] == ["we would like the Russians to approve it"]
    assert found[7][0] == "Israeli attacks have killed more than 3,243 people in Lebanon"
    assert found[7][1] == "over 2,800 people have died"
    assert found[13] == ["rejecting"]
    for quotes in found.values():
        assert all(quote == quote.strip() for quote in quotes)
