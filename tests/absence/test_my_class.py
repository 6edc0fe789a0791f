"""My class: each pupil today, in the term and over the last weeks; one pupil whole; for those who follow them alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from absence import reads
from absence.actions.roll_calls import Seen, take_roll_call
from absence.models import AbsenceAlert, AbsenceStep, AlertRule, Deviation, LadderStep, ReportedDay, RollCall
from absence.reads.sums import Sums
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import AssignmentRole, DutyAssignment, GroupMembership, Person, ProtectedAccess
from tests.conftest import OVERHEAD
from tests.pages import visible


@pytest.fixture
def page(cast: Any) -> str:
    return f"/min-klass/{cast.group('4A').pk}/"


@pytest.fixture
def quiet(cast: Any, at: Any) -> None:
    """Ten o'clock, nobody was ever away."""
    at(10, 0)
    Deviation.objects.all().delete()
    ReportedDay.objects.all().delete()


def away(cast: Any, actor: Callable[..., Actor], **seen: Seen) -> RollCall:
    marks = {cast.id(name): what for name, what in seen.items()}
    return take_roll_call(actor=actor("anna", Role.STAFF), lesson=cast.lesson("4A"), marks=marks, version=0, submission=uuid.uuid4())


def test_each_pupil_today_and_in_the_term(cast: Any, teacher: Any, actor: Callable[..., Actor], page: str, quiet: None) -> None:
    away(cast, actor, sami=Seen(whole=True), elsa=Seen(late=10))
    text = " ".join(teacher.get(page).content.decode().split())
    sami = text[text.index("Sami Haddad") :]
    assert "Borta 1 lektion" in sami[:900]
    assert "0,8 h" in sami[:1500]
    elsa = text[text.index("Elsa Sandström") :]
    assert "Sen 1 gång" in elsa[:900]
    assert "Här idag" in text
    assert text.count('class="trend') >= text.count('class="mate"')


def test_the_most_absent_come_first_when_asked_for(cast: Any, teacher: Any, actor: Callable[..., Actor], page: str, quiet: None) -> None:
    away(cast, actor, sami=Seen(whole=True))
    names = {order: teacher.get(f"{page}?ordning={order}").content.decode() for order in ("namn", "franvaro", "ogiltig", "x")}
    assert names["franvaro"].index("Sami Haddad") < names["franvaro"].index("Elsa Sandström")
    assert names["ogiltig"].index("Sami Haddad") < names["ogiltig"].index("Elsa Sandström")
    by_name = re.findall(r'mate__name"><a[^>]*>([^<]+)', names["namn"])
    assert by_name == re.findall(r'mate__name"><a[^>]*>([^<]+)', names["x"])
    assert by_name == sorted(by_name, key=lambda name: name.split()[-1].lower().translate(str.maketrans("åäö", "{|}")))


def test_alerts_steps_and_the_one_action_of_a_line(cast: Any, teacher: Any, page: str, quiet: None) -> None:
    unit = cast.group("4A").school_unit
    assert f"/min-klass/elev/{cast.id('sami')}/steg/" in teacher.get(page).content.decode()
    rule = AlertRule.objects.get(kind="total_share", school_unit=None)
    alert = AbsenceAlert.objects.create(
        pupil=cast.sami, school_unit=unit, rule=rule, kind=rule.kind, figures={"found": 12, "limit": 10, "days": 30}, raised_at=days.now()
    )
    AbsenceStep.objects.create(
        pupil=cast.sami,
        school_unit=unit,
        step=LadderStep.objects.get(code="pupil_talk"),
        taken_by=cast.anna,
        taken_on=days.today(),
        submission=uuid.uuid4(),
    )
    text = teacher.get(page).content.decode()
    assert f"/franvaro/varningar/{alert.pk}/" in text
    assert "1 varning" in text
    assert "Samtal med eleven" in text


def test_who_sees_the_class(cast: Any, client_as: Callable[..., Any], page: str) -> None:
    for who in ("anna", "sunna", "ingrid", "pekka"):
        assert client_as(who, Role.STAFF).get(page).status_code == 200, who
    for who in ("lars", "nina", "hassan", "erik", "maja", "birgitta"):
        assert client_as(who, Role.STAFF).get(page).status_code == 404, who
    for who, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL)):
        assert client_as(who, role).get(page).status_code in {302, 404}


def test_a_subject_teacher_and_a_mentor_of_long_ago_do_not(cast: Any, client_as: Callable[..., Any], page: str) -> None:
    anna, pupil = client_as("anna", Role.STAFF), f"/min-klass/elev/{cast.id('sami')}/"
    AssignmentRole.objects.filter(duty__person=cast.anna).update(end_date=days.today() - timedelta(days=61))
    assert anna.get(page).status_code == 404
    assert anna.get(pupil).status_code == 403, "teaches the pupil, and sees the own subject elsewhere"
    DutyAssignment.objects.filter(duty__person=cast.anna).update(end_date=days.today() - timedelta(days=61))
    assert anna.get(pupil).status_code == 404


def test_the_protected_are_on_no_list_but_for_the_named(cast: Any, teacher: Any, page: str) -> None:
    before = teacher.get(page).content.decode()
    assert "Kim Ek" not in before
    assert teacher.get(f"/min-klass/elev/{cast.id('kim')}/").status_code == 404
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.anna, granted_by=cast.ingrid, reason="mentor")
    assert "Kim Ek" in teacher.get(page).content.decode()
    assert "Robin" not in teacher.get(f"/min-klass/elev/{cast.id('kim')}/").content.decode()


