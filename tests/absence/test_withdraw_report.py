from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import AbsenceReport, ReportedDay
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Guardianship, SchoolUnit

from .test_report_absence import REPORT, form


@pytest.fixture
def report(cast: Any, guardian: Any, morning: Any) -> AbsenceReport:
    """Two children, two days each: tomorrow and the day after."""
    SchoolUnit.objects.update(weekdays=[1, 2, 3, 4, 5, 6, 7])
    guardian.send(REPORT, form(cast, "sami", "leila", last=(days.today() + timedelta(days=2)).isoformat()))
    made = AbsenceReport.objects.get(reported_by=cast.amira)
    assert made.days.count() == 4
    return made


def path(report: AbsenceReport) -> str:
    return f"/franvaro/kvitto/{report.pk}/ta-tillbaka/"


def standing(report: AbsenceReport) -> int:
    return ReportedDay.objects.filter(report=report, withdrawn_at=None).count()


def test_all_days_of_all_children_are_taken_back_at_once_and_may_be_reported_anew(cast: Any, guardian: Any, report: AbsenceReport) -> None:
    assert path(report) in guardian.get(f"/franvaro/kvitto/{report.pk}/").content.decode()
    page = guardian.send(path(report), follow=True).content.decode()
    assert "Anmälan är tillbakatagen" in page
    assert path(report) not in page
    assert standing(report) == 0
    assert guardian.send(path(report)).status_code == 302  # twice the same
    entry = Entry.objects.get(action="absence.withdraw_report")
    assert (set(entry.subjects), entry.details) == ({cast.id("sami"), cast.id("leila")}, {"days": 4})
    guardian.send(REPORT, form(cast, "sami", "leila"))
    assert ReportedDay.objects.filter(pupil=cast.sami, withdrawn_at=None).count() == 1


def test_a_day_that_has_begun_stays(guardian: Any, report: AbsenceReport, at: Any) -> None:
    at(9, 30, day=days.today() + timedelta(days=1))
    guardian.send(path(report))
    assert set(ReportedDay.objects.filter(report=report, withdrawn_at=None).values_list("day", flat=True)) == {days.today()}
    assert "Be skolan rätta" in guardian.send(path(report), follow=True).content.decode()


def test_a_single_day_has_its_own_button_alone(cast: Any, guardian: Any, morning: Any) -> None:
    guardian.send(REPORT, form(cast, "noor"))
    made = AbsenceReport.objects.get(reported_by=cast.amira)
    assert path(made) not in guardian.get(f"/franvaro/kvitto/{made.pk}/").content.decode()


def test_nobody_else_and_not_of_a_child_one_answers_for_no_more(
    cast: Any, guardian: Any, client_as: Callable[..., Any], report: AbsenceReport
) -> None:
    for who, role in (("jonas", Role.GUARDIAN), ("karin", Role.GUARDIAN), ("anna", Role.STAFF), ("pekka", Role.STAFF)):
        assert client_as(who, role).send(path(report)).status_code == 404
    Guardianship.objects.filter(guardian=cast.amira, child=cast.id("leila")).update(end_date=days.today() - timedelta(days=1))
    guardian.send(path(report))
    assert set(ReportedDay.objects.filter(report=report, withdrawn_at=None).values_list("pupil", flat=True)) == {cast.id("leila")}
