"""Order, overlap, segments and lanes of spans."""

import pickle
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.standoff import (
    AnnotatedText,
    Relation,
    Segment,
    Span,
    intersection_over_union,
    lanes,
    overlap,
    reading_order,
    segments,
)

TEXT = "The minister 🙂 rejected any change."


@st.composite
def span_lists(draw: st.DrawFn) -> list[Span]:
    extents = st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from(["CLAIM", "ACTOR"]))
    drawn = draw(st.lists(extents, max_size=14))
    ids = draw(st.permutations([f"s{number:02}" for number in range(len(drawn))]))
    return [Span(key, start, start + size, label) for key, (start, size, label) in zip(ids, drawn, strict=True)]


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="covers nothing"):
        Span("s1", 4, 4, "CLAIM")


def test_a_span_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="covers nothing"):
        Span("s1", 5, 4, "CLAIM")


def test_a_span_before_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="before the text"):
        Span("s1", -1, 4, "CLAIM")


def test_absent_names_are_the_same_however_they_are_given() -> None:
    assert Span("s1", 0, 4, "CLAIM", absent=("b", "a")) == Span("s1", 0, 4, "CLAIM", absent=frozenset("ab"))


def test_a_span_can_be_hashed_copied_and_sent_to_another_process() -> None:
    span = Span("s1", 0, 4, "CLAIM", {"kind": "fact"}, ("voice",))
    assert pickle.loads(pickle.dumps(span)) == span
    assert len({span, span}) == 1


def test_a_quote_counts_code_points() -> None:
    assert AnnotatedText(TEXT).quote(Span("s1", 13, 23, "STANCE")) == "🙂 rejected"


def test_the_quote_of_a_span_past_the_end_of_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="the text at"):
        AnnotatedText(TEXT).quote(Span("s1", 30, len(TEXT) + 1, "STANCE"))


def test_a_sound_text_passes_its_check() -> None:
    spans = (Span("s1", 0, 12, "ACTOR"), Span("s2", 15, len(TEXT), "STANCE"))
    AnnotatedText(TEXT, spans, (Relation("s1", "held_by", "s2", "s1"),)).check()


def test_a_span_past_the_end_of_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="Span s1 ends at"):
        AnnotatedText(TEXT, (Span("s1", 0, len(TEXT) + 1, "ACTOR"),)).check()


def test_a_span_id_that_occurs_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="Span id s1 occurs twice"):
        AnnotatedText(TEXT, (Span("s1", 0, 3, "ACTOR"), Span("s1", 4, 9, "ACTOR"))).check()


def test_a_relation_id_that_occurs_twice_is_refused() -> None:
    spans = (Span("s1", 0, 3, "ACTOR"), Span("s2", 4, 9, "CLAIM"))
    twice = (Relation("r1", "made_by", "s2", "s1"), Relation("r1", "reported_by", "s2", "s1"))
    with pytest.raises(ValueError, match="Relation id r1 occurs twice"):
        AnnotatedText(TEXT, spans, twice).check()


@pytest.mark.parametrize(("source", "target"), [("s1", "gone"), ("gone", "s1")])
def test_a_relation_that_points_nowhere_is_refused(source: str, target: str) -> None:
    with pytest.raises(ValueError, match="points to gone"):
        AnnotatedText(TEXT, (Span("s1", 0, 3, "ACTOR"),), (Relation("r1", "made_by", source, target),)).check()


@pytest.mark.parametrize(
    ("a", "b", "shared", "ratio"),
    [
        ((0, 10), (0, 10), 10, 1.0),
        ((0, 10), (10, 20), 0, 0.0),
        ((0, 10), (12, 20), 0, 0.0),
        ((0, 10), (5, 10), 5, 0.5),
        ((0, 10), (5, 15), 5, 1 / 3),
    ],
)
def test_overlap_and_its_ratio_are_the_same_from_both_sides(
    a: tuple[int, int], b: tuple[int, int], shared: int, ratio: float
) -> None:
    one, other = Span("a", *a, "CLAIM"), Span("b", *b, "CLAIM")
    assert overlap(one, other) == overlap(other, one) == shared
    assert intersection_over_union(one, other) == intersection_over_union(other, one) == ratio


