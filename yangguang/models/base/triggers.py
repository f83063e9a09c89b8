"""Database triggers said as data: state moves and append-only tables are refused below Python, too."""

import pgtrigger
from django.db.models import CheckConstraint, Q

from yangguang.rules.base.state_machine import StateMachine


def guarded(moves: StateMachine, column: str = "state") -> pgtrigger.Trigger:
    """Refuse an UPDATE (also a bulk or raw one) that is not an arrow of the table."""
    pairs = ", ".join(f"('{old}', '{new}')" for old, new in moves.arrows if old != new)
    return pgtrigger.Trigger(
        name=f"{column}_moves",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(column),
        condition=pgtrigger.Condition(f"OLD.{column} IS DISTINCT FROM NEW.{column}"),
        func=f"""
            IF (OLD.{column}, NEW.{column}) NOT IN ({pairs}) THEN
                RAISE EXCEPTION 'illegal move of %: % to %', TG_TABLE_NAME, OLD.{column}, NEW.{column}
                USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def append_only() -> pgtrigger.Trigger:
    """Refuse UPDATE, DELETE and TRUNCATE of rows that are history."""
    return pgtrigger.Trigger(
        name="append_only",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func="RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';",
    )


def agrees(contradiction: str, says: str) -> pgtrigger.Trigger:
    """Refuse an INSERT of rows that contradict what they refer to; asked once for all rows of a statement.

    Args:
        contradiction: SQL after `SELECT FROM fresh AS f` that finds such rows.
        says: the exception's text.
    """
    return pgtrigger.Trigger(
        name="agrees",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="fresh"),
        func=f"""
            IF EXISTS (SELECT FROM fresh AS f {contradiction}) THEN
                RAISE EXCEPTION '{says}' USING ERRCODE = 'foreign_key_violation';
            END IF;
            RETURN NULL;
        """,
    )


def fixed(*columns: str) -> pgtrigger.Trigger:
    """Refuse an UPDATE that gives one of the columns another value."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*columns),
        condition=pgtrigger.Condition(f"ROW({old}) IS DISTINCT FROM ROW({new})"),
        func="RAISE EXCEPTION 'these columns of % never change', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
    )


def known_states(moves: StateMachine, name: str, column: str = "state") -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{column}__in": list(moves.states)}), name=name)


def choices(moves: StateMachine) -> list[tuple[str, str]]:
    return list(moves.states.items())
