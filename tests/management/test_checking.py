"""The two commands that judge: one JSON document, and exit code 1 exactly when something is wrong."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.support.personas import Personas

pytestmark = pytest.mark.django_db


def run_command(command: str) -> tuple[dict[str, Any], int]:
    """The JSON document and the exit code."""
    out, code = io.StringIO(), 0
    try:
        call_command(command, json=True, stdout=out)
    except SystemExit as leaving:
        code = int(str(leaving.code))
    return json.loads(out.getvalue()), code


def said(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def meddle(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_invariants_that_hold_are_told_from_those_that_cannot_be_asked_yet(personas: Personas) -> None:
    document, code = run_command("check_invariants")

    assert (document["broken"], document["pending"], code) == ([], [17, 20], 0)
    assert sorted(document["held"] + document["pending"]) == list(range(1, 27))
    assert " 1 成立  一人一年至多占一个名额" in said("check_invariants")


def test_a_broken_invariant_names_its_rows_and_fails(personas: Personas) -> None:
    meddle(f"UPDATE yangguang_unit SET source = '电话15400001234' WHERE id = {personas.school.pk}")
    document, code = run_command("check_invariants")

    assert code == 1
    assert document["broken"] == [
        {
            "number": 25,
            "says": "加密栏目之外没有明文证件号码和手机号码",
            "count": 1,
            "rows": [f"yangguang_unit.source:{personas.school.pk}"],
        }
    ]


def test_a_log_nobody_touched_verifies(personas: Personas) -> None:
    document, code = run_command("verify_audit")

    assert (document["ok"], document["faults"], document["roots"], code) == (True, [], 0, 0)
    assert document["entries"] > 0
    assert "全部相符" in said("verify_audit")


def test_one_changed_entry_fails_the_verification(personas: Personas) -> None:
    meddle("UPDATE yangguang_auditentry SET action = 'x' WHERE id = (SELECT min(id) FROM yangguang_auditentry)")
    document, code = run_command("verify_audit")

    assert code == 1
    assert not document["ok"]
    assert [fault for fault in document["faults"] if "与链值不符" in fault]
