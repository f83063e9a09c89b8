"""Plans: drafted by the school, passed desk by desk, public once published; changed later only by two people.

S23-2.10, R1.03, R4.01, F-C2.
"""

from collections.abc import Mapping, Sequence

from django.db.models import F

from yangguang.actions.base.action import action, dual_action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.plans.programmes import drafts_of, follow_rounds, keep_versions, write_programmes
from yangguang.actions.plans.reductions import cut_to_measures
from yangguang.models import Plan, Programme, Quota, Season, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.plans.plan_limits import limits_of, require_recruiting
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Denied, IllegalMove, Refused
from yangguang.rules.plans import plan_states
from yangguang.rules.plans.approval_chain import move_at, rank
from yangguang.rules.plans.programmes import ProgrammeDraft, check_plan, filled_up
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.seasons.rounds import WindowKind

_TIE = "round.edge_tie"
_PUBLISH = """
UPDATE yangguang_plan AS p SET state = 'PUBLISHED', version = p.version + 1
FROM yangguang_unit AS u
WHERE u.id = p.school_id AND p.season_id = %s AND p.state = 'APPROVED' AND u.sector = %s
RETURNING p.id
"""


@action("plan.draft", Right.PLAN_DRAFT, on="school", window=WindowKind.PLAN_ENTRY, during="season")
def draft(
    entry: AuditRecord,
    *,
    by: Actor,
    school: Unit,
    season: Season,
    capacity: int,
    programmes: Sequence[ProgrammeDraft],
) -> Plan:
    """Save the school's plan as a whole; an earlier draft is replaced, programmes that stay keep their codes.

    Args:
        capacity: persons the school can take in this season.
        programmes: every programme; seats that no quota names go to a general quota.

    Raises:
        BadRows: every fault of the plan at once; nothing is saved.
        Refused: the school is not in the year's list or is stopped.
        IllegalMove: the plan has already been sent up.
    """
    require_recruiting(school, season.year, entry.at)
    filled = [filled_up(programme) for programme in programmes]
    check_plan(capacity, filled, limits_of(school, entry.at))
    tie = Tie(rules_at(entry.at, _TIE)[_TIE, ""].value)
    plan = Plan.objects.select_for_update().filter(school=school, season=season).first()
    if plan is None:
        plan = Plan.objects.create(school=school, season=season, capacity=capacity)
    elif plan.state == plan_states.DRAFTED:
        update_versioned(plan, capacity=capacity)
    else:
        raise IllegalMove(
            f"招生计划现在是“{plan.get_state_display()}”，不能再编辑",
            why="上报后的计划只有被退回才能修改",
            now="请联系正在审核的主管部门退回",
        )
    write_programmes(plan, school, filled, tie)
    keep_versions([plan.pk])
    entry.set_subject(plan)
    entry.add_facts(
        version=plan.version, programmes=len(filled), seats=sum(programme.seats for programme in filled)
    )
    return plan


@action("plan.submit", Right.PLAN_DRAFT, on="plan", window=WindowKind.PLAN_ENTRY, during="season")
def submit(entry: AuditRecord, *, by: Actor, plan: Plan, season: Season) -> Plan:
    """Send the plan up to its first desk; from here the school cannot change it.

    Raises:
        BadRows, Refused: a rule or measure that came into force since the draft stands against it.
        IllegalMove: it was sent up before.
    """
    if plan.season_id != season.pk:
        raise Refused("这份计划不属于所选的招生季", now="请从当前招生季的计划页重新进入")
    moved = plan_states.TRANSITIONS.next_state("submit", plan.state)
    require_recruiting(plan.school, season.year, entry.at)
    check_plan(plan.capacity, drafts_of(plan), limits_of(plan.school, entry.at))
    return _step(entry, plan, state=moved, remark="")


@action("plan.pass_on", Right.PLAN_APPROVE, on="plan")
def pass_on(entry: AuditRecord, *, by: Actor, plan: Plan, remark: str = "") -> Plan:
    """Pass the plan to the next desk; the province's pass approves it. Which move it is follows from the desk.

    Raises:
        Refused: it lies on another desk; IllegalMove: it is not under review.
    """
    move = move_at(by.path, plan.school.path, plan.school.governed_by, plan.state)
    return _step(
        entry,
        plan,
        state=plan_states.TRANSITIONS.next_state(move, plan.state),
        remark=_said(remark, "remark"),
    )


