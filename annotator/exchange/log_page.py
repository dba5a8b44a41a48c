"""The log of a project as people read it: newest first, in words, a page at a time.

What may be read is asked of `audit`, as for the API. An event's number in the table stays inside: it would count
the work of others. Places in the log are named by chain and number in it.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Length, Substr

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.errors import Unknown
from annotator.exchange.audit import listed_events, sets_open_to, withheld
from annotator.exchange.log_lines import Line, Names, Place, Told, told
from annotator.log.chain import event_hash
from annotator.log.models import Event
from annotator.projects.access import roles_in
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.schema.models import LabelSet
from corpus.models import Article
from corpus.queries import listed

PAGE = 50
SHOWN = 6_000
"""Characters of a body that the list shows; a longer one is opened on its own page."""
LONGEST = 200_000
"""Characters of a body that a page shows at all."""
CHAINS = 5_000
"""Chains that are counted; beyond these there are “more than” so many."""
CHOICES = 8
"""Articles to choose from where a title's words fit several."""


@dataclass(frozen=True)
class Wanted:
    """What of the log is asked for; None for all."""

    by: uuid.UUID | None = None
    action: str | None = None
    article: uuid.UUID | None = None
    day: datetime.date | None = None


@dataclass(frozen=True)
class Size:
    """events and chains that the person may read; of a very large log, of so many chains at least."""

    events: int
    chains: int
    is_more: bool


@dataclass(frozen=True)
class Page:
    """older: where the next page begins, or empty. is_from_newest: nothing newer is left out."""

    lines: Sequence[Line]
    older: str
    is_from_newest: bool


