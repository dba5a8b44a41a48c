"""Offering many articles at once: which ones, to whom, seen beforehand, and written as one act."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from annotator.accounts.models import User
from annotator.log.actions import gesture
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.allotment import deal
from annotator.workflow.models import Assignment, Decision, SecondSettling
from annotator.workflow.queries import open_to
from annotator.workflow.slots import back_to_reading, move, one_more_place, slots_of
from annotator.workflow.states import PLACED

MOST = 1000
"""Articles of one batch."""


@dataclass(frozen=True)
class Wish:
    """What a manager asks for.

    `stage`, `outlet`, `language`: only articles of these, empty for all; `number`: at most so many articles;
    `each`: how many of the chosen readers are to read each; `beyond`: also where no place is free.
    """

    readers: tuple[uuid.UUID, ...]
    stage: str = ""
    outlet: str = ""
    language: str = ""
    number: int = MOST
    each: int = 1
    beyond: bool = False


@dataclass(frozen=True)
class Plan:
    """What would be offered: pairs of an article and its reader, and how many articles fit the filter."""

    pairs: Sequence[tuple[ProjectArticle, User]]
    fitting: int

    @property
    def articles(self) -> int:
        return len({row.pk for row, _ in self.pairs})

    @property
    def in_words(self) -> str:
        offers = "1 offer" if len(self.pairs) == 1 else f"{len(self.pairs)} offers"
        return f"{offers} of {self.articles} {'article' if self.articles == 1 else 'articles'}"

    @property
    def by_reader(self) -> list[tuple[User, int]]:
        """Readers by name with how many articles each would get."""
        return sorted(Counter(reader for _, reader in self.pairs).items(), key=lambda found: found[0].username)


def planned(user: User, project: Project, wish: Wish) -> Plan:
    """What a batch would offer, as things stand. Articles that the person asking reads are left out.

    Quotas hold: nobody gets more than theirs leaves room for; nobody gets what they settle. Seven queries, however many
    articles.
    """
    found = _fitting(user, project, wish)
    rows = {str(row.article_id): row for row in found[: wish.number]}
    places = {key: wish.each if wish.beyond else min(wish.each, row.free) for key, row in rows.items()}  # type: ignore[attr-defined]
    members = _chosen(project, wish)
    had = Assignment.objects.filter(project=project, article__in=list(rows), reviewer__in=[*wish.readers])
    pairs = deal(
        places,
        _room(user, project, members),
        {(str(one), str(other)) for one, other in (*had.values_list("article", "reviewer"), *_settled(project, wish))},
    )
    people = {str(member.user_id): member.user for member in members}
    return Plan([(rows[article], people[reader]) for article, reader in pairs], found.count())


def _settled(project: Project, wish: Wish) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Article and person, where somebody chosen has a part in settling it."""
    decided = Decision.objects.filter(gold_set__project=project, by__in=wish.readers)
    again = SecondSettling.objects.filter(project=project, adjudicator__in=wish.readers).exclude(state="ended")
    return [
        *decided.values_list("gold_set__article", "by").distinct(),
        *again.values_list("article", "adjudicator"),
    ]


def assign_batch(project: Project, *, by: User, wish: Wish) -> Plan:
    """Offer articles to readers as `planned` would at this moment, as one recorded act."""
    with gesture(project.chain, by=by, action="assign_batch") as current:
        plan = planned(by, project, wish)
        slots = slots_of(project, {row.article_id for row, _ in plan.pairs})
        for row, reader in plan.pairs:
            free = next((slot for slot in slots[row.article_id] if slot.state == "free"), None)
            back_to_reading(current, row)
            move(current, free or one_more_place(current, project, row), "offered", reviewer=reader)
    return plan


def _fitting(user: User, project: Project, wish: Wish) -> QuerySet[ProjectArticle]:
    found = ProjectArticle.objects.filter(
        open_to(user), project=project, stage__in=("reading", "settling"), article__withdrawn_at=None
    )
    filters: dict[str, Any] = {"stage": wish.stage, "article__outlet": wish.outlet, "article__language": wish.language}
    found = found.filter(**{name: value for name, value in filters.items() if value})
    free = Count(
        "article__assignments", filter=Q(article__assignments__project=project, article__assignments__state="free")
    )
    found = found.annotate(free=free).order_by("position")
    return found if wish.beyond else found.filter(free__gt=0)


def _chosen(project: Project, wish: Wish) -> list[Membership]:
    """Of the people chosen those who review."""
    members = Membership.objects.filter(project=project, role="reviewer", user__in=wish.readers, user__is_active=True)
    return list(members.select_related("user").order_by("user__username"))


def _room(user: User, project: Project, members: Sequence[Membership]) -> dict[str, int | None]:
    """From each reader to how many more articles their quota allows, as far as the person asking may know."""
    placed = Assignment.objects.filter(open_to(user), project=project, purpose="reading", state__in=PLACED)
    placed = placed.filter(reviewer__in=[one.user_id for one in members])
    taken = dict(placed.order_by().values_list("reviewer").annotate(Count("pk")))
    return {
        str(one.user_id): None if one.quota is None else max(0, one.quota - taken.get(one.user_id, 0))
        for one in members
    }


def choices(project: Project, name: str) -> list[str]:
    """The values of a fact (`outlet`, `language`) among the project's articles, for a filter."""
    found = ProjectArticle.objects.filter(project=project).exclude(**{f"article__{name}": ""})
    return sorted(found.order_by().values_list(f"article__{name}", flat=True).distinct()[:CHOICES])


CHOICES = 200
