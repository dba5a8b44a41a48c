"""Writing texts. Drafts are checked one by one and written in batches; the caller keeps the log."""

import copy
import datetime
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from corpus.drafts import ArticleDraft, from_json
from corpus.models import Article, ImportFile, ImportRun, Region, Source

BATCH = 200


@dataclass
class Imported:
    """What one file brought: itself when it is new, new articles with their regions, articles known before."""

    source: Source | None = None
    articles: list[Article] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    known: list[Article] = field(default_factory=list)


def import_drafts(name: str, content: bytes, drafts: Sequence[ArticleDraft]) -> Imported:
    """Insert the file and its articles. A slice of a file imported before is the same article."""
    source, is_new = Source.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"name": name[:255], "byte_count": len(content), "content": content},
    )
    starts = [draft.source_start for draft in drafts]
    known = {article.source_start: article for article in source.articles.filter(source_start__in=starts).defer("text")}
    result = Imported(source=source if is_new else None, known=list(known.values()))
    for draft in drafts:
        if draft.source_start not in known:
            article = _article(source, draft)
            result.articles.append(article)
            result.regions.extend(_regions(article, draft))
    Article.objects.bulk_create(result.articles, batch_size=BATCH)
    Region.objects.bulk_create(result.regions, batch_size=BATCH)
    return result


def _article(source: Source, draft: ArticleDraft) -> Article:
    article = Article(
        source=source, source_start=draft.source_start, source_end=draft.source_end, text=draft.text,
        sha256=draft.sha256, length=len(draft.text), language=draft.language, direction=draft.direction,
        salt=secrets.token_hex(16),
    )  # fmt: skip
    article.stated_at = {}
    for name in Article.FACTS:
        fact = getattr(draft, name)
        if fact is not None:
            setattr(article, name, _fact_value(name, fact.value))
            if fact.start is not None:
                article.stated_at[name] = [fact.start, fact.end]
    article.facts_digest = facts_digest(article)
    return article


def _fact_value(name: str, value: Any) -> Any:
    if name == "published_on":
        return datetime.date.fromisoformat(value) if isinstance(value, str) and value else value or None
    return value or ""


def facts_digest(article: Article) -> str:
    """The salted digest under which the log speaks of an article's facts, which name people."""
    facts = {name: str(getattr(article, name) or "") for name in Article.FACTS}
    text = json.dumps([article.salt, facts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def facts_seen(article: Article) -> str:
    """What a page carries along with its form, so that a correction made to older facts is noticed."""
    return f"{article.facts_digest}:{article.language}:{article.direction}"


def _regions(article: Article, draft: ArticleDraft) -> Iterable[Region]:
    """The draft's regions, widened so that those of one line tile it from edge to edge."""
    regions = sorted(draft.regions, key=lambda region: region.start)
    place = line_start = 0
    for number, line in enumerate(draft.text.split("\n")):
        line_end = line_start + len(line)
        own = []
        while place < len(regions) and regions[place].start < line_end:
            own.append(regions[place])
            place += 1
        edges = [line_start, *(region.start for region in own[1:]), line_end]
        for region, start, end in zip(own, edges, edges[1:], strict=False):
            yield Region(article=article, start=start, end=end, kind=region.kind, paragraph=number)
        line_start = line_end + 1


def corrected_facts(article: Article, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an article after a correction; a corrected fact no longer has a place in the text."""
    values: dict[str, Any] = {}
    stated_at = dict(article.stated_at)
    for name, given in facts.items():
        value = _fact_value(name, given)
        if getattr(article, name) != value:
            values[name] = value
            stated_at.pop(name, None)
    values["stated_at"] = stated_at
    return _with_digest(article, values)


def withdrawn_values(article: Article, at: datetime.datetime) -> dict[str, Any]:
    """The columns of a withdrawn article: no text, no facts that repeat it; outlet, date, hash and length stay."""
    values = {"text": "", "title": "", "deck": "", "byline": "", "salt": "", "stated_at": {}, "withdrawn_at": at}
    return _with_digest(article, values)


def _with_digest(article: Article, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with the digest of the facts as they will then be. The article itself is left as it is."""
    changed = copy.copy(article)
    for name, value in values.items():
        setattr(changed, name, value)
    return {**values, "facts_digest": facts_digest(changed)}


def erase_source(article: Article) -> None:
    """The file's bytes hold the text too. They go, also when the file held other articles."""
    Source.objects.filter(pk=article.source_id).update(content=None)
    ImportFile.objects.filter(sha256=article.source.sha256).delete()


def stage(run: ImportRun, name: str, content: bytes, drafts: list[Any], refusals: list[Any]) -> ImportFile:
    """Keep a dropped file until a person has looked at what was found in it."""
    return ImportFile.objects.create(
        run=run, position=run.files.count(), name=name[:255], sha256=hashlib.sha256(content).hexdigest(),
        content=content, drafts=drafts, refusals=refusals,
    )  # fmt: skip


def stored_drafts(file: ImportFile) -> list[ArticleDraft]:
    return [from_json(data) for data in file.drafts]


def finish(run: ImportRun) -> None:
    run.committed_at = timezone.now()
    run.save(update_fields=["committed_at"])
    run.files.update(content=b"", drafts=[])
