"""Reported or on leave, and yet there: read from the view `absence_contradiction`; a confirmation takes a row out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from registry.models import CalendarEvent, Person, SchoolUnit

from .roll_calls import RollCall
from .scope import attendance_open_to

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class ContradictionQuerySet(models.QuerySet["Contradiction"]):
    def visible_to(self, actor: Actor) -> ContradictionQuerySet:
        return self.filter(attendance_open_to(actor, of_view=True))


class Contradiction(models.Model):
    """A pupil of a roll-call who was present all the time, while a standing report or granted leave covers the lesson."""

    id = models.CharField(primary_key=True, max_length=80, help_text="the keys of roll-call and pupil")
    roll_call = models.ForeignKey(RollCall, models.DO_NOTHING, db_constraint=False, related_name="+")
    pupil = models.ForeignKey(Person, models.DO_NOTHING, db_constraint=False, related_name="+")
    lesson = models.ForeignKey(CalendarEvent, models.DO_NOTHING, db_constraint=False, related_name="+")
    school_unit = models.ForeignKey(SchoolUnit, models.DO_NOTHING, db_constraint=False, related_name="+")
    day = models.DateField()
    lesson_starts_at = models.DateTimeField()
    on_leave = models.BooleanField(help_text="else reported")

    objects = ContradictionQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "absence_contradiction"
        ordering: ClassVar = ["-lesson_starts_at", "id"]
