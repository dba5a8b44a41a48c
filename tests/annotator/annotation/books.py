"""The codebook that these tests go by, as it is and with one entry retired."""

from functools import cache

from annotator.schema.codebook import Codebook, parse
from tests.annotator.schema.books import seed


@cache
def codebook(slug: str = "news-positions") -> Codebook:
    return parse(seed(slug))


def with_retired(group: str, key: str) -> Codebook:
    """The codebook with one of its labels or relations retired."""
    changes = seed("news-positions")
    next(one for one in changes[group] if one["key"] == key)["retired"] = True
    return parse(changes)
