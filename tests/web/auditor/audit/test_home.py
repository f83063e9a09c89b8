"""Who reaches the auditor's desk, and what its front page shows."""

import pytest
from django.db import connection
from django.test import Client

from tests.support.builders.log_changes import change_log
from tests.support.builders.officers import at_desk, page_of
from tests.support.personas import Personas, officer
from yangguang.actions.audit import invariant_checks
from yangguang.jobs import tasks
from yangguang.queries.audit.alerts import JOBS
from yangguang.queries.audit.invariants.catalogue import BrokenInvariant, InvariantReport
from yangguang.rules.accounts.actors import SYSTEM
from yangguang.rules.accounts.roles import Role

PAGES = ("/audit/", "/audit/log/", "/audit/proofs/", "/audit/invariants/")


@pytest.mark.parametrize("url", PAGES)
def test_only_auditors_reach_the_desk(personas: Personas, auditor: Client, url: str) -> None:
    clients = (auditor, at_desk(personas.pe1), at_desk(personas.teacher), Client())

    statuses = [client.get(url).status_code for client in clients]

    assert statuses == [200, 403, 403, 302]


def test_an_operator_sees_the_state_but_not_the_log(personas: Personas) -> None:
    operator = at_desk(officer("operator", Role.OPERATOR, personas.province, ""))

    assert "256 条链合计" in page_of(operator, "/audit/")
    assert operator.get("/audit/log/").status_code == 403


def record(*broken: int) -> None:
    report = InvariantReport(broken=[BrokenInvariant(number, "", 1, ()) for number in broken])
    invariant_checks.record_check(by=SYSTEM, report=report)


def test_the_operator_reads_what_the_nightly_check_found_until_it_holds_again(personas: Personas) -> None:
    operator = at_desk(officer("operator", Role.OPERATOR, personas.province, ""))
    assert "不变量有一天以上没有核对过" in page_of(operator, "/audit/")

    record(13, 15)
    page = page_of(operator, "/audit/")
    assert "不成立的不变量：第 13、15 条" in page
    assert "没有核对过" not in page

    record()
    assert "需要处理" not in page_of(operator, "/audit/")


def test_days_without_a_root_and_failed_jobs_are_named(personas: Personas, auditor: Client) -> None:
    record()
    change_log("UPDATE yangguang_auditentry SET at = at - interval '9 days' WHERE action <> 'invariant.check'")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH job AS (INSERT INTO procrastinate_jobs (task_name, queue_name, status)"
            " VALUES ('make_due_records', 'default', 'doing') RETURNING id)"
            " INSERT INTO procrastinate_events (job_id, type) SELECT id, 'failed' FROM job"
        )

    page = page_of(auditor, "/audit/")

    assert "天没有日志根" in page
    assert "后台任务“生成学籍”24小时内失败 1 次" in page


def test_every_job_has_a_chinese_name() -> None:
    assert set(JOBS) == {name for name in tasks.app.tasks if "." not in name}
