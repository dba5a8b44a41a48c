"""Which spans mean the same: thresholds, preferences, and the best assignment against trying everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.standoff import Span, intersection_over_union, overlap
from annotator.workflow.alignment import Likeness, align, heaviest, match

LABELS = ["CLAIM", "ACTOR"]


@st.composite
def span_lists(draw: st.DrawFn, *, prefix: str = "", most: int = 6) -> list[Span]:
    """Short spans crowded on a short text; no two alike in extent, label and attributes."""
    extents = st.tuples(
        st.integers(0, 12), st.integers(1, 9), st.sampled_from(LABELS), st.sampled_from(["fact", "figure"])
    )
    drawn = draw(st.lists(extents, max_size=most, unique=True))
    ids = draw(st.permutations([f"{prefix}{number}" for number in range(len(drawn))]))
    return [
        Span(key, start, start + size, label, {"kind": kind})
        for key, (start, size, label, kind) in zip(ids, drawn, strict=True)
    ]


def voices_of(*extents: Sequence[tuple[int, int, str]]) -> dict[str, list[Span]]:
    return {
        voice: [Span(f"{voice}{number}", *extent) for number, extent in enumerate(spans, start=1)]
        for voice, spans in zip("abcd", extents, strict=False)
    }


def grouped(*extents: Sequence[tuple[int, int, str]]) -> set[str]:
    groups = align(voices_of(*extents))
    return {" ".join(sorted(span.id for span in group.values())) for group in groups}


C, A = "CLAIM", "ACTOR"


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        pytest.param([[(0, 9, C)], [(0, 9, C)]], {"a1 b1"}, id="identical"),
        pytest.param([[(0, 9, C)], [(3, 9, C)]], {"a1 b1"}, id="another edge"),
        pytest.param([[(0, 90, C)], [(40, 44, C)]], {"a1 b1"}, id="short inside long"),
        pytest.param([[(0, 8, C)], [(4, 12, C)]], {"a1 b1"}, id="half of the shorter is shared"),
        pytest.param([[(0, 8, C)], [(5, 12, C)]], {"a1", "b1"}, id="less than half of the shorter"),
        pytest.param([[(0, 8, C)], [(8, 12, C)]], {"a1", "b1"}, id="side by side"),
        pytest.param([[(0, 9, C)], [(0, 9, A)]], {"a1 b1"}, id="another label"),
        pytest.param([[(0, 8, C)], [(0, 4, A)]], {"a1 b1"}, id="another label, half the union"),
        pytest.param([[(0, 9, C)], [(0, 4, A)]], {"a1", "b1"}, id="another label, less than half"),
        pytest.param([[(0, 9, C)], [(0, 9, A), (0, 5, C)]], {"a1 b2", "b1"}, id="the same label goes first"),
        pytest.param([[(0, 9, C), (0, 9, A)], [(0, 9, A), (0, 9, C)]], {"a1 b2", "a2 b1"}, id="stacked"),
        pytest.param([[(0, 20, C), (5, 9, C)], [(0, 19, C), (5, 8, C)]], {"a1 b1", "a2 b2"}, id="nested"),
        pytest.param([[(0, 20, C), (5, 9, C)], [(5, 8, C)]], {"a1", "a2 b1"}, id="nested, outer missing"),
        pytest.param([[(0, 10, C), (6, 16, C)], [(1, 10, C), (6, 15, C)]], {"a1 b1", "a2 b2"}, id="crossing"),
        pytest.param([[(0, 20, C)], [(0, 12, C), (13, 20, C)]], {"a1 b1", "b2"}, id="split"),
        pytest.param([[(0, 20, C)], [(0, 10, C), (10, 20, C)]], {"a1 b1", "b2"}, id="split even: first"),
        pytest.param([[(0, 10, C), (10, 20, C)], [(0, 20, C)]], {"a1 b1", "a2"}, id="joined even: first"),
        pytest.param([[(0, 9, C)], [(1, 9, C)], [(0, 9, A)]], {"a1 b1 c1"}, id="two of three have the label"),
        pytest.param(
            [[(0, 20, C)], [(0, 10, C), (10, 20, C)], [(0, 10, C), (10, 20, C)]],
            {"a1 b1 c1", "b2 c2"},
            id="split by two of three",
        ),
        pytest.param(
            [[(8, 18, C), (13, 23, C)], [(10, 20, C)], [(11, 21, C)]],
            {"a1 b1 c1", "a2"},
            id="the heaviest pair draws the group together",
        ),
        pytest.param(
            [[(0, 10, A)], [(0, 10, C)], [(0, 8, C), (0, 9, A)]],
            {"a1 c2", "b1 c1"},
            id="the same label before the same extent",
        ),
        pytest.param([[(0, 9, C)], [], [(0, 8, C)]], {"a1 c1"}, id="a silent voice between"),
        pytest.param([[], []], set(), id="nobody marked anything"),
        pytest.param([], set(), id="nobody at all"),
    ],
)
def test_spans_that_mean_the_same_are_grouped(voices: list[list[tuple[int, int, str]]], expected: set[str]) -> None:
    assert grouped(*voices) == expected


def test_the_whole_weighs_more_than_the_best_single_pair() -> None:
    # Taking the best pair first, a1 with b2, would leave a2 and b1 alone, which hardly touch.
    voices = voices_of([(0, 10, C), (4, 20, C)], [(0, 6, C), (1, 14, C)])
    paired = {(pair.a.id, pair.b.id) for pair in match(voices["a"], voices["b"])}
    best_first = max(
        ((a, b) for a in voices["a"] for b in voices["b"]), key=lambda pair: intersection_over_union(*pair)
    )
    assert (best_first[0].id, best_first[1].id) == ("a1", "b2")
    assert paired == {("a1", "b1"), ("a2", "b2")}


def test_what_is_identical_is_never_torn_apart() -> None:
    # Crosswise the weights would be .6 and .59; a2 and b2 may not pair, for they share too little.
    assert grouped([(0, 100, C), (0, 60, C)], [(0, 100, C), (41, 100, C)]) == {"a1 b1", "a2", "b2"}


def test_spans_alike_but_for_their_attributes_pair_by_attributes_not_by_id() -> None:
    fact, figure = {"kind": "fact"}, {"kind": "figure"}
    a = [Span("a1", 0, 9, C, fact), Span("a2", 0, 9, C, figure)]
    b = [Span("b1", 0, 9, C, figure), Span("b2", 0, 9, C, fact)]
    assert {(pair.a.id, pair.b.id) for pair in match(a, b)} == {("a1", "b2"), ("a2", "b1")}


STEPS: dict[Likeness, Callable[[Span, Span], bool]] = {
    Likeness.IDENTICAL: lambda a, b: (a.start, a.end, a.label) == (b.start, b.end, b.label),
    Likeness.SAME_LABEL: lambda a, b: a.label == b.label and 2 * overlap(a, b) >= min(a.end - a.start, b.end - b.start),
    Likeness.OTHER_LABEL: lambda a, b: a.label != b.label and intersection_over_union(a, b) >= 0.5,
}


def greatest_total(a: list[Span], b: list[Span], allowed: Callable[[Span, Span], bool]) -> float:
    """Tries every one-to-one choice."""
    if not a:
        return 0.0
    first, *others = a
    totals = [greatest_total(others, b, allowed)]
    for partner in b:
        if allowed(first, partner):
            rest = [span for span in b if span is not partner]
            totals.append(intersection_over_union(first, partner) + greatest_total(others, rest, allowed))
    return max(totals)


@given(span_lists(prefix="a"), span_lists(prefix="b"))
def test_each_step_finds_the_greatest_total_weight(a: list[Span], b: list[Span]) -> None:
    pairs = match(a, b)
    for likeness, allowed in STEPS.items():
        found = [pair for pair in pairs if pair.likeness is likeness]
        assert all(allowed(pair.a, pair.b) for pair in found)
        assert sum(pair.weight for pair in found) == pytest.approx(greatest_total(a, b, allowed))
        a = [span for span in a if span not in [pair.a for pair in found]]
        b = [span for span in b if span not in [pair.b for pair in found]]


@given(span_lists(prefix="a"), span_lists(prefix="b"))
def test_a_match_is_one_to_one(a: list[Span], b: list[Span]) -> None:
    pairs = match(a, b)
    assert len({pair.a.id for pair in pairs}) == len({pair.b.id for pair in pairs}) == len(pairs)


def test_the_heaviest_choice_weighs_as_much_as_the_best_of_all() -> None:
    chance = Random(4)
    for _ in range(500):
        columns = chance.randint(1, 6)
        weights = [
            {column: chance.randint(1, 20) for column in range(columns) if chance.random() < 0.8}
            for _ in range(chance.randint(0, 6))
        ]
        chosen = heaviest(weights)
        assert len(set(chosen.values())) == len(chosen)
        assert sum(weights[row][column] for row, column in chosen.items()) == best_of_all(weights)


def best_of_all(weights: Sequence[Mapping[int, int]], taken: frozenset[int] = frozenset()) -> int:
    if not weights:
        return 0
    first, *others = weights
    totals = [weight + best_of_all(others, taken | {c}) for c, weight in first.items() if c not in taken]
    return max([*totals, best_of_all(others, taken)])


@given(st.lists(span_lists(most=4), max_size=4))
def test_every_span_is_in_one_group_and_no_voice_is_in_a_group_twice(drawn: list[list[Span]]) -> None:
    voices = named(drawn)
    groups = align(voices)
    ids = [span.id for group in groups for span in group.values()]
    assert sorted(ids) == sorted(span.id for spans in voices.values() for span in spans)
    assert all(span in voices[voice] for group in groups for voice, span in group.items())


def named(drawn: list[list[Span]]) -> dict[str, list[Span]]:
    """The drawn lists as voices, with ids that no two of them share."""
    return {
        f"v{voice}": [replace(span, id=f"{voice}-{span.id}") for span in spans] for voice, spans in enumerate(drawn)
    }


@given(st.lists(span_lists(most=4), max_size=4))
def test_other_ids_on_the_same_content_give_the_same_groups(drawn: list[list[Span]]) -> None:
    voices = named(drawn)
    renamed = {
        voice: [replace(span, id=f"{voice}-{number}") for number, span in enumerate(reversed(spans))]
        for voice, spans in voices.items()
    }
    assert contents(align(voices)) == contents(align(renamed))


def contents(groups: list[dict[str, Span]]) -> list[list[tuple[str, int, int, str, str]]]:
    return sorted(
        sorted((voice, span.start, span.end, span.label, str(span.attributes)) for voice, span in group.items())
        for group in groups
    )


@given(st.lists(span_lists(most=4), min_size=2, max_size=4))
def test_two_members_of_a_group_are_linked_by_pairs_that_match(drawn: list[list[Span]]) -> None:
    voices = named(drawn)
    pairs = {
        frozenset((pair.a.id, pair.b.id))
        for one, other in combinations(voices, 2)
        for pair in match(voices[one], voices[other])
    }
    for group in align(voices):
        ids = {span.id for span in group.values()}
        inside = [pair for pair in pairs if pair <= ids]
        reached, waiting = set[str](), [min(ids)]
        while waiting:
            here = waiting.pop()
            reached.add(here)
            waiting += [i for pair in inside if here in pair for i in pair - reached]
        assert reached == ids
