"""How fast gold leaves: `python -m tests.benchmarks.export`.

The real server on both engines streams the gold of a generated project as JSON lines. Printed are the time to the
first byte, spans a second, and by how much the server's processes grew; on PostgreSQL also what `COPY TO` needs to
build and send the same JSON, with its ratio.
"""

import argparse
import http.client
import os
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from annotator.annotation.models import GOLD, AnnotationSet, Span, Submission  # noqa: E402
from annotator.log.chain import genesis  # noqa: E402
from annotator.log.models import Chain  # noqa: E402
from annotator.projects.models import Project, ProjectArticle  # noqa: E402
from annotator.workflow.models import Decision, GoldSource  # noqa: E402
from corpus.models import Article, Source  # noqa: E402
from tests.builders import make_cast, make_project, secret  # noqa: E402
from tests.databases import ENGINES, Engine, own_run  # noqa: E402
from tests.servers import Server, collect_static, serving  # noqa: E402

SENTENCE = "The minister rejected the plan, and the union called it a first step; nobody else had anything to say.\n"
LENGTH = 5000
BATCH = 200

SAME_JSON = """
COPY (
    SELECT json_build_object(
        'unit', 'codepoint', 'project', p.slug,
        'article', json_build_object(
            'id', a.id, 'key', left(f.sha256, 16) || '-' || a.source_start, 'sha256', a.sha256, 'length', a.length,
            'language', a.language, 'direction', a.direction, 'title', a.title, 'deck', a.deck, 'byline', a.byline,
            'outlet', a.outlet, 'published_on', a.published_on, 'withdrawn_at', a.withdrawn_at, 'text', a.text),
        'codebook', json_build_object('slug', l.slug, 'version', l.number, 'digest', l.digest),
        'set', json_build_object('id', s.id, 'voice', s.voice, 'round', s.round),
        'submission', json_build_object(
            'id', u.id, 'number', u.number, 'digest', u.digest, 'seq', u.seq, 'head', u.head, 'at', u.submitted_at),
        'spans', (
            SELECT json_agg(json_build_object(
                'id', n.id, 'start', n.start, 'end', n."end", 'label', n.label,
                'text', substr(a.text, n.start + 1, n."end" - n.start), 'attributes', n.attributes,
                'absent', n.absent, 'provenance', NULL) ORDER BY n.start, n."end" DESC, n.label COLLATE "C", n.id)
            FROM annotator_span n WHERE n.annotation_set_id = s.id),
        'relations', (
            SELECT json_agg(json_build_object('id', r.id, 'type', r.type, 'from', r.source_id, 'to', r.target_id))
            FROM annotator_relation r WHERE r.annotation_set_id = s.id),
        'nothing_here', NULL)
    FROM annotator_annotationset s
    JOIN annotator_project p ON p.id = s.project_id
    JOIN annotator_projectarticle q ON q.project_id = s.project_id AND q.article_id = s.article_id
    JOIN corpus_article a ON a.id = s.article_id
    JOIN corpus_source f ON f.id = a.source_id
    JOIN annotator_labelset l ON l.id = s.label_set_id
    JOIN annotator_submission u ON u.annotation_set_id = s.id
    WHERE s.voice = 'gold' AND q.stage = 'gold'
    ORDER BY q.position
) TO STDOUT
"""


@dataclass(frozen=True)
class Streamed:
    first_byte: float
    seconds: float
    size: int


# A project full of gold, written straight into the tables: this is about reading.


def fill(project: Project, articles: int, spans: int) -> None:
    for begun in range(0, articles, BATCH):
        numbers = range(begun, min(articles, begun + BATCH))
        texts = _articles(numbers)
        ProjectArticle.objects.bulk_create(
            ProjectArticle(project=project, article=one, position=10 + number, shuffle=number, stage="gold")
            for number, one in zip(numbers, texts, strict=True)
        )
        _gold(project, texts, spans)


