"""Codebooks as JSON and back: read and written, looked up, refused with the place of a slip."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from annotator.schema.codebook import Actor, CodebookError, Concept, as_data, canonical, digest, parse
from tests.annotator.schema.books import seed


def small() -> dict[str, Any]:
    """A codebook with one of everything."""
    return {
        "slug": "small",
        "title": "Small",
        "version": 1,
        "language": "en",
        "labels": [
            {
                "key": "CLAIM", "name": "Claim", "letter": "C", "colour": "blue", "shape": "solid",
                "hotkey": "1", "rules": [1],
                "attributes": [
                    {
                        "key": "kind", "name": "Kind", "kind": "choice", "default": "fact", "required": True,
                        "values": [{"key": "fact", "name": "fact"}, {"key": "figure", "name": "figure"}],
                        "ordinal": ["fact", "figure"],
                    },
                    {
                        "key": "concept", "name": "Concept", "kind": "key", "list": "concepts",
                        "may_be_absent": True,
                    },
                    {
                        "key": "value", "name": "Value", "kind": "number",
                        "required_when": {"attribute": "kind", "is": ["figure"]},
                    },
                    {
                        "key": "sure", "name": "Sure", "kind": "flag", "default": False,
                        "required_when": {"attribute": "concept", "is": "set"},
                    },
                ],
            },
            {
                "key": "ACTOR", "name": "Actor", "letter": "A", "colour": "green", "shape": "dotted",
                "hotkey": "2",
            },
        ],
        "common_attributes": [{"key": "note", "name": "Note", "kind": "text", "in_agreement": False}],
        "relations": [
            {
                "key": "made_by", "name": "made by", "from": ["CLAIM"], "to": ["ACTOR"],
                "attributes": [{"key": "order", "name": "Order", "kind": "number", "default": 1}],
            }
        ],
        "lists": {
            "actors": [
                {"key": "ada", "label": "Ada", "kind": "person", "sector": "civil", "affiliation": "town"},
                {"key": "town", "label": "Town", "kind": "state", "sector": "government", "country": "FI"},
            ],
            "concepts": [
                {"key": "BRIDGE", "statement": "The bridge is built."},
                {"key": "BRIDGES", "statement": "Bridges are built.", "status": "merged_into:BRIDGE"},
            ],
        },
        "checks": [{"key": "missing_required", "severity": "error", "text": "Something is missing."}],
        "rules": [{"number": 1, "title": "Claim", "text": "Can it be denied?"}],
        "span_rules": [{"number": 1, "title": "Short", "text": "Keep it short."}],
        "borderline": [{"number": 1, "where": "000 [0, 1)", "case": "A", "decision": "B", "rules": [1]}],
    }  # fmt: skip


def put(data: dict[str, Any], path: str, value: object) -> None:
    """Sets `data` at a path like "labels.0.key"; "DELETE" takes the key away."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    here: Any = data
    for step in way:
        here = here[step]
    if value == "DELETE":
        del here[last]
    elif isinstance(here, list) and last == len(here):
        here.append(value)
    else:
        here[last] = value


# Read and written


def test_a_codebook_with_its_defaults_left_out_comes_back_equal() -> None:
    codebook = parse(small())

    assert parse(as_data(codebook)) == codebook
    assert as_data(codebook)["labels"][1]["attributes"] == []
    assert as_data(codebook)["relations"][0]["from"] == ["CLAIM"]


def test_the_order_of_keys_in_the_file_does_not_change_the_digest() -> None:
    data = seed("news-positions")
    backwards = dict(reversed(data.items()))

    assert digest(parse(backwards)) == digest(parse(data))
    assert re.fullmatch("[0-9a-f]{64}", digest(parse(data)))


def test_the_order_of_labels_does_change_the_digest() -> None:
    data = small()
    data["labels"].reverse()

    assert digest(parse(data)) != digest(parse(small()))


def test_canonical_json_has_sorted_keys_no_spaces_and_nothing_escaped() -> None:
    data = small()
    data["title"] = "Städte – 🏙"
    written = canonical(parse(data))

    assert written.startswith('{"borderline":[{"case":"A","decision":"B",')
    assert "Städte – 🏙" in written


# Looked up


