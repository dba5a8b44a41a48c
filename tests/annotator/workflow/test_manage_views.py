"""The manager's pages, told as small stories."""

import pytest
from django.test import Client

from annotator.accounts.models import User
from annotator.projects.models import Membership, Project
from annotator.projects.people import create_user
from annotator.workflow.actions import assign
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.builders import Cast, make_article, make_codebook, make_project, started_set, submitted

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_first_page_of_somebody_without_a_role_says_what_to_do(cast: Cast) -> None:
    assert b"You are not in a project yet" in client_of(cast.otto).get("/").content
    assert b"New project" in client_of(cast.root).get("/").content


def test_an_administrator_starts_a_project_with_articles_and_people(cast: Cast) -> None:
    article, codebook = make_article(title="Talks go on"), make_codebook()
    client = client_of(cast.root)
    page = client.get("/projects/new/").content.decode()
    assert "Talks go on" in page
    sent = {
        "name": "Ceasefire talks", "label_set": codebook.pk, "redundancy": 2, "articles": [article.pk],
        "roles": [f"{cast.ada.pk} reviewer", f"{cast.cleo.pk} adjudicator", f"{cast.dora.pk} manager"],
    }  # fmt: skip
    assert client.post("/projects/new/", sent)["Location"] == "/projects/ceasefire-talks/"
    project = Project.objects.get(slug="ceasefire-talks")
    assert set(project.memberships.values_list("user__username", "role")) == {
        ("ada", "reviewer"), ("cleo", "adjudicator"), ("dora", "manager"),
    }  # fmt: skip
    assert Assignment.objects.filter(project=project, state="free").count() == 2


