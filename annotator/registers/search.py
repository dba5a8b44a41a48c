"""Finding an entry by the beginnings of its words: the codebook's, the project's, and the reader's own proposals."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from annotator.accounts.models import User
from annotator.registers.finding import Index
from annotator.registers.models import Entry, EntryWord, Proposal
from annotator.registers.queries import as_settler_sees, wording
from annotator.registers.showing import Shown, shown
from annotator.registers.words import ELSE, NAMED, sought_by, told, typed_words, words
from annotator.schema.codebook import Actor, Codebook, Concept, Listed
from annotator.schema.models import LabelSet

SHOWN = 8
"""Entries that are offered at a time."""
LONGEST_TYPED = 100
MOST_HEARD = 4
"""Words of the span that are looked for while nothing is typed."""
MOST_TYPED = 5
"""Words that are minded of those typed."""
COMMON = 200
"""So many words of entries alike are common: which of them come first matters little."""


@dataclass(frozen=True)
class Search:
    """Where is sought. article_id: the text at hand, the only one where an unnamed source of it may be chosen."""

    user: User
    project_id: uuid.UUID
    article_id: uuid.UUID | None
    label_set: LabelSet
    list_name: str
    limit: int = SHOWN

    def entries(self, typed: str, near: str = "") -> list[Shown]:
        """Those that fit best, at most `limit`; a dozen queries or so, however many there are.

        typed: each of its words begins a word of the entry. near: words of the span, which stand in for `typed`
        while that is empty. A list that the codebook does not have holds nothing.
        """
        if self.list_name not in self.codebook.lists:
            return []
        prefixes = typed_words(typed[:LONGEST_TYPED])[:MOST_TYPED]
        found = self._beginning(prefixes) if prefixes else self._heard(list(told(words(near)))[:MOST_HEARD])
        return self._shown(found[: self.limit])

    @property
    def codebook(self) -> Codebook:
        return self.label_set.codebook

    @property
    def _index(self) -> Index:
        return _index_of(self.label_set.digest, self.list_name, self.codebook)

    def _beginning(self, prefixes: Sequence[str]) -> list[Listed]:
        ranked = [(rank, entry) for entry in self._own() if (rank := _rank(entry, prefixes)) is not None]
        ranked += [(_rank(entry, prefixes) or 0, entry) for entry in self._rows(self._words_beginning(prefixes))]
        ranked += [(rank, entry) for rank, entry in self._of_codebook(self._index.beginning(prefixes))]
        return [entry for _, entry in sorted(ranked, key=lambda one: (one[0], one[1].title))]

    def _heard(self, heard: Sequence[str]) -> list[Listed]:
        """Those with the most of these words, own proposals among them; then the first of the codebook."""
        own = [(_count(entry, heard), entry) for entry in self._own()]
        ranked = [one for one in own if one[0]]
        ranked += [(_count(entry, heard), entry) for entry in self._rows(self._words_heard(heard) if heard else None)]
        ranked += list(self._of_codebook(self._index.heard(heard)))
        return [entry for _, entry in sorted(ranked, key=lambda one: -one[0])]

    # Where they come from

    def _own(self) -> list[Listed]:
        found = Proposal.objects.filter(
            project=self.project_id, proposed_by=self.user, list=self.list_name, ruling=None
        ).select_related("details")
        here = [one for one in found if not one.is_local or one.article_id == self.article_id]
        return [Listed(wording(one), "proposed", is_own=True) for one in here]

    def _beginning_with(self, prefix: str) -> QuerySet[EntryWord]:
        first = prefix.encode()
        found = EntryWord.objects.filter(project=self.project_id, list=self.list_name)
        return found.filter(word__gte=first, word__lt=first + b"\xff")

    def _words_beginning(self, prefixes: Sequence[str]) -> list[uuid.UUID]:
        """Ids of entries. Walks the index of words along the rarest prefix, what it names first, and no further than
        needed."""
        rarest = min(prefixes, key=self._how_many) if len(prefixes) > 1 else prefixes[0]
        found = self._beginning_with(rarest)
        for other in prefixes:
            if other != rarest:
                also = EntryWord.objects.filter(entry=OuterRef("entry"))
                first = other.encode()
                found = found.filter(Exists(also.filter(word__gte=first, word__lt=first + b"\xff")))
        ids: dict[uuid.UUID, None] = {}
        for place in (NAMED, ELSE):
            rows = found.filter(place=place).order_by("word", "entry").values_list("entry", flat=True)
            # An entry may have several such words; hardly ever as many as this.
            ids |= dict.fromkeys(rows[: 4 * self.limit]) if len(ids) < self.limit else {}
        return list(ids)[: self.limit]

    def _how_many(self, prefix: str) -> int:
        """Words that begin so, counted up to a number from which on they are common."""
        return sum(self._beginning_with(prefix).filter(place=place)[:COMMON].count() for place in (NAMED, ELSE))

    def _words_heard(self, heard: Sequence[str]) -> list[uuid.UUID]:
        """Ids of entries, those with the most of the words first. A query for each word; of a common one, some."""
        words = EntryWord.objects.filter(project=self.project_id, list=self.list_name)
        times = Counter(
            entry
            for word in heard
            for place in (NAMED, ELSE)
            for entry in words.filter(place=place, word=word.encode()).values_list("entry", flat=True)[:COMMON]
        )
        return [entry for entry, _ in times.most_common(self.limit)]

    def _rows(self, ids: Sequence[uuid.UUID] | None) -> list[Listed]:
        if not ids:
            return []
        return [Listed(wording(row), "active") for row in Entry.objects.filter(pk__in=ids).select_related("details")]

    def _of_codebook(self, ranked: Iterable[tuple[int, Actor | Concept]]) -> list[tuple[int, Listed]]:
        """The first ones that the project has no row of its own for."""
        found: list[tuple[int, Listed]] = []
        entries = list(ranked)
        for start in range(0, len(entries), AT_ONCE):
            some = entries[start : start + AT_ONCE]
            rows = Entry.objects.filter(project=self.project_id, list=self.list_name, key__in=[e.key for _, e in some])
            replaced = set(rows.values_list("key", flat=True))
            found += [(rank, Listed(entry, "active")) for rank, entry in some if entry.key not in replaced]
            if len(found) >= self.limit:
                break
        return found[: self.limit]

    def _shown(self, found: Sequence[Listed]) -> list[Shown]:
        """In words, each with the name of what it belongs to. Two queries at most."""
        belongs = {one.entry.affiliation for one in found if isinstance(one.entry, Actor) and one.entry.affiliation}
        others = as_settler_sees(self.codebook, self.project_id, {self.list_name: belongs})
        return [shown(one, others.entries(self.list_name)) for one in found]


AT_ONCE = 50


def _rank(entry: Listed, prefixes: Sequence[str]) -> int | None:
    """NAMED or ELSE for the first prefix; None when one of them begins no word."""
    sought = sought_by(entry.entry)
    places = [[place for word, place in sought.items() if word.startswith(prefix)] for prefix in prefixes]
    return min(places[0]) if all(places) else None


def _count(entry: Listed, heard: Sequence[str]) -> int:
    return len(sought_by(entry.entry).keys() & set(heard))


_INDEXES: dict[tuple[str, str], Index] = {}


def _index_of(digest: str, list_name: str, codebook: Codebook) -> Index:
    """Kept by the codebook's digest: it is made once a process."""
    if (digest, list_name) not in _INDEXES:
        _INDEXES[digest, list_name] = Index(codebook.entries(list_name).values())
    return _INDEXES[digest, list_name]
