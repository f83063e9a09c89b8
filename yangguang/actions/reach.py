"""What an officer reaches: the area, asked again where the subject is a public row, and the seat it acts from."""

from yangguang.models import Unit
from yangguang.models.scoping import letter_of
from yangguang.rules.actors import Actor
from yangguang.rules.refusals import Denied, NotHere
from yangguang.rules.rights import Right


def require_within(by: Actor, right: Right, unit: Unit) -> None:
    """Let the act pass when `unit` lies in what `by` reaches with `right`; a public row is no reason to write it.

    Raises:
        NotHere: exactly as for a row that does not exist.
    """
    letter = letter_of(by, right)
    own_line = not (by.line and unit.line) or unit.line == by.line
    reached = {
        "a": True,
        "s": unit.pk == by.unit,
        "c": bool(by.path) and unit.path.startswith(by.path) and own_line,
        "l": bool(by.path) and unit.path.startswith(by.path) and own_line,
    }
    if not reached.get(letter, False):
        raise NotHere("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从列表重新进入")


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
