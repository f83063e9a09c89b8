"""志愿异议: a family reports that a version is not its own; one officer examines it, another decides. (F-N2, T3.07)

Only the family chooses: officers can restore, word for word, a version that the family itself submitted and points
to, or give it time to fill in a new one. They decide without seeing which schools are named.
"""

from datetime import datetime, timedelta

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord, name_of
from yangguang.actions.messages.enqueue import enqueue_for_family
from yangguang.actions.seasons.window_exceptions import extend_window
from yangguang.models import Application, ChoiceDispute, ChoiceVersion, Round
from yangguang.queries.choices.receipts import programme_codes, receipt_of
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants import application_states
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.names import mask_name
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.choices import dispute_states
from yangguang.rules.choices.dispute_states import Verdict
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import WindowKind, format_instant

HOURS = "review.refill_hours"


@action("dispute.open", Right.CHOICE_DISPUTE, on="application", window=WindowKind.REVIEW, during="round", creates=True)
def open_dispute(
    entry: AuditRecord,
    *,
    by: Actor,
    application: Application,
    round: Round,
    back_to: ChoiceVersion | None = None,
    note: str = "",
) -> ChoiceDispute:
    """Report "不是我改的" about the version in force; the run of the round waits until officers have decided.

    Args:
        back_to: the earlier version of this round that is the family's own; None when none is.
        note: what the family adds, "" or up to 200 characters.
    Raises:
        Refused: nothing was submitted in this round, a dispute waits already, or `back_to` is not an earlier one.
    """
    disputed = _require_disputable(application, round, back_to)
    dispute = ChoiceDispute.objects.create(
        application=application,
        round=round,
        disputed=disputed,
        back_to=_own_version(back_to),
        note=clean_text(note, where="note", most=200),
        by_account_id=by.require_account(),
    )
    entry.set_subject(dispute, application.person_id)
    entry.add_facts(disputed=disputed.number, back_to=None if back_to is None else back_to.number)
    message = f"的志愿异议已收到（{round.name}第{disputed.number}版）。核查期间本批次不运算，结果会通知您。"
    _notify_family("dispute.open", dispute, message)
    return dispute


@action("dispute.withdraw", Right.CHOICE_DISPUTE, on="dispute")
def withdraw(entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute) -> ChoiceDispute:
    """Withdraw the dispute: the version was the family's own after all.

    Raises:
        IllegalMove: it has been decided.
    """
    update_versioned(dispute, state=dispute_states.TRANSITIONS.next_state("withdraw", dispute.state))
    entry.set_subject(dispute, dispute.application.person_id)
    return dispute


@action("dispute.propose", Right.DISPUTE_PROPOSE, on="dispute")
def propose(entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute, verdict: Verdict, reason: str) -> ChoiceDispute:
    """Propose a verdict after examining the dispute; another officer decides.

    Raises:
        Refused: no reason, or a verdict that does not answer what the family asked for.
        IllegalMove: the dispute is not open.
    """
    state = dispute_states.TRANSITIONS.next_state("propose", dispute.state)
    if verdict not in dispute_states.possible_verdicts(names_version=dispute.back_to_id is not None):
        raise Refused(
            f"这项异议不能处理为“{verdict.label}”",
            why="学生指认了一个版本的，只能恢复到它；没有指认的，由学生本人重新填报",
            now="请重新选择核查意见",
            where="verdict",
        )
    reason = _clean_reason(reason)
    update_versioned(dispute, state=state, verdict=verdict.value, reason=reason, proposed_by_id=by.require_account())
    entry.set_subject(dispute, dispute.application.person_id)
    entry.add_facts(verdict=verdict.value, version=dispute.version)
    return dispute


@action("dispute.return_back", Right.DISPUTE_DECIDE, on="dispute", pairs_with="dispute.propose")
def return_back(entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute, reason: str) -> ChoiceDispute:
    """Return the dispute to be examined again, with a reason.

    Raises:
        IllegalMove: nothing was proposed; Refused: no reason.
    """
    state = dispute_states.TRANSITIONS.next_state("return_back", dispute.state)
    update_versioned(dispute, state=state, verdict="", reason=_clean_reason(reason))
    entry.set_subject(dispute, dispute.application.person_id)
    entry.add_facts(version=dispute.version)
    return dispute


@action("dispute.decide", Right.DISPUTE_DECIDE, on="dispute", pairs_with="dispute.propose")
def decide(entry: AuditRecord, *, by: Actor, dispute: ChoiceDispute) -> ChoiceDispute:
    """Approve the proposed verdict, put it into effect and notify the family.

    Raises:
        IllegalMove: nothing was proposed, or the round's result is out.
        Refused: by the officer who proposed it.
    """
    state = _require_decidable(by, dispute)
    update_versioned(dispute, state=state, decided_by_id=by.require_account(), decided_at=entry.at)
    entry.set_subject(dispute, dispute.application.person_id)
    entry.add_facts(verdict=dispute.verdict, version=dispute.version)
    if state == dispute_states.RESTORED:
        message = _restore(entry, dispute)
    elif state == dispute_states.REFILLING:
        message = _allow_refilling(entry, dispute)
    else:
        message = f"的志愿异议经核查未予恢复，现在的志愿不变。理由：{dispute.reason}"
    _notify_family("dispute.decide", dispute, message)
    return dispute


