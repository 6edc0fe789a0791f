"""What the home was told of a pupil's day on that same day (skollagen 7:17, 15:16), and whom the office had to phone.

The words are made when they are sent; here is which message it was, to whom, and about which lessons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.access import Role
from dexter.lib.models import Entity
from dexter.notices.models import Notice
from registry.models import CalendarEvent, Person, ProtectedAccess, SchoolUnit, SecurityMarking
from registry.models import scope as registry

if TYPE_CHECKING:
    import datetime

    from dexter.lib.access import Actor


class UnauthorisedDayQuerySet(models.QuerySet["UnauthorisedDay"]):
    def visible_to(self, actor: Actor) -> UnauthorisedDayQuerySet:
        """The own children's, or one's own; to staff those of the pupils they mentor and of the schools they lead.

        Days of the protected are open to who is named for the pupil, and to nobody else.
        """
        reached = self.filter(pupil__in=Person.objects.visible_to(actor))
        if actor.role is Role.GUARDIAN:
            return reached.exclude(pupil=actor.person_id)
        if actor.role is Role.PUPIL:
            return reached.filter(pupil=actor.person_id)
        led_or_mentored = Q(school_unit__in=registry.units_led_by(actor)) | Q(pupil__in=registry.mentored_by(actor))
        return reached.filter(led_or_mentored | _protected_and_named(actor))

    def phoned_by(self, actor: Actor) -> UnauthorisedDayQuerySet:
        """Whose homes the actor phones: of the units led; of the protected, who is named for the pupil."""
        led = Q(school_unit__in=registry.units_led_by(actor), pupil__security_marking=SecurityMarking.NONE)
        return self.visible_to(actor).filter(led | _protected_and_named(actor))

    def on(self, day: datetime.date) -> UnauthorisedDayQuerySet:
        return self.filter(day=day)


def _protected_and_named(actor: Actor) -> Q:
    named = ProtectedAccess.objects.filter(person=OuterRef("pupil"), grantee=actor.person_id, revoked_at=None)
    return ~Q(pupil__security_marking=SecurityMarking.NONE) & Q(Exists(named))


class UnauthorisedDay(Entity):
    """A pupil's day of which the home is told: one row from the first lesson that started it."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="unauthorised_days")
    day = models.DateField()
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+", help_text="of the first lesson; its cut-off holds")
    first_lesson = models.ForeignKey(CalendarEvent, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="when the sum of the day was queued")
    corrected_at = models.DateTimeField(null=True, blank=True, help_text="when a correction was queued last")
    told_lessons = ArrayField(models.UUIDField(), default=list, help_text="that stood as unauthorised in the latest message")
    messages = models.PositiveSmallIntegerField(default=0, help_text="queued so far, each to all guardians")

    objects = UnauthorisedDayQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["pupil", "day"], name="unauthorised_day_once")]
        indexes: ClassVar = [models.Index(fields=["day", "school_unit"], name="unauthorised_day_unit")]


class MessageKind(models.TextChoices):
    FIRST = "first", _("First message")
    CLOSING = "closing", _("Sum of the day")
    CORRECTION = "correction", _("Correction")


class HomeNoticeQuerySet(models.QuerySet["HomeNotice"]):
    def visible_to(self, actor: Actor) -> HomeNoticeQuerySet:
        """Outside the school one's own alone: no guardian learns what another was told."""
        reached = self.filter(unauthorised_day__in=UnauthorisedDay.objects.visible_to(actor))
        return reached if actor.role is Role.STAFF else reached.filter(guardian=actor.person_id)

    def phoned_by(self, actor: Actor) -> HomeNoticeQuerySet:
        """Of the homes that the actor phones, the guardians whom the actor may see."""
        days = UnauthorisedDay.objects.phoned_by(actor)
        return self.filter(unauthorised_day__in=days, guardian__in=Person.objects.visible_to(actor))


class HomeNotice(Entity):
    """One message of the day to one guardian."""

    unauthorised_day = models.ForeignKey(UnauthorisedDay, models.PROTECT, related_name="home_notices")
    number = models.PositiveSmallIntegerField(help_text="of the message among the day's")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    guardian = models.ForeignKey(Person, models.PROTECT, related_name="+")
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="home_notice")
    queued_at = models.DateTimeField()
    told_lessons = ArrayField(models.UUIDField(), default=list, help_text="that stood as unauthorised when it was queued")

    objects = HomeNoticeQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["queued_at", "number", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unauthorised_day", "number", "guardian"], name="home_notice_once"),
            models.CheckConstraint(name="home_notice_kind_known", condition=Q(kind__in=MessageKind.values)),
        ]


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class PhoneCallQuerySet(models.QuerySet["PhoneCall"]):
    def visible_to(self, actor: Actor) -> PhoneCallQuerySet:
        return self.filter(home_notice__in=HomeNotice.objects.visible_to(actor))


class PhoneCall(Entity):
    """Somebody phoned because no channel got through; the latest outcome holds. Never rewritten."""

    append_only = True

    home_notice = models.ForeignKey(HomeNotice, models.PROTECT, related_name="phone_calls")
    called_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=CallOutcome.choices)
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one call")

    objects = PhoneCallQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["called_at", "id"]
        constraints: ClassVar = [models.CheckConstraint(name="phone_call_outcome_known", condition=Q(outcome__in=CallOutcome.values))]


class TeacherReminderQuerySet(models.QuerySet["TeacherReminder"]):
    def visible_to(self, actor: Actor) -> TeacherReminderQuerySet:
        return self.filter(teacher=actor.person_id)


class TeacherReminder(Entity):
    """A teacher was reminded of the day's lessons without roll-call; once a day."""

    teacher = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")

    objects = TeacherReminderQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["teacher", "day"], name="teacher_reminded_once")]
