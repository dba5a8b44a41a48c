"""Files in: staged, looked at, corrected, and only then written as articles."""

import dataclasses
import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict, Unknown
from annotator.projects.actions import import_drafts
from annotator.projects.models import Project
from annotator.workflow.campaign import take_articles
from corpus import actions as corpus
from corpus.drafts import FACTS, ArticleDraft, Fact, Refusal, Region, as_json
from corpus.models import Article, ImportFile, ImportRun
from corpus.readers import ReadResult
from corpus.readers.sandbox import read_limited

BATCH = 200
"""Articles written in one transaction, so that others never wait long."""

KEPT = datetime.timedelta(days=7)
"""Staged files that nobody committed are thrown away after this time."""


@dataclass
class Outcome:
    """What an import did."""

    new: list[Article] = field(default_factory=list)
    known: list[Article] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        parts = [_counted(len(self.new), "new article")]
        parts += [f"{_counted(len(self.known), 'article')} here before and left as it was"] if self.known else []
        parts += [f"{_counted(len(self.refusals), 'refusal')}"] if self.refusals else []
        return ", ".join(parts) + "."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def import_file(name: str, content: bytes, *, by: User | None, project: Project | None = None) -> Outcome:
    """Read one file and write what is in it, without a look in between."""
    result = read_limited(content, name)
    outcome = write(name, content, result.drafts, by=by, project=project)
    outcome.refusals = result.refusals
    return outcome


def import_path(path: Path, *, by: User | None, project: Project | None = None) -> Outcome:
    return import_file(path.name, path.read_bytes(), by=by, project=project)


def write(
    name: str, content: bytes, drafts: Sequence[ArticleDraft], *, by: User | None, project: Project | None
) -> Outcome:
    """Write drafts in batches; each batch is one transaction with its event. Known articles stay as they are."""
    outcome = Outcome()
    for batch in _batches(drafts):
        with transaction.atomic():
            new, known = import_drafts(name, content, batch, by=by)
            if project is not None:
                take_articles(project, [*new, *known], by=by)
        outcome.new += new
        outcome.known += known
    return outcome


def _batches(drafts: Iterable[ArticleDraft]) -> Iterator[list[ArticleDraft]]:
    rest = iter(drafts)
    while batch := list(islice(rest, BATCH)):
        yield batch


def start_run(*, by: User) -> ImportRun:
    ImportRun.objects.filter(committed_at=None, created_at__lt=timezone.now() - KEPT).delete()
    return ImportRun.objects.create(by=by.pk)


def run_for(user: User, pk: uuid.UUID) -> ImportRun:
    """A person's own import. Raises Unknown."""
    run = ImportRun.objects.filter(pk=pk, by=user.pk).first()
    if run is None:
        raise Unknown()
    return run


def stage(run: ImportRun, name: str, content: bytes) -> ImportFile:
    """Read a dropped file and keep what was found until a person has looked at it."""
    if run.committed_at:
        raise Conflict("This import is finished; start another one.", code="import_finished")
    result: ReadResult = read_limited(content, name)
    refusals = [dataclasses.asdict(refusal) for refusal in result.refusals]
    return corpus.stage(run, name, content, [as_json(draft) for draft in result.drafts], refusals)


@dataclass(frozen=True)
class Correction:
    """What a person changed about a draft. `kinds`: region's start → its kind now; `taken`: bring it in at all."""

    facts: Mapping[str, str]
    language: str
    kinds: Mapping[int, str]
    taken: bool = True


def corrected(draft: ArticleDraft, correction: Correction) -> ArticleDraft:
    """The draft with the corrections in it. A corrected fact no longer has a place in the text."""
    changed: dict[str, Any] = {"language": correction.language}
    for name in FACTS:
        found: Fact | None = getattr(draft, name)
        value = correction.facts.get(name, "")
        if value != (found.value if found else ""):
            changed[name] = Fact(value) if value else None
    changed["regions"] = tuple(
        Region(region.start, region.end, correction.kinds.get(region.start, region.kind))  # type: ignore[arg-type]
        for region in draft.regions
    )
    return dataclasses.replace(draft, **changed)


def commit(
    run: ImportRun, corrections: Mapping[tuple[int, int], Correction], *, by: User, project: Project | None
) -> Outcome:
    """Write a staged import. `corrections` by (file, draft) position. A second commit is refused, writing nothing."""
    outcome = Outcome()
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.committed_at:
            raise Conflict("This import is finished; start another one.", code="import_finished")
        for file in run.files.all():
            drafts = []
            for place, draft in enumerate(corpus.stored_drafts(file)):
                correction = corrections.get((file.position, place))
                if correction is None or correction.taken:
                    drafts.append(corrected(draft, correction) if correction else draft)
            written = write(file.name, bytes(file.content), drafts, by=by, project=project)
            outcome.new += written.new
            outcome.known += written.known
        corpus.finish(run)
    return outcome


def known_places(files: Sequence[ImportFile]) -> set[tuple[str, int]]:
    """(sha256 of a file, start of a slice) of the drafts that are articles already. One query."""
    sums = [file.sha256 for file in files]
    return set(Article.objects.filter(source__sha256__in=sums).values_list("source__sha256", "source_start"))


def same_texts(drafts: Iterable[ArticleDraft]) -> dict[str, str]:
    """Text hash → name of the file of an article with the very same text. One query."""
    sums = [draft.sha256 for draft in drafts]
    return dict(Article.objects.filter(sha256__in=sums).values_list("sha256", "source__name"))
