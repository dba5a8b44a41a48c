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
from annotator.agreement.queries import ReadTwice, contents_of
from annotator.projects.moves import Moves
from annotator.schema.mapping import Step, carry_along
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


def key_of(article: ReadTwice) -> Hashable:
    """What an article's part follows from: its readings, and which of its regions count."""
    return (*(handed.submission for handed in article.handed), article.furniture)


def missing(articles: Sequence[ReadTwice]) -> list[ReadTwice]:
    """Those that are still to be worked through."""
    return [article for article in articles if key_of(article) not in _parts]


def parts_of(articles: Sequence[ReadTwice], label_sets: Mapping[uuid.UUID, LabelSet], moves: Moves) -> list[Part]:
    """The articles worked through, in their order. What several people ask for at once is worked out once.

    Readings of one article under several versions of the codebook are compared under the newest of them.
    """
    with _working:
        found = {key: _parts[key] for key in map(key_of, articles) if key in _parts}
        waiting = iter([article for article in articles if key_of(article) not in found])
        while some := list(islice(waiting, AT_ONCE)):
            found |= _worked(some, label_sets, moves)
        _parts.update(found)
        _forget(_parts, MOST_ARTICLES)
    return [found[key_of(article)] for article in articles]


def _worked(
    articles: Sequence[ReadTwice], label_sets: Mapping[uuid.UUID, LabelSet], moves: Moves
) -> dict[Hashable, Part]:
    contents = contents_of(handed.submission for article in articles for handed in article.handed)
    found: dict[Hashable, Part] = {}
    for article in articles:
        newest = max((handed.label_set for handed in article.handed), key=lambda one: label_sets[one].number)
        readings = []
        for handed in article.handed:
            content = json.loads(contents[handed.submission])
            steps = moves.path(handed.label_set, newest) if handed.label_set != newest else ()
            readings.append(_read(handed.coder, content, label_sets[newest if steps else handed.label_set], steps))
        found[key_of(article)] = worked(article.length, article.furniture, readings)
    return found


def _read(coder: str, content: Mapping[str, Any], label_set: LabelSet, steps: Sequence[Step]) -> Reading:
    if not steps:
        return Reading(coder, content["spans"], content["relations"], label_set.codebook)
    names = ("id", "start", "end", "label", "attributes", "absent")
    spans = [Span(**{name: span[name] for name in names}) for span in content["spans"]]
    moved = carry_along(steps, spans, [Relation(**one) for one in content["relations"]])
    apart = sum(fate in ("person", "retired") for fate in moved.fates.values())
    return Reading(
        coder,
        [asdict(span) for span in moved.spans],
        [asdict(one) for one in moved.relations],
        label_set.codebook,
        apart,
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
