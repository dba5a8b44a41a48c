"""Nobody who reads an article learns anything of another's work on it: not from a page, a count, an error or an id.

The worlds below differ only in what Ben does on articles that Ada reads too. Whatever Ada asks for, in whatever
role, the answers must be the same, byte by byte. Clock and random ids stand still while she looks, so that
nothing has to be overlooked.
"""

import itertools
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.actions import comment, propose, undo
from annotator.annotation.models import AnnotationSet, Comment, Relation, Span, TimeOnTask
from annotator.exchange.imports import start_run
from annotator.log.models import Event
from annotator.projects.access import scopes_in
from annotator.projects.models import Membership, Project
from annotator.projects.people import make_token
from annotator.registers.models import Proposal
from annotator.workflow import actions
from annotator.workflow.adjudication import open_case
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.models import Assignment
from annotator.workflow.threads import answer
from corpus.models import Article
from tests.addresses import API, METHODS, SCREENS, SUPPORT_DESK, Line, names_in, path_of
from tests.builders import LARGE, WITH_LISTS, Cast, link, make_article, make_project, mark, proposed, settled, submitted

MOMENT = timezone.now() + timedelta(hours=1)
"""When Ada looks, in every world."""


@dataclass
class Stage:
    """Ada is at work on the first article and has handed in the second; Ben has both open; the third is untouched."""

    cast: Cast
    project: Project
    articles: list[Article]
    ada: list[AnnotationSet]
    ben: list[AnnotationSet]


def set_the_stage(cast: Cast, roles: tuple[str, ...] = ()) -> Stage:
    articles = [make_article(f"Report {number}.\nThe minister rejected the plan.") for number in range(3)]
    members = [*cast.members, *((cast.ada, role) for role in roles)]
    project = make_project(cast, *articles, members=members, codebook=WITH_LISTS)
    if roles:
        show_names(project, cast.root)
    opened = {reader: [begin(project, one, reader) for one in articles[:2]] for reader in (cast.ada, cast.ben)}
    for own in opened[cast.ada]:
        mark(own, cast.ada, "The minister", "ACTOR")
    mark(opened[cast.ada][1], cast.ada, "Report", "CLAIM")  # and is suggested to her in the other
    submitted(opened[cast.ada][1], cast.ada)
    return Stage(cast, project, articles, opened[cast.ada], opened[cast.ben])


def show_names(project: Project, by: User) -> None:
    change_conditions(project, by=by, seen=conditions_seen(project), values={"names_shown": True})


def begin(project: Project, article: Article, reader: User) -> AnnotationSet:
    assignment = actions.assign(project, article, by=None, reviewer=reader)
    return actions.start(assignment, by=reader).annotation_set


# What Ben may have done


def nothing(stage: Stage) -> None:
    """He has the articles open and has not begun."""


def at_work(stage: Stage) -> None:
    """Labels, relations, comments, something undone; the very words that Ada marked, and others."""
    for one in stage.ben:
        stance = mark(one, stage.cast.ben, "rejected the plan", "STANCE", polarity="oppose")
        new = proposed(one, stage.cast.ben, f"Ministers of {one.pk}")
        link(one, stage.cast.ben, "held_by", stance, mark(one, stage.cast.ben, "The minister", "ACTOR", who=new.key))
        mark(one, stage.cast.ben, "Report", "CLAIM")
        undo(one.pk, by=stage.cast.ben, gesture=uuid.uuid4())
        comment(one.pk, by=stage.cast.ben, gesture=uuid.uuid4(), id=uuid.uuid4(), text="Unclear", flag="guideline gap")
        TimeOnTask.objects.filter(annotation_set=one).update(seconds=725)
        answer(Comment.objects.get(annotation_set=one), by=stage.cast.root, text="The one of finance.")


def handed_in(stage: Stage) -> None:
    at_work(stage)
    for one in stage.ben:
        submitted(one, stage.cast.ben)


