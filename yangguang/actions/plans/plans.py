"""Plans: drafted by the school, approved bureau by bureau, published by the province, changed later by two people.

S23-2.10, R1.03, R4.01, F-C2.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F

from yangguang.actions.base.action import action, dual_action, require_version, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.plans.plan_change_effects import carry_out_request, notify_families, require_seats
from yangguang.actions.plans.programmes import add_versions, read_drafts, update_round_seats, write_programmes
from yangguang.actions.plans.reductions import reduce_to_sanctions
from yangguang.models import Plan, PlanChange, Programme, Quota, Season, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.plans.plan_limits import limits_of, require_recruiting
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Denied, IllegalMove, Refused
from yangguang.rules.plans import plan_change_states
from yangguang.rules.plans.approval_chain import find_approval, level_of
from yangguang.rules.plans.plan_changes import require_change
from yangguang.rules.plans.plan_states import DRAFTED, TRANSITIONS
from yangguang.rules.plans.programmes import ProgrammeDraft, check_plan, complete_programme
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import WindowKind

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
    seen: object = None,
) -> Plan:
    """Save the school's plan as a whole in place of an earlier draft; programmes that remain keep their codes.

    Args:
        capacity: persons the school can admit in this season.
        programmes: all of them; seats outside all quotas go to a general quota.
        seen: version of the plan that the page showed, 0 for none; see `require_version`.

    Raises:
        VersionConflict: a colleague saved the plan since.
        BadRows: every fault of the plan at once; nothing is saved.
        Refused: the school is not in the year's list or is stopped.
        IllegalMove: the plan has already been sent up.
    """
    require_recruiting(school, season.year, entry.at)
    stored = _lock_plan(school, season)
    require_version(stored.version if stored else 0, seen)
    limits = limits_of(school, season.year, entry.at)
    drafts = [complete_programme(programme, limits.origins) for programme in programmes]
    check_plan(capacity, drafts, limits)
    if stored is not None and stored.state != DRAFTED:
        what, why = f"招生计划现在是“{stored.get_state_display()}”，不能再编辑", "上报后的计划只有被退回才能修改"
        raise IllegalMove(what, why=why, now="请联系正在审核的主管部门退回")
    plan = stored or Plan.objects.create(school=school, season=season, capacity=capacity)
    if stored is not None:
        update_versioned(plan, capacity=capacity)
    write_programmes(plan, school, drafts, rule_at(entry.at, policy_keys.EDGE_TIE).value)
    add_versions([plan.pk])
    entry.set_subject(plan)
    entry.add_facts(version=plan.version, programmes=len(drafts), seats=sum(draft.seats for draft in drafts))
    return plan


def _lock_plan(school: Unit, season: Season) -> Plan | None:
    """The school's plan, locked; two people of a school that has none wait for each other, too."""
    Unit.objects.select_for_update(no_key=True).get(pk=school.pk)
    plan: Plan | None = Plan.objects.select_for_update().filter(school=school, season=season).first()
    return plan


@action("plan.submit", Right.PLAN_DRAFT, on="plan", window=WindowKind.PLAN_ENTRY, during="season")
def submit(entry: AuditRecord, *, by: Actor, plan: Plan, season: Season) -> Plan:
    """Submit the plan to the first bureau that reviews it; the school can no longer change it.

    Raises:
        BadRows, Refused: it breaks a rule or a sanction that came into force after the draft.
        IllegalMove: it was submitted before.
    """
    if plan.season_id != season.pk:
        raise Refused("这份计划不属于所选的招生季", now="请从当前招生季的计划页重新进入")
    state = TRANSITIONS.next_state("submit", plan.state)
    require_recruiting(plan.school, season.year, entry.at)
    check_plan(plan.capacity, read_drafts(plan), limits_of(plan.school, season.year, entry.at))
    return _change(entry, plan, state=state, remark="")


@action("plan.pass_on", Right.PLAN_APPROVE, on="plan")
def pass_on(entry: AuditRecord, *, by: Actor, plan: Plan, remark: str = "") -> Plan:
    """Approve the plan at the actor's level; the next level reviews it then, after the province it can be published.

    Raises:
        Refused: another bureau reviews it next; IllegalMove: it is not under review.
    """
    name = find_approval(by.path, plan.school.path, plan.school.governed_by, plan.state)
    return _change(entry, plan, state=TRANSITIONS.next_state(name, plan.state), remark=remark)


