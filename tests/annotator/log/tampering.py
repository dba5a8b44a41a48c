"""Somebody with the database in their hands: ways to change one thing in it, each drawn from a random generator.

They know how to get past the guards, and put them back; what they do not do is to make everything fit again.
For those who do, see `rewriting.py`.
"""

import datetime
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from annotator.log.chain import canonical, event_hash
from annotator.log.models import Chain, Checkpoint, Event
from annotator.log.records import KINDS, RecordKind, plain
from annotator.log.verify import PROOFS
from annotator.triggers import ANNOTATOR_TRIGGERS
from annotator.workflow.verification import OWN_PROOFS
from corpus.triggers import install, remove

Tampering = Callable[[Random], str | None]
"""Does one thing and says what; None when what was drawn would have changed nothing."""

TRIES = 200


@contextmanager
def unguarded() -> Iterator[None]:
    """No trigger and no foreign key refuses anything, and all of them stand again afterwards."""
    if connection.vendor == "sqlite":
        remove(connection, ANNOTATOR_TRIGGERS)
        yield
        install(connection, ANNOTATOR_TRIGGERS)
    else:
        _tell("SET LOCAL session_replication_role = replica")
        yield
        _tell("SET LOCAL session_replication_role = origin")


def _tell(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def tampered(tampering: Tampering, random: Random) -> str:
    """Draw until something was really changed. Returns what."""
    for _ in range(TRIES):
        with suppress(IntegrityError), transaction.atomic(), unguarded():
            done = tampering(random)
            if done:
                return done
    raise AssertionError(f"{tampering.__name__} found nothing to do")


# Rows of logged tables


def edit_row(random: Random) -> str | None:
    kind = _some_kind(random)
    row = _some_row(random, kind)
    column = random.choice(_covered(kind))
    return _set(random, row, column)


def edit_id(random: Random) -> str | None:
    row = _some_row(random, _some_kind(random))
    return _set(random, row, row._meta.pk.attname)


def delete_row(random: Random) -> str:
    row = _some_row(random, _some_kind(random))
    _delete(row)
    return f"{row!r} deleted"


def insert_row(random: Random) -> str:
    """A copy under another id, changed here and there until no constraint minds."""
    kind = _some_kind(random)
    row = _some_row(random, kind)
    row.pk = uuid.UUID(int=random.getrandbits(128))
    for column in random.sample(_covered(kind), random.randint(0, len(_covered(kind)))):
        setattr(row, column, _other(random, row, column))
    row.save(force_insert=True)
    return f"{row!r} inserted"


def swap_rows(random: Random) -> str | None:
    """Two rows exchange what they say in one column."""
    kind = _some_kind(random)
    one, other = _some_row(random, kind), _some_row(random, kind)
    column = random.choice(_covered(kind))
    values = getattr(one, column), getattr(other, column)
    if values[0] == values[1]:
        return None
    _write(one, column, values[1])
    _write(other, column, values[0])
    return f"{one!r} and {other!r} swapped {column}"


# Events


def edit_event(random: Random) -> str | None:
    event = _some_event(random)
    columns = [column.attname for column in Event._meta.concrete_fields if column.attname != "id"]
    return _set(random, event, random.choice(columns))


def edit_body(random: Random) -> str | None:
    """What an event says, in proper form; its own hash may be made to fit, those after it not."""
    event = _some_event(random)
    body = json.loads(event.body)
    name = random.choice([*body, "changes", "changes"])
    if name == "changes":
        change = random.choice(body["changes"])
        part = random.choice(["before", "after", "id", "kind"])
        change[part] = _other_json(random, change[part])
    else:
        body[name] = _other_json(random, body[name])
    text = canonical(body)
    if text == event.body:
        return None
    fits = random.random() < 0.5
    _write(event, "body", text)
    if fits:
        _write(event, "hash", event_hash(event.previous, text))
    return f"event {event.seq} of {event.chain_id} says another `{name}`{', its hash fits' if fits else ''}"


def delete_event(random: Random) -> str:
    event = _some_event(random)
    _delete(event)
    return f"event {event.seq} of {event.chain_id} deleted"


def insert_event(random: Random) -> str:
    """After the last one, linked and hashed as it should be; or anywhere in a gap that is made for it."""
    event = _some_event(random)
    chain = Chain.objects.get(pk=event.chain_id)
    seq = random.choice([chain.length + 1, event.seq])
    later = Event.objects.filter(chain=chain, seq__gte=seq)
    for each in later.order_by("-seq"):
        _write(each, "seq", each.seq + 1)
    gesture = uuid.UUID(int=random.getrandbits(128))
    body = canonical({**json.loads(event.body), "seq": seq, "gesture": str(gesture), "changes": []})
    Event.objects.create(
        chain=chain, seq=seq, gesture=gesture, previous=chain.head, hash=event_hash(chain.head, body), body=body,
        undo_top=event.undo_top, redo_top=event.redo_top, log=event.log, by=event.by, action=event.action,
        day=event.day,
    )  # fmt: skip
    return f"event {seq} of {chain.pk} inserted"


def swap_events(random: Random) -> str | None:
    one, other = _some_event(random), _some_event(random)
    if one.pk == other.pk:
        return None
    columns = random.choice([("body",), ("body", "hash"), ("body", "hash", "previous"), ("gesture",)])
    for column in columns:
        values = getattr(one, column), getattr(other, column)
        _write(other, column, uuid.uuid4() if column == "gesture" else values[1])
        _write(one, column, values[1])
        _write(other, column, values[0])
    return f"events {one.seq} of {one.chain_id} and {other.seq} of {other.chain_id} swapped {columns}"


# Chains and checkpoints


def edit_chain(random: Random) -> str | None:
    chain = random.choice(list(Chain.objects.order_by("events__id").distinct()))
    return _set(random, chain, random.choice(["id", "kind", "length", "head", "log"]))


def delete_chain(random: Random) -> str:
    chain = random.choice(list(Chain.objects.order_by("pk")))
    _delete(chain)
    return f"{chain.kind} chain {chain.pk} deleted"


def insert_chain(random: Random) -> str:
    kind, head = random.choice(["set", "project"]), f"{random.getrandbits(256):064x}"
    one = Chain.objects.create(kind=kind, head=head, log=uuid.UUID(int=random.getrandbits(128)))
    return f"{one.kind} chain {one.pk} inserted"


def edit_checkpoint(random: Random) -> str | None:
    checkpoint = random.choice(list(Checkpoint.objects.order_by("number")))
    return _set(random, checkpoint, random.choice(["number", "reason", "body", "hash"]))


def delete_checkpoint(random: Random) -> str:
    """Not the last one: that it is gone shows only to those who kept a copy."""
    checkpoint = random.choice(list(Checkpoint.objects.order_by("number"))[:-1])
    _delete(checkpoint)
    return f"checkpoint {checkpoint.number} deleted"


def insert_checkpoint(_: Random) -> str:
    last = Checkpoint.objects.latest("number")
    body = canonical({**json.loads(last.body), "number": last.number + 1, "previous": last.hash})
    Checkpoint.objects.create(
        number=last.number + 1, reason=last.reason, body=body, hash=hashlib.sha256(body.encode()).hexdigest()
    )
    return f"checkpoint {last.number + 1} inserted, sealing again what {last.number} sealed"


TAMPERINGS: tuple[Tampering, ...] = (
    edit_row, edit_row, edit_row, edit_id, delete_row, insert_row, swap_rows, edit_event, edit_event, edit_body,
    edit_body, delete_event, insert_event, swap_events, edit_chain, delete_chain, insert_chain, edit_checkpoint,
    delete_checkpoint, insert_checkpoint,
)  # fmt: skip


# Drawing


def _some_kind(random: Random) -> RecordKind:
    return random.choice([kind for kind in KINDS.values() if kind.model._default_manager.exists()])


def _some_row(random: Random, kind: RecordKind) -> models.Model:
    """Rows are numbered as the events tell of them, so that a seed draws the same row in another run."""
    standing = {str(row.pk): row for row in kind.model._default_manager.all()}
    return standing[random.choice([id for id in _in_order_of_mention()[kind.name] if id in standing])]


def _in_order_of_mention() -> dict[str, dict[str, None]]:
    mentioned: dict[str, dict[str, None]] = defaultdict(dict)
    for body in Event.objects.order_by("id").values_list("body", flat=True):
        for change in json.loads(body)["changes"]:
            mentioned[change["kind"]].setdefault(change["id"])
    return mentioned


def _some_event(random: Random) -> Event:
    return random.choice(list(Event.objects.order_by("id")))


def _covered(kind: RecordKind) -> list[str]:
    """The columns for which the log vouches."""
    proof = {**PROOFS, **OWN_PROOFS}.get(kind.name)
    own = {column.attname for column in kind.model._meta.concrete_fields}
    return [*kind.columns, *(["version"] if "version" in own else []), *(proof.columns if proof else [])]


# Changing


def _set(random: Random, row: models.Model, column: str) -> str | None:
    before = getattr(row, column)
    after = _other(random, row, column)
    if _said(before) == _said(after):
        return None
    _write(row, column, after)
    return f"{row!r}: {column} changed from {before!r} to {after!r}"


def _said(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else plain(value)


def _write(row: models.Model, column: str, value: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{column: value})


def _delete(row: models.Model) -> None:
    """Straight from the table: nothing of the app's has a say."""
    type(row)._default_manager.filter(pk=row.pk)._raw_delete("default")  # type: ignore[attr-defined]


def _other(random: Random, row: models.Model, column: str) -> Any:
    """Another value for a column, of the kind that belongs there."""
    field = next(field for field in row._meta.concrete_fields if field.attname == column)
    value = getattr(row, column)
    if field.null and value is not None and random.random() < 0.25:
        return None
    if isinstance(field, models.ForeignKey):
        found = field.related_model._default_manager.order_by("pk").values_list("pk", flat=True)  # type: ignore[union-attr]
        return random.choice([*found, uuid.UUID(int=random.getrandbits(128))])
    if field.choices:
        return random.choice([key for key, _ in field.choices])
    if isinstance(field, models.JSONField):
        return _other_json(random, value)
    return _other_plain(random, field, value)


def _other_plain(random: Random, field: Any, value: Any) -> Any:
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=random.getrandbits(128))
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField):
        return abs((value or 0) + random.choice([-3, -1, 1, 2]))
    if isinstance(field, models.BinaryField):
        return bytes(value or b"") + b"!"
    if isinstance(field, models.DateField):
        return _other_time(random, field, value)
    return _other_text(random, value or "")


def _other_time(random: Random, field: Any, value: Any) -> Any:
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    start = value or (now if isinstance(field, models.DateTimeField) else now.date())
    return start + datetime.timedelta(days=random.randint(1, 999))


def _other_text(random: Random, text: str) -> str:
    place = random.randrange(len(text) + 1)
    if not text or (random.random() < 0.3 and len(text) < 30):
        return text[:place] + random.choice("0a é") + text[place:]
    place = min(place, len(text) - 1)
    return text[:place] + random.choice("0123456789abcdef") + text[place + 1 :]


def _other_json(random: Random, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return random.choice([True, False, None, 1, "yes"])
    if isinstance(value, int):
        return value + random.choice([-1, 1, 5])
    if isinstance(value, str):
        return _other_text(random, value)
    if isinstance(value, list):
        return random.choice([[*value, "one more"], value[1:], value[::-1]])
    if not value or random.random() < 0.3:
        return {**value, "one more": random.random()}
    name = random.choice(sorted(value))
    changed = {**value, name: _other_json(random, value[name])}
    return random.choice([changed, {other: value[other] for other in value if other != name}])
