"""From an account to the actor that enters an action, in one statement."""

from yangguang.models import Account, RoleAssignment
from yangguang.postgres.sql import fetch_one
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.key_states import BOUND
from yangguang.rules.accounts.roles import Role

_ACTOR = """
SELECT a.name, s.role, s.sector, s.unit_id, u.name, u.path,
       ARRAY(SELECT p.id FROM yangguang_person AS p WHERE p.account_id = a.id ORDER BY p.id)
FROM yangguang_account AS a
LEFT JOIN LATERAL (
    SELECT role, sector, unit_id FROM yangguang_roleassignment
    WHERE account_id = a.id AND ended_at IS NULL AND (%(seat)s::bigint IS NULL OR id = %(seat)s::bigint)
    ORDER BY id LIMIT 1
) AS s ON true
LEFT JOIN yangguang_unit AS u ON u.id = s.unit_id
WHERE a.id = %(account)s AND a.frozen_at IS NULL
  AND (%(key)s = '' OR EXISTS (
      SELECT 1 FROM yangguang_securitykey WHERE serial = %(key)s AND account_id = a.id AND state = %(bound)s))
"""


def actor_of(account: Account) -> Actor:
    """The actor of an account: in its oldest role for staff, for its own persons for families."""
    return actor_in(account.pk)


def actor_in(account: int, seat: int | None = None, key: str = "") -> Actor:
    """The actor of a session; a guest when the account, role or key it was opened with is no longer good.

    Args:
        account, seat: row ids kept in the session; None: the oldest role of the account, or its own persons.
        key: serial of the hardware key the session was opened with, or "".
    """
    row = fetch_one(_ACTOR, {"account": account, "seat": seat, "key": key, "bound": BOUND})
    if row is None:
        return GUEST
    name, role, sector, unit, unit_name, path, people = row
    if role is None:
        if seat is not None:
            return GUEST
        return Actor(role=Role.STUDENT, account=account, name=name, people=tuple(people))
    return Actor(
        role=Role(role),
        account=account,
        name=name,
        unit=unit,
        unit_name=unit_name or "",
        path=path or "",
        sector=sector,
    )


def seats_of(account: int) -> list[RoleAssignment]:
    """The roles an account holds now, the oldest first."""
    return list(RoleAssignment.objects.select_related("unit").filter(account=account, ended_at=None).order_by("pk"))
