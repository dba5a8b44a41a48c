"""What a manager or an administrator does: projects, people's roles, articles and their facts."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from annotator.accounts.models import User
from annotator.errors import Conflict, Problem
from annotator.log.actions import gesture, lock, new_chain, site_chain
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.schema.actions import freeze
from annotator.schema.models import LabelSet
from corpus import actions as corpus
from corpus.models import Article, ImportRun, Region


def create_project(
    *, by: User | None, name: str, label_set: LabelSet, redundancy: int = 2, single_is_gold: bool = False, slug: str = ""
) -> Project:
    """Start a project; its codebook version is frozen by this first use."""
    slug = slugify(slug or name)[:80]
    if not slug:
        raise Problem("Give the project a name with letters in it.", code="name_missing", field="name")
    if Project.objects.filter(slug=slug).exists():
        raise Conflict(f"There is a project with the address “{slug}” already; choose another name.", code="slug_taken")
    with transaction.atomic():
        freeze(label_set, by=by)
        chain = new_chain("project")
        with gesture(chain, by=by, action="create_project") as current:
            return current.add(
                Project(
                    slug=slug, name=name, label_set=label_set, redundancy=redundancy,
                    single_is_gold=single_is_gold, chain=chain,
                )
            )  # fmt: skip


def give_role(project: Project, *, by: User | None, user: User, role: str) -> Membership:
    """Idempotent: a role held already stays as it is."""
    if role not in Membership.ROLES:
        raise Problem(f"There is no role “{role}”.", code="unknown_role", field="role")
    with transaction.atomic():
        lock(project.chain)
        held = Membership.objects.filter(project=project, user=user, role=role).first()
        if held:
            return held
        with gesture(project.chain, by=by, action="give_role", locked=True) as current:
            return current.add(Membership(project=project, user=user, role=role))


def take_role(membership: Membership, *, by: User) -> None:
    """End a role. What the person did stays; open work of theirs is released by the workflow."""
    with gesture(membership.project.chain, by=by, action="take_role") as current:
        current.remove(membership)


def shuffled(project_id: uuid.UUID, key: str) -> int:
    """A place on the circle of 63-bit numbers, the same for the same project and key."""
    digest = hashlib.sha256(f"{project_id}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def add_articles(project: Project, articles: Sequence[Article], *, by: User | None) -> list[ProjectArticle]:
    """Put articles into the project, after those it has; ones it has already are left alone."""
    with transaction.atomic():
        lock(project.chain)
        known = set(
            ProjectArticle.objects.filter(project=project, article__in=articles).values_list("article_id", flat=True)
        )
        last = ProjectArticle.objects.filter(project=project).order_by("-position").values_list("position", flat=True)
        position = (last.first() or 0) + 1
        rows = [
            ProjectArticle(project=project, article=article, position=position + place,
                           shuffle=shuffled(project.pk, str(article.pk)))
            for place, article in enumerate(article for article in articles if article.pk not in known)
        ]  # fmt: skip
        with gesture(project.chain, by=by, action="add_articles", locked=True) as current:
            current.add_all(rows)
    return rows


def import_drafts(
    source_name: str, content: bytes, drafts: Sequence[Any], *, by: User | None
) -> tuple[list[Article], list[Article]]:
    """Write the drafts of one file as articles. Returns (new, known before); known ones are untouched."""
    with transaction.atomic():
        chain = site_chain()
        lock(chain)
        result = corpus.import_drafts(source_name, content, drafts)
        with gesture(chain, by=by, action="import_articles", locked=True) as current:
            current.note_added([*result.articles, *result.regions])
    return result.articles, result.known


def correct_article(article: Article, *, by: User, facts: Mapping[str, Any]) -> Article:
    """Correct stated facts, language or direction, as a recorded act."""
    with gesture(site_chain(), by=by, action="correct_article") as current:
        fresh = Article.objects.select_for_update().get(pk=article.pk)
        if fresh.withdrawn_at:
            raise Conflict("This article was withdrawn.", code="withdrawn")
        current.change(fresh, **corpus.corrected_facts(fresh, facts))
    return fresh


def correct_region(region: Region, *, by: User, kind: str) -> Region:
    """Give a region another kind, as a recorded act."""
    if kind not in Region.KINDS:
        raise Problem(f"There is no kind of region “{kind}”.", code="unknown_kind", field="kind")
    with gesture(site_chain(), by=by, action="correct_region") as current:
        return current.change(region, kind=kind)


def withdraw_article(article: Article, *, by: User) -> Article:
    """Remove a text for good: hash, length and offsets stay. Cannot be undone."""
    with gesture(site_chain(), by=by, action="withdraw_article") as current:
        fresh = Article.objects.select_for_update().get(pk=article.pk)
        if fresh.withdrawn_at is None:
            current.change(fresh, **corpus.withdrawn_values(timezone.now()))
            corpus.erase_source(fresh)
    return fresh


def commit_import(run: ImportRun, project: Project | None, *, by: User) -> tuple[list[Article], list[Article]]:
    """Write what a preview showed; into the project too, when one is named. A second time changes nothing."""
    new: list[Article] = []
    known: list[Article] = []
    with transaction.atomic():
        for file in run.files.all():
            added, present = import_drafts(file.name, bytes(file.content), corpus.stored_drafts(file), by=by)
            new, known = [*new, *added], [*known, *present]
        if project is not None:
            add_articles(project, [*new, *known], by=by)
        corpus.finish(run)
    return new, known
