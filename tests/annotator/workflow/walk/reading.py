"""What readers do with their labels, and whatever moves them from place to place."""

import datetime
import uuid
from collections.abc import Callable
from itertools import permutations
from typing import Any
from unittest import mock

from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation import actions as desk
from annotator.annotation.models import Span
from annotator.projects.actions import give_role
from annotator.projects.models import Membership
from annotator.workflow import actions
from annotator.workflow.campaign import end_role, take_articles, take_back
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.exercises import end_training_with, excuse, train_with
from annotator.workflow.lapsing import release_stale
from tests.annotator.workflow.walk.people import LABELS, POLARITIES, RELATIONS, People, Refused
from tests.annotator.workflow.walk.sight import Place, Sight
from tests.builders import make_article

WORDS = ("one", "two", "three", "plan", "plan", "Cafe\u0301", "👩‍👩‍👧‍👦", "🇨🇭", "قال", "𝒩ews", "said", "the")
ALLOWED = {
    ("made_by", "CLAIM", "ACTOR"), ("held_by", "STANCE", "ACTOR"), ("toward", "STANCE", "ACTOR"),
    ("toward", "STANCE", "CLAIM"),
}  # fmt: skip


class Reading(People):
    """Each deed answers False when there was nothing that it could be done to."""

    def bring_a_text(self) -> bool:
        if len(self.articles) == 3:
            return False
        lines = [" ".join(self.random.choices(WORDS, k=self.random.randint(3, 6))) for _ in range(2)]
        article = make_article("\n".join(lines))
        take_articles(self.project, [article], by=self.cast.dora)
        self.articles.append(article)
        self.said[article.pk] = []
        return True

    def claim(self) -> None:
        """Nobody goes away empty while there is a free place on an article that they never had, nor settle."""
        at_work = {place.reader for place in self.places if place.is_open}
        idle = [reader for reader in self.readers if reader.pk not in at_work]
        reader = self.random.choice(idle or self.readers)
        taken = actions.claim_next(self.project, by=reader)
        if taken is None:
            had = {place.article for place in self.places if place.reader == reader.pk and place.purpose == "reading"}
            sight = Sight(self.project)
            free = {place.article for place in sight.places if place.state == "free"}
            assert free <= had | sight.settled_by(reader.pk), "a free place was kept from a reader"
        else:
            assert (taken.reviewer_id, taken.state in ("started", "sent_back")) == (reader.pk, True)

    # Labels

    def label(self) -> bool:
        found = self.at_work()
        if found is None:
            return False
        place, reader = found
        marked = {(one.start, one.end, one.label) for one in self.sight.spans_of(place.set)}
        start, end, label, answers = self.something_said(place.article, marked)
        self._add(place, reader, start, end, label, answers)
        return True

    def _add(self, place: Place, reader: User, start: int, end: int, label: str, answers: dict[str, str]) -> None:
        id, quote = uuid.uuid4(), self.text(place.article)[start:end]
        self.quotes[id] = {quote}
        desk.add_span(
            place.set, by=reader, gesture=uuid.uuid4(), id=id, start=start, end=end, quote=quote, label=label,
            attributes=answers,
        )  # fmt: skip

    def relabel(self) -> bool:
        """Move an edge, change the label, or answer otherwise; sometimes from a page that has grown old."""
        found = self.own_span()
        if found is None:
            return False
        reader, span = found
        changes: dict[str, Any] = {"attributes": {"polarity": self.random.choice(POLARITIES)}}
        if self.random.random() < 0.6:
            start, end = self.some_words(self.sight.article_of(span))
            quote = self.text(self.sight.article_of(span))[start:end]
            self.quotes[span.pk].add(quote)
            changes = {"start": start, "end": end, "quote": quote}
        elif self.random.random() < 0.5:
            changes = {"label": self.random.choice(LABELS)}
        age = self.random.random() < 0.1
        desk.change_span(
            span.annotation_set_id, by=reader, gesture=uuid.uuid4(), id=span.pk, version=span.version - age, **changes
        )  # fmt: skip
        if age:
            raise Refused("an old version of a span was overwritten")
        return True

    def unlabel(self) -> bool:
        found = self.own_span()
        if found is None:
            return False
        reader, span = found
        desk.remove_span(span.annotation_set_id, by=reader, gesture=uuid.uuid4(), id=span.pk, version=span.version)
        return True

    def relate(self) -> bool:
        found = self.own_span()
        if found is None:
            return False
        reader, one = found
        line = self.random.choice(RELATIONS), one, self.random.choice(self.sight.spans_of(one.annotation_set_id))
        type, source, target = self.random.choice(self.lines() or [line])
        reader = self.person(next(place.reader for place in self.places if place.set == source.annotation_set_id))
        desk.relate(
            source.annotation_set_id,
            by=reader,
            gesture=uuid.uuid4(),
            id=uuid.uuid4(),
            type=type,
            source=source.pk,
            target=target.pk,
        )
        return True

    def lines(self) -> list[tuple[str, Span, Span]]:
        """Relations that somebody at work could draw."""
        return [
            (type, source, target)
            for place in self.places
            if place.is_open
            for source, target in permutations(self.sight.spans_of(place.set), 2)
            for type in RELATIONS
            if (type, source.label, target.label) in ALLOWED and (source.pk, target.pk) not in self.sight.linked
        ]

    def unrelate(self) -> bool:
        open_sets = {place.set: place for place in self.places if place.is_open}
        found = [one for one in self.sight.relations if one.annotation_set_id in open_sets]
        if not found:
            return False
        one = self.random.choice(found)
        reader = self.person(open_sets[one.annotation_set_id].reader)
        desk.unrelate(one.annotation_set_id, by=reader, gesture=uuid.uuid4(), id=one.pk, version=one.version)
        return True

    def remark(self) -> bool:
        found = self.at_work()
        if found is None:
            return False
        place, reader = found
        desk.comment(place.set, by=reader, gesture=uuid.uuid4(), id=uuid.uuid4(), text="Unclear", flag="unsure")
        return True

    def step_back(self) -> bool:
        return self._there_and_back(desk.undo)

    def step_forward(self) -> bool:
        return self._there_and_back(desk.redo)

    def _there_and_back(self, verb: Callable[..., Any]) -> bool:
        found = self.at_work()
        if found is None:
            return False
        place, reader = found
        verb(place.set, by=reader, gesture=uuid.uuid4())
        return True

    def trespass(self) -> bool:
        """Into another's reading, past the end of the text, or with words that do not stand there."""
        taken = [place for place in self.places if place.set]
        if not taken:
            return False
        place = self.random.choice(taken)
        text = self.text(place.article)
        reader, (start, end, quote) = self.random.choice([
            (self.random.choice([one for one in self.readers if one.pk != place.reader]), (0, 3, text[:3])),
            (self.person(place.reader), (0, len(text) + 1, text)),
            (self.person(place.reader), (0, 3, "???")),
        ])  # fmt: skip
        desk.add_span(
            place.set, by=reader, gesture=uuid.uuid4(), id=uuid.uuid4(), start=start, end=end, quote=quote,
            label="ACTOR",
        )  # fmt: skip
        raise Refused(f"{reader.username} was let in at {start}–{end}")

    # Places

    def hand_in(self) -> bool:
        found = self.at_work()
        if found is None:
            return False
        place, reader = found
        age = self.random.random() < 0.05
        version = self.sight.sets[place.set].chain.length - age
        actions.submit(place.set, by=reader, gesture=uuid.uuid4(), version=version)
        if age:
            raise Refused("an old version of a reading was handed in")
        self.done[f"hand in {place.purpose}"] += 1
        return True

    def decline(self) -> bool:
        assignment = self.assignment("offered", "started", "sent_back", "submitted")
        if assignment is None:
            return False
        actions.decline(assignment, by=self.person(assignment.reviewer_id), reason="I know the author")
        return True

    def take_back(self) -> bool:
        assignment = self.assignment("offered", "started", "sent_back", "submitted")
        if assignment is None:
            return False
        take_back(assignment, by=self.cast.dora, reason="You are away")
        return True

    def offer(self) -> None:
        actions.assign(
            self.project,
            self.random.choice(self.articles),
            by=self.cast.dora,
            reviewer=self.random.choice(self.readers),
        )

    def send_back(self) -> bool:
        assignment = self.assignment("submitted", "submitted", "submitted", "released", "started")
        if assignment is None:
            return False
        actions.send_back(assignment, by=self.cast.dora, reason="Look again")
        return True

    def let_lapse(self) -> None:
        later = timezone.now() + datetime.timedelta(days=8)
        with mock.patch("annotator.workflow.lapsing.timezone.now", return_value=later):
            release_stale(self.project, but=self.random.choice([None, *self.readers]))

    def take_again(self) -> bool:
        assignment = self.assignment("lapsed")
        if assignment is None:
            return False
        actions.take_again(assignment, by=self.person(assignment.reviewer_id))
        return True

    def leave(self) -> bool:
        """Ben goes; what he had in hand goes to the others."""
        held = Membership.objects.select_related("project__chain").filter(project=self.project, user=self.cast.ben)
        found = held.first()
        if found is None:
            return False
        end_role(found, by=self.cast.dora)
        self.is_ben_away = True
        return True

    def return_(self) -> None:
        give_role(self.project, by=self.cast.dora, user=self.cast.ben, role="reviewer")
        self.is_ben_away = False

    # Training

    def train(self) -> None:
        """With what gold there is; whoever did not read it for that is trained on it."""
        train_with(self.project, None, by=self.manager())

    def end_training(self) -> bool:
        if not self.sight.lessons:
            return False
        end_training_with(self.project, self.random.choice(sorted(self.sight.lessons)), by=self.cast.dora)
        return True

    def excuse(self) -> bool:
        found = Membership.objects.select_related("project__chain").filter(project=self.project, role="reviewer")
        member = self.random.choice(list(found.order_by("user__username")))
        excuse(member, by=self.cast.dora, needs_no_training=not member.needs_no_training)
        return True

    def change_conditions(self) -> None:
        redundancy = self.random.randint(1, 3)
        values: dict[str, Any] = {"redundancy": redundancy, "another_below": None, "readers_most": None}
        if redundancy < 3 and self.random.random() < 0.6:
            values |= {"another_below": 90, "readers_most": 3}
        values["release_after"] = 7
        change_conditions(self.project, by=self.cast.dora, seen=conditions_seen(self.project), values=values)
