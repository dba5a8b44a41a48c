"""What the start page says: a person's projects, and in each the next thing to do."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse

from annotator.accounts.models import User
from annotator.projects.access import projects_for
from annotator.projects.bars import Bar, stacked
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.models import Assignment
from annotator.workflow.progress import STAGES, Progress, Reader
from annotator.workflow.queries import open_to
from annotator.workflow.states import FINISHED, UNFINISHED


@dataclass
class Campaign:
    """One project as its member sees it. `own`: their assignments by state; `stages`: articles open to them."""

    project: Project
    roles: tuple[str, ...]
    own: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)

    @property
    def at_work(self) -> int:
        return sum(self.own.get(state, 0) for state in UNFINISHED)

    @property
    def handed_in(self) -> int:
        return sum(self.own.get(state, 0) for state in FINISHED)

    @property
    def to_settle(self) -> int:
        return self.stages.get("settling", 0)

    @property
    def bar(self) -> Bar:
        return stacked("Articles", STAGES, self.stages)


def campaigns_for(user: User) -> list[Campaign]:
    """The person's projects by name. Four queries at most, however many projects."""
    projects = list(projects_for(user))
    roles = _roles(user)
    reading = Assignment.objects.filter(reviewer=user, purpose="reading").order_by()
    own = _grouped(reading.values_list("project", "state").annotate(Count("pk")))
    seen = [project.pk for project in projects if user.is_superuser or roles[project.pk] & {"adjudicator", "manager"}]
    stages = _grouped(
        ProjectArticle.objects.filter(open_to(user), project__in=seen).order_by()
        .values_list("project", "stage").annotate(Count("pk"))
    )  # fmt: skip
    return [
        Campaign(project, _held(roles[project.pk], user), own[project.pk], stages[project.pk]) for project in projects
    ]


def _held(roles: set[str], user: User) -> tuple[str, ...]:
    return tuple(role for role in Membership.ROLES if role in roles or (role == "manager" and user.is_superuser))


def _roles(user: User) -> defaultdict[uuid.UUID, set[str]]:
    roles: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    for project, role in Membership.objects.filter(user=user).values_list("project", "role"):
        roles[project].add(role)
    return roles


def _grouped(rows: Iterable[tuple[uuid.UUID, str, int]]) -> defaultdict[uuid.UUID, dict[str, int]]:
    grouped: defaultdict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for project, key, count in rows:
        grouped[project][key] = count
    return grouped


@dataclass(frozen=True)
class Step:
    """Something for a manager to do next: a sentence, and where to do it."""

    words: str
    link: str
    path: str


def next_steps(project: Project, progress: Progress, readers: Sequence[Reader], adjudicators: int) -> list[Step]:
    """What keeps the project from going on, most pressing first."""
    add = reverse("articles_add", args=[project.slug])
    members = reverse("project_members", args=[project.slug])
    steps = []
    if not progress.articles.total + progress.own:
        steps.append(Step("There is nothing to read yet.", "Add articles", add))
    if len(readers) < project.redundancy:
        missing = f"Each article wants {project.redundancy} readers; the project has {len(readers)}."
        steps.append(Step(missing, "Give someone the role of reviewer", members))
    if not adjudicators and not project.single_is_gold:
        steps.append(Step("Nobody settles differences yet.", "Give someone the role of adjudicator", members))
    steps += _waiting(project, progress)
    return steps


def _waiting(project: Project, progress: Progress) -> Iterable[Step]:
    articles = reverse("project_articles", args=[project.slug])
    if waiting := progress.articles_in("settling"):
        settle = reverse("settle_list", args=[project.slug])
        yield Step(f"{waiting} {_articles(waiting)} to be settled.", "Settle differences", settle)
    if gold := progress.articles_in("gold"):
        words = f"{gold} {_articles(gold)} to be opened to the readers, who cannot see the gold until then."
        yield Step(words, "Show them", f"{articles}?stage=gold")


def _articles(count: int) -> str:
    return "article waits" if count == 1 else "articles wait"