def settling(stage: Stage) -> None:
    """Both readings of the second article are in, and the adjudicator has begun."""
    handed_in(stage)
    open_case(stage.cast.cleo, stage.project, stage.articles[1].pk)


def published(stage: Stage) -> None:
    handed_in(stage)
    settled(stage.project, stage.articles[1], stage.cast.cleo)


def sent_back(stage: Stage) -> None:
    handed_in(stage)
    returned = Assignment.objects.select_related("project__chain").get(annotation_set=stage.ben[0])
    actions.send_back(returned, by=stage.cast.dora, reason="Look again")


def given_back(stage: Stage) -> None:
    for one in stage.ben:
        at_hand = Assignment.objects.select_related("project__chain").get(annotation_set=one)
        actions.decline(at_hand, by=stage.cast.ben, reason="I know the author")


DEEDS = (at_work, handed_in, settling, published, sent_back, given_back)

ROLES = {
    "reviewer": ((), (at_work, published, given_back)),
    "every role": (("adjudicator", "manager"), DEEDS),
    "administrator": (("adjudicator",), (published,)),
}
"""What Ada is besides a reviewer, and the worlds that she looks at."""

# What Ada sees


@dataclass
class Eyes:
    """Somebody's session, and a token with all that their roles in a project allow."""

    user: User
    cookies: object
    secret: str


def eyes_of(user: User, project: Project) -> Eyes:
    client = Client()
    client.force_login(user)
    scopes = sorted(scopes_in(user, project))
    return Eyes(user, client.cookies, make_token(user, name="t", scopes=scopes, projects=[project], by=user)[1])


def seen(stage: Stage, eyes: Eyes, worlds: list[dict[str, object]]) -> dict[tuple[str, str], tuple[object, ...]]:
    """Every answer to every request that Ada can make with what she knows, by (method, address)."""
    lines = [*SCREENS, *API, *(SUPPORT_DESK if eyes.user.is_superuser else ())]
    found: dict[tuple[str, str], tuple[object, ...]] = {}
    with standing_still():
        for one, world in itertools.product(lines, worlds):
            path = path_of(one, world)
            for method in one.cells:
                if (method, path) not in found:
                    found[method, path] = ask(eyes, one, method, path)
    return found


def ask(eyes: Eyes, one: Line, method: str, path: str) -> tuple[object, ...]:
    """The answer, taken back at once so that the next request finds the same world."""
    with transaction.atomic(), fresh_ids():
        answer = as_program(eyes, method, path) if one in API else at_the_screen(eyes, method, path)
        content = plain(answer)
        transaction.set_rollback(True)
    cookies = {name: str(cookie) for name, cookie in answer.cookies.items() if name != "csrftoken"}
    return answer.status_code, sorted(answer.headers.items()), cookies, content


def at_the_screen(eyes: Eyes, method: str, path: str) -> HttpResponse:
    client = Client()
    client.cookies = eyes.cookies.copy()  # type: ignore[attr-defined]
    fields = {"reader": eyes.user.pk, "gesture": uuid.UUID(int=1), "verb": "undo", "version": 1, "reason": "x"}
    return client.generic(method, path, urlencode({**fields, "confirm": "on"}), "application/x-www-form-urlencoded")


def as_program(eyes: Eyes, method: str, path: str) -> HttpResponse:
    headers = {"Authorization": f"Bearer {eyes.secret}", "If-Match": '"1"'}
    return Client(headers=headers).generic(method, path, "{}", "application/json")


