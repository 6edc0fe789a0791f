"""Telling how far a job has come, while its own transaction is still open."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import connection

from dexter.lib import days

from .models import JobRun, JobState

SECONDS_BETWEEN = 0.5
Report = Callable[[str, int, int], None]  # step, done, total


def silent(_step: str, _done: int, _total: int) -> None:
    """For work that nobody watches."""


class Progress:
    """`with Progress(job_id) as report:` marks the job running, then done or failed; `report(step, done, total)` in between.

    Writes on a connection of its own, so that it is seen while the work's transaction is open, at most twice a second.
    """

    def __init__(self, job_id: UUID) -> None:
        self._job_id, self._last, self._step = job_id, 0.0, ""
        self._connection = connection.copy()

    def __enter__(self) -> Self:
        self._write(state=JobState.RUNNING, started_at=days.now(), step="", done=0, total=0)
        return self

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step != self._step or now - self._last >= SECONDS_BETWEEN:
            self._step, self._last = step, now
            self._write(step=step, done=min(done, total) if total else done, total=total)

    def __exit__(self, kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None) -> None:
        self._write(state=JobState.FAILED if kind else JobState.DONE, ended_at=days.now())
        self._connection.close()

    def _write(self, **values: str | int | datetime) -> None:
        columns = ", ".join(f"{name} = %s" for name in values)
        with self._connection.cursor() as cursor:
            cursor.execute(f"UPDATE {JobRun._meta.db_table} SET {columns} WHERE id = %s", [*values.values(), self._job_id])  # noqa: S608
