"""Codebook versions: load, draft, publish, freeze."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict, Problem, Stale
from annotator.log.actions import gesture, site_chain
from annotator.log.chain import canonical as canonical_json
from annotator.schema.codebook import Codebook, as_data, canonical, digest, parse
from annotator.schema.difference import differences
from annotator.schema.mapping import losses
from annotator.schema.models import CodebookDraft, LabelSet
from corpus.text import sha256

RESERVED = ("new",)
"""Addresses under /codebooks/ that are pages of their own."""
LARGEST = 2_000_000
"""Characters of a draft as JSON."""


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
            return current.add(_version(codebook, by))


def _version(codebook: Codebook, by: User | None) -> LabelSet:
    return LabelSet(
        slug=codebook.slug, number=codebook.version, title=codebook.title, body=canonical(codebook),
        digest=digest(codebook), made_by=by,
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


# Drafts


def start_draft(base: LabelSet, *, by: User) -> CodebookDraft:
    """The draft of the version after the newest one, going on from `base`; if there is one already, that one."""
    with gesture(site_chain(), by=by, action="start_draft") as current:
        known = CodebookDraft.objects.filter(slug=base.slug).first()
        if known is not None:
            return known
        newest = newest_version(base.slug)
        assert newest is not None
        data = {**as_data(base.codebook), "version": newest.number + 1}
        return current.add(_draft(base.slug, newest, data, by))


def start_codebook(data: Mapping[str, Any], *, slug: str, title: str, by: User) -> CodebookDraft:
    """The draft of a codebook of its own, from another one's JSON.

    Raises CodebookError where the JSON is no codebook, Conflict when the address is taken.
    """
    codebook = parse({**data, "slug": slug, "title": title, "version": 1})
    with gesture(site_chain(), by=by, action="start_draft") as current:
        taken = LabelSet.objects.filter(slug=slug).exists() or CodebookDraft.objects.filter(slug=slug).exists()
        if taken or slug in RESERVED:
            raise Conflict(f"There is a codebook “{slug}” already; choose another short name.", code="slug_taken")
        return current.add(_draft(slug, None, as_data(codebook), by))


def _draft(slug: str, base: LabelSet | None, data: Mapping[str, Any], by: User) -> CodebookDraft:
    body = canonical_json(data)
    return CodebookDraft(slug=slug, base=base, body=body, digest=sha256(body), started_by=by)


def change_draft(draft: CodebookDraft, *, by: User, version: int, data: Mapping[str, Any]) -> CodebookDraft:
    """Write the draft anew. Its short name and number stay. Raises Stale when somebody else wrote it since."""
    body = canonical_json({**data, "slug": draft.slug, "version": draft.data["version"]})
    if len(body) > LARGEST:
        raise Problem("The codebook is too large; shorten its guidelines.", code="too_large")
    with gesture(site_chain(), by=by, action="change_draft") as current:
        fresh = _fresh(draft, version)
        if fresh.body != body:
            current.change(fresh, body=body, digest=sha256(body))
    return fresh


def discard_draft(draft: CodebookDraft, *, by: User, version: int) -> None:
    with gesture(site_chain(), by=by, action="discard_draft") as current:
        current.remove(_fresh(draft, version))


def publish_draft(draft: CodebookDraft, *, by: User, version: int) -> LabelSet:
    """Make the draft the next version of its codebook, frozen from the start.

    Raises CodebookError for a draft that does not hold together, Problem for one that lacks what the version before
    had, Conflict for one that says nothing new, Stale.
    """
    with gesture(site_chain(), by=by, action="publish_draft") as current:
        fresh = _fresh(draft, version)
        newest = newest_version(fresh.slug)
        codebook = parse({**fresh.data, "version": newest.number + 1 if newest else 1})
        if newest is not None:
            _check_follows(newest.codebook, codebook)
        published = _version(codebook, by)
        published.frozen_at = timezone.now()
        current.add(published)
        current.remove(fresh)
    return published


def _check_follows(old: Codebook, new: Codebook) -> None:
    lost = losses(old, new)
    if lost:
        raise Problem(" ".join(lost), code="things_lost")
    if not differences(old, new):
        raise Conflict(f"Nothing is different from version {old.version}.", code="nothing_new")


def _fresh(draft: CodebookDraft, version: int) -> CodebookDraft:
    """The draft as it is now, behind the lock of the site's chain."""
    found = CodebookDraft.objects.filter(pk=draft.pk).first()
    if found is None:
        raise Conflict("This draft was published or thrown away in the meantime.", code="gone")
    if found.version != version:
        raise Stale("Somebody else changed this draft since you saw it. Reload the page and look again.")
    return found


def newest_version(slug: str) -> LabelSet | None:
    return LabelSet.objects.filter(slug=slug).order_by("-number").first()
