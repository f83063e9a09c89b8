"""What stands against a step of a run, said once: the page asks before it asks for a key, the act asks again.
(X1.04, F-D5)
"""

from datetime import datetime

from yangguang.models import AdmissionRun, Round
from yangguang.queries.runs.preconditions import publication_opens
from yangguang.queries.runs.runs import last_before
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import format_instant

_TWO = "公布录取须由两人分别用各自的优盾办理"


def require_move(name: str, by: Actor, run: AdmissionRun) -> str:
    """The state that a step of the run leads to, when nothing stands against it now.

    Args:
        name: of the move in `rules.runs.run_states`.
    Raises:
        IllegalMove: the run is not where this step begins.
        Refused: a trial, another person's turn, a difference nobody looked at, or a run under way.
    """
    state = run_states.TRANSITIONS.next_state(name, run.state)
    if name in _ALSO:
        _ALSO[name](by, run)
    if name in ("publish", "time"):
        _require_settled(run, "公布" if name == "publish" else "定时公布")
    return state


def require_hour(round: Round, at: datetime) -> None:
    """Nothing is published before the hour that is the same for everybody.

    Raises:
        Refused: it has not come.
    """
    opens = publication_opens(round)
    if opens is not None and at < opens:
        raise Refused(
            f"统一公布时间是{format_instant(opens)}，现在还不能公布",
            why="所有学生在同一时刻知道结果",
            now="请到时再点“公布录取”",
        )


def _require_proposable(by: Actor, run: AdmissionRun) -> None:
    if run.is_what_if:
        raise Refused("试算的结果不能公布", why="试算不是正式录取", now="请在志愿填报截止后发起正式运算")
    if len(run.report["held_back"]) == run.counts["programmes"] > 0:
        raise Refused("核验发现问题，全部计划行都被扣下", now="请查看核验报告，改正后重新运算")
    before = last_before(run)
    if before is not None and (run.compared_by_id, run.compared_with_id) != (by.account, before.pk):
        raise Refused(
            f"本次运算与第{before.number}次运算的差异，您还没有核对",
            why="重新运算的结果，提请人须先看过谁的结果变了",
            now="请打开“与上次运算的差异”，逐项看过后按“已核对”",
            where="difference",
        )


def _require_second(by: Actor, run: AdmissionRun) -> None:
    require_second_person(
        by,
        first=(run.started_by_id, run.proposed_by_id),
        what="本次运算由您发起或提请，须由另一个人批准",
        why=_TWO,
        now="请通知有同样岗位的另一位同事登录批准",
    )


def _require_other(by: Actor, run: AdmissionRun) -> None:
    require_second_person(
        by,
        first=run.approved_by_id,
        what="本次公布由您批准，须由另一个人执行公布",
        why=_TWO,
        now="请提请公布的同事登录公布",
    )


def _require_one_of_the_two(by: Actor, run: AdmissionRun) -> None:
    if by.account not in (run.approved_by_id, run.published_by_id):
        raise Refused(
            "定时公布只能由决定它的两人之一撤销",
            why=f"本次由{run.approved_by}批准、{run.published_by}设定",
            now="请联系其中一位",
        )


_ALSO = {
    "propose": _require_proposable,
    "approve": _require_second,
    "publish": _require_other,
    "time": _require_other,
    "call_off": _require_one_of_the_two,
}


def _require_settled(run: AdmissionRun, act: str) -> None:
    """A result that is being computed anew is not the one to publish."""
    if run.round.runs.filter(state__in=run_states.COMPUTING, is_what_if=False).exists():
        raise Refused(f"本批次正在重新运算，不能{act}", now="请等它结束，或先取消它")
