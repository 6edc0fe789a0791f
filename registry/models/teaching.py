"""What is taught, by whom, to which groups, when and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap

from . import scope
from .codes import ActivityType, SchoolType, SecurityMarking
from .groups import Group
from .organisation import SchoolUnit
from .person import Person
from .relations import Duty

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from dexter.lib.access import Actor


class Syllabus(Entity):
    """A subject or course in one form of schooling (SS 12000 Syllabus); its content lives in larande."""

    school_type = models.CharField(max_length=10, choices=SchoolType.choices)
    subject_code = models.CharField(max_length=20)
    subject_name = models.CharField(max_length=80)
    subject_designation = models.CharField(max_length=20, blank=True)
    course_code = models.CharField(max_length=20, blank=True)
    start_school_year = models.PositiveSmallIntegerField(null=True, blank=True)
    end_school_year = models.PositiveSmallIntegerField(null=True, blank=True)
    curriculum = models.CharField(max_length=20, blank=True)
    language_code = models.CharField(max_length=3, blank=True, help_text="ISO 639-3, of a modern language or mother tongue")
    official = models.BooleanField(default=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "syllabuses"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_type", "subject_code", "course_code", "language_code", "curriculum", "start_school_year"],
                name="syllabus_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.subject_name


class RoomQuerySet(models.QuerySet["Room"]):
    def visible_to(self, actor: Actor) -> RoomQuerySet:
        """The rooms of the units where the actor has a duty."""
        return self.filter(school_unit__in=scope.units_worked_at(actor))


class Room(Entity):
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = RoomQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["school_unit", "name"], name="room_once")]

    def __str__(self) -> str:
        return self.name


class ActivityQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> ActivityQuerySet:
        """What is taught at the units where the actor has a duty; it says nothing of a pupil."""
        return self.filter(school_unit__in=scope.units_worked_at(actor))


class Activity(Entity):
    """The teaching of a syllabus to one or more groups."""

    name = models.CharField(max_length=120)
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="activities")
    activity_type = models.CharField(max_length=20, choices=ActivityType.choices, default=ActivityType.TEACHING)
    syllabus = models.ForeignKey(Syllabus, models.PROTECT, null=True, blank=True, related_name="activities")
    assignments: list[DutyAssignment]  # what with_teachers and with_groups_and_teachers add; never stored
    links: list[ActivityGroup]
    groups: models.ManyToManyField[Group, ActivityGroup] = models.ManyToManyField(Group, through="ActivityGroup", related_name="activities")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta(Entity.Meta):
        verbose_name_plural = "activities"
        constraints: ClassVar = [ends_after_start("activity_period")]

    def __str__(self) -> str:
        return self.name


class ActivityGroup(models.Model):
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="activity_groups")
    group = models.ForeignKey(Group, models.PROTECT, related_name="activity_groups")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["activity", "group"], name="activity_group_once")]


class DutyAssignmentQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> DutyAssignmentQuerySet:
        """Those at the units where the actor has a duty, the protected left out."""
        rows = self.filter(activity__school_unit__in=scope.units_worked_at(actor))
        return rows.filter(duty__person__security_marking=SecurityMarking.NONE)


class DutyAssignment(Entity):
    """A teacher of an activity; `grader` sets the grades."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="duty_assignments")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="duty_assignments")
    grader = models.BooleanField(default=False)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    objects = DutyAssignmentQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [no_overlap("duty_assignment_once", "activity", "duty"), ends_after_start("duty_assignment_period")]

    def holds_on(self, day: datetime.date) -> bool:
        return self.start_date <= day and (self.end_date is None or self.end_date >= day)


def stockholm_day(moment: str) -> Cast:
    return Cast(Func(Value("Europe/Stockholm"), F(moment), function="timezone", output_field=models.DateTimeField()), models.DateField())


class CalendarEventQuerySet(models.QuerySet["CalendarEvent"]):
    def visible_to(self, actor: Actor) -> CalendarEventQuerySet:
        """Staff: lessons they teach, stand in for that day, or lead. Guardians and pupils: the lessons of the pupil's groups."""
        return self.filter(scope.lessons_of(actor))

    def on(self, day: datetime.date) -> CalendarEventQuerySet:
        return self.filter(day=day)

    def held(self) -> CalendarEventQuerySet:
        return self.filter(cancelled=False)

    def with_activity(self) -> CalendarEventQuerySet:
        return self.select_related("activity__syllabus", "activity__school_unit", "room")


class CalendarEvent(Entity):
    """A lesson: one occurrence of an activity (SS 12000 CalendarEvent)."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="calendar_events")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="calendar_events")
    cancelled = models.BooleanField(default=False)
    day = models.GeneratedField(expression=stockholm_day("starts_at"), output_field=models.DateField(), db_persist=True)

    # What queries add (see registry.reads and absence.reads); never stored.
    pupil_id: UUID
    group_id: UUID
    taken: bool
    asked_by: UUID
    is_held: bool
    in_office: bool
    covered: bool
    same_room: bool
    same_teacher: bool
    same_pupils: bool
    plans: list[Any]  # what Lärande adds
    exceptions: list[TeacherException]

    objects = CalendarEventQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["activity", "day"], name="event_activity_day"),
            models.Index(fields=["day", "activity"], name="event_day_activity"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="event_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(fields=["activity", "starts_at"], name="event_once"),
        ]

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def teachers(self) -> list[str]:
        """Shown names of who holds the lesson on its day; needs `with_teachers`."""
        away = {row.duty_id for row in self.exceptions if not row.participates}
        planned = [row.duty for row in self.activity.assignments if row.holds_on(self.day) and row.duty_id not in away]
        names = [duty.person.shown_name for duty in planned] + [row.duty.person.shown_name for row in self.exceptions if row.participates]
        return list(dict.fromkeys(names))


class TeacherException(Entity):
    """A duty that takes part in one lesson beyond the plan (substitute), or stays away from it."""

    calendar_event = models.ForeignKey(CalendarEvent, models.CASCADE, related_name="teacher_exceptions")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="teacher_exceptions")
    participates = models.BooleanField()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar_event", "duty"], name="teacher_exception_once")]


class PupilSyllabusQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> PupilSyllabusQuerySet:
        return self.filter(pupil__in=Person.objects.visible_to(actor), activity__school_unit__in=scope.units_worked_at(actor))


class PupilSyllabus(Entity):
    """A pupil who reads another syllabus than the rest of the teaching, such as the adapted compulsory school's."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="own_syllabuses")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="pupil_syllabuses")
    syllabus = models.ForeignKey(Syllabus, models.PROTECT, related_name="pupil_syllabuses")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    objects = PupilSyllabusQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [no_overlap("pupil_syllabus_once", "pupil", "activity"), ends_after_start("pupil_syllabus_period")]
