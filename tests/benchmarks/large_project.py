"""What a page costs where a project is large: `python -m tests.benchmarks.large_project [articles]`.

On both engines a project of 100 articles and one of 100,000 are written straight into the tables:
a tenth of the articles is settled, a tenth waits for it, the rest has places left. Printed are the median of the time
from request to answer in milliseconds for each page and for taking the next article, in the small project and in the
large one, and the ratio of the two.
"""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from time import perf_counter

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from annotator.accounts.models import User  # noqa: E402
from annotator.annotation.models import GOLD, AnnotationSet, Submission  # noqa: E402
from annotator.log.chain import canonical, genesis  # noqa: E402
from annotator.log.models import Chain  # noqa: E402
from annotator.projects.actions import shuffled  # noqa: E402
from annotator.projects.models import Project, ProjectArticle  # noqa: E402
from annotator.workflow.actions import claim_next  # noqa: E402
from annotator.workflow.models import Assignment  # noqa: E402
from corpus.models import Article, Region, Source  # noqa: E402
from corpus.text import sha256  # noqa: E402
from tests.builders import Cast, make_article, make_cast, make_project, make_user  # noqa: E402
from tests.databases import ENGINES, Engine, own_run, use  # noqa: E402

SMALL_ONE, LARGE_ONE = 100, 100_000
READERS = 10
AT_ONCE = 5_000
TIMES = 15
TEXT = "The minister said that talks would go on. Both sides held back their terms."
CONTENT = canonical({"relations": [], "spans": []})
BEGUN = datetime(2024, 11, 4, 9, tzinfo=UTC)
PAGES = {
    "project": ("dora", "/projects/{slug}/"),
    "progress": ("dora", "/projects/{slug}/progress/"),
    "articles": ("dora", "/projects/{slug}/articles/"),
    "articles, near the end": ("dora", "/projects/{slug}/articles/?after={last}"),
    "articles at a stage": ("dora", "/projects/{slug}/articles/?stage=settling"),
    "add articles": ("dora", "/projects/{slug}/articles/add/"),
    "places": ("dora", "/projects/{slug}/places/"),
    "spans": ("dora", "/projects/{slug}/spans/"),
    "members": ("dora", "/projects/{slug}/members/"),
    "settings": ("dora", "/projects/{slug}/settings/"),
    "offer": ("dora", "/projects/{slug}/offer/"),
    "training": ("dora", "/projects/{slug}/training/"),
    "flags": ("dora", "/projects/{slug}/flags/"),
    "to settle": ("cleo", "/projects/{slug}/settle/"),
    "home of a reader": ("reader-0", "/"),
    "queue": ("reader-0", "/projects/{slug}/queue/"),
}


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE_ONE
    with own_run():
        for name in ENGINES:
            use(Engine(name).home)
            cast = make_cast()
            readers = [make_user(f"reader-{number}") for number in range(READERS)]
            figures = [_measured(_filled(cast, readers, count)) for count in (SMALL_ONE, large)]
            sys.stdout.write(f"{name}: {SMALL_ONE:,} articles, then {large:,}, milliseconds and ratio\n")
            for what in figures[0]:
                small, much = (one[what] for one in figures)
                sys.stdout.write(f"  {what:>24}: {small:7.1f} {much:8.1f} {much / small:6.1f}\n")


