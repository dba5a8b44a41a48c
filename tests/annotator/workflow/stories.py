"""One article, its readers, and an adjudicator at the desk: what the tests of settling are told with."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pytest

from annotator.accounts.models import User
from annotator.annotation.actions import add_spans, change_span, remove_span
from annotator.annotation.models import GOLD, AnnotationSet, Relation, Span
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Problem
from annotator.log.models import Remark
from annotator.projects.actions import give_role
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow import adjudication
from annotator.workflow.actions import assign, send_back, start
from annotator.workflow.cases import Case, Choice
from annotator.workflow.comparison import Difference
from annotator.workflow.conditions import change_conditions, conditions_seen
from annotator.workflow.models import Assignment, Decision, GoldSource
from corpus.models import Article
from tests.builders import SMALL, TEXT, Cast, link, make_article, make_project, make_user, mark, submitted

Spans: TypeAlias = Mapping[str, Sequence[Any]]
"""A name of the test's own → quote, label and perhaps attributes."""

Links: TypeAlias = Sequence[Sequence[Any]]
"""Type, the names of both ends and perhaps attributes."""

PLAN = ("the plan", "CLAIM")
REJECTED = ("rejected", "STANCE", {"polarity": "oppose"})
ISRAEL = {"entity": "israel"}


