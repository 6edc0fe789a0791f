"""A subject or course as one version of the curriculum has it. A new version adds rows and rewrites none.

Source: Skolverket's Syllabus API, whose texts are regulations (SKOLFS); the keys of points are ours, for the API gives none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity, uuid7
from registry.models import Module, SchoolType, scope, units_with

if TYPE_CHECKING:
    import datetime

    from dexter.lib.access import Actor


class SubjectVersionQuerySet(models.QuerySet["SubjectVersion"]):
    def visible_to(self, actor: Actor) -> SubjectVersionQuerySet:
        """All, for the curriculum is public; but to nobody who meets Lärande at no school: there it is switched off."""
        met = units_with(Module.LARANDE).filter(pk__in=scope.units_met_by(actor))
        return self.filter(Q(Exists(met)) | Q(Exists(scope.bodies_led_by(actor))))

    def of_subject(self, version: SubjectVersion) -> SubjectVersionQuerySet:
        """The versions of the same subject or course, newest first; examples apart from real ones."""
        same = {name: getattr(version, name) for name in ("school_type", "subject_code", "course_code", "is_example")}
        return self.filter(**same).order_by("-number")

    def to_come(self, day: datetime.date) -> SubjectVersionQuerySet:
        """Those that begin to hold after `day`."""
        return self.filter(valid_from__gt=day)

    def in_force(self, day: datetime.date) -> SubjectVersionQuerySet:
        """Of each subject and course the version that holds on `day`; a real one goes before an example."""
        held = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        one_each = ("school_type", "subject_code", "course_code")
        newest = held.order_by(*one_each, "is_example", "-valid_from", "-number").distinct(*one_each)
        return self.filter(pk__in=newest.values("pk"))


class SubjectVersion(Entity):
    """One version of the syllabus of a subject, or of a course or level in it (`course_code`)."""

    school_type = models.CharField(max_length=10, choices=SchoolType.choices)
    subject_code = models.CharField(max_length=20, help_text="as registry.Syllabus: GRGRMAT01")
    course_code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120)
    designation = models.CharField(max_length=20, blank=True, help_text="MA")
    curriculum = models.CharField(max_length=20, blank=True, help_text="Lgr22")
    number = models.PositiveIntegerField(help_text="the API's `version`")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="the last day, where the source says so")
    purpose = ArrayField(models.TextField(), default=list, help_text="paragraphs")
    is_example = models.BooleanField(default=False, help_text="written for demonstration: no regulation, and marked so wherever it shows")
    source = models.CharField(max_length=200, blank=True, help_text="the address or file it was read from")
    digest = models.CharField(max_length=64, help_text="sha256 of what was imported: the same again changes nothing")

    objects = SubjectVersionQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["name", "course_code", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_type", "subject_code", "course_code", "number", "is_example"], name="subject_version_once"
            ),
            models.CheckConstraint(name="subject_version_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """Of the course, else of the subject."""
        return self.course_code or self.subject_code


class PartQuerySet(models.QuerySet):
    def visible_to(self, _actor: Actor) -> PartQuerySet:
        return self.all()


class Part(models.Model):
    """A piece of a version. `key` is the same in the next version for what is the same point, reworded or not."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(SubjectVersion, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "key"], name="%(class)s_key_once")]

    def __str__(self) -> str:
        return self.text


class Ability(Part):
    """What the pupil shall be given the opportunity to develop (förmåga), from the purpose."""

    version = models.ForeignKey(SubjectVersion, models.PROTECT, related_name="abilities")


class CentralContentItem(Part):
    """A point of the central content (centralt innehåll) for a span of school years; of a course, without years."""

    version = models.ForeignKey(SubjectVersion, models.PROTECT, related_name="content_items")
    start_year = models.PositiveSmallIntegerField(null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(null=True, blank=True)
    area = models.CharField(max_length=200, blank=True, help_text="the heading it stands under")
    variant = models.CharField(max_length=80, blank=True, help_text="of modern languages: språkval, skolans val ...")

    class Meta(Part.Meta):
        constraints: ClassVar = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                name="content_item_years", condition=Q(start_year__isnull=True, end_year__isnull=True) | Q(end_year__gte=F("start_year"))
            ),
        ]

    @property
    def years(self) -> str:
        """Such as 4 to 6, or 9; nothing of a course."""
        if self.start_year is None or self.start_year == self.end_year:
            return str(self.start_year or "")
        return f"{self.start_year}–{self.end_year}"

    @property
    def place_in_words(self) -> str:
        years = gettext("Years %(years)s") % {"years": self.years} if self.years else ""
        return ", ".join(piece for piece in (years, self.variant, self.area) if piece)


class CriterionKind(models.TextChoices):
    GRADE = "grade", _("Criterion for grades")
    ASSESSMENT = "assessment", _("Criterion for the assessment of knowledge")


AREA_STEPS = {"G": _("Basic knowledge"), "F": _("Deeper knowledge")}  # of subject areas (ämnesområden), without grades


class Criterion(Part):
    """One aspect of a criterion at one step: what stands in the same place at E, C and A shares its `aspect`."""

    version = models.ForeignKey(SubjectVersion, models.PROTECT, related_name="criteria")
    kind = models.CharField(max_length=12, choices=CriterionKind.choices, default=CriterionKind.GRADE)
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="at the end of which it holds; of a course none")
    step = models.CharField(max_length=10, blank=True, help_text="E, C, A; G, F of subject areas; else none where no grade is set")
    aspect = models.PositiveSmallIntegerField(help_text="which of the criterion's statements, from 0")
    variant = models.CharField(max_length=80, blank=True)

    class Meta(Part.Meta):
        verbose_name_plural = "criteria"
        constraints: ClassVar = [
            *Part.Meta.constraints,
            models.UniqueConstraint(fields=["version", "variant", "year", "step", "aspect"], name="criterion_once", nulls_distinct=False),
        ]

    @property
    def place_in_words(self) -> str:
        year = gettext("Year %(year)s") % {"year": self.year} if self.year else ""
        return ", ".join(piece for piece in (year, self.variant, self.step_name) if piece)

    @property
    def step_name(self) -> str:
        """The step in words; a grade is its own name."""
        return str(AREA_STEPS.get(self.step, "")) if self.kind == CriterionKind.ASSESSMENT else self.step

    @property
    def thread(self) -> str:
        """What the statement is about at whatever step: the key of matrix rows made from it."""
        return f"{self.year or ''}-{self.variant}-{self.aspect}"
