"""Every change of the log or of a published root is reported."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.actions.base import audit
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditEntry, AuditRoot
from yangguang.queries.audit.daily_roots import last_day_due, list_days_without_root
from yangguang.queries.audit.log_chain import GENESIS, check_chain, digest_entry, find_broken_links, find_log_faults
from yangguang.rules.audit.merkle import root_of_ends
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db


def publish(days: int = 0) -> AuditRoot:
    day = clock.now().astimezone(SHANGHAI).date() + timedelta(days=days)
    return audit_roots.publish_root(by=SHELL, day=day)


def change_rows(sql: str) -> None:
    """Change a row as someone with the database's own power would: triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_untouched_log_proves_itself(personas: Personas) -> None:
    publish()
    assert list(find_log_faults()) == []


def test_one_changed_entry_is_reported(personas: Personas) -> None:
    publish()
    change_rows("UPDATE yangguang_auditentry SET role = 'V' WHERE id = (SELECT max(id) FROM yangguang_auditentry)")

    assert [fault for fault in find_log_faults() if "与链值不符" in fault] != []


def test_one_deleted_entry_is_reported(personas: Personas) -> None:
    publish()
    change_rows("DELETE FROM yangguang_auditentry WHERE id = (SELECT max(id) FROM yangguang_auditentry)")

    assert list(find_log_faults()) != []


def test_an_entry_deleted_within_a_chain_is_reported_by_its_position(personas: Personas) -> None:
    shard = AuditEntry.objects.filter(position=3).earliest("id").shard
    change_rows(f"DELETE FROM yangguang_auditentry WHERE shard = {shard} AND position = 2")

    assert list(find_broken_links()) == [f"第{shard}链缺少第2条", f"第{shard}链第3条与链值不符"]


def test_a_chain_rewritten_to_its_end_no_longer_meets_the_published_root(personas: Personas) -> None:
    """Recomputing every link after a change does not change the published root."""
    publish()
    entry = AuditEntry.objects.earliest("id")
    change_rows(f"UPDATE yangguang_auditentry SET role = 'V' WHERE id = {entry.pk}")
    link = GENESIS
    rows = AuditEntry.objects.filter(shard=entry.shard).order_by("position")
    for row in rows.values():
        link = sm3(link + digest_entry(row)[1])
        change_rows(f"UPDATE yangguang_auditentry SET link = '\\x{link.hex()}' WHERE id = {row['id']}")
    change_rows(f"UPDATE yangguang_auditchainhead SET link = '\\x{link.hex()}' WHERE shard = {entry.shard}")

    assert list(find_broken_links()) == []
    assert [fault for fault in find_log_faults() if "日志根" in fault] != []


def test_a_root_that_was_replaced_is_reported(personas: Personas) -> None:
    publish()
    change_rows(f"UPDATE yangguang_auditroot SET root = '{'00' * 32}'")

    assert [fault.partition(" ")[2] for fault in find_log_faults()] == [
        "的日志根：由当日各链链首算出的根与公布的不同",
        "的日志根与日志中公布的不同",
    ]


def test_a_root_replaced_together_with_its_chain_ends_is_reported(personas: Personas) -> None:
    day = publish().day
    heads = [[0, GENESIS.hex()]] * 256
    root = root_of_ends([(0, GENESIS)] * 256).hex()
    change_rows(f"UPDATE yangguang_auditroot SET heads = '{json.dumps(heads)}', root = '{root}', entries = 0")

    assert list(find_log_faults()) == [f"{day} 的日志根与日志中公布的不同"]


def test_a_published_root_that_was_deleted_is_reported(personas: Personas) -> None:
    days = [publish(-1).day, publish().day]
    change_rows("DELETE FROM yangguang_auditroot")

    assert list(find_log_faults()) == [f"{day} 的日志根已在日志中公布，却不在每日日志根中" for day in days]


def test_a_root_without_publication_in_the_log_is_reported(personas: Personas) -> None:
    day = publish().day
    change_rows("UPDATE yangguang_auditroot SET day = day - 1")

    assert list(find_log_faults()) == [
        f"{day - timedelta(days=1)} 的日志根在日志中没有公布的记录",
        f"{day} 的日志根已在日志中公布，却不在每日日志根中",
    ]


