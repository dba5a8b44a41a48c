"""Which readings are compared: the newest ones of articles that two readers or more handed in.

Everything here goes through `workflow.queries.submissions_for`. An article that the person reads themselves is left
out whole, so that no figure tells anything of what others found there.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from annotator.accounts.models import User
from annotator.annotation.models import Submission
from annotator.projects.models import Project
from annotator.projects.moves import Moves, moves_of
from annotator.schema.models import LabelSet
from annotator.workflow.models import Assignment
from annotator.workflow.queries import blinding, open_to, read_twice, settled_twice, submissions_for
from annotator.workflow.states import FINISHED
from corpus.models import Article, Region


@dataclass(frozen=True, slots=True)
class Handed:
    """One reading that was handed in; its content is fetched apart. coder: the id of a person."""

    submission: uuid.UUID
    coder: str
    label_set: uuid.UUID
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class ReadTwice:
    """An article with its readings, in the order of their coders. furniture: [start, end) that does not count.

    reader: whose two readings they are, where somebody is compared with themselves.
    """

    article: uuid.UUID
    outlet: str
    length: int
    furniture: tuple[tuple[int, int], ...]
    handed: tuple[Handed, ...]
    reader: str = ""


@dataclass(frozen=True)
class Material:
    """What a person may see compared.

    once: articles with a single reading; own: articles left out because the person reads them. people: names by
    coder; where each is compared with themselves, by reader.
    """

    articles: tuple[ReadTwice, ...]
    once: int
    own: int
    label_sets: Mapping[uuid.UUID, LabelSet]
    moves: Moves
    people: Mapping[str, str]


FIRST, AGAIN = "1", "2"
"""The coders, where the same was done twice."""


def material_for(user: User, project: Project) -> Material:
    """Six queries, however many articles, one more where the codebook has moved.

    Texts and contents are not among what they fetch.
    """
    readings = _readings(user, project)
    furniture = _furniture(project)
    articles = [
        ReadTwice(article, outlet, length, tuple(furniture.get(article, ())), tuple(handed))
        for (article, outlet, length), handed in readings.items()
        if len(handed) > 1
    ]
    used = {handed.label_set for article in articles for handed in article.handed}
    coders = {handed.coder for article in articles for handed in article.handed}
    return Material(
        articles=tuple(sorted(articles, key=lambda article: article.article)),
        once=len(readings) - len(articles),
        own=blinding(user).filter(project=project).count(),
        label_sets=LabelSet.objects.defer("body").in_bulk(list(used)),
        moves=moves_of(project.pk) if len(used) > 1 else Moves(),
        people={str(pk): name for pk, name in User.objects.filter(pk__in=coders).values_list("pk", "username")},
    )


def repeats_for(user: User, project: Project) -> Material:
    """Each reader's first reading and their second one of the same article. Five queries."""
    return _twice(read_twice(user, project), project, user)


def seconds_for(user: User, project: Project) -> Material:
    """Gold and the second settling of the same article. Five queries."""
    return _twice(settled_twice(user, project), project, user)


def _twice(pairs: Iterable[tuple[Submission, Submission]], project: Project, user: User) -> Material:
    furniture = _furniture(project)
    articles = tuple(
        ReadTwice(
            again.annotation_set.article_id, again.outlet, again.length,  # type: ignore[attr-defined]
            tuple(furniture.get(again.annotation_set.article_id, ())), (_handed(FIRST, first), _handed(AGAIN, again)),
            str(again.annotation_set.owner_id or ""),
        )
        for first, again in pairs
    )  # fmt: skip
    readers = {article.reader for article in articles} - {""}
    used = {handed.label_set for article in articles for handed in article.handed}
    return Material(
        articles=tuple(sorted(articles, key=lambda article: (article.article, article.reader))),
        once=0,
        own=blinding(user).filter(project=project).count(),
        label_sets=LabelSet.objects.defer("body").in_bulk(list(used)),
        moves=moves_of(project.pk) if len(used) > 1 else Moves(),
        people={str(pk): name for pk, name in User.objects.filter(pk__in=readers).values_list("pk", "username")},
    )


def _handed(coder: str, submission: Submission) -> Handed:
    return Handed(submission.pk, coder, submission.label_set_id, submission.submitted_at)


def _readings(user: User, project: Project) -> Mapping[tuple[uuid.UUID, str, int], list[Handed]]:
    """Those that count and are not being worked on again, by article."""
    finished = Assignment.objects.filter(
        annotation_set=OuterRef("annotation_set"), purpose="reading", state__in=FINISHED
    )
    rows = (
        submissions_for(user, project)
        .filter(open_to(user), Exists(finished))
        .order_by()
        .values_list(
            "annotation_set__article", "annotation_set__article__outlet", "annotation_set__article__length",
            "pk", "annotation_set__owner", "label_set", "submitted_at",
        )
    )  # fmt: skip
    found: dict[tuple[uuid.UUID, str, int], list[Handed]] = defaultdict(list)
    for article, outlet, length, submission, owner, label_set, at in rows:
        found[article, outlet, length].append(Handed(submission, str(owner), label_set, at))
    for handed in found.values():
        handed.sort(key=lambda one: one.coder)
    return found


def _furniture(project: Project) -> Mapping[uuid.UUID, list[tuple[int, int]]]:
    regions = Region.objects.filter(article__project_articles__project=project).exclude(kind__in=Region.READ)
    found: dict[uuid.UUID, list[tuple[int, int]]] = defaultdict(list)
    for article, start, end in regions.order_by("article", "start").values_list("article", "start", "end"):
        found[article].append((start, end))
    return found


def contents_of(submissions: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The canonical JSON of submissions. Not a door: the ids come from `material_for`."""
    return dict(Submission.objects.filter(pk__in=list(submissions)).values_list("pk", "content"))


def articles_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Article]:
    """Articles with their texts. Not a door: the ids come from `material_for`."""
    return Article.objects.in_bulk(list(ids))
