"""What a pupil's time away from a lesson counts as: report, roll-call and judgement put together, none of them changed.

The one definition is the database view `absence_effective` (its newest migration); `tests/absence/plain.py` says the same
in plain Python and is held against it. Minutes: present + valid + unauthorised + other = the lesson's. A pupil of the
roster without a row was there all the time.

1. Time away is what the roll-call saw: absent, left early, and late where the school lets late arrival count.
2. A standing judgement decides all of it. Else granted leave makes all of it valid. Else what was reported before the
   lesson began is valid, minute by minute, and the rest unauthorised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from registry.models import CalendarEvent, Person, SchoolUnit

from .roll_calls import RollCall, Verdict
from .scope import attendance_open_to

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from dexter.lib.access import Actor


class EffectiveQuerySet(models.QuerySet["Effective"]):
    def visible_to(self, actor: Actor) -> EffectiveQuerySet:
        return self.filter(attendance_open_to(actor, of_view=True))

    def between(self, first: datetime.date, last: datetime.date) -> EffectiveQuerySet:
        return self.filter(day__range=(first, last))

    def of(self, pupils: Iterable[UUID]) -> EffectiveQuerySet:
        return self.filter(pupil__in=list(pupils))

    def unauthorised(self) -> EffectiveQuerySet:
        return self.filter(unauthorised_minutes__gt=0)


class Effective(models.Model):
    """One pupil's departure from one lesson and what it counts as, in minutes; read from the view `absence_effective`."""

    deviation_id = models.UUIDField(primary_key=True)
    roll_call = models.ForeignKey(RollCall, models.DO_NOTHING, db_constraint=False, related_name="+")
    pupil = models.ForeignKey(Person, models.DO_NOTHING, db_constraint=False, related_name="+")
    lesson = models.ForeignKey(CalendarEvent, models.DO_NOTHING, db_constraint=False, related_name="+")
    school_unit = models.ForeignKey(SchoolUnit, models.DO_NOTHING, db_constraint=False, related_name="+")
    day = models.DateField()
    lesson_starts_at = models.DateTimeField()
    lesson_minutes = models.PositiveSmallIntegerField()
    absent_minutes = models.PositiveSmallIntegerField()
    late_minutes = models.PositiveSmallIntegerField()
    left_early_minutes = models.PositiveSmallIntegerField()
    other_minutes = models.PositiveSmallIntegerField()
    away_minutes = models.PositiveSmallIntegerField(help_text="what counts as absence, valid or not")
    reported_minutes = models.PositiveSmallIntegerField(help_text="of it, reported before the lesson began")
    valid_minutes = models.PositiveSmallIntegerField()
    unauthorised_minutes = models.PositiveSmallIntegerField()
    present_minutes = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices, null=True)
    on_leave = models.BooleanField()
    reported_late = models.BooleanField(help_text="a report that overlaps the lesson was made after it began")
    to_judge = models.BooleanField(help_text="waits for the school's judgement")

    class_name: str | None  # what absence.reads adds; never stored
    standing_id: UUID | None
    opens: bool

    objects = EffectiveQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "absence_effective"
        ordering: ClassVar = ["lesson_starts_at", "deviation_id"]

    @property
    def mark(self) -> str:
        """The key under which a form names this row and the verdict that stood when it was shown; needs `standing_id`."""
        return f"{self.deviation_id}:{self.standing_id or ''}"
