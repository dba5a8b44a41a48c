import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.utils import InternalError

from annotator.accounts.models import User
from annotator.exchange.snapshots import snapshot
from tests.builders import at_once, make_user


def test_a_snapshot_does_not_see_what_is_written_meanwhile(live_database: object) -> None:
    make_user("ada")
    with snapshot():
        assert User.objects.count() == 1
        [written] = at_once(lambda: make_user("ben"))
        assert written.username == "ben"
        assert User.objects.count() == 1
    assert User.objects.count() == 2


def test_nothing_is_written_inside_of_a_snapshot(live_database: object) -> None:
    with snapshot(), pytest.raises((OperationalError, ProgrammingError, InternalError)):
        make_user("ada")
    assert User.objects.count() == 0


def test_a_snapshot_that_is_given_up_ends(live_database: object) -> None:
    with pytest.raises(ZeroDivisionError), snapshot():
        User.objects.count() / 0
    with transaction.atomic():
        make_user("ada")
    assert User.objects.count() == 1


def test_inside_of_a_transaction_nothing_changes(database: str) -> None:
    with snapshot():
        make_user("ada")
    assert connection.in_atomic_block
    assert User.objects.count() == 1
