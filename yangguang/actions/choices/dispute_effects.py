"""What a decided dispute does: the family's own earlier version comes into force again, or it gets time, or neither.

The version put back is copied word for word from one the family submitted itself; T3.07 asks for exactly that.
"""

from datetime import timedelta

from yangguang.actions.base.audit_record import AuditRecord, name_of
from yangguang.actions.choices.receipts import receipt_of
from yangguang.actions.messages.enqueue import enqueue_for_family
from yangguang.actions.seasons.window_exceptions import extend_window
from yangguang.models import Application, ChoiceDispute, ChoiceVersion
from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.applicants import application_states
from yangguang.rules.base.names import mask_name
from yangguang.rules.choices import dispute_states
from yangguang.rules.seasons.windows import format_instant

HOURS = "review.refill_hours"
_CODES = """
SELECT l.code FROM unnest(%s::bigint[]) WITH ORDINALITY AS w (programme, rank)
JOIN yangguang_programme AS l ON l.id = w.programme ORDER BY w.rank
"""


def carry_out(entry: AuditRecord, dispute: ChoiceDispute) -> None:
    """Do what the decided state says, and tell the family."""
    if dispute.state == dispute_states.RESTORED:
        told = _restored(entry, dispute)
    elif dispute.state == dispute_states.REFILLING:
        told = _refilling(entry, dispute)
    else:
        told = f"的志愿异议经核查未予恢复，现在的志愿不变。理由：{dispute.reason}"
    tell_family(dispute.application, "dispute.decide", dispute, told)


def tell_family(of: Application, event: str, dispute: ChoiceDispute, told: str) -> None:
    """One message to the student and one to the guardian; `told` goes on from whose choices it is about."""
    child = f"您的孩子{mask_name(of.person.name)}"
    enqueue_for_family(
        of.person_id, event, name_of(dispute), f"【阳光招生】您{told}", f"【阳光招生】{child}{told}"
    )


def _restored(entry: AuditRecord, dispute: ChoiceDispute) -> str:
    """The next version, with the programmes of the one the family pointed to."""
    source = dispute.back_to
    assert source is not None, "only what the family pointed to is put back"
    assert dispute.decided_by_id is not None
    application = Application.objects.select_for_update().get(pk=dispute.application_id)
    number = application.choices_version + 1
    codes = [code for (code,) in fetch_all(_CODES, (source.programmes,))]
    receipt = receipt_of(application.number, number, codes, entry.at)
    ChoiceVersion.objects.create(
        application=application, round=dispute.round, number=number, programmes=source.programmes,
        by_account_id=dispute.decided_by_id, hand=ChoiceVersion.SubmittedBy.RESTORED, receipt=receipt, dispute=dispute,
    )  # fmt: skip
    application.programmes, application.choices_version = source.programmes, number
    application.state = application_states.TRANSITIONS.next_state("choose", application.state)
    application.draft_programmes, application.drafted_at = [], None
    application.version += 1
    application.save(
        update_fields=["programmes", "choices_version", "state", "draft_programmes", "drafted_at", "version"]
    )
    entry.add_facts(number=number, copies=source.number, receipt=receipt)
    return f"的志愿已恢复为第{source.number}版的内容，现为第{number}版（{dispute.round.name}）。请登录核对。"


def _refilling(entry: AuditRecord, dispute: ChoiceDispute) -> str:
    """Time to fill in anew; until then the version that is disputed stays, so that nobody is left with nothing."""
    hours = int(rules_at(entry.at, HOURS)[HOURS, ""].value)
    until = entry.at + timedelta(hours=hours)
    assert dispute.proposed_by_id is not None and dispute.decided_by_id is not None
    extend_window(
        dispute.round, [dispute.application.person_id], until, reason="志愿异议：由学生本人重新填报",
        proposed_by=dispute.proposed_by_id, approved_by=dispute.decided_by_id,
    )  # fmt: skip
    entry.add_facts(until=until.isoformat())
    return f"可以重新填报“{dispute.round.name}”的志愿，请于{format_instant(until)}前登录提交；逾期以现有志愿为准。"
