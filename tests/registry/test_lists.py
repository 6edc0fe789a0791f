"""The office's lists: sorted, narrowed, paged, and taken out by those who have the right."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.documents.tables import csv_of, disarmed, xlsx_of
from registry.models import Duty, Enrolment, Person, SchoolUnit, SecurityMarking

TODAY = days.today()


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def names(page: Any) -> list[str]:
    return [row.get_cell_value("name") for row in page.context["table"].paginated_rows]


def enrol(count: int) -> None:
    """More pupils at Granskolan than fit a page, if asked for."""
    unit = SchoolUnit.objects.get(name="Granskolan")
    persons = Person.objects.bulk_create(Person(given_name=f"Nr{n:03}", family_name="Ång") for n in range(count))
    Enrolment.objects.bulk_create(
        Enrolment(pupil=person, school_unit=unit, school_type="GR", school_year=9, start_date=TODAY) for person in persons
    )


def test_the_list_is_in_swedish_order_and_sorts_both_ways(cast: Any, office: Any) -> None:
    enrol(1)
    assert names(office.get("/elever/lista/?school_year=9"))[-1] == "Nr000 Ång"
    assert names(office.get("/elever/lista/?school_year=9&sort=-name"))[0] == "Nr000 Ång"


def test_the_list_is_narrowed_by_class_and_year(cast: Any, office: Any) -> None:
    page = office.get(f"/elever/lista/?klass={cast.group('4A').pk}")
    assert "Sami Haddad" in names(page)
    assert "Sami Haddad" not in names(office.get("/elever/lista/?school_year=9"))


@pytest.mark.parametrize(
    "query", ["klass=1", "school_year=99", "school_year=4'--", "sort=pupil__civic_numbers", "page=-1", "page=x", "sort=;drop"]
)
def test_nonsense_in_the_address_shows_a_list(cast: Any, office: Any, query: str) -> None:
    assert office.get(f"/elever/lista/?{query}").status_code == 200


def test_a_long_list_has_pages(cast: Any, office: Any) -> None:
    enrol(120)
    first, last = office.get("/elever/lista/?school_year=9"), office.get("/elever/lista/?school_year=9&page=3")
    assert len(names(first)) == 50
    assert "Sida 1 av" in first.content.decode()
    assert set(names(first)).isdisjoint(names(last))


def test_the_list_holds_own_units_and_nobody_protected(cast: Any, office: Any) -> None:
    assert "Kim Ek" not in office.get("/elever/lista/?klass=").content.decode()
    before = office.get("/elever/lista/").context["table"].paginator.count
    Person.objects.filter(pk=cast.id("sami")).update(security_marking=SecurityMarking.PROTECTED, agreed_name="Vide B")
    page = office.get("/elever/lista/")
    assert page.context["table"].paginator.count == before - 1
    assert "Vide B" not in page.content.decode()


@pytest.mark.parametrize("more", [1, 3])
def test_lists_and_files_take_the_same_number_of_statements(
    cast: Any, office: Any, principal: Any, statements: Callable[..., int], more: int
) -> None:
    enrol(more)
    assert statements(lambda: office.get("/elever/lista/?school_year=9")) == 3 + 7
    assert statements(lambda: office.get("/personal/lista/")) == 3 + 6
    assert statements(lambda: principal.get("/elever/lista.csv?school_year=9")) <= 3 + 8


def test_a_file_is_taken_out_by_right_and_logged(cast: Any, office: Any, principal: Any) -> None:
    assert office.get("/elever/lista.csv").status_code == 403
    assert "lista.csv" not in office.get("/elever/lista/").content.decode()
    answer = principal.get(f"/elever/lista.csv?klass={cast.group('4A').pk}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    sami = next(row for row in rows if row[1] == "Sami")
    assert "Amira Haddad" in sami[6]
    assert "Mikael" not in answer.content.decode()  # the former guardian
    entry = Entry.objects.get(action="registry.export_list")
    assert cast.id("sami") in entry.subjects
    assert entry.details == {"kind": "pupils", "rows": len(rows) - 1}


def test_the_principal_gives_and_takes_the_right(cast: Any, office: Any, principal: Any, client_as: Callable[..., Any]) -> None:
    duty = Duty.objects.get(person=cast.pekka)
    assert office.send(f"/tjanster/{duty.pk}/export/", {"allowed": "yes"}).status_code == 403
    assert client_as("nina", Role.STAFF).send(f"/tjanster/{duty.pk}/export/", {"allowed": "yes"}).status_code == 404
    principal.send(f"/tjanster/{duty.pk}/export/", {"allowed": "yes"})
    assert office.get("/elever/lista.xlsx").status_code == 200
    principal.send(f"/tjanster/{duty.pk}/export/", {"allowed": "no"})
    assert office.get("/elever/lista.xlsx").status_code == 403


def test_nobody_takes_out_more_than_twenty_a_day(cast: Any, principal: Any) -> None:
    answers = [principal.get("/personal/lista.csv").status_code for _file in range(21)]
    assert answers == [200] * 20 + [403]


def test_a_file_has_only_known_endings(cast: Any, principal: Any) -> None:
    assert principal.get("/elever/lista.exe").status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+46", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_formulas_are_disarmed(cell: str) -> None:
    assert disarmed(cell) == f"'{cell}"
    written = openpyxl.load_workbook(io.BytesIO(xlsx_of("x", ["A"], [[cell]]))).active["A2"]
    assert written.data_type == "s"
    assert csv_of(["A"], [[cell]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


def test_staff_are_listed_with_their_duties(cast: Any, office: Any) -> None:
    page = office.get("/personal/lista/?duty_role=Rektor")
    assert names(page) == ["Ingrid Sjöberg"]
    assert len(set(names(office.get("/personal/lista/")))) > 3


def test_who_left_is_on_no_list(cast: Any, office: Any) -> None:
    Enrolment.objects.filter(pupil=cast.sami).update(end_date=TODAY - timedelta(days=1))
    assert "Sami Haddad" not in names(office.get(f"/elever/lista/?klass={cast.group('4A').pk}"))


def test_the_right_to_take_out_holds_for_its_school_alone(cast: Any, client_as: Callable[..., Any]) -> None:
    """Who was given the right at one school keeps the office of another without it."""
    unit = SchoolUnit.objects.get(name="Åsenskolan")
    Duty.objects.filter(person=cast.pekka).update(may_export=True)
    Duty.objects.create(person=cast.pekka, school_unit=unit, duty_role="Skoladministratör", start_date=TODAY)
    office = client_as("pekka", Role.STAFF)
    assert "Hassan" in " ".join(names(office.get(f"/personal/lista/?school_unit={unit.pk}")))
    staff, pupils = (office.get(path).content.decode() for path in ("/personal/lista.csv", "/elever/lista.csv"))
    assert "Granskolan" in staff
    assert "Granskolan" in pupils
    assert "Åsenskolan" not in staff + pupils


def test_a_file_holds_the_agreed_name_also_after_the_marking(cast: Any, principal: Any) -> None:
    """Removal of a marking alone never shows what was hidden."""
    Person.objects.filter(pk__in=[cast.id("sami"), cast.id("anna")]).update(agreed_name="Vide B")
    pupils, staff = (principal.get(path).content.decode() for path in ("/elever/lista.csv", "/personal/lista.csv"))
    assert "B;Vide" in pupils
    assert "B;Vide" in staff
    assert "Haddad;Sami" not in pupils
    assert "Anna" not in staff


@pytest.mark.parametrize("size", ["-5", "0", "100000"])
def test_the_address_does_not_say_how_long_a_page_is(cast: Any, office: Any, size: str) -> None:
    enrol(120)
    assert len(names(office.get(f"/elever/lista/?school_year=9&per_page={size}"))) == 50


def test_an_adult_pupils_former_guardians_stand_in_no_file(cast: Any, principal: Any) -> None:
    """A guardianship that nobody ended still ends with the eighteenth birthday."""
    assert "Amira Haddad" in principal.get(f"/elever/lista.csv?klass={cast.group('4A').pk}").content.decode()
    Person.objects.filter(pk=cast.id("sami")).update(birth_date=TODAY - timedelta(days=19 * 366))
    rows = principal.get(f"/elever/lista.csv?klass={cast.group('4A').pk}").content.decode()
    assert "Sami" in rows
    assert "Amira Haddad" not in rows
