"""What was worked out is kept in this process, so that one more reading costs one more article.

A submission never changes, so what follows from some submissions does not either. It is found again by their ids
alone, and which ids a person is shown is asked anew each time, in `queries`: nothing kept here opens a door.
"""

import json
import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

from annotator.agreement.parts import Part, Reading, worked
from annotator.agreement.queries import Handed, ReadTwice, contents_of
from annotator.projects.moves import Moves
from annotator.schema.mapping import carry_along
from annotator.schema.models import LabelSet
from annotator.standoff import Relation, Span

Made = TypeVar("Made")

MOST_ARTICLES = 4_000
"""About 50 MB a thousand, with three readers and twenty spans each."""
MOST_RESULTS = 24
AT_ONCE = 50

_parts: dict[Hashable, Part] = {}
_results: dict[Hashable, object] = {}
_working, _finding = Lock(), Lock()


def key_of(article: ReadTwice, under: uuid.UUID | None) -> Hashable:
    """What an article's part follows from: its readings, which of its regions count, the version it is read under."""
    is_moved = any(handed.label_set != under for handed in article.handed)
    return (*(handed.submission for handed in article.handed), article.furniture, under if is_moved else None)


def missing(articles: Sequence[ReadTwice], under: uuid.UUID | None) -> list[ReadTwice]:
    """Those that are still to be worked through."""
    return [article for article in articles if key_of(article, under) not in _parts]


def parts_of(
    articles: Sequence[ReadTwice], label_sets: Mapping[uuid.UUID, LabelSet], moves: Moves, under: uuid.UUID | None
) -> list[Part]:
    """The articles worked through, in their order. What several people ask for at once is worked out once.

    under: the version of the codebook that readings made under earlier ones are read under, as far as moves lead there.
    """
    with _working:
        keys = [key_of(article, under) for article in articles]
        found = {key: _parts[key] for key in keys if key in _parts}
        waiting = iter([(key, article) for key, article in zip(keys, articles, strict=True) if key not in found])
        while some := dict(islice(waiting, AT_ONCE)):
            found |= _worked(some, label_sets, moves, under)
        _parts.update(found)
        _forget(_parts, MOST_ARTICLES)
    return [found[key] for key in keys]


def _worked(
    articles: Mapping[Hashable, ReadTwice],
    label_sets: Mapping[uuid.UUID, LabelSet],
    moves: Moves,
    under: uuid.UUID | None,
) -> dict[Hashable, Part]:
    contents = contents_of(handed.submission for article in articles.values() for handed in article.handed)
    found: dict[Hashable, Part] = {}
    for key, article in articles.items():
        readings = [
            _read(handed, json.loads(contents[handed.submission]), label_sets, moves, under)
            for handed in article.handed
        ]
        found[key] = worked(article.length, article.furniture, readings)
    return found


def _read(
    handed: Handed,
    content: Mapping[str, Any],
    label_sets: Mapping[uuid.UUID, LabelSet],
    moves: Moves,
    under: uuid.UUID | None,
) -> Reading:
    before = handed.label_set
    if under is None or under == before or not moves.path(before, under):
        return Reading(handed.coder, content["spans"], content["relations"], label_sets[before].codebook)
    return _read_under(handed, content, moves, under)


def _read_under(handed: Handed, content: Mapping[str, Any], moves: Moves, under: uuid.UUID) -> Reading:
    """What was said under an earlier version, as it reads under a later one."""
    before, names = handed.label_set, ("id", "start", "end", "label", "attributes", "absent")
    steps = moves.path(before, under)
    spans = [Span(**{name: span[name] for name in names}) for span in content["spans"]]
    relations = [Relation(**one) for one in content["relations"]]
    moved = carry_along(steps, spans, relations)
    asked = {span.id: moves.asked(before, under, "label", span.label) for span in spans}
    asked |= {one.id: moves.asked(before, under, "relation", one.type) for one in relations}
    return Reading(
        handed.coder,
        [asdict(span) for span in moved.spans],
        [asdict(one) for one in moved.relations],
        steps[-1].new,
        asked,
        sum(fate in ("person", "retired") for fate in moved.fates.values()),
    )


def once(key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` makes, or made when it was asked for the same key before."""
    with _finding:
        if key in _results:
            _results[key] = _results.pop(key)
            return _results[key]  # type: ignore[return-value]
        made = make()
        _results[key] = made
        _forget(_results, MOST_RESULTS)
        return made


def forget() -> None:
    """Begin from nothing."""
    with _finding, _working:
        _parts.clear()
        _results.clear()


def _forget(kept: dict[Hashable, Made], most: int) -> None:
    for key in list(islice(kept, max(0, len(kept) - most))):
        del kept[key]
