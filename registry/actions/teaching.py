"""Who holds a lesson when the planned teacher does not."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import CalendarEvent, Duty, DutyRole, TeacherException
from registry.reads import lessons_of_duty

from .people import Identity, find_or_make


@transaction.atomic
def hand_over_lessons(
    *,
    actor: Actor,
    absent: Duty,
    day: date,
    substitute: Duty | None = None,
    identity: Identity | None = None,
    use_registered: bool = False,
) -> int:
    """Hand all lessons of a colleague on `day` to a substitute, who reaches them and their rosters on that day alone.

    A substitute who is new gets a duty of that one day. Once more replaces the substitute. Gives how many lessons.
    Raises ValidationError: no lessons, the colleague itself, or a number that is known.
    """
    require(actor, "registry.lead_unit", absent.school_unit)
    if day < days.today():
        raise ValidationError({"day": _("That day is over. What was missed is entered in the lesson itself.")})
    if substitute and substitute.person_id == absent.person_id:
        raise ValidationError({"substitute": _("Choose somebody else than the absent colleague.")})
    lessons = list(lessons_of_duty(absent, day).values_list("pk", flat=True))
    if not lessons:
        raise ValidationError({"absent": _("This colleague has no lessons on that day.")})
    stand_in = substitute or _duty_for_the_day(absent, day, identity, use_registered)
    TeacherException.objects.filter(calendar_event__in=lessons).delete()
    rows = [TeacherException(calendar_event_id=lesson, duty=absent, participates=False) for lesson in lessons]
    rows += [TeacherException(calendar_event_id=lesson, duty=stand_in, participates=True) for lesson in lessons]
    TeacherException.objects.bulk_create(rows)
    subjects = [absent.person_id, stand_in.person_id]
    record(actor=actor, action="registry.hand_over_lessons", subjects=subjects, object_id=absent.pk, details={"lessons": len(lessons)})
    return len(lessons)


@transaction.atomic
def take_back_lessons(*, actor: Actor, absent: Duty, day: date) -> None:
    """The planned teacher holds the lessons of `day` again; the substitute reaches them no more."""
    require(actor, "registry.lead_unit", absent.school_unit)
    lessons = CalendarEvent.objects.filter(day=day, teacher_exceptions__duty=absent, teacher_exceptions__participates=False)
    removed, _kinds = TeacherException.objects.filter(calendar_event__in=lessons.values("pk")).delete()
    record(
        actor=actor,
        action="registry.take_back_lessons",
        subjects=[absent.person_id],
        object_id=absent.pk,
        details={"lessons": removed // 2},
    )


@transaction.atomic
def stand_in(*, actor: Actor, lesson: CalendarEvent) -> None:
    """A teacher of the unit takes part in a colleague's lesson of today, where the unit allows it. Once more changes nothing."""
    require(actor, "registry.stand_in", lesson)
    own = Duty.objects.on(lesson.day).filter(person_id=actor.person_id, school_unit=lesson.activity.school_unit_id).first()
    TeacherException.objects.update_or_create(calendar_event=lesson, duty=own, defaults={"participates": True})
    record(actor=actor, action="registry.stand_in", subjects=[actor.person_id], object_id=lesson.pk)


def _duty_for_the_day(absent: Duty, day: date, identity: Identity | None, use_registered: bool) -> Duty:
    if identity is None:
        raise ValidationError({"substitute": _("Choose a substitute, or write who it is.")})
    person = find_or_make(identity, use_registered)
    held = Duty.objects.on(day).filter(person=person, school_unit=absent.school_unit_id).first()
    return held or Duty.objects.create(
        person=person, school_unit_id=absent.school_unit_id, duty_role=DutyRole.TEACHER, start_date=day, end_date=day
    )
