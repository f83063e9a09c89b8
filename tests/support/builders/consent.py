"""A family's consent as the tests give it: the code is laid where a sent one would be, the act is the real one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from yangguang import clock
from yangguang.actions.base.audit_record import content_of
from yangguang.actions.base.step_up import code_hash
from yangguang.models import Account, Application, OneTimeCode
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role

CODE = "135790"


def confirmed(act: Callable[..., Any], *, request_key: str = "", **kwargs: Any) -> Any:
    """Do the act as the applicant's own account, with a fresh code for exactly this content."""
    return act(by=lay_code(act, request_key=request_key, **kwargs), **kwargs)


def lay_code(act: Callable[..., Any], *, request_key: str = "", **kwargs: Any) -> Actor:
    """A code that was sent for this act, and the actor who has read it."""
    application: Application = kwargs["application"]
    content = content_of(act.spec.name, kwargs)  # type: ignore[attr-defined]
    account = Account.objects.get(pk=application.person.account_id)
    OneTimeCode.objects.create(
        account=account,
        phone_hash=account.phone_hash,
        content=content,
        code_hash=code_hash(CODE, content),
        expires_at=clock.now() + timedelta(minutes=5),
    )
    who = Actor(role=Role.STUDENT, account=account.pk, people=(application.person_id,), request_key=request_key)
    return who.with_step_up(code=CODE)
