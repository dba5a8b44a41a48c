"""How long a page of the log takes to find: `python -m tests.benchmarks.log [articles]`.

On both engines a project has so many articles, each read by two, with five events a reading. Printed are milliseconds,
the best of five, for the newest page, the oldest and each way of narrowing; then again with a tenth of them.
"""

import datetime
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from annotator.accounts.models import User  # noqa: E402
from annotator.annotation.models import AnnotationSet  # noqa: E402
from annotator.exchange.log_lines import Place  # noqa: E402
from annotator.exchange.log_page import Log, Wanted  # noqa: E402
from annotator.log.chain import canonical  # noqa: E402
from annotator.log.models import Chain, Event  # noqa: E402
from annotator.projects.models import Project, ProjectArticle  # noqa: E402
from corpus.models import Article  # noqa: E402
from tests.builders import Cast, make_cast, make_project  # noqa: E402
from tests.databases import ENGINES, Engine, own_run  # noqa: E402

ARTICLES = 20_000
AT_ONCE = 1_000
ACTIONS = ("open_set", "add_span", "add_span", "change_span", "submit")
FIRST_DAY = datetime.date(2026, 1, 1)
A_DAY = 200
"""Articles that are read in a day."""
ROUNDS = 5


def main() -> None:
    """Two lines for each engine."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with own_run():
        for name in ENGINES:
            for count in (articles, articles // 10):
                sys.stdout.write(f"{name}: {_measured(name, count)}\n")
                sys.stdout.flush()


def _measured(engine: str, articles: int) -> str:
    one = Engine(engine)
    try:
        cast = make_cast()
        project = make_project(cast)
        with transaction.atomic():
            _fill(project, cast, articles)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        took = {name: _best(page) for name, page in _pages(Log(cast.dora, project), cast)}
        figures = ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in took.items())
        return f"{articles * 2 * len(ACTIONS):,} events; ms: {figures}"
    finally:
        one.drop(one.home)


def _pages(log: Log, cast: Cast) -> Iterator[tuple[str, Callable[[], object]]]:
    oldest = log.events.filter(action="submit").order_by("id")[60]
    article = ProjectArticle.objects.filter(project=log.project).order_by("position")[1].article_id
    yield "newest", partial(log.page, Wanted())
    yield "oldest", partial(log.page, Wanted(), before=Place(oldest.chain_id, oldest.seq))
    yield "one person’s", partial(log.page, Wanted(by=cast.ada.pk))
    yield "one deed", partial(log.page, Wanted(action="submit"))
    yield "one deed, oldest", partial(log.page, Wanted(action="submit"), before=Place(oldest.chain_id, oldest.seq))
    yield "one day", partial(log.page, Wanted(day=FIRST_DAY))
    yield "one article", partial(log.page, Wanted(article=article))
    yield "nobody’s", partial(log.page, Wanted(by=cast.otto.pk))
    yield "how many there are", log.size


def _fill(project: Project, cast: Cast, articles: int) -> None:
    source = project.project_articles.get().article.source
    for first in range(1, articles + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, articles + 1))
        texts = [
            Article(
                source=source, source_start=number, source_end=number + 1, text="x", sha256=f"{number:064x}", length=1,
                title=f"Report {number}",
            )
            for number in numbers
        ]  # fmt: skip
        Article.objects.bulk_create(texts)
        ProjectArticle.objects.bulk_create(
            ProjectArticle(project=project, article=one, position=one.source_start + 1, shuffle=one.source_start)
            for one in texts
        )
        sets = [_reading(project, one, reader) for one in texts for reader in (cast.ada, cast.ben)]
        Chain.objects.bulk_create(one.chain for one in sets)
        AnnotationSet.objects.bulk_create(sets)
        Event.objects.bulk_create((event for one in sets for event in _events(one)), batch_size=AT_ONCE)


def _reading(project: Project, article: Article, reader: User) -> AnnotationSet:
    chain = Chain(kind="set", length=len(ACTIONS), head="0" * 64, log=project.chain_id)
    return AnnotationSet(
        project=project, article=article, voice=str(reader.pk), owner=reader, label_set_id=project.label_set_id,
        chain=chain, state="closed",
    )  # fmt: skip


def _events(reading: AnnotationSet) -> Iterator[Event]:
    day = FIRST_DAY + datetime.timedelta(days=reading.article.source_start // A_DAY)
    for seq, action in enumerate(ACTIONS, start=1):
        after = {"label": "CLAIM", "start": 0, "end": 1, "attributes": {"note": "x" * 300}}
        changes = [{"kind": "span", "id": str(uuid.uuid4()), "before": None, "after": after}]
        body = canonical({"action": action, "at": f"{day}T10:00:00.000000+00:00", "changes": changes, "seq": seq})
        yield Event(
            chain=reading.chain, seq=seq, gesture=uuid.uuid4(), previous="0" * 64, hash="0" * 64, body=body,
            log=reading.chain.log, by=reading.owner_id, action=action, day=day,
        )  # fmt: skip


def _best(page: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        page()
        times.append(perf_counter() - begun)
    return min(times) * 1000


if __name__ == "__main__":
    main()
