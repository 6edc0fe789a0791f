"""Feeding the register: a file is read and shown first, then carried out as a whole or not at all."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.files.actions import keep_upload
from dexter.jobs.models import JobRun
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.models import SCHOOL
from dexter.lib.queue import defer
from registry.imports.feed import forget_file
from registry.imports.tables import LARGEST_FILE
from registry.models import (
    Duty,
    EmailAddress,
    Enrolment,
    GroupMembership,
    ImportRun,
    ImportSource,
    ImportState,
    Person,
    PhoneNumber,
    SchoolUnit,
    SourceKind,
)
from registry.models.imports import FILES

MEDIA_TYPE = "application/octet-stream"
RELEASED: dict[str, type[Enrolment | Duty]] = {"enrolment": Enrolment, "duty": Duty}  # a guardianship has its own page


@transaction.atomic
def upload_import(*, actor: Actor, template: str, upload: UploadedFile) -> ImportRun:
    """Keep the file and queue its dry run. Raises ValidationError for a file that is too large."""
    require(actor, "registry.administer")
    source, _new = ImportSource.objects.get_or_create(name=FILES, defaults={"kind": SourceKind.FILE})
    file = keep_upload(upload, MEDIA_TYPE, LARGEST_FILE)
    run = ImportRun.objects.create(source=source, template=template, started_by_id=actor.person_id, file=file, job=JobRun.objects.create())
    record(actor=actor, action="registry.upload_import", object_id=run.pk, details={"template": template, "bytes": file.size})
    defer("registry.tasks.read_import", run_id=str(run.pk))
    return run


@transaction.atomic
def confirm_import(*, actor: Actor, run: ImportRun, accept_ending: bool, accept_rejected: bool) -> None:
    """Queue the carrying out of what was shown. Raises ValidationError: not accepted, or somebody was first."""
    require(actor, "registry.administer")
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("source").get(pk=run.pk)
    if row.state != ImportState.PREVIEWED or row.started_by_id != actor.person_id:
        raise ValidationError(_("This import does not wait for an answer any more."))
    if row.ends_too_many and not accept_ending:
        raise ValidationError({"accept_ending": _("Tick that the pupils shall leave, or throw the import away and check the file.")})
    if row.rejected and not accept_rejected:
        raise ValidationError({"accept_rejected": _("Tick that the import goes on without the rejected rows, or correct the file.")})
    row.state, row.job = ImportState.CARRYING_OUT, JobRun.objects.create()
    row.save()
    record(actor=actor, action="registry.confirm_import", object_id=row.pk, details={"accept_ending": accept_ending})
    defer("registry.tasks.apply_import", run_id=str(row.pk))


@transaction.atomic
def discard_import(*, actor: Actor, run: ImportRun) -> None:
    """Throw a dry run away, and its file. Once more changes nothing."""
    require(actor, "registry.administer")
    waiting = ImportRun.objects.filter(pk=run.pk, started_by=actor.person_id, state__in=[ImportState.READING, ImportState.PREVIEWED])
    if waiting.update(state=ImportState.DISCARDED, report={}, ended_at=days.now()):
        forget_file(run)
        record(actor=actor, action="registry.discard_import", object_id=run.pk)


@transaction.atomic
def release_to_import(*, actor: Actor, run: ImportRun, kind: str, person: Person, row: str) -> None:
    """What the school changed by hand counts no more: the next import of the run's source decides again.

    What its owner confirmed with a code stays the owner's.
    """
    require(actor, "registry.keep_person", person)
    led = SchoolUnit.objects.led_by(actor)
    if kind == "person":
        confirmed = EmailAddress.objects.filter(person=person), PhoneNumber.objects.filter(person=person)
        owned = [name for name, rows in zip(("email", "phone"), confirmed, strict=True) if rows.exclude(verified_at=None).exists()]
        Person.objects.filter(pk=person.pk).update(school_owned=owned)
    elif kind == "membership":
        GroupMembership.objects.filter(person=person, source=SCHOOL, group__school_unit__in=led).update(source=run.source.name)
    elif kind in RELEASED and row:
        RELEASED[kind].objects.filter(pk=row, source=SCHOOL, school_unit__in=led).update(source=run.source.name)
    record(actor=actor, action="registry.release_to_import", subjects=[person.pk], object_id=run.pk, details={"kind": kind})
