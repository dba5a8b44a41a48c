"""How far a project is, as its manager may know it: articles that the manager reads are left out of every figure."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.models import minutes
from annotator.errors import Unknown
from annotator.projects.access import roles_in
from annotator.projects.bars import Bar, stacked
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.models import Assignment
from annotator.workflow.queries import blinding, is_blinded, open_to, settling_blind
from annotator.workflow.slots import has_settled
from annotator.workflow.states import FINISHED, PLACED, UNFINISHED
from corpus.models import Article
from corpus.queries import listed

PAGE = 50

STAGES = (
    ("released", "gold, open to readers", "teal"),
    ("gold", "gold", "green"),
    ("settling", "to be settled", "ochre"),
    ("reading", "being read", "slate"),
    ("training", "for training", "purple"),
)
SLOTS = (
    ("released", "open to readers", "teal"),
    ("submitted", "handed in", "green"),
    ("sent_back", "sent back", "vermillion"),
    ("started", "at work", "blue"),
    ("offered", "offered", "slate"),
    ("free", "free", "none"),
)
PLACE_WORDS = {key: name for key, name, _ in SLOTS} | {
    "lapsed": "left untouched",
    "declined": "declined",
    "withdrawn": "withdrawn",
}
STAGE_WORDS = {key: name for key, name, _ in STAGES}


@dataclass(frozen=True)
class Progress:
    """`own`: how many articles are left out because the person asking reads them."""

    articles: Bar
    places: Bar
    own: int

    def articles_in(self, stage: str) -> int:
        return next(part.count for part in self.articles.parts if part.key == stage)


def progress_for(user: User, project: Project) -> Progress:
    """Three queries, however many articles."""
    stages = ProjectArticle.objects.filter(open_to(user), project=project)
    places = Assignment.objects.filter(open_to(user), project=project, purpose="reading", state__in=("free", *PLACED))
    return Progress(
        stacked("Articles", STAGES, counted(stages, "stage")),
        stacked("Places for readers", SLOTS, counted(places, "state")),
        blinding(user).filter(project=project).count(),
    )


def counted(rows: QuerySet[ProjectArticle] | QuerySet[Assignment], name: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(name).annotate(Count("pk")))


@dataclass
class Reader:
    """A reviewer of the project, with how many articles they have in each state, and active seconds on these."""

    user: User
    membership: Membership
    places: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)

    @property
    def time(self) -> str:
        """Active time on all their articles, in words."""
        return minutes(sum(self.seconds.values()))

    @property
    def time_each(self) -> str:
        """Active time on an article that was handed in, on the average."""
        spent = sum(self.seconds.get(state, 0) for state in FINISHED)
        return minutes(spent // self.handed_in) if self.handed_in else ""

    @property
    def is_late(self) -> bool:
        """Past the due date with work in hand."""
        due = self.membership.due_on
        return due is not None and due < timezone.localdate() and self.at_work > 0

    @property
    def at_work(self) -> int:
        return sum(self.places.get(state, 0) for state in UNFINISHED)

    @property
    def handed_in(self) -> int:
        return sum(self.places.get(state, 0) for state in FINISHED)


def readers_for(user: User, project: Project) -> list[Reader]:
    """The project's reviewers by name, with their work as far as the person asking may know it."""
    members = Membership.objects.filter(project=project, role="reviewer").select_related("user")
    readers = {member.user_id: Reader(member.user, member) for member in members.order_by("user__username")}
    work = Assignment.objects.filter(open_to(user), project=project, purpose="reading", state__in=PLACED)
    told = work.order_by().values_list("reviewer", "state")
    for reviewer, state, count, seconds in told.annotate(Count("pk"), Sum("annotation_set__time__seconds")):
        if reviewer in readers:
            readers[reviewer].places[state] = count
            readers[reviewer].seconds[state] = seconds or 0
    return list(readers.values())


