"""Whose desk a plan lies on: the chain of bureaus above the school, as it reports. (R1.01, R1.03)

A county that reports to the province itself (省直管县、航空港区) has no city above it: it passes at the city's
level, as the law gives such a county the city's powers in management.
"""

from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.plans.plan_states import NEXT_DESK, TRANSITIONS

RANKS = ("PROVINCE", "CITY", "COUNTY")


def rank(path: str) -> str:
    """The level at which the bureau at `path` ("1/17/") passes plans: by its distance from the province."""
    return RANKS[min(path.count("/"), len(RANKS)) - 1]


def move_at(bureau: str, school: str, governed_by: str, state: str) -> str:
    """The move by which the bureau passes the school's plan on.

    Args:
        bureau, school: paths in the tree; governed_by: governing level (主管) of the school.
        state: state of the plan.

    Raises:
        IllegalMove: no bureau has anything to pass in this state.
        Refused: the plan lies on another desk.
    """
    above = rank(school.rstrip("/").rpartition("/")[0] + "/")
    governing = "CITY" if (governed_by or above) == "COUNTY" and above == "CITY" else governed_by or above
    desk = NEXT_DESK.get((governing, state))
    if desk is None:
        raise IllegalMove(
            f"招生计划现在是“{TRANSITIONS.states[state]}”，不能审核通过",
            why="只有上报后、省级审核前的计划可以审核",
            now="请刷新页面，查看最新状态",
        )
    if desk[0] != rank(bureau):
        raise Refused(
            "这份计划现在不在您这一级审核",
            why=f"下一步是{TRANSITIONS[desk[1]].says}",
            now="请等待，或联系对应的主管部门",
        )
    return desk[1]
