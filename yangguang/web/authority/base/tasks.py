"""What waits for a bureau, as numbers up to `MAX_COUNTED`, in the shape of `components/inbox.html`. (X2.01)"""

from django.urls import reverse

from yangguang import clock
from yangguang.models import Sanction, Season
from yangguang.queries.accounts.proposals import count_lapsed_proposals, count_second_signatures
from yangguang.queries.admissions.exam_board_overview import count_open_conflicts
from yangguang.queries.applicants.duplicates import open_cases
from yangguang.queries.choices.choice_history import list_disputes
from yangguang.queries.organisation.school_lists import list_publications
from yangguang.queries.plans.approval_steps import plans_to_review
from yangguang.queries.plans.plan_changes import count_waiting_changes, find_last_withdrawn
from yangguang.queries.reporting.report_steps import list_returned
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons.windows import format_instant
from yangguang.rules.supervision.sanction_states import PROPOSED
from yangguang.web.kit.navigation import keep_season

MAX_COUNTED = 100
_Task = dict[str, object]


def list_tasks(by: Actor, season: Season) -> list[_Task]:
    """Every kind of task of this officer, also those of which none waits; what stops other people's work is first."""
    tasks = []
    if by.may(Right.DISPUTE_READ):
        number = len(list_disputes(by, waiting=True)[: MAX_COUNTED + 1])
        note = "办结之前不能集中录取" if number <= MAX_COUNTED else f"超过{MAX_COUNTED}项，办结之前不能集中录取"
        tasks.append(_task("志愿异议", min(number, MAX_COUNTED), note, "authority:disputes", "去办理"))
    if by.may(Right.DUPLICATE_DECIDE):
        number = len(open_cases(by)[: MAX_COUNTED + 1])
        note = "裁定之前学生没有学籍" if number <= MAX_COUNTED else f"只列出最相似的{MAX_COUNTED}项"
        tasks.append(_task("查重", min(number, MAX_COUNTED), note, "authority:cases", "去裁定"))
    if by.may(Right.MONTHLY_REPORT_FILL) and (returned := list_returned(by)):
        first = reverse("authority:report", args=[returned[0].public_id])
        task = _task("被退回的月报", len(returned), "上级写明了原因，改正后重新报送", "authority:reports", "去改正")
        tasks.append(task | {"url": first})
    if by.may(Right.SCHOOL_DIRECTORY_CHANGE):
        tasks.append(_describe_list(by, season))
    proposals = count_second_signatures(by, MAX_COUNTED)
    tasks.append(_task("双人事项", proposals, "需要第二个人签名", "authority:proposals", "去看"))
    if lapsed := count_lapsed_proposals(by, clock.now()):
        tasks.append(_task("失效的提请", lapsed, "没有第二个人办理，要办请重新提请", "authority:proposals", "去看"))
    if by.may(Right.PLAN_CHANGE_REFUSE):
        tasks += _list_plan_changes(by, season)
    if by.may(Right.IMPORTED_RESULT_LOAD):
        number = count_open_conflicts(season)
        tasks.append(_task("考试机构结果", number, "待两人逐行决定的冲突", "authority:imports", "去决定"))
    if by.may(Right.SANCTION_APPROVE):
        proposed = Sanction.objects.for_actor(by, Right.SANCTION_APPROVE).filter(state=PROPOSED)
        number = proposed.exclude(proposed_by=by.account).count()
        tasks.append(_task("处理措施", number, "批准并到起始时间才生效", "authority:sanctions", "去批准"))
    tasks.append(_task("计划审核", len(plans_to_review(by, season)), "轮到本单位审核", "authority:plans", "去审核"))
    return [task | {"url": keep_season(str(task["url"]), season.public_id)} for task in tasks]


def _list_plan_changes(by: Actor, season: Season) -> list[_Task]:
    """The requests that wait, and the one that its school withdrew last, so that no officer looks for it in vain."""
    number, page = count_waiting_changes(by, season), "authority:plan_changes"
    tasks = [_task("计划调整申请", number, "学校申请调整已公布的计划", page, "去办理")]
    if (withdrawn := find_last_withdrawn(by, season)) is not None:
        school, at = withdrawn.programme.plan.school.name, format_instant(withdrawn.answered_at)
        task = _task(
            "学校撤回的计划调整申请", 1, f"最近一份：{school}“{withdrawn.programme.major}”，{at}", page, "去看"
        )
        tasks.append(task | {"url": f"{task['url']}?state=answered"})
    return tasks


def _task(label: str, number: int, note: str, page: str, act: str) -> _Task:
    return {"what": label, "number": number, "note": note, "url": reverse(page), "act": act}


def _describe_list(by: Actor, season: Season) -> _Task:
    """Whether the list of the season's year waits to be published, and when it last was."""
    published = list_publications(season.year, by.sector)
    note = f"最近一次公布：{format_instant(published[0].published_at)}" if published else "公布以前学校不能编报计划"
    return _task(f"{season.year}年名录待公布", 0 if published else 1, note, "authority:school_lists", "去公布")
