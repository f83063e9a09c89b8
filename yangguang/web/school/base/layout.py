"""What every page of a school's desk has around it: its navigation, its school, the season it looks at."""

from yangguang.models import Unit
from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.actor import Request
from yangguang.web.kit.layout import Desk
from yangguang.web.kit.layout import season_of as season_of

DESK = Desk(
    "school",
    (
        (
            "今天",
            (
                ("工作台", "school:home", Right.PLAN_DRAFT),
                ("双人事项", "school:proposals", Right.PROPOSAL_WITHDRAW),
            ),
        ),
        (
            "招生",
            (
                ("招生计划", "school:plan", Right.PLAN_DRAFT),
                ("报名名单", "school:applicants", Right.APPLICATION_READ),
                ("自主测试加分", "school:aptitude_tests", Right.APTITUDE_TEST_LOAD),
            ),
        ),
        (
            "录取和报到",
            (
                ("录取", "school:admissions", Right.ADMISSION_PROPOSE),
                ("候补", "school:waiting", Right.ADMISSION_PROPOSE),
                ("退录", "school:releases", Right.WITHDRAWAL_COMMENT),
                ("报到", "school:check_in", Right.CHECK_IN_TAKE),
            ),
        ),
        ("学籍", (("学籍", "school:records", Right.RECORD_READ),)),
    ),
)
page, layout_context = DESK.page, DESK.layout_context


def own_school(request: Request, right: Right) -> Unit:
    """The actor's school. Raises NotFound when the actor is at no school."""
    schools = Unit.objects.for_actor(request.actor, right)
    school: Unit = schools.get_or_not_found(pk=request.actor.unit, level=Unit.Level.SCHOOL)
    return school
