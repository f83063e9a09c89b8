"""An attempt at a page that the role does not include is recorded in the log. (T1.05, F-I2)"""

from typing import Never

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Denied


@action("route.denied", Right.ACCOUNT_SIGN_IN)
def refuse(entry: AuditRecord, *, by: Actor, right: Right) -> Never:
    """Refuse a page; `Prepared.execute` writes a `denied` record, which names the missing right.

    Raises:
        Denied: always.
    """
    raise Denied(
        f"您的岗位（{by.role.label}）不能{right.label}",
        why="岗位权限表中没有这一项，这次尝试已记入日志",
        now="请换用有这项权限的账号登录；如工作需要，请联系本单位负责人调整岗位",
    )
