"""What the alert rules find, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from absence.models import AbsenceAlert, AbsenceCheck, AbsenceInvestigation, AlertKind, AlertRule, SchoolFormRule
from dexter.lib import days
from registry.models import Enrolment, GroupMembership, Organisation, Person, SchoolUnit, SecurityMarking

from .follow_up import DaySums, by_pupil, sums_of_days
from .sums import Sums

FEW = 5  # persons below which a number could point at somebody
LEVELS_BELOW_A_BODY = 4  # of organisations between the body and its units


class Finding(NamedTuple):
    """A pupil beyond a rule's limit; `found` in per cent, lessons or days, by the rule's kind."""

    pupil: UUID
    rule: AlertRule
    found: int


def rules_at(unit_id: UUID, day: date) -> list[AlertRule]:
    """One rule of each kind: the unit's own, else the common one."""
    rows = AlertRule.objects.on(day).filter(Q(school_unit=None) | Q(school_unit=unit_id))
    found: dict[str, AlertRule] = {}
    for row in sorted(rows, key=lambda row: row.school_unit_id is not None):
        found[row.kind] = row
    return [found[kind] for kind in AlertKind.values if kind in found]


@dataclass
class Placed:
    """A pupil with a place at a unit; `is_investigated`: the law has their absence investigated (rows of SchoolFormRule)."""

    is_protected: bool
    is_investigated: bool


def pupils_at(unit_id: UUID, day: date) -> dict[UUID, Placed]:
    """Those with a place at the unit on `day`; with several, one that is investigated is enough. One statement."""
    held = SchoolFormRule.objects.on(day).filter(school_type=OuterRef("school_type"), has_investigation=True)
    minor = Q(pupil__birth_date__gt=days.born_after_to_be_minor(day))
    owed = minor & Q(Exists(held.filter(of_age=False))) | ~minor & Q(Exists(held.filter(of_age=True)))
    places = Enrolment.objects.on(day).filter(school_unit=unit_id, cancelled=False).annotate(owed=owed).order_by("owed")
    rows = places.values_list("pupil_id", "pupil__security_marking", "owed")
    return {pupil: Placed(marking != SecurityMarking.NONE, bool(is_owed)) for pupil, marking, is_owed in rows}


def findings(rules: Sequence[AlertRule], rows: Iterable[DaySums], today: date, pupils: Mapping[UUID, Placed]) -> list[Finding]:
    """Which of `pupils` are beyond which rules in the days before `today`.

    A common rule concerns those whose absence the law has investigated; a unit's own concerns all of its pupils.
    """
    found = []
    for pupil, their_days in by_pupil(rows).items():
        for rule in rules:
            if rule.school_unit_id is None and not pupils[pupil].is_investigated:
                continue
            window = [row for row in their_days if today - timedelta(days=rule.window_days) <= row.day < today]
            number = MEASURES[AlertKind(rule.kind)](window, rule)
            if number >= rule.threshold:
                found.append(Finding(pupil, rule, number))
    return found


def _share(window: Sequence[DaySums], rule: AlertRule) -> int:
    sums = sums_of_days(window)
    return int(sums.share(sums.absent)) if len(window) >= rule.least_days else 0


def _unauthorised(window: Sequence[DaySums], _rule: AlertRule) -> int:
    return sum(row.sums.unauthorised_lessons for row in window)


def _in_a_row(window: Sequence[DaySums], _rule: AlertRule) -> int:
    """The longest run of days with lessons of which the pupil was at none, valid or not; days without lessons break no run."""
    longest = run = 0
    for row in window:
        run = run + 1 if row.sums.absent and row.sums.absent == row.sums.offered else 0
        longest = max(longest, run)
    return longest


MEASURES = {AlertKind.TOTAL_SHARE: _share, AlertKind.UNAUTHORISED_COUNT: _unauthorised, AlertKind.CONSECUTIVE_DAYS: _in_a_row}


def not_raised_yet(found: Iterable[Finding], unit_id: UUID) -> list[Finding]:
    """Without those that are open, or were handled within the rule's window."""
    found = list(found)
    known = AbsenceAlert.objects.filter(school_unit=unit_id, pupil__in={row.pupil for row in found})
    lately: dict[tuple[UUID, str], list[date | None]] = {}
    for alert in known:
        ended = days.day_of(alert.handled_at) if alert.handled_at else None
        lately.setdefault((alert.pupil_id, alert.kind), []).append(ended)
    return [row for row in found if not any(_still_counts(ended, row.rule) for ended in lately.get((row.pupil, row.rule.kind), []))]


