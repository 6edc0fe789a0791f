"""The dated relations that open doors: guardianship, enrolment, duty and assignment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from dexter.lib import days
from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap, period_holds, source_field

from . import scope
from .codes import AssignmentRoleType, DutyRole, RelationType, SchoolType, SecurityMarking
from .organisation import Organisation, SchoolUnit
from .person import Person

if TYPE_CHECKING:
    from django.db.models import Model

    from dexter.lib.access import Actor


class GuardianshipQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> GuardianshipQuerySet:
        """Both ends must be visible to the actor, so another guardian's name never reaches the first."""
        visible = Person.objects.visible_to(actor)
        return self.filter(child__in=visible, guardian__in=visible)

    def holding(self, day: date) -> GuardianshipQuerySet:
        """Those that hold on `day` and were not ended by hand."""
        return self.filter(period_holds(day), revoked_at=None)


class Guardianship(Entity):
    """Who answers for a child. It opens the child's data while it holds, to the day, until the child turns 18."""

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="guardianships")
    child = models.ForeignKey(Person, models.PROTECT, related_name="guardianships_over")
    relation_type = models.CharField(max_length=30, choices=RelationType.choices, default=RelationType.GUARDIAN)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True, help_text="the last day")
    revoked_at = models.DateTimeField(null=True, blank=True, help_text="ended by hand: access stops at this moment")
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_reason = models.CharField(max_length=500, blank=True, help_text="the decision it rests on; shown to the office alone")
    released_at = models.DateTimeField(null=True, blank=True, help_text="the hand-made end no longer holds against the import")
    consented_at = models.DateTimeField(null=True, blank=True, help_text="the pupil, of age, lets the former guardian read on")
    source = source_field()

    with_access: bool  # what absence.reads adds; never stored

    objects = GuardianshipQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            no_overlap("guardianship_once", "guardian", "child", condition=Q(revoked_at__isnull=True)),
            ends_after_start("guardianship_period"),
            models.CheckConstraint(name="guardian_of_another", condition=~Q(guardian=F("child"))),
        ]
        indexes: ClassVar = [models.Index(fields=["guardian"], name="guardianship_guardian")]

    @property
    def is_held(self) -> bool:
        """Ended by hand and not released: no import restores it."""
        return self.revoked_at is not None and self.released_at is None


class EnrolmentQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> EnrolmentQuerySet:
        return self.filter(pupil__in=Person.objects.visible_to(actor))

    def at_units_led_by(self, actor: Actor) -> EnrolmentQuerySet:
        return self.filter(school_unit__in=scope.units_led_by(actor))

    def at_units_exported_by(self, actor: Actor) -> EnrolmentQuerySet:
        return self.filter(school_unit__in=scope.units_exported_by(actor))

    def in_class(self, group: Model) -> EnrolmentQuerySet:
        """Places of those who are members of the group today."""
        return self.filter(pupil__in=scope.memberships_on(days.today()).filter(group=group).values("person_id"))


class Enrolment(Entity):
    """A pupil's place at a school unit; `school_year` is 0 to 10 in compulsory forms, null elsewhere."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="enrolments")
    school_type = models.CharField(max_length=10, choices=SchoolType.choices)
    school_year = models.PositiveSmallIntegerField(null=True, blank=True)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    cancelled = models.BooleanField(default=False)
    source = source_field()

    class_name: str | None  # what registry.reads adds
    class_order: str | None

    objects = EnrolmentQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            no_overlap("enrolment_once", "pupil", "school_unit", "school_type", condition=Q(cancelled=False)),
            ends_after_start("enrolment_period"),
            models.CheckConstraint(name="enrolment_school_year", condition=Q(school_year__isnull=True) | Q(school_year__lte=10)),
        ]
        indexes: ClassVar = [models.Index(fields=["school_unit", "school_year"], name="enrolment_unit_year")]


class DutyQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> DutyQuerySet:
        """Own duties, and those at the units that the actor leads or administers; never those of the protected."""
        led = Q(school_unit__in=scope.units_led_by(actor), person__in=Person.objects.visible_to(actor))
        return self.filter(Q(person=actor.person_id) | led)

    def at_units_led_by(self, actor: Actor) -> DutyQuerySet:
        return self.filter(school_unit__in=scope.units_led_by(actor))

    def at_units_exported_by(self, actor: Actor) -> DutyQuerySet:
        return self.filter(school_unit__in=scope.units_exported_by(actor))


class Duty(Entity):
    """An employment role (tjänst) at a school unit, or at the responsible body."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="duties")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, null=True, blank=True, related_name="duties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="duties")
    duty_role = models.CharField(max_length=40, choices=DutyRole.choices)
    signature = models.CharField(max_length=10, blank=True, help_text="the short name in timetables")
    may_export = models.BooleanField(default=False, db_default=False, help_text="may take lists out of the system; principals always may")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    source = source_field()

    objects = DutyQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            no_overlap("duty_once", "person", "school_unit", "duty_role"),
            ends_after_start("duty_period"),
            models.CheckConstraint(name="duty_at_one_place", condition=Q(school_unit__isnull=True) ^ Q(organisation__isnull=True)),
        ]
        indexes: ClassVar = [models.Index(fields=["school_unit", "duty_role"], name="duty_unit_role")]


class AssignmentRoleQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> AssignmentRoleQuerySet:
        """Those of the units that the actor leads."""
        return self.filter(group__school_unit__in=scope.units_led_by(actor))

    def of_group(self, group: Model) -> AssignmentRoleQuerySet:
        """The group's assignments that are not over, with the colleague, the protected left out."""
        rows = self.on_or_after(days.today()).filter(group=group, duty__person__security_marking=SecurityMarking.NONE)
        return rows.select_related("duty__person").order_by("assignment_role_type", "duty__person__sort_key")


class AssignmentRole(Entity):
    """What a duty means for one group: mentor, special educator, pupil health."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="assignment_roles")
    group = models.ForeignKey("registry.Group", models.PROTECT, related_name="assignment_roles")
    assignment_role_type = models.CharField(max_length=30, choices=AssignmentRoleType.choices)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    source = source_field()

    objects = AssignmentRoleQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            no_overlap("assignment_role_once", "duty", "group", "assignment_role_type"),
            ends_after_start("assignment_role_period"),
        ]
