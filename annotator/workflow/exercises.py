"""What a manager does about training: choose the articles, take them away again, let somebody read without."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet
from annotator.errors import Conflict, Problem
from annotator.log.actions import Gesture, gesture
from annotator.projects.access import projects_for
from annotator.projects.actions import set_stage
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.models import Assignment, Exercise
from annotator.workflow.queries import open_to
from annotator.workflow.slots import fit
from annotator.workflow.states import PLACED
from annotator.workflow.training import PUBLISHED
from corpus.queries import listed

PICKER = 50
"""Articles shown to choose from."""


@dataclass(frozen=True)
class Candidates:
    """Articles that could train: the first of them, and how many there are."""

    words: str
    rows: list[ProjectArticle]
    count: int


def candidates_of(user: User, project: Project, words: str = "") -> Candidates:
    rows = candidates(user, project, words)
    found = list(rows[:PICKER])
    articles = listed().in_bulk([row.article_id for row in found])
    for row in found:
        row.article = articles[row.article_id]
    return Candidates(words, found, rows.count())


def candidates(user: User, project: Project, words: str = "") -> QuerySet[ProjectArticle]:
    """Articles of the project with published gold that the person may see: its own, or under the same codebook
    version in another project, where nobody has begun to read the article here. Without those they read."""
    taken = Assignment.objects.filter(
        project=OuterRef("project"), article=OuterRef("article"), purpose="reading", state__in=PLACED
    )
    exercise = Exercise.objects.filter(project=OuterRef("project"), article=OuterRef("article"))
    elsewhere = _gold_elsewhere(user, project).filter(article=OuterRef("article"))
    found = ProjectArticle.objects.filter(
        Q(stage__in=PUBLISHED) | Q(~Exists(taken), Exists(elsewhere), stage="reading"),
        ~Exists(exercise), open_to(user), project=project, article__withdrawn_at=None,
    )  # fmt: skip
    if word := words.replace("\x00", "").strip():
        found = found.filter(
            Q(article__title__icontains=word) | Q(article__outlet__icontains=word)
            | Q(article__source__name__icontains=word) | Q(article__language=word)
        )  # fmt: skip
    return found.order_by("position")


def _gold_elsewhere(user: User, project: Project) -> QuerySet[AnnotationSet]:
    """Published gold under this project's codebook version in others where the person settles or manages."""
    others = projects_for(user).exclude(pk=project.pk)
    if not user.is_superuser:
        held = Membership.objects.filter(project=OuterRef("pk"), user=user, role__in=("adjudicator", "manager"))
        others = others.filter(Exists(held))
    published = ProjectArticle.objects.filter(
        project=OuterRef("project"), article=OuterRef("article"), stage__in=PUBLISHED
    )
    sets = AnnotationSet.objects.filter(
        Exists(published), open_to(user), project__in=others, label_set=project.label_set_id, voice=GOLD, round=1
    )
    return sets.order_by("project__name", "pk")


def train_with(project: Project, articles: Collection[uuid.UUID] | None, *, by: User, words: str = "") -> int:
    """Make training articles of those chosen that could be, None for all that fit; returns how many, as one act."""
    with gesture(project.chain, by=by, action="train_with") as current:
        rows = candidates(by, project, words)
        found = list(rows if articles is None else rows.filter(article__in=list(articles)))
        ids = [row.article_id for row in found]
        own = AnnotationSet.objects.filter(project=project, article__in=ids, voice=GOLD, round=1)
        elsewhere = {one.article_id: one for one in reversed(_gold_elsewhere(by, project).filter(article__in=ids))}
        gold = elsewhere | {one.article_id: one for one in own if one.article_id in _published(found)}
        current.add_all([Exercise(project=project, article_id=id, gold=gold[id]) for id in ids])
        _close_places(current, project, [row for row in found if row.stage == "reading"])
    return len(found)


def _published(rows: Collection[ProjectArticle]) -> set[uuid.UUID]:
    return {row.article_id for row in rows if row.stage in PUBLISHED}


def _close_places(current: Gesture, project: Project, rows: Collection[ProjectArticle]) -> None:
    """Nobody reads these for the project any more: their free places go."""
    ids = [row.article_id for row in rows]
    free = Assignment.objects.filter(project=project, article__in=ids, state="free")
    current.remove_all(list(free))
    for row in rows:
        set_stage(current, row, "training")


def end_training_with(project: Project, article: uuid.UUID, *, by: User) -> None:
    """It trains nobody any more; what it told so far stays. Its places for readers open, where it has no gold here."""
    with gesture(project.chain, by=by, action="end_training_with") as current:
        exercise = Exercise.objects.filter(project=project, article=article).first()
        if exercise is None:
            raise Conflict("This is no training article any more.", code="no_exercise")
        current.remove(exercise)
        row = ProjectArticle.objects.get(project=project, article=article)
        if row.stage == "training":
            set_stage(current, row, "reading")
            fit(current, project, row)


def excuse(membership: Membership, *, by: User, needs_no_training: bool) -> None:
    """Let a reviewer read without training, or ask for it again."""
    if membership.role != "reviewer":
        raise Problem("Training is for reviewers of this project.", code="not_a_reviewer")
    with gesture(membership.project.chain, by=by, action="excuse") as current:
        membership.refresh_from_db()
        current.change(membership, needs_no_training=needs_no_training)
