"""Writing to the log: rows and their event in one transaction, one gesture one event."""

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.errors import Conflict
from annotator.log.chain import canonical, event_hash, genesis, salted
from annotator.log.models import Chain, Event, Remark
from annotator.log.records import KINDS, RecordKind, filled, kind_of, rebuilt, snapshot
from annotator.prepared import Given, Prepared, PreparedUpdate, insert

Row = TypeVar("Row", bound=models.Model)
BATCH = 200


class AlreadyDone(Exception):
    """The gesture came before and was carried out then; `event` is what was written."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"gesture {event.gesture} was carried out as event {event.seq}")
        self.event = event


def new_chain(kind: str, *, log: uuid.UUID | None = None) -> Chain:
    """log: the project's chain, for a set's."""
    id = uuid.uuid4()
    chain = Chain(id=id, kind=kind, log=log or id)
    chain.head = genesis(str(chain.id))
    chain.save(force_insert=True)
    return chain


def site_chain() -> Chain:
    """The chain for what belongs to no project: people, articles, codebooks. Made on first use."""
    id = uuid.uuid4()
    chain, _ = Chain.objects.get_or_create(kind="site", defaults={"id": id, "log": id, "head": genesis(str(id))})
    return chain


class Gesture:
    """Collects the changes of one gesture: each verb writes the row at once and notes before and after.

    Made by `gesture()`; the event is appended when its block ends.
    """

    def __init__(self, chain: Chain, *, by: User | None, action: str, id: uuid.UUID, asked: str) -> None:
        self.chain, self.by, self.action, self.id, self.asked = chain, by, action, id, asked
        self.changes: list[dict[str, Any]] = []
        self.batch: list[models.Model] | None = None
        self.undoes: int | None = None
        self.tops: tuple[int | None, int | None] = (None, None)

    @property
    def seq(self) -> int:
        """The sequence number that the event will have: also the version of every row written here."""
        return self.chain.length + 1

    def add(self, row: Row) -> Row:
        if self.batch is None:
            return self.add_all([row])[0]
        self._stamp(row)
        self._note(row, None, snapshot(row))
        self.batch.append(row)
        return row

    @contextmanager
    def batched(self) -> Iterator[None]:
        """Rows added inside are inserted together at the end, model by model in order of appearance."""
        self.batch = []
        yield
        rows, self.batch = self.batch, None
        for model in dict.fromkeys(type(row) for row in rows):
            model._default_manager.bulk_create([row for row in rows if type(row) is model], batch_size=BATCH)

    def add_all(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Insert rows of one model."""
        for row in rows:
            self._stamp(row)
            self._note(row, None, snapshot(row))
        if len(rows) == 1:
            insert(rows[0])
        elif rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
        return rows

    def note_added(self, rows: Sequence[models.Model]) -> None:
        """Note rows that another package has just inserted in this transaction."""
        for row in rows:
            self._note(row, None, snapshot(row))

    def change(self, row: Row, **values: Any) -> Row:
        before = snapshot(row)
        for name, value in values.items():
            setattr(row, name, value)
        after = snapshot(row)
        if after != before:
            self._stamp(row)
            self._note(row, before, after)
        self._save(row, [*values, "version"])
        return row

    def remove(self, row: models.Model) -> None:
        """Delete the row. Raises Conflict when it is gone already, since the log must not say it went twice."""
        self._note(row, snapshot(row), None)
        deleted, _ = row._meta.model._default_manager.filter(pk=row.pk).delete()
        if not deleted:
            raise Conflict("This was removed in the meantime.", code="gone")

    def remove_all(self, rows: Sequence[models.Model]) -> None:
        """Delete rows of one model. Raises Conflict when one of them is gone already."""
        for row in rows:
            self._note(row, snapshot(row), None)
        for start in range(0, len(rows), BATCH):
            ids = [row.pk for row in rows[start : start + BATCH]]
            deleted, _ = rows[0]._meta.model._default_manager.filter(pk__in=ids).delete()
            if deleted != len(ids):
                raise Conflict("Some of these were removed in the meantime.", code="gone")

    def remark(self, text: str) -> Remark:
        """Keep a free text where it can be erased; the event holds its digest."""
        salt = secrets.token_hex(16)
        return self.add(Remark(chain=self.chain, salt=salt, text=text, digest=salted(salt, text)))

    def take_back(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """Write the inverse of earlier changes, last first. Remarks stay: other rows name them."""
        undone = [change for change in reversed(list(changes)) if change["kind"] != "remark"]
        for (name, was), group in groupby(undone, key=_what_was_done):
            kind, alike = KINDS[name], list(group)
            if was == "added":
                self._remove_again(kind, [change["id"] for change in alike])
            elif was == "removed":
                self.add_all([rebuilt(kind, change["id"], change["before"]) for change in alike])
            else:
                for change in alike:
                    self._change_back(kind, change)

    def _remove_again(self, kind: RecordKind, ids: Sequence[str]) -> None:
        rows = {str(row.pk): row for row in kind.model._default_manager.filter(pk__in=ids)}
        for id in ids:
            self._note(rows[id], snapshot(rows[id]), None)
        kind.model._default_manager.filter(pk__in=ids).delete()

    def _change_back(self, kind: RecordKind, change: Mapping[str, Any]) -> None:
        row = kind.model._default_manager.get(pk=change["id"])
        before = snapshot(row)
        filled(row, change["before"])
        self._stamp(row)
        self._note(row, before, snapshot(row))
        row.save()

    def _stamp(self, row: models.Model) -> None:
        if hasattr(row, "version"):
            row.version = self.seq

    def _save(self, row: models.Model, names: Sequence[str]) -> None:
        fields = [name for name in names if any(field.name == name for field in row._meta.concrete_fields)]
        row.save(update_fields=fields)

    def _note(self, row: models.Model, before: Any, after: Any) -> None:
        self.changes.append({"kind": kind_of(row).name, "id": str(row.pk), "before": before, "after": after})

    def append(self) -> Event:
        """Insert the event and move the chain's head. The chain's row is locked by now."""
        now = timezone.now().astimezone(datetime.UTC)
        body = canonical(
            {
                "v": 1,
                "chain": str(self.chain.pk),
                "seq": self.seq,
                "at": now.isoformat(timespec="microseconds"),
                "by": str(self.by.pk) if self.by else None,
                "action": self.action,
                "gesture": str(self.id),
                "asked": self.asked,
                "undoes": self.undoes,
                "undo_top": self.tops[0],
                "redo_top": self.tops[1],
                "changes": self.changes,
            }
        )
        event = Event(
            chain=self.chain, seq=self.seq, gesture=self.id, previous=self.chain.head, body=body,
            hash=event_hash(self.chain.head, body), undo_top=self.tops[0], redo_top=self.tops[1],
            log=self.chain.log, by=self.by.pk if self.by else None, action=self.action, day=now.date(),
        )  # fmt: skip
        insert(event)
        _advance.run(pk=self.chain.pk, length=event.seq, head=event.hash)
        self.chain.length, self.chain.head = event.seq, event.hash
        return event


_advance = PreparedUpdate(
    lambda: Chain.objects.filter(pk=Given("pk", models.UUIDField())),
    length=Given("length", models.PositiveBigIntegerField()),
    head=Given("head", models.CharField()),
)


def _what_was_done(change: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of row, and whether it was added, removed or changed."""
    if change["before"] is None:
        return change["kind"], "added"
    return change["kind"], "removed" if change["after"] is None else "changed"


def fingerprint(action: str, asked: Mapping[str, Any]) -> str:
    """Sixteen hex digits that tell a repeated request from another one under the same gesture id."""
    return hashlib.sha256(canonical([action, asked]).encode()).hexdigest()[:16]


@contextmanager
def gesture(
    chain: Chain,
    *,
    by: User | None,
    action: str,
    id: uuid.UUID | None = None,
    asked: Mapping[str, Any] | None = None,
    locked: bool = False,
) -> Iterator[Gesture]:
    """Rows and event of one gesture, in one transaction.

    `id`: the client's, so that a repeated request is the same request; `asked`: what it asked for.
    `locked`: the caller has fetched the chain's row with a lock in this same transaction.
    Raises AlreadyDone when this gesture was carried out before, Conflict when its id was used for
    another request.
    """
    # A transaction that the caller has begun needs no savepoint: whatever fails here ends it.
    with transaction.atomic(savepoint=not locked):
        if not locked:
            lock(chain)
        known = fingerprint(action, asked or {})
        if id is not None:
            recall(chain, id, known)
        current = Gesture(chain, by=by, action=action, id=id or uuid.uuid4(), asked=known)
        yield current
        if current.changes:
            current.append()


def lock(chain: Chain) -> None:
    """Hold the chain's row until the transaction ends and bring `chain` up to date."""
    stored = Chain.objects.select_for_update().get(pk=chain.pk)
    chain.length, chain.head = stored.length, stored.head


def recall(chain: Chain, id: uuid.UUID, known: str) -> None:
    """Raise AlreadyDone or Conflict when the chain holds this gesture already."""
    event = _event_of.first(chain=chain.pk, gesture=id)
    if event is None:
        return
    if f'"asked":"{known}"' not in event.body:
        raise Conflict("This gesture's id was used for another change; use a new id.", code="id_reused")
    raise AlreadyDone(event)


_event_of = Prepared(
    lambda: Event.objects.filter(chain=Given("chain", models.UUIDField()), gesture=Given("gesture", models.UUIDField()))
)
