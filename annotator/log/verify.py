"""Verifying the log: every chain walked, the tables rebuilt from its events and compared with what stands.

Works chain by chain, in memory that grows with the rows of one chain. Read it inside of a snapshot. What only
the features to the left can judge they bring along as `Proof` (of one row) and `Watch` (of a chain's course).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import DatabaseError, connection, models
from django.db.models import Exists, OuterRef

from annotator.log.chain import canonical, salted
from annotator.log.checkpoints import Sealed, check_kept, check_stored
from annotator.log.models import Chain, Event
from annotator.log.records import KINDS, RecordKind, plain
from annotator.log.replay import Body, Broken, Replay, Standing, StoredEvent, alike
from corpus.actions import facts_digest
from corpus.models import Article
from corpus.text import sha256
from corpus.triggers import Trigger, missing

EVENTS_AT_ONCE = 500
ROWS_AT_ONCE = 500
MOST = 10
"""Findings of one sort that are listed; how many more there are is said in the end."""

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, DatabaseError)
"""What is raised for a value that cannot be one of its column, or has not the shape that it should have."""

Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Proof:
    """What a row holds beside its logged fields, recomputed from it.

    columns: what is needed for it; complaint: what is wrong with these values, or None.
    """

    columns: tuple[str, ...]
    complaint: Callable[[Values], str | None]


class Watch:
    """Something that looks on while a chain is replayed. Both verbs yield complaints in plain words."""

    def before(self, replay: Replay, body: Body) -> Iterable[str]:
        """Called with each event's body before its changes are carried out."""
        return ()

    def at_end(self, replay: Replay) -> Iterable[str]:
        """Called when the chain's events are through and all are in order."""
        return ()


@dataclass
class Verification:
    """One run. `findings()` yields what is wrong, in plain words, and counts what was looked at.

    kept: texts of checkpoints kept elsewhere. told: called with events walked and events in all.
    """

    triggers: Sequence[Trigger]
    proofs: Mapping[str, Proof]
    watches: Callable[[], Sequence[Watch]] = tuple
    kept: Sequence[str] = ()
    told: Callable[[int, int], None] = lambda done, total: None
    events: int = 0
    chains: int = 0
    sealed: Sealed = field(default_factory=Sealed)

    def findings(self) -> Iterator[str]:
        """Raises NotACheckpoint when a kept text is none."""
        for text in self.kept:
            yield from check_kept(text, self.sealed)
        for name in missing(connection, self.triggers):
            yield f"The guard {name} of the database is missing or altered."
        yield from check_stored(self.sealed)
        yield from self._dangling()
        yield from self._all_chains()

    def _all_chains(self) -> Iterator[str]:
        total = Event.objects.count()
        chains = list(Chain.objects.order_by("kind", "pk"))
        for chain in chains:
            place = f"{chain.kind} chain {chain.pk}"
            yield from (f"{place}, {complaint}" for complaint in self._chain(chain, total))
            self.chains += 1
        if not any(chain.kind == "site" for chain in chains):
            yield from self._tables("site", None, Replay("", {}))
        gone = self.sealed.chains - {str(chain.pk) for chain in chains}
        yield from (f"Chain {id} is gone, though it was sealed in a checkpoint." for id in sorted(gone))

    def _chain(self, chain: Chain, total: int) -> Iterator[str]:
        replay = Replay(str(chain.pk), {kind.name: frozenset(kind.fields) for kind in KINDS.values()})
        watches = self.watches()
        try:
            for event in _stored(chain):
                body = replay.read(event)
                self._count(total)
                for watch in watches:
                    yield from (f"event {event.seq}: {complaint}." for complaint in watch.before(replay, body))
                replay.carry_out(body)
                self._compare_with_seals(replay)
            self._compare_end(chain, replay)
            for watch in watches:
                yield from (f"{complaint}." for complaint in watch.at_end(replay))
        except Broken as broken:
            yield f"event {broken.seq}: {broken.why}."
            return
        except UNREADABLE as error:
            yield f"event {replay.seq + 1}: it cannot be read ({error})."
            return
        yield from self._tables(chain.kind, chain, replay)

    def _count(self, total: int) -> None:
        self.events += 1
        self.told(self.events, total)

    def _compare_with_seals(self, replay: Replay) -> None:
        complaint = self.sealed.complaint(replay.chain, replay.seq, replay.head)
        if complaint:
            raise Broken(replay.seq, complaint)

    def _compare_end(self, chain: Chain, replay: Replay) -> None:
        """The chain's own row against its last event, and what it is against what it tells of."""
        cut = self.sealed.cut(replay.chain, replay.seq)
        if cut:
            raise Broken(replay.seq + 1, cut)
        if chain.length != replay.seq:
            raise Broken(replay.seq, f"it is the last one that stands, and the chain says it has {chain.length}")
        if chain.head != replay.head:
            raise Broken(replay.seq, "it is the last one, and the chain says that its last one has another hash")
        if chain.kind != "site" and len(replay.rows.get(chain.kind, {})) != 1:
            raise Broken(replay.seq, f"the chain is not that of one {chain.kind}")
        if chain.kind != "set" and chain.log != chain.pk:
            raise Broken(replay.seq, "the chain is listed in another log than its own")

    # Tables

    def _tables(self, kind_of_chain: str, chain: Chain | None, replay: Replay) -> Iterator[str]:
        """Rows of the chain as the events leave them against rows as they stand, both ways, for every kind."""
        for kind in KINDS.values():
            logged = dict(replay.rows.get(kind.name, {}))
            if kind.on in (kind_of_chain, "any"):
                yield from _first(self._rows(kind, chain, logged), f"of {kind.name}")
            elif logged:
                yield f"its events tell of {kind.name}, which belongs in a {kind.on} chain."

    def _rows(self, kind: RecordKind, chain: Chain | None, logged: dict[str, Standing]) -> Iterator[str]:
        proof = self.proofs.get(kind.name)
        try:
            for values in _read(kind, chain, proof.columns if proof else ()):
                id = str(values["pk"])
                complaint = _difference(kind, values, logged.pop(id, None)) or (proof and proof.complaint(values))
                if complaint:
                    yield f"{kind.name} {id}: {complaint}."
        except UNREADABLE as error:
            yield f"a row of {kind.name} cannot be read ({error})."
            return
        for id, row in logged.items():
            yield f"{kind.name} {id}: the row that event {row.seq} left is gone."

    def _dangling(self) -> Iterator[str]:
        """Rows that point to what is not there: nothing else would miss a chain gone with all that it tells of."""
        tables: list[type[models.Model]] = [Event, *(kind.model for kind in KINDS.values())]
        for model in tables:
            for column in model._meta.concrete_fields:
                if isinstance(column, models.ForeignKey) and (count := _pointing_nowhere(model, column)):
                    yield f"Of {model._meta.verbose_name}, {count} point to a {column.name} that is not there."


