from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import ReportedDay
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Group, GroupMembership, ProtectedAccess
from registry.reads import with_member_count
from tests.pages import visible


def page(browser: Any, cast: Any, key: str) -> Any:
    return browser.get(f"/elever/{cast.id(key)}/")


def test_each_role_sees_its_part(cast: Any, client_as: Callable[..., Any]) -> None:
    mentor = page(client_as("anna", Role.STAFF), cast, "sami").content.decode()
    assert "Amira Haddad" in mentor
    assert "070-174" in mentor
    guardian = page(client_as("amira", Role.GUARDIAN), cast, "sami").content.decode()
    assert "Jonas" not in guardian
    assert "070-174" not in guardian
    assert "4A, Granskolan" in guardian
    assert page(client_as("sami", Role.PUPIL), cast, "sami").status_code == 200


def test_every_reading_leaves_a_line_in_the_log(cast: Any, client_as: Callable[..., Any]) -> None:
    page(client_as("anna", Role.STAFF), cast, "sami")
    entry = Entry.objects.get(action="home.pupil_detail", subjects__contains=[cast.id("sami")])
    assert (entry.actor_id, entry.role, entry.level) == (cast.id("anna"), "staff", 2)


def test_who_has_no_relation_finds_nothing(cast: Any, client_as: Callable[..., Any]) -> None:
    for key, role in (
        ("karin", Role.GUARDIAN),
        ("elsa", Role.PUPIL),
        ("lars", Role.STAFF),
        ("hassan", Role.STAFF),
        ("birgitta", Role.STAFF),
    ):
        assert page(client_as(key, role), cast, "sami").status_code in {302, 404}
    assert page(client_as("anna", Role.STAFF), cast, "anna").status_code == 404
    assert not Entry.objects.filter(action="home.pupil_detail").exists()


def test_the_protected_pupil_is_nowhere_but_on_the_roll_call(cast: Any, client_as: Callable[..., Any]) -> None:
    group = f"/grupper/{cast.group('4A').pk}/"
    for key in ("anna", "ingrid", "pekka"):
        browser = client_as(key, Role.STAFF)
        assert page(browser, cast, "kim").status_code == 404
        for text in (browser.get(group), browser.get("/grupper/"), browser.send("/personer/", {"text": "Kim Ek"})):
            assert "Kim Ek</a>" not in text.content.decode()
            assert "Hemlig" not in text.content.decode()
    counted = with_member_count(Group.objects.filter(name="4A")).get().member_count
    assert counted == GroupMembership.objects.filter(group__name="4A").count() - 1
    assert "Kim" not in visible(client_as("petra", Role.GUARDIAN).get("/start/"))
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.petra, granted_by=cast.ingrid, reason="beslut")
    assert "Kim Ek" in client_as("petra", Role.GUARDIAN).get("/start/").content.decode()


@pytest.mark.parametrize("who", ["sami", "elsa"])
def test_the_page_takes_a_constant_number_of_statements(cast: Any, teacher: Any, statements: Any, who: str) -> None:
    teacher.get("/om-dexter/")
    assert statements(lambda: page(teacher, cast, who)) <= 18


def test_what_was_reported_long_ago_is_in_the_list_of_reports_alone(cast: Any, guardian: Any) -> None:
    guardian.send("/franvaro/anmal/", {"pupils": [cast.id("noor")], "first": days.today() + timedelta(1), "submission": uuid.uuid4()})
    row, path = ReportedDay.objects.get(pupil=cast.id("noor"), day__gt=days.today()), f"/elever/{cast.id('noor')}/"
    assert "Inget är anmält" not in guardian.get(path).content.decode()
    past = timedelta(days=40)
    ReportedDay.objects.filter(pupil=cast.id("noor")).exclude(pk=row.pk).delete()
    ReportedDay.objects.filter(pk=row.pk).update(day=row.day - past, starts_at=row.starts_at - past, ends_at=row.ends_at - past)
    assert "Inget är anmält" in guardian.get(path).content.decode()
    assert "Noor Haddad" in guardian.get("/franvaro/").content.decode().split("Tidigare")[-1]
