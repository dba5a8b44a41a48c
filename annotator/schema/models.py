"""Codebooks as rows: one row a version, frozen by its first use."""

import json
import uuid

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


logged("label_set", LabelSet, "slug", "number", "digest", "frozen_at")
