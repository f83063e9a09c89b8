"""Chains and daily roots are recomputed on request, and every change is reported."""

from django.test import Client

from tests.support.builders.log_changes import change_log, shard_of_first_entry
from tests.support.builders.officers import page_of
from tests.support.personas import SHELL
from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.models import AuditRoot
from yangguang.rules.seasons.windows import SHANGHAI


def test_a_chain_without_changes_agrees(auditor: Client) -> None:
    assert "全部相符" in page_of(auditor, f"/audit/proofs/?chain={shard_of_first_entry()}")


def test_a_changed_entry_is_reported(auditor: Client) -> None:
    shard = shard_of_first_entry()
    change_log(f"UPDATE yangguang_auditentry SET action = 'plan.publish' WHERE shard = {shard} AND position = 1")

    page = page_of(auditor, f"/audit/proofs/?chain={shard}")

    assert f"第{shard}链第1条与链值不符" in page
    assert "全部相符" not in page


def test_chains_are_numbered_from_0_to_255(auditor: Client) -> None:
    assert "全部相符" in page_of(auditor, "/audit/proofs/?chain=0")
    assert "全部相符" not in page_of(auditor, "/audit/proofs/?chain=256")


def test_a_deleted_entry_is_reported(auditor: Client) -> None:
    shard = shard_of_first_entry()
    change_log(f"DELETE FROM yangguang_auditentry WHERE shard = {shard}")

    assert f"第{shard}链链首与最后一条不符" in page_of(auditor, f"/audit/proofs/?chain={shard}")


def test_eight_chains_are_drawn(auditor: Client) -> None:
    page = page_of(auditor, "/audit/proofs/?draw=1")

    assert page.count("全部相符") + page.count("有问题") == 8


def test_the_root_of_a_day_is_compared_with_the_chains(auditor: Client) -> None:
    root = audit_roots.publish_root(by=SHELL, day=clock.now().astimezone(SHANGHAI).date())
    url = f"/audit/proofs/?day={root.day.isoformat()}"
    before, html = page_of(auditor, url), auditor.get(url).content.decode()
    shard, (length, _) = next((n, head) for n, head in enumerate(root.heads) if head[0])
    change_log(f"UPDATE yangguang_auditentry SET link = '\\x01' WHERE shard = {shard} AND position = {length}")

    after = page_of(auditor, url)

    assert "日志根重算相符" in before
    assert root.root in html.replace("<wbr>", "")
    assert f"第{shard}链第{length}条现在的链值与当日不同" in after
    assert AuditRoot.objects.count() == 1


def test_a_day_without_a_root_has_none(auditor: Client) -> None:
    assert "没有公布日志根" in page_of(auditor, "/audit/proofs/?day=2001-01-01")
