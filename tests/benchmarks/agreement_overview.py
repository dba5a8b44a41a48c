"""How fast the agreement page is: `python -m tests.benchmarks.agreement_overview [articles]`.

On both engines, 1,000 articles, three readers and twenty spans each are written straight into the tables. Then a
process of its own asks for the page as a manager would: from nothing, again, as an open page does by itself, after one
more submission, broken down, and for the spans behind a number. Printed are seconds, wall and processor, from request
to answer, and the most memory that process ever held.
"""

import os
import re
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from html import unescape
from multiprocessing import get_context
from time import perf_counter, process_time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.test import Client  # noqa: E402

from annotator.accounts.models import User  # noqa: E402
from annotator.projects.models import Project  # noqa: E402
from corpus.models import Article  # noqa: E402
from tests.annotator.agreement.bulk import hand_in_again, read_many  # noqa: E402
from tests.builders import make_cast, make_user  # noqa: E402
from tests.databases import ENGINES, Database, Engine, own_run, use  # noqa: E402

ARTICLES = 1_000
READERS = ("ada", "ben", "eve")
SLUG = "many"


def main() -> None:
    """A few lines for each engine."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with own_run():
        for name in ENGINES:
            one = Engine(name)
            _in_a_process(_fill, one.home, articles)
            sys.stdout.write(f"{name}: {articles:,} articles, {len(READERS)} readers\n")
            for line in _in_a_process(_measure, one.home, articles):
                sys.stdout.write(f"  {line}\n")


def _in_a_process(work: Callable[[Database, int], list[str]], one: Database, articles: int) -> list[str]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, one, articles).result()


def _fill(one: Database, articles: int) -> list[str]:
    use(one)
    cast = make_cast()
    read_many(cast, [make_user(name) for name in READERS], articles, slug=SLUG)
    return []


def _measure(one: Database, articles: int) -> list[str]:
    use(one)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="dora"))
    page = f"/projects/{SLUG}/agreement/"
    client.get(f"/projects/{SLUG}/")
    lines = [f"{_held():6.0f} MB before"]

    def asked(what: str, address: str, **headers: str) -> str:
        wall, processor = perf_counter(), process_time()
        answer = client.get(address, headers=headers)
        assert answer.status_code == (204 if headers else 200), f"{address}: {answer.status_code}"
        lines.append(f"{perf_counter() - wall:6.3f} s, {process_time() - processor:6.3f} s of processor: {what}")
        return answer.content.decode()

    asked("overview from nothing", f"{page}?wait=1")
    overview = asked("overview again", page)
    seen = unescape(re.findall(r'data-renew hx-get="([^"]*)"', overview)[0])
    asked("an open page asks whether anything is new", seen, **{"HX-Request": "true"})
    project = Project.objects.get(slug=SLUG)
    article = Article.objects.filter(project_articles__project=project).latest("created_at")
    hand_in_again(project, article, User.objects.get(username="ada"))
    asked("overview after one more submission", page)
    asked("by pair of readers", f"{page}by/pair/")
    asked("by week", f"{page}by/week/")
    asked("spans behind a cell", f"{page}spans/?kind=label&one=CLAIM&other=nothing")
    asked("one attribute", f"{page}answers/CLAIM.concept/")
    asked("two readers alone", f"{page}?pair=A-B")
    lines.append(f"{_held():6.0f} MB at most")
    return lines


def _held() -> float:
    """The most memory this process has held so far, in megabytes; Linux counts kilobytes, macOS bytes."""
    unit = 1 if sys.platform == "darwin" else 1_024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000


if __name__ == "__main__":
    main()
