"""A project's rules, its offers and its progress on screen, told as small stories."""

import datetime
import json
import re
from typing import Any

import pytest
from django.test import Client

from annotator.accounts.models import User
from annotator.projects.models import Membership, Project
from annotator.workflow.actions import assign, decline, start
from annotator.workflow.conditions import change_conditions, conditions_seen, set_allowances
from annotator.workflow.history import Filter, places_page, spans_page, work_for
from annotator.workflow.lapsing import release_stale
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.annotator.workflow.campaigns import texts
from tests.builders import Cast, make_article, make_project, mark, settled, started_set, submitted

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user: User, path: str, **query: Any) -> str:
    answer = client_of(user).get(path, query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def read(project: Project, user: User, *quotes: str) -> None:
    at_work = started_set(project, user)
    for quote in quotes:
        mark(at_work, user, quote, "ACTOR")
    submitted(at_work, user)


# Settings


def rules(project: Project, **values: Any) -> dict[str, Any]:
    kept = {"redundancy": project.redundancy, "share": project.share, "seen": conditions_seen(project)}
    return {**kept, **values}


def test_a_manager_sets_the_rules_of_a_project(cast: Cast) -> None:
    project = make_project(cast, *texts(3))
    path = f"/projects/{project.slug}/settings/"
    assert 'name="redundancy" value="2"' in page_of(cast.dora, path)
    sent = rules(project, redundancy=3, another_below=80, readers_most=4, release_after=14, majority=2,
                 boundary="longest", attributes="on")  # fmt: skip
    answer = client_of(cast.dora).post(path, sent, follow=True)
    assert "The settings are kept. 3 places were opened." in answer.content.decode()
    fresh = Project.objects.get(pk=project.pk)
    assert (fresh.redundancy, fresh.another_below, fresh.readers_most, fresh.release_after) == (3, 80, 4, 14)
    assert fresh.settling == {"majority": 2, "boundary": "longest", "attributes": "majority"}
    page = page_of(cast.dora, path)
    assert 'name="majority" value="2"' in page and '<option value="longest" selected>' in page


def test_a_manager_switches_suggestions_off_for_all_or_for_a_share(cast: Cast) -> None:
    project = make_project(cast, *texts(1))
    path = f"/projects/{project.slug}/settings/"
    assert 'name="suggestions" id="id_suggestions" checked' in page_of(cast.dora, path)
    client_of(cast.dora).post(path, rules(project, suggestions="on", suggestions_share=40))
    project.refresh_from_db()
    assert (project.suggestions, project.suggestions_share) == (True, 40)
    client_of(cast.dora).post(path, rules(project))  # not ticked, no share given
    project.refresh_from_db()
    assert (project.suggestions, project.suggestions_share) == (False, 100)
    answer = client_of(cast.dora).post(path, rules(project, suggestions_share=101))
    assert answer.status_code == 422


def test_a_manager_has_names_shown_as_a_recorded_act(cast: Cast) -> None:
    project = make_project(cast, *texts(1))
    path = f"/projects/{project.slug}/settings/"
    assert not project.names_shown, "nobody is named unless somebody says so"
    assert client_of(cast.cleo).post(path, rules(project, names_shown="on")).status_code == 403
    assert client_of(cast.dora).post(path, rules(project, names_shown="on")).status_code == 302
    project.refresh_from_db()
    assert project.names_shown
    told = [json.loads(body) for body in project.chain.events.order_by("seq").values_list("body", flat=True)]
    act = next(one for one in told if one["action"] == "change_conditions")
    assert (act["by"], act["changes"][0]["after"]["names_shown"]) == (str(cast.dora.pk), True)


def test_fewer_readers_are_said_to_close_places(cast: Cast) -> None:
    project = make_project(cast, *texts(1))
    answer = client_of(cast.dora).post(f"/projects/{project.slug}/settings/", rules(project, redundancy=1), follow=True)
    assert "1 place was closed." in answer.content.decode()


def test_what_a_manager_reads_is_in_no_count_of_places(cast: Cast) -> None:
    project = make_project(cast, *texts(2), members=[*cast.members, (cast.dora, "reviewer")])
    started_set(project, cast.dora)
    path = f"/projects/{project.slug}/settings/"
    answer = client_of(cast.dora).post(path, rules(project, redundancy=3), follow=True)
    assert "1 place was opened." in answer.content.decode()
    assert Assignment.objects.filter(project=project).count() == 6


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"redundancy": 0}, "greater than or equal to 1"),
        ({"redundancy": ""}, "This field is required"),
        ({"another_below": 80}, "One more reader needs both"),
        ({"another_below": 80, "readers_most": 2}, "This must be more than the readers"),
        ({"boundary": "widest"}, "Select a valid choice"),
        ({"seen": "an older page"}, "Someone else changed these settings"),
    ],
)
def test_rules_that_make_no_sense_are_said_beside_them(cast: Cast, values: dict[str, Any], words: str) -> None:
    project = make_project(cast)
    answer = client_of(cast.dora).post(f"/projects/{project.slug}/settings/", rules(project, **values))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Project.objects.get(pk=project.pk).redundancy == 2


