"""What the law says for each form of schooling and age is data with dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from absence import reads
from absence.actions.settings import version_of
from absence.actions.standards import load_school_form_rules
from absence.models import SchoolFormRule
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Enrolment, Person, SchoolType


def send(browser: Any, rule: SchoolFormRule, **more: Any) -> Any:
    version = version_of(SchoolFormRule.objects.filter(school_type=rule.school_type, of_age=rule.of_age))
    values = {"guardians_report": "on", "notice_to": "guardians", "has_leave": "on", "legal_basis": "Ny lag", "version": version, **more}
    return browser.send(f"/regler/franvaro/{rule.pk}/", values)


def rule_of(school_type: str, *, of_age: bool = False) -> SchoolFormRule:
    return SchoolFormRule.objects.get(school_type=school_type, of_age=of_age)


def test_compulsory_school_and_adult_education_differ(cast: Any) -> None:
    school, adults = rule_of(SchoolType.COMPULSORY), rule_of(SchoolType.ADULT_BASIC)
    assert (school.notice_to, school.has_leave, school.has_investigation) == ("guardians", True, True)
    assert (adults.notice_to, adults.has_leave, adults.has_investigation) == ("nobody", False, False)
    assert not rule_of(SchoolType.ADULT_BASIC, of_age=True).guardians_report


def test_a_pupil_of_seventeen_in_adult_education_still_has_guardians(cast: Any) -> None:
    Enrolment.objects.filter(pupil=cast.oskar).update(school_type=SchoolType.ADULT_BASIC)
    Person.objects.filter(pk=cast.id("oskar")).update(birth_date=days.years_before(days.today(), 17))
    found = reads.rules_for([cast.oskar, cast.piera, cast.sami], days.today())
    (young,), (adult,), (child,) = (found[cast.id(key)] for key in ("oskar", "piera", "sami"))
    assert (young.guardians_report, young.pupil_reports, young.notice_to) == (True, True, "nobody")
    assert (adult.guardians_report, adult.pupil_reports) == (False, True)
    assert (child.guardians_report, child.pupil_reports, child.notice_to) == (True, False, "guardians")


def test_the_rules_of_many_pupils_take_two_statements(cast: Any, statements: Any) -> None:
    few, many = [cast.sami], list(Person.objects.all()[:40])
    assert statements(lambda: reads.rules_for(few, days.today())) == 2
    assert statements(lambda: reads.rules_for(many, days.today())) == 2


def test_a_new_law_is_a_new_row_from_its_day(client_as: Callable[..., Any], cast: Any) -> None:
    coming = days.today() + timedelta(days=30)
    assert send(client_as("birgitta", Role.STAFF), rule_of(SchoolType.COMPULSORY), start_date=str(coming)).status_code == 302
    before, after = (SchoolFormRule.objects.on(day).get(school_type="GR", of_age=False) for day in (days.today(), coming))
    assert (before.has_investigation, before.end_date) == (True, coming - timedelta(days=1))
    assert (after.has_investigation, after.legal_basis) == (False, "Ny lag")
    assert load_school_form_rules() == 0
    assert "Ny lag" in client_as("anna", Role.STAFF).get("/regler/franvaro/").content.decode()


def test_adults_are_given_no_guardians(client_as: Callable[..., Any], cast: Any) -> None:
    rule = rule_of(SchoolType.COMPULSORY, of_age=True)
    assert send(client_as("birgitta", Role.STAFF), rule, start_date=str(days.today())).status_code == 422
    assert SchoolFormRule.objects.filter(school_type="GR", of_age=True).count() == 1


def test_the_file_brings_up_to_date_what_nobody_has_touched(cast: Any) -> None:
    rule = rule_of(SchoolType.COMPULSORY)
    outdated = {**rule.standard, "legal_basis": "Gammal lag"}
    SchoolFormRule.objects.filter(pk=rule.pk).update(legal_basis="Gammal lag", standard=outdated)
    assert load_school_form_rules() == 1
    SchoolFormRule.objects.filter(pk=rule.pk).update(legal_basis="Vår egen tolkning")
    assert load_school_form_rules() == 0
    assert SchoolFormRule.objects.get(pk=rule.pk).legal_basis == "Vår egen tolkning"
    assert SchoolFormRule.objects.get(pk=rule.pk).start_date == date(2012, 7, 1)
