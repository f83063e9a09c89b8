"""Measures against a school: proposed by one officer, decided by another at the province or withdrawn before that.
(S23-2.03, S24-4.05, R10.02)

`rules.supervision.sanctions.effects_of` computes the effects from the decided rows. What is done once at the start
(reducing the plan, messages, time to choose again) is done with the decision, or by the hourly job for a start in the
future.
"""

from datetime import datetime

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.supervision.sanction_effects import carry_out
from yangguang.models import Sanction, Unit, ViolationKind
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons import policy_keys
from yangguang.rules.supervision.sanction_states import TRANSITIONS
from yangguang.rules.supervision.sanctions import Measure


@action("sanction.propose", Right.SANCTION_PROPOSE, on="unit", creates=True)
def propose(
    entry: AuditRecord,
    *,
    by: Actor,
    unit: Unit,
    measure: Measure,
    violation: ViolationKind,
    sentence: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    number: int | None = None,
) -> Sanction:
    """Propose a measure against a school; nothing is public and nothing has an effect until it is approved.

    Args:
        sentence: published on the school's pages.
        number: limit in persons, for CAP (applicants) and SHRINK (seats in the plan); None otherwise.

    Raises:
        Refused: not a school, a measure the rule does not name, no sentence, a missing or superfluous number, an end
            before the start.
    """
    _check_proposal(entry.at, unit, measure, sentence, number, starts_at, ends_at)
    sanction = Sanction.objects.create(
        unit=unit,
        kind=measure.value,
        violation=violation,
        sentence=sentence.strip(),
        cap=number,
        starts_at=starts_at,
        ends_at=ends_at,
        proposed_by_id=by.require_account(),
    )
    entry.set_subject(sanction)
    entry.add_facts(unit=unit.code, measure=measure.value, number=number)
    return sanction


@propose.preflight
def _(
    at: datetime,
    *,
    by: Actor,
    unit: Unit,
    measure: Measure,
    violation: ViolationKind,
    sentence: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    number: int | None = None,
) -> None:
    _check_proposal(at, unit, measure, sentence, number, starts_at, ends_at)


@action("sanction.approve", Right.SANCTION_APPROVE, on="sanction", pairs_with="sanction.propose")
def approve(entry: AuditRecord, *, by: Actor, sanction: Sanction) -> Sanction:
    """Decide a proposed measure; its effects are in force from its start.

    Raises:
        Refused: the same person proposed it.
        IllegalMove: it is already decided or withdrawn.
    """
    state = _require_decidable(by, sanction)
    has_started = sanction.starts_at <= entry.at
    update_versioned(
        sanction,
        state=state,
        decided_by_id=by.account,
        decided_at=entry.at,
        carried_out_at=entry.at if has_started else None,
    )
    entry.add_facts(unit=sanction.unit.code, measure=sanction.kind, version=sanction.version)
    if has_started:
        carry_out(entry, sanction, entry.at)
    return sanction


@approve.preflight
def _(at: datetime, *, by: Actor, sanction: Sanction) -> None:
    _require_decidable(by, sanction)


def _require_decidable(by: Actor, sanction: Sanction) -> str:
    state = TRANSITIONS.next_state("approve", sanction.state)
    require_second_person(by, first=sanction.proposed_by_id, what="处理措施不能由提出人自己批准")
    return state


@action("sanction.withdraw", Right.SANCTION_PROPOSE, on="sanction")
def withdraw(entry: AuditRecord, *, by: Actor, sanction: Sanction) -> Sanction:
    """End a measure that the actor proposed and that waits for the decision; it stays in the list as withdrawn.

    Raises:
        Refused: another person proposed it.
        IllegalMove: it is decided or withdrawn.
    """
    update_versioned(sanction, state=_require_withdrawable(by, sanction))
    entry.add_facts(unit=sanction.unit.code, measure=sanction.kind, version=sanction.version, state=sanction.state)
    return sanction


@withdraw.preflight
def _(at: datetime, *, by: Actor, sanction: Sanction) -> None:
    _require_withdrawable(by, sanction)


def _require_withdrawable(by: Actor, sanction: Sanction) -> str:
    state = TRANSITIONS.next_state("withdraw", sanction.state)
    if sanction.proposed_by_id != by.account:
        raise Refused(
            "只有提出人本人能撤回这项处理措施", why="撤回须由提出人本人签名", now="请联系提出人，或等待省级决定"
        )
    return state


@action("sanction.carry_out_due", Right.SANCTION_CARRY_OUT)
def carry_out_due(entry: AuditRecord, *, by: Actor) -> int:
    """Carry out the decided measures that have started since; returns how many."""
    due = Sanction.objects.filter(decided_at__isnull=False, carried_out_at=None, starts_at__lte=entry.at)
    sanctions = list(due.select_for_update(of=("self",)).select_related("unit").order_by("pk"))
    for sanction in sanctions:
        update_versioned(sanction, carried_out_at=entry.at)
        carry_out(entry, sanction, entry.at)
    entry.add_facts(measures=len(sanctions))
    return len(sanctions)


def _check_proposal(
    at: datetime,
    unit: Unit,
    measure: Measure,
    sentence: str,
    number: int | None,
    starts: datetime,
    ends: datetime | None,
) -> None:
    if unit.level != Unit.Level.SCHOOL:
        raise Refused("处理措施只能针对招生学校", now="请选择一所学校", where="unit")
    sentence = sentence.strip()
    if not 1 <= len(sentence) <= 200 or not sentence.isprintable():
        raise Refused("公示内容为空、超过200字或含有不可见字符", now="请用一句话写明事实和依据", where="sentence")
    if measure.takes_number and (number is None or number < 0):
        raise Refused(f"{measure.label}需要填写上限人数", now="请填写0或正整数", where="number")
    if not measure.takes_number and number is not None:
        raise Refused(f"{measure.label}不需要人数", now="请清空人数", where="number")
    if ends is not None and ends <= starts:
        raise Refused("终止时间不晚于起始时间", now="请改正，或留空表示另行通知", where="ends_at")
    allowed = rule_at(at, policy_keys.MEASURES)
    if measure not in allowed.value:
        raise Refused(f"不能采取“{measure.label}”", why=allowed.sentence, now="请选择其他措施", clause=allowed.citation)
