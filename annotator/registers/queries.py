"""Reading a project's registers: entries over those of the codebook, merges, and what a reader proposed.

Nothing here shows one reader's proposals to another. Who settles or manages passes the doors of `workflow.queries`
first and asks for the entries of what those let through.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from annotator.accounts.models import User
from annotator.projects.models import Project
from annotator.registers.models import Entry, Proposal, Ruling
from annotator.registers.resolving import Merges, codebook_merges, unlisted
from annotator.registers.words import names_of
from annotator.schema.codebook import ACTORS, Actor, Codebook, Concept, Listed, parse_entry

Used = Mapping[str, Collection[str]]
"""List → keys."""


@dataclass(frozen=True)
class Name:
    """One of the names that an entry goes by. article: the only text in which it may be used, None for all."""

    key: str
    text: str
    article: uuid.UUID | None = None


def names_for(user: User, project: Project, list_name: str) -> list[Name]:
    """Names and aliases of all active entries, and of the person's own proposals. Two queries, or one."""
    found = [Name(one.key, text) for one in active_entries(project, list_name) for text in names_of(one)]
    for proposal in open_proposals_of(user, project, list_name):
        article = proposal.article_id if proposal.is_local else None
        found += [Name(proposal.key, text, article) for text in names_of(wording(proposal))]
    return found


def active_entries(project: Project, list_name: str) -> list[Actor | Concept]:
    """Those of the codebook as the project has them, then its own. One query; grows with the list."""
    codebook = project.label_set.codebook
    rows = {row.key: row for row in shared_entries(project).filter(list=list_name)}
    own = codebook.entries(list_name) if list_name in codebook.lists else {}
    kept = [one for one in own.values() if one.key not in rows and one.is_active and isinstance(one, Actor | Concept)]
    return kept + [wording(row) for row in rows.values() if row.status == "active"]


def shared_entries(project: Project) -> QuerySet[Entry]:
    """Entries of the whole project; unnamed sources of one text are not among them."""
    found = Entry.objects.filter(project=project, article=None)
    return found.select_related("details").order_by("key")


def open_proposals_of(user: User, project: Project, list_name: str) -> list[Proposal]:
    """What the person proposed and no manager has ruled on, oldest first."""
    found = Proposal.objects.filter(project=project, proposed_by=user, list=list_name, ruling=None)
    return sorted(found.select_related("details"), key=lambda one: (one.details.text, str(one.pk)))


def wording(row: Entry | Proposal) -> Actor | Concept:
    """The entry as it is worded now; one that was erased has only its key."""
    return worded(row.list, row.key, row.details.text)


def worded(list_name: str, key: str, text: str) -> Actor | Concept:
    """text: of the remark that holds the wording, empty when it was erased."""
    if text:
        return parse_entry(list_name, json.loads(text))
    if list_name == ACTORS:
        return parse_entry(list_name, {"key": key, "label": key, "kind": "organisation", "sector": "unknown"})
    return parse_entry(list_name, {"key": key, "statement": key})


# Keys that may be given as answers


@dataclass(frozen=True)
class Nameable:
    """The keys of one list that an answer may name beside the codebook's. Each look costs one query.

    A reader may name entries of the whole project and their own proposals; gold (reader None) whatever there is.
    What was merged or retired since stays an answer, as other answers of a span would otherwise be stuck.
    """

    project_id: uuid.UUID
    list_name: str
    reader: User | None

    def __contains__(self, key: object) -> bool:
        place = {"project": self.project_id, "list": self.list_name, "key": str(key)}
        entries, proposals = Entry.objects.filter(**place).order_by(), Proposal.objects.filter(**place).order_by()
        if self.reader is not None:
            entries, proposals = entries.filter(article=None), proposals.filter(proposed_by=self.reader)
        return bool(entries.values("pk").union(proposals.values("pk")))


def nameable(reader: User | None, project_id: uuid.UUID, codebook: Codebook) -> dict[str, Nameable]:
    """By list. Nothing is asked before a key comes up that the codebook does not have."""
    return {name: Nameable(project_id, name, reader) for name in codebook.lists}


# Codebooks with the entries at hand as the project has them


def as_reader_sees(
    codebook: Codebook, reader_id: uuid.UUID | None, project_id: uuid.UUID, used: Used, *, is_released: bool = False
) -> Codebook:
    """The codebook with these entries in it. Two queries, five once it is released; none without keys.

    A reader's own proposals keep their own wording; what became of them is told once the article is released.
    """
    rows = _entries_at(project_id, used, Q(article=None)) if any(used.values()) else {}
    merges = merges_of(project_id, codebook) if is_released else Merges()
    found: dict[str, dict[str, Any]] = {}
    for place, row in rows.items():
        status = "retired" if row.status == "retired" else "active"
        found.setdefault(place[0], {})[place[1]] = Listed(wording(row), status)
    for proposal in _proposals_at(project_id, unlisted(codebook, _without(used, rows)), Q(proposed_by=reader_id)):
        found.setdefault(proposal.list, {})[proposal.key] = Listed(
            wording(proposal), _standing(proposal), is_own=True, reason=_reason(proposal)
        )
    return _with_successors(codebook.with_entries(found), project_id, used, merges)


