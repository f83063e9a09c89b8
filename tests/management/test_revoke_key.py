"""`revoke-key`: a lost key is ended from the console, and its holder is signed out and gets another one."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.support.personas import Personas
from tests.web.login.officers import sign_in
from yangguang.models import AuditEntry, SecurityKey
from yangguang.rules.base.refusals import Refused

pytestmark = pytest.mark.django_db


def test_a_lost_key_ends_the_session_and_makes_room_for_another(
    personas: Personas, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Client()
    sign_in(desk, personas.ce)
    more = ("--name", "某县", "--role", "CE", "--unit", personas.county.name, "--sector", "education", "--key", "K2")
    with pytest.raises(Refused, match="已经绑定优盾"):
        call_command("createaccount", "ce", *more)

    call_command("revoke_key", "DEMO-ce", reason="遗失")

    assert "已吊销优盾 DEMO-ce" in capsys.readouterr().out
    assert SecurityKey.objects.get(serial="DEMO-ce").state == "REVOKED"
    assert AuditEntry.objects.get(action="key.revoke").facts["reason"] == "遗失"
    assert desk.get("/desk/").status_code == 302
    call_command("createaccount", "ce", *more)
    assert "绑定码" in capsys.readouterr().out


def test_an_unknown_key_is_a_bad_argument_and_a_revoked_one_is_refused(personas: Personas) -> None:
    with pytest.raises(CommandError, match="没有编号为“K404”的优盾") as unknown:
        call_command("revoke_key", "K404", reason="遗失")
    call_command("revoke_key", "DEMO-ce", reason="遗失")
    with pytest.raises(CommandError) as again:
        call_command("revoke_key", "DEMO-ce", reason="遗失")

    assert (unknown.value.returncode, again.value.returncode) == (2, 1)
