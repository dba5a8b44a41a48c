"""Comments as threads: a manager answers what a reader asks; after the release all readers of the article see them."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Substr
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Comment, Reply, Span
from annotator.errors import Problem, Unknown
from annotator.log.actions import gesture
from annotator.projects.access import roles_in
from annotator.projects.models import Project
from annotator.workflow.models import Assignment
from annotator.workflow.queries import comments_on, is_blinded, open_to
from corpus.models import Article

PAGE = 50
AROUND = 90
"""Code points of the text shown on each side of what a flag is about."""


@dataclass(frozen=True)
class Word:
    """One turn in a thread. `by`: who, as far as the person looking may know; `text` is empty for a mere mark."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Thread:
    """What one comment began. `before`, `quote`, `after`: its place in the text, empty for one on the article."""

    comment: Comment
    reader: str
    words: tuple[Word, ...]
    before: str = ""
    quote: str = ""
    after: str = ""

    @property
    def is_open(self) -> bool:
        """The last word is the reader's."""
        return self.words[-1].by == self.reader


def thread_for(user: User, pk: uuid.UUID) -> Comment:
    """The comment that began a thread, for a manager of its project who does not read the article. Raises Unknown."""
    found = Comment.objects.select_related("annotation_set__project__chain").filter(pk=pk, thread=None).first()
    if found is None or "manager" not in roles_in(user, found.annotation_set.project):
        raise Unknown()
    if is_blinded(user, found.annotation_set.project, found.annotation_set.article_id):
        raise Unknown()
    return found


def answer(comment: Comment, *, by: User, text: str, settles: bool = False) -> Reply | None:
    """Say something to a reader's comment, or with `settles` only that it is dealt with.

    The reader reads it at the desk, nobody else before the release. To say that something is dealt with
    whose last word is a manager's already changes nothing.
    """
    text = text.strip()
    if not text and not settles:
        raise Problem("Write an answer, or mark the comment as dealt with.", code="answer_missing", field="text")
    project = comment.annotation_set.project
    with gesture(project.chain, by=by, action="answer_comment") as current:
        if not text and not _open(Comment.objects.filter(pk=comment.pk)).exists():
            return None
        reply = Reply(annotation_set=comment.annotation_set, thread=comment.pk, by=by, made_at=timezone.now())
        reply.remark = current.remark(text) if text else None
        return current.add(reply)


def threads_for(user: User, project: Project, *, everything: bool, after: str = "") -> tuple[list[Thread], str]:
    """A page of the project's threads, without those on articles that the person reads.

    Guideline gaps first, then other flags, then mere comments, each from the newest on; only flags whose
    last word is the reader's unless `everything` is wanted. Returns where the page ends, empty for the last.
    Five queries, however many threads.
    """
    found = _heads(user, project)
    if not everything:
        found = _open(found.exclude(flag=""))
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    rows = list(_placed(found).order_by(RANK, "-made_at", "pk")[start : start + PAGE + 1])
    return _threads(rows[:PAGE]), str(start + PAGE) if len(rows) > PAGE else ""


def open_flags(user: User, project: Project) -> int:
    """How many flags wait for an answer."""
    return _open(_heads(user, project).exclude(flag="")).count()


def readers_threads(user: User, own: AnnotationSet) -> list[Thread]:
    """What the readers of a released article remarked, for one of them; the others without their names, unless
    the project shows names.

    Empty before the release, whoever asks.
    """
    article = Assignment.objects.filter(project=own.project_id, article=own.article_id, state="released")
    if not article.filter(reviewer=user).exists():
        return []
    sets = article.exclude(annotation_set=None).values("annotation_set")
    found = Comment.objects.filter(thread=None, annotation_set__in=sets)
    return _threads(list(_placed(found).order_by("made_at", "pk")), seen_by=user)


def replies_on(sets: Iterable[str]) -> dict[str, list[Reply]]:
    """Comment → what was answered, oldest first. Not a door: callers have passed one."""
    found: dict[str, list[Reply]] = defaultdict(list)
    for reply in Reply.objects.filter(annotation_set__in=set(sets)).select_related("remark", "by").order_by("made_at"):
        found[str(reply.thread)].append(reply)
    return found


RANK = Case(When(flag="guideline gap", then=0), When(flag="", then=2), default=1, output_field=IntegerField())


def _heads(user: User, project: Project) -> QuerySet[Comment, Any]:
    """The comments that began threads, without those on articles that the person reads."""
    found = Comment.objects.filter(thread=None, annotation_set__project=project)
    found = found.annotate(project=F("annotation_set__project"), article=F("annotation_set__article"))
    return found.filter(open_to(user))


def _open(heads: QuerySet[Comment, Any]) -> QuerySet[Comment, Any]:
    """Threads whose last word is the reader's."""
    newest = Comment.objects.filter(thread=OuterRef("pk")).order_by("-made_at").values("made_at")[:1]
    answered = Reply.objects.filter(thread=OuterRef("pk"), made_at__gte=OuterRef("last_word"))
    return heads.annotate(last_word=Coalesce(Subquery(newest), F("made_at"))).filter(~Exists(answered))


def _placed(heads: QuerySet[Comment, Any]) -> QuerySet[Comment, Any]:
    """With the words that the comment is about and some around, cut by the database: texts may be long."""
    span = Span.objects.filter(pk=OuterRef("span_id"))
    start, end = Subquery(span.values("start")), Subquery(span.values("end"))
    first = Greatest(F("start") - AROUND, Value(0))
    text = "annotation_set__article__text"
    return (
        heads.annotate(start=start, end=end)
        .annotate(
            before=Substr(text, first + 1, F("start") - first),
            quote=Substr(text, F("start") + 1, F("end") - F("start")),
            behind=Substr(text, F("end") + 1, AROUND),
        )
        .select_related("remark", "annotation_set__owner", "annotation_set__project")
        .defer("annotation_set__article__text")
    )


def _threads(heads: Sequence[Any], *, seen_by: User | None = None) -> list[Thread]:
    """`seen_by`: a reader, to whom others may have no names; None for a manager."""
    sets = {str(head.annotation_set_id) for head in heads}
    further: dict[str, list[Comment]] = defaultdict(list)
    for comment in comments_on(sets):
        further[str(comment.thread)].append(comment)
    replies = replies_on(sets)
    articles = Article.objects.defer("text").in_bulk({head.annotation_set.article_id for head in heads})
    found = []
    for head in heads:
        head.annotation_set.article = articles[head.annotation_set.article_id]
        reader = _reader(head.annotation_set, seen_by)
        own = [_word(reader, one) for one in [head, *further[str(head.pk)]]]
        others = [_word("The manager" if seen_by else reply.by.username, reply) for reply in replies[str(head.pk)]]
        words = tuple(sorted([*own, *others], key=lambda word: word.at))
        found.append(Thread(head, reader, words, *_place(head)))
    return found


def _place(head: Any) -> tuple[str, str, str]:
    """Dots where the text goes on."""
    if head.start is None:
        return "", "", ""
    dots = "…" if head.start > AROUND else "", "…" if len(head.behind) == AROUND else ""
    return dots[0] + head.before, head.quote, head.behind + dots[1]


def _word(by: str, said: Comment | Reply) -> Word:
    return Word(by, said.remark.text if said.remark else "", said.made_at)


def _reader(own: AnnotationSet, seen_by: User | None) -> str:
    assert own.owner is not None
    if own.owner == seen_by:
        return "You"
    return own.owner.username if seen_by is None or own.project.names_shown else "Another reader"
