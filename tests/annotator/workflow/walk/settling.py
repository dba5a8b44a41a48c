"""What adjudicators and managers do at the desk."""

import uuid
from collections.abc import Callable
from typing import Any

from annotator.accounts.models import User
from annotator.workflow import adjudication
from annotator.workflow.cases import Case, Choice
from annotator.workflow.comparison import Difference, RelationGroup
from annotator.workflow.models import SecondSettling
from annotator.workflow.seconds import end_second
from tests.annotator.workflow.walk.people import POLARITIES, RELATIONS, People
from tests.annotator.workflow.walk.sight import Second, Sight


class Settling(People):
    """Each deed answers False when there was nothing that it could be done to."""

    def open(self) -> None:
        article = self.an_article("settling", unless=self.cases)
        self.cases[article] = adjudication.open_case(self.judge(article), self.project, article)

    def decide(self) -> bool:
        """On what the page shows that somebody opened some time ago."""
        waiting = [article for article, case in self.cases.items() if case.open_differences]
        article = self.random.choice(waiting or [*self.cases] or [self.an_article()])
        case = self.cases.get(article)
        if case is None or not case.differences:
            return False
        self._on_the_desk(article, adjudication.decide, by=self.judge(article), **self._a_decision(case))
        return True

    def _a_decision(self, case: Case) -> dict[str, Any]:
        """What somebody sends from the page that they have open."""
        difference = self.random.choice(case.open_differences or case.differences)
        decision = case.decisions.get(difference.key)
        return {
            "key": difference.key, "choice": self._a_choice(case, difference),
            "seen": str(decision.pk) if decision else "", "alike": self.random.random() < 0.2,
        }  # fmt: skip

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
        article = self.an_article("settling")
        self._on_the_desk(article, adjudication.undo_decision, by=self.judge(article))

    def redecide(self) -> None:
        article = self.an_article("settling")
        self._on_the_desk(article, adjudication.redo_decision, by=self.judge(article))

    def publish(self) -> None:
        done = [article for article, case in self.cases.items() if not case.open_differences]
        article = self.random.choice(done or [self.an_article("settling")])
        self.cases.pop(article, None)
        adjudication.publish(self.judge(article), self.project, article)

    def reopen(self) -> None:
        article = self.an_article("gold", "released")
        adjudication.reopen(self.judge(article), self.project, article)

    def release(self) -> None:
        adjudication.release_to_readers(self.manager(), self.project, self.an_article("gold"))

    # A second time

    def settle_again(self) -> bool:
        """Begin it, or try to before the first settling is done."""
        second = self._a_second()
        if second is None:
            return False
        by = self.person(second.adjudicator)
        self.again[second.article] = adjudication.open_case(by, self.project, second.article)
        assert self.again[second.article].gold_set.round > 1, "they see the first settling"
        return True

    def decide_again(self) -> bool:
        second = self._a_second()
        case = self.again.pop(second.article, None) if second else None
        if second is None or case is None or not case.differences:
            return False
        self.again[second.article] = adjudication.decide(
            self.person(second.adjudicator), self.project, second.article, gesture=uuid.uuid4(),
            **self._a_decision(case),
        )  # fmt: skip
        return True

    def hand_in_again(self) -> bool:
        second = self._a_second()
        if second is None:
            return False
        before = self.sight.stages[second.article]
        by, case = self.person(second.adjudicator), self.again.pop(second.article, None)
        adjudication.publish(by, self.project, second.article, round=case.gold_set.round if case else None)
        assert Sight(self.project).stages[second.article] == before, "the first gold stays the gold"
        return True

    def end_again(self) -> bool:
        second = self._a_second()
        if second is None:
            return False
        end_second(SecondSettling.objects.select_related("project__chain").get(pk=second.id), by=self.cast.dora)
        self.again.pop(second.article, None)
        return True

    def _a_second(self) -> Second | None:
        """Mostly one whose page somebody has open."""
        found = [one for one in self.sight.waiting if self.field is None or one.article in self.field]
        begun = [one for one in found if one.article in self.again]
        return self.random.choice(begun or found) if found else None
