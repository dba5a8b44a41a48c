"""Several voices on one text: what must hold for whatever they say, and how long it takes for much."""

from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.standoff import Relation, Span, Value
from annotator.workflow.comparison import RelationGroup, Voice, compare
from tests.annotator.workflow.voices import voice


@st.composite
def graphs(draw: st.DrawFn, most: int = 6) -> list[Span | Relation]:
    """Crowded spans, no two alike, and relations among them, no two alike."""
    extents = st.tuples(st.integers(0, 12), st.integers(1, 9), st.sampled_from(["CLAIM", "ACTOR"]))
    drawn = draw(st.lists(extents, max_size=most, unique=True))
    values: st.SearchStrategy[Value] = st.sampled_from(["x", "y", True, False])
    answers = st.dictionaries(st.sampled_from(["kind", "flag"]), values)
    spans = [
        Span(f"s{number}", start, start + size, label, draw(answers))
        for number, (start, size, label) in enumerate(drawn)
    ]
    ends = st.integers(0, max(0, len(spans) - 1))
    lines = st.lists(st.tuples(st.sampled_from(["by", "on"]), ends, ends), max_size=5 if spans else 0, unique=True)
    return [
        *spans,
        *(Relation(f"r{n}", type_, f"s{s}", f"s{t}") for n, (type_, s, t) in enumerate(draw(lines))),
    ]


several = st.lists(graphs(), max_size=4).map(
    lambda drawn: [voice("abcd"[number], *items) for number, items in enumerate(drawn)]
)


@given(several, st.data())
def test_the_order_of_voices_and_of_their_items_does_not_matter(voices: list[Voice], data: st.DataObject) -> None:
    shuffled = [
        Voice(one.key, data.draw(st.permutations(one.spans)), data.draw(st.permutations(one.relations)))
        for one in data.draw(st.permutations(voices))
    ]
    assert compare(shuffled) == compare(voices)
    assert compare(shuffled).differences() == compare(voices).differences()


@given(several)
def test_every_item_is_in_exactly_one_group(voices: list[Voice]) -> None:
    comparison = compare(voices)
    grouped = [(key, item) for group in comparison.groups.values() for key, item in group.members.items()]
    given_items = [(one.key, item) for one in voices for item in (*one.spans, *one.relations)]
    assert sorted(grouped, key=str) == sorted(given_items, key=str)
    for group in comparison.groups.values():
        assert sorted([*group.members, *group.missing]) == list(comparison.voices)


@given(graphs(), st.integers(1, 4))
def test_identical_sets_give_no_difference(items: list[Span | Relation], voices: int) -> None:
    comparison = compare([voice(key, *items) for key in "abcd"[:voices]])
    assert comparison.differences() == []
    assert len(comparison.groups) == len(items)
    assert all(group.identical for group in comparison.groups.values())


@given(several)
def test_no_difference_means_that_all_say_the_same(voices: list[Voice]) -> None:
    same = {
        (
            frozenset((s.start, s.end, s.label, *sorted(s.attributes.items())) for s in one.spans),
            frozenset((r.type, place_of(one, r.source), place_of(one, r.target)) for r in one.relations),
        )
        for one in voices
    }
    assert (compare(voices).differences() == []) == (len(same) <= 1)


def place_of(one: Voice, span_id: str) -> tuple[int, int, str]:
    span = next(span for span in one.spans if span.id == span_id)
    return (span.start, span.end, span.label)


@given(several)
def test_relations_are_grouped_by_type_and_the_groups_of_their_ends(voices: list[Voice]) -> None:
    comparison = compare(voices)
    for group in comparison.relation_groups:
        source, target = comparison.groups[group.source_group], comparison.groups[group.target_group]
        for key, relation in group.members.items():
            assert relation.type == group.type
            assert source.members[key].id == relation.source
            assert target.members[key].id == relation.target
    lines = [(group.source_group, group.type, group.target_group) for group in comparison.relation_groups]
    assert len(set(lines)) == len(lines)


@given(several)
def test_keys_are_unique_and_differences_stand_bundle_by_bundle_with_ends_before_relations(
    voices: list[Voice],
) -> None:
    comparison = compare(voices)
    differences = comparison.differences()
    assert len(comparison.groups) == len(comparison.span_groups) + len(comparison.relation_groups)
    assert len({difference.key for difference in differences}) == len(differences)
    bundles = [difference.bundle for difference in differences]
    assert bundles == sorted(bundles, key=list(comparison.groups).index)
    settled = set[str]()
    open_spans = {difference.group for difference in differences if difference.kind == "span"}
    for difference in differences:
        if difference.kind == "relation":
            relation = comparison.groups[difference.group]
            assert isinstance(relation, RelationGroup)
            assert {relation.source_group, relation.target_group} & open_spans <= settled
        settled.add(difference.group)


def test_two_thousand_spans_of_two_voices_are_compared_in_passing(capsys: pytest.CaptureFixture[str]) -> None:
    spans = [Span(f"s{n}", n * 90, n * 90 + 40 + n % 100, ("CLAIM", "ACTOR", "STANCE")[n % 3]) for n in range(2000)]
    relations = [Relation(f"r{n}", "by", f"s{n}", f"s{n - 1}") for n in range(1, 2000)]
    moved = [replace(span, start=span.start + int(span.id[1:]) % 7) for span in spans]
    voices = [voice("a", *spans, *relations), voice("b", *moved, *relations)]
    started = perf_counter()
    comparison = compare(voices)
    found = len(comparison.differences())
    with capsys.disabled():
        print(f"\n2 voices of 2,000 spans: {perf_counter() - started:.3f} s, {found} differences")  # noqa: T201
    assert len(comparison.span_groups) == 2000
