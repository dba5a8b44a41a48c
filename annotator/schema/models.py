"""Codebooks as rows: one row a version, frozen by its first use, and the draft of the version to come."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models

from annotator.log.records import logged
from annotator.schema.codebook import Codebook, parse


class LabelSet(models.Model):
    """One version, `number`, of a codebook. `body` is its canonical JSON; a trigger keeps a frozen one as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="label_sets"
    )
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "number"], name="label_set_number_once")]
        ordering = ["slug", "number"]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def codebook(self) -> Codebook:
        """The parsed codebook, kept by digest: queries may leave `body` out, it is read once a process."""
        if self.digest not in _PARSED:
            _PARSED[self.digest] = parse(json.loads(self.body))
        return _PARSED[self.digest]


_PARSED: dict[str, Codebook] = {}
_FROZEN: dict[uuid.UUID, LabelSet] = {}


def frozen_label_set(pk: uuid.UUID) -> LabelSet:
    """A version that is in use, and so never changes: read once a process, without its `body`. Do not write to it."""
    if pk not in _FROZEN:
        found = LabelSet.objects.defer("body").get(pk=pk)
        if found.frozen_at is None:
            return found
        _FROZEN[pk] = found
    return _FROZEN[pk]


class CodebookDraft(models.Model):
    """The next version of a codebook while it is written: one a codebook, saved at each edit, gone when published.

    `base`: the version that it goes on from, none for a new codebook. `body`: JSON in the shape of a codebook that
    need not hold together yet. `version`: number of the event that last wrote it, so that two people at work on it
    do not overwrite each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    base = models.ForeignKey(LabelSet, null=True, on_delete=models.PROTECT, related_name="drafts")
    body = models.TextField()
    digest = models.CharField(max_length=64)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveBigIntegerField()

    @property
    def data(self) -> dict[str, Any]:
        """A copy of one's own."""
        found: dict[str, Any] = json.loads(self.body)
        return found


logged("label_set", LabelSet, "slug", "number", "digest", "made_by", "frozen_at")
logged("codebook_draft", CodebookDraft, "slug", "base", "digest", "started_by")
