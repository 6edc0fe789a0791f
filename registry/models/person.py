"""Persons, split by how sensitive each part is: the shown name here; numbers and contact details apart."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Func, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.models import Entity

from . import scope
from .codes import AddressType, CivicNumberKind, EmailType, PersonStatus, PhoneType, SecurityMarking, Sex

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model

    from dexter.lib.access import Actor


LETTERS_OF_A_TRIGRAM = 3


class Joined(Func):
    """`a || b || c`: immutable, unlike concat(), so that a generated column may use it."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = models.TextField()


def agreed_or(*names: models.expressions.Combinable) -> Case:
    """The agreed name where there is one, else `names` put together."""
    return Case(When(agreed_name="", then=Joined(*names)), default=F("agreed_name"), output_field=models.TextField())


def last_word_first() -> Case:
    """Family name before given name, also of an agreed name, so that its place in a list tells nothing."""
    turned = Func(F("agreed_name"), Value(r"^(.*) (\S+)$"), Value(r"\2 \1"), function="regexp_replace", output_field=models.TextField())
    by_name = When(agreed_name="", then=Joined(F("family_name"), Value(" "), F("given_name")))
    return Case(by_name, default=turned, output_field=models.TextField())


def swedish_order(text: models.expressions.Combinable) -> Func:
    """A key that sorts å, ä and ö last by its bytes, whatever collations the database has (collation "C")."""
    return Func(Lower(text), Value("åäöéèëêüáàæø"), Value("{|}eeeeuaa|}"), function="translate", output_field=models.TextField())


def _holds_word(word: str) -> Q:
    if len(word) < LETTERS_OF_A_TRIGRAM:  # an index of trigrams finds short words only at their beginning
        return Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")
    return Q(search_key__contains=word)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """Whom the actor reaches through a relation today; the protected only by a named access."""
        return self.filter(pk__in=scope.person_ids(actor)).filter(scope.not_shielded_from(actor))

    def kept_by(self, actor: Actor) -> PersonQuerySet:
        """Those whose registry data the actor's own school units keep."""
        return self.filter(pk__in=scope.kept_by(actor))

    def with_details_open(self, actor: Actor) -> PersonQuerySet:
        """Adds `details_open`: whether numbers and contact details are the actor's business today."""
        return self.annotate(details_open=ExpressionWrapper(scope.persons_with_details_open_to(actor), output_field=models.BooleanField()))

    def named_like(self, text: str) -> PersonQuerySet:
        """Persons with every word of `text` in the shown name; words of one or two letters only where a name begins."""
        return self.filter(*[_holds_word(word) for word in text.lower().split()])

    def named_nearly(self, text: str) -> PersonQuerySet:
        """Persons with every word of `text`, or one nearly like it, in the shown name (trigrams; the setting's threshold)."""
        return self.filter(*[_holds_word(word) | Q(search_key__trigram_word_similar=word) for word in text.lower().split()])

    def minors_on(self, day: date) -> PersonQuerySet:
        return self.filter(birth_date__gt=days.born_after_to_be_minor(day))

    def unmarked(self) -> PersonQuerySet:
        """Without the protected: what every list, search, count and export starts from."""
        return self.filter(security_marking=SecurityMarking.NONE)

    def at_school(self, unit: Model, day: date) -> PersonQuerySet:
        """Pupils with a place at the unit on `day`, their guardians, and who has a duty there."""
        return self.filter(pk__in=scope.at_school(unit.pk, day))

    def members_of(self, group: Model, day: date) -> PersonQuerySet:
        memberships = scope.memberships_on(day).filter(group=group)
        return self.filter(pk__in=memberships.values("person_id"))


