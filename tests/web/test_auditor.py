"""The auditor's desk: the log masked and filtered, chains and roots recomputed, invariants asked on the spot."""

import html
import re

import pytest
from django.db import connection
from django.test import Client

from tests.support.builders.officers import at_desk, cost, page_of, seen
from tests.support.builders.public_season import Stage
from tests.support.personas import SHELL, Cast, officer
from yangguang import clock
from yangguang.actions.accounts import keys
from yangguang.actions.audit import audit_roots
from yangguang.models import AuditEntry, AuditRoot
from yangguang.rules.accounts.roles import Role
from yangguang.rules.seasons.windows import SHANGHAI

PAGES = ("/audit/", "/audit/log/", "/audit/proofs/", "/audit/invariants/")


@pytest.fixture
def auditor(cast: Cast) -> Client:
    return at_desk(officer("auditor", Role.AUDITOR, cast.province, ""))


def today() -> str:
    return clock.now().astimezone(SHANGHAI).date().isoformat()


def unguarded(sql: str) -> None:
    """What only the owner of the database could do: change the log with its trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE yangguang_auditentry DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE yangguang_auditentry ENABLE TRIGGER USER")


@pytest.mark.parametrize("url", PAGES)
def test_only_auditors_reach_the_desk(cast: Cast, auditor: Client, url: str) -> None:
    assert auditor.get(url).status_code == 200
    assert at_desk(cast.pe1).get(url).status_code == 403
    assert at_desk(cast.teacher).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_an_operator_sees_the_state_but_not_the_log(cast: Cast) -> None:
    operator = at_desk(officer("operator", Role.OPERATOR, cast.province, ""))
    assert "256 条链合计" in page_of(operator, "/audit/")
    assert operator.get("/audit/log/").status_code == 403


def test_the_log_says_who_did_what_in_words(cast: Cast, auditor: Client) -> None:
    cast.pe1.sign(keys.issue, unit=cast.school, serials=["K9"])
    page = page_of(auditor, "/audit/log/")
    assert "绑定优盾" in page and "省教育厅" in page and "测试省" in page
    bound = page_of(auditor, "/audit/log/?action=key.bind")
    assert "绑定优盾" in bound and "设立首批账号 完成" not in bound
    at_desk(cast.teacher).get("/desk/")
    denied = page_of(auditor, f"/audit/log/?outcome=DENIED&day={today()}")
    assert "访问被拒 被拒" in denied and "中职学校" in denied
    assert "没有符合条件的记录" in page_of(auditor, "/audit/log/?day=2001-01-01")


def test_the_log_masks_students_and_long_numbers(cast: Cast, auditor: Client) -> None:
    stage = Stage.lay(cast)
    person = stage.admitted("欧阳小阳").person
    last = AuditEntry.objects.latest("pk")
    values = f"255, 999999, yg_now(), 'person.register', 'DONE', NULL, 'S', NULL, '', {person.pk}"
    unguarded(
        "INSERT INTO yangguang_auditentry (shard, position, at, action, outcome, account, role, unit, subject, person,"
        f" facts, link) VALUES ({values}, '{{\"what\": \"15400000001\"}}', '\\x00')"
    )
    page = page_of(auditor, "/audit/log/?action=person.register")
    assert "欧***" in page and "欧阳小阳" not in page and "15400000001" not in page and "〔已遮蔽〕" in page
    assert AuditEntry.objects.latest("pk").pk > last.pk


def test_the_log_pages_by_key_at_a_constant_cost(auditor: Client) -> None:
    url, day = "/audit/log/?action=audit.root", clock.now().date()
    audit_roots.publish_root(by=SHELL, day=day)
    first = cost(auditor, url)
    for _ in range(60):
        audit_roots.publish_root(by=SHELL, day=day)
    assert cost(auditor, url) == first
    answer = auditor.get(url)
    assert "本页 50 条" in seen(answer)
    after = re.findall(r'rel="next" href="([^"]+)"', answer.content.decode())[0]
    assert "本页 11 条" in page_of(auditor, "/audit/log/" + html.unescape(after))


def test_a_chain_that_holds_is_said_to_and_a_changed_entry_is_found(auditor: Client) -> None:
    shard = AuditEntry.objects.order_by("pk").values_list("shard", flat=True)[0]
    assert "全部相符" in page_of(auditor, f"/audit/proofs/?chain={shard}")
    unguarded(
        f"UPDATE yangguang_auditentry SET action = 'plan.publish' WHERE shard = {shard} AND position = 1"
    )
    page = page_of(auditor, f"/audit/proofs/?chain={shard}")
    assert f"第{shard}链第1条与链值不符" in page and "全部相符" not in page


def test_the_chain_numbered_nought_is_a_chain(auditor: Client) -> None:
    assert "全部相符" in page_of(auditor, "/audit/proofs/?chain=0")
    assert "全部相符" not in page_of(auditor, "/audit/proofs/?chain=256")


def test_a_removed_entry_is_found_and_eight_chains_are_drawn(auditor: Client) -> None:
    shard = AuditEntry.objects.order_by("pk").values_list("shard", flat=True)[0]
    unguarded(f"DELETE FROM yangguang_auditentry WHERE shard = {shard}")
    assert f"第{shard}链链首与最后一条不符" in page_of(auditor, f"/audit/proofs/?chain={shard}")
    drawn = page_of(auditor, "/audit/proofs/?draw=1")
    assert drawn.count("全部相符") + drawn.count("有问题") == 8


def test_a_days_root_is_recomputed_against_the_chains(cast: Cast, auditor: Client) -> None:
    root = audit_roots.publish_root(by=SHELL, day=clock.now().date())
    url = f"/audit/proofs/?day={root.day.isoformat()}"
    assert "日志根重算相符" in page_of(auditor, url) and root.root in page_of(auditor, url)
    shard, (length, _) = next((n, head) for n, head in enumerate(root.heads) if head[0])
    unguarded(f"UPDATE yangguang_auditentry SET link = '\\x01' WHERE shard = {shard} AND position = {length}")
    assert f"第{shard}链第{length}条现在的链值与当日不同" in page_of(auditor, url)
    assert "没有公布日志根" in page_of(auditor, "/audit/proofs/?day=2001-01-01")
    assert AuditRoot.objects.count() == 1


def test_invariants_are_listed_and_asked_one_or_all(auditor: Client) -> None:
    assert "现在核对" in page_of(auditor, "/audit/invariants/")
    one = page_of(auditor, "/audit/invariants/?check=1")
    assert "成立 1 条，不成立 0 条，待建 0 条" in one
    assert "不成立 0 条" in page_of(auditor, "/audit/invariants/?check=all")
    assert "现在核对" in page_of(auditor, "/audit/invariants/?check=nonsense")


def test_a_broken_invariant_names_its_rows(cast: Cast, auditor: Client) -> None:
    shard = AuditEntry.objects.order_by("pk").values_list("shard", flat=True)[0]
    unguarded(f"UPDATE yangguang_auditentry SET subject = 'x' WHERE shard = {shard} AND position = 1")
    page = page_of(auditor, "/audit/invariants/?check=13")
    assert "不成立 1 条" in page and f"第{shard}链第1条与链值不符" in page
