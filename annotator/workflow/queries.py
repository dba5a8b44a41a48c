"""Reading other people's work: the one door, and the rule of blindness behind it.

Whoever has a place among an article's readers learns nothing of another's work on it, in whatever role,
until the article is released to its readers. Whoever settles an article a second time learns nothing of the first
settling until theirs is handed in.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet, Comment, Submission
from annotator.annotation.queries import in_sight
from annotator.errors import Unknown
from annotator.projects.access import roles_in
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.models import Assignment, Decision, SecondSettling
from annotator.workflow.states import BLINDING, FINISHED
from corpus.queries import listed


def blinding(user: User) -> QuerySet[Assignment]:
    """The assignments that keep the person from seeing others' work on their articles."""
    return Assignment.objects.filter(reviewer=user, state__in=BLINDING)


def settling_blind(user: User) -> QuerySet[SecondSettling]:
    """The second settlings that keep the person from seeing the first one, of articles whose readings they may see."""
    return SecondSettling.objects.filter(adjudicator=user, state="waiting")


def is_blinded(user: User, project: Project, article_id: uuid.UUID) -> bool:
    kept_from = (blinding(user), settling_blind(user))
    return any(found.filter(project=project, article=article_id).exists() for found in kept_from)


def open_to(user: User, article: str = "article") -> Q:
    """A condition on rows with `project` and an article: the person is not blinded there."""
    there = {"project": OuterRef("project"), "article": OuterRef(article)}
    return Q(~Exists(blinding(user).filter(**there)), ~Exists(settling_blind(user).filter(**there)))


def submissions_for(user: User, project: Project) -> QuerySet[Submission]:
    """The newest submission of every voice that the person may see: others' only in the roles that settle
    and audit, never of an article that blinds them; gold only when published."""
    newest = Submission.objects.filter(annotation_set=OuterRef("annotation_set"), number__gt=OuterRef("number"))
    found = (
        Submission.objects.filter(~Exists(newest), in_sight("annotation_set"), annotation_set__project=project)
        .annotate(project=F("annotation_set__project"), article=F("annotation_set__article"))
        .select_related("annotation_set")
    )
    if roles_in(user, project) & {"manager", "adjudicator"}:
        return found.filter(open_to(user) | Q(annotation_set__owner=user))
    return found.filter(annotation_set__owner=user)


def judgements_of(project: Project, *articles: uuid.UUID) -> list[Submission]:
    """The newest submissions of articles' readers, for comparing. Not a door: callers have passed one."""
    newest = Submission.objects.filter(annotation_set=OuterRef("annotation_set"), number__gt=OuterRef("number"))
    counted = Assignment.objects.filter(
        annotation_set=OuterRef("annotation_set"), purpose="reading", state__in=FINISHED
    )
    return list(
        Submission.objects.filter(
            ~Exists(newest), Exists(counted), annotation_set__project=project, annotation_set__article__in=articles
        )
        .exclude(annotation_set__voice=GOLD)
        .select_related("annotation_set", "label_set")
        .defer("label_set__body")
        .order_by("id")
    )


def read_twice(user: User, project: Project) -> list[tuple[Submission, Submission]]:
    """What readers handed in at first and when they read an article again, as far as the person may see it."""
    repeat = Assignment.objects.filter(annotation_set=OuterRef("annotation_set"), purpose="repeat", state__in=FINISHED)
    return _with_the_first(submissions_for(user, project).filter(open_to(user), Exists(repeat)))


def settled_twice(user: User, project: Project) -> list[tuple[Submission, Submission]]:
    """Gold and the second settling of the same article, as far as the person may see both."""
    done = SecondSettling.objects.filter(gold_set=OuterRef("annotation_set"), state="done")
    return _with_the_first(submissions_for(user, project).filter(open_to(user), Exists(done)))


def _with_the_first(again: QuerySet[Submission]) -> list[tuple[Submission, Submission]]:
    """Each with the newest of round 1 that was handed in before it: what came later may have been moved by it.

    Two queries. With `article`, `outlet` and `length`; without contents.
    """
    facts = {"outlet": F("annotation_set__article__outlet"), "length": F("annotation_set__article__length")}
    found = list(again.annotate(**facts).defer("content").order_by("submitted_at", "id"))
    earlier = Submission.objects.filter(
        annotation_set__project__in={one.annotation_set.project_id for one in found}, annotation_set__round=1,
        annotation_set__article__in={one.annotation_set.article_id for one in found},
        annotation_set__voice__in={one.annotation_set.voice for one in found},
    )  # fmt: skip
    first: dict[tuple[uuid.UUID, str], list[Submission]] = defaultdict(list)
    for one in earlier.select_related("annotation_set").defer("content").order_by("number"):
        first[_whose(one)].append(one)
    pairs = ((_last_before(one, first[_whose(one)]), one) for one in found)
    return [(before, one) for before, one in pairs if before is not None]


def _whose(submission: Submission) -> tuple[uuid.UUID, str]:
    return submission.annotation_set.article_id, submission.annotation_set.voice


