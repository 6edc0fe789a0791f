"""What the municipality says of itself: its name, whom to ask, two texts that the law wants on every page, and what decisions say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from dexter.lib import site_texts
from dexter.lib.models import Entity


class Municipality(Entity):
    """One row: whose Dexter this is, and the contact for questions."""

    name = models.CharField(_("name of the municipality"), max_length=80, default="Dexter")
    contact_name = models.CharField(_("name"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0)
    only_row = models.BooleanField(default=True, editable=False, unique=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "municipalities"
        constraints: ClassVar = [models.CheckConstraint(name="one_municipality", condition=models.Q(only_row=True))]


class SiteText(Entity):
    """A text of the municipality's own; without a row the text that comes with Dexter is shown."""

    class Kind(models.TextChoices):
        ACCESSIBILITY = "tillganglighet", _("Accessibility statement")
        PRIVACY = "personuppgifter", _("How personal data are handled")
        LEAVE_APPEAL = site_texts.LEAVE_APPEAL, _("What a decision on leave says of appeal")

        @property
        def is_public(self) -> bool:
            """A page of its own, in the reader's language; else a part of documents, in that of the authority."""
            return self is not SiteText.Kind.LEAVE_APPEAL

    kind = models.CharField(max_length=20, choices=Kind.choices)
    language = models.CharField(max_length=5)
    text = models.TextField(_("text"), max_length=50_000)
    version = models.PositiveIntegerField(default=1)

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "language"], name="site_text_once")]
