"""The roll-call in minutes: late, left early, other activity; corrected with a reason and a history; opened again; twice at once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from absence.actions.reports import Span, report_absence
from absence.actions.roll_calls import Conflict, Seen, reopen_lesson, take_roll_call
from absence.models import Deviation, LeaveDay, Reopening, RollCall, RollCallChange, UnitSettings
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import CalendarEvent, Group, GroupMembership, GroupType, Person, TeacherException
from tests.conftest import OVERHEAD


@pytest.fixture
def lesson(cast: Any, at: Any) -> CalendarEvent:
    at(8, 12)
    return cast.lesson("4A")


def path(lesson: CalendarEvent) -> str:
    return f"/lektioner/{lesson.pk}/narvaro/"


def form(*absent: Any, version: int = 0, **minutes: Any) -> dict[str, Any]:
    """`form(sami, late=(elsa, 10))`"""
    found = {f"{seen}-{pupil}": str(count) for seen, (pupil, count) in minutes.items()}
    return {"absent": [str(pupil) for pupil in absent], "version": version, "submission": str(uuid.uuid4()), **found}


def stored(lesson: CalendarEvent, pupil: Any) -> dict[str, int]:
    row = Deviation.objects.filter(roll_call__lesson=lesson, pupil=pupil).first()
    return row.minutes if row else {}


def test_late_left_early_away_and_other_are_kept_in_minutes(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    sami, elsa, kim = cast.id("sami"), cast.id("elsa"), cast.id("kim")
    sent = form(kim, late=(sami, 10), left_early=(sami, 5), other=(elsa, 50))
    page = teacher.send(path(lesson), sent, follow=True).content.decode()
    assert stored(lesson, sami) == {"late": 10, "left_early": 5}
    assert stored(lesson, elsa) == {"other": 50}
    assert stored(lesson, kim) == {"absent": 50}
    assert 'data-present="Sen 10 min, gick 5 min tidigare"' in page
    assert 'data-present="Annan skolaktivitet"' in page


def test_the_lesson_going_on_offers_the_minutes_until_now(teacher: Any, lesson: CalendarEvent, at: Any) -> None:
    page = teacher.get(path(lesson)).content.decode()
    assert 'data-gone="12"' in page
    assert '<option value="12">' in page
    at(9, 30)
    assert '<option value="90">' not in teacher.get(path(lesson)).content.decode()


@pytest.mark.parametrize("minutes", ["-1", "51", "100000", "9" * 400, "1.5", "ten", "1e1", "½", "0x10"])
def test_minutes_that_are_none_or_too_many_save_nothing(cast: Any, teacher: Any, lesson: CalendarEvent, minutes: str) -> None:
    response = teacher.send(path(lesson), form(cast.id("elsa"), late=(cast.id("sami"), minutes)))
    assert response.status_code == 422
    assert not RollCall.objects.filter(lesson=lesson).exists()


def test_together_no_more_than_the_lesson_and_never_all_of_it_and_a_part(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    sami = cast.id("sami")
    too_many = form(late=(sami, 30), left_early=(sami, 21))
    assert teacher.send(path(lesson), too_many).status_code == 422
    both = teacher.send(path(lesson), form(sami, late=(sami, 10)))
    assert both.status_code == 422
    page = both.content.decode()
    assert "Frånvarande och minuter: välj ett" in page
    assert f'value="{sami}" checked' in page
    assert f'name="late-{sami}" value="10"' in page
    assert teacher.send(path(lesson), {**form(), f"late-{sami}": ["5", "6"]}).status_code == 422
    assert teacher.send(path(lesson), form(late=(uuid.uuid4(), 5))).status_code == 422
    assert teacher.send(path(lesson), form(late=(cast.id("leila"), 5))).status_code == 422
    assert not RollCall.objects.filter(lesson=lesson).exists()


def test_extra_fields_change_nothing(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    extra = {"taken_by": str(cast.id("maja")), "lesson_minutes": "1", "late-x": "5", "day_call": "1", "late_is_unauthorised": ""}
    assert teacher.send(path(lesson), {**form(), **extra}).status_code == 302
    taken = RollCall.objects.get(lesson=lesson)
    assert (taken.taken_by_id, taken.lesson_minutes, taken.late_is_unauthorised) == (cast.id("anna"), 50, True)


def report(actor: Any, cast: Any, lesson: CalendarEvent, *pupils: Any, starts: Any = None, ends: Any = None) -> None:
    span = Span(lesson.day, lesson.day, starts, ends)
    report_absence(actor=actor("amira", Role.GUARDIAN), pupils=list(pupils), span=span, submission=uuid.uuid4())


def test_a_report_fills_in_and_says_in_words_when_it_was_made(cast: Any, teacher: Any, actor: Any, at: Any) -> None:
    lesson = cast.lesson("4A")
    at(7, 12)
    report(actor, cast, lesson, cast.sami)
    at(8, 5)
    page = teacher.get(path(lesson)).content.decode()
    assert "Anmäld hela dagen, anmält idag 07:12" in page
    assert f'value="{cast.id("sami")}" checked' in page
    assert "Haddad, Amira" not in page
    assert "Amira" not in page
    teacher.send(path(lesson), form())
    page = teacher.get(path(lesson)).content.decode()
    assert page.count("Anmäld men här") == 1
    teacher.send(path(lesson), form(cast.id("sami"), cast.id("elsa"), version=1))
    page = teacher.get(path(lesson)).content.decode()
    assert page.count("Ingen anmälan") == 1
    assert "Anmäld men här" not in page


def test_leave_fills_in_at_the_school_that_granted_it(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    from tests.absence.leave import granted_leave

    granted_leave(cast, cast.sami, lesson.activity.school_unit, lesson.day)
    page = teacher.get(path(lesson)).content.decode()
    assert "Beviljad ledighet" in page
    assert f'value="{cast.id("sami")}" checked' in page
    assert LeaveDay.objects.count() == 1


def test_a_correction_keeps_what_was_there_by_whom_and_why(cast: Any, teacher: Any, client_as: Any, lesson: CalendarEvent, at: Any) -> None:
    sami, elsa = cast.id("sami"), cast.id("elsa")
    teacher.send(path(lesson), form(sami))
    assert "history" not in teacher.get(path(lesson)).content.decode()
    client_as("maja", Role.STAFF).send(path(lesson), form(elsa, version=1, late=(sami, 10)))
    at(8, 0, day=lesson.day + timedelta(days=1))
    without = teacher.send(path(lesson), form(elsa, version=2))
    assert without.status_code == 422
    assert "Skriv varför närvaron rättas" in without.content.decode()
    assert stored(lesson, sami) == {"late": 10}
    assert teacher.send(path(lesson), {**form(elsa, version=2), "reason": "Han kom i tid"}).status_code == 302
    page = teacher.get(path(lesson)).content.decode()
    assert "3 ändringar" in page
    assert "Han kom i tid" in page
    assert "Maja Holm" in page
    changes = RollCallChange.objects.filter(roll_call__lesson=lesson, pupil=sami).order_by("version")
    assert [(row.before, row.after) for row in changes] == [({"absent": 50}, {"late": 10}), ({"late": 10}, {})]


def test_the_same_form_after_a_time_out_is_one_correction(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    teacher.send(path(lesson), form())
    again = form(cast.id("sami"), version=1)
    assert teacher.send(path(lesson), again).status_code == teacher.send(path(lesson), again).status_code == 302
    assert RollCall.objects.get(lesson=lesson).version == 2
    assert RollCallChange.objects.filter(roll_call__lesson=lesson).count() == 1


def test_a_save_that_read_an_older_state_is_a_conflict(cast: Any, actor: Any, lesson: CalendarEvent) -> None:
    """Both read version 1 in the same moment; the second to write changes nothing."""
    from absence import reads

    anna = actor("anna", Role.STAFF)
    take_roll_call(actor=anna, lesson=lesson, marks={}, version=0, submission=uuid.uuid4())
    seen = reads.lessons_to_call(anna)
    first, second = seen.get(pk=lesson.pk), seen.get(pk=lesson.pk)
    take_roll_call(actor=anna, lesson=first, marks={cast.id("sami"): Seen(whole=True)}, version=1, submission=uuid.uuid4())
    with pytest.raises(Conflict):
        take_roll_call(actor=anna, lesson=second, marks={}, version=1, submission=uuid.uuid4())
    assert stored(lesson, cast.id("sami")) == {"absent": 50}


def test_two_tabs_with_two_roles_do_nothing(cast: Any, client_as: Any, at: Any) -> None:
    at(9, 5)
    lesson = cast.lesson("5B")
    erik = client_as("erik", Role.STAFF)
    response = erik.post(path(lesson), {**form(), "_role": "guardian"})
    assert response.status_code == 409
    assert not RollCall.objects.filter(lesson=lesson).exists()


def test_the_script_is_answered_with_where_to_go(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    answer = teacher.send(path(lesson), form(), headers={"Accept": "application/json"})
    assert json.loads(answer.content) == {"next": f"{path(lesson)}?sparad", "version": 1}
    assert teacher.send(path(lesson), form(), headers={"Accept": "application/json"}).status_code == 409


def test_saved_is_said_to_who_saved_alone(cast: Any, teacher: Any, client_as: Any, lesson: CalendarEvent) -> None:
    teacher.send(path(lesson), form())
    assert "Närvaron är sparad" in teacher.get(f"{path(lesson)}?sparad").content.decode()
    assert "Närvaron är sparad" not in client_as("maja", Role.STAFF).get(f"{path(lesson)}?sparad").content.decode()


# Double lessons, mixed groups ---------------------------------------------------------------------------------------


@pytest.fixture
def double(lesson: CalendarEvent) -> CalendarEvent:
    opens = lesson.ends_at + timedelta(minutes=10)
    return CalendarEvent.objects.create(activity=lesson.activity, starts_at=opens, ends_at=opens + timedelta(minutes=40))


def test_a_double_lesson_is_taken_with_one_tick(cast: Any, teacher: Any, lesson: CalendarEvent, double: CalendarEvent) -> None:
    sami, elsa, kim = cast.id("sami"), cast.id("elsa"), cast.id("kim")
    assert "Samma i nästa lektion" in teacher.get(path(lesson)).content.decode()
    sent = {**form(sami, late=(elsa, 10), left_early=(kim, 5)), "with_next": "on"}
    assert teacher.send(path(lesson), sent).status_code == 302
    assert teacher.send(path(lesson), sent).status_code == 302
    assert [stored(double, pupil) for pupil in (sami, elsa, kim)] == [{"absent": 40}, {}, {"absent": 40}]
    assert RollCall.objects.get(lesson=double).version == 1
    assert "Samma i nästa lektion" not in teacher.get(path(lesson)).content.decode()
    assert teacher.send(path(double), form(kim, version=1)).status_code == 302
    assert stored(lesson, sami) == {"absent": 50}
    assert Entry.objects.filter(action="absence.take_roll_call", object_id__in=[lesson.pk, double.pk]).count() == 3


def test_a_substitute_of_one_half_is_not_offered_the_other(client_as: Any, lesson: CalendarEvent, double: CalendarEvent) -> None:
    maja = client_as("maja", Role.STAFF)
    assert "Samma i nästa lektion" not in maja.get(path(lesson)).content.decode()
    assert maja.send(path(lesson), {**form(), "with_next": "on"}).status_code == 302
    assert not RollCall.objects.filter(lesson=double).exists()


def test_a_longer_break_or_another_subject_is_no_double_lesson(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    opens = lesson.ends_at + timedelta(minutes=16)
    CalendarEvent.objects.create(activity=lesson.activity, starts_at=opens, ends_at=opens + timedelta(minutes=40))
    assert "Samma i nästa lektion" not in teacher.get(path(lesson)).content.decode()


def test_neither_half_is_saved_when_one_is_refused(cast: Any, teacher: Any, lesson: CalendarEvent, double: CalendarEvent) -> None:
    assert teacher.send(path(lesson), {**form(cast.id("leila")), "with_next": "on"}).status_code == 422
    assert not RollCall.objects.filter(lesson__in=[lesson, double]).exists()


def test_rows_of_a_mixed_group_name_the_class(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    assert '<span class="muted small">4A</span>' not in teacher.get(path(lesson)).content.decode()
    group = cast.group("4A")
    mixed = Group.objects.create(name="Kör", group_type=GroupType.TEACHING, school_unit=group.school_unit, start_date=lesson.day)
    GroupMembership.objects.create(group=mixed, person=cast.viggo, start_date=lesson.day)
    lesson.activity.activity_groups.create(group=mixed)
    page = teacher.get(path(lesson)).content.decode()
    assert '<span class="muted small">4A</span>' in page
    assert '<span class="muted small">5A</span>' in page


# Locked, opened again -----------------------------------------------------------------------------------------------


def test_locked_after_the_days_of_the_unit_and_opened_by_the_office(cast: Any, teacher: Any, client_as: Any, at: Any) -> None:
    lesson = cast.lesson("4A", days.today() - timedelta(days=3))
    unit = lesson.activity.school_unit
    version = getattr(RollCall.objects.filter(lesson=lesson).first(), "version", 0)
    UnitSettings.objects.create(school_unit=unit, start_date=lesson.day, open_days=2)
    at(8, 0)
    page = teacher.get(path(lesson)).content.decode()
    assert "Låst: närvaron kan ändras i 2 dagar" in page
    assert "/oppna/" not in page
    assert teacher.send(path(lesson), {**form(version=version), "reason": "fel"}).status_code == 422
    address = f"/lektioner/{lesson.pk}/oppna/"
    assert teacher.get(address).status_code == 403
    pekka = client_as("pekka", Role.STAFF)
    assert address in pekka.get(path(lesson)).content.decode()
    for broken in ({"open_days": "0"}, {"open_days": "15"}, {"open_days": "x"}, {"reason": ""}):
        assert pekka.send(address, {"reason": "Missad", "open_days": "2", **broken}).status_code == 422
    assert pekka.send(address, {"reason": "Missad", "open_days": "2"}).status_code == 302
    assert pekka.send(address, {"reason": "Missad", "open_days": "2"}).status_code == 422
    assert Entry.objects.filter(action="absence.reopen_lesson", object_id=lesson.pk).count() == 1
    assert "Öppnad igen, till och med" in teacher.get(path(lesson)).content.decode()
    assert teacher.send(path(lesson), {**form(cast.id("sami"), version=version), "reason": "fel"}).status_code == 302
    at(8, 0, day=days.today() + timedelta(days=2))
    assert teacher.send(path(lesson), {**form(version=version + 1), "reason": "fel"}).status_code == 422


def test_the_action_itself_opens_for_a_fortnight_at_most(cast: Any, actor: Any, at: Any) -> None:
    lesson = cast.lesson("4A")
    at(8, 0, day=lesson.day + timedelta(days=20))
    for count in (0, 15, -3):
        with pytest.raises(ValidationError):
            reopen_lesson(actor=actor("pekka", Role.STAFF), lesson=lesson, reason="x", open_days=count)
    assert not Reopening.objects.exists()


def test_the_office_of_another_school_opens_nothing(cast: Any, client_as: Any, at: Any) -> None:
    lesson = cast.lesson("4A")
    at(8, 0, day=lesson.day + timedelta(days=20))
    assert client_as("hassan", Role.STAFF).send(f"/lektioner/{lesson.pk}/oppna/", {"reason": "x", "open_days": "2"}).status_code == 404
    assert client_as("ingrid", Role.STAFF).send(f"/lektioner/{lesson.pk}/oppna/", {"reason": "x", "open_days": "2"}).status_code == 403


def test_a_substitute_corrects_nothing_the_day_after(cast: Any, client_as: Any, lesson: CalendarEvent, at: Any) -> None:
    maja = client_as("maja", Role.STAFF)
    assert maja.send(path(lesson), form()).status_code == 302
    at(8, 0, day=lesson.day + timedelta(days=1))
    assert maja.send(path(lesson), {**form(version=1), "reason": "x"}).status_code == 404
    TeacherException.objects.filter(calendar_event=lesson).delete()


@pytest.mark.parametrize("pupils", [30, 300])
def test_page_and_every_save_take_seven_statements_for_any_number_of_pupils(
    cast: Any, teacher: Any, lesson: CalendarEvent, statements: Callable[..., int], pupils: int
) -> None:
    extra = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
    GroupMembership.objects.bulk_create(GroupMembership(group=cast.group("4A"), person=each, start_date=lesson.day) for each in extra)
    teacher.get("/om-dexter/")
    half = [each.pk for each in extra[: pupils // 2]]
    rest = {f"late-{each.pk}": "7" for each in extra[pupils // 3 :]}
    counts = {
        "empty page": statements(lambda: teacher.get(path(lesson))),
        "first save": statements(lambda: teacher.send(path(lesson), form(*half))),
        "page": statements(lambda: teacher.get(path(lesson))),
        "correction": statements(lambda: teacher.send(path(lesson), {**form(*half[: pupils // 4], version=1), **rest})),
        "page with history": statements(lambda: teacher.get(path(lesson))),
        "all present": statements(lambda: teacher.send(path(lesson), form(version=2))),
        "same form": statements(lambda: teacher.send(path(lesson), form(version=3))),
    }
    beyond = {name: count - OVERHEAD for name, count in counts.items()}
    assert beyond == {
        "empty page": 4,
        "first save": 6,
        "page": 4,
        "correction": 7,
        "page with history": 6,
        "all present": 6,
        "same form": 4,
    }


def test_hundreds_of_corrections_are_shown_fifty_a_page(
    cast: Any, teacher: Any, lesson: CalendarEvent, statements: Callable[..., int]
) -> None:
    teacher.send(path(lesson), form())
    teacher.send(path(lesson), form(cast.id("sami"), version=1))
    first = RollCallChange.objects.get()
    before = statements(lambda: teacher.get(path(lesson)))
    RollCallChange.objects.bulk_create(
        RollCallChange(
            roll_call_id=first.roll_call_id,
            version=version,
            pupil_id=first.pupil_id,
            changed_by_id=first.changed_by_id,
            changed_at=first.changed_at,
            before={},
            after={"late": version},
        )
        for version in range(3, 302)
    )
    assert statements(lambda: teacher.get(path(lesson))) == before
    page = teacher.get(path(lesson)).content.decode()
    assert ("300 ändringar" in page, "Sida 1 av 6" in page, page.count("<del")) == (True, True, 50)
    last = teacher.get(path(lesson) + "?sida=6").content.decode()
    assert last.count("<del") == 50
    assert '<details class="card history" open>' in last
