"""What settles itself: by agreement, by majority, by a boundary rule, and what is left to a person."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from annotator.standoff import Relation, Span
from annotator.workflow.comparison import NOT_IN_TEXT, Comparison, attribute_key, compare
from annotator.workflow.settlement import Rules, Settled, settle
from tests.annotator.workflow.voices import BOUNDARIES, Boundary, extents, voice

CLAIM = Span("claim", 40, 80, "CLAIM", {"kind": "proposal"})
STANCE = Span("stance", 20, 30, "STANCE", {"polarity": "oppose"})
ACTOR = Span("actor", 0, 12, "ACTOR", {"mention": "name"})
HELD = Relation("held", "held_by", "stance", "actor")
AS_STANCE = replace(CLAIM, label="STANCE", attributes={"polarity": "mixed"})

NO_RULES = Rules()
TWO = Rules(majority=2)


def compared(*voices: Sequence[Span | Relation]) -> Comparison:
    """Voices a, b, c, d with these items; an item `claim` of voice a becomes `a:claim`."""
    return compare([voice(key, *items) for key, items in zip("abcd", voices, strict=False)])


def told(settled: Sequence[Settled]) -> list[str]:
    return [
        " ".join(
            map(
                str,
                [one.basis, one.subject, one.outcome, *(item for _, item in one.sources or one.set_aside)],
            )
        )
        for one in settled
    ]


def test_what_all_say_settles_itself_without_any_rule() -> None:
    settled = settle(compared([ACTOR, STANCE, HELD], [ACTOR, STANCE, HELD]), NO_RULES)
    assert told(settled) == [
        "agreed span stands a:actor b:actor",
        "agreed span stands a:stance b:stance",
        "agreed relation stands a:held b:held",
    ]
    assert settled[1].attributes == {"polarity": "oppose"}
    assert settled[1].sources == (("a", "a:stance"), ("b", "b:stance"))


@pytest.mark.parametrize("other", [[], [replace(CLAIM, end=70)], [AS_STANCE]], ids=["missing", "boundary", "label"])
def test_a_difference_is_left_to_a_person_without_a_rule(other: list[Span]) -> None:
    assert settle(compared([CLAIM], [CLAIM], other), NO_RULES) == []


def test_an_agreed_span_stands_without_the_attribute_that_differs() -> None:
    other = replace(CLAIM, attributes={"kind": "fact", "voice": "named"})
    (settled,) = settle(compared([replace(CLAIM, attributes={"kind": "x", "voice": "named"})], [other]), NO_RULES)
    assert settled.attributes == {"voice": "named"}


def test_what_all_do_not_find_in_the_text_is_absent_from_gold() -> None:
    a, b = (replace(CLAIM, absent=absent) for absent in (("concept", "voice"), ("concept",)))
    (settled,) = settle(compared([a], [b]), NO_RULES)
    assert settled.absent == {"concept"}


def test_a_single_reading_settles_only_where_the_project_accepts_it() -> None:
    alone = compared([ACTOR, STANCE, HELD])
    assert settle(alone, NO_RULES) == []
    assert {one.basis for one in settle(alone, Rules(single=True))} == {"single"}
    assert len(settle(alone, Rules(single=True))) == 3


@pytest.mark.parametrize("majority", [1, 0, -2])
def test_one_voice_is_no_majority(majority: int) -> None:
    with pytest.raises(ValueError, match="two voices"):
        Rules(majority=majority)


@pytest.mark.parametrize(
    ("voices", "majority", "expected"),
    [
        pytest.param([[CLAIM], [CLAIM], []], 2, ["majority span stands a:claim b:claim"], id="two of three have it"),
        pytest.param([[CLAIM], [], []], 2, ["majority span absent a:claim"], id="two of three do not"),
        pytest.param(
            [[CLAIM], [CLAIM], [replace(CLAIM, end=70)]],
            2,
            ["majority span stands a:claim b:claim"],
            id="two of three give the same extent",
        ),
        pytest.param([[CLAIM], [CLAIM], [AS_STANCE]], 2, ["majority span stands a:claim b:claim"], id="the same label"),
        pytest.param([[CLAIM], [CLAIM], []], 3, [], id="fewer than asked for"),
        pytest.param([[CLAIM], [CLAIM], [], []], 2, [], id="two of four are no majority"),
        pytest.param(
            [[CLAIM], [CLAIM], [CLAIM], []],
            2,
            ["majority span stands a:claim b:claim c:claim"],
            id="three of four",
        ),
        pytest.param([[CLAIM], [replace(CLAIM, end=70)], [replace(CLAIM, end=75)]], 2, [], id="three extents"),
        pytest.param([[CLAIM], [replace(CLAIM, end=70)], []], 2, [], id="two extents and none"),
        pytest.param([[CLAIM], [AS_STANCE], []], 2, [], id="two labels and none"),
        pytest.param([[CLAIM], []], 2, [], id="one against one"),
    ],
)
def test_a_majority_outvotes_the_rest(voices: list[list[Span]], majority: int, expected: list[str]) -> None:
    assert told(settle(compared(*voices), Rules(majority=majority))) == expected


def test_a_majority_sets_the_other_judgements_aside() -> None:
    (settled,) = settle(compared([CLAIM], [CLAIM], [replace(CLAIM, end=70)]), TWO)
    assert (settled.label, settled.start, settled.end) == ("CLAIM", 40, 80)
    assert settled.set_aside == (("c", "c:claim"),)
    (absent,) = settle(compared([CLAIM], [], []), TWO)
    assert (absent.sources, absent.set_aside) == ((), (("a", "a:claim"),))
    assert (absent.label, absent.start, absent.end) == (None, None, None)


def test_a_majority_for_a_label_takes_the_attributes_of_that_label() -> None:
    (settled,) = settle(compared([CLAIM], [CLAIM], [AS_STANCE]), TWO)
    assert settled.attributes == {"kind": "proposal"}


WIDE, MIDDLE, NARROW = replace(CLAIM, start=38, end=82), CLAIM, replace(CLAIM, start=44, end=70)


@pytest.mark.parametrize(
    ("boundary", "voices", "expected"),
    [
        ("longest", [[WIDE], [NARROW]], (38, 82)),
        ("shortest", [[WIDE], [NARROW]], (44, 70)),
        ("intersection", [[WIDE], [NARROW]], (44, 70)),
        ("longest", [[NARROW], [WIDE], [MIDDLE]], (38, 82)),
        ("shortest", [[MIDDLE], [NARROW], [WIDE]], (44, 70)),
        ("intersection", [[replace(CLAIM, start=50)], [replace(CLAIM, end=72)]], (50, 72)),
        ("longest", [[replace(CLAIM, start=42, end=82)], [CLAIM]], (40, 80)),
        ("shortest", [[replace(CLAIM, start=42, end=82)], [CLAIM]], (40, 80)),
    ],
)
def test_a_boundary_rule_settles_the_edges(
    boundary: Boundary, voices: list[list[Span]], expected: tuple[int, int]
) -> None:
    settled = settle(compared(*voices), Rules(boundary=boundary))
    assert extents(settled) == [("CLAIM", *expected)]
    assert settled[0].basis == "boundary rule"
    assert len(settled[0].sources) == len(voices)


@pytest.mark.parametrize(
    "voices",
    [
        pytest.param([[WIDE], [NARROW], []], id="missing"),
        pytest.param([[WIDE], [replace(AS_STANCE, end=82)]], id="label"),
    ],
)
def test_a_boundary_rule_says_nothing_about_presence_and_label(voices: list[list[Span]]) -> None:
    assert settle(compared(*voices), Rules(boundary="longest")) == []


def test_a_boundary_rule_leaves_alone_what_has_nothing_in_common() -> None:
    chain = [[replace(CLAIM, start=start, end=start + 10)] for start in (40, 45, 50)]
    (group,) = compared(*chain).span_groups
    assert (group.start, group.end) == (40, 60)
    for boundary in BOUNDARIES:
        assert settle(compared(*chain), Rules(boundary=boundary)) == []


def test_a_majority_goes_before_the_boundary_rule() -> None:
    (settled,) = settle(compared([CLAIM], [CLAIM], [WIDE]), Rules(majority=2, boundary="longest"))
    assert (settled.start, settled.end, settled.basis) == (40, 80, "majority")


def test_presence_by_majority_and_edges_by_rule_work_together() -> None:
    (settled,) = settle(compared([WIDE], [NARROW], []), Rules(majority=2, boundary="shortest"))
    assert (settled.start, settled.end, settled.basis) == (44, 70, "majority and boundary rule")
    wider_stance = replace(AS_STANCE, start=36, end=84)
    comparison = compared([WIDE], [NARROW], [wider_stance])
    (settled,) = settle(comparison, Rules(majority=2, boundary="longest"))
    assert (settled.label, settled.start, settled.end) == ("CLAIM", 38, 82)
    assert settled.set_aside == (("c", "c:claim"),)


def test_a_boundary_rule_never_puts_the_same_span_twice() -> None:
    inner = replace(CLAIM, id="inner", start=44, end=70)
    outer_of_b = replace(CLAIM, id="outer", start=38, end=82)
    comparison = compared([inner, replace(CLAIM, id="outer")], [inner, outer_of_b])
    assert len(settle(comparison, Rules(boundary="longest"))) == 2
    twin = Span("gold", 38, 82, "CLAIM")
    (agreed,) = settle(comparison, Rules(boundary="longest"), standing={"another group": twin})
    assert agreed.basis == "agreed"


def kinds(*values: str | None) -> Comparison:
    return compared(*([replace(CLAIM, attributes={"kind": value} if value else {})] for value in values))


def attributes(settled: Sequence[Settled]) -> list[tuple[str | None, object, str, str]]:
    return [(one.name, one.value, one.outcome, one.basis) for one in settled if one.subject == "attribute"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("fact", "fact", "figure"), [("kind", "fact", "stands", "majority")]),
        (("fact", "figure", "forecast"), []),
        (("fact", "figure"), []),
        (("fact", "fact", "figure", "figure"), []),
        ((None, None, "fact"), [("kind", None, "absent", "majority")]),
    ],
)
def test_attributes_settle_by_majority(values: tuple[str | None, ...], expected: list[object]) -> None:
    assert attributes(settle(kinds(*values), Rules(attributes="majority"))) == expected
    assert attributes(settle(kinds(*values), NO_RULES)) == []


def test_not_in_the_text_can_win() -> None:
    nowhere = replace(CLAIM, attributes={}, absent=("kind",))
    span, settled = settle(compared([nowhere], [CLAIM], [nowhere]), Rules(attributes="majority"))
    assert (settled.value, settled.outcome) == (NOT_IN_TEXT, "stands")
    assert settled.sources == (("a", "a:claim"), ("c", "c:claim"))
    assert settled.set_aside == (("b", "b:claim"),)
    assert span.absent == frozenset()


def test_an_attribute_waits_for_its_span() -> None:
    comparison = compared([CLAIM], [CLAIM], [replace(CLAIM, end=70, attributes={"kind": "fact"})])
    assert settle(comparison, Rules(attributes="majority")) == []
    (group,) = comparison.span_groups
    gold = replace(CLAIM, id="gold", end=75)
    settled = settle(comparison, Rules(attributes="majority"), standing={group.key: gold})
    assert [one.key for one in settled] == [attribute_key(group, "kind")]
    assert attributes(settled) == [("kind", "proposal", "stands", "majority")]


def test_an_answer_settled_with_the_label_is_given_once() -> None:
    nowhere = replace(CLAIM, absent=("wording",))
    span, wording = settle(compared([nowhere], [nowhere], [replace(AS_STANCE, attributes={"wording": "direct"})]), TWO)
    assert span.absent == frozenset()
    assert (wording.value, wording.basis) == (NOT_IN_TEXT, "label settled")


def test_once_the_label_is_settled_only_those_who_chose_it_are_asked() -> None:
    a, b = (replace(CLAIM, attributes={"kind": kind, "wording": "direct"}) for kind in ("fact", "figure"))
    c = replace(AS_STANCE, attributes={"wording": "indirect"})
    comparison = compared([a], [b], [c])
    settled = settle(comparison, TWO)
    assert attributes(settled) == [("wording", "direct", "stands", "label settled")]
    assert settled[1].set_aside == (("c", "c:claim"),)
    assert settled[0].attributes == {}
    (group,) = comparison.span_groups
    as_stance = settle(comparison, NO_RULES, standing={group.key: replace(c, id="gold")})
    assert attributes(as_stance) == [
        ("kind", None, "absent", "label settled"),
        ("wording", "indirect", "stands", "label settled"),
    ]
    by_hand = settle(comparison, Rules(attributes="majority"), standing={group.key: replace(ACTOR, id="gold")})
    assert by_hand == []


GRAPH = (ACTOR, STANCE, HELD)


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        pytest.param([GRAPH, GRAPH, GRAPH[:2]], ["majority relation stands a:held b:held"], id="two have it"),
        pytest.param([GRAPH, GRAPH[:2], GRAPH[:2]], ["majority relation absent a:held"], id="two do not"),
        pytest.param([GRAPH, GRAPH, [ACTOR]], ["majority relation stands a:held b:held"], id="one lacks the stance"),
        pytest.param([GRAPH, GRAPH[:2], [ACTOR]], [], id="of two who have the stance, one relates it"),
        pytest.param([GRAPH, [ACTOR], [ACTOR]], [], id="the stance is absent"),
    ],
)
def test_relations_settle_by_majority_of_those_who_have_both_ends(
    voices: list[list[Span | Relation]], expected: list[str]
) -> None:
    assert [one for one in told(settle(compared(*voices), TWO)) if "relation" in one] == expected


def test_a_relation_all_agree_on_waits_until_both_ends_stand() -> None:
    moved: list[Span | Relation] = [ACTOR, replace(STANCE, end=28), HELD]
    comparison = compared(GRAPH, moved)
    assert told(settle(comparison, NO_RULES)) == ["agreed span stands a:actor b:actor"]
    actor, stance = comparison.span_groups
    gold = {stance.key: replace(STANCE, id="gold")}
    assert told(settle(comparison, NO_RULES, standing=gold, decided=[actor.key])) == []
    gold[actor.key] = replace(ACTOR, id="gold too")
    assert told(settle(comparison, NO_RULES, standing=gold)) == ["agreed relation stands a:held b:held"]


def test_an_attribute_of_a_relation_settles_with_it() -> None:
    ordered: list[list[Span | Relation]] = [
        [ACTOR, STANCE, replace(HELD, attributes={"order": order, "x": "y"})] for order in (1, 2, 2)
    ]
    *_, relation, order = settle(compared(*ordered), Rules(attributes="majority"))
    assert relation.attributes == {"x": "y"}
    assert (order.subject, order.group, order.name, order.value) == ("attribute", relation.key, "order", 2)


def test_an_absent_relation_has_no_attributes_to_settle() -> None:
    ordered: list[list[Span | Relation]] = [
        [ACTOR, STANCE, replace(HELD, attributes={"order": order})] for order in (1, 2, 2)
    ]
    voices = [voice(key, *items) for key, items in zip("abcdefg", [*ordered, *[GRAPH[:2]] * 4], strict=True)]
    settled = settle(compare(voices), Rules(majority=2, attributes="majority"))
    assert [(one.subject, one.outcome) for one in settled[2:]] == [("relation", "absent")]


def test_a_relation_decided_by_hand_keeps_its_attributes_from_the_rules() -> None:
    ordered: list[list[Span | Relation]] = [
        [ACTOR, STANCE, replace(HELD, attributes={"order": order})] for order in (1, 2, 2)
    ]
    comparison = compared(*ordered)
    (relation,) = comparison.relation_groups
    settled = settle(comparison, Rules(attributes="majority"), decided=[relation.key])
    assert [one.subject for one in settled] == ["span", "span"]


def test_what_is_decided_is_not_settled_again() -> None:
    comparison = compared(GRAPH, GRAPH)
    keys = {one.key: one for one in settle(comparison, NO_RULES)}
    for key, settled in keys.items():
        left = {one.key for one in settle(comparison, NO_RULES, decided=[key])}
        assert key not in left
        assert left < keys.keys()
        assert settled.subject == "relation" or not any(keys[one].subject == "relation" for one in left)


def test_an_attribute_that_is_decided_is_not_settled_again() -> None:
    comparison = kinds("fact", "fact", "figure")
    (group,) = comparison.span_groups
    rules = Rules(attributes="majority")
    assert attributes(settle(comparison, rules, decided=[attribute_key(group, "kind")])) == []


def test_nothing_settles_where_nobody_read() -> None:
    assert settle(compare([]), Rules(majority=2, boundary="longest", attributes="majority", single=True)) == []
