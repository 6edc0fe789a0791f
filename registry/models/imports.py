"""Where the register is fed from, and what each feeding would do or did."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.files.models import StoredFile
from dexter.jobs.models import JobRun
from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import Entity

from . import scope
from .person import Person

if TYPE_CHECKING:
    from dexter.lib.access import Actor

FILES = "file"  # the source of what is sent in on the page


class SourceKind(models.TextChoices):
    FILE = "file", _("Files on the page")
    FOLDER = "folder", _("A folder of SS 12000 files")
    API = "api", _("An SS 12000 interface")


class ImportSourceQuerySet(models.QuerySet["ImportSource"]):
    def visible_to(self, actor: Actor) -> ImportSourceQuerySet:
        """How the feeding is doing concerns everyone who leads a unit."""
        leads = actor.role is Role.STAFF and scope.units_led_by(actor).exists()
        return self.order_by("name") if leads else self.none()


class ImportSource(Entity):
    """A system that feeds the register. Rows that it brought carry its name, and it alone changes and ends them."""

    name = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=SourceKind.choices)
    address = models.CharField(max_length=300, blank=True, help_text="base address of the interface, or the folder")
    token = models.BinaryField(default=bytes, help_text="bearer token, encrypted")
    is_scheduled = models.BooleanField(default=False, help_text="pulled every night without anybody asking")
    modified_after = models.DateTimeField(null=True, blank=True, help_text="changes since then are asked for; empty: everything")
    ended_share = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(0), MaxValueValidator(100)], help_text="percent of the pupils that one import may end"
    )
    quiet_hours = models.PositiveSmallIntegerField(default=30, help_text="hours without a successful import after which it is an alarm")
    succeeded_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects = ImportSourceQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.CheckConstraint(name="import_ended_share", condition=Q(ended_share__lte=100))]

    def __str__(self) -> str:
        return self.name

    @property
    def is_alarming(self) -> bool:
        """Scheduled, and failed the last time or gone quiet."""
        if not self.is_scheduled:
            return False
        if self.failed_at and (self.succeeded_at is None or self.failed_at > self.succeeded_at):
            return True
        return (self.succeeded_at or self.created_at) < days.now() - timedelta(hours=self.quiet_hours)


class Template(models.TextChoices):
    PUPILS = "pupils", _("Pupils with guardians and classes")
    STAFF = "staff", _("Staff and mentors")
    GROUPS = "groups", _("Groups and their members")
    SS12000 = "ss12000", _("SS 12000")


class ImportState(models.TextChoices):
    READING = "reading", _("Being read")
    PREVIEWED = "previewed", _("Waits for you")
    CARRYING_OUT = "carrying_out", _("Being carried out")
    DONE = "done", _("Carried out")
    FAILED = "failed", _("Not carried out")
    DISCARDED = "discarded", _("Thrown away")


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, actor: Actor) -> ImportRunQuerySet:
        """Who leads a unit sees the own ones, and those that nobody started: of folders and interfaces."""
        if actor.role is not Role.STAFF or not scope.units_led_by(actor).exists():
            return self.none()
        return self.filter(Q(started_by=actor.person_id) | Q(started_by=None))


class ImportRun(Entity):
    """One feeding: first a dry run, then all or nothing."""

    source = models.ForeignKey(ImportSource, models.PROTECT, related_name="runs")
    template = models.CharField(max_length=10, choices=Template.choices)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.READING)
    started_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey(JobRun, models.SET_NULL, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict, help_text="by kind of row and verdict")
    report = models.JSONField(default=dict, help_text="rejected rows, and what would be done, line by line")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="of what was shown; another one at the end stops the import")
    pupils_ended = models.PositiveIntegerField(default=0)
    pupils_before = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True, help_text="a sentence that says what to do")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta(Entity.Meta):
        indexes: ClassVar = [models.Index(fields=["started_by", "-created_at"], name="import_run_by")]

    @property
    def ends_too_many(self) -> bool:
        """More pupils would be ended than the source's share allows; one or two are never too many."""
        return self.pupils_ended > max(2, self.pupils_before * self.source.ended_share // 100)

    @property
    def rejected(self) -> int:
        return int(self.counts.get("rejected", 0))

    @property
    def changes_nothing(self) -> bool:
        """Every row stands in the register already."""
        verdicts = [counts for counts in self.counts.values() if isinstance(counts, dict)]
        return not any(counts.get(verdict) for counts in verdicts for verdict in ("create", "change", "end"))