class Log:
    """One person's view of one project's log."""

    def __init__(self, user: User, project: Project) -> None:
        self.user, self.project = user, project
        self.events = listed_events(user, project)
        self.sets = sets_open_to(user, project)
        self.withheld = withheld(user, project)
        self.manages = "manager" in roles_in(user, project)
        self.knows_people = self.manages or project.names_shown

    def size(self) -> Size:
        """Two queries, of which none looks at more than CHAINS chains."""
        found = self.sets.order_by().values("chain__length")[: CHAINS + 1]
        counted = found.aggregate(chains=Count("chain__length"), events=Sum("chain__length"))
        own = Event.objects.filter(chain=self.project.chain_id).order_by("-seq").values_list("seq", flat=True).first()
        events, chains = counted["events"] or 0, min(counted["chains"], CHAINS)
        if self.withheld:
            return Size(events, chains, counted["chains"] > CHAINS)
        return Size(events + (own or 0), chains + 1, counted["chains"] > CHAINS)

    def page(self, wanted: Wanted, *, before: Place | None = None, at: Place | None = None) -> Page:
        """before: the page begins after it; at: it begins with this event, opened. Raises Unknown for either where it
        is not the person's to read. At most eleven queries, whatever is on the page."""
        found = self._wanted(wanted)
        place = at or before
        if place is not None:
            id = self._id(place)
            found = found.filter(Q(id__lt=id) | Q(id=id) if at else Q(id__lt=id))
        body = {"start": Substr("body", 1, SHOWN + 1), "size": Length("body")}
        columns = ("id", "chain", "seq", "previous", "hash", "by", "action", "day", "start", "size")
        rows = list(found.annotate(**body).values(*columns)[: PAGE + 1])
        lines = self._lines(rows[:PAGE], opened=at)
        older = lines[-1].place.key if len(rows) > PAGE else ""
        return Page(lines, older, place is None)

    def _id(self, place: Place) -> int:
        id = self.events.filter(chain=place.chain, seq=place.seq).values_list("id", flat=True).first()
        if id is None:
            raise Unknown()
        return id

    def _wanted(self, wanted: Wanted) -> QuerySet[Event]:
        """Each filter has an index that gives its events newest first."""
        found = self.events
        for name in ("by", "action", "day"):
            if (value := getattr(wanted, name)) is not None:
                found = found.filter(**{name: value})
        if wanted.article is None:
            return found.order_by("-id")
        chains = list(self.sets.filter(article=wanted.article).values_list("chain", flat=True))
        # A sum is no column of an index: databases would otherwise walk through the whole log for these chains.
        return found.filter(chain__in=chains).annotate(newest=F("id") + 0).order_by("-newest")

    def _lines(self, rows: Sequence[Mapping[str, Any]], *, opened: Place | None) -> list[Line]:
        bodies = {row["id"]: row["start"] if row["size"] <= SHOWN else "" for row in rows}
        if opened is not None and rows and rows[0]["size"] > SHOWN:
            first = Event.objects.filter(pk=rows[0]["id"]).annotate(start=Substr("body", 1, LONGEST))
            bodies[rows[0]["id"]] = first.values_list("start", flat=True).get()
        raw = [told(row, bodies[row["id"]], fits=_fits(row, bodies[row["id"]])) for row in rows]
        names = self._names(raw)
        return [one.named(names, is_open=one.place == opened) for one in raw]

    def _names(self, raw: Sequence[Told]) -> Names:
        """What ids on a page are called: five queries."""
        sets = AnnotationSet.objects.filter(chain__in={one.place.chain for one in raw})
        of_chain = {row["chain"]: row for row in sets.values("chain", "article", "owner", "round")}
        people = {id for one in raw for id in (one.by, *one.people)} | {row["owner"] for row in of_chain.values()}
        articles = {row["article"] for row in of_chain.values()} | {one.article for one in raw if one.article}
        books = LabelSet.objects.filter(pk__in={one.label_set for one in raw if one.label_set})
        return Names(
            people=self.called(id for id in people if id),
            articles={one.pk: one.heading for one in listed(Article.objects.filter(pk__in=articles))},
            numbers=dict(self._in_project().filter(article__in=articles).values_list("article", "position")),
            versions=dict(books.values_list("pk", "number")),
            sets=of_chain,
            codebook=self.project.label_set.codebook,
        )

    def called(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Id → name; two queries. Whoever settles without knowing the readers gets the beginning of their ids, by which
        exports tell them apart."""
        people = dict(User.objects.filter(pk__in=set(ids)).values_list("pk", "username"))
        if self.knows_people:
            return people
        roles = Membership.objects.filter(project=self.project, user__in=people).values_list("user", "role")
        reviewers = {user for user, role in roles if role == "reviewer"}
        known = {user for user, _ in roles} - reviewers | {self.user.pk}
        return {id: name if id in known else f"Person {str(id)[:8]}" for id, name in people.items()}

    def people(self, chosen: uuid.UUID | None) -> list[tuple[str, str]]:
        """Whom the log can be narrowed to: members, and whoever was chosen from a line. Two queries."""
        members = set(Membership.objects.filter(project=self.project).values_list("user", flat=True))
        called = self.called(members | ({chosen} if chosen else set()))
        return sorted(((str(id), name) for id, name in called.items()), key=lambda one: one[1].lower())

    def articles(self, words: str) -> list[ProjectArticle]:
        """The article of this number in the project, else those whose titles have these words. Two queries."""
        rows = self._in_project().prefetch_related(Prefetch("article", listed()))
        if words.isdecimal():
            return list(rows.filter(position=int(words))) if len(words) < 10 else []
        return list(rows.filter(article__title__icontains=words).order_by("position")[: CHOICES + 1])

    def _in_project(self) -> QuerySet[ProjectArticle]:
        return ProjectArticle.objects.filter(project=self.project)


def _fits(row: Mapping[str, Any], body: str) -> bool | None:
    """Whether an event's hash fits what is shown; None where not all of it is."""
    if len(body) != row["size"]:
        return None
    try:
        return event_hash(row["previous"], body) == str(row["hash"])
    except ValueError:
        return False  # what should be the hash before it is none
