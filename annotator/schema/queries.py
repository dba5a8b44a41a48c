"""Which codebooks a person may look after: administrators all, managers those that their projects use."""

from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Q, QuerySet

from annotator.accounts.models import User
from annotator.errors import Unknown
from annotator.schema.models import CodebookDraft, LabelSet


@dataclass
class Listed:
    """A codebook in a list. newest: none while there is only a draft; projects: how many use one of its versions."""

    slug: str
    title: str
    versions: list[LabelSet] = field(default_factory=list)
    draft: CodebookDraft | None = None

    @property
    def newest(self) -> LabelSet | None:
        return self.versions[-1] if self.versions else None

    @property
    def projects(self) -> int:
        return sum(version.uses for version in self.versions)  # type: ignore[attr-defined]


def codebooks_for(user: User) -> list[Listed]:
    """All that the person may look after, by title. Raises Unknown to those who look after none."""
    if not looks_after_codebooks(user):
        raise Unknown()
    versions = _versions().filter(slug__in=_slugs(user)).order_by("slug", "number")
    found = {slug: Listed(slug, "", list(some)) for slug, some in groupby(versions, key=lambda one: one.slug)}
    for draft in CodebookDraft.objects.filter(_own_drafts(user) | Q(slug__in=list(found))):
        found.setdefault(draft.slug, Listed(draft.slug, "")).draft = draft
    for one in found.values():
        one.title = one.newest.title if one.newest else one.draft.data["title"] if one.draft else one.slug
    return sorted(found.values(), key=lambda one: (one.title.casefold(), one.slug))


def codebook_for(user: User, slug: str) -> Listed:
    """One codebook with its versions, oldest first, and its draft. Raises Unknown."""
    versions = list(_versions().filter(slug=slug).filter(slug__in=_slugs(user)).order_by("number"))
    mine = Q() if versions else _own_drafts(user)
    draft = CodebookDraft.objects.select_related("base", "started_by").filter(mine, slug=slug).first()
    if not versions and draft is None:
        raise Unknown()
    title = versions[-1].title if versions else draft.data["title"] if draft else slug
    return Listed(slug, title, versions, draft)


def draft_for(user: User, slug: str) -> CodebookDraft:
    """Raises Unknown where there is none, or it is not the person's to change."""
    draft = codebook_for(user, slug).draft
    if draft is None:
        raise Unknown("There is no draft of this codebook; start one on its page.")
    return draft


def looks_after_codebooks(user: User) -> bool:
    return user.is_superuser or LabelSet.objects.filter(slug__in=_slugs(user)).exists()


def _slugs(user: User) -> QuerySet[LabelSet, str]:
    """Short names of the codebooks that the person may look after; projects are reached from their versions."""
    every = LabelSet.objects.order_by()
    if not user.is_superuser:
        manages = Q(projects__memberships__user=user, projects__memberships__role="manager")
        every = every.filter(manages | Q(made_by=user))
    return every.values_list("slug", flat=True)


def _own_drafts(user: User) -> Q:
    return Q() if user.is_superuser else Q(started_by=user, base=None)


def _versions() -> QuerySet[LabelSet]:
    return LabelSet.objects.defer("body").annotate(uses=Count("projects"))
