"""The pages of agreement: who sees them, what they tell, and how much they ask of the database."""

import csv
import io
import json
import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.agreement import kept, views
from annotator.annotation.models import AnnotationSet, Submission
from annotator.projects.actions import correct_regions
from annotator.projects.people import deactivate
from annotator.workflow.actions import assign, send_back
from annotator.workflow.adjudication import release_to_readers
from annotator.workflow.campaign import withdraw_article
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.annotator.agreement.bulk import hand_in_again, read_many
from tests.annotator.agreement.screen import (
    ADA,
    BEN,
    NAME,
    TEXT,
    begun,
    data,
    estimate,
    page,
    read,
    read_twice,
    seen_by,
    status,
)
from tests.builders import Cast, make_article, make_project, make_user, mark, settled, submitted

pytestmark = pytest.mark.django_db


def test_a_manager_is_told_how_far_two_readers_agree(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    told = seen_by(cast.dora, page(project))
    assert "1 article read by two or more, 2 readers, 5 spans, 0 relations." in told
    for heading in ("Found", "Boundary", "Label", "Attributes", "Relations"):
        assert f"<h2>{heading}</h2>" in told
    assert estimate(cast.dora, project, "f1_exact") == pytest.approx(0.4)
    assert estimate(cast.dora, project, "f1_touching") == pytest.approx(0.8)


def test_only_managers_and_adjudicators_look_at_agreement(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    rest = ("/", ".csv", ".json", "/spans/?kind=label", "/by/pair/", "/answers/STANCE.polarity/")
    found = {
        name: {status(getattr(cast, name), page(project, each)) for each in rest}
        for name in ("ada", "cleo", "dora", "otto")
    }
    assert found == {"ada": {403}, "cleo": {200}, "dora": {200}, "otto": {404}}


def test_a_manager_knows_who_is_who_and_an_adjudicator_does_not(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    for rest in ("/", "/by/pair/", "/spans/?kind=label"):
        assert NAME.search(seen_by(cast.dora, page(project, rest))), rest
        assert not NAME.search(seen_by(cast.cleo, page(project, rest))), rest
    assert status(cast.dora, page(project, "/?pair=A-B")) == 200
    assert status(cast.cleo, page(project, "/?pair=A-B")) == 403


def test_where_the_project_shows_names_an_adjudicator_knows_too_who_is_who(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    change_conditions(project, by=cast.dora, seen=conditions_seen(project), values={"names_shown": True})
    for rest in ("/", "/by/pair/", "/spans/?kind=label"):
        assert NAME.search(seen_by(cast.cleo, page(project, rest))), rest
    assert not NAME.search(seen_by(cast.cleo, page(project, ".json")))
    assert status(cast.cleo, page(project, "/?pair=A-B")) == 403, "a pair alone is for managers all the same"


def test_what_a_manager_reads_themselves_is_left_out_whole(cast: Cast) -> None:
    """Ada manages and reads: whatever Ben does on her articles, she is told the same."""
    first, second = make_article(TEXT), make_article("The minister spoke. " + TEXT)
    project = make_project(cast, first, second, members=[*cast.members, (cast.ada, "manager")])
    read(project, second, cast.ben, *BEN)
    read(project, second, cast.ada, *ADA)
    begun(project, first, cast.ada)
    before = seen_by(cast.ada, page(project, ".json"))
    told = json.loads(before)
    assert (told["articles"], told["articles_read_once"], told["articles_you_read"]) == (0, 0, 2)
    read(project, first, cast.ben, *BEN)
    assert seen_by(cast.ada, page(project, ".json")) == before
    assert data(cast.dora, project)["articles"] == 1


def test_once_released_a_manager_is_told_of_their_own_articles_too(cast: Cast) -> None:
    article = make_article(TEXT)
    project = make_project(cast, article, members=[*cast.members, (cast.ada, "manager")])
    read(project, article, cast.ada, *ADA)
    read(project, article, cast.ben, *BEN)
    settled(project, article, cast.cleo)
    assert data(cast.ada, project)["articles"] == 0
    release_to_readers(cast.dora, project, article.pk)
    assert data(cast.ada, project)["articles"] == 1


def test_a_submission_is_seen_at_once(cast: Cast) -> None:
    first, second = make_article(TEXT), make_article("Again. " + TEXT)
    project = make_project(cast, first, second)
    for reader, marks in ((cast.ada, ADA), (cast.ben, BEN)):
        read(project, first, reader, *marks)
    read(project, second, cast.ada, *ADA)
    assert (data(cast.dora, project)["articles"], data(cast.dora, project)["articles_read_once"]) == (1, 1)
    read(project, second, cast.ben, *BEN)
    assert (data(cast.dora, project)["articles"], data(cast.dora, project)["articles_read_once"]) == (2, 0)


def test_a_reading_that_went_back_does_not_count_until_it_is_in_again(cast: Cast) -> None:
    article = make_article(TEXT)
    project = make_project(cast, article)
    read(project, article, cast.ada, *ADA)
    reading = read(project, article, cast.ben, *BEN)
    assert estimate(cast.dora, project, "f1_exact") == pytest.approx(0.4)
    returned = Assignment.objects.select_related("project__chain").get(annotation_set=reading)
    send_back(returned, by=cast.dora, reason="The union is missing")
    assert data(cast.dora, project)["articles"] == 0
    mark(reading, cast.ben, "The union", "ACTOR")
    submitted(reading, cast.ben)
    assert estimate(cast.dora, project, "f1_exact") == pytest.approx(2 / 3)


def test_gold_is_no_reader(cast: Cast) -> None:
    article = make_article(TEXT)
    project = read_twice(cast, article)
    settled(project, article, cast.cleo)
    assert AnnotationSet.objects.filter(project=project, voice="gold").exists()
    assert data(cast.dora, project)["readers"] == ["A", "B"]


def test_people_who_left_are_still_counted(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    deactivate(cast.ada, by=cast.root)
    assert data(cast.dora, project)["articles"] == 1


def test_what_becomes_furniture_is_not_counted_any_more(cast: Cast) -> None:
    article = make_article(TEXT)
    project = read_twice(cast, article)
    second_line = article.regions.get(paragraph=1)
    correct_regions(article, by=cast.dora, kinds={second_line.pk: (second_line.kind, "boilerplate")})
    assert estimate(cast.dora, project, "f1_touching") == 1
    assert "page furniture with 1 span in it" in seen_by(cast.dora, page(project))


def test_nothing_read_yet_is_said_with_the_next_step(cast: Cast) -> None:
    article = make_article(TEXT)
    project = make_project(cast, article)
    assert "Nothing has been read twice yet." in seen_by(cast.dora, page(project))
    read(project, article, cast.ada, *ADA)
    told = seen_by(cast.dora, page(project))
    assert "1 article has one reading so far." in told and f'href="/projects/{project.slug}/"' in told
    assert f'href="/projects/{project.slug}/settle/"' in seen_by(cast.cleo, page(project))
    assert data(cast.dora, project)["figures"] == []
    assert seen_by(cast.dora, page(project, ".csv")).count("\r\n") == 1
    for rest in ("/by/pair/", "/spans/?kind=label&one=CLAIM", "/answers/STANCE.polarity/"):
        assert status(cast.dora, page(project, rest)) == 200


def test_one_reader_an_article_is_told_to_leave_nothing_to_compare(cast: Cast) -> None:
    project = make_project(cast, make_article(TEXT), redundancy=1)
    assert "This project asks for one reader an article" in seen_by(cast.dora, page(project))


def test_readers_who_marked_nothing_are_told_so(cast: Cast) -> None:
    article = make_article(TEXT)
    project = make_project(cast, article)
    for reader in (cast.ada, cast.ben):
        read(project, article, reader)
    told = seen_by(cast.dora, page(project))
    assert "No spans." in told and "Undefined: no variation." in told and "Undefined: nothing was coded twice." in told


def test_a_withdrawn_text_is_counted_but_not_shown(cast: Cast) -> None:
    article = make_article(TEXT)
    project = read_twice(cast, article)
    withdraw_article(article, by=cast.root)
    assert estimate(cast.dora, project, "f1_exact") == pytest.approx(0.4)
    told = seen_by(cast.dora, page(project, "/spans/?kind=label&one=CLAIM"))
    assert "The text was withdrawn." in told and "rejected" not in told


def test_articles_can_be_chosen_by_outlet_week_and_pair(cast: Cast) -> None:
    readers = [cast.ada, cast.ben, make_user("eve")]
    project = read_many(cast, readers, 6, spans=4)
    assert data(cast.dora, project, "?outlet=Morning+Post")["articles"] == 2
    assert data(cast.dora, project, "?outlet=")["articles"] == 2
    assert data(cast.dora, project, "?outlet=*&pair=*")["articles"] == 6
    assert data(cast.dora, project, "?week=2024-W45")["articles"] == 6
    assert "Looked at: outlet: Morning Post." in seen_by(cast.dora, page(project, "/?outlet=Morning+Post"))
    assert "Cohen’s κ" in seen_by(cast.dora, page(project, "/?pair=A-B"))
    assert "Cohen’s κ" not in seen_by(cast.dora, page(project))


def test_a_breakdown_has_a_line_for_each_pair_outlet_version_and_week(cast: Cast) -> None:
    readers = [cast.ada, cast.ben, make_user("eve")]
    project = read_many(cast, readers, 6, spans=4)
    lines = {"pair": 3, "outlet": 3, "version": 1, "week": 1}
    for kind, number in lines.items():
        tables = seen_by(cast.dora, page(project, f"/by/{kind}/")).split("<thead>")[1:]
        assert {table.count('scope="row"') for table in tables} == {number}, kind
        headings = [re.sub(r"<[^>]*>", "", table.split("</th>")[0]).strip() for table in tables]
        for heading in ("Found: uα", "Boundary: Same edges", "Label: Krippendorff’s α", "Relations: F1 of relations"):
            assert heading in headings, kind
        assert {"Claim: Kind", "Stance: Polarity"} <= set(headings)
        assert ("Label: Cohen’s κ" in headings) == (kind == "pair")
    rows = list(csv.DictReader(io.StringIO(seen_by(cast.dora, page(project, ".csv?by=outlet")))))
    assert {row["by_value"] for row in rows} == {"Morning Post", "Evening News", ""}
    assert {row["aspect"] for row in rows} == {"found", "boundary", "label", "attributes", "relations"}
    assert all(Counter(row["by_value"] for row in rows)[value] == len(rows) / 3 for value in ("Morning Post", ""))
    fragment = seen_by(cast.dora, page(project, "/by/week/"), **{"HX-Request": "true"})
    assert "<html" not in fragment and "week 45 of 2024" in fragment


@pytest.mark.parametrize(
    "rest",
    [
        "/?outlet=Nobody", "/?week=x", "/?pair=A-Z", "/?pair=B-A", "/?pair=A", "/by/colour/", "/answers/CLAIM.nothing/",
        "/answers/nonsense/", "/spans/", "/spans/?kind=answer&of=CLAIM.nothing", "/spans/?kind=edge&low=x",
        "/spans/?kind=label&start=-1", ".csv?by=colour",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_found(cast: Cast, rest: str) -> None:
    assert status(cast.dora, page(read_twice(cast, make_article(TEXT)), rest)) == 404


def test_each_coefficient_is_there_for_each_kind_of_question(cast: Cast) -> None:
    two = read_many(cast, [cast.ada, cast.ben], 6, spans=8, slug="two")
    three = read_many(cast, [cast.ada, cast.ben, make_user("eve")], 6, spans=8, slug="three")
    of_all = {"f1_exact", "f1_half", "f1_touching", "alpha_u", "alpha_found", "alpha_cu", "alpha_ku", "alpha_value"}
    edges_and_lines = {"same_edges", "same_start", "same_end", "f1_relations"}
    codes = {"alpha_nominal", "alpha_ordinal", "alpha_interval", "percent"}
    for project, more in ((two, {"cohen", "scott"}), (three, {"fleiss"})):
        rows = list(csv.DictReader(io.StringIO(seen_by(cast.dora, page(project, ".csv")))))
        assert {row["coefficient"] for row in rows} == of_all | edges_and_lines | codes | more
        of_polarity = {row["coefficient"] for row in rows if row["of"] == "STANCE.polarity"}
        assert of_polarity == {"alpha_nominal", "alpha_ordinal", "percent", "alpha_value"} | more
        answers = {row["answer"] for row in rows if row["of"] == "CLAIM.kind" and row["coefficient"] == "alpha_value"}
        assert {"fact", "figure"} <= answers
        assert {row["of"] for row in rows if row["coefficient"] == "alpha_ku"} == {"CLAIM", "ACTOR", "STANCE"}


def test_from_nothing_the_page_comes_first_and_its_figures_after(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PATIENCE", 1)
    project = read_many(cast, [cast.ada, cast.ben], 3, spans=4)
    waiting = seen_by(cast.dora, page(project, "/?outlet=*"))
    assert "Comparing what was read in 3 articles." in waiting and "<h2>Found</h2>" not in waiting
    assert f'hx-get="{page(project, "/?outlet=*")}"' in waiting
    without_scripts = re.search(r'href="([^"]*wait=1)"', waiting)
    assert without_scripts and "<h2>Found</h2>" in seen_by(cast.dora, without_scripts[1])
    kept.forget()
    figures = seen_by(cast.dora, page(project), **{"HX-Request": "true"})
    assert figures.startswith("<div data-renew") and "<html" not in figures
    assert "<h2>Found</h2>" in seen_by(cast.dora, page(project))


def test_one_more_submission_costs_one_more_article(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = read_many(cast, [cast.ada, cast.ben], 5, spans=4)
    before = data(cast.dora, project)
    worked: list[int] = []
    work = kept.worked
    monkeypatch.setattr(kept, "worked", lambda *given: worked.append(1) or work(*given))
    assert data(cast.dora, project) == before
    article = Article.objects.filter(project_articles__project=project, annotation_sets__isnull=False).first()
    assert article is not None and not worked
    hand_in_again(project, article, cast.ada)
    data(cast.dora, project)
    assert len(worked) == 1


def test_what_is_kept_opens_no_door(cast: Cast) -> None:
    """Dora has looked; then Cleo gets a place on one of the articles, and that is gone for her."""
    first, second = make_article(TEXT), make_article("Again. " + TEXT)
    project = make_project(cast, first, second, members=[*cast.members, (cast.cleo, "reviewer")])
    for article in (first, second):
        read(project, article, cast.ada, *ADA)
        read(project, article, cast.ben, *BEN)
    assert data(cast.dora, project)["articles"] == data(cast.cleo, project)["articles"] == 2
    assign(project, second, by=cast.dora, reviewer=cast.cleo)
    assert (data(cast.cleo, project)["articles"], data(cast.cleo, project)["articles_you_read"]) == (1, 1)
    assert "Again" not in seen_by(cast.cleo, page(project, "/spans/?kind=label&one=ACTOR"))


def test_the_number_of_queries_does_not_grow_with_the_articles(cast: Cast) -> None:
    counts = []
    for number, articles in enumerate((3, 12)):
        project = read_many(cast, [cast.ada, cast.ben], articles, spans=3, slug=f"many-{number}")
        client = Client()
        client.force_login(cast.dora)
        client.get(page(project))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(page(project))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14


def test_weeks_are_those_of_the_last_reading(cast: Cast) -> None:
    project = read_twice(cast, make_article(TEXT))
    last = Submission.objects.latest("submitted_at").submitted_at
    year, week, _ = last.isocalendar()
    assert f"week {week} of {year}" in seen_by(cast.dora, page(project, "/by/week/"))
