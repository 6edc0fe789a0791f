"""The roll-call of a class once a day or half day: its minutes over the lessons, exceptions kept, two savers, who may."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.actions.reports import Span, report_absence
from absence.models import DayCall, DayMark, Deviation, Reopening, RollCall, RollCallChange, UnitSettings
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import CalendarEvent, GroupMembership, Person
from tests.conftest import OVERHEAD


@pytest.fixture
def by_day(cast: Any, at: Any) -> None:
    """Granskolan calls its classes once a day; 4A has lessons at 8, 10, 12, ... to 20."""
    at(8, 5)
    UnitSettings.objects.create(
        school_unit=cast.group("4A").school_unit, start_date=days.today() - timedelta(days=30), roll_call_mode="day"
    )


def path(cast: Any, part: str = "hela-dagen", day: datetime.date | None = None, group: str = "4A") -> str:
    return f"/klasser/{cast.group(group).pk}/narvaro/{day or days.today()}/{part}/"


def form(*absent: Any, version: int = 0, **times: Any) -> dict[str, Any]:
    """`form(sami, came=(elsa, "09:00"))`"""
    found = {f"{which}-{pupil}": clock for which, (pupil, clock) in times.items()}
    return {"absent": [str(pupil) for pupil in absent], "version": version, "submission": str(uuid.uuid4()), **found}


def over_the_day(pupil: Any, day: datetime.date | None = None) -> list[dict[str, int]]:
    """What each lesson of 4A says of a pupil, by time."""
    roll_calls = RollCall.objects.filter(lesson__activity__groups__name="4A", day=day or days.today()).order_by("lesson_starts_at")
    rows = {row.roll_call_id: row.minutes for row in Deviation.objects.filter(roll_call__in=roll_calls, pupil=pupil)}
    return [rows.get(roll_call.pk, {}) for roll_call in roll_calls]


ALL = {"absent": 50}


def test_one_roll_call_fills_all_lessons_of_the_day(cast: Any, teacher: Any, by_day: None) -> None:
    sami, elsa, kim = cast.id("sami"), cast.id("elsa"), cast.id("kim")
    assert "Inte tagen" in teacher.get(path(cast)).content.decode()
    page = teacher.send(path(cast), form(sami, came=(elsa, "10:20"), left=(kim, "1430")), follow=True).content.decode()
    assert "Närvaron är sparad" in page
    assert over_the_day(sami) == [ALL] * 7
    assert over_the_day(elsa) == [ALL, {"late": 20}, {}, {}, {}, {}, {}]
    assert over_the_day(kim) == [{}, {}, {}, {"left_early": 20}, ALL, ALL, ALL]
    assert over_the_day(cast.id("petra")) == [{}] * 7
    assert 'data-present="Kom 10:20"' in page
    assert Entry.objects.filter(action="absence.take_day_call").count() == 1


def test_away_and_back_again(cast: Any, teacher: Any, by_day: None) -> None:
    sami, elsa = cast.id("sami"), cast.id("elsa")
    sent = {**form(left=(sami, "10:10")), f"came-{sami}": "12:30", f"came-{elsa}": "8.10", f"left-{elsa}": "20:40"}
    assert teacher.send(path(cast), sent).status_code == 302
    assert over_the_day(sami) == [{}, {"left_early": 40}, {"late": 30}, {}, {}, {}, {}]
    assert over_the_day(elsa) == [{"late": 10}, {}, {}, {}, {}, {}, {"left_early": 10}]
    inside = {**form(version=1, left=(sami, "10:10")), f"came-{sami}": "10:25"}
    assert teacher.send(path(cast), inside).status_code == 302
    assert over_the_day(sami) == [{}, {"absent": 15}, {}, {}, {}, {}, {}]


def test_half_days_part_at_noon(cast: Any, teacher: Any, by_day: None) -> None:
    UnitSettings.objects.update(roll_call_mode="half_day")
    sami = cast.id("sami")
    assert "Skolan tar närvaron på annat sätt" in teacher.get(path(cast)).content.decode()
    assert teacher.send(path(cast), form(sami)).status_code == 422
    assert teacher.send(path(cast, "formiddag"), form(sami)).status_code == 302
    assert over_the_day(sami) == [ALL, ALL]
    assert teacher.send(path(cast, "eftermiddag"), form()).status_code == 302
    assert over_the_day(sami) == [ALL, ALL, {}, {}, {}, {}, {}]
    assert DayCall.objects.count() == 2
    assert teacher.get(path(cast, "natt")).status_code == 404


def test_where_lessons_are_called_each_the_class_is_not(cast: Any, teacher: Any, at: Any) -> None:
    at(8, 5)
    page = teacher.get(path(cast)).content.decode()
    assert "Skolan tar närvaron på annat sätt" in page
    assert teacher.send(path(cast), form()).status_code == 422
    assert not RollCall.objects.filter(day=days.today()).exists()


def lesson_form(*absent: Any, version: int, **more: Any) -> dict[str, Any]:
    return {"absent": [str(pupil) for pupil in absent], "version": version, "submission": str(uuid.uuid4()), **more}


def test_an_exception_of_a_lesson_stays_when_the_day_is_saved_again(cast: Any, teacher: Any, by_day: None) -> None:
    sami, elsa, kim = cast.id("sami"), cast.id("elsa"), cast.id("kim")
    teacher.send(path(cast), form(sami))
    second = f"/lektioner/{cast.lesson('4A', number=1).pk}/narvaro/"
    assert "Tagen för hela klassen" in teacher.get(second).content.decode()
    assert teacher.send(second, lesson_form(sami, version=1, **{f"late-{elsa}": "5", f"other-{kim}": "50"})).status_code == 302
    page = teacher.get(path(cast)).content.decode()
    assert page.count("sen 5 min") == 1
    assert teacher.send(path(cast), form(elsa, version=1, came=(sami, "11:00"))).status_code == 302
    assert over_the_day(elsa) == [ALL, {"late": 5}, ALL, ALL, ALL, ALL, ALL]
    assert over_the_day(sami) == [ALL, ALL, {}, {}, {}, {}, {}]
    assert over_the_day(kim)[1] == {"other": 50}
    assert teacher.send(path(cast), form(version=2)).status_code == 302
    assert over_the_day(elsa) == [{}, {"late": 5}, {}, {}, {}, {}, {}]
    changes = RollCallChange.objects.filter(pupil=elsa, roll_call__lesson=cast.lesson("4A", number=1))
    assert [(row.before, row.after) for row in changes] == [({}, {"late": 5})]
    assert RollCallChange.objects.filter(pupil=elsa).count() == 1 + 6 + 6


def test_a_lesson_that_was_taken_by_itself_is_left_alone(cast: Any, teacher: Any, by_day: None) -> None:
    sami, elsa = cast.id("sami"), cast.id("elsa")
    first = cast.lesson("4A")
    teacher.send(f"/lektioner/{first.pk}/narvaro/", lesson_form(elsa, version=0))
    assert teacher.send(path(cast), form(sami), follow=True).content.decode().count("Tagen för sig") == 1
    assert over_the_day(sami) == [{}] + [ALL] * 6
    assert over_the_day(elsa) == [ALL] + [{}] * 6
    assert RollCall.objects.get(lesson=first).version == 1


def test_a_lesson_that_is_put_in_later_joins_when_the_day_is_saved_again(cast: Any, teacher: Any, by_day: None) -> None:
    teacher.send(path(cast), form(cast.id("sami")))
    last = cast.lesson("4A", number=6)
    CalendarEvent.objects.create(activity=last.activity, starts_at=last.ends_at, ends_at=last.ends_at + timedelta(minutes=30))
    assert teacher.send(path(cast), form(cast.id("sami"), version=1)).status_code == 302
    assert over_the_day(cast.id("sami")) == [ALL] * 7 + [{"absent": 30}]


def test_a_pupil_who_joins_after_the_call_is_no_part_of_it(cast: Any, teacher: Any, by_day: None) -> None:
    teacher.send(path(cast), form())
    new = Person.objects.create(given_name="Ny", family_name="Elev")
    GroupMembership.objects.create(group=cast.group("4A"), person=new, start_date=days.today())
    assert teacher.send(path(cast), form(new.pk, version=1)).status_code == 422
    assert DayCall.objects.get().version == 1


def test_reports_and_leave_fill_in(cast: Any, teacher: Any, actor: Any, by_day: None, at: Any) -> None:
    from tests.absence.leave import granted_leave

    at(7, 0)
    day = days.today()
    amira, karin = actor("amira", Role.GUARDIAN), actor("karin", Role.GUARDIAN)
    report_absence(actor=amira, pupils=[cast.sami], span=Span(day, day), submission=uuid.uuid4())
    times = {"starts": datetime.time(8), "ends": datetime.time(11)}
    span = Span(day, day, *times.values())
    report_absence(actor=karin, pupils=[cast.elsa], span=span, submission=uuid.uuid4())
    granted_leave(cast, cast.kim, cast.group("4A").school_unit, day)
    page = teacher.get(path(cast)).content.decode()
    assert f'value="{cast.id("sami")}" checked' in page
    assert f'value="{cast.id("kim")}" checked' in page
    assert f'name="came-{cast.id("elsa")}" value="11:00"' in page
    assert "Anmäld 08:00–11:00" in page


def test_injected_foreign_repeated_and_broken_marks_are_refused_whole(cast: Any, teacher: Any, by_day: None) -> None:
    sami = cast.id("sami")
    bad: list[dict[str, Any]] = [form(sami, cast.id("leila")), form(sami, uuid.uuid4()), form(sami, sami), form("x")]
    bad += [form(came=(sami, text)) for text in ("25:00", "8", "08:60", "-1:00", "abc", "08:00:00", "٠٨:٠٠", "9" * 300)]
    bad += [form(sami, came=(sami, "09:00")), {**form(came=(sami, "09:00")), f"left-{sami}": "09:00"}]
    bad += [{**form(), f"came-{sami}": ["08:00", "09:00"]}, form(came=(cast.id("leila"), "09:00")), form(version=-1)]
    for sent in bad:
        assert teacher.send(path(cast), sent).status_code == 422, sent
    assert not DayCall.objects.exists()
    assert not RollCall.objects.filter(day=days.today()).exists()


def test_two_savers_a_retry_and_an_old_page(cast: Any, teacher: Any, by_day: None) -> None:
    sami, elsa = cast.id("sami"), cast.id("elsa")
    sent = form(sami)
    assert [teacher.send(path(cast), sent).status_code for _ in range(2)] == [302, 302]
    assert DayCall.objects.get().version == 1
    late = teacher.send(path(cast), form(elsa))
    page = late.content.decode()
    assert late.status_code == 409
    assert page.count("Sparad som frånvarande") == 1
    assert page.count("Sparad som närvarande") == 1
    assert f'value="{elsa}" checked' in page
    assert over_the_day(elsa) == [{}] * 7
    assert {mark.pupil_id for mark in DayMark.objects.all()} == {sami}


def test_on_a_later_day_with_a_reason_and_not_after_the_lock(cast: Any, teacher: Any, by_day: None, at: Any) -> None:
    day = days.today()
    teacher.send(path(cast), form())
    at(8, 0, day=day + timedelta(days=1))
    assert teacher.send(path(cast, day=day), form(cast.id("sami"), version=1)).status_code == 422
    assert not DayMark.objects.exists()
    assert teacher.send(path(cast, day=day), {**form(cast.id("sami"), version=1), "reason": "Glömd"}).status_code == 302
    assert {row.reason for row in RollCallChange.objects.all()} == {"Glömd"}
    at(8, 0, day=day + timedelta(days=15))
    assert "Låst" in teacher.get(path(cast, day=day)).content.decode()
    assert teacher.send(path(cast, day=day), {**form(version=2), "reason": "x"}).status_code == 422
    Reopening.objects.create(lesson=cast.lesson("4A", day), reopened_by=cast.pekka, reason="x", open_until=day + timedelta(days=20))
    assert teacher.send(path(cast, day=day), {**form(version=2), "reason": "x"}).status_code == 422


def test_who_may_call_a_class(cast: Any, client_as: Callable[..., Any], teacher: Any, by_day: None, at: Any) -> None:
    tomorrow = days.today() + timedelta(days=1)
    assert teacher.get(path(cast, day=tomorrow)).status_code == 200
    assert teacher.send(path(cast, day=tomorrow), form()).status_code == 403
    assert client_as("ingrid", Role.STAFF).get(path(cast)).status_code == 200
    assert client_as("ingrid", Role.STAFF).send(path(cast), form()).status_code == 403
    assert client_as("sunna", Role.STAFF).send(path(cast), form()).status_code == 403
    for key in ("lars", "hassan", "erik"):
        assert client_as(key, Role.STAFF).send(path(cast), form()).status_code == 404
    assert client_as("sami", Role.PUPIL).send(path(cast), form()).status_code == 404
    assert client_as("amira", Role.GUARDIAN).send(path(cast), form()).status_code == 404
    assert client_as("anna", Role.STAFF, Level.PASSWORD).send(path(cast), form()).url == "/bekrafta/"
    assert not DayCall.objects.exists()
    assert client_as("pekka", Role.STAFF).send(path(cast), form()).status_code == 302
    maja = client_as("maja", Role.STAFF)
    assert maja.send(path(cast), form(version=1)).status_code == 302
    at(8, 0, day=tomorrow)
    assert maja.get(path(cast, day=tomorrow - timedelta(days=1))).status_code == 404


def test_a_teaching_group_is_no_class_to_call(cast: Any, client_as: Any, at: Any) -> None:
    at(8, 5)
    group = cast.group("Spanska 8")
    assert client_as("hassan", Role.STAFF).get(f"/klasser/{group.pk}/narvaro/{days.today()}/hela-dagen/").status_code == 404


def test_the_start_page_leads_to_the_class(cast: Any, teacher: Any, by_day: None) -> None:
    page = teacher.get("/start/").content.decode()
    assert path(cast) in page
    assert f"/lektioner/{cast.lesson('4A').pk}/narvaro/" not in page
    assert path(cast) in teacher.get("/lektioner/").content.decode()


@pytest.mark.parametrize("pupils", [1, 30, 300])
def test_page_and_save_take_the_same_statements_for_any_number_of_pupils(
    cast: Any, teacher: Any, by_day: None, statements: Callable[..., int], pupils: int
) -> None:
    extra = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
    GroupMembership.objects.bulk_create(GroupMembership(group=cast.group("4A"), person=each, start_date=days.today()) for each in extra)
    teacher.get("/om-dexter/")
    address = path(cast)
    sami, ids = cast.id("sami"), [each.pk for each in extra]
    counts = {
        "page": statements(lambda: teacher.get(address)),
        "first": statements(lambda: teacher.send(address, form(*ids))),
        "correction": statements(lambda: teacher.send(address, {**form(sami, version=1), **{f"came-{pk}": "9:00" for pk in ids}})),
        "all present": statements(lambda: teacher.send(address, form(version=2))),
    }
    assert {name: count - OVERHEAD for name, count in counts.items()} == {"page": 8, "first": 8, "correction": 11, "all present": 9}
