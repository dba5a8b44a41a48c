"""What every test can ask for. A test that touches the database runs once on each engine.

`db` (or the mark `django_db`): rolled back at the end. `live_database`: a fresh copy with real commits, for
threads and processes. `server`: the app itself under gunicorn. `cast`: the people of all stories.
`@pytest.mark.engines("sqlite")` keeps a long test to one engine.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from tests import postgresql
from tests.builders import Cast, make_cast
from tests.databases import ENGINES, Database, Engine, own_run, sweep, use
from tests.servers import Server, collect_static, serving

hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engines(*names): the engines that this test runs on")
    if not _is_worker(config):
        run = ExitStack()
        run.enter_context(own_run())
        config.add_cleanup(run.close)
        sweep()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = metafunc.definition.get_closest_marker("django_db")
    if mark is None and "engine" not in metafunc.fixturenames:
        return
    if "transactional_db" in metafunc.fixturenames or (mark and mark.kwargs.get("transaction")):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: the log refuses a flush; use live_database")
    if "engine" not in metafunc.fixturenames:
        metafunc.fixturenames.append("engine")
    module = metafunc.definition.nodeid.split("::")[0]
    wanted = [
        pytest.param(name, marks=pytest.mark.xdist_group(f"{name} {module}"))
        for name in _engines_for(metafunc.definition)
    ]
    metafunc.parametrize("engine", wanted, indirect=True, scope="session")


def _engines_for(test: pytest.Item) -> tuple[str, ...]:
    mark = test.get_closest_marker("engines")
    if mark:
        return tuple(mark.args)
    return ("sqlite",) if "browser" in test.path.parts else ENGINES


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)
    for item in items:
        if "browser" in item.path.parts:
            # A browser on a machine with other work may be late once. What failed first is printed all the same.
            item.add_marker(pytest.mark.flaky(reruns=1))


def _place(item: pytest.Item) -> tuple[int, int]:
    """House checks first, for they are long; then engine by engine, browser first; pure tests last."""
    if item.path.name == "test_house.py":
        return 0, 0
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if "engine" not in params:
        return 9, 0
    return 1 + ENGINES.index(str(params["engine"])), 0 if "browser" in item.path.parts else 1


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[Engine]:
    """The engine of this test; its home database is Django's connection while no other fixture says otherwise."""
    with django_db_blocker.unblock():
        try:
            one = Engine(request.param)
        except postgresql.NotFound as error:
            missing(str(error))
    yield one
    with django_db_blocker.unblock():
        use(one.home)
        one.drop(one.home)


@pytest.fixture(scope="session")
def django_db_setup(engine: Engine) -> None:
    """In the place of pytest-django's: the database stands already."""


@pytest.fixture
def live_database(
    request: pytest.FixtureRequest, engine: Engine, django_db_blocker: DjangoDbBlocker
) -> Iterator[Database]:
    """A fresh database of this test's own, with real commits. Not together with `db`, which rolls back."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("live_database and db exclude each other")
    one = engine.fresh()
    with django_db_blocker.unblock():
        use(one)
        yield one
        use(engine.home)
    engine.drop(one)


@pytest.fixture(scope="session")
def static_root() -> None:
    """The collected static files, made once a run."""
    collect_static()


@pytest.fixture(scope="session")
def _shared_server(engine: Engine, static_root: None) -> Iterator[Server]:
    one = engine.fresh()
    with serving(one) as server:
        yield server
    engine.drop(one)


@pytest.fixture
def server(_shared_server: Server, engine: Engine, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The app under gunicorn; Django's connection here is to its database. Shared: make projects of your own."""
    with django_db_blocker.unblock():
        use(_shared_server.database)
        yield _shared_server
        use(engine.home)
    _shared_server.check_log()


@pytest.fixture
def own_server(live_database: Database, static_root: None) -> Iterator[Server]:
    """The app under gunicorn on a fresh database that no other test has seen."""
    with serving(live_database) as server:
        yield server
    server.check_log()


@pytest.fixture
def database(request: pytest.FixtureRequest, engine: Engine) -> str:
    """Whichever database this test asked for, else the one that is rolled back; the engine's name."""
    names = set(request.fixturenames)
    if not names & {"live_database", "server", "own_server"}:
        request.getfixturevalue("db")
    for name in ("own_server", "server", "live_database"):
        if name in names:
            request.getfixturevalue(name)
    return engine.vendor


@pytest.fixture
def cast(database: str) -> Cast:
    """Ada and Ben review, Cleo adjudicates, Dora manages, Otto is a stranger; and an administrator."""
    return make_cast()


def missing(what: str) -> None:
    """A check cannot be done here: in CI a failure, elsewhere a skip that says what to install."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
