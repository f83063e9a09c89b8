"""What every page of a bureau's desk has around it: its navigation, and the unit and season it looks at."""

from uuid import UUID

from django.http import HttpResponse

from yangguang import clock
from yangguang.models import Unit
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.approval_strip import ApprovalStep
from yangguang.web.kit.confirmation import Confirmation, Effects
from yangguang.web.kit.layout import Desk
from yangguang.web.kit.layout import season_of as season_of
from yangguang.web.kit.refusals import FixLink, refusal_page

DESK = Desk(
    "authority",
    (
        (
            "今天",
            (
                ("工作台", "authority:home", Right.PLAN_APPROVE),
                ("双人事项", "authority:proposals", Right.PLAN_APPROVE),
            ),
        ),
        (
            "招生",
            (
                ("招生学校名录", "authority:school_lists", Right.SCHOOL_DIRECTORY_CHANGE),
                ("计划审核", "authority:plans", Right.PLAN_APPROVE),
                ("批次", "authority:rounds", Right.ADMISSION_CENTRAL_RUN),
                ("开放时间", "authority:windows", Right.ROUND_WINDOW_SET),
                ("工作日历", "authority:calendar", Right.CALENDAR_LOAD),
                ("中招成绩", "authority:scores", Right.EXAM_RESULT_CHECK),
                ("考试机构结果", "authority:imports", Right.IMPORTED_RESULT_CHECK),
            ),
        ),
        (
            "任务和报送",
            (
                ("任务分解", "authority:targets", Right.TASK_NUMBER_READ),
                ("招生进度", "authority:progress", Right.MONTHLY_REPORT_SEE_BOTH_LINES),
                ("月报", "authority:reports", Right.MONTHLY_REPORT_SEE_BOTH_LINES),
            ),
        ),
        (
            "学生",
            (
                ("查重", "authority:cases", Right.DUPLICATE_DECIDE),
                ("换手机号", "authority:family_phone", Right.FAMILY_PHONE_CHANGE),
                ("外部名单", "authority:outside_lists", Right.OUTSIDE_LIST_CHECK),
                ("志愿异议", "authority:disputes", Right.DISPUTE_READ),
            ),
        ),
        (
            "监督和公开",
            (
                ("退录原因", "authority:release_counts", Right.SANCTION_PROPOSE),
                ("处理措施", "authority:sanctions", Right.SANCTION_PROPOSE),
                ("政策公告", "authority:notices", Right.POLICY_NOTICE_PUBLISH),
                ("审计日志", "auditor:log", Right.AUDIT_LOG_READ),
            ),
        ),
    ),
)
page, layout_context = DESK.page, DESK.layout_context


def confirmation(
    request: Request,
    title: str,
    act: str,
    effects: Effects,
    back: str,
    *,
    is_danger: bool = False,
    approvals: list[ApprovalStep] | None = None,
    **context: object,
) -> Confirmation:
    """A confirmation page of this desk; for the arguments see `Confirmation`."""
    return Confirmation(
        title,
        act,
        effects,
        back,
        is_danger=is_danger,
        context=layout_context(request) | context,
        template="authority/base/confirm.html",
        approvals=approvals,
    )


def refused(request: Request, refusal: Refused, back: str, fix_link: FixLink | None = None) -> HttpResponse:
    """An act of this desk that was refused."""
    return refusal_page(request, refusal, back, context=layout_context(request), fix_link=fix_link)


def unit_of(request: Request, right: Right) -> Unit:
    """The unit in the address, else the actor's own, else the province. Raises NotFound outside the actor's reach."""
    text, own = request.GET.get("unit", ""), request.actor.unit
    default = {"pk": own} if own is not None else {"level": Unit.Level.PROVINCE}
    look_up = {"public_id": uuid_in(text)} if text else default
    unit: Unit = Unit.objects.for_actor(request.actor, right).get_or_not_found(**look_up)
    return unit


def uuid_in(text: str) -> UUID:
    """A public id in an address. Raises NotFound when it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("没有找到这条信息", why="网址不完整或被改动过", now="请从列表重新进入") from None


def year_of(request: Request) -> int:
    """The year in the address, else that of the season in the address or of the current one, else this year."""
    text = request.GET.get("year", "")
    if text.isascii() and text.isdecimal() and len(text) == 4:
        return int(text)
    season = season_of(request) if "season" in request.GET else current_season()
    return season.year if season else clock.now().year
