"""Readings and decisions kept as files, loaded through the same actions that the screens use."""

import uuid
from collections.abc import Mapping
from typing import Any

from annotator.accounts.models import User
from annotator.annotation.actions import add_span, relate
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Problem
from annotator.projects.models import Project
from annotator.workflow.actions import assign, start, submit
from annotator.workflow.adjudication import decide, open_case, publish
from annotator.workflow.cases import Case, Choice
from annotator.workflow.comparison import attribute_key
from annotator.workflow.models import Assignment
from corpus.models import Article


def load_reading(project: Project, data: Mapping[str, Any], *, reader: User, by: User) -> int:
    """Enter one person's reading of some articles and hand each in. Articles handed in before are left alone.

    `data`: shape as in `seeds/README.md`. Returns the number of articles entered. Raises Problem when a
    reading does not pass the codebook's checks.
    """
    return sum(_load_article(project, entry, reader, by) for entry in data["articles"])


def load_decisions(project: Project, data: Mapping[str, Any], *, readers: Mapping[str, User], by: User) -> int:
    """Settle and publish articles as a file of decisions says. Articles published before are left alone.

    `readers`: the file's names of the voices → the people whose readings were loaded under them.
    """
    return sum(_settle_article(project, entry, readers, by) for entry in data["articles"])


def _settle_article(project: Project, entry: Mapping[str, Any], readers: Mapping[str, User], by: User) -> bool:
    article = article_of(project, entry)
    case = open_case(by, project, article.pk)
    if not case.gold_set.is_open:
        return False
    sets = {name: _set_of(project, article, reader) for name, reader in readers.items()}
    voices = {str(submission.annotation_set_id): key for key, submission in case.submissions.items()}
    for decision in entry["decisions"]:
        members = {str(uuid.uuid5(sets[name], local)) for name, local in decision["members"].items()}
        key = _key_of(case, members, decision)
        took = decision.get("take")
        choice = Choice(
            decision["outcome"], voices[str(sets[took])] if took else "", decision.get("values") or {},
            decision.get("rule") or "", decision.get("note") or "",
        )  # fmt: skip
        decide(by, project, article.pk, gesture=uuid.uuid5(case.gold_set.pk, key), key=key, choice=choice)
    publish(by, project, article.pk)
    return True


def _set_of(project: Project, article: Article, reader: User) -> uuid.UUID:
    assignment = Assignment.objects.get(project=project, article=article, reviewer=reader, purpose="reading")
    assert assignment.annotation_set_id is not None
    return assignment.annotation_set_id


def _key_of(case: Case, members: set[str], decision: Mapping[str, Any]) -> str:
    """The key of the difference that is about just these judgements."""
    for group in case.comparison.groups.values():
        if {member.id for member in group.members.values()} == members:
            return attribute_key(group, decision["name"]) if decision.get("name") else group.key
    raise Problem(f"No difference is about {decision['members']}.", code="unknown_difference")


def _load_article(project: Project, entry: Mapping[str, Any], reader: User, by: User) -> bool:
    article = article_of(project, entry)
    taken = Assignment.objects.filter(project=project, article=article, reviewer=reader, purpose="reading").first()
    if taken and taken.state not in ("offered", "started"):
        return False
    assignment = start(taken or assign(project, article, by=by, reviewer=reader), by=reader, elsewhere=True)
    set_id = assignment.annotation_set_id
    assert set_id is not None
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
