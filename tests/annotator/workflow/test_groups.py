"""What the members of a group agree on, how groups are named, and quotes laid over each other."""

import pytest

from annotator.standoff import Relation, Span, Value
from annotator.workflow.groups import (
    NOT_IN_TEXT,
    RelationGroup,
    SpanGroup,
    agreed_absent,
    agreed_attributes,
    attribute_key,
    group_key,
    reply,
    word_difference,
)


def group_of(**members: Span) -> SpanGroup:
    return SpanGroup("key", members, (), {}, frozenset())


def test_a_reply_is_a_value_an_answer_or_nothing() -> None:
    span = Span("s1", 0, 4, "CLAIM", {"kind": "fact"}, ("concept",))
    assert [reply(span, name) for name in ("kind", "concept", "voice")] == ["fact", NOT_IN_TEXT, None]


def test_only_what_all_members_give_alike_is_agreed() -> None:
    a = Span("a1", 0, 4, "CLAIM", {"kind": "fact", "voice": "named", "wording": "direct"})
    b = Span("b1", 0, 4, "CLAIM", {"kind": "fact", "voice": "author"})
    assert agreed_attributes(group_of(a=a, b=b)) == {"kind": "fact"}


def test_agreed_values_may_be_false_or_nought() -> None:
    attributes: dict[str, Value] = {"conditional": False, "order": 0, "note": ""}
    a, b = (Span(key, 0, 4, "STANCE", attributes) for key in ("a1", "b1"))
    assert agreed_attributes(group_of(a=a, b=b)) == attributes


def test_what_all_members_do_not_find_in_the_text_is_agreed_absent() -> None:
    a = Span("a1", 0, 4, "CLAIM", {}, ("concept", "made_by"))
    b = Span("b1", 0, 4, "CLAIM", {}, ("concept",))
    group = group_of(a=a, b=b)
    assert agreed_absent(group) == {"concept"}
    assert agreed_attributes(group) == {}


def test_once_the_label_is_settled_only_its_members_are_asked() -> None:
    a = Span("a1", 0, 4, "CLAIM", {"kind": "fact"}, ("concept",))
    b = Span("b1", 0, 4, "STANCE", {"polarity": "oppose"})
    group = group_of(a=a, b=b)
    assert agreed_attributes(group) == {}
    assert agreed_attributes(group, "CLAIM") == {"kind": "fact"}
    assert agreed_absent(group, "CLAIM") == {"concept"}
    assert agreed_absent(group, "ACTOR") == frozenset()


def test_a_value_is_not_agreed_where_one_member_does_not_find_it_in_the_text() -> None:
    a, b = Span("a1", 0, 4, "CLAIM", {"kind": "fact"}), Span("b1", 0, 4, "CLAIM", {"kind": "fact"}, ("kind",))
    assert agreed_attributes(group_of(a=a, b=b)) == {}


def test_attributes_of_relations_are_agreed_too() -> None:
    members = {key: Relation(key, "reported_by", f"{key}1", f"{key}2", {"order": 1}) for key in "ab"}
    group = RelationGroup("key", "reported_by", "s", "t", members, (), {}, frozenset({"order"}))
    assert agreed_attributes(group) == {"order": 1}
    assert agreed_absent(group) == frozenset()


def test_a_key_depends_on_who_is_meant_and_not_on_the_order() -> None:
    assert group_key("span", ["b", "a"]) == group_key("span", ["a", "b"])
    assert len({group_key("span", ["a"]), group_key("span", ["a", "b"]), group_key("relation", ["a"])}) == 3


def test_a_key_is_the_same_on_every_machine() -> None:
    assert group_key("span", ["a", "b"]) == "6ff4e1c9da64a524765d68132a00fc80"
    assert attribute_key(group_of(a=Span("a", 0, 4, "CLAIM")), "kind") == "9c246bd420c19572da8c4120d98ffd58"


def test_each_attribute_of_a_group_has_a_key_of_its_own() -> None:
    group = group_of(a=Span("a", 0, 4, "CLAIM"))
    assert len({attribute_key(group, name) for name in ("kind", "voice")} | {group.key}) == 3


def test_a_group_reaches_from_its_first_start_to_its_last_end() -> None:
    group = group_of(a=Span("a1", 3, 9, "CLAIM"), b=Span("b1", 5, 12, "ACTOR"))
    assert (group.start, group.end, group.labels) == (3, 12, ("ACTOR", "CLAIM"))


TEXT = "any change to the 2006 resolution 🙂"


@pytest.mark.parametrize(
    ("a", "b", "pieces"),
    [
        ((0, 33), (14, 33), [("only_a", "any change to "), ("same", "the 2006 resolution")]),
        ((14, 33), (0, 33), [("only_b", "any change to "), ("same", "the 2006 resolution")]),
        ((4, 10), (4, 10), [("same", "change")]),
        ((0, 10), (4, 17), [("only_a", "any "), ("same", "change"), ("only_b", " to the")]),
        ((4, 10), (0, 13), [("only_b", "any "), ("same", "change"), ("only_b", " to")]),
        ((0, 3), (4, 10), [("only_a", "any"), ("only_b", "change")]),
        ((4, 10), (0, 4), [("only_b", "any "), ("only_a", "change")]),
        ((14, 33), (0, 10), [("only_b", "any change"), ("only_a", "the 2006 resolution")]),
        ((23, 35), (23, 33), [("same", "resolution"), ("only_a", " 🙂")]),
    ],
)
def test_two_quotes_are_laid_over_each_other(
    a: tuple[int, int], b: tuple[int, int], pieces: list[tuple[str, str]]
) -> None:
    quotes = TEXT[slice(*a)], TEXT[slice(*b)]
    assert word_difference(*quotes, a_start=a[0], b_start=b[0]) == pieces


def test_quotes_that_cannot_be_of_one_text_are_refused() -> None:
    with pytest.raises(ValueError, match="one quote has"):
        word_difference("the text", "another", a_start=0, b_start=4)