def _last_before(again: Submission, some: list[Submission]) -> Submission | None:
    return next((one for one in reversed(some) if one.submitted_at <= again.submitted_at), None)


def comments_on(sets: Iterable[str]) -> list[Comment]:
    """What readers remarked in some sets, oldest first. Not a door: callers have passed one."""
    found = Comment.objects.filter(annotation_set__in=set(sets)).select_related("remark")
    return list(found.order_by("version", "id"))


def notes_of(user: User, project: Project) -> list[str]:
    """What the person wrote as a note to decisions, most often used first, for writing it again. One query."""
    own = Decision.objects.filter(by=user, gold_set__project=project, note__isnull=False).exclude(note__text="")
    found = own.values("note__text").annotate(times=Count("pk")).order_by("-times", "note__text")
    return [one["note__text"] for one in found[:NOTES]]


NOTES = 40


def reader_names(project: Project, sets: Iterable[str]) -> dict[str, str]:
    """Set → its reader's name, where the project shows names, else nothing. Not a door: callers have passed one."""
    if not project.names_shown:
        return {}
    found = AnnotationSet.objects.filter(pk__in=set(sets), owner__isnull=False).values_list("pk", "owner__username")
    return {str(pk): name for pk, name in found}


def assignment_for(user: User, pk: uuid.UUID) -> Assignment:
    """One's own assignment. Raises Unknown."""
    found = Assignment.objects.select_related("project__chain", "article").defer("article__text")
    assignment = found.filter(pk=pk, reviewer=user).first()
    if assignment is None:
        raise Unknown()
    return assignment


def queue_for(user: User, project: Project) -> QuerySet[Assignment]:
    """The person's own assignments in a project, oldest change last.

    `is_free`: the article has a free place, so that work which went back to the others can be taken again.
    """
    return (
        Assignment.objects.filter(reviewer=user, project=project)
        .annotate(is_free=free_place())
        .select_related("annotation_set__chain", "annotation_set__time", "reason")
        .prefetch_related(Prefetch("article", listed()))
        .order_by("-changed_at")
    )


def free_place() -> Exists:
    """A condition on assignments: their article has a free place."""
    return Exists(Assignment.objects.filter(project=OuterRef("project"), article=OuterRef("article"), state="free"))


def published_gold(project: Project) -> QuerySet[AnnotationSet]:
    """Gold sets of published articles; the draft of an unpublished one is nobody's but the desk's."""
    stage = ProjectArticle.objects.filter(
        project=OuterRef("project"), article=OuterRef("article"), stage__in=("gold", "released")
    )
    return AnnotationSet.objects.filter(Exists(stage), project=project, voice=GOLD, round=1)


def gold_for(user: User, project: Project) -> QuerySet[AnnotationSet]:
    """Published gold that the person may see: not of an article that blinds them."""
    return published_gold(project).filter(open_to(user))


def gold_of(user: User, project: Project, article_id: uuid.UUID) -> tuple[ProjectArticle, AnnotationSet]:
    """The published gold of an article, for those who settle and manage, and after the release for its readers.

    Raises Unknown to others, and to a reader before that, as for gold that does not exist.
    """
    row = ProjectArticle.objects.select_related("article").filter(project=project, article=article_id).first()
    found = gold_for(user, project).filter(article=article_id)
    gold = found.select_related("chain", "project", "article", "label_set").defer("label_set__body").first()
    own = Assignment.objects.filter(project=project, article=article_id, reviewer=user, state="released")
    if row is None or gold is None or not (roles_in(user, project) & {"adjudicator", "manager"} or own.exists()):
        raise Unknown()
    return row, gold


def released_gold(user: User, own: AnnotationSet) -> tuple[ProjectArticle, AnnotationSet]:
    """The gold beside one's own reading. Raises Unknown before the article was released to its readers."""
    released = Assignment.objects.filter(annotation_set=own, reviewer=user, state="released", purpose="reading")
    if not released.exists():
        raise Unknown()
    return gold_of(user, own.project, own.article_id)


def settling_for(user: User, project: Project, after: str) -> tuple[list[ProjectArticle], str]:
    """A page of articles on or before the adjudicator's desk, without those the person reads; six queries at most.

    Those that wait come first. `after`: where the page before ended ("stage:position"), or empty. Returns
    the rows and where this page ends, empty when it is the last.
    """
    stages = ("settling", "gold", "released")
    rows: list[ProjectArticle] = []
    stage, _, place = after.partition(":")
    start = stages.index(stage) if stage in stages else 0
    for number in range(start, len(stages)):
        found = ProjectArticle.objects.filter(open_to(user), project=project, stage=stages[number])
        if number == start and place.isdigit():
            found = found.filter(position__gt=int(place))
        found = found.prefetch_related(Prefetch("article", listed()))
        rows += found.order_by("position")[: PAGE + 1 - len(rows)]
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return rows, f"{rows[-1].stage}:{rows[-1].position}" if more else ""


PAGE = 50
