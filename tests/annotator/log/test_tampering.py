"""Whoever changes the database behind the app's back is found out; and nobody else is accused."""

import os
import random
from random import Random

import pytest
from django.db import transaction

from annotator.workflow.verification import verification
from tests.annotator.log.conftest import Story
from tests.annotator.log.rewriting import rewritten
from tests.annotator.log.tampering import TAMPERINGS, Tampering, tampered

SEED = int(os.environ.get("TAMPERING_SEED", random.randrange(10**9)))
ROUNDS = 10
REWRITES = 30


def findings(*kept: str) -> list[str]:
    return list(verification(kept).findings())


@pytest.mark.parametrize("number", range(len(TAMPERINGS)), ids=lambda number: f"{number}-{TAMPERINGS[number].__name__}")
def test_ten_random_tamperings_are_all_found(story: Story, number: int) -> None:
    tampering: Tampering = TAMPERINGS[number]
    for round_ in range(ROUNDS):
        with transaction.atomic():
            done = tampered(tampering, Random(f"{SEED} {number} {round_}"))
            assert findings(), f"not found: {done}. Again with TAMPERING_SEED={SEED}"
            transaction.set_rollback(True)


def test_history_hashed_anew_and_tails_cut_off_are_found_with_a_checkpoint_kept_elsewhere(story: Story) -> None:
    for round_ in range(REWRITES):
        with transaction.atomic():
            done = rewritten(Random(f"{SEED} rewriting {round_}"))
            assert findings(story.kept), f"not found: {done}. Again with TAMPERING_SEED={SEED}"
            transaction.set_rollback(True)


def test_an_untouched_world_is_not_accused(story: Story) -> None:
    assert findings() == []
    assert findings(story.kept) == []
