"""The files of agreement: the same figures as on the page, with letters for names and all that a report needs."""

import csv
import io

import pytest

from tests.annotator.agreement.bulk import read_many
from tests.annotator.agreement.screen import NAME, TEXT, data, page, read_twice, seen_by
from tests.builders import Cast, make_article, make_user

pytestmark = pytest.mark.django_db


def test_files_have_letters_and_no_names(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    for form in ("csv", "json"):
        told = seen_by(cast.dora, page(project, f".{form}")) + seen_by(cast.dora, page(project, f".{form}?by=pair"))
        assert not NAME.search(told)
    assert data(cast.dora, project)["readers"] == ["A", "B"]


def test_the_files_say_the_same_as_the_page(cast: Cast) -> None:
    project = read_many(cast, [cast.ada, cast.ben], 12, spans=6)
    figures = data(cast.dora, project)["figures"]
    assert isinstance(figures, list)
    rows = list(csv.DictReader(io.StringIO(seen_by(cast.dora, page(project, ".csv")))))
    assert [(row["coefficient"], row["of"], row["estimate"]) for row in rows] == [
        (one["coefficient"], one["of"], "" if one["estimate"] is None else str(one["estimate"])) for one in figures
    ]
    one = next(one for one in figures if one["coefficient"] == "alpha_u" and not one["of"])
    told = seen_by(cast.dora, page(project))
    for value in (one["estimate"], one["low"], one["high"]):
        assert f"{value:.3f}" in told
    assert (one["draws"], one["seed"], one["articles_drawn_from"], one["coders"]) == (2_000, 1, 12, 2)


def test_each_figure_of_the_files_has_all_that_is_needed_to_report_it(cast: Cast) -> None:
    project = read_many(cast, [cast.ada, cast.ben, make_user("eve")], 12, spans=8)
    for query in ("", "?by=pair", "?by=outlet"):
        figures = data(cast.dora, project, query)["figures"]
        assert isinstance(figures, list) and len(figures) > 30
        for one in figures:
            assert one["how_to_read"] and one["unit"], one
            assert (one["estimate"] is None) == bool(one["reason"]), one
            assert not one["units"] or one["coders"] == (2 if "pair" in query else 3), one
            assert (one["low"] is None) == (one["high"] is None) == (one["seed"] is None), one
            is_told = one["estimate"] is not None and one["units"] > 100 and not query
            assert not is_told or one["articles_drawn_from"] == 12, one
