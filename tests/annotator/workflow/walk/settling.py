"""What adjudicators and managers do at the desk."""

import uuid
from collections.abc import Callable
from typing import Any

from annotator.accounts.models import User
from annotator.workflow import adjudication
from annotator.workflow.cases import Case, Choice
from annotator.workflow.comparison import Difference, RelationGroup
from tests.annotator.workflow.walk.people import POLARITIES, RELATIONS, People


class Settling(People):
    """Each deed answers False when there was nothing that it could be done to."""

    def open(self) -> None:
        article = self.an_article("settling", unless=self.cases)
        self.cases[article] = adjudication.open_case(self.judge(), self.project, article)

    def decide(self) -> bool:
        """On what the page shows that somebody opened some time ago."""
        waiting = [article for article, case in self.cases.items() if case.open_differences]
        article = self.random.choice(waiting or [*self.cases] or [self.an_article()])
        case = self.cases.get(article)
        if case is None or not case.differences:
            return False
        difference = self.random.choice(case.open_differences or case.differences)
        decision = case.decisions.get(difference.key)
        self._on_the_desk(
            article, adjudication.decide, by=self.judge(), key=difference.key,
            choice=self._a_choice(case, difference), seen=str(decision.pk) if decision else "",
            alike=self.random.random() < 0.2,
        )  # fmt: skip
        return True

    def _on_the_desk(self, article: uuid.UUID, verb: Callable[..., Case], *, by: User, **asked: Any) -> None:
        """Whoever is refused opens the page anew before the next attempt."""
        self.cases.pop(article, None)
        self.cases[article] = verb(by, self.project, article, gesture=uuid.uuid4(), **asked)

    def _a_choice(self, case: Case, difference: Difference) -> Choice:
        group = case.comparison.groups[difference.group]
        outcome = self.random.choice(("took", "took", "took", "both", "neither", "edited"))
        note = "By the rule of thumb" if self.random.random() < 0.2 else ""
        if outcome != "edited":
            voice = self.random.choice(sorted(group.members)) if outcome == "took" else ""
            return Choice(outcome, voice, note=note)
        if difference.kind == "attribute":
            return Choice(outcome, values={"value": self.random.choice(POLARITIES)}, note=note)
        if isinstance(group, RelationGroup):
            return Choice(outcome, values={"type": self.random.choice(RELATIONS)}, note=note)
        start, end, label, answers = self.something_said(case.article.pk)
        return Choice(outcome, values={"start": start, "end": end, "label": label, "attributes": answers}, note=note)

    def undecide(self) -> None:
        self._on_the_desk(self.an_article("settling"), adjudication.undo_decision, by=self.cast.cleo)

    def redecide(self) -> None:
        self._on_the_desk(self.an_article("settling"), adjudication.redo_decision, by=self.cast.cleo)

    def publish(self) -> None:
        done = [article for article, case in self.cases.items() if not case.open_differences]
        article = self.random.choice(done or [self.an_article("settling")])
        self.cases.pop(article, None)
        adjudication.publish(self.judge(), self.project, article)

    def reopen(self) -> None:
        adjudication.reopen(self.judge(), self.project, self.an_article("gold", "released"))

    def release(self) -> None:
        adjudication.release_to_readers(self.manager(), self.project, self.an_article("gold"))
