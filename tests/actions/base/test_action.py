"""One entrance for every write: what it asks, what it leaves, and what it never does."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from tests.support.clients import approve_by_two
from tests.support.personas import FAMILY_PHONE, Personas, PhoneClient
from yangguang import clock
from yangguang.actions.accounts import keys, step_up_requests
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.actions.base import action as kernel
from yangguang.actions.base.audit_record import AuditRecord, content_of
from yangguang.actions.base.dual_approval import AwaitingSecond
from yangguang.models import (
    Account,
    Application,
    AuditChainHead,
    AuditEntry,
    Guardian,
    Person,
    Proposal,
    SecurityKey,
    SpecialNeeds,
    Unit,
    Window,
)
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Denied, NotFound, Refused, StepUpRequired, VersionConflict, WindowClosed
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def entries(action: str) -> list[tuple[str, dict[str, object]]]:
    return list(AuditEntry.objects.filter(action=action).order_by("id").values_list("outcome", "facts"))


@kernel.action("test.rename", Right.PLAN_APPROVE, on="unit")
def rename(entry: AuditRecord, *, by: Actor, unit: Unit, name: str) -> Unit:
    unit.name = name
    unit.save(update_fields=["name"])
    return unit


@kernel.action("test.nested", Right.SCHOOL_DIRECTORY_READ)
def nested(entry: AuditRecord, *, by: Actor, unit: Unit) -> None:
    rename(by=by, unit=unit, name="x")


def test_an_act_leaves_exactly_one_entry_in_a_chain_that_proves_itself(personas: Personas) -> None:
    before = AuditEntry.objects.count()
    personas.ce.sign(rename, unit=personas.school, name="新名")
    # The challenge is a separate act.
    assert AuditEntry.objects.count() == before + 2
    assert Unit.objects.get(pk=personas.school.pk).name == "新名"
    assert list(find_broken_links()) == []


def test_a_role_without_the_right_is_denied_and_the_try_is_kept(personas: Personas) -> None:
    with pytest.raises(Denied):
        personas.teacher.act(rename, unit=personas.school, name="x")

    assert [(o, f["refused"]) for o, f in entries("test.rename")] == [("DENIED", "denied")]
    assert Unit.objects.get(pk=personas.school.pk).name == "甲市第一职业学校"


def test_a_row_out_of_scope_looks_like_a_row_that_is_not_there(personas: Personas) -> None:
    with pytest.raises(NotFound):
        personas.ce.sign(rename, unit=personas.other_city, name="x")
    assert [o for o, _ in entries("test.rename")] == ["DENIED"]


def test_a_signature_is_good_for_its_own_content_only(personas: Personas) -> None:
    content = content_of("test.rename", {"unit": personas.school, "name": "甲"})
    options = step_up_requests.challenge(by=personas.ce.actor, act="test.rename", content=content)
    signed = personas.ce.actor.with_step_up(assertion=json.dumps(personas.ce.key.sign(options)))
    with pytest.raises(StepUpRequired):
        rename(by=signed, unit=personas.school, name="乙")

    assert rename(by=signed, unit=personas.school, name="甲").name == "甲"
    with pytest.raises(StepUpRequired):
        rename(by=signed, unit=personas.school, name="甲")


def test_a_revoked_key_signs_nothing(personas: Personas) -> None:
    key = SecurityKey.objects.get(account__username="ce")
    personas.pe1.sign(keys.revoke, key=key, reason="离职")
    with pytest.raises(StepUpRequired):
        personas.ce.sign(rename, unit=personas.school, name="x")


def test_without_a_signature_nothing_happens(personas: Personas) -> None:
    with pytest.raises(StepUpRequired):
        personas.ce.act(rename, unit=personas.school, name="x")
    assert Unit.objects.get(pk=personas.school.pk).name == "甲市第一职业学校"


def test_an_act_of_two_people_waits_for_the_second(personas: Personas) -> None:
    first = personas.pe1.sign(keys.issue, unit=personas.school, serials=["K1"])

    assert isinstance(first, AwaitingSecond)
    assert SecurityKey.objects.filter(serial="K1").count() == 0
    with pytest.raises(Refused, match="另一个人"):
        personas.pe1.sign(keys.issue, unit=personas.school, serials=["K1"])
    personas.pe2.sign(keys.issue, unit=personas.school, serials=["K1"])

    assert SecurityKey.objects.get(serial="K1").unit == personas.school
    assert Proposal.objects.get().approved_by.username == "pe2"


def test_another_content_is_another_proposal(personas: Personas) -> None:
    personas.pe1.sign(keys.issue, unit=personas.school, serials=["K1"])

    assert isinstance(personas.pe2.sign(keys.issue, unit=personas.school, serials=["K2"]), AwaitingSecond)
    assert SecurityKey.objects.filter(serial__in=["K1", "K2"]).count() == 0


def test_actions_do_not_call_actions(personas: Personas) -> None:
    with pytest.raises(RuntimeError, match="do not call"):
        nested(by=personas.ce.actor, unit=personas.school)


def test_if_the_entry_cannot_be_written_the_act_fails(personas: Personas) -> None:
    AuditChainHead.objects.all().delete()
    with pytest.raises(AssertionError), transaction.atomic():
        approve_by_two(personas.pe1, personas.pe2, keys.issue, unit=personas.school, serials=["K1"])

    assert SecurityKey.objects.filter(serial="K1").count() == 0


FORM = Registration(
    name="张三",
    id_number="490101200906154016",
    origin="junior_this_year",
    home=0,
    consent_text="2024-1",
    guardian_name="张父",
    guardian_relation="父亲",
    guardian_phone="15400000002",
)


def filled(personas: Personas, **changes: object) -> Registration:
    from dataclasses import replace

    from yangguang.rules.base.id_number import check_digit

    body = f"490101{clock.now().year - 15}06154010"[:17]
    base = {"home": personas.county.pk, "id_number": body + check_digit(body)}
    return replace(FORM, **(base | changes))


def test_a_closed_window_refuses_with_both_instants_and_keeps_the_try(personas: Personas) -> None:
    now = clock.now()
    Window.objects.create(
        season=personas.season, kind="registration", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)
    )
    with pytest.raises(WindowClosed, match="报名已经截止"):
        registration.register(by=personas.family(), season=personas.season, form=filled(personas))

    assert [o for o, _ in entries("person.register")] == ["DENIED"]
    assert Person.objects.count() == 0


def test_a_window_without_an_end_refuses_and_does_not_crash(personas: Personas) -> None:
    Window.objects.create(season=personas.season, kind="registration", opens_at=clock.now() - timedelta(days=9))
    with pytest.raises(WindowClosed, match="还没有公布完整"):
        registration.register(by=personas.family(), season=personas.season, form=filled(personas))


def test_a_person_registers_once_however_the_number_is_spelled(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    form = filled(personas)
    application = registration.register(by=personas.family(), season=personas.season, form=form)

    assert Application.objects.get().number == application.number
    wide = form.id_number.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    for phone in ("15400000001", "15400000009"):
        with pytest.raises(Refused, match="已经报过名"):
            registration.register(
                by=personas.family(phone), season=personas.season, form=filled(personas, id_number=f" {wide} ")
            )

    assert Person.objects.count() == 1


def test_a_repeated_request_gets_the_first_answer(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    from dataclasses import replace

    by = replace(personas.family(), request_key="k1")
    first = registration.register(by=by, season=personas.season, form=filled(personas))
    again = registration.register(by=by, season=personas.season, form=filled(personas))

    assert first.pk == again.pk
    assert len(entries("person.register")) == 1
    with pytest.raises(Refused, match="另一份内容"):
        registration.register(by=by, season=personas.season, form=filled(personas, name="李四"))


def test_under_fourteen_a_guardian_consents_first(personas: Personas) -> None:
    from yangguang.rules.base.id_number import check_digit

    personas.open(WindowKind.REGISTRATION)
    body = f"490101{clock.now().year - 12}0615401"
    young = filled(personas, id_number=body + check_digit(body))
    with pytest.raises(Refused, match="监护人同意"):
        registration.register(by=personas.family(), season=personas.season, form=young)
    from dataclasses import replace

    registration.register(by=personas.family(), season=personas.season, form=replace(young, consent_by="guardian"))

    assert Person.objects.get().consents.get().by_guardian is True


def test_personal_fields_are_masked_until_revealed_and_sealed_at_rest(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    form = filled(personas, needs="DEDICATED_CLASS", guardian_phone="15450000001")
    registration.register(by=personas.family(), season=personas.season, form=form)
    person = Person.objects.get()
    fields = {
        form.id_number: person.id_number,
        form.guardian_phone: Guardian.objects.get().phone,
        FAMILY_PHONE: Account.objects.get(pk=person.account_id).phone,
        form.needs: SpecialNeeds.objects.get().provision,
    }

    assert [text for text, field in fields.items() if text in str(field)] == []
    assert {text: field.reveal() for text, field in fields.items()} == {text: text for text in fields}
    assert [(table, text) for table, content in dump_tables().items() for text in fields if text in content] == []


def dump_tables() -> dict[str, str]:
    """Every table of ours as text, its bytes read as text where they are one."""
    tables = [model._meta for model in apps.get_app_config("yangguang").get_models()]
    dumped = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table.db_table}")
            cells = [cell for row in cursor.fetchall() for cell in row]
            bytes_as_text = [
                bytes(cell).decode(errors="ignore") for cell in cells if isinstance(cell, bytes | memoryview)
            ]
            dumped[table.db_table] = " ".join([*map(str, cells), *bytes_as_text])
    return dumped


def test_the_fifth_wrong_code_ends_it(personas: Personas) -> None:
    from yangguang.actions.accounts import accounts
    from yangguang.models.base.fields import blind

    phone = "15400000003"
    code = PhoneClient().request_code(phone, "account.enter", accounts.enter_content(phone))
    wrong = GUEST.with_step_up(code="000000" if code != "000000" else "111111", phone_hash=blind(phone))
    for _ in range(5):
        with pytest.raises(StepUpRequired):
            accounts.enter(by=wrong, phone=phone, browser="")
    with pytest.raises(StepUpRequired):
        accounts.enter(by=GUEST.with_step_up(code=code, phone_hash=blind(phone)), phone=phone, browser="")


def test_a_page_seen_before_a_change_is_stale(personas: Personas) -> None:
    from yangguang.models import Plan

    plan = Plan.objects.create(school=personas.school, season=personas.season, capacity=10, version=3)

    @kernel.action("test.note", Right.PLAN_APPROVE, on="plan")
    def note(entry: AuditRecord, *, by: Actor, plan: models.Model, remark: str) -> None:
        kernel.update_versioned(plan, remark=remark)

    try:
        with pytest.raises(VersionConflict, match="第2版，现在是第3版"):
            note(by=personas.ce.actor, plan=plan, remark="x", seen_version=2)
    finally:
        kernel.ACTIONS.pop("test.note")


@pytest.mark.parametrize("table", ["yangguang_auditentry", "yangguang_auditroot"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_log_cannot_be_rewritten(personas: Personas, table: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match=f"append-only: {table}"), transaction.atomic():
        run(statement.format(table))
    with pytest.raises(DatabaseError, match=f"permission denied for table {table}"), transaction.atomic():
        run("SET LOCAL ROLE yangguang_app")
        run(statement.format(table))


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_illegal_move_is_refused_below_python(personas: Personas) -> None:
    from yangguang.models import Plan

    plan = Plan.objects.create(school=personas.school, season=personas.season, capacity=10)
    with pytest.raises(Exception, match="illegal move"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(state="PUBLISHED")


def test_a_positional_argument_is_refused(personas: Personas) -> None:
    with pytest.raises(TypeError, match="keyword arguments only"):
        rename(personas.ce.actor, unit=personas.school, name="x")

    with pytest.raises(TypeError, match="keyword arguments only"):
        rename(personas.school, "x", by=personas.ce.actor, unit=personas.school, name="x")


def test_an_act_without_an_actor_is_refused(personas: Personas) -> None:
    with pytest.raises(TypeError, match="needs an actor"):
        rename(unit=personas.school, name="x")


def test_a_declaration_that_disagrees_with_the_rights_about_two_persons_is_refused() -> None:
    with pytest.raises(ValueError, match="disagree about two people"):
        kernel.action("test.dual", Right.UKEY_ISSUE)(lambda entry, *, by: None)
    with pytest.raises(ValueError, match="disagree about two people"):
        kernel.dual_action("test.dual", Right.PLAN_APPROVE)(lambda entry, *, by: None)


def test_a_preflight_raises_what_the_act_would_raise_and_leaves_no_record(personas: Personas) -> None:
    before = AuditEntry.objects.count()

    with pytest.raises(NotFound):
        rename.prepare(by=personas.ce.actor, unit=personas.other_city, name="x").preflight(clock.now())
    with pytest.raises(Denied):
        rename.prepare(by=personas.teacher.actor, unit=personas.school, name="x").preflight(clock.now())
    rename.prepare(by=personas.ce.actor, unit=personas.school, name="x").preflight(clock.now())

    assert AuditEntry.objects.count() == before
