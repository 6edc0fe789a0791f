"""What the teacher saw: one roll-call a lesson, a row for each pupil who was not simply there, and what was corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

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
                include=["id", "lesson", "activity", "roster_key", "lesson_starts_at", "lesson_minutes", "late_is_unauthorised"],
                name="roll_call_unit_day",  # all that statistics read, so that the rosters stay where they are
            ),
            models.Index(fields=["roster_key"], name="roll_call_roster_key"),
            GinIndex(fields=["roster"], name="roll_call_roster"),
        ]
        constraints: ClassVar = [models.CheckConstraint(name="roll_call_takes_time", condition=Q(lesson_minutes__gt=0))]
        triggers: ClassVar = [
            *Entity.Meta.triggers,
            pgtrigger.Trigger(
                name="knows_its_activity",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="NEW.activity_id = (SELECT activity_id FROM registry_calendarevent WHERE id = NEW.lesson_id); RETURN NEW;",
            ),
        ]


class DeviationQuerySet(models.QuerySet["Deviation"]):
    def visible_to(self, actor: Actor) -> DeviationQuerySet:
        """By the lesson alone: the roll-call of a lesson shows all its pupils, the protected under their agreed name."""
        return self.filter(roll_call__lesson__in=CalendarEvent.objects.visible_to(actor))


class Deviation(models.Model):
    """A pupil who was not simply present, in minutes of the lesson; what is left of it was presence.

    Late is counted from the start of the lesson, left early from its end; absent is the whole lesson or a part anywhere in
    it; other is another school activity, which counts as presence of its own kind.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roll_call = models.ForeignKey(RollCall, models.CASCADE, related_name="deviations")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="deviations")
    absent_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    late_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    left_early_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    other_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    lesson_minutes = models.PositiveSmallIntegerField(editable=False, default=0, help_text="of the roll-call; kept by a trigger")

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
        indexes: ClassVar = [models.Index(fields=["pupil"], name="deviation_pupil")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="knows_its_lesson",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="NEW.lesson_minutes = (SELECT lesson_minutes FROM absence_rollcall WHERE id = NEW.roll_call_id); RETURN NEW;",
            ),
        ]

    @property
    def minutes(self) -> dict[str, int]:
        """What was seen, without what was not, as history keeps it."""
        return {name: getattr(self, f"{name}_minutes") for name in SEEN if getattr(self, f"{name}_minutes")}


SEEN = ("absent", "late", "left_early", "other")


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
