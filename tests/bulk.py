"""A school year of a hundred thousand pupils in minutes: for measuring only, neither checks nor indexes while it is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from dexter.home.demo.history import TABLES

NAMES = [model._meta.db_table for model, _columns in TABLES]
MEMORY = "1GB"  # for each index that is made


@contextmanager
def without_checks() -> Iterator[None]:
    """No foreign key is looked up and no trigger asked: the history gives whole rows, the triggers' own columns among them."""
    _set_role("replica")
    yield
    _set_role("origin")


@contextmanager
def without_indexes(name: str) -> Iterator[None]:
    """The history's tables without the indexes that hold up no constraint, which are made anew after."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = ANY (%s::regclass[])"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [NAMES],
        )
        indexes = cursor.fetchall()
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
    say(f"{name}: rows")
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SET statement_timeout = 0; SET maintenance_work_mem = '{MEMORY}'; SET max_parallel_maintenance_workers = 0")
        for index, definition in indexes:
            say(index)
            cursor.execute(definition)


def say(what: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {what}", flush=True)


def _set_role(role: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