class Person(Entity):
    given_name = models.CharField(_("given name"), max_length=100)
    middle_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100)
    agreed_name = models.CharField(max_length=200, blank=True, help_text="shown instead of the name; agreed with a protected family")
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    security_marking = models.CharField(max_length=30, choices=SecurityMarking.choices, default=SecurityMarking.NONE)
    person_status = models.CharField(max_length=10, choices=PersonStatus.choices, default=PersonStatus.ACTIVE)
    school_owned = ArrayField(
        models.CharField(max_length=20), default=list, db_default=[], blank=True, help_text="fields changed by hand: no import changes them"
    )
    contact_checked_at = models.DateTimeField(
        _("contact details checked"), null=True, blank=True, help_text="when the person last said that they are right, or confirmed one"
    )
    shown_name = models.GeneratedField(
        expression=agreed_or(F("given_name"), Value(" "), F("family_name")), output_field=models.TextField(), db_persist=True
    )
    sort_key = models.GeneratedField(
        expression=swedish_order(last_word_first()),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    search_key = models.GeneratedField(
        expression=Lower(agreed_or(F("given_name"), Value(" "), F("family_name"))), output_field=models.TextField(), db_persist=True
    )

    # What queries add (see registry.reads and absence.reads); never stored.
    is_reportable: bool
    answered_lesson: UUID | None
    is_guardian: bool
    is_pupil: bool
    is_staff: bool
    uses_larande: bool
    uses_plans: bool
    uses_assessment: bool
    is_kept: bool
    is_mentored: bool
    is_own: bool
    details_open: bool
    class_name: str | None
    school_name: str | None
    email_value: str | None
    mobile_value: str | None
    has_chosen_letters: bool
    shown_phones: list[PhoneNumber]

    objects = PersonQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [
            models.Index(fields=["sort_key"], name="person_order"),  # without the id: nobody looks up a key here by mistake
            GinIndex(OpClass(F("search_key"), name="gin_trgm_ops"), name="person_search"),
            models.Index(fields=["id"], name="person_marked", condition=~Q(security_marking="Ingen")),  # the few whom no sum may hold
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="protected_has_agreed_name", condition=Q(security_marking="Ingen") | ~Q(agreed_name="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_protected(self) -> bool:
        return self.security_marking != SecurityMarking.NONE

    @property
    def has_contact_to_check(self) -> bool:
        """Never said that the contact details are right; of the protected the school takes care."""
        return self.contact_checked_at is None and not self.is_protected


class OwnedByPersonQuerySet(models.QuerySet):
    """Details of persons: seen by those who see the person, in the roles that have use for them."""

    def visible_to(self, actor: Actor) -> OwnedByPersonQuerySet:
        return self.filter(person__in=Person.objects.visible_to(actor)).filter(scope.details_open_to(actor))


class CivicNumber(Entity):
    """A personal number, encrypted; found by its keyed hash. A replaced number stays, for matching and history."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="civic_numbers")
    kind = models.CharField(max_length=20, choices=CivicNumberKind.choices)
    encrypted = models.BinaryField()
    keyed_hash = models.BinaryField(max_length=32)
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedByPersonQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "keyed_hash"], condition=~Q(kind="tillfälligt"), name="civic_number_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(replaced_at__isnull=True), name="one_current_civic_number"),
            models.CheckConstraint(name="civic_number_kind_known", condition=Q(kind__in=CivicNumberKind.values)),
        ]
        indexes: ClassVar = [models.Index(fields=["keyed_hash"], name="civic_number_hash")]


class EmailAddress(Entity):
    person = models.ForeignKey(Person, models.CASCADE, related_name="email_addresses")
    value = models.EmailField()
    email_type = models.CharField(max_length=20, choices=EmailType.choices, default=EmailType.PRIVATE)
    verified_at = models.DateTimeField(_("confirmed"), null=True, blank=True, help_text="when its owner confirmed it with a code")

    objects = OwnedByPersonQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint("person", Lower("value"), name="email_once_a_person")]


class PhoneNumber(Entity):
    person = models.ForeignKey(Person, models.CASCADE, related_name="phone_numbers")
    value = models.CharField(max_length=30)
    phone_type = models.CharField(max_length=10, choices=PhoneType.choices, default=PhoneType.HOME)
    mobile = models.BooleanField(default=True)
    verified_at = models.DateTimeField(_("confirmed"), null=True, blank=True, help_text="when its owner confirmed it with a code")

    objects = OwnedByPersonQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "value"], name="phone_once_a_person")]


class Address(Entity):
    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    address_type = models.CharField(max_length=30, choices=AddressType.choices, default=AddressType.REGISTERED)
    street_address = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=10)
    locality = models.CharField(max_length=100)
    country = models.CharField(max_length=60, default="Sverige")

    objects = OwnedByPersonQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "address_type"], name="address_once_a_type")]


class LanguageProfile(Entity):
    """The language at home, and the one for which the home needs an interpreter; ISO 639-3, or empty."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="language_profile")
    home_language = models.CharField(max_length=3, blank=True)
    interpreter_language = models.CharField(max_length=3, blank=True)

    objects = OwnedByPersonQuerySet.as_manager()


class ProtectedAccessQuerySet(models.QuerySet["ProtectedAccess"]):
    def visible_to(self, actor: Actor) -> ProtectedAccessQuerySet:
        return self.filter(person__in=Person.objects.visible_to(actor))


class ProtectedAccess(Entity):
    """Who by name may reach a person with protected identity: staff, or a guardian that an officer has let in."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="named_accesses")
    grantee = models.ForeignKey(Person, models.PROTECT, related_name="accesses_to_protected")
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedAccessQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "grantee"], condition=Q(revoked_at__isnull=True), name="protected_access_once"),
        ]


class ExternalId(models.Model):
    """The name that another system gives to one of our entities (SS 12000 ids are one namespace for all kinds)."""

    source = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    entity_kind = models.CharField(max_length=30)
    entity_id = models.UUIDField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "entity_kind", "value"], name="external_id_once")]
