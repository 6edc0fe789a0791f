"""Who may report whom, from when to when: by the form of schooling, the age and the school unit, on the day itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from absence.models import SchoolFormRule
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import Enrolment, Person
from registry.models.person import PersonQuerySet

from .settings import is_minor_on, settings_by_unit


@dataclass(frozen=True)
class Law:
    """The places of some pupils and the rules of their forms of schooling, in a period."""

    places: list[Enrolment]
    rules: list[SchoolFormRule]

    def allows(self, role: Role, pupil: Person, day: date) -> bool:
        """Whether somebody in the role may report the pupil on the day; the school's own staff enters what it was told."""
        return role is Role.STAFF or any(_names(rule, role) for rule in self.of(pupil, day))

    def of(self, pupil: Person, day: date) -> list[SchoolFormRule]:
        forms = {place.school_type for place in self.places if place.pupil_id == pupil.pk and _holds(place, day)}
        minor = is_minor_on(pupil, day)
        return [rule for rule in self.rules if rule.school_type in forms and rule.of_age != minor and _holds(rule, day)]


def law_of(places: Iterable[Enrolment], first: date, last: date) -> Law:
    """One statement; the places are the caller's (of `registry.reads.school_calendar`)."""
    still = Q(end_date__isnull=True) | Q(end_date__gte=first)
    return Law(list(places), list(SchoolFormRule.objects.filter(still, start_date__lte=last)))


def in_role(people: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """Those whom a page in the actor's role is about: as a pupil oneself alone, in every other role all but oneself."""
    return people.filter(pk=actor.person_id) if actor.role is Role.PUPIL else people.exclude(pk=actor.person_id)


def with_reportable(people: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """Adds `is_reportable`: the actor reports the person's absence, by form of schooling and age today; no statement of its own.

    A place that is to come counts, so that its first days can be reported.
    """
    today = days.today()
    minor = Q(birth_date__gt=days.born_after_to_be_minor(today))
    if actor.role is Role.GUARDIAN:
        reports = minor & _has_place(today, of_age=False, guardians_report=True)
    else:
        reports = minor & _has_place(today, of_age=False, pupil_reports=True) | ~minor & _has_place(today, of_age=True, pupil_reports=True)
    return people.annotate(is_reportable=ExpressionWrapper(reports, output_field=BooleanField()))


def reportable_by(actor: Actor, people: PersonQuerySet) -> PersonQuerySet:
    return with_reportable(people, actor).filter(is_reportable=True)


def _has_place(today: date, **of_rule: bool) -> Q:
    forms = SchoolFormRule.objects.on(today).filter(**of_rule).order_by().values("school_type")
    return Q(Exists(Enrolment.objects.on_or_after(today).filter(pupil=OuterRef("pk"), cancelled=False, school_type__in=forms)))


@dataclass(frozen=True)
class Limits:
    """How many days ahead each school lets be reported: of a day, the school where the pupil has the place then decides."""

    places: list[Enrolment]
    ahead: dict[UUID, int]  # days, by school unit

    def refuses(self, pupil_id: UUID, day: date) -> int | None:
        """The days ahead that are allowed, where the day is further off than that; of several schools the strictest."""
        units = {place.school_unit_id for place in self.places if place.pupil_id == pupil_id and _holds(place, day)}
        most = min((self.ahead[unit] for unit in units), default=None)
        return most if most is not None and day > days.today() + timedelta(days=most) else None


def limits_of(places: Iterable[Enrolment]) -> Limits:
    """One statement."""
    held = list(places)
    settings = settings_by_unit({place.school_unit_id for place in held}, days.today())
    return Limits(held, {unit: row.report_ahead_days for unit, row in settings.items()})


def _names(rule: SchoolFormRule, role: Role) -> bool:
    return rule.guardians_report if role is Role.GUARDIAN else rule.pupil_reports


def _holds(row: Any, day: date) -> bool:
    return bool(row.start_date <= day and (row.end_date is None or row.end_date >= day))
