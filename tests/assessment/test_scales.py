"""Which steps are offered follows from form of schooling, year, subject, cohort and day: all of it rows, none of it code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dexter.lib import days
from larande.assessment.actions.standards import load_scales
from larande.assessment.models import AssessmentScale, AssessmentStep
from larande.assessment.reads import scale_for, scales_for
from registry.models import Enrolment, GroupMembership, Person, PupilSyllabus, SchoolType, Syllabus
from tests.conftest import Cast
from tests.larande import made

MATHS = "GRGRMAT01"
NOW, TEN_YEARS, LATER = date(2026, 11, 2), date(2028, 9, 1), date(2035, 2, 1)
THREE, CRITERIA, ADAPTED, TEN = "0 1 2", "- E C A", "E D C B A", "1 2 3 4 5 6 7 8 9 10"


def codes(school_type: str, year: int | None, day: date, *, cohort: int | None = None, subject: str = MATHS) -> str:
    began = cohort or (day.year if day.month >= 7 else day.year - 1) - (year or 1) + 1
    found = scale_for(school_type, year, subject, began, day)
    return " ".join(step.code for step in found.steps) if found else ""


@pytest.mark.parametrize(
    ("school_type", "year", "steps"),
    [
        ("FKLASS", 0, ""),
        ("GR", 1, THREE),
        ("GR", 3, THREE),
        ("GR", 4, THREE),
        ("GR", 5, THREE),
        ("GR", 6, CRITERIA),
        ("GR", 7, CRITERIA),
        ("GR", 9, CRITERIA),
        ("GRS", 6, ADAPTED),
        ("GRS", 2, ADAPTED),
        ("GY", None, CRITERIA),
        ("VUXGY", None, CRITERIA),
        ("VUXGR", None, "IG G"),
        ("VUXSFI", None, "IG G"),
        ("FTH", None, ""),
    ],
)
def test_the_steps_of_today(cast: Cast, school_type: str, year: int | None, steps: str) -> None:
    assert codes(school_type, year, NOW) == steps


def test_the_adapted_school_judges_areas_by_two_steps_and_knows_no_f(cast: Cast) -> None:
    assert codes("GRS", 4, NOW, subject="GRANKOM01") == "BASIC ADVANCED"
    assert all(step.reaches for step in AssessmentStep.objects.filter(scale__school_type="GRS"))


@pytest.mark.parametrize(("year", "steps"), [(1, ""), (2, THREE), (4, THREE), (5, THREE), (6, THREE), (7, CRITERIA), (10, CRITERIA)])
def test_the_years_move_up_by_one_in_the_autumn_of_2028(cast: Cast, year: int, steps: str) -> None:
    assert codes("GR", year, TEN_YEARS) == steps


def test_the_last_day_of_nine_years_and_the_first_of_ten(cast: Cast) -> None:
    assert codes("GR", 6, date(2028, 6, 30)) == CRITERIA
    assert codes("GR", 6, date(2028, 7, 1)) == THREE


def test_running_cohorts_keep_a_to_f_and_new_ones_get_one_to_ten(cast: Cast) -> None:
    assert codes("GR", 7, LATER, cohort=2027) == CRITERIA
    assert codes("GR", 7, LATER, cohort=2028) == TEN
    assert codes("GRS", 7, LATER, cohort=2028) == TEN
    assert [codes("GY", None, date(2029, 1, 15), cohort=cohort) for cohort in (2027, 2028)] == [CRITERIA, TEN]
    assert [codes("VUXGY", None, day, cohort=2030) for day in (date(2030, 12, 31), date(2031, 1, 1))] == [CRITERIA, TEN]


def offered(pupil: Person, given: Any, day: date) -> str:
    found = scales_for([pupil.pk], given, day).get(pupil.pk)
    return " ".join(step.code for step in found.steps) if found else ""


def test_a_class_moves_with_the_clock(cast: Cast, at: Callable[..., Any]) -> None:
    """Sami's place is of year 7 in the autumn of 2028: he began year 1 before the new scale, and keeps the old one."""
    given = made.activity()
    assert offered(cast.sami, given, days.today()) == THREE
    at(9, day=TEN_YEARS)
    Enrolment.objects.filter(pupil=cast.sami).update(school_year=7)
    Enrolment.objects.filter(pupil=cast.elsa).update(school_year=1)
    assert offered(cast.sami, given, days.today()) == CRITERIA
    assert offered(cast.elsa, given, days.today()) == ""
    at(9, day=LATER)
    Enrolment.objects.filter(pupil=cast.elsa).update(school_year=7)
    assert offered(cast.elsa, given, days.today()) == TEN