def as_settler_sees(codebook: Codebook, project_id: uuid.UUID, used: Used) -> Codebook:
    """The codebook with these entries in it, proposals included. Two queries at most, none without keys."""
    rows = _entries_at(project_id, used, Q()) if any(used.values()) else {}
    found: dict[str, dict[str, Any]] = {}
    for (list_name, key), row in rows.items():
        found.setdefault(list_name, {})[key] = Listed(wording(row), "retired" if row.status == "retired" else "active")
    for proposal in _proposals_at(project_id, unlisted(codebook, _without(used, rows)), Q()):
        found.setdefault(proposal.list, {})[proposal.key] = Listed(wording(proposal), _standing(proposal))
    return codebook.with_entries(found)


def _with_successors(codebook: Codebook, project_id: uuid.UUID, used: Used, merges: Merges) -> Codebook:
    """With the title of what stands now beside each entry that was merged."""
    now = {
        (name, key): new for name, keys in used.items() for key in keys if (new := merges.resolved(name, key)) != key
    }
    if not now:
        return codebook
    news: dict[str, set[str]] = {}
    for (name, _), new in now.items():
        news.setdefault(name, set()).add(new)
    with_news = as_settler_sees(codebook, project_id, news)
    found: dict[str, dict[str, Any]] = {}
    for (name, key), new in now.items():
        entry, became = codebook.entries(name).get(key), with_news.entries(name).get(new)
        if entry is not None and became is not None:
            listed = entry if isinstance(entry, Listed) else Listed(entry, "active")
            found.setdefault(name, {})[key] = Listed(listed.entry, listed.status, listed.is_own, became.title)
    return codebook.with_entries(found)


def _entries_at(project_id: uuid.UUID, used: Used, condition: Q) -> dict[tuple[str, str], Entry]:
    found = Entry.objects.filter(_at(used), condition, project=project_id).select_related("details")
    return {(row.list, row.key): row for row in found}


def _proposals_at(project_id: uuid.UUID, used: Used, condition: Q) -> Iterable[Proposal]:
    if not any(used.values()):
        return ()
    found = Proposal.objects.filter(_at(used), condition, project=project_id)
    return found.select_related("details", "ruling__reason")


def _at(used: Used) -> Q:
    condition = Q(pk=None)
    for list_name, keys in used.items():
        condition |= Q(list=list_name, key__in=list(keys))
    return condition


def _without(used: Used, rows: Collection[tuple[str, str]]) -> dict[str, set[str]]:
    return {name: {key for key in keys if (name, key) not in rows} for name, keys in used.items()}


def _standing(proposal: Proposal) -> str:
    ruling: Ruling | None = getattr(proposal, "ruling", None)
    if ruling is None:
        return "proposed"
    return "declined" if ruling.outcome == "declined" else "active"


def _reason(proposal: Proposal) -> str:
    ruling: Ruling | None = getattr(proposal, "ruling", None)
    return ruling.reason.text if ruling is not None and ruling.reason is not None else ""


# Merges


def merges_of(project_id: uuid.UUID, *codebooks: Codebook) -> Merges:
    """What stands for what in the project, proposals that were ruled on included. One query.

    What the codebooks themselves tell of counts too, unless the project has a row of its own there.
    """
    own = {place: into for codebook in codebooks for place, into in codebook_merges(codebook).items()}
    there = Q(status="merged") | _at(_by_list(own))
    entries = Entry.objects.filter(there, project=project_id).order_by()
    rulings = Ruling.objects.filter(project=project_id).exclude(outcome="declined").order_by()
    rows = entries.values_list("list", "key", "merged_into").union(
        rulings.values_list("proposal__list", "proposal__key", "key"), all=True
    )
    found = {**own, **{(name, key): into for name, key, into in rows}}
    return Merges({place: into for place, into in found.items() if into})


def _by_list(places: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, key in places:
        found.setdefault(name, []).append(key)
    return found


def titles_of(project_id: uuid.UUID, list_name: str) -> dict[str, str]:
    """Key → title of all that the project adds to a list or changes in it, proposals included. Two queries.

    Not a door: callers show only what answers they may see name.
    """
    rows: list[Entry | Proposal] = [
        *Proposal.objects.filter(project=project_id, list=list_name).select_related("details"),
        *Entry.objects.filter(project=project_id, list=list_name).select_related("details"),
    ]
    return {row.key: wording(row).title for row in rows}
