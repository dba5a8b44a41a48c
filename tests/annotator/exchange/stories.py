"""Stories that the tests of the API share: two readings of one article that differ, and the gold made of them."""

from dataclasses import dataclass

from annotator.annotation.models import AnnotationSet, Span
from annotator.projects.models import Project
from corpus.models import Article
from tests.builders import Cast, link, make_article, make_project, mark, settled, started_set, submitted


@dataclass(frozen=True)
class Story:
    """Both mark the minister; Ada alone a stance of hers; only one of two polarities can stand."""

    project: Project
    article: Article
    ada: AnnotationSet
    ben: AnnotationSet
    gold: AnnotationSet
    actor: Span
    stance: Span


def tell(cast: Cast, project: Project | None = None) -> Story:
    article = make_article() if project is None else project.project_articles.get().article
    project = project or make_project(cast, article)
    ada, ben = started_set(project, cast.ada), started_set(project, cast.ben)
    actor = mark(ada, cast.ada, "The minister", "ACTOR")
    stance = mark(ada, cast.ada, "rejected the plan", "STANCE", polarity="oppose")
    link(ada, cast.ada, "held_by", stance, actor)
    mark(ben, cast.ben, "The minister", "ACTOR")
    mark(ben, cast.ben, "rejected the plan", "STANCE", polarity="mixed")
    mark(ben, cast.ben, "The union", "ACTOR")
    submitted(ada, cast.ada)
    submitted(ben, cast.ben)
    voice = str(ada.submissions.get().pk)
    gold = settled(project, article, cast.cleo, voice=lambda names: voice if voice in names else names[0])
    return Story(project, article, ada, ben, gold, actor, stance)
