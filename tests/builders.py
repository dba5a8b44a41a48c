"""The cast of all stories and the things they work on, made through the same actions that the app uses."""

import itertools
import json
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connections

from annotator.accounts.models import User
from annotator.annotation.actions import add_span, comment, propose, relate
from annotator.annotation.models import AnnotationSet, Comment, Relation, Span
from annotator.annotation.queries import annotation_set_for
from annotator.log.models import Event
from annotator.projects.actions import import_drafts
from annotator.projects.models import Project
from annotator.projects.people import create_user, make_token
from annotator.registers.models import Proposal
from annotator.schema.actions import load_codebook, load_file
from annotator.schema.models import LabelSet
from annotator.settings import BASE_DIR
from annotator.workflow.actions import claim_next, submit
from annotator.workflow.adjudication import decide, open_case, publish
from annotator.workflow.campaign import start_project
from annotator.workflow.cases import Choice
from corpus.drafts import ArticleDraft, Fact, Region, covering
from corpus.models import Article

PASSWORD = "a long enough password"
SMALL = "claims-actors-stances"
LARGE = "news-positions"
WITH_LISTS = "small-with-lists"
OWN = "own"
"""The small codebook again for one project alone, which can publish versions of it."""
"""The small codebook with a list of actors and one of concepts."""

TEXT = (
    "The minister rejected the plan.\n"
    "“It costs too much,” she said in Geneva.\n"
    "The union called the plan a first step, and the plan stands."
)
TEXT_MIXED = (
    "👩‍👩‍👧‍👦 families want talks 🇨🇭 now.\n"
    "Cafe\u0301 owners disagree: a\u0308 cafe\u0301 is no parliament.\n"
    "قال الوزير إن المحادثات انتهت، and the talks ended.\n"
    "“Nobody won,” the minister’s aide told 𝒩ews 👍🏽."
)
"""Emoji of several code points, combining marks, right to left inside left to right, letters past U+FFFF."""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cast:
    """Ada and Ben review, Cleo adjudicates, Dora manages, Otto has no business here, Root administers."""

    ada: User
    ben: User
    cleo: User
    dora: User
    otto: User
    root: User

    @property
    def members(self) -> list[tuple[User, str]]:
        return [(self.ada, "reviewer"), (self.ben, "reviewer"), (self.cleo, "adjudicator"), (self.dora, "manager")]


def make_cast() -> Cast:
    names = ("ada", "ben", "cleo", "dora", "otto")
    return Cast(*(make_user(name) for name in names), root=make_user("root", administrator=True))


def make_user(name: str, *, administrator: bool = False) -> User:
    """The person of this name, who signs in with PASSWORD."""
    known = User.objects.filter(username=name).first()
    return known or create_user(name, by=None, administrator=administrator, password=PASSWORD)


def make_codebook(slug: str = SMALL) -> LabelSet:
    if slug == WITH_LISTS:
        return load_codebook(_with_lists(), by=None)
    if slug == OWN:
        return load_codebook({**_small(), "slug": f"own-{next(_numbers)}"}, by=None)
    return load_file(BASE_DIR / "seeds" / "codebooks" / f"{slug}.json", by=None)


def _small() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((BASE_DIR / "seeds" / "codebooks" / f"{SMALL}.json").read_text())
    return data


def _with_lists() -> dict[str, Any]:
    """The small codebook, asking for entries of two lists: who an actor is, which concept a claim states."""
    data = _small()
    asked = {"kind": "key", "in_agreement": True}
    for label in data["labels"]:
        if label["key"] == "ACTOR":
            label["attributes"].append({"key": "who", "name": "Who", "list": "actors", **asked})
        if label["key"] == "CLAIM":
            label["attributes"].append({"key": "concept", "name": "Concept", "list": "concepts", **asked})
    actors = (("government", "The government"), ("ministry", "Ministry of Works"), ("union", "Union of Bakers"))
    data["lists"] = {
        "actors": [
            {"key": key, "label": label, "kind": "organisation", "sector": "civil", "aliases": [f"the {key}"]}
            for key, label in actors
        ],
        "concepts": [
            {"key": "PLAN", "statement": "The plan goes ahead.", "group": "Plan", "definition": "As it was published."},
            {"key": "COST", "statement": "The plan costs too much.", "group": "Plan"},
        ],
    }
    data["checks"].append({"key": "retired_entry", "severity": "warning", "text": "An entry that is not in use."})
    return {**data, "slug": WITH_LISTS}


def make_article(text: str = TEXT, *, regions: Sequence[Region] = (), language: str = "en", **facts: str) -> Article:
    """An article with this text, as an import would make it; `facts` such as title="…", published_on="2024-11-10"."""
    stated = {name: Fact(facts[name]) if name in facts else None for name in Article.FACTS}
    draft = ArticleDraft(
        text=text, source_start=0, source_end=len(text), language=language,
        direction="rtl" if language in ("ar", "he") else "ltr",
        regions=covering(text, regions), notes=(), **stated,
    )  # fmt: skip
    content = text.encode() if not facts else text.encode() + b"\0" + json.dumps(facts).encode()
    new, known = import_drafts(f"article-{next(_numbers)}.txt", content, [draft], by=None)
    return [*new, *known][0]