def plain(answer: HttpResponse) -> str:
    """The body without the CSRF token, which is masked anew for every page."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r'(csrf[a-z-]*token"? (?:value|content)=")\w{64}"', r'\1"', body.decode())


@contextmanager
def standing_still() -> Iterator[None]:
    moment = MOMENT
    with (
        mock.patch("django.utils.timezone.now", return_value=moment),
        mock.patch("time.time", moment.timestamp),
        mock.patch.object(default_token_generator, "_now", return_value=moment.replace(tzinfo=None)),
    ):
        yield


@contextmanager
def fresh_ids() -> Iterator[None]:
    """Ids that are made while answering are the same for the same request."""
    ids = (uuid.UUID(int=number, version=4) for number in itertools.count(1))
    with mock.patch("uuid.uuid4", side_effect=ids):
        yield


def known_to_ada(stage: Stage) -> list[dict[str, object]]:
    """What can stand in an address, for each article that she reads; under any other name stands the article."""
    shared = {
        "project": stage.project.pk, "slug": stage.project.slug, "person": stage.cast.ben.pk, "link": "x/y",
        "membership": Membership.objects.get(project=stage.project, user=stage.cast.ben).pk, "token": uuid.UUID(int=2),
        "run": uuid.UUID(int=3), "site_run": uuid.UUID(int=3), "relation_id": uuid.UUID(int=4),
        "event": Event.objects.filter(chain=stage.project.chain_id).earliest("seq").pk,
        "codebook": stage.project.label_set.slug,
    }  # fmt: skip
    worlds: list[dict[str, object]] = []
    for article, own in zip(stage.articles, stage.ada, strict=False):
        span = Span.objects.filter(annotation_set=own).latest("start").pk
        mine = Assignment.objects.get(annotation_set=own).pk
        one = {"set": own.pk, "released_set": own.pk, "assignment": mine, "span": span, "span_id": span}
        worlds.append(defaultdict(partial(uuid.UUID, str(article.pk)), {**shared, **one}))
    return worlds


@contextmanager
def world(stage: Stage, deed: Callable[[Stage], None]) -> Iterator[None]:
    """What follows happens after the deed, and then neither has happened."""
    with transaction.atomic():
        deed(stage)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", ROLES)
def test_the_worlds_look_the_same_to_whoever_reads_the_article(cast: Cast, role: str) -> None:
    if role == "administrator":
        User.objects.filter(pk=cast.ada.pk).update(is_superuser=True, is_staff=True)
        cast.ada.refresh_from_db()
    roles, deeds = ROLES[role]
    stage = set_the_stage(cast, roles)
    eyes, known = eyes_of(cast.ada, stage.project), known_to_ada(stage)
    with world(stage, nothing):
        before = seen(stage, eyes, known)
    assert sum(answer[0] == 200 for answer in before.values()) > 5
    for deed in deeds:
        with world(stage, deed):
            after = seen(stage, eyes, known)
        assert [request for request in before if before[request] != after[request]] == [], deed.__name__


def test_before_the_release_names_are_shown_to_no_reader(cast: Cast) -> None:
    stage = set_the_stage(cast)
    published(stage)
    eyes, known = eyes_of(cast.ada, stage.project), known_to_ada(stage)
    without = seen(stage, eyes, known)
    show_names(stage.project, cast.dora)
    assert seen(stage, eyes, known) == without


# What Ada does


def her_day(stage: Stage, eyes: Eyes) -> list[tuple[object, ...]]:
    """She labels, hands in, takes the next article, at the screen and by a program. Every answer, in order."""
    screen, program = Client(), Client(headers={"Authorization": f"Bearer {eyes.secret}"})
    screen.cookies = eyes.cookies.copy()  # type: ignore[attr-defined]
    first, queue = f"/sets/{stage.ada[0].pk}/", f"/projects/{stage.project.slug}/"
    span = {"id": str(uuid.UUID(int=11)), "start": 10, "end": 22, "quote": "The minister", "label": "STANCE"}
    gesture = {"reader": str(stage.cast.ada.pk), "gesture": str(uuid.UUID(int=12)), "verb": "add_span"}
    answers = []
    with standing_still(), fresh_ids():
        answers.append(screen.post(first + "gestures/", {**gesture, "body": json.dumps(span)}))
        answers.append(screen.get(first))
        version = AnnotationSet.objects.get(pk=stage.ada[0].pk).chain.length
        handed_in = screen.post(first + "submit/", {"gesture": str(uuid.UUID(int=13)), "version": version})
        answers += [handed_in, screen.get(handed_in["Location"]), screen.get(queue + "queue/"), screen.get("/")]
        answers.append(program.post(f"/api/v1{queue}next/"))
        answers.append(program.get(f"/api/v1{queue}gold/"))
        answers.append(screen.post(queue + "next/"))
    return [(answer.status_code, sorted(answer.headers.items()), plain(answer)) for answer in answers]


def test_her_own_work_goes_the_same_way_in_every_world(cast: Cast) -> None:
    stage = set_the_stage(cast)
    eyes = eyes_of(cast.ada, stage.project)
    with world(stage, nothing):
        before = her_day(stage, eyes)
    assert [answer[0] for answer in before] == [200, 200, 302, 200, 200, 200, 200, 200, 302]
    for deed in DEEDS:
        with world(stage, deed):
            after = her_day(stage, eyes)
        assert [place for place, answer in enumerate(before) if answer != after[place]] == [], deed.__name__


# What is not hers


@pytest.mark.parametrize("who", ["ada", "otto"])
def test_what_is_bens_answers_exactly_like_what_does_not_exist(cast: Cast, who: str) -> None:
    stage = set_the_stage(cast)
    at_work(stage)
    elsewhere = make_project(cast, members=[(cast.otto, "reviewer")])
    eyes = eyes_of(cast.ada, stage.project) if who == "ada" else eyes_of(cast.otto, elsewhere)
    asked, his = 0, bens(stage)
    with standing_still():
        for one, name in itertools.product([*SCREENS, *API], his):
            if name not in names_in(one):
                continue
            made_up = known_to_ada(stage)[0]
            for method in METHODS:
                path, other = (path_of(one, made_up | {name: id}) for id in (uuid.uuid4(), his[name]))
                assert ask(eyes, one, method, path) == ask(eyes, one, method, other), (method, one.route, name)
                asked += 1
    assert asked > 50


def bens(stage: Stage) -> dict[str, uuid.UUID]:
    """Rows of his that could stand in an address."""
    one = stage.ben[0]
    token, _ = make_token(stage.cast.ben, name="b", scopes=["gold:read"], projects=[stage.project], by=stage.cast.ben)
    run = start_run(by=stage.cast.ben)
    return {
        "comment": Comment.objects.get(annotation_set=one).pk,
        "set": one.pk, "assignment": Assignment.objects.get(annotation_set=one).pk, "token": token.pk, "run": run.pk,
        "site_run": run.pk, "span_id": Span.objects.filter(annotation_set=one).earliest("start").pk,
        "relation_id": Relation.objects.get(annotation_set=one).pk,
        "proposal": Proposal.objects.get(chain=one.chain_id).pk,
    }  # fmt: skip


# What is suggested to her


def test_what_is_suggested_to_her_is_the_same_bytes_whatever_he_labels_and_proposes(cast: Cast) -> None:
    articles = [make_article(f"Report {number}.\nThe minister rejected the plan.") for number in range(3)]
    project = make_project(cast, *articles, codebook=LARGE)
    her, own, *his = [begin(project, articles[at], reader) for at, reader in
                      ((0, cast.ada), (1, cast.ada), (0, cast.ben), (1, cast.ben), (2, cast.ben))]  # fmt: skip
    mark(own, cast.ada, "Report", "CLAIM")
    client = Client()
    client.force_login(cast.ada)
    before = client.get(f"/sets/{her.pk}/suggestions/").content
    assert [(one["label"], one["source"]) for one in json.loads(before)["suggestions"]] == [("CLAIM", "own")]
    for one in his:
        mark(one, cast.ben, "rejected the plan", "STANCE")
        mark(one, cast.ben, "Report", "ACTOR")
        proposed = {"id": uuid.uuid4(), "list": "actors", "name": "the plan", "kind": "organisation"}
        propose(one.pk, by=cast.ben, gesture=uuid.uuid4(), **proposed)
    assert client.get(f"/sets/{her.pk}/suggestions/").content == before
