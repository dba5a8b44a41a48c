"""The support desk: to look at, and no way round the log or blindness."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from annotator.accounts.models import User
from annotator.log.models import Event
from annotator.workflow.actions import assign, start
from tests.builders import Cast, make_article, make_project, mark, started_set, submitted

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def unmasked(answer: HttpResponse) -> str:
    """The page without its CSRF token, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_articles_can_be_imported_from_their_list(cast: Cast) -> None:
    make_article("Nothing heads this text but its first words.")
    page = client_of(cast.root).get("/admin/corpus/article/").content.decode()
    assert '<a class="addlink" href="/import/">Import articles</a>' in page
    assert "Nothing heads this text" in page
    assert "Add article" not in page


def test_nothing_that_the_log_covers_can_be_written(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    span = mark(started_set(project, cast.ada), cast.ada, "The minister", "ACTOR")
    client = client_of(cast.root)
    rows = {
        "corpus/article": article, "annotator/span": span, "annotator/project": project,
        "annotator/event": Event.objects.first(), "annotator/membership": project.memberships.first(),
    }  # fmt: skip
    for model, row in rows.items():
        page = client.get(f"/admin/{model}/{row.pk}/change/").content.decode()
        assert re.findall(r"<(?:textarea|select)|name=\"_save\"", page) == [], model
        assert client.post(f"/admin/{model}/{row.pk}/change/", {}).status_code == 403
        assert client.post(f"/admin/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(f"/admin/{model}/", {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_name_can_be_put_right_and_nothing_else_of_a_person(cast: Cast) -> None:
    client, path = client_of(cast.root), f"/admin/annotator/user/{cast.ada.pk}/change/"
    sent = {"username": "ada-2", "is_active": "", "is_superuser": "on", "password": "x"}
    assert client.post(path, sent).status_code == 302
    found = User.objects.get(pk=cast.ada.pk)
    assert (found.username, found.is_active, found.is_superuser, found.password) == (
        "ada-2", True, False, cast.ada.password,
    )  # fmt: skip
    assert "password" not in client.get(path).content.decode().split("<fieldset")[1]


def test_the_desk_keeps_to_the_content_policy(cast: Cast) -> None:
    article = make_article()
    make_project(cast, article)
    client = client_of(cast.root)
    for path in ("", "corpus/article/", f"corpus/article/{article.pk}/change/", "annotator/user/", "annotator/event/"):
        page = client.get(f"/admin/{path}").content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)(?![^>]*type=\"text/plain\")", page), path


def test_an_administrator_who_reads_an_article_sees_nothing_of_others_work_on_it(cast: Cast) -> None:
    article, other = make_article(), make_article("The union rejected the offer.")
    project = make_project(cast, article, other, members=[*cast.members, (cast.root, "reviewer")])
    start(assign(project, article, by=cast.dora, reviewer=cast.root), by=cast.root)
    client = client_of(cast.root)
    bens = start(assign(project, article, by=cast.dora, reviewer=cast.ben), by=cast.ben).annotation_set
    before = {path: unmasked(client.get(f"/admin/annotator/{path}/")) for path in ("span", "event")}
    span = mark(bens, cast.ben, "The minister", "ACTOR")
    submitted(bens, cast.ben)
    hidden = Event.objects.filter(chain=bens.chain_id).latest("seq")
    for path, page in before.items():
        assert unmasked(client.get(f"/admin/annotator/{path}/")) == page
    assert client.get(f"/admin/annotator/span/{span.pk}/change/").status_code == 302
    assert client.get(f"/admin/annotator/event/{hidden.pk}/change/").status_code == 302
    assert (
        client_of(cast.root)
        .get(f"/admin/annotator/event/{Event.objects.filter(chain=project.chain_id).first().pk}/change/")
        .status_code
        == 302
    )


def test_there_is_one_sign_in(cast: Cast) -> None:
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
    assert client_of(cast.root).get("/admin/password_change/")["Location"] == "/account/password/"
