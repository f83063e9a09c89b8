"""The hash of a sealed month and of an uploaded file."""

from datetime import date

import pytest

from yangguang.sheets import digest, rows_digest


def test_the_digest_of_a_file_is_sm3() -> None:
    # The example of GB/T 32905.
    assert digest(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_the_digest_of_rows_is_sm3_of_their_canonical_json() -> None:
    rows = [{"b": 1, "a": "新密市", "c": None, "d": date(2024, 8, 15)}]

    assert rows_digest(rows) == digest('[{"a":"新密市","b":1,"c":null,"d":"2024-08-15"}]'.encode())


def test_the_order_of_keys_does_not_matter_and_the_order_of_rows_does() -> None:
    first, second = {"a": 1, "b": 2}, {"a": 3, "b": 4}

    assert rows_digest([first, second]) == rows_digest([{"b": 2, "a": 1}, second]) != rows_digest([second, first])


def test_one_changed_number_changes_the_digest() -> None:
    assert rows_digest([{"a": 1}]) != rows_digest([{"a": 2}])


def test_a_float_is_refused_because_it_has_no_canonical_form() -> None:
    with pytest.raises(TypeError, match="float"):
        rows_digest([{"a": 1.0}])
