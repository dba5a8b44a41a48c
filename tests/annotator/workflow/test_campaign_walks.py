"""Two hundred campaigns of fifty steps: whatever people do in whatever order, what must hold holds.

After every step: bounds, quotes, relations, provenance, places and their states, stages, one gold, second settlings.
Once a walk: that a reader learns nothing of what others do on the same article, nor whoever settles it a second time
of the first settling, that the picture of all days ends with what stands now, and that the tables are what the events
tell.
A walk that fails says its seed and its steps; `-k "[sqlite-137]"` takes that one walk again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from random import Random
from unittest import mock

import pytest

from annotator.workflow.verification import verification
from tests.annotator.workflow.pictures import shown_last, standing_now
from tests.annotator.workflow.walk.blindness import check_blindness, check_second_blindness, undone
from tests.annotator.workflow.walk.walk import Walk
from tests.builders import make_cast

WALKS = 200
STEPS = 50
CAMPAIGN = set(
    "bring_a_text claim label relate step_back hand_in send_back open decide publish reopen release train settle_again"
    " decide_again hand_in_again".split()
)
HANDED_IN = {"hand in reading", "hand in training", "hand in repeat"}
FEW = 40
"""Walks, a fifth of all, that come through everything there is."""

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(WALKS))
def test_a_campaign_walked_at_random_stays_in_order(seed: int) -> None:
    walked(seed)


def test_the_same_seed_takes_the_same_steps() -> None:
    first, again = passing([-1, -1])
    assert first.trail == again.trail


def test_few_walks_come_through_the_whole_campaign() -> None:
    left = CAMPAIGN | HANDED_IN
    for walk in passing(range(-FEW, 0)):
        left -= set(walk.done)
        if not left:
            return
    pytest.fail(f"nobody came to {left}")


def passing(seeds: Iterable[int]) -> Iterator[Walk]:
    """Walks one after the other, each from the beginning."""
    for seed in seeds:
        with undone():
            yield walked(seed)


def walked(seed: int) -> Walk:
    with _told_by(seed):
        walk = Walk(make_cast(), seed)
        half = walk.random.randint(STEPS * 2 // 5, STEPS)
        try:
            walk.go(STEPS, pause=half, meanwhile=lambda: look_aside(walk, pages=seed % 25 == 0))
            check_picture(walk)
            assert list(verification().findings()) == []
        except Exception as error:
            error.add_note(f"Walk {seed}: " + ", ".join(walk.trail))
            raise
    return walk


def look_aside(walk: Walk, *, pages: bool) -> None:
    check_blindness(walk, steps=3, pages=pages)
    check_second_blindness(walk, steps=3, pages=pages)


def check_picture(walk: Walk) -> None:
    for user in (walk.cast.dora, walk.cast.root):
        assert shown_last(user, walk.project) == standing_now(user, walk.project)


@contextmanager
def _told_by(seed: int) -> Iterator[None]:
    """Ids too follow from the seed, for the order in which articles come to readers follows from them."""
    with mock.patch("os.urandom", Random(f"ids of {seed}").randbytes):
        yield