def _pointing_nowhere(model: type[models.Model], column: "models.ForeignKey[Any, Any]") -> int:
    there = column.related_model._default_manager.filter(pk=OuterRef(column.attname))
    return model._default_manager.filter(~Exists(there), **{f"{column.name}__isnull": False}).count()


def _stored(chain: Chain) -> Iterator[StoredEvent]:
    """The chain's events in order, a few hundred at a time."""
    columns = ("seq", "log", "gesture", "by", "day", "previous", "hash", "body", "undo_top", "redo_top", "action")
    found: list[Any] = []
    while True:
        after = found[-1][0] if found else -1
        events = Event.objects.filter(chain=chain, seq__gt=after).order_by("seq")
        found = list(events.values_list(*columns)[:EVENTS_AT_ONCE])
        for row in found:
            values = dict(zip(columns, row, strict=True))
            if values.pop("log") != chain.log:
                raise Broken(values["seq"], "it is listed in another log than its chain")
            by = None if values["by"] is None else str(values["by"])
            yield StoredEvent(**{**values, "gesture": str(values["gesture"]), "by": by, "day": str(values["day"])})
        if len(found) < EVENTS_AT_ONCE:
            return


def _read(kind: RecordKind, chain: Chain | None, more: Iterable[str]) -> Iterator[dict[str, Any]]:
    rows = kind.model._default_manager.order_by()
    if kind.chain:
        rows = rows.filter(**{kind.chain: chain})
    versioned = ("version",) if any(field.name == "version" for field in kind.model._meta.concrete_fields) else ()
    columns = ("pk", *kind.columns, *versioned, *more)
    for row in rows.values_list(*columns).iterator(chunk_size=50 if more else ROWS_AT_ONCE):
        yield dict(zip(columns, row, strict=True))


def _difference(kind: RecordKind, values: Values, logged: Standing | None) -> str | None:
    """What a row says otherwise than the log, or None."""
    if logged is None:
        return "no event tells of this row"
    stands = {name: plain(values[column]) for name, column in zip(kind.fields, kind.columns, strict=True)}
    if canonical(stands) != logged.text:
        said = json.loads(logged.text)
        for name, value in stands.items():
            if not alike(value, said[name]):
                return f"`{name}` is not what event {logged.seq} wrote"
    if values.get("version", logged.seq) != logged.seq:
        return f"its version is {values['version']}, and event {logged.seq} wrote it last"
    return None


def _first(complaints: Iterator[str], what: str) -> Iterator[str]:
    """The first few, and how many more there are."""
    number = 0
    for number, complaint in enumerate(complaints, 1):
        if number <= MOST:
            yield complaint
    if number > MOST:
        yield f"and {number - MOST} more {what}."


# What the log itself can prove of rows


def _remark(row: Values) -> str | None:
    if row["erased_at"]:
        return "it was erased, and yet there is text in it" if row["text"] or row["salt"] else None
    return None if salted(row["salt"], row["text"]) == row["digest"] else "its text is not what was written"


def _article(row: Values) -> str | None:
    if row["withdrawn_at"]:
        if row["text"]:
            return "it was withdrawn, and yet there is text in it"
    elif sha256(row["text"]) != row["sha256"] or len(row["text"]) != row["length"]:
        return "its text is not the one that was imported"
    facts = Article(**{name: row[name] for name in ("salt", *Article.FACTS)})
    return None if facts_digest(facts) == row["facts_digest"] else "its facts are not what was recorded"


def _source(row: Values) -> str | None:
    withdrawn = Article.objects.filter(source=row["pk"], withdrawn_at__isnull=False).exists()
    if row["content"] is None:
        return None if withdrawn else "its bytes are gone, and no article of it was withdrawn"
    if withdrawn:
        return "an article of it was withdrawn, and yet its bytes are there"
    content = bytes(row["content"])
    is_whole = hashlib.sha256(content).hexdigest() == row["sha256"] and len(content) == row["byte_count"]
    return None if is_whole else "its bytes are not those that were imported"


PROOFS: Mapping[str, Proof] = {
    "remark": Proof(("text", "salt"), _remark),
    "article": Proof(("text", "salt", *Article.FACTS), _article),
    "source": Proof(("content",), _source),
}
