"""One pupil's attendance, by day and in sum, from the roll-calls that held the pupil and what each counts as.

Minutes of presence, valid, unauthorised and other are those of `Effective`; together they are the minutes of the lessons
whose roll-call was taken. A lesson that nobody reported is in no sum: it is a state of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from absence.models import CorrectionRequest, Effective, Judgement, LeaveDay, ReportedDay, RollCall
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry import reads as registry
from registry.models import CalendarEvent, Enrolment, Person, Term
from registry.models.teaching import CalendarEventQuerySet

from .attendance_sums import Line, Mark, mark_of_day, sums_of
from .reports import with_receipt
from .sums import Sums
from .terms import TermSpan, span_at, term_spans

LAST_WEEKDAY = 5  # Friday
YEAR_AROUND = timedelta(days=300)  # how far from a month the nearest term is looked for


@dataclass
class Day:
    """One day of the month: what it amounts to, its lessons and what was reported."""

    day: date
    mark: Mark
    lines: list[Line]
    reported: list[ReportedDay]

    @property
    def told(self) -> bool:
        """It stands in the list below the calendar: some lesson is over, or something is reported or granted."""
        return bool(self.reported) or any(line.mark is not Mark.COMING for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Its lessons are shown without being asked for: something is out of the ordinary."""
        return self.mark in (Mark.UNAUTHORISED, Mark.TO_JUDGE, Mark.VALID, Mark.LATE, Mark.OTHER)

    @property
    def sums(self) -> Sums:
        return sums_of(self.lines)


@dataclass
class Attendance:
    """A month of a pupil, and the term that it lies in."""

    month: date
    days: list[Day]
    sums: Sums  # of the month
    term: TermSpan | None
    term_sums: Sums
    term_months: list[tuple[date, Sums]] = field(default_factory=list)

    @property
    def weekdays(self) -> list[date]:
        """Monday to Friday, and the weekend when something happens there, as days of some week."""
        weekend = any(row.told for row in self.days if row.day.isoweekday() > LAST_WEEKDAY)
        return days.Week.of(self.month).days[: 7 if weekend else LAST_WEEKDAY]

    @property
    def weeks(self) -> list[list[Day | None]]:
        """None where another month's days would be."""
        width = len(self.weekdays)
        shown = [row for row in self.days if row.day.isoweekday() <= width]
        cells: list[Day | None] = [*[None] * (shown[0].day.isoweekday() - 1), *shown]
        cells += [None] * (-len(cells) % width)
        return [cells[start : start + width] for start in range(0, len(cells), width)]

    @property
    def marks(self) -> list[Mark]:
        """Those in the month, for its legend."""
        found = {row.mark for row in self.days}
        return [mark for mark in Mark if mark in found]

    @property
    def told_days(self) -> list[Day]:
        return [row for row in reversed(self.days) if row.told]

    @property
    def before(self) -> date:
        return (self.month - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return last_of(self.month) + timedelta(days=1)


def attendance_of(pupil: Person, actor: Actor, month: date) -> Attendance:
    """Of a pupil (with `is_mentored`) whom the actor sees; four statements for any number of lessons.

    The home and mentors see every lesson, other staff those that they teach or lead, and what was reported for these.
    """
    first, last = month, last_of(month)
    term = span_at(term_spans(_terms(pupil.pk, first - YEAR_AROUND, last + YEAR_AROUND)), first, last)
    opens, closes = (min(first, term.first), max(last, term.last)) if term else (first, last)
    lines = lines_of(pupil, actor, opens, closes)
    reported = list(with_receipt(ReportedDay.objects.standing().of([pupil.pk], first, last), actor.person_id))
    if not _sees_all(actor, pupil):
        reported = [row for row in reported if any(line.starts_at < row.ends_at and line.ends_at > row.starts_at for line in lines)]
    in_month = [line for line in lines if first <= line.day <= last]
    in_term = [line for line in lines if term and term.first <= line.day <= term.last]
    return Attendance(
        month=month,
        days=[_day(day, in_month, reported) for day in days.days_between(first, last)],
        sums=sums_of(in_month),
        term=term,
        term_sums=sums_of(in_term),
        term_months=_by_month(in_term),
    )


def last_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def lines_of(pupil: Person, actor: Actor, first: date, last: date) -> list[Line]:
    """What is known of each lesson of the pupil in the period; two statements."""
    judged = Judgement.objects.standing().filter(lesson=OuterRef("lesson"), pupil=OuterRef("pupil"))
    rows = Effective.objects.of([pupil.pk]).between(first, last).annotate(judged_reason=Subquery(judged.values("reason")[:1]))
    effective = {row.lesson_id: row for row in rows}
    lessons = _open_to(actor, pupil, _lessons(pupil.pk, first, last))
    return [Line.of(lesson, effective.get(lesson.pk)) for lesson in lessons]


def _open_to(actor: Actor, pupil: Person, lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    return lessons if _sees_all(actor, pupil) else lessons.visible_to(actor)


def _sees_all(actor: Actor, pupil: Person) -> bool:
    return actor.role is not Role.STAFF or bool(pupil.is_mentored)


def _lessons(pupil_id: UUID, first: date, last: date) -> CalendarEventQuerySet:
    """What the pupil is taught by the groups of each day, and every lesson whose roll-call held the pupil; each once, by time."""
    called = RollCall.objects.of_pupils([pupil_id], first, last)
    taught = registry.lessons_for([pupil_id], first, last)
    known = called.order_by().values("lesson_id").union(taught.order_by().values("pk"))
    leave = LeaveDay.objects.standing().filter(pupil=pupil_id, day=OuterRef("day"), school_unit=OuterRef("activity__school_unit"))
    covered = ReportedDay.objects.standing().filter(pupil=pupil_id, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    asked = CorrectionRequest.objects.filter(pupil=pupil_id, lesson=OuterRef("pk")).order_by("-asked_at")
    return (
        CalendarEvent.objects.filter(pk__in=known)
        .annotate(
            held_pupil=ExpressionWrapper(Q(roll_call__roster__contains=[pupil_id]), output_field=BooleanField()),
            called_at=F("roll_call__lesson_starts_at"),
            called_minutes=F("roll_call__lesson_minutes"),
            called_day=F("roll_call__day"),
            on_leave=Exists(leave),
            is_reported=Exists(covered),
            correction=Subquery(asked.values("state")[:1]),
        )
        .with_activity()
        .order_by("starts_at", "pk")
    )


def _terms(pupil_id: UUID, first: date, last: date) -> QuerySet[Term]:
    """The common terms and those of the pupil's schools; where they differ, lessons say which one the pupil is in."""
    own = Enrolment.objects.filter(pupil=pupil_id, cancelled=False).values("school_unit")
    return Term.objects.filter(Q(school_unit=None) | Q(school_unit__in=own), start_date__lte=last, end_date__gte=first)


def _day(day: date, lines: Iterable[Line], reported: Iterable[ReportedDay]) -> Day:
    own = [line for line in lines if line.day == day]
    said = [row for row in reported if row.day == day]
    return Day(day, mark_of_day(own, reported=bool(said)), own, said)


def _by_month(lines: Sequence[Line]) -> list[tuple[date, Sums]]:
    """The months in which some roll-call was taken."""
    found: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        if line.called:
            found[line.day.replace(day=1)].append(line)
    return [(month, sums_of(rows)) for month, rows in sorted(found.items())]
