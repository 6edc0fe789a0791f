"""Messages from the school to homes: one way, to all of a group or lesson, recallable; and who got them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import Entity
from registry.models import CalendarEvent, Digest, Group, Person, PersonStatus, SchoolUnit, SecurityMarking, scope
from registry.models.preferences import FRIDAY, GATHERED_AT

if TYPE_CHECKING:
    from dexter.lib.access import Actor

LONGEST_SUBJECT = 120  # characters
LONGEST_TEXT = 5000


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("Ordinary")
    URGENT = "urgent", _("Urgent")


class Words(NamedTuple):
    """A message in one language."""

    language: str
    subject: str
    text: str


class SchoolMessageQuerySet(models.QuerySet["SchoolMessage"]):
    def visible_to(self, actor: Actor) -> SchoolMessageQuerySet:
        """Staff: their own, and those of the units they lead. Others: what they got, while the relation holds."""
        if actor.role is Role.STAFF:
            return self.filter(Q(sent_by=actor.person_id) | Q(school_unit__in=scope.units_led_by(actor)))
        return self.filter(pk__in=MessageReceipt.objects.visible_to(actor).values("message_id"))

    def in_full(self) -> SchoolMessageQuerySet:
        """With everything that a page or letter says of a message; one statement more."""
        return self.select_related("school_unit", "group", "lesson__activity", "sent_by").prefetch_related("translations")


class SchoolMessage(Entity):
    """One notice to the homes of a group, or of a lesson's pupils. Never changed; only taken back."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+")
    lesson = models.ForeignKey(CalendarEvent, models.PROTECT, null=True, blank=True, related_name="+")
    urgency = models.CharField(_("how urgent"), max_length=10, choices=Urgency.choices)
    language = models.CharField(max_length=10, help_text="of subject and text: the language of the site when it was written")
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT)
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one message")
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    # What queries add (see home.reads); never stored.
    homes: int
    read: int
    is_few: bool

    objects = SchoolMessageQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-sent_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="message_to_group_or_lesson", condition=Q(group__isnull=True) ^ Q(lesson__isnull=True)),
            models.CheckConstraint(name="message_urgency_known", condition=Q(urgency__in=Urgency.values)),
            models.CheckConstraint(name="message_subject_is_one_line", condition=~Q(subject__regex=r"[[:cntrl:]]") & ~Q(subject="")),
            models.CheckConstraint(
                name="message_recalled_by_somebody",
                condition=Q(recalled_at__isnull=True, recalled_by__isnull=True) | Q(recalled_at__isnull=False, recalled_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school_unit", "-sent_at"], name="message_unit"),
            models.Index(fields=["sent_by", "-sent_at"], name="message_sender"),
        ]

    @property
    def is_urgent(self) -> bool:
        return self.urgency == Urgency.URGENT

    @property
    def sender(self) -> str:
        """Who wrote it, as the homes read it; of a protected colleague the school alone."""
        return self.school_unit.name if self.sent_by.is_protected else f"{self.sent_by.shown_name}, {self.school_unit.name}"

    def words(self, language: str) -> Words:
        """In `language` where it was written in it, else as it was first written."""
        return next((words for words in self.all_words() if words.language == language), self.all_words()[0])

    def all_words(self) -> list[Words]:
        """The first is the language it was written in; needs `in_full`."""
        others = [Words(row.language, row.subject, row.text) for row in self.translations.all()]
        return [Words(self.language, self.subject, self.text), *sorted(others)]


class MessageTextQuerySet(models.QuerySet["MessageText"]):
    def visible_to(self, actor: Actor) -> MessageTextQuerySet:
        return self.filter(message__in=SchoolMessage.objects.visible_to(actor))


class MessageText(Entity):
    """The same message in one more language."""

    message = models.ForeignKey(SchoolMessage, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10, help_text="a code of LANGUAGES")
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT)

    objects = MessageTextQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "language"], name="message_text_once_a_language"),
            models.CheckConstraint(name="message_text_subject_is_one_line", condition=~Q(subject__regex=r"[[:cntrl:]]") & ~Q(subject="")),
        ]


