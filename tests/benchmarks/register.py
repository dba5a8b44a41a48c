"""How fast an entry is found: `python -m tests.benchmarks.register [entries]`.

On both engines a project has 5,000 entries of its own beside those of its codebook. Printed is the median of the
time from request to answer, wall and processor of this process, for what a reader types into an actor's question
(a letter, a name, a common word, nothing), beside a request about a list that there is not; and the size of the
desk's page with and without these entries.
"""

import os
import sys
from statistics import median
from time import perf_counter, process_time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.test import Client  # noqa: E402

from annotator.annotation.models import AnnotationSet  # noqa: E402
from annotator.log.actions import gesture  # noqa: E402
from annotator.projects.models import Project  # noqa: E402
from annotator.registers.actions import _added, _checked, _free_key  # noqa: E402
from tests.builders import LARGE, Cast, make_cast, make_project, proposed, started_set  # noqa: E402
from tests.databases import ENGINES, Engine, own_run, use  # noqa: E402

ENTRIES = 5_000
TIMES = 40
TYPED = {
    "one letter": "q=m", "a name": "q=minister+of+works+49", "a common word": "q=minister", "nobody": "q=zzz",
    "nothing": "near=the+minister+of+works",
}  # fmt: skip


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with own_run():
        for name in ENGINES:
            use(Engine(name).home)
            cast = make_cast()
            project = make_project(cast, codebook=LARGE)
            reading = started_set(project, cast.ada)
            proposed(reading, cast.ada, "Minister of Sand")
            client = Client(SERVER_NAME="127.0.0.1")
            client.force_login(cast.ada)
            before = len(client.get(f"/sets/{reading.pk}/").content)
            fill(cast, project, entries)
            after = len(client.get(f"/sets/{reading.pk}/").content)
            sys.stdout.write(f"{name}: {entries:,} entries; the desk's page {before:,} bytes before, {after:,} after\n")
            for what, (wall, processor) in measured(client, reading).items():
                sys.stdout.write(f"  {what:>14}: {wall:5.1f} ms wall, {processor:5.1f} ms processor\n")


def fill(cast: Cast, project: Project, entries: int) -> None:
    with gesture(project.chain, by=cast.dora, action="add_entry") as current:
        for number in range(entries):
            data = {"label": f"Minister of Works {number}", "kind": "person", "sector": "government",
                    "aliases": [f"Minister {number}", f"M. {number}"]}  # fmt: skip
            key = _free_key(project, "actors", f"minister-{number}", "")
            _added(current, project, "actors", _checked(project, "actors", key, data), None)


def measured(client: Client, reading: AnnotationSet) -> dict[str, tuple[float, float]]:
    """Milliseconds by what is asked; the requests take turns."""
    paths = {"no list at all": f"/sets/{reading.pk}/entries/nowhere/?q=m"}
    paths |= {what: f"/sets/{reading.pk}/entries/actors/?{query}" for what, query in TYPED.items()}
    times: dict[str, list[tuple[float, float]]] = {what: [] for what in paths}
    for _ in range(TIMES):
        for what, path in paths.items():
            begun = perf_counter(), process_time()
            assert client.get(path).status_code == 200
            times[what].append((1000 * (perf_counter() - begun[0]), 1000 * (process_time() - begun[1])))
    return {what: (median(one[0] for one in taken), median(one[1] for one in taken)) for what, taken in times.items()}


if __name__ == "__main__":
    main()