def _articles(numbers: range) -> list[Article]:
    texts = []
    for number in numbers:
        text = (f"Article {number}. " + SENTENCE * (LENGTH // len(SENTENCE) + 1))[:LENGTH]
        source = Source(name=f"{number}.txt", sha256=f"{number:064x}", byte_count=LENGTH, content=b"")
        texts.append(
            Article(source=source, source_start=0, source_end=LENGTH, text=text, sha256=f"{number:064x}",
                    length=LENGTH, language="en", facts_digest="")
        )  # fmt: skip
    Source.objects.bulk_create(one.source for one in texts)
    return Article.objects.bulk_create(texts)


def _gold(project: Project, articles: list[Article], count: int) -> None:
    sets = [
        AnnotationSet(
            project=project, article=one, voice=GOLD, label_set_id=project.label_set_id, chain=_chain(project)
        )
        for one in articles
    ]
    Chain.objects.bulk_create(one.chain for one in sets)
    AnnotationSet.objects.bulk_create(sets)
    spans = [
        Span(annotation_set=one, start=place * (LENGTH // count), end=place * (LENGTH // count) + 20, label="STANCE",
             attributes={"polarity": "oppose"}, version=1)
        for one in sets for place in range(count)
    ]  # fmt: skip
    Span.objects.bulk_create(spans)
    decisions = [
        Decision(gold_set=one.annotation_set, key=str(one.pk), subject="span", outcome="agreed", members=[], version=1)
        for one in spans
    ]
    Decision.objects.bulk_create(decisions)
    GoldSource.objects.bulk_create(
        GoldSource(gold_set=span.annotation_set, item=span.pk, decision=decision, judgement=uuid.uuid4())
        for span, decision in zip(spans, decisions, strict=True)
        for _ in range(2)
    )
    Submission.objects.bulk_create(
        Submission(annotation_set=one, label_set_id=one.label_set_id, number=1, seq=1,
                   head=one.chain.head, content="{}", digest="0" * 64,
                   submitted_at=timezone.now())
        for one in sets
    )  # fmt: skip
    AnnotationSet.objects.filter(pk__in=[one.pk for one in sets]).update(state="closed")


def _chain(project: Project) -> Chain:
    chain = Chain(kind="set", length=1, log=project.chain_id)
    chain.head = genesis(str(chain.pk))
    return chain


# Measuring


def stream(server: Server, path: str, token: str) -> Streamed:
    address = urlsplit(server.url)
    client = http.client.HTTPConnection(str(address.hostname), address.port, timeout=600)
    begun = time.perf_counter()
    client.request("GET", path, headers={"Authorization": f"Bearer {token}", "Accept": "application/x-ndjson"})
    answer = client.getresponse()
    size, first_byte = len(answer.read(1)), time.perf_counter() - begun
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {answer.read()[:500]!r}")
    while piece := answer.read(2**16):
        size += len(piece)
    return Streamed(first_byte, time.perf_counter() - begun, size)


def copy_to() -> Streamed:
    begun, size, first_byte = time.perf_counter(), 0, 0.0
    with connection.cursor() as cursor, cursor.copy(SAME_JSON) as copy:
        for piece in copy:
            first_byte = first_byte or time.perf_counter() - begun
            size += len(piece)
    return Streamed(first_byte, time.perf_counter() - begun, size)


def memory(server: Server) -> float:
    """MiB that the workers have needed at most, together."""
    return sum(_peak(process) for process in _workers(server.process.pid)) / 1024


def _workers(master: int) -> Iterator[int]:
    for task in Path(f"/proc/{master}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def _peak(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def report(engine: str, server: Server, project: Project, token: str, spans: int) -> None:
    path = f"/api/v1/projects/{project.slug}/gold/"
    stream(server, f"{path}?article={uuid.uuid4()}", token)
    before = memory(server)
    queries = {"offsets only": "?text=false&provenance=false", "same JSON": "?provenance=false", "all": ""}
    rates: dict[str, float] = {}
    for name, query in queries.items():
        found = stream(server, path + query, token)
        rates[name] = spans / found.seconds
        print(f"{engine:12}{name:14}{found.first_byte:10.2f} s{rates[name]:12.0f}{found.size / 2**20:10.0f}")
    print(f"{engine:12}the server's processes grew by {memory(server) - before:.0f} MiB")
    if engine == "postgresql":
        found = copy_to()
        rate = spans / found.seconds
        print(f"{engine:12}{'COPY TO':14}{found.first_byte:10.2f} s{rate:12.0f}{found.size / 2**20:10.0f}")
        print(f"{engine:12}same JSON: {rates['same JSON'] / rate:.2f} of COPY TO (to reach 0.3)")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this engine")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--spans", type=int, default=20, help="on each article")
    asked = parser.parse_args()
    with own_run():
        collect_static()
        print(f"{'':26}{'first byte':>12}{'spans/s':>12}{'MiB':>10}")
        for name in asked.engine or ENGINES:
            engine = Engine(name)
            cast = make_cast()
            project = make_project(cast)
            token = secret(cast.dora, project, "gold:read")
            fill(project, asked.articles, asked.spans)
            if name == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")
            with serving(engine.home) as server:
                report(name, server, project, token, asked.articles * asked.spans)
                server.check_log()
            connections.close_all()
            engine.drop(engine.home)


if __name__ == "__main__":
    sys.exit(main())
