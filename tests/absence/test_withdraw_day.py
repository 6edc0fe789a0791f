from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import AbsenceReport, ReportedDay, Source
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import Guardianship, Person

from .test_report_absence import REPORT, form


@pytest.fixture
def tomorrow(cast: Any, guardian: Any, morning: Any) -> ReportedDay:
    guardian.send(REPORT, form(cast, "noor"))
    return ReportedDay.objects.get(pupil=cast.id("noor"), day=days.today() + timedelta(days=1))


def test_a_day_is_taken_back_until_its_first_lesson(cast: Any, guardian: Any, tomorrow: ReportedDay) -> None:
    response = guardian.send(f"/franvaro/dag/{tomorrow.pk}/ta-tillbaka/", follow=True)
    assert "Anmälan är tillbakatagen" in response.content.decode()
    again = guardian.send(f"/franvaro/dag/{tomorrow.pk}/ta-tillbaka/")
    tomorrow.refresh_from_db()
    assert (again.status_code, tomorrow.withdrawn_by_id) == (302, cast.id("amira"))
    assert guardian.send(REPORT, form(cast, "noor")).status_code == 302  # may be reported anew


def test_a_day_that_has_begun_is_for_the_school_to_correct(cast: Any, guardian: Any, tomorrow: ReportedDay, at: Any) -> None:
    at(9, 30, day=tomorrow.day)
    response = guardian.send(f"/franvaro/dag/{tomorrow.pk}/ta-tillbaka/", follow=True)
    assert "Be skolan rätta" in response.content.decode()
    tomorrow.refresh_from_db()
    assert tomorrow.withdrawn_at is None


def test_only_who_reported_takes_back(cast: Any, client_as: Callable[..., Any], tomorrow: ReportedDay) -> None:
    path = f"/franvaro/dag/{tomorrow.pk}/ta-tillbaka/"
    assert client_as("jonas", Role.GUARDIAN).send(path).status_code == 403
    assert client_as("karin", Role.GUARDIAN).send(path).status_code == 404
    assert client_as("anna", Role.STAFF).send(path).status_code == 404
    tomorrow.refresh_from_db()
    assert tomorrow.withdrawn_at is None


def test_one_more_day_is_one_tap_and_twice_the_same(cast: Any, guardian: Any, tomorrow: ReportedDay) -> None:
    path, sent = f"/franvaro/dag/{tomorrow.pk}/en-dag-till/", {"submission": str(uuid.uuid4())}
    first, second = guardian.send(path, sent), guardian.send(path, sent)
    assert first.url == second.url
    assert ReportedDay.objects.filter(pupil=cast.id("noor"), day=tomorrow.day + timedelta(days=1)).count() == 1
    assert guardian.send(path, {"submission": "x"}, follow=True).status_code == 200
    assert guardian.get(path).status_code == 405


def test_the_other_guardian_takes_over_what_a_former_one_reported(
    cast: Any, client_as: Callable[..., Any], guardian: Any, tomorrow: ReportedDay
) -> None:
    path, jonas = f"/franvaro/dag/{tomorrow.pk}/ta-tillbaka/", client_as("jonas", Role.GUARDIAN)
    for page in ("/start/", "/franvaro/"):
        assert path not in jonas.get(page).content.decode()
    Guardianship.objects.filter(guardian=cast.amira, child=cast.noor).update(end_date=days.today() - timedelta(days=1))
    assert guardian.send(path).status_code == 404
    for page in ("/start/", "/franvaro/"):
        assert path in jonas.get(page).content.decode()
    assert "Anmälan är tillbakatagen" in jonas.send(path, follow=True).content.decode()
    tomorrow.refresh_from_db()
    assert tomorrow.withdrawn_by_id == cast.id("jonas")


def test_the_pupil_of_age_takes_over_what_a_guardian_reported(
    cast: Any, client_as: Callable[..., Any], guardian: Any, tomorrow: ReportedDay
) -> None:
    path, noor = f"/franvaro/dag/{tomorrow.pk}/ta-tillbaka/", client_as("noor", Role.PUPIL, Level.E_ID)
    assert path not in noor.get("/start/").content.decode()
    assert noor.send(path).status_code == 403
    Person.objects.filter(pk=cast.id("noor")).update(birth_date=days.years_before(days.today(), 18))  # today is the birthday
    assert path in noor.get("/start/").content.decode()
    assert guardian.send(path).status_code == 404
    assert noor.send(path, follow=True).status_code == 200
    tomorrow.refresh_from_db()
    assert tomorrow.withdrawn_by_id == cast.id("noor")


def test_what_the_school_was_told_by_phone_is_inherited_by_nobody(cast: Any, client_as: Callable[..., Any], tomorrow: ReportedDay) -> None:
    AbsenceReport.objects.filter(pk=tomorrow.report_id).update(source=Source.OFFICE, reported_by=cast.id("pekka"))
    assert client_as("jonas", Role.GUARDIAN).send(f"/franvaro/dag/{tomorrow.pk}/ta-tillbaka/").status_code == 403
