"""A project's registers as its pages show them: entries by status, proposals with their words, uses, and history.

What a person's own reading keeps from them stays away here too: neither proposals nor uses on such an article.
"""

import json
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.dateparse import parse_datetime

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, Span
from annotator.errors import Unknown
from annotator.log.models import Event, Remark
from annotator.projects.access import roles_in
from annotator.projects.models import Project
from annotator.registers.models import Entry, Proposal, Ruling
from annotator.registers.queries import as_settler_sees, merges_of, worded, wording
from annotator.registers.resolving import Merges
from annotator.registers.search import Search
from annotator.registers.showing import Shown, shown
from annotator.schema.codebook import ACTORS, Actor, Codebook, Concept, Listed
from annotator.workflow.queries import open_to

PAGE = 50
STATUSES = ("active", "merged", "retired")
DONE = {
    "take_in": "taken in",
    "add_entry": "added",
    "change_entry": "worded anew",
    "merge_entries": "merged",
    "unmerge_entry": "parted again",
    "retire_entry": "retired",
    "restore_entry": "in use again",
}


@dataclass(frozen=True)
class Register:
    """One list of a project, as one person may see it. manages: with proposals, uses, and what is not in use."""

    user: User
    project: Project
    list_name: str
    manages: bool

    @property
    def codebook(self) -> Codebook:
        return self.project.label_set.codebook

    @property
    def is_of_actors(self) -> bool:
        return self.list_name == ACTORS

    @cached_property
    def merges(self) -> Merges:
        return merges_of(self.project.pk, self.codebook)

    # Entries

    def page(self, status: str, after: str) -> tuple[list[Shown], str]:
        """Entries of a status in the order of their keys, from after a key on, and where the next page begins."""
        keys = sorted(key for key, stands in self._statuses.items() if stands == status and key > after)
        some = keys[:PAGE]
        return self.entries(some), some[-1] if len(keys) > PAGE else ""

    def found(self, typed: str) -> list[Shown]:
        """Entries in use that fit what is typed."""
        search = Search(self.user, self.project.pk, None, self.project.label_set, self.list_name, limit=PAGE)
        return search.entries(typed)

    def entries(self, keys: Collection[str]) -> list[Shown]:
        codebook = as_settler_sees(self.codebook, self.project.pk, {self.list_name: keys})
        known = codebook.entries(self.list_name)
        belongs = {other for key in keys if (other := _affiliation(known.get(key)))}
        names = as_settler_sees(self.codebook, self.project.pk, {self.list_name: belongs}).entries(self.list_name)
        return [shown(known[key], names) for key in keys if key in known]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        found = Counter(self._statuses.values())
        return {status: found[status] for status in STATUSES}

    @cached_property
    def _statuses(self) -> dict[str, str]:
        """Key → status of every entry that the person may see. One query; only keys are fetched."""
        found = {one.key: _status(one) for one in self.codebook.entries(self.list_name).values()}
        return found | dict(self._rows().values_list("key", "status"))

    def _rows(self) -> QuerySet[Entry]:
        """Unnamed sources of an article are shown to managers only, and not while they read it."""
        found = Entry.objects.filter(project=self.project, list=self.list_name)
        return found.filter(Q(article=None) | open_to(self.user)) if self.manages else found.filter(article=None)

    def entry(self, key: str) -> "One":
        """Raises Unknown for one that the person may not see; who does not manage sees those in use."""
        row = self._rows().select_related("details", "article").filter(key=key).first()
        own = self.codebook.entries(self.list_name).get(key)
        plain = wording(row) if row else own
        if plain is None or isinstance(plain, Listed):
            raise Unknown()
        status = row.status if row else _status(plain)
        if status != "active" and not self.manages:
            raise Unknown()
        return One(self, row, plain, status)

    # Proposals

    def proposals(self) -> list["Proposed"]:
        """Those that wait for a manager, oldest first, with the first words each is used for. Two queries."""
        waiting = self.visible_proposals().filter(ruling=None)
        found = sorted(waiting, key=lambda one: (str(one.article_id), str(one.chain_id), one.version))
        words = self.words_of([proposal.key for proposal in found])
        return [Proposed(self, one, words.get(one.key, [])) for one in found]

    def visible_proposals(self) -> QuerySet[Proposal]:
        found = Proposal.objects.filter(open_to(self.user) | Q(proposed_by=self.user), project=self.project)
        return found.filter(list=self.list_name).select_related("details", "proposed_by", "article", "ruling")

    # Uses

    def uses(self, keys: Collection[str]) -> dict[str, int]:
        """Key → how many spans of readers stand for this entry, merges followed. A query for each question asked."""
        wanted = {other: key for key in keys for other in self._standing_for(key)}
        found: Counter[str] = Counter()
        for name, spans in self._spans(list(wanted)):
            for row in spans.values(f"attributes__{name}").annotate(times=Count("pk")).order_by():
                found[wanted[row[f"attributes__{name}"]]] += row["times"]
        return dict(found)

    def words_of(self, keys: Collection[str]) -> dict[str, list["Use"]]:
        """Key → the first words that readers used it for, at most a few each."""
        found: dict[str, list[Use]] = {}
        quote = Substr("annotation_set__article__text", F("start") + 1, F("end") - F("start"))
        for name, spans in self._spans(keys) if keys else ():
            rows = spans.annotate(quote=quote).order_by("annotation_set", "start", "pk")
            columns = (f"attributes__{name}", "quote", "annotation_set__article", "annotation_set__article__title")
            for key, words, article, title in rows.values_list(*columns)[:MOST_WORDS]:
                found.setdefault(key, []).append(Use(words, article, title))
        return found

    def _standing_for(self, key: str) -> list[str]:
        return [key, *(old for name, old in self.merges.into if name == self.list_name and self._becomes(old) == key)]

    def _becomes(self, key: str) -> str:
        return self.merges.resolved(self.list_name, key)

    def _spans(self, keys: Collection[str]) -> Iterable[tuple[str, QuerySet[Span]]]:
        """For each question that names entries of the list, the readers' spans that name one of these."""
        codebook = self.codebook
        asked = {name for label in codebook.labels for name, one in codebook.keyed(label.key) if one == self.list_name}
        spans = Span.objects.filter(annotation_set__project=self.project).exclude(annotation_set__voice=GOLD)
        mine = Q(annotation_set__owner=self.user)
        spans = spans.annotate(project=F("annotation_set__project"), article=F("annotation_set__article"))
        for name in sorted(asked):
            yield name, spans.filter(open_to(self.user) | mine, **{f"attributes__{name}__in": list(keys)})