def test_asking_again_for_a_root_is_no_second_publication(personas: Personas) -> None:
    publish()
    publish()
    with pytest.raises(Refused):
        publish(days=1)

    assert list(find_log_faults()) == []


def test_an_emptied_log_is_reported(personas: Personas) -> None:
    """Empty chains agree, but accounts without an entry show that the log was emptied."""
    publish()
    change_rows("DELETE FROM yangguang_auditroot")
    change_rows("DELETE FROM yangguang_auditentry")
    change_rows(f"UPDATE yangguang_auditchainhead SET length = 0, link = '\\x{GENESIS.hex()}'")

    assert list(find_log_faults()) == ["日志中一条记录也没有，但系统里已有账号"]


def test_a_chain_removed_with_its_end_is_reported(personas: Personas) -> None:
    shard = AuditEntry.objects.earliest("id").shard
    change_rows(f"DELETE FROM yangguang_auditentry WHERE shard = {shard}")
    change_rows(f"DELETE FROM yangguang_auditchainhead WHERE shard = {shard}")

    assert f"第{shard}链没有链首" in list(find_log_faults())


@contextmanager
def writing_between_statements() -> Iterator[None]:
    """After each statement of this connection that reads the log, another entry is written."""

    def run(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        answer = execute(sql, params, many, context)
        if "SELECT" in sql and "yangguang_audit" in sql and not busy:
            busy.append(sql)
            with transaction.atomic():
                audit.write(AuditRecord("test.write", SHELL))
            busy.clear()
        return answer

    busy: list[str] = []
    with connection.execute_wrapper(run):
        yield


def test_entries_written_during_the_check_are_no_fault(personas: Personas) -> None:
    publish()
    shard = AuditEntry.objects.latest("id").shard
    with writing_between_statements():
        faults = list(find_broken_links())
        newest = check_chain(shard, 3)

    assert faults == []
    assert newest.faults == ()


def test_a_head_set_back_to_an_earlier_entry_is_reported(personas: Personas) -> None:
    publish()
    last = AuditEntry.objects.latest("id")
    link = AuditEntry.objects.get(shard=last.shard, position=last.position - 1).link
    change_rows(
        f"UPDATE yangguang_auditchainhead SET length = length - 1, link = '\\x{bytes(link).hex()}' "
        f"WHERE shard = {last.shard}"
    )

    assert list(find_broken_links()) == [f"第{last.shard}链链首与最后一条不符"]


def move_log_back(days: int) -> None:
    change_rows(f"UPDATE yangguang_auditentry SET at = at - interval '{days} days'")


def test_each_day_without_a_root_is_reported_until_it_has_one(personas: Personas) -> None:
    move_log_back(3)
    today = clock.now().astimezone(SHANGHAI).date()
    without = list_days_without_root(today - timedelta(days=1))

    reported = [fault for fault in find_log_faults() if "没有日志根" in fault]

    assert without == [today - timedelta(days=days) for days in (3, 2, 1)]
    assert reported == [f"{day} 没有日志根" for day in without[: len(reported)]]
    for day in without:
        publish((day - today).days)
    assert [fault for fault in find_log_faults() if "没有日志根" in fault] == []


def test_a_root_is_due_at_two_in_the_morning() -> None:
    moments = [datetime(2024, 11, 8, hour, minute, tzinfo=SHANGHAI) for hour, minute in ((0, 6), (1, 59), (2, 0))]

    assert [last_day_due(at).day for at in moments] == [6, 6, 7]


def test_the_root_of_a_missed_day_is_that_of_its_end(personas: Personas) -> None:
    """What was written afterwards is not in it, so that the roots in between still grow from day to day."""
    move_log_back(2)
    before = AuditEntry.objects.count()
    publish()

    assert [publish(-2).entries, publish(-1).entries] == [before, before]
    assert [fault for fault in find_log_faults() if "条数少于前一天" in fault] == []
