"""Who may do what: each cell of the table in `addresses.py`, and no address outside of it."""

import datetime
import itertools
import uuid
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from annotator.accounts.actions import password_path
from annotator.accounts.models import Token, User
from annotator.annotation.models import AnnotationSet
from annotator.exchange.imports import start_run
from annotator.log.models import Event
from annotator.projects.actions import give_role
from annotator.projects.models import Membership, Project
from annotator.projects.people import deactivate, make_token, revoke_token
from annotator.schema.actions import start_draft
from annotator.workflow.actions import assign, start
from annotator.workflow.adjudication import open_case, release_to_readers
from annotator.workflow.campaign import end_role, take_articles
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.exercises import train_with
from annotator.workflow.models import Assignment, SecondSettling
from corpus.actions import stage
from corpus.models import Article
from tests.addresses import (
    API,
    METHODS,
    OPEN_API,
    PEOPLE,
    PROGRAMS,
    SCREENS,
    SUPPORT_DESK,
    TABLE,
    Line,
    path_of,
    routes,
)
from tests.builders import (
    TEXT,
    WITH_LISTS,
    Cast,
    flagged,
    link,
    make_article,
    make_project,
    make_user,
    mark,
    proposed,
    settled,
    started_set,
    submitted,
)

SIGN_IN = ("/sign-in/?next=", "/admin/login/?next=")
REFUSED = ("in", "404", "403", "405")


def test_every_address_stands_in_the_table_once() -> None:
    listed = Counter(one.route for one in TABLE)
    assert sorted(set(routes()) - set(listed)) == [], "add a line to tests/addresses.py for these"
    assert sorted(set(listed) - set(routes())) == [], "these are no addresses any more"
    assert [route for route, count in listed.items() if count > 1] == []


def test_every_line_has_a_cell_for_each_person_or_program() -> None:
    for one in TABLE:
        width = len(PROGRAMS if one in API else PEOPLE)
        for method, cells in one.cells.items():
            assert method in METHODS, one
            assert len(cells.split()) == width, (one, method)


def the_world(cast: Cast) -> dict[str, object]:
    """One row of each kind, by the names of the table.

    Ada is at work on one article, another is to be settled, the gold of a third is released to its readers.
    """
    article, settling, released = (make_article(text) for text in (TEXT, "The union rejected it.", "Nothing new."))
    project = make_project(cast, article, settling, released, codebook=WITH_LISTS)
    for reader in (cast.ada, cast.ben):
        work = start(assign(project, settling, by=cast.dora, reviewer=reader), by=reader)
        mark(work.annotation_set, reader, "The union" if reader == cast.ada else "union", "ACTOR")
        submitted(work.annotation_set, reader)
        done = start(assign(project, released, by=cast.dora, reviewer=reader), by=reader)
        submitted(done.annotation_set, reader)
    settled(project, released, cast.cleo)
    release_to_readers(cast.dora, project, released.pk)
    open_case(cast.cleo, project, settling.pk)
    lesson, tried = trained(cast, project)
    done, waiting = settled_again(cast, project)
    assignment = start(assign(project, article, by=cast.dora, reviewer=cast.ada), by=cast.ada)
    span = mark(assignment.annotation_set, cast.ada, "The minister", "ACTOR")
    stance = mark(assignment.annotation_set, cast.ada, "rejected the plan", "STANCE")
    relation = link(assignment.annotation_set, cast.ada, "held_by", stance, span)
    start_draft(project.label_set, by=cast.dora)
    flag = flagged(assignment.annotation_set, cast.ada, "guideline gap", "Which minister?")
    proposal = proposed(assignment.annotation_set, cast.ada, "Bakers’ choir")
    token, _ = make_token(cast.dora, name="nightly", scopes=["gold:read"], projects=[project], by=cast.dora)
    runs = {name: start_run(by=by) for name, by in (("run", cast.dora), ("site_run", cast.root))}
    for run in runs.values():
        stage(run, "news.txt", b"Some news.", [], [])
    return {
        "project": project.pk, "slug": project.slug, "article": article.pk, "settling": settling.pk,
        "released": released.pk, "released_set": AnnotationSet.objects.get(article=released, owner=cast.ada).pk,
        "lesson": lesson.pk, "try": tried.pk, "second_done": done.pk, "second_waiting": waiting.pk,
        "assignment": assignment.pk, "set": assignment.annotation_set_id,
        "person": cast.ben.pk, "token": token.pk,
        "membership": Membership.objects.get(project=project, user=cast.ben).pk, "span": span.pk, "span_id": span.pk,
        "relation_id": relation.pk, "proposal": proposal.pk,
        "event": Event.objects.filter(chain=project.chain_id).latest("seq").pk,
        "codebook": project.label_set.slug, "run": runs["run"].pk, "site_run": runs["site_run"].pk,
        "comment": flag.pk,
        "link": password_path(make_user("newcomer")).removeprefix("/set-password/").removesuffix("/"),
    }  # fmt: skip


