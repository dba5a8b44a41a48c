"""The log as a page: the same events as the API gives, in words, newest first."""

import json
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.exchange import log_page
from annotator.log.erasure import erase_remark
from annotator.log.models import Event, Remark
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.actions import assign, start
from annotator.workflow.adjudication import release_to_readers
from annotator.workflow.campaign import end_role, withdraw_article
from annotator.workflow.conditions import change_conditions, conditions_seen
from tests.annotator.exchange.stories import tell
from tests.annotator.log.tampering import unguarded
from tests.builders import Cast, flagged, make_article, make_project, mark, started_set, submitted


def page(user: User, project: Project, status: int = 200, **query: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("log", args=[project.slug]), query)
    assert answer.status_code == status
    return re.sub('name="csrf[^>]+>', "", answer.content.decode())


def places(html: str) -> list[str]:
    """The events on a page, in order."""
    return re.findall(r'<li id="e-([^"]+)"', html)


def lines(html: str) -> list[str]:
    """What they say, without markup."""
    return [" ".join(re.sub("<[^>]+>", "", one).split()) for one in re.findall('<p class="what">(.*?)</p>', html)]


def reading(row: ProjectArticle, reader: User) -> AnnotationSet:
    assignment = assign(row.project, row.article, by=None, reviewer=reader)
    return start(assignment, by=reader).annotation_set


def key(event: Event) -> str:
    return f"{event.chain_id}.{event.seq}"


def in_project(project: Project) -> list[Event]:
    return list(Event.objects.filter(log=project.chain_id).order_by("-id"))


def test_every_event_of_the_project_is_there_newest_first(cast: Cast) -> None:
    story = tell(cast)
    found = places(page(cast.dora, story.project))
    assert found == [key(one) for one in in_project(story.project)]
    assert len(found) == Event.objects.exclude(chain__kind="site").count()


def test_what_was_done_is_said_in_words(cast: Cast) -> None:
    story = tell(cast)
    found = lines(page(cast.dora, story.project))
    title = story.article.heading
    for words in (
        f"ada marked an actor in {title}", f"ada marked a stance in {title}", f"ada drew “held by” in {title}",
        f"ben handed in a reading of {title}", f"cleo settled a difference in {title}",
        f"cleo published gold of {title}", "root gave the role of reviewer to ada",
    ):  # fmt: skip
        assert words in found, words


def test_an_event_has_an_address_where_it_is_opened_with_its_body_as_it_was_hashed(cast: Cast) -> None:
    story = tell(cast)
    event = Event.objects.get(chain=story.ada.chain_id, seq=2)
    html = page(cast.dora, story.project, at=key(event))
    assert places(html)[0] == key(event) and html.count("<details open>") == 1
    escaped = event.body.replace("&", "&amp;").replace('"', "&quot;")
    assert f">{escaped}</pre>" in html and event.hash in html and event.previous in html
    assert "fits what is below" in html and "does not fit" not in html


def test_an_event_that_was_changed_afterwards_says_so_on_its_line(cast: Cast) -> None:
    story = tell(cast)
    event = Event.objects.get(chain=story.ada.chain_id, seq=2)
    with unguarded():
        Event.objects.filter(pk=event.pk).update(body=event.body.replace('"label":"ACTOR"', '"label":"CLAIM"'))
    assert page(cast.dora, story.project).count("its hash does not fit") == 1
    with unguarded():
        Event.objects.filter(pk=event.pk).update(body="{", previous="nothing")
    assert page(cast.dora, story.project).count("its hash does not fit") == 1


def test_the_log_is_narrowed_by_who_what_article_and_day(cast: Cast) -> None:
    project = make_project(cast, make_article(title="The plan"), make_article(title="The other plan"))
    own = [reading(row, cast.ada) for row in project.project_articles.all()]
    for one in own:
        mark(one, cast.ada, "The minister", "ACTOR")
    started_set(project, cast.ben)
    events = in_project(project)
    day = str(events[0].day)
    for query, belongs in (
        ({"by": str(cast.ben.pk)}, lambda one: one.by == cast.ben.pk),
        ({"action": "add_span"}, lambda one: one.action == "add_span"),
        ({"by": str(cast.ada.pk), "action": "open_set"}, lambda one: (one.by, one.action) == (cast.ada.pk, "open_set")),
        ({"day": day}, lambda one: True),
        ({"day": "2020-01-01"}, lambda one: False),
    ):  # fmt: skip
        assert places(page(cast.dora, project, **query)) == [key(one) for one in events if belongs(one)], query
    for row in project.project_articles.select_related("article"):
        chains = AnnotationSet.objects.filter(article=row.article).values_list("chain", flat=True)
        wanted = [key(one) for one in events if one.chain_id in set(chains)]
        assert wanted and places(page(cast.dora, project, article=str(row.position))) == wanted


