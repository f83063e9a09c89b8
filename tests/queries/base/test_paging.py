"""A page ends with the key of the next one, and only where there is a next one."""

import pytest

from yangguang.postgres.sql import Row
from yangguang.queries.base.paging import Key, fetch_page, read_key, text_params

QUERY = """
SELECT n AS sort_value, 'c' || lpad(n::text, 3, '0') AS code FROM generate_series(1, 7) AS n
WHERE {beyond} ORDER BY n LIMIT %(limit)s
"""


def fetch(after: str = "", size: int = 3) -> tuple[list[Row], str]:
    order = ("n", "'c' || lpad(n::text, 3, '0')")
    return fetch_page(QUERY, {}, order=order, sort="seats", after=after, size=size)


@pytest.mark.django_db
def test_the_pages_of_a_list_are_all_its_rows_once_and_the_last_has_no_key() -> None:
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        rows, after = fetch(after)
        seen += [row.sort_value for row in rows]
        pages += 1

    assert (seen, pages) == ([1, 2, 3, 4, 5, 6, 7], 3)


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "has_more"), [(6, True), (7, False), (8, False), (0, True), (10_000, False)])
def test_a_page_that_holds_the_whole_rest_has_no_next(size: int, has_more: bool) -> None:
    assert bool(fetch(size=size)[1]) == has_more


@pytest.mark.parametrize(
    ("key", "sort", "numeric", "is_read"),
    [
        (Key("seats", 3, "c003"), "seats", True, True),
        (Key("seats", 3, "c003"), "left", True, False),
        (Key("seats", 3, "c003"), "seats", False, False),
        (Key("name", "护理", "c003"), "name", False, True),
        (Key("seats", 2**31, "c003"), "seats", True, True),
        (Key("seats", 2**31 + 1, "c003"), "seats", True, False),
        (Key("name", "a\x00", "c003"), "name", False, False),
    ],
)
def test_a_key_is_read_for_its_own_sort_only(key: Key, sort: str, numeric: bool, is_read: bool) -> None:
    assert read_key(str(key), sort, numeric=numeric) == (key if is_read else None)


def test_wildcards_of_a_search_are_plain_characters() -> None:
    assert text_params("５0%_\\ 甲") == {"like": "%50\\%\\_\\\\甲%", "spelled": ""}
    assert text_params("HuLi 7") == {"like": "%huli7%", "spelled": "%huli7%"}
    assert text_params("  ") == {"like": "", "spelled": ""}
