"""The investigation of repeated or longer absence (skollagen 7:19 a): opened and reported, written together, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import (
    ENDED_STATES,
    NEXT_STATES,
    TEXTS,
    AbsenceInvestigation,
    BodyReport,
    InvestigationMember,
    InvestigationSave,
    InvestigationState,
)
from absence.notices.body_reports import tell_officers
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry.actions.numbers import next_registry_no
from registry.models import Person, SchoolUnit

from .submissions import refuse_other


@transaction.atomic
def open_investigation(
    *, actor: Actor, pupil: Person, unit: SchoolUnit, participants: str, submission: UUID, home_municipality: str = ""
) -> AbsenceInvestigation:
    """Open an investigation under a registry number and report it to the responsible body, both or neither (7:19 a).

    `home_municipality` is named where it is another than the body's. The officers who receive the report are told. The same
    `submission` again gives the first. Raises ValidationError where the law asks for none, one is under way, or the form
    made another.
    """
    require(actor, "absence.open_investigation", pupil)
    if not reads.is_investigated(pupil, unit):
        raise ValidationError(_("The law asks for no investigation of absence in this form of school."))
    Person.objects.select_for_update(no_key=True).get(pk=pupil.pk)  # two who open at once wait for each other here
    if known := AbsenceInvestigation.objects.filter(submission=submission).first():
        refuse_other(known, {"opened_by_id": actor.person_id, "pupil_id": pupil.pk})
        return _again(actor, known)
    if AbsenceInvestigation.objects.under_way().filter(pupil=pupil, school_unit=unit).exists():
        raise ValidationError(_("An investigation of this pupil's absence is under way already."))
    now, number = days.now(), next_registry_no(unit, days.today())
    opened = AbsenceInvestigation.objects.create(
        pupil=pupil,
        school_unit=unit,
        registry_no=number,
        opened_by_id=actor.person_id,
        opened_at=now,
        participants=participants,
        submission=submission,
    )
    BodyReport.objects.create(investigation=opened, reported_by_id=actor.person_id, reported_at=now, home_municipality=home_municipality)
    tell_officers(opened)
    _keep(actor, opened)
    record(actor=actor, action="absence.open_investigation", subjects=[pupil.pk], object_id=opened.pk, details={"number": number})
    return opened


@transaction.atomic
def edit_investigation(*, actor: Actor, investigation: AbsenceInvestigation, version: int, values: dict[str, Any]) -> AbsenceInvestigation:
    """Save texts, state and day of follow-up; what stood before stays in the history.

    The same again changes nothing. Raises ValidationError: OUTDATED when somebody saved since `version`, or when it has ended
    or skips a state.
    """
    require(actor, "absence.edit_investigation", investigation)
    row = _locked(investigation, version, saved=values)
    state = values.get("state", row.state)
    if state not in NEXT_STATES[InvestigationState(row.state)]:
        raise ValidationError({"state": _("Take one state at a time.")})
    if row.version == version:
        for name in (*TEXTS, "follow_up_on", "state"):
            setattr(row, name, values.get(name, getattr(row, name)))
        row.version += 1
        row.save()
        _keep(actor, row)
    record(actor=actor, action="absence.edit_investigation", subjects=[row.pupil_id], object_id=row.pk, details={"version": row.version})
    return row


@transaction.atomic
def close_investigation(
    *, actor: Actor, investigation: AbsenceInvestigation, version: int, state: str, outcome: str
) -> AbsenceInvestigation:
    """End it with an outcome; nothing is written in it after that. Raises ValidationError as `edit_investigation`."""
    require(actor, "absence.close_investigation", investigation)
    if state not in ENDED_STATES:
        raise ValidationError({"state": _("Choose how it ends.")})
    row = _locked(investigation, version, saved={"state": state, "outcome": outcome, "closed_by_id": actor.person_id})
    if not row.is_ended:
        row.state, row.outcome, row.closed_by_id, row.closed_at, row.version = state, outcome, actor.person_id, days.now(), row.version + 1
        row.save()
        _keep(actor, row)
    record(actor=actor, action="absence.close_investigation", subjects=[row.pupil_id], object_id=row.pk, details={"state": state})
    return row


@transaction.atomic
def invite_to_investigation(*, actor: Actor, investigation: AbsenceInvestigation, person: Person) -> InvestigationMember:
    """Let a colleague of the unit read and write it. Raises ValidationError for somebody who is not staff there or is in it already."""
    require(actor, "absence.invite_to_investigation", investigation)
    if not reads.staff_to_invite(investigation).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("Choose a colleague who is not invited yet.")})
    try:
        with transaction.atomic():
            member = InvestigationMember.objects.create(
                investigation=investigation, person=person, invited_by_id=actor.person_id, invited_at=days.now()
            )
    except IntegrityError:
        raise ValidationError({"person": _("Choose a colleague who is not invited yet.")}) from None
    subjects = [investigation.pupil_id, person.pk]
    record(actor=actor, action="absence.invite_to_investigation", subjects=subjects, object_id=investigation.pk)
    return member


@transaction.atomic
def remove_member(*, actor: Actor, member: InvestigationMember) -> None:
    """The colleague reads it no more, from this moment; that they did stays. Doing it twice changes nothing more."""
    require(actor, "absence.invite_to_investigation", member.investigation)
    InvestigationMember.objects.filter(pk=member.pk, left_at=None).update(left_at=days.now())
    subjects = [member.investigation.pupil_id, member.person_id]
    record(actor=actor, action="absence.remove_member", subjects=subjects, object_id=member.investigation_id)


def _again(actor: Actor, known: AbsenceInvestigation) -> AbsenceInvestigation:
    record(actor=actor, action="absence.open_investigation", subjects=[known.pupil_id], object_id=known.pk, details={"again": True})
    return known


def _locked(investigation: AbsenceInvestigation, version: int, *, saved: Mapping[str, Any]) -> AbsenceInvestigation:
    """The row, for one at a time; as it stands where the form that showed `version` was saved a moment ago, and says `saved`."""
    row = AbsenceInvestigation.objects.select_for_update().get(pk=investigation.pk)
    if saved and row.version == version + 1 and all(getattr(row, name) == value for name, value in saved.items()):
        return row
    if row.is_ended:
        raise ValidationError(_("The investigation has ended. Nothing more is written in it."))
    if row.version != version:
        raise ValidationError(
            _("Somebody else saved meanwhile. Yours is kept below, with what is saved beside it. Put them together and save again."),
            code=OUTDATED,
        )
    return row


def _keep(actor: Actor, row: AbsenceInvestigation) -> None:
    content = {name: getattr(row, name) for name in (*TEXTS, "state", "outcome")}
    content["follow_up_on"] = row.follow_up_on.isoformat() if row.follow_up_on else ""
    InvestigationSave.objects.create(
        investigation=row, version=row.version, saved_by_id=actor.person_id, saved_at=days.now(), content=content
    )