@action("plan.return_back", Right.PLAN_APPROVE, on="plan")
def return_back(entry: AuditRecord, *, by: Actor, plan: Plan, remark: str) -> Plan:
    """Give the plan back to the school; every pass it had is void and the chain begins again.

    Raises:
        Refused: no reason is given, or the plan lies on another desk.
    """
    if not remark.strip():
        raise Refused("退回时没有写明原因", now="请写明需要修改的地方，学校会看到", where="remark")
    move_at(by.path, plan.school.path, plan.school.governed_by, plan.state)
    moved = plan_states.TRANSITIONS.next_state("return_back", plan.state)
    return _step(entry, plan, state=moved, remark=_said(remark, "remark"))


@action("plan.publish", Right.PLAN_APPROVE)
def publish(entry: AuditRecord, *, by: Actor, season: Season) -> int:
    """Make every approved plan of the actor's programme public; from here students can choose its programmes.

    Returns:
        how many plans became public.
    Raises:
        Denied: only the province publishes.
    """
    if rank(by.path) != "PROVINCE":
        raise Denied("招生计划由省级主管部门统一公布", now="审核通过后请等待省级公布")
    published = [pk for (pk,) in fetch_all(_PUBLISH, (season.pk, by.sector))]
    keep_versions(published)
    # A plan that was approved before a measure cut the school is public with both numbers in its history.
    struck = cut_to_measures(published, entry.at)
    entry.set_subject(season)
    entry.add_facts(plans=len(published), struck=struck)
    return len(published)


@dual_action("plan.change_after_open", Right.PLAN_CHANGE_AFTER_OPEN, on="plan")
def change_after_open(
    entry: AuditRecord, *, by: Actor, plan: Plan, programme: Programme, seats: Mapping[str, int], reason: str
) -> Plan:
    """Change the seats of a published programme, by two people; the public history keeps both numbers.

    Args:
        seats: quota code → new seats; quotas that are not named stay.

    Raises:
        Refused: below the seats already taken, or no reason; BadRows: added seats would break a rule.
    """
    if plan.state != plan_states.PUBLISHED:
        raise IllegalMove("计划还没有公布，不需要按公布后调整办理", now="请退回学校修改")
    if not reason.strip():
        raise Refused("调整已公布的计划没有写明原因", now="请写明原因，会与变更历史一起公开", where="reason")
    difference = _set_seats(plan, programme, seats)
    Programme.objects.filter(pk=programme.pk).update(seats=F("seats") + difference)
    if difference > 0:  # Fewer seats never break a rule, and a cut may take several steps.
        # A measure may have left a programme without seats; the others may still grow.
        offered = [draft for draft in drafts_of(plan) if draft.seats]
        check_plan(plan.capacity, offered, limits_of(plan.school, entry.at))
    follow_rounds([programme.pk])
    entry.add_facts(programme=programme.code, difference=difference)
    return _step(entry, plan, remark=_said(reason, "reason"))


def _set_seats(plan: Plan, programme: Programme, seats: Mapping[str, int]) -> int:
    """Write the quotas' new seats under their locks; returns the change of the programme's seats."""
    rows = Quota.objects.select_for_update().filter(programme=programme, programme__plan=plan).order_by("pk")
    quotas = {quota.code: quota for quota in rows}
    if not quotas or set(seats) - set(quotas):
        raise Refused("没有找到要调整的计划行或名额类别", now="请从计划页面重新进入")
    difference = 0
    for code, number in seats.items():
        quota = quotas[code]
        if number < quota.taken:
            raise Refused(
                f"{programme.major}“{quota.name}”名额不能调到{number}",
                why=f"已有{quota.taken}个名额被学生占用，计划任何时候不得低于已占名额",
                now=f"请填写不小于{quota.taken}的数",
                where=code,
            )
        difference += number - quota.seats
        quota.seats = number
    Quota.objects.bulk_update(quotas.values(), ["seats"])
    return difference


def _said(text: str, where: str) -> str:
    """An officer's words as everybody may read them."""
    return clean_text(text, where=where)[:200]


def _step(entry: AuditRecord, plan: Plan, **changes: object) -> Plan:
    """Write the plan's next version and keep it in the history."""
    update_versioned(plan, **changes)
    keep_versions([plan.pk])
    entry.add_facts(version=plan.version, state=plan.state)
    return plan
