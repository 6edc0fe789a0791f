"""The sums of each pupil and term: the columns the field asks for, the principal's right, and nobody protected."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from dexter.audit.models import Entry
from dexter.lib import civic, days
from dexter.lib.access import Role
from registry.models import CivicNumber, Person, SecurityMarking, Term

from .schools import MINUTES, School


@pytest.fixture
def school(cast: Any) -> School:
    school = School(cast)
    number = civic.parse("20150102TF01")
    CivicNumber.objects.create(
        person=school.pupils[0][0], kind=number.kind, encrypted=civic.encrypt(number.value), keyed_hash=civic.keyed_hash(number.value)
    )
    call = school.call(school.lesson(school.today - timedelta(days=2)), school.pupils[0])
    school.away(call, school.pupils[0][0], absent=30, other=10)
    school.lesson(school.today - timedelta(days=1))
    return school


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def path(school: School, ending: str = "csv") -> str:
    return f"/statistik/franvaro/{school.unit.pk}/summor/?term={Term.objects.on(days.today())[0].pk}&ending={ending}"


def cells(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_file_has_the_columns_of_the_register_and_the_standard(school: School, principal: Any) -> None:
    rows = cells(principal.get(path(school)))
    assert len(rows) == 1 + 4
    found = next(dict(zip(rows[0], row, strict=True)) for row in rows if row[0] == "20150102TF01")
    assert (found["Skolform"], found["Skolenhetskod"]) == ("GR", "99999999")
    assert (found["Årskurs"], found["Timmar ogiltig frånvaro"], found["Timmar erbjuden undervisning"]) == ("1", "0.50", "1.67")
    sums = {name: int(found[name]) for name in rows[0] if name.endswith("Sum")}
    assert sums == {
        "attendanceSum": 10,
        "validAbsenceSum": 0,
        "invalidAbsenceSum": 30,
        "otherAttendanceSum": 10,
        "reportedSum": MINUTES,
        "offeredSum": 2 * MINUTES,
    }
    workbook = openpyxl.load_workbook(io.BytesIO(principal.get(path(school, "xlsx")).content)).active
    written = [list(row) for row in workbook.iter_rows(values_only=True)]
    assert written[0] == rows[0]
    assert {name: cell for name, cell in dict(zip(rows[0], written[1], strict=True)).items() if name in sums} == sums  # numbers


def test_the_protected_are_counted_in_a_sentence_and_stay_out(school: School, principal: Any) -> None:
    page = f"/statistik/franvaro/{school.unit.pk}/summor/"
    assert "skyddade personuppgifter" not in principal.get(page).content.decode()
    Person.objects.filter(pk=school.pupils[0][0].pk).update(security_marking=SecurityMarking.PROTECTED, agreed_name="Vide B")
    assert "1 elev med skyddade personuppgifter" in principal.get(page).content.decode()
    answer = principal.get(path(school))
    assert "20150102TF01" not in answer.content.decode()
    assert len(cells(answer)) == 1 + 3


def test_it_is_the_principals_right_alone_and_logged_for_each_pupil(cast: Any, school: School, client_as: Any, principal: Any) -> None:
    assert client_as("pekka", Role.STAFF).get(path(school)).status_code == 404
    granskolan = cast.group("4A").school_unit_id
    assert client_as("pekka", Role.STAFF).get(f"/statistik/franvaro/{granskolan}/summor/").status_code == 403
    principal.get(path(school))
    entry = Entry.objects.get(action="registry.export_list")
    assert set(entry.subjects) == {pupil.pk for group in school.pupils for pupil in group}
    assert entry.details["kind"] == "absence_sums"


def test_a_foreign_term_or_ending_gives_no_file(school: School, principal: Any) -> None:
    later = Term.objects.filter(start_date__gt=days.today())[0]
    for query in (f"term={later.pk}&ending=csv", "term=1&ending=csv", f"term={Term.objects.on(days.today())[0].pk}&ending=exe"):
        answer = principal.get(f"/statistik/franvaro/{school.unit.pk}/summor/?{query}")
        assert answer.headers["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(action="registry.export_list").exists()
