"""In whatever order a day is reported, called, corrected, opened again and judged: no minute is lost or invented, no history goes.

A plain model of the day runs beside: what each lesson says of each pupil, in sets of minutes.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from absence.actions.day_calls import AwayFromDay, take_day_call
from absence.actions.reports import Span, report_absence, withdraw_day
from absence.actions.roll_calls import Conflict, Seen, reopen_lesson, take_roll_call
from absence.models import DayCall, DayPart, Deviation, Effective, Judgement, ReportedDay, RollCall, RollCallChange, UnitSettings
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from registry.models import CalendarEvent, GroupMembership, Person

Minutes = dict[str, int]
LESSONS, LENGTH = 4, 50
WHO = st.sampled_from(["sami", "elsa", "kim"])
LESSON = st.integers(0, LESSONS - 1)
PARTS = st.fixed_dictionaries({name: st.sampled_from([0, 0, 5, 17, 26]) for name in ("absent", "late", "left_early", "other")})
SEEN = st.one_of(st.just(Seen(whole=True)), PARTS.map(lambda parts: Seen(**parts)), st.just(Seen(absent=LENGTH)))
MARKS = st.dictionaries(WHO, SEEN, max_size=3)
CLOCK = st.sampled_from([None, time(8, 10), time(10, 0), time(10, 25), time(14, 49), time(23, 0)])
AWAY = st.one_of(st.just(AwayFromDay(whole=True)), st.builds(AwayFromDay, came_at=CLOCK, left_at=CLOCK))
DAY_MARKS = st.dictionaries(WHO, AWAY, max_size=3)


def plain_minutes(away: AwayFromDay | None, opens: datetime) -> Minutes:
    """Minute by minute: is the pupil away in it?"""
    if away is None:
        return {}
    clocks = [(opens + timedelta(minutes=number)).astimezone(days.STOCKHOLM).time() for number in range(LENGTH)]
    gone = [number for number, clock in enumerate(clocks) if is_away(away, clock)]
    if len(gone) == LENGTH:
        return {"absent": LENGTH}
    found: Minutes = {}
    for run in runs(gone):
        name = "late" if run[0] == 0 else "left_early" if run[-1] == LENGTH - 1 else "absent"
        found[name] = len(run)
    return found


def is_away(away: AwayFromDay, clock: time) -> bool:
    came, left = away.came_at, away.left_at
    if came and left:
        return left <= clock < came if left < came else clock < came or clock >= left
    return clock < came if came else clock >= left if left else True


def runs(numbers: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def plain_seen(seen: Seen) -> Minutes | None:
    """None: more than there is."""
    parts = {name: count for name, count in vars(seen).items() if name != "whole" and count}
    if seen.whole:
        return {"absent": LENGTH}
    return parts if sum(parts.values()) <= LENGTH else None


class AnyDay(RuleBasedStateMachine):
    ids: dict[str, uuid.UUID]

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.day: date = days.today()
        self.lessons = list(CalendarEvent.objects.filter(activity__groups__name="4A", day=self.day).order_by("starts_at")[:LESSONS])
        CalendarEvent.objects.filter(activity__groups__name="4A", day=self.day).exclude(
            pk__in=[lesson.pk for lesson in self.lessons]
        ).update(cancelled=True)
        group = self.lessons[0].activity.groups.get()
        self.group = group
        UnitSettings.objects.create(school_unit=group.school_unit, start_date=self.day, roll_call_mode="day")
        self.roster = set(GroupMembership.objects.on(self.day).filter(group=group).values_list("person", flat=True))
        self.anna, self.pekka = (Actor(self.ids[key], Role.STAFF, Level.TWO_FACTOR) for key in ("anna", "pekka"))
        self.said: dict[int, dict[uuid.UUID, Minutes]] = {}  # by lesson that is taken
        self.by_class: set[int] = set()
        self.marks: dict[uuid.UUID, AwayFromDay] = {}
        self.versions = [0] * LESSONS
        self.day_version = 0
        self.changes = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    def at(self, hour: int, minute: int = 0, ahead: int = 0) -> Any:
        return time_machine.travel(days.moment(self.day + timedelta(days=ahead), time(hour, minute)), tick=False)

    def pupils(self, marks: dict[str, Any]) -> dict[uuid.UUID, Any]:
        return {self.ids[key]: mark for key, mark in marks.items()}

    @rule(
        number=LESSON,
        marks=MARKS,
        stale=st.sampled_from([0, 0, 0, 1, -1]),
        reason=st.sampled_from(["", "fel"]),
        ahead=st.sampled_from([0, 0, 2]),
    )
    def a_lesson_is_saved(self, number: int, marks: dict[str, Seen], stale: int, reason: str, ahead: int) -> None:
        version, given_marks = max(self.versions[number] + stale, 0), self.pupils(marks)
        seen = {pupil: plain_seen(mark) for pupil, mark in given_marks.items()}
        after = {pupil: minutes for pupil, minutes in seen.items() if minutes}
        before = self.said.get(number, {})
        moved = {pupil for pupil in before.keys() | after.keys() if before.get(pupil) != after.get(pupil)}
        refused = None in seen.values() or (number in self.said and moved and ahead and not reason)
        with self.at(12, 30, ahead):
            try:
                self.save(number, given_marks, version, reason)
            except Conflict:
                assert version != self.versions[number]
                return
            except ValidationError:
                assert refused
                return
        assert version == self.versions[number]
        assert not refused
        if number in self.said:
            self.changes += len(moved)
        self.said[number] = after
        self.versions[number] += 1

    def save(self, number: int, marks: dict[uuid.UUID, Seen], version: int, reason: str) -> None:
        sent = {"marks": marks, "version": version, "submission": uuid.uuid4(), "reason": reason}
        with transaction.atomic():
            first = take_roll_call(actor=self.anna, lesson=self.lessons[number], **sent)
        again = take_roll_call(actor=self.anna, lesson=self.lessons[number], **sent)
        assert (first.pk, first.version) == (again.pk, again.version)

    @rule(marks=DAY_MARKS, stale=st.sampled_from([0, 0, 0, 1]))
    def the_class_is_called(self, marks: dict[str, AwayFromDay], stale: int) -> None:
        given_marks = self.pupils(marks)
        refused = any(mark.came_at and mark.came_at == mark.left_at for mark in marks.values())
        with self.at(12, 45):
            try:
                sent = {"marks": given_marks, "version": self.day_version + stale, "submission": uuid.uuid4()}
                with transaction.atomic():
                    take_day_call(actor=self.anna, group=self.group, day=self.day, part=DayPart.WHOLE, **sent)
            except Conflict:
                assert stale
                return
            except ValidationError:
                assert refused
                return
        assert not stale
        assert not refused
        self.day_version += 1
        self.spread(given_marks)

    def spread(self, marks: dict[uuid.UUID, AwayFromDay]) -> None:
        for number, lesson in enumerate(self.lessons):
            new = {pupil: plain_minutes(mark, lesson.starts_at) for pupil, mark in marks.items()}
            if number not in self.said:
                self.said[number] = {pupil: minutes for pupil, minutes in new.items() if minutes}
                self.by_class.add(number)
                self.versions[number] = 1
            elif number in self.by_class:
                self.follow(number, {pupil: plain_minutes(mark, lesson.starts_at) for pupil, mark in self.marks.items()}, new)
        self.marks = marks

    def follow(self, number: int, old: dict[uuid.UUID, Minutes], new: dict[uuid.UUID, Minutes]) -> None:
        """Who is an exception of the lesson stays; the others follow the day."""
        here, moved = self.said[number], 0
        for pupil in old.keys() | new.keys():
            was, becomes = old.get(pupil, {}), new.get(pupil, {})
            if was != becomes and here.get(pupil, {}) == was:
                moved += 1
                here.pop(pupil, None)
                if becomes:
                    here[pupil] = becomes
        self.changes += moved
        self.versions[number] += bool(moved)

    @rule(
        key=st.sampled_from([("amira", "sami"), ("karin", "elsa")]),
        hours=st.sampled_from([None, (8, 9), (10, 12), (8, 15)]),
        late=st.booleans(),
    )
    def it_is_reported(self, key: tuple[str, str], hours: tuple[int, int] | None, late: bool) -> None:
        span = Span(self.day, self.day, *(time(hour) for hour in hours)) if hours else Span(self.day, self.day)
        with self.at(9 if late else 7):
            actor = Actor(self.ids[key[0]], Role.GUARDIAN, Level.E_ID)
            report_absence(actor=actor, pupils=[Person.objects.get(pk=self.ids[key[1]])], span=span, submission=uuid.uuid4())

    @precondition(lambda self: ReportedDay.objects.standing().filter(day=self.day).exists())
    @rule()
    def a_report_is_taken_back(self) -> None:
        row = ReportedDay.objects.standing().filter(day=self.day).first()
        assert row is not None
        with self.at(7, 5):
            withdraw_day(actor=Actor(row.report.reported_by_id, Role.GUARDIAN, Level.E_ID), day=row)

    @rule(number=LESSON, key=WHO, verdict=st.sampled_from(["valid", "unauthorised"]))
    def it_is_judged(self, number: int, key: str, verdict: str) -> None:
        standing = Judgement.objects.standing().filter(lesson=self.lessons[number], pupil=self.ids[key])
        standing.update(replaced_at=days.now())
        Judgement.objects.create(
            lesson=self.lessons[number], pupil_id=self.ids[key], verdict=verdict, judged_by_id=self.ids["pekka"], judged_at=days.now()
        )

    @rule(number=LESSON, marks=MARKS)
    def a_locked_lesson_is_opened_and_corrected(self, number: int, marks: dict[str, Seen]) -> None:
        seen = self.pupils(marks)
        with self.at(8, 0, ahead=20):
            with pytest.raises(ValidationError):
                self.save(number, {}, self.versions[number], "sent")
            reopen_lesson(actor=self.pekka, lesson=self.lessons[number], reason="missad", open_days=1)
        if all(plain_seen(mark) is not None for mark in marks.values()):
            with self.at(9, 0, ahead=20):
                self.save(number, seen, self.versions[number], "sent")
            after = {pupil: minutes for pupil, mark in seen.items() if (minutes := plain_seen(mark))}
            before = self.said.get(number)
            if before is not None:
                self.changes += sum(before.get(pupil) != after.get(pupil) for pupil in before.keys() | after.keys())
            self.said[number] = after
            self.versions[number] += 1
        self.lessons[number].reopenings.all().delete()

    @invariant()
    def every_lesson_says_what_was_saved_last(self) -> None:
        roll_calls = {row.lesson_id: row for row in RollCall.objects.filter(lesson__in=self.lessons)}
        assert {self.lessons[number].pk for number in self.said} == set(roll_calls)
        for number, expected in self.said.items():
            roll_call = roll_calls[self.lessons[number].pk]
            rows = Deviation.objects.filter(roll_call=roll_call)
            assert {row.pupil_id: row.minutes for row in rows} == expected
            assert roll_call.version == self.versions[number]
            assert set(roll_call.roster) == self.roster
            assert (roll_call.day_call_id is not None) == (number in self.by_class)
        assert DayCall.objects.filter(group=self.group, day=self.day).count() == min(self.day_version, 1)

    @invariant()
    def the_sums_are_what_was_offered(self) -> None:
        for row in Effective.objects.filter(lesson__in=self.lessons):
            minutes = (row.present_minutes, row.valid_minutes, row.unauthorised_minutes, row.other_minutes)
            assert sum(minutes) == row.lesson_minutes == LENGTH
            assert min(minutes) >= 0
        assert Effective.objects.filter(lesson__in=self.lessons).count() == sum(len(rows) for rows in self.said.values())

    @invariant()
    def the_history_leads_to_today(self) -> None:
        rows = list(RollCallChange.objects.filter(roll_call__lesson__in=self.lessons).order_by("version"))
        assert len(rows) == self.changes
        last: dict[tuple[Any, Any], Minutes] = {}
        for row in rows:
            key = (row.roll_call_id, row.pupil_id)
            assert last.get(key, row.before) == row.before
            last[key] = row.after
        stored = {(row.roll_call_id, row.pupil_id): row.minutes for row in Deviation.objects.filter(roll_call__lesson__in=self.lessons)}
        assert all(stored.get(key, {}) == after for key, after in last.items())


def test_whatever_happens_in_a_day(cast: Any, at: Any) -> None:
    at(12, 30)

    class ThisDay(AnyDay):
        ids = {key: cast.id(key) for key in ("sami", "elsa", "kim", "anna", "pekka", "amira", "karin")}  # noqa: RUF012

    several = settings(max_examples=20, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(ThisDay, settings=several)
