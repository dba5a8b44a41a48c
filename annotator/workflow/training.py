"""Training: every reviewer reads some articles whose gold is known before the pool opens to them.

They are read in the order of the project, each once. Below the mark an article comes again, after those read less
often: with other texts in between, the second try asks for understanding rather than memory, and no project runs
out of training articles. Whoever helped to make the gold of an article, reading or settling, is not trained on it.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Submission
from annotator.errors import Conflict, Unknown
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.projects.moves import moves_of
from annotator.registers.queries import merges_of
from annotator.registers.resolving import Merges
from annotator.schema.codebook import Codebook
from annotator.schema.mapping import Step
from annotator.workflow.cases import content_of, counted
from annotator.workflow.comparison import Voice
from annotator.workflow.models import Assignment, Decision, Exercise, SecondSettling, TrainingResult
from annotator.workflow.scoring import Score, score
from annotator.workflow.seconds import second_of
from annotator.workflow.states import BLINDING, COUNTING, FINISHED, WRITING
from corpus.queries import listed

PUBLISHED = ("gold", "released")


@dataclass(frozen=True)
class Lesson:
    """A training article as one reviewer meets it: their tries in order. `is_known`: they have a part in its gold."""

    exercise: Exercise
    tries: tuple[Assignment, ...]
    is_known: bool

    @property
    def results(self) -> list[TrainingResult]:
        return [found for one in self.tries if (found := result_of(one)) is not None]

    @property
    def is_passed(self) -> bool:
        return self.is_known or any(result.is_passed for result in self.results)

    @property
    def is_under_way(self) -> bool:
        return any(one.state in WRITING for one in self.tries)

    @property
    def latest(self) -> Assignment | None:
        """The last try that was handed in; none while another is under way, for it would tell."""
        found = (one for one in reversed(self.tries) if result_of(one) is not None)
        return None if self.is_under_way else next(found, None)


@dataclass(frozen=True)
class Training:
    """All training articles for one reviewer. `is_excused`: a manager lets them read without."""

    lessons: tuple[Lesson, ...]
    is_excused: bool

    @property
    def next(self) -> Lesson | None:
        """What comes first: of those not passed the one tried least often; None when the pool is open."""
        waiting = [] if self.is_excused else [lesson for lesson in self.lessons if not lesson.is_passed]
        return min(waiting, key=lambda lesson: len(lesson.tries), default=None)

    @property
    def is_over(self) -> bool:
        return self.next is None

    @property
    def own(self) -> tuple[Lesson, ...]:
        """What the reviewer is told of: what they read for its gold is not among it, since that there is gold by now
        would tell of the others."""
        return tuple(lesson for lesson in self.lessons if not lesson.is_known)

    @property
    def passed(self) -> int:
        return sum(lesson.is_passed for lesson in self.own)

    def among(self, exercises: Collection[uuid.UUID]) -> "Training":
        return replace(self, lessons=tuple(one for one in self.lessons if one.exercise.pk in exercises))


def result_of(assignment: Assignment) -> TrainingResult | None:
    return getattr(assignment, "result", None)


def score_of(result: TrainingResult) -> Score:
    return Score(result.marked, result.wanted, result.exact, result.shared, result.asked, result.alike)


def exercises_of(project: Project) -> QuerySet[Exercise]:
    """Training articles in the order of the project, without those whose gold is being looked at again."""
    published = ProjectArticle.objects.filter(
        project=OuterRef("gold__project"), article=OuterRef("article"), stage__in=PUBLISHED
    )
    found = Exercise.objects.filter(
        Exists(published), project=project, article__withdrawn_at=None, article__project_articles__project=project
    )
    found = found.annotate(position=F("article__project_articles__position")).order_by("position")
    return found.select_related("gold").prefetch_related(Prefetch("article", listed()))


def exercises_seen(user: User, project: Project) -> QuerySet[Exercise]:
    """Training articles that a manager may know of, also those that rest: not what they read for its gold, or settle
    a second time, for that there is gold by now, or is no more, would tell of the others."""
    here = Q(project=OuterRef("project")) | Q(project=OuterRef("gold__project"))
    reading = Assignment.objects.filter(here, article=OuterRef("article"), reviewer=user, state__in=BLINDING)
    again = SecondSettling.objects.filter(here, article=OuterRef("article"), adjudicator=user, state="waiting")
    return Exercise.objects.filter(~Exists(reading.exclude(purpose="training")), ~Exists(again), project=project)


def training_of(reader: User, project: Project) -> Training:
    """Five queries; one where the project has no training."""
    return trainings_of(project, [reader.pk])[reader.pk]


def trainings_of(project: Project, readers: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Training]:
    """The training of each reader, by their ids. Five queries, however many readers."""
    exercises = list(exercises_of(project))
    if not exercises:
        return {reader: Training((), is_excused=False) for reader in readers}
    tries, known = _work(project, exercises, readers)
    members = Membership.objects.filter(project=project, role="reviewer", needs_no_training=True)
    excused = set(members.values_list("user", flat=True))
    return {
        reader: Training(
            tuple(
                Lesson(one, tuple(tries[reader, one.article_id]), (reader, one.gold_id) in known) for one in exercises
            ),
            reader in excused,
        )
        for reader in readers
    }


Tries = Mapping[tuple[uuid.UUID, uuid.UUID], list[Assignment]]


def _work(
    project: Project, exercises: Collection[Exercise], readers: Collection[uuid.UUID]
) -> tuple[Tries, set[tuple[uuid.UUID, uuid.UUID]]]:
    """Tries by reader and article; and (reader, gold set) for those who have a part in that gold."""
    tries: dict[tuple[uuid.UUID, uuid.UUID], list[Assignment]] = defaultdict(list)
    readings: set[tuple[uuid.UUID, uuid.UUID, uuid.UUID]] = set()
    found = Assignment.objects.filter(
        project__in={project.pk, *(one.gold.project_id for one in exercises)},
        article__in=[one.article_id for one in exercises], reviewer__in=readers,
    )  # fmt: skip
    for one in found.select_related("result").order_by("round"):
        assert one.reviewer_id is not None
        if one.purpose == "training" and one.project_id == project.pk:
            tries[one.reviewer_id, one.article_id].append(one)
        elif one.purpose == "reading" and one.state in COUNTING:
            readings.add((one.reviewer_id, one.project_id, one.article_id))
    known = {
        (reader, one.gold_id)
        for one in exercises
        for reader in readers
        if (reader, one.gold.project_id, one.article_id) in readings or (reader, project.pk, one.article_id) in readings
    }
    return tries, known | _settlers(exercises, readers)


def _settlers(exercises: Collection[Exercise], readers: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """(reader, gold set) where they decided something, or settle the article a second time."""
    sets = {(one.gold.project_id, one.article_id): one.gold_id for one in exercises}
    decided = Decision.objects.filter(gold_set__in=sets.values(), by__in=readers).values_list("by", "gold_set")
    again = SecondSettling.objects.filter(adjudicator__in=readers).exclude(state="ended")
    found = again.filter(article__in=[article for _, article in sets])
    twice = {
        (one.adjudicator_id, sets[one.project_id, one.article_id])
        for one in found
        if (one.project_id, one.article_id) in sets
    }
    return {*decided.distinct(), *twice}


# Measuring


def measured(assignment: Assignment, submission: Submission) -> TrainingResult | None:
    """How a training reading stands against the gold that is published last; None when there is no gold any more.

    Where one was made under a later version of the codebook, the other is read over to it.
    """
    project = Project.objects.get(pk=assignment.project_id)
    gold = (
        Submission.objects.filter(
            annotation_set__exercises__project=project, annotation_set__exercises__article=assignment.article_id
        )
        .order_by("-number")
        .select_related("annotation_set", "label_set")
        .first()
    )
    if gold is None:
        return None
    version = max((submission.label_set, gold.label_set), key=lambda one: one.number)
    codebook, moves = version.codebook, moves_of(project.pk, gold.annotation_set.project_id)
    merges = merges_of(project.pk, codebook) if codebook.lists else Merges()
    own, right = (
        _voice(key, one, moves.path(one.label_set_id, version.pk), codebook, merges)
        for key, one in (("own", submission), ("gold", gold))
    )
    found = score(own, right, lambda label: _measurable(codebook, label))
    is_passed = found.passes(spans=project.pass_spans, answers=project.pass_answers)
    return TrainingResult(assignment=assignment, gold=gold, is_passed=is_passed, **asdict(found))


def _measurable(codebook: Codebook, label: str) -> list[str]:
    """Free texts are read by people; they are no answers to count."""
    asked = codebook.attributes(label) if codebook.has_label(label) else {}
    return [name for name in counted(codebook, label) if asked[name].kind != "text"]


def _voice(key: str, submission: Submission, steps: Sequence[Step], codebook: Codebook, merges: Merges) -> Voice:
    spans = content_of(submission, steps).spans
    return Voice(key, [replace(one, attributes=merges.answers(codebook, one.label, one.attributes)) for one in spans])


# Doors


def training_gold(user: User, assignment: Assignment) -> tuple[ProjectArticle, AnnotationSet]:
    """The gold that a training reading was measured by, for its reader or a manager who may see their work.

    Raises Unknown where nothing was measured and to those who read the article for that gold, Conflict while the
    gold is being looked at again.
    """
    result = result_of(assignment)
    if result is None or assignment.state not in FINISHED:
        raise Unknown()
    sets = AnnotationSet.objects.select_related("chain", "project", "article", "label_set")
    gold = sets.defer("label_set__body").get(pk=result.gold.annotation_set_id)
    blinding = Assignment.objects.filter(reviewer=user, state__in=BLINDING).exclude(purpose="training")
    if blinding.filter(project=gold.project_id, article=gold.article_id).exists():
        raise Unknown()
    if second_of(user, gold.project, gold.article_id) is not None:
        raise Unknown()
    row = ProjectArticle.objects.select_related("article").get(project=gold.project_id, article=gold.article_id)
    if row.stage not in PUBLISHED:
        raise Conflict(
            "The gold of this article is being looked at again. Your score stays; come back when it is published.",
            code="gold_reopened",
        )
    return row, gold
