"""What the teacher saw: one roll-call a lesson, a row for each pupil who was not simply there, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.models import Entity, uuid7
from registry.models import Activity, CalendarEvent, Group, Person, SchoolUnit
from registry.models.teaching import stockholm_day

from .scope import attendance_open_to

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class DayPart(models.TextChoices):
    WHOLE = "whole", _("The whole day")
    MORNING = "morning", _("The morning")
    AFTERNOON = "afternoon", _("The afternoon")


class DayCallQuerySet(models.QuerySet["DayCall"]):
    def visible_to(self, actor: Actor) -> DayCallQuerySet:
        return self.filter(group__in=Group.objects.visible_to(actor))


class DayCall(Entity):
    """One roll-call of a class for a day or half of it; its lessons' own roll-calls carry the minutes."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="day_calls")
    day = models.DateField()
    part = models.CharField(max_length=10, choices=DayPart.choices)
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    submission = models.UUIDField(help_text="of the form saved last: the same form sent twice changes nothing")
    version = models.PositiveIntegerField(default=1)

    objects = DayCallQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "day", "part"], name="day_call_once")]


class DayMarkQuerySet(models.QuerySet["DayMark"]):
    def visible_to(self, actor: Actor) -> DayMarkQuerySet:
        return self.filter(day_call__in=DayCall.objects.visible_to(actor))


class DayMark(models.Model):
    """A pupil who was away in a day's roll-call, as it was saved last: from it follows what is an exception of a lesson.

    Neither time: away all of it. `came_at` before `left_at`: away before the one and after the other; else between them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day_call = models.ForeignKey(DayCall, models.CASCADE, related_name="marks")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="day_marks")
    came_at = models.TimeField(null=True, blank=True, help_text="by the school's clock")
    left_at = models.TimeField(null=True, blank=True)

    objects = DayMarkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day_call", "pupil"], name="one_day_mark_a_pupil"),
            models.CheckConstraint(name="day_mark_takes_time", condition=~Q(came_at=F("left_at"))),
        ]
        indexes: ClassVar = [models.Index(fields=["pupil"], name="day_mark_pupil")]


class RollCallQuerySet(models.QuerySet["RollCall"]):
    def visible_to(self, actor: Actor) -> RollCallQuerySet:
        return self.filter(lesson__in=CalendarEvent.objects.visible_to(actor))

    def of_pupils(self, pupils: Iterable[UUID], first: date, last: date) -> RollCallQuerySet:
        """With any of them on the roster, from day to day.

        By the moment, which no index holds: by the day, PostgreSQL reads all schools' days beside the rosters' index, whose
        few rows it takes for many.
        """
        opens, closes = days.bounds(first)[0], days.bounds(last)[1]
        return self.filter(roster__overlap=list(pupils), lesson_starts_at__gte=opens, lesson_starts_at__lt=closes)


# What a deviation keeps of its roll-call, so that a school's, or a pupil's, lie together; `day` follows from the start.
FROZEN = ("school_unit", "lesson", "activity", "place", "lesson_starts_at", "lesson_minutes", "late_is_unauthorised", "reports_are_judged")
KNOWS_ITS_LESSON = """
NEW.activity_id = (SELECT activity_id FROM registry_calendarevent WHERE id = NEW.lesson_id);
IF NEW.place IS NULL THEN
  NEW.place = (
    SELECT 1 + count(DISTINCT earlier.starts_at)
    FROM registry_calendarevent held
    JOIN registry_groupmembership gm ON gm.person_id = NEW.roster[1]
      AND held.day BETWEEN gm.start_date AND COALESCE(gm.end_date, 'infinity')
    JOIN registry_activitygroup ag ON ag.group_id = gm.group_id
    JOIN registry_calendarevent earlier ON earlier.activity_id = ag.activity_id AND earlier.day = held.day
      AND earlier.starts_at < NEW.lesson_starts_at AND NOT earlier.cancelled
    WHERE held.id = NEW.lesson_id
  );
END IF;
RETURN NEW;
"""
KNOWS_ITS_ROLL_CALL = """
SELECT r.school_unit_id, r.lesson_id, r.activity_id, r.place, r.day, r.lesson_starts_at, r.lesson_minutes, r.late_is_unauthorised,
  r.reports_are_judged