@action("plan.return_back", Right.PLAN_APPROVE, on="plan")
def return_back(entry: AuditRecord, *, by: Actor, plan: Plan, remark: str) -> Plan:
    """Return the plan to the school; its approvals are void and the review starts again.

    Raises:
        Refused: no reason is given, or another bureau reviews the plan next.
    """
    if not remark.strip():
        raise Refused("退回时没有写明原因", now="请写明需要修改的地方，学校会看到", where="remark")
    find_approval(by.path, plan.school.path, plan.school.governed_by, plan.state)
    return _change(entry, plan, state=TRANSITIONS.next_state("return_back", plan.state), remark=remark)


@action("plan.publish", Right.PLAN_APPROVE)
def publish(entry: AuditRecord, *, by: Actor, season: Season) -> int:
    """Publish every approved plan of the actor's sector, so that students can choose its programmes.

    Returns:
        the number of plans published.
    Raises:
        Denied: the actor is not of the province.
    """
    if level_of(by.path) != "PROVINCE":
        raise Denied("招生计划由省级主管部门统一公布", now="审核通过后请等待省级公布")
    plans = [row.id for row in fetch_all(_PUBLISH, (season.pk, by.sector))]
    add_versions(plans)
    # A plan approved before a sanction reduced the school has both numbers in its public history.
    struck = reduce_to_sanctions(plans, entry.at)
    entry.set_subject(season)
    entry.add_facts(plans=len(plans), struck=struck)
    return len(plans)


@dual_action("plan.change_after_open", Right.PLAN_CHANGE_AFTER_OPEN, on="plan", replaces=("plan",))
def change_after_open(
    entry: AuditRecord,
    *,
    by: Actor,
    plan: Plan,
    programme: Programme,
    seats: Mapping[str, int],
    reason: str,
    request: PlanChange | None = None,
) -> Plan:
    """Change the seats of a published programme, by two people; the public history keeps both numbers.

    Taken seats stay, and families whose choices in force name the programme get a message.

    Args:
        seats: quota code → new seats; other quotas do not change.
        request: of the school, which this carries out.

    Raises:
        Refused: fewer seats than are taken, or no reason; BadRows: the added seats break a rule.
        IllegalMove: the plan is not published, or the request is answered.
    """
    # Locked before the rules are checked, so that no seat is taken in between.
    quotas = list(Quota.objects.select_for_update().filter(programme=programme).order_by("pk"))
    difference = _require_change(entry.at, plan, programme, seats, reason)
    before = sum(quota.seats for quota in quotas)
    for quota in quotas:
        quota.seats = seats.get(quota.code, quota.seats)
    Quota.objects.bulk_update(quotas, ["seats"])
    Programme.objects.filter(pk=programme.pk).update(seats=F("seats") + difference)
    update_round_seats([programme.pk])
    if request is not None:
        carry_out_request(entry, request, programme)
    entry.add_facts(programme=programme.code, difference=difference)
    changed = _change(entry, plan, remark=reason, where="reason")
    entry.add_facts(notified=notify_families(plan, programme, before, before + difference))
    return changed


@change_after_open.preflight
def _(
    at: datetime,
    *,
    by: Actor,
    plan: Plan,
    programme: Programme,
    seats: Mapping[str, int],
    reason: str,
    request: PlanChange | None = None,
) -> None:
    _require_change(at, plan, programme, seats, reason)
    if request is not None:
        plan_change_states.TRANSITIONS.next_state("carry_out", request.state)


def _require_change(at: datetime, plan: Plan, programme: Programme, seats: Mapping[str, int], reason: str) -> int:
    """By how many seats the programme grows; raises what `change_after_open` raises."""
    require_change(plan.state, reason)
    return require_seats(at, plan, programme, seats)


def _change(entry: AuditRecord, plan: Plan, *, remark: str, where: str = "remark", **changes: str) -> Plan:
    """Write the plan's next version and add it to the public history, with the remark as the public may read it."""
    update_versioned(plan, remark=clean_text(remark, where=where, most=200), **changes)
    add_versions([plan.pk])
    entry.add_facts(version=plan.version, state=plan.state)
    return plan
