"""A school says when leave is seldom granted: the home is told before it sends, the decider sees it, and nobody is refused by it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import BlockedPeriod, LeaveRequest
from dexter.audit.models import Entry
from dexter.lib.access import Role
from registry.models import SchoolUnit
from tests.conftest import OVERHEAD

from .leaves import APPLY, ahead, applied, decided, form, path, settings

REASON = "Nationella prov, årskurs 4"


@pytest.fixture
def unit(cast: Any) -> SchoolUnit:
    return cast.group("4A").school_unit


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def page_of(unit: SchoolUnit) -> str:
    return f"/skolor/{unit.pk}/ledighetsperioder/"


def filled(first: int = 20, last: int = 21, **more: Any) -> dict[str, Any]:
    given = {"first": ahead(first).isoformat(), "last": ahead(last).isoformat(), "reason": REASON, "school_years": ["4"]}
    return {**given, "submission": str(uuid.uuid4()), **more}


def period(unit: SchoolUnit, first: int = 20, last: int = 21, *years: int) -> BlockedPeriod:
    return BlockedPeriod.objects.create(
        school_unit=unit, start_date=ahead(first), end_date=ahead(last), reason=REASON, school_years=years, submission=uuid.uuid4()
    )


def test_principal_and_administrator_add_and_take_off(cast: Any, unit: SchoolUnit, client_as: Callable[..., Any]) -> None:
    for who in ("ingrid", "pekka"):
        browser = client_as(who, Role.STAFF)
        page = browser.send(page_of(unit), filled(), follow=True).content.decode()
        assert REASON in page
        row = BlockedPeriod.objects.standing().get()
        assert (row.school_unit_id, row.start_date, row.end_date, row.school_years) == (unit.pk, ahead(20), ahead(21), [4])
        for _press in range(2):
            page = browser.send(f"/ledighetsperioder/{row.pk}/avsluta/", follow=True).content.decode()
            assert REASON not in page
        assert not BlockedPeriod.objects.standing().exists()
    assert Entry.objects.filter(action="absence.add_blocked_period").count() == 2
    assert Entry.objects.filter(action="absence.end_blocked_period").count() == 2


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("anna", Role.STAFF, 403),
        ("maja", Role.STAFF, 403),
        ("hassan", Role.STAFF, 404),
        ("amira", Role.GUARDIAN, 404),
        ("sami", Role.PUPIL, 404),
    ],
)
def test_others_decide_nothing(cast: Any, unit: SchoolUnit, client_as: Callable[..., Any], who: str, role: Role, status: int) -> None:
    row, browser = period(unit), client_as(who, role)
    assert browser.get(page_of(unit)).status_code == status
    assert browser.send(page_of(unit), filled()).status_code == status
    assert browser.send(f"/ledighetsperioder/{row.pk}/avsluta/").status_code == status
    assert list(BlockedPeriod.objects.standing()) == [row]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, None),
        ({"reason": "x" * 121}, None),
        ({"first": "igår"}, "giltigt datum"),
        ({"last": "2020-01-01"}, "Sista dagen ligger före"),
        ({"first": "2020-01-01", "last": "2020-01-02"}, "redan över"),
        ({"last": ahead(300).isoformat()}, "halvår"),
        ({"last": "9999-01-01"}, None),
        ({"school_years": ["4", "99"]}, None),
        ({"submission": "x"}, None),
    ],
)
def test_what_does_not_fit_is_explained_and_saves_nothing(unit: SchoolUnit, office: Any, change: dict[str, Any], said: str | None) -> None:
    response = office.send(page_of(unit), {**filled(), **change})
    assert response.status_code == 422
    assert said is None or said in response.content.decode()
    assert not BlockedPeriod.objects.exists()


def test_the_same_form_twice_is_one_and_a_changed_one_is_refused(cast: Any, unit: SchoolUnit, office: Any) -> None:
    sent = filled()
    assert {office.send(page_of(unit), sent).status_code for _press in range(2)} == {302}
    response = office.send(page_of(unit), {**sent, "reason": "Studiedag"})
    assert response.status_code == 422
    assert "med andra svar" in response.content.decode()
    assert BlockedPeriod.objects.count() == 1


def test_script_in_the_reason_is_text(unit: SchoolUnit, office: Any, guardian: Any) -> None:
    office.send(page_of(unit), filled(reason="<script>alert(1)</script>"))
    for browser, path_ in ((office, page_of(unit)), (guardian, APPLY)):
        page = browser.get(path_).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_home_is_told_before_it_sends_and_may_send_all_the_same(cast: Any, unit: SchoolUnit, guardian: Any) -> None:
    row = period(unit, 21, 25, 4)
    assert REASON in guardian.get(APPLY).content.decode()
    sent = form(cast, "sami")
    page = guardian.send(APPLY, sent)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Ledighet för Sami Haddad beviljas sällan då" in text
    assert "Skicka ändå" in text
    assert "Mormor fyller 80" in text
    assert not LeaveRequest.objects.exists()
    told = f"{cast.id('sami')}:{row.pk}"
    assert f'name="told" value="{told}"' in text
    for _press in range(2):
        assert guardian.send(APPLY, {**sent, "told": told}).status_code == 302
    assert LeaveRequest.objects.count() == 1


def test_other_days_in_another_period_are_told_anew(cast: Any, unit: SchoolUnit, guardian: Any) -> None:
    first, second = period(unit, 20, 21), period(unit, 40, 41)
    told = f"{cast.id('sami')}:{first.pk}"
    page = guardian.send(APPLY, form(cast, "sami", first=40, last=41, told=told))
    assert str(second.pk) in page.content.decode()
    assert guardian.send(APPLY, form(cast, "sami", "leila", told="x,,;'")).status_code == 200
    assert not LeaveRequest.objects.exists()


def test_only_the_years_schools_and_days_it_concerns(cast: Any, unit: SchoolUnit, guardian: Any) -> None:
    period(unit, 20, 21, 9)
    period(unit, 10, 19)
    period(SchoolUnit.objects.get(name="Åsenskolan"), 20, 21)
    ended = period(unit)
    BlockedPeriod.objects.filter(pk=ended.pk).update(ended_at=ended.created_at)
    assert guardian.send(APPLY, form(cast, "sami")).status_code == 302


def test_a_school_that_wants_notice_says_so(cast: Any, guardian: Any, client_as: Callable[..., Any]) -> None:
    settings("Granskolan", leave_notice_days=10)
    sent = form(cast, "sami", first=3, last=3)
    text = guardian.send(APPLY, sent).content.decode()
    assert "Granskolan vill ha ansökan minst 10 skoldagar i förväg" in text
    told = text.split('name="told" value="')[1].split('"')[0]
    assert guardian.send(APPLY, {**sent, "told": told}).status_code == 302
    assert "2 skoldagar i förväg; skolan vill ha 10" in client_as("anna", Role.STAFF).get(path(LeaveRequest.objects.get())).content.decode()
    assert guardian.send(APPLY, form(cast, "sami", first=30, last=30)).status_code == 302


def test_the_decider_sees_it_and_decides_freely(
    cast: Any, unit: SchoolUnit, actor: Callable[..., Any], client_as: Callable[..., Any]
) -> None:
    (request,) = applied(actor, cast, "sami")
    ingrid = client_as("ingrid", Role.STAFF)
    assert REASON not in ingrid.get(path(request)).content.decode()
    period(unit, 21, 25, 4)
    for verb in ("", "beslut/"):
        assert REASON in ingrid.get(path(request, verb)).content.decode()
    assert decided(actor("ingrid", Role.STAFF), request).outcome == "granted"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_same_statements_for_any_number_of_periods(unit: SchoolUnit, office: Any, guardian: Any, statements: Any, rows: int) -> None:
    for number in range(rows):
        period(unit, 20 + number, 21 + number, 4)
    office.get("/om-dexter/")
    guardian.get("/om-dexter/")
    assert statements(lambda: office.get(page_of(unit))) == 6 + OVERHEAD
    assert statements(lambda: guardian.get(APPLY)) == 7 + OVERHEAD


def test_a_period_that_is_over_is_not_listed(unit: SchoolUnit, office: Any, guardian: Any) -> None:
    BlockedPeriod.objects.create(
        school_unit=unit, start_date=ahead(0) - timedelta(days=9), end_date=ahead(-1), reason=REASON, submission=uuid.uuid4()
    )
    assert REASON not in office.get(page_of(unit)).content.decode()
    assert REASON not in guardian.get(APPLY).content.decode()
