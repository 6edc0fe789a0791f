"""Questions that are asked at every request: Django writes their text once, and the database plans it once a connection.

To write a long statement takes the processor longer than to answer it. What differs from time to time is a `slot` while the
text is written. What else shapes it (a role, a day) is for the caller to keep apart, commonly by `lru_cache`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, F, Func, QuerySet, UUIDField, Value

_SLOTS = UUID("8f1f6a52-3c6f-4b0e-9d53-6a2f2f0d7c11")  # nobody's key: keys in use are of version 7


def slot(name: str) -> UUID:
    """Stands for a key, as text for a text, alone in a list for a list of keys, until the question is asked."""
    return uuid5(_SLOTS, name)


class Among(Func):
    """A key of a list, of whatever length: `IN` would be another text for each length. Use it inside `filter`."""

    template, arg_joiner, output_field = "(%(expressions)s))", " = ANY(", BooleanField()

    def __init__(self, name: str, keys: Sequence[UUID]) -> None:
        super().__init__(F(name), Value(list(keys), output_field=ArrayField(UUIDField())))


class Written:
    """A queryset put together with slots, to be asked again and again. It cannot be narrowed further.

    Raises ValueError for a moment among the values: it would stand still.
    """

    def __init__(self, rows: QuerySet[Any], *names: str) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, values = self.compiler.as_sql()
        self.values = list(values)
        if any(isinstance(value, datetime) for value in self.values):
            raise ValueError("A moment is written into a question that is kept.")
        known = {str(slot(name)): name for name in names}
        found = ((place, _only(value)) for place, value in enumerate(self.values))
        self.places = [(place, known[key]) for place, key in found if key in known]

    def ask(self, **given: UUID | str | list[UUID]) -> list[Any]:
        """The rows, by one statement."""
        values = list(self.values)
        for place, name in self.places:
            values[place] = given[name]
        rows = self.rows.all()
        query: Any = rows.query
        query.get_compiler = lambda *_args, **_more: _asked(self.compiler, self.sql, values)
        return list(rows)


def _only(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and len(value) == 1 else value)


def _asked(written: Any, sql: str, values: list[Any]) -> Any:
    """The compiler as it was left by writing, on this thread's connection, which only fetches."""
    compiler = copy.copy(written)
    connection: Any = connections[DEFAULT_DB_ALIAS]
    compiler.connection = connection

    def fetched(*_args: Any, **_more: Any) -> Iterable[list[tuple[Any, ...]]]:
        connection.ensure_connection()
        with connection._prepare_cursor(_Prepared(connection.connection)) as cursor:
            cursor.execute(sql, values)
            return [cursor.fetchall()]

    compiler.execute_sql = fetched
    return compiler


class _Prepared(psycopg.Cursor[Any]):
    """Its statements are prepared at once, and planned anew only where the values call for it."""

    def execute(self, query: Any, params: Any = None, **_more: Any) -> Any:
        return super().execute(query, params, prepare=True)

    def _send_query_prepared(self, name: bytes, pgq: Any, **more: Any) -> None:
        self._query = pgq  # which psycopg leaves out, and Django's list of statements reads
        super()._send_query_prepared(name, pgq, **more)