def test_a_manager_sets_quotas_and_dates(cast: Cast) -> None:
    project = make_project(cast)
    ada, ben = (Membership.objects.get(project=project, user=user) for user in (cast.ada, cast.ben))
    path = f"/projects/{project.slug}/settings/readers/"
    sent = {f"{ada.pk}-quota": "20", f"{ada.pk}-due_on": "2030-05-01", f"{ben.pk}-quota": "", f"{ben.pk}-due_on": ""}
    answer = client_of(cast.dora).post(path, sent, follow=True)
    assert "Kept for 1 reader." in answer.content.decode()
    ada.refresh_from_db()
    assert (ada.quota, ada.due_on) == (20, datetime.date(2030, 5, 1))
    assert "1 May 2030" in page_of(cast.dora, f"/projects/{project.slug}/")
    assert "Nothing changed." in client_of(cast.dora).post(path, sent, follow=True).content.decode()


def test_a_quota_that_is_no_number_is_said_beside_it(cast: Cast) -> None:
    project = make_project(cast)
    ada = Membership.objects.get(project=project, user=cast.ada)
    path = f"/projects/{project.slug}/settings/readers/"
    answer = client_of(cast.dora).post(path, {f"{ada.pk}-quota": "-3", f"{ada.pk}-due_on": "tomorrow"})
    assert answer.status_code == 422
    assert "Enter a valid date" in answer.content.decode()


def test_a_reader_past_the_date_with_work_in_hand_is_shown_as_late(cast: Cast) -> None:
    project = make_project(cast)
    held = Membership.objects.get(project=project, user=cast.ada)
    set_allowances(project, by=cast.dora, values={held: (None, datetime.date(2020, 1, 1))})
    assert ">late<" not in page_of(cast.dora, f"/projects/{project.slug}/")
    started_set(project, cast.ada)
    assert ">late<" in page_of(cast.dora, f"/projects/{project.slug}/")


# Offering


def test_a_manager_sees_what_an_offer_would_do_and_then_makes_it(cast: Cast) -> None:
    project = make_project(cast, *texts(4, outlet="Le Temps"), make_article("Another.", outlet="The Times"))
    path = f"/projects/{project.slug}/offer/"
    sent = {"readers": [cast.ada.pk, cast.ben.pk], "outlet": "Le Temps", "number": 50, "each": 1}
    page = page_of(cast.dora, path, **sent)
    assert "4 offers of 4 articles; 4 fit the choice." in page
    assert not Assignment.objects.filter(state="offered").exists()
    hidden = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page)
    copied: dict[str, list[str]] = {}
    for name, value in hidden:
        copied.setdefault(name, []).append(value)
    copied.pop("csrfmiddlewaretoken")
    answer = client_of(cast.dora).post(path, copied, follow=True)
    assert "4 offers of 4 articles." in answer.content.decode()
    assert Assignment.objects.filter(state="offered", reviewer=cast.ada).count() == 2


def test_an_offer_to_nobody_is_refused(cast: Cast) -> None:
    project = make_project(cast)
    answer = client_of(cast.dora).get(f"/projects/{project.slug}/offer/", {"number": 50, "each": 1})
    assert answer.status_code == 422
    assert "Choose at least one." in answer.content.decode()


@pytest.mark.parametrize("values", [{"readers": "x"}, {"number": 0}, {"each": 99}, {"stage": "gold"}, {"outlet": "?"}])
def test_an_offer_that_makes_no_sense_is_refused(cast: Cast, values: dict[str, Any]) -> None:
    project = make_project(cast)
    sent = {"readers": [cast.ada.pk], "number": 50, "each": 1, **values}
    for answer in (client.get for client in [client_of(cast.dora)]), (client.post for client in [client_of(cast.dora)]):
        assert next(answer)(f"/projects/{project.slug}/offer/", sent).status_code == 422


