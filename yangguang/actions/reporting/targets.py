"""Targets handed down: a whole table read from a file, or numbers edited in place; the sum always holds.

S24-5.02, R4.03: a target never blocks or fills a seat.
"""

from collections.abc import Sequence

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.reporting.target_rows import Loaded, break_down, require_new_file
from yangguang.actions.reporting.target_validation import Asked
from yangguang.models import Unit
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
) -> Loaded:
    """Make a read table the parent's break-down for the year; all of it or nothing.

    A unit below whose own break-down no longer adds up to its new number has to hand down again: its rows are
    withdrawn (their history stays) and it is named in the answer.

    Args:
        digest: SM3 of the file (`sheets.digest`), so that the same file is not taken twice.
        stated: the total the table states in its total row, in persons.
        reason: why it replaces the total in force; "" when it does not.

    Raises:
        BadRows: an unknown unit with the nearest name; a false sum with the difference and the row; without
            a reason another total than the one in force, with both numbers.
        Refused: the same file is in force, or the year is not one.
    """
    sector = _sector(by, year)
    require_new_file(parent, year, sector, digest)
    asked = Asked(parent, year, sector, rows, stated, reason)
    done = break_down(asked, source=source, digest=digest, check_only=check_only)
    _say(entry, done, year, digest, reason)
    return done


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
) -> Loaded:
    """Set all numbers the parent hands down, as edited in place; they add up to its own number.

    Args:
        total, reason: the new total in persons and why, where the one in force is to be replaced.

    Raises:
        BadRows: as for a table.
    """
    asked = Asked(parent, year, _sector(by, year), rows, total, reason)
    done = break_down(asked, source=source, digest="", check_only=False)
    _say(entry, done, year, "", reason)
    return done


def _sector(by: Actor, year: int) -> Sector:
    if year not in YEARS:
        raise Refused(f"年度{year}不对", now="请填写四位年份", where="year")
    return Sector(by.sector) if by.sector else Sector.EDUCATION


def _say(entry: AuditRecord, done: Loaded, year: int, digest: str, reason: str) -> None:
    entry.add_facts(
        year=year, rows=done.rows, total=done.total, added=done.added, changed=done.changed,
        removed=done.removed, reopened=len(done.reopened), checked_only=done.checked_only, digest=digest,
    )  # fmt: skip
    if done.moved:
        entry.add_facts(difference=done.moved, reason=reason.strip())
