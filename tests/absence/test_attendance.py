"""A pupil's attendance by month and term: what it shows to whom, and that it adds up."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence import reads
from absence.models import RollCall, Source
from absence.reads import Mark
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import CalendarEvent, GroupMembership, Guardianship, Person
from tests.conftest import OVERHEAD

from .school_day import grant_leave, judge, mark, report, take

GUARDIAN = Role.GUARDIAN


def path(pupil: Any, month: datetime.date | None = None) -> str:
    return f"/narvaro/{pupil.pk}/" + (f"{month:%Y-%m}/" if month else "")


def sheet_of(cast: Any, actor: Any, pupil: Person, key: str = "amira", role: Role = GUARDIAN) -> reads.Attendance:
    who = actor(key, role)
    pupil.is_mentored = False
    return reads.attendance_of(pupil, who, days.today().replace(day=1))


def lesson_on(class_name: str, day: datetime.date, hour: int = 8) -> CalendarEvent:
    """A lesson of the class made for the test."""
    activity = CalendarEvent.objects.filter(activity__groups__name=class_name)[0].activity
    starts_at = days.moment(day, datetime.time(hour, 7))
    return CalendarEvent.objects.create(activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=40))


def day_of(sheet: reads.Attendance, day: datetime.date) -> Any:
    return next(row for row in sheet.days if row.day == day)


@pytest.fixture
def lessons(cast: Any, at: Any) -> list[CalendarEvent]:
    """Sami's lessons of today, seen in the evening when all are over."""
    at(18, 0)
    return [cast.lesson("4A", number=number) for number in range(4)]


def test_a_month_says_of_each_lesson_what_was_seen_and_what_it_counts_as(
    cast: Any, guardian: Any, lessons: list[CalendarEvent], actor: Any
) -> None:
    sami = cast.sami
    calls = [take(lesson, [sami, cast.elsa], cast.anna) for lesson in lessons[:3]]
    mark(calls[0], sami, absent=lessons[0].minutes)
    report(sami, cast.jonas, lessons[1].starts_at, lessons[1].ends_at)
    mark(calls[1], sami, absent=lessons[1].minutes)
    mark(calls[2], cast.elsa, absent=10)
    sheet = sheet_of(cast, actor, sami)
    today = day_of(sheet, days.today())
    assert [line.mark for line in today.lines][:4] == [Mark.UNAUTHORISED, Mark.VALID, Mark.PRESENT, Mark.NOT_TAKEN]
    assert today.mark is Mark.UNAUTHORISED
    sums = today.sums
    assert (sums.unauthorised, sums.valid, sums.present) == (lessons[0].minutes, lessons[1].minutes, lessons[2].minutes)
    assert sums.offered == sums.present + sums.valid + sums.unauthorised + sums.other
    page = guardian.get(path(sami)).content.decode()
    for words in ("Ogiltig frånvaro", "Giltig frånvaro", "Närvarande", "Inte rapporterad", "av en annan vårdnadshavare", "Anmäld i tid"):
        assert words in page
    assert "Jonas" not in page
    assert "<style" not in page
    assert Entry.objects.filter(action="absence.attendance", subjects__contains=[sami.pk]).count() == 1


def test_late_left_early_other_leave_and_judgement_in_words(cast: Any, guardian: Any, lessons: list[CalendarEvent]) -> None:
    sami = cast.sami
    calls = [take(lesson, [sami], cast.anna) for lesson in lessons]
    mark(calls[0], sami, late=10, left_early=5)
    mark(calls[1], sami, other=20)
    mark(calls[2], sami, absent=30)
    judge(calls[2], sami, cast.ingrid, "valid", "Bussen gick <b>sönder</b>")
    page = guardian.get(path(sami)).content.decode()
    for words in ("Sen 10 min.", "Gick 5 min för tidigt.", "Annan skolaktivitet 20 min.", "Bedömt av skolan.", "Sena ankomster:"):
        assert words in page
    assert "Bussen gick &lt;b&gt;sönder&lt;/b&gt;" in page


def test_leave_makes_a_day_valid_and_shows_before_it_comes(cast: Any, guardian: Any, lessons: list[CalendarEvent], actor: Any) -> None:
    sami = cast.sami
    grant_leave(sami, cast.amira, lessons[0])
    mark(take(lessons[0], [sami], cast.anna), sami, absent=lessons[0].minutes)
    line = day_of(sheet_of(cast, actor, sami), days.today()).lines[0]
    assert (line.mark, line.valid, line.unauthorised) == (Mark.VALID, lessons[0].minutes, 0)
    assert "Beviljad ledighet." in guardian.get(path(sami)).content.decode()


