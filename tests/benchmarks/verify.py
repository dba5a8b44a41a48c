"""How fast the log is verified: `python -m tests.benchmarks.verify [gestures]`.

On both engines one article of 40 kB is labelled, relabelled and unlabelled, two thirds of the gestures adding spans;
then the log is verified three times, and once more under a memory meter. Printed are events a second, the best of
the three, and the most that Python's memory grew by.
"""

import os
import sys
import tracemalloc
import uuid
from collections.abc import Iterator
from itertools import count, product
from time import perf_counter

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import transaction  # noqa: E402

from annotator.accounts.models import User  # noqa: E402
from annotator.annotation.actions import add_span, change_span, remove_span  # noqa: E402
from annotator.annotation.models import AnnotationSet  # noqa: E402
from annotator.workflow.verification import verification  # noqa: E402
from tests.builders import make_article, make_cast, make_project, started_set  # noqa: E402
from tests.databases import ENGINES, Engine, own_run  # noqa: E402

GESTURES = 6_000
ROUNDS = 3
PARAGRAPH = "The minister rejected the plan, and the union called it a first step; nobody else had anything to say. "
TEXT = "\n".join([PARAGRAPH * 8] * 48)
LABELS = ("CLAIM", "ACTOR")


def main() -> None:
    """One line for each engine."""
    gestures = int(sys.argv[1]) if len(sys.argv) > 1 else GESTURES
    with own_run():
        for name in ENGINES:
            sys.stdout.write(f"{name}: {_measured(name, gestures)}\n")


def _measured(engine: str, gestures: int) -> str:
    one = Engine(engine)
    try:
        cast = make_cast()
        _label(started_set(make_project(cast, make_article(TEXT)), cast.ada), cast.ada, gestures)
        events, seconds = min((_verified() for _ in range(ROUNDS)), key=lambda run: run[1])
        return f"{events / seconds:,.0f} events a second ({events:,} events), {_memory():,.1f} MB at most"
    finally:
        one.drop(one.home)


def _label(reading: AnnotationSet, by: User, gestures: int) -> None:
    """Add, add, and then change or remove the first of the two."""
    places = _places()
    with transaction.atomic():
        for turn in range(gestures // 3):
            first, second = (_add(reading, by, *next(places)) for _ in range(2))
            if turn % 2:
                remove_span(reading.pk, by=by, gesture=uuid.uuid4(), id=first[0], version=first[1])
            else:
                change_span(
                    reading.pk, by=by, gesture=uuid.uuid4(), id=second[0], version=second[1], absent=[], label="STANCE"
                )  # fmt: skip


def _places() -> Iterator[tuple[int, int, str]]:
    """Words of the text, each under each label; then again with the word after."""
    starts = [place + 1 for place, sign in enumerate(TEXT) if sign == " "]
    for words in count(1):
        for number, label in product(range(len(starts) - words - 1), LABELS):
            start, end = starts[number], starts[number + words] - 1
            if "\n" not in TEXT[start:end]:
                yield start, end, label


def _add(reading: AnnotationSet, by: User, start: int, end: int, label: str) -> tuple[uuid.UUID, int]:
    id = uuid.uuid4()
    done = add_span(
        reading.pk, by=by, gesture=uuid.uuid4(), id=id, start=start, end=end, quote=TEXT[start:end], label=label
    )
    return id, done.seq


def _verified() -> tuple[int, float]:
    run, started = verification(), perf_counter()
    assert list(run.findings()) == []
    return run.events, perf_counter() - started


def _memory() -> float:
    """How far Python's memory grew while verifying, in MB."""
    tracemalloc.start()
    _verified()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024**2


if __name__ == "__main__":
    main()