def trained(cast: Cast, project: Project) -> tuple[Article, Assignment]:
    """A training article of the project, and somebody's try at it; everybody else reads without training."""
    lesson = make_article("The talks ended.")
    older = make_project(cast, lesson, codebook=WITH_LISTS)
    for reader in (cast.ada, cast.ben):
        submitted(started_set(older, reader), reader)
    settled(older, lesson, cast.cleo)
    take_articles(project, [lesson], by=cast.dora)
    train_with(project, [lesson.pk], by=cast.dora)
    newcomer = make_user("newcomer")
    give_role(project, by=cast.dora, user=newcomer, role="reviewer")
    submitted(started_set(project, newcomer), newcomer)
    return lesson, Assignment.objects.get(project=project, reviewer=newcomer)


def settled_again(cast: Cast, project: Project) -> tuple[SecondSettling, SecondSettling]:
    """Two articles for a second settling by somebody who came later: one is handed in, the other waits."""
    colleague = make_user("colleague")
    give_role(project, by=cast.dora, user=colleague, role="adjudicator")
    change_conditions(project, by=cast.dora, seen=conditions_seen(project), values={"second_share": 100})
    for text in ("They met again.", "They met at noon."):
        article = make_article(text)
        take_articles(project, [article], by=cast.dora)
        for reader in (cast.ada, cast.ben):
            work = start(assign(project, article, by=cast.dora, reviewer=reader), by=reader)
            submitted(work.annotation_set, reader)
        settled(project, article, cast.cleo)
        if text == "They met again.":
            settled(project, article, colleague)
    return SecondSettling.objects.get(state="done"), SecondSettling.objects.get(state="waiting")


def outcome(answer: HttpResponse) -> str:
    """A cell of the table. Never a server error."""
    assert answer.status_code < 500, answer
    if answer.status_code == 401 or answer.headers.get("Location", "").startswith(SIGN_IN):
        return "in"
    return str(answer.status_code) if answer.status_code in (403, 404, 405) else "ok"