@decide.preflight
def _(at: datetime, *, by: Actor, dispute: ChoiceDispute) -> None:
    _require_decidable(by, dispute)


def _require_decidable(by: Actor, dispute: ChoiceDispute) -> str:
    """The state that the decision leads to; raises what `decide` raises."""
    require_second_person(by, first=dispute.proposed_by_id, what="核查意见不能由提出人自己批准")
    # Without a verdict nothing was proposed; any of the transitions then refuses.
    state = dispute_states.TRANSITIONS.next_state(dispute.verdict or "restore", dispute.state)
    if dispute.round.runs.filter(state="PUBLISHED").exists():
        raise IllegalMove("本批次的结果已经公布，志愿不能再恢复", now="请告知学生在“招生时间”查看之后的批次")
    return state


def _require_disputable(application: Application, round: Round, back_to: ChoiceVersion | None) -> ChoiceVersion:
    """The version in force in the round; raises what `open_dispute` raises."""
    last = application.versions.filter(round=round).order_by("-number").first()
    if last is None:
        raise Refused(f"您在“{round.name}”没有提交过志愿", now="请从“我的进度”重新进入")
    if application.disputes.filter(round=round, state__in=dispute_states.WAITING).exists():
        raise Refused("您已经提出过异议，正在核查", now="请等待核查结果；结果会发到您的手机")
    if back_to is not None:
        same_round = (back_to.application_id, back_to.round_id) == (application.pk, round.pk)
        if not same_round or back_to.number >= last.number:
            raise Refused("选择的不是本批次更早的一版志愿", now="请从列出的版本中选择", where="back_to")
    return last


def _own_version(version: ChoiceVersion | None) -> ChoiceVersion | None:
    """The family's own submission behind a version that was itself restored."""
    while version is not None and version.dispute is not None:
        version = version.dispute.back_to
    return version


def _clean_reason(text: str) -> str:
    reason = clean_text(text, where="reason", most=200)
    if not reason.strip():
        raise Refused("没有写明理由", now="请写明怎样核实的、核实到什么，学生会看到", where="reason")
    return reason


def _restore(entry: AuditRecord, dispute: ChoiceDispute) -> str:
    """Store a new version with the programmes of the one the family pointed to; return the message."""
    source = dispute.back_to
    assert source is not None, "only a version the family pointed to is restored"
    assert dispute.decided_by_id is not None
    application = Application.objects.select_for_update().get(pk=dispute.application_id)
    number = application.choices_version + 1
    receipt = receipt_of(application.number, number, programme_codes(source.programmes), entry.at)
    ChoiceVersion.objects.create(
        application=application,
        round=dispute.round,
        number=number,
        programmes=source.programmes,
        by_account_id=dispute.decided_by_id,
        submitted_by=ChoiceVersion.SubmittedBy.RESTORED,
        receipt=receipt,
        dispute=dispute,
    )
    update_versioned(
        application,
        programmes=source.programmes,
        choices_version=number,
        state=application_states.TRANSITIONS.next_state("choose", application.state),
        draft_programmes=[],
        drafted_at=None,
    )
    entry.add_facts(number=number, copies=source.number, receipt=receipt)
    return f"的志愿已恢复为第{source.number}版的内容，现为第{number}版（{dispute.round.name}）。请登录核对。"


def _allow_refilling(entry: AuditRecord, dispute: ChoiceDispute) -> str:
    """Give the family time to fill in new choices; until then the disputed version counts. Return the message."""
    until = entry.at + timedelta(hours=rule_at(entry.at, policy_keys.REFILL_HOURS).value)
    assert dispute.proposed_by_id is not None
    assert dispute.decided_by_id is not None
    extend_window(
        dispute.round,
        [dispute.application.person_id],
        until,
        reason="志愿异议：由学生本人重新填报",
        proposed_by=dispute.proposed_by_id,
        approved_by=dispute.decided_by_id,
    )
    entry.add_facts(until=until.isoformat())
    return f"可以重新填报“{dispute.round.name}”的志愿，请于{format_instant(until)}前登录提交；逾期以现有志愿为准。"


def _notify_family(event: str, dispute: ChoiceDispute, message: str) -> None:
    """Queue one message to the student and one to the guardian; `message` continues "您" or "您的孩子…"."""
    person = dispute.application.person
    own, guardian = (f"【阳光招生】{whose}{message}" for whose in ("您", f"您的孩子{mask_name(person.name)}"))
    enqueue_for_family(person.pk, event, name_of(dispute), own, guardian)
