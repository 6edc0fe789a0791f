"""The view that says what absence counts as, held against plain Python; and walks of judgements, corrections, reports and leave
that lose and invent no minute."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from absence.actions import judgements
from absence.actions.judgements import Mark
from absence.actions.roll_calls import Seen as Marked
from absence.actions.roll_calls import take_roll_call
from absence.models import (
    AbsenceReport,
    Deviation,
    Effective,
    Judgement,
    LeaveApplication,
    LeaveDay,
    LeaveRequest,
    ReportedDay,
    RollCall,
    Verdict,
)
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import Activity, CalendarEvent

from . import plain

PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ORDINARY, SPRING, AUTUMN = date(2026, 11, 25), date(2026, 3, 29), date(2026, 10, 25)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def situations(draw: Any) -> tuple[plain.Lesson, plain.Seen, list[plain.Said], str | None, bool]:
    day = draw(st.sampled_from([ORDINARY, SPRING, AUTUMN]))
    opens, closes = (moment.astimezone(days.UTC) for moment in days.bounds(day))
    length = int((closes - opens).total_seconds() // 60)
    minutes = draw(st.integers(1, 90))
    start = draw(st.integers(0, length - 1))
    lesson = plain.Lesson(opens + timedelta(minutes=start), minutes, draw(st.booleans()), draw(st.booleans()))
    left, amounts = minutes, []
    for _kind in range(4):
        amounts.append(draw(st.integers(0, left)) if draw(st.booleans()) else 0)
        left -= amounts[-1]
    seen = plain.Seen(*draw(st.permutations(amounts)))
    near = st.integers(max(0, start - 60), min(length - 1, start + 60))
    edges = sorted(draw(st.sets(near, max_size=4)))
    spans = list(zip(edges[::2], edges[1::2], strict=False)) or ([(0, length)] if draw(st.booleans()) else [])
    said = [
        plain.Said(
            opens + timedelta(minutes=first),
            opens + timedelta(minutes=last),
            lesson.starts_at + timedelta(minutes=draw(st.integers(-90, 90))),
        )
        for first, last in spans
    ]
    return lesson, seen, said, draw(st.sampled_from([None, "valid", "unauthorised"])), draw(st.booleans())


def whole_day(day: date, hours_before: int) -> plain.Said:
    opens, closes = days.bounds(day)
    return plain.Said(opens, closes, opens - timedelta(hours=hours_before))


LATE_IS_FREE = plain.Lesson(days.moment(ORDINARY, time(9)).astimezone(days.UTC), 60, late_is_unauthorised=False)


def minutes_said(first: int, last: int, before: int = 60) -> plain.Said:
    """A report of minutes of LATE_IS_FREE, made `before` minutes before it."""
    starts_at = LATE_IS_FREE.starts_at
    return plain.Said(starts_at + timedelta(minutes=first), starts_at + timedelta(minutes=last), starts_at - timedelta(minutes=before))


@PROPERTY
@given(situation=situations())
@example(
    (plain.Lesson(days.moment(SPRING, time(1, 30)).astimezone(days.UTC), 60), plain.Seen(absent=60), [whole_day(SPRING, 1)], None, False)
)
@example(
    (plain.Lesson(days.moment(AUTUMN, time(2, 30)).astimezone(days.UTC), 80), plain.Seen(late=80), [whole_day(AUTUMN, 1)], None, False)
)
@example(
    (
        plain.Lesson(days.moment(ORDINARY, time(23, 30)).astimezone(days.UTC), 60),
        plain.Seen(absent=60),
        [whole_day(ORDINARY, 1)],
        None,
        False,
    )
)
@example((LATE_IS_FREE, plain.Seen(absent=15, late=20), [minutes_said(0, 20)], None, False))
@example((LATE_IS_FREE, plain.Seen(absent=15, late=20), [minutes_said(0, 25)], None, False))
@example((LATE_IS_FREE, plain.Seen(absent=15, late=20), [minutes_said(0, 20, before=-5)], None, False))
def test_the_view_says_what_plain_python_says(
    cast: Any, situation: tuple[plain.Lesson, plain.Seen, list[plain.Said], str | None, bool]
) -> None:
    lesson, seen, said, verdict, on_leave = situation
    if not any((seen.absent, seen.late, seen.left_early, seen.other)):
        return
    with undone():
        row = stored(cast, lesson, seen, said, verdict, on_leave=on_leave)
        expected = plain.counted(lesson, seen, said, verdict=verdict, on_leave=on_leave)
        found = plain.Counted(
            present=row.present_minutes,
            valid=row.valid_minutes,
            unauthorised=row.unauthorised_minutes,
            other=row.other_minutes,
            reported=row.reported_minutes,
            reported_late=row.reported_late,
            to_judge=row.to_judge,
        )
        assert found == expected
        assert found.present + found.valid + found.unauthorised + found.other == lesson.minutes


def stored(cast: Any, lesson: plain.Lesson, seen: plain.Seen, said: list[plain.Said], verdict: str | None, *, on_leave: bool) -> Effective:
    """The same situation as rows, and what the view makes of it."""
    unit, pupil, day = cast.group("4A").school_unit, cast.sami, days.day_of(lesson.starts_at)
    Deviation.objects.filter(pupil=pupil).delete()
    ReportedDay.objects.filter(pupil=pupil).delete()
    activity = Activity.objects.filter(groups__name="4A")[0]
    event = CalendarEvent.objects.create(
        activity=activity, starts_at=lesson.starts_at + timedelta(seconds=1), ends_at=lesson.starts_at + timedelta(minutes=lesson.minutes)
    )
    roll_call = RollCall.objects.create(
        lesson=event,
        school_unit=unit,
        taken_by=cast.anna,
        taken_at=lesson.starts_at,
        submission=uuid.uuid4(),
        roster=[pupil.pk],
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=lesson.minutes,
        late_is_unauthorised=lesson.late_is_unauthorised,
        reports_are_judged=lesson.reports_are_judged,
    )
    Deviation.objects.create(
        roll_call=roll_call,
        pupil=pupil,
        absent_minutes=seen.absent,
        late_minutes=seen.late,
        left_early_minutes=seen.left_early,
        other_minutes=seen.other,
    )
    for row in said:
        report(cast, pupil, days.day_of(row.starts_at), row.starts_at, row.ends_at, row.reported_at)
    if on_leave:
        leave(cast, pupil, day)
    if verdict:
        Judgement.objects.create(lesson=event, pupil=pupil, verdict=verdict, judged_by=cast.anna, judged_at=days.now())
    return Effective.objects.get(pupil=pupil)


def report(cast: Any, pupil: Any, day: date, starts_at: datetime, ends_at: datetime, reported_at: datetime) -> ReportedDay:
    receipt = AbsenceReport.objects.create(reported_by=cast.amira, source="guardian", submission=uuid.uuid4(), reported_at=reported_at)
    return ReportedDay.objects.create(report=receipt, pupil=pupil, day=day, starts_at=starts_at, ends_at=ends_at, whole_day=False)


def leave(cast: Any, pupil: Any, day: date) -> LeaveDay:
    application = LeaveApplication.objects.create(
        applied_by=cast.amira, submission=uuid.uuid4(), submitted_at=days.now(), start_date=day, end_date=day, purpose="Resa"
    )
    unit = cast.group("4A").school_unit
    request = LeaveRequest.objects.create(
        application=application, pupil=pupil, school_unit=unit, start_date=day, end_date=day, state="decided", school_days=1
    )
    return LeaveDay.objects.create(request=request, pupil=pupil, school_unit=unit, day=day)


STEP = st.one_of(
    st.tuples(st.just("judge"), st.sampled_from(["valid", "unauthorised"])),
    st.tuples(st.just("take back"), st.none()),
    st.tuples(st.just("correct"), st.tuples(st.integers(0, 20), st.integers(0, 15), st.integers(0, 15))),
    st.tuples(st.just("report"), st.tuples(st.integers(0, 24), st.integers(25, 50))),
    st.tuples(st.just("late report"), st.tuples(st.integers(0, 24), st.integers(25, 50))),
    st.tuples(st.just("withdraw"), st.none()),
    st.tuples(st.just("leave"), st.none()),
    st.tuples(st.just("revoke"), st.none()),
)


@dataclass
class Walk:
    """One pupil in one lesson, and what plain Python remembers of it."""

    cast: Any
    actor: Actor
    roll_call: RollCall
    seen: plain.Seen
    said: list[plain.Said] = field(default_factory=list)
    verdict: str | None = None
    on_leave: bool = False
    verdicts: list[str] = field(default_factory=list)  # all there were

    @property
    def pupil(self) -> Any:
        return self.cast.id("sami")

    def step(self, name: str, value: Any) -> None:
        getattr(self, name.replace(" ", "_"))(value)

    def judge(self, verdict: str) -> None:
        row = Effective.objects.filter(roll_call=self.roll_call, pupil=self.pupil).first()
        if row is None:
            return
        standing = Judgement.objects.standing().filter(lesson=self.roll_call.lesson, pupil=self.pupil).first()
        with pytest.raises(judgements.Conflict):
            judgements.judge(actor=self.actor, marks=[Mark(row.deviation_id, uuid.uuid4())], verdict=Verdict(verdict))
        judgements.judge(actor=self.actor, marks=[Mark(row.deviation_id, standing.pk if standing else None)], verdict=Verdict(verdict))
        self.verdict = verdict
        self.verdicts.append(verdict)

    def take_back(self, _value: None) -> None:
        keys = Judgement.objects.filter(lesson=self.roll_call.lesson, pupil=self.pupil).values_list("pk", flat=True)
        judgements.take_back_judgement(actor=self.actor, judgements=set(keys))
        self.verdict = None

    def correct(self, minutes: tuple[int, int, int]) -> None:
        self.seen = plain.Seen(*minutes)
        self.roll_call = take_roll_call(
            actor=self.actor,
            lesson=self.roll_call.lesson,
            marks={self.pupil: Marked(absent=minutes[0], late=minutes[1], left_early=minutes[2])},
            version=RollCall.objects.get(pk=self.roll_call.pk).version,
            submission=uuid.uuid4(),
            reason="rättat",
        )

    def report(self, span: tuple[int, int], minutes_before: int = 60) -> None:
        if self.said:
            return
        starts_at = self.roll_call.lesson_starts_at
        row = plain.Said(
            starts_at + timedelta(minutes=span[0]), starts_at + timedelta(minutes=span[1]), starts_at - timedelta(minutes=minutes_before)
        )
        report(self.cast, self.cast.sami, days.day_of(starts_at), row.starts_at, row.ends_at, row.reported_at)
        self.said.append(row)

    def late_report(self, span: tuple[int, int]) -> None:
        self.report(span, minutes_before=-60)

    def withdraw(self, _value: None) -> None:
        ReportedDay.objects.filter(pupil=self.pupil, withdrawn_at=None).update(withdrawn_at=days.now(), withdrawn_by=self.cast.amira)
        self.said = []

    def leave(self, _value: None) -> None:
        if not self.on_leave:
            leave(self.cast, self.cast.sami, self.roll_call.day)
        self.on_leave = True

    def revoke(self, _value: None) -> None:
        LeaveDay.objects.filter(pupil=self.pupil).update(revoked_at=days.now())
        self.on_leave = False

    def hold(self) -> None:
        """No minute is lost or invented, the last standing verdict decides, and every verdict there was is kept."""
        lesson = plain.Lesson(self.roll_call.lesson_starts_at, self.roll_call.lesson_minutes)
        expected = plain.counted(lesson, self.seen, self.said, verdict=self.verdict, on_leave=self.on_leave)
        row = Effective.objects.filter(roll_call=self.roll_call, pupil=self.pupil).first()
        if row is None:
            assert (self.seen.absent, self.seen.late, self.seen.left_early) == (0, 0, 0)
        else:
            minutes = (row.present_minutes, row.valid_minutes, row.unauthorised_minutes, row.other_minutes)
            assert sum(minutes) == row.lesson_minutes == self.roll_call.lesson_minutes
            assert minutes == (expected.present, expected.valid, expected.unauthorised, expected.other)
            assert row.to_judge == expected.to_judge
        history = Judgement.objects.filter(lesson=self.roll_call.lesson, pupil=self.pupil).order_by("judged_at", "pk")
        assert [judgement.verdict for judgement in history] == self.verdicts
        assert [judgement.verdict for judgement in history if judgement.replaced_at is None] == ([self.verdict] if self.verdict else [])


@settings(PROPERTY, max_examples=25)
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_no_order_of_events_loses_or_invents_a_minute(cast: Any, actor: Callable[..., Actor], steps: list[tuple[str, Any]]) -> None:
    with undone(), time_machine.travel(days.moment(days.today(), time(12, 0)), tick=False) as clock:
        Deviation.objects.filter(pupil=cast.sami).delete()
        ReportedDay.objects.filter(pupil=cast.sami).delete()
        anna = actor("anna", Role.STAFF)
        roll_call = take_roll_call(
            actor=anna, lesson=cast.lesson("4A"), marks={cast.id("sami"): Marked(absent=20)}, version=0, submission=uuid.uuid4()
        )
        walk = Walk(cast, anna, roll_call, plain.Seen(absent=20))
        walk.roll_call.refresh_from_db()
        for name, value in steps:
            clock.shift(timedelta(seconds=1))
            walk.step(name, value)
            walk.roll_call.refresh_from_db()
            walk.hold()


@pytest.mark.parametrize(("day", "hours"), [(ORDINARY, 24), (SPRING, 23), (AUTUMN, 25)])
def test_a_day_of_any_length_is_covered_whole(cast: Any, day: date, hours: int) -> None:
    opens, closes = days.bounds(day)
    assert (closes.astimezone(days.UTC) - opens.astimezone(days.UTC)).total_seconds() == hours * 3600
    for start, minutes in ((opens, 60), (closes - timedelta(hours=1), 60), (days.moment(day, time(1, 30)), 90)):
        with undone():
            lesson = plain.Lesson(start.astimezone(days.UTC), minutes)
            row = stored(cast, lesson, plain.Seen(absent=minutes), [whole_day(day, 3)], None, on_leave=False)
            assert (row.valid_minutes, row.unauthorised_minutes, row.day) == (minutes, 0, day)


def test_a_lesson_over_midnight_is_the_first_days_and_counts_what_that_day_covers(cast: Any) -> None:
    lesson = plain.Lesson(days.moment(ORDINARY, time(23, 30)).astimezone(days.UTC), 60)
    with undone():
        row = stored(cast, lesson, plain.Seen(absent=60), [whole_day(ORDINARY, 3)], None, on_leave=False)
        assert (row.valid_minutes, row.unauthorised_minutes) == (30, 30)


@pytest.mark.parametrize(("reported", "excused"), [((0, 20), 0), ((0, 25), 5), ((20, 60), 15), ((0, 60), 15), ((19, 21), 1)])
def test_a_report_of_late_minutes_that_do_not_count_excuses_nothing_else(cast: Any, reported: tuple[int, int], excused: int) -> None:
    """Twenty minutes late, and away for fifteen of the other forty."""
    with undone():
        row = stored(cast, LATE_IS_FREE, plain.Seen(absent=15, late=20), [minutes_said(*reported)], None, on_leave=False)
        assert (row.valid_minutes, row.unauthorised_minutes) == (excused, 15 - excused)
