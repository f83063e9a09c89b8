"""志愿异议: the family says that a version is not its own; one officer looks into it, another decides. (F-N2)

Nobody but the family ever chooses: officers can only put back, word for word, a version that the family itself
submitted and points to, or give it time to fill in anew. They decide without seeing which schools are named.
"""

from datetime import datetime

from yangguang.actions.base.acting_unit import account_of
from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.choices.dispute_effects import carry_out, tell_family
from yangguang.models import Application, ChoiceDispute, ChoiceVersion, Round
from yangguang.queries.choices.choice_history import waiting_dispute
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.choices import dispute_states
from yangguang.rules.choices.dispute_states import Verdict
from yangguang.rules.seasons.rounds import WindowKind

_EITHER = {True: (Verdict.RESTORE, Verdict.DECLINE), False: (Verdict.REFILL, Verdict.DECLINE)}


@action(
    "dispute.open", Right.CHOICE_DISPUTE, on="application", window=WindowKind.REVIEW, during="round", creates=True
)  # fmt: skip
def open_dispute(
    entry: AuditRecord,
    *,
    by: Actor,
    application: Application,
    round: Round,
    back_to: ChoiceVersion | None = None,
    says: str = "",
) -> ChoiceDispute:
    """Say "不是我改的" about the version in force; the run of the round waits until officers have decided.

    Args:
        back_to: the earlier version of this round that is the family's own; None when none is.
    Raises:
        Refused: nothing was submitted in this round, a dispute waits already, or `back_to` is not an earlier one.
    """
    disputed = _disputed(application, round, back_to)
    row = ChoiceDispute.objects.create(
        application=application, round=round, disputed=disputed, back_to=_root(back_to),
        says=clean_text(says, where="says")[:200] if says.strip() else "", by_account_id=account_of(by),
    )  # fmt: skip
    entry.set_subject(row, application.person_id)
    entry.add_facts(disputed=disputed.number, back_to=None if back_to is None else back_to.number)
    told = f"的志愿异议已收到（{round.name}第{disputed.number}版）。核查期间本批次不运算，结果会通知您。"
    tell_family(application, "dispute.open", row, told)
    return row


@action("dispute.withdraw", Right.CHOICE_DISPUTE, on="dispute")
def withdraw(entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute) -> ChoiceDispute:
    """Take the dispute back: the version was the family's own after all.

    Raises:
        IllegalMove: it has been decided.
    """
    update_versioned(dispute, state=dispute_states.TRANSITIONS.next_state("withdraw", dispute.state))
    entry.set_subject(dispute, dispute.application.person_id)
    return dispute


@action("dispute.propose", Right.DISPUTE_PROPOSE, on="dispute")
def propose(
    entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute, verdict: Verdict, reason: str
) -> ChoiceDispute:
    """Say what the look into it found; another officer decides.

    Raises:
        Refused: no reason, or a verdict that does not answer what the family asked for.
        IllegalMove: it waits for nobody's look.
    """
    moved = dispute_states.TRANSITIONS.next_state("propose", dispute.state)
    if verdict not in _EITHER[dispute.back_to_id is not None]:
        raise Refused(
            f"这项异议不能处理为“{verdict.label}”",
            why="学生指认了一个版本的，只能恢复到它；没有指认的，由学生本人重新填报",
            now="请重新选择核查意见",
            where="verdict",
        )
    words = _reason(reason)
    update_versioned(dispute, state=moved, verdict=verdict.value, reason=words, proposed_by_id=account_of(by))
    entry.set_subject(dispute, dispute.application.person_id)
    entry.add_facts(verdict=verdict.value, version=dispute.version)
    return dispute


@action("dispute.return_back", Right.DISPUTE_DECIDE, on="dispute", pairs_with="dispute.propose")
def return_back(entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute, reason: str) -> ChoiceDispute:
    """Send the look back to be done again, with a reason.

    Raises:
        IllegalMove: nothing was proposed; Refused: no reason.
    """
    moved = dispute_states.TRANSITIONS.next_state("return_back", dispute.state)
    update_versioned(dispute, state=moved, verdict="", reason=_reason(reason))
    entry.set_subject(dispute, dispute.application.person_id)
    entry.add_facts(version=dispute.version)
    return dispute


@action("dispute.decide", Right.DISPUTE_DECIDE, on="dispute", pairs_with="dispute.propose")
def decide(entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute) -> ChoiceDispute:
    """Approve what was proposed: the version is put back, or time is given, or the dispute is declined.

    Raises:
        IllegalMove: nothing was proposed, or the round's result is out.
        Refused: by the officer who proposed it.
    """
    moved = _require_decidable(by, dispute)
    update_versioned(dispute, state=moved, decided_by_id=account_of(by), decided_at=entry.at)
    entry.set_subject(dispute, dispute.application.person_id)
    entry.add_facts(verdict=dispute.verdict, version=dispute.version)
    carry_out(entry, dispute)
    return dispute


@decide.preflight
def _(at: datetime, *, by: Actor, dispute: ChoiceDispute) -> None:
    _require_decidable(by, dispute)


def _require_decidable(by: Actor, dispute: ChoiceDispute) -> str:
    """The state that the decision leads to; raises what `decide` raises."""
    require_second_person(by, first=dispute.proposed_by_id, what="核查意见不能由提出人自己批准")
    # Without a verdict nothing was proposed; any of the moves then says so.
    moved = dispute_states.TRANSITIONS.next_state(dispute.verdict or "restore", dispute.state)
    if dispute.round.runs.filter(state="PUBLISHED").exists():
        raise IllegalMove("本批次的结果已经公布，志愿不能再恢复", now="请告知学生参加之后的补录批次")
    return moved


def _disputed(application: Application, round: Round, back_to: ChoiceVersion | None) -> ChoiceVersion:
    """The version in force in the round.

    Raises:
        Refused: see `open_dispute`.
    """
    last = application.versions.filter(round=round).order_by("-number").first()
    if last is None:
        raise Refused(f"您在“{round.name}”没有提交过志愿", now="请从“我的志愿记录”重新进入")
    if waiting_dispute(application, round) is not None:
        raise Refused("您已经提出过异议，正在核查", now="请等待核查结果；结果会发到您的手机")
    if back_to is not None and (
        (back_to.application_id, back_to.round_id) != (application.pk, round.pk)
        or back_to.number >= last.number
    ):
        raise Refused("选择的不是本批次更早的一版志愿", now="请从列出的版本中选择", where="back_to")
    return last


def _root(version: ChoiceVersion | None) -> ChoiceVersion | None:
    """The family's own submission behind a version that was itself put back."""
    while version is not None and version.dispute is not None:
        version = version.dispute.back_to
    return version


def _reason(text: str) -> str:
    words = clean_text(text, where="reason")[:200]
    if not words.strip():
        raise Refused("没有写明理由", now="请写明怎样核实的、核实到什么，学生会看到", where="reason")
    return words
