"""撤回报名 and 恢复报名: a family takes its application out of the season, and back in, while registration is open.
(S23-2.05)
"""

from datetime import datetime

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_family
from yangguang.models import Application, Season
from yangguang.queries.applicants.application_withdrawal import find_obstacle
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants import application_states
from yangguang.rules.base.names import mask_name
from yangguang.rules.seasons.windows import WindowKind, format_instant


@action("application.withdraw", Right.APPLICATION_WITHDRAW, on="application", window=WindowKind.REGISTRATION)
def withdraw(entry: AuditRecord, *, by: Actor, application: Application, season: Season) -> Application:
    """Withdraw the application from all rounds; its choices no longer count, its submitted versions stay on record.

    Raises:
        IllegalMove: withdrawn already.
        Refused: the student has a seat or an offer, or a round with the student's choices is being decided.
    """
    _require_free(entry.at, application)
    state = application_states.TRANSITIONS.next_state("withdraw", application.state)
    update_versioned(application, state=state, programmes=[])
    _notify(entry, application, "撤回")
    return application


@withdraw.preflight
def _(at: datetime, *, by: Actor, application: Application, season: Season) -> None:
    _require_free(at, application)
    application_states.TRANSITIONS.next_state("withdraw", application.state)


@action("application.restore", Right.APPLICATION_WITHDRAW, on="application", window=WindowKind.REGISTRATION)
def restore(entry: AuditRecord, *, by: Actor, application: Application, season: Season) -> Application:
    """Take a withdrawn application back into the season; choices must be submitted again.

    Raises:
        IllegalMove: it is not withdrawn.
    """
    state = application_states.TRANSITIONS.next_state("return_", application.state)
    update_versioned(application, state=state)
    _notify(entry, application, "恢复")
    return application


@restore.preflight
def _(at: datetime, *, by: Actor, application: Application, season: Season) -> None:
    application_states.TRANSITIONS.next_state("return_", application.state)


def _require_free(at: datetime, application: Application) -> None:
    """Raise Refused when withdrawing now would touch a seat or a list that is being decided."""
    obstacle = find_obstacle(application, at)
    if obstacle is not None:
        raise obstacle


def _notify(entry: AuditRecord, application: Application, verb: str) -> None:
    name, at = mask_name(application.person.name), format_instant(entry.at)
    text = (
        "【阳光招生】{whose}" + f"{application.season}的报名已于{at}{verb}。不是您本人或监护人办理的，请立即登录查看。"
    )
    own, child = text.format(whose="您"), text.format(whose=f"您的孩子{name}")
    subject = f"application:{application.public_id}:{application.version}"
    enqueue_for_family(application.person_id, entry.action, subject, own, child)
