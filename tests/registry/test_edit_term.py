from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from registry.models import SchoolUnit, SchoolYear, Term


@pytest.fixture
def term(cast: Any) -> Term:
    """Granskolan's own autumn term."""
    year, unit = SchoolYear.objects.on(days.today()).get(), SchoolUnit.objects.get(name="Granskolan")
    last = year.start_date + timedelta(days=100)
    Term.objects.create(
        school_year=year, school_unit=unit, semester="VT", start_date=last + timedelta(days=10), end_date=last + timedelta(days=50)
    )
    made = Term.objects.create(school_year=year, school_unit=unit, semester="HT", start_date=year.start_date, end_date=last)
    made.refresh_from_db()
    return made


def save(browser: Any, term: Term, first: date, last: date, version: str = "") -> Any:
    fields = {"start_date": str(first), "end_date": str(last), "version": version or term.modified_at.isoformat()}
    return browser.send(f"/lasar/termin/{term.pk}/", fields)


def test_the_office_moves_a_term(term: Term, client_as: Callable[..., Any]) -> None:
    office = client_as("pekka", Role.STAFF)
    last = term.end_date - timedelta(days=3)
    assert save(office, term, term.start_date, last).status_code == 302
    term.refresh_from_db()
    assert term.end_date == last


def test_the_second_saver_sees_what_the_first_saved(term: Term, client_as: Callable[..., Any]) -> None:
    office, version = client_as("pekka", Role.STAFF), term.modified_at.isoformat()
    first, second = term.end_date - timedelta(days=3), term.end_date - timedelta(days=7)
    save(client_as("ingrid", Role.STAFF), term, term.start_date, first, version)
    refused = save(office, term, term.start_date, second, version)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert str(first) in text
    assert str(second) in text
    renewed = text.split('name="version" value="')[1].split('"')[0]
    assert renewed != version
    assert save(office, term, term.start_date, second, renewed).status_code == 302


def test_a_term_stays_in_its_year_and_out_of_the_other_term(term: Term, client_as: Callable[..., Any]) -> None:
    office = client_as("pekka", Role.STAFF)
    assert save(office, term, term.start_date - timedelta(days=1), term.end_date).status_code == 422
    assert save(office, term, term.start_date, term.end_date + timedelta(days=10)).status_code == 422
    assert save(office, term, term.end_date, term.start_date).status_code == 422
    assert save(office, term, term.start_date, term.end_date + timedelta(days=9)).status_code == 302


def test_each_keeps_the_own_schools_terms(term: Term, client_as: Callable[..., Any]) -> None:
    common = Term.objects.filter(school_unit=None)[0]
    for who, own, shared in (("hassan", 404, 403), ("anna", 403, 403), ("pekka", 200, 403), ("birgitta", 404, 200)):
        browser = client_as(who, Role.STAFF)
        assert browser.get(f"/lasar/termin/{term.pk}/").status_code == own, who
        assert browser.get(f"/lasar/termin/{common.pk}/").status_code == shared, who
    assert save(client_as("hassan", Role.STAFF), term, term.start_date, term.start_date).status_code == 404
