"""Which fields of which rows the log speaks of; the same table serves writing, undoing and verifying."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class RecordKind:
    """A kind of row in the log, with the fields that are written into events, in order.

    `on`: the kind of chain that tells of it ("any": each row says which); `chain`: the look-up from a row to
    its chain, empty for the site's.
    """

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    on: str
    chain: str


KINDS: dict[str, RecordKind] = {}
_BY_MODEL: dict[type[models.Model], RecordKind] = {}


def logged(name: str, model: type[models.Model], *fields: str, on: str = "site", chain: str = "") -> None:
    """Declare that rows of `model` appear in the log as `name`, with these fields, in these chains."""
    columns = tuple(model._meta.get_field(field).attname for field in fields)  # type: ignore[union-attr]
    KINDS[name] = _BY_MODEL[model] = RecordKind(name, model, fields, columns, on, chain)


def kind_of(row: models.Model) -> RecordKind:
    return _BY_MODEL[type(row)]


def snapshot(row: models.Model) -> dict[str, Any]:
    """What an event says of a row: plain JSON values under the field names."""
    kind = kind_of(row)
    return {field: plain(getattr(row, column)) for field, column in zip(kind.fields, kind.columns, strict=True)}


def plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def rebuilt(kind: RecordKind, row_id: str, values: Mapping[str, Any]) -> models.Model:
    """A row as an event described it, not yet saved."""
    row = kind.model(pk=uuid.UUID(row_id))
    return filled(row, values)


def filled(row: models.Model, values: Mapping[str, Any]) -> models.Model:
    kind = kind_of(row)
    for field, column in zip(kind.fields, kind.columns, strict=True):
        setattr(row, column, row._meta.get_field(field).to_python(values[field]))  # type: ignore[union-attr]
    return row