@dataclass(frozen=True)
class Place:
    """A place for a reader, and its state in words."""

    row: Assignment

    @property
    def words(self) -> str:
        return PLACE_WORDS[self.row.state]

    @property
    def is_unfinished(self) -> bool:
        return self.row.state in UNFINISHED


@dataclass
class Line:
    """An article in a manager's list. `hidden`: the manager reads it, so its stage and places are not told."""

    row: ProjectArticle
    article: Article
    hidden: bool
    places: list[Place] = field(default_factory=list)

    @property
    def stage(self) -> str:
        return STAGE_WORDS[self.row.stage]


@dataclass(frozen=True)
class Page:
    """Lines of a list; `before` and `after` are the positions from which the neighbouring pages begin, if any."""

    lines: list[Line]
    before: int | None
    after: int | None


def articles_for(
    user: User, project: Project, *, stage: str = "", after: int | None = None, before: int | None = None
) -> Page:
    """A page of the project's articles in their order: those after a position, or before one.

    A list of one stage leaves out what the person reads: being in it would tell.
    """
    rows = ProjectArticle.objects.filter(project=project)
    if stage:
        rows = rows.filter(open_to(user), stage=stage)
    if before is not None:
        found = list(rows.filter(position__lt=before).order_by("-position")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        return Page(
            _lines(user, project, found), found[0].position if more else None, found[-1].position if found else None
        )
    found = list(rows.filter(position__gt=after or 0).order_by("position")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    first = found[0].position if found and after else None
    return Page(_lines(user, project, found), first, found[-1].position if more else None)


def _lines(user: User, project: Project, rows: Iterable[ProjectArticle]) -> list[Line]:
    rows = list(rows)
    ids = [row.article_id for row in rows]
    articles = listed().in_bulk(ids)
    hidden = blinded_among(user, project, ids)
    lines = {row.article_id: Line(row, articles[row.article_id], row.article_id in hidden) for row in rows}
    places = Assignment.objects.filter(project=project, article__in=set(ids) - hidden, purpose="reading")
    for place in places.filter(state__in=("free", *PLACED)).select_related("reviewer").order_by("slot"):
        lines[place.article_id].places.append(Place(place))
    return list(lines.values())


def blinded_among(user: User, project: Project, articles: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    ids = list(articles)
    kept_from = (blinding(user), settling_blind(user))
    found = [kept.filter(project=project, article__in=ids).order_by().values_list("article_id") for kept in kept_from]
    return {article for (article,) in found[0].union(found[1])}


def places_of(row: ProjectArticle) -> list[Place]:
    """All places of an article, ended ones too. Not a door: callers have asked `is_blinded`."""
    places = Assignment.objects.filter(project=row.project, article=row.article_id, purpose="reading")
    return [
        Place(place) for place in places.select_related("reviewer", "reason", "annotation_set__time").order_by("slot")
    ]


def managed_assignment(user: User, pk: uuid.UUID) -> Assignment:
    """Somebody's assignment, for a manager of its project who does not read the article. Raises Unknown."""
    found = Assignment.objects.select_related("project__chain", "reviewer").filter(pk=pk).first()
    if found is None or "manager" not in roles_in(user, found.project):
        raise Unknown()
    if is_blinded(user, found.project, found.article_id):
        raise Unknown()
    return found


def assignable(row: ProjectArticle) -> QuerySet[User]:
    """Reviewers of the project who never had the article, and had no part in settling it: the same person does not
    read it twice, nor what others read of it."""
    had = Assignment.objects.filter(project=row.project, article=row.article_id, reviewer=OuterRef("pk"))
    reviewing = Membership.objects.filter(project=row.project, role="reviewer", user=OuterRef("pk"))
    settled = has_settled(OuterRef("pk"), row.project_id, row.article_id)
    return User.objects.filter(Exists(reviewing), ~Exists(had), ~settled, is_active=True).order_by("username")
