"""Texts and where they came from. Knows nothing of who annotates them."""

import uuid

from django.db import models
from django.db.models import F, Q


class Source(models.Model):
    """One imported file, byte for byte. `content` is emptied when a text of the file is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    byte_count = models.PositiveBigIntegerField()
    content = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """One immutable text. Offsets everywhere count Unicode code points of `text`, half-open.

    Identity is the source file and the slice of it; `stated_at` keeps, for each fact the file itself
    states, the place `[start, end)` in the text. A trigger lets `text` change only by being withdrawn.
    """

    FACTS = ("title", "deck", "byline", "outlet", "published_on")
    DIRECTIONS = (("ltr", "left to right"), ("rtl", "right to left"))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="articles")
    source_start = models.PositiveBigIntegerField()
    source_end = models.PositiveBigIntegerField()
    revision = models.PositiveIntegerField(default=1)
    text = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    length = models.PositiveIntegerField()
    language = models.CharField(max_length=35, default="und")
    direction = models.CharField(max_length=3, default="ltr", choices=DIRECTIONS)
    title = models.CharField(max_length=1000, blank=True)
    deck = models.CharField(max_length=2000, blank=True)
    byline = models.CharField(max_length=500, blank=True)
    outlet = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    stated_at = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    facts_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_start", "revision"], name="article_is_one_slice"),
            models.CheckConstraint(condition=Q(length__gt=0), name="article_has_text"),
            models.CheckConstraint(condition=Q(source_start__lt=F("source_end")), name="article_slice_not_empty"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """The title, else the first words of the text. Lists annotate those as `opening` and leave `text` out."""
        if self.title:
            return self.title
        if self.withdrawn_at:
            return "Withdrawn article"
        opening = " ".join((self.opening if hasattr(self, "opening") else self.text[:300]).split())
        return opening if len(opening) <= 80 else opening[:80].rsplit(" ", 1)[0] + " …"


class Region(models.Model):
    """A typed stretch of the text, never across a line break; `paragraph` counts the lines from 0."""

    KINDS = ("title", "deck", "subheading", "body", "byline", "dateline", "caption", "boilerplate")
    READ = ("title", "deck", "subheading", "body")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="regions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    paragraph = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "start"], name="region_starts_once"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="region_not_empty"),
        ]
        indexes = [models.Index(fields=["article", "paragraph"], name="region_by_paragraph")]
        ordering = ["start"]

    @property
    def is_read(self) -> bool:
        return self.kind in self.READ


class ImportRun(models.Model):
    """Files that wait for a person's look before they become articles."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)


class ImportFile(models.Model):
    """One dropped file: its bytes, what was found in it, and what was refused."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    drafts = models.JSONField(default=list)
    refusals = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="import_file_position")]
        ordering = ["position"]
