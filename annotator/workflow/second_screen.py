"""What a manager sees of articles that were settled twice: who does it, and what the two settled otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from annotator.accounts.models import User
from annotator.annotation.models import Submission
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.cases import Case
from annotator.workflow.gold_words import Telling
from annotator.workflow.loading import load_both
from annotator.workflow.models import SecondSettling
from annotator.workflow.queries import open_to, settled_twice
from annotator.workflow.training import PUBLISHED
from corpus.queries import listed

PAGE = 20
"""Articles whose differences are laid out at once."""


@dataclass(frozen=True)
class Unlike:
    """One thing that was settled in two ways. `quote`: the words that it is about; `said`: by each, in words."""

    heading: str
    quote: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """A second settling that is not handed in."""

    second: SecondSettling

    @property
    def words(self) -> str:
        return "at work" if self.second.gold_set_id else "not begun"


@dataclass(frozen=True)
class Twice:
    """One article as two adjudicators settled it. `alike`: spans that both have with the same words and label."""

    second: SecondSettling
    row: ProjectArticle
    alike: int
    differences: Sequence[Unlike]

    @property
    def can_reopen(self) -> bool:
        return self.row.stage in PUBLISHED


def waiting_for(user: User, project: Project) -> list[Waiting]:
    found = SecondSettling.objects.filter(open_to(user), project=project, state="waiting")
    found = found.select_related("adjudicator").prefetch_related(Prefetch("article", listed()))
    return [Waiting(second) for second in found.order_by("changed_at", "pk")]


def settled_twice_for(user: User, project: Project) -> list[Twice]:
    """The newest, as far as the person may see them: a fixed number of queries for each that is shown."""
    pairs = settled_twice(user, project)[-PAGE:][::-1]
    sets = [again.annotation_set_id for _, again in pairs]
    seconds = SecondSettling.objects.filter(gold_set__in=sets).select_related("adjudicator", "reason")
    by_set = {second.gold_set_id: second for second in seconds}
    rows = ProjectArticle.objects.filter(project=project, article__in=[one.article_id for one in by_set.values()])
    by_article = {row.article_id: row for row in rows.select_related("article")}
    return [
        _twice(project, by_article[again.annotation_set.article_id], by_set[again.annotation_set_id], first, again)
        for first, again in pairs
    ]


def _twice(
    project: Project, row: ProjectArticle, second: SecondSettling, first: Submission, again: Submission
) -> Twice:
    case = load_both(project, row, first, again)
    alike = sum(group.identical for group in case.comparison.span_groups)
    return Twice(second, row, alike, unlike(case))


def unlike(case: Case) -> list[Unlike]:
    """What the voices of a case differ on, in reading order, each side in words."""
    telling = Telling(case)
    found = []
    for one in case.comparison.differences():
        group = case.comparison.groups[one.group]
        sides = (telling.says(group, group.members.get(voice), voice, one.name or "") for voice in telling.words.voices)
        found.append(Unlike(telling.words.heading(one), telling.words.quote(telling.words.anchor(one)), tuple(sides)))
    return found
