"""Fifty clients claim and submit at once: never more than n readers, no place without a taker, nobody twice."""

import uuid
from collections import Counter
from functools import partial

from annotator.accounts.models import User
from annotator.annotation.models import Submission
from annotator.errors import Conflict, Stale
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.actions import claim_next, submit
from annotator.workflow.models import Assignment
from annotator.workflow.verification import verification
from tests.builders import at_once, make_article, make_project, make_user
from tests.builders import make_cast as everybody
from tests.databases import Database

READERS, WINDOWS = 25, 2
ARTICLES, REDUNDANCY = 20, 3


def test_fifty_clients_fill_every_place_once_and_nobody_reads_an_article_twice(live_database: Database) -> None:
    readers = [make_user(f"reader-{number}") for number in range(READERS)]
    articles = [make_article(f"Article number {number}.") for number in range(ARTICLES)]
    members = [(reader, "reviewer") for reader in readers]
    project = make_project(everybody(), *articles, redundancy=REDUNDANCY, members=members)

    answers = at_once(*[partial(read_on, project.pk, reader) for reader in readers for _ in range(WINDOWS)])

    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    places = list(Assignment.objects.filter(project=project).values_list("article", "reviewer", "state"))
    assert {state for *_, state in places} == {"submitted"}, "no place without a taker"
    assert set(Counter(article for article, *_ in places).values()) == {REDUNDANCY}, "as many readers as were wanted"
    assert len({(article, reader) for article, reader, _ in places}) == len(places) == ARTICLES * REDUNDANCY
    assert sum(answers) == Submission.objects.count() == len(places), "each reading handed in once, by one window"
    assert set(ProjectArticle.objects.filter(project=project).values_list("stage", flat=True)) == {"settling"}
    assert list(verification().findings()) == []


def read_on(project_id: uuid.UUID, reader: User) -> int:
    """One window: claim and submit until nothing is left. Returns how many readings this window handed in.

    The other window of the same reader opens the same article, and may hand it in first.
    """
    project = Project.objects.select_related("chain").get(pk=project_id)
    handed_in = 0
    while (assignment := claim_next(project, by=reader)) is not None:
        annotation_set = assignment.annotation_set
        assert annotation_set is not None
        try:
            submit(annotation_set.pk, by=reader, gesture=uuid.uuid4(), version=annotation_set.chain.length)
        except (Conflict, Stale):
            continue
        handed_in += 1
    return handed_in
