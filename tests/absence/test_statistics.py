"""Statistics of a school: who sees them, what is in them, and that chart, table and file say the same."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from absence.reads import NamedLine, without_small
from absence.reads.sums import Sums
from dexter.audit.models import Entry
from dexter.lib.access import Role
from registry.models import AssignmentRole, Duty, Group, Person, SchoolUnit, SecurityMarking

from .schools import MINUTES, School


@pytest.fixture
def school(cast: Any) -> School:
    """Two lessons of the first class; its first pupil was away from both, once validly."""
    school = School(cast)
    pupil = school.pupils[0][0]
    for ago, subject in ((3, "SV"), (2, "MA")):
        call = school.call(school.lesson(school.today - timedelta(days=ago), subject=subject), school.pupils[0])
        school.away(call, pupil, absent=MINUTES)
    school.judge(call, pupil, "valid")
    school.call(school.lesson(school.today - timedelta(days=2), klass=1), school.pupils[1])
    return school


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def path(school: School, query: str = "") -> str:
    period = f"period=dagar&first={school.began}&last={school.today}"
    return f"/statistik/franvaro/{school.unit.pk}/?{period}&{query}"


def lines(page: Any) -> dict[str, tuple[float, float]]:
    """Absence and unauthorised absence by name, in per cent."""
    rows = [row.record for row in page.context["table"].paginated_rows]
    return {row.name: (round(row.absent, 1), round(row.unauthorised, 1)) for row in rows}


def test_the_principal_sees_the_classes(school: School, principal: Any) -> None:
    page = principal.get(path(school))
    assert lines(page) == {"1P": (50.0, 25.0), "2P": (0.0, 0.0)}
    assert page.context["total"].absent == pytest.approx(100 / 3)


def test_chart_and_table_have_the_same_figures(school: School, principal: Any) -> None:
    page = principal.get(path(school)).content.decode()
    chart, table = page.split('<svg class="chart"')[1].split("</svg>")[0], page.split('<table class="ds-table">')[1].split("</table>")[0]
    for name, total in (("1P", "50,0"), ("2P", "0,0")):
        assert re.search(rf">{name}</text>.*?>{total} %</text>", chart, re.DOTALL)
        assert re.search(rf"{name}</strong>.*?{total} %", table, re.DOTALL)
    assert "<title" in chart
    assert "<desc" in chart
    assert not re.search(r'(x|y|width|height)="[^"]*,', chart)  # numbers of a drawing are no Swedish numbers


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("by=pupil", {"Elev0 1P", "Elev1 1P", "Elev0 2P", "Elev1 2P"}),
        ("by=pupil&klass={klass}", {"Elev0 1P", "Elev1 1P"}),
        ("by=pupil&year=2", {"Elev0 2P", "Elev1 2P"}),
        ("by=subject", {"Svenska", "Matematik"}),
        ("by=subject&subject=MA", {"Matematik"}),
        ("by=year", {"Årskurs 1", "Årskurs 2"}),
        ("by=lesson", {"Lektion 1"}),
    ],
)
def test_it_is_narrowed_and_parted(school: School, principal: Any, query: str, names: set[str]) -> None:
    assert set(lines(principal.get(path(school, query.format(klass=school.classes[0].pk))))) == names


@pytest.mark.parametrize(
    "query",
    ["by=civic_no", "klass=1", "year=4'--", "subject=';drop table", "sort=sums__reported", "sort=;drop", "page=x", "period=2020", "last=0"],
)
def test_nonsense_in_the_address_shows_no_figures_and_no_fault(school: School, principal: Any, query: str) -> None:
    assert principal.get(f"{path(school)}{query}").status_code == 200


def test_it_sorts_both_ways(school: School, principal: Any) -> None:
    assert list(lines(principal.get(path(school, "sort=absent")))) == ["2P", "1P"]
    assert list(lines(principal.get(path(school, "sort=-absent")))) == ["1P", "2P"]


def test_lessons_of_the_day_and_classes_stand_in_the_schools_order(school: School, principal: Any) -> None:
    today = school.today - timedelta(days=1)
    for hour in range(8, 19):
        school.call(school.lesson(today, hour), school.pupils[0])
    assert list(lines(principal.get(path(school, "by=lesson")))) == [f"Lektion {place}" for place in range(1, 12)]
    for klass, name in enumerate(("10C", "FA")):
        Group.objects.filter(pk=school.classes[klass].pk).update(name=name)
    assert list(lines(principal.get(path(school)))) == ["FA", "10C"]


def test_without_a_question_the_school_year_by_class_is_shown(school: School, principal: Any) -> None:
    page = principal.get(f"/statistik/franvaro/{school.unit.pk}/")
    assert page.context["wanted"].first.month == 7
    assert "1P" in lines(page)


def test_other_schools_leaders_teachers_and_homes_see_nothing(cast: Any, school: School, client_as: Callable[..., Any]) -> None:
    """School of Ingrid alone: other offices, teachers of any school, homes and pupils do not find it."""
    for key, role in (("nina", Role.STAFF), ("pekka", Role.STAFF), ("anna", Role.STAFF), ("amira", Role.GUARDIAN), ("sami", Role.PUPIL)):
        for address in ("", "xlsx/", "summor/"):
            assert client_as(key, role).get(f"/statistik/franvaro/{school.unit.pk}/{address}").status_code == 404, (key, address)


def test_a_mentor_sees_the_own_class_alone(cast: Any, school: School, client_as: Callable[..., Any]) -> None:
    duty = Duty.objects.create(person=cast.lars, school_unit=school.unit, duty_role="Lärare", start_date=school.began)
    AssignmentRole.objects.create(duty=duty, group=school.classes[0], assignment_role_type="Mentor", start_date=school.began)
    mentor = client_as("lars", Role.STAFF)
    assert set(lines(mentor.get(path(school)))) == {"Elev0 1P", "Elev1 1P"}
    assert set(lines(mentor.get(path(school, "by=class")))) == {"1P"}
    assert mentor.get(path(school, "by=subject")).context["total"].absent == 50
    other = mentor.get(path(school, f"klass={school.classes[1].pk}"))
    assert "table" not in other.context
    assert mentor.get(path(school, "year=2")).context["total"].absent == 50  # there is no such question for a mentor
    assert mentor.get(f"/statistik/franvaro/{school.unit.pk}/xlsx/").status_code == 403
    assert mentor.get(f"/statistik/franvaro/{school.unit.pk}/summor/").status_code == 404
    AssignmentRole.objects.filter(duty=duty).update(end_date=school.today - timedelta(days=90))
    assert mentor.get(path(school)).status_code == 404


def test_the_protected_are_in_no_line_and_no_file(school: School, principal: Any) -> None:
    pupil = school.pupils[0][0]
    Person.objects.filter(pk=pupil.pk).update(security_marking=SecurityMarking.PROTECTED, agreed_name="Vide B")
    page = principal.get(path(school, "by=pupil"))
    assert set(lines(page)) == {"Elev1 1P", "Elev0 2P", "Elev1 2P"}
    assert page.context["total"].absent == 0
    file = openpyxl.load_workbook(io.BytesIO(principal.get(path(school, "by=pupil").replace("/?", "/xlsx/?")).content)).active
    assert not [cell for row in file.iter_rows(values_only=True) for cell in row if "Vide" in str(cell) or cell == "Elev0 1P"]


def test_reading_about_pupils_is_logged_and_of_classes_not(school: School, principal: Any) -> None:
    principal.get(path(school, "by=class"))
    assert not Entry.objects.filter(action="absence.statistics").exists()
    principal.get(path(school, "by=pupil"))
    assert set(Entry.objects.get(action="absence.statistics").subjects) == {pupil.pk for group in school.pupils for pupil in group}


def test_the_file_says_what_the_table_says_and_carries_nothing_out(school: School, principal: Any) -> None:
    Person.objects.filter(pk=school.pupils[0][0].pk).update(given_name="=1+1")
    answer = principal.get(path(school, "by=pupil").replace("/?", "/xlsx/?"))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][2:7] == ("reportedSum", "attendanceSum", "validAbsenceSum", "invalidAbsenceSum", "otherAttendanceSum")
    found = {row[0]: row for row in rows[1:]}
    assert found["'=1+1 1P"][2:7] == (100, 0, 50, 50, 0)
    assert found["'=1+1 1P"][7] == 100.0  # numbers, to reckon with
    entry = Entry.objects.get(action="registry.export_list")
    assert entry.details == {"kind": "absence_statistics", "rows": 4}


def test_files_count_together_with_all_others(school: School, principal: Any) -> None:
    answers = [principal.get(path(school).replace("/?", "/xlsx/?")).status_code for _file in range(19)]
    answers += [principal.get("/personal/lista.csv").status_code, principal.get(path(school).replace("/?", "/xlsx/?")).status_code]
    assert answers == [200] * 20 + [403]


def test_the_right_to_take_out_holds_for_its_school_alone(cast: Any, school: School, client_as: Callable[..., Any]) -> None:
    Duty.objects.filter(person=cast.pekka).update(may_export=True)
    Duty.objects.create(person=cast.pekka, school_unit=school.unit, duty_role="Skoladministratör", start_date=school.began)
    office = client_as("pekka", Role.STAFF)
    assert office.get(path(school)).status_code == 200
    assert office.get(path(school).replace("/?", "/xlsx/?")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_number_of_statements(cast: Any, principal: Any, statements: Callable[..., int], count: int) -> None:
    school = School(cast, pupils=count)
    call = school.call(school.lesson(school.today - timedelta(days=2)), school.pupils[0])
    school.away(call, school.pupils[0][0], absent=MINUTES)
    principal.get("/start/")
    assert statements(lambda: principal.get(path(school))) == 3 + 8
    assert statements(lambda: principal.get(path(school, "by=pupil"))) == 3 + 9
    assert statements(lambda: principal.get(path(school).replace("/?", "/xlsx/?"))) == 3 + 12


def test_who_leads_one_school_comes_there_at_once(school: School, client_as: Callable[..., Any]) -> None:
    nina = client_as("nina", Role.STAFF)
    assert nina.get("/statistik/franvaro/").url == f"/statistik/franvaro/{SchoolUnit.objects.get(name='Åsenskolan').pk}/"
    page = client_as("ingrid", Role.STAFF).get("/statistik/franvaro/").content.decode()
    assert "Provskolan" in page
    assert "Granskolan" in page
    assert "Åsenskolan" not in page


def row(key: str, pupils: int) -> NamedLine:
    return NamedLine(key, key, key, pupils, Sums(100, 1, 1, 0))


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [((20, 20), ""), ((3, 20, 9), "ac"), ((3, 4, 9), "ab"), ((1, 2, 9, 30), "abc"), ((4,), "a"), ((5, 6), ""), ((4, 4), "ab")],
)
def test_small_groups_are_hidden_so_that_nobody_reckons_them(sizes: tuple[int, ...], hidden: str) -> None:
    rows = without_small([row(key, pupils) for key, pupils in zip("abcd", sizes, strict=False)])
    assert "".join(each.key for each in rows if each.hidden) == hidden
    assert all(each.sums == Sums() for each in rows if each.hidden)


def test_small_groups_show_no_figures_when_handed_on(school: School, principal: Any) -> None:
    page = principal.get(path(school, "handed_on=on")).content.decode()
    table = page.split('<table class="ds-table">')[1].split("</table>")[0]
    assert table.count("färre än 5") == 2
    assert "%" not in table


@pytest.mark.parametrize("by", ["class", "year", "subject", "weekday", "month", "pupil"])
def test_the_sum_of_a_few_pupils_is_not_handed_on_either(school: School, principal: Any, by: str) -> None:
    """Four pupils in all: neither the sum, nor the months, nor the file tells what the lines do not."""
    shown, handed_on = (principal.get(path(school, f"by={by}{more}")).content.decode() for more in ("", "&handed_on=on"))
    assert 'class="figures"' in shown
    assert 'class="figures"' not in handed_on
    assert not re.search(r"[1-9][\d,]* %", handed_on)
