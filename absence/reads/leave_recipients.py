"""Who is told about a leave, and by which way."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from absence.models import LeaveRequest
from dexter.lib import days
from dexter.notices.models import Channel
from registry.models import Duty, DutyRole, EmailAddress, EmailType, Person, PersonStatus
from registry.reads.contact import CONFIRMED_FIRST

from .leave import mentors_for, other_guardians
from .settings import is_minor_on

WORK = (EmailType.STAFF, EmailType.WORK)


def home_of(request: LeaveRequest) -> list[UUID]:
    """The guardians of a minor who are let in, or the pupil of age.

    Nobody for a protected pupil: there the school tells by the agreed way.
    """
    pupil = request.pupil
    if pupil.is_protected or pupil.person_status == PersonStatus.DECEASED:
        return []
    return other_guardians([pupil], but=pupil.pk)[pupil.pk] if is_minor_on(pupil, days.today()) else [pupil.pk]


def school_of_leave(request: LeaveRequest) -> list[UUID]:
    """The principals of the school and the pupil's mentors there, today."""
    principals = Duty.objects.on(days.today()).filter(school_unit=request.school_unit_id, duty_role=DutyRole.PRINCIPAL)
    mentors = mentors_for([request.pupil_id], request.school_unit_id)
    told = Person.objects.unmarked().filter(pk__in=principals.values("person_id")) | Person.objects.unmarked().filter(pk__in=mentors)
    return list(told.order_by("pk").values_list("pk", flat=True).distinct())


def work_addresses(persons: Iterable[UUID]) -> dict[UUID, dict[Channel, str]]:
    """E-mail at work; who has none is not in it."""
    rows = EmailAddress.objects.filter(person__in=list(persons), email_type__in=WORK).order_by(*CONFIRMED_FIRST)
    found: dict[UUID, dict[Channel, str]] = {}
    for row in rows:
        found.setdefault(row.person_id, {Channel.EMAIL: row.value})
    return found
