"""Queueing background work by its name, in the same transaction as what it follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from procrastinate.contrib.django import app


def defer(task: str, not_before: datetime | None = None, **ids: str) -> None:
    """Queue the task called `task` ("registry.tasks.read_import"); it starts after the transaction is committed, or later."""
    app.configure_task(task, schedule_at=not_before).defer(**ids)


def defer_many(task: str, rows: Sequence[Mapping[str, str]]) -> None:
    """`defer` the same task for many ids, in one statement."""
    if rows:
        app.configure_task(task).batch_defer(*rows)