MOST_WORDS = 500


@dataclass(frozen=True)
class Use:
    """Words that a reader marked with an entry."""

    words: str
    article: uuid.UUID
    title: str


@dataclass(frozen=True)
class Proposed:
    """A proposal as a manager sees it."""

    register: Register
    row: Proposal
    uses: list[Use]

    @property
    def entry(self) -> Actor | Concept:
        return wording(self.row)

    @property
    def shown(self) -> Shown:
        return shown(Listed(self.entry, "proposed"), {})

    @property
    def ruling(self) -> Ruling | None:
        return getattr(self.row, "ruling", None)

    @property
    def became(self) -> str:
        """Title of the entry that stands for it."""
        ruling = self.ruling
        if ruling is None or not ruling.key:
            return ""
        found = self.register.entries([self.register.merges.resolved(self.row.list, ruling.key)])
        return found[0]["title"] if found else ruling.key


@dataclass(frozen=True)
class Step:
    """One line of an entry's history. title: what it was called from then on."""

    at: datetime | None
    by: str
    what: str
    title: str


@dataclass(frozen=True)
class One:
    """One entry. row: the project's own; None while the codebook alone tells of it."""

    register: Register
    row: Entry | None
    entry: Actor | Concept
    status: str

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def seen(self) -> str:
        """What a form sends back, so that nobody's newer wording is lost."""
        return str(self.row.details_id) if self.row else ""

    @cached_property
    def shown(self) -> Shown:
        return self.register.entries([self.key])[0]

    @cached_property
    def became(self) -> Shown | None:
        """The entry that stands for this one."""
        key = self.register.merges.resolved(self.register.list_name, self.key)
        return next(iter(self.register.entries([key])), None) if key != self.key else None

    @cached_property
    def merged_here(self) -> list[Shown]:
        """Entries that this one stands for."""
        name, merges = self.register.list_name, self.register.merges
        known = self.register._statuses
        keys = [old for list_name, old in merges.into if list_name == name and merges.resolved(name, old) == self.key]
        return self.register.entries(sorted(set(keys) & known.keys()))

    @cached_property
    def proposals(self) -> list[Proposed]:
        """What readers proposed and is this entry now."""
        name, merges = self.register.list_name, self.register.merges
        found = self.register.visible_proposals().filter(ruling__isnull=False)
        rows = [one for one in found if merges.resolved(name, one.key) == self.key]
        return [Proposed(self.register, one, []) for one in rows]

    @cached_property
    def uses(self) -> int:
        return self.register.uses([self.key]).get(self.key, 0)

    @cached_property
    def history(self) -> list[Step]:
        """What managers did with the project's row, newest first."""
        if self.row is None:
            return []
        events = Event.objects.filter(chain=self.register.project.chain_id, body__contains=str(self.row.pk))
        bodies = [json.loads(body) for body in events.order_by("-seq").values_list("body", flat=True)]
        people = dict(User.objects.filter(pk__in={one["by"] for one in bodies}).values_list("pk", "username"))
        return [self._step(body, people) for body in bodies]

    def _step(self, body: Mapping[str, object], people: Mapping[uuid.UUID, str]) -> Step:
        changes: list[Mapping[str, Any]] = body["changes"]  # type: ignore[assignment]
        *_, mine = (one for one in changes if self.row and one["id"] == str(self.row.pk))
        text = self._texts.get(mine["after"]["details"], "")
        title = worded(self.register.list_name, self.key, text).title
        who = people.get(uuid.UUID(str(body["by"])), "somebody")
        return Step(parse_datetime(str(body["at"])), who, DONE.get(str(body["action"]), "changed"), title)

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """Earlier wordings by the ids of their remarks."""
        found = Remark.objects.filter(chain=self.register.project.chain_id, text__contains=f'"key":"{self.key}"')
        return {str(pk): text for pk, text in found.values_list("pk", "text")}


def _affiliation(entry: Actor | Concept | Listed | None) -> str | None:
    plain = entry.entry if isinstance(entry, Listed) else entry
    return plain.affiliation if isinstance(plain, Actor) else None


def _status(entry: Actor | Concept | Listed) -> str:
    if isinstance(entry, Concept) and entry.merged_into:
        return "merged"
    return "active" if entry.is_active else "retired"


def register_for(user: User, project: Project, list_name: str) -> Register:
    """Raises Unknown for a list that the codebook does not have."""
    if list_name not in project.label_set.codebook.lists:
        raise Unknown()
    return Register(user, project, list_name, "manager" in roles_in(user, project))


def proposal_for(user: User, project: Project, pk: uuid.UUID) -> Proposed:
    """A proposal, for a manager. Raises Unknown for one on an article that the person reads."""
    row = Proposal.objects.filter(project=project, pk=pk).values_list("list", flat=True).first()
    found = register_for(user, project, row).visible_proposals().filter(pk=pk).first() if row else None
    if row is None or found is None:
        raise Unknown()
    register = register_for(user, project, row)
    return Proposed(register, found, register.words_of([found.key]).get(found.key, []))
