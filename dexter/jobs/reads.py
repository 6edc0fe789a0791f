"""How the background work is doing, for the health page."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Min
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from dexter.lib import days


def worker_heartbeat() -> datetime | None:
    """When a worker last said that it lives; None when none ever did."""
    latest: datetime | None = ProcrastinateWorker.objects.aggregate(latest=Max("last_heartbeat"))["latest"]
    return latest


def oldest_waiting() -> datetime | None:
    """Since when the oldest job that is due has waited; None with an empty queue."""
    due = ProcrastinateJob.objects.filter(status="todo", scheduled_at__lte=days.now())
    oldest: datetime | None = due.aggregate(oldest=Min("scheduled_at"))["oldest"]
    return oldest
