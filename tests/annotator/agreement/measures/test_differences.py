from annotator.agreement.measures.differences import Place, boundary_differences, confusion
from annotator.agreement.measures.marks import ReadArticle

ADA = [(0, 10, "CLAIM"), (20, 30, "CLAIM"), (40, 50, "ACTOR"), (60, 70, "ACTOR"), (80, 85, "STANCE")]
BEN = [(0, 10, "CLAIM"), (18, 33, "CLAIM"), (49, 58, "ACTOR"), (60, 70, "STANCE")]
ARTICLES = [ReadArticle(100, {"Ada": ADA, "Ben": BEN, "Cleo": ADA}), ReadArticle(100, {"Ada": ADA})]


def test_edges_of_matched_spans_are_compared_second_minus_first() -> None:
    found = boundary_differences(ARTICLES, first="Ada", second="Ben")
    assert found.starts == {-2: 1, 0: 1, 9: 1}
    assert found.ends == {0: 1, 3: 1, 8: 1}
    assert (found.matched, found.identical) == (3, 1)


def test_the_other_way_round_the_signs_turn() -> None:
    found = boundary_differences(ARTICLES, first="Ben", second="Ada")
    assert found.starts == {-9: 1, 0: 1, 2: 1}


def test_edges_of_one_label() -> None:
    found = boundary_differences(ARTICLES, first="Ada", second="Ben", label="CLAIM")
    assert (found.starts, found.matched) == ({-2: 1, 0: 1}, 2)


def test_without_common_articles_there_are_no_differences() -> None:
    found = boundary_differences(ARTICLES, first="Ada", second="Dora")
    assert (found.starts, found.ends, found.matched, found.identical) == ({}, {}, 0, 0)
    assert confusion(ARTICLES, first="Ada", second="Dora").cells == {}


def test_labels_are_crossed_on_matched_spans_with_a_cell_for_no_span() -> None:
    found = confusion(ARTICLES, first="Ada", second="Ben")
    assert found.labels == ("ACTOR", "CLAIM", "STANCE")
    counts = {cell: len(places) for cell, places in found.cells.items()}
    assert counts == {
        ("CLAIM", "CLAIM"): 2,
        ("ACTOR", "STANCE"): 1,
        ("ACTOR", None): 1,
        (None, "ACTOR"): 1,
        ("STANCE", None): 1,
    }
    assert (found.count("CLAIM", "CLAIM"), found.count("CLAIM", "ACTOR")) == (2, 0)


def test_every_cell_leads_to_its_spans() -> None:
    found = confusion(ARTICLES, first="Ada", second="Ben")
    assert found.cells["ACTOR", "STANCE"] == (Place(0, 3, 3),)
    assert found.cells["ACTOR", None] == (Place(0, 2, None),)
    assert found.cells[None, "ACTOR"] == (Place(0, None, 2),)


def test_from_one_character_on_more_spans_are_the_same_place() -> None:
    found = confusion(ARTICLES, first="Ada", second="Ben", least=0)
    assert found.cells["ACTOR", "ACTOR"] == (Place(0, 2, 2),)
    assert found.count("ACTOR", None) == found.count(None, "ACTOR") == 0


def test_exactly_half_is_the_same_place() -> None:
    articles = [ReadArticle(100, {"Ada": [(0, 10, "CLAIM")], "Ben": [(0, 5, "ACTOR")]})]
    assert set(confusion(articles, first="Ada", second="Ben").cells) == {("CLAIM", "ACTOR")}
    assert set(confusion(articles, first="Ada", second="Ben", least=0.51).cells) == {("CLAIM", None), (None, "ACTOR")}


def test_the_other_way_round_the_matrix_is_turned() -> None:
    there, back = confusion(ARTICLES, first="Ada", second="Ben"), confusion(ARTICLES, first="Ben", second="Ada")
    assert {(second, first) for first, second in there.cells} == set(back.cells)


def test_every_span_is_counted_once_on_its_side() -> None:
    found = confusion(ARTICLES, first="Ada", second="Ben")
    firsts = [place.first for places in found.cells.values() for place in places if place.first is not None]
    seconds = [place.second for places in found.cells.values() for place in places if place.second is not None]
    assert (sorted(firsts), sorted(seconds)) == (list(range(5)), list(range(4)))


def test_a_coder_agrees_with_himself_on_the_diagonal() -> None:
    found = confusion(ARTICLES, first="Ada", second="Cleo")
    assert all(first == second for first, second in found.cells)


def test_a_small_span_inside_a_large_one_is_no_confusion() -> None:
    articles = [ReadArticle(100, {"Ada": [(0, 50, "CLAIM")], "Ben": [(10, 15, "ACTOR")]})]
    assert set(confusion(articles, first="Ada", second="Ben").cells) == {("CLAIM", None), (None, "ACTOR")}
