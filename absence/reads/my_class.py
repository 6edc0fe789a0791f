"""The mentor's class: each pupil today, in the term and over the last weeks; and one pupil whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from absence.models import (
    AbsenceAlert,
    AbsenceInvestigation,
    AbsenceStep,
    Effective,
    Judgement,
    LeaveDay,
    ReportedDay,
    RollCall,
)
from absence.models.scope import open_to_judgement
from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.models import period_holds
from registry.models import AssignmentRole, AssignmentRoleType, Enrolment, Group, GroupType, Person, SchoolUnit, scope
from registry.models.groups import GroupQuerySet
from registry.models.person import PersonQuerySet

from .follow_up import DaySums, by_pupil, days_of_pupils, sums_of_days, term_start
from .judging import described
from .sums import Sums
from .trend import Trend, trend_of

SUBJECT = "lesson__activity__syllabus__subject_name"
ACTIVITY = "lesson__activity__name"
SHOWN_LESSONS = 60  # of a pupil's departures in the term, and of judgements
A_YEAR = 365  # days


@dataclass
class ClassRow:
    """One pupil of the class; `pupil` carries what `with_follow_up` added."""

    pupil: Any
    today: Sums
    term: Sums
    trend: Trend


def groups_followed(groups: GroupQuerySet, actor: Actor) -> GroupQuerySet:
    """Of `groups` those where the actor is mentor or has another assignment, for as long as pupils are seen, or whose unit they lead."""
    day = days.today()
    roles = AssignmentRole.objects.filter(scope.within_reach(day, "", "group__school_unit__"), period_holds(day, "duty__"))
    assigned = Q(pk__in=roles.filter(duty__person=actor.person_id).values("group"))
    return groups.filter(assigned | Q(school_unit__in=scope.units_led_by(actor))).select_related("school_unit")


def classes_mentored(actor: Actor) -> QuerySet[Group]:
    """The groups that the actor is mentor or special educator of today: the doors to My class."""
    roles = AssignmentRole.objects.on(days.today()).filter(period_holds(days.today(), "duty__"), duty__person=actor.person_id)
    kinds = (AssignmentRoleType.MENTOR, AssignmentRoleType.SPECIAL_EDUCATOR, AssignmentRoleType.PUPIL_HEALTH)
    return Group.objects.filter(pk__in=roles.filter(assignment_role_type__in=kinds).values("group")).order_by("sort_key", "pk")


def class_rows(group: Group, pupils: PersonQuerySet, actor: Actor) -> list[ClassRow]:
    """Four statements for any number of `pupils`: the scoped persons, of whom the group's members of today are taken."""
    today = days.today()
    found = list(with_follow_up(pupils.members_of(group, today), actor).order_by("sort_key", "pk"))
    term = term_start(group.school_unit_id, today)
    rows = by_pupil(days_of_pupils([pupil.pk for pupil in found], min(term, trend_start(today)), today))
    return [_row(pupil, rows[pupil.pk], term, today) for pupil in found]


def _row(pupil: Person, rows: Sequence[DaySums], term: date, today: date) -> ClassRow:
    return ClassRow(
        pupil=pupil,
        today=sums_of_days(row for row in rows if row.day == today),
        term=sums_of_days(row for row in rows if row.day >= term),
        trend=trend_of(rows, today),
    )


def trend_start(today: date) -> date:
    return days.Week.of(today).moved(-Trend.WEEKS).monday


def sorted_rows(rows: list[ClassRow], order: str) -> list[ClassRow]:
    """By name as they come, else the most absence first; equal ones by name."""
    if order == "franvaro":
        return sorted(rows, key=lambda row: -row.term.share(row.term.absent))
    if order == "ogiltig":
        return sorted(rows, key=lambda row: -row.term.unauthorised)
    return rows


def with_follow_up(pupils: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """Adds `is_reported`, `is_on_leave` of today, `open_alerts`, `first_alert`, `latest_step` and `has_investigation`."""
    today = days.today()
    reported = ReportedDay.objects.standing().filter(pupil=OuterRef("pk"), day=today)
    leave = LeaveDay.objects.standing().filter(pupil=OuterRef("pk"), day=today)
    alerts = AbsenceAlert.objects.visible_to(actor).standing().filter(pupil=OuterRef("pk")).order_by()
    counted = alerts.values("pupil").annotate(count=Count("pk")).values("count")
    steps = AbsenceStep.objects.visible_to(actor).filter(pupil=OuterRef("pk")).order_by("-taken_on", "-pk")
    under_way = AbsenceInvestigation.objects.visible_to(actor).under_way().filter(pupil=OuterRef("pk"))
    return pupils.annotate(
        is_reported=Exists(reported),
        is_on_leave=Exists(leave),
        open_alerts=Coalesce(Subquery(counted), 0),
        first_alert=Subquery(alerts.order_by("raised_at").values("pk")[:1]),
        latest_step=Subquery(steps.values(found=JSONObject(name="step__name", taken_on="taken_on"))[:1]),
        has_investigation=Exists(under_way.order_by()),
    )


def unit_followed(pupil: Person, actor: Actor) -> SchoolUnit | None:
    """Of the units where the pupil has a place today, else had the last one, the one that the actor leads before others."""
    led = Exists(SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor)).filter(pk=OuterRef("school_unit")))
    places = Enrolment.objects.filter(pupil=pupil, cancelled=False, start_date__lte=days.today()).annotate(led=led)
    place = places.order_by(F("end_date").desc(nulls_first=True), "-led", "start_date").select_related("school_unit").first()
    return place.school_unit if place else None


