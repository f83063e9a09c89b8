"""The seat an officer acts from: whose unit speaks, and whose account answers for it."""

from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Denied


def unit_of(by: Actor) -> int:
    """Row id of the unit in whose name the actor acts.

    Raises:
        Denied: the seat belongs to no unit.
    """
    if by.unit is None:
        raise Denied("您的岗位没有所属单位，不能以单位名义办理", now="请联系发放岗位的单位")
    return by.unit


def account_of(by: Actor) -> int:
    """Row id of the account that answers for the act.

    Raises:
        Denied: nobody is signed in.
    """
    if by.account is None:
        raise Denied("没有登录，不能办理", now="请先登录")
    return by.account