def test_an_article_is_found_by_words_of_its_title(cast: Cast) -> None:
    project = make_project(cast, make_article(title="The plan"), make_article(title="The other plan"))
    started_set(project, cast.ada)
    assert "Which article?" in page(cast.dora, project, article="plan")
    assert "Which article?" not in page(cast.dora, project, article="OTHER")
    assert "No article of the project" in page(cast.dora, project, article="strike")
    assert "No article of the project" in page(cast.dora, project, article="99999999999999999999")


def test_what_cannot_be_read_is_said_at_its_field(cast: Cast) -> None:
    project = make_project(cast)
    for name in ("by", "action", "day"):
        html = page(cast.dora, project, 422, **{name: "x"})
        assert html.count("errorlist") == 1 and not places(html)


def test_pages_follow_one_another_without_gap_or_repeat(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_page, "PAGE", 4)
    story, found, before = tell(cast), [], ""
    while True:
        html = page(cast.dora, story.project, **({"before": before} if before else {}))
        found += places(html)
        older = re.search(r'rel="next" href="\?before=([^"]+)"', html)
        if older is None:
            break
        before = older[1]
    assert found == [key(one) for one in in_project(story.project)]


def test_queries_do_not_grow_with_the_log(cast: Cast) -> None:
    project = make_project(cast, *(make_article(f"Report {number}. The minister left.") for number in range(4)))
    client = Client()
    client.force_login(cast.dora)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert client.get(reverse("log", args=[project.slug])).status_code == 200
        return len(counted)

    own = started_set(project, cast.ada)
    mark(own, cast.ada, "The minister", "ACTOR")
    queries()  # what is read once a process
    few = queries()
    for row in project.project_articles.exclude(article=own.article):
        mark(reading(row, cast.ben), cast.ben, "The minister", "CLAIM")
    assert queries() == few <= 20


def test_every_way_through_the_log_has_an_index(cast: Cast) -> None:
    """As the engine itself says it would go: no filter sorts, and none reads the table from end to end."""
    project = make_project(cast)
    log = log_page.Log(cast.dora, project)
    for wanted, index in (
        (log_page.Wanted(), "events_of_log"),
        (log_page.Wanted(by=cast.ada.pk), "events_by_person"),
        (log_page.Wanted(action="undo"), "events_by_action"),
        (log_page.Wanted(day=in_project(project)[0].day), "events_by_day"),
    ):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # The table of a test is too small for anything but reading it whole.
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("SET LOCAL enable_bitmapscan = off")
            plan = log._wanted(wanted)[: log_page.PAGE].explain()
        assert index in plan, plan


def test_others_get_the_answer_of_any_page_that_is_not_theirs(cast: Cast) -> None:
    story = tell(cast)
    for name in ("log", "log_file"):
        for user, status in ((cast.otto, 404), (cast.ada, 403), (cast.cleo, 200), (cast.dora, 200), (cast.root, 200)):
            client = Client()
            client.force_login(user)
            assert client.get(reverse(name, args=[story.project.slug])).status_code == status


def test_a_place_that_is_hidden_answers_like_one_that_is_not_there(cast: Cast) -> None:
    members = [*cast.members, (cast.ada, "manager")]
    project = make_project(cast, members=members)
    started_set(project, cast.ada)
    other = started_set(project, cast.ben)
    for key in (f"{other.chain_id}.1", f"{project.chain_id}.1", f"{uuid.uuid4()}.1", "nowhere", f"{other.chain_id}.٣"):
        for name in ("at", "before"):
            page(cast.ada, project, 404, **{name: key})
    page(cast.dora, project, at=f"{other.chain_id}.1")


