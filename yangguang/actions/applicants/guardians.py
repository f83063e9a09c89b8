"""The family corrects the phone that gets copies of its messages: numbers are given to other people. (F-B6, F-H2)"""

from datetime import datetime

from yangguang.actions.accounts.guardian_phones import replace_phone
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_family
from yangguang.models import Application, Guardian
from yangguang.queries.accounts.guardians import find_guardian, guardian_phone
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.names import clean_phone, mask_name, mask_phone
from yangguang.rules.base.refusals import Refused


@action("guardian.change_phone", Right.GUARDIAN_PHONE_CHANGE, on="application")
def change_phone(entry: AuditRecord, *, by: Actor, application: Application, phone: str) -> Guardian:
    """Send copies to this phone of the guardian from now on, and none to the old one, which gets one last message.

    Args:
        phone: in any spelling.
    Raises:
        Refused: no mobile number, no guardian is registered, or copies go to this phone already.
    """
    guardian, number = _require_other_phone(application, phone)
    child = mask_name(application.person.name)
    own, last = (text.format(child=child, phone=mask_phone(number)) for text in (_OWN, _LAST))
    # Queued before the new phone is stored, so that the copy is the old one's last.
    enqueue_for_family(application.person_id, "guardian.change_phone", f"guardian:{guardian.pk}", own, last)
    entry.set_subject(application, application.person_id)
    return replace_phone(guardian, number)


@change_phone.preflight
def _(at: datetime, *, by: Actor, application: Application, phone: str) -> None:
    _require_other_phone(application, phone)


_OWN = "【阳光招生】考生{child}的监护人手机号已改为{phone}，短信今后抄送到这里。如有疑问，请联系当地招生主管部门。"
_LAST = "【阳光招生】这个号码不再收到考生{child}的消息：家庭已改正监护人手机号。如有疑问，请联系当地招生主管部门。"


def _require_other_phone(application: Application, phone: str) -> tuple[Guardian, str]:
    guardian = find_guardian(application.person_id)
    if guardian is None:
        raise Refused("没有登记监护人", why="短信只发给考生本人的登录手机号", now="不需要改正")
    number = clean_phone(phone)
    if number == guardian_phone(application.person_id):
        raise Refused("短信已经抄送到这个手机号", now="请核对手机号", where="phone")
    return guardian, number
