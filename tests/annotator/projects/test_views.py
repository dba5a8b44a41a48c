"""One's account and tokens, people, and the facts and regions of an article."""

import json
import uuid

import pytest
from django.test import Client

from annotator.accounts.actions import token_for
from annotator.accounts.models import Token, User
from annotator.log.actions import site_chain
from annotator.log.models import Event
from annotator.projects.actions import correct_article
from corpus.actions import facts_seen
from corpus.models import Article, Region
from tests.builders import Cast, make_article, make_project

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def newest() -> dict[str, object]:
    body: dict[str, object] = json.loads(Event.objects.filter(chain=site_chain()).latest("seq").body)
    return body


# Tokens


def asked(project: object, **values: object) -> dict[str, object]:
    given = {"gesture": uuid.uuid4(), "name": "nightly", "scopes": ["gold:read"], "projects": [project.pk], "days": 30}
    return {**given, **values}


def test_a_token_is_shown_once_and_works(cast: Cast) -> None:
    project, client = make_project(cast), client_of(cast.ada)
    page = client.post("/account/tokens/", asked(project))
    secret = page.content.decode().split('id="secret" readonly value="')[1].split('"')[0]
    assert token_for(secret) == Token.objects.get()
    again = client.get("/account/").content.decode()
    assert "nightly" in again
    assert secret not in again


def test_the_page_offers_only_what_ones_roles_allow(cast: Cast) -> None:
    make_project(cast)
    assert 'value="audit:read"' not in client_of(cast.ada).get("/account/").content.decode()
    assert 'value="audit:read"' in client_of(cast.cleo).get("/account/").content.decode()
    assert 'value="gold:read"' not in client_of(cast.otto).get("/account/").content.decode()


@pytest.mark.parametrize(
    "values", [{"scopes": ["audit:read"]}, {"scopes": []}, {"projects": []}, {"days": 366}, {"days": "x"}, {"name": ""}]
)
def test_a_token_with_too_much_or_too_little_is_refused_on_the_page(cast: Cast, values: dict[str, object]) -> None:
    project = make_project(cast)
    assert client_of(cast.ada).post("/account/tokens/", asked(project, **values)).status_code == 422
    assert not Token.objects.exists()


def test_rights_of_one_project_are_no_rights_in_another(cast: Cast) -> None:
    reading, managing = make_project(cast), make_project(cast, members=[(cast.ada, "manager")])
    client = client_of(cast.ada)
    both = asked(reading, scopes=["audit:read"], projects=[reading.pk, managing.pk])
    answer = client.post("/account/tokens/", both)
    assert answer.status_code == 422
    assert b"do not allow audit:read" in answer.content
    assert client.post("/account/tokens/", {**both, "projects": [managing.pk]}).status_code == 200


def test_a_token_for_somebody_elses_project_is_refused(cast: Cast) -> None:
    project = make_project(cast)
    assert client_of(cast.otto).post("/account/tokens/", asked(project)).status_code == 422


def test_a_form_sent_twice_makes_one_token_and_says_so(cast: Cast) -> None:
    project, client = make_project(cast), client_of(cast.ada)
    sent = asked(project)
    client.post("/account/tokens/", sent)
    assert b"made and shown already" in client.post("/account/tokens/", sent, follow=True).content
    assert Token.objects.count() == 1


def test_a_token_is_ended_by_its_owner(cast: Cast) -> None:
    project, client = make_project(cast), client_of(cast.ada)
    client.post("/account/tokens/", asked(project))
    token = Token.objects.get()
    assert client_of(cast.ben).post(f"/account/tokens/{token.pk}/end/").status_code == 404
    client.post(f"/account/tokens/{token.pk}/end/")
    token.refresh_from_db()
    assert token.revoked_at


# People


def test_an_administrator_invites_and_hands_over_a_link(cast: Cast) -> None:
    page = client_of(cast.root).post("/people/", {"username": "eve"}).content.decode()
    link = page.split('id="secret" readonly value="http://testserver')[1].split('"')[0]
    assert Client().get(link).status_code == 200
    assert not User.objects.get(username="eve").is_superuser


def test_a_taken_name_is_said_beside_the_name(cast: Cast) -> None:
    answer = client_of(cast.root).post("/people/", {"username": "Ada"})
    assert answer.status_code == 422
    assert "There is somebody called “Ada” already" in answer.content.decode()


# Articles


def facts(article: Article, **values: str) -> dict[str, str]:
    names = ("title", "deck", "byline", "outlet", "language", "direction")
    given = {name: getattr(article, name) for name in names}
    return {**given, "published_on": "", "seen": facts_seen(article), **values}


def test_facts_are_corrected_as_a_recorded_act(cast: Cast) -> None:
    article = make_article(title="Old title")
    project = make_project(cast, article)
    path = f"/projects/{project.slug}/articles/{article.pk}/"
    sent = facts(
        article, title="  New\n title ", outlet="The Ledger", published_on="2024-11-10", language="ar", direction="rtl"
    )
    assert client_of(cast.dora).post(f"{path}facts/", sent)["Location"] == path
    article.refresh_from_db()
    assert (article.title, article.outlet, str(article.published_on)) == ("New title", "The Ledger", "2024-11-10")
    assert (article.language, article.direction) == ("ar", "rtl")
    event = newest()
    assert (event["action"], event["by"]) == ("correct_article", str(cast.dora.pk))
    assert "Ledger" not in json.dumps(event), "facts name people; the log holds their digest"