def test_look_ups_find_by_key() -> None:
    codebook = parse(small())
    concept, actor = codebook.entry("concepts", "BRIDGES"), codebook.entry("actors", "ada")

    assert codebook.label("CLAIM").attribute("kind").value_keys == ("fact", "figure")
    assert codebook.relation("made_by").attribute("order").default == 1
    assert [relation.key for relation in codebook.relations_from("CLAIM")] == ["made_by"]
    assert [relation.key for relation in codebook.relations_to("ACTOR")] == ["made_by"]
    assert list(codebook.attributes("CLAIM")) == ["kind", "concept", "value", "sure", "note"]
    assert isinstance(concept, Concept)
    assert concept.merged_into == "BRIDGE"
    assert not concept.is_active
    assert isinstance(actor, Actor)
    assert actor.affiliation == "town"
    assert codebook.check("long_span") is None


@pytest.mark.parametrize(
    "look_up",
    [
        lambda codebook: codebook.label("x"),
        lambda codebook: codebook.relation("x"),
        lambda codebook: codebook.entry("actors", "x"),
        lambda codebook: codebook.entry("x", "ada"),
        lambda codebook: codebook.label("CLAIM").attribute("x"),
        lambda codebook: codebook.attributes("x"),
    ],
)
def test_a_look_up_of_what_is_not_there_raises_key_error(look_up: Callable[[Any], object]) -> None:
    with pytest.raises(KeyError):
        look_up(parse(small()))


def test_defaults_leave_out_what_depends_on_an_unmet_condition() -> None:
    codebook = parse(small())

    assert codebook.defaults("CLAIM") == {"kind": "fact"}
    assert codebook.defaults("CLAIM", {"concept": "BRIDGE"}) == {"kind": "fact", "sure": False}
    assert codebook.defaults("CLAIM", {"kind": "figure"}) == {}
    assert codebook.relation_defaults("made_by") == {"order": 1}


def test_defaults_leave_out_what_is_retired() -> None:
    data = small()
    put(data, "labels.0.attributes.0.retired", True)

    assert parse(data).defaults("CLAIM") == {}
    assert not parse(data).label("CLAIM").attribute("kind").is_required({})


def test_values_of_equal_rank_share_a_step() -> None:
    polarity = parse(seed("news-positions")).label("STANCE").attribute("polarity")

    assert polarity.ranks == {"oppose": 0, "neutral": 1, "mixed": 1, "support": 2}


# Refused


