import random

import pytest

from annotator.agreement.cells import NOTHING, Cell, cases
from annotator.agreement.parts import LABEL, LEFT_EMPTY, NOT_IN_TEXT, Part, Question
from annotator.agreement.questions import Coded
from annotator.agreement.report import report
from tests.annotator.agreement.readings import SCHEME, by_chance, line, part, span

KIND = Question("CLAIM", "kind")
CONCEPT = Question("CLAIM", "concept")
DIRECTION = Question("CLAIM", "direction")


def codes(one: Part, question: Question) -> list[tuple[object, ...]]:
    return [given for _, given in one.answers.get(question, ())]


def test_spans_that_mean_the_same_are_one_unit_of_coding() -> None:
    one = part([span(0, 20), span(40, 50, "ACTOR")], [span(2, 20), span(60, 70, "ACTOR")])
    assert codes(one, LABEL) == [("CLAIM", "CLAIM")]
    assert len(one.groups) == 3


def test_a_span_only_one_reader_has_is_no_unit_of_coding() -> None:
    assert codes(part([span(0, 20)], []), LABEL) == []


def test_three_readers_of_one_span_are_one_unit_with_three_codes() -> None:
    one = part([span(0, 20)], [span(0, 20, "STANCE")], [span(0, 18)])
    assert codes(one, LABEL) == [("CLAIM", "STANCE", "CLAIM")]


def test_the_attributes_of_a_label_are_asked_of_those_who_chose_it() -> None:
    one = part([span(0, 20, kind="fact")], [span(0, 20, "STANCE")], [span(0, 20, kind="figure")])
    assert codes(one, KIND) == [("fact", None, "figure")]


def test_an_attribute_of_a_label_that_only_one_chose_is_no_unit() -> None:
    assert codes(part([span(0, 20, kind="fact")], [span(0, 20, "STANCE")]), KIND) == []


def test_an_answer_left_empty_is_an_answer() -> None:
    one = part([span(0, 20, concept="PROGRESS")], [span(0, 20)])
    assert codes(one, CONCEPT) == [("PROGRESS", LEFT_EMPTY)]


def test_not_in_the_text_is_an_answer() -> None:
    one = part([span(0, 20, "CLAIM", "concept")], [span(0, 20)])
    assert codes(one, CONCEPT) == [(NOT_IN_TEXT, LEFT_EMPTY)]


def test_a_question_that_did_not_come_up_is_no_empty_answer() -> None:
    one = part([span(0, 20, concept="PROGRESS", direction="same")], [span(0, 20)])
    assert codes(one, DIRECTION) == [("same", None)]
    assert codes(part([span(0, 20)], [span(0, 20)]), DIRECTION) == []


def test_a_number_that_was_not_given_is_missing() -> None:
    one = part([span(0, 20, kind="figure", figure_value=3)], [span(0, 20, kind="figure")])
    assert codes(one, Question("CLAIM", "figure_value")) == [(3, None)]


def test_free_texts_and_what_does_not_count_have_no_codes() -> None:
    one = part([span(0, 20, figure_unit="dead", confidence="low")], [span(0, 20, figure_unit="x", confidence="normal")])
    assert not [question for question in one.answers if question.name in ("figure_unit", "confidence", "note")]


def test_furniture_is_cut_out_with_the_spans_in_it() -> None:
    one = part([span(0, 20), span(50, 55)], [span(0, 20)], furniture=[(40, 60)])
    assert (one.dropped, one.spans, one.read.length) == ((1, 0), 2, 180)
    assert one.read.marks["ada"] == one.read.marks["ben"]


def test_spans_are_shown_where_they_stand_in_the_whole_text() -> None:
    one = part([span(70, 90)], [span(70, 90)], furniture=[(10, 40)])
    assert one.read.marks["ada"] == ((40, 60, "CLAIM"),)
    assert one.mark(0, 0) == (70, 90, "CLAIM")


def test_a_relation_with_an_end_in_furniture_is_left_out() -> None:
    claim, actor = span(0, 20), span(50, 55, "ACTOR")
    one = part([claim, actor], [claim, actor], lines=[[line("made_by", claim, actor)]], furniture=[(40, 60)])
    assert one.links == (frozenset(), frozenset())


