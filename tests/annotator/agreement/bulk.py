"""Many readings of many articles, written straight into the tables: for pages that only ever read them."""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Submission
from annotator.log.chain import canonical
from annotator.log.models import Chain
from annotator.projects.models import Project, ProjectArticle
from annotator.schema.codebook import Attribute, Codebook
from annotator.workflow.models import Assignment
from corpus.models import Article, Region, Source
from corpus.text import sha256
from tests.builders import LARGE, Cast, make_article, make_project

WORDS = "the minister said that talks on a ceasefire would go on while both sides held back their terms".split()
OUTLETS = ("Morning Post", "Evening News", "")
BEGUN = datetime(2024, 11, 4, 9, tzinfo=UTC)
LENGTH = 5_000
TEXT = (" ".join(WORDS * 60))[:LENGTH]
FURNITURE = (2_400, 2_500)


def read_many(
    cast: Cast, readers: Sequence[User], articles: int, *, spans: int = 20, seed: int = 1, slug: str = "many"
) -> Project:
    """A project whose articles were each read by all the readers, who mostly see the same."""
    members = [(cast.dora, "manager"), (cast.cleo, "adjudicator"), *((reader, "reviewer") for reader in readers)]
    project = make_project(cast, make_article(f"First of {slug}."), codebook=LARGE, members=members, slug=slug)
    chance = random.Random(seed)
    made = _articles(articles, slug)
    ProjectArticle.objects.bulk_create(
        [
            ProjectArticle(project=project, article=article, position=at + 100, shuffle=at, stage="settling")
            for at, article in enumerate(made)
        ],
        batch_size=500,
    )
    for at in range(0, articles, 250):
        _readings(project, made[at : at + 250], readers, spans, chance, at)
    return project


def hand_in_again(project: Project, article: Article, reader: User) -> None:
    """One more submission of a reading there is, as after a send-back that changed nothing in it."""
    before = Submission.objects.filter(annotation_set__article=article, annotation_set__owner=reader).latest("number")
    Submission.objects.create(
        annotation_set=before.annotation_set, label_set=before.label_set, number=before.number + 1, seq=before.seq,
        head=before.head, content=before.content, digest=before.digest,
        submitted_at=before.submitted_at + timedelta(days=1),
    )  # fmt: skip


def _articles(count: int, slug: str) -> list[Article]:
    sources = [
        Source(name=f"{slug}-{at}.txt", sha256=sha256(f"{slug} {at}"), byte_count=LENGTH, content=b"")
        for at in range(count)
    ]
    Source.objects.bulk_create(sources, batch_size=500)
    articles = [
        Article(
            source=source, source_start=0, source_end=LENGTH, text=TEXT, sha256=sha256(TEXT), length=LENGTH,
            language="en", outlet=OUTLETS[at % len(OUTLETS)], published_on=date(2024, 11, 1),
            facts_digest=sha256(str(at)),
        )
        for at, source in enumerate(sources)
    ]  # fmt: skip
    Article.objects.bulk_create(articles, batch_size=200)
    edges = (0, *FURNITURE, LENGTH)
    regions = [
        Region(article=article, start=start, end=end, kind=kind, paragraph=0)
        for article in articles
        for start, end, kind in zip(edges, edges[1:], ("body", "boilerplate", "body"), strict=False)
    ]
    Region.objects.bulk_create(regions, batch_size=1_000)
    return articles


