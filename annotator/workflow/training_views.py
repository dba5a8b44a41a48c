"""A project's training for its manager: which articles, how everybody fares, and whom to let in without."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotator.accounts.models import User
from annotator.accounts.views import require_page
from annotator.errors import Unknown
from annotator.projects.access import project_for
from annotator.projects.forms import read_uuid
from annotator.projects.models import Membership, Project
from annotator.requests import SignedInRequest
from annotator.workflow import exercises
from annotator.workflow.models import Exercise
from annotator.workflow.progress import blinded_among
from annotator.workflow.scoring import Score
from annotator.workflow.training import Lesson, Training, exercises_of, exercises_seen, score_of, trainings_of


@dataclass(frozen=True)
class Cell:
    """One reviewer on one article. `hidden`: the manager is being trained on it too."""

    lesson: Lesson
    hidden: bool

    @property
    def score(self) -> Score | None:
        """Of the last try."""
        return score_of(self.lesson.results[-1]) if self.lesson.results else None


@dataclass(frozen=True)
class Line:
    member: Membership
    training: Training
    cells: tuple[Cell, ...]
    tells: bool

    @property
    def state(self) -> str:
        """Where the reviewer stands, in words."""
        if self.training.is_excused:
            return "reads without"
        return "passed" if self.training.is_over else "in training"


@require_page
def training(request: SignedInRequest, slug: str) -> HttpResponse:
    """People × training articles, and the articles that could be added."""
    project = project_for(request.user, slug, "manager")
    words = (request.POST if request.method == "POST" else request.GET).get("words", "")
    if request.method == "POST":
        chosen = None if "all" in request.POST else [read_uuid(text) for text in request.POST.getlist("articles")]
        count = exercises.train_with(project, chosen, by=request.user, words=words)
        said = f"{count} {'article trains' if count == 1 else 'articles train'} readers from now on."
        messages.success(request, said if count else "Nothing was chosen.")
        return redirect("training", slug)
    seen = set(exercises_seen(request.user, project).values_list("pk", flat=True))
    found = [one for one in exercises_of(project) if one.pk in seen]
    context = {
        "project": project,
        "exercises": found,
        "paused": len(seen) - len(found),
        "lines": _lines(request.user, project, found),
        "choice": exercises.candidates_of(request.user, project, words),
    }
    return render(request, "workflow/training.html", context)


def _lines(user: User, project: Project, found: list[Exercise]) -> list[Line]:
    members = list(
        Membership.objects.filter(project=project, role="reviewer").select_related("user").order_by("user__username")
    )
    trainings = trainings_of(project, [member.user_id for member in members])
    hidden = blinded_among(user, project, [one.article_id for one in found])
    seen = {one.pk for one in found}
    return [_line(user, member, trainings[member.user_id].among(seen), hidden) for member in members]


def _line(user: User, member: Membership, training: Training, hidden: set[uuid.UUID]) -> Line:
    cells = tuple(
        Cell(lesson, lesson.exercise.article_id in hidden and member.user_id != user.pk) for lesson in training.lessons
    )
    return Line(member, training, cells, not any(cell.hidden for cell in cells))


@require_POST
def end_training_with(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, "manager")
    if not exercises_seen(request.user, project).filter(article=pk).exists():
        raise Unknown()
    exercises.end_training_with(project, pk, by=request.user)
    messages.success(request, "The article trains nobody any more. What it told so far is kept.")
    return redirect("training", slug)


@require_POST
def excuse(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Let a reviewer read without training; asked again, they need it again."""
    project = project_for(request.user, slug, "manager")
    members = Membership.objects.select_related("project__chain", "user")
    member = members.filter(project=project, pk=pk, role="reviewer").first()
    if member is None:
        raise Unknown()
    exercises.excuse(member, by=request.user, needs_no_training="without" in request.POST)
    how = "reads without training from now on" if member.needs_no_training else "reads the training articles first"
    messages.success(request, f"{member.user.username} {how}.")
    return redirect("training", slug)
