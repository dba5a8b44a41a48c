"""How fast a span is saved: `python -m tests.benchmarks.saving`.

The real server (gunicorn, two workers) on both engines, beside a bare Django view that does the same INSERTs.
Printed are spans a second and p50 and p95 in milliseconds at 1 and at 16 clients, for the bare view, the API's PUT
and the reading desk's own request; then the same with 10 and with 5,000 spans on the article. Runs are short and
interleaved, and medians of five are shown: on a busy machine the ratios hold, the numbers do not.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from annotator.accounts.models import User  # noqa: E402
from annotator.annotation.actions import add_spans  # noqa: E402
from annotator.annotation.models import AnnotationSet  # noqa: E402
from tests.builders import Cast, make_article, make_cast, make_project, make_user, secret, started_set  # noqa: E402
from tests.databases import ENGINES, Database, Engine, own_run  # noqa: E402
from tests.servers import ROOT, Server, collect_static, serving  # noqa: E402

READERS = 16
PARAGRAPH = "The minister rejected the plan, and the union called it a first step; nobody else had anything to say. "
LINES = 2000
TEXT = "\n".join([PARAGRAPH] * LINES)
"""About 200 kB, so that 5,000 spans lie as close together as in a thoroughly read article: two or three on a line."""
BARE = "tests.benchmarks.bare_server"
TO_REACH = {"api": 0.6, "desk": 0.4}


@dataclass(frozen=True)
class Reader:
    """One client: a reviewer with a set of their own, a token, and a session."""

    user: User
    set_id: uuid.UUID
    secret: str
    cookie: str
    places: Iterator[tuple[int, int]]


@dataclass(frozen=True)
class Measured:
    rate: float
    p50: float
    p95: float


Request = dict[str, Any]
Prepare = Callable[[Reader, int, int], Request]


# What each way of saving sends


def bare(reader: Reader, start: int, end: int) -> Request:
    return _put(f"/sets/{reader.set_id}/spans/{uuid.uuid4()}/", _span(start, end), {})


def api(reader: Reader, start: int, end: int) -> Request:
    headers = {"Authorization": f"Bearer {reader.secret}"}
    return _put(f"/api/v1/sets/{reader.set_id}/spans/{uuid.uuid4()}/", _span(start, end), headers)


def desk(reader: Reader, start: int, end: int) -> Request:
    body = json.dumps({"id": str(uuid.uuid4()), **_span(start, end)})
    form = {"gesture": str(uuid.uuid4()), "verb": "add_span", "reader": str(reader.user.pk), "body": body}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": reader.cookie,
        "X-CSRFToken": CSRF,
        "HX-Request": "true",
    }
    return {"method": "POST", "path": f"/sets/{reader.set_id}/gestures/", "headers": headers, "body": urlencode(form)}


CSRF = "b" * 32
WAYS: dict[str, Prepare] = {"bare": bare, "api": api, "desk": desk}


def _put(path: str, body: Any, headers: dict[str, str]) -> Request:
    return {"method": "PUT", "path": path, "headers": {"Content-Type": "application/json", **headers},
            "body": json.dumps(body)}  # fmt: skip


def _span(start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "quote": TEXT[start:end], "label": "CLAIM"}


# The stage


def readers(cast: Cast, count: int, spans: int) -> list[Reader]:
    """Reviewers at work, each on a set of their own that holds so many spans already."""
    users = [make_user(f"reader-{number}") for number in range(count)]
    members = [(user, "reviewer") for user in users] + [(cast.dora, "manager")]
    project = make_project(cast, make_article(TEXT), redundancy=count, members=members)
    found = []
    for user in users:
        annotation_set = started_set(project, user)
        places = _places()
        _fill(annotation_set, user, spans, places)
        client = Client()
        client.force_login(user)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        token = secret(user, project, "annotations:write")
        found.append(Reader(user, annotation_set.pk, token, f"{cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}", places))
    return found


def _places() -> Iterator[tuple[int, int]]:
    """Stretches that never repeat, each on one line, line after line, so that all lines fill up alike."""
    width = len(PARAGRAPH)
    for length in itertools.count(3):
        for start in range(0, width - length - 1, 3):
            for line in range(0, LINES * (width + 1), width + 1):
                yield line + start, line + start + length


def _fill(annotation_set: AnnotationSet, user: User, count: int, places: Iterator[tuple[int, int]]) -> None:
    for begun in range(0, count, 200):
        batch = itertools.islice(places, min(200, count - begun))
        spans = [{"id": uuid.uuid4(), "start": start, "end": end, "quote": TEXT[start:end]} for start, end in batch]
        add_spans(annotation_set.pk, by=user, gesture=uuid.uuid4(), places=spans, label="CLAIM")


# Measuring


def measure(server: Server, prepare: Prepare, clients: Sequence[Reader], seconds: float) -> Measured:
    address = urlsplit(server.url)
    plan = {
        "host": address.hostname,
        "port": address.port,
        "seconds": seconds,
        "clients": [
            [prepare(reader, *next(reader.places)) for _ in range(int(seconds * 2000 / len(clients)) + 100)]
            for reader in clients
        ],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load"], input=json.dumps(plan), cwd=ROOT, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{done.stderr}\n{server.log.read_text()[-3000:]}")
    found = json.loads(done.stdout)
    times = sorted(found["latencies"])
    return Measured(
        len(times) / found["seconds"], 1000 * statistics.median(times), 1000 * times[int(len(times) * 0.95)]
    )


def medians(runs: Sequence[Measured]) -> Measured:
    return Measured(*(statistics.median(getattr(run, name) for run in runs) for name in ("rate", "p50", "p95")))


@dataclass(frozen=True)
class Stage:
    """Both servers on one database, so that both write into the same tables."""

    app: Server
    bare: Server

    def compare(self, ways: Sequence[str], clients: Sequence[Reader], runs: int, seconds: float) -> dict[str, Measured]:
        found: dict[str, list[Measured]] = {way: [] for way in ways}
        for _ in range(runs):
            for way in ways:
                server = self.bare if way == "bare" else self.app
                found[way].append(measure(server, WAYS[way], clients, seconds))
        return {way: medians(each) for way, each in found.items()}


def report(engine: str, database: Database, asked: argparse.Namespace) -> None:
    cast = make_cast()
    few, many = readers(cast, READERS, 10), readers(cast, READERS, asked.spans)
    connections.close_all()
    with serving(database) as app, serving(database, BARE) as bare_one:
        stage = Stage(app, bare_one)
        for prepare, server in ((bare, bare_one), (api, app), (desk, app)):
            measure(server, prepare, few, 1.0)
        for count in (1, READERS):
            print(f"\n{engine}, {count} at once{'':>9}spans/s   p50 ms   p95 ms   of bare")
            found = stage.compare(list(WAYS), few[:count], asked.runs, asked.seconds)
            for way, one in found.items():
                share = one.rate / found["bare"].rate
                wanted = f"   to reach {TO_REACH[way]}" if way in TO_REACH and count > 1 else ""
                print(f"  {way:24}{one.rate:9.0f}{one.p50:9.1f}{one.p95:9.1f}{share:10.2f}{wanted}")
        print(f"\n{engine}, {READERS} at once, spans on the article{'':>4}10{asked.spans:>10}   ratio (to reach 0.9)")
        for way in ("api", "desk"):
            rates: dict[str, list[float]] = {"few": [], "many": []}
            for _ in range(asked.runs):
                for name, group in (("few", few), ("many", many)):
                    rates[name].append(measure(app, WAYS[way], group, asked.seconds).rate)
            first, second = (statistics.median(rates[name]) for name in ("few", "many"))
            print(f"  {way:38}{first:10.0f}{second:10.0f}{second / first:8.2f}")
        app.check_log()
        bare_one.check_log()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this engine")
    parser.add_argument("--runs", type=int, default=5, help="runs of each; the median is shown")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one run")
    parser.add_argument("--spans", type=int, default=5000, help="spans on the full article")
    asked = parser.parse_args()
    with own_run():
        collect_static()
        for name in asked.engine or ENGINES:
            engine = Engine(name)
            report(name, engine.home, asked)
            connections.close_all()
            engine.drop(engine.home)


if __name__ == "__main__":
    main()
