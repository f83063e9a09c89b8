"""An application may be withdrawn by its family while registration is open; what was submitted stays on record."""

from yangguang.actions.entry import AuditRecord
from yangguang.actions.kernel import action, update_versioned
from yangguang.models import Application, Season
from yangguang.rules import application_states as states
from yangguang.rules.actors import Actor
from yangguang.rules.rights import Right
from yangguang.rules.rounds import WindowKind


@action("application.withdraw", Right.APPLICATION_WITHDRAW, on="application", window=WindowKind.REGISTRATION)
def withdraw(entry: AuditRecord, *, by: Actor, application: Application, season: Season) -> Application:
    """Take the application out of every later round; its choices no longer count.

    Raises:
        IllegalMove: withdrawn already.
    """
    update_versioned(application, state=states.MOVES.take("withdraw", application.state), lines=[])
    return application
