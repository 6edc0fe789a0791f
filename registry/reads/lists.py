"""Rows of the lists that an office works with, and of their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from dexter.lib import days
from registry.models import EmailAddress, Enrolment, GroupMembership, Guardianship, Person, PhoneNumber, SecurityMarking
from registry.models.relations import DutyQuerySet, EnrolmentQuerySet


def pupils_today(places: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Places that hold today, with pupil, school and `class_name`; the protected are on no list."""
    classes = GroupMembership.objects.on(days.today()).filter(person=OuterRef("pupil"), in_class=True)
    held: EnrolmentQuerySet = places.on(days.today()).filter(cancelled=False, pupil__security_marking=SecurityMarking.NONE)
    shown: EnrolmentQuerySet = held.select_related("pupil", "school_unit").annotate(class_name=Subquery(classes.values("group__name")[:1]))
    return shown


def staff_today(duties: DutyQuerySet) -> DutyQuerySet:
    held: DutyQuerySet = duties.on(days.today()).filter(person__security_marking=SecurityMarking.NONE)
    return held.select_related("person", "school_unit")


def with_homes(
    places: EnrolmentQuerySet, guardians: QuerySet[Guardianship], phones: QuerySet[PhoneNumber], emails: QuerySet[EmailAddress]
) -> EnrolmentQuerySet:
    """Adds to each pupil `homes`, the guardians today, with `shown_phones` and `shown_emails`: three statements in all."""
    today = guardians.filter(revoked_at=None, guardian__security_marking=SecurityMarking.NONE).on(days.today())  # type: ignore[attr-defined]
    reached = (
        today.select_related("guardian")
        .order_by("guardian__sort_key")
        .prefetch_related(
            Prefetch("guardian__phone_numbers", queryset=phones, to_attr="shown_phones"),
            Prefetch("guardian__email_addresses", queryset=emails, to_attr="shown_emails"),
        )
    )
    return places.prefetch_related(Prefetch("pupil__guardianships_over", queryset=reached, to_attr="homes"))


def name_cells(person: Person) -> list[str]:
    """Family name and given name; of an agreed name, which outlives the marking, its last word and the rest."""
    if not person.agreed_name:
        return [person.family_name, person.given_name]
    given, _space, family = person.agreed_name.rpartition(" ")
    return [family, given]


def pupil_rows(places: Iterable[Enrolment]) -> Iterator[list[Any]]:
    """The cells of the file of pupils; needs `pupils_today` and `with_homes`."""
    for place in places:
        homes: list[Guardianship] = place.pupil.homes
        cells = [*name_cells(place.pupil), place.pupil.birth_date, place.class_name, place.school_year]
        yield [
            *cells,
            place.school_unit.name,
            ", ".join(home.guardian.shown_name for home in homes),
            ", ".join(phone.value for home in homes for phone in home.guardian.shown_phones),
            ", ".join(email.value for home in homes for email in home.guardian.shown_emails),
        ]
