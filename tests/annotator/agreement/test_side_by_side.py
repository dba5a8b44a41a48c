"""Behind each figure of agreement: its links, the questions, and the pairs of judgements side by side."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.annotator.agreement.bulk import read_many
from tests.annotator.agreement.screen import TEXT, begun, data, page, read, read_twice, seen_by, status
from tests.builders import Cast, link, make_article, make_project, make_user, mark, submitted

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="(/projects/[^"]*/agreement/spans/[^"]*)"[^>]*>(?:<rect[^>]*></rect><text[^>]*>)?([\d,]+)<')
QUESTION = re.compile(r'href="(/projects/[^"]*/agreement/answers/[^"]*)"')


@pytest.mark.parametrize("query", ["", "?pair=A-C"])
def test_every_cell_and_bar_opens_just_the_pairs_that_it_counts_side_by_side(cast: Cast, query: str) -> None:
    """Of the page and of the page of every question on it."""
    project = read_many(cast, [cast.ada, cast.ben, make_user("eve")], 4, spans=8)
    client = Client()
    client.force_login(cast.dora)

    def opened(address: str) -> str:
        answer = client.get(unescape(address))
        assert answer.status_code == 200, address
        return answer.content.decode()

    told = opened(page(project, "/") + query)
    cells = {"the page": LINK.findall(told)} | {
        address: LINK.findall(opened(address)) for address in sorted(set(QUESTION.findall(told)))
    }
    assert len(cells) > 8 and len(cells["the page"]) > 20
    for address, text in {found for each in cells.values() for found in each}:
        count, behind = int(text.replace(",", "")), opened(address)
        assert f"{text} pair{'' if count == 1 else 's'} of judgements" in behind, address
        assert behind.count('<div class="side">') == 2 * min(count, 20), address
        assert behind.count("<blockquote") == 2 * min(count, 20), address


def test_a_question_with_many_answers_lists_every_difference_and_opens_every_answer(cast: Cast) -> None:
    project = read_many(cast, [cast.ada, cast.ben, make_user("eve")], 12, spans=24)
    told = seen_by(cast.dora, page(project, "/answers/CLAIM.concept/"))
    assert '<table class="table matrix">' not in told and "<details" in told
    behind = sum(int(count) for _, count in LINK.findall(told))
    figures = data(cast.dora, project)["figures"]
    assert isinstance(figures, list)
    alike = next(one for one in figures if (one["of"], one["coefficient"]) == ("CLAIM.concept", "percent"))
    every = seen_by(cast.dora, page(project, "/spans/?kind=answer&of=CLAIM.concept"))
    pairs = int(re.search(r"([\d,]+) pairs of judgements", every)[1])  # type: ignore[index]
    assert behind == round((1 - alike["estimate"]) * pairs)
    answers = re.findall(r'<th scope="row"><a href="([^"]*)"', told)
    assert len(answers) > 8
    assert {status(cast.dora, unescape(address)) for address in answers} == {200}


def test_the_cells_of_a_table_add_up_to_what_was_compared(cast: Cast) -> None:
    project = read_many(cast, [cast.ada, cast.ben], 6, spans=8)
    told = seen_by(cast.dora, page(project, "/"))
    matrix = re.search(r'<table class="table matrix">.*?</table>', told, re.DOTALL)
    assert matrix
    cells = [(unescape(address), int(count)) for address, count in LINK.findall(matrix[0])]
    both = sum(count for address, count in cells if "nothing" not in address)
    figures = data(cast.dora, project)["figures"]
    assert isinstance(figures, list)
    (matched,) = {one["units"] for one in figures if one["aspect"] == "label" and one["coefficient"] == "percent"}
    assert both == matched
    spans = next(one["units"] for one in figures if one["coefficient"] == "f1_exact" and not one["of"])
    assert 2 * both + sum(count for address, count in cells if "nothing" in address) == spans


def test_all_other_links_of_the_page_open(cast: Cast) -> None:
    project = read_many(cast, [cast.ada, cast.ben], 3, spans=6)
    told = seen_by(cast.dora, page(project))
    links = {unescape(link) for link in re.findall(r'href="(/projects/[^"]*agreement[^"]*)"', told)}
    assert len(links) > 20
    assert {link: status(cast.dora, link) for link in links} == dict.fromkeys(links, 200)


def test_judgements_stand_side_by_side_with_what_only_one_marked_apart(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    told = seen_by(cast.dora, page(project, "/spans/?kind=edge&edge=end&low=1&high=20"))
    assert ">rejected</mark>" in told
    assert ">rejected<em> the plan</em></mark>" in told
    alone = seen_by(cast.dora, page(project, "/spans/?kind=label&one=ACTOR&other=nothing"))
    assert "Actor by one, not marked by the other" in alone and '<span class="state">not marked</span>' in alone


def test_relations_are_shown_as_sentences(cast: Cast) -> None:
    article = make_article(TEXT)
    project = make_project(cast, article)
    for reader in (cast.ada, cast.ben):
        reading = begun(project, article, reader)
        claim, actor = (
            mark(reading, reader, "rejected the plan", "CLAIM"),
            mark(reading, reader, "The minister", "ACTOR"),
        )
        if reader == cast.ada:
            link(reading, reader, "made_by", claim, actor)
        submitted(reading, reader)
    told = seen_by(cast.dora, page(project, "/spans/?kind=relation&of=made_by&one=one"))
    assert "<q>rejected the plan</q> <b>made by</b> <q>The minister</q>" in told
    assert told.index("has this relation") < told.index("does not have this relation")


def test_what_is_in_a_text_stays_text(cast: Cast) -> None:
    article = make_article("<script>alert(1)</script> The minister rejected the plan.")
    project = make_project(cast, article)
    for reader in (cast.ada, cast.ben):
        read(project, article, reader, ("<script>alert(1)</script>", "CLAIM"))
    told = seen_by(cast.dora, page(project, "/spans/?kind=label&one=CLAIM"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told and "<script>alert" not in told
