"""Rows into a table by PostgreSQL's COPY: triggers, constraints and generated columns act as on any insert."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql


def begin_bulk_load() -> None:
    """For the rest of the transaction: foreign keys are checked row by row. What is referred to must come first.

    Traps: triggers and foreign keys keep the plan they made while the tables were nearly empty, and then read a whole
    index for each row; and every statement inside a trigger grows slower with each deferred check that waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def copy_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write unsaved instances of `model`, all with the same columns set; the rest take the database's defaults."""
    if not rows:
        return
    fields = [field for field in model._meta.local_concrete_fields if not field.generated and _is_set(field, rows[0])]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])


def _is_set(field: models.Field, row: models.Model) -> bool:
    value = getattr(row, field.attname)
    return not isinstance(value, DatabaseDefault) and not (value is None and isinstance(field, models.AutoField))
