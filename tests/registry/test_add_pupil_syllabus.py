"""The office says which pupils read another syllabus than the rest of a teaching."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Activity, PupilSyllabus, SchoolType, Syllabus
from tests.conftest import Cast


@pytest.fixture
def maths(cast: Cast) -> Activity:
    return Activity.objects.get(name="Matematik 4A")


@pytest.fixture
def adapted(cast: Cast) -> Syllabus:
    return Syllabus.objects.create(school_type=SchoolType.ADAPTED_COMPULSORY, subject_code="GRSMAT", subject_name="Matematik")


def add(browser: Any, maths: Activity, pupil: Any, syllabus: Any, **more: Any) -> Any:
    fields = {"pupil": str(pupil), "syllabus": str(syllabus), "start_date": str(days.today()), **more}
    return browser.send(f"/undervisning/{maths.pk}/annan-kursplan/", fields)


def test_a_pupil_reads_another_syllabus_until_it_ends(cast: Cast, client_as: Any, maths: Activity, adapted: Syllabus) -> None:
    pekka = client_as("pekka", Role.STAFF)
    assert add(pekka, maths, cast.id("sami"), adapted.pk).status_code == 302
    row = PupilSyllabus.objects.get()
    assert (row.pupil, row.activity, row.syllabus) == (cast.sami, maths, adapted)
    assert "Anpassad grundskola" in pekka.get(f"/undervisning/{maths.pk}/").content.decode()
    assert add(pekka, maths, cast.id("sami"), adapted.pk).status_code == 422  # reads it already
    ending = f"/undervisning/annan-kursplan/{row.pk}/avsluta/"
    assert pekka.send(ending, {"last_day": str(days.today() - timedelta(days=2))}).status_code == 422
    assert pekka.send(ending, {"last_day": str(days.today())}).status_code == 302
    row.refresh_from_db()
    assert row.end_date == days.today()
    logged = Entry.objects.filter(subjects__contains=[cast.id("sami")], action__endswith="pupil_syllabus").values_list("action", flat=True)
    assert sorted(logged) == ["registry.add_pupil_syllabus", "registry.end_pupil_syllabus"]


def test_what_has_not_begun_falls_away(cast: Cast, client_as: Any, maths: Activity, adapted: Syllabus) -> None:
    ingrid = client_as("ingrid", Role.STAFF)
    add(ingrid, maths, cast.id("sami"), adapted.pk, start_date=str(days.today() + timedelta(days=7)))
    ingrid.send(f"/undervisning/annan-kursplan/{PupilSyllabus.objects.get().pk}/avsluta/", {"last_day": str(days.today())})
    assert not PupilSyllabus.objects.exists()


def test_foreign_protected_and_own_are_refused(cast: Cast, client_as: Any, maths: Activity, adapted: Syllabus) -> None:
    pekka = client_as("pekka", Role.STAFF)
    for pupil in ("leila", "noor", "kim", "anna"):
        assert add(pekka, maths, cast.id(pupil), adapted.pk).status_code == 422
    assert add(pekka, maths, cast.id("sami"), maths.syllabus_id).status_code == 422
    assert not PupilSyllabus.objects.exists()


def test_who_does_not_lead_the_unit_neither_adds_nor_ends(cast: Cast, client_as: Any, maths: Activity, adapted: Syllabus) -> None:
    row = PupilSyllabus.objects.create(pupil=cast.sami, activity=maths, syllabus=adapted, start_date=days.today())
    ending = f"/undervisning/annan-kursplan/{row.pk}/avsluta/"
    for key, answer in (("anna", 403), ("hassan", 404), ("lars", 404)):
        browser = client_as(key, Role.STAFF)
        assert add(browser, maths, cast.id("elsa"), adapted.pk).status_code == answer
        assert browser.send(ending, {"last_day": str(days.today())}).status_code == answer
    assert PupilSyllabus.objects.get().end_date is None


def test_only_who_reaches_the_pupil_sees_it(cast: Cast, client_as: Any, maths: Activity, adapted: Syllabus) -> None:
    PupilSyllabus.objects.create(pupil=cast.sami, activity=maths, syllabus=adapted, start_date=days.today())
    page = f"/undervisning/{maths.pk}/"
    assert "Sami Haddad" in client_as("anna", Role.STAFF).get(page).content.decode()
    assert "Sami Haddad" not in client_as("erik", Role.STAFF).get(page).content.decode()
