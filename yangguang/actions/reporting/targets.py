"""Targets set for the units below: a whole table loaded from a file, or numbers edited in place. (S24-5.02, R4.03)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.actions.base.action import action, require_version
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.reporting.target_rows import BreakDownResult, lock_break_down, require_new_file, write_break_down
from yangguang.actions.reporting.target_validation import BreakDown
from yangguang.models import Unit
from yangguang.queries.reporting.targets import rows_of, version_of
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.targets import TargetRow

YEARS = range(2000, 2100)


@action("target.load", Right.TARGET_LOAD_TABLE, on="parent")
def load_table(
    entry: AuditRecord,
    *,
    by: Actor,
    year: int,
    parent: Unit,
    rows: Sequence[TargetRow],
    digest: str,
    source: str,
    stated: int | None = None,
    reason: str = "",
    check_only: bool = False,
) -> BreakDownResult:
    """Make a table the parent's break-down for the year; all of it or nothing.

    The break-down of a unit below that no longer adds up to its new target is deleted (its history remains), and
    the unit is named in the result.

    Args:
        digest: SM3 of the file, so that the same file is not loaded twice.
        stated: the total in the total row of the table, in persons.
        reason: why it replaces the total in force; "" when it does not.

    Raises:
        BadRows, Refused: as `validate_break_down`; Refused also if the same file is in force or the year is invalid.
    """
    break_down = BreakDown(parent, year, _sector(by, year), rows, stated, reason)
    require_new_file(break_down, digest)
    return write_break_down(entry, break_down, source=source, digest=digest, check_only=check_only)


@action("target.set_children", Right.TASK_NUMBER_SET_CHILDREN, on="parent")
def set_children(
    entry: AuditRecord,
    *,
    by: Actor,
    year: int,
    parent: Unit,
    rows: Sequence[TargetRow],
    source: str,
    total: int | None = None,
    reason: str = "",
    seen: object = None,
) -> BreakDownResult:
    """Set all targets of the parent's break-down, as edited in place.

    Args:
        total, reason: the new total in persons and why, when the one in force is replaced.
        seen: version of the break-down that the page showed (`version_of`); see `require_version`.

    Raises:
        VersionConflict: a colleague saved the break-down since.
        BadRows, Refused: as for a table.
    """
    lock_break_down(parent)
    require_version(version_of(rows_of(parent, year, _sector(by, year))), seen)
    return write_break_down(entry, BreakDown(parent, year, _sector(by, year), rows, total, reason), source=source)


@set_children.preflight
def _(at: datetime, *, by: Actor, year: int, parent: Unit, seen: object = None, **_: object) -> None:
    require_version(version_of(rows_of(parent, year, _sector(by, year))), seen)


def _sector(by: Actor, year: int) -> Sector:
    if year not in YEARS:
        raise Refused(f"年度{year}不对", now="请填写四位年份", where="year")
    return Sector(by.sector) if by.sector else Sector.EDUCATION
