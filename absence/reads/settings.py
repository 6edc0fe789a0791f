"""What holds for a unit, and for a pupil by form of schooling and age, on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from absence.models import SchoolFormRule, UnitSettings
from dexter.lib import days
from registry.models import Enrolment, Person
from registry.models.teaching import CalendarEventQuerySet

IN_LESSON = ("open_days", "late_is_unauthorised", "reports_are_judged", "grace_minutes", "cut_off_at")


def settings_of(unit_id: UUID, day: date) -> UnitSettings:
    """The row that holds, or the defaults (unsaved) where there is none."""
    return UnitSettings.objects.on(day).filter(school_unit=unit_id).first() or UnitSettings(school_unit_id=unit_id)


def settings_by_unit(units: Iterable[UUID], day: date) -> dict[UUID, UnitSettings]:
    """One statement for any number of units."""
    ids = set(units)
    found = {row.school_unit_id: row for row in UnitSettings.objects.on(day).filter(school_unit__in=ids)}
    return {unit: found.get(unit) or UnitSettings(school_unit_id=unit) for unit in ids}


def with_settings(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds `settings_held`, read by `settings_at`: what the unit had decided on the lesson's day, without a statement of its own."""
    still = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    rows = UnitSettings.objects.filter(still, school_unit=OuterRef("activity__school_unit"), start_date__lte=OuterRef("day"))
    return lessons.annotate(settings_held=Subquery(rows.values(held=JSONObject(**{name: name for name in IN_LESSON}))[:1]))


def settings_at(lesson: Any) -> UnitSettings:
    """Of a lesson that came with `with_settings`; else by a statement."""
    if not hasattr(lesson, "settings_held"):
        return settings_of(lesson.activity.school_unit_id, lesson.day)
    held = dict(lesson.settings_held or {})
    if "cut_off_at" in held:
        held["cut_off_at"] = time.fromisoformat(held["cut_off_at"])
    return UnitSettings(school_unit_id=lesson.activity.school_unit_id, **held)


def rules_for(pupils: Iterable[Person], day: date) -> dict[UUID, list[SchoolFormRule]]:
    """What holds for each pupil by the forms of schooling of the day's places and the age; two statements for any number.

    A pupil without a place has no rule, and so no duty and no right.
    """
    people = {pupil.pk: pupil for pupil in pupils}
    places = Enrolment.objects.on(day).filter(pupil__in=people, cancelled=False).values_list("pupil_id", "school_type")
    rules = {(rule.school_type, rule.of_age): rule for rule in SchoolFormRule.objects.on(day)}
    found: dict[UUID, list[SchoolFormRule]] = {key: [] for key in people}
    for pupil_id, school_type in places:
        rule = rules.get((school_type, not is_minor_on(people[pupil_id], day)))
        if rule and rule not in found[pupil_id]:
            found[pupil_id].append(rule)
    return found


def is_minor_on(pupil: Person, day: date) -> bool:
    return pupil.birth_date is not None and pupil.birth_date > days.born_after_to_be_minor(day)
