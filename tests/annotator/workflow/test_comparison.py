"""Several voices on one text: hand cases of every kind of difference."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pytest

from annotator.standoff import Relation, Span
from annotator.workflow.comparison import (
    NOT_IN_TEXT,
    Agreed,
    Comparison,
    RelationGroup,
    SpanGroup,
    Voice,
    attribute_key,
    compare,
)
from tests.annotator.workflow.voices import voice

CLAIM = Span("claim", 40, 80, "CLAIM", {"kind": "proposal", "wording": "indirect"})
STANCE = Span("stance", 20, 30, "STANCE", {"polarity": "oppose"})
ACTOR = Span("actor", 0, 12, "ACTOR", {"mention": "name"})
OTHER_ACTOR = Span("other", 14, 19, "ACTOR", {"mention": "pronoun"})
HELD = Relation("held", "held_by", "stance", "actor")
TOWARD = Relation("toward", "toward", "stance", "claim")


def told(comparison: Comparison) -> list[str]:
    """Differences in words: their kind, the members concerned, the attribute if any."""
    return [
        " ".join(filter(None, [difference.kind, *members(comparison, difference.group), difference.name]))
        for difference in comparison.differences()
    ]


def members(comparison: Comparison, key: str) -> list[str]:
    return sorted(item.id for item in comparison.groups[key].members.values())


def group_with(comparison: Comparison, item: str) -> SpanGroup | RelationGroup:
    return next(group for group in comparison.groups.values() if item in members(comparison, group.key))


WHOLE = (ACTOR, STANCE, CLAIM, HELD, TOWARD)


def changed(span: Span, **attributes: str) -> Span:
    return replace(span, attributes={**span.attributes, **attributes})


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(WHOLE, WHOLE, [], id="nothing differs"),
        pytest.param([CLAIM], [replace(CLAIM, start=48)], ["span a:claim b:claim"], id="boundary"),
        pytest.param(
            [CLAIM],
            [replace(CLAIM, label="STANCE", attributes={"polarity": "support"})],
            ["span a:claim b:claim"],
            id="label",
        ),
        pytest.param([CLAIM], [changed(CLAIM, kind="fact")], ["attribute a:claim b:claim kind"], id="attribute"),
        pytest.param(
            [CLAIM],
            [replace(CLAIM, attributes={"kind": "proposal"})],
            ["attribute a:claim b:claim wording"],
            id="attribute not answered",
        ),
        pytest.param(
            [replace(CLAIM, attributes={}, absent=("kind",))],
            [replace(CLAIM, attributes={})],
            ["attribute a:claim b:claim kind"],
            id="not in the text, or not answered",
        ),
        pytest.param(
            [CLAIM],
            [changed(replace(CLAIM, start=48), kind="fact")],
            ["span a:claim b:claim", "attribute a:claim b:claim kind"],
            id="boundary and attribute",
        ),
        pytest.param(
            [CLAIM],
            [changed(CLAIM, note="sure?", confidence="low")],
            [],
            id="note and confidence do not count",
        ),
        pytest.param([CLAIM, ACTOR], [ACTOR], ["span a:claim"], id="missing"),
        pytest.param(
            [CLAIM],
            [replace(CLAIM, end=58), replace(CLAIM, id="second", start=62)],
            ["span a:claim b:claim", "span b:second"],
            id="split",
        ),
        pytest.param(
            [CLAIM, replace(CLAIM, id="inner", start=50, end=60)],
            [CLAIM, replace(CLAIM, id="inner", start=50, end=58)],
            ["span a:inner b:inner"],
            id="nested",
        ),
        pytest.param(
            [CLAIM, replace(CLAIM, id="upon", label="STANCE", attributes={"polarity": "mixed"})],
            [replace(CLAIM, id="upon", label="STANCE", attributes={"polarity": "oppose"}), CLAIM],
            ["attribute a:upon b:upon polarity"],
            id="stacked",
        ),
        pytest.param(
            [CLAIM, replace(CLAIM, id="next", start=70, end=99)],
            [replace(CLAIM, end=78), replace(CLAIM, id="next", start=70, end=99)],
            ["span a:claim b:claim"],
            id="crossing",
        ),
        pytest.param(WHOLE, [*WHOLE[:3], HELD], ["relation a:toward"], id="relation missing"),
        pytest.param(
            [ACTOR, OTHER_ACTOR, STANCE, HELD],
            [ACTOR, OTHER_ACTOR, STANCE, replace(HELD, target="other")],
            ["relation a:held", "relation b:held"],
            id="relation to another end",
        ),
        pytest.param(
            [ACTOR, CLAIM, Relation("by", "made_by", "claim", "actor")],
            [ACTOR, CLAIM, Relation("by", "reported_by", "claim", "actor")],
            ["relation a:by", "relation b:by"],
            id="relation of another type",
        ),
        pytest.param(
            [ACTOR, CLAIM, Relation("by", "reported_by", "claim", "actor", {"order": 1})],
            [ACTOR, CLAIM, Relation("by", "reported_by", "claim", "actor", {"order": 2})],
            ["attribute a:by b:by order"],
            id="attribute of a relation",
        ),
        pytest.param(
            WHOLE,
            [ACTOR, CLAIM],
            ["span a:stance", "relation a:held", "relation a:toward"],
            id="a stance with its relations missing",
        ),
    ],
)
def test_differences_by_hand(a: Sequence[Span | Relation], b: Sequence[Span | Relation], expected: list[str]) -> None:
    assert told(compare([voice("a", *a), voice("b", *b)])) == expected


def test_a_boundary_difference_says_so_and_nothing_else() -> None:
    (group,) = compare([voice("a", CLAIM), voice("b", replace(CLAIM, end=70))]).span_groups
    assert (group.boundary_differs, group.label_differs, group.missing, group.identical) == (
        True,
        False,
        (),
        False,
    )


def test_a_missing_voice_is_named() -> None:
    (group,) = compare([voice("a", CLAIM), voice("b"), voice("c", CLAIM)]).span_groups
    assert (group.missing, group.boundary_differs, group.identical) == (("b",), False, False)


def test_an_attribute_difference_shows_what_each_voice_says() -> None:
    voices = [
        voice("a", CLAIM),
        voice("b", changed(CLAIM, kind="fact")),
        voice("c", replace(CLAIM, attributes={"wording": "indirect"}, absent=("kind",))),
        voice("d", replace(CLAIM, attributes={"wording": "indirect"})),
    ]
    (group,) = compare(voices).span_groups
    assert group.attributes == {"kind": {"a": "proposal", "b": "fact", "c": NOT_IN_TEXT, "d": None}}
    assert group.identical


def test_who_chose_a_label_without_the_attribute_is_not_asked_for_it() -> None:
    stance = replace(CLAIM, label="STANCE", attributes={"polarity": "oppose", "wording": "direct"})
    voices = [voice("a", CLAIM), voice("b", changed(CLAIM, kind="fact")), voice("c", stance)]
    (group,) = compare(voices).span_groups
    assert group.attributes == {
        "kind": {"a": "proposal", "b": "fact"},
        "wording": {"a": "indirect", "b": "indirect", "c": "direct"},
    }


def test_the_codebook_says_which_attributes_count() -> None:
    counts: Callable[[str], Collection[str]] = {"CLAIM": ["wording", "note"], "ACTOR": []}.__getitem__
    voices = [
        voice("a", CLAIM, ACTOR),
        voice("b", changed(CLAIM, kind="fact", note="?"), changed(ACTOR, mention="x")),
    ]
    assert told(compare(voices, compared=counts)) == ["attribute a:claim b:claim note"]


def test_the_codebook_says_which_attributes_of_relations_count() -> None:
    by = Relation("by", "reported_by", "claim", "actor", {"order": 1})
    voices = [voice("a", ACTOR, CLAIM, by), voice("b", ACTOR, CLAIM, replace(by, attributes={"order": 2}))]
    assert told(compare(voices, compared_in_relations=lambda _: ())) == []


def test_two_relations_on_the_same_ends_are_rivals_unless_all_agree_on_one() -> None:
    second = Span("second", 90, 99, "CLAIM")
    supports, updates = (Relation(type_, type_, "claim", "second") for type_ in ("supports", "updates"))
    back = Relation("back", "supports", "second", "claim")
    differ = compare([voice("a", CLAIM, second, supports), voice("b", CLAIM, second, updates, back)])
    rivals = {
        members(differ, group.key)[0]: {members(differ, key)[0] for key in group.rivals}
        for group in differ.relation_groups
    }
    assert rivals == {
        "a:supports": {"b:updates", "b:back"},
        "b:updates": {"a:supports", "b:back"},
        "b:back": {"a:supports", "b:updates"},
    }
    agree = compare([voice("a", CLAIM, second, supports, updates), voice("b", CLAIM, second, updates)])
    assert [group.rivals for group in agree.relation_groups] == [(), ()]


def test_a_symmetric_relation_is_the_same_from_both_ends() -> None:
    second = Span("second", 90, 99, "CLAIM")
    there = Relation("r", "contradicts", "claim", "second")
    back = Relation("r", "contradicts", "second", "claim")
    voices = [voice("a", CLAIM, second, there), voice("b", CLAIM, second, back)]
    assert told(compare(voices, symmetric=["contradicts"])) == []
    assert told(compare(voices)) == ["relation a:r", "relation b:r"]


def test_what_a_voice_draws_twice_is_compared_twice() -> None:
    twice = replace(HELD, id="again")
    comparison = compare([voice("a", ACTOR, STANCE, HELD, twice), voice("b", ACTOR, STANCE, HELD)])
    assert sorted(members(comparison, group.key) for group in comparison.relation_groups) == [
        ["a:again", "b:held"],
        ["a:held"],
    ]


def test_a_stance_is_bundled_with_its_relations_and_stands_before_what_follows_it() -> None:
    later = Span("later", 32, 38, "ACTOR")
    comparison = compare([voice("a", *WHOLE, later), voice("b", replace(ACTOR, end=9), CLAIM)])
    assert told(comparison) == [
        "span a:actor b:actor",
        "span a:stance",
        "relation a:held",
        "relation a:toward",
        "span a:later",
    ]
    bundles = [difference.bundle for difference in comparison.differences()]
    assert len(set(bundles[:4])) == 1
    assert bundles[4] != bundles[0]


def test_an_agreed_actor_does_not_tie_its_stances_together() -> None:
    second = Span("second", 85, 95, "STANCE")
    also = Relation("also", "held_by", "second", "actor")
    comparison = compare([voice("a", ACTOR, STANCE, second, HELD, also), voice("b", ACTOR)])
    assert told(comparison) == ["span a:stance", "relation a:held", "span a:second", "relation a:also"]
    first, held, last, drawn = (difference.bundle for difference in comparison.differences())
    assert first == held != last == drawn


def bundles_of(comparison: Comparison) -> list[list[str]]:
    """The members of the groups that differ, bundle by bundle."""
    found = dict[str, list[str]]()
    for difference in comparison.differences():
        found.setdefault(difference.bundle, []).extend(members(comparison, difference.group))
    return list(found.values())


def test_a_relation_all_agree_on_ties_nothing_together() -> None:
    moved: list[Span | Relation] = [ACTOR, replace(STANCE, end=28), replace(CLAIM, end=78), HELD, TOWARD]
    comparison = compare([voice("a", *WHOLE), voice("b", *moved)])
    assert bundles_of(comparison) == [["a:stance", "b:stance"], ["a:claim", "b:claim"]]


def test_a_relation_with_another_attribute_is_bundled_with_its_source() -> None:
    by = Relation("by", "reported_by", "claim", "actor", {"order": 1})
    moved: list[Span | Relation] = [ACTOR, replace(CLAIM, end=78), replace(by, attributes={"order": 2})]
    comparison = compare([voice("a", ACTOR, CLAIM, by), voice("b", *moved)])
    assert bundles_of(comparison) == [["a:claim", "b:claim", "a:by", "b:by"]]


def test_a_bundle_is_named_alike_for_all_its_differences_and_found_among_the_groups() -> None:
    comparison = compare([voice("a", *WHOLE), voice("b", ACTOR, CLAIM)])
    (bundle,) = {difference.bundle for difference in comparison.differences()}
    assert members(comparison, bundle) == ["a:stance"]


def test_agreed_items_are_counted() -> None:
    voices = [voice("a", *WHOLE), voice("b", ACTOR, changed(STANCE, polarity="mixed"), CLAIM, HELD)]
    assert compare(voices).agreed == Agreed(spans=3, attributes=3, relations=1)


def test_attributes_are_not_counted_as_agreed_where_a_voice_is_missing() -> None:
    assert compare([voice("a", CLAIM), voice("b")]).agreed == Agreed(0, 0, 0)


def test_one_voice_alone_agrees_with_itself() -> None:
    comparison = compare([voice("a", *WHOLE)])
    assert comparison.differences() == []
    assert comparison.agreed == Agreed(spans=3, attributes=4, relations=2)


def test_no_voice_gives_an_empty_comparison() -> None:
    assert compare([]) == Comparison((), (), ())


def test_groups_stand_in_reading_order_and_relations_by_their_source() -> None:
    comparison = compare([voice("a", CLAIM, HELD, TOWARD, STANCE, ACTOR), voice("b", *WHOLE)])
    assert [group.labels[0] for group in comparison.span_groups] == ["ACTOR", "STANCE", "CLAIM"]
    assert [group.type for group in comparison.relation_groups] == ["held_by", "toward"]


def test_an_attribute_difference_is_keyed_by_group_and_name() -> None:
    comparison = compare([voice("a", CLAIM), voice("b", changed(CLAIM, kind="fact"))])
    (difference,) = comparison.differences()
    (group,) = comparison.span_groups
    assert difference.key == attribute_key(group, "kind")
    assert difference.group == group.key


def test_a_key_outlives_other_attributes_and_another_voice_elsewhere() -> None:
    before = compare([voice("a", CLAIM), voice("b", CLAIM)])
    after = compare([voice("a", changed(CLAIM, kind="fact"), ACTOR), voice("b", replace(CLAIM, end=78))])
    assert group_with(before, "a:claim").key == group_with(after, "a:claim").key


@pytest.mark.parametrize(
    ("voices", "reason"),
    [
        ([voice("a", CLAIM), voice("a", ACTOR)], "Voice a occurs 2 times"),
        ([Voice("a", [CLAIM]), Voice("b", [CLAIM])], "Span id claim occurs 2 times"),
        (
            [Voice(key, [replace(ACTOR, id=key)], [Relation("r", "by", key, key)]) for key in "ab"],
            "Relation id r occurs 2 times",
        ),
        ([voice("a", STANCE, HELD)], "no span of voice a"),
        (
            [voice("a", STANCE), Voice("b", [ACTOR], [Relation("r", "held_by", "a:stance", "actor")])],
            "no span of voice b",
        ),
        ([voice("a", replace(CLAIM, end=101))], "ends at 101, the text at 100"),
    ],
)
def test_what_cannot_be_compared_is_refused(voices: list[Voice], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        compare(voices, text_length=100)
