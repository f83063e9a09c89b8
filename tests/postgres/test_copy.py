"""COPY in both directions: what was stored is what is read, and the statement is seen like any other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yangguang.postgres.copy import NULL, array, copy_in, copy_in_text, copy_out, copy_out_text
from yangguang.postgres.sql import execute, fetch_all

pytestmark = pytest.mark.django_db
COLUMNS = ("number", "code", "lines")
ALL = "SELECT number, code, lines FROM copied WHERE number <= %(most)s ORDER BY number"


@pytest.fixture(autouse=True)
def copied() -> None:
    execute("CREATE TEMP TABLE copied (number int, code text, lines int[]) ON COMMIT DROP")


def test_rows_are_stored_with_nulls_and_arrays() -> None:
    copy_in("copied", COLUMNS, (f"{number}\t{NULL}\t{array([number, None])}" for number in range(12_000)))

    assert len(fetch_all(ALL, {"most": 12_000})) == 12_000
    assert fetch_all(ALL, {"most": 0}) == [(0, None, [0, None])]


def test_text_longer_than_a_block_is_stored_whole() -> None:
    text = "".join(f"{number}\t{'护' * 20}\t{{}}\n" for number in range(9_000)).encode()

    copy_in_text("copied", COLUMNS, memoryview(text))

    assert fetch_all("SELECT count(*), min(length(code)) FROM copied") == [(9_000, 20)]


def test_rows_are_read_as_lists_of_text_or_as_one_text() -> None:
    copy_in("copied", COLUMNS, ["1\t甲\t{1,2}", "2\t乙\t{}", "3\t丙\t{}"])

    assert list(copy_out(ALL, {"most": 2})) == [["1", "甲", "{1,2}"], ["2", "乙", "{}"]]
    assert copy_out_text(ALL, {"most": 2}).decode() == "1\t甲\t{1,2}\n2\t乙\t{}\n"


def test_nothing_is_read_where_there_is_nothing() -> None:
    assert list(copy_out(ALL, {"most": 9})) == []
    assert copy_out_text(ALL, {"most": 9}) == bytearray()


def test_a_copy_is_seen_by_djangos_log_of_statements() -> None:
    with CaptureQueriesContext(connection) as seen:
        copy_in("copied", COLUMNS, ["1\t甲\t{}"])
        copy_out_text(ALL, {"most": 1})

    assert [query["sql"][:11] for query in seen.captured_queries] == ["COPY copied", "COPY (SELEC"]
