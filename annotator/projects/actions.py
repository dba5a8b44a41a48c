"""What a manager or an administrator does: projects, people's roles, articles and their facts."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from annotator.accounts.models import User
from annotator.errors import Conflict, Problem, Stale
from annotator.log.actions import BATCH, Gesture, gesture, lock, new_chain, site_chain
from annotator.projects.models import Membership, Project, ProjectArticle, StageChange
from annotator.schema.actions import freeze
from annotator.schema.models import LabelSet
from corpus import actions as corpus
from corpus.models import Article, Region

RESERVED = ("new",)
"""Addresses under /projects/ that are pages of their own."""


def create_project(
    *,
    by: User | None,
    name: str,
    label_set: LabelSet,
    redundancy: int = 2,
    single_is_gold: bool = False,
    slug: str = "",
) -> Project:
    """Start a project; its codebook version is frozen by this first use."""
    if not name.strip():
        raise Problem("Give the project a name.", code="name_missing", field="name")
    slug = slugify(slug or name)[:80] or f"project-{uuid.uuid4().hex[:8]}"
    if slug in RESERVED or Project.objects.filter(slug=slug).exists():
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
        StageChange.objects.bulk_create([_change(row, "", row.stage) for row in rows], batch_size=BATCH)
    return rows


def set_stage(current: Gesture, row: ProjectArticle, stage: str) -> None:
    """Move an article of the project on, or back. Whoever calls has looked whether that may be."""
    if row.stage != stage:
        _change(row, row.stage, stage).save(force_insert=True)
        current.change(row, stage=stage)


def _change(row: ProjectArticle, before: str, after: str) -> StageChange:
    day = timezone.localdate()
    return StageChange(project_id=row.project_id, article_id=row.article_id, day=day, before=before, after=after)


def import_drafts(
    source_name: str, content: bytes, drafts: Sequence[Any], *, by: User | None
) -> tuple[list[Article], list[Article]]:
    """Write the drafts of one file as articles. Returns (new, known before); known ones are untouched."""
    with transaction.atomic():
        chain = site_chain()
        lock(chain)
        result = corpus.import_drafts(source_name, content, drafts)
        with gesture(chain, by=by, action="import_articles", locked=True) as current:
            current.note_added([*([result.source] if result.source else []), *result.articles, *result.regions])
    return result.articles, result.known


def correct_article(article: Article, *, by: User, facts: Mapping[str, Any], seen: str = "") -> Article:
    """Correct stated facts, language or direction, as a recorded act.

    `seen`: `corpus.actions.facts_seen` as it was when the person looked. Raises Stale when it has changed since,
    Conflict for a withdrawn article.
    """
    with gesture(site_chain(), by=by, action="correct_article") as current:
        fresh = Article.objects.select_for_update().get(pk=article.pk)
        if fresh.withdrawn_at:
            raise Conflict("This article was withdrawn.", code="withdrawn")
        if seen and seen != corpus.facts_seen(fresh):
            raise Stale("Someone else corrected these facts since you opened the page.")
        current.change(fresh, **corpus.corrected_facts(fresh, facts))
    return fresh


def correct_regions(article: Article, *, by: User, kinds: Mapping[uuid.UUID, tuple[str, str]]) -> int:
    """Give regions of the article other kinds, as one recorded act: region → (kind before, kind after).

    Returns how many changed. Raises Problem for an unknown kind, Stale when a kind before is no longer so.
    """
    if unknown := {kind for _, kind in kinds.values()} - set(Region.KINDS):
        raise Problem(f"There is no kind of region “{unknown.pop()}”.", code="unknown_kind", field="kind")
    with gesture(site_chain(), by=by, action="correct_regions") as current:
        regions = list(Region.objects.select_for_update().filter(article=article, pk__in=kinds).order_by("start"))
        for region in regions:
            before, after = kinds[region.pk]
            if region.kind not in (before, after):
                raise Stale("Someone else changed the kind of these regions since you opened the page.")
            current.change(region, kind=after)
    return len(regions)


def withdraw_article(article: Article, *, by: User) -> Article:
    """Remove a text for good: hash, length and offsets stay. Cannot be undone."""
    with gesture(site_chain(), by=by, action="withdraw_article") as current:
        fresh = Article.objects.select_for_update().get(pk=article.pk)
        if fresh.withdrawn_at is None:
            current.change(fresh, **corpus.withdrawn_values(fresh, timezone.now()))
            corpus.erase_source(fresh)
    return fresh
