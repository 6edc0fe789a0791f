"""A timetable is imported from a file, again and again, and what somebody noted on a lesson stands."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from absence.models import RollCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.imports.batch import Unreadable
from registry.imports.tables import read_table
from registry.models import (
    Activity,
    CalendarDay,
    CalendarEvent,
    Duty,
    DutyAssignment,
    Group,
    Room,
    SchoolUnit,
    TeacherException,
    TimetableImport,
)
from registry.reads.timetable_file import read_rows

HEAD = "klass;ämne;lärare;sal;veckodag;start;slut;veckor;udda/jämna;första dag;sista dag;datum"
SOON = days.today() + timedelta(weeks=3)  # beyond the lessons that the cast has already
CROSSING = SOON.month == 6  # the four weeks would lie in two school years
MONDAY = days.Week.of(SOON + timedelta(weeks=5 if CROSSING else 0)).monday
LAST = MONDAY + timedelta(weeks=4, days=-1)


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture(autouse=True)
def granskolan(cast: Any) -> None:
    unit = SchoolUnit.objects.get(name="Granskolan")
    Room.objects.create(school_unit=unit, name="Ljusgården")
    Duty.objects.filter(person=cast.id("anna")).update(signature="ANNA")
    Duty.objects.filter(person=cast.id("maja")).update(signature="MAJA")


def row(group: str = "4A", subject: str = "MA", teacher: str = "", room: str = "", **more: str) -> str:
    fields = {
        "day": "tis",
        "starts": "08:10",
        "ends": "09:00",
        "weeks": "",
        "parity": "",
        "first": "",
        "last": str(LAST),
        "date": "",
        **more,
    }
    return ";".join([group, subject, teacher, room, *fields.values()])


def upload(office: Any, *rows: str, content: bytes | None = None, **fields: str) -> Any:
    unit = str(SchoolUnit.objects.get(name="Granskolan").pk)
    file = SimpleUploadedFile("schema.csv", content if content is not None else "\n".join([HEAD, *rows]).encode())
    return office.send("/schema/importera/", {"school_unit": unit, "from_day": str(MONDAY), "file": file, **fields})


def shown(office: Any, *rows: str, **fields: str) -> tuple[str, str, str]:
    """The page of the dry run, its address, and what the confirmation carries."""
    page = upload(office, *rows, **fields).url
    text = office.get(page).content.decode()
    return text, page, text.split('name="digest" value="')[1].split('"')[0] if "digest" in text else ""


def imported(office: Any, *rows: str, **fields: str) -> str:
    text, page, digest = shown(office, *rows, **fields)
    if digest:
        assert office.send(page, {"digest": digest}).url == page
    return text


def lessons(activity: str = "Matematik 4A") -> list[tuple[date, str]]:
    found = CalendarEvent.objects.filter(activity__name=activity, day__gte=MONDAY).order_by("starts_at")
    return [(lesson.day, lesson.starts_at.astimezone(days.STOCKHOLM).strftime("%H:%M")) for lesson in found]


def tuesdays(*weeks: int) -> list[date]:
    return [MONDAY + timedelta(weeks=week, days=1) for week in weeks]


def test_a_weekly_pattern_becomes_lessons(cast: Any, office: Any) -> None:
    before = CalendarEvent.objects.filter(day__lt=MONDAY).count()
    imported(office, row(room="Ljusgården", teacher="ANNA"))
    assert lessons() == [(day, "08:10") for day in tuesdays(0, 1, 2, 3)]
    assert CalendarEvent.objects.filter(room__name="Ljusgården").count() == 4
    assert CalendarEvent.objects.filter(day__lt=MONDAY).count() == before
    line = Entry.objects.get(action="registry.apply_timetable")
    assert line.details == {"made": 4, "changed": 0, "removed": 0, "rejected": 0}


def test_nothing_is_done_before_it_is_confirmed_and_the_same_file_twice_changes_nothing(cast: Any, office: Any) -> None:
    _text, page, digest = shown(office, row())
    assert lessons() == []
    assert office.send(page, {"digest": "0" * 64}).status_code == 422
    assert lessons() == []
    office.send(page, {"digest": digest})
    office.send(page, {"digest": digest})  # the double click
    rows = set(CalendarEvent.objects.values_list("pk", "modified_at"))
    _text, _page, digest = shown(office, row())
    assert digest == ""
    assert set(CalendarEvent.objects.values_list("pk", "modified_at")) == rows


def test_weeks_parity_spans_and_single_days(cast: Any, office: Any) -> None:
    weeks = [days.Week.of(MONDAY + timedelta(weeks=number)).number for number in range(4)]
    odd = [number for number, week in enumerate(weeks) if week % 2]
    imported(office, row(parity="udda"))
    assert lessons() == [(day, "08:10") for day in tuesdays(*odd)]
    imported(office, row(weeks=f"{weeks[0]},{weeks[2]}-{weeks[3]}"))
    assert lessons() == [(day, "08:10") for day in tuesdays(0, 2, 3)]
    imported(office, row(first=str(MONDAY + timedelta(weeks=1)), last=str(MONDAY + timedelta(weeks=2))))
    assert lessons() == [(day, "08:10") for day in tuesdays(1)]
    friday = MONDAY + timedelta(days=4)
    imported(office, row(), row(day="", starts="13:00", ends="14:00", date=str(friday)))
    assert (friday, "13:00") in lessons()
    assert len(lessons()) == 5


def test_holidays_are_free(cast: Any, office: Any) -> None:
    unit = SchoolUnit.objects.get(name="Granskolan")
    free = tuesdays(1)[0]
    CalendarDay.objects.create(organisation=unit.organisation, kind="holiday", name="Lov", start_date=free, end_date=free)
    text = imported(office, row(), row(day="", date=str(free), starts="10:00", ends="11:00"))
    assert lessons() == [(day, "08:10") for day in tuesdays(0, 2, 3)]
    assert f"“{free}”" in text


def test_a_lesson_that_moves_keeps_its_row_and_what_is_gone_is_taken_away(cast: Any, office: Any) -> None:
    imported(office, row(), row(day="ons"))
    kept = set(CalendarEvent.objects.filter(activity__name="Matematik 4A", day__in=tuesdays(0, 1, 2, 3)).values_list("pk", flat=True))
    imported(office, row(starts="08:30", ends="09:20"))
    assert lessons() == [(day, "08:30") for day in tuesdays(0, 1, 2, 3)]
    assert set(CalendarEvent.objects.filter(activity__name="Matematik 4A", day__gte=MONDAY).values_list("pk", flat=True)) == kept


def roll_call(cast: Any, lesson: CalendarEvent) -> None:
    facts = {"lesson_starts_at": lesson.starts_at, "lesson_minutes": 50, "roster": [], "submission": lesson.pk}
    RollCall.objects.create(lesson=lesson, school_unit=lesson.activity.school_unit, taken_by=cast.anna, taken_at=days.now(), **facts)


def test_what_somebody_noted_stands(cast: Any, office: Any) -> None:
    imported(office, row())
    first, second, *_rest = CalendarEvent.objects.filter(activity__name="Matematik 4A", day__gte=MONDAY).order_by("day")
    roll_call(cast, first)
    TeacherException.objects.create(calendar_event=second, duty=Duty.objects.get(person=cast.maja), participates=True)
    text = imported(office, row(starts="08:30", ends="09:20"))
    assert str(first.day) in text
    assert [clock for _day, clock in lessons()] == ["08:10", "08:10", "08:30", "08:30"]
    imported(office, row(subject="SV"), whole="on")
    assert lessons() == [(first.day, "08:10"), (second.day, "08:10")]
    assert RollCall.objects.filter(lesson=first).exists()


def test_other_activities_are_left_unless_the_file_is_the_whole_timetable(cast: Any, office: Any) -> None:
    imported(office, row(), row(subject="SV", day="mån"))
    imported(office, row())
    assert len(lessons("Svenska 4A")) == 4
    imported(office, row(), row(subject="SV", teacher="NN"), whole="on")
    assert len(lessons("Svenska 4A")) == 4  # a row is rejected: nothing is taken away beyond the file
    imported(office, row(), whole="on")
    assert lessons("Svenska 4A") == []
    assert CalendarEvent.objects.filter(activity__school_unit__name="Åsenskolan", day__lt=MONDAY).exists()


def test_a_new_class_gets_its_activities(cast: Any, office: Any) -> None:
    unit = SchoolUnit.objects.get(name="Granskolan")
    Group.objects.create(name="FC", group_type="Klass", school_type="GR", school_unit=unit, start_date=MONDAY)
    imported(office, row("fc", "Matematik", "ANNA+MAJA"))
    activity = Activity.objects.get(name="Matematik FC")
    assert (activity.start_date, len(lessons("Matematik FC"))) == (MONDAY, 4)
    assert DutyAssignment.objects.filter(activity=activity).count() == 2
    imported(office, row("FC", "MA", "MAJA"))
    assert Activity.objects.filter(name="Matematik FC").count() == 1


def test_who_the_file_names_teaches_from_the_day(cast: Any, office: Any) -> None:
    imported(office, row("Matematik 4A", "", "MAJA"))
    rows = DutyAssignment.objects.filter(activity__name="Matematik 4A").order_by("start_date")
    assert [(one.duty.signature, one.end_date) for one in rows] == [("ANNA", MONDAY - timedelta(days=1)), ("MAJA", None)]
    imported(office, row("Matematik 4A", ""))  # nobody named: nothing said of teachers
    assert rows.count() == 2


@pytest.mark.parametrize(
    ("bad", "column", "value"),
    [
        (row("9Z"), "klass", "9Z"),
        (row(subject="XX"), "ämne", "XX"),
        (row(subject=""), "ämne", ""),
        (row(teacher="NN"), "lärare", "NN"),
        (row(room="<script>"), "sal", "&lt;script&gt;"),
        (row(day="xyz"), "veckodag", "xyz"),
        (row(starts="25:00"), "start", "25:00"),
        (row(ends="08:00"), "slut", "08:00"),
        (row(weeks="34-99"), "veckor", "34-99"),
        (row(parity="ibland"), "udda/jämna", "ibland"),
        (row(first="16/8"), "första dag", "16/8"),
        (row(date="=1+1"), "datum", "=1+1"),
        (row("8A"), "klass", "8A"),  # a class of another school
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_line_column_and_value(cast: Any, office: Any, bad: str, column: str, value: str) -> None:
    text = imported(office, row(subject="SV"), bad)
    assert f" 3, {column}" in text
    assert f"“{value}”" in text or not value
    assert len(lessons("Svenska 4A")) == 4
    assert lessons() == []


def test_a_rejected_row_takes_nothing_away_from_its_activity(cast: Any, office: Any) -> None:
    imported(office, row(), row(day="ons"))
    imported(office, row(), row(day="ons", starts="x"))
    assert len(lessons()) == 8


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"\x89PNG\r\n\x1a\n\x00", b"a" * 2_000_001])
def test_what_is_no_timetable_is_refused(cast: Any, office: Any, content: bytes) -> None:
    answer = upload(office, content=content)
    if answer.status_code == 302:
        assert "digest" not in office.get(answer.url).content.decode()
    else:
        assert answer.status_code == 422
    assert not TimetableImport.objects.filter(applied_at__isnull=False).exists()


def test_a_day_that_is_over_or_in_no_school_year_is_refused(cast: Any, office: Any) -> None:
    for day in (days.today() - timedelta(days=1), date(days.today().year + 9, 1, 7)):
        assert upload(office, row(), from_day=str(day)).status_code == 422


def test_another_school_neither_uploads_nor_looks_nor_confirms(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    _text, page, digest = shown(office, row())
    hassan = client_as("hassan", Role.STAFF)
    assert hassan.get(page).status_code == 404
    assert hassan.send(page, {"digest": digest}).status_code == 404
    assert upload(hassan, row()).status_code == 422
    assert upload(client_as("anna", Role.STAFF), row()).status_code == 403
    assert lessons() == []


def test_three_rows_take_as_many_statements_as_one(cast: Any, office: Any, statements: Callable[..., int]) -> None:
    counts = []
    for rows in ([row()], [row(starts="08:20"), row(subject="SV"), row(subject="EN", day="fre")]):
        _text, page, digest = shown(office, *rows)
        looked = statements(lambda: office.get(page))  # noqa: B023
        counts.append((looked, statements(lambda: office.send(page, {"digest": digest}))))  # noqa: B023
    assert counts[0][0] == counts[1][0] <= 3 + 26
    assert abs(counts[0][1] - counts[1][1]) <= 1  # lessons changed: one statement more


def test_files_of_older_programs_are_read() -> None:
    assert read_rows(read_table("Klass\tÄmne\tVeckodag\tStart\tSlut\n4Å\tBL\tmåndag\t8.10\t0900\n".encode("cp1252"))).rows[0][1:8] == (
        "4Å",
        "BL",
        (),
        "",
        1,
        time(8, 10),
        time(9, 0),
    )


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        content = read_rows(read_table(f"{HEAD}\n{text}".encode()))
    except Unreadable:
        return
    assert all(reject.line for reject in content.rejected)
    assert all(one.starts < one.ends for one in content.rows)


def test_a_workbook_is_read_with_its_own_days_and_times(cast: Any, office: Any) -> None:
    """A spreadsheet keeps days and times as such; Swedish ways of writing a day are read too."""
    book = openpyxl.Workbook()
    for cells in (
        HEAD.split(";"),
        ["4A", "MA", "", "", "", time(8, 10), time(9, 0), "", "", "", "", MONDAY],
        ["4A", "MA", "", "", "tis", "10:00", "10:40", "", "", "", f"{MONDAY.day}/{MONDAY.month} {MONDAY.year}", ""],
    ):
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    page = upload(office, content=file.getvalue()).url
    shown_page = office.get(page)
    assert not shown_page.context["plan"].rejected
    assert [(days.day_of(lesson.starts_at), lesson.minutes) for lesson in shown_page.context["plan"].created] == [(MONDAY, 50)]
