"""Reading what a manager looks after: texts to choose from, an article's facts and regions, people and tokens."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from annotator.accounts.models import User
from annotator.errors import Unknown
from annotator.projects.models import Membership, Project, ProjectArticle
from corpus.models import Article, Region
from corpus.queries import listed

PICKER = 50
"""Articles shown to choose from."""
REGIONS = 200
"""Regions on one page of an article."""


@dataclass(frozen=True)
class Choice:
    """Articles that fit a filter: the first of them, and how many there are."""

    words: str
    articles: list[Article]
    count: int


def corpus_outside(project: Project | None, words: str = "") -> QuerySet[Article]:
    """Articles that are not in the project, in the order they came; `words` are looked for in what heads them."""
    found = listed().filter(withdrawn_at=None)
    if project is not None:
        found = found.filter(~Exists(ProjectArticle.objects.filter(project=project, article=OuterRef("pk"))))
    if word := words.replace("\x00", "").strip():
        found = found.filter(
            Q(title__icontains=word) | Q(outlet__icontains=word) | Q(source__name__icontains=word) | Q(language=word)
        )
    return found.select_related("source").defer("text", "source__content").order_by("created_at", "source_start", "id")


def choice_of(project: Project | None, words: str = "") -> Choice:
    found = corpus_outside(project, words)
    return Choice(words, list(found[:PICKER]), found.count())


def article_in(project: Project, pk: uuid.UUID) -> ProjectArticle:
    """The article as the project has it, with its text. Raises Unknown."""
    rows = ProjectArticle.objects.select_related("article__source").defer("article__source__content")
    row = rows.filter(project=project, article=pk).first()
    if row is None:
        raise Unknown()
    return row


@dataclass(frozen=True)
class Found:
    """Where a fact stands in the text: `[start, end)`, and the words there."""

    start: int
    end: int
    quote: str


def places_of(article: Article) -> dict[str, Found]:
    """Fact → where the file states it. A fact without a place was corrected by hand, or stated beside the text."""
    stated: Mapping[str, tuple[int, int]] = article.stated_at
    return {name: Found(start, end, article.text[start:end]) for name, (start, end) in stated.items()}


def regions_of(article: Article, first: int = 0) -> tuple[list[Region], int | None]:
    """Regions from the one at an offset on, each with its `text`; and where the next page begins, if there is one."""
    found = Region.objects.filter(article=article, end__gt=first).order_by("start")
    page: list[Region] = list(
        found.annotate(text=Substr("article__text", F("start") + 1, F("end") - F("start")))[: REGIONS + 1]
    )
    return page[:REGIONS], page[REGIONS].start if len(page) > REGIONS else None


def person_by_name(name: str) -> User | None:
    """An active person by their exact name."""
    return User.objects.filter(username=name.strip(), is_active=True).first()


def active_people() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("username")


def members_of(project: Project) -> list[tuple[User, list[Membership]]]:
    """People of the project with their roles, both in the order people expect."""
    found: dict[uuid.UUID, tuple[User, list[Membership]]] = {}
    rows = Membership.objects.filter(project=project).select_related("user").order_by("user__username")
    for row in sorted(rows, key=lambda row: (row.user.username, Membership.ROLES.index(row.role))):
        found.setdefault(row.user_id, (row.user, []))[1].append(row)
    return list(found.values())


def tokens_of(user: User) -> list[dict[str, Any]]:
    """The person's tokens that have not ended, newest first, with the names of their projects."""
    tokens = list(user.tokens.filter(revoked_at=None))
    ids = {id for token in tokens for id in token.projects}
    names = {str(pk): name for pk, name in Project.objects.filter(pk__in=ids).values_list("pk", "name")}
    return [
        {"token": token, "projects": [names.get(id, "a project that is gone") for id in token.projects]}
        for token in tokens
    ]


def roles_of(user: User) -> list[tuple[Project, list[str]]]:
    """The projects in which the person has roles, by name."""
    found: dict[uuid.UUID, tuple[Project, list[str]]] = {}
    rows = Membership.objects.filter(user=user).select_related("project").order_by("project__name")
    for row in sorted(rows, key=lambda row: (row.project.name, Membership.ROLES.index(row.role))):
        found.setdefault(row.project_id, (row.project, []))[1].append(row.role)
    return list(found.values())