def test_a_late_report_waits_for_the_school_and_a_withdrawn_one_counts_for_nothing(
    cast: Any, lessons: list[CalendarEvent], actor: Any
) -> None:
    sami = cast.sami
    report(sami, cast.amira, lessons[0].starts_at, lessons[0].ends_at, at=lessons[0].starts_at + timedelta(minutes=5))
    report(
        sami,
        cast.amira,
        lessons[1].starts_at,
        lessons[1].ends_at,
        withdrawn_at=lessons[1].starts_at - timedelta(minutes=5),
        withdrawn_by=cast.amira,
    )
    for lesson in lessons[:2]:
        mark(take(lesson, [sami], cast.anna), sami, absent=lesson.minutes)
    lines = day_of(sheet_of(cast, actor, sami), days.today()).lines
    assert [line.mark for line in lines[:2]] == [Mark.TO_JUDGE, Mark.UNAUTHORISED]
    assert not any(row.withdrawn_at for row in day_of(sheet_of(cast, actor, sami), days.today()).reported)


def test_the_office_is_told_as_the_school(cast: Any, guardian: Any, lessons: list[CalendarEvent]) -> None:
    report(cast.sami, cast.pekka, lessons[0].starts_at, lessons[0].ends_at, source=Source.OFFICE)
    for shown in (path(cast.sami), "/franvaro/"):
        page = guardian.get(shown).content.decode()
        assert "av skolan" in page
        assert "Pekka" not in page


