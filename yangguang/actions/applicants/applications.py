"""Withdrawing an application while registration is open; submitted versions stay on record. (S23-2.05)"""

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Application, Season
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants import application_states as states
from yangguang.rules.seasons.rounds import WindowKind


@action("application.withdraw", Right.APPLICATION_WITHDRAW, on="application", window=WindowKind.REGISTRATION)
def withdraw(entry: AuditRecord, *, by: Actor, application: Application, season: Season) -> Application:
    """Withdraw the application from all rounds; its choices no longer count.

    Raises:
        IllegalMove: withdrawn already.
    """
    state = states.TRANSITIONS.next_state("withdraw", application.state)
    update_versioned(application, state=state, programmes=[])
    return application
