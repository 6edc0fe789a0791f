"""Background entry points of absence. Schedules tick in UTC, each quarter of an hour, and decide in Europe/Stockholm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from procrastinate.contrib.django import app

from absence import reads
from absence.actions import same_day
from dexter.lib import days

logger = structlog.get_logger(__name__)


@app.task
def follow_lessons(lessons: str) -> None:
    """After a change in the lessons (ids with spaces between): whose home is to be told, or told otherwise."""
    today = days.today()
    for pupil_id in reads.pupils_after([UUID(key) for key in lessons.split()], today):
        _alone(same_day.follow_day, pupil_id=pupil_id, day=today)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="follow_days")
def follow_days(timestamp: int) -> None:
    """The cut-off of the day, and everything whose own job was lost."""
    today = days.today()
    for pupil_id in reads.pupils_to_follow(today):
        _alone(same_day.follow_day, pupil_id=pupil_id, day=today)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="remind_teachers")
def remind_teachers(timestamp: int) -> None:
    """Those whose lessons of today have no roll-call when the unit's hour has come."""
    today = days.today()
    for teacher_id in reads.teachers_to_remind(today):
        _alone(same_day.remind_teacher, teacher_id=teacher_id, day=today)


def _alone(action: Callable[..., Any], **arguments: Any) -> None:
    """A fault in one person's day keeps nobody else from being told; the next quarter of an hour tries again."""
    try:
        action(**arguments)
    except Exception as fault:
        logger.error("same_day_not_done", action=action.__name__, fault=type(fault).__name__)