def test_an_offer_without_takers_says_why(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    start(assign(project, article, by=cast.dora, reviewer=cast.ada), by=cast.ada)
    page = page_of(cast.dora, f"/projects/{project.slug}/offer/", readers=cast.ada.pk, number=50, each=1)
    assert "none of these readers can take one" in page
    page = page_of(
        cast.dora, f"/projects/{project.slug}/offer/", readers=cast.ada.pk, number=50, each=1, stage="settling"
    )
    assert "No article fits the choice" in page


# The reviewer's side


def test_the_queue_says_quota_and_date_and_why_nothing_is_left(cast: Cast) -> None:
    project = make_project(cast, *texts(2))
    held = Membership.objects.get(project=project, user=cast.ada)
    set_allowances(project, by=cast.dora, values={held: (1, datetime.date(2030, 5, 1))})
    read(project, cast.ada)
    page = page_of(cast.ada, f"/projects/{project.slug}/queue/")
    assert "1 article at most" in page and "1 May 2030" in page
    answer = client_of(cast.ada).post(f"/projects/{project.slug}/next/", follow=True)
    assert "You have read as many articles as were asked of you." in answer.content.decode()


def test_work_that_went_back_can_be_taken_again_from_the_queue(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(cast, redundancy=1)
    change_conditions(project, by=cast.dora, seen=conditions_seen(project), values={"release_after": 3})
    at_work = started_set(project, cast.ada)
    now = datetime.datetime.now(datetime.UTC)
    for days in (4, 8):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now + datetime.timedelta(days=days))
        release_stale(project)
        page = page_of(cast.ada, f"/projects/{project.slug}/queue/")
        path = re.search(r'action="(/assignments/[^"]+/take-again/)"', page)
        assert path is not None
        if days == 4:
            assert client_of(cast.ada).post(path[1])["Location"] == f"/sets/{at_work.pk}/"
    started_set(project, cast.ben)
    assert "others read it now" in page_of(cast.ada, f"/projects/{project.slug}/queue/")
    assert client_of(cast.ada).post(path[1]).status_code == 409


@pytest.mark.parametrize("number", [2, 9])
def test_the_queue_asks_as_many_questions_for_many_articles_as_for_few(
    cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    project = make_project(cast, *(make_article(f"No title here, number {place}.") for place in range(number)))
    for _ in range(number):
        read(project, cast.ada)
    client = client_of(cast.ada)
    client.get("/")
    with django_assert_num_queries(9):
        assert client.get(f"/projects/{project.slug}/queue/").status_code == 200


# How far the work is


def test_progress_shows_days_a_forecast_and_labels_each_with_what_it_counts(cast: Cast) -> None:
    project = make_project(cast, *texts(4))
    read(project, cast.ada, "The minister")
    read(project, cast.ben, "The minister")
    page = page_of(cast.dora, f"/projects/{project.slug}/progress/")
    today = datetime.datetime.now(datetime.UTC).date()
    assert "2 of 8" in page and "the last of 6 readings still wanted" in page
    for path, count in ((f"places/?day={today}", 2), ("spans/?label=ACTOR", 2)):
        assert f'href="/projects/{project.slug}/{path}">{count}</a>' in page
        assert page_of(cast.dora, f"/projects/{project.slug}/{path}").count("<li>") == count


def test_the_projects_page_asks_for_the_picture_and_gets_a_fragment(cast: Cast) -> None:
    project = make_project(cast)
    assert f'hx-get="/projects/{project.slug}/progress/"' in page_of(cast.dora, f"/projects/{project.slug}/")
    answer = client_of(cast.dora).get(f"/projects/{project.slug}/progress/", headers={"HX-Request": "true"})
    assert b"<html" not in answer.content and b"Nothing was handed in yet" in answer.content


def test_a_reviewer_sees_their_own_work_and_nothing_of_others(cast: Cast) -> None:
    project = make_project(cast, *texts(3))
    read(project, cast.ada, "The minister")
    before = [page_of(cast.ada, f"/projects/{project.slug}/{path}/") for path in ("progress", "places", "spans")]
    read(project, cast.ben, "The minister")
    started_set(project, cast.ben)
    after = [page_of(cast.ada, f"/projects/{project.slug}/{path}/") for path in ("progress", "places", "spans")]
    assert [without_token(page) for page in before] == [without_token(page) for page in after]
    assert "ben" not in "".join(after)
    assert page_of(cast.ada, f"/projects/{project.slug}/places/", reader=cast.ben.pk).count("<li>") == 0
    assert page_of(cast.ada, f"/projects/{project.slug}/spans/", gold="1").count("<li>") == 0


def without_token(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]*"', "", page)


def test_what_a_manager_reads_is_in_no_picture_and_no_list(cast: Cast) -> None:
    project = make_project(cast, make_article(), members=[*cast.members, (cast.dora, "reviewer")])
    started_set(project, cast.dora)
    paths = [f"/projects/{project.slug}/{path}/" for path in ("progress", "places", "spans")]
    before = [without_token(page_of(cast.dora, path)) for path in paths]
    read(project, cast.ada, "The minister")
    assert [without_token(page_of(cast.dora, path)) for path in paths] == before
    assert "Number" not in "".join(before)


def test_each_number_of_the_projects_page_opens_what_it_counts(cast: Cast) -> None:
    project = make_project(cast, *texts(5))
    read(project, cast.ada)
    read(project, cast.ada)
    started_set(project, cast.ben)
    decline(Assignment.objects.get(state="started"), by=cast.ben, reason="Too long")
    started_set(project, cast.ben)
    assign(project, Article.objects.exclude(assignments__reviewer=cast.ben).first(), by=cast.dora, reviewer=cast.ben)
    page = page_of(cast.dora, f"/projects/{project.slug}/")
    links = re.findall(r'href="([^"]+/(?:places|articles)/\?[^"]+)">(\d+)</a>', page)
    assert len(links) >= 6
    for path, count in links:
        assert page_of(cast.dora, path.replace("&amp;", "&")).count("<li>") == int(count), path


def test_gold_is_counted_and_listed_too(cast: Cast) -> None:
    project = make_project(cast)
    read(project, cast.ada, "The minister")
    read(project, cast.ben, "The minister")
    settled(project, project.project_articles.get().article, cast.cleo)
    page = page_of(cast.dora, f"/projects/{project.slug}/progress/")
    assert f'href="/projects/{project.slug}/articles/?stage=gold">1</a> gold' in page
    assert page_of(cast.dora, f"/projects/{project.slug}/articles/", stage="gold").count("<li>") == 1
    assert f'href="/projects/{project.slug}/spans/?label=ACTOR&amp;gold">1</a>' in page
    assert page_of(cast.dora, f"/projects/{project.slug}/spans/", label="ACTOR", gold="").count("<li>") == 1


def test_a_list_of_spans_says_labels_as_the_codebook_names_them(cast: Cast) -> None:
    project = make_project(cast)
    read(project, cast.ada, "The minister")
    page = page_of(cast.dora, f"/projects/{project.slug}/spans/")
    assert "Actor ·" in page and "ACTOR" not in page


def test_empty_lists_say_what_would_fill_them(cast: Cast) -> None:
    project = make_project(cast)
    assert "when a reading is handed in" in page_of(cast.dora, f"/projects/{project.slug}/spans/")
    places, adding = f"/projects/{project.slug}/places/", f'href="/projects/{project.slug}/articles/add/"'
    assert adding not in page_of(cast.dora, places, state="sent_back")
    project.assignments.all().delete()
    assert adding in page_of(cast.dora, places)


def test_readings_that_are_not_handed_in_are_not_counted(cast: Cast) -> None:
    project = make_project(cast)
    mark(started_set(project, cast.ada), cast.ada, "The minister", "ACTOR")
    assert page_of(cast.dora, f"/projects/{project.slug}/spans/").count("<li>") == 0
    assert "Nothing was handed in yet" in page_of(cast.dora, f"/projects/{project.slug}/progress/")


def test_lists_go_on_from_page_to_page_without_gap_or_repetition(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.workflow.history.PAGE", 2)
    project = make_project(cast, *texts(3))
    for user in (cast.ada, cast.ben):
        for _ in range(3):
            read(project, user, "The minister", "times")
    work = work_for(cast.dora, project)
    for pages, total in ((places_page, 6), (spans_page, 12)):
        seen, after = [], ""
        for _ in range(total):
            rows, after = pages(work, Filter(after=after))
            seen += [row.pk for row in rows]
            if not after:
                break
        assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize(
    "query", ["state=x", "reader=x", "day=x", "label=%00", "after=x", "after=9:x", "day=2026-02-31"]
)
def test_an_address_that_makes_no_sense_breaks_nothing(cast: Cast, query: str) -> None:
    project = make_project(cast)
    for path in ("places", "spans"):
        assert client_of(cast.dora).get(f"/projects/{project.slug}/{path}/?{query}").status_code == 200


@pytest.mark.parametrize("number", [2, 7])
def test_no_page_asks_more_questions_for_more_articles(cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    project = make_project(cast, *(make_article(f"The minister said {place}.") for place in range(number)))
    for user in (cast.ada, cast.ben):
        for _ in range(number):
            read(project, user, "The minister")
    client = client_of(cast.dora)
    client.get("/")
    for path, queries in (("settings/", 7), ("offer/", 8), ("progress/", 10), ("places/", 7), ("spans/", 7)):
        with django_assert_num_queries(queries):
            client.get(f"/projects/{project.slug}/{path}")
