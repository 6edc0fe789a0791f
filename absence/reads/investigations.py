"""Investigations and their reports, as pages show them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import capfirst

from absence.models import TEXTS, AbsenceInvestigation, BodyReport, InvestigationMember, ReportReceiver, SchoolFormRule
from absence.models.scope import units_headed_by
from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.models import period_holds
from registry.models import Duty, Enrolment, Organisation, Person, ProtectedAccess, SchoolUnit
from registry.models.person import PersonQuerySet

from .settings import is_minor_on


def is_investigated(pupil: Person, unit: SchoolUnit) -> bool:
    """Whether the law has repeated absence investigated in the pupil's form of schooling at the unit and at the pupil's age."""
    today = days.today()
    places = Enrolment.objects.on(today).filter(pupil=pupil, school_unit=unit, cancelled=False).values("school_type")
    of_age = not is_minor_on(pupil, today)
    return SchoolFormRule.objects.on(today).filter(school_type__in=places, of_age=of_age, has_investigation=True).exists()


def in_full(investigations: QuerySet[AbsenceInvestigation]) -> QuerySet[AbsenceInvestigation]:
    of_report = ("report__received_by", "report__reported_by", "onward__noted_by")
    return investigations.select_related("pupil", "school_unit", "opened_by", "closed_by", *of_report)


def members_of(investigation: AbsenceInvestigation) -> QuerySet[InvestigationMember]:
    """Who is invited now; staff who are protected stand under their agreed name."""
    rows = InvestigationMember.objects.filter(investigation=investigation, left_at=None)
    return rows.select_related("person").order_by("person__sort_key", "pk")


def staff_to_invite(investigation: AbsenceInvestigation) -> PersonQuerySet:
    """Who has a duty at the unit today and is not invited yet, the protected left out."""
    employed = Duty.objects.on(days.today()).filter(school_unit=investigation.school_unit_id).values("person_id")
    invited = InvestigationMember.objects.filter(investigation=investigation, left_at=None).values("person_id")
    return Person.objects.unmarked().filter(pk__in=employed).exclude(pk__in=invited).order_by("sort_key", "pk")


def has_receiver(unit: SchoolUnit) -> bool:
    """Whether some officer receives the unit's reports today."""
    today = days.today()
    return ReportReceiver.objects.on(today).filter(period_holds(today, "duty__"), school_unit=unit).exists()


def officers_told(investigation: AbsenceInvestigation) -> list[UUID]:
    """Who receives the unit's reports today and is not protected; of a protected pupil's, whom an officer let in by name."""
    today, pupil = days.today(), investigation.pupil
    held = ReportReceiver.objects.on(today).filter(period_holds(today, "duty__"), school_unit=investigation.school_unit_id)
    officers = Person.objects.unmarked().filter(pk__in=held.values("duty__person"))
    if pupil.is_protected:
        officers = officers.filter(pk__in=ProtectedAccess.objects.filter(person=pupil, revoked_at=None).values("grantee"))
    return list(officers.order_by("pk").values_list("pk", flat=True))


def waiting_at(unit: SchoolUnit) -> AbsenceInvestigation | None:
    """The latest case of the unit whose report nobody has received."""
    waiting = AbsenceInvestigation.objects.filter(school_unit=unit, report__received_at=None, report__isnull=False)
    return waiting.select_related("pupil").order_by("-opened_at").first()


def reports_listed(reports: QuerySet[BodyReport]) -> QuerySet[BodyReport]:
    of_case = ("investigation__pupil", "investigation__school_unit", "investigation__onward")
    return reports.select_related(*of_case, "received_by", "reported_by")


def officers_of(bodies: QuerySet[Organisation]) -> QuerySet[Duty]:
    """Duties of today at the bodies themselves, the protected left out."""
    duties = Duty.objects.on(days.today()).filter(organisation__in=bodies, person__in=Person.objects.unmarked())
    return duties.select_related("person").order_by("person__sort_key", "pk")


def receivers_listed(receivers: Any) -> Any:
    """Not over yet, by school."""
    rows = receivers.on_or_after(days.today()).select_related("duty__person", "school_unit")
    return rows.order_by("school_unit__name", "duty__person__sort_key", "pk")


def units_without_receiver(units: QuerySet[SchoolUnit]) -> QuerySet[SchoolUnit]:
    today = days.today()
    held = ReportReceiver.objects.on(today).filter(period_holds(today, "duty__"), school_unit=OuterRef("pk"))
    return units.exclude(Exists(held)).order_by("name", "pk")


def texts_of(investigation: AbsenceInvestigation) -> list[tuple[Any, str]]:
    """The texts with their titles, in the order of the work; the outcome when there is one."""
    names = (*TEXTS, "outcome") if investigation.outcome else TEXTS
    fields = investigation._meta
    return [(capfirst(str(fields.get_field(name).verbose_name)), getattr(investigation, name)) for name in names]  # type: ignore[union-attr]


def unit_headed(pupil: Person, units: QuerySet[SchoolUnit], actor: Actor) -> SchoolUnit | None:
    """Of `units` the one where the pupil has a place today and the actor is principal; one where absence is investigated first."""
    places = Enrolment.objects.on(days.today()).filter(pupil=pupil, cancelled=False, school_unit__in=units_headed_by(actor))
    found = list(units.filter(pk__in=places.values("school_unit")).order_by("name", "pk"))
    return next((unit for unit in found if is_investigated(pupil, unit)), found[0] if found else None)
