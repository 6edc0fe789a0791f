"""Relations begin, move and end; access follows at once, and the past stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from dexter.audit.models import Entry
from dexter.lib import civic, days
from dexter.lib.access import Role
from registry.actions import relations
from registry.models import CivicNumber, Duty, Enrolment, Group, GroupMembership, Guardianship, Person, SchoolUnit
from tests.pages import visible

TODAY = days.today()


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def unit(name: str = "Granskolan") -> str:
    return str(SchoolUnit.objects.get(name=name).pk)


def new_pupil(office: Any, **changes: Any) -> Any:
    fields = {
        "given_name": "Nova",
        "family_name": "Ny",
        "birth_date": "2016-05-04",
        "school_unit": unit(),
        "school_type": "GR",
        "school_year": "4",
        "school_class": str(Group.objects.get(name="4B").pk),
        "start_date": str(TODAY),
    }
    return office.send("/personer/ny-elev/", {**fields, **changes})


def test_a_new_pupil_stands_in_the_class_at_once(cast: Any, office: Any, teacher: Any) -> None:
    assert new_pupil(office).status_code == 302
    assert "Nova Ny" in teacher.get(f"/grupper/{Group.objects.get(name='4B').pk}/").content.decode()


def test_a_known_number_is_asked_about_and_makes_nobody_twice(cast: Any, office: Any) -> None:
    number = civic.decrypt(CivicNumber.objects.get(person=cast.leila).encrypted)
    count = Person.objects.count()
    answer = new_pupil(office, civic_no=number, school_year="8", school_class="")
    assert answer.status_code == 422
    assert "Leila" not in answer.content.decode()
    assert new_pupil(office, civic_no=number, school_year="8", school_class="", use_registered="on").status_code == 302
    assert Person.objects.count() == count
    assert Enrolment.objects.filter(pupil=cast.leila).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"given_name": ""},
        {"birth_date": ""},
        {"birth_date": "0001-01-01"},
        {"start_date": "igår"},
        {"school_year": "11"},
        {"school_year": "-1"},
        {"school_type": "VUX"},
        {"school_type": "<script>"},
        {"school_unit": "00000000-0000-7000-8000-000000000000"},
        {"school_class": "nonsense"},
        {"given_name": "x" * 200},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(cast: Any, office: Any, changes: dict[str, str]) -> None:
    count = Person.objects.count()
    assert new_pupil(office, **changes).status_code == 422
    assert Person.objects.count() == count


def test_an_administrator_enrols_at_the_own_school_alone(cast: Any, office: Any) -> None:
    count = Enrolment.objects.count()
    assert new_pupil(office, school_unit=unit("Åsenskolan"), school_class="").status_code == 422
    other_class = str(Group.objects.get(name="8A").pk)
    assert new_pupil(office, school_class=other_class).status_code == 422
    assert Enrolment.objects.count() == count


def test_a_pupil_who_moves_keeps_the_past(cast: Any, office: Any) -> None:
    new = Group.objects.get(name="4B")
    tomorrow = TODAY + timedelta(days=1)
    path = f"/personer/{cast.id('sami')}/klass/"
    assert office.send(path, {"school_class": str(new.pk), "first_day": str(tomorrow)}).status_code == 302
    assert GroupMembership.objects.on(TODAY).get(person=cast.sami, in_class=True).group.name == "4A"
    assert GroupMembership.objects.on(tomorrow).get(person=cast.sami, in_class=True).group.name == "4B"
    back = {"school_class": str(Group.objects.get(name="4A").pk), "first_day": str(tomorrow)}
    assert office.send(path, back).status_code == 302
    assert GroupMembership.objects.on(tomorrow).get(person=cast.sami, in_class=True).group.name == "4A"


def test_a_place_that_ends_takes_the_memberships_with_it(cast: Any, office: Any) -> None:
    enrolment = Enrolment.objects.get(pupil=cast.sami)
    path = f"/inskrivningar/{enrolment.pk}/avsluta/"
    assert office.send(path, {"last_day": str(enrolment.start_date - timedelta(days=1))}).status_code == 422
    assert office.send(path, {"last_day": str(TODAY)}).status_code == 302
    later = TODAY + timedelta(days=1)
    assert not Enrolment.objects.on(later).filter(pupil=cast.sami).exists()
    assert not GroupMembership.objects.on(later).filter(person=cast.sami).exists()
    assert GroupMembership.objects.on(TODAY).filter(person=cast.sami).exists()


def relation(cast: Any, guardian: str = "amira", child: str = "sami") -> Guardianship:
    return Guardianship.objects.get(guardian=getattr(cast, guardian), child=getattr(cast, child))


def test_a_judgement_shuts_the_guardian_out_at_the_next_request(cast: Any, office: Any, guardian: Any) -> None:
    child = f"/elever/{cast.id('sami')}/"
    assert guardian.get(child).status_code == 200
    path = f"/vardnad/{relation(cast).pk}/avsluta/"
    assert office.send(path, {"reason": ""}).status_code == 422
    assert office.send(path, {"reason": "Tingsrättens dom"}).status_code == 302
    assert guardian.get(child).status_code == 404
    assert "Sami" not in visible(guardian.get("/start/"))
    assert guardian.get(f"/elever/{cast.id('noor')}/").status_code == 200
    row = relation(cast)
    assert row.is_held
    assert (row.revoked_by_id, row.end_date) == (cast.id("pekka"), TODAY)
    entries = Entry.objects.filter(action="registry.end_guardianship")
    assert office.send(path, {"reason": "en gång till"}).status_code == 302
    assert entries.count() == 1
    assert relation(cast).revoked_reason == "Tingsrättens dom"


def test_it_is_held_until_the_office_releases_it(cast: Any, office: Any) -> None:
    office.send(f"/vardnad/{relation(cast).pk}/avsluta/", {"reason": "dom"})
    assert "Avslutad för hand" in office.get(f"/personer/{cast.id('sami')}/").content.decode()
    assert office.send(f"/vardnad/{relation(cast).pk}/slapp/").status_code == 302
    assert not relation(cast).is_held


def test_a_new_guardian_reads_at_once(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    number = civic.decrypt(CivicNumber.objects.get(person=cast.karin).encrypted)
    fields = {"given_name": "K", "family_name": "S", "civic_no": number, "relation_type": "Vårdnadshavare", "start_date": str(TODAY)}
    path = f"/personer/{cast.id('sami')}/vardnadshavare/"
    assert office.send(path, fields).status_code == 422
    assert office.send(path, {**fields, "use_registered": "on"}).status_code == 302
    assert client_as("karin", Role.GUARDIAN).get(f"/elever/{cast.id('sami')}/").status_code == 200
    assert office.send(path, {**fields, "use_registered": "on"}).status_code == 422
    own = civic.decrypt(CivicNumber.objects.get(person=cast.sami).encrypted)
    assert office.send(path, {**fields, "civic_no": own, "use_registered": "on"}).status_code == 422


@pytest.mark.parametrize("who", ["anna", "hassan", "maja", "birgitta"])
def test_others_end_and_make_nothing(cast: Any, client_as: Callable[..., Any], who: str) -> None:
    browser = client_as(who, Role.STAFF)
    assert browser.send(f"/vardnad/{relation(cast).pk}/avsluta/", {"reason": "x"}).status_code in {403, 404}
    assert browser.send(f"/vardnad/{relation(cast).pk}/slapp/").status_code in {403, 404}
    assert browser.send(f"/inskrivningar/{Enrolment.objects.get(pupil=cast.sami).pk}/avsluta/", {"last_day": str(TODAY)}).status_code in {
        403,
        404,
    }
    assert relation(cast).revoked_at is None


def test_a_colleague_comes_and_goes(cast: Any, office: Any) -> None:
    fields = {
        "given_name": "Vera",
        "family_name": "Vikarie",
        "birth_date": "1990-01-02",
        "school_unit": unit(),
        "duty_role": "Lärare",
        "start_date": str(TODAY),
        "end_date": str(TODAY - timedelta(days=1)),
    }
    assert office.send("/personer/ny-personal/", fields).status_code == 422
    assert office.send("/personer/ny-personal/", {**fields, "end_date": ""}).status_code == 302
    duty = Duty.objects.get(person__family_name="Vikarie")
    assert office.send(f"/tjanster/{duty.pk}/avsluta/", {"last_day": str(TODAY)}).status_code == 302
    duty.refresh_from_db()
    assert duty.end_date == TODAY
    own = Duty.objects.get(person=cast.pekka)
    assert office.send(f"/tjanster/{own.pk}/avsluta/", {"last_day": str(TODAY)}).status_code == 422


def test_a_pupil_changes_school_in_one_step(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    place = Enrolment.objects.get(pupil=cast.sami)
    page = f"/inskrivningar/{place.pk}/flytta/"
    assert "Granskolan</option>" not in office.get(page).content.decode()
    moved = {"school_unit": unit("Åsenskolan"), "first_day": str(TODAY + timedelta(days=1))}
    assert client_as("hassan", Role.STAFF).send(page, moved).status_code == 404
    assert office.send(page, moved).status_code == 302
    places = Enrolment.objects.filter(pupil=cast.sami).order_by("start_date")
    assert [(row.school_unit.name, row.end_date) for row in places] == [("Granskolan", TODAY), ("Åsenskolan", None)]
    assert not GroupMembership.objects.on(TODAY + timedelta(days=1)).filter(person=cast.sami, in_class=True).exists()
    assert GroupMembership.objects.on(TODAY).filter(person=cast.sami, in_class=True).exists()  # the past stands


@pytest.mark.parametrize("day", [TODAY - timedelta(days=4000), None])
def test_a_move_needs_a_place_the_day_before(cast: Any, office: Any, day: Any) -> None:
    place = Enrolment.objects.get(pupil=cast.sami)
    first = day or place.start_date
    assert (
        office.send(f"/inskrivningar/{place.pk}/flytta/", {"school_unit": unit("Åsenskolan"), "first_day": str(first)}).status_code == 422
    )
    assert Enrolment.objects.filter(pupil=cast.sami).count() == 1


def test_a_pupil_leaves_the_municipality_and_comes_back_with_the_past(cast: Any, office: Any) -> None:
    place = Enrolment.objects.get(pupil=cast.sami)
    office.send(f"/inskrivningar/{place.pk}/avsluta/", {"last_day": str(TODAY - timedelta(days=1))})
    again = {"school_unit": unit(), "school_type": "GR", "school_year": "4", "start_date": str(TODAY)}
    assert office.send(f"/personer/{cast.id('sami')}/inskrivning/", again).status_code == 302
    assert Enrolment.objects.filter(pupil=cast.sami).count() == 2
    assert Guardianship.objects.holding(TODAY).filter(child=cast.sami).exists()


def test_an_office_does_not_make_itself_principal(cast: Any, actor: Callable[..., Any]) -> None:
    unit = SchoolUnit.objects.get(name="Granskolan")
    values = {"school_unit": unit, "duty_role": "Rektor", "signature": "", "start_date": days.today(), "end_date": None}
    with pytest.raises(ValidationError):
        relations.add_duty(actor=actor("pekka", Role.STAFF), person=cast.pekka, **values)
    relations.add_duty(actor=actor("ingrid", Role.STAFF), person=cast.pekka, **values)