INTO NEW.school_unit_id, NEW.lesson_id, NEW.activity_id, NEW.place, NEW.day, NEW.lesson_starts_at, NEW.lesson_minutes,
  NEW.late_is_unauthorised, NEW.reports_are_judged
FROM absence_rollcall r WHERE r.id = NEW.roll_call_id;
RETURN NEW;
"""


class RollCall(Entity):
    """What the teacher saw in one lesson. No row: not taken, a state of its own.

    Roster, start, length, school and what counts there are frozen as they were, so that later changes rewrite nothing.
    """

    lesson = models.OneToOneField(CalendarEvent, models.PROTECT, related_name="roll_call")
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, editable=False, related_name="+", db_index=False, help_text="of the lesson; kept by a trigger"
    )
    day_call = models.ForeignKey(DayCall, models.PROTECT, null=True, blank=True, related_name="roll_calls")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    submission = models.UUIDField(help_text="of the form saved last: the same form sent twice changes nothing")
    version = models.PositiveIntegerField(default=1)
    roster = ArrayField(models.UUIDField())
    lesson_starts_at = models.DateTimeField()
    lesson_minutes = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(
        editable=False, help_text="of the lesson in the day of the roster's first pupil, from 1; found by a trigger"
    )
    late_is_unauthorised = models.BooleanField(default=True, db_default=True, help_text="else minutes of late arrival count as presence")
    reports_are_judged = models.BooleanField(default=False, db_default=False, help_text="else absence reported in time is valid at once")
    day = models.GeneratedField(expression=stockholm_day("lesson_starts_at"), output_field=models.DateField(), db_persist=True)
    roster_key = models.GeneratedField(  # equal rosters have equal keys: a year's statistics read each roster once
        expression=Func(F("roster"), Value(0), function="hash_array_extended"), output_field=models.BigIntegerField(), db_persist=True
    )

    objects = RollCallQuerySet.as_manager()

    class Meta(Entity.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["school_unit", "day"],
                include=["activity", "roster_key", "lesson_minutes", "place"],
                name="roll_call_unit_day",  # all that statistics read, so that the rosters stay where they are
            ),
            models.Index(fields=["roster_key"], name="roll_call_roster_key"),
            GinIndex(fields=["roster"], name="roll_call_roster"),
        ]
        constraints: ClassVar = [models.CheckConstraint(name="roll_call_takes_time", condition=Q(lesson_minutes__gt=0))]
        triggers: ClassVar = [
            *Entity.Meta.triggers,
            pgtrigger.Trigger(
                name="knows_its_activity", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=KNOWS_ITS_LESSON
            ),
            pgtrigger.Trigger(
                name="tells_its_deviations",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*FROZEN),
                func="UPDATE absence_deviation SET roll_call_id = NEW.id WHERE roll_call_id = NEW.id; RETURN NULL;",
            ),
        ]


SEEN = ("absent", "late", "left_early", "other")
MINUTES = [f"{name}_minutes" for name in SEEN]


def kept(model: type[models.Model], *, null: bool = False) -> Any:
    """A reference that the roll-call holds already: neither checked nor indexed once more."""
    return models.ForeignKey(model, models.DO_NOTHING, null=null, editable=False, related_name="+", db_index=False, db_constraint=False)


class DeviationQuerySet(models.QuerySet["Deviation"]):
    def visible_to(self, actor: Actor) -> DeviationQuerySet:
        """By the lesson alone: the roll-call of a lesson shows all its pupils, the protected under their agreed name."""
        return self.filter(roll_call__lesson__in=CalendarEvent.objects.visible_to(actor))


class Deviation(models.Model):
    """A pupil who was not simply present, in minutes of the lesson; what is left of it was presence.

    Late is counted from the start of the lesson, left early from its end; absent is the whole lesson or a part anywhere in
    it; other is another school activity, which counts as presence of its own kind. What is not editable is the roll-call's:
    a trigger copies it at every write, and again when the roll-call changes, so that the two cannot disagree.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roll_call = models.ForeignKey(RollCall, models.CASCADE, related_name="deviations", db_index=False)  # both are indexed below
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="deviations", db_index=False)
    absent_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    late_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    left_early_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    other_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    school_unit = kept(SchoolUnit)
    lesson = kept(CalendarEvent)
    activity = kept(Activity, null=True)
    place = models.PositiveSmallIntegerField(editable=False)
    day = models.DateField(editable=False)
    lesson_starts_at = models.DateTimeField(editable=False)
    lesson_minutes = models.PositiveSmallIntegerField(editable=False)
    late_is_unauthorised = models.BooleanField(editable=False)
    reports_are_judged = models.BooleanField(editable=False)

    objects = DeviationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roll_call", "pupil"], name="one_deviation_a_pupil"),
            models.CheckConstraint(
                name="deviation_within_the_lesson",
                condition=Q(lesson_minutes__gte=F("absent_minutes") + F("late_minutes") + F("left_early_minutes") + F("other_minutes")),
            ),
            models.CheckConstraint(
                name="deviation_takes_time",
                condition=Q(absent_minutes__gt=0) | Q(late_minutes__gt=0) | Q(left_early_minutes__gt=0) | Q(other_minutes__gt=0),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["pupil"], name="deviation_pupil"),
            models.Index(
                fields=["school_unit", "day"],
                include=["pupil", *(name for name in FROZEN if name not in {"school_unit", "reports_are_judged"}), *MINUTES],
                name="deviation_unit_day",  # all that `absence_effective_at` reads
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="knows_its_lesson", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=KNOWS_ITS_ROLL_CALL
            ),
        ]

    @property
    def minutes(self) -> dict[str, int]:
        """What was seen, without what was not, as history keeps it."""
        return {name: getattr(self, f"{name}_minutes") for name in SEEN if getattr(self, f"{name}_minutes")}