def test_filtering_articles_starts_no_project_and_keeps_what_was_ticked(cast: Cast) -> None:
    article, _ = make_article(title="Talks go on"), make_article(title="Weather")
    client = client_of(cast.root)
    sent = {"name": "T", "words": "talks", "filter": "", "articles": [article.pk], "roles": [f"{cast.ada.pk} reviewer"]}
    answer = client.post("/projects/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Talks go on" in page
    assert "Weather" not in page
    assert page.count(" checked") == 2
    assert not Project.objects.exists()


def test_a_taken_name_is_said_beside_the_name(cast: Cast) -> None:
    make_project(cast, slug="talks")
    answer = client_of(cast.root).post(
        "/projects/new/", {"name": "Talks", "label_set": make_codebook().pk, "redundancy": 2}
    )
    assert answer.status_code == 422
    assert "There is a project with the address “talks” already" in answer.content.decode()


def test_a_manager_adds_articles_from_the_corpus(cast: Cast) -> None:
    project = make_project(cast)
    first, second = make_article(title="Talks go on"), make_article(title="Talks end")
    client, path = client_of(cast.dora), f"/projects/{project.slug}/articles/add/"
    assert b"Talks end" in client.get(path, {"words": "end"}).content
    assert client.post(path, {"articles": [first.pk]})["Location"] == f"/projects/{project.slug}/articles/"
    client.post(path, {"words": "end", "all": "on"})
    assert set(project.project_articles.values_list("article", flat=True)) >= {first.pk, second.pk}
    assert client.post(path, {})["Location"] == path


def test_nul_in_a_filter_finds_nothing_and_breaks_nothing(cast: Cast) -> None:
    project = make_project(cast)
    assert client_of(cast.dora).get(f"/projects/{project.slug}/articles/add/?words=%00x").status_code == 200


def test_a_manager_gives_and_takes_roles(cast: Cast) -> None:
    project = make_project(cast)
    client, path = client_of(cast.dora), f"/projects/{project.slug}/members/"
    assert client.post(path, {"username": "otto", "role": "reviewer"})["Location"] == path
    held = Membership.objects.get(project=project, user=cast.otto)
    started_set(project, cast.otto)
    answer = client.post(f"{path}{held.pk}/end/", follow=True)
    assert b"1 article in their hands went back to the others" in answer.content
    assert not Membership.objects.filter(pk=held.pk).exists()


def test_a_manager_cannot_invite_and_an_administrator_can(cast: Cast) -> None:
    project = make_project(cast)
    path, sent = f"/projects/{project.slug}/members/", {"username": "eve", "role": "reviewer", "invite": ""}
    assert client_of(cast.dora).post(path, sent).status_code == 422
    assert not User.objects.filter(username="eve").exists()
    page = client_of(cast.root).post(path, sent)
    assert b"/set-password/" in page.content
    assert Membership.objects.filter(project=project, user__username="eve", role="reviewer").exists()


def test_a_name_that_is_nobodys_is_said_beside_the_name(cast: Cast) -> None:
    project = make_project(cast)
    answer = client_of(cast.dora).post(f"/projects/{project.slug}/members/", {"username": "eve", "role": "reviewer"})
    assert answer.status_code == 422
    assert "There is nobody called “eve” here" in answer.content.decode()


def test_a_manager_who_ends_their_own_role_lands_on_the_start_page(cast: Cast) -> None:
    project = make_project(cast)
    held = Membership.objects.get(project=project, user=cast.dora)
    assert client_of(cast.dora).post(f"/projects/{project.slug}/members/{held.pk}/end/")["Location"] == "/"


def test_a_manager_offers_takes_back_and_sends_back(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    client, path = client_of(cast.dora), f"/projects/{project.slug}/articles/{article.pk}/"
    assert client.post(f"{path}assign/", {"reviewer": cast.ada.pk})["Location"] == f"{path}readers/"
    offered = Assignment.objects.get(reviewer=cast.ada)
    client.post(f"/assignments/{offered.pk}/withdraw/", {"reason": "Away"})
    done = started_set(project, cast.ben)
    submitted(done, cast.ben)
    handed_in = Assignment.objects.get(annotation_set=done)
    assert client.post(f"/assignments/{handed_in.pk}/send-back/", {"reason": " "}).status_code == 422
    client.post(f"/assignments/{handed_in.pk}/send-back/", {"reason": "Look at line two"})
    page = client.get(f"{path}readers/").content.decode()
    assert "Look at line two" in page
    assert "Away" in page
    assert {row.state for row in Assignment.objects.filter(project=project)} == {"withdrawn", "sent_back", "free"}


@pytest.mark.parametrize("chosen", ["otto", "nobody"])
def test_an_article_is_offered_to_reviewers_of_the_project_alone(cast: Cast, chosen: str) -> None:
    article = make_article()
    project = make_project(cast, article)
    someone = cast.otto.pk if chosen == "otto" else ""
    path = f"/projects/{project.slug}/articles/{article.pk}/assign/"
    assert client_of(cast.dora).post(path, {"reviewer": someone}).status_code == 422


def test_a_manager_who_reads_the_article_is_told_and_may_do_nothing_about_its_other_readers(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article, members=[*cast.members, (cast.dora, "reviewer")])
    assign(project, article, by=cast.root, reviewer=cast.dora)
    bens = assign(project, article, by=cast.root, reviewer=cast.ben)
    client, path = client_of(cast.dora), f"/projects/{project.slug}/articles/{article.pk}/"
    page = client.get(f"{path}readers/").content.decode()
    assert "You read this article yourself" in page
    assert "ben" not in page
    assert client.post(f"{path}assign/", {"reviewer": cast.ada.pk}).status_code == 403
    assert client.post(f"/assignments/{bens.pk}/withdraw/").status_code == 404


def test_a_text_is_withdrawn_only_when_it_is_meant(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    client, path = client_of(cast.dora), f"/projects/{project.slug}/articles/{article.pk}/"
    assert client.post(f"{path}withdraw/").status_code == 422
    assert Article.objects.get(pk=article.pk).text
    answer = client.post(f"{path}withdraw/", {"confirm": "on"}, follow=True)
    assert b"This text was withdrawn" in answer.content
    assert not Article.objects.get(pk=article.pk).text


def test_an_administrator_lets_somebody_go_and_back_in(cast: Cast) -> None:
    project = make_project(cast)
    started_set(project, cast.ada)
    client, path = client_of(cast.root), f"/people/{cast.ada.pk}/"
    answer = client.post(f"{path}deactivate/", follow=True)
    assert b"1 article in their hands went back to the others" in answer.content
    assert b"Deactivated" in answer.content
    assert client.post(f"{path}link/").status_code == 422
    client.post(f"{path}reactivate/")
    assert b"/set-password/" in client.post(f"{path}link/").content


def test_the_readers_box_on_the_articles_page_is_a_fragment(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    path = f"/projects/{project.slug}/articles/{article.pk}/readers/"
    assert b"<html" not in client_of(cast.dora).get(path, headers={"HX-Request": "true"}).content
    assert b"<html" in client_of(cast.dora).get(path).content


def test_an_article_of_another_project_is_unknown(cast: Cast) -> None:
    project, other = make_project(cast), make_article("Elsewhere.")
    client = client_of(cast.dora)
    for page in ("", "readers/"):
        assert client.get(f"/projects/{project.slug}/articles/{other.pk}/{page}").status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_no_page_asks_more_questions_for_more_articles(
    cast: Cast, number: int, django_assert_max_num_queries: object
) -> None:
    create_user("eve", by=cast.root)
    project = make_project(cast, *(make_article(f"Text {place}.") for place in range(number)))
    started_set(project, cast.ada)
    for path, most in (("", 14), ("articles/", 11), ("members/", 9), ("articles/add/", 9)):
        client = client_of(cast.dora)
        client.get("/livez")
        with django_assert_max_num_queries(most):
            assert client.get(f"/projects/{project.slug}/{path}").status_code == 200
