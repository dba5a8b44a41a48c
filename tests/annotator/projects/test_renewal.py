"""What an open page is told when it asks by itself: nothing while nothing changed, and else its part anew."""

import re
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.agreement import views as agreement_views
from annotator.projects import renewal
from annotator.projects.actions import correct_regions
from annotator.projects.models import Project
from annotator.workflow import manage_views
from annotator.workflow.actions import assign, send_back, start
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.builders import Cast, make_article, make_project, mark, submitted

pytestmark = pytest.mark.django_db

TEXT = "The minister rejected the plan.\nThe union called it a first step."
PAGES = ("/projects/{}/agreement/", "/projects/{}/")


class Open:
    """A page that stays open in somebody's browser."""

    def __init__(self, user: User, address: str) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.seen = self._next(self.client.get(address))

    def ask(self) -> HttpResponse:
        answer = self.client.get(self.seen, headers={"HX-Request": "true", "X-By-Itself": "1"})
        if answer.status_code == 200:
            self.seen = self._next(answer)
        return answer

    def _next(self, answer: HttpResponse) -> str:
        found = re.search(r'data-renew hx-get="([^"]*)"', answer.content.decode())
        assert found, answer.content.decode()[:400]
        return unescape(found[1])


def read(project: Project, article: Article, reader: User) -> Assignment:
    reading = start(assign(project, article, by=None, reviewer=reader), by=reader).annotation_set
    assert reading is not None
    mark(reading, reader, "The minister", "ACTOR")
    submitted(reading, reader)
    return Assignment.objects.select_related("project__chain").get(annotation_set=reading)


@pytest.fixture
def project(cast: Cast) -> Project:
    articles = [make_article(f"{number}. {TEXT}") for number in range(2)]
    project = make_project(cast, *articles)
    for reader in (cast.ada, cast.ben):
        read(project, articles[0], reader)
    return project


def last(project: Project) -> Article:
    return Article.objects.filter(project_articles__project=project).latest("project_articles__position")


@pytest.mark.parametrize("address", PAGES)
def test_while_nothing_changes_the_answer_is_empty(cast: Cast, project: Project, address: str) -> None:
    one = Open(cast.dora, address.format(project.slug))
    answer = one.ask()
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("address", PAGES)
def test_what_was_handed_in_comes_with_the_next_question(cast: Cast, project: Project, address: str) -> None:
    one = Open(cast.dora, address.format(project.slug))
    for reader in (cast.ada, cast.ben):
        read(project, last(project), reader)
        answer = one.ask()
        assert answer.status_code == 200 and b"<html" not in answer.content
        assert one.ask().status_code == 204


def test_asking_while_nothing_changes_computes_nothing(
    cast: Cast, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [Open(cast.dora, address.format(project.slug)) for address in PAGES]
    monkeypatch.setattr(agreement_views, "study_for", None)
    monkeypatch.setattr(manage_views, "progress_for", None)
    for one in pages:
        one.ask()
        with CaptureQueriesContext(connection) as captured:
            assert one.ask().status_code == 204
        assert len(captured) <= 5  # session, person, project, roles, the length of the site's chain


@pytest.mark.parametrize("address", PAGES)
def test_another_process_finds_out_for_itself_that_nothing_changed(cast: Cast, project: Project, address: str) -> None:
    one = Open(cast.dora, address.format(project.slug))
    renewal._digests.clear()
    assert one.ask().status_code == 204


def test_whatever_changes_a_figure_is_noticed(cast: Cast, project: Project) -> None:
    one = Open(cast.dora, PAGES[0].format(project.slug))
    article = Article.objects.filter(project_articles__project=project, annotation_sets__isnull=False).first()
    assert article is not None
    region = article.regions.earliest("start")
    correct_regions(article, by=cast.dora, kinds={region.pk: (region.kind, "boilerplate")})
    assert one.ask().status_code == 200
    handed_in = Assignment.objects.select_related("project__chain").filter(project=project, state="submitted")
    send_back(handed_in[0], by=cast.dora, reason="Look again")
    assert "Nothing has been read twice yet." in one.ask().content.decode()


def test_an_act_that_changes_nothing_on_the_page_is_answered_with_nothing(cast: Cast, project: Project) -> None:
    one = Open(cast.dora, PAGES[0].format(project.slug))
    assign(project, last(project), by=cast.dora, reviewer=cast.ada)
    assert one.ask().status_code == 204


def test_what_others_do_on_articles_that_a_manager_reads_is_no_news_to_them(cast: Cast) -> None:
    article = make_article(TEXT)
    project = make_project(cast, article, members=[*cast.members, (cast.ada, "manager")])
    start(assign(project, article, by=cast.dora, reviewer=cast.ada), by=cast.ada)
    pages = [Open(cast.ada, address.format(project.slug)) for address in PAGES]
    read(project, article, cast.ben)
    assert [one.ask().status_code for one in pages] == [204, 204]


def test_a_choice_has_its_own_answer(cast: Cast, project: Project) -> None:
    every, some = (Open(cast.dora, PAGES[0].format(project.slug) + query) for query in ("", "?pair=A-B"))
    assert every.seen.split("seen=")[1] != some.seen.split("seen=")[1]
    assert (every.ask().status_code, some.ask().status_code) == (204, 204)


def test_a_question_in_the_address_bar_is_answered_with_the_page(cast: Cast, project: Project) -> None:
    one = Open(cast.dora, PAGES[0].format(project.slug))
    assert b"<html" in one.client.get(one.seen).content


def test_no_more_is_remembered_than_there_is_room_for(
    cast: Cast, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "MOST_REMEMBERED", 2)
    for number in range(4):
        Open(cast.dora, PAGES[0].format(project.slug) + f"?wait={number}")
    assert len(renewal._digests) == 2
