import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement.measures.marks import Mark, ReadArticle, without_furniture


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 2), (-1, 4), (7, 11)])
def test_a_mark_that_is_empty_or_leaves_the_text_is_refused_by_name(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"CLAIM \[{start}, {end}\) of Ada does not fit a text of 10"):
        ReadArticle(10, {"Ada": [(start, end, "CLAIM")]})


def test_an_empty_set_is_a_reading_and_so_is_a_mark_over_the_whole_text() -> None:
    article = ReadArticle(10, {"Ada": [(0, 10, "CLAIM")], "Ben": []})
    assert list(article.marks) == ["Ada", "Ben"]


@pytest.mark.parametrize(
    ("mark", "moved"),
    [
        ((0, 10, "A"), (0, 10, "A")),
        ((5, 15, "A"), (5, 10, "A")),
        ((15, 25, "A"), (10, 15, "A")),
        ((5, 25, "A"), (5, 15, "A")),
        ((20, 40, "A"), (10, 20, "A")),
        ((20, 50, "A"), (10, 30, "A")),
        ((40, 41, "A"), (20, 21, "A")),
        ((0, 50, "A"), (0, 30, "A")),
    ],
)
def test_marks_move_onto_the_text_that_is_read(mark: Mark, moved: Mark) -> None:
    read = without_furniture([mark], length=50, furniture=[(30, 40), (10, 20)])
    assert (read.marks, read.length, read.dropped) == ((moved,), 30, 0)


def test_marks_inside_furniture_are_dropped_and_counted_and_the_others_keep_their_origin() -> None:
    marks = [(12, 15, "A"), (0, 4, "B"), (10, 20, "A"), (25, 29, "C")]
    read = without_furniture(marks, length=30, furniture=[(10, 20)])
    assert read.marks == ((0, 4, "B"), (15, 19, "C"))
    assert (read.origins, read.dropped, read.length) == ((1, 3), 2, 20)


def test_furniture_may_overlap_touch_and_cover_everything() -> None:
    read = without_furniture([(1, 9, "A")], length=10, furniture=[(4, 10), (0, 5), (2, 3)])
    assert (read.marks, read.length, read.dropped) == ((), 0, 1)
    assert without_furniture([(1, 9, "A")], length=10, furniture=[]).marks == ((1, 9, "A"),)


@pytest.mark.parametrize(
    ("marks", "furniture"), [([(3, 3, "A")], []), ([(3, 11, "A")], []), ([], [(5, 5)]), ([], [(8, 11)])]
)
def test_what_does_not_fit_the_text_is_refused(marks: list[Mark], furniture: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="does not fit a text of 10"):
        without_furniture(marks, length=10, furniture=furniture)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000))
def test_a_mark_covers_the_same_read_characters_before_and_after(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chr(0x4E00 + place) for place in range(40))
    furniture = [stretch(chance) for _ in range(chance.randint(0, 4))]
    marks = [(*stretch(chance), "A") for _ in range(4)]
    gone = {place for start, end in furniture for place in range(start, end)}
    left = "".join(character for place, character in enumerate(text) if place not in gone)
    read = without_furniture(marks, length=40, furniture=furniture)
    assert read.length == len(left)
    for (start, end, _), origin in zip(read.marks, read.origins, strict=True):
        first, last, _ = marks[origin]
        assert left[start:end] == "".join(text[place] for place in range(first, last) if place not in gone)


def stretch(chance: random.Random) -> tuple[int, int]:
    start, end = sorted(chance.sample(range(41), 2))
    return start, end