def test_where_a_fact_was_found_is_shown(cast: Cast) -> None:
    article = make_article("BLiTZ, 11 September 2024\nThe minister rejected the plan.")
    Article.objects.filter(pk=article.pk).update(outlet="BLiTZ", stated_at={"outlet": [0, 5]})
    project = make_project(cast, article)
    page = client_of(cast.dora).get(f"/projects/{project.slug}/articles/{article.pk}/").content.decode()
    assert 'Found at <span class="num">0–5</span>: “<span dir="auto">BLiTZ</span>”' in page
    assert page.count("The text does not state it.") == 4


@pytest.mark.parametrize(
    "values", [{"published_on": "yesterday"}, {"language": "english!"}, {"direction": "up"}, {"title": "x" * 1001}]
)
def test_a_fact_that_is_none_is_refused_and_what_was_typed_stays(cast: Cast, values: dict[str, str]) -> None:
    article = make_article()
    project = make_project(cast, article)
    path = f"/projects/{project.slug}/articles/{article.pk}/facts/"
    answer = client_of(cast.dora).post(path, facts(article, byline="By a Writer", **values))
    assert answer.status_code == 422
    assert b"By a Writer" in answer.content
    article.refresh_from_db()
    assert article.byline == ""


def test_a_correction_of_older_facts_shows_both_states(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    sent = facts(article, title="Mine")
    correct_article(article, by=cast.root, facts={"title": "Theirs"})
    client, path = client_of(cast.dora), f"/projects/{project.slug}/articles/{article.pk}/facts/"
    answer = client.post(path, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "It now reads: Theirs" in page
    assert "Mine</textarea>" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post(path, {**sent, "seen": seen}).status_code == 302
    article.refresh_from_db()
    assert article.title == "Mine"


def test_kinds_of_regions_are_corrected_in_one_recorded_act(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    first, second, third = Region.objects.filter(article=article).order_by("start")
    sent = {f"was-{region.pk}": region.kind for region in (first, second, third)}
    sent |= {f"kind-{first.pk}": "title", f"kind-{second.pk}": "boilerplate", f"kind-{third.pk}": third.kind}
    client, path = client_of(cast.dora), f"/projects/{project.slug}/articles/{article.pk}/"
    assert client.post(f"{path}regions/", sent)["Location"] == path
    assert list(Region.objects.filter(article=article).order_by("start").values_list("kind", flat=True)) == [
        "title", "boilerplate", "body",
    ]  # fmt: skip
    assert [change["kind"] for change in newest()["changes"]] == ["region", "region"]
    length = site_chain().length
    client.post(f"{path}regions/", {f"was-{third.pk}": "body", f"kind-{third.pk}": "body"})
    assert site_chain().length == length


@pytest.mark.parametrize(
    ("was", "kind", "status"), [("body", "nonsense", 422), ("caption", "title", 412), ("body", "body", 302)]
)
def test_a_kind_that_is_none_or_was_another_is_refused(cast: Cast, was: str, kind: str, status: int) -> None:
    article = make_article()
    project = make_project(cast, article)
    region = Region.objects.filter(article=article).first()
    sent = {f"was-{region.pk}": was, f"kind-{region.pk}": kind}
    path = f"/projects/{project.slug}/articles/{article.pk}/regions/"
    assert client_of(cast.dora).post(path, sent).status_code == status
    region.refresh_from_db()
    assert region.kind == "body"


def test_a_region_of_another_article_is_left_alone(cast: Cast) -> None:
    article, other = make_article(), make_article("Elsewhere.")
    project = make_project(cast, article)
    region = Region.objects.get(article=other)
    sent = {f"was-{region.pk}": "body", f"kind-{region.pk}": "title"}
    client_of(cast.dora).post(f"/projects/{project.slug}/articles/{article.pk}/regions/", sent)
    region.refresh_from_db()
    assert region.kind == "body"


def test_a_long_text_comes_in_pages_of_regions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.projects.queries.REGIONS", 2)
    article = make_article("One.\nTwo.\nThree.")
    project = make_project(cast, article)
    client, path = client_of(cast.dora), f"/projects/{project.slug}/articles/{article.pk}/"
    first = client.get(path).content.decode()
    assert "?from=10" in first
    assert "Three.</p>" not in first
    assert "Three.</p>" in client.get(path, {"from": "10"}).content.decode()


def test_text_with_markup_in_it_is_shown_as_text(cast: Cast) -> None:
    article = make_article("<script>alert(1)</script> said the minister.", title="<b>Bold</b>")
    project = make_project(cast, article)
    page = client_of(cast.dora).get(f"/projects/{project.slug}/articles/{article.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Bold" not in page