def send(client: Client, method: str, path: str, **fields: object) -> HttpResponse:
    """The request, its doings taken back: every cell finds the same world."""
    body = urlencode({"gesture": uuid.uuid4(), "verb": "undo", "version": 1, **fields})
    with transaction.atomic():
        answer = client.generic(method, path, body, "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return answer


def breaches(lines: list[Line], world: dict[str, object], place: int, ask: Callable[[str, str], str]) -> list[str]:
    """Where what comes of a request is not what its cell at `place` says, or is not refused where there is no cell."""
    found = []
    for one, method in itertools.product(lines, METHODS):
        cell, came = one.cells.get(method), ask(method, path_of(one, world))
        if came != cell.split()[place] if cell else came not in REFUSED:
            found.append(f"{method} {one.route}: {came}, not {cell.split()[place] if cell else 'refused'}")
    return found


@pytest.mark.parametrize("person", PEOPLE)
def test_people_may_do_what_the_table_says_and_nothing_else(cast: Cast, person: str) -> None:
    world, signed_in, user = the_world(cast), Client(), getattr(cast, person, None)
    if user:
        signed_in.force_login(user)

    def ask(method: str, path: str) -> str:
        client = Client()
        client.cookies = signed_in.cookies.copy()
        return outcome(send(client, method, path, reader=user.pk if user else ""))

    lines = [*SCREENS, *SUPPORT_DESK, *OPEN_API]
    assert breaches(lines, world, PEOPLE.index(person), ask) == []


def the_tokens(cast: Cast, world: dict[str, object]) -> dict[str, str]:
    """Secrets by the names of PROGRAMS."""
    project = Membership.objects.get(pk=world["membership"]).project
    other = make_project(cast, slug="elsewhere", members=[(cast.otto, "manager"), (cast.dora, "manager")])
    managing = ("gold:read", "audit:read", "import:write")

    def secret(owner: User, *scopes: str, project: object = project) -> str:
        return make_token(owner, name="test", scopes=scopes, projects=[project], by=owner)[1]

    once = give_role(project, by=cast.dora, user=cast.ada, role="manager")
    lost = secret(cast.ada, "audit:read", "import:write")
    end_role(once, by=cast.dora)
    return {
        "otto": secret(cast.otto, *managing, project=other),
        "elsewhere": secret(cast.dora, *managing, project=other),
        "lost": lost,
        "ada": secret(cast.ada, "gold:read", "annotations:write"),
        "cleo": secret(cast.cleo, "gold:read", "audit:read"),
        "dora": secret(cast.dora, *managing),
        "gold": secret(cast.dora, "gold:read"),
        "audit": secret(cast.dora, "audit:read"),
    }


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_may_do_what_the_table_says_and_nothing_else(cast: Cast, program: str) -> None:
    world = the_world(cast)
    client = Client(headers={"Authorization": f"Bearer {the_tokens(cast, world)[program]}"})
    place = PROGRAMS.index(program)
    assert breaches(API, world, place, lambda method, path: outcome(send(client, method, path))) == []


def test_no_program_comes_in_without_a_token_that_lives(cast: Cast) -> None:
    world = the_world(cast)
    project = Membership.objects.get(pk=world["membership"]).project
    reviewing = {"name": "test", "scopes": ["gold:read", "annotations:write"], "projects": [project]}
    revoked, expired, left = (make_token(user, by=user, **reviewing) for user in (cast.ada, cast.ada, cast.ben))
    revoke_token(revoked[0], by=cast.ada)
    Token.objects.filter(pk=expired[0].pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    deactivate(cast.ben, by=cast.root)
    bearers = [{"Authorization": f"Bearer {secret}"} for secret in (revoked[1], expired[1], left[1], "ann_x", "")]
    with_cookie = Client()
    with_cookie.force_login(cast.dora)
    for client in [Client(), with_cookie, *(Client(headers=headers) for headers in bearers)]:
        for one in API:
            for method in one.cells:
                assert outcome(send(client, method, path_of(one, world))) == "in", (method, one.route)


def test_a_part_of_the_page_asks_to_sign_in_without_leaving_the_page(cast: Cast) -> None:
    path = path_of(next(one for one in SCREENS if one.pk == "set" and "POST" in one.cells), the_world(cast))
    answer = Client(headers={"HX-Request": "true"}).post(path)
    assert answer.status_code == 401
    assert answer["X-Signed-Out"] == "1"


def test_a_role_that_was_taken_opens_nothing_from_the_next_request_on(cast: Cast) -> None:
    project = make_project(cast)
    client = Client()
    client.force_login(cast.dora)
    assert client.get(f"/projects/{project.slug}/").status_code == 200
    end_role(Membership.objects.get(project=project, user=cast.dora), by=cast.root)
    assert client.get(f"/projects/{project.slug}/").status_code == 404


def test_a_deactivated_person_is_signed_out_at_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    deactivate(cast.ada, by=cast.root)
    assert outcome(client.get("/")) == "in"
