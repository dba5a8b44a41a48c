"""What settles itself: what must hold whatever the voices say and whatever the rules are."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.standoff import Relation, Span
from annotator.workflow.comparison import Voice, compare
from annotator.workflow.settlement import Rules, settle
from tests.annotator.workflow.voices import BOUNDARIES, extents, voice


@st.composite
def readings(draw: st.DrawFn) -> list[Voice]:
    extents_ = st.tuples(st.integers(0, 10), st.integers(1, 8), st.sampled_from(["CLAIM", "ACTOR"]))
    voices = []
    for key in "abcd"[: draw(st.integers(1, 4))]:
        drawn = draw(st.lists(extents_, max_size=4, unique=True))
        spans = [
            Span(f"{n}", start, start + size, label, {"kind": draw(st.sampled_from(["x", "y"]))})
            for n, (start, size, label) in enumerate(drawn)
        ]
        ends = st.sampled_from([span.id for span in spans] or ["none"])
        lines = draw(st.lists(st.tuples(ends, ends), max_size=3 if spans else 0, unique=True))
        relations = [Relation(f"r{n}", "by", *line) for n, line in enumerate(lines)]
        voices.append(voice(key, *spans, *relations))
    return voices


every_rule = st.builds(
    Rules,
    majority=st.sampled_from([None, 2, 3]),
    boundary=st.sampled_from([None, *BOUNDARIES]),
    attributes=st.sampled_from([None, "majority"]),
    single=st.booleans(),
)


@given(readings(), every_rule)
def test_what_settles_is_sound(voices: list[Voice], rules: Rules) -> None:
    comparison = compare(voices)
    settled = settle(comparison, rules)
    assert len({one.key for one in settled}) == len(settled)
    standing = {one.key for one in settled if one.subject == "span" and one.outcome == "stands"}
    spans = extents([one for one in settled if one.outcome == "stands"])
    assert len(set(spans)) == len(spans)
    for one in settled:
        group = comparison.groups[one.group]
        judged = {(key, item.id) for key, item in group.members.items()}
        assert not set(one.sources) & set(one.set_aside)
        assert {*one.sources, *one.set_aside} <= judged
        assert bool(one.sources) or one.outcome == "absent"
        if one.subject == "attribute":
            assert one.group in {other.key for other in settled if other.outcome == "stands"}
    for relation in comparison.relation_groups:
        if relation.key in {one.key for one in settled}:
            assert {relation.source_group, relation.target_group} <= standing


@given(readings(), every_rule)
def test_what_all_say_alike_is_always_settled_as_agreed(voices: list[Voice], rules: Rules) -> None:
    comparison = compare(voices)
    agreed = {one.key for one in settle(comparison, rules) if one.basis in ("agreed", "single")}
    wanted = len(voices) > 1 or rules.single
    assert {g.key for g in comparison.span_groups if g.identical and wanted} <= agreed


@given(readings(), every_rule)
def test_the_order_of_voices_does_not_change_what_settles(voices: list[Voice], rules: Rules) -> None:
    assert settle(compare(voices), rules) == settle(compare(voices[::-1]), rules)
