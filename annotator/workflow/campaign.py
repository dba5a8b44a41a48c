"""What a manager or an administrator does that reaches into readers' work: start, add articles, let people go."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from annotator.accounts.models import User
from annotator.errors import Conflict, Forbidden
from annotator.log.actions import gesture, lock, site_chain
from annotator.log.models import Chain
from annotator.projects import people
from annotator.projects.access import roles_in
from annotator.projects.actions import add_articles, create_project, give_role, take_role
from annotator.projects.actions import withdraw_article as withdraw_text
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.schema.models import LabelSet
from annotator.workflow import actions, slots
from annotator.workflow.models import Assignment
from annotator.workflow.queries import open_to
from annotator.workflow.seconds import hand_over
from annotator.workflow.states import UNFINISHED
from corpus.models import Article

BATCH = 500
"""Articles put into a project by one gesture, so that no single event grows without end."""


def start_project(
    *,
    by: User | None,
    name: str,
    label_set: LabelSet,
    redundancy: int = 2,
    single_is_gold: bool = False,
    slug: str = "",
    articles: Sequence[Article] = (),
    members: Iterable[tuple[User, str]] = (),
) -> Project:
    """A project with its articles, open for readers, and its people as (person, role). All or nothing."""
    with transaction.atomic():
        project = create_project(
            by=by, name=name, label_set=label_set, redundancy=redundancy, single_is_gold=single_is_gold, slug=slug
        )
        for user, role in members:
            give_role(project, by=by, user=user, role=role)
        take_articles(project, articles, by=by)
    return project


def take_articles(project: Project, articles: Sequence[Article], *, by: User | None) -> list[ProjectArticle]:
    """Put articles into the project and open their places for readers. Ones it has already are left alone."""
    rows: list[ProjectArticle] = []
    with transaction.atomic():
        for start in range(0, len(articles), BATCH):
            added = add_articles(project, articles[start : start + BATCH], by=by)
            slots.open_slots(project, added, by=by)
            rows += added
    return rows


def end_role(membership: Membership, *, by: User) -> int:
    """Take a role. A reviewer's unfinished work is withdrawn and its places open again.

    Returns how many places opened, without those on articles that the acting person reads.
    """
    project = membership.project
    with transaction.atomic():
        released: list[Assignment] = []
        if membership.role == "reviewer":
            released = _release(Assignment.objects.filter(project=project, reviewer=membership.user), by=by)
        take_role(membership, by=by)
        if membership.role == "adjudicator":
            hand_over(membership.user, by=by, project=project)
        return _open_among(released, by)


def dismiss(user: User, *, by: User) -> int:
    """Deactivate a person; their unfinished work everywhere goes to others. Returns what `end_role` returns."""
    with transaction.atomic():
        people.deactivate(user, by=by)
        hand_over(user, by=by)
        return _open_among(_release(Assignment.objects.filter(reviewer=user), by=by), by)


def _open_among(released: list[Assignment], user: User) -> int:
    """How many the person may know of."""
    ids = [assignment.pk for assignment in released]
    return Assignment.objects.filter(open_to(user), purpose="reading", pk__in=ids).count()


def take_back(assignment: Assignment, *, by: User, reason: str = "") -> None:
    """A manager takes an unfinished assignment from its reader. Raises Conflict when it is finished."""
    with transaction.atomic():
        if not _release(Assignment.objects.filter(pk=assignment.pk), by=by, reason=reason):
            raise Conflict("This reading is finished; it can be sent back, not withdrawn.", code="wrong_state")


def withdraw_article(article: Article, *, by: User) -> None:
    """Remove a text for good, from every project. Nobody reads it on; what was submitted stays as offsets.

    Raises Forbidden when it is also read in a project that is not the person's to manage.
    """
    projects = Project.objects.filter(Exists(ProjectArticle.objects.filter(project=OuterRef("pk"), article=article)))
    projects = projects.select_related("chain").order_by("chain")
    if any("manager" not in roles_in(by, project) for project in projects):
        raise Forbidden("This article is also read in another project; only an administrator can withdraw it.")
    with transaction.atomic():
        lock(site_chain())
        _release(Assignment.objects.filter(article=article), by=by, refill=False)
        for project in projects:
            with gesture(project.chain, by=by, action="close_slots") as current:
                current.remove_all(list(Assignment.objects.filter(project=project, article=article, state="free")))
        withdraw_text(article, by=by)


def _release(assignments: QuerySet[Assignment], *, by: User, reason: str = "", refill: bool = True) -> list[Assignment]:
    """Withdraw what is unfinished among the assignments; what was submitted stays and counts.

    Sets are locked before projects, as everywhere, and all of them at once, so that nobody who is just
    submitting waits for us while we wait for them.
    """
    unfinished = assignments.filter(state__in=UNFINISHED)
    list(
        Chain.objects.select_for_update()
        .filter(annotation_set__in=unfinished.exclude(annotation_set=None).values("annotation_set"))
        .order_by("pk")
    )
    list(Chain.objects.select_for_update().filter(project__in=unfinished.values("project")).order_by("pk"))
    found = list(unfinished.select_related("project__chain").order_by("pk"))
    for assignment in found:
        actions.withdraw(assignment, by=by, reason=reason, refill=refill)
    return found
