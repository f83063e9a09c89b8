"""The log by page: in words, filtered, masked, at a constant cost."""

import html
import re

from django.test import Client

from tests.support.builders.log_changes import change_log
from tests.support.builders.officers import at_desk, cost, page_of, seen
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.accounts import keys
from yangguang.actions.audit import audit_roots
from yangguang.models import AuditEntry
from yangguang.rules.seasons.windows import SHANGHAI


def test_an_entry_names_action_actor_and_unit(personas: Personas, auditor: Client) -> None:
    personas.pe1.sign(keys.issue, unit=personas.school, serials=["K9"])

    page = page_of(auditor, "/audit/log/")

    assert [text for text in ("绑定优盾", "省教育厅", "测试省") if text not in page] == []


def test_the_log_is_filtered_by_action(auditor: Client) -> None:
    page = page_of(auditor, "/audit/log/?action=key.bind")

    assert "绑定优盾" in page
    assert "设立首批账号 完成" not in page


def test_denied_acts_are_listed_by_day(personas: Personas, auditor: Client) -> None:
    at_desk(personas.teacher).get("/desk/")
    today = clock.now().astimezone(SHANGHAI).date().isoformat()

    page = page_of(auditor, f"/audit/log/?outcome=DENIED&day={today}")

    assert "访问被拒 被拒" in page
    assert "中职学校" in page
    assert "没有符合条件的记录" in page_of(auditor, "/audit/log/?day=2001-01-01")


def test_names_of_students_and_long_numbers_are_masked(personas: Personas, auditor: Client) -> None:
    person = PublicSeason.lay(personas).admitted("欧阳小阳").person
    last = AuditEntry.objects.latest("pk")
    values = f"255, 999999, yg_now(), 'person.register', 'DONE', NULL, 'S', NULL, '', {person.pk}"
    change_log(
        "INSERT INTO yangguang_auditentry (shard, position, at, action, outcome, account, role, unit, subject, person,"
        f" facts, link) VALUES ({values}, '{{\"what\": \"15400000001\"}}', '\\x00')"
    )

    page = page_of(auditor, "/audit/log/?action=person.register")

    assert [text for text in ("欧***", "〔已遮蔽〕") if text not in page] == []
    assert [text for text in ("欧阳小阳", "15400000001") if text in page] == []
    assert AuditEntry.objects.latest("pk").pk > last.pk


def test_the_log_pages_by_key_at_a_constant_cost(auditor: Client) -> None:
    url, day = "/audit/log/?action=audit.root", clock.now().astimezone(SHANGHAI).date()
    audit_roots.publish_root(by=SHELL, day=day)
    first = cost(auditor, url)
    for _ in range(60):
        audit_roots.publish_root(by=SHELL, day=day)

    answer = auditor.get(url)

    assert cost(auditor, url) == first
    assert "本页 50 条" in seen(answer)
    after = re.findall(r'rel="next" href="([^"]+)"', answer.content.decode())[0]

    assert "本页 11 条" in page_of(auditor, "/audit/log/" + html.unescape(after))
