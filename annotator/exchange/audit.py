"""The log as it leaves: every event's stored body, byte for byte, with the hashes that chain it."""

import uuid

from django.db.models import Q

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.exchange.exports import Fetch, Place
from annotator.exchange.records import Record
from annotator.log.models import Event
from annotator.projects.models import Project
from annotator.workflow.queries import blinding, open_to

EVENT = ("chain", "chain__kind", "seq", "previous", "hash", "body")


def events(user: User, project: Project, chain: uuid.UUID | None = None) -> Fetch:
    """The events of the project's chain and of its sets' chains, chain by chain, each from its first event on.

    Whoever reads an article gets nothing of others' chains on it: not a hash, not a count, since these
    too differ with another's work. For the same reason the project's own chain is left out for them until
    all their articles are released.
    """

    def fetch(after: Place | None, limit: int) -> list[tuple[Place, Record]]:
        found = Event.objects.filter(_chains(user, project))
        if chain is not None:
            found = found.filter(chain=chain)
        if after is not None:
            found = found.filter(Q(chain__gt=after[0]) | Q(chain=after[0], seq__gt=after[1]))
        rows = list(found.order_by("chain_id", "seq").values(*EVENT)[:limit])
        sets = _sets([row["chain"] for row in rows])
        return [((row["chain"], row["seq"]), _record(row, sets.get(row["chain"]))) for row in rows]

    return fetch


def withheld(user: User, project: Project) -> bool:
    """Whether something is left out, because the person has a place among an article's readers."""
    return blinding(user).filter(project=project).exists()


def _chains(user: User, project: Project) -> Q:
    sets = AnnotationSet.objects.filter(open_to(user) | Q(owner=user), project=project)
    chains = Q(chain__in=sets.values("chain"))
    return chains if withheld(user, project) else chains | Q(chain=project.chain_id)


def _sets(chains: list[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]]:
    found = AnnotationSet.objects.filter(chain__in=set(chains)).values_list("chain", "pk", "article")
    return {chain: (pk, article) for chain, pk, article in found}


def _record(row: Record, annotation_set: tuple[uuid.UUID, uuid.UUID] | None) -> Record:
    pk, article = annotation_set or (None, None)
    return {
        "chain": str(row["chain"]),
        "kind": row["chain__kind"],
        "set": str(pk) if pk else None,
        "article": str(article) if article else None,
        "seq": row["seq"],
        "previous": row["previous"],
        "hash": row["hash"],
        "body": row["body"],
    }
