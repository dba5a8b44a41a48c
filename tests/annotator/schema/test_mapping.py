"""What becomes of labels, answers and relations when a codebook moves on."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.schema.codebook import Codebook
from annotator.schema.mapping import (
    Fate,
    Mapped,
    as_json,
    called,
    carry,
    disappearing,
    faults,
    from_json,
    likely,
    losses,
    targets,
)
from annotator.standoff import Relation, Span
from tests.annotator.schema.books import add_label, add_value, attribute, book, label, retire, retire_value

Data = dict[str, Any]
STANCE, MIXED = ("label", "STANCE"), ("label", "STANCE", "polarity", "mixed")
SPANS = (
    Span("c", 0, 10, "CLAIM"),
    Span("a", 20, 30, "ACTOR"),
    Span("s", 0, 5, "STANCE", {"polarity": "mixed"}),
    Span("t", 6, 9, "STANCE", {"polarity": "support"}),
)
LINKS = (Relation("h", "held_by", "s", "a"), Relation("w", "toward", "s", "c"))


def position(data: Data) -> None:
    """STANCE gives way to POSITION, which asks the same."""
    asked = label(data, "STANCE")["attributes"]
    add_label("POSITION", colour="vermillion", shape="double", attributes=asked)(data)
    retire("STANCE")(data)


def test_nothing_disappears_between_equal_versions() -> None:
    assert disappearing(book(), book()) == []
    assert faults(book(), book(), {}) == []
    assert likely(book(), book()) == {}


@pytest.mark.parametrize("slug", ["claims-actors-stances", "news-positions"])
def test_nothing_is_lost_between_equal_versions(slug: str) -> None:
    assert losses(book(slug=slug), book(slug=slug)) == []


LOST: list[tuple[Callable[[Data], object], str]] = [
    (lambda data: data["relations"].pop(), "Relation made_by is gone: keep it as retired."),
    (
        lambda data: label(data, "STANCE")["attributes"].clear(),
        "Attribute polarity on STANCE is gone: keep it as retired.",
    ),
    (
        lambda data: attribute(data, "STANCE", "polarity").update(kind="text", values=[], ordinal=None),
        "Attribute polarity on STANCE asked for another kind of answer: retire it and add a new one.",
    ),
    (
        lambda data: attribute(data, "STANCE", "polarity").update(
            values=attribute(data, "STANCE", "polarity")["values"][1:], ordinal=None
        ),
        "Value “support” of polarity on STANCE is gone: keep it as retired.",
    ),
]


@pytest.mark.parametrize(("change", "words"), LOST)
def test_what_is_gone_altogether_is_told(change: Callable[[Data], object], words: str) -> None:
    assert losses(book(), book(change)) == [words]
    assert [one.words for one in faults(book(), book(change), {})] == [words]


def test_an_entry_that_is_gone_is_told() -> None:
    old = book(slug="news-positions")
    gone = book(lambda data: data["lists"]["concepts"].pop(), slug="news-positions")
    assert len(losses(old, gone)) == 1


def test_what_retires_disappears_and_what_goes_with_it_is_not_named() -> None:
    assert disappearing(book(), book(retire("STANCE"))) == [STANCE]
    assert disappearing(book(), book(retire_value("STANCE", "polarity", "mixed"))) == [MIXED]
    assert disappearing(book(retire("STANCE")), book(retire("STANCE"))) == []


def test_a_common_attribute_disappears_from_every_label() -> None:
    def change(data: Data) -> None:
        data["common_attributes"][0]["retired"] = True

    gone = disappearing(book(slug="news-positions"), book(change, slug="news-positions"))
    assert gone == [("label", one, "confidence") for one in ("CLAIM", "ACTOR", "STANCE")]


def test_a_new_label_much_like_the_old_one_is_proposed() -> None:
    assert likely(book(), book(position)) == {STANCE: Fate("rename", ("POSITION",))}
    assert likely(book(), book(retire("STANCE"))) == {STANCE: Fate("retire")}


def test_what_is_proposed_can_be_used() -> None:
    for change in (position, retire("STANCE"), retire_value("STANCE", "polarity", "mixed")):
        assert faults(book(), book(change), likely(book(), book(change))) == []


WRONG: list[tuple[Callable[[Data], object], Mapped, str]] = [
    (position, {}, "Say what becomes of label STANCE."),
    (position, {STANCE: Fate("lose")}, "Choose what becomes of label STANCE."),
    (position, {STANCE: Fate("rename")}, "Name the one that label STANCE becomes."),
    (position, {STANCE: Fate("rename", ("NONE",))}, "The new version offers no NONE in the place of label STANCE."),
    (
        position,
        {STANCE: Fate("rename", ("CLAIM",))},
        "Something else is called CLAIM already: say that they are merged.",
    ),
    (position, {STANCE: Fate("split", ("POSITION",))}, "Name two or more that label STANCE is split into."),
    (position, {STANCE: Fate("retire", ("POSITION",))}, "What retires becomes nothing else."),
    (lambda data: None, {STANCE: Fate("retire")}, "label STANCE is still there: nothing becomes of it."),
]


@pytest.mark.parametrize(("change", "mapped", "words"), WRONG)
def test_a_mapping_that_makes_no_sense_is_refused(change: Callable[[Data], object], mapped: Mapped, words: str) -> None:
    assert [one.words for one in faults(book(), book(change), mapped)] == [words]


def test_two_things_that_become_one_are_merged_not_renamed() -> None:
    def change(data: Data) -> None:
        position(data)
        retire("CLAIM")(data)

    both = {("label", "CLAIM"): Fate("rename", ("POSITION",)), STANCE: Fate("rename", ("POSITION",))}
    assert len(faults(book(), book(change), both)) == 2
    merged = {thing: Fate("merge", fate.to) for thing, fate in both.items()}
    assert faults(book(), book(change), merged) == []


def test_an_answer_may_become_one_of_the_same_place_only() -> None:
    new = book(retire_value("STANCE", "polarity", "mixed"), add_value("STANCE", "polarity", "both"))
    assert targets(MIXED, new) == ["support", "oppose", "neutral", "both"]
    assert called(MIXED) == "value mixed of polarity on STANCE"


def test_a_mapping_comes_back_from_json_as_it_went() -> None:
    mapped = {STANCE: Fate("split", ("POSITION", "CLAIM")), MIXED: Fate("retire")}
    assert from_json(as_json(mapped)) == mapped


# Carrying over


def changed(old: Codebook, new: Codebook, mapped: Mapped) -> dict[str, str]:
    """Id → label of the spans that read differently afterwards."""
    found = carry(old, new, mapped, SPANS, LINKS)
    assert [span.id for span in found.spans] == [span.id for span in SPANS]
    return {span.id: span.label for span, before in zip(found.spans, SPANS, strict=True) if span != before}


def test_under_the_same_version_nothing_changes() -> None:
    found = carry(book(), book(), {}, SPANS, LINKS)
    assert (found.spans, found.relations, found.fates, found.left) == (SPANS, LINKS, {}, 0)


def test_a_renamed_label_takes_its_spans_and_their_answers_along() -> None:
    mapped = {STANCE: Fate("rename", ("POSITION",))}
    assert changed(book(), book(position), mapped) == {"s": "POSITION", "t": "POSITION"}
    found = carry(book(), book(position), mapped, SPANS, LINKS)
    assert found.spans[2].attributes == {"polarity": "mixed"}
    assert found.fates == {"s": "renamed", "t": "renamed"}
    assert found.relations == LINKS


@pytest.mark.parametrize(
    ("fate", "told"), [(Fate("split", ("CLAIM", "POSITION")), "person"), (Fate("retire"), "retired")]
)
def test_what_is_split_or_retired_stays_as_it_was_said(fate: Fate, told: str) -> None:
    found = carry(book(), book(position), {STANCE: fate}, SPANS, LINKS)
    assert found.spans == SPANS
    assert found.fates == {"s": told, "t": told}


def test_a_renamed_value_is_told_on_its_spans_only() -> None:
    new = book(retire_value("STANCE", "polarity", "mixed"), add_value("STANCE", "polarity", "both"))
    found = carry(book(), new, {MIXED: Fate("rename", ("both",))}, SPANS, LINKS)
    assert found.spans[2].attributes == {"polarity": "both"}
    assert found.fates == {"s": "renamed"}


def test_where_two_would_come_to_the_same_words_the_second_waits_for_a_person() -> None:
    spans = (Span("c", 0, 5, "CLAIM"), Span("s", 0, 5, "STANCE"))
    new = book(retire("STANCE"))
    found = carry(book(), new, {STANCE: Fate("merge", ("CLAIM",))}, spans, ())
    assert found.spans == spans
    assert found.fates == {"s": "person"}


def test_answers_that_the_new_label_does_not_ask_for_are_counted() -> None:
    found = carry(book(), book(retire("STANCE")), {STANCE: Fate("merge", ("CLAIM",))}, SPANS, ())
    assert found.left == 2
    assert found.spans[3].attributes == {}


def test_a_renamed_relation_takes_its_links_and_absences_along() -> None:
    def change(data: Data) -> None:
        data["relations"].append({**data["relations"][0], "key": "owned_by", "name": "owned by"})
        data["relations"][0]["retired"] = True

    mapped = {("relation", "held_by"): Fate("rename", ("owned_by",))}
    spans = (*SPANS[:3], Span("x", 40, 41, "STANCE", {}, ("held_by",)))
    found = carry(book(), book(change), mapped, spans, LINKS)
    assert [one.type for one in found.relations] == ["owned_by", "toward"]
    assert found.spans[3].absent == frozenset({"owned_by"})
    assert found.fates == {"h": "renamed"}


LABELS = st.sampled_from(["CLAIM", "ACTOR", "STANCE"])


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4), LABELS), unique=True, max_size=12),
    st.sampled_from(
        [Fate("rename", ("POSITION",)), Fate("merge", ("CLAIM",)), Fate("split", ("CLAIM", "ACTOR")), Fate("retire")]
    ),
)
def test_no_span_is_lost_or_doubled_or_moved(places: list[tuple[int, int, str]], fate: Fate) -> None:
    spans = [Span(str(number), start, start + size, one) for number, (start, size, one) in enumerate(places)]
    found = carry(book(), book(position), {STANCE: fate}, spans, ())
    assert [(one.id, one.start, one.end) for one in found.spans] == [(one.id, one.start, one.end) for one in spans]
    shapes = [(one.start, one.end, one.label) for one in found.spans]
    assert len(set(shapes)) == len(shapes)
    untouched = [one for one in spans if one.label != "STANCE"]
    assert [one for one in found.spans if one.id in {each.id for each in untouched}] == untouched
