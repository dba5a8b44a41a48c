"""A project's registers: what it adds to the lists of its codebook, or changes in them, and what readers propose.

Who reads an article must not learn of another's proposals, so each stands in the chain of the set in which it was
made. What a manager does stands in the project's chain, which no reader is shown.
"""

import uuid

from django.conf import settings
from django.db import models

from annotator.log.erasure import derived_from_remark
from annotator.log.models import Chain, Remark
from annotator.log.records import logged
from annotator.projects.models import Project
from corpus.models import Article


class Entry(models.Model):
    """An entry as the project has it. Under a key of the codebook: in the place of the codebook's own.

    `details`: its wording, canonical JSON as in a codebook, kept as a remark so that it can be erased and every
    earlier one be shown. `article`: set for an unnamed source, which exists in that one text only; hidden from its
    readers until it is released. `merged_into`: a key of the same list, the codebook's or the project's.
    """

    STATUSES = ("active", "merged", "retired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="entries")
    list = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    details = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=7, default="active", choices=[(status, status) for status in STATUSES])
    merged_into = models.CharField(max_length=40, blank=True)
    article = models.ForeignKey(Article, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "list", "key"], name="entry_key_once"),
            models.CheckConstraint(
                condition=models.Q(status="merged") & ~models.Q(merged_into="")
                | ~models.Q(status="merged") & models.Q(merged_into=""),
                name="merged_entry_says_into_which",
            ),
        ]
        indexes = [models.Index(fields=["project", "list"], condition=models.Q(status="merged"), name="merged_entries")]


class EntryWord(models.Model):
    """A word that an active entry of the whole project is sought by; follows from the entry, so no event tells of it.

    `word`: folded, as UTF-8, so that both engines compare and index it alike; `place`: NAMED or ELSE of `words.py`.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="words")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=40)
    word = models.BinaryField()
    place = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["project", "list", "place", "word"], name="entries_by_word")]


class Proposal(models.Model):
    """An entry that a reader proposed while reading: theirs alone until a manager rules on it.

    Its key stands in the reader's spans from the first moment and for good. `is_local`: an unnamed source.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="proposals")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="proposals")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    details = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="+")
    is_local = models.BooleanField(default=False)
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "list", "key"], name="proposal_key_once")]
        indexes = [models.Index(fields=["project", "proposed_by", "list"], name="proposals_of_reader")]


class Ruling(models.Model):
    """What a manager made of a proposal. `key`: the entry that stands for it; empty for one that was declined."""

    OUTCOMES = ("taken in", "merged", "declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rulings")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="ruling")
    outcome = models.CharField(max_length=8, choices=[(outcome, outcome) for outcome in OUTCOMES])
    key = models.CharField(max_length=40, blank=True)
    reason = models.ForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveBigIntegerField()


logged(
    "entry", Entry, "project", "list", "key", "details", "status", "merged_into", "article",
    on="project", chain="project__chain",
)  # fmt: skip
logged(
    "proposal", Proposal, "chain", "project", "article", "proposed_by", "list", "key", "details", "is_local",
    on="set", chain="chain",
)  # fmt: skip
derived_from_remark(EntryWord, "entry__details")
logged("ruling", Ruling, "project", "proposal", "outcome", "key", "reason", "by", on="project", chain="project__chain")
