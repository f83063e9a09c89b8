"""The invariants are listed, and checked on request, one or all."""

import pytest
from django.test import Client

from tests.support.builders.log_changes import change_log, shard_of_first_entry
from tests.support.builders.officers import page_of


@pytest.mark.parametrize("query", ["", "?check=nonsense"])
def test_without_a_number_the_invariants_are_only_listed(auditor: Client, query: str) -> None:
    assert "现在核对" in page_of(auditor, f"/audit/invariants/{query}")


def test_one_invariant_is_checked(auditor: Client) -> None:
    assert "成立 1 条，不成立 0 条，待建 0 条" in page_of(auditor, "/audit/invariants/?check=1")


def test_all_invariants_are_checked(auditor: Client) -> None:
    assert "不成立 0 条" in page_of(auditor, "/audit/invariants/?check=all")


def test_a_broken_invariant_names_its_rows(auditor: Client) -> None:
    shard = shard_of_first_entry()
    change_log(f"UPDATE yangguang_auditentry SET subject = 'x' WHERE shard = {shard} AND position = 1")

    page = page_of(auditor, "/audit/invariants/?check=13")

    assert "不成立 1 条" in page
    assert f"第{shard}链第1条与链值不符" in page
