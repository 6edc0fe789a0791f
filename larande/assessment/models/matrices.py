"""Matrices: rows to judge by, a text for each step; templates of a teacher, school or municipality, and what is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import Entity
from larande.planning.models import LessonPlan, PlanTeaching
from registry.models import Activity, Module, Person, SchoolType, SchoolUnit, scope, units_with, uses

from .scope import open_activities

if TYPE_CHECKING:
    from uuid import UUID

    from dexter.lib.access import Actor


class MatrixLevel(models.TextChoices):
    TEACHER = "teacher", _("Only I")
    SCHOOL = "school", _("The school")
    MUNICIPALITY = "municipality", _("All schools of the municipality")


class AssessmentMatrixQuerySet(models.QuerySet["AssessmentMatrix"]):
    def visible_to(self, actor: Actor) -> AssessmentMatrixQuerySet:
        """Staff where assessment is in use: their own, their school's, the municipality's, and what is in use in their teaching.

        Who works for the responsible body: what its schools share.
        """
        if actor.role is not Role.STAFF:
            return self.none()
        units = units_with(Module.ASSESSMENT).filter(pk__in=scope.units_worked_at(actor))
        at_work = Q(school_unit__in=units.values("pk"))
        bodies = Q(level=MatrixLevel.MUNICIPALITY, school_unit__organisation__in=units.values("organisation"))
        used = Q(pk__in=MatrixUse.objects.visible_to(actor).order_by().values("matrix"))
        mine = Q(created_by=actor.person_id) & at_work
        shared = Q(level__in=(MatrixLevel.SCHOOL, MatrixLevel.MUNICIPALITY), school_unit__organisation__in=scope.bodies_led_by(actor))
        shared &= Q(school_unit__in=units_with(Module.ASSESSMENT).values("pk"))
        return self.filter(mine | (Q(is_template=True) & (Q(level=MatrixLevel.SCHOOL) & at_work | bodies | shared)) | used)


class AssessmentMatrix(Entity):
    """A template to copy, or, once attached, the copy that a teaching uses: what a template becomes later changes no copy."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="matrices", help_text="where it was made")
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    level = models.CharField(_("who may use it"), max_length=12, choices=MatrixLevel.choices, default=MatrixLevel.TEACHER)
    is_template = models.BooleanField(default=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    school_type = models.CharField(max_length=10, choices=SchoolType.choices)
    subject_code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="whose criteria it was made from, or is meant for")
    retired_at = models.DateTimeField(null=True, blank=True, help_text="offered no more; what is in use stays")
    submission = models.UUIDField(unique=True, help_text="of the form that made it: sent twice, it makes one")
    version = models.PositiveIntegerField(default=1)

    objects = AssessmentMatrixQuerySet.as_manager()

    class Meta(Entity.Meta):
        verbose_name_plural = "assessment matrices"
        ordering: ClassVar = ["title", "id"]
        indexes: ClassVar = [models.Index(fields=["school_unit", "subject_code", "title"], name="matrix_unit_subject")]

    def __str__(self) -> str:
        return self.title


class MatrixRowQuerySet(models.QuerySet["MatrixRow"]):
    def visible_to(self, actor: Actor) -> MatrixRowQuerySet:
        return self.filter(matrix__in=AssessmentMatrix.objects.visible_to(actor).order_by().values("pk"))


class MatrixRow(Entity):
    """Something to judge. `thread` ties it to the statement of the criteria it was made from (`Criterion.thread`)."""

    matrix = models.ForeignKey(AssessmentMatrix, models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    thread = models.CharField(max_length=100, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, help_text="judged no more; what was judged stays")

    texts: list[tuple[str, str]]  # what assessment.reads adds; never stored

    objects = MatrixRowQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class MatrixCell(models.Model):
    """What a row means at a step, by the step's code: the same row serves pupils of several scales."""

    row = models.ForeignKey(MatrixRow, models.CASCADE, related_name="cells")
    step_code = models.CharField(max_length=10)
    text = models.TextField(max_length=2000)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["row", "step_code"], name="matrix_cell_once")]


class MatrixUseQuerySet(models.QuerySet["MatrixUse"]):
    def self_assessed_by(self, actor: Actor) -> MatrixUseQuerySet:
        """The grids that a pupil may fill in for oneself today: of the own teaching, where the school has it on.

        Of a plan once it is published there: before, its matrix tells nothing.
        """
        if actor.role is not Role.PUPIL:
            return self.none()
        own = scope.memberships_on(days.today()).filter(person=actor.person_id).order_by().values("group__activity_groups__activity")
        is_open = Q(plan=None) | Exists(PlanTeaching.objects.published().filter(plan=OuterRef("plan"), activity=OuterRef("activity")))
        return self.filter(is_open, uses(Module.SELF_ASSESSMENT, "activity__school_unit"), activity__in=own, ended_at__isnull=True)

    def with_plan_title(self, actor: Actor) -> MatrixUseQuerySet:
        """Adds `plan_title`, of a plan that the actor may read: a draft's is its maker's alone."""
        plans = LessonPlan.objects.visible_to(actor).filter(pk=OuterRef("plan")).order_by()
        return self.annotate(plan_title=Subquery(plans.values("title")[:1]))

    def visible_to(self, actor: Actor) -> MatrixUseQuerySet:
        """Staff: in the teaching they give or lead."""
        return self.filter(open_activities(actor))


class MatrixUse(Entity):
    """A matrix at work in a teaching, for a plan of it or for the subject as a whole: the grid that is filled in."""

    matrix = models.ForeignKey(AssessmentMatrix, models.PROTECT, related_name="uses")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="matrix_uses")
    plan = models.ForeignKey(LessonPlan, models.PROTECT, null=True, blank=True, related_name="matrix_uses")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="filled in no more")

    # What assessment.reads adds; never stored.
    asked_by: UUID
    is_teacher: bool
    pupils_assess: bool
    plan_title: str | None

    objects = MatrixUseQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["matrix", "activity"], name="matrix_use_once")]
        indexes: ClassVar = [models.Index(fields=["activity", "-created_at"], name="matrix_use_activity")]
