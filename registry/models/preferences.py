"""How somebody wants to be told things; the person's own choice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import Entity

from .person import Person

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class UrgentChannel(models.TextChoices):
    """The values are those of dexter.notices."""

    BOTH = "", _("Text message and e-mail")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")


class Digest(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


GATHERED_AT = time(16, 0)  # on the school's clock: when digests are made
FRIDAY = 4  # the weekday of the weekly digest, Monday being 0


def next_gathering(now: datetime, digest: str) -> datetime:
    """When a person with this choice is told what is routine and happens now."""
    if digest == Digest.AT_ONCE:
        return now
    day = days.day_of(now) if now < days.moment(days.day_of(now), GATHERED_AT) else days.day_of(now) + timedelta(days=1)
    return days.moment(day + timedelta(days=(FRIDAY - day.weekday()) % 7) if digest == Digest.WEEKLY else day, GATHERED_AT)


class NoticePreferenceQuerySet(models.QuerySet["NoticePreference"]):
    def visible_to(self, actor: Actor) -> NoticePreferenceQuerySet:
        """One's own; to nobody as staff."""
        return self.none() if actor.role is Role.STAFF else self.filter(person=actor.person_id)


class NoticePreference(Entity):
    """By which way urgent notices go, how often the routine ones are gathered, and in which language. No row: the defaults."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="notice_preference")
    urgent_channel = models.CharField(
        _("urgent notices"), max_length=5, choices=UrgentChannel.choices, blank=True, default=UrgentChannel.BOTH
    )
    digest = models.CharField(_("messages from the school"), max_length=10, choices=Digest.choices, default=Digest.DAILY)
    language = models.CharField(_("language"), max_length=10, blank=True, help_text="a code of LANGUAGES; empty: the language of the site")

    objects = NoticePreferenceQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="notice_preference_known", condition=Q(urgent_channel__in=UrgentChannel.values, digest__in=Digest.values)
            ),
        ]
