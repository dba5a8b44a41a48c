"""A project's registers as they leave: every entry with what stands for it now. Gold is given resolved; judgements
keep the key that a reader chose, and this says what became of it."""

from collections.abc import Iterable

from django.db.models import Q

from annotator.accounts.models import User
from annotator.exchange.exports import Fetch, Place
from annotator.exchange.records import Record
from annotator.projects.access import roles_in
from annotator.projects.models import Project
from annotator.registers.models import Entry, Proposal
from annotator.registers.queries import merges_of, wording
from annotator.registers.resolving import Merges
from annotator.schema.codebook import Actor, Concept, Listed, entry_data
from annotator.workflow.queries import open_to

CODEBOOK, PROJECT, PROPOSAL = "codebook", "project", "proposal"


def entries(user: User, project: Project, list_name: str | None = None) -> Fetch:
    """List by list, in the order of their keys. Four queries a page, however many entries there are.

    What readers proposed, and unnamed sources of one text, only to those who settle or manage, and not of
    articles that they read; else one's own proposals.
    """

    def fetch(after: Place | None, limit: int) -> list[tuple[Place, Record]]:
        places = [place for place in sorted(_places(user, project, list_name)) if after is None or place > after]
        return _records(user, project, places[:limit])

    return fetch


def _settles(user: User, project: Project) -> bool:
    return bool(roles_in(user, project) & {"manager", "adjudicator"})


def _entries(user: User, project: Project) -> Q:
    return Q(project=project) & (Q(article=None) | open_to(user) if _settles(user, project) else Q(article=None))


def _proposals(user: User, project: Project) -> Q:
    own = Q(proposed_by=user)
    return Q(project=project) & (own | open_to(user) if _settles(user, project) else own)


def _places(user: User, project: Project, list_name: str | None) -> Iterable[tuple[str, str]]:
    codebook = project.label_set.codebook
    found = {(name, key) for name in codebook.lists for key in codebook.entries(name)}
    found |= set(Entry.objects.filter(_entries(user, project)).values_list("list", "key"))
    found |= set(Proposal.objects.filter(_proposals(user, project)).values_list("list", "key"))
    return (place for place in found if list_name in (None, place[0]))


def _records(user: User, project: Project, places: list[tuple[str, str]]) -> list[tuple[Place, Record]]:
    codebook, keys = project.label_set.codebook, [key for _, key in places]
    rows = Entry.objects.filter(_entries(user, project), key__in=keys).select_related("details")
    own = {(row.list, row.key): row for row in rows}
    proposed = Proposal.objects.filter(_proposals(user, project), key__in=keys).select_related("details", "ruling")
    proposals = {(row.list, row.key): row for row in proposed}
    merges = merges_of(project.pk, codebook)
    found: list[tuple[Place, Record]] = []
    for place in places:
        if place in own:
            found.append((place, _record(place, wording(own[place]), PROJECT, own[place].status, merges)))
        elif place in proposals:
            row = proposals[place]
            found.append((place, _record(place, wording(row), PROPOSAL, _ruled(row), merges)))
        else:
            entry = codebook.entry(*place)
            assert not isinstance(entry, Listed)
            found.append((place, _record(place, entry, CODEBOOK, _status(entry), merges)))
    return found


def _status(entry: Actor | Concept) -> str:
    if isinstance(entry, Concept) and entry.merged_into:
        return "merged"
    return "active" if entry.is_active else "retired"


def _ruled(row: Proposal) -> str:
    ruling = getattr(row, "ruling", None)
    return "proposed" if ruling is None else "declined" if ruling.outcome == "declined" else "merged"


def _record(place: tuple[str, str], entry: Actor | Concept, origin: str, status: str, merges: Merges) -> Record:
    list_name, key = place
    details = {name: value for name, value in entry_data(entry).items() if name not in ("key", "status")}
    return {
        "list": list_name,
        "key": key,
        "title": entry.title,
        "aliases": list(entry.aliases) if isinstance(entry, Actor) else [],
        "status": status,
        "stands_for_it": merges.resolved(list_name, key),
        "merged_into": merges.into.get(place),
        "origin": origin,
        "details": details,
    }
