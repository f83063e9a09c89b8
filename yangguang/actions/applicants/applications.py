"""An application may be withdrawn by its family while registration is open; what was submitted stays on record."""

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Application, Season
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants import application_states as states
from yangguang.rules.seasons.rounds import WindowKind


@action("application.withdraw", Right.APPLICATION_WITHDRAW, on="application", window=WindowKind.REGISTRATION)
def withdraw(entry: AuditRecord, *, by: Actor, application: Application, season: Season) -> Application:
    """Take the application out of every later round; its choices no longer count.

    Raises:
        IllegalMove: withdrawn already.
    """
    update_versioned(
        application, state=states.TRANSITIONS.next_state("withdraw", application.state), programmes=[]
    )
    return application
