"""What the nightly check of the invariants found, kept in the log, so that the operator's page can show it."""

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.queries.audit.invariants.catalogue import InvariantReport
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right


@action("invariant.check", Right.INVARIANT_CHECK)
def record_check(entry: AuditRecord, *, by: Actor, report: InvariantReport) -> None:
    """Record the numbers of the invariants that hold and of those that do not; rows are never named."""
    entry.add_facts(holding=report.holding, broken=[one.number for one in report.broken])