class TellingState(models.TextChoices):
    WAITING = "waiting", _("Waits to be told")
    TOLD = "told", _("Told")
    NO_WAY = "no_way", _("No e-mail or mobile number")
    BY_HAND = "by_hand", _("Told in another way")


class MessageReceiptQuerySet(models.QuerySet["MessageReceipt"]):
    def visible_to(self, actor: Actor) -> MessageReceiptQuerySet:
        """One's own, as guardian while one of the children is seen, as pupil the own. Of others' receipts staff see sums alone."""
        if actor.role is Role.STAFF:
            return self.none()
        seen = Person.objects.visible_to(actor).order_by().values_list("pk", flat=True)
        mine = seen.exclude(pk=actor.person_id) if actor.role is Role.GUARDIAN else seen.filter(pk=actor.person_id)
        return self.filter(person=actor.person_id, children__overlap=mine)

    def unread(self) -> MessageReceiptQuerySet:
        return self.filter(opened_at=None, message__recalled_at=None)

    def owed_to(self, person_id: UUID) -> MessageReceiptQuerySet:
        """Unread ones that may still leave the house: the relation holds, and neither end is protected or deceased."""
        own = Q(pk=person_id) & Q(birth_date__lte=days.born_after_to_be_minor(days.today()))
        about = Person.objects.unmarked().filter(own | Q(pk__in=scope.children_of(person_id, days.today())))
        theirs = self.unread().filter(person=person_id, person__security_marking=SecurityMarking.NONE)
        living = theirs.exclude(person__person_status=PersonStatus.DECEASED)
        return living.filter(children__overlap=about.order_by().values_list("pk", flat=True))

    def due(self, now: datetime) -> MessageReceiptQuerySet:
        """Those that wait and whose time has come: urgent ones now, the others as each person has chosen (once a day without a choice)."""
        chosen = "person__notice_preference__digest"
        daily = Q(**{chosen: Digest.DAILY}) | Q(**{f"{chosen}__isnull": True})
        gathered = daily & Q(message__sent_at__lt=last_gathering(now)) | Q(
            **{chosen: Digest.WEEKLY}, message__sent_at__lt=last_gathering(now, weekly=True)
        )
        return self.unread().filter(
            Q(message__urgency=Urgency.URGENT) | Q(**{chosen: Digest.AT_ONCE}) | gathered, state=TellingState.WAITING
        )


def last_gathering(now: datetime, *, weekly: bool = False) -> datetime:
    """The latest moment at which digests were to be made: four o'clock in the school's time, of a Friday if `weekly`."""
    day = days.day_of(now) if now >= days.moment(days.day_of(now), GATHERED_AT) else days.day_of(now) - timedelta(days=1)
    return days.moment(day - timedelta(days=(day.weekday() - FRIDAY) % 7) if weekly else day, GATHERED_AT)


class MessageReceipt(Entity):
    """One message to one person, for the sake of some of a guardian's children, or of the pupil's own."""

    State = TellingState

    message = models.ForeignKey(SchoolMessage, models.PROTECT, related_name="receipts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="message_receipts")
    children = ArrayField(models.UUIDField(), help_text="the pupils for whose sake; an adult pupil's own id")
    state = models.CharField(max_length=10, choices=TellingState.choices, default=TellingState.WAITING)
    notice_id = models.UUIDField(null=True, blank=True, help_text="the notice that told of it; dexter.notices keeps what became of that")
    told_at = models.DateTimeField(null=True, blank=True, help_text="when that notice was queued, or somebody told the home")
    told_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="who told the home otherwise")
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = MessageReceiptQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "message"], name="message_once_a_person"),
            models.CheckConstraint(name="message_receipt_state_known", condition=Q(state__in=TellingState.values)),
            models.CheckConstraint(name="message_for_somebodys_sake", condition=Q(children__len__gt=0)),
            models.CheckConstraint(name="message_told_at_a_time", condition=~Q(state="told") | Q(told_at__isnull=False)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(state="waiting"), name="message_receipt_waiting"),
            models.Index(fields=["notice_id"], name="message_receipt_notice"),
            GinIndex(fields=["children"], name="message_receipt_children"),
        ]
