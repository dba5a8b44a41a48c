"""What a form sends, written into a draft; what its buttons do; what is not in order, in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.schema.codebook import as_data, parse
from annotator.schema.complaints import complaints, spoken
from annotator.schema.drafting import Unfit, acted, edited
from annotator.schema.strict import CodebookError
from tests.annotator.schema.books import add_label, attribute, book, label, retire, seed

Data = dict[str, Any]
POLARITY = "labels.2.attributes.0"


def data(slug: str = "claims-actors-stances") -> Data:
    return as_data(book(slug=slug))


def sent(**fields: str) -> dict[str, list[str]]:
    """Fields whose dots are written as two underlines."""
    return {name.replace("__", "."): [value] for name, value in fields.items()}


def changed(base: Data | None = None, **fields: str) -> Data:
    found, faults = edited(data(), base, sent(**fields))
    assert faults == []
    return found


def test_fields_are_written_and_the_rest_stays() -> None:
    found = changed(labels__0__name="Statement", labels__0__colour="teal", labels__0__rules="2, 3")
    one = label(found, "CLAIM")
    assert (one["name"], one["colour"], one["rules"]) == ("Statement", "teal", [2, 3])
    one |= {"name": "Claim", "colour": "blue", "rules": [1]}
    assert found == data()


def test_nothing_sent_changes_nothing() -> None:
    assert edited(data(), None, {}) == (data(), [])


def test_an_empty_box_is_an_answer_only_where_it_was_on_the_page() -> None:
    assert attribute(changed(), "STANCE", "polarity")["required"]
    assert not attribute(changed(labels__2__attributes__0__here="1"), "STANCE", "polarity")["required"]


def test_what_an_earlier_version_has_keeps_its_key_and_its_kind() -> None:
    fields = {"labels__0__key": "OTHER", "labels__2__attributes__0__kind": "text"}
    assert changed(data(), **fields) == data()
    fresh = changed(None, **fields)
    assert fresh["labels"][0]["key"] == "OTHER"
    assert fresh["labels"][2]["attributes"][0]["values"] == []


def test_a_condition_and_an_order_are_written_in_words() -> None:
    found = changed(
        labels__2__attributes__0__when="kind is figure or forecast", labels__2__attributes__0__order="a < b = c"
    )
    one = attribute(found, "STANCE", "polarity")
    assert one["required_when"] == {"attribute": "kind", "is": ["figure", "forecast"]}
    assert one["ordinal"] == ["a", ["b", "c"]]
    answered = changed(labels__2__attributes__0__when="kind is answered", labels__2__attributes__0__order="")
    assert attribute(answered, "STANCE", "polarity")["required_when"] == {"attribute": "kind", "is": "set"}
    assert attribute(answered, "STANCE", "polarity")["ordinal"] is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("labels.0.rules", "one"), (f"{POLARITY}.when", "sometimes"), (f"{POLARITY}.order", "a < < b"),
        ("relations.0.minimum", "-1"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_stays_as_it_was_and_is_told(place: str, value: str) -> None:
    found, faults = edited(data(), None, {place: [value]})
    assert found == data()
    assert [one.place for one in faults] == [place]


def test_ends_of_a_relation_are_boxes() -> None:
    found, _ = edited(data(), None, {"relations.0.here": ["1"], "relations.0.to": ["ACTOR", "CLAIM"]})
    assert (found["relations"][0]["from"], found["relations"][0]["to"]) == ([], ["ACTOR", "CLAIM"])


def test_checks_are_switched_on_and_off() -> None:
    found = changed(
        checks__page_furniture__severity="", checks__long_span__severity="error", checks__long_span__text="Too long."
    )
    checks = {one["key"]: one for one in found["checks"]}
    assert "page_furniture" not in checks
    assert checks["long_span"] == {"key": "long_span", "severity": "error", "text": "Too long."}
    assert [one["key"] for one in found["checks"]][:2] == [one["key"] for one in data()["checks"]][:2]


@pytest.mark.parametrize("place", ["labels.9.name", "labels.x.name.here", "title.0.here", "labels.0.attributes.3.here"])
def test_a_page_of_another_draft_is_told_to_reload(place: str) -> None:
    with pytest.raises(Unfit):
        edited(data(), None, {place: ["1"]})


@given(st.dictionaries(st.text("labels.0123456789attributesvaluesnamehererules#:", max_size=30), st.just(["x"])))
def test_no_field_breaks_the_shape_of_a_draft(fields: dict[str, list[str]]) -> None:
    try:
        found, _ = edited(data(), None, fields)
    except Unfit:
        return
    assert {key: type(value) for key, value in found.items()} == {key: type(value) for key, value in data().items()}
    complaints(found)


# Buttons


@pytest.mark.parametrize(
    "place",
    [
        "labels", "relations", "labels.0.attributes", "common_attributes", "relations.1.attributes",
        f"{POLARITY}.values", "rules", "span_rules",
    ],
)  # fmt: skip
def test_what_is_added_can_be_published_as_it_is(place: str) -> None:
    found = acted(data(), data(), f"add:{place}")
    if place in ("rules", "span_rules"):
        assert complaints(found) == []
        return
    found["labels"][2]["attributes"][0]["ordinal"] = None
    parse(found)


def test_a_new_label_takes_what_is_free() -> None:
    one = acted(data(), None, "add:labels")["labels"][-1]
    taken = data()["labels"]
    for name in ("key", "letter", "colour", "shape", "hotkey"):
        assert one[name] not in [other[name] for other in taken]


def test_what_is_new_can_be_removed_and_what_was_published_cannot() -> None:
    more = acted(data(), data(), "add:labels")
    assert acted(more, data(), "remove:labels.3") == data()
    assert acted(data(), data(), "remove:labels.0") == data()
    assert len(acted(data(), data(), "remove:rules.0")["rules"]) == 3


def test_items_move_up_and_down_and_stop_at_the_ends() -> None:
    def keys(act: str) -> list[str]:
        return [one["key"] for one in acted(data(), None, act)["labels"]]

    assert keys("up:labels.1") == ["ACTOR", "CLAIM", "STANCE"]
    assert keys("down:labels.1") == ["CLAIM", "STANCE", "ACTOR"]
    assert keys("up:labels.0") == keys("down:labels.2") == ["CLAIM", "ACTOR", "STANCE"]


@pytest.mark.parametrize(
    "act", ["", "add:", "add:title", "add:labels.0.rules", "up:labels.9", "remove:labels.²", "x:y"]
)
def test_buttons_that_are_none_are_refused(act: str) -> None:
    with pytest.raises(Unfit):
        acted(data(), None, act)


# What is not in order


def words(found: Data) -> list[str]:
    return [one.words for one in complaints(found)]


@pytest.mark.parametrize("slug", ["claims-actors-stances", "news-positions"])
def test_the_seeds_are_in_order(slug: str) -> None:
    assert complaints(seed(slug)) == []


def test_clashes_are_told_in_words() -> None:
    found = data()
    label(found, "ACTOR").update(letter="C", hotkey="1")
    assert words(found) == [
        "C is the letter of Claim, and of Actor: change one of them.",
        "1 is the key of Claim, and of Actor: change one of them.",
    ]


def test_a_retired_label_keeps_its_letter_and_gives_its_key_back() -> None:
    found = data()
    retire("CLAIM")(found)
    add_label("CAUSE", letter="C", hotkey="1")(found)
    assert words(found) == ["C is the letter of Claim, which is retired, and of Cause: change one of them."]


def test_a_colour_that_is_taken_is_told_but_does_not_stop_anybody() -> None:
    found = data()
    label(found, "ACTOR")["colour"] = "blue"
    (one,) = complaints(found)
    assert (one.is_grave, one.words) == (False, "Claim and Actor have the same colour; readers will mix them up.")
    parse(found)


def test_the_place_of_a_complaint_is_told_in_words() -> None:
    found = data()
    attribute(found, "STANCE", "polarity")["default"] = "perhaps"
    (one,) = complaints(found)
    assert one.place == f"{POLARITY}.default"
    assert one.words.startswith("Stance, Polarity: default “perhaps” is no answer")
    assert spoken(found, "relations.0.to.0") == "held by"


def test_whatever_is_not_complained_of_can_be_parsed() -> None:
    for change in (lambda one: label(one, "CLAIM").update(name=""), lambda one: one["labels"].clear()):
        found = data()
        change(found)
        try:
            parse(found)
        except CodebookError:
            assert complaints(found) != []
