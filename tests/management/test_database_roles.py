"""What the log-in of web server and worker may do in the database, and that they do not start with more. (T1.04)"""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg import sql

from tests.actions.runs.test_runs import ranked
from tests.support.builders.ranked_round import Ranked
from tests.support.production import leave_demonstration
from yangguang import checks

__all__ = ["ranked"]
FORBIDDEN = (
    "UPDATE yangguang_auditentry SET outcome = 'DONE'",
    "DELETE FROM yangguang_auditentry",
    "TRUNCATE yangguang_auditentry CASCADE",
    "UPDATE yangguang_auditroot SET root = ''",
    "DELETE FROM yangguang_auditchainhead",
    'INSERT INTO yangguang_practiceclock ("only", shift) VALUES (true, interval $$1 day$$)',
    "UPDATE yangguang_practiceclock SET shift = '1 day'",
    "UPDATE yangguang_policyrule SET value = '1'",
    "DELETE FROM yangguang_policyrule",
    "UPDATE yangguang_planevent SET capacity = 1",
    "DELETE FROM yangguang_targetevent",
    "ALTER TABLE yangguang_placement DISABLE TRIGGER USER",
    "CREATE TABLE mine (n int)",
)


@pytest.fixture
def serving() -> Iterator[dict[str, str]]:
    """User and password of a log-in like that of the web server."""
    name, word = f"serving{os.getpid()}", "p" * 20
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as server:
        role = sql.Identifier(name)
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE yangguang_app").format(role, word))
        yield {"user": name, "password": word}
        server.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.fixture
def session(db: None, serving: dict[str, str]) -> Iterator[psycopg.Connection[Any]]:
    """A connection of that log-in to the database of the tests."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=name, autocommit=True, **serving) as link:
        yield link


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_serving_log_in_changes_neither_log_nor_history_nor_rules(
    session: psycopg.Connection[Any], statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement)


@pytest.mark.parametrize("statement", ["SET ROLE {}", "SET SESSION AUTHORIZATION {}"])
def test_the_serving_log_in_cannot_become_the_owner(session: psycopg.Connection[Any], statement: str) -> None:
    owner = connection.settings_dict["USER"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(sql.SQL(statement).format(sql.Identifier(owner)))


def test_the_log_ins_of_web_server_and_worker_have_the_same_rights(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls,"
            " ARRAY(SELECT g.rolname FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid"
            " WHERE m.member = r.oid) FROM pg_roles AS r"
            " WHERE r.rolname IN ('yangguang_web', 'yangguang_worker', 'yangguang_reader') ORDER BY 1"
        )

        assert cursor.fetchall() == [
            ("yangguang_reader", False, []),
            ("yangguang_web", False, ["yangguang_app"]),
            ("yangguang_worker", False, ["yangguang_app"]),
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["DELETE FROM yangguang_message", "UPDATE yangguang_unit SET name = ''"])
def test_the_reader_writes_nothing(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE yangguang_reader")
        cursor.execute("SELECT count(*) FROM yangguang_auditentry")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("RESET ROLE")


@pytest.mark.django_db
def test_no_session_switches_the_guards_off_by_a_setting(ranked: Ranked) -> None:
    run = ranked.run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname::text)::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%'")
        names = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", (names,))
        with pytest.raises(IntegrityError, match="results of a checked run never change"), transaction.atomic():
            cursor.execute("UPDATE yangguang_placement SET rank = 1 WHERE run_id = %s", (run.pk,))


# The start-up check


def list_faults() -> list[str]:
    return [fault.msg for fault in checks.a_serving_process_cannot_rewrite_the_log(None)]


@pytest.mark.django_db
@pytest.mark.parametrize("process", ["web", "worker"])
def test_a_serving_process_does_not_start_as_the_owner(settings: Any, process: str) -> None:
    leave_demonstration(settings)
    settings.DATABASE_LIMITS = process
    (fault,) = list_faults()

    assert fault.startswith("数据库登录账号权限过大：是超级用户、")
    assert "可以改审计日志" in fault

    with pytest.raises(SystemCheckError, match="E015"):
        call_command("check")


@pytest.mark.django_db
def test_the_owner_under_the_serving_role_is_still_the_owner(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_demonstration(settings)
    settings.DATABASE_LIMITS = "web"
    before = list_faults()
    taken = connection.settings_dict["OPTIONS"] | {"options": "-c role=yangguang_app"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", taken)

    assert list_faults() == before != []


@pytest.mark.django_db
def test_a_process_with_its_own_log_in_starts(
    settings: Any, serving: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_demonstration(settings)
    settings.DATABASE_LIMITS = "web"
    for name, value in serving.items():
        monkeypatch.setitem(connection.settings_dict, name.upper(), value)

    assert list_faults() == []


@pytest.mark.django_db
@pytest.mark.parametrize("grant", ["UPDATE ON yangguang_auditentry", "DELETE ON yangguang_auditroot"])
def test_one_right_too_many_is_named(
    settings: Any, serving: dict[str, str], monkeypatch: pytest.MonkeyPatch, grant: str
) -> None:
    leave_demonstration(settings)
    settings.DATABASE_LIMITS = "worker"
    name = connection.settings_dict["NAME"]
    role = sql.Identifier(serving["user"])
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=name, autocommit=True) as owner:
        owner.execute(sql.SQL(f"GRANT {grant} TO {{}}").format(role))
        with monkeypatch.context() as patch:
            for key, value in serving.items():
                patch.setitem(connection.settings_dict, key.upper(), value)
            faults = list_faults()
        owner.execute(sql.SQL(f"REVOKE {grant} FROM {{}}").format(role))

    assert faults in (["数据库登录账号权限过大：可以改审计日志"], ["数据库登录账号权限过大：可以改日志根"])