REFUSALS: list[tuple[str, object, str, str]] = [
    # Where, what is put there, what the place named ends with beside that, how the reason begins.
    ("stray", 1, "", "is not known here"),
    ("labels.0.colr", "blue", "", "is not known here"),
    ("slug", "DELETE", "", "is missing"),
    ("slug", "two words", "", "“two words” must be"),
    ("title", "t" * 201, "", "is longer than 200"),
    ("version", 0, "", "counts from 1"),
    ("version", True, "", "must be a whole number"),
    ("labels", [], "", "must name at least one label"),
    ("labels", {}, "", "must be a list"),
    ("labels.0", "CLAIM", "", "must be an object"),
    ("labels.0.key", "L" * 41, "", "“L"),
    ("labels.0.key", "CLAÏM", "", "“CLAÏM” must be"),
    ("labels.1.key", "CLAIM", "", "“CLAIM” occurs twice"),
    ("labels.0.name", "a\0b", "", "holds a character"),
    ("labels.0.name", "\ud83d", "", "holds a character"),
    ("labels.1.letter", "C", "", "“C” occurs twice"),
    ("labels.1.letter", "AC", "", "must be one letter"),
    ("labels.1.hotkey", "1", "", "“1” occurs twice"),
    ("labels.1.hotkey", "a", "", "“a” is not one of"),
    ("labels.0.colour", "#ff0000", "", "“#ff0000” is not one of blue, green"),
    ("labels.0.shape", "zigzag", "", "“zigzag” is not one of"),
    ("labels.0.retired", "no", "", "must be true or false"),
    ("labels.0.rules", [7], "[0]", "there is no rule 7"),
    ("labels.0.attributes.0.kind", "colour", "", "“colour” is not one of"),
    ("labels.0.attributes.1.key", "kind", "", "“kind” occurs twice"),
    ("labels.0.attributes.1.key", "note", "", "“note” is one of the common"),
    ("labels.0.attributes.0.values", [], "", "a choice has values"),
    ("labels.0.attributes.2.values", [{"key": "a", "name": "a"}], "", "a choice has values"),
    ("labels.0.attributes.0.values.1.key", "fact", "", "“fact” occurs twice"),
    ("labels.0.attributes.0.default", "figures", "", "“figures” is no answer to kind"),
    ("labels.0.attributes.3.default", "no", "", "“no” is no answer to sure"),
    ("labels.0.attributes.1.default", "x", "", "“x” is no answer to concept"),
    ("labels.0.attributes.1.default", [], "", "must be text"),
    ("labels.0.attributes.2.default", float("inf"), "", "“inf” is no answer to value"),
    ("labels.0.attributes.1.list", "topics", "", "there is no list “topics”"),
    ("labels.0.attributes.1.list", None, "", "a key comes from a list"),
    ("labels.0.attributes.2.list", "concepts", "", "a key comes from a list"),
    ("labels.0.attributes.0.ordinal", ["fact"], "", "must name each value"),
    ("labels.0.attributes.0.ordinal", ["fact", ["figure", "fact"]], "", "must name each value"),
    ("labels.0.attributes.2.ordinal", ["a"], "", "must name each value"),
    ("labels.0.attributes.2.required_when.attribute", "sort", "", "there is no other attribute “sort”"),
    ("labels.0.attributes.2.required_when.attribute", "value", "", "there is no other attribute “value”"),
    ("labels.0.attributes.2.required_when.is", ["number"], "[0]", "“number” is no answer to kind"),
    ("labels.0.attributes.2.required_when.is", [], "", "must be “set” or a list"),
    (
        "labels.0.attributes.2.required_when",
        {"attribute": "note", "is": ["a"]},
        ".is",
        "must be “set”, since",
    ),
    ("labels.0.attributes.2.required", True, "_when", "is already said"),
    ("common_attributes.0.rules", [3], "[0]", "there is no rule 3"),
    ("common_attributes.1", {"key": "note", "name": "N", "kind": "text"}, ".key", "“note” occurs twice"),
    ("relations.0.from", ["PLACE"], "[0]", "there is no label “PLACE”"),
    ("relations.0.to", ["ACTOR", "PLACE"], "[1]", "there is no label “PLACE”"),
    ("relations.0.to", [], "", "must name at least one label"),
    ("relations.0.key", "concept", "", "“concept” is already an attribute of CLAIM"),
    ("relations.0.symmetric", True, "", "needs the same labels"),
    ("relations.0.minimum", -1, "", "must be a whole number"),
    ("relations.0.attributes.0.default", "one", "", "“one” is no answer to order"),
    ("relations.1", {"key": "made_by", "name": "m", "from": ["CLAIM"], "to": ["ACTOR"]}, ".key", "“made_by”"),
    ("lists", [], "", "must be an object"),
    ("lists.actors.1.key", "ada", "", "“ada” occurs twice"),
    ("lists.actors.0.kind", "robot", "", "“robot” is not one of"),
    ("lists.actors.0.sector", "sports", "", "“sports” is not one of"),
    ("lists.actors.0.affiliation", "city", "", "“city” is no other entry"),
    ("lists.actors.0.affiliation", "ada", "", "“ada” is no other entry"),
    ("lists.actors.1.country", "Finland", "", "must be two capital letters"),
    ("lists.concepts.0.status", "old", "", "must be active, retired or merged_into:KEY"),
    ("lists.concepts.0.status", "merged_into:X", "", "“X” is no other entry"),
    ("checks.0.key", "too_bold", "", "“too_bold” is not one of"),
    ("checks.0.severity", "fatal", "", "“fatal” is not one of"),
    ("rules.1", {"number": 1, "title": "t", "text": "t"}, ".number", "“1” occurs twice"),
    ("borderline.0.rules", [2], "[0]", "there is no rule 2"),
]


@pytest.mark.parametrize(("path", "value", "beside", "reason"), REFUSALS)
def test_a_slip_is_refused_with_its_place(path: str, value: object, beside: str, reason: str) -> None:
    data = small()
    put(data, path, value)

    with pytest.raises(CodebookError) as refusal:
        parse(data)

    assert refusal.value.field == re.sub(r"\.(\d+)", r"[\1]", path) + beside
    assert refusal.value.reason.startswith(reason)
    assert str(refusal.value) == f"{refusal.value.field}: {refusal.value.reason}"
    assert refusal.value.code == "bad_codebook"


@pytest.mark.parametrize("data", [None, [], "codebook", 3])
def test_anything_but_an_object_is_refused(data: Any) -> None:
    with pytest.raises(CodebookError, match="must be an object"):
        parse(data)


def test_a_retired_label_gives_its_key_back_but_keeps_its_letter() -> None:
    data = small()
    put(data, "labels.0.retired", True)
    put(data, "labels.1.hotkey", "1")

    assert parse(data).label("ACTOR").hotkey == "1"

    put(data, "labels.1.letter", "C")
    with pytest.raises(CodebookError, match="occurs twice"):
        parse(data)


def test_reading_a_codebook_leaves_the_data_as_it_was() -> None:
    data = small()
    before = copy.deepcopy(data)
    parse(data)

    assert data == before
