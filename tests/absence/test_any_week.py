"""Pupils change class in mid-week, known beforehand or written down afterwards, while days are reported, granted, called and corrected
in whatever order: each roll-call keeps whom it saw, and every sum, parted in any way, is the time that was offered.

The week holds the day when the clocks change, a lesson over midnight, and a plain model of all of it runs beside.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from absence.actions.roll_calls import Seen, take_roll_call
from absence.models import LeaveDay, ReportedDay, RollCall
from absence.reads import By, Wanted, statistics_of, sums_by_pupil
from absence.reads.follow_up import by_pupil, days_of_pupils, sums_of_days
from absence.reads.pupil_sums import PupilSums
from absence.reads.sums import Sums
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from registry.actions.relations import move_to_class
from registry.models import CalendarEvent, Duty, DutyRole, Person

from . import plain
from .schools import MINUTES, School

CLOCKS = (time(2, 30), time(23, 30))  # twice there, or never, when the clocks change; and over midnight
CLASSES = (0, 1)
PUPIL = st.integers(0, 3)
DAY = st.integers(0, 4)
PLACE = st.tuples(DAY, st.sampled_from(CLOCKS), st.sampled_from(CLASSES))
SEEN = st.sampled_from(
    [Seen(whole=True), Seen(late=7), Seen(left_early=20), Seen(other=MINUTES), Seen(absent=5, late=5, left_early=5, other=5)]
)
SPAN = st.tuples(st.sampled_from([0, 60, 8 * 60 + 10, 23 * 60]), st.sampled_from([45, 200, 23 * 60]))  # minutes from midnight, and length


class Place(NamedTuple):
    """A lesson of the week."""

    day: int
    clock: time
    klass: int


class AnyWeek(RuleBasedStateMachine):
    cast: Any
    change: date  # the Sunday when the clocks change

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.school = School(self.cast)
        self.days = [self.change + timedelta(days=ahead) for ahead in (-3, -2, 0, 1, 2)]
        self.pupils = [pupil for klass in self.school.pupils for pupil in klass]
        self.office = Actor(self.cast.id("pekka"), Role.STAFF, Level.TWO_FACTOR)
        Duty.objects.create(
            person_id=self.office.person_id, school_unit=self.school.unit, duty_role=DutyRole.ADMINISTRATOR, start_date=self.school.began
        )
        self.in_class = {(who, day): who // 2 for who in range(4) for day in range(5)}  # as the register has it now
        self.lessons = {where: self.lesson(where) for where in map(Place._make, product(range(5), CLOCKS, CLASSES))}
        self.rosters: dict[Place, set[int]] = {}
        self.seen: dict[Place, dict[int, Seen]] = defaultdict(dict)
        self.said: dict[int, list[plain.Said]] = defaultdict(list)
        self.leave: set[tuple[int, int]] = set()

    def lesson(self, where: Place) -> CalendarEvent:
        opens = days.moment(self.days[where.day], where.clock).astimezone(days.UTC)
        activity = self.school.activities[self.school.classes[where.klass].name, "SV"]
        return CalendarEvent.objects.create(activity=activity, starts_at=opens, ends_at=opens + timedelta(minutes=MINUTES))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    @rule(place=PLACE, marks=st.dictionaries(PUPIL, SEEN, max_size=4))
    def a_lesson_is_called_or_corrected(self, place: tuple[int, time, int], marks: dict[int, Seen]) -> None:
        where = Place(*place)
        now_in_class = {who for who in range(4) if self.in_class[who, where.day] == where.klass}
        roster = self.rosters.get(where, now_in_class)
        marks = {who: seen for who, seen in marks.items() if who in roster}
        version = RollCall.objects.filter(lesson=self.lessons[where]).values_list("version", flat=True).first() or 0
        given = {self.pupils[who].pk: seen for who, seen in marks.items()}
        lesson = CalendarEvent.objects.get(pk=self.lessons[where].pk)
        take_roll_call(actor=self.office, lesson=lesson, marks=given, version=version, submission=uuid.uuid4(), reason="rättat")
        self.rosters[where], self.seen[where] = roster, marks

    @rule(who=PUPIL, day=DAY, klass=st.sampled_from(CLASSES))
    def a_pupil_changes_class(self, who: int, day: int, klass: int) -> None:
        """From a day of the week on, also one whose lessons were called long ago."""
        pupil = Person.objects.get(pk=self.pupils[who].pk)
        move_to_class(actor=self.office, pupil=pupil, school_class=self.school.classes[klass], first_day=self.days[day])
        self.in_class |= {(who, later): klass for later in range(day, 5)}

    @rule(who=PUPIL, day=DAY, span=SPAN, ahead=st.sampled_from([24, -1]))
    def it_is_reported(self, who: int, day: int, span: tuple[int, int], ahead: int) -> None:
        opens, closes = (moment.astimezone(days.UTC) for moment in days.bounds(self.days[day]))
        starts = opens + timedelta(minutes=span[0])
        row = plain.Said(starts, min(starts + timedelta(minutes=span[1]), closes), starts - timedelta(hours=ahead))
        overlaps = any(row.starts_at < other.ends_at and other.starts_at < row.ends_at for other in self.said[who])
        if row.starts_at < row.ends_at and not overlaps:
            self.school.report(self.pupils[who], row.starts_at, row.ends_at, row.reported_at)
            self.said[who].append(row)

    @rule(who=PUPIL)
    def all_reports_are_taken_back(self, who: int) -> None:
        rows = ReportedDay.objects.filter(pupil=self.pupils[who], withdrawn_at=None)
        rows.update(withdrawn_at=days.now(), withdrawn_by=self.office.person_id)
        self.said[who] = []

    @rule(who=PUPIL, day=DAY)
    def leave_is_granted_or_taken_back(self, who: int, day: int) -> None:
        if (who, day) in self.leave:
            LeaveDay.objects.filter(pupil=self.pupils[who], day=self.days[day]).update(revoked_at=days.now())
        else:
            self.school.leave(self.pupils[who], [self.days[day]])
        self.leave ^= {(who, day)}

    def counted(self, where: Place, who: int) -> Sums:
        seen, lesson = self.seen[where].get(who, Seen()), plain.Lesson(self.lessons[where].starts_at, MINUTES)
        shown = plain.Seen(MINUTES if seen.whole else seen.absent, seen.late, seen.left_early, seen.other)
        found = plain.counted(lesson, shown, self.said[who], verdict=None, on_leave=(who, where.day) in self.leave)
        return Sums(MINUTES, found.valid, found.unauthorised, found.other)

    def expected(self, key: Any) -> dict[Any, Sums]:
        found: dict[Any, Sums] = defaultdict(Sums)
        for where, roster in self.rosters.items():
            for who in roster:
                found[key(where, who)] += self.counted(where, who)
        return dict(found)

    def by(self, by: By) -> dict[str, Sums]:
        found = statistics_of(Wanted(self.school.unit, self.days[0], self.days[-1], by))
        total = sum((line.sums for line in found.lines), Sums())
        assert total == found.total == sum((sums for _month, sums in found.months), Sums())
        return {line.key: line.sums for line in found.lines}

    @invariant()
    def each_roll_call_keeps_whom_it_saw(self) -> None:
        kept = {row.lesson_id: set(row.roster) for row in RollCall.objects.filter(school_unit=self.school.unit)}
        assert kept == {self.lessons[where].pk: {self.pupils[who].pk for who in roster} for where, roster in self.rosters.items()}

    @invariant()
    def every_sum_is_what_was_offered(self) -> None:
        each_own = self.expected(lambda _where, who: str(self.pupils[who].pk))
        assert self.by(By.PUPIL) == each_own
        klass_of = self.expected(lambda where, who: str(self.school.classes[self.in_class[who, where.day]].pk))
        assert self.by(By.CLASS) == klass_of
        assert self.by(By.WEEKDAY) == self.expected(lambda where, _who: str(self.days[where.day].isoweekday()))
        ids = [pupil.pk for pupil in self.pupils]
        each = by_pupil(days_of_pupils(ids, self.days[0], self.days[-1]))
        summed = {str(pupil): sums_of_days(rows) for pupil, rows in each.items()}
        assert {key: self.minutes(sums) for key, sums in summed.items()} == each_own

    @staticmethod
    def minutes(sums: Sums) -> Sums:
        assert sums.offered == sums.present + sums.valid + sums.unauthorised + sums.other
        assert min(sums.present, sums.valid, sums.unauthorised, sums.other) >= 0
        return Sums(sums.offered, sums.valid, sums.unauthorised, sums.other)

    @invariant()
    def what_nobody_called_is_offered_too_and_once(self) -> None:
        found = sums_by_pupil(self.school.unit, self.days[0], self.days[-1])
        for who, pupil in enumerate(self.pupils):
            called = {(where.day, where.clock) for where, roster in self.rosters.items() if who in roster}
            held = {
                (where.day, where.clock)
                for where in self.lessons.keys() - self.rosters.keys()
                if self.in_class[who, where.day] == where.klass
            }
            own = found.get(pupil.pk, PupilSums())
            assert own.sums.offered == MINUTES * sum(who in roster for roster in self.rosters.values())
            assert own.unreported == MINUTES * len(held - called)


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)], ids=["25 hours", "23 hours"])
def test_whatever_happens_in_a_week(cast: Any, change: date) -> None:
    class ThisWeek(AnyWeek):
        pass

    ThisWeek.cast, ThisWeek.change = cast, change
    several = settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    with time_machine.travel(datetime.combine(change + timedelta(days=4), time(12), tzinfo=days.STOCKHOLM), tick=False):
        run_state_machine_as_test(ThisWeek, settings=several)
