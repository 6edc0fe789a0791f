"""Rows into a table by PostgreSQL's COPY: triggers, constraints and generated columns act as on any insert."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

NOTHING = r"\N"  # NULL in a line


def begin_bulk_load(using: str = DEFAULT_DB_ALIAS) -> None:
    """For the rest of the transaction: foreign keys are checked row by row. What is referred to must come first.

    Traps: triggers and foreign keys keep the plan they made while the tables were nearly empty, and then read a whole
    index for each row; and every statement inside a trigger grows slower with each deferred check that waits.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def copy_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write unsaved instances of `model`, all with the same columns set; the rest take the database's defaults."""
    if not rows:
        return
    fields = [field for field in model._meta.local_concrete_fields if not field.generated and _is_set(field, rows[0])]
    copy_values(model, fields, ([getattr(row, field.attname) for field in fields] for row in rows))


def copy_values(
    model: type[models.Model], fields: Sequence[models.Field], rows: Iterable[Sequence[Any]], using: str = DEFAULT_DB_ALIAS
) -> int:
    """Write rows of values in the order of `fields`, as they come; gives how many there were."""
    connection, written, statement = connections[using], 0, _statement(model, fields)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)])
            written += 1
    return written


def line(*values: Any) -> str:
    """Values as a line of COPY's text format; none may hold tabs, line breaks or backslashes of its own."""
    return "\t".join(map(str, values))


def copy_lines(model: type[models.Model], names: Sequence[str], lines: Sequence[str]) -> int:
    """Write what `line` made, in the order of the fields `names`: ten times as fast as values."""
    if not lines:
        return 0
    statement = _statement(model, [model._meta.get_field(name) for name in names])
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("\n".join(lines) + "\n")
    return len(lines)


def _statement(model: type[models.Model], fields: Sequence[Any]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    )


def _is_set(field: models.Field, row: models.Model) -> bool:
    value = getattr(row, field.attname)
    return not isinstance(value, DatabaseDefault) and not (value is None and isinstance(field, models.AutoField))