def judgements_of(judgements: QuerySet[Judgement], pupil: Person) -> list[Judgement]:
    """What the school has judged of one pupil this school year, replaced ones too, the latest first."""
    since = days.today() - timedelta(days=A_YEAR)
    rows = judgements.filter(pupil=pupil, judged_at__gte=days.bounds(since)[0]).select_related("lesson__activity", "judged_by")
    return list(rows.order_by("-judged_at", "-pk")[:SHOWN_LESSONS])


@dataclass
class SubjectRow:
    name: str
    sums: Sums


@dataclass
class WeekdayRow:
    day: date  # any with that weekday
    sums: Sums


@dataclass
class PupilAbsence:
    """The term of one pupil."""

    since: date
    term: Sums
    trend: Trend
    subjects: list[SubjectRow]
    weekdays: list[WeekdayRow]
    classes: list[Group]
    departures: list[Effective]


def pupil_absence_of(pupil: Person, actor: Actor, unit: SchoolUnit | None) -> PupilAbsence:
    """For a pupil whom the caller has found by its scope and follows; all subjects. Six statements."""
    today = days.today()
    since = term_start(unit.pk, today) if unit else trend_start(today)
    rows = days_of_pupils([pupil.pk], min(since, trend_start(today)), today)
    term = [row for row in rows if row.day >= since]
    departures = described(Effective.objects.visible_to(actor).of([pupil.pk]).between(since, today), actor)
    judged_by_me = ExpressionWrapper(open_to_judgement(actor), output_field=BooleanField())  # as the rule absence.judge has it
    return PupilAbsence(
        since=since,
        term=sums_of_days(term),
        trend=trend_of(rows, today),
        subjects=_subjects(pupil, since, today),
        weekdays=_weekdays(term),
        classes=list(Group.objects.visible_to(actor).with_member(pupil, today).filter(group_type__in=[GroupType.CLASS, GroupType.MENTOR])),
        departures=list(departures.annotate(may_judge=judged_by_me).order_by("-lesson_starts_at", "pk")[:SHOWN_LESSONS]),
    )


def _subjects(pupil: Person, first: date, last: date) -> list[SubjectRow]:
    """Every subject with lessons, the most absence first."""
    found: dict[str, Sums] = defaultdict(Sums)
    offered = RollCall.objects.of_pupils([pupil.pk], first, last).order_by()
    for row in offered.values(SUBJECT, ACTIVITY).annotate(minutes=Sum("lesson_minutes")):
        found[row[SUBJECT] or row[ACTIVITY]] += Sums(row["minutes"])
    away = Effective.objects.of([pupil.pk]).between(first, last).order_by().values(SUBJECT, ACTIVITY)
    for row in away.annotate(valid=Sum("valid_minutes"), unauthorised=Sum("unauthorised_minutes")):
        found[row[SUBJECT] or row[ACTIVITY]] += Sums(valid=row["valid"], unauthorised=row["unauthorised"])
    rows = [SubjectRow(name, sums) for name, sums in found.items()]
    return sorted(rows, key=lambda row: (-row.sums.share(row.sums.absent), row.name))


def _weekdays(rows: Iterable[DaySums]) -> list[WeekdayRow]:
    found: dict[int, WeekdayRow] = {}
    for row in rows:
        found.setdefault(row.day.isoweekday(), WeekdayRow(row.day, Sums())).sums += row.sums
    return [found[number] for number in sorted(found)]


def follow_up_of(pupil: Person, actor: Actor) -> dict[str, Any]:
    """Alerts, steps and investigations that the actor may see of one pupil, the latest first."""
    alerts = AbsenceAlert.objects.visible_to(actor).filter(pupil=pupil).select_related("handled_by").order_by("-raised_at")
    steps = AbsenceStep.objects.visible_to(actor).filter(pupil=pupil).select_related("step", "taken_by")
    investigations = AbsenceInvestigation.objects.visible_to(actor).filter(pupil=pupil)
    return {"alerts": list(alerts), "steps": list(steps), "investigations": list(investigations)}
