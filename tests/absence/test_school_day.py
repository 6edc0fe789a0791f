"""Today's school: who is not accounted for first, with numbers to call; and who sees it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from absence.models import ContactAttempt, LeaveApplication, LeaveDay, LeaveRequest, ReportedDay, UnitSettings
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import CalendarEvent, Duty, DutyRole, GroupMembership, Person, ProtectedAccess, SchoolUnit
from tests.conftest import OVERHEAD
from tests.pages import visible

from .school_days import report, take

DAY = "/skoldagen/"


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture
def unit(cast: Any) -> SchoolUnit:
    return SchoolUnit.objects.get(pk=cast.group("4A").school_unit_id)


@pytest.fixture
def taken(cast: Any, client_as: Callable[..., Any]) -> Callable[..., None]:
    return partial(take, cast, client_as)


def alarm(page: str) -> list[str]:
    return re.findall(r'alarm__name" href="[^"]+">([^<]+)<', page)


def test_a_missing_pupil_stands_first_after_half_an_hour_with_numbers(cast: Any, office: Any, taken: Any, at: Any) -> None:
    at(8, 5)
    taken("sami")
    at(8, 29)
    assert alarm(office.get(DAY).content.decode()) == []
    at(8, 30)
    page = office.get(DAY).content.decode()
    assert alarm(page) == ["Sami Haddad"]
    first = page.split("alarm__homes")[1].split("</ul>")[0]
    assert "Amira Haddad" in first
    assert "Jonas Haddad" in first
    assert first.count('href="tel:') == 2
    assert f"/franvaro/telefon/{cast.id('sami')}/" in page


def test_who_reports_from_the_list_comes_back_to_it(cast: Any, office: Any, taken: Any, at: Any, unit: SchoolUnit) -> None:
    at(8, 40)
    taken("sami")
    path = f"/franvaro/telefon/{cast.id('sami')}/?skoldagen={unit.pk}"
    assert path in office.get(DAY).content.decode()
    assert f'href="{DAY}{unit.pk}/"' in office.get(path).content.decode()
    form = {"first": days.today().isoformat(), "phoned_by": "other"}
    assert office.send(path, {**form, "submission": str(uuid.uuid4())}).url == f"{DAY}{unit.pk}/"
    for nonsense in ("https://x.example/", "//x.example", "1"):
        answer = office.send(
            path.split("?")[0] + f"?skoldagen={nonsense}",
            {**form, "first": str(days.today() + timedelta(days=7)), "submission": str(uuid.uuid4())},
        )
        assert answer.status_code in {302, 422}
        assert "x.example" not in answer.headers.get("Location", "")


def test_a_lesson_that_nobody_reported_calms_nobody(cast: Any, office: Any, at: Any, taken: Any) -> None:
    """Half an hour into the day without a roll-call: who came is not known, and the page says of how many."""
    at(8, 29)
    assert "Ingen saknas utan besked" in office.get(DAY).content.decode()
    at(8, 30)
    answer = office.get(DAY)
    known = answer.context["shown"].not_known
    assert known >= 24
    assert f"Om {known} elever vet vi ingenting" in answer.content.decode()
    assert "Ingen saknas utan besked" not in answer.content.decode()
    report(office, cast.id("sami"))
    assert office.get(DAY).context["shown"].not_known == known - 1
    taken()
    assert office.get(DAY).context["shown"].not_known < known - 1


def test_the_school_decides_how_long_it_waits(cast: Any, office: Any, taken: Any, at: Any, unit: SchoolUnit) -> None:
    UnitSettings.objects.create(school_unit=unit, start_date=days.today(), missing_after_minutes=10)
    at(8, 9)
    taken("sami")
    assert alarm(office.get(DAY).content.decode()) == []
    at(8, 10)
    assert alarm(office.get(DAY).content.decode()) == ["Sami Haddad"]


def test_a_report_by_phone_takes_the_pupil_off_and_undo_puts_back(cast: Any, office: Any, taken: Any, at: Any) -> None:
    at(8, 40)
    taken("sami", "elsa")
    assert alarm(office.get(DAY).content.decode()) == ["Sami Haddad", "Elsa Sandström"]
    report(office, cast.id("sami"))
    page = office.get(DAY).content.decode()
    assert alarm(page) == ["Elsa Sandström"]
    assert "Anmäld frånvarande" in page
    row = ReportedDay.objects.get(pupil=cast.id("sami"), day=days.today(), withdrawn_at=None)
    office.send(f"/franvaro/telefon/dag/{row.pk}/angra/")
    assert alarm(office.get(DAY).content.decode()) == ["Sami Haddad", "Elsa Sandström"]


def test_who_came_later_was_reported_or_is_on_leave_is_accounted_for(cast: Any, office: Any, taken: Any, at: Any, unit: SchoolUnit) -> None:
    at(7, 30)
    report(office, cast.id("sami"), starts="07:30", ends="09:30")
    application = LeaveApplication.objects.create(
        applied_by=cast.karin,
        submission=uuid.uuid4(),
        submitted_at=days.now(),
        start_date=days.today(),
        end_date=days.today(),
        purpose="resa",
    )
    request = LeaveRequest.objects.create(
        application=application,
        pupil=cast.elsa,
        school_unit=unit,
        start_date=days.today(),
        end_date=days.today(),
        state="decided",
        school_days=1,
    )
    LeaveDay.objects.create(request=request, pupil=cast.elsa, school_unit=unit, day=days.today())
    at(8, 50)
    taken("sami", "elsa")
    page = office.get(DAY).content.decode()
    assert alarm(page) == []
    assert "Ledig" in page
    at(10, 40)
    taken("sami", "elsa", lesson=1)
    assert alarm(office.get(DAY).content.decode()) == ["Sami Haddad"]  # the report ended half past nine
    taken("elsa", lesson=1)
    assert alarm(office.get(DAY).content.decode()) == []


def test_late_is_arrived_and_left_early_is_missing_now_but_has_arrived(cast: Any, office: Any, taken: Any, at: Any) -> None:
    at(8, 50)
    taken(late={"sami": 20}, left_early={"elsa": 15})
    page = office.get(DAY).content.decode()
    assert alarm(page) == []
    assert "Elsa Sandström" in page
    assert "Frånvarande utan anmälan" in page
    assert "Sami Haddad" not in page


def test_a_lesson_without_roll_call_is_a_state_of_the_lesson_and_accuses_no_pupil(cast: Any, office: Any, at: Any) -> None:
    at(8, 40)
    page = office.get(DAY).content.decode()
    assert alarm(page) == []
    assert "lektioner inte rapporterade" in page
    assert "Anna Lindqvist" in page
    assert "40 min" in page
    assert "Sami Haddad" not in page


def test_figures_of_a_class_and_their_bar(cast: Any, office: Any, taken: Any, at: Any, unit: SchoolUnit) -> None:
    at(8, 20)
    taken("sami")
    report(office, cast.id("sami"))
    page = office.get(DAY).content.decode()
    count = GroupMembership.objects.on(days.today()).filter(group__name="4A", person__security_marking="Ingen").count()
    row = page.split('<th scope="row">4A</th>')[1].split("</tr>")[0]
    assert re.findall(r"<td>(\d+)</td>", row) == [str(count - 1), "1", "0", "0"]
    assert f'viewBox="0 0 {count} 10"' in row


def test_calls_are_noted_once_and_the_called_stand_last(cast: Any, office: Any, taken: Any, at: Any, unit: SchoolUnit) -> None:
    at(8, 40)
    taken("sami", "elsa")
    path, sent = f"{DAY}{unit.pk}/ringt/{cast.id('sami')}/", {"outcome": "no_answer", "submission": str(uuid.uuid4())}
    for _press in range(2):
        assert "Samtalet om Sami Haddad är noterat" in office.send(path, sent, follow=True).content.decode()
    page = office.get(DAY).content.decode()
    assert alarm(page) == ["Elsa Sandström", "Sami Haddad"]
    assert "Inget svar" in page
    assert ContactAttempt.objects.get().attempted_by_id == cast.id("pekka")
    assert Entry.objects.filter(action="absence.note_contact", subjects=[cast.id("sami")]).count() == 1
    for bad in ({"outcome": "sick", "submission": str(uuid.uuid4())}, {"outcome": "reached", "submission": "x"}):
        assert "Försök igen" in office.send(path, bad, follow=True).content.decode()
    assert ContactAttempt.objects.count() == 1


def test_a_call_is_never_rewritten(cast: Any, office: Any, unit: SchoolUnit) -> None:
    office.send(f"{DAY}{unit.pk}/ringt/{cast.id('sami')}/", {"outcome": "reached", "submission": str(uuid.uuid4())})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('absence_contactattempt', 'UPDATE') OR has_table_privilege('absence_contactattempt', 'DELETE')"
        )
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("hassan", Role.STAFF),
        ("anna", Role.STAFF),
        ("maja", Role.STAFF),
        ("sunna", Role.STAFF),
        ("birgitta", Role.STAFF),
        ("amira", Role.GUARDIAN),
        ("sami", Role.PUPIL),
    ],
)
def test_others_see_nothing_of_the_schools_day(
    cast: Any, client_as: Callable[..., Any], at: Any, unit: SchoolUnit, who: str, role: Role
) -> None:
    at(8, 40)
    other = client_as(who, role)
    assert other.get(f"{DAY}{unit.pk}/").status_code == 404
    assert other.get(f"{DAY}{unit.pk}/{days.today()}/", headers={"HX-Request": "true"}).status_code == 404
    form = {"outcome": "reached", "submission": str(uuid.uuid4())}
    assert other.send(f"{DAY}{unit.pk}/ringt/{cast.id('sami')}/", form).status_code == 404
    assert not ContactAttempt.objects.exists()


def test_ids_of_others_and_days_to_come_do_not_exist(cast: Any, office: Any, unit: SchoolUnit) -> None:
    form = {"outcome": "reached", "submission": str(uuid.uuid4())}
    for pupil in ("leila", "oskar", "piera", "amira", "anna", "kim"):
        assert office.send(f"{DAY}{unit.pk}/ringt/{cast.id(pupil)}/", form).status_code == 404
    assert office.get(f"{DAY}{unit.pk}/{days.today() + timedelta(days=1)}/").status_code == 404
    assert office.get(f"{DAY}{unit.pk}/2026-13-40/").status_code == 404
    assert office.get(f"{DAY}{uuid.uuid4()}/").status_code == 404


def test_a_protected_pupil_goes_to_the_named_officer_alone(cast: Any, client_as: Callable[..., Any], taken: Any, at: Any) -> None:
    at(8, 40)
    before = client_as("pekka", Role.STAFF).get(DAY).content.decode().split('<th scope="row">4A</th>')[1].split("</tr>")[0]
    taken("kim", "sami")
    page = client_as("pekka", Role.STAFF).get(DAY).content.decode()
    assert alarm(page) == ["Sami Haddad"]
    assert "Kim Ek" not in page
    assert str(cast.id("kim")) not in page
    after = page.split('<th scope="row">4A</th>')[1].split("</tr>")[0]
    assert sum(map(int, re.findall(r"<td>(\d+)</td>", before))) == sum(map(int, re.findall(r"<td>(\d+)</td>", after)))
    assert re.findall(r"<td>(\d+)</td>", after)[2] == "1"  # Sami alone
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.ingrid, granted_by=cast.nina, reason="rektor")
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.sunna, granted_by=cast.ingrid, reason="namngiven")
    assert alarm(client_as("ingrid", Role.STAFF).get(DAY).content.decode()) == ["Kim Ek", "Sami Haddad"]
    sunna = client_as("sunna", Role.STAFF)
    page = sunna.get(DAY).content.decode()
    assert alarm(page) == ["Kim Ek"]
    assert "Sami" not in visible(page)
    assert "inte rapportera" not in page
    report(sunna, cast.id("kim"))
    assert alarm(sunna.get(DAY).content.decode()) == []


def test_a_protected_guardian_is_named_to_nobody_who_is_not_let_in(cast: Any, office: Any, taken: Any, at: Any) -> None:
    Person.objects.filter(pk=cast.id("jonas")).update(security_marking="Sekretessmarkering", agreed_name="Nils Ask")
    at(8, 40)
    taken("sami")
    page = office.get(DAY).content.decode()
    assert "Amira Haddad" in page
    assert "Nils Ask" not in page
    assert "Jonas" not in page


def test_the_part_that_is_fetched_again_is_small_and_not_logged(cast: Any, office: Any, taken: Any, at: Any, unit: SchoolUnit) -> None:
    at(8, 40)
    taken("sami")
    page = office.get(DAY).content.decode()
    address = re.search(r'hx-get="([^"]+)"', page)
    assert address is not None
    assert Entry.objects.filter(action="absence.school_day").count() == 1
    assert cast.id("sami") in Entry.objects.get(action="absence.school_day").subjects
    part = office.get(address[1], headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="school_day"')
    assert alarm(part) == ["Sami Haddad"]
    assert Entry.objects.filter(action="absence.school_day").count() == 1


def test_a_part_whose_page_was_never_opened_is_logged(cast: Any, office: Any, taken: Any, at: Any, unit: SchoolUnit) -> None:
    at(8, 40)
    taken("sami")
    part, htmx = f"{DAY}{unit.pk}/{days.today()}/", {"HX-Request": "true"}
    assert alarm(office.get(part, headers=htmx).content.decode()) == ["Sami Haddad"]
    assert cast.id("sami") in Entry.objects.get(action="absence.school_day").subjects
    office.get(f"{DAY}{unit.pk}/{days.today() - timedelta(days=1)}/", headers=htmx)
    office.get(part, headers=htmx)
    assert Entry.objects.filter(action="absence.school_day").count() == 2


def test_fetching_again_keeps_nobody_signed_in(cast: Any, office: Any, unit: SchoolUnit, at: Any) -> None:
    office.idle = True
    at(9, 0)
    office.enter()
    for minute in range(10, 60, 10):
        at(9, minute)
        response = office.get(f"{DAY}{unit.pk}/{days.today()}/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/"


def test_a_day_that_has_passed_shows_how_it_ended(cast: Any, office: Any, unit: SchoolUnit, at: Any) -> None:
    at(12, 0)
    page = office.get(f"{DAY}{unit.pk}/{days.today() - timedelta(days=1)}/").content.decode()
    assert "Så som dagen slutade" in page
    assert "hx-get" not in page
    assert "Anmäl nu" not in page


def test_a_school_without_lessons_says_so(office: Any, unit: SchoolUnit) -> None:
    CalendarEvent.objects.filter(activity__school_unit=unit, day=days.today()).update(cancelled=True)
    assert "Skolan har inga lektioner den dagen" in office.get(DAY).content.decode()


def test_who_leads_two_schools_chooses(cast: Any, office: Any, unit: SchoolUnit) -> None:
    other = cast.group("8A").school_unit
    Duty.objects.create(person=cast.pekka, school_unit=other, duty_role=DutyRole.ADMINISTRATOR, start_date=days.today())
    page = office.get(f"{DAY}{unit.pk}/").content.decode()
    assert f"{DAY}{other.pk}/" in page
    assert office.get(f"{DAY}{other.pk}/").status_code == 200


@pytest.mark.parametrize("pupils", [30, 300])
def test_eight_statements_for_any_number_of_pupils(
    cast: Any, office: Any, taken: Any, statements: Any, at: Any, unit: SchoolUnit, pupils: int
) -> None:
    group = cast.group("4A")
    extra = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=days.today()) for pupil in extra)
    unit.enrolments.bulk_create(
        unit.enrolments.model(pupil=pupil, school_unit=unit, school_type="GR", start_date=days.today()) for pupil in extra
    )
    at(8, 40)
    office.get(DAY)
    assert statements(lambda: office.get(DAY)) == 7 + OVERHEAD  # nobody to call
    taken("sami")
    assert statements(lambda: office.get(DAY)) == 8 + OVERHEAD
    taken("sami", "elsa")
    assert statements(lambda: office.get(DAY)) == 8 + OVERHEAD
    assert statements(lambda: office.get(f"{DAY}{unit.pk}/{days.today()}/", headers={"HX-Request": "true"})) == 6 + OVERHEAD
