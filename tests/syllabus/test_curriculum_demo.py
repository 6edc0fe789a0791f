"""The demo's curriculum stands for the real one in the tests: it has to be like it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dexter.home.demo.curriculum import build_curriculum
from dexter.home.demo.timetable import SUBJECTS
from larande.syllabus.models import CentralContentItem, SubjectVersion
from larande.syllabus.reads import content_of, criteria_for, items_for, threads, variant_of
from registry.models import Syllabus

TODAY = date(2026, 11, 25)


def syllabus(code: str = "GRGRMAT01") -> Syllabus:
    return Syllabus.objects.get(subject_code=code, school_type="GR")


def version(code: str = "GRGRMAT01", day: date = TODAY) -> SubjectVersion:
    found = content_of(syllabus(code), day)
    assert found is not None
    return found


def test_every_taught_subject_has_content_and_is_marked_as_an_example(cast: Any) -> None:
    for subject in Syllabus.objects.filter(activities__isnull=False).distinct():
        found = content_of(subject, TODAY)
        assert found is not None
        assert found.is_example
        assert found.content_items.exists()
        assert found.criteria.exists()
    assert SubjectVersion.objects.filter(school_type="GR").values("subject_code").distinct().count() >= len(SUBJECTS) + 3
    assert {"GRS", "VUXGY"} <= set(SubjectVersion.objects.values_list("school_type", flat=True))


def test_the_same_again_changes_nothing(cast: Any) -> None:
    before = SubjectVersion.objects.count(), CentralContentItem.objects.count(), Syllabus.objects.count()
    build_curriculum()
    assert (SubjectVersion.objects.count(), CentralContentItem.objects.count(), Syllabus.objects.count()) == before


def test_each_day_has_its_version_and_points_keep_their_keys(cast: Any) -> None:
    old, new = version(day=date(2024, 9, 1)), version()
    assert (old.number, new.number) == (1, 2)
    before = dict(old.content_items.values_list("key", "text"))
    after = dict(new.content_items.values_list("key", "text"))
    assert len(after.keys() - before.keys()) == 1
    assert len(before.keys() - after.keys()) == 1
    assert [key for key in before.keys() & after.keys() if before[key] != after[key]] == [
        new.content_items.get(text__startswith="Överslagsräkning").key
    ]
    assert {one.thread for one in old.criteria.all()} == {one.thread for one in new.criteria.all()}


@pytest.mark.parametrize(("school_year", "span"), [(1, (1, 3)), (3, (1, 3)), (4, (4, 6)), (9, (7, 9))])
def test_a_year_has_the_points_of_its_span(cast: Any, school_year: int, span: tuple[int, int]) -> None:
    assert set(items_for(version(), school_year).values_list("start_year", "end_year")) == {span}


@pytest.mark.parametrize(
    ("code", "school_year", "aims_at"),
    [("GRGRMAT01", 1, 3), ("GRGRMAT01", 3, 3), ("GRGRMAT01", 4, 6), ("GRGRMAT01", 9, 9), ("GRGRSVE01", 1, 1), ("GRGRBIL01", 2, 6)],
)
def test_a_year_aims_at_the_nearest_criteria_at_or_above(cast: Any, code: str, school_year: int, aims_at: int) -> None:
    assert set(criteria_for(version(code), school_year).values_list("year", flat=True)) == {aims_at}


def test_a_year_past_the_last_has_the_last_criteria(cast: Any) -> None:
    assert set(criteria_for(version(), 10).values_list("year", flat=True)) == {9}
    assert set(criteria_for(version(), None).values_list("year", flat=True)) == {9}


def test_a_statement_is_one_thread_through_its_steps(cast: Any) -> None:
    rows = threads(criteria_for(version(), 5))
    assert [list(row.texts) for row in rows] == [["E", "C", "A"]] * 4
    assert rows[0].key == rows[0].first.thread == "6--0"
    assert [list(row.texts) for row in threads(criteria_for(version(), 2))] == [[""]] * 3


def test_spanish_follows_the_language_choice(cast: Any) -> None:
    spanish = syllabus("GRGRMSP01")
    found = version("GRGRMSP01")
    variant = variant_of(spanish, found)
    assert variant == "språkval"
    assert set(items_for(found, 8, variant).values_list("variant", flat=True)) == {"språkval"}
    assert set(items_for(found, 8).values_list("variant", flat=True)) == {"språkval", "elevens val"}
    assert {row.variant for row in threads(criteria_for(found, 8, variant))} == {"språkval"}
    assert variant_of(syllabus(), version()) is None


def test_a_course_has_its_own_content_without_years(cast: Any) -> None:
    course = content_of(Syllabus(school_type="VUXGY", subject_code="MAT", course_code="MATMAT01a"), TODAY)
    assert course is not None
    assert items_for(course, None).count() == 4
    assert [list(row.texts) for row in threads(criteria_for(course, None))] == [["E", "C", "A"]] * 3
