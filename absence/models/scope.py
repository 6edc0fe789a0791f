"""Whose attendance somebody may see: the same condition for everything that is about one pupil in one lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from dexter.lib.access import Role
from registry.models import CalendarEvent, Person
from registry.models import scope as registry

if TYPE_CHECKING:
    from dexter.lib.access import Actor


def attendance_open_to(actor: Actor) -> Q:
    """A condition on rows with `lesson` and `pupil`: the own children or oneself; to staff the lessons they teach or lead,
    and all lessons of the pupils they mentor; never those of the protected but by a named access."""
    pupils = Q(pupil__in=Person.objects.visible_to(actor))
    if actor.role is Role.GUARDIAN:
        return pupils & ~Q(pupil=actor.person_id)
    if actor.role is Role.PUPIL:
        return Q(pupil=actor.person_id)
    return pupils & (Q(lesson__in=CalendarEvent.objects.visible_to(actor).order_by()) | Q(pupil__in=registry.mentored_by(actor)))
