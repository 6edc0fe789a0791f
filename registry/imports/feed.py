"""What the background does with an import: the dry run, the carrying out, the nightly pull. Each tells its run what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.files.models import StoredFile
from dexter.jobs.models import JobRun
from dexter.jobs.progress import Progress, Report, silent
from dexter.lib import civic, days
from dexter.lib.access import Actor, Level, Role, System
from registry.models import ExternalId, ImportRun, ImportSource, ImportState, SchoolUnit, SourceKind, Template

from . import run as running
from .api import Interface
from .batch import Batch, Unreadable
from .files import read_rows
from .ss12000 import objects_in, read_objects
from .tables import read_table

OVERLAP = timedelta(minutes=5)  # asked for again, so that no change falls between two pulls
logger = structlog.get_logger(__name__)


def read_import(*, run_id: UUID, report: Report = silent) -> None:
    """The dry run of a file that was sent in. Once more, or after it was thrown away, changes nothing."""
    run = ImportRun.objects.select_related("source", "file").filter(pk=run_id, state=ImportState.READING).first()
    if run is None or run.file is None:
        return
    actor = _sender(run)
    try:
        batch = _batch_of(run, actor, report)
        _show(run, running.prepare_and_forget(batch, run.source.name, actor, report))
    except Unreadable as fault:
        _fail(run, str(fault))


def apply_import(*, run_id: UUID, report: Report = silent) -> None:
    """Carry out a confirmed import: everything that was shown, in one transaction; if it would do another thing, nothing."""
    run = ImportRun.objects.select_related("source", "file").filter(pk=run_id, state=ImportState.CARRYING_OUT).first()
    if run is None or run.file is None:
        return
    actor = _sender(run)
    try:
        batch = _batch_of(run, actor, report)
        with transaction.atomic():
            outcome = running.prepare(batch, run.source.name, actor, report)
            if outcome.fingerprint != run.fingerprint:
                raise Unreadable(_("The register has changed since the preview. Send the file in again."))
            running.do(batch, run.source.name, report)
            _done(run, actor, outcome)
    except Unreadable as fault:
        _fail(run, str(fault))
    except IntegrityError:
        _fail(run, _("Some rows contradict each other or the register. Nothing was changed."))


def pull(*, source: ImportSource, apply: bool, accept_ending: bool = False, report: Report = silent) -> ImportRun:
    """Read a folder or an interface as the system; carry it out when `apply`, unless it would end too many or rows are rejected.

    The run tells what became of it; a failure is logged and marks the source.
    """
    run = ImportRun.objects.create(source=source, template=Template.SS12000, job=JobRun.objects.create())
    began = days.now()
    try:
        batch = _pulled(source, report)
        with transaction.atomic():
            outcome = running.prepare(batch, source.name, System(), report)
            _show(run, outcome)
            stopped = _reason_to_stop(run, accept_ending=accept_ending)
            if apply and not stopped:
                running.do(batch, source.name, report)
                _done(run, System(), outcome)
                ImportSource.objects.filter(pk=source.pk).update(succeeded_at=days.now(), modified_after=_next(source, began))
        if apply and stopped:
            _fail(run, stopped)
    except Unreadable as fault:
        _fail(run, str(fault))
    except IntegrityError:
        _fail(run, _("Some rows contradict each other or the register. Nothing was changed."))
    return run


def _reason_to_stop(run: ImportRun, *, accept_ending: bool) -> str:
    if run.rejected:
        return _("Rows were rejected. Nothing was changed.")
    if run.ends_too_many and not accept_ending:
        return _("The import would end more pupils than the source's share allows. Nothing was changed.")
    return ""


def _next(source: ImportSource, began: datetime) -> datetime | None:
    return began - OVERLAP if source.kind == SourceKind.API else None


def _pulled(source: ImportSource, report: Report) -> Batch:
    units = _units_known(source.name)
    if source.kind == SourceKind.FOLDER:
        return read_objects(objects_in(Path(source.address)), units, complete=True, report=report)
    interface = Interface(source.address, civic.decrypt(source.token) if source.token else "")
    batch = read_objects(interface.objects(source.modified_after), units, complete=source.modified_after is None, report=report)
    if source.modified_after:
        batch.deleted = interface.deleted(source.modified_after)
    return batch


def _units_known(source: str) -> dict[str, UUID]:
    """Ids of the school units by their codes and by the source's own names."""
    units = dict(SchoolUnit.objects.values_list("school_unit_code", "pk"))
    named = ExternalId.objects.filter(source=source, entity_kind="SchoolUnit").values_list("value", "entity_id")
    return {**units, **dict(named)}


