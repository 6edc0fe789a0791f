"""The pages of a change of school year: begun, looked at, put right, carried out and taken back by the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import ClassStep, Duty, Enrolment, Group, GroupMembership, ProtectedAccess, PupilStep, RollOver, SchoolUnit, SchoolYear
from tests.pages import visible

from .roll_overs import class_on, year_on


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def begun(office: Any, unit: str = "Granskolan") -> str:
    year = SchoolYear.objects.order_by("-start_date")[0]
    answer = office.send("/lasarsskifte/nytt/", {"school_unit": str(SchoolUnit.objects.get(name=unit).pk), "to_year": str(year.pk)})
    return str(answer.url) if answer.status_code == 302 else str(answer.status_code)


def version() -> str:
    return str(RollOver.objects.get().version)


def shown(office: Any, page: str) -> str:
    return str(office.get(page).content.decode())


def exception(office: Any, page: str, pupil: Any, **fields: str) -> int:
    klass = fields.pop("klass", str(Group.objects.get(name="4A").pk))
    data = {"version": version(), "pupil": str(pupil), "to_class": "", "school_year": "", "civic_no": "", **fields}
    return int(office.send(f"{page}elev/?klass={klass}", data).status_code)


def test_a_year_is_begun_once_for_ones_own_school(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    page = begun(office)
    assert page.startswith("/lasarsskifte/")
    assert begun(office) == "422"
    assert begun(office, "Åsenskolan") == "422"
    this_year = SchoolYear.objects.order_by("start_date")[0]
    unit = str(SchoolUnit.objects.get(name="Granskolan").pk)
    assert office.send("/lasarsskifte/nytt/", {"school_unit": unit, "to_year": str(this_year.pk)}).status_code == 422
    assert client_as("ingrid", Role.STAFF).get(page).status_code == 200
    assert client_as("hassan", Role.STAFF).get(page).status_code == 404


def test_the_preview_lists_every_exception(cast: Any, office: Any) -> None:
    page = begun(office)
    change, today = RollOver.objects.get(), days.today()
    GroupMembership.objects.filter(person=cast.id("sami"), in_class=True).update(end_date=today)
    Enrolment.objects.filter(pupil=cast.id("elsa")).update(end_date=today + timedelta(days=3))
    GroupMembership.objects.filter(person=cast.id("elsa")).update(end_date=today + timedelta(days=3))
    Enrolment.objects.filter(pupil=cast.id("viggo")).update(school_year=3)
    Enrolment.objects.create(
        pupil=cast.alva, school_unit=SchoolUnit.objects.get(name="Åsenskolan"), school_type="GR", school_year=7, start_date=today
    )
    Duty.objects.filter(person=cast.id("anna")).update(end_date=change.eve)
    Group.objects.create(name="<b>4C", group_type="Klass", school_unit=change.school_unit, start_date=today)
    text = shown(office, page)
    for name in ("Sami Haddad", "Elsa Sandström", "Viggo Nilsson-Berg", "Alva Nilsson-Berg", "Anna Lindqvist"):
        assert name in text
    assert "&lt;b&gt;4C" in text
    assert "Kim Ek" not in text
    line = Entry.objects.filter(action="registry.roll_over_detail").latest("at")
    assert cast.id("sami") in line.subjects


def test_a_protected_pupil_is_counted_for_those_alone_who_may_open_the_pupil(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    page = begun(office)
    GroupMembership.objects.filter(person=cast.id("kim")).update(end_date=days.today())
    ingrid = client_as("ingrid", Role.STAFF)
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.ingrid, granted_by=cast.ingrid, reason="stöd")
    assert "Kim Ek" in shown(ingrid, page)
    assert "Kim Ek" not in shown(office, page)
    assert exception(office, page, cast.id("kim"), fate="leaves") == 422
    unseen = {
        person for line in Entry.objects.filter(action="registry.roll_over_detail", actor_id=cast.id("pekka")) for person in line.subjects
    }
    assert cast.id("kim") not in unseen


def test_a_class_is_put_right_and_two_savers_lose_nothing(cast: Any, office: Any) -> None:
    page = begun(office)
    step, mentor = ClassStep.objects.get(name="5A"), str(Duty.objects.get(person=cast.maja).pk)
    form = {"version": version(), "fate": "moves", "name": "5 Gran", "school_year": "5", "mentors": [mentor]}
    path = f"/lasarsskifte/klass/{step.pk}/"
    assert office.send(path, form).url == page
    assert office.send(path, {**form, "name": "5 Tall"}).status_code == 422  # the version is an older one
    step.refresh_from_db()
    assert (step.name, [str(duty.pk) for duty in step.mentors.all()]) == ("5 Gran", [mentor])
    for bad in ({"name": "5B"}, {"name": "5b"}, {"name": ""}, {"fate": "new"}, {"mentors": [str(Duty.objects.get(person=cast.lars).pk)]}):
        assert office.send(path, {**form, "version": version(), **bad}).status_code == 422


def test_a_class_comes_and_goes(cast: Any, office: Any) -> None:
    page = begun(office)
    form = {"version": version(), "fate": "new", "name": "FC", "school_year": "0", "from_group": ""}
    assert office.send(f"{page}klass/", form).url == page
    new, old = ClassStep.objects.get(name="FC"), ClassStep.objects.get(name="5A")
    office.send(f"/lasarsskifte/klass/{old.pk}/ta-bort/")
    assert ClassStep.objects.filter(pk=old.pk).exists()
    assert exception(office, page, cast.id("sami"), fate="other_class", to_class=str(new.pk)) == 302
    office.send(f"/lasarsskifte/klass/{new.pk}/ta-bort/")
    assert ClassStep.objects.filter(pk=new.pk).exists()
    office.send(f"/lasarsskifte/elev/{PupilStep.objects.get().pk}/ta-bort/")
    office.send(f"/lasarsskifte/klass/{new.pk}/ta-bort/")
    assert not ClassStep.objects.filter(pk=new.pk).exists()


@pytest.mark.parametrize("key", ["leila", "kim", "amira"])
def test_injected_pupils_are_no_exceptions(cast: Any, office: Any, key: str) -> None:
    page = begun(office)
    assert exception(office, page, cast.id(key), fate="leaves") == 422
    assert not PupilStep.objects.exists()


def test_a_class_of_another_draft_is_refused(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    begun(client_as("hassan", Role.STAFF), "Åsenskolan")
    foreign = ClassStep.objects.get(name="8A")
    RollOver.objects.update(version=1)
    page = begun(office)
    klass = str(Group.objects.get(name="4A").pk)
    data = {"version": "1", "pupil": str(cast.id("sami")), "fate": "other_class", "to_class": str(foreign.pk)}
    assert office.send(f"{page}elev/?klass={klass}", data).status_code == 422
    assert office.get(f"/lasarsskifte/klass/{foreign.pk}/").status_code == 404
    assert office.send(f"/lasarsskifte/klass/{foreign.pk}/ta-bort/").status_code == 404


def test_somebody_from_another_school_joins_by_number(cast: Any, office: Any, django_db_setup: Any) -> None:
    from dexter.lib import civic
    from registry.models import CivicNumber

    page = begun(office)
    number = civic.decrypt(CivicNumber.objects.get(person=cast.leila).encrypted)
    to_class = str(ClassStep.objects.get(name="6A").pk)
    assert exception(office, page, "", civic_no=number, fate="leaves", klass="") == 422
    assert exception(office, page, "", civic_no="199001010017", fate="joins", to_class=to_class, klass="") == 422
    assert exception(office, page, "", civic_no=number, fate="joins", to_class=to_class, klass="") == 302
    office.send(f"{page}genomfor/", {"version": version(), "when": "now"})
    first = RollOver.objects.get().effective_date
    assert class_on(cast.id("leila"), first) == ["6A"]
    assert 6 in year_on(cast.id("leila"), first)


def test_it_is_carried_out_once_and_reversed_on_the_pages(cast: Any, office: Any) -> None:
    page = begun(office)
    form = {"version": version(), "when": "now"}
    assert office.send(f"{page}genomfor/", {**form, "version": "99"}).status_code == 422
    assert office.send(f"{page}genomfor/", form).url == page
    assert office.send(f"{page}genomfor/", form).url == page  # the double click
    assert Entry.objects.filter(action="registry.effect_roll_over").count() == 1
    assert "Sami" not in visible(shown(office, page))
    first = RollOver.objects.get().effective_date
    assert class_on(cast.id("sami"), first) == ["5A"]
    office.send(f"{page}kasta/")
    assert RollOver.objects.exists()
    assert office.get(f"{page}angra/").status_code == 200
    assert office.send(f"{page}angra/").url == page
    assert class_on(cast.id("sami"), first) == ["4A"]
    assert begun(office) != "422"


def test_a_draft_waits_for_its_day_or_is_thrown_away(cast: Any, office: Any) -> None:
    page = begun(office)
    assert office.send(f"{page}genomfor/", {"version": version(), "when": "on_the_day"}).url == page
    assert RollOver.objects.get().state == "ready"
    assert office.send(f"{page}kasta/").url == "/lasarsskifte/"
    assert not RollOver.objects.exists()


def test_carrying_out_wants_a_fresh_confirmation(cast: Any, office: Any) -> None:
    page = begun(office)
    session = office.session
    session["identified_at"] = 0
    session.save()
    for path in (f"{page}genomfor/", f"{page}angra/"):
        assert office.get(path).url.startswith("/bekrafta/")


def test_the_pages_take_a_constant_number_of_statements(cast: Any, office: Any, statements: Callable[..., int]) -> None:
    page = begun(office)
    office.get("/om-dexter/")
    few = statements(lambda: office.get(page))
    for number in range(3):
        Group.objects.create(
            name=f"Ny {number}", group_type="Klass", school_unit=RollOver.objects.get().school_unit, start_date=days.today()
        )
    GroupMembership.objects.filter(group__name__in=["4A", "5A"]).update(end_date=days.today())
    assert statements(lambda: office.get(page)) == few == 3 + 17
    one = statements(lambda: office.get("/lasarsskifte/"))
    change = RollOver.objects.get()
    for state in ("reversed", "reversed"):
        RollOver.objects.create(
            school_unit=change.school_unit,
            from_year=change.from_year,
            to_year=change.to_year,
            effective_date=change.effective_date,
            state=state,
            effected_at=days.now(),
        )
    assert statements(lambda: office.get("/lasarsskifte/")) == one == 3 + 3
