"""Walking along one chain's events, as they are stored, and keeping the rows as the events leave them. Pure.

What is kept of a row is the number of the event that last wrote it and its values as one canonical text: a
chain's memory grows with the rows that stand, not with its history.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from annotator.log.chain import canonical, event_hash, genesis

PARTS = frozenset("v chain seq at by action gesture asked undoes undo_top redo_top changes".split())
CHANGE_PARTS = frozenset(("kind", "id", "before", "after"))

Body: TypeAlias = dict[str, Any]
Tops: TypeAlias = tuple[int | None, int | None]


@dataclass(frozen=True)
class StoredEvent:
    """The columns of an event."""

    seq: int
    gesture: str
    previous: str
    hash: str
    body: str
    undo_top: int | None
    redo_top: int | None
    by: str | None
    action: str
    day: str


@dataclass(frozen=True)
class Standing:
    """A row as the log has it: `seq` of the event that last wrote it, its values as canonical JSON."""

    seq: int
    text: str


class Broken(Exception):
    """The first event of a chain that does not stand up, and why."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(why)
        self.seq, self.why = seq, why


class Replay:
    """One chain, event by event: `body = read(event)`, a look around, `carry_out(body)`.

    fields: for each kind of row the names that an event must say. rows: kind → id → the row as it stands.
    seq, head: number and hash of the last event read; previous: the hash before it.
    Both verbs raise Broken at the first event that does not follow from those before it.
    """

    def __init__(self, chain: str, fields: Mapping[str, frozenset[str]]) -> None:
        self.chain, self.fields = chain, fields
        self.seq, self.head, self.previous = 0, genesis(chain), ""
        self.rows: dict[str, dict[str, Standing]] = defaultdict(dict)
        self._tops: dict[int, Tops] = {}

    def read(self, event: StoredEvent) -> Body:
        """The body of the next event, after link, hash, form and columns were found in order."""
        if event.seq != self.seq + 1:
            found = f"event {event.seq} comes after event {self.seq}" if self.seq else f"the first one is {event.seq}"
            raise Broken(self.seq + 1, f"it is not where it belongs: {found}")
        if event.previous != self.head:
            raise Broken(event.seq, "it does not follow from the event before: `previous` is another hash")
        if event.hash != _hash(event):
            raise Broken(event.seq, "its hash does not fit its content")
        body = self._parsed(event)
        self._compare_columns(event, body)
        self._check_tops(event.seq, body)
        self.seq, self.head, self.previous = event.seq, event.hash, event.previous
        return body

    def carry_out(self, body: Body) -> None:
        """Take the event's changes into the rows."""
        seq = body["seq"]
        for change in body["changes"]:
            self._check_form(seq, change)
            rows, id = self.rows[change["kind"]], change["id"]
            stood = rows.get(id)
            before, after = (None if side is None else canonical(side) for side in (change["before"], change["after"]))
            if (stood.text if stood else None) != before:
                raise Broken(seq, f"it changes {change['kind']} {id} from what it was not before")
            if after is None:
                del rows[id]
            else:
                rows[id] = Standing(seq, after)

    def _parsed(self, event: StoredEvent) -> Body:
        body: Body = {}
        try:
            body = json.loads(event.body)
            is_canonical = canonical(body) == event.body
        except (ValueError, RecursionError):
            is_canonical = False
        if not is_canonical:
            raise Broken(event.seq, "its content is not canonical JSON")
        is_event = isinstance(body, dict) and body.keys() == PARTS
        if not is_event or body["v"] != 1 or not isinstance(body["changes"], list):
            raise Broken(event.seq, "its content is not that of an event")
        return body

    def _compare_columns(self, event: StoredEvent, body: Body) -> None:
        told = {
            "chain": (self.chain, body["chain"]),
            "seq": (event.seq, body["seq"]),
            "gesture": (event.gesture, body["gesture"]),
            "undo_top": (event.undo_top, body["undo_top"]),
            "redo_top": (event.redo_top, body["redo_top"]),
            "by": (event.by, body["by"]),
            "action": (event.action, body["action"]),
            "day": (event.day, str(body["at"])[:10]),
        }
        for name, (column, said) in told.items():
            if type(column) is not type(said) or column != said:
                raise Broken(event.seq, f"its column `{name}` says {column}, its content {said}")

    def _check_tops(self, seq: int, body: Body) -> None:
        """What undo and redo would take back next follows from what this event does and from those before."""
        tops, undoes = (body["undo_top"], body["redo_top"]), body["undoes"]
        undo, redo = self._tops_after(seq - 1)
        allowed: list[Tops]
        if undoes is None:
            # An event that undo is to pass over leaves both as they were.
            allowed = [(seq, None), (None, None), (undo, redo)]
        elif undoes == undo:
            allowed = [(self._tops_after(undoes - 1)[0], seq)]
        elif undoes == redo:
            allowed = [(seq, self._tops_after(undoes - 1)[1])]
        else:
            raise Broken(seq, f"it takes back event {undoes}, which was not the next to be taken back")
        if tops not in allowed:
            raise Broken(seq, "what undo and redo would take back after it does not follow from the events")
        if tops != (None, None):
            self._tops[seq] = tops

    def _tops_after(self, seq: int) -> Tops:
        return self._tops.get(seq, (None, None))

    def _check_form(self, seq: int, change: Any) -> None:
        if not isinstance(change, dict) or change.keys() != CHANGE_PARTS or not _is_id(change["id"]):
            raise Broken(seq, "one of its changes is not well formed")
        fields = self.fields.get(str(change["kind"]))
        sides = [side for side in (change["before"], change["after"]) if side is not None]
        if fields is None or not sides:
            raise Broken(seq, f"it speaks of “{change['kind']}” {change['id']}, of which the log knows nothing")
        if any(not isinstance(side, dict) or side.keys() != fields for side in sides):
            raise Broken(seq, f"it does not say all of {change['kind']} {change['id']}")


def _hash(event: StoredEvent) -> str:
    try:
        return event_hash(event.previous, event.body)
    except UnicodeEncodeError:
        return "a text that cannot be encoded"


def _is_id(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False


def alike(one: Any, other: Any) -> bool:
    """Whether two JSON values say the same. A number is what it is worth: PostgreSQL keeps 1e16 as an integer."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or _near(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and bool(one == other)


def _near(one: float, other: float) -> bool:
    """1.5e300 as PostgreSQL gives it back: a whole number of 301 digits."""
    if isinstance(one, int) and isinstance(other, int):
        return False
    try:
        return float(one) == float(other)
    except OverflowError:
        return False
