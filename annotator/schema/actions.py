"""Codebook versions: load, freeze."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict
from annotator.log.actions import gesture, site_chain
from annotator.schema.codebook import canonical, digest, parse
from annotator.schema.models import LabelSet


def load_codebook(data: Mapping[str, Any], *, by: User | None) -> LabelSet:
    """A codebook from its JSON. The same version again changes nothing; another text under it is refused.

    Raises CodebookError for a codebook that does not hold together, Conflict for a reused number.
    """
    codebook = parse(data)
    with transaction.atomic():
        known = LabelSet.objects.filter(slug=codebook.slug, number=codebook.version).first()
        if known and known.digest == digest(codebook):
            return known
        if known:
            raise Conflict(
                f"Version {codebook.version} of “{codebook.slug}” exists with another content; raise the number.",
                code="version_exists",
            )
        with gesture(site_chain(), by=by, action="load_codebook") as current:
            return current.add(
                LabelSet(
                    slug=codebook.slug, number=codebook.version, title=codebook.title,
                    body=canonical(codebook), digest=digest(codebook),
                )
            )  # fmt: skip


def load_file(path: Any, *, by: User | None) -> LabelSet:
    return load_codebook(json.loads(path.read_text(encoding="utf-8")), by=by)


def freeze(label_set: LabelSet, *, by: User | None) -> LabelSet:
    """From its first use on a version never changes."""
    if label_set.frozen_at is None:
        with gesture(site_chain(), by=by, action="freeze_codebook") as current:
            label_set.refresh_from_db(fields=["frozen_at"])
            if label_set.frozen_at is None:
                current.change(label_set, frozen_at=timezone.now())
    return label_set
