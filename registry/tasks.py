"""Background entry points of the register."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from procrastinate.contrib.django import app

from dexter.lib import days
from dexter.lib.queue import defer
from registry.actions.roll_over_effect import effect_on_its_day
from registry.imports import feed
from registry.models import ContactChange, ImportRun, ImportSource, ImportState, RollOver, RollOverState

LONGEST = timedelta(hours=1)  # after which an import has been cut off
REPORT_KEPT = timedelta(days=30)
WAITS = timedelta(days=7)  # that a dry run waits for an answer
CODES_KEPT = timedelta(days=1)
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


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="sweep_imports")
def sweep_imports(timestamp: int) -> None:
    """End what a killed worker left behind, and forget the lines of old reports: they name people."""
    feed.fail_stalled(ImportRun.objects.filter(job__started_at__lt=days.now() - LONGEST))
    old = ImportRun.objects.filter(ended_at__lt=days.now() - REPORT_KEPT).exclude(report={})
    old.update(report={})
    waiting = ImportRun.objects.filter(state=ImportState.PREVIEWED, modified_at__lt=days.now() - WAITS)
    feed.forget_waiting(waiting)


@app.task
def pull_source(source_id: str) -> None:
    feed.pull(source=ImportSource.objects.get(pk=source_id), apply=True)


@app.periodic(cron="20 * * * *")  # UTC; the day is decided in Europe/Stockholm
@app.task(queueing_lock="effect_ready_roll_overs")
def effect_ready_roll_overs(timestamp: int) -> None:
    """Carry out the changes of school year whose day has come; one with a fault stays ready, and its page says why."""
    for roll_over in RollOver.objects.filter(state=RollOverState.READY, effective_date__lte=days.today()):
        try:
            effect_on_its_day(roll_over=roll_over)
        except ValidationError:
            continue


@app.periodic(cron="40 * * * *")
@app.task(queueing_lock="forget_contact_changes")
def forget_contact_changes(timestamp: int) -> None:
    """Addresses that were asked for and confirmed, or not, are of no more use."""
    ContactChange.objects.filter(expires_at__lt=days.now() - CODES_KEPT).delete()
