"""A project's articles as records: text, digest, regions, and what the text itself states, with the places."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.exchange.exports import Fetch, Place
from annotator.exchange.records import Record, article_columns, article_part, plain
from annotator.projects.models import Project, ProjectArticle
from corpus.models import Article, Region

REGION = ("start", "end", "kind", "paragraph")


def articles(project: Project, article: uuid.UUID | None = None) -> Fetch:
    """Every article of the project, in its order; of a withdrawn one the text is gone."""

    def fetch(after: Place | None, limit: int) -> list[tuple[Place, Record]]:
        found = ProjectArticle.objects.filter(project=project)
        if after is not None:
            found = found.filter(position__gt=after[0])
        if article is not None:
            found = found.filter(article=article)
        columns = [*article_columns("article__", text=True), "article__stated_at"]
        rows = list(found.order_by("position").values("position", *columns)[:limit])
        regions = _regions([row["article__id"] for row in rows])
        return [((row["position"],), article_record(row, regions[row["article__id"]])) for row in rows]

    return fetch


def article_record(row: Mapping[str, Any], regions: Sequence[Record], prefix: str = "article__") -> Record:
    part = article_part(row, prefix)
    stated_at = row[f"{prefix}stated_at"]
    facts = {name: _fact(part.pop(name), stated_at.get(name)) for name in Article.FACTS}
    text = part.pop("text")
    source = {
        "name": row[f"{prefix}source__name"],
        "sha256": row[f"{prefix}source__sha256"],
        "start": row[f"{prefix}source_start"],
        "end": row[f"{prefix}source_end"],
    }
    return {"unit": "codepoint", **part, "source": source, "facts": facts, "text": text, "regions": regions}


def one_article(id: uuid.UUID) -> Record:
    """Not a door: callers have passed one."""
    row = Article.objects.filter(pk=id).values(*article_columns(text=True), "stated_at").get()
    return article_record(row, _regions([id])[id], prefix="")


def _fact(value: Any, place: Sequence[int] | None) -> Record | None:
    """What is stated, and where in the text; a fact given or corrected by hand has no place."""
    if not value:
        return None
    start, end = place or (None, None)
    return {"value": plain(value), "start": start, "end": end}


def _regions(articles: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Record]]:
    found: dict[uuid.UUID, list[Record]] = defaultdict(list)
    for row in Region.objects.filter(article__in=articles).order_by("article", "start").values("article", *REGION):
        found[row.pop("article")].append(row)
    return found