def test_reading_order_puts_the_longest_first_where_several_start() -> None:
    spans = [Span("d", 3, 5, "A"), Span("c", 0, 4, "B"), Span("b", 0, 4, "A"), Span("a", 0, 9, "Z")]
    assert [span.id for span in sorted(spans, key=reading_order)] == ["a", "b", "c", "d"]


def test_segments_name_the_covering_spans_outermost_first() -> None:
    spans = [Span("inner", 4, 6, "ACTOR"), Span("outer", 2, 8, "CLAIM"), Span("crossing", 5, 12, "STANCE")]
    assert segments(0, 10, spans) == [
        Segment(0, 2, ()),
        Segment(2, 4, ("outer",)),
        Segment(4, 5, ("outer", "inner")),
        Segment(5, 6, ("outer", "inner", "crossing")),
        Segment(6, 8, ("outer", "crossing")),
        Segment(8, 10, ("crossing",)),
    ]


def test_a_stretch_without_spans_is_one_segment() -> None:
    assert segments(3, 9, [Span("before", 0, 3, "CLAIM"), Span("after", 9, 12, "CLAIM")]) == [Segment(3, 9, ())]


def test_an_empty_stretch_has_no_segments() -> None:
    assert segments(3, 3, [Span("over", 0, 9, "CLAIM")]) == []


def test_a_stretch_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        segments(4, 3, [])


@given(span_lists(), st.integers(0, 40), st.integers(0, 20))
def test_segments_are_gap_free_and_name_exactly_what_covers_them(spans: list[Span], start: int, size: int) -> None:
    cut = segments(start, start + size, spans)
    points = [point for segment in cut for point in range(segment.start, segment.end)]
    assert points == list(range(start, start + size))
    in_order = sorted(spans, key=reading_order)
    for segment in cut:
        over = [span.id for span in in_order if span.start <= segment.start and segment.end <= span.end]
        touching = [span.id for span in in_order if span.start < segment.end and segment.start < span.end]
        assert list(segment.spans) == over == touching


@given(span_lists())
def test_no_two_neighbouring_segments_could_be_one(spans: list[Span]) -> None:
    edges = {edge for span in spans for edge in (span.start, span.end)}
    cut = segments(0, 50, spans)
    assert {segment.start for segment in cut[1:]} == edges - {0}


def test_nested_spans_of_one_label_lie_on_deeper_lanes() -> None:
    outer, middle, inner = Span("outer", 0, 20, "C"), Span("middle", 2, 12, "C"), Span("inner", 3, 5, "C")
    spans = [inner, outer, Span("x", 3, 5, "A"), middle]
    assert lanes(spans) == {"outer": 0, "middle": 1, "inner": 2, "x": 0}


def test_a_chain_of_crossing_spans_needs_two_lanes() -> None:
    assert set(lanes(Span(f"s{at}", at * 5, at * 5 + 8, "C") for at in range(20)).values()) == {0, 1}


@given(span_lists())
def test_lanes_part_what_overlaps_and_follow_nesting(spans: list[Span]) -> None:
    drawn = lanes(spans)
    assert drawn == lanes(reversed(spans))
    assert set(drawn) == {span.id for span in spans}
    for one, other in combinations(sorted(spans, key=reading_order), 2):
        if one.label == other.label and overlap(one, other):
            assert drawn[one.id] != drawn[other.id]
            assert drawn[one.id] < drawn[other.id] or one.end < other.end


@given(span_lists())
def test_the_outermost_lane_is_used_wherever_a_label_is(spans: list[Span]) -> None:
    drawn = lanes(spans)
    assert {span.label for span in spans} == {span.label for span in spans if drawn[span.id] == 0}
