"""The school year, its terms and the days that depart from the week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib.access import Actor, require
from registry import reads
from registry.models import CalendarDay, CalendarEvent, CalendarKind, Organisation, SchoolUnit, SchoolYear, Term

from .periods import keep_period, locked


class Holiday(NamedTuple):
    name: str
    first: date
    last: date


@transaction.atomic
def create_school_year(
    *,
    actor: Actor,
    school_unit: SchoolUnit | None,
    name: str,
    start_date: date,
    end_date: date,
    terms: Mapping[str, tuple[date, date]],
    holidays: Iterable[Holiday],
) -> SchoolYear:
    """A school year with terms (by semester) and holidays for one unit, or for all when `school_unit` is None.

    The year itself is the body's: where it exists with the same dates, the unit's terms and holidays are added to it.
    Raises ValidationError: other dates overlap, or the terms are there already.
    """
    body = _body_for(actor, school_unit)
    year = SchoolYear.objects.filter(organisation=body, start_date=start_date, end_date=end_date).first()
    if year is None:
        year = SchoolYear(organisation=body, name=name, start_date=start_date, end_date=end_date)
        keep_period(year, _("There is a school year with other dates on some of those days already. Use the same dates as that one."))
    for semester, (first, last) in terms.items():
        term = Term(school_year=year, school_unit=school_unit, semester=semester, start_date=first, end_date=last)
        keep_period(term, _("The school year has its terms already. Change them on the page of the school year."))
    rows = [_holiday(body, school_unit, holiday) for holiday in holidays]
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    record(actor=actor, action="registry.create_school_year", object_id=year.pk, details={"holidays": len(rows)})
    return year


@transaction.atomic
def edit_term(*, actor: Actor, term: Term, start_date: date, end_date: date, version: str) -> None:
    """Move a term's first and last day. Raises ValidationError: outside the year, into the other term, or outdated."""
    _body_for(actor, term.school_unit)
    row = locked(term, version)
    year = row.school_year
    if not year.start_date <= start_date <= end_date <= year.end_date:
        dates = {"first": year.start_date, "last": year.end_date}
        raise ValidationError(_("The term lies inside its school year: from %(first)s to %(last)s, in that order.") % dates)
    others = Term.objects.filter(school_year=year, school_unit=row.school_unit).exclude(pk=row.pk)
    if others.filter(start_date__lte=end_date, end_date__gte=start_date).exists():
        raise ValidationError(_("The other term has some of those days. Change that one first."))
    row.start_date, row.end_date = start_date, end_date
    row.save()
    record(actor=actor, action="registry.edit_term", object_id=row.pk)


@transaction.atomic
def add_calendar_day(
    *, actor: Actor, school_unit: SchoolUnit | None, kind: str, name: str, start_date: date, end_date: date, cancel_lessons: bool
) -> CalendarDay:
    """Days that depart from the week, at one unit or (None) at all; on request the planned lessons on them are cancelled.

    Lessons about which something is registered stay. Raises ValidationError when the same days are there already.
    """
    body = _body_for(actor, school_unit)
    day = CalendarDay(organisation=body, school_unit=school_unit, kind=kind, name=name, start_date=start_date, end_date=end_date)
    if cancel_lessons and kind != CalendarKind.EXTRA_DAY:
        free = reads.lessons_between(school_unit, start_date, end_date).exclude(reads.in_use())
        day.cancelled_lessons = [lesson.pk for lesson in free.select_for_update(of=("self",))]
        CalendarEvent.objects.filter(pk__in=day.cancelled_lessons).update(cancelled=True)
    try:
        with transaction.atomic():
            day.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"name": _("Days of that kind and name begin on that day already.")}) from None
    cancelled = len(day.cancelled_lessons)
    record(actor=actor, action="registry.add_calendar_day", object_id=day.pk, details={"kind": kind, "cancelled": cancelled})
    return day


@transaction.atomic
def remove_calendar_day(*, actor: Actor, day: CalendarDay) -> int:
    """Take the days back; the lessons that were cancelled with them are held again. Gives how many.

    Raises ValidationError when something is registered about lessons on an extra school day.
    """
    _body_for(actor, day.school_unit)
    lessons = reads.lessons_between(day.school_unit, day.start_date, day.end_date)
    if day.kind == CalendarKind.EXTRA_DAY and lessons.filter(reads.in_use()).exists():
        raise ValidationError(_("Something is registered about lessons on this day, such as a roll-call. So it stays a school day."))
    held_again = CalendarEvent.objects.filter(pk__in=day.cancelled_lessons, cancelled=True).update(cancelled=False)
    key = day.pk
    CalendarDay.objects.filter(pk=key).delete()
    record(actor=actor, action="registry.remove_calendar_day", object_id=key, details={"held_again": held_again})
    return held_again


def _body_for(actor: Actor, school_unit: SchoolUnit | None) -> Organisation:
    """The responsible body of who leads the unit, or (None) of who works for the body itself; else 403."""
    require(actor, "registry.keep_place", school_unit)
    return reads.body_of(school_unit) if school_unit else reads.bodies_led_by(actor)[0]


def _holiday(body: Organisation, unit: SchoolUnit | None, holiday: Holiday) -> CalendarDay:
    return CalendarDay(
        organisation=body,
        school_unit=unit,
        kind=CalendarKind.HOLIDAY,
        name=holiday.name,
        start_date=holiday.first,
        end_date=holiday.last,
    )
