"""Who walks through a campaign, what they see of it, and how they pick what to do next."""

import uuid
from collections import Counter
from collections.abc import Collection
from random import Random
from typing import Any

from annotator.accounts.models import User
from annotator.annotation.models import Span
from annotator.projects.models import Project
from annotator.workflow.cases import Case
from annotator.workflow.models import Assignment
from corpus.models import Article
from tests.annotator.workflow.walk.sight import Place, Sight
from tests.builders import Cast, make_user

LABELS = ("CLAIM", "ACTOR", "STANCE")
POLARITIES = ("support", "oppose", "mixed")
RELATIONS = ("made_by", "held_by", "toward")

Saying = tuple[int, int, str, dict[str, str]]
"""Start, end, label and answers."""


class Refused(AssertionError):
    """Something was let through that should have been refused."""


class People:
    """Three readers of whom one, Eve, holds every role, two adjudicators and a manager.

    They know what the last look at the tables showed (`sight`). `said`: what was ever marked in an article; `quotes`:
    under the id of a span. `cases`: pages of the desk as somebody has them open, which may have grown old; `again`:
    those of second settlings.
    `bystander`: a reader who does nothing and whose own places nobody touches; `field`: where the others act then.
    """

    project: Project
    sight: Sight

    def __init__(self, cast: Cast, seed: int) -> None:
        self.random = Random(seed)
        self.cast, self.eve, self.zoe = cast, make_user("eve"), make_user("zoe")
        self.readers = [cast.ada, cast.ben, self.eve]
        self.articles: list[Article] = []
        self.said: dict[uuid.UUID, list[Saying]] = {}
        self.quotes: dict[uuid.UUID, set[str]] = {}
        self.cases: dict[uuid.UUID, Case] = {}
        self.again: dict[uuid.UUID, Case] = {}
        self.trail: list[str] = []
        self.done: Counter[str] = Counter()
        self.is_ben_away = False
        self.bystander: User | None = None
        self.field: Collection[uuid.UUID] | None = None

    # Who

    def judge(self, article: uuid.UUID | None = None) -> User:
        """Somebody who may settle; `article`: not whoever is to settle it a second time, who finds their own desk."""
        found = [self.cast.cleo, self.cast.dora, self.cast.cleo, self.zoe, self.eve]
        waiting = {second.adjudicator for second in self.sight.waiting if second.article == article}
        return self._one_but_the_bystander(*(one for one in found if one.pk not in waiting))

    def manager(self) -> User:
        return self._one_but_the_bystander(self.cast.dora, self.eve)

    def _one_but_the_bystander(self, *people: User) -> User:
        return self.random.choice([one for one in people if one != self.bystander])

    def person(self, id: Any) -> User:
        return next(one for one in (*self.readers, self.cast.cleo, self.zoe) if one.pk == id)

    # What

    def text(self, article: uuid.UUID) -> str:
        return next(one.text for one in self.articles if one.pk == article)

    @property
    def places(self) -> list[Place]:
        """Places that can be acted on now."""
        found = self.sight.places
        if self.bystander is None or self.field is None:
            return found
        return [one for one in found if one.reader != self.bystander.pk and one.article in self.field]

    def an_article(self, *stages: str, unless: Collection[uuid.UUID] = ()) -> uuid.UUID:
        """Mostly one at a stage where the deed makes sense."""
        every = [article for article in self.sight.stages if self.field is None or article in self.field]
        fitting = [article for article in every if self.sight.stages[article] in stages]
        fitting = [article for article in fitting if article not in unless] or fitting
        if fitting and self.random.random() < 0.95:
            return self.random.choice(fitting)
        return self.random.choice(every)

    def at_work(self) -> tuple[Place, User] | None:
        """An open reading and its reader."""
        found = [place for place in self.places if place.is_open]
        if not found:
            return None
        place = self.random.choice(found)
        return place, self.person(place.reader)

    def own_span(self) -> tuple[User, Span] | None:
        """A span of an open reading and its reader."""
        found = self.at_work()
        spans = self.sight.spans_of(found[0].set) if found else []
        return (found[1], self.random.choice(spans)) if found and spans else None

    def assignment(self, *states: str) -> Assignment | None:
        found = [place for place in self.places if place.state in states]
        if not found:
            return None
        return Assignment.objects.select_related("project__chain").get(pk=self.random.choice(found).id)

    # Words

    def something_said(self, article: uuid.UUID, but: Collection[tuple[int, int, str]] = ()) -> Saying:
        """Often what somebody else says, else readers would hardly ever agree."""
        said = [one for one in self.said[article] if one[:3] not in but]
        if said and self.random.random() < 0.65:
            return self.random.choice(said)
        label = self.random.choice(LABELS)
        answers = {"polarity": self.random.choice(POLARITIES)} if label == "STANCE" else {}
        self.said[article].append((*self.some_words(article), label, answers))
        return self.said[article][-1]

    def some_words(self, article: uuid.UUID) -> tuple[int, int]:
        """From one word to the next or the one after it, also across a line."""
        text = self.text(article)
        edges = [0, *(place + 1 for place, letter in enumerate(text) if letter in " \n"), len(text) + 1]
        first = self.random.randrange(len(edges) - 1)
        last = min(first + self.random.randint(1, 3), len(edges) - 1)
        return edges[first], edges[last] - 1