def test_a_group_of_several_years_gets_each_their_own(cast: Cast) -> None:
    given = made.activity()
    Enrolment.objects.filter(pupil=cast.elsa).update(school_year=6)
    found = scales_for([cast.sami.pk, cast.elsa.pk], given, days.today())
    assert found[cast.id("sami")].row.code == "GR-4-5"
    assert found[cast.id("elsa")].row.code == "GR-6"


def test_who_reads_another_syllabus_is_judged_by_it_while_it_holds(cast: Cast) -> None:
    given, today = made.activity(), days.today()
    own = Syllabus.objects.create(school_type=SchoolType.ADAPTED_COMPULSORY, subject_code="GRANKOM01", subject_name="Kommunikation")
    PupilSyllabus.objects.create(pupil=cast.sami, activity=given, syllabus=own, start_date=today, end_date=today)
    assert [offered(cast.sami, given, day) for day in (today - timedelta(days=1), today, today + timedelta(days=1))] == [
        THREE,
        "BASIC ADVANCED",
        THREE,
    ]
    assert offered(cast.elsa, given, today) == THREE
    assert offered(cast.sami, made.activity(subject="GRGRSVE01"), today) == THREE


def test_the_place_decides_not_the_class(cast: Cast) -> None:
    Enrolment.objects.filter(pupil=cast.sami).update(school_type=SchoolType.ADAPTED_COMPULSORY)
    assert offered(cast.sami, made.activity(), days.today()) == ADAPTED


def test_a_place_at_the_after_school_centre_judges_nothing(cast: Cast) -> None:
    place = Enrolment.objects.get(pupil=cast.sami)
    Enrolment.objects.create(
        pupil=cast.sami, school_unit=place.school_unit, school_type=SchoolType.AFTER_SCHOOL, start_date=place.start_date
    )
    assert offered(cast.sami, made.activity(), days.today()) == THREE


def test_adults_and_those_who_left(cast: Cast) -> None:
    assert offered(cast.piera, made.activity(), days.today()) == "IG G"
    Enrolment.objects.filter(pupil=cast.sami).update(end_date=days.today() - timedelta(days=3))
    assert offered(cast.sami, made.activity(), days.today()) == THREE


def test_the_scales_of_many_pupils_take_two_statements(cast: Cast, statements: Callable[..., int]) -> None:
    given = made.activity()
    members = list(GroupMembership.objects.filter(group__activity_groups__activity=given).values_list("person_id", flat=True))
    assert len(members) > 3
    assert [statements(lambda some=some: scales_for(some, given, days.today())) for some in (members[:1], members[:3], members)] == [
        2,
        2,
        2,
    ]


def test_the_file_brings_up_to_date_what_nobody_has_touched(cast: Cast) -> None:
    assert load_scales() == 0
    scale = AssessmentScale.objects.get(code="GR-6")
    AssessmentScale.objects.filter(pk=scale.pk).update(legal_basis="Gammal lag", standard={**scale.standard, "legal_basis": "Gammal lag"})
    assert load_scales() == 1
    AssessmentStep.objects.filter(scale=scale, code="-").update(name="Når inte E än")
    AssessmentScale.objects.filter(pk=scale.pk).update(standard={**scale.standard, "legal_basis": "Gammal lag"})
    assert load_scales() == 0
    assert AssessmentStep.objects.get(scale=scale, code="-").name == "Når inte E än"
