"""A family's own row, locked, in one prepared statement: the access rule of `for_actor` for the letter "o".

Acts of families are most of what the platform does, and building the same query anew costs more than running it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection

from yangguang.models.base.scoping import Scoped
from yangguang.queries.rows import fetch_one
from yangguang.rules.accounts.actors import Actor


def is_own(model: type[Scoped]) -> bool:
    """Whether a row of the model names its person itself, so that `own_row` can fetch it."""
    return bool(model.scope.person) and "__" not in model.scope.person


def own_row(row: Scoped, by: Actor) -> Scoped | None:
    """The row as it is now, locked until the transaction ends; None when it is not one of this family's."""
    sql, readers = _reading(type(row))
    found = fetch_one(sql, (row.pk, by.people))
    if found is None:
        return None
    values = [
        value if reads is None else reads(value, None, connection)
        for value, reads in zip(found, readers.values(), strict=True)
    ]
    return type(row).from_db(connection.alias, list(readers), values)


@cache
def _reading(model: type[Scoped]) -> tuple[str, dict[str, Callable[..., Any] | None]]:
    """The statement, and for each column, by attribute name, what turns the value of the driver into the model's."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    person = model._meta.get_field(model.scope.person).column  # type: ignore[union-attr]
    sql = f'SELECT {columns} FROM {model._meta.db_table} WHERE id = %s AND "{person}" = ANY(%s) FOR UPDATE'
    return sql, {field.attname: getattr(field, "from_db_value", None) for field in fields}
