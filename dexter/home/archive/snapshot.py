"""One moment of the whole database, parted into what is open and what has to do with the protected.

A row is sealed when it is a protected person, or when any key it holds is that of a sealed row: its references, its
lists of persons, the ids in the log. What is left open therefore stands on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models, transaction
from django.db.models import BooleanField, Q, QuerySet, UUIDField
from django.db.models.expressions import RawSQL

from .coverage import Kept, in_order

DATABASE = "owner"  # the web role's time limits are made for pages
SEALED = "archive_sealed"


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction that sees one moment, with the keys of all sealed rows in a temporary table."""
    with transaction.atomic(using=DATABASE), connections[DATABASE].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"CREATE TEMPORARY TABLE {SEALED} (id uuid PRIMARY KEY) ON COMMIT DROP")
        for entry in in_order():
            _seal(entry)
        yield


def open_rows(entry: Kept) -> QuerySet:
    return _rows(entry).exclude(_touches_sealed(entry))


def sealed_rows(entry: Kept) -> QuerySet:
    return _rows(entry).filter(_touches_sealed(entry))


def all_rows(entry: Kept) -> int:
    return _rows(entry).count()


def _rows(entry: Kept) -> QuerySet:
    rows = entry.model._base_manager.using(DATABASE).order_by("pk")
    return rows if entry.only is None else rows.filter(entry.only)


def _seal(entry: Kept) -> None:
    """Note the keys of the model's sealed rows; again as long as it finds more, for rows that refer to their own kind."""
    if not isinstance(entry.model._meta.pk, UUIDField):
        return
    query = str(entry.model._meta.pk.column)
    while True:
        rows = _rows(entry).filter(_touches_sealed(entry)).exclude(_held(entry.model, query, "=")).order_by().values("pk")
        statement, parameters = rows.query.get_compiler(DATABASE).as_sql()
        with connections[DATABASE].cursor() as cursor:
            cursor.execute(f"INSERT INTO {SEALED} {statement}", parameters)
            found = cursor.rowcount
            cursor.execute(f"ANALYZE {SEALED}")
        if not found:
            return


def _touches_sealed(entry: Kept) -> Q:
    condition = Q() if entry.sealed is None else entry.sealed
    for column in entry.model._meta.concrete_fields:
        if isinstance(column, ArrayField) and isinstance(column.base_field, UUIDField):
            condition |= Q(_held(entry.model, str(column.column), "= ANY"))
        elif isinstance(column.target_field if isinstance(column, models.ForeignKey) else column, UUIDField):
            condition |= Q(_held(entry.model, str(column.column), "="))
    return condition or Q(pk__in=[])


def _held(model: type[models.Model], column: str, sign: str) -> RawSQL:
    """Never null, so that its negation is its opposite."""
    text = f'EXISTS (SELECT 1 FROM {SEALED} WHERE {SEALED}.id {sign} ("{model._meta.db_table}"."{column}"))'  # noqa: S608  names of our own tables
    return RawSQL(text, (), output_field=BooleanField())  # noqa: S611
