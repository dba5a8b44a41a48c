"""One rich world an engine, made once; every test tampers with it and everything is rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from annotator.log.checkpoints import copy_of
from annotator.log.models import Checkpoint
from tests.annotator.log.world import World, rich_world
from tests.databases import Database, Engine, use


@dataclass(frozen=True)
class Story:
    """`kept`: a copy of the last checkpoint, as it would lie on another machine."""

    world: World
    database: Database
    kept: str


@pytest.fixture(scope="module")
def _story(engine: Engine, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    database = engine.fresh()
    with django_db_blocker.unblock():
        use(database)
        world = rich_world()
        yield Story(world, database, copy_of(Checkpoint.objects.latest("number")))
        use(engine.home)
    engine.drop(database)


@pytest.fixture
def story(_story: Story, engine: Engine, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """The world of `world.py`, as it stood at its end; what the test does to it is rolled back."""
    with django_db_blocker.unblock():
        use(_story.database)
        with transaction.atomic():
            yield _story
            transaction.set_rollback(True)
        use(engine.home)
