"""The change of school year at one unit: a draft that says what becomes of each class, and of pupils who are exceptions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity

from . import scope
from .calendar import SchoolYear
from .codes import SchoolType
from .groups import Group
from .organisation import SchoolUnit
from .person import Person
from .relations import Duty

if TYPE_CHECKING:
    from datetime import date

    from dexter.lib.access import Actor


class RollOverState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready, is carried out on its day")
    EFFECTED = "effected", _("Carried out")
    REVERSED = "reversed", _("Reversed")


OPEN_STATES = (RollOverState.DRAFT, RollOverState.READY)


class ClassFate(models.TextChoices):
    MOVES = "moves", _("Moves up")
    LEAVES = "leaves", _("Leaves the school")
    CONTINUES = "continues", _("Goes on as it is")
    NEW = "new", _("New class")


class PupilFate(models.TextChoices):
    REPEATS = "repeats", _("Repeats the year")
    OTHER_CLASS = "other_class", _("Changes class")
    LEAVES = "leaves", _("Leaves the school")
    JOINS = "joins", _("Comes new to the school")


class RollOverQuerySet(models.QuerySet["RollOver"]):
    def visible_to(self, actor: Actor) -> RollOverQuerySet:
        """Those of the units that the actor leads."""
        return self.filter(school_unit__in=scope.units_led_by(actor))


class RollOver(Entity):
    """One change of school year at one unit; `done` holds what was carried out, so that it can be reversed."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="roll_overs")
    from_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="roll_overs_from")
    to_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="roll_overs_to")
    effective_date = models.DateField(help_text="the first day in the new classes")
    years_up = models.PositiveSmallIntegerField(default=1, help_text="2 when the ten-year school begins and years are numbered anew")
    state = models.CharField(max_length=10, choices=RollOverState.choices, default=RollOverState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    ending_groups = models.ManyToManyField(Group, related_name="roll_overs_ending", blank=True)
    effected_at = models.DateTimeField(null=True, blank=True)
    effected_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="null: by itself")
    reversed_at = models.DateTimeField(null=True, blank=True)
    done = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="ids of rows made and changed; never names")

    objects = RollOverQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-effective_date", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_unit", "to_year"], condition=~Q(state="reversed"), name="one_roll_over_a_year"),
            models.CheckConstraint(
                name="roll_over_effected_at_a_moment", condition=Q(state__in=["draft", "ready"]) | Q(effected_at__isnull=False)
            ),
        ]

    @property
    def eve(self) -> date:
        """The last day in the classes of the old year."""
        return self.effective_date - timedelta(days=1)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class ClassStepQuerySet(models.QuerySet["ClassStep"]):
    def visible_to(self, actor: Actor) -> ClassStepQuerySet:
        return self.filter(roll_over__in=RollOver.objects.visible_to(actor))


class ClassStep(Entity):
    """What becomes of one class, or a class that is new; `name` and `school_year` are next year's."""

    roll_over = models.ForeignKey(RollOver, models.CASCADE, related_name="class_steps")
    fate = models.CharField(max_length=10, choices=ClassFate.choices)
    from_group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="steps_from")
    to_group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="steps_to", help_text="once carried out")
    name = models.CharField(max_length=80, blank=True)
    school_type = models.CharField(max_length=10, choices=SchoolType.choices, blank=True)
    school_year = models.PositiveSmallIntegerField(null=True, blank=True)
    mentors = models.ManyToManyField(Duty, related_name="class_steps", blank=True)

    objects = ClassStepQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["school_year", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roll_over", "from_group"], name="one_step_a_class"),
            models.CheckConstraint(name="a_new_class_has_no_past", condition=Q(fate="new") ^ Q(from_group__isnull=False)),
            models.CheckConstraint(name="a_class_to_come_has_a_name", condition=Q(fate="leaves") | ~Q(name="")),
            models.CheckConstraint(name="class_step_school_year", condition=Q(school_year__isnull=True) | Q(school_year__lte=10)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def goes_on(self) -> bool:
        """Whether there is a class next year."""
        return self.fate != ClassFate.LEAVES


class PupilStepQuerySet(models.QuerySet["PupilStep"]):
    def visible_to(self, actor: Actor) -> PupilStepQuerySet:
        return self.filter(roll_over__in=RollOver.objects.visible_to(actor), pupil__in=Person.objects.visible_to(actor))


class PupilStep(Entity):
    """A pupil whose way is another than the class's."""

    roll_over = models.ForeignKey(RollOver, models.CASCADE, related_name="pupil_steps")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="roll_over_steps")
    fate = models.CharField(max_length=12, choices=PupilFate.choices)
    to_class = models.ForeignKey(ClassStep, models.RESTRICT, null=True, blank=True, related_name="pupil_steps")
    school_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="null: by the rule")

    objects = PupilStepQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roll_over", "pupil"], name="one_step_a_pupil"),
            models.CheckConstraint(name="who_leaves_has_no_class", condition=Q(fate="leaves") ^ Q(to_class__isnull=False)),
            models.CheckConstraint(name="pupil_step_school_year", condition=Q(school_year__isnull=True) | Q(school_year__lte=10)),
        ]
