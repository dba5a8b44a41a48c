import random
import uuid
from itertools import pairwise

import pytest
from django.db import connection

from annotator.annotation.actions import add_span
from annotator.annotation.models import AnnotationSet, Span
from annotator.annotation.queries import paragraphs_at, spans_in
from corpus.drafts import Region
from corpus.models import Region as RegionRow
from tests.builders import Cast, make_article, make_project, started_set

TEXT = "\n".join(
    ["One two three.", "", "Four five six seven eight.", "Nine ten.", "", "", "Eleven twelve thirteen fourteen."]
)
REGIONS = [Region(0, 14, "title"), Region(16, 25, "body"), Region(26, 42, "caption"), Region(43, 52, "body")]


@pytest.fixture
def own(cast: Cast) -> AnnotationSet:
    return started_set(make_project(cast, make_article(TEXT, regions=REGIONS)), cast.ada)


def stretches() -> list[tuple[int, int]]:
    return [(start, end) for start in range(len(TEXT)) for end in range(start + 1, len(TEXT) + 1, 3)]


def _meet(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> bool:
    return any(a < d and c < b for a, b in some for c, d in others)


def test_lines_are_those_that_the_stretches_touch(own: AnnotationSet) -> None:
    rows = list(RegionRow.objects.filter(article=own.article_id).order_by("start"))
    dice = random.Random(7)
    for stretch in stretches():
        for other in ([], [dice.choice(stretches())]):
            wanted = [stretch, *other]
            lines = paragraphs_at(own.article, wanted)
            touched = {
                row.paragraph for row in rows if any(row.start < end and row.end > start for start, end in wanted)
            }
            assert [line.number for line in lines] == sorted(touched)
            for line in lines:
                assert line.text == TEXT[line.start : line.end] == TEXT.split("\n")[line.number]
                assert list(line.regions) == [row for row in rows if row.paragraph == line.number]
            assert all(before.end < after.start for before, after in pairwise(lines))


def test_no_stretch_touches_no_line(own: AnnotationSet) -> None:
    assert paragraphs_at(own.article, []) == []
    assert paragraphs_at(own.article, [(14, 16)]) == []
    assert spans_in(own, []) == []


def test_spans_are_those_that_touch_the_lines(cast: Cast, own: AnnotationSet) -> None:
    dice = random.Random(7)
    for start, end in dice.sample(stretches(), 40):
        if TEXT[start:end].strip():
            add_span(
                own.pk, by=cast.ada, gesture=uuid.uuid4(), id=uuid.uuid4(), start=start, end=end,
                quote=TEXT[start:end], label=dice.choice(["CLAIM", "ACTOR", "STANCE"]),
            )  # fmt: skip
    everything = sorted(Span.objects.all(), key=lambda span: (span.start, -span.end, span.label, str(span.pk)))
    for wanted in [[(0, 1)], [(20, 24)], [(44, 45)], [(60, 61)], [(0, 1), (60, 61)], [(16, 20), (44, 46)]]:
        lines = paragraphs_at(own.article, wanted)
        touching = [
            span for span in everything if any(span.start < line.end and span.end > line.start for line in lines)
        ]
        assert spans_in(own, lines) == touching


@pytest.mark.engines("sqlite")
def test_a_line_is_found_by_indexes_alone(own: AnnotationSet) -> None:
    """So that an article with 5,000 spans is not slower than one with ten."""
    statements: list[str] = []

    def noting(execute, sql, params, many, context):
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"EXPLAIN QUERY PLAN {sql % tuple(['1'] * len(params))}")
            statements.extend(row[3] for row in cursor.fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noting):
        spans_in(own, paragraphs_at(own.article, [(0, 5)]))
    assert any("USING INDEX spans_across_lines" in one for one in statements)
    searches = [one for one in statements if one.startswith(("SCAN", "SEARCH"))]
    assert len(searches) >= 4
    assert not [one for one in searches if one.startswith("SCAN")]
    assert not [one for one in searches if "span" in one and "start" not in one]
