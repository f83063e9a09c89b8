"""Reasons for withdrawing from an admission, and when a student may ask for it. (R6.05, F-N5)"""

from yangguang.rules.admissions.admission_states import MAY_WITHDRAW, OFFERED
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import IllegalMove, Refused


class WithdrawalReason(Labelled):
    """The student's reason; reasons are counted by school for supervision."""

    OTHER_SCHOOL = "other_school", "改读其他学校"
    GENERAL_HIGH_SCHOOL = "general_high_school", "就读普通高中"
    WORK = "work", "就业"
    ARMY = "army", "参军"
    FAMILY = "family", "家庭原因"
    HEALTH = "health", "身体原因"
    NOT_AS_PROMISED = "not_as_promised", "学校情况与宣传不符"
    FEES = "fees", "收费与公布的不一致"
    MISLED = "misled", "志愿不是本人真实意愿"
    OTHER = "other", "其他原因"


AT_THE_SCHOOL = frozenset({WithdrawalReason.NOT_AS_PROMISED, WithdrawalReason.FEES, WithdrawalReason.MISLED})
"""Reasons that point to a fault of the school."""


def require_may_withdraw(state: str, *, has_record: bool, is_running: bool) -> None:
    """Raise unless a withdrawal may be requested.

    Args:
        state: of the admission.
        has_record: a student record was made from the admission.
        is_running: an earlier request is still running.
    Raises:
        IllegalMove: the student has no seat, or a request is running already.
        Refused: a record exists, so leaving is a change of the record.
    """
    if is_running:
        raise IllegalMove("您已经申请退录", why="期限内只有一份申请", now="请在退录页面查看还剩多少时间")
    if state == OFFERED:
        raise IllegalMove("这条录取还没有应答", why="没有接受，就不用退录", now="请在应答页面选择“放弃录取”")
    if state not in MAY_WITHDRAW:
        raise IllegalMove("这条录取已经终止，不用退录", now="请在“我的进度”查看最新状态")
    if has_record:
        raise Refused(
            "您的学籍已经生成，不能再退录",
            why="学籍生成之后离校是学籍变动，要留下变动记录",
            now="请向学校申请退学或转学，由主管部门审批",
        )
