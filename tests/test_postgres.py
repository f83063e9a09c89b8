"""Transactions that begin and end in one call of libpq: what is said is kept, what fails is undone, and told."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from tests.support.builders.crowd import committed
from yangguang.queries.rows import fetch_all, fetch_one

__all__ = ["committed"]


@pytest.fixture
def seen(committed: None) -> Iterator[BaseDatabaseWrapper]:
    """Another connection, which sees only what was committed; and a table for both."""
    fetch_all("CREATE TABLE tried (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    other = connection.copy()
    yield other
    other.close()
    fetch_all("DROP TABLE tried")


def known(seen: BaseDatabaseWrapper) -> list[int]:
    with seen.cursor() as cursor:
        cursor.execute("SELECT id FROM tried ORDER BY id")
        return [id for (id,) in cursor.fetchall()]


def standing() -> TransactionStatus:
    return TransactionStatus(connection.connection.pgconn.transaction_status)


def test_nothing_is_seen_before_the_end_and_all_of_it_after(seen: BaseDatabaseWrapper) -> None:
    with transaction.atomic():
        fetch_all("INSERT INTO tried VALUES (1)")
        with connection.cursor() as cursor:  # Django's own way is in the same transaction.
            cursor.execute("INSERT INTO tried VALUES (2)")
        assert standing() == TransactionStatus.INTRANS
        assert known(seen) == []
    assert standing() == TransactionStatus.IDLE
    assert known(seen) == [1, 2]


def test_what_fails_is_undone_and_the_inner_failure_alone_when_it_is_caught(
    seen: BaseDatabaseWrapper,
) -> None:
    with transaction.atomic():
        fetch_all("INSERT INTO tried VALUES (1)")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            fetch_all("INSERT INTO tried VALUES (2)")
            raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fetch_all("INSERT INTO tried VALUES (3)")
        raise ZeroDivisionError
    assert standing() == TransactionStatus.IDLE
    assert known(seen) == [1]


def test_a_refusal_of_the_server_at_the_end_is_heard_and_the_line_is_free_again(
    seen: BaseDatabaseWrapper,
) -> None:
    heard = []
    with pytest.raises(IntegrityError), transaction.atomic():
        transaction.on_commit(lambda: heard.append("committed"))
        fetch_all("INSERT INTO tried VALUES (1), (1)")
    assert (known(seen), heard, standing()) == ([], [], TransactionStatus.IDLE)
    with transaction.atomic():
        fetch_all("INSERT INTO tried VALUES (4)")
    assert known(seen) == [4]


def test_a_server_that_goes_in_the_middle_is_told_and_the_next_act_has_a_new_line(
    seen: BaseDatabaseWrapper,
) -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        fetch_all("INSERT INTO tried VALUES (1)")
        mine = fetch_one("SELECT pg_backend_pid()")
        with seen.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", mine)
    connection.close()
    with transaction.atomic():
        fetch_all("INSERT INTO tried VALUES (2)")
    assert known(seen) == [2]


def test_without_atomic_a_transaction_ends_when_it_is_said(seen: BaseDatabaseWrapper) -> None:
    transaction.set_autocommit(False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO tried VALUES (1)")
        assert known(seen) == []
        transaction.commit()
        assert known(seen) == [1]
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO tried VALUES (2)")
        transaction.rollback()
        assert known(seen) == [1]
    finally:
        transaction.set_autocommit(True)
