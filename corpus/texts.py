"""Texts at hand: an article's text never changes but by being withdrawn, so a process keeps what it read lately.

A gesture needs a few words of the text around a span. Databases that keep long texts compressed must unfold all of
it up to there, each time; from memory it costs nothing, however long the article.
"""

import threading
import time
import uuid
from collections import OrderedDict

from corpus.models import Article

MOST = 16_000_000
"""Code points kept by one process; the texts used longest ago go first."""
SECONDS = 600
"""How long a text is kept. What was withdrawn is given out no more at once; it leaves the memory of another process
when that process next looks for it, or next reads any text after this time."""

_kept: OrderedDict[uuid.UUID, tuple[str, float]] = OrderedDict()
_lock = threading.Lock()


def text_of(article: Article) -> str:
    """The whole text. The row must have been read just now, with `withdrawn_at`; its `text` may be deferred."""
    if article.withdrawn_at is not None:
        forget(article.pk)
        return ""
    now = time.monotonic()
    with _lock:
        text, until = _kept.get(article.pk, ("", 0.0))
        if until > now:
            _kept.move_to_end(article.pk)
            return text
    _keep(article.pk, article.text, now)
    return article.text


def forget(pk: uuid.UUID) -> None:
    with _lock:
        _kept.pop(pk, None)


def _keep(pk: uuid.UUID, text: str, now: float) -> None:
    with _lock:
        _kept[pk] = (text, now + SECONDS)
        for old in [old for old, (_, until) in _kept.items() if until <= now]:
            del _kept[old]
        while sum(len(kept) for kept, _ in _kept.values()) > MOST:
            _kept.popitem(last=False)