class RollCallChangeQuerySet(models.QuerySet["RollCallChange"]):
    def visible_to(self, actor: Actor) -> RollCallChangeQuerySet:
        return self.filter(roll_call__lesson__in=CalendarEvent.objects.visible_to(actor))


class RollCallChange(models.Model):
    """What a later save changed for one pupil: the value before and after, by whom and why. Never rewritten."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roll_call = models.ForeignKey(RollCall, models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(help_text="of the roll-call after the change")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(help_text="minutes by what was seen; empty: present")
    after = models.JSONField()

    objects = RollCallChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["roll_call", "version", "pupil"], name="change_once_a_version")]
        indexes: ClassVar = [models.Index(fields=["pupil", "changed_at"], name="roll_call_change_pupil")]


class ReopeningQuerySet(models.QuerySet["Reopening"]):
    def visible_to(self, actor: Actor) -> ReopeningQuerySet:
        return self.filter(lesson__in=CalendarEvent.objects.visible_to(actor))


class Reopening(Entity):
    """A locked lesson that an administrator opened again until the end of a day."""

    lesson = models.ForeignKey(CalendarEvent, models.PROTECT, related_name="reopenings")
    reopened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    open_until = models.DateField(help_text="the last day")

    objects = ReopeningQuerySet.as_manager()

    class Meta(Entity.Meta):
        indexes: ClassVar = [models.Index(fields=["lesson", "open_until"], name="reopening_lesson")]


class Verdict(models.TextChoices):
    VALID = "valid", _("Valid absence")
    UNAUTHORISED = "unauthorised", _("Unauthorised absence")


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def visible_to(self, actor: Actor) -> JudgementQuerySet:
        return self.filter(attendance_open_to(actor))

    def standing(self) -> JudgementQuerySet:
        return self.filter(replaced_at=None)


class Judgement(Entity):
    """The school's word on a pupil's time away from one lesson; it stands until another replaces it, and none is lost."""

    lesson = models.ForeignKey(CalendarEvent, models.PROTECT, related_name="judgements")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="judgements")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.CharField(max_length=300, blank=True, help_text="never an illness; shown to the home")
    judged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lesson", "pupil"], condition=Q(replaced_at__isnull=True), name="one_standing_judgement"),
        ]
        indexes: ClassVar = [models.Index(fields=["pupil", "judged_at"], name="judgement_pupil")]