def test_relations_are_the_same_by_what_they_join() -> None:
    claim, shorter, actor = span(0, 20), span(2, 20), span(50, 55, "ACTOR")
    lines = [[line("made_by", claim, actor)], [line("made_by", shorter, actor)]]
    one = part([claim, actor], [shorter, actor], lines=lines)
    assert one.links[0] == one.links[1] == {("made_by", 0, 1)}


def test_the_direction_of_a_symmetric_relation_does_not_matter() -> None:
    one, other = span(0, 20), span(50, 70)
    lines = [[line("contradicts", one, other)], [line("contradicts", other, one)]]
    found = part([one, other], [one, other], lines=lines)
    assert found.links[0] == found.links[1]


def test_the_attributes_of_relations_are_asked_of_those_who_drew_them() -> None:
    claim, actor = span(0, 20), span(50, 55, "ACTOR")
    lines = [[line("reported_by", claim, actor, order=1)], [line("reported_by", claim, actor, order=2)]]
    one = part([claim, actor], [claim, actor], lines=lines)
    assert codes(one, Question("reported_by", "order")) == [(1, 2)]


def test_two_of_three_are_looked_at_as_if_the_third_had_not_read() -> None:
    three = part([span(0, 20, kind="fact")], [span(100, 120, kind="fact")], [span(0, 20, kind="figure")])
    two = three.between(0, 2)
    assert two.coders == ("ada", "cleo")
    assert codes(two, KIND) == [("fact", "figure")]
    assert codes(three.between(0, 1), KIND) == codes(three.between(0, 1), LABEL) == []
    assert two.spans == 2


def test_a_pair_is_counted_alike_alone_and_among_others() -> None:
    for seed in range(20):
        three = by_chance(random.Random(seed))
        pairs = [three.between(*pair) for pair in three.pairs()]
        assert sum((sum(pair.met.values()) for pair in pairs), 0) == sum(three.met.values())
        assert sum(pair.edges.matched for pair in pairs) == three.edges.matched


def test_readers_are_in_the_order_of_their_names_however_they_came() -> None:
    assert part([span(0, 20)], []).coders == ("ada", "ben")


@pytest.mark.parametrize("readers", [2, 3])
def test_every_number_of_a_table_counts_the_pairs_behind_it(readers: int) -> None:
    parts = [by_chance(random.Random(seed), readers) for seed in range(12)]
    told = report(parts, SCHEME)
    for (one, other), count in told.met.items():
        cell = Cell("label", one=one or NOTHING, other=other or NOTHING, in_order=True)
        assert len(list(cases(parts, cell))) == count
    for apart in range(1, 4):
        behind = list(cases(parts, Cell("edge", edge="start", low=apart, high=apart)))
        assert len(behind) == told.edges.starts.get(apart, 0) + told.edges.starts.get(-apart, 0)
    for question in (KIND, Question("STANCE", "polarity"), Question("STANCE", "conditional")):
        for (one, other), count in Coded(parts, question).met().items():
            cell = Cell("answer", of=question.dotted, one=str(one), other=str(other), in_order=True)
            assert len(list(cases(parts, cell))) == count
    made_by = next(figure for figure in told.relations if figure.of == "made_by").measure
    both, alone = (len(list(cases(parts, Cell("relation", of="made_by", one=one)))) for one in ("both", "one"))
    assert made_by.units == 2 * both + alone
    assert made_by.value == pytest.approx(2 * both / (2 * both + alone))


def test_without_an_order_of_readers_a_cell_counts_both_ways_round_and_turns_them() -> None:
    parts = [part([span(0, 20)], [span(0, 20, "STANCE")]), part([span(0, 20, "STANCE")], [span(0, 20)])]
    found = list(cases(parts, Cell("label", one="CLAIM", other="STANCE")))
    assert [(case.article, case.one, case.other) for case in found] == [(0, 0, 1), (1, 1, 0)]
    assert len(list(cases(parts, Cell("label", one="CLAIM", other="STANCE", in_order=True)))) == 1


def test_a_label_alone_opens_all_its_pairs() -> None:
    parts = [part([span(0, 20)], [span(0, 20, "STANCE"), span(50, 60)])]
    assert len(list(cases(parts, Cell("label", one="CLAIM")))) == 2
