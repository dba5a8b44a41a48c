"""Nobody is accused: after the demo readings, and after what two people did at the same moment."""

import json
from typing import Any

import pytest

from annotator.errors import Conflict
from annotator.exchange.imports import import_path
from annotator.projects.models import Membership
from annotator.projects.people import deactivate, reactivate
from annotator.schema.actions import load_file
from annotator.settings import BASE_DIR
from annotator.workflow import adjudication
from annotator.workflow.actions import send_back
from annotator.workflow.campaign import end_role, start_project, withdraw_article
from annotator.workflow.models import Assignment
from annotator.workflow.readings import load_decisions, load_reading
from annotator.workflow.verification import verification
from tests.builders import (
    Cast,
    at_once,
    make_cast,
    make_codebook,
    make_project,
    make_user,
    mark,
    settled,
    started_set,
    submitted,
)
from tests.databases import Database

SEEDS = BASE_DIR / "seeds"


def findings() -> list[str]:
    return list(verification().findings())


@pytest.mark.engines("postgresql")  # long, and the engine that writes numbers and orders words in its own way
def test_the_demo_readings_and_their_settling_leave_a_log_in_order(cast: Cast) -> None:
    sources = ["003_a7db058095d2d2c4.txt", "004_71fbc38e340e2622.txt"]
    articles = [article for name in sources for article in import_path(SEEDS / name, by=cast.root).new]
    codebook = load_file(SEEDS / "codebooks" / "news-positions.json", by=cast.root)
    project = start_project(by=cast.root, name="Demo", label_set=codebook, articles=articles, members=cast.members)
    readers = {"reviewer-a": cast.ada, "reviewer-b": cast.ben}
    for name, reader in readers.items():
        load_reading(project, _seed(name), reader=reader, by=cast.dora)
    load_decisions(project, _seed("adjudicator"), readers=readers, by=cast.cleo)
    assert findings() == []


def _seed(name: str) -> Any:
    return json.loads((SEEDS / "readings" / f"{name}.json").read_text())


def test_an_act_on_a_row_as_it_was_seen_earlier_is_told_as_it_was(cast: Cast) -> None:
    """Two people have the same page open; what the second one saw is no longer so."""
    eve, seen = make_user("eve"), make_user("eve")
    deactivate(eve, by=cast.root)
    deactivate(seen, by=cast.root)
    eve = make_user("eve")
    reactivate(seen, by=cast.root)
    reactivate(eve, by=cast.root)
    codebook, same = make_codebook(), make_codebook()
    start_project(by=cast.root, name="One", label_set=codebook)
    start_project(by=cast.root, name="Another", label_set=same)
    project = make_project(cast)
    membership, again = (Membership.objects.get(project=project, user=cast.ada) for _ in range(2))
    end_role(membership, by=cast.dora)
    with pytest.raises(Conflict):
        end_role(again, by=cast.dora)
    assert findings() == []


def test_what_two_do_at_once_is_told_as_it_was(live_database: Database) -> None:
    """Of each pair of acts on the same rows one may be refused; the log tells what happened."""
    cast = make_cast()
    project = make_project(cast)
    readings = [submitted(started_set(project, reader), reader) for reader in (cast.ada, cast.ben)]
    article = readings[0].article
    assignments = [Assignment.objects.get(annotation_set=readings[0]) for _ in range(2)]
    at_once(*(lambda one=one: send_back(one, by=cast.dora, reason="Look again.") for one in assignments))
    mark(readings[0], cast.ada, "The union", "ACTOR")
    submitted(readings[0], cast.ada)
    settled(project, article, cast.cleo)
    for act in (adjudication.reopen, adjudication.publish, adjudication.release_to_readers):
        user = cast.dora if act is adjudication.release_to_readers else cast.cleo
        at_once(*(lambda: act(user, project, article.pk) for _ in range(2)))
    at_once(*(lambda: withdraw_article(article, by=cast.root) for _ in range(2)))
    assert findings() == []
