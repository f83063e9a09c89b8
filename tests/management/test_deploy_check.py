"""`check --deploy` in production: no superuser, no embedded server; and no check finds a fault in what is away."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from psycopg import sql

from tests.support.builders.crowd import committed
from tests.support.database_plugin import SERVER
from tests.support.production import leave_demonstration
from yangguang import checks
from yangguang.localdb import Cluster
from yangguang.models import PracticeClock

__all__ = ["committed"]


@pytest.fixture
def plain() -> Iterator[dict[str, str]]:
    """User and password of a role without rights."""
    name, word = f"plain{os.getpid()}", "p" * 20
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as server:
        role = sql.Identifier(name)
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, word))
        yield {"USER": name, "PASSWORD": word}
        server.execute(sql.SQL("DROP ROLE {}").format(role))


def list_faults() -> list[tuple[str | None, str]]:
    return [(fault.id, fault.msg) for fault in checks.production_database_has_a_plain_owner(None)]


def embedded() -> bool:
    """Whether the tests run on the server of the wheel, not on one given from outside."""
    return f"/{SERVER.name}/" in os.environ["DATABASE_URL"].replace("%2F", "/")


@pytest.mark.django_db
def test_a_superuser_is_refused_in_production(settings: Any) -> None:
    leave_demonstration(settings)
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)")
        name, is_super = cursor.fetchone()
    if not is_super:
        pytest.skip("the tests run as a plain role")

    assert list_faults() == [("yangguang.E012", f"连接数据库的角色 {name} 是超级用户，审计日志的保护对它无效")]

    with pytest.raises(SystemCheckError, match="E012"):
        call_command("check", deploy=True)


@pytest.mark.django_db
def test_a_superuser_in_the_clothes_of_the_serving_role_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_demonstration(settings)
    before = list_faults()
    dressed = connection.settings_dict["OPTIONS"] | {"options": "-c role=yangguang_app"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", dressed)

    assert list_faults() == before


@pytest.mark.django_db
def test_a_plain_role_is_taken(settings: Any, plain: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    leave_demonstration(settings)
    for name, value in plain.items():
        monkeypatch.setitem(connection.settings_dict, name, value)

    assert list_faults() == []


@pytest.mark.django_db
@pytest.mark.skipif("not embedded()", reason="the tests run on a server given from outside")
def test_the_embedded_server_is_refused_whatever_the_role(
    settings: Any, plain: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_demonstration(settings)
    settings.VAR = SERVER

    assert Cluster(SERVER).answers()

    for name, value in plain.items():
        monkeypatch.setitem(connection.settings_dict, name, value)

    assert list_faults() == [("yangguang.E012", "数据库是演示用的内置服务器，它的超级用户没有口令")]


def test_the_demonstration_may_use_both(settings: Any) -> None:
    settings.VAR = SERVER

    assert list_faults() == []


def test_every_check_refuses_a_shifted_clock_in_production(settings: Any, committed: None) -> None:
    leave_demonstration(settings)

    assert checks.production_clock_is_not_shifted(None) == []

    PracticeClock.objects.create(shift=timedelta(0))

    assert [fault.id for fault in checks.production_clock_is_not_shifted(None)] == ["yangguang.E010"]

    with pytest.raises(SystemCheckError, match="E010"):
        call_command("check")
    settings.DEMO = True

    assert checks.production_clock_is_not_shifted(None) == []


@pytest.mark.django_db
def test_a_database_that_is_away_has_no_shifted_clock(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_demonstration(settings)
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    assert checks.production_clock_is_not_shifted(None) == []

    with pytest.raises(psycopg.OperationalError):
        checks.production_database_has_a_plain_owner(None)