def _still_counts(ended: date | None, rule: AlertRule) -> bool:
    return ended is None or ended > days.today() - timedelta(days=rule.window_days)


def units_to_check(day: date) -> QuerySet[SchoolUnit]:
    return SchoolUnit.objects.exclude(pk__in=AbsenceCheck.objects.filter(day=day).values("school_unit"))


def listed(alerts: QuerySet[AbsenceAlert]) -> QuerySet[AbsenceAlert]:
    """As a list shows them: with pupil, class, school and who handled it."""
    classes = GroupMembership.objects.on(days.today()).filter(person=OuterRef("pupil"), in_class=True).values("group__name")[:1]
    return alerts.select_related("pupil", "school_unit", "handled_by", "rule").annotate(class_name=Subquery(classes))


@dataclass
class UnitRule:
    """What holds for a unit today, and whether it is the unit's own."""

    unit: SchoolUnit
    rules: list[AlertRule]
    coming: list[AlertRule]  # the unit's own that begin later, by day
    is_investigated: bool  # in some form of schooling of the unit; else the common rules raise nothing there


def rules_of_units(units: Iterable[SchoolUnit]) -> list[UnitRule]:
    """Two statements for any number of units."""
    units, today = list(units), days.today()
    owed = set(SchoolFormRule.objects.on(today).filter(has_investigation=True).values_list("school_type", flat=True))
    known = list(AlertRule.objects.on_or_after(today).filter(Q(school_unit=None) | Q(school_unit__in=units)).order_by("start_date", "kind"))
    rows = [row for row in known if row.start_date <= today]
    found = []
    for unit in units:
        of_kind = {row.kind: row for row in rows if row.school_unit_id is None} | {
            row.kind: row for row in rows if row.school_unit_id == unit.pk
        }
        held = [of_kind[kind] for kind in AlertKind.values if kind in of_kind]
        coming = [row for row in known if row.start_date > today and row.school_unit_id == unit.pk]
        found.append(UnitRule(unit, held, coming, not owed.isdisjoint(unit.school_types)))
    return found


def rule_at(unit: SchoolUnit, kind: str, day: date) -> AlertRule | None:
    return next((rule for rule in rules_at(unit.pk, day) if rule.kind == kind), None)


@dataclass
class UnitCounts:
    """One unit in figures for the responsible body. A number about fewer than five is not told: None."""

    unit: SchoolUnit
    day: date | None  # None: not counted yet
    pupils: int
    sums: Sums
    open_investigations: int | None

    @property
    def is_small(self) -> bool:
        return self.day is not None and self.pupils < FEW


def counts_of_units(units: QuerySet[SchoolUnit]) -> list[UnitCounts]:
    """The latest night's sums and the investigations under way, without the protected. Three statements."""
    latest: dict[UUID, AbsenceCheck] = {}
    for check in AbsenceCheck.objects.filter(school_unit__in=units).order_by("school_unit_id", "-day").distinct("school_unit_id"):
        latest[check.school_unit_id] = check
    open_cases = AbsenceInvestigation.objects.under_way().filter(pupil__in=Person.objects.unmarked(), school_unit__in=units)
    cases = dict(open_cases.order_by().values_list("school_unit").annotate(count=Count("pk")))
    return [_counts(unit, latest.get(unit.pk), cases.get(unit.pk, 0)) for unit in units.order_by("name", "pk")]


def _counts(unit: SchoolUnit, check: AbsenceCheck | None, cases: int) -> UnitCounts:
    sums = Sums()
    if check:
        valid = check.away_minutes - check.unauthorised_minutes
        sums = Sums(check.offered_minutes, valid, check.unauthorised_minutes)
    told = cases if cases >= FEW else None
    return UnitCounts(unit, check.day if check else None, check.pupils if check else 0, sums, told)


def units_of_bodies(bodies: QuerySet[Organisation]) -> QuerySet[SchoolUnit]:
    """The units below the bodies, at whatever level."""
    above, below = "organisation", Q(organisation__in=bodies)
    for _level in range(LEVELS_BELOW_A_BODY):
        above += "__parent"
        below |= Q(**{f"{above}__in": bodies})
    return SchoolUnit.objects.filter(below)
