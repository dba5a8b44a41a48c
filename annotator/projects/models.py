"""A campaign on some articles: whom it belongs to, who may do what in it, which texts it reads."""

import uuid

from django.conf import settings
from django.db import models

from annotator.log.models import Chain
from annotator.log.records import logged
from annotator.schema.models import LabelSet
from corpus.models import Article


class Project(models.Model):
    """`settling`: what settles itself besides what all readers agree on, as keyword arguments of
    `workflow.settlement.Rules`; `single_is_gold` is the rule for articles with one reader.

    `share`: per cent of the articles that get `redundancy` readers, the others get one. While the readers of an
    article agree on less than `another_below` per cent of their spans it gets one more, up to `readers_most`.
    Unfinished work goes back to the pool after `release_after` days without a touch. None: never.
    `pass_spans`, `pass_answers`: per cent that a training reading must reach; None: it is enough to hand it in.
    `suggestions`: readers are offered some; `suggestions_share`: in so many per cent of the readings, by lot.
    `repeat_share`: per cent of a reader's finished articles that come to them again, after `repeat_days` or
    `repeat_articles` others. `second_share`: per cent of the articles that are settled by two adjudicators.
    `names_shown`: whoever settles sees who read what, and so do an article's readers after its release.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="projects")
    redundancy = models.PositiveSmallIntegerField(default=2)
    share = models.PositiveSmallIntegerField(default=100)
    another_below = models.PositiveSmallIntegerField(null=True, blank=True)
    readers_most = models.PositiveSmallIntegerField(null=True, blank=True)
    release_after = models.PositiveSmallIntegerField(null=True, blank=True)
    pass_spans = models.PositiveSmallIntegerField(null=True, blank=True)
    pass_answers = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_share = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_days = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_articles = models.PositiveSmallIntegerField(null=True, blank=True)
    second_share = models.PositiveSmallIntegerField(null=True, blank=True)
    names_shown = models.BooleanField(default=False)
    single_is_gold = models.BooleanField(default=False)
    settling = models.JSONField(default=dict, blank=True)
    suggestions = models.BooleanField(default=True)
    suggestions_share = models.PositiveSmallIntegerField(default=100)
    chain = models.OneToOneField(Chain, on_delete=models.PROTECT, related_name="project")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(redundancy__gte=1), name="project_redundancy_at_least_one"),
            models.CheckConstraint(condition=models.Q(share__lte=100), name="project_share_is_a_percentage"),
            models.CheckConstraint(
                condition=models.Q(suggestions_share__lte=100), name="project_suggestions_share_is_a_percentage"
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one project; a person may hold several.

    `cursor`: where on the circle of articles a reviewer last drew, so that drawing never looks twice.
    `quota`: at most so many articles come to a reviewer from the pool; `due_on`: the day by which they are done.
    `needs_no_training`: a manager lets them read without it.
    """

    ROLES = ("reviewer", "adjudicator", "manager")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=[(role, role) for role in ROLES])
    cursor = models.BigIntegerField(null=True)
    quota = models.PositiveIntegerField(null=True)
    due_on = models.DateField(null=True)
    needs_no_training = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user", "role"], name="membership_once")]


class ProjectArticle(models.Model):
    """An article as one project reads it. `shuffle` places it in the circle from which readers draw.

    `readers`: at least so many, where it was given more than the project's rule says; else 0. At stage "training"
    it serves that alone: its gold is another project's, and it has no places for readers.
    """

    STAGES = ("reading", "settling", "gold", "released", "training")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="project_articles")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="project_articles")
    position = models.PositiveIntegerField()
    shuffle = models.BigIntegerField()
    stage = models.CharField(max_length=8, default="reading", choices=[(stage, stage) for stage in STAGES])
    readers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "article"], name="article_once_in_project"),
            models.UniqueConstraint(fields=["project", "position"], name="position_once_in_project"),
        ]
        indexes = [models.Index(fields=["project", "stage", "position"], name="articles_by_stage")]
        ordering = ["position"]


class StageChange(models.Model):
    """An article went from one stage to another on a day (UTC); `before` is empty when it came to the project.

    Not in the log, whose events on project articles tell it already: these rows are there to be counted by day, and
    `verify_log` compares the two.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stage_changes")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="stage_changes")
    day = models.DateField()
    before = models.CharField(max_length=8, blank=True)
    after = models.CharField(max_length=8)

    class Meta:
        indexes = [models.Index(fields=["project", "day", "before", "after", "article"], name="stage_changes_by_day")]


class CodebookMove(models.Model):
    """A project went on under a later version of its codebook; readings are compared over it by its mapping.

    `mapping`: what becomes of what retires, as `schema.mapping.as_json` writes it. `number` counts the project's moves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    before = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="+")
    mapping = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="move_number_once")]
        ordering = ["number"]


logged(
    "project", Project, "slug", "name", "label_set", "redundancy", "share", "another_below", "readers_most",
    "release_after", "pass_spans", "pass_answers", "repeat_share", "repeat_days", "repeat_articles", "second_share",
    "names_shown", "single_is_gold", "settling", "suggestions", "suggestions_share", "closed_at",
    on="project", chain="chain",
)  # fmt: skip
logged(
    "membership", Membership, "project", "user", "role", "quota", "due_on", "needs_no_training",
    on="project", chain="project__chain",
)  # fmt: skip
logged(
    "project_article", ProjectArticle, "project", "article", "position", "shuffle", "stage", "readers",
    on="project", chain="project__chain",
)  # fmt: skip
logged(
    "codebook_move", CodebookMove, "project", "number", "before", "after", "mapping",
    on="project", chain="project__chain",
)  # fmt: skip