@pytest.mark.parametrize("pupils", [1, 30])
def test_eight_statements_for_any_number_of_pupils(cast: Any, teacher: Any, page: str, statements: Any, quiet: None, pupils: int) -> None:
    group, roll_call = cast.group("4A"), RollCall.objects.filter(lesson__activity__groups__name="4A")[0]
    extra = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=days.today()) for pupil in extra)
    RollCall.objects.filter(pk=roll_call.pk).update(roster=[*roll_call.roster, *(pupil.pk for pupil in extra)])
    Deviation.objects.bulk_create(Deviation(roll_call=roll_call, pupil=pupil, absent_minutes=50) for pupil in extra)
    teacher.get(page)
    assert statements(lambda: teacher.get(page)) == 7 + OVERHEAD


def test_one_pupil_whole(cast: Any, teacher: Any, actor: Callable[..., Actor], quiet: None) -> None:
    roll_call = away(cast, actor, sami=Seen(whole=True))
    text = " ".join(teacher.get(f"/min-klass/elev/{cast.id('sami')}/").content.decode().split())
    subject = roll_call.lesson.activity.syllabus.subject_name
    assert subject in text
    assert "Ogiltig 50 min" in text
    assert "Inget steg är taget" in text
    teacher.send("/franvaro/bedom/spara/", {"one": f"{roll_call.deviations.get().pk}:=valid", "pupil": str(cast.id("sami"))})
    text = " ".join(teacher.get(f"/min-klass/elev/{cast.id('sami')}/").content.decode().split())
    assert "Giltig 50 min" in text
    assert "Giltig frånvaro" in text


@pytest.mark.parametrize("lessons", [1, 3])
def test_a_pupils_page_takes_the_same_statements(cast: Any, teacher: Any, statements: Any, quiet: None, lessons: int) -> None:
    rows = RollCall.objects.filter(roster__contains=[cast.id("sami")])[:lessons]
    Deviation.objects.bulk_create(Deviation(roll_call=row, pupil=cast.sami, late_minutes=5) for row in rows)
    path = f"/min-klass/elev/{cast.id('sami')}/"
    teacher.get(path)
    assert statements(lambda: teacher.get(path)) == 17 + OVERHEAD


def test_the_trend_counts_whole_weeks_and_knows_a_week_without_lessons() -> None:
    pupil, today = uuid.uuid4(), date(2026, 11, 25)
    rows = [
        reads.DaySums(pupil, date(2026, 11, 18), Sums(offered=100, valid=25)),
        reads.DaySums(pupil, date(2026, 11, 20), Sums(offered=100, valid=75)),
        reads.DaySums(pupil, date(2026, 9, 28), Sums(offered=50)),
        reads.DaySums(pupil, date(2026, 11, 24), Sums(offered=50, valid=50)),
        reads.DaySums(pupil, date(2026, 9, 25), Sums(offered=50, valid=50)),
    ]
    trend = reads.trend_of(rows, today)
    assert [week.number for week in trend.weeks] == [40, 41, 42, 43, 44, 45, 46, 47]
    assert trend.figures == "0 · – · – · – · – · – · – · 50"
    assert len(trend.points.split()) == 2
    assert reads.trend_of([], today).points == ""


def test_a_step_is_taken_once_and_corrected_by_one_at_a_time(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    path, step = f"/min-klass/elev/{cast.id('sami')}/steg/", LadderStep.objects.get(code="home_contact")
    sent = {"step": str(step.pk), "taken_on": days.today().isoformat(), "note": "Ringde. <b>x</b>", "submission": str(uuid.uuid4())}
    assert "Samtal med eleven" in teacher.get(path).content.decode()
    assert teacher.send(path, sent).status_code == 302
    assert teacher.send(path, sent).status_code == 302
    taken = AbsenceStep.objects.get()
    assert "&lt;b&gt;x" in teacher.get(f"/min-klass/elev/{cast.id('sami')}/").content.decode()
    edit = f"/min-klass/steg/{taken.pk}/"
    change = {"taken_on": days.today().isoformat(), "note": "Talade med båda", "version": "1"}
    assert [client_as("ingrid", Role.STAFF).send(edit, change).status_code for _time in range(2)] == [302, 302]
    answer = teacher.send(edit, {**change, "note": "Mitt"})
    assert answer.status_code == 422
    assert "Talade med båda" in answer.content.decode()
    assert "Mitt" in visible(answer)
    assert 'value="2"' in answer.content.decode()
    for bad in (
        {"taken_on": (days.today() + timedelta(days=1)).isoformat()},
        {"step": str(uuid.uuid4())},
        {"note": "x" * 501},
        {"submission": ""},
    ):
        assert teacher.send(path, {**sent, "submission": str(uuid.uuid4()), **bad}).status_code == 422
    for who in ("lars", "nina"):
        assert client_as(who, Role.STAFF).send(path, sent).status_code == 404
        assert client_as(who, Role.STAFF).send(edit, change).status_code == 404
    assert AbsenceStep.objects.count() == 1


def test_buttons_to_judge_are_for_who_may_judge(cast: Any, client_as: Any, actor: Callable[..., Actor], quiet: None) -> None:
    """A special educator follows the pupil and reads, without buttons that would be refused."""
    lesson = away(cast, actor, sami=Seen(whole=True)).lesson
    page, button = f"/min-klass/elev/{cast.id('sami')}/", 'form="judge-one"'
    key = f"{Deviation.objects.get(roll_call__lesson=lesson, pupil=cast.id('sami')).pk}:"
    for who, shown in (("anna", True), ("ingrid", True), ("pekka", True), ("sunna", False)):
        browser = client_as(who, Role.STAFF)
        text = browser.get(page).content.decode()
        assert lesson.activity.name in text
        assert (button in text) is shown, who
        if not shown:
            assert browser.send("/franvaro/bedom/spara/", {"one": f"{key}=valid", "pupil": str(cast.id("sami"))}).status_code == 403
