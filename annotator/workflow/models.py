"""Who reads what, and whose word counts."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotator.annotation.models import AnnotationSet, Submission
from annotator.log.models import Remark
from annotator.log.records import logged
from annotator.projects.models import Project
from annotator.workflow.states import STATES, UNFINISHED
from corpus.models import Article


class Assignment(models.Model):
    """One slot: a place for one reader of one article. Slots are rows made beforehand; claiming fills one.

    `shuffle` repeats the article's place in the circle, so that the next slot is one index look-up.
    `purpose`: only what is for "reading" counts among an article's readers, in agreement and for gold. A round
    above 1 is a further try at a training article, or the second reading by which consistency is measured.
    """

    PURPOSES = ("reading", "training", "repeat")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assignments")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="assignments")
    purpose = models.CharField(max_length=8, default="reading", choices=[(one, one) for one in PURPOSES])
    round = models.PositiveSmallIntegerField(default=1)
    slot = models.PositiveSmallIntegerField()
    shuffle = models.BigIntegerField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assignments"
    )
    state = models.CharField(max_length=10, default="free", choices=[(state, state) for state in STATES])
    annotation_set = models.ForeignKey(AnnotationSet, null=True, on_delete=models.PROTECT, related_name="assignments")
    reason = models.ForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "article", "purpose", "round", "slot"], name="slot_once"),
            models.UniqueConstraint(
                fields=["project", "article", "reviewer", "round"],
                condition=Q(reviewer__isnull=False),
                name="never_the_same_reader_twice",
            ),
            models.CheckConstraint(
                condition=Q(state="free", reviewer__isnull=True) | ~Q(state="free") & Q(reviewer__isnull=False),
                name="a_free_slot_has_no_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "shuffle"], condition=Q(state="free"), name="free_slots"),
            models.Index(fields=["reviewer", "state"], name="assignments_of_reader"),
            models.Index(fields=["project", "changed_at"], condition=Q(state__in=UNFINISHED), name="unfinished_work"),
        ]


class Exercise(models.Model):
    """An article on which readers are trained before they read for the project. `gold`: what they are measured by,
    of this project or of another one that has the same article."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="exercises")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="exercises")
    gold = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="exercises")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "article"], name="exercise_once")]


class TrainingResult(models.Model):
    """How one training reading stood against gold when it was handed in, as counts; see `scoring.Score`.

    `is_passed` holds by the marks of that day: a mark that is raised later takes nothing away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="result")
    gold = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    marked = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField()
    exact = models.PositiveIntegerField()
    shared = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    alike = models.PositiveIntegerField()
    is_passed = models.BooleanField()


class Decision(models.Model):
    """How one item of gold came about. `key` names the subject by the judgements it is about.

    `members`: list of [submission id, item id]; `choice`: what was chosen, as `{"voice", "values"}`, so that
    a decision can be carried out again. A later decision on the same subject supersedes, never overwrites.
    """

    SUBJECTS = ("span", "attribute", "relation")
    OUTCOMES = ("agreed", "majority", "rule", "took", "both", "neither", "edited")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gold_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="decisions")
    key = models.CharField(max_length=64)
    subject = models.CharField(max_length=9, choices=[(subject, subject) for subject in SUBJECTS])
    name = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=8, choices=[(outcome, outcome) for outcome in OUTCOMES])
    members = models.JSONField(default=list)
    choice = models.JSONField(default=dict)
    rule = models.CharField(max_length=20, blank=True)
    note = models.ForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="decisions")
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    version = models.PositiveBigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["gold_set", "key"], name="decisions_by_subject")]


class SecondSettling(models.Model):
    """An article that another adjudicator settles again, blind to the first, to see how far the two agree.

    `waiting` from when the first settling begins until the second one is handed in: as long as that the adjudicator
    learns nothing of the first. `ended`: they left, or a manager does without. `gold_set`: theirs, of a round above
    1, once begun; the first gold stays the gold. `reason`: why a manager reopened the first over what it showed.
    """

    STATES = ("waiting", "done", "ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="second_settlings")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="second_settlings")
    adjudicator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_settlings")
    gold_set = models.ForeignKey(AnnotationSet, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, default="waiting", choices=[(state, state) for state in STATES])
    reason = models.ForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "article"], condition=~Q(state="ended"), name="settled_again_once"
            )
        ]


class GoldSource(models.Model):
    """From one gold item (or one attribute of it) to a judgement it came from and the decision that took it.

    `item` is the id of a gold span or relation; `judgement` the id of the item inside the submission.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gold_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="sources")
    item = models.UUIDField(db_index=True)
    attribute = models.CharField(max_length=40, blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sources")
    submission = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="+")
    judgement = models.UUIDField(null=True)


logged(
    "assignment", Assignment,
    "project", "article", "purpose", "round", "slot", "shuffle", "reviewer", "state", "annotation_set", "reason",
    "changed_at", on="project", chain="project__chain",
)  # fmt: skip
logged("exercise", Exercise, "project", "article", "gold", on="project", chain="project__chain")
logged(
    "training_result", TrainingResult,
    "assignment", "gold", "marked", "wanted", "exact", "shared", "asked", "alike", "is_passed",
    on="project", chain="assignment__project__chain",
)  # fmt: skip
logged(
    "decision", Decision,
    "gold_set", "key", "subject", "name", "outcome", "members", "choice", "rule", "note", "by", "supersedes",
    on="set", chain="gold_set__chain",
)  # fmt: skip
logged(
    "second_settling", SecondSettling, "project", "article", "adjudicator", "gold_set", "state", "reason", "changed_at",
    on="project", chain="project__chain",
)  # fmt: skip
logged(
    "gold_source", GoldSource, "gold_set", "item", "attribute", "decision", "submission", "judgement",
    on="set", chain="gold_set__chain",
)  # fmt: skip
