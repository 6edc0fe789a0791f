"""How long things are kept, as rows that the municipality's document plan decides; and what was disposed of under them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import DateRange, Entity
from registry.models import Duty, Person

if TYPE_CHECKING:
    from dexter.lib.access import Actor


def works_for_the_body(actor: Actor) -> bool:
    """Whether the actor has a duty at the responsible body itself, in the role of staff."""
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, organisation__isnull=False)
    return actor.role is Role.STAFF and duties.exists()


TITLES = {
    "person": _("Persons"),
    "identity": _("Who was a pupil or on the staff"),
    "contact": _("Contact details and languages"),
    "civic_number": _("Civic numbers"),
    "protection": _("Protected identity"),
    "enrolment": _("Places at schools"),
    "class_list": _("Classes and groups"),
    "guardianship": _("Guardianships"),
    "duty": _("Duties and assignments"),
    "timetable": _("Substitutes"),
    "absence_report": _("Reports of absence"),
    "roll_call": _("Roll-calls"),
    "leave": _("Leave"),
    "absence_follow_up": _("Alerts and steps about absence"),
    "absence_investigation": _("Investigations of absence"),
    "term_statement": _("Absence of a term, as frozen"),
    "plan": _("Plans and matrices"),
    "assessment": _("Assessments and summaries"),
    "account": _("Accounts"),
    "calendar_address": _("Calendar addresses"),
    "other_system": _("Names in other systems"),
    "one_time_code": _("One-time codes"),
    "message": _("Messages to homes"),
    "log": _("The log"),
    "disclosure": _("Extracts and public records"),
    "disposal": _("Disposals"),
    "site": _("The municipality's contact"),
}


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    def visible_to(self, actor: Actor) -> Self:
        """For those who work at the responsible body."""
        return self.filter() if works_for_the_body(actor) else self.none()

    def in_force(self, day: datetime.date) -> Self:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class RetentionRule(Entity):
    """One rule of docs/retention.yaml as it holds here: preserve, or dispose so long after an event."""

    class Outcome(models.TextChoices):
        DISPOSE = "dispose", _("Dispose")
        PRESERVE = "preserve", _("Preserve")

    class Event(models.TextChoices):
        LEFT = "left", _("the person left: the last place, duty or guardianship ended")
        ENDED = "ended", _("the row's own end")
        MADE = "made", _("the day the row is about")

    code = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    counted_from = models.CharField(max_length=10, choices=Event.choices, blank=True)
    legal_basis = models.CharField(max_length=300)
    decision_reference = models.CharField(_("decision"), max_length=200, blank=True, help_text="nothing is disposed of without one")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    standard = models.JSONField(
        default=dict, editable=False, help_text="the values as Dexter brought them; others are the municipality's own"
    )

    is_automatic: bool  # what queries add (see home.reads); never stored
    due_rows: int

    objects = RetentionRuleQuerySet.as_manager()

    STANDARD_FIELDS: ClassVar = ("outcome", "years", "days", "counted_from", "legal_basis", "decision_reference")

    class Meta(Entity.Meta):
        ordering: ClassVar = ["code", "valid_from"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="retention_rule_once",
                expressions=[("code", RangeOperators.EQUAL), (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="disposal_has_a_time",
                condition=Q(outcome="preserve", years__isnull=True, days__isnull=True)
                | (Q(outcome="dispose") & ~Q(counted_from="") & (Q(years__isnull=False) | Q(days__isnull=False))),
            ),
        ]

    @property
    def title(self) -> str:
        return str(TITLES.get(self.code, self.code))

    @property
    def time(self) -> str:
        """The time in words; nothing for what is preserved."""
        years = ngettext("%(count)d year", "%(count)d years", self.years) % {"count": self.years} if self.years else ""
        days_ = ngettext("%(count)d day", "%(count)d days", self.days) % {"count": self.days} if self.days else ""
        return " ".join(part for part in (years, days_) if part)

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.STANDARD_FIELDS}


class DisposalBatchQuerySet(models.QuerySet["DisposalBatch"]):
    def visible_to(self, actor: Actor) -> Self:
        """Counts and packages for the archive: for those who work at the responsible body."""
        return self.filter() if works_for_the_body(actor) else self.none()

    def listed(self) -> Self:
        """For lists: without keys and package."""
        return self.select_related("rule").defer("keys", "package")


class DisposalBatch(Entity):
    """Rows that one rule says are due: proposed, packed for the archive, confirmed by another person, carried out.

    `keys` are exactly the rows that go; both they and the package leave the database when the batch is carried out.
    """

    rule = models.ForeignKey(RetentionRule, models.PROTECT, related_name="batches")
    cutoff = models.DateField(help_text="what the event was before")
    counts = models.JSONField(default=dict, help_text="rows by file name")
    keys = models.JSONField(default=dict, help_text="keys by model")
    package = models.BinaryField(null=True)
    package_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)

    objects = DisposalBatchQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-proposed_at", "id"]
        verbose_name_plural = "disposal batches"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="disposal_needs_two",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="disposal_after_confirmation",
                condition=Q(carried_out_at__isnull=True) | Q(confirmed_at__isnull=False, package__isnull=True),
            ),
            models.UniqueConstraint(fields=["rule"], condition=Q(carried_out_at__isnull=True), name="one_open_batch_a_rule"),
        ]