def seed_article(name: str) -> Article:
    """A file of the seeds as one article, untrimmed; its regions are those of a text without furniture."""
    content = (BASE_DIR / "seeds" / name).read_bytes()
    text = content.decode()
    draft = ArticleDraft(
        text=text, source_start=0, source_end=len(text), language="en", direction="ltr",
        regions=covering(text, ()), notes=(), **dict.fromkeys(Article.FACTS),
    )  # fmt: skip
    new, known = import_drafts(name, content, [draft], by=None)
    return [*new, *known][0]


def make_project(
    cast: Cast,
    *articles: Article,
    codebook: str = SMALL,
    redundancy: int = 2,
    members: Iterable[tuple[User, str]] | None = None,
    slug: str = "",
) -> Project:
    """A project with the cast's members in their roles and its articles open for readers."""
    return start_project(
        by=cast.root, name="Talks", slug=slug or f"talks-{next(_numbers)}", label_set=make_codebook(codebook),
        redundancy=redundancy, articles=articles or [make_article()],
        members=cast.members if members is None else members,
    )  # fmt: skip


def started_set(project: Project, user: User) -> AnnotationSet:
    """The reviewer's set of the next article, claimed as the queue would."""
    assignment = claim_next(project, by=user)
    assert assignment is not None, "nothing is left to claim"
    assert assignment.annotation_set_id is not None
    return annotation_set_for(user, assignment.annotation_set_id)


def place(annotation_set: AnnotationSet, quote: str, nth: int = 0) -> tuple[int, int]:
    """Where the quote stands in the set's article, the first time or the nth after it."""
    text, start = annotation_set.article.text, -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    return start, start + len(quote)


def mark(annotation_set: AnnotationSet, by: User, quote: str, label: str, *, nth: int = 0, **attributes: Any) -> Span:
    """Highlight the quote, as the desk would."""
    start, end = place(annotation_set, quote, nth)
    id = uuid.uuid4()
    add_span(
        annotation_set.pk, by=by, gesture=uuid.uuid4(), id=id, start=start, end=end, quote=quote, label=label,
        attributes=attributes,
    )  # fmt: skip
    return Span.objects.get(pk=id)


def link(annotation_set: AnnotationSet, by: User, type: str, source: Span, target: Span, **attributes: Any) -> Relation:
    id = uuid.uuid4()
    relate(
        annotation_set.pk, by=by, gesture=uuid.uuid4(), id=id, type=type, source=source.pk, target=target.pk,
        attributes=attributes,
    )  # fmt: skip
    return Relation.objects.get(pk=id)


def flagged(annotation_set: AnnotationSet, by: User, flag: str, text: str, *, span: Span | None = None) -> Comment:
    """Comment on a span, or on the article, as the desk would."""
    id = uuid.uuid4()
    about = span.pk if span else None
    comment(annotation_set.pk, by=by, gesture=uuid.uuid4(), id=id, text=text, flag=flag, span=about)
    return Comment.objects.get(pk=id)


def proposed(
    annotation_set: AnnotationSet, by: User, name: str, kind: str = "organisation", *, list: str = "actors"
) -> Proposal:
    """An entry proposed while reading, as the desk would."""
    id = uuid.uuid4()
    propose(annotation_set.pk, by=by, gesture=uuid.uuid4(), id=id, list=list, name=name, kind=kind)
    return Proposal.objects.get(pk=id)


def submitted(annotation_set: AnnotationSet, by: User) -> AnnotationSet:
    """Hand the reading in as it stands; the codebook's checks must have no error to report."""
    fresh = annotation_set_for(by, annotation_set.pk)
    _, gaps = submit(fresh.pk, by=by, gesture=uuid.uuid4(), version=fresh.chain.length)
    assert not [gap for gap in gaps if gap.severity == "error"], gaps
    return annotation_set_for(by, annotation_set.pk)


def last_event(annotation_set: AnnotationSet) -> dict[str, Any]:
    """The body of the newest event of the set."""
    event = Event.objects.filter(chain=annotation_set.chain_id).order_by("-seq").first()
    assert event is not None
    body: dict[str, Any] = json.loads(event.body)
    return body


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; each gives its result or the exception it raised.

    Needs `live_database`: what is rolled back cannot be seen from another thread.
    """
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def settled(project: Project, article: Article, by: User, *, voice: Callable[[list[str]], str] = min) -> AnnotationSet:
    """Gold of the article, published: of each difference the reading is taken that `voice` picks of those there are."""
    case = open_case(by, project, article.pk)
    while case.open_differences:
        difference = case.open_differences[0]
        group = case.comparison.groups[difference.group]
        choice = Choice("took", voice=voice(list(group.members)))
        case = decide(by, project, article.pk, gesture=uuid.uuid4(), key=difference.key, choice=choice)
    publish(by, project, article.pk)
    return case.gold_set


def secret(owner: User, project: Project, *scopes: str) -> str:
    """A token of the owner's for one project."""
    return make_token(owner, name="a program", scopes=scopes, projects=[project], by=owner)[1]
