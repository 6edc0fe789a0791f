"""The school year as everybody reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from registry.models import CalendarDay, SchoolUnit, SchoolYear, Term

TODAY = days.today()


def day_of(school: str, name: str, kind: str = "staff_day", **more: Any) -> CalendarDay:
    unit = SchoolUnit.objects.get(name=school)
    dates = {"start_date": TODAY, "end_date": TODAY, **more}
    return CalendarDay.objects.create(organisation=unit.organisation, school_unit=unit, kind=kind, name=name, **dates)


def main(response: Any) -> str:
    return str(response.content.decode().split("<main")[1].split("</main")[0])


def test_each_reads_the_days_of_the_own_schools(cast: Any, client_as: Callable[..., Any]) -> None:
    day_of("Granskolan", "Granens dag")
    day_of("Åsenskolan", "Åsens dag", "extra_day")
    for who, role, gran, asen in (
        ("amira", Role.GUARDIAN, True, True),
        ("karin", Role.GUARDIAN, True, False),
        ("sami", Role.PUPIL, True, False),
        ("anna", Role.STAFF, True, False),
        ("lars", Role.STAFF, False, True),
        ("birgitta", Role.STAFF, False, False),
    ):
        text = main(client_as(who, role).get("/lasar/"))
        assert ("Granens dag" in text, "Åsens dag" in text) == (gran, asen), who
        assert "Studiedag" in text
        assert "/ta-bort/" not in text or who == "birgitta"


def test_the_kind_of_a_day_stands_in_words(cast: Any, client_as: Callable[..., Any]) -> None:
    day_of("Granskolan", "Lördagsskola", "extra_day")
    day_of("Granskolan", "<script>alert(1)</script>", "holiday")
    text = main(client_as("karin", Role.GUARDIAN).get("/lasar/"))
    assert "Extra skoldag" in text
    assert "<script>" not in text


def test_school_days_are_counted_as_absence_counts_them(cast: Any, client_as: Callable[..., Any]) -> None:
    year = SchoolYear.objects.on(days.today()).get()
    length = (year.end_date - year.start_date).days + 1
    karin = client_as("karin", Role.GUARDIAN)
    assert f"{length - 1} " in main(karin.get("/lasar/")).split('class="card')[1]  # the demo's one study day
    day_of("Granskolan", "Lov", "holiday", end_date=TODAY + timedelta(days=2))
    assert f"{length - 4} " in main(karin.get("/lasar/")).split('class="card')[1]


def test_a_school_with_its_own_terms_shows_those_alone(cast: Any, client_as: Callable[..., Any]) -> None:
    year, unit = SchoolYear.objects.on(days.today()).get(), SchoolUnit.objects.get(name="Granskolan")
    Term.objects.create(school_year=year, school_unit=unit, semester="HT", start_date=year.start_date, end_date=year.start_date)
    karin, lars = (main(client_as(who, role).get("/lasar/")) for who, role in (("karin", Role.GUARDIAN), ("lars", Role.STAFF)))
    assert karin.count("<strong>Hösttermin") + karin.count("<strong>Vårtermin") == 1
    assert lars.count("<strong>Hösttermin") + lars.count("<strong>Vårtermin") == 2


def test_before_there_is_any_year_the_page_says_so(cast: Any, client_as: Callable[..., Any]) -> None:
    Term.objects.all().delete()
    SchoolYear.objects.all().delete()
    assert client_as("karin", Role.GUARDIAN).get("/lasar/").status_code == 200


@pytest.mark.parametrize(
    ("who", "role", "expected"), [("amira", Role.GUARDIAN, 3 + 5), ("sami", Role.PUPIL, 3 + 5), ("pekka", Role.STAFF, 3 + 8)]
)
def test_the_year_takes_a_constant_number_of_statements(
    cast: Any, client_as: Callable[..., Any], statements: Callable[..., int], who: str, role: Role, expected: int
) -> None:
    browser = client_as(who, role)
    browser.get("/om-dexter/")
    day_of("Granskolan", "En")
    assert statements(lambda: browser.get("/lasar/")) == expected
    for name in ("Två", "Tre"):
        day_of("Granskolan", name)
    assert statements(lambda: browser.get("/lasar/")) == expected
