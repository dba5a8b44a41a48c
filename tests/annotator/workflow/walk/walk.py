"""A whole campaign, walked at random: everybody does what they like, in any order, as far as they are let.

A walk is told by its seed: the same seed takes the same steps. Refusals are answers too; they leave nothing behind.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from annotator.annotation.models import GOLD
from annotator.errors import as_problem
from annotator.projects.models import Project
from annotator.workflow import adjudication
from annotator.workflow.campaign import start_project
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.states import FINISHED
from tests.annotator.workflow.walk.reading import Reading
from tests.annotator.workflow.walk.settling import Settling
from tests.annotator.workflow.walk.sight import Sight, check, events
from tests.builders import Cast, make_codebook

RULES: tuple[dict[str, Any], ...] = (
    {},
    {"boundary": "longest"},
    {"majority": 2},
    {"majority": 2, "attributes": "majority", "boundary": "intersection"},
)
READING = ("claim", "label", "relate", "hand_in")
"""What a walk begins with, so that there is something to settle."""
WEIGHTS = {
    "bring_a_text": 0.5, "claim": 8, "label": 12, "relabel": 3, "unlabel": 1, "relate": 6, "unrelate": 1, "remark": 1,
    "step_back": 2, "step_forward": 20, "trespass": 1, "hand_in": 16, "decline": 0.5, "take_back": 0.5, "offer": 1,
    "send_back": 2, "let_lapse": 0.5, "take_again": 4, "leave": 0.3, "return_": 4, "change_conditions": 0.7,
    "train": 8, "end_training": 0.3, "excuse": 0.3, "settle_again": 20, "decide_again": 25, "hand_in_again": 20,
    "end_again": 0.3, "open": 20, "decide": 25, "undecide": 4, "redecide": 30, "publish": 20, "reopen": 3, "release": 2,
}  # fmt: skip
"""How often each deed is done where it makes sense."""
SENSELESS = 0.04
"""The share of that where it does not: people try anyway."""


class Walk(Reading, Settling):
    def __init__(self, cast: Cast, seed: int) -> None:
        super().__init__(cast, seed)
        self.project = self._start()
        for _ in range(self.random.choice((1, 2))):
            self.bring_a_text()
        self.sight = Sight(self.project)

    def _start(self) -> Project:
        eve = [(self.eve, role) for role in ("reviewer", "adjudicator", "manager")]
        members = [*self.cast.members, *eve, (self.zoe, "adjudicator")]
        project = start_project(
            by=self.cast.root, name="Walk", label_set=make_codebook(), redundancy=self.random.choice((1, 2, 2, 2, 3)),
            single_is_gold=self.random.random() < 0.5, members=members,
        )  # fmt: skip
        self._ask_for_more(project)
        settling = self.random.choice(RULES)
        if settling:
            adjudication.set_rules(self.cast.dora, project, settling)
        return project

    def _ask_for_more(self, project: Project) -> None:
        """Repeats, second settlings, a mark for training; in some campaigns, and then for all."""
        again = {"repeat_share": 100, "repeat_articles": 1} if self.random.random() < 0.4 else {}
        twice = {"second_share": 100} if self.random.random() < 0.6 else {}
        marks = {"pass_spans": 50} if self.random.random() < 0.5 else {}
        values = {**again, **twice, **marks, "names_shown": self.random.random() < 0.5}
        change_conditions(project, by=self.cast.dora, seen=conditions_seen(project), values=values)

    def go(self, steps: int, *, pause: int, meanwhile: Callable[[], None]) -> None:
        """So many steps, with a look at the tables after each, and after `pause` steps with what happens meanwhile."""
        for number in range(1, steps + 1):
            self.step(READING if number < steps * 0.3 else tuple(WEIGHTS))
            self.look()
            if number == pause:
                meanwhile()

    def look(self) -> None:
        before, self.sight = self.sight, Sight(self.project, self.sight)
        check(self.sight, before, {one.pk: one.text for one in self.articles}, self.quotes)

    def step(self, deeds: Sequence[str] = tuple(WEIGHTS)) -> None:
        """One deed of somebody's. Whoever asks for what cannot be is refused in words, and nothing is written."""
        sensible = self._sensible()
        deed = self.random.choices(deeds, [WEIGHTS[one] * (1 if one in sensible else SENSELESS) for one in deeds])[0]
        self.trail.append(deed)
        try:
            tried = getattr(self, deed)()
        except Exception as error:
            problem = as_problem(error)
            if problem is None:
                raise
            self.trail[-1] += f" (refused: {problem.code})"
            assert events() == self.sight.events, f"{deed} was refused and left something behind"
        else:
            if tried is not False:
                self.done[deed] += 1

    @property
    def _is_more_to_read(self) -> bool:
        """Besides free places: for training, or once more."""
        if self.sight.lessons or self.project.repeat_share is None:
            return bool(self.sight.lessons)
        finished = Counter(place.reader for place in self.sight.places if place.state in FINISHED)
        return max(finished.values(), default=0) > 1

    @property
    def free_to_train(self) -> set[uuid.UUID]:
        """Articles with gold that train nobody yet."""
        found = {article for article, stage in self.sight.stages.items() if stage in ("gold", "released")}
        return found - self.sight.lessons

    def _sensible(self) -> set[str]:
        """Deeds that the people would think of as things stand."""
        sight, states = self.sight, {place.state for place in self.sight.places}
        open_sets = {place.set for place in sight.places if place.is_open}
        at_work = {place.reader for place in sight.places if place.is_open}
        marked = Counter(span.annotation_set_id for span in sight.spans if span.annotation_set_id in open_sets)
        stages = Counter(sight.stages.values())
        opened = [self.cases[article] for article in self.cases if sight.stages[article] == "settling"]
        first = {one.article_id: one for one in sight.sets.values() if one.voice == GOLD and one.round == 1}
        seconds = {one.article for one in sight.waiting if first[one.article].state == "closed"}
        again = [self.again[article] for article in self.again if article in seconds]
        present = {reader.pk for reader in self.readers} - ({self.cast.ben.pk} if self.is_ben_away else set())
        senses = {
            "bring_a_text offer change_conditions let_lapse": True,
            "claim": ("free" in states or self._is_more_to_read) and bool(present - at_work),
            "label remark trespass": bool(open_sets),
            "relabel unlabel step_back": bool(marked),
            "step_forward": self.trail[-1:] == ["step_back"],
            "relate": bool(self.lines()),
            "unrelate": any(one.annotation_set_id in open_sets for one in sight.relations),
            "hand_in": any(number > 1 for number in marked.values()),
            "decline take_back": bool(states & {"offered", "started", "sent_back"}),
            "send_back": "submitted" in states,
            "take_again": "lapsed" in states,
            "leave": not self.is_ben_away,
            "return_": self.is_ben_away,
            "open": stages["settling"] > len(opened),
            "decide": any(case.open_differences for case in opened),
            "undecide": bool(opened),
            "redecide": self.trail[-1:] == ["undecide"],
            "publish": any(not case.open_differences for case in opened),
            "reopen": bool(stages["gold"] or stages["released"]),
            "release": bool(stages["gold"]),
            "train": bool(self.free_to_train),
            "end_training excuse": bool(sight.lessons),
            "settle_again": bool(seconds - self.again.keys()),
            "decide_again": any(case.open_differences for case in again),
            "hand_in_again": any(not case.open_differences for case in again),
            "end_again": bool(seconds),
        }
        return {deed for deeds, makes_sense in senses.items() if makes_sense for deed in deeds.split()}