def _sender(run: ImportRun) -> Actor:
    """Who sent the file in; what it may touch is what they lead on the day it is read."""
    return Actor(cast(UUID, run.started_by_id), Role.STAFF, Level.TWO_FACTOR)


def _batch_of(run: ImportRun, actor: Actor, report: Report) -> Batch:
    units = SchoolUnit.objects.led_by(actor).values_list("school_unit_code", "pk")
    content = bytes(run.file.content) if run.file else b""
    return read_rows(run.template, read_table(content), dict(units), report)


def _show(run: ImportRun, outcome: running.Outcome) -> None:
    run.counts, run.report, run.fingerprint = outcome.counts, outcome.report, outcome.fingerprint
    run.pupils_ended, run.pupils_before = outcome.pupils_ended, outcome.pupils_before
    run.state = ImportState.PREVIEWED
    run.save()


def _done(run: ImportRun, actor: Actor | System, outcome: running.Outcome) -> None:
    run.state, run.ended_at, run.counts, run.report = ImportState.DONE, days.now(), outcome.counts, outcome.report
    run.save()
    sums = {f"{kind}_{verdict}": n for kind in ("person", "enrolment") for verdict, n in outcome.counts[kind].items()}
    record(actor=actor, action="registry.apply_import", object_id=run.pk, details=sums)
    forget_file(run)


def _fail(run: ImportRun, sentence: str) -> None:
    run.state, run.failure, run.ended_at = ImportState.FAILED, sentence, days.now()
    run.save()
    forget_file(run)
    if run.source.kind != SourceKind.FILE:
        ImportSource.objects.filter(pk=run.source_id).update(failed_at=days.now())
        logger.error("import_failed", source=run.source.name, run=str(run.pk))


def with_progress(run_id: UUID, work: Callable[..., None]) -> None:
    """Run the dry run or the carrying out of a run under its job, so that the page shows how far it has come."""
    job_id: UUID | None = ImportRun.objects.values_list("job_id", flat=True).get(pk=run_id)
    if job_id is None:
        work(run_id=run_id)
        return
    try:
        with Progress(job_id) as report:
            work(run_id=run_id, report=report)
    except Exception:
        fail_stalled(ImportRun.objects.filter(pk=run_id))
        raise


def fail_stalled(runs: QuerySet[ImportRun]) -> None:
    """Say of imports whose work was cut off that nothing was changed; what a killed worker had begun is rolled back already."""
    for run in runs.select_related("source").filter(state__in=[ImportState.READING, ImportState.CARRYING_OUT]):
        _fail(run, _("The work was cut off. Nothing was changed. Send the file in again."))


def forget_waiting(runs: QuerySet[ImportRun]) -> None:
    """Dry runs that nobody answered are thrown away, with what was sent in."""
    for run in runs:
        ImportRun.objects.filter(pk=run.pk, state=ImportState.PREVIEWED).update(state=ImportState.DISCARDED, report={}, ended_at=days.now())
        forget_file(run)


def forget_file(run: ImportRun) -> None:
    """What was sent in is personal data: it goes when it has served."""
    if run.file_id:
        StoredFile.objects.filter(pk=run.file_id).delete()
