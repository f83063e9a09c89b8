"""The short way to the server spells and reads every value as psycopg and Django do."""

import gc
import os
import weakref
from datetime import date, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection

from yangguang import clock
from yangguang.queries import rows
from yangguang.queries.rows import fetch_all, fetch_one

pytestmark = pytest.mark.django_db


def test_a_tuple_is_row_ids_and_an_empty_one_is_none_of_them() -> None:
    for ids in ((), (7,), (1, 2**40, 7)):
        found = fetch_all("SELECT w FROM unnest(%s) AS w ORDER BY w", (ids,))
        assert [w for (w,) in found] == sorted(ids)
        assert fetch_one("SELECT 7::bigint = ANY(%s)", (ids,)) == (7 in ids,)


def test_bytes_in_a_list_arrive_as_they_left() -> None:
    marks = [bytes(range(256)), b"", b"\\x00", b"\"{},'", *(os.urandom(32) for _ in range(50))]
    assert fetch_one("SELECT %s::bytea[]", (marks,)) == (marks,)


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -(2**31) - 1, 2**62, Decimal("12.50"), "", "阿依古丽·买买提𠮷", "\\x41' --", b"\x00\xff",
        date(2024, 2, 29), timedelta(days=1, microseconds=1), [1, 2**40], ["a", 'b"c', "逗,号"], [],
    ],
)  # fmt: skip
def test_a_value_comes_back_as_it_went(value: object) -> None:
    types = {bool: "bool", int: "bigint", Decimal: "numeric", str: "text", bytes: "bytea", date: "date",
             timedelta: "interval"}  # fmt: skip
    kind = "text[]" if value == [] or (isinstance(value, list) and value[0] == "a") else "bigint[]"
    cast = types.get(type(value), kind if isinstance(value, list) else "text")
    for _ in range(2):  # Once told to the server, once by the name it has there.
        assert fetch_one(f"SELECT %s::{cast}, %s::{cast} IS NULL", (value, value)) == (value, value is None)


def test_an_instant_is_the_one_that_django_reads() -> None:
    before = fetch_one("SELECT yg_now()")
    assert before is not None
    assert before[0] == clock.now()
    assert before[0].isoformat() == clock.now().isoformat()
    winter = datetime.fromisoformat("2024-01-01T00:00:00.000001+08:00")
    assert fetch_one("SELECT %s::timestamptz", (winter,)) == (winter,)


def test_what_is_kept_with_a_connection_goes_with_it() -> None:
    own = psycopg.connect(**connection.get_connection_params())
    own.yg_line = rows._Line(own)  # type: ignore[attr-defined]
    gone = weakref.ref(own)
    own.close()
    del own
    gc.collect()
    assert gone() is None
