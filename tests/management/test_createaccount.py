"""`createaccount`: the first officers, and the code that goes with a key, printed once."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.support.personas import Personas, bound
from yangguang.models import Account, RoleAssignment, SecurityKey
from yangguang.rules.base.refusals import Refused

pytestmark = pytest.mark.django_db


def created(*more: str, username: str = "new1", unit: str = "甲市") -> str:
    out = io.StringIO()
    words = (username, "--name", "某新", "--role", "ME", "--unit", unit, "--sector", "education", *more)
    call_command("createaccount", *words, stdout=out)
    return out.getvalue()


def test_a_key_comes_with_a_code_that_binds_it(personas: Personas) -> None:
    document = json.loads(created("--key", "K9", "--json"))

    assert document["bind_at"].endswith("/login/key/")

    bound("new1", document["binding_code"])

    assert SecurityKey.objects.get(serial="K9").state == "BOUND"


def test_in_words_the_code_is_displayed_with_what_to_do(personas: Personas) -> None:
    said = created("--key", "K9")

    assert "binding_code" in said
    assert "72小时内有效、只显示这一次" in said


def test_without_a_key_there_is_no_code(personas: Personas) -> None:
    assert json.loads(created("--json")) == {"username": "new1", "role": "ME", "unit": "甲市"}


def test_a_key_of_somebody_else_is_refused(personas: Personas) -> None:
    created("--key", "K9")
    with pytest.raises(Refused, match="已经登记给别人"):
        created("--key", "K9", username="new2")


def test_an_unknown_unit_is_a_bad_argument(personas: Personas) -> None:
    with pytest.raises(CommandError, match="没有名为“乌有市”的单位") as refused:
        created(unit="乌有市")

    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("role", "unit", "sector"),
    [
        ("ME", "测试省", "labour"),
        ("V", "测试省", "education"),
        ("PE", "甲市", "education"),
        ("PE", "", "education"),
        ("PE", "测试省", ""),
        ("S", "", ""),
        ("ME", "甲市", "labour"),
        ("AU", "甲市", ""),
    ],
)
def test_a_post_that_no_such_unit_has_is_a_bad_argument(personas: Personas, role: str, unit: str, sector: str) -> None:
    before = (Account.objects.count(), RoleAssignment.objects.count())
    words = ("new1", "--name", "某新", "--role", role, "--unit", unit, "--sector", sector)
    with pytest.raises(CommandError, match="岗位") as refused:
        call_command("createaccount", *words)

    assert refused.value.returncode == 2
    assert (Account.objects.count(), RoleAssignment.objects.count()) == before


@pytest.mark.parametrize("username", ["a b<script>", "甲", "a", "a" * 33])
def test_a_name_to_log_in_with_is_plain(personas: Personas, username: str) -> None:
    with pytest.raises(CommandError, match="登录名不能用") as refused:
        created("--json", username=username)

    assert refused.value.returncode == 2
