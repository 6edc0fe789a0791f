"""A teacher judges a class of 31 by keyboard, loses the line, and goes on with a pupil on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from dexter.lib import days
from larande.assessment.models import Assessment, MatrixCell, MatrixUse
from registry.models import Activity, ActivityGroup, DutyAssignment, Group, GroupMembership, GroupType, Person
from tests.larande import made

from .test_every_page import LOOKS, walk

pytestmark = pytest.mark.journey
CLASS, MOST_KEYS, ROWS = 31, 35, 6


@pytest.fixture
def grid(system: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MatrixUse]:
    """A group of 31 whom Anna teaches, with a matrix of six rows."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's own loop runs in this thread
    with django_db_blocker.unblock():
        maths = made.activity()
        start = maths.start_date
        group = Group.objects.create(
            name="Ma 4 gemensam", group_type=GroupType.TEACHING, school_type="GR", school_unit=maths.school_unit, start_date=start
        )
        pupils = Person.objects.unmarked().filter(enrolments__school_unit=maths.school_unit, enrolments__school_year__in=range(1, 6))
        chosen = list(pupils.distinct()[:CLASS])
        GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=start) for pupil in chosen)
        shared = Activity.objects.create(name=group.name, school_unit=maths.school_unit, syllabus=maths.syllabus, start_date=start)
        ActivityGroup.objects.create(activity=shared, group=group)
        anna = Person.objects.get(shown_name="Anna Lindqvist")
        DutyAssignment.objects.create(activity=shared, duty=anna.duties.get(), start_date=start)
        use = made.grid(anna, shared, rows=ROWS)
        for row in use.matrix.rows.all():
            MatrixCell.objects.create(row=row, step_code="1", text="Räknar med bråk i bekanta uppgifter.")
        yield use
        Assessment.objects.filter(use=use).delete()
        for gone in (use, use.matrix, *shared.duty_assignments.all(), *shared.activity_groups.all(), shared):
            gone.delete()
        group.memberships.all().delete()
        group.delete()


def judged(use: MatrixUse) -> list[str]:
    return list(Assessment.objects.filter(use=use).order_by("pupil__sort_key").values_list("step__code", flat=True))


def settled(anna: Any) -> None:
    expect(anna.page.get_by_text("Allt är sparat")).to_be_visible(timeout=20_000)


def test_a_class_of_31_on_one_row_takes_at_most_35_keys(visitor: Callable[..., Any], grid: MatrixUse) -> None:
    anna = visitor("desk").identify("Anna Lindqvist").open(f"/larande/bedomning/rutnat/{grid.pk}/")
    lists = anna.page.locator("table select")
    assert lists.count() == CLASS * ROWS
    lists.first.focus()
    keys = [str(place % 3) for place in range(CLASS)]
    for key in keys:
        anna.page.keyboard.press(key)
    assert len(keys) <= MOST_KEYS
    settled(anna)
    assert judged(grid) == keys


def test_nothing_is_lost_when_the_line_drops_and_a_comment_is_kept(visitor: Callable[..., Any], grid: MatrixUse) -> None:
    anna = visitor("desk").identify("Anna Lindqvist").open(f"/larande/bedomning/rutnat/{grid.pk}/")
    anna.page.locator("table select").first.focus()
    anna.page.context.set_offline(True)
    anna.page.keyboard.press("2")
    expect(anna.page.get_by_text("Inte sparat än: ingen förbindelse")).to_be_visible()
    anna.page.keyboard.press("ArrowUp")
    anna.page.keyboard.press("k")
    anna.page.keyboard.type("Visar lösningen på flera sätt.")
    anna.page.keyboard.press("Escape")
    anna.page.context.set_offline(False)
    settled(anna)
    kept = Assessment.objects.get(use=grid)
    assert (kept.step.code, kept.comment) == ("2", "Visar lösningen på flera sätt.")
    assert anna.page.locator("table select").first.evaluate("list => list === document.activeElement")


def test_nothing_is_lost_when_the_session_ends(visitor: Callable[..., Any], grid: MatrixUse) -> None:
    address = f"/larande/bedomning/rutnat/{grid.pk}/"
    anna = visitor("desk").identify("Anna Lindqvist").open(address)
    anna.page.context.clear_cookies()
    anna.page.locator("table select").first.focus()
    anna.page.keyboard.press("2")
    expect(anna.page.get_by_text("Du är utloggad")).to_be_visible()
    anna.identify("Anna Lindqvist").open(address)
    settled(anna)
    assert judged(grid) == ["2"]


def test_two_teachers_in_one_cell_choose(visitor: Callable[..., Any], grid: MatrixUse) -> None:
    anna = visitor("desk").identify("Anna Lindqvist").open(f"/larande/bedomning/rutnat/{grid.pk}/")
    second = anna.page.context.new_page()
    second.goto(anna.page.url)
    second.locator("table select").first.focus()
    second.keyboard.press("1")
    expect(second.get_by_text("Allt är sparat")).to_be_visible()
    anna.page.locator("table select").first.focus()
    anna.page.keyboard.press("2")
    expect(anna.page.get_by_text("Sparad av Anna Lindqvist: 1")).to_be_visible()
    anna.press("Spara min")
    settled(anna)
    assert judged(grid) == ["2"]


def test_a_pupil_on_a_phone_and_without_script(visitor: Callable[..., Any], grid: MatrixUse) -> None:
    anna = visitor("phone", java_script_enabled=False).identify("Anna Lindqvist").open(f"/larande/bedomning/rutnat/{grid.pk}/")
    anna.page.locator("tbody th a").first.click()
    anna.page.get_by_label("Godtagbara", exact=False).first.check()
    anna.page.get_by_label("Kommentar").first.fill("Säker på halvor och fjärdedelar.")
    anna.press("Spara")
    expect(anna.page.get_by_text("Det är sparat.")).to_be_visible()
    assert Assessment.objects.get(use=grid).comment == "Säker på halvor och fjärdedelar."


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_grids_pages(visitor: Callable[..., Any], grid: MatrixUse, size: str, scheme: str) -> None:
    pupil = grid.activity.groups.get().memberships.all()[0].person_id
    first = grid.matrix.rows.all()[0]
    Assessment.objects.create(
        use=grid,
        row=first,
        activity=grid.activity,
        pupil_id=pupil,
        comment="Bra.",
        assessed_by=grid.matrix.created_by,
        assessed_at=days.now(),
    )
    anna = visitor(size, scheme).identify("Anna Lindqvist")
    base = f"/larande/bedomning/rutnat/{grid.pk}/"
    assert walk(anna, [base, f"{base}{pupil}/", f"{base}publicera/"], "grid", size, scheme) == ""
