"""What a project's settings for training, second readings and second settlings come to, in sentences.

Told for settings that are kept or only thought of. Articles that the person reads are left out of every count.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.models import TrainingResult
from annotator.workflow.queries import blinding, open_to
from annotator.workflow.repeats import finished, is_due, is_in_lot
from annotator.workflow.seconds import is_settled_twice
from annotator.workflow.training import exercises_seen, score_of


@dataclass(frozen=True)
class Outlook:
    """A sentence or two for each."""

    training: str
    repeats: str
    seconds: str


def outlook_for(user: User, project: Project, values: Mapping[str, Any]) -> Outlook:
    """`values`: settings in place of the project's own. Nothing is written. Seven queries at most."""
    thought = copy(project)
    for name, value in values.items():
        setattr(thought, name, value)
    return Outlook(_training(user, thought), _repeats(user, thought), _seconds(user, thought))


def _training(user: User, project: Project) -> str:
    articles = exercises_seen(user, project).count()
    if not articles:
        return "There is no training article, so nobody is held up."
    own = blinding(user).filter(project=project).values("article")
    results = TrainingResult.objects.filter(assignment__project=project).exclude(assignment__article__in=own)
    scores = [score_of(result) for result in results]
    reaching = sum(score.passes(spans=project.pass_spans, answers=project.pass_answers) for score in scores)
    so_far = f"Of {_counted(len(scores), 'training reading')} handed in so far, {reaching} would reach this mark; "
    kept = "what was passed stays passed."
    return f"{_counted(articles, 'training article')}. {so_far + kept if scores else ''}".strip()


def _repeats(user: User, project: Project) -> str:
    if project.repeat_share is None:
        return "Nothing comes to a reader a second time."
    readers = Membership.objects.filter(project=project, role="reviewer").values_list("user", flat=True)
    own = set(blinding(user).filter(project=project).values_list("article", flat=True))
    done = [one for one in finished(project, list(readers)) if one.article not in own]
    drawn = [one for one in done if one.may_come_again and is_in_lot(project, one)]
    due = sum(is_due(project, one, done) for one in drawn)
    what = f"Of {_counted(len(done), 'article')} that readers have finished"
    return f"{what}, {len(drawn)} would come again, {due} of them now."


def _seconds(user: User, project: Project) -> str:
    if project.second_share is None:
        return "No article is settled a second time."
    begun = AnnotationSet.objects.filter(project=OuterRef("project"), article=OuterRef("article"), voice=GOLD)
    rows = ProjectArticle.objects.filter(~Exists(begun), open_to(user), project=project, article__withdrawn_at=None)
    positions = list(rows.filter(stage__in=("reading", "settling")).values_list("position", flat=True))
    chosen = sum(is_settled_twice(project, position) for position in positions)
    words = f"Of {_counted(len(positions), 'article')} whose settling has not begun, {chosen} would be settled twice."
    people = Membership.objects.filter(project=project, role="adjudicator", user__is_active=True).count()
    if people < 2:
        words += f" It takes two adjudicators, and the project has {people or 'none'}."
    return words


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
