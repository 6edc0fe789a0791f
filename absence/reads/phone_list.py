"""Whom the office phones because no channel got through, and what became of each message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from absence.models import CallOutcome, HomeNotice, MessageKind, PhoneCall
from dexter.notices.models import Delivery, DeliveryState
from dexter.notices.reads import NOT_PROVEN
from registry import reads as registry
from registry.models import Guardianship, Person, PhoneNumber, SchoolUnit, SecurityMarking

from .same_day import to_tell_of

ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.SENDING, DeliveryState.UNCERTAIN)  # or perhaps
PROTECTED = ~Q(guardian__security_marking=SecurityMarking.NONE) | ~Q(unauthorised_day__pupil__security_marking=SecurityMarking.NONE)


@dataclass
class HomeToPhone:
    """One guardian to phone about one pupil, with the numbers that the reader may see."""

    notice: HomeNotice
    guardian: Person
    phones: list[PhoneNumber]
    deliveries: list[Delivery]
    calls: list[PhoneCall]

    @property
    def is_done(self) -> bool:
        """The latest call reached the guardian, after what is to be told was known."""
        latest = self.calls[-1] if self.calls else None
        return latest is not None and latest.outcome == CallOutcome.REACHED and latest.called_at >= self.notice.queued_at


@dataclass
class PupilToPhone:
    pupil: Person
    class_name: str
    day_id: UUID
    homes: list[HomeToPhone] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return all(home.is_done for home in self.homes)


def arrived_before(home: HomeNotice) -> QuerySet[HomeNotice]:
    """The day's earlier messages that the guardian has had, or perhaps has, by a channel or by phone."""
    return _arrived(HomeNotice.objects.filter(unauthorised_day=home.unauthorised_day_id, guardian=home.guardian_id, number__lt=home.number))


def _arrived(rows: QuerySet[HomeNotice]) -> QuerySet[HomeNotice]:
    sent = Delivery.objects.filter(notice=OuterRef("notice"), state__in=ARRIVED)
    phoned = PhoneCall.objects.filter(home_notice=OuterRef("pk"), outcome=CallOutcome.REACHED)
    return rows.filter(Exists(sent) | Exists(phoned))


def _unreached(notices: QuerySet[HomeNotice], day: date) -> QuerySet[HomeNotice]:
    """Messages of the day that no channel has sent or will send, to those who are guardians still, as long as there is
    something to say: what is unauthorised, or the correction of what they were told.

    A marking that was set meanwhile holds messages back; they are phoned too, by who is named.
    """
    hopeful = Delivery.objects.filter(notice=OuterRef("notice")).exclude(state__in=NOT_PROVEN)
    out_of_reach = ~Exists(hopeful) | (PROTECTED & ~Exists(hopeful.exclude(state=DeliveryState.WITHDRAWN)))
    relations = Guardianship.objects.holding(day).filter(child=OuterRef("unauthorised_day__pupil"), guardian=OuterRef("guardian"))
    stands = Exists(to_tell_of(day).filter(pupil=OuterRef("unauthorised_day__pupil")))
    earlier = HomeNotice.objects.filter(
        unauthorised_day=OuterRef("unauthorised_day"), guardian=OuterRef("guardian"), number__lt=OuterRef("number")
    )
    is_correction = Q(kind=MessageKind.CORRECTION)
    something = (is_correction & Exists(_arrived(earlier))) | (~is_correction & stands)
    return notices.filter(out_of_reach & something & Exists(relations), unauthorised_day__day=day)


def homes_to_phone(notices: QuerySet[HomeNotice], phones: QuerySet[PhoneNumber], day: date) -> list[tuple[SchoolUnit, list[PupilToPhone]]]:
    """By school and pupil, those to phone still before those who were reached; six statements for any number."""
    calls = PhoneCall.objects.select_related("called_by").order_by("called_at", "pk")
    rows = _unreached(notices, day).select_related("unauthorised_day__pupil", "unauthorised_day__school_unit", "guardian", "notice")
    rows = rows.prefetch_related(
        Prefetch("phone_calls", queryset=calls),
        Prefetch("notice__deliveries", queryset=Delivery.objects.order_by("channel")),
        Prefetch("guardian__phone_numbers", queryset=phones.order_by("-mobile", "pk"), to_attr="shown_phones"),
    )
    latest = {(row.unauthorised_day_id, row.guardian_id): row for row in rows.order_by("number")}
    classes = registry.class_names({row.unauthorised_day.pupil_id for row in latest.values()}, day) if latest else {}
    return _by_school(latest.values(), classes)


def _by_school(rows: Iterable[HomeNotice], classes: dict[UUID, str]) -> list[tuple[SchoolUnit, list[PupilToPhone]]]:
    pupils: dict[UUID, PupilToPhone] = {}
    schools: dict[SchoolUnit, list[PupilToPhone]] = defaultdict(list)
    for row in sorted(rows, key=_order):
        day = row.unauthorised_day
        if day.pk not in pupils:
            pupils[day.pk] = PupilToPhone(day.pupil, classes.get(day.pupil_id, ""), day.pk)
            schools[day.school_unit].append(pupils[day.pk])
        pupils[day.pk].homes.append(_home(row))
    for found in schools.values():
        found.sort(key=lambda pupil: pupil.is_done)
    return list(schools.items())


def _order(row: HomeNotice) -> tuple[str, str, str]:
    return row.unauthorised_day.school_unit.name, row.unauthorised_day.pupil.sort_key, row.guardian.sort_key


def _home(row: HomeNotice) -> HomeToPhone:
    guardian: Person = row.guardian
    return HomeToPhone(row, guardian, guardian.shown_phones, list(row.notice.deliveries.all()), list(row.phone_calls.all()))


@dataclass
class Told:
    """One message of the day to one guardian, as the log shows it; no addresses."""

    notice: HomeNotice
    name: str  # empty where the reader may not see who it was
    deliveries: list[Delivery]
    calls: list[PhoneCall]


def told_of(notices: QuerySet[HomeNotice], persons: QuerySet[Person] | None = None) -> list[Told]:
    """The log of one day's messages; four statements at most. `persons` are those whose names the reader may see."""
    calls = PhoneCall.objects.select_related("called_by").order_by("called_at", "pk")
    deliveries = Delivery.objects.exclude(state=DeliveryState.HELD).order_by("channel")
    rows = notices.select_related("notice")
    found = list(rows.prefetch_related(Prefetch("phone_calls", queryset=calls), Prefetch("notice__deliveries", queryset=deliveries)))
    guardians = [row.guardian_id for row in found]
    names = dict(persons.filter(pk__in=guardians).values_list("pk", "shown_name")) if persons is not None else {}
    return [Told(row, names.get(row.guardian_id, ""), list(row.notice.deliveries.all()), list(row.phone_calls.all())) for row in found]
