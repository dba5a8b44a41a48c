"""Finding entries of a codebook's list by the beginnings of their words, whatever the list's length. Pure."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from annotator.registers.words import sought_by
from annotator.schema.codebook import Actor, Concept, Entry


class Index:
    """The active entries of one list, in order, by the words that they are sought by."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = [one for one in entries if isinstance(one, Actor | Concept) and one.is_active]
        self._at: dict[str, list[int]] = defaultdict(list)
        found = []
        for at, one in enumerate(self.entries):
            for word, place in sought_by(one).items():
                found.append((word, at, place))
                self._at[word].append(at)
        self._words = sorted(found)

    def beginning(self, prefixes: Sequence[str]) -> list[tuple[int, Actor | Concept]]:
        """Entries in which each prefix begins a word, with NAMED or ELSE: those that the first one names come first."""
        places = [dict(self._with(prefix)) for prefix in prefixes]
        both = set(places[0]).intersection(*places[1:]) if places else set()
        return sorted(((places[0][at], self.entries[at]) for at in both), key=lambda one: (one[0], one[1].title))

    def _with(self, prefix: str) -> Iterator[tuple[int, int]]:
        """Position and place, NAMED last where an entry has several such words, so that it counts."""
        first = bisect_left(self._words, (prefix,))
        hits = []
        for word, at, place in self._words[first:]:
            if not word.startswith(prefix):
                break
            hits.append((at, place))
        yield from sorted(hits, key=lambda hit: -hit[1])

    def heard(self, words: Iterable[str]) -> list[tuple[int, Actor | Concept]]:
        """Entries with any of these whole words, most first, each with how many; then the others in their order."""
        counts = Counter(at for word in words for at in self._at.get(word, ()))
        ranked = sorted(counts, key=lambda at: (-counts[at], at))
        rest = (at for at in range(len(self.entries)) if at not in counts)
        return [(counts.get(at, 0), self.entries[at]) for at in (*ranked, *rest)]
