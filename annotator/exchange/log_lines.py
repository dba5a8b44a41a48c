"""A line of the log in words, from the body of its event. Pure but for the codebook's type."""

import datetime
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.log.words import Deed, a_thing, deed
from annotator.schema.codebook import Codebook

CHANGES = 30
"""Changes of an event that are set out one by one."""
EMPTY: tuple[Any, ...] = (None, "", [], {})
"""What a row that was added or removed does not say; the body has all of it."""
AT = re.compile(r'\{"action":"\w*","asked":"\w*","at":"([^"]*)"')
VALUE = 300
"""Characters of a value that are shown there."""


@dataclass(frozen=True)
class Place:
    """Where an event stands: its chain, and its number there, counted from 1."""

    chain: uuid.UUID
    seq: int

    @property
    def key(self) -> str:
        """As addresses have it."""
        return f"{self.chain}.{self.seq}"

    @classmethod
    def read(cls, key: str) -> "Place":
        """Raises ValueError for what is no place."""
        chain, _, seq = key.partition(".")
        if not seq.isascii() or not seq.isdigit() or len(seq) > 18:
            raise ValueError("not a place in a log")
        return cls(uuid.UUID(chain), int(seq))


@dataclass(frozen=True)
class Field:
    """One value of a row, as JSON; `before` or `after` is None where the row was not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """What was done to one row. done: added, changed, or removed."""

    kind: str
    id: str
    done: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Names:
    """What ids are called: people, articles (with their numbers in the project), versions of the codebook; `sets`:
    article, owner (none for gold) and round by chain."""

    people: Mapping[uuid.UUID, str]
    articles: Mapping[uuid.UUID, str]
    numbers: Mapping[uuid.UUID, int]
    versions: Mapping[uuid.UUID, int]
    sets: Mapping[uuid.UUID, Mapping[str, Any]]
    codebook: Codebook


@dataclass(frozen=True)
class Line:
    """An event as people read it. `about`: the person it concerns; `number`: of the article in the project; `log`:
    whose chain it stands in; fits: whether the hash fits the body, None where only a part is shown. at: None where
    no more is known than the day. unsaid: how many changes are not among `changes`."""

    place: Place
    by: uuid.UUID | None
    who: str
    action: str
    deed: Deed
    thing: str
    about: str
    article: str
    number: int | None
    log: str
    version: int | None
    at: datetime.datetime | None
    day: datetime.date
    hash: str
    previous: str
    body: str
    size: int
    changes: Sequence[Change]
    unsaid: int
    fits: bool | None
    is_open: bool

    @property
    def is_whole(self) -> bool:
        return len(self.body) == self.size


@dataclass(frozen=True)
class Told:
    """What an event says, ids not yet named. article: the one article that a project's event is about."""

    row: Mapping[str, Any]
    place: Place
    by: uuid.UUID | None
    body: str
    fits: bool | None
    at: datetime.datetime | None = None
    article: uuid.UUID | None = None
    label_set: uuid.UUID | None = None
    people: tuple[uuid.UUID, ...] = ()
    label: str = ""
    relation: str = ""
    role: str = ""
    changes: tuple[Change, ...] = ()
    count: int = field(default=0)

    def named(self, names: Names, *, is_open: bool) -> Line:
        own = names.sets.get(self.place.chain)
        article = own["article"] if own else self.article
        about = [names.people[id] for id in self.people if id in names.people and id != self.by]
        return Line(
            place=self.place, by=self.by, who=names.people.get(self.by, "") if self.by else "The app",
            action=self.row["action"], deed=deed(self.row["action"]), thing=self._thing(names.codebook),
            about=about[0] if len(about) == 1 else "", article=names.articles.get(article, "") if article else "",
            number=names.numbers.get(article) if article else None, log=_log(own, names),
            version=names.versions.get(self.label_set) if self.label_set else None, at=self.at, day=self.row["day"],
            hash=self.row["hash"], previous=self.row["previous"], body=self.body, size=self.row["size"],
            changes=self.changes, unsaid=self.count - len(self.changes), fits=self.fits, is_open=is_open,
        )  # fmt: skip

    def _thing(self, codebook: Codebook) -> str:
        done = deed(self.row["action"])
        if self.role and done.thing == "a role":
            return f"the role of {self.role}"
        if done.thing == "a span" and codebook.has_label(self.label):
            return a_thing(codebook.label(self.label).name)
        if done.thing == "a relation" and any(one.key == self.relation for one in codebook.relations):
            return f"“{codebook.relation(self.relation).name}”"
        return done.thing


def told(row: Mapping[str, Any], text: str, *, fits: bool | None) -> Told:
    """row: columns of the event, with `start` and `size` of its body; text: as much of the body as is shown.

    A body that is not whole, or that somebody wrote anew, is told by the columns alone.
    """
    place = Place(row["chain"], row["seq"])
    try:
        body = json.loads(text)
        changes = [(one, one["after"] or one["before"]) for one in body["changes"]]
        return Told(
            row, place, row["by"], text, fits,
            at=datetime.datetime.fromisoformat(body["at"]),
            article=_only(_ids(side.get("article") for _, side in changes)),
            label_set=next(_ids(side.get("label_set") for _, side in reversed(changes)), None),
            people=tuple(dict.fromkeys(_ids(_person(side) for _, side in changes))),
            label=_first(changes, "span", "label"), relation=_first(changes, "relation", "type"),
            role=_first(changes, "membership", "role"),
            changes=tuple(_change(one) for one, _ in changes[:CHANGES]), count=len(changes),
        )  # fmt: skip
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Told(row, place, row["by"], text, fits, at=_at(row["start"]))


def _at(start: str) -> datetime.datetime | None:
    """When it happened, which stands before the changes in a body, and so in the beginning of a long one too."""
    found = AT.match(start)
    try:
        return datetime.datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _person(side: Mapping[str, Any]) -> Any:
    return side.get("reviewer") or side.get("adjudicator") or side.get("user")


def _ids(values: Iterable[Any]) -> Iterator[uuid.UUID]:
    return (uuid.UUID(value) for value in values if isinstance(value, str))


def _only(ids: Iterable[uuid.UUID]) -> uuid.UUID | None:
    found = set(ids)
    return found.pop() if len(found) == 1 else None


def _first(changes: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], kind: str, name: str) -> str:
    return next((str(side[name]) for one, side in changes if one["kind"] == kind), "")


def _change(one: Mapping[str, Any]) -> Change:
    before, after = one["before"], one["after"]
    done = "added" if before is None else "removed" if after is None else "changed"
    if before is not None and after is not None:
        names = [name for name in after if before[name] != after[name]]
    else:
        names = [name for name, value in (after or before).items() if value not in EMPTY]
    return Change(one["kind"].replace("_", " "), one["id"], done, tuple(_field(name, before, after) for name in names))


def _field(name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Field:
    return Field(name.replace("_", " "), *(None if side is None else _shown(side[name]) for side in (before, after)))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= VALUE else f"{text[:VALUE]}…"


def _log(own: Mapping[str, Any] | None, names: Names) -> str:
    if own is None:
        return "the project"
    if own["owner"] is None:
        return "gold" if own["round"] == 1 else "a second settling"
    return f"{names.people[own['owner']]}’s {'reading' if own['round'] == 1 else 'reading again'}"
