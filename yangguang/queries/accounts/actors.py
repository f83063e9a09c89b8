"""From an account to its actor and its roles."""

from yangguang.models import RoleAssignment
from yangguang.postgres.sql import fetch_one
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.key_states import BOUND
from yangguang.rules.accounts.roles import Role

_ACTOR = """
SELECT a.name, s.role, s.sector, s.unit_id AS unit, u.name AS unit_name, u.path,
       ARRAY(SELECT p.id FROM yangguang_person AS p WHERE p.account_id = a.id ORDER BY p.id) AS people
FROM yangguang_account AS a
LEFT JOIN LATERAL (
    SELECT role, sector, unit_id FROM yangguang_roleassignment
    WHERE account_id = a.id AND ended_at IS NULL
      AND (%(role_assignment)s::bigint IS NULL OR id = %(role_assignment)s::bigint)
    ORDER BY id LIMIT 1
) AS s ON true
LEFT JOIN yangguang_unit AS u ON u.id = s.unit_id
WHERE a.id = %(account)s AND a.frozen_at IS NULL
  AND (%(key)s = '' OR EXISTS (
      SELECT 1 FROM yangguang_securitykey WHERE serial = %(key)s AND account_id = a.id AND state = %(bound)s))
"""


def load_actor(account: int, role_assignment: int | None = None, key: str = "") -> Actor:
    """The actor of a session, in one statement; a guest when its account, role or key is no longer valid.

    Args:
        account, role_assignment: row ids stored in the session; None: the oldest role of the account for staff,
            the own persons for families.
        key: serial of the hardware key the session was opened with, or "".
    """
    params = {"account": account, "role_assignment": role_assignment, "key": key, "bound": BOUND}
    row = fetch_one(_ACTOR, params)
    if row is None or (row.role is None and role_assignment is not None):
        return GUEST
    if row.role is None:
        return Actor(role=Role.STUDENT, account=account, name=row.name, people=tuple(row.people))
    return Actor(
        role=Role(row.role),
        account=account,
        name=row.name,
        unit=row.unit,
        unit_name=row.unit_name or "",
        path=row.path or "",
        sector=row.sector,
    )


def list_role_assignments(account: int) -> list[RoleAssignment]:
    """The roles an account has now, the oldest first."""
    return list(RoleAssignment.objects.select_related("unit").filter(account=account, ended_at=None).order_by("pk"))
