"""Which bureau reviews a plan next: the bureaus above the school, as they report to each other. (R1.01, R1.03)

A county that reports to the province itself (省直管县、航空港区) has no city above it. It approves at the city's
level, because the law gives it the city's administrative powers.
"""

from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.plans.plan_states import NEXT_REVIEW, TRANSITIONS

LEVELS = ("PROVINCE", "CITY", "COUNTY")


def level_of(path: str) -> str:
    """The level at which the bureau at `path` ("1/17/") approves plans, by its distance from the province."""
    return LEVELS[min(path.count("/"), len(LEVELS)) - 1]


def find_approval(bureau: str, school: str, governed_by: str, state: str) -> str:
    """The name of the transition by which the bureau approves the school's plan.

    Args:
        bureau, school: paths in the tree of units.
        governed_by: governing level (主管) of the school, "" for that of the unit above it.
        state: state of the plan.

    Raises:
        IllegalMove: no bureau reviews a plan in this state.
        Refused: another bureau reviews it next.
    """
    above = level_of(school.rstrip("/").rpartition("/")[0] + "/")
    governing = governed_by or above
    if governing == "COUNTY" and above == "CITY":
        governing = "CITY"
    review = NEXT_REVIEW.get((governing, state))
    if review is None:
        raise IllegalMove(
            f"招生计划现在是“{TRANSITIONS.states[state]}”，不能审核通过",
            why="只有上报后、省级审核前的计划可以审核",
            now="请刷新页面，查看最新状态",
        )
    level, transition = review
    if level != level_of(bureau):
        raise Refused(
            "这份计划现在不在您这一级审核",
            why=f"下一步是{TRANSITIONS[transition].label}",
            now="请等待，或联系对应的主管部门",
        )
    return transition
