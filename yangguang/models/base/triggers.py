"""Database triggers as data: illegal transitions and changes of history are refused below Python, too."""

import pgtrigger
from django.db.models import CheckConstraint, Q

from yangguang.rules.base.state_machine import StateMachine


def guard_transitions(machine: StateMachine, column: str = "state") -> pgtrigger.Trigger:
    """Refuse an UPDATE (also a bulk or raw one) that is not an arrow of the state machine."""
    pairs = ", ".join(f"('{old}', '{new}')" for old, new in machine.arrows if old != new)
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


def untruncated() -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which no row's trigger sees."""
    return pgtrigger.Trigger(
        name="untruncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'never truncated: %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';",
    )


def require_match(contradiction: str, message: str) -> pgtrigger.Trigger:
    """Refuse an INSERT of rows that contradict the rows they refer to; checked once for all rows of a statement.

    Args:
        contradiction: SQL after `SELECT FROM fresh AS f` that finds such rows.
        message: the exception's text.
    """
    return pgtrigger.Trigger(
        name="agrees",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="fresh"),
        func=f"""
            IF EXISTS (SELECT FROM fresh AS f {contradiction}) THEN
                RAISE EXCEPTION '{message}' USING ERRCODE = 'foreign_key_violation';
            END IF;
            RETURN NULL;
        """,
    )


def freeze(*columns: str) -> pgtrigger.Trigger:
    """Refuse an UPDATE that gives one of the columns another value."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*columns),
        condition=pgtrigger.Condition(f"ROW({old}) IS DISTINCT FROM ROW({new})"),
        func="RAISE EXCEPTION 'these columns of % never change', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
    )


def known_states(machine: StateMachine, name: str, column: str = "state") -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{column}__in": list(machine.states)}), name=name)


def choices(machine: StateMachine) -> list[tuple[str, str]]:
    return list(machine.states.items())