def test_who_reads_an_article_finds_nothing_of_others_work_on_it(cast: Cast) -> None:
    members = [*cast.members, (cast.ada, "manager")]
    project = make_project(cast, members=members)
    own, other = started_set(project, cast.ada), started_set(project, cast.ben)
    before = page(cast.ada, project)
    assert {one.partition(".")[0] for one in places(before)} == {str(own.chain_id)}
    assert "are left out until" in before
    mark(other, cast.ben, "The minister", "ACTOR")
    assert page(cast.ada, project) == before


def test_whoever_settles_is_told_no_readers_names_unless_the_project_shows_them(cast: Cast) -> None:
    story = tell(cast)
    html = page(cast.cleo, story.project)
    assert "ada" not in re.sub(r"[0-9a-f-]{8,}", "", html) and f"Person {str(cast.ada.pk)[:8]}" in html
    assert "cleo settled a difference" in " ".join(lines(html))
    seen = conditions_seen(story.project)
    change_conditions(story.project, by=cast.dora, seen=seen, values={"names_shown": True})
    assert "ada marked an actor" in " ".join(lines(page(cast.cleo, story.project)))


def test_no_text_of_an_article_and_no_note_stands_on_the_page(cast: Cast) -> None:
    project = make_project(cast, make_article(title="A title"))
    own = started_set(project, cast.ada)
    mark(own, cast.ada, "The minister", "ACTOR")
    flagged(own, cast.ada, "guideline gap", "Which one is secret?")
    html = page(cast.dora, project)
    assert "The minister" not in html and "secret" not in html and "A title" in html
    erase_remark(Remark.objects.get(chain=own.chain_id), by=cast.dora)
    withdraw_article(own.article, by=cast.dora)
    html = page(cast.dora, project)
    assert "A title" not in html and "Withdrawn article" in html and "dora erased a note" in " ".join(lines(html))


def test_a_long_body_is_opened_by_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_page, "SHOWN", 200)
    story = tell(cast)
    event = Event.objects.get(chain=story.ada.chain_id, seq=2)
    assert "Open the event by itself" in page(cast.dora, story.project)
    assert json.loads(event.body)["gesture"] in page(cast.dora, story.project, at=key(event))
    monkeypatch.setattr(log_page, "LONGEST", 210)
    html = page(cast.dora, story.project, at=key(event))
    assert f"first 210 of {len(event.body)} characters" in html and "fits" not in html


def test_an_empty_answer_says_so(cast: Cast) -> None:
    project = make_project(cast, members=[*cast.members, (cast.ada, "manager")])
    assert "Nothing like this stands in the log" in page(cast.dora, project, action="decide")


def test_the_size_is_that_of_what_may_be_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    story = tell(cast)
    size = log_page.Log(cast.dora, story.project).size()
    assert (size.events, size.chains, size.is_more) == (len(in_project(story.project)), 4, False)
    monkeypatch.setattr(log_page, "CHAINS", 2)
    assert log_page.Log(cast.dora, story.project).size().is_more


def test_the_file_proves_itself_to_the_verifier(cast: Cast, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from annotator.log.verify_export import main

    story = tell(cast)
    client = Client()
    client.force_login(cast.dora)
    answer = client.get(reverse("log_file", args=[story.project.slug]))
    assert answer["Content-Disposition"] == f'attachment; filename="{story.project.slug}-events.jsonl"'
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"".join(answer.streaming_content))
    assert main([str(path)]) == 0
    assert f"{len(in_project(story.project))} events of 4 chains are in order" in capsys.readouterr().out


def test_a_line_of_the_story_behind_gold_leads_to_its_event_for_those_who_may_read_it(cast: Cast) -> None:
    story = tell(cast)
    release_to_readers(cast.dora, story.project, story.article.pk)
    for user, may in ((cast.dora, True), (cast.cleo, True), (cast.ada, False)):
        client = Client()
        client.force_login(user)
        html = client.get(reverse("gold", args=[story.project.slug, story.article.pk])).content.decode()
        links = re.findall(r"log/\?at=([^#]+)#", html)
        assert bool(links) is may and "In the log" in html
        for one in set(links):
            assert places(page(user, story.project, at=one))[0] == one


def test_somebody_who_left_is_found_by_a_line_of_theirs(cast: Cast) -> None:
    project = make_project(cast)
    submitted(started_set(project, cast.ben), cast.ben)
    end_role(project.memberships.get(user=cast.ben), by=cast.dora)
    html = page(cast.dora, project, by=str(cast.ben.pk))
    assert places(html) and f'<option value="{cast.ben.pk}" selected>ben</option>' in html
