"""Personas of the demonstration (“进入为…”): a student at each step of the season, an officer of each role."""

from collections.abc import Sequence
from dataclasses import dataclass

from webauthn.helpers import base64url_to_bytes

from yangguang.models import RoleAssignment, SecurityKey
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.records import record_states
from yangguang.simulation import calendar
from yangguang.simulation.clients import make_soft_key
from yangguang.simulation.soft_key import SoftKey


@dataclass(frozen=True, slots=True)
class DemoPersona:
    """One account that a visitor may enter as; `components/roles.html` shows `value`, `label` and `note`.

    Args:
        value: what the page posts. It names the officer or the step, never a position in the list: a page that
            was left open while the list changed must not lead to another account.
        account, seat: row ids.
        note: what the persona is good for.
    """

    value: str
    role: Role
    account: int
    seat: int | None
    note: str

    @property
    def label(self) -> str:
        return self.role.label


_OFFER = "SELECT 1 FROM yangguang_waitingoffer AS o WHERE o.application_id = a.id AND o.state = 'OPEN'"
_RELEASE = "SELECT 1 FROM yangguang_withdrawal AS x WHERE x.admission_id = adm.id AND x.state = 'REQUESTED'"
_UNPUBLISHED = """SELECT 1 FROM yangguang_choiceversion AS v WHERE v.application_id = a.id AND NOT EXISTS (
    SELECT 1 FROM yangguang_admissionrun AS r WHERE r.round_id = v.round_id AND r.state = 'PUBLISHED'
)"""
# The name of each step and the condition of being in it, so that every page of a student can be seen.
_STEPS = {
    "registered": ("刚注册，还没有填志愿", "a.state = 'REGISTERED' AND a.track = 'CHOOSES' AND adm.id IS NULL"),
    "before": ("志愿已提交，结果还没公布", f"a.state = 'CHOSEN' AND adm.id IS NULL AND EXISTS ({_UNPUBLISHED})"),
    "chosen": ("志愿已提交，看结果和理由", f"a.state = 'CHOSEN' AND adm.id IS NULL AND NOT EXISTS ({_UNPUBLISHED})"),
    "offered": ("已录取，等待应答", "adm.state = 'OFFERED'"),
    "turn": ("候补轮到了，等待应答", f"EXISTS ({_OFFER})"),
    "waiting": ("接受并候补更高志愿", f"adm.state = 'WAITING' AND NOT EXISTS ({_OFFER})"),
    "leaving": ("申请退录，等学校意见", f"EXISTS ({_RELEASE})"),
    "record": ("已报到，学籍待本人确认", "rec.state = 'COMPLETED'"),
    "confirmed": ("学籍已确认", f"rec.state IN {render_states(record_states.CONFIRMED_OR_LATER)}"),
}
# The simulated season ends by publishing the root of the day displayed, before the site is served. Persons
# registered later were registered by visitors. What a visitor typed about a person is not displayed to other visitors,
# so such accounts are no personas; nor is a simulated family in whose account a visitor has registered a child.
# The place code of an ID number or the range of a phone would not do: a visitor may type such ones, too.
_OF_VISITORS = """
SELECT account_id FROM yangguang_person
WHERE account_id IS NOT NULL AND recorded_at > (SELECT recorded_at FROM yangguang_auditroot WHERE day = %s)
"""


def list_students() -> list[DemoPersona]:
    """The first simulated family, by application number, at each step of the season; empty steps are left out.

    A pupil of a dedicated class comes last: such pages are not what most visitors look for.
    """
    visitors = [row.account_id for row in fetch_all(_OF_VISITORS, (calendar.DISPLAY_DAY.date(),))]
    personas = []
    for key, (label, where) in _STEPS.items():
        row = fetch_one(
            f"""
            SELECT p.account_id FROM yangguang_application AS a JOIN yangguang_person AS p ON p.id = a.person_id
            LEFT JOIN yangguang_admission AS adm ON adm.application_id = a.id
            LEFT JOIN yangguang_studentrecord AS rec ON rec.admission_id = adm.id
            WHERE ({where}) AND p.account_id <> ALL (%s)
            ORDER BY EXISTS (SELECT FROM yangguang_specialneeds AS s WHERE s.person_id = p.id), a.number LIMIT 1
            """,
            (visitors,),
        )
        if row is not None:
            personas.append(DemoPersona(key, Role.STUDENT, row.account_id, None, label))
    return personas


def list_missing_steps() -> list[str]:
    """The names of the steps at which no simulated student is."""
    present = {persona.value for persona in list_students()}
    return [label for key, (label, _) in _STEPS.items() if key not in present]


def list_officers() -> list[DemoPersona]:
    """The first officer of every staff role, and a colleague at the same unit: dual approval needs both."""
    personas: list[DemoPersona] = []
    units_of: dict[str, list[int | None]] = {}
    for seat in RoleAssignment.objects.filter(ended_at=None).select_related("unit", "account").order_by("role", "pk"):
        units = units_of.setdefault(seat.role, [])
        if units and (len(units) > 1 or units[0] is None or units[0] != seat.unit_id):
            continue
        role, name = Role(seat.role), seat.unit.name if seat.unit else ""
        note = f"{name}的另一位同事，双人事项由这位办第二次。" if units else f"{name or '全省'}。{role.description}"
        units.append(seat.unit_id)
        personas.append(DemoPersona(f"{role}-{seat.account.username}", role, seat.account_id, seat.pk, note))
    return personas


def find_persona(key: str) -> DemoPersona:
    """The persona of a button that was pressed, as things are now: the page may have been open for long.

    Raises:
        NotFound: no student is at that step any more, or there is no such officer.
    """
    for persona in [*list_students(), *list_officers()]:
        if persona.value == key:
            return persona
    if key in _STEPS:
        raise NotFound(
            f"现在没有演示考生处在“{_STEPS[key][0]}”这一步",
            why="原来的考生已经办到下一步，您打开的页面是以前的",
            now="请回到首页，重新选一个身份",
        )
    raise NotFound("没有这个演示身份", why="演示数据可能已经重置", now="请回到首页，重新选一个身份")


def group_personas() -> dict[str, list[DemoPersona]]:
    """Every persona in two groups: `families` and `staff`."""
    return {"families": list_students(), "staff": list_officers()}


def soft_key_for(credentials: Sequence[str]) -> SoftKey | None:
    """The soft key that one of these credential ids (base64url) belongs to; None when all are of other keys."""
    known = [base64url_to_bytes(one) for one in credentials]
    bound = SecurityKey.objects.filter(credential_id__in=known, state=key_states.BOUND)
    for username, sign_count in bound.values_list("account__username", "sign_count"):
        key = make_soft_key(username, sign_count)
        if key.credential_id in known:
            return key
    return None
