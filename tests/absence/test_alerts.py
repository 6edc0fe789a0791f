"""Alerts: rules as data raise them once, people handle them in words."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from absence import reads
from absence.actions.alerts import raise_alerts
from absence.actions.settings import version_of
from absence.actions.standards import load_follow_up_rules
from absence.models import AbsenceAlert, AbsenceCheck, AlertRule, Deviation, LadderStep, LeaveDay, ReportedDay, RollCall, SchoolFormRule
from absence.tasks.alerts import check_absence
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Duty, DutyRole, Person, ProtectedAccess, SchoolUnit

LIST, RULES = "/franvaro/varningar/", "/franvaro/varningsregler/"


@pytest.fixture
def unit(cast: Any, at: Any) -> SchoolUnit:
    """Nobody was away; the office is open."""
    at(10, 0)
    Deviation.objects.all().delete()
    ReportedDay.objects.all().delete()
    AbsenceAlert.objects.all().delete()
    AbsenceCheck.objects.all().delete()
    found: SchoolUnit = cast.group("4A").school_unit
    return found


def lessons_of(pupil: Any) -> list[RollCall]:
    return list(RollCall.objects.filter(roster__contains=[pupil], day__lt=days.today()).order_by("lesson_starts_at"))


def absent(pupil: Any, roll_calls: list[RollCall]) -> None:
    Deviation.objects.bulk_create(Deviation(roll_call=row, pupil_id=pupil, absent_minutes=row.lesson_minutes) for row in roll_calls)


def kinds(pupil: Any) -> set[str]:
    return set(AbsenceAlert.objects.filter(pupil=pupil).values_list("kind", flat=True))


def test_the_standards_are_loaded_once_and_leave_what_the_municipality_changed(cast: Any) -> None:
    assert set(AlertRule.objects.values_list("kind", "threshold")) == {
        ("total_share", 10),
        ("unauthorised_count", 3),
        ("consecutive_days", 5),
    }
    assert LadderStep.objects.count() == 7
    assert load_follow_up_rules() == 0
    LadderStep.objects.filter(code="body").update(who="Kansliet")
    AlertRule.objects.filter(kind="total_share").update(threshold=15)
    assert load_follow_up_rules() == 0
    assert AlertRule.objects.get(kind="total_share").threshold == 15
    LadderStep.objects.filter(code="body").delete()
    assert load_follow_up_rules() == 1


def test_three_unauthorised_lessons_raise_one_alert_and_two_none(cast: Any, unit: SchoolUnit) -> None:
    absent(cast.id("sami"), lessons_of(cast.id("sami"))[:3])
    absent(cast.id("elsa"), lessons_of(cast.id("elsa"))[:2])
    raise_alerts(unit=unit)
    assert kinds(cast.id("sami")) == {"unauthorised_count"}
    assert kinds(cast.id("elsa")) == set()
    assert AbsenceAlert.objects.get(pupil=cast.sami).figures == {"found": 3, "limit": 3, "days": 30}


def test_valid_absence_counts_too_and_whole_days_in_a_row(cast: Any, unit: SchoolUnit) -> None:
    roll_calls = lessons_of(cast.id("sami"))
    whole_days = sorted({row.day for row in roll_calls})[:5]
    absent(cast.id("sami"), [row for row in roll_calls if row.day in whole_days])
    report = ReportedDay._meta.get_field("report").related_model.objects.create(
        reported_by=cast.amira, source="guardian", submission=uuid.uuid4(), reported_at=days.bounds(whole_days[0])[0]
    )
    for day in whole_days:
        opens, closes = days.bounds(day)
        ReportedDay.objects.create(report=report, pupil=cast.sami, day=day, starts_at=opens, ends_at=closes, whole_day=True)
    raise_alerts(unit=unit)
    assert kinds(cast.id("sami")) == {"total_share", "consecutive_days"}
    assert AbsenceAlert.objects.get(pupil=cast.sami, kind="consecutive_days").figures["found"] == 5


def test_one_minute_there_breaks_the_row_and_few_days_make_no_share(cast: Any, unit: SchoolUnit) -> None:
    roll_calls = lessons_of(cast.id("sami"))
    whole_days = sorted({row.day for row in roll_calls})
    absent(cast.id("sami"), [row for row in roll_calls if row.day in whole_days[:5]])
    Deviation.objects.filter(roll_call=next(row for row in roll_calls if row.day == whole_days[2])).update(absent_minutes=49)
    AlertRule.objects.filter(kind="total_share").update(least_days=len(whole_days) + 1)
    raise_alerts(unit=unit)
    assert kinds(cast.id("sami")) == {"unauthorised_count"}


def test_once_a_day_and_not_again_while_open_or_lately_handled(cast: Any, unit: SchoolUnit, at: Any) -> None:
    absent(cast.id("sami"), lessons_of(cast.id("sami"))[-3:])
    assert raise_alerts(unit=unit) == 1
    assert raise_alerts(unit=unit) == 0
    assert AbsenceCheck.objects.filter(school_unit=unit).count() == 1
    at(10, 0, day=days.today() + timedelta(days=1))
    assert raise_alerts(unit=unit) == 0, "still open"
    AbsenceAlert.objects.update(state="handled", handled_by=cast.anna, handled_at=days.now(), done="Talat")
    at(10, 0, day=days.today() + timedelta(days=1))
    assert raise_alerts(unit=unit) == 0, "handled lately"
    AbsenceAlert.objects.update(handled_at=days.now() - timedelta(days=40))
    at(10, 0, day=days.today() + timedelta(days=1))
    assert raise_alerts(unit=unit) == 1, "the window has passed, and the absence is still within the last thirty days"


def test_it_happens_in_the_night_of_stockholm_once_a_unit(cast: Any, unit: SchoolUnit, at: Any) -> None:
    absent(cast.id("sami"), lessons_of(cast.id("sami"))[-3:])
    at(2, 45)
    check_absence(0)
    assert not AbsenceCheck.objects.exists()
    for minute in (0, 15):
        at(3, minute)
        check_absence(0)
    assert AbsenceCheck.objects.filter(day=days.today()).count() == SchoolUnit.objects.count()
    assert AbsenceAlert.objects.filter(pupil=cast.sami).count() == 1
    assert Entry.objects.filter(action="absence.raise_alerts").count() == SchoolUnit.objects.count()


@pytest.mark.parametrize("pupils", [1, 3])
def test_a_unit_takes_the_same_statements_for_any_number_of_pupils(cast: Any, unit: SchoolUnit, statements: Any, pupils: int) -> None:
    for pupil in lessons_of(cast.id("sami"))[0].roster[:pupils]:
        absent(pupil, lessons_of(pupil)[:3])
    assert statements(lambda: raise_alerts(unit=unit)) == 10


def test_the_protected_raise_alerts_for_the_named_alone_and_count_in_no_sum(cast: Any, unit: SchoolUnit, teacher: Any) -> None:
    absent(cast.id("kim"), lessons_of(cast.id("kim"))[:3])
    raise_alerts(unit=unit)
    check = AbsenceCheck.objects.get(school_unit=unit)
    assert (check.raised, check.away_minutes) == (0, 0)
    assert kinds(cast.id("kim")) == {"unauthorised_count"}
    assert "Kim Ek" not in teacher.get(f"{LIST}?state=all").content.decode()
    alert = AbsenceAlert.objects.get(pupil=cast.kim)
    assert teacher.get(f"{LIST}{alert.pk}/").status_code == 404
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.anna, granted_by=cast.ingrid, reason="mentor")
    assert "Kim Ek" in teacher.get(LIST).content.decode()


def test_an_alert_is_handled_in_words_by_one(cast: Any, unit: SchoolUnit, teacher: Any, client_as: Callable[..., Any]) -> None:
    absent(cast.id("sami"), lessons_of(cast.id("sami"))[-3:])
    raise_alerts(unit=unit)
    alert = AbsenceAlert.objects.get(pupil=cast.sami)
    path = f"{LIST}{alert.pk}/"
    assert "3 lektioner med ogiltig frånvaro på 30 dagar" in teacher.get(path).content.decode()
    assert teacher.send(path, {"done": ""}).status_code == 422
    for who in ("lars", "nina", "hassan", "birgitta", "erik"):
        assert client_as(who, Role.STAFF).send(path, {"done": "x"}).status_code == 404
    assert client_as("amira", Role.GUARDIAN).get(path).status_code in {302, 404}
    assert [teacher.send(path, {"done": "Ringde hem <script>"}).status_code for _time in range(2)] == [302, 302]
    late = client_as("ingrid", Role.STAFF).send(path, {"done": "Mina ord"})
    assert late.status_code == 422
    assert "Anna Lindqvist har redan hanterat varningen" in late.content.decode()
    assert "Mina ord" in late.content.decode()
    assert "Ringde hem &lt;script&gt;" in late.content.decode()
    assert "Sami Haddad" not in teacher.get(LIST).content.decode()
    assert "Sami Haddad" in teacher.get(f"{LIST}?state=handled").content.decode()


@pytest.mark.parametrize("alerts", [1, 3])
def test_the_list_takes_the_same_statements_and_holds_against_nonsense(
    cast: Any, unit: SchoolUnit, teacher: Any, statements: Any, alerts: int
) -> None:
    rule = AlertRule.objects.get(kind="total_share", school_unit=None)
    roster = [pupil for pupil in lessons_of(cast.id("sami"))[0].roster if pupil != cast.id("kim")]
    AbsenceAlert.objects.bulk_create(
        AbsenceAlert(pupil_id=pupil, school_unit=unit, rule=rule, kind=rule.kind, figures={"found": 12}, raised_at=days.now())
        for pupil in roster[:alerts]
    )
    teacher.get(LIST)
    assert statements(lambda: teacher.get(LIST)) <= 8 + 3
    for query in ("state=x", "sort=' OR 1=1", "klass=x", "kind=consecutive_days", "page=zz", "sort=-pupil"):
        assert teacher.get(f"{LIST}?{query}").status_code == 200
    assert teacher.get(f"{LIST}?state=x").content.decode().count("/min-klass/elev/") == 0


def version(unit: SchoolUnit, kind: str = "total_share") -> str:
    return version_of(AlertRule.objects.filter(school_unit=unit, kind=kind))


def test_the_principal_decides_the_schools_own_rule_with_dates(cast: Any, unit: SchoolUnit, client_as: Callable[..., Any], at: Any) -> None:
    ingrid, today = client_as("ingrid", Role.STAFF), days.today()
    path = f"{RULES}{unit.pk}/total_share/"
    sent = {"start_date": str(today), "is_on": "on", "threshold": "20", "window_days": "14", "least_days": "3", "version": ""}
    assert ingrid.get(path).status_code == 200
    assert ingrid.send(path, sent).status_code == 302
    own = AlertRule.objects.get(school_unit=unit)
    assert (own.start_date, own.threshold) == (today, 20)
    assert "20 % frånvaro eller mer på 14 dagar" in ingrid.get(RULES).content.decode()
    stale = ingrid.send(path, {**sent, "threshold": "30"})
    assert stale.status_code == 422
    assert "Någon annan har sparat" in stale.content.decode()
    assert f'value="{version(unit)}"' in stale.content.decode(), "the next press saves over what the page shows now"
    at(10, 0, day=today + timedelta(days=3))
    assert ingrid.send(path, {**sent, "start_date": str(days.today()), "threshold": "30", "version": version(unit)}).status_code == 302
    own.refresh_from_db()
    assert own.end_date == days.today() - timedelta(days=1)
    sent |= {"start_date": str(days.today()), "version": version(unit)}
    for bad in ({"threshold": "0"}, {"threshold": "101"}, {"window_days": "400"}, {"threshold": "'"}, {"start_date": str(today)}):
        assert ingrid.send(path, {**sent, **bad}).status_code == 422
    assert ingrid.get(f"{RULES}{unit.pk}/nonsense/").status_code == 404
    assert client_as("pekka", Role.STAFF).send(path, sent).status_code == 403
    for who in ("nina", "anna", "hassan"):
        assert client_as(who, Role.STAFF).send(path, sent).status_code in {403, 404}


def test_a_rule_can_be_decided_for_a_day_to_come(cast: Any, unit: SchoolUnit, client_as: Callable[..., Any]) -> None:
    ingrid, path, coming = client_as("ingrid", Role.STAFF), f"{RULES}{unit.pk}/unauthorised_count/", days.today() + timedelta(days=40)
    sent = {"start_date": str(coming), "is_on": "on", "threshold": "7", "window_days": "20", "version": ""}
    before = reads.rule_at(unit, "unauthorised_count", days.today())
    assert ingrid.send(path, sent).status_code == 302
    assert reads.rule_at(unit, "unauthorised_count", coming - timedelta(days=1)) == before
    assert reads.rule_at(unit, "unauthorised_count", coming).threshold == 7
    page = ingrid.get(RULES).content.decode()
    assert f"{path}?fran={coming}" in page
    begun = ingrid.get(f"{path}?fran={coming}").content.decode()
    assert f'value="{coming}"' in begun
    assert 'value="7"' in begun
    for nonsense in ("2020-01-01", "x", "2026-13-40"):
        assert f'value="{days.today()}"' in ingrid.get(f"{path}?fran={nonsense}").content.decode()


def test_a_rule_that_is_off_raises_nothing_and_a_units_own_goes_first(cast: Any, unit: SchoolUnit) -> None:
    absent(cast.id("sami"), lessons_of(cast.id("sami"))[-3:])
    today = date(2020, 1, 1)
    AlertRule.objects.create(school_unit=unit, kind="unauthorised_count", start_date=today, threshold=3, window_days=30, is_on=False)
    assert raise_alerts(unit=unit) == 0
    assert [rule.is_on for rule in reads.rules_at(unit.pk, days.today())] == [True, False, True]
    assert not LeaveDay.objects.exists()


def test_an_adult_school_has_no_alerts_until_it_switches_them_on(cast: Any, unit: SchoolUnit, client_as: Callable[..., Any]) -> None:
    """Komvux: the law asks for no investigation there, so the common rules do not hold; the school's own do."""
    adults = cast.group("Vux 1").school_unit
    lessons = lessons_of(cast.id("piera"))
    assert len(lessons) >= 3
    absent(cast.id("piera"), lessons)
    assert raise_alerts(unit=adults) == 0
    assert AbsenceCheck.objects.get(school_unit=adults).away_minutes > 0, "the sums are counted all the same"
    Duty.objects.create(person=cast.ingrid, school_unit=adults, duty_role=DutyRole.PRINCIPAL, start_date=days.today())
    ingrid = client_as("ingrid", Role.STAFF)
    page = ingrid.get(RULES).content.decode()
    assert page.count("ingen utredning av frånvaro i skolans skolformer") == 1
    path = f"{RULES}{adults.pk}/unauthorised_count/"
    values = {"start_date": str(days.today()), "version": "", "is_on": "on", "threshold": "3", "window_days": "30"}
    assert ingrid.send(path, values).status_code == 302
    AbsenceCheck.objects.all().delete()
    assert raise_alerts(unit=adults) == 1
    assert kinds(cast.id("piera")) == {"unauthorised_count"}


def test_the_form_and_age_of_each_pupil_decide_by_rows(cast: Any, unit: SchoolUnit) -> None:
    absent(cast.id("sami"), lessons_of(cast.id("sami"))[:3])
    SchoolFormRule.objects.filter(school_type="GR", of_age=False).update(has_investigation=False)
    assert raise_alerts(unit=unit) == 0
    AbsenceCheck.objects.all().delete()
    Person.objects.filter(pk=cast.id("sami")).update(birth_date=days.today() - timedelta(days=19 * 366))
    assert raise_alerts(unit=unit) == 1, "for those of age the row says otherwise"
