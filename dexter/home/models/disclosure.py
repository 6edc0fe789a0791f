"""What is given out about one person: to the person (GDPR article 15) or to somebody who asks for public records."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.access import Role
from dexter.lib.models import Entity
from registry.models import Person, SecurityMarking

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those about persons whom the actor's own school units keep; about the protected only by a named access."""
        subjects = Person.objects.visible_to(actor).kept_by(actor)
        return self.filter(subject__in=subjects) if actor.role is Role.STAFF else self.none()

    def listed(self) -> Self:
        """For lists: without those about the protected, and without the content."""
        rows = self.filter(subject__security_marking=SecurityMarking.NONE).defer("content")
        return rows.select_related("subject", "drafted_by")


class Disclosure(Entity):
    """A draft, reviewed by another person for secrecy, then released; what was released never changes."""

    class Kind(models.TextChoices):
        EXTRACT = "extract", _("Register extract for the person (GDPR article 15)")
        DISCLOSURE = "disclosure", _("Public records for somebody who asks for them")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.ForeignKey(Person, models.PROTECT, related_name="disclosures")
    purpose = models.CharField(max_length=500, blank=True, help_text="nobody who asks for public records needs to say why")
    content = models.JSONField(default=list, help_text="sections of rows of cells; after release without what is masked")
    opened = ArrayField(models.CharField(max_length=80), default=list, help_text="the masks that were lifted")
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    edited_by = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="who chose the masks last")
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DisclosureQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-drafted_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="secrecy_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (
                    Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & ~Q(reviewed_by=F("drafted_by"))
                    & ~Q(reviewed_by=F("edited_by"))
                ),
            ),
            models.CheckConstraint(
                name="released_after_review",
                condition=Q(released_at__isnull=True) | Q(reviewed_at__isnull=False, released_by__isnull=False),
            ),
        ]
        triggers: ClassVar = [
            *Entity.Meta.triggers,
            pgtrigger.Trigger(
                name="released_stays_as_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released_at__isnull=False),
                func="RAISE EXCEPTION 'what was released never changes' USING ERRCODE = 'check_violation';",
            ),
        ]

    @property
    def is_closed_by_marking(self) -> bool:
        """For others, and about somebody who has been protected since: given out no more."""
        return self.kind == self.Kind.DISCLOSURE and (self.subject.is_protected or bool(self.subject.agreed_name))