def _filled(cast: Cast, readers: list[User], count: int) -> Project:
    members = [(cast.dora, "manager"), (cast.cleo, "adjudicator"), *((one, "reviewer") for one in readers)]
    project = make_project(cast, make_article(f"First of {count}."), members=members, slug=f"of-{count}")
    for first in range(0, count, AT_ONCE):
        _fill(project, readers, range(first, min(first + AT_ONCE, count)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return project


def _fill(project: Project, readers: list[User], numbers: range) -> None:
    name = project.slug
    sources = [Source(name=f"{name}-{at}.txt", sha256=sha256(f"{name} {at}"), byte_count=len(TEXT)) for at in numbers]
    articles = [
        Article(
            source=source, source_start=0, source_end=len(TEXT), text=TEXT, sha256=sha256(TEXT), length=len(TEXT),
            language="en", title=f"Article {at} of {name}", facts_digest=sha256(str(at)),
        )
        for at, source in zip(numbers, sources, strict=True)
    ]  # fmt: skip
    regions = [Region(article=one, start=0, end=len(TEXT), kind="body", paragraph=0) for one in articles]
    rows = [
        ProjectArticle(
            project=project, article=one, position=at + 100, shuffle=shuffled(project.pk, str(one.pk)),
            stage={0: "gold", 1: "settling"}.get(at % 10, "reading"),
        )
        for at, one in zip(numbers, articles, strict=True)
    ]  # fmt: skip
    _write(sources, articles, regions, rows)
    _read(project, readers, numbers, rows)


def _read(project: Project, readers: list[User], numbers: range, rows: list[ProjectArticle]) -> None:
    """Of ten articles two are read by both their readers, three by one, and five by nobody."""
    sets: list[AnnotationSet] = []
    submissions: list[Submission] = []
    places: list[Assignment] = []
    for at, row in zip(numbers, rows, strict=True):
        when = BEGUN + timedelta(minutes=at)
        place = {"project": project, "article": row.article, "shuffle": row.shuffle, "changed_at": when}
        done = {0: 2, 1: 2, 2: 1, 3: 1, 4: 1}.get(at % 10, 0)
        for slot in range(2):
            if slot >= done:
                places.append(Assignment(slot=slot + 1, **place))
                continue
            reader = readers[(at // 10 + slot) % READERS]
            one = _closed_set(project, row.article, str(reader.pk), owner=reader)
            sets.append(one)
            submissions.append(_submission(one, when))
            places.append(Assignment(slot=slot + 1, state="submitted", reviewer=reader, annotation_set=one, **place))
        if row.stage == "gold":
            sets.append(_closed_set(project, row.article, GOLD))
            submissions.append(_submission(sets[-1], when))
    chains = [one.chain for one in sets]
    _write(chains, sets, submissions, places)


def _closed_set(project: Project, article: Article, voice: str, owner: User | None = None) -> AnnotationSet:
    chain = Chain(kind="set", log=project.chain_id)
    chain.head = genesis(str(chain.pk))
    return AnnotationSet(
        project=project, article=article, voice=voice, owner=owner, label_set=project.label_set, chain=chain,
        state="closed",
    )  # fmt: skip


def _submission(one: AnnotationSet, when: datetime) -> Submission:
    return Submission(
        annotation_set=one, label_set=one.label_set, number=1, seq=1, head=one.chain.head, content=CONTENT,
        digest=sha256(CONTENT), submitted_at=when,
    )  # fmt: skip


def _write(*kinds: Sequence[models.Model]) -> None:
    for rows in kinds:
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


def _measured(project: Project) -> dict[str, float]:
    last = project.project_articles.order_by("-position").values_list("position", flat=True)[50]
    found: dict[str, float] = {}
    for what, (name, address) in PAGES.items():
        page = address.format(slug=project.slug, last=last)
        found[what] = _median(partial(_opened, _client(name), page))
    found["next article"] = _median(partial(_taken, project, User.objects.get(username="reader-1")))
    return found


def _client(name: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=name))
    return client


def _opened(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"


def _taken(project: Project, reader: User) -> None:
    """And put back, so that each time is like the first."""
    with transaction.atomic():
        assert claim_next(project, by=reader) is not None
        transaction.set_rollback(True)


def _median(act: Callable[[], None]) -> float:
    """Milliseconds."""
    act()
    taken = []
    for _ in range(TIMES):
        begun = perf_counter()
        act()
        taken.append(perf_counter() - begun)
    return median(taken) * 1_000


if __name__ == "__main__":
    main()
