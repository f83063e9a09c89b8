"""SQL by hand goes Django's way: same transaction, same values, same errors, seen by every counter; rows are named."""

import os
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests.support.query_counter import statements
from yangguang import clock
from yangguang.models import AuditChainHead
from yangguang.postgres.sql import execute, fetch_all, fetch_one

pytestmark = pytest.mark.django_db


def test_a_value_of_a_row_has_the_name_of_its_column_and_its_position() -> None:
    row = fetch_one("SELECT 30 AS seats, 'A1' AS code")

    assert row is not None
    assert (row.seats, row.code) == (30, "A1")
    assert row == (30, "A1")


def test_columns_without_a_name_or_with_the_same_one_are_read_by_position() -> None:
    row = fetch_one("SELECT 1 + 1, 2 AS seats, 3 AS seats, 4 AS class")

    assert row is not None
    assert row._fields == ("_0", "seats", "_2", "_3")
    assert row == (2, 2, 3, 4)


def test_rows_of_the_same_columns_are_of_one_type() -> None:
    first, second = (fetch_all("SELECT %s::int AS seats", (number,))[0] for number in (1, 2))

    assert type(first) is type(second)


def test_without_a_row_there_is_none() -> None:
    assert fetch_one("SELECT 1 WHERE false") is None
    assert fetch_all("SELECT 1 WHERE false") == []


def test_execute_counts_the_rows_that_it_changed() -> None:
    heads = AuditChainHead.objects.count()

    assert (
        execute("UPDATE yangguang_auditchainhead SET length = length WHERE shard >= %(first)s", {"first": 1})
        == heads - 1
    )


def test_every_statement_is_counted(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        fetch_all("SELECT 1")
        fetch_one("SELECT %s::int", (1,))
        execute("UPDATE yangguang_auditchainhead SET length = length")


def test_an_execute_wrapper_sees_every_statement() -> None:
    with statements() as seen:
        fetch_one("SELECT %(number)s::int", {"number": 1})

    assert seen == ["SELECT %(number)s::int"]


def test_a_statement_is_part_of_the_transaction_around_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        execute("DELETE FROM yangguang_auditchainhead")
        raise ZeroDivisionError

    assert AuditChainHead.objects.exists()


def test_what_the_server_refuses_is_an_error_of_django() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("INSERT INTO yangguang_auditchainhead SELECT * FROM yangguang_auditchainhead")


def test_the_server_prepares_what_comes_again_and_binds_its_values() -> None:
    for number in range(10):
        fetch_one("SELECT %s::int AS comes_again", (number,))

    prepared = {row.statement for row in fetch_all("SELECT statement FROM pg_prepared_statements")}

    assert "SELECT $1::int AS comes_again" in prepared


def test_bytes_in_a_list_arrive_as_they_were_sent() -> None:
    marks = [bytes(range(256)), b"", b"\\x00", b"\"{},'", *(os.urandom(32) for _ in range(50))]

    assert fetch_one("SELECT %s::bytea[]", (marks,)) == (marks,)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "text"),
        (True, "bool"),
        (0, "bigint"),
        (-(2**31) - 1, "bigint"),
        (2**62, "bigint"),
        (Decimal("12.50"), "numeric"),
        ("", "text"),
        ("阿依古丽·买买提𠮷", "text"),
        ("\\x41' --", "text"),
        (b"\x00\xff", "bytea"),
        (date(2024, 2, 29), "date"),
        (timedelta(days=1, microseconds=1), "interval"),
        ([1, 2**40], "bigint[]"),
        (["a", 'b"c', "逗,号"], "text[]"),
        ([], "text[]"),
    ],
)
def test_a_value_comes_back_as_it_was_sent(value: object, kind: str) -> None:
    for _ in range(7):  # First bound to the text, then to the prepared statement.
        row = fetch_one(f"SELECT %s::{kind}, %s::{kind} IS NULL", (value, value))

        assert row == (value, value is None)


def test_an_instant_is_the_one_that_django_reads() -> None:
    row = fetch_one("SELECT yg_now() AS instant")

    assert row is not None
    assert row.instant == clock.now()
    winter = datetime.fromisoformat("2024-01-01T00:00:00.000001+08:00")

    assert fetch_one("SELECT %s::timestamptz", (winter,)) == (winter,)
