"""A family whose phone is lost or belongs to another person now: another log-in phone for its child.
(T2.08)

The child moves to the account of the new phone, which the family has logged in with on the same day, so that a number
typed wrong opens the child to no one. Other children of the old account stay there.
"""

from datetime import datetime

from yangguang.actions.accounts.guardian_phones import replace_phone
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_family
from yangguang.models import Account, Application, Person
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.guardians import find_guardian, guardian_phone
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.names import clean_phone, mask_name, mask_phone
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI


@action("account.change_phone", Right.FAMILY_PHONE_CHANGE, on="application", via="home")
def change_phone(entry: AuditRecord, *, by: Actor, application: Application, phone: str, reason: str) -> Person:
    """Let the new phone, and no longer the old one, log in for the student; student and guardian get a message.

    Args:
        phone: in any spelling. reason: which papers were checked, without any number.
    Raises:
        Refused: the phone has not been logged in with today, it is the student's already, or no reason.
    """
    account = _require_new_account(application, phone, entry.at)
    text = clean_text(reason, where="reason", most=200)
    if not text:
        raise Refused("没有写明核对了什么", now="请写明核对了哪些证件", where="reason")
    person = Person.objects.select_for_update().get(pk=application.person_id)
    named = find_guardian(person.pk)
    # The old phone belongs to another person now, who must not go on reading copies meant for the guardian.
    if named is not None and guardian_phone(person.pk) in ("", _phone_of(person)):
        replace_phone(named, clean_phone(phone))
    person.account = account
    person.save(update_fields=["account"])
    entry.set_subject(application, person.pk)
    entry.add_facts(reason=text)
    masked, child = mask_phone(clean_phone(phone)), f"您的孩子{mask_name(person.name)}"
    own, guardian = (_MESSAGE.format(whose=whose, phone=masked) for whose in ("您", child))
    enqueue_for_family(person.pk, "account.change_phone", f"account:{account.pk}", own, guardian)
    return person


_MESSAGE = (
    "【阳光招生】{whose}的登录手机号已由招生主管部门核对证件后换为{phone}，原来的手机号不能再登录查看。"
    "不是您本人办理的，请立即联系当地招生主管部门。"
)


def _phone_of(person: Person) -> str:
    return person.account.phone.reveal() if person.account and person.account.phone else ""


@change_phone.preflight
def _(at: datetime, *, by: Actor, application: Application, phone: str, reason: str) -> None:
    _require_new_account(application, phone, at)


def _require_new_account(application: Application, phone: str, at: datetime) -> Account:
    """The account that logged in with this phone today."""
    account = Account.objects.filter(phone_hash=blind(clean_phone(phone)), role_assignments=None).first()
    # The first log-in makes the account and leaves `last_login` empty.
    last = None if account is None else account.last_login or account.recorded_at
    if account is None or last is None or last.astimezone(SHANGHAI).date() != at.astimezone(SHANGHAI).date():
        raise Refused(
            "新手机号今天还没有登录过",
            why="家长当面用新手机号登录一次，才知道号码没有写错、就在他手上",
            now="请让家长用新手机号登录一次（久未使用的号码选“作为新用户进入”），再办理",
            where="phone",
        )
    if application.person.account_id == account.pk:
        raise Refused("考生已经可以用这个手机号登录", now="请核对手机号", where="phone")
    return account