class Story:
    """Readers hand their readings in by `read`; `open`, `decide`, `publish` are the adjudicator's (Cleo's)."""

    def __init__(
        self, cast: Cast, *, text: str = TEXT, codebook: str = SMALL, redundancy: int = 2, settling: Any = None
    ) -> None:
        self.cast = cast
        self.article: Article = make_article(text)
        self.project: Project = make_project(cast, self.article, codebook=codebook, redundancy=redundancy)
        if settling:
            adjudication.set_rules(cast.dora, self.project, settling)
        self.marked: dict[User, dict[str, Span]] = {}
        self.linked: dict[User, list[Relation]] = {}

    @property
    def text(self) -> str:
        return self.article.text

    def show_names(self) -> None:
        seen = conditions_seen(self.project)
        change_conditions(self.project, by=self.cast.dora, seen=seen, values={"names_shown": True})

    # Readers

    def join(self, name: str, role: str = "reviewer") -> User:
        """One more person in the project."""
        user = make_user(name)
        give_role(self.project, by=self.cast.dora, user=user, role=role)
        return user

    def read(self, reader: User, spans: Spans, links: Links = ()) -> AnnotationSet:
        """The reader's whole reading, handed in."""
        mine = self.begin(reader)
        self.marked[reader] = {
            name: mark(mine, reader, quote, label, **(rest[0] if rest else {}))
            for name, (quote, label, *rest) in spans.items()
        }
        self.linked[reader] = [self.link(reader, *one) for one in links]
        return submitted(mine, reader)

    def begin(self, reader: User) -> AnnotationSet:
        taken = assign(self.project, self.article, by=self.cast.dora, reviewer=reader)
        started = start(taken, by=reader)
        assert started.annotation_set_id is not None
        return annotation_set_for(reader, started.annotation_set_id)

    def link(self, reader: User, type: str, source: str, target: str, attributes: Any = None) -> Relation:
        ends = self.marked[reader]
        return link(self.set_of(reader), reader, type, ends[source], ends[target], **(attributes or {}))

    def set_of(self, reader: User) -> AnnotationSet:
        return annotation_set_for(reader, self.assignment(reader).annotation_set_id)  # type: ignore[arg-type]

    def assignment(self, reader: User) -> Assignment:
        return Assignment.objects.select_related("project__chain").get(project=self.project, reviewer=reader)

    def reread(self, reader: User) -> None:
        """Ask the reader to look again: the reading is open until `hand_in`."""
        send_back(self.assignment(reader), by=self.cast.dora, reason="Look again.")

    def hand_in(self, reader: User) -> None:
        submitted(self.set_of(reader), reader)

    def move(self, reader: User, name: str, quote: str) -> None:
        span, begin = self.marked[reader][name], self.text.index(quote)
        self._change(reader, span, start=begin, end=begin + len(quote), quote=quote)

    def answer(self, reader: User, name: str, **attributes: Any) -> None:
        self._change(reader, self.marked[reader][name], attributes=attributes)

    def absent(self, reader: User, name: str, *names: str) -> None:
        self._change(reader, self.marked[reader][name], absent=list(names))

    def unmark(self, reader: User, name: str) -> None:
        span = Span.objects.get(pk=self.marked[reader][name].pk)
        remove_span(self.set_of(reader).pk, by=reader, gesture=uuid.uuid4(), id=span.pk, version=span.version)

    def _change(self, reader: User, span: Span, **values: Any) -> None:
        version = Span.objects.get(pk=span.pk).version
        set_id = self.set_of(reader).pk
        change_span(set_id, by=reader, gesture=uuid.uuid4(), id=span.pk, version=version, **values)

    # The adjudicator

    def open(self, by: User | None = None) -> Case:
        return adjudication.open_case(by or self.cast.cleo, self.project, self.article.pk)

    @property
    def case(self) -> Case:
        return adjudication.case_for(self.cast.cleo, self.project, self.article.pk)

    def voice(self, reader: User) -> str:
        """The key of the reader's newest submission."""
        return str(self.set_of(reader).submissions.latest("number").pk)

    def difference(self, what: str, name: str | None = None) -> Difference:
        """`what`: words that one reading marks there, or the type of a relation; `name`: of an attribute."""
        case = self.case
        for one in case.differences:
            group = case.comparison.groups[one.group]
            words = [self.text[item.start : item.end] for item in group.members.values() if hasattr(item, "start")]
            if one.name == name and (what in words or what == getattr(group, "type", None)):
                return one
        raise AssertionError(f"no difference about {what} {name or ''}")

    def decide(
        self, what: str, outcome: str, voice: User | None = None, *, name: str | None = None, by: User | None = None,
        alike: bool = False, **values: Any,
    ) -> Case:  # fmt: skip
        rule, note = values.pop("rule", ""), values.pop("note", "")
        choice = Choice(outcome, self.voice(voice) if voice else "", values, rule, note)
        return self.decide_key(self.difference(what, name).key, choice, by=by, alike=alike)

    def decide_key(
        self, key: str, choice: Choice, *, by: User | None = None, alike: bool = False, seen: str | None = None,
        gesture: uuid.UUID | None = None,
    ) -> Case:  # fmt: skip
        return adjudication.decide(
            by or self.cast.cleo, self.project, self.article.pk, gesture=gesture or uuid.uuid4(), key=key,
            choice=choice, alike=alike, seen=seen,
        )  # fmt: skip

    def undo(self) -> Case:
        return adjudication.undo_decision(self.cast.cleo, self.project, self.article.pk, gesture=uuid.uuid4())

    def redo(self) -> Case:
        return adjudication.redo_decision(self.cast.cleo, self.project, self.article.pk, gesture=uuid.uuid4())

    def publish(self) -> None:
        adjudication.publish(self.cast.cleo, self.project, self.article.pk)

    # What came of it

    @property
    def gold_set(self) -> AnnotationSet:
        return AnnotationSet.objects.select_related("chain").get(project=self.project, voice=GOLD)

    @property
    def gold(self) -> list[tuple[Any, ...]]:
        """Quote, label, and the answers if there are any, in reading order; free texts in full."""
        texts = {str(id): text for id, text in Remark.objects.values_list("id", "text")}
        found = []
        for span in self.gold_set.spans.order_by("start", "-end", "label"):
            answers = {name: texts.get(str(value), value) for name, value in span.attributes.items()}
            answers |= dict.fromkeys(span.absent, "not in the text")
            found.append((self._quote(span), span.label, *([answers] if answers else [])))
        return found

    @property
    def lines(self) -> list[tuple[Any, ...]]:
        """Type, quotes of both ends, and the answers if there are any."""
        relations = self.gold_set.relations.select_related("source", "target")
        ordered = sorted(relations, key=lambda one: (one.source.start, one.type, one.target.start))
        return [
            (one.type, self._quote(one.source), self._quote(one.target), *([one.attributes] if one.attributes else []))
            for one in ordered
        ]

    def _quote(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def gold_span(self, quote: str, label: str | None = None) -> Span:
        found = [span for span in self.gold_set.spans.all() if self._quote(span) == quote]
        return next(span for span in found if label in (None, span.label))

    def sources(self, item: Span | Relation, name: str = "") -> dict[str, list[User]]:
        """Outcome of each decision behind an item of gold, or behind one of its answers → the readers it followed."""
        found: dict[str, list[User]] = {}
        rows = GoldSource.objects.filter(item=item.pk, attribute=name).select_related(
            "decision", "submission__annotation_set__owner"
        )
        for row in rows:
            assert row.submission is not None
            owner = row.submission.annotation_set.owner
            assert owner is not None
            found.setdefault(row.decision.outcome, []).append(owner)
        return {outcome: sorted(readers, key=lambda user: user.username) for outcome, readers in found.items()}

    @property
    def open_words(self) -> list[str]:
        """What is open, in words: quote, kind, and the attribute or the type of the relation."""
        case = self.case
        return [_in_words(case, one) for one in case.open_differences]

    @property
    def stage(self) -> str:
        return ProjectArticle.objects.get(project=self.project, article=self.article).stage

    def decisions(self, **values: Any) -> int:
        return Decision.objects.filter(gold_set=self.gold_set, **values).count()


def _in_words(case: Case, one: Difference) -> str:
    group = case.comparison.groups[one.group]
    type = getattr(group, "type", "")
    place = case.comparison.groups[group.source_group] if type else group  # type: ignore[union-attr]
    quote = case.article.text[place.start : place.end]  # type: ignore[union-attr]
    return " · ".join(filter(None, [quote, one.kind, type, one.name]))


def read_by_two(cast: Cast, ada: Any, ben: Any, **options: Any) -> Story:
    """Ada's and Ben's readings, handed in. A reading: spans, or spans and relations."""
    story = Story(cast, **options)
    for reader, reading in ((cast.ada, ada), (cast.ben, ben)):
        spans, links = reading if isinstance(reading, tuple) else (reading, ())
        story.read(reader, spans, links)
    return story


def gold_of(cast: Cast, ada: Any, ben: Any, **options: Any) -> Story:
    """The same, opened by Cleo."""
    story = read_by_two(cast, ada, ben, **options)
    story.open()
    return story


def crowded(cast: Cast, count: int) -> Story:
    """Ada marks each word, Ben every second one."""
    words = [f"word{number:04}" for number in range(count)]
    story = Story(cast, text=" ".join(words))
    for reader, marked in ((cast.ada, words), (cast.ben, words[::2])):
        own = story.begin(reader)
        places = [
            {"id": uuid.uuid4(), "start": story.text.index(word), "end": story.text.index(word) + 8, "quote": word}
            for word in marked
        ]
        add_spans(own.pk, by=reader, gesture=uuid.uuid4(), places=places, label="CLAIM")
        submitted(own, reader)
    return story


def refusal(call: Callable[[], Any]) -> str:
    """Status and code of the problem that it raises."""
    with pytest.raises(Problem) as refused:
        call()
    return f"{refused.value.status} {refused.value.code}"