def test_what_was_entered_for_the_school_is_not_taken_back_as_a_guardian(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    lesson = cast.lesson("3A", days.today() + timedelta(days=1))
    row = report(cast.alva, cast.erik, lesson.starts_at, lesson.ends_at, source=Source.OFFICE, at=days.now())
    erik = client_as("erik", GUARDIAN)
    assert "Ta tillbaka" not in erik.get("/franvaro/").content.decode()
    assert erik.send(f"/franvaro/dag/{row.pk}/ta-tillbaka/").status_code == 403


def test_the_roster_decides_for_who_changed_class_in_the_middle_of_the_week(cast: Any, actor: Any, at: Any) -> None:
    """The lessons of the old class until the move, of the new one after it; a roll-call keeps whom it held."""
    monday = datetime.date(2026, 11, 16)
    at(18, 0, day=monday + timedelta(days=2))
    RollCall.objects.filter(day__gte=monday).delete()
    sami, tuesday = cast.sami, monday + timedelta(days=1)
    before, unheld = lesson_on("4A", monday), lesson_on("4A", tuesday)
    held, other = lesson_on("4B", tuesday), lesson_on("4B", tuesday, hour=9)
    take(before, [sami], cast.anna)
    GroupMembership.objects.filter(person=sami, group=cast.group("4A")).update(start_date=datetime.date(2026, 8, 1), end_date=monday)
    GroupMembership.objects.create(person=sami, group=cast.group("4B"), start_date=tuesday)
    take(held, [sami], cast.anna)
    take(other, [cast.elsa], cast.anna)
    sheet = sheet_of(cast, actor, sami)
    assert before.pk in {line.lesson.pk for line in day_of(sheet, monday).lines if line.called}
    lines = {line.lesson.pk: line.mark for line in day_of(sheet, tuesday).lines}
    assert (lines[held.pk], lines[other.pk], unheld.pk in lines) == (Mark.PRESENT, Mark.NOT_TAKEN, False)


def test_a_pupil_at_two_schools_has_the_lessons_of_both_and_each_school_sees_its_own(
    cast: Any, lessons: list[CalendarEvent], actor: Any
) -> None:
    sami, other = cast.sami, cast.lesson("8A")
    mark(take(lessons[0], [sami], cast.anna), sami, absent=lessons[0].minutes)
    take(other, [sami], cast.lars)
    whole = day_of(sheet_of(cast, actor, sami), days.today()).sums
    assert whole.offered == lessons[0].minutes + other.minutes
    nina = day_of(sheet_of(cast, actor, sami, "nina", Role.STAFF), days.today()).sums
    assert (nina.offered, nina.unauthorised) == (other.minutes, 0)
    ingrid = day_of(sheet_of(cast, actor, sami, "ingrid", Role.STAFF), days.today()).sums
    assert (ingrid.offered, ingrid.unauthorised) == (lessons[0].minutes, lessons[0].minutes)


def test_a_subject_teacher_sees_the_own_lessons_and_is_told_so(
    cast: Any, client_as: Callable[..., Any], lessons: list[CalendarEvent], actor: Any
) -> None:
    sami, his = cast.sami, cast.lesson("5B")
    take(lessons[0], [sami], cast.anna)
    take(his, [sami], cast.erik)
    erik = sheet_of(cast, actor, sami, "erik", Role.STAFF)
    assert {line.lesson.pk for line in day_of(erik, days.today()).lines} == {his.pk}
    report(sami, cast.jonas, lessons[0].starts_at, lessons[0].ends_at)
    assert day_of(sheet_of(cast, actor, sami, "erik", Role.STAFF), days.today()).reported == []
    covered = report(sami, cast.jonas, his.starts_at, his.ends_at)
    assert day_of(sheet_of(cast, actor, sami, "erik", Role.STAFF), days.today()).reported == [covered]
    assert len(day_of(sheet_of(cast, actor, sami), days.today()).reported) == 2
    told = "Du ser lektionerna som du undervisar i"
    assert told in client_as("ingrid", Role.STAFF).get(path(sami)).content.decode()
    assert told not in client_as("anna", Role.STAFF).get(path(sami)).content.decode()  # his mentor sees all


def test_nobody_without_a_relation_sees_it(cast: Any, client_as: Callable[..., Any], lessons: list[CalendarEvent]) -> None:
    sami, month = cast.sami, days.today()
    for key, role in (
        ("karin", GUARDIAN),
        ("elsa", Role.PUPIL),
        ("lars", Role.STAFF),
        ("hassan", Role.STAFF),
        ("maja", Role.STAFF),
        ("birgitta", Role.STAFF),
    ):
        assert client_as(key, role, Level.E_ID).get(path(sami, month)).status_code == 404
    Guardianship.objects.filter(guardian=cast.amira, child=sami).update(end_date=days.today() - timedelta(days=1))
    assert client_as("amira", GUARDIAN).get(path(sami)).status_code == 404
    assert client_as("sami", Role.PUPIL).get(path(sami)).status_code == 200
    assert client_as("petra", GUARDIAN).get(path(cast.kim)).status_code in {302, 404}
    assert client_as("anna", Role.STAFF).get(path(cast.kim)).status_code == 404
    assert client_as("sami", Role.PUPIL).get(f"/narvaro/{sami.pk}/2026-13/").status_code == 404


def test_no_role_looks_through_the_eyes_of_another(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    """Fadumo is a guardian and a pupil of age: her own studies belong to the pupil's role."""
    at(18, 0)
    assert client_as("fadumo", GUARDIAN).get(path(cast.fadumo)).status_code == 404
    assert client_as("fadumo", Role.PUPIL).get(path(cast.fadumo)).status_code == 200
    assert client_as("fadumo", Role.PUPIL).get(path(cast.ayaan)).status_code == 404


def test_the_eighteenth_birthday_closes_it_for_guardians_and_not_for_the_pupil(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(10, 0)
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(days.today(), 18))
    assert client_as("amira", GUARDIAN).get(path(cast.leila)).status_code == 404
    assert client_as("leila", Role.PUPIL).get(path(cast.leila)).status_code == 200


def test_an_empty_month_and_a_term_without_roll_calls_say_so(cast: Any, guardian: Any, at: Any) -> None:
    at(8, 0)
    RollCall.objects.all().delete()
    page = guardian.get(path(cast.sami)).content.decode()
    assert "Ingen närvaro är registrerad än den här terminen" in page
    summer = days.today().replace(month=7, day=1)
    assert "Inga lektioner och inget anmält den här månaden" in guardian.get(path(cast.sami, summer)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_a_constant_number_of_statements_for_any_number_of_lessons(
    cast: Any, guardian: Any, lessons: list[CalendarEvent], statements: Any, count: int
) -> None:
    sami = cast.sami
    for lesson in lessons[:count]:
        mark(take(lesson, [sami], cast.anna), sami, absent=5)
        report(sami, cast.amira, lesson.starts_at, lesson.ends_at)
    guardian.get("/om-dexter/")
    assert statements(lambda: guardian.get(path(sami))) == 7 + OVERHEAD


@pytest.mark.parametrize("key", ["anna", "ingrid"])
def test_the_same_for_staff(cast: Any, client_as: Callable[..., Any], lessons: list[CalendarEvent], statements: Any, key: str) -> None:
    sami, browser = cast.sami, client_as(key, Role.STAFF)
    take(lessons[0], [sami], cast.anna)
    browser.get("/om-dexter/")
    assert statements(lambda: browser.get(path(sami))) == 7 + OVERHEAD


@pytest.mark.parametrize("day", [datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)])
def test_the_days_when_the_clocks_change_have_their_lessons_and_no_others(cast: Any, actor: Any, at: Any, day: datetime.date) -> None:
    """A report of the whole day has 23 or 25 hours; a lesson at midnight belongs to the day in which it begins."""
    at(18, 0, day=day)
    activity = CalendarEvent.objects.filter(activity__groups__name="4A")[0].activity
    starts_at = days.moment(day, datetime.time(23, 30))
    late = CalendarEvent.objects.create(activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    opens, closes = days.bounds(day)
    report(cast.sami, cast.amira, opens, closes, whole_day=True)
    mark(take(late, [cast.sami], cast.anna), cast.sami, absent=60)
    row = day_of(sheet_of(cast, actor, cast.sami), day)
    assert [line.lesson.pk for line in row.lines] == [late.pk]
    assert (row.sums.offered, row.sums.valid, row.sums.unauthorised) == (60, 30, 30)  # the report ends with the day


def test_the_calendar_holds_every_day_of_the_month_once(cast: Any, actor: Any, at: Any) -> None:
    at(8, 0)
    sheet = sheet_of(cast, actor, cast.sami)
    shown = [row.day for week in sheet.weeks for row in week if row]
    weekdays = {day.isoweekday() for day in sheet.weekdays}
    assert shown == [row.day for row in sheet.days if row.day.isoweekday() in weekdays]
    assert {len(week) for week in sheet.weeks} == {len(weekdays)}
