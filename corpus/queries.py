"""Reading articles for lists, where their texts would be too much to fetch."""

from django.db.models import QuerySet
from django.db.models.functions import Substr

from corpus.models import Article

OPENING = 300
"""Code points of the text from which `Article.heading` makes a title where there is none."""


def listed(articles: QuerySet[Article] | None = None) -> QuerySet[Article]:
    """The articles without their texts, with `opening` for the heading."""
    articles = Article.objects.all() if articles is None else articles
    return articles.defer("text").annotate(opening=Substr("text", 1, OPENING))
