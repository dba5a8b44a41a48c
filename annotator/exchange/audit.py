"""The log as it leaves: every event's stored body, byte for byte, with the hashes that chain it."""

import uuid

from django.db.models import OuterRef, Q, QuerySet, Subquery

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.annotation.queries import in_sight
from annotator.exchange.exports import Fetch, Place
from annotator.exchange.records import Record
from annotator.log.models import Event
from annotator.projects.models import Project
from annotator.workflow.queries import blinding, open_to, settling_blind

EVENT = ("chain", "chain__kind", "seq", "previous", "hash", "body")


def events(user: User, project: Project, chain: uuid.UUID | None = None) -> Fetch:
    """The events of the project's chain and of its sets' chains, chain by chain, each from its first event on.

    Whoever reads an article gets nothing of others' chains on it: not a hash, not a count, since these
    too differ with another's work. For the same reason the project's own chain is left out for them until
    all their articles are released.
    """

    def fetch(after: Place | None, limit: int) -> list[tuple[Place, Record]]:
        chains = _chains(user, project, chain, after, limit)
        found = Event.objects.filter(chain__in=list(chains))
        if after is not None:
            found = found.filter(Q(chain__gt=after[0]) | Q(chain=after[0], seq__gt=after[1]))
        rows = found.order_by("chain_id", "seq").values(*EVENT)[:limit]
        return [((row["chain"], row["seq"]), _record(row, *chains[row["chain"]])) for row in rows]

    return fetch


def withheld(user: User, project: Project) -> bool:
    """Whether something is left out, because the person reads an article or settles one a second time."""
    return any(kept.filter(project=project).exists() for kept in (blinding(user), settling_blind(user)))


def sets_open_to(user: User, project: Project) -> QuerySet[AnnotationSet]:
    """The sets of which the person may read every event; callers have asked for the role."""
    return AnnotationSet.objects.filter(open_to(user) | Q(owner=user), in_sight() | ~Q(owner=user), project=project)


def listed_events(user: User, project: Project) -> QuerySet[Event]:
    """The same events as `events`, in no order yet. One query, to see whether the project's own are among them."""
    # A value, not EXISTS, of which PostgreSQL would make a table of all sets before it looks at the first event.
    open_set = Subquery(sets_open_to(user, project).filter(chain=OuterRef("chain")).values("pk")[:1])
    told = Q(open_set__isnull=False)
    if not withheld(user, project):
        told |= Q(chain=project.chain_id)
    return Event.objects.alias(open_set=open_set).filter(told, log=project.chain_id)


Chains = dict[uuid.UUID, tuple[uuid.UUID | None, uuid.UUID | None]]


def _chains(user: User, project: Project, chain: uuid.UUID | None, after: Place | None, limit: int) -> Chains:
    """Chain → its set and article, none for the project's own. As many as a page may need: none is empty."""
    sets = sets_open_to(user, project)
    if chain is not None:
        sets = sets.filter(chain=chain)
    if after is not None:
        sets = sets.filter(chain__gte=after[0])
    rows = sets.order_by("chain_id").values_list("chain", "pk", "article")[: limit + 1]
    found: Chains = {row[0]: (row[1], row[2]) for row in rows}
    if chain in (None, project.chain_id) and not withheld(user, project):
        found[project.chain_id] = None, None
    return found


def _record(row: Record, annotation_set: uuid.UUID | None, article: uuid.UUID | None) -> Record:
    return {
        "chain": str(row["chain"]),
        "kind": row["chain__kind"],
        "set": str(annotation_set) if annotation_set else None,
        "article": str(article) if article else None,
        "seq": row["seq"],
        "previous": row["previous"],
        "hash": row["hash"],
        "body": row["body"],
    }
