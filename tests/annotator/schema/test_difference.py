"""Two versions of a codebook side by side: every change is told once, and in words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.schema.codebook import as_data, parse
from annotator.schema.difference import SECTIONS, differences
from tests.annotator.schema.books import add_label, add_value, attribute, book, label, retire, retire_value, seed

Data = dict[str, Any]


@pytest.mark.parametrize("slug", ["claims-actors-stances", "news-positions"])
def test_nothing_is_different_from_itself(slug: str) -> None:
    assert differences(book(slug=slug), book(slug=slug)) == []


def test_the_number_of_the_version_is_not_a_difference() -> None:
    assert differences(book(), book(lambda data: data.update(version=7))) == []


CASES: list[tuple[Callable[[Data], object], list[str]]] = [
    (lambda data: label(data, "CLAIM").update(colour="green"), ["Label CLAIM: colour blue → green"]),
    (lambda data: label(data, "CLAIM").update(hotkey="7"), ["Label CLAIM: key 1 → 7"]),
    (lambda data: label(data, "CLAIM").update(hotkey=None), ["Label CLAIM: key 1 → none"]),
    (retire("STANCE"), ["Label STANCE retired"]),
    (add_label("TONE"), ["Label TONE added"]),
    (lambda data: data["labels"].reverse(), ["Labels: order CLAIM, ACTOR, STANCE → STANCE, ACTOR, CLAIM"]),
    (
        add_value("STANCE", "polarity", "unclear"),
        [
            "Attribute polarity on STANCE: order of values oppose, (neutral, mixed), support → none",
            "Attribute polarity on STANCE: value “unclear” added",
        ],
    ),
    (retire_value("STANCE", "polarity", "mixed"), ["Attribute polarity on STANCE: value “mixed” retired"]),
    (
        lambda data: attribute(data, "STANCE", "polarity").update(required=False),
        ["Attribute polarity on STANCE: required yes → no"],
    ),
    (
        lambda data: label(data, "CLAIM")["attributes"].append({"key": "sure", "name": "Sure", "kind": "flag"}),
        ["Attribute sure on CLAIM added"],
    ),
    (lambda data: data["relations"][0].update(minimum=1), ["Relation held_by: at least 0 → 1"]),
    (
        lambda data: data["relations"][0].update({"to": ["ACTOR", "CLAIM"]}),
        ["Relation held_by: ends at ACTOR → ACTOR, CLAIM"],
    ),
    (lambda data: data["checks"].pop(), ["Check page_furniture removed"]),
    (lambda data: data["rules"][0].update(title="What a claim is"), ["Rule 1: title Claim → What a claim is"]),
    (lambda data: data["rules"][0].update(text="Anew. " * 20), ["Rule 1: text changed"]),
    (lambda data: data.update(title="Positions"), ["Codebook: title Claims, actors, stances → Positions"]),
]


@pytest.mark.parametrize(("change", "words"), CASES)
def test_a_change_is_told_in_words(change: Callable[[Data], object], words: list[str]) -> None:
    assert [one.words for one in differences(book(), book(change))] == words


def test_a_label_that_comes_back_is_told() -> None:
    assert [one.words for one in differences(book(retire("STANCE")), book())] == ["Label STANCE brought back"]


def leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the plain texts of a JSON value are, keys of things left out."""
    if isinstance(data, dict):
        return [found for name, value in data.items() for found in leaves(value, (*path, name))]
    if isinstance(data, list):
        return [found for place, value in enumerate(data) for found in leaves(value, (*path, place))]
    return [path] if isinstance(data, str) and path[-1] in ("name", "help", "description", "text", "title") else []


@given(st.sampled_from(leaves(as_data(book(slug="news-positions")))))
def test_no_text_changes_unnoticed(path: tuple[Any, ...]) -> None:
    data = as_data(book(slug="news-positions"))
    part: Any = data
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = "Something else"
    changes = differences(book(slug="news-positions"), parse(data))
    assert len(changes) == 1
    assert changes[0].section in SECTIONS
    assert (changes[0].kind, changes[0].after) == ("changed", "Something else")


def test_every_change_of_a_flag_is_noticed() -> None:
    old = parse(seed("news-positions"))
    for place, one in enumerate(seed("news-positions")["labels"]):
        for number, asked in enumerate(one["attributes"]):
            for name in ("may_be_absent", "in_agreement", "retired"):
                data = as_data(old)
                data["labels"][place]["attributes"][number][name] = not asked.get(name, name == "in_agreement")
                assert len(differences(old, parse(data))) == 1, (one["key"], asked["key"], name)
