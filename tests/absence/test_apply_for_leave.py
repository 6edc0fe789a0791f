"""A guardian applies for leave: for whom, for which days, and what is refused kindly."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from absence.actions import leave
from absence.models import LeaveApplication, LeaveDay, LeaveRequest, LeaveState
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import CalendarDay, CalendarKind, Enrolment, Organisation, Person
from tests.conftest import OVERHEAD

from .leaves import APPLY, LIST, ahead, applied, decided, form, settings

GRANTED = re.compile(r"<dt>([^<]+)</dt><dd>(\d+) skoldag")


def test_two_children_in_two_schools_are_one_application_and_two_requests(cast: Any, guardian: Any, morning: Any) -> None:
    response = guardian.send(APPLY, form(cast, "sami", "leila", first=20, last=22), follow=True)
    page = response.content.decode()
    assert "Ansökan är skickad till Granskolan och Åsenskolan" in page
    application = LeaveApplication.objects.get()
    found = {row.school_unit.name: (row.pupil_id, row.state, row.school_days) for row in application.requests.all()}
    assert found == {
        "Granskolan": (cast.id("sami"), LeaveState.IN_PREPARATION, 3),
        "Åsenskolan": (cast.id("leila"), LeaveState.IN_PREPARATION, 3),
    }
    assert Entry.objects.filter(action="absence.apply_for_leave", subjects__contains=[cast.id("leila")]).count() == 1


def test_school_days_are_counted_by_the_calendar(cast: Any, actor: Callable[..., Any], morning: Any) -> None:
    CalendarDay.objects.create(
        organisation=Organisation.objects.get(), kind=CalendarKind.HOLIDAY, name="Lov", start_date=ahead(21), end_date=ahead(22)
    )
    (request,) = applied(actor, cast, "sami", first=20, last=24)
    assert request.school_days == 3


def test_the_same_form_twice_is_one_application(cast: Any, guardian: Any, morning: Any) -> None:
    sent = form(cast, "sami")
    assert guardian.send(APPLY, sent).status_code == guardian.send(APPLY, sent).status_code == 302
    assert LeaveRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first": "1999-01-01"}, "Den dagen har varit"),
        ({"last": "2020-01-01"}, "Sista dagen ligger före"),
        ({"first": "2999-01-01", "last": ""}, "Kontrollera året"),
        ({"pupils": []}, "Välj minst ett barn"),
        ({"purpose": ""}, None),
        ({"submission": "x"}, None),
        ({"first": "2026-11-24'; DROP TABLE registry_person; --"}, None),
    ],
)
def test_a_bad_form_is_explained_and_saves_nothing(
    cast: Any, guardian: Any, morning: Any, change: dict[str, Any], said: str | None
) -> None:
    response = guardian.send(APPLY, {**form(cast, "sami"), **change})
    assert response.status_code == 422
    assert said is None or said in response.content.decode()
    assert not LeaveApplication.objects.exists()


def test_a_year_ahead_and_half_a_year_long_are_the_limits(cast: Any, guardian: Any, morning: Any) -> None:
    assert "för långt fram" in guardian.send(APPLY, form(cast, "sami", first=400, last=400)).content.decode()
    assert "längre än en ledighet" in guardian.send(APPLY, form(cast, "sami", first=10, last=300)).content.decode()


def test_overlapping_requests_are_refused_kindly_and_the_rest_is_sent(cast: Any, guardian: Any, morning: Any) -> None:
    guardian.send(APPLY, form(cast, "sami", first=20, last=25))
    alone = guardian.send(APPLY, form(cast, "sami", first=25, last=26))
    assert alone.status_code == 422
    assert "Ledighet för Sami Haddad är redan sökt" in alone.content.decode()
    page = guardian.send(APPLY, form(cast, "sami", "noor", first=25, last=26), follow=True).content.decode()
    assert "Ansökan är skickad till Granskolan" in page
    assert "Ledighet för Sami Haddad är redan sökt" in page
    assert LeaveRequest.objects.filter(pupil=cast.id("noor")).count() == 1


def test_days_that_are_granted_already_are_not_asked_for_again(cast: Any, actor: Callable[..., Any], guardian: Any, morning: Any) -> None:
    (request,) = applied(actor, cast, "sami", first=20, last=21)
    LeaveDay.objects.create(request=request, pupil=cast.sami, school_unit=request.school_unit, day=ahead(30))
    assert "har redan ledigt" in guardian.send(APPLY, form(cast, "sami", first=29, last=31)).content.decode()


def test_days_without_school_need_no_leave(cast: Any, guardian: Any, morning: Any) -> None:
    Enrolment.objects.filter(pupil=cast.sami).update(end_date=ahead(5))
    assert "har ingen plats" in guardian.send(APPLY, form(cast, "sami")).content.decode()
    response = guardian.send(APPLY, form(cast, "noor", first=7 * 52, last=7 * 52))
    assert response.status_code in {302, 422}


def test_leave_is_not_for_every_form_of_schooling(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    piera = client_as("piera", Role.PUPIL, Level.E_ID)
    response = piera.send(APPLY, {**form(cast), "pupils": []})
    assert response.status_code == 422
    assert "ingen plats" in response.content.decode()


def test_a_pupil_of_age_applies_alone_and_a_minor_not_at_all(cast: Any, client_as: Callable[..., Any], guardian: Any, morning: Any) -> None:
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(days.today(), 18))
    leila = client_as("leila", Role.PUPIL, Level.E_ID)
    assert leila.send(APPLY, {**form(cast), "pupils": []}).status_code == 302
    assert LeaveApplication.objects.get().applied_by_id == cast.id("leila")
    assert guardian.send(APPLY, form(cast, "leila", first=40, last=41)).status_code == 422
    assert client_as("oskar", Role.PUPIL, Level.E_ID).send(APPLY, form(cast)).status_code == 403
    assert client_as("leila", Role.PUPIL, Level.PASSWORD).get(APPLY).status_code == 302  # asked to confirm


def test_who_turns_eighteen_before_the_leave_applies_alone(cast: Any, guardian: Any, morning: Any) -> None:
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(ahead(10), 18))
    assert "myndig" in guardian.send(APPLY, form(cast, "leila")).content.decode()


def test_nobody_applies_for_the_child_of_another(cast: Any, guardian: Any, client_as: Callable[..., Any], morning: Any) -> None:
    for foreign in ("elsa", "kim", "alva", "amira", "anna"):
        assert guardian.send(APPLY, form(cast, "noor", foreign)).status_code == 422
    assert guardian.send(APPLY, {**form(cast, "noor"), "pupils": ["x", str(uuid.uuid4())]}).status_code == 422
    assert client_as("mikael", Role.GUARDIAN).send(APPLY, form(cast, "elsa")).status_code in {302, 404}
    assert client_as("petra", Role.GUARDIAN).send(APPLY, form(cast, "kim")).status_code in {302, 404, 422}
    assert client_as("anna", Role.STAFF).send(APPLY, form(cast, "sami")).status_code == 404
    assert not LeaveApplication.objects.exists()


def test_extra_fields_change_nothing(cast: Any, guardian: Any, morning: Any) -> None:
    extra = {"state": "decided", "applied_by": str(cast.id("jonas")), "school_days": "1", "answer_by": "2030-01-01"}
    guardian.send(APPLY, {**form(cast, "sami"), **extra})
    request = LeaveRequest.objects.get()
    assert (request.state, request.school_days, request.answer_by) == (LeaveState.IN_PREPARATION, 2, None)
    assert request.application.applied_by_id == cast.id("amira")


def test_script_in_the_purpose_is_text(cast: Any, guardian: Any, morning: Any) -> None:
    guardian.send(APPLY, {**form(cast, "sami"), "purpose": "<script>alert(1)</script>"})
    page = guardian.get(f"/ledighet/{LeaveRequest.objects.get().pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("first", "state"), [(20, LeaveState.AWAITING_CONSENT), (2, LeaveState.AWAITING_CONSENT), (1, LeaveState.IN_PREPARATION)]
)
def test_a_school_that_wants_both_waits_unless_there_is_no_time(
    cast: Any, actor: Callable[..., Any], morning: Any, first: int, state: LeaveState
) -> None:
    settings("Granskolan", both_guardians_sign_leave=True, consent_days=7)
    (request,) = applied(actor, cast, "sami", first=first, last=first)
    assert request.state == state
    assert request.answer_by == {20: ahead(7), 2: ahead(0), 1: ahead(0)}[first]


def test_a_sole_guardian_waits_for_nobody(cast: Any, actor: Callable[..., Any], morning: Any) -> None:
    settings("Granskolan", both_guardians_sign_leave=True)
    (request,) = applied(actor, cast, "elsa", who="karin")  # the other guardianship has ended
    assert (request.state, request.answer_by) == (LeaveState.IN_PREPARATION, None)


def test_nobody_waits_for_a_guardian_with_protected_identity(cast: Any, actor: Callable[..., Any], morning: Any) -> None:
    settings("Granskolan", both_guardians_sign_leave=True)
    Person.objects.filter(pk=cast.id("jonas")).update(security_marking="Sekretessmarkering", agreed_name="J H")
    (request,) = applied(actor, cast, "sami")
    assert request.state == LeaveState.IN_PREPARATION


@pytest.mark.parametrize("children", [1, 2])
def test_an_application_takes_few_statements(cast: Any, guardian: Any, statements: Any, morning: Any, children: int) -> None:
    sent = form(cast, *["noor", "sami"][:children])
    guardian.get("/om-dexter/")
    assert statements(lambda: guardian.send(APPLY, sent)) <= 40


def test_who_applies_sees_what_is_granted_this_school_year_of_each_child(
    cast: Any, guardian: Any, client_as: Callable[..., Any], actor: Callable[..., Any], morning: Any
) -> None:
    sami, leila = applied(actor, cast, "sami", "leila", first=20, last=22)
    decided(actor("ingrid", Role.STAFF), sami)
    decided(actor("nina", Role.STAFF), leila, "refused", "Nationella prov")
    leave.withdraw_leave(actor=actor("amira", Role.GUARDIAN), request=sami, given_back=[ahead(21)])
    for path in (APPLY, LIST):
        rows = dict(GRANTED.findall(guardian.get(path).content.decode()))
        assert rows == {"Leila Haddad": "0", "Noor Haddad": "0", "Sami Haddad": "2"}


def test_a_form_of_schooling_without_leave_offers_none(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    page = client_as("piera", Role.PUPIL, Level.E_ID).get(LIST).content.decode()
    assert APPLY not in page
    assert not GRANTED.findall(page)


def test_what_is_granted_takes_the_same_statements_for_any_number_of_days(
    cast: Any, guardian: Any, actor: Callable[..., Any], statements: Any, morning: Any
) -> None:
    guardian.get(APPLY)
    before = statements(lambda: guardian.get(APPLY))
    decided(actor("ingrid", Role.STAFF), applied(actor, cast, "sami", first=20, last=26)[0])
    assert statements(lambda: guardian.get(APPLY)) == before == 7 + OVERHEAD


def test_a_refused_form_says_at_the_top_where_to_look_and_keeps_what_was_written(cast: Any, guardian: Any, morning: Any) -> None:
    page = guardian.send(APPLY, form(cast, "sami", last=2)).content.decode()
    summary = page.split('role="alert"')[1].split("</ul>")[0]
    assert "Inget är skickat än" in summary
    assert re.findall(r'href="#(\w+)"', summary) == ["id_last"]
    assert 'id="id_last"' in page
    assert "Mormor fyller 80 i Kiruna</textarea>" in page
    assert 'role="alert"' not in guardian.get(APPLY).content.decode()


def test_one_child_is_not_chosen(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    karin = client_as("karin", Role.GUARDIAN)
    assert f'type="hidden" name="pupils" value="{cast.id("elsa")}"' in karin.get(APPLY).content.decode()
    assert karin.send(APPLY, form(cast, "elsa")).status_code == 302
