"""Queueing background work by its name, in the same transaction as what it follows from."""

from __future__ import annotations

from procrastinate.contrib.django import app


def defer(task: str, **ids: str) -> None:
    """Queue the task called `task` ("registry.tasks.read_import"); it starts after the transaction is committed."""
    app.configure_task(task).defer(**ids)
