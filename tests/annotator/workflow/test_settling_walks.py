"""Random campaigns on one article: whatever people do, gold keeps its provenance and the log its rows."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotation.rules import RuleError
from annotator.errors import Problem
from annotator.log.models import Event
from annotator.workflow import adjudication
from annotator.workflow.cases import Case, Choice
from annotator.workflow.comparison import Difference, RelationGroup, SpanGroup
from annotator.workflow.models import Decision, GoldSource
from annotator.workflow.verification import verification
from tests.annotator.workflow.stories import Story
from tests.builders import Cast, link, mark

TEXT = "one two three four five six seven eight nine ten"
WORDS = TEXT.split()
LABELS = ("CLAIM", "ACTOR", "STANCE")
POLARITIES = ("support", "oppose", "mixed")
RULES: tuple[dict[str, Any], ...] = (
    {},
    {"boundary": "longest"},
    {"majority": 2},
    {"majority": 2, "attributes": "majority", "boundary": "intersection"},
)


class Walk:
    """Ada, Ben and later others read and reread; Cleo and Dora settle."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.random = Random(seed)
        self.cast = cast
        self.story = Story(cast, text=TEXT, settling=self.random.choice(RULES))
        self.readers: list[User] = []
        self.said: list[tuple[str, str, dict[str, str]]] = []
        for reader in (cast.ada, cast.ben):
            self.read(reader)
        self.story.open()

    def read(self, reader: User) -> None:
        self.story.begin(reader)
        self.readers.append(reader)
        for _ in range(self.random.randint(2, 7)):
            self.add_something(reader)
        self.story.hand_in(reader)

    def add_something(self, reader: User) -> None:
        mine, spans = self.story.set_of(reader), list(self.story.set_of(reader).spans.order_by("start", "end"))
        if len(spans) > 1 and self.random.random() < 0.4:
            one, other = self.random.sample(spans, 2)
            self.attempt(lambda: link(mine, reader, self.random.choice(("made_by", "held_by", "toward")), one, other))
        else:
            words, label, answers = self.something_said()
            self.attempt(lambda: mark(mine, reader, words, label, **answers))

    def something_said(self) -> tuple[str, str, dict[str, str]]:
        """Often what another reader says, else readers would hardly ever agree."""
        if self.said and self.random.random() < 0.6:
            return self.random.choice(self.said)
        label = self.random.choice(LABELS)
        answers = {"polarity": self.random.choice(POLARITIES)} if label == "STANCE" else {}
        self.said.append((self.some_words(), label, answers))
        return self.said[-1]

    def some_words(self) -> str:
        start = self.random.randrange(len(WORDS) - 1)
        return " ".join(WORDS[start : start + self.random.randint(1, 3)])

    def reread(self) -> None:
        """One reader looks again, changes something, and the desk takes it in."""
        reader = self.random.choice(self.readers)
        self.story.reread(reader)
        spans = list(self.story.set_of(reader).spans.all())
        for span in self.random.sample(spans, min(len(spans), 2)):
            self.story.marked[reader] = {"it": span}
            words = self.some_words()
            self.attempt(
                self.random.choice([
                    lambda: self.story.unmark(reader, "it"),
                    lambda: self.story.move(reader, "it", words),
                    lambda: self.story.answer(reader, "it", polarity=self.random.choice(POLARITIES)),
                ])
            )  # fmt: skip
        self.add_something(reader)
        self.story.hand_in(reader)
        self.story.open()

    def join(self) -> None:
        if len(self.readers) < 4:
            reader = self.story.join(f"reader-{len(self.readers)}")
            self.read(reader)
            self.story.open()

    def decide(self) -> None:
        case = self.story.case
        if case.differences:
            difference = self.random.choice(case.open_differences or case.differences)
            choice = self.some_choice(case, difference)
            alike = self.random.random() < 0.2
            self.attempt(lambda: self.story.decide_key(difference.key, choice, alike=alike))

    def some_choice(self, case: Case, difference: Difference) -> Choice:
        group = case.comparison.groups[difference.group]
        outcome = self.random.choice(("took", "took", "both", "neither", "edited"))
        voice = self.random.choice(sorted(group.members)) if outcome == "took" else ""
        if outcome != "edited":
            return Choice(outcome, voice)
        if difference.kind == "attribute":
            return Choice(outcome, values={"value": self.random.choice(POLARITIES)})
        if isinstance(group, RelationGroup):
            return Choice(outcome, values={"type": self.random.choice(("made_by", "held_by", "toward"))})
        assert isinstance(group, SpanGroup)
        label = self.random.choice(LABELS)
        start = TEXT.index(self.random.choice(WORDS))
        answers = {"polarity": "mixed"} if label == "STANCE" and self.random.random() < 0.5 else {}
        return Choice(outcome, values={"start": start, "end": start + 3, "label": label, "attributes": answers})

    def back_and_forth(self) -> None:
        before = self.picture()
        if self.attempt(self.story.undo) and self.random.random() < 0.5:
            self.story.redo()
            assert self.picture() == before

    def publish(self) -> None:
        if not self.story.case.open_differences:
            self.story.publish()
            adjudication.reopen(self.cast.dora, self.story.project, self.story.article.pk)

    def attempt(self, call: Callable[[], Any]) -> bool:
        """A refusal is an answer too, but only a worded one, and it leaves nothing behind."""
        events = Event.objects.count()
        try:
            call()
        except (Problem, RuleError):
            refused = True
        else:
            return True
        assert Event.objects.count() == events
        return not refused

    def picture(self) -> Any:
        return sorted(self.story.gold, key=repr), sorted(self.story.lines, key=repr), self.story.open_words

    def check(self) -> None:
        gold, case = self.story.gold_set, self.story.case
        spans, relations = (
            set(gold.spans.values_list("pk", flat=True)),
            set(gold.relations.values_list("pk", flat=True)),
        )
        sources = list(GoldSource.objects.filter(gold_set=gold))
        superseded = set(Decision.objects.filter(supersedes__isnull=False).values_list("supersedes", flat=True))
        assert {source.item for source in sources if not source.attribute} == spans | relations
        assert not {source.decision_id for source in sources} & superseded
        held = [row.pk for rows in case.spans.values() for row in rows]
        assert sorted(held) == sorted(spans)
        for key, rows in case.spans.items():
            assert not rows or key in case.comparison.groups
        events = Event.objects.count()
        self.story.open()
        assert Event.objects.count() == events, "opening what is in order writes nothing"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_random_campaigns_keep_gold_and_its_provenance_in_order(cast: Cast, seed: int) -> None:
    walk = Walk(cast, seed)
    steps = [walk.decide] * 6 + [walk.back_and_forth] * 2 + [walk.reread, walk.reread, walk.join, walk.publish]
    for _ in range(20):
        walk.random.choice(steps)()
        walk.check()
    assert list(verification().findings()) == []
