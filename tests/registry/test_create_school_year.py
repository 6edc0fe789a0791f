"""The office makes a school year from what is proposed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib.access import Role
from registry.models import CalendarDay, SchoolUnit, SchoolYear, Term

PAGE = "/lasar/nytt/"
FIELDS = {
    "name": "2031/2032",
    "start_date": "2031-07-01",
    "end_date": "2032-06-30",
    "ht_first": "2031-08-18",
    "ht_last": "2031-12-19",
    "vt_first": "2032-01-08",
    "vt_last": "2032-06-11",
    "autumn_first": "2031-10-27",
    "autumn_last": "2031-10-31",
    "holidays": ["2031-12-25", "2032-03-26"],
}


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def unit(name: str = "Granskolan") -> str:
    return str(SchoolUnit.objects.get(name=name).pk)


def make(browser: Any, **changes: Any) -> Any:
    return browser.send(PAGE, {"school_unit": unit(), **FIELDS, **changes})


def test_the_public_holidays_of_the_dates_are_proposed(cast: Any, office: Any) -> None:
    text = office.get(f"{PAGE}?start_date=2031-07-01&end_date=2032-06-30").content.decode()
    for value, name in (("2031-12-25", "Juldagen"), ("2032-03-26", "Långfredagen"), ("2032-06-25", "Midsommarafton")):
        assert f'value="{value}"' in text
        assert name in text
    assert 'value="2031-11-01"' not in text  # a Saturday
    assert 'value="2031-10-27"' in text  # Monday of week 44
    assert office.get(f"{PAGE}?start_date=x&end_date=2032-06-30").status_code == 200


def test_a_year_with_terms_and_holidays_for_the_own_school(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    response = make(office)
    year = SchoolYear.objects.get(name="2031/2032")
    assert response.url == f"/lasar/{year.pk}/"
    assert {(term.semester, term.school_unit.name) for term in Term.objects.filter(school_year=year)} == {
        ("HT", "Granskolan"),
        ("VT", "Granskolan"),
    }
    made = {(row.start_date, row.end_date) for row in CalendarDay.objects.filter(school_unit=unit())}
    assert made == {
        (date(2031, 12, 25), date(2031, 12, 25)),
        (date(2032, 3, 26), date(2032, 3, 26)),
        (date(2031, 10, 27), date(2031, 10, 31)),
    }
    assert CalendarDay.objects.filter(school_unit=unit(), name="Långfredagen", kind="holiday").exists()
    assert Entry.objects.get(action="registry.create_school_year").details == {"holidays": 3}
    assert "Långfredagen" not in client_as("hassan", Role.STAFF).get(response.url).content.decode()


def test_a_second_school_joins_the_same_year(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    make(office)
    assert make(client_as("hassan", Role.STAFF), school_unit=unit("Åsenskolan")).status_code == 302
    assert SchoolYear.objects.filter(start_date="2031-07-01").count() == 1
    assert make(office).status_code == 422  # its terms are there already
    other = make(office, start_date="2031-07-02")
    assert other.status_code == 422
    assert Term.objects.filter(school_year__name="2031/2032").count() == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"ht_last": "2031-08-01"},
        {"vt_first": "2031-12-01"},
        {"vt_last": "2032-07-11"},
        {"end_date": "2031-06-30"},
        {"end_date": "2033-06-30"},
        {"autumn_last": ""},
        {"autumn_last": "2031-10-01"},
        {"holidays": ["2031-12-27"]},
        {"name": ""},
        {"school_unit": ""},
    ],
)
def test_what_cannot_be_is_refused_with_nothing_saved(cast: Any, office: Any, changes: dict[str, Any]) -> None:
    assert make(office, **changes).status_code == 422
    assert not SchoolYear.objects.filter(name="2031/2032").exists()


def test_all_schools_at_once_by_the_responsible_body_alone(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    birgitta = client_as("birgitta", Role.STAFF)
    assert make(office, school_unit=unit("Åsenskolan")).status_code == 422
    assert make(birgitta).status_code == 422
    assert make(client_as("anna", Role.STAFF)).status_code == 403
    assert make(birgitta, school_unit="").status_code == 302
    assert Term.objects.filter(school_year__name="2031/2032", school_unit=None).count() == 2
