"""Readings and decisions kept as files, loaded through the same actions that the screens use."""

import uuid
from collections.abc import Mapping
from typing import Any

from annotator.accounts.models import User
from annotator.annotation.actions import add_span, relate
from annotator.errors import Problem
from annotator.projects.models import Project
from annotator.workflow.actions import assign, start, submit
from annotator.workflow.models import Assignment
from corpus.models import Article


def load_reading(project: Project, data: Mapping[str, Any], *, reader: User, by: User) -> int:
    """Enter one person's reading of some articles and hand each in. Articles handed in before are left alone.

    `data`: shape as in `seeds/README.md`. Returns the number of articles entered. Raises Problem when a
    reading does not pass the codebook's checks.
    """
    return sum(_load_article(project, entry, reader, by) for entry in data["articles"])


def _load_article(project: Project, entry: Mapping[str, Any], reader: User, by: User) -> bool:
    article = article_of(project, entry)
    taken = Assignment.objects.filter(project=project, article=article, reviewer=reader).first()
    if taken and taken.state not in ("offered", "started"):
        return False
    assignment = start(taken or assign(project, article, by=by, reviewer=reader), by=reader)
    set_id = assignment.annotation_set_id
    assert set_id is not None  # noqa: S101  (a started assignment has a set)
    ids = {span["id"]: uuid.uuid5(set_id, span["id"]) for span in entry["spans"]}
    for span in entry["spans"]:
        add_span(
            set_id, by=reader, gesture=uuid.uuid5(set_id, "gesture " + span["id"]), id=ids[span["id"]],
            start=span["start"], end=span["end"], quote=span["quote"], label=span["label"],
            attributes=span["attributes"], absent=span["absent"],
        )  # fmt: skip
    for relation in entry["relations"]:
        relate(
            set_id, by=reader, gesture=uuid.uuid5(set_id, "gesture " + relation["id"]),
            id=uuid.uuid5(set_id, relation["id"]), type=relation["type"],
            source=ids[relation["from"]], target=ids[relation["to"]], attributes=relation["attributes"],
        )  # fmt: skip
    _hand_in(set_id, reader)
    return True


def _hand_in(set_id: uuid.UUID, reader: User) -> None:
    from annotator.annotation.queries import annotation_set_for

    version = annotation_set_for(reader, set_id).chain.length
    _, gaps = submit(set_id, by=reader, gesture=uuid.uuid5(set_id, "submit"), version=version)
    errors = [gap.message for gap in gaps if gap.severity == "error"]
    if errors:
        raise Problem("The reading has gaps: " + " ".join(errors), code="gaps")


def article_of(project: Project, entry: Mapping[str, Any]) -> Article:
    """The project's article that a file of readings speaks of, by source name, place and hash."""
    found = Article.objects.filter(
        project_articles__project=project, source__name=entry["source"], source_start=entry.get("start", 0)
    ).first()
    if found is None or found.sha256 != entry["sha256"]:
        raise Problem(f"The project has no article {entry['source']} with this text.", code="unknown_article")
    return found
