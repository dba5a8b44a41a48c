"""What one voice says about one text. A reviewer's, a machine's and the gold set are the same rows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotator import standoff
from annotator.log.models import Chain, Remark
from annotator.log.records import logged
from annotator.projects.models import Project
from annotator.schema.models import LabelSet
from corpus.models import Article

GOLD = "gold"


class AnnotationSet(models.Model):
    """Unique per project, article, voice and round. `voice` is a reviewer's id or "gold".

    The length of the set's chain is its version; the chain's row is its write lock. `suggested`: its reader is
    offered suggestions, as the lot fell when the set was made. `carried`: number of the event that carried it to its
    version of the codebook, 0 for a set that was made under it.
    """

    STATES = ("open", "closed", "frozen")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="annotation_sets")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="annotation_sets")
    voice = models.CharField(max_length=64)
    round = models.PositiveSmallIntegerField(default=1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="annotation_sets"
    )
    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="annotation_sets")
    chain = models.OneToOneField(Chain, on_delete=models.PROTECT, related_name="annotation_set")
    state = models.CharField(max_length=6, default="open", choices=[(state, state) for state in STATES])
    suggested = models.BooleanField(default=False)
    carried = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "article", "voice", "round"], name="one_set_per_voice")
        ]

    @property
    def is_gold(self) -> bool:
        return self.voice == GOLD

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class TimeOnTask(models.Model):
    """How long a reader has worked on a set: `seconds` in which they were active; known up to `reported_at`.

    Not in the log: the reader's own browser tells it, minute by minute, and nothing that leaves as data rests on it.
    As events, it would bury what was done to the text, and move the set's version while nothing is done.
    """

    annotation_set = models.OneToOneField(
        AnnotationSet, primary_key=True, on_delete=models.PROTECT, related_name="time"
    )
    seconds = models.PositiveIntegerField(default=0)
    reported_at = models.DateTimeField()

    @property
    def words(self) -> str:
        return minutes(self.seconds)


def minutes(seconds: int) -> str:
    """Active time in words: “12 min”, “1 h 5 min”; nothing when there is none."""
    hours, left = divmod(seconds // 60, 60)
    if hours:
        return f"{hours} h {left} min"
    return f"{left} min" if left else "under 1 min" if seconds else ""


class Span(models.Model):
    """`[start, end)` in code points of the article's text. The quote is not stored: the text has it.

    `attributes`: attribute key → value; for attributes of kind text the id of a Remark. `absent`: names
    answered "not in the text". `version`: sequence number of the event that last wrote the row.
    `multiline`: the span crosses a line break, so drawing a line need not look at all earlier spans.
    `suggestion`: what the reader saw of one when drawing the span; "accepted" becomes "changed" when the span is
    then moved or relabelled. Always empty in gold.
    """

    EXPOSURES = ("", "shown", "accepted", "changed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="spans")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    label = models.CharField(max_length=40)
    attributes = models.JSONField(default=dict)
    absent = models.JSONField(default=list)
    multiline = models.BooleanField(default=False)
    suggestion = models.CharField(max_length=8, blank=True, choices=[(one, one) for one in EXPOSURES])
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="span_not_empty"),
            models.UniqueConstraint(fields=["annotation_set", "start", "end", "label"], name="span_once_per_label"),
        ]
        indexes = [
            models.Index(fields=["annotation_set", "start"], condition=Q(multiline=True), name="spans_across_lines")
        ]

    def as_standoff(self) -> standoff.Span:
        return standoff.Span(str(self.id), self.start, self.end, self.label, self.attributes, tuple(self.absent))


class Relation(models.Model):
    """A typed link from one span to another of the same set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="relations")
    type = models.CharField(max_length=40)
    source = models.ForeignKey(Span, on_delete=models.PROTECT, related_name="outgoing")
    target = models.ForeignKey(Span, on_delete=models.PROTECT, related_name="incoming")
    attributes = models.JSONField(default=dict)
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_has_two_ends"),
            models.UniqueConstraint(fields=["type", "source", "target"], name="relation_once"),
        ]

    def as_standoff(self) -> standoff.Relation:
        return standoff.Relation(str(self.id), self.type, str(self.source_id), str(self.target_id), self.attributes)


class Comment(models.Model):
    """A comment or a flag on a span, or on the article when `span_id` is empty.

    `thread`: the comment that this one of the same reader goes on from; empty for one that begins a thread.
    """

    FLAGS = ("", "unsure", "guideline gap", "bad text")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="comments")
    span_id = models.UUIDField(null=True)
    flag = models.CharField(max_length=16, blank=True, choices=[(flag, flag) for flag in FLAGS])
    remark = models.ForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    thread = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    version = models.PositiveBigIntegerField()


class Reply(models.Model):
    """What a manager says to a reader's comment; without words only that it is dealt with.

    Told in the project's chain: in the set's own it would stand among the reader's gestures, and undo would meet it.
    `thread`: the comment that began the thread; no foreign key, since its reader may take it back and undo that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="replies")
    thread = models.UUIDField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    remark = models.ForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    version = models.PositiveBigIntegerField()


class Rejection(models.Model):
    """A suggestion that the reader does not want: it is never shown again in this set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="rejections")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    label = models.CharField(max_length=40)
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="rejection_not_empty"),
            models.UniqueConstraint(fields=["annotation_set", "start", "end", "label"], name="rejection_once"),
        ]


class Submission(models.Model):
    """A set as it stood when it was handed in: the thing that adjudication points to. Never changed.

    `content`: the spans and relations of that moment as canonical JSON text, so that reopening a set
    cannot disturb gold made from it. `head`: hash of the chain's last event then. `label_set`: the version of the
    codebook that it was judged under.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="submissions")
    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annotation_set", "number"], name="submission_number_once")]


logged(
    "set", AnnotationSet, "project", "article", "voice", "round", "owner", "label_set", "state", "suggested", "carried",
    on="set", chain="chain",
)  # fmt: skip
logged(
    "span", Span, "annotation_set", "start", "end", "label", "attributes", "absent", "multiline", "suggestion",
    on="set", chain="annotation_set__chain",
)  # fmt: skip
logged(
    "relation", Relation, "annotation_set", "type", "source", "target", "attributes",
    on="set", chain="annotation_set__chain",
)  # fmt: skip
logged(
    "rejection", Rejection, "annotation_set", "start", "end", "label", on="set", chain="annotation_set__chain",
)  # fmt: skip
logged(
    "comment", Comment, "annotation_set", "span_id", "flag", "remark", "thread", "made_at",
    on="set", chain="annotation_set__chain",
)  # fmt: skip
logged(
    "reply", Reply, "annotation_set", "thread", "by", "remark", "made_at",
    on="project", chain="annotation_set__project__chain",
)  # fmt: skip
logged(
    "submission", Submission, "annotation_set", "label_set", "number", "seq", "head", "digest", "submitted_at",
    on="set", chain="annotation_set__chain",
)  # fmt: skip