def _readings(
    project: Project,
    articles: Sequence[Article],
    readers: Sequence[User],
    spans: int,
    chance: random.Random,
    first: int,
) -> None:
    chains: list[Chain] = []
    sets: list[AnnotationSet] = []
    submissions: list[Submission] = []
    places: list[Assignment] = []
    for at, article in enumerate(articles, start=first):
        seen = [_span(project.label_set.codebook, chance) for _ in range(spans)]
        for slot, reader in enumerate(readers):
            chain = Chain(id=uuid.uuid4(), kind="set", head="0" * 64, log=project.chain_id)
            one = AnnotationSet(
                project=project, article=article, voice=str(reader.pk), owner=reader, label_set=project.label_set,
                chain=chain, state="closed",
            )  # fmt: skip
            content = canonical(_content(project.label_set.codebook, seen, chance))
            at_hour = BEGUN + timedelta(hours=at, minutes=slot)
            chains.append(chain)
            sets.append(one)
            submissions.append(
                Submission(
                    annotation_set=one, label_set=one.label_set, number=1, seq=1, head="0" * 64, content=content,
                    digest=sha256(content), submitted_at=at_hour,
                )
            )  # fmt: skip
            places.append(
                Assignment(
                    project=project, article=article, slot=slot + 1, shuffle=at, reviewer=reader, state="submitted",
                    annotation_set=one, changed_at=at_hour,
                )
            )  # fmt: skip
    Chain.objects.bulk_create(chains, batch_size=500)
    AnnotationSet.objects.bulk_create(sets, batch_size=500)
    Submission.objects.bulk_create(submissions, batch_size=200)
    Assignment.objects.bulk_create(places, batch_size=500)


def _content(
    codebook: Codebook, seen: Sequence[Mapping[str, Any]], chance: random.Random
) -> dict[str, list[dict[str, Any]]]:
    """What one reader makes of what there is to see: something missed, an edge moved, an answer changed."""
    spans: dict[tuple[int, int, str], dict[str, Any]] = {}
    for span in seen:
        if chance.random() < 0.1:
            continue
        mine = _varied(codebook, span, chance)
        spans.setdefault((mine["start"], mine["end"], mine["label"]), mine)
    found = list(spans.values())
    return {"spans": found, "relations": list(_relations(found, chance))}


def _span(codebook: Codebook, chance: random.Random) -> dict[str, Any]:
    start, label = chance.randrange(LENGTH - 150), chance.choice(codebook.labels).key
    return {
        "start": start, "end": start + chance.randrange(5, 120), "label": label,
        "attributes": _answers(codebook, label, chance), "absent": [],
    }  # fmt: skip


def _varied(codebook: Codebook, span: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    mine = {**span, "id": str(uuid.UUID(int=chance.getrandbits(128))), "attributes": dict(span["attributes"])}
    kind = chance.random()
    if kind < 0.2:
        mine["start"] = max(0, mine["start"] - chance.randrange(1, 8))
    elif kind < 0.25:
        mine["end"] += chance.randrange(1, 20)
    elif kind < 0.3:
        mine["label"] = chance.choice(codebook.labels).key
        mine["attributes"] = _answers(codebook, mine["label"], chance)
    for name, other in _answers(codebook, mine["label"], chance).items():
        if chance.random() < 0.12:
            mine["attributes"][name] = other
    return mine


def _answers(codebook: Codebook, label: str, chance: random.Random) -> dict[str, Any]:
    asked = codebook.attributes(label).values()
    given = {each.key: _answer(codebook, each, chance) for each in asked if each.required_when is None}
    return {key: answer for key, answer in given.items() if answer is not None}


def _answer(codebook: Codebook, asked: Attribute, chance: random.Random) -> Any:
    if asked.kind == "choice":
        return chance.choice(asked.value_keys[:3])
    if asked.kind == "flag":
        return chance.random() < 0.2
    if asked.kind == "key" and asked.list and chance.random() < 0.8:
        return chance.choice(codebook.lists[asked.list]).key
    return None


def _relations(spans: Sequence[Mapping[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    actors = [span for span in spans if span["label"] == "ACTOR"]
    for span in spans:
        if span["label"] != "ACTOR" and actors:
            nearest = min(actors, key=lambda actor: abs(actor["start"] - span["start"]))
            type_ = "held_by" if span["label"] == "STANCE" else "made_by"
            yield {
                "id": str(uuid.UUID(int=chance.getrandbits(128))), "type": type_, "source": span["id"],
                "target": nearest["id"], "attributes": {},
            }  # fmt: skip
