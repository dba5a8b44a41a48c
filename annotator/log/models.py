"""The log: only ever added to. Triggers refuse UPDATE, DELETE and TRUNCATE of events and checkpoints."""

import uuid

from django.db import models

from annotator.accounts.models import Token, User
from annotator.log.records import logged
from corpus.models import Article, Region, Source


class Chain(models.Model):
    """One hash chain: of an annotation set, of a project, or of the site. Its row is also the write lock.

    `length` is the number of events and serves as the version of what the chain describes. `log`: the id of the
    chain in whose log its events are listed, a project's for those of its sets, its own for any other. No foreign
    key, since it may name the row itself.
    """

    KINDS = ("set", "project", "site")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=7, choices=[(kind, kind) for kind in KINDS])
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64)
    log = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=models.Q(kind="site"), name="one_chain_for_the_site")
        ]


class Event(models.Model):
    """One gesture: who did what to which rows, before and after, as canonical JSON in `body`.

    `undo_top` and `redo_top` are the sequence numbers that undo and redo would take back next, as they
    stood after this event; the body has them too. So it has `by`, `action` and `day` (of UTC), by which a log is
    looked through, newest first; `log` is the chain's.
    """

    # Whatever looks for a chain's events finds them by the constraints below.
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveBigIntegerField()
    gesture = models.UUIDField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    body = models.TextField()
    undo_top = models.PositiveBigIntegerField(null=True)
    redo_top = models.PositiveBigIntegerField(null=True)
    log = models.UUIDField()
    by = models.UUIDField(null=True)
    action = models.CharField(max_length=40)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="event_seq_is_dense"),
            models.UniqueConstraint(fields=["chain", "gesture"], name="one_gesture_one_event"),
        ]
        indexes = [
            models.Index(fields=["log", "id"], name="events_of_log"),
            models.Index(fields=["log", "by", "id"], name="events_by_person"),
            models.Index(fields=["log", "action", "id"], name="events_by_action"),
            models.Index(fields=["log", "day", "id"], name="events_by_day"),
        ]


class Checkpoint(models.Model):
    """The heads of all chains under one Merkle root; shows a cut tail when a copy is kept elsewhere."""

    number = models.PositiveBigIntegerField(primary_key=True)
    reason = models.CharField(max_length=200)
    body = models.TextField()
    hash = models.CharField(max_length=64)


class SealedHead(models.Model):
    """How far a chain was sealed last, so that the next checkpoint need list only what has moved since.

    The checkpoints are what counts; this spares reading them. No foreign key: inserting one would wait for
    whoever holds the chain, who may be waiting to seal it.
    """

    chain = models.UUIDField(primary_key=True)
    length = models.PositiveBigIntegerField()


class Remark(models.Model):
    """A free text of a person's: a note, a comment, a reason. Erasable; events hold its salted digest.

    Rows are never rewritten: another wording is another remark, so that undo can bring the old one back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="remarks")
    salt = models.CharField(max_length=32)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)


logged("user", User, "is_active", "is_staff", "is_superuser")
logged("token", Token, "owner", "scopes", "projects", "expires_at", "revoked_at")
logged("source", Source, "sha256", "byte_count")
logged(
    "article", Article,
    "source", "source_start", "source_end", "revision", "sha256", "length", "language", "direction",
    "stated_at", "facts_digest", "withdrawn_at",
)  # fmt: skip
logged("region", Region, "article", "start", "end", "kind", "paragraph")
logged("remark", Remark, "chain", "digest", "erased_at", on="any", chain="chain")
