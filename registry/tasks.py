"""Background entry points of the register."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from dexter.lib import days
from dexter.lib.queue import defer
from registry.imports import feed
from registry.models import ImportSource

NIGHT = range(2, 5)  # the school's hours in which scheduled sources are pulled


@app.task
def read_import(run_id: str) -> None:
    feed.with_progress(UUID(run_id), feed.read_import)


@app.task
def apply_import(run_id: str) -> None:
    feed.with_progress(UUID(run_id), feed.apply_import)


@app.periodic(cron="*/15 * * * *")  # UTC
@app.task(queueing_lock="pull_sources")
def pull_sources(timestamp: int) -> None:
    """Pull what is scheduled, once a night."""
    if days.now().astimezone(days.STOCKHOLM).hour in NIGHT:
        for source in ImportSource.objects.filter(is_scheduled=True):
            tried = max((moment for moment in (source.succeeded_at, source.failed_at) if moment), default=None)
            if tried is None or days.day_of(tried) < days.today():
                defer("registry.tasks.pull_source", source_id=str(source.pk))


@app.task
def pull_source(source_id: str) -> None:
    feed.pull(source=ImportSource.objects.get(pk=source_id), apply=True)
